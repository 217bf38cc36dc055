"""Bank details on their way into a file: opened with the finance key in processes of their own while other work goes on."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from lamplit.cli.say import Failed, WrongUse
from lamplit.record.process import spreading

Opened = Callable[[Iterable[str]], Mapping[str, Any]]
MANY = 2_000  # sealed bank details from which on it pays to open them in two processes
_TOGETHER = 2_000


@contextmanager
def opening(ahead: Collection[str], key: Path) -> Iterator[Opened]:
    """Begin to open the bank details of these ids. Yields what waits for them and returns those that are wanted, by id.

    Failed: some that are wanted are erased or not here. WrongUse: this key does not open them.
    """
    count = min(os.cpu_count() or 1, 4)
    if len(ahead) < MANY or count == 1:
        yield lambda wanted: _found(wanted, [_open_some(sorted(set(wanted)), key)])
        return
    from django.db import connections

    connections.close_all()  # each process is a fork, and opens its own
    ids = sorted(set(ahead))
    jobs = [(ids[start : start + _TOGETHER], key) for start in range(0, len(ids), _TOGETHER)]
    with spreading(_open_some, jobs, count) as answers:
        yield lambda wanted: _found(wanted, [*answers, _open_some(sorted(set(wanted) - set(ids)), key)])


def open_sealed(rows: Iterable[tuple[str, bytes]], key: Path) -> dict[str, Any]:
    """Open sealed bank details. OSError, ValueError in plain words."""
    from lamplit.config import bank_details

    opener = bank_details.opener(key)
    return {ident: bank_details.opened(data, opener) for ident, data in rows}


def _open_some(ids: Sequence[str], key: Path) -> bytes | str:
    """Return details by their ids as msgpack, which costs a tenth of pickling them, or why they cannot be opened.

    What is erased or not here is left out.
    """
    from lamplit.record.blobs import read_sealed_many
    from lamplit.rent import queries

    names = queries.blobs(ids)
    kept = read_sealed_many({blob: queries.blob_of_details(ident) for ident, blob in names.items()})
    try:
        rows = ((ident, data) for ident, blob in names.items() if isinstance(data := kept[blob], bytes))
        return msgspec.msgpack.encode(open_sealed(rows, key))
    except OSError as error:
        return f"{key} cannot be read. {error.strerror}."
    except ValueError as error:
        return str(error)


def _found(wanted: Iterable[str], parts: Iterable[bytes | str]) -> Mapping[str, Any]:
    from lamplit.config.bank_details import Details

    found: dict[str, Details] = {}
    for part in parts:
        if isinstance(part, str):
            raise WrongUse(part)
        found.update(msgspec.msgpack.decode(part, type=dict[str, Details]))
    lost = sorted(set(wanted) - found.keys())
    if lost:
        raise Failed(f"Bank details of {len(lost):,} are erased or not here, so no file was written. The first is {lost[0]}.")
    return found
