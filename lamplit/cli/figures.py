"""`lamplit figures`: what the law and the landlord's policy say on a day, who says so, and what ends soon."""

import argparse
from datetime import date

from lamplit.basics.clock import now
from lamplit.basics.dated import Dated
from lamplit.basics.working_days import london_date
from lamplit.cli import start
from lamplit.cli.say import WrongUse, say


def show(asked: argparse.Namespace) -> int:
    """Print every figure that holds on a day, or those whose names begin with some letters."""
    start.set_up_django()
    from lamplit.config import own_figures, place

    try:
        on = date.fromisoformat(asked.on) if asked.on else london_date(now())
    except ValueError as error:
        raise WrongUse(f"{asked.on} is no day. Write it like 2027-04-05.") from error
    lines = [line for line in own_figures.entries() if line.name.startswith(asked.name or "")]
    if not lines:
        raise WrongUse(f"No figure's name begins with {asked.name}.")
    file = ""
    for line in lines:
        if not (line.entry.effective_from <= on and (line.entry.effective_to is None or on <= line.entry.effective_to)):
            continue
        if line.file != file:
            file = line.file
            say(f"\n{file}")
        say(f"  {line.name} = {_value(line.entry)}{'  (your own)' if line.own else ''}")
        say(f"      {_days(line.entry)}; {line.entry.citation}")
    say(f"\nYour own stand in {place.figures()}. See docs/figures.md.")
    for line in own_figures.ending(on):
        say(f"Enter what comes next: {line.file}: {line.name} ends on {line.entry.effective_to:%d/%m/%Y}.")
    return 0


def _value(entry: Dated) -> str:
    return ", ".join(entry.value) if isinstance(entry.value, tuple) else str(entry.value)


def _days(entry: Dated) -> str:
    return f"from {entry.effective_from:%d/%m/%Y}" + (f" to {entry.effective_to:%d/%m/%Y}" if entry.effective_to else "")
