"""`lamplit import`: homes, people, tenancies, accounts and repairs from the files of an old system; and files of money."""

import argparse
import re
from pathlib import Path

from lamplit.basics.words import pounds
from lamplit.cli import importing_money, start
from lamplit.cli.making import user
from lamplit.cli.say import Failed, WrongUse, progress, say, warn

MONEY = ("bank", "allpay", "paypoint", "hb", "uc")
_NAMED = 20  # lines that are named by their numbers
SHOWN = 100  # refused rows that are listed; all of them stand in the file beside


def run(asked: argparse.Namespace) -> int:
    """Bring a file over, or say what would become of it. 0 when every row is fine, 1 when some are refused."""
    path = Path(asked.file)
    if not path.is_file():
        raise WrongUse(f"There is no file {path}.")
    if asked.system and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,19}", asked.system):
        raise WrongUse("A system's name has up to 20 small letters, digits and dashes.")
    if asked.processes < 1:
        raise WrongUse("Give at least one process.")
    start.open_installation()
    if asked.kind in MONEY:
        return importing_money.run(path, asked)
    from lamplit.exchange.bringing import Order, bring_file, refused_file
    from lamplit.exchange.kinds import KINDS
    from lamplit.exchange.reading import NoCsv

    order = Order(
        kind=asked.kind,
        user=user(),
        rehearse=asked.dry_run,
        system=asked.system or "",
        encoding=asked.encoding,
        processes=asked.processes,
    )
    try:
        with progress() as step:
            outcome = bring_file(
                path, order, lambda done, of: step("Checking rows" if asked.dry_run else "Bringing over", done, of)
            )
    except NoCsv as no:
        raise WrongUse(f"{path}: {no}") from no
    if outcome.unknown:
        warn(f"Columns that are not read: {', '.join(outcome.unknown)}.")
    if outcome.doubted:
        warn(f"{_lines(outcome.doubted)}: {KINDS[asked.kind].doubt}")
    shown = outcome.problems if asked.dry_run else outcome.problems[:SHOWN]
    for problem in shown:
        say(str(problem)[0].upper() + str(problem)[1:])
    if len(outcome.problems) > len(shown):
        say(f"And {len(outcome.problems) - len(shown):,} more.")
    would = "would be " if asked.dry_run else ""
    say(
        f"{outcome.read:,} rows read: {outcome.written:,} {would}written, {outcome.changed:,} {would}put right,"
        f" {outcome.there:,} there already, {outcome.refused:,} refused."
    )
    if outcome.sums:
        taken, refused = outcome.totals
        say(
            f"Balances and costs: {pounds(taken)} {would}in the books, {pounds(refused)} refused."
            " Hold both against the old system."
        )
    if not outcome.adds_up:
        raise Failed("These figures do not add up. Nothing is lost, but tell us: this must not be.")
    if outcome.problems and not asked.dry_run:
        say(f"The refused rows are in {refused_file(path)}, each with its reason. Mend them there and import that file.")
    return int(bool(outcome.problems))


def _lines(numbers: list[int]) -> str:
    """Name the first lines of many."""
    more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
    return f"{'Line' if len(numbers) == 1 else 'Lines'} {', '.join(map(str, numbers[:_NAMED]))}{more}"
