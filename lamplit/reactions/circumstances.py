"""What speaks against an arrears step, beside what rent itself knows: incidents, complaints, hazards, needs. Deny first."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.incidents import queries as incidents
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.rent import queries as rent
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.steps import Circumstances
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

_HAZARD = "awaab."  # clocks of the law about hazards begin so
EVERYBODY = ""  # of what may be about any account
_NUMBER = re.compile(r"^Payment number: (.+)$", re.MULTILINE)  # as the page of the standby writes it
_HOSPITAL = "just_out_of_hospital"


class Living(NamedTuple):
    """Who lives under an account: the named tenants, and everybody."""

    home: str
    tenants: tuple[str, ...]
    everyone: tuple[str, ...]
    children: bool
    former: bool


def living(accounts: Iterable[str], on: date) -> dict[str, Living]:
    """Return who lives under these accounts; for one that ended, whom it named."""
    listed = list(accounts)
    rows, ever = rent.accounts(listed), tenancies.everyone_ever(listed)
    found = {}
    for one, row in rows.items():
        former = row.ended_on is not None and row.ended_on < on
        there = [each for each in ever.get(one, []) if former or each.left_on is None or each.left_on > on]
        found[one] = Living(
            row.home, tuple(each.person for each in there if each.role == "tenant"), tuple(each.person for each in there),
            any(each.role == "child" for each in there), former,
        )  # fmt: skip
    return found


def around(accounts: Iterable[str], at: datetime) -> dict[str, Circumstances]:
    """Return what other features say of each account: a handful of reads for all of them."""
    on = london_date(at)
    homes = living(accounts, on)
    incident = incidents.open_now(drill=False)
    everyone = {person for one in homes.values() for person in one.everyone}
    needs = _needs(everyone, on)
    restricted = people.restricted_among(everyone)
    hazards = _hazards({one.home for one in homes.values()})
    complained = complaints.complaints_of_homes(everyone, {one.home for one in homes.values()})
    stopped, unread = _stopped_letters(homes), _unread()
    everywhere = tuple(filter(None, (incident, *unread.get(EVERYBODY, ()))))
    return {
        account: _one(
            one, (*everywhere, *unread.get(account, ()), *stopped.get(account, ())), needs, restricted, hazards.get(one.home, ()),
            tuple(row.id for row in complained if row.home == one.home or row.person in one.everyone), on,
        )
        for account, one in homes.items()
    }  # fmt: skip


def _one(
    one: Living, stopping: tuple[str, ...], needs: Mapping[str, list[people.Need]], restricted: set[str],
    hazards: tuple[str, ...], complained: tuple[str, ...], on: date,
) -> Circumstances:  # fmt: skip
    hers = [need for person in one.everyone for need in needs.get(person, [])]
    first = policy().texts("steps.person_first_needs", on)
    unwell = [need.note or need.person for need in hers if need.code == _HOSPITAL]
    return Circumstances(
        incidents=stopping, complaints=complained, hazards=hazards, disputes=(), breathing_spaces=(), pending_claims=(),
        deaths=(), missed=(), said_paid=(), welfare=(*(person for person in one.everyone if person in restricted), *unwell),
        needs=tuple(need.note or need.person for need in hers), person_first=any(need.code in first for need in hers),
    )  # fmt: skip


def _needs(everyone: Iterable[str], on: date) -> dict[str, list[people.Need]]:
    found: dict[str, list[people.Need]] = {}
    for need in people.live_needs(everyone, on):
        found.setdefault(need.person, []).append(need)
    return found


def _hazards(homes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the repairs by home on which a clock of the law about hazards runs."""
    return {
        home: tuple(row.id for row in rows if any(code.startswith(_HAZARD) for code in row.running))
        for home, rows in repairs.open_of_homes(homes).items()
    }


def _unread() -> dict[str, tuple[str, ...]]:
    """Return what came in at a standby and no person has read yet, by the account that it names; else it holds everybody.

    Whoever wrote there about her rent was told that a person reads it before we ask her for anything.
    """
    sealed, emails = messages.standby_waits()
    found = {EVERYBODY: tuple(sealed)}
    for email in emails:
        numbers = _NUMBER.findall(email.said) if isinstance(email.said, str) else []
        row = rent.account_of_reference("".join(filter(str.isalnum, numbers[-1]))) if numbers else None
        account = row.id if row is not None else EVERYBODY
        found[account] = (*found.get(account, ()), email.id)
    return found


def _stopped_letters(accounts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the letters by account that an incident stopped and nobody let go: nothing may follow from them."""
    found: dict[str, tuple[str, ...]] = {}
    for letter, account in messages.stopped_about(accounts):
        found[account] = (*found.get(account, ()), letter)
    return found
