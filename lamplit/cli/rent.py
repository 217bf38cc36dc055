"""`lamplit rent`: charge what was released, look at every account, and check the books."""

import argparse

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.cli import start
from lamplit.cli.say import progress, say


def charge(asked: argparse.Namespace) -> int:
    """Charge every account of the runs that two people released. Cut off, it is run again and goes on."""
    start.open_installation()
    from lamplit.reactions import rent
    from lamplit.rent import queries

    with progress() as step:
        for run in queries.unfinished():
            count = rent.charge(run.id, now(), lambda done, of: step("Charging accounts", done, of), asked.processes)
            say(f"Charged {count:,} accounts for the period from {run.from_on:%d/%m/%Y}.")
    return 0


def look(_: argparse.Namespace) -> int:
    """Note where each account stands, and make some again from the record's entries. Once a night: again, it does nothing."""
    start.open_installation()
    from lamplit.config import place
    from lamplit.config.wiring import wiring
    from lamplit.reactions import chasing, sampling
    from lamplit.record.encode import Codec

    with psycopg.connect(place.conninfo("reader"), autocommit=True) as reader:
        found = chasing.look_tonight(sampling.Record(reader, Codec(place.origin()), wiring()), now())
    say(f"{found:,} accounts stand otherwise than the night before.")
    return 0


def check(asked: argparse.Namespace) -> int:
    """Check the books and the serials of payment files, and note what is wrong with the books: then nothing automatic goes out.

    1 when something is wrong, or a file is missing.
    """
    start.open_installation()
    from lamplit.reactions import rent
    from lamplit.rent import queries

    rent.note_books(now(), whole=asked.whole)
    wrong = queries.wrong_now()
    for sentence in wrong:
        say(sentence)
    missing = queries.files_missing(london_date(now()))
    for file in missing:
        say(f"A payment file of {file.label} is missing. Expected: {file.expected}.")
    say("The books do not balance." if wrong else "The books balance.")
    return int(bool(wrong or missing))
