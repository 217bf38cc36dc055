"""`lamplit seed`: a made-up landlord for trying things out, measuring and the demo."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING

import msgspec

from lamplit.basics.clock import LONDON, now
from lamplit.cli import start
from lamplit.cli.say import Failed, WrongUse, progress, say
from lamplit.config import place

if TYPE_CHECKING:
    from lamplit.cli.seed.write import Landlord


def run(asked: argparse.Namespace) -> int:
    """Seed, or go on seeding where it was stopped."""
    if asked.homes < 1 or asked.years < 0:
        raise WrongUse("Give at least one home, and no fewer than 0 years.")
    start.open_installation()
    begun = time.monotonic()
    facts = seed(asked.homes, asked.years, asked.seed, _moment(asked.today), asked.processes)
    seconds = time.monotonic() - begun
    say(f"Wrote {facts:,} facts of {asked.homes:,} homes in {seconds:.1f} s: {facts / max(seconds, 0.001):,.0f} a second.")
    return 0


def _moment(today: str | None) -> datetime:
    if today is None:
        return now().replace(microsecond=0)
    try:
        return datetime.combine(date.fromisoformat(today), clock_time(10, 30), LONDON).astimezone(UTC)
    except ValueError as error:
        raise WrongUse(f"{today} is no day. Write it like 2026-11-23.") from error


def seed(homes: int, years: int, number: int, moment: datetime, processes: int) -> int:
    """Write the landlord. Stopped before, it goes on as the one that was begun. Returns how many facts were written now."""
    from lamplit.cli.seed.write import write

    landlord = begun(homes, years, number, moment)
    facts = 0
    with progress() as step:
        for done, of, count in write(landlord, processes):
            facts += count
            step("Writing homes", landlord.homes * done // of, landlord.homes)
    return facts


def landlord_here() -> Landlord:
    """Return the made-up landlord of this installation. Failed when there is none."""
    from lamplit.cli.seed.write import Landlord

    file = place.home() / "seed.json"
    if not file.exists():
        raise Failed("There is no made-up landlord here. Run `lamplit seed`.")
    return msgspec.json.decode(file.read_bytes(), type=Landlord)


def begun(homes: int, years: int, number: int, moment: datetime) -> Landlord:
    """Return the landlord that was begun here, so that its present stays the same; note it when it is the first."""
    from lamplit.cli.seed.write import Landlord

    file, begins = place.home() / "seed.json", moment - timedelta(days=365 * years + 1)
    wanted = Landlord(homes, years, number, moment, begins.replace(hour=6, minute=0, second=0))
    if not file.exists():
        file.write_bytes(msgspec.json.encode(wanted))
        return wanted
    there = msgspec.json.decode(file.read_bytes(), type=type(wanted))
    if (there.homes, there.years, there.seed) != (wanted.homes, wanted.years, wanted.seed):
        raise Failed(
            f"Another made-up landlord is here: {there.homes:,} homes, {there.years} years, seed {there.seed}."
            " Go on with that one, or use another LAMPLIT_HOME."
        )
    return there
