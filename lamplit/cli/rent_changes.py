"""`lamplit rent change` and `lamplit rent notices`: a yearly change of rents, and carrying one on that two people released."""

import argparse
import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_date, pounds
from lamplit.cli import start
from lamplit.cli.making import user
from lamplit.cli.say import Failed, WrongUse, progress, say

if TYPE_CHECKING:
    from lamplit.rent.actions import Service
    from lamplit.rent.queries import Worked

SHOWN = 100


def change(asked: argparse.Namespace) -> int:
    """Work a change of rents out, with new service charges from a file. 1 when something is wrong in it."""
    start.open_installation()
    from lamplit.basics.who import cli
    from lamplit.config.refusals import staff_words
    from lamplit.exchange.cells import CellWrong, day
    from lamplit.rent import actions, queries

    try:
        first = day(asked.first)
        services, problems = _services(Path(asked.services)) if asked.services else ([], [])
        for problem in problems[:SHOWN]:
            say(problem)
        if problems:
            say("Nothing was worked out. Put the file right and run it again.")
            return 1
        if asked.dry_run:
            _say(queries.work_out_rents(asked.every, first, services))
            return 0
        run = actions.prepare_rents(
            frequency=asked.every, from_on=first, services=services, by=cli(user()), at=now(),
            command=f"cli:rents:{asked.every}:{first}:{now():%Y%m%d%H%M%S%f}",
        )  # fmt: skip
    except CellWrong as wrong:
        raise WrongUse(f"--from {asked.first}: {wrong}") from wrong
    except Refused as refused:
        raise Failed(staff_words(refused)) from refused
    row = queries.rent_run(run)
    assert row is not None  # noqa: S101 - it was made above
    _say(queries.worked_of(row))
    say(f"It waits for a second person, at the desk under “Changes of rents”: {run}")
    return 0


def _services(path: Path) -> tuple[list["Service"], list[str]]:
    from lamplit.exchange.services import read_services
    from lamplit.rent import queries

    found, problems = read_services(path, queries.accounts_by_reference)
    return found, [f"{path.name}, line {problem.line}, {problem.column or 'row'}: {problem.words}" for problem in problems]


def _say(worked: "Worked") -> None:
    from lamplit.rent.queries import WHY_LEFT_OUT

    say(f"Rents from {full_date(worked.from_on)}. Prices rose by {worked.cpi}%.")
    for one in worked.by_type:
        say(f"  {one.rent_type}: {one.accounts:,} accounts, {pounds(one.old_pence)} now, {pounds(one.new_pence)} from then on.")
    for why, accounts in worked.why_left_out().items():
        say(f"  Left out, {len(accounts):,}: {WHY_LEFT_OUT[why]}.")
        _say_accounts(accounts)


def _say_accounts(accounts: Iterable[str]) -> None:
    for account in list(accounts)[:SHOWN]:
        say(f"    {account}")


def notices(_: argparse.Namespace) -> int:
    """Carry the changes on that two people released, as far as they go today. Cut off, it is run again and goes on."""
    start.open_installation()
    from lamplit.reactions import rent_changes

    with progress() as step:
        count = rent_changes.go_on(now(), lambda done, of: step("Writing to tenants", done, of))
    say(f"{count:,} accounts were written to, have their new rent, or keep the old one.")
    return 0


HEADING = ("Account", "PaymentReference", "RentType", "OldRent", "NewRent", "OldTotal", "NewTotal", "Converging", "Stands", "Why")


def change_list(asked: argparse.Namespace) -> int:
    """Write every account of a change into a file that nobody else can read."""
    start.open_installation()
    from lamplit.exchange.cells import CellWrong, day
    from lamplit.rent import queries

    try:
        first = day(asked.first)
    except CellWrong as wrong:
        raise WrongUse(f"--from {asked.first}: {wrong}") from wrong
    row = next((one for one in queries.rent_runs_from(asked.every, first) if one.state != "withdrawn"), None)
    if row is None:
        raise Failed("There is no change of these rents from that day. `lamplit rent change` works one out.")
    file = Path(asked.file)
    half = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="", encoding="utf-8-sig") as out:
        lines = csv.writer(out)
        lines.writerow(HEADING)
        lines.writerows(_listed(row))
    half.rename(file)
    say(f"{file} holds {row.accounts:,} accounts that change, and {row.left_out:,} that are left out.")
    return 0


def _listed(row: Any) -> Iterator[tuple[str, ...]]:
    from lamplit.rent import queries

    worked, stands = queries.worked_of(row), queries.stands_in(row.id)
    references = queries.references_of([*(line.account for line in worked.lines), *(account for account, _ in worked.left_out)])
    for line in worked.lines:
        state, why = stands.get(line.account, (row.state, None))
        sums = (*(_rent(terms) for terms in (line.old, line.new)), line.old_pence, line.new_pence, line.converging_pence)
        said = queries.WHY_KEPT.get(why or "", "")
        yield (line.account, references.get(line.account, ""), line.rent_type, *(f"{one / 100:.2f}" for one in sums), state, said)
    for account, why in worked.left_out:
        yield (account, references.get(account, ""), *[""] * 6, "left out", queries.WHY_LEFT_OUT[why])


def _rent(terms: Iterable[Any]) -> int:
    return sum(term.pence for term in terms if term.charge == "rent")
