"""The landlord's file of new service charges: one row an account and charge, read whole or not at all."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from lamplit.basics.brought import Brought
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.exchange import cells
from lamplit.exchange.columns import Column, Kind, Watch
from lamplit.exchange.reading import Mapping as Headings
from lamplit.exchange.reading import NoCsv, open_sheet
from lamplit.rent.actions import Service

_CHARGES = {
    "service": "service", "service not eligible": "service_not_eligible", "support": "support", "water": "water",
    "heating": "heating", "garage": "garage", "other": "other",
}  # fmt: skip
_CATEGORIES = {one: one for one in "ABCD"}


class ServiceRow(Plain, frozen=True, kw_only=True):
    """One row: the number that people pay with, the charge, and what it costs each period from the first day on."""

    line: int
    reference: str
    charge: Literal["service", "service_not_eligible", "support", "water", "heating", "garage", "other"]
    pence: int
    category: Literal["A", "B", "C", "D"] | None = None


class _Services(Watch):
    def keys(self, row: ServiceRow) -> list[tuple[str, str]]:
        return [("Charge", f"{row.reference} {row.charge} {row.category}")]


def _never(**_: Any) -> Brought:
    raise TypeError("services are not brought over: they are part of a change of rents")


SERVICES = Kind(
    "services",
    "New service charges for a change of rents. All lines of a charge that an account has here give way to these.",
    (
        Column("PaymentReference", "reference", "the number that the tenant pays with", cells.reference, needed=True),
        Column("Charge", "charge", ", ".join(_CHARGES), cells.one_of(_CHARGES), needed=True),
        Column("Amount", "pence", "for one period, like 12.50; 0 where it ends", cells.pence, needed=True),
        Column("Category", "category", "A, B, C or D: of a service that Universal Credit pays for", cells.one_of(_CATEGORIES)),
    ),
    ServiceRow, _never, _Services, (), "reference",
)  # fmt: skip


def read_services(path: Path, accounts_of: Callable[[Iterable[str]], Mapping[str, str]]) -> tuple[list[Service], list[Problem]]:
    """Return the new charges, and what is wrong. `accounts_of` finds accounts by the numbers that people pay with."""
    try:
        sheet = open_sheet(path, SERVICES, "utf-8")
        headings = Headings(SERVICES, sheet.heading)
        read = [headings.read(line, "") for line in sheet.lines()]
    except NoCsv as wrong:
        return [], [Problem(1, "", str(wrong))]
    except OSError:
        return [], [Problem(1, "", "The file cannot be read.")]
    problems = [problem for _, found in read for problem in found]
    rows = [row for row, _ in read if row is not None]
    accounts, watch = accounts_of({row.reference for row in rows}), _Services()
    for row in rows:
        if row.reference not in accounts:
            problems.append(Problem(row.line, "PaymentReference", "No account has this number."))
        if row.category and row.charge != "service":
            problems.append(Problem(row.line, "Category", "Only a service that benefit pays for has a category."))
        if (twice := watch.look(row)) is not None:
            problems.append(Problem(row.line, *twice))
    if problems:
        return [], sorted(problems, key=lambda one: one.line)
    return [
        Service(account=accounts[row.reference], charge=row.charge, pence=row.pence, category=row.category) for row in rows
    ], []
