"""`lamplit import bank|allpay|paypoint|hb|uc`: files of money, taken in whole, matched and put in the books."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamplit.basics.clock import now
from lamplit.basics.words import plural, pounds
from lamplit.cli.making import user
from lamplit.cli.say import WrongUse, progress, say, warn

if TYPE_CHECKING:
    from lamplit.exchange.bank.mapping import Layout
    from lamplit.exchange.money import Done

SHOWN = 100
TROUBLE = {
    "serial_missing": "A file is missing before this one: its serial is {serial}, and {expected} should come next. Ask for it.",
    "serial_repeated": "Its serial ({serial}) or every line was there before, in another file. All of it waits in suspense.",
    "balance_gap": "The last statement closed at {expected}, and this one opens with another balance. A statement is missing.",
}


def run(path: Path, asked: argparse.Namespace) -> int:
    """Take a file in, or say what would become of it. 0 when nothing is wrong, 1 when a person must look at the file."""
    from lamplit.exchange.bank.mapping import LayoutWrong, read_layout
    from lamplit.exchange.money import Order, take_in

    try:
        layout = read_layout(Path(asked.layout).read_text(encoding="utf-8")) if asked.layout else None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{asked.layout} cannot be read.") from error
    except LayoutWrong as error:
        raise WrongUse(f"{asked.layout}: {error}") from error
    order = Order(
        source=asked.kind, user=user(), layout=layout, label=asked.label or "", rehearse=asked.dry_run, processes=asked.processes
    )
    with progress() as step:
        outcome = take_in(path, order, now(), lambda done, of: step("Putting lines in the books", done, of))
    if outcome.problems:
        for problem in outcome.problems[:SHOWN]:
            say(str(problem)[0].upper() + str(problem)[1:])
        say("Nothing of this file was taken in. Put it right, or ask whoever sent it.")
        return 1
    if layout is not None and asked.dry_run:
        _show(path, layout)
    for done in outcome.done:
        _say(done, rehearsed=asked.dry_run)
    return int(any(done.trouble is not None for done in outcome.done))


def _show(path: Path, layout: "Layout") -> None:
    """Show the first lines as a description of our own reads them: two columns that changed places are seen here alone."""
    from lamplit.exchange.bank.mapped import preview

    shown = preview(path.read_bytes(), layout, path.name)
    say(f"Its first lines, as {layout.layout} reads them:")
    for one in shown.first:
        days = [getattr(one, name, None) for name in ("on", "from_on", "to_on")]
        names = [getattr(one, name, None) for name in ("reference", "claim", "payer", "name")]
        read = [pounds(one.pence), *(f"{day:%d/%m/%Y}" for day in days if day is not None), *(name for name in names if name)]
        say(f"  line {one.line}: {', '.join(read)}")


def _say(done: "Done", *, rehearsed: bool) -> None:
    new, would = done.new, "would be " if rehearsed else ""
    named = f"{new.label}, serial {new.serial}" if new.serial else new.label
    if done.over:
        say(f"{named}: all of it is in the books already. Nothing was changed.")
        return
    say(f"{named}: {plural(new.lines, 'line')}, {pounds(new.credit_pence)} in, {pounds(new.debit_pence)} out.")
    say(f"  {done.posted:,} {would}on accounts, {pounds(done.posted_pence)}.")
    say(f"  {done.waiting:,} {would}in suspense, {pounds(done.waiting_pence)}.")
    if new.settled_pence:
        say(f"  {pounds(new.settled_pence)} {would}set against what others collected for us.")
    if done.trouble is not None:
        warn(TROUBLE[done.trouble.what].format(serial=new.serial, expected=done.trouble.expected))
