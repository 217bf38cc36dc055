"""`lamplit doctor`: looks at everything that an installation needs and says each in one plain line."""

import argparse
import os

from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.doctor import database, findings, following, machine, record
from lamplit.cli.installation.services import installed
from lamplit.cli.say import Failed, say, say_json, warn
from lamplit.config import place

CHECKS = (*machine.CHECKS, *database.CHECKS, *record.CHECKS)
MARKS = {"ok": "ok   ", "look": "look ", "wrong": "WRONG"}


def doctor(asked: argparse.Namespace) -> int:
    """Look, and say it. Exit 1 when anything is wrong; what only wants a look does not count."""
    return look(as_json=asked.json)


def look(*, as_json: bool = False, quiet: bool = False) -> int:
    """Run every check. `quiet`: only what is not ok."""
    if installed() and os.geteuid() != 0:
        raise Failed("It looks at what root alone may see: sudo lamplit doctor.")
    if place.embedded() and not place.cluster().running():
        warn("The database does not run. `lamplit demo` starts it.")
    start.set_up_django()
    found = findings.examine((*CHECKS, *(following.CHECKS if place.standby() else ())), now())
    bad = [one for one in found if one.state == "wrong"]
    if as_json:
        say_json({"well": not bad, "findings": found})
        return 1 if bad else 0
    for one in found:
        if one.state != "ok" or not quiet:
            say(f"{MARKS[one.state]}  {one.check}: {one.words}{f' {one.todo}' if one.todo else ''}")
    to_look = sum(one.state == "look" for one in found)
    say(f"{len(found) - len(bad) - to_look} ok, {to_look} to look at, {len(bad)} wrong.")
    return 1 if bad else 0
