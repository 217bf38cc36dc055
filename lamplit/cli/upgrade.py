"""`lamplit upgrade`: another release takes over. What it adds is added, tables that it folds differently are made again beside
the live ones, and if it does not work the release before goes on."""

import argparse
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from lamplit.cli import start, tables
from lamplit.cli.installation.services import CURRENT, Services, installed
from lamplit.cli.say import Failed, say, warn
from lamplit.config import place

SAME = "This release folds as the one before: the tables stay."


def upgrade(asked: argparse.Namespace) -> int:
    """Let this release, or the one named, take over."""
    if asked.release and Path(asked.release).resolve() != Path(sys.prefix).resolve():
        _hand_over(Path(asked.release), asked)
    if not (asked.database_only or installed()):
        raise Failed(
            "This is no installation with services. With --database-only the database alone is brought up to this release."
        )
    start.open_installation()
    with _alone():
        change = Change(asked.processes)
        change.prepare()
        if asked.database_only:
            change.take_over()
            change.settle()
        else:
            _with_services(change)
    say(f"This installation runs release {change.version}.")
    return 0


def _hand_over(release: Path, asked: argparse.Namespace) -> None:
    """Let the other release's own program do it: only that one knows how it folds."""
    program = release / "bin" / "lamplit"
    if not program.exists():
        raise Failed(f"{release} holds no release: {program} is missing. Run ./setup in the folder that you unpacked.")
    words = [str(program), "upgrade", "--processes", str(asked.processes), *(["--database-only"] if asked.database_only else [])]
    sys.stdout.flush()
    os.execv(program, words)  # noqa: S606 - it takes our place


@contextmanager
def _alone() -> Iterator[None]:
    with (place.home() / "upgrade.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed("An upgrade runs already.") from None
        yield


class Change:
    """What an upgrade does to the database, in steps that can each be undone."""

    def __init__(self, processes: int) -> None:
        from lamplit.config import release

        self.folds, self.version = release.folds(), release.version()
        with start.connect("owner") as db:
            self.before = release.remembered(db)
        self.standby = place.standby() is not None
        if self.standby and _has_taken_over():
            raise Failed("This standby serves in main's place. Upgrade it when main is back.")
        # A standby's own program makes its tables anew when it starts: they come from main's record, not from its own.
        self.refolds = not self.standby and (self.before is None or self.before[1] != self.folds)
        self._beside = tables.Beside(processes) if self.refolds else None
        self._swapped_at: int | None = None

    def prepare(self) -> None:
        """Add what this release adds, and make its tables beside the live ones. The release before goes on meanwhile."""
        from lamplit.config import setup

        setup.add_what_is_missing(place.database("owner"))
        if self._beside is None:
            say("Its tables are made anew when it starts, if it must be." if self.standby else SAME)
            return
        from lamplit.record.rebuild import RebuildFailed

        try:
            done = self._beside.build()
        except RebuildFailed as error:
            self._beside.drop()
            raise Failed(f"This release cannot make its tables: {str(error).splitlines()[0]} Nothing was changed.") from error
        say(f"Made {sum(done.rows.values()):,} rows of {len(done.rows)} tables beside the live ones, from {done.size:,} entries.")

    def take_over(self) -> None:
        """Let the new tables take the place of the live ones, which stay aside."""
        from lamplit.config import release

        if self._beside is not None:
            followed = self._beside.take_over()
            say(f"They took over; {followed:,} entries that came meanwhile followed.")
        with start.connect("owner") as db:
            if not self.standby:
                release.remember(db, folds=self.folds, version=self.version)
            self._swapped_at = _position(db)

    def settle(self) -> None:
        """Drop what was kept for going back."""
        from lamplit.record import swap

        with start.connect("owner") as db:
            swap.drop_before(db, "folded")

    def undo(self, old_program: Path | None) -> None:
        """Go back to the tables of the release before. Where something was written since, that release makes its own again."""
        from lamplit.config import release
        from lamplit.record import swap

        if self._swapped_at is None:
            return
        with start.connect("owner") as db:
            unwritten = _position(db) == self._swapped_at
            if self._beside is not None and unwritten:
                swap.put_back(db, "folded")
            if self.before is not None:
                release.remember(db, folds=self.before[1], version=self.before[0])
        if self._beside is not None and not unwritten:
            if old_program is None:
                raise Failed("Something was written since. Run `lamplit rebuild --swap` of the release before.")
            subprocess.run([old_program, "rebuild", "--swap"], check=True)
            self.settle()


def _has_taken_over() -> bool:
    from lamplit.continuity import takeover

    with start.connect("owner") as db:
        taken = takeover.takeover(db)
    return taken is not None and taken.declared


def _position(db: psycopg.Connection[Any]) -> int:
    """Return how far the record reaches: sealed, and waiting."""
    row = db.execute("SELECT (SELECT size FROM record.checkpoint), (SELECT count(*) FROM record.intake)").fetchone()
    assert row is not None  # noqa: S101 - it has no FROM
    return int(row[0]) + int(row[1])


def _with_services(change: Change) -> None:
    """Stop, swap, start and look; go back to the release before when it does not work."""
    services, ours, old = Services(), Path(sys.prefix).resolve(), CURRENT.resolve()
    begun = time.monotonic()
    services.stop()
    try:
        change.take_over()
        _write_files()
        services.point_at(ours)
        services.start()
    except BaseException as error:
        warn(f"It does not work: {error}. The release before goes on.")
        _go_back(services, change, old)
        raise Failed(f"Nothing was upgraded. {old} runs again.") from error
    services.open_doors()
    say(f"The pages were away for {time.monotonic() - begun:.0f} s.")
    change.settle()


def _go_back(services: Services, change: Change, old: Path) -> None:
    services.stop()
    change.undo(old / "bin" / "lamplit")
    services.point_at(old)
    subprocess.run([old / "bin" / "lamplit", "install", "--write-files"], check=False)
    services.start()
    services.open_doors()


def _write_files() -> None:
    """Write services and settings as this release has them."""
    from lamplit.cli.install.command import write_files

    write_files()
