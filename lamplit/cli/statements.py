"""`lamplit rent statements`: the quarterly statement of each tenant, as PDFs in a folder for the print house.

Pre-Action Protocol for Possession Claims by Social Landlords, 2.3: at least quarterly, rent due and sums received of the past
thirteen weeks. Each named tenant gets her own. Cut off, it is run again and goes on: a file is there whole or not at all.
Writing is not sending: once the print house has taken them, `--sent` notes which went.
"""

import argparse
import csv
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli import statement_batches as batches
from lamplit.cli.say import progress, say
from lamplit.cli.statement_batches import LIST, Asked, Batch, file_name, is_whole

WEEKS = timedelta(weeks=13)
_HEAD = ("file", "payment number", "print")


class Part(NamedTuple):
    """What became of some accounts: statements written now, there before, who a person has to see to, lines of the list."""

    written: int
    there: int
    left_out: list[str]
    listed: list[tuple[str, str, str]]


class Made(NamedTuple):
    """What became of a run."""

    written: int
    there: int
    left_out: list[str]


def statements(asked: argparse.Namespace) -> int:
    """Write the statements of a quarter, or of the last thirteen weeks; or note that those of a quarter went."""
    start.open_installation()
    from lamplit.basics.working_days import london_date
    from lamplit.cli import statements_went
    from lamplit.rent import queries

    folder, at = Path(asked.folder), now()
    today = london_date(at)
    if asked.sent is not None:
        return statements_went.note(folder, asked, at)
    which = Asked(today - WEEKS, today, today)
    if asked.quarter:
        of = queries.quarter(asked.quarter, today)
        which = Asked(of.since, of.until, today)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with progress() as step:
        made = make_all(folder, which, step, asked.processes)
    say(f"{made.written:,} statements written, {made.there:,} there already. {folder} holds them, and {LIST}.")
    if made.left_out:
        say(f"{len(made.left_out):,} tenants get none by post: a person has to see how it reaches them safely.")
        for person in made.left_out[:20]:
            say(f"  {person}")
    return 0


def make_all(folder: Path, which: Asked, step: Any, processes: int = 1) -> Made:
    """Write each statement that is not there, part by part, and the list as it goes."""
    from lamplit.rent import queries

    accounts = queries.account_ids()
    parts = [accounts[first : first + batches.AT_ONCE] for first in range(0, len(accounts), batches.AT_ONCE)]
    written, there, left_out = 0, 0, list[str]()
    with _new_list(folder / LIST) as lines:
        for number, part in enumerate(_each(folder, parts, which, processes), 1):
            lines.writerows(part.listed)
            written, there, left_out = written + part.written, there + part.there, left_out + part.left_out
            step("Writing statements", min(number * batches.AT_ONCE, len(accounts)), len(accounts))
    return Made(written, there, left_out)


def _each(folder: Path, parts: list[list[str]], which: Asked, processes: int) -> Iterator[Part]:
    folders = [folder / f"{number:04}" for number in range(len(parts))]
    if processes == 1 or len(parts) < processes:
        yield from map(make_part, folders, parts, repeat(which))
        return
    from django.db import connections

    from lamplit.record.process import begin_worker

    connections.close_all()  # each process opens its own
    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=begin_worker) as pool:
        yield from pool.map(make_part, folders, parts, repeat(which))


def make_part(folder: Path, accounts: list[str], which: Asked) -> Part:
    """Write the statements of some accounts into a folder of their own."""
    written, there, left_out, listed = 0, 0, list[str](), list[tuple[str, str, str]]()
    batch = Batch(accounts, which)
    for account, person in batch.tenants():
        file = folder / file_name(account, person)
        if batch.known[person].restricted or account in batch.stopped:
            left_out.append(person)
            continue
        listed.append((f"{folder.name}/{file.name}", batch.reference(account), "large" if batch.is_large(person) else "usual"))
        if is_whole(file):
            there += 1
        else:
            _write(file, batch.values(account, person))
            written += 1
    return Part(written, there, left_out, listed)


def _write(file: Path, values: dict[str, Any]) -> None:
    from lamplit.config import papers

    file.parent.mkdir(mode=0o700, exist_ok=True)
    half = file.with_suffix(".part")
    with os.fdopen(_ours(half), "wb") as out:
        out.write(papers.make("statement", values))
    half.rename(file)


@contextmanager
def _new_list(file: Path) -> Iterator[Any]:
    """Write the list beside the old one, which it takes the place of when it is whole."""
    half = file.with_suffix(".part")
    with os.fdopen(_ours(half), "w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(_HEAD)
        yield lines
    half.rename(file)


def _ours(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
