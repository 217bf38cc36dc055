"""`lamplit rehearse`: coming back, tried every night against the real store, quietly; and written down.

Every quarter the custodians try it on a clean machine with their own key; what that restore said of itself is written down here.
"""

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import start, tables
from lamplit.cli.making import user
from lamplit.cli.say import Failed, WrongUse, progress, say, say_json, warn
from lamplit.cli.two import one_person
from lamplit.config import place

QUIET = 15  # how much less than others we ask of the processor


class Restored(msgspec.Struct, frozen=True):
    """What a restore on a clean machine said of itself, as far as it is looked at here."""

    size: int
    root: str
    seconds: float
    rows: dict[str, int]
    withheld: list[str]
    lost: int
    wrong: list[str]


def rehearse(asked: argparse.Namespace) -> int:
    """Rehearse now, or write down what the custodians did."""
    if bool(asked.report) != bool(asked.by):
        raise WrongUse("--report and --by go together: what the restore said, and whose key it was.")
    start.open_installation()
    told = _custodians(Path(asked.report), asked.by) if asked.report else _nightly(asked.processes)
    if asked.json:
        say_json(told)
    else:
        _tell(told)
    return 0 if told["holds"] else 1


def rehearse_quietly() -> bool:
    """Rehearse for the nightly check. Returns whether all was as the record says."""
    from lamplit.record.rebuild import RebuildFailed

    try:
        told = _nightly(1)
    except (RebuildFailed, OSError, psycopg.Error, Failed) as error:
        warn(f"Coming back could not be rehearsed: {str(error).splitlines()[0]}")
        return False
    _tell(told)
    return bool(told["holds"])


def _nightly(processes: int) -> dict[str, Any]:
    """Make every table again in a schema of its own, compare, drop it, and write down what came of it."""
    from lamplit.record import audit

    os.nice(max(0, QUIET - os.nice(0)))
    source, owner = tables.source_here(), place.conninfo("owner")
    with progress() as step:
        found = audit.audit(source, owner, "folded", tables.table_maker(owner), processes=processes, progress=step)
    for line in [*(one.words() for one in found.rows), *found.catalogue]:
        warn(line)
    differing = len(found.rows) + len(found.catalogue) + sum(found.compared.beyond.values())
    return _write(
        how="nightly", holds=found.holds, size=found.rebuilt.size, seconds=_whole(sum(found.rebuilt.seconds.values())),
        rows=found.compared.rows, differences=differing,
    )  # fmt: skip


def _custodians(report: Path, by: str) -> dict[str, Any]:
    """Write down a restore on a clean machine: it must have come to the root that our own entries have."""
    from lamplit.record.publish import root_of_entries

    who = one_person(by)
    try:
        said = msgspec.json.decode(report.read_bytes(), type=Restored)
    except OSError as error:
        raise WrongUse(f"{report} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise WrongUse(f"{report} is not what `lamplit restore --json` says: {error}.") from error
    with start.connect("owner") as db:
        if said.size < 1 or root_of_entries(db, said.size).hex() != said.root:
            raise Failed("What was restored there is not this record. Nothing was written down. Find out which store it was.")
    faults = len(said.withheld) + said.lost + len(said.wrong)
    return _write(
        how="custodians", holds=not faults, size=said.size, seconds=_whole(said.seconds), rows=sum(said.rows.values()),
        differences=faults, who=who,
    )  # fmt: skip


def _whole(seconds: float) -> int:
    return max(1, round(seconds))


def _write(**what: Any) -> dict[str, Any]:
    from lamplit.incidents.actions import record_rehearsal

    record_rehearsal(**what, by=cli(user()), at=now(), command=f"cli:rehearsal:{secrets.token_hex(8)}")
    return what


def _tell(told: dict[str, Any]) -> None:
    holds = "all as the record says" if told["holds"] else f"{told['differences']:,} things are not as the record says"
    say(f"Rehearsed: {told['size']:,} entries gave {told['rows']:,} rows in {told['seconds']:,} s; {holds}.")
