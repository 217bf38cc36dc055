"""What is in an offline pack: tables of plain text. Whoever is kept for few stands in none by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lamplit.basics.ids import reference
from lamplit.basics.words import clock_time, full_date, full_moment, pounds
from lamplit.basics.working_days import london_date
from lamplit.config.owing import stands_at
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.reactions import welfare
from lamplit.rent import queries as rent
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.queries import Lives

MOST = 20_000
FORMS = 40  # blank ones, each with a number of its own
DEBITS_AHEAD = timedelta(days=35)  # a month and what its banks need
HIDDEN = "Ring the safeguarding lead"


class Sheet(NamedTuple):
    """One table: the name of its file, its title, its columns and its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def sheets(at: datetime) -> list[Sheet]:
    """Return every table of a pack that is made now."""
    return [
        _queue("emergencies", "Emergency repairs, what runs out first first", at),
        _queue("hazards", "Hazards, and what is due when", at),
        _calls(at), *(_visits(at, days) for days in (0, 1)), _contacts(), _rent(at), _debits(at),
    ]  # fmt: skip


def _queue(which: str, title: str, at: datetime) -> Sheet:
    rows = [
        (row.reference, text(row.title), place(row.address), row.status.replace("_", " "), row.next_code.rpartition(".")[2],
         full_moment(row.next_at), text(row.owner_name))
        for row in repairs.queue(which, now=at, limit=MOST)
    ]  # fmt: skip
    return Sheet(which, title, ("Number", "What", "Where", "How it stands", "Next", "By", "Who has it"), rows)


def _calls(at: datetime) -> Sheet:
    rows = []
    for one in welfare.in_order(at):
        if one.person is None:
            rows.append((HIDDEN, "", "", ""))
            continue
        home = homes.home(one.home or "")
        numbers = ", ".join(value for _, value in one.ways) or "send somebody"
        why = "; ".join(code.replace("_", " ") for code in one.reasons)
        rows.append((one.name or "", place(home.address if home else None), numbers, why))
    return Sheet("calls", "Whom to ring first", ("Who", "Where", "Number", "Why"), rows)


def _visits(at: datetime, days: int) -> Sheet:
    day = london_date(at) + timedelta(days=days)
    rows = [
        (reference("V", row.visit.id), f"{clock_time(row.visit.from_at)} to {clock_time(row.visit.until_at)}", place(row.address),
         text(row.work.what), row.repair.reference, _whose(row.visit))
        for row in repairs.visits_of_day(day)
        if row.visit.state == "booked"
    ]  # fmt: skip
    name = "visits-today" if days == 0 else "visits-tomorrow"
    return Sheet(name, f"Visits on {full_date(day)}", ("Visit", "When", "Where", "What", "Repair", "Who goes"), rows)


def _whose(visit: Any) -> str:
    member = staff.member(visit.operative) if visit.operative else None
    firm = staff.contractor(visit.contractor) if visit.contractor else None
    return ", ".join(staff.full_name(one) for one in (member, firm) if one is not None)


def _contacts() -> Sheet:
    rows = [(staff.full_name(one), ", ".join(one.roles), text(one.phone), text(one.email)) for one in staff.everyone()]
    rows += [(staff.full_name(one), "contractor", text(one.phone), text(one.email)) for one in staff.contractors()]
    return Sheet("contacts", "Our people and firms", ("Who", "What they do", "Telephone", "E-mail"), rows)


def _rent(at: datetime) -> Sheet:
    rows, after = list[tuple[str, ...]](), ""
    while batch := tenancies.households_after(after, london_date(at), 500):
        numbers = rent.accounts(batch)
        owed = {row.id: row.rent + row.former + row.occupation for row in rent.balances(batch)}
        for tenancy, who, where in _named(batch):
            number = text(numbers[tenancy].reference) if tenancy in numbers else ""
            rows.append((number, who, where, stands_at(owed[tenancy]) if tenancy in owed else ""))
        after = max(batch)
    return Sheet("rent-references", "Rent: payment numbers and balances", ("Payment number", "Who", "Where", "Stands at"), rows)


def _debits(at: datetime) -> Sheet:
    """Which Direct Debits were promised for the days ahead: whoever works by hand must neither forget one nor take it twice."""
    today = london_date(at)
    due = rent.due_between(today, today + DEBITS_AHEAD)
    found = {tenancy: (who, where) for tenancy, who, where in _named(tenancies.households({one.account for one in due}, today))}
    rows = [
        (
            full_date(one.on),
            *found[one.account],
            pounds(one.pence),
            "gone to the bank" if one.state == "sent" else "they were told",
        )
        for one in due
        if one.account in found
    ]
    return Sheet("debits-due", "Direct Debits of the days ahead", ("Day", "Who", "Where", "Sum", "How it stands"), rows)


def _named(batch: dict[str, list[Lives]]) -> Iterable[tuple[str, str, str]]:
    """Yield (tenancy, who, where). Of a household with somebody kept for few neither is told."""
    everybody = [one.person for living in batch.values() for one in living if one.role == "tenant"]
    planted, hidden = people.planted_among(everybody), people.restricted_among(everybody)
    names = people.people(everybody)
    for tenancy, living in batch.items():
        tenants = [one.person for one in living if one.role == "tenant" and one.person not in planted]
        if not tenants:
            continue
        if hidden.intersection(tenants):
            yield tenancy, HIDDEN, ""
            continue
        home = homes.home(living[0].home)
        who = ", ".join(people.full_name(names[one]) for one in tenants if one in names)
        yield tenancy, who, place(home.address if home else None)


def text(value: Any) -> str:
    """Return a personal value where it can be read here."""
    return value if isinstance(value, str) else ""


def place(lines: Any) -> str:
    """Return an address on one line."""
    return ", ".join(lines) if isinstance(lines, list) else text(lines)
