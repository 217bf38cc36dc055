"""`lamplit staff link` and `lamplit staff links`: ways in for staff when nobody else can give them one."""

import argparse
import importlib
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.basics.words import full_moment
from lamplit.cli import making, start
from lamplit.cli.install.inside import address_of_link, new_link
from lamplit.cli.say import Failed, say
from lamplit.cli.two import two_people

LETTERS_LAST = timedelta(hours=72)  # a letter is carried by hand, also to whoever works on Monday


def link(asked: argparse.Namespace) -> int:
    """Print a new one-time link."""
    say(new_link(asked.email))
    return 0


def links(asked: argparse.Namespace) -> int:
    """End every way in, and write a letter with a one-time link for everybody on the staff list."""
    two, into = two_people(asked.by), Path(asked.into)
    if into.exists() and any(into.iterdir()):
        raise Failed(f"{into} is not empty. Old letters and new ones must not lie together.")
    start.open_installation()
    from lamplit.staff import actions, queries

    accounts = importlib.import_module("lamplit.desk.accounts")  # a door beside this one: by its name only
    people, at = [row for row in queries.everyone() if not row.shut], now()
    by = cli(making.user())
    actions.release_links(
        staff=[row.id for row in people], first=two.first, second=two.second, by=by, at=at,
        command=f"cli:links:{secrets.token_hex(8)}",
    )  # fmt: skip
    accounts.end_every_way_in()
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for row in people:
        secret = accounts.make_link(row.id, made_by=str(by), at=at, lasts=LETTERS_LAST)
        _write(into, row, address_of_link(secret), at + LETTERS_LAST)
    say(f"Wrote {len(people):,} letters to {into}. {two.first} and {two.second} agreed; the record says so.")
    say("Every password, second step and session of staff has ended. Give each her letter yourself, then delete the folder.")
    return 0


def _write(into: Path, row: Any, address: str, until: Any) -> None:
    """Write one letter, for its owner's eyes."""
    name = str(row.name or row.id)
    file = into / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'letter'}-{row.id[-4:]}.txt"
    file.touch(mode=0o600)
    file.write_text(
        f"For {name}, by hand\n\n"
        "Your old password and codes no longer work. With this address you choose new ones.\n"
        f"Type it in yourself. It works once, until {full_moment(until)}.\n\n"
        f"    {address}\n\n"
        "If it says that it was used, and you did not use it, ring the person who gave you this letter at once.\n",
        encoding="utf-8",
    )
