"""`lamplit standby declare` and what goes with it: people with printed codes let this standby take over."""

import argparse
import getpass
import os
import sys
import time
from datetime import datetime

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_moment
from lamplit.cli import running, start
from lamplit.cli.say import Failed, WrongUse, progress, say, warn
from lamplit.cli.standby import _begin
from lamplit.config import place
from lamplit.continuity import heir, takeover
from lamplit.record.loop import Stop

CODE = "LAMPLIT_CODE"  # the environment may give a code, for a program that declares


def _code() -> str:
    """Return the code that somebody types; it stands on no command line, where others of the machine would see it."""
    if given := os.environ.get(CODE):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Your printed code: ")


def declarer(asked: argparse.Namespace) -> int:
    """Name one more person who may declare, by the code of one who may already. Prints her code once."""
    _begin()
    identity = heir.open_with(place.declarers(), asked.by, _code())
    if identity is None:
        raise Failed("The name or the code is not right. Nothing was changed.")
    try:
        code = heir.name_declarer(place.declarers(), asked.name, identity)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    say(f"The code of {asked.name}, shown only now. Print it, and keep it where no computer is:")
    say(code)
    return 0


def declare(asked: argparse.Namespace) -> int:
    """Ask to take over, or agree, or unlock again after a power cut."""
    _begin()
    from lamplit.config import refusals, standing_by

    code, begun = _code(), time.monotonic()
    try:
        with progress() as step, start.connect("app") as db:
            db.autocommit = True
            done = standing_by.ask_or_agree(db, asked.name, code, asked.why, drill=asked.drill, at=now(), step=step)
    except Refused as refused:
        raise Failed(refusals.staff_words(refused)) from refused
    if not done.declared:
        say(f"You asked for it. A second person must agree; alone you can do it from {done.alone_from:%H:%M} UTC on.")
        return 0
    say(f"This standby has taken over with {done.size:,} entries of main, in {time.monotonic() - begun:.1f} s.")
    if done.drill:
        say("This is a drill. Nothing is sent from here, no key is changed, and main goes on.")
    else:
        _say_what_is_next(done.asked_at)
    if done.alone:
        warn("One person declared it. A second one must confirm it: the same command, with her name and code.")
    return 0


def _say_what_is_next(at: datetime) -> None:
    """Say which keys are changed now, and by when, and that people are told: the incident at the desk has both."""
    from lamplit.incidents import queries as incidents

    say("Whoever broke into main may hold these keys. Change them now; how to is at the desk, under Incident:")
    for clock in incidents.keys_to_change(at):
        assert clock.due_at is not None, clock  # noqa: S101 - each has hours
        say(f"  by {full_moment(clock.due_at)}: {clock.duty}")
    say("The first message to every household is prepared there too: when two people agree to it, it goes out.")


def take_back(asked: argparse.Namespace) -> int:
    """Forget what was asked for."""
    _begin()
    from lamplit.config import refusals

    try:
        with start.connect("app") as db:
            takeover.take_back(db)
    except Refused as refused:
        raise Failed(refusals.staff_words(refused)) from refused
    say("It is forgotten. Nothing was changed.")
    return 0


def work(asked: argparse.Namespace) -> int:
    """Wait until this standby has taken over for real, then do what main's worker did."""
    _begin()
    stop = Stop().on_signals()
    while not stop.asked:
        with start.connect("app") as db:
            taken = takeover.takeover(db)
        if taken is not None and taken.declared and not taken.drill:
            asked.once = False
            return running.work(asked)
        stop.wait(1.0)
    return 0
