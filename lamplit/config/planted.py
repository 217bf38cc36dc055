"""The key of planted records, which stands in no database; and the ring when somebody is shown one."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, job
from lamplit.config import place
from lamplit.record import apart

NAME = "planted"  # in the folder of keys
BY = job("planted")


def key() -> bytes | None:
    """Return the key, or None where this service is not given it. In a folder of our own it is made when it is missing."""
    path = place.key_folder() / NAME
    if "LAMPLIT_KEYS" not in os.environ:
        make(path)
    return bytes.fromhex(path.read_text().strip()) if path.exists() else None


def make(path: Path) -> None:
    """Make the key so that it is on the disk before anything is sealed under it. One that is there stays."""
    if path.exists():
        return
    part = path.with_name(f".{NAME}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(apart.KEY_BYTES))
        file.flush()
        os.fsync(handle)
    with suppress(FileExistsError):  # another process was first
        os.link(part, path)
    part.unlink()


def ring(by: By, seen: Iterable[tuple[str, str, str | None]], at: datetime) -> None:
    """Note that somebody was shown a planted record, if she was. Of one reader and record that rings once an hour."""
    from lamplit.people import actions, queries  # noqa: PLC0415 - this module gives the key before there are models

    first: dict[str, tuple[str, str | None]] = {}
    for person, via, about in seen:
        first.setdefault(person, (via, about))
    for person, planted in queries.watched_among(first).items():
        via, about = first[person]
        # The command stands in clear beside the fact, so it names neither the reader nor the record.
        command = f"job:planted:{apart.mark(f'{by} {planted} {at:%Y%m%d%H}')[:32]}"
        try:
            actions.note_planted_opened(
                planted=planted, reader=str(by), via=via, about=about, salt=queries.salt_of(command), by=BY, at=at,
                command=command,
            )  # fmt: skip
        except Refused as refused:
            if not refused.done_before:  # rung in this hour, by another page
                raise
