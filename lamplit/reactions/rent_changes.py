"""What a released change of rents leads to: each named tenant's own notice, in turns; then new terms, or the old ones kept.

May be cut off at any moment and called again: what was written to once is not written to again.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from lamplit.basics.bacs_days import earliest_after_notice
from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.words import full_date, pounds
from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.incidents import queries as incidents
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.reactions.arrears import in_fours
from lamplit.reactions.letters import write
from lamplit.reactions.lots import in_lots
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent import actions, queries
from lamplit.rent.rules import rent_change
from lamplit.rent.rules.change import Line
from lamplit.tenancies import queries as tenancies

BY = job("rents")
log = logging.getLogger(__name__)
TOGETHER = 50  # accounts whose letters are ordered in one commit
SETTLED_TOGETHER = 400  # so many fit into one entry where all keep their rent
Step = Callable[[int, int], None]
_CHARGES = {
    "rent": "Rent", "service": "Service charge", "service_not_eligible": "Service charge that benefit does not pay",
    "support": "Support", "water": "Water", "heating": "Heating", "garage": "Garage", "other": "Other",
}  # fmt: skip
_EVERY = {"weekly": "each week", "four_weekly": "every four weeks", "monthly": "each month"}


def go_on(at: datetime, step: Step = lambda _done, _of: None) -> int:
    """Carry every released change on as far as it goes today. Returns how many accounts were written to, set or kept.

    What is refused of one change keeps neither the others nor Direct Debits waiting. Its page says why it is not closed.
    """
    count = 0
    for row in queries.rent_runs_open():
        try:
            for done in _carry_on(row, at, step):
                count += done
        except Refused as refused:
            log.warning("A change of rents does not go on: %s, %s", row.id, refused.code)
    return count + set_debits(at)


def _carry_on(row: Any, at: datetime, step: Step) -> Iterator[int]:
    if _may_write():
        yield write_to_all(row, at, step)
    yield settle(row, at)
    _finish(row, at)


def writes() -> bool:
    """Whether somebody is still to be written to. It is asked every few seconds."""
    return any(queries.rent_progress(row.id).begun < row.accounts for row in queries.rent_runs_open()) and _may_write()


def settles(at: datetime) -> bool:
    """Whether new rents are to be set or kept, or Direct Debits follow. It looks at every account that waits."""
    return any(True for row in queries.rent_runs_open() for _ in _settling(row, at)) or any(_debits_due(at))


def _may_write() -> bool:
    """Whether notices may go out: not in an incident, and not while the books do not balance."""
    return queries.may_go_on() and incidents.open_now(drill=False) is None


def write_to_all(row: Any, at: datetime, step: Step) -> int:
    """Order the notices of every account of a change that has none yet."""
    worked = queries.worked_of(row)
    begun = queries.begun_accounts(row.id)
    left = [line for line in worked.lines if line.account not in begun]
    done = 0
    for some in in_lots(left, TOGETHER):
        command = f"job:rents:{row.id}:notice:{some[0].account}"
        actions.notice_rents(run=row.id, notices=list(_notices(row, some, at)), by=BY, at=at, command=command)
        done += len(some)
        step(len(begun) + done, len(worked.lines))
    return done


def settle(row: Any, at: datetime) -> int:
    """Set the new terms where every notice was served, and note who keeps the old rent since the time for it is over."""
    settled = dict(_settling(row, at))
    ordered = [(account, settled[account]) for account in in_order_of_partitions(settled)]
    for together in in_lots(ordered, SETTLED_TOGETHER):
        names = hashlib.sha256("".join(account for account, _ in together).encode()).hexdigest()[:16]
        actions.settle_rents(
            run=row.id, served=[(account, on) for account, on in together if on is not None],
            late=[account for account, on in together if on is None], by=BY, at=at,
            command=f"job:rents:{row.id}:settle:{names}",
        )  # fmt: skip
    return len(settled)


def _settling(row: Any, at: datetime) -> Iterator[tuple[str, date | None]]:
    """Yield accounts of which it is known: served, with the day; or too late, without one."""
    last, today = rent_change.last_day_to_serve(row.from_on), london_date(at)
    for some in in_lots(queries.rent_changes(row.id, "noticed"), SETTLED_TOGETHER):
        for change, on in served_on(some):
            if on is not None and on <= last:
                if on <= today:
                    yield change.account, on
            elif on is not None or today > last:
                yield change.account, None


def served_on(changes: Sequence[Any]) -> Iterator[tuple[Any, date | None]]:
    """Yield accounts with the day on which the last of their tenants had her notice; None while one of them has not."""
    letters = messages.posted(one for change in changes for one in change.messages)
    for change in changes:
        if change.given_on is not None:
            yield change, change.given_on
            continue
        days = [letters.get(one) for one in change.messages]
        posted = [london_date(day) for day in days if day is not None]
        yield change, rent_change.served_on(max(posted)) if posted and len(posted) == len(days) else None


def _finish(row: Any, at: datetime) -> None:
    progress = queries.rent_progress(row.id)
    if progress.noticed or progress.begun < row.accounts:
        return
    actions.finish_rents(run=row.id, by=BY, at=at, command=f"job:rents:{row.id}:finish")


def set_debits(at: datetime) -> int:
    """Set the new sum of each Direct Debit that collected just the rent, so late that no collection before the change has it.

    She then has her advance notice of the new sum, as of any other. Whose sum was agreed otherwise stands on a list.
    """
    return sum(_set_debit(run, mandate, pence, at) for run, mandate, pence in list(_debits_due(at)))


def _debits_due(at: datetime) -> Iterator[tuple[str, str, int]]:
    """Yield run, Direct Debit and new sum of those that follow the rent by now."""
    earliest = earliest_after_notice(london_date(at))
    for row in queries.rent_runs_after(london_date(at)):
        for one in queries.rent_debits(row):
            if one.pence is not None and one.next_on(earliest) >= row.from_on:
                yield row.id, one.mandate, one.pence


def _set_debit(run: str, mandate: str, pence: int, at: datetime) -> int:
    command = f"job:rents:{run}:debit:{mandate}:{pence}"
    try:
        actions.set_debit_sum(mandate=mandate, pence=pence, by=BY, at=at, command=command)
    except Refused as refused:
        if refused.code != "rent.no_mandate" and not refused.done_before:
            raise
        return 0
    row = queries.mandate(mandate)
    return int(row is not None and row.pence == pence)


# the letters


class _Around(NamedTuple):
    """What the letters of some accounts need, read at once."""

    rows: dict[str, Any]
    places: dict[str, Any]
    names: dict[str, Any]
    tenants: dict[str, list[str]]
    claims: dict[str, list[Any]]
    debits: dict[str, Any]


def _notices(row: Any, lines: Sequence[Line], at: datetime) -> Iterator[actions.AccountNotice]:
    around = _read([line.account for line in lines], at)
    for line in lines:
        tenants = around.tenants.get(line.account, [])
        letters = tuple(_letter(row, line, person, around, at) for person in tenants)
        yield actions.AccountNotice(account=line.account, letters=letters)


def _read(accounts: list[str], at: datetime) -> _Around:
    rows, living = queries.accounts(accounts), tenancies.households(accounts, london_date(at))
    tenants = {account: [one.person for one in those if one.role == "tenant"] for account, those in living.items()}
    return _Around(
        rows, homes.homes(row.home for row in rows.values()), people.people(one for some in tenants.values() for one in some),
        tenants, queries.claims_of_accounts(accounts), queries.mandates_of_accounts(accounts),
    )  # fmt: skip


def _letter(row: Any, line: Line, person: str, around: _Around, at: datetime) -> actions.Letter:
    account = around.rows[line.account]
    schemes = {claim.scheme for claim in around.claims.get(line.account, ()) if claim.state != "stopped"}
    name, home = getattr(around.names.get(person), "name", None), around.places.get(account.home)
    collects, place = _collects(row, line, around), homes.address_line(home) if home is not None else "your home"
    subject, body = write(
        "rent_change", at, name=_readable(name) or "the tenant", home=place,
        was=_sums(line.old), becomes=_sums(line.new), old=pounds(line.old_pence), new=pounds(line.new_pence),
        every=_EVERY[row.frequency], starts=full_date(row.from_on), written=full_date(at), cpi=row.cpi,
        affordable=line.rent_type == "affordable", converging=pounds(line.converging_pence) if line.converging_pence else None,
        council="hb" in schemes, credit=bool(schemes & {"uc_managed", "uc_tenant"}),
        debit_follows=collects is True, debit_asks=collects is False, reference=in_fours(_readable(account.reference)),
    )  # fmt: skip
    return actions.Letter(person=person, template="rent_change", subject=subject, body=body)


def _readable(value: Any) -> str | None:
    return None if value is None or isinstance(value, Unavailable) else str(value)


def _sums(terms: Iterable[Any]) -> list[str]:
    return [f"{_CHARGES[term.charge]}: {pounds(term.pence)}" for term in terms if term.pence]


def _collects(row: Any, line: Line, around: _Around) -> bool | None:
    """Return whether her Direct Debit collects just the rent; None without one."""
    mandate = around.debits.get(line.account)
    if mandate is None:
        return None
    collects: bool = mandate.pence == queries.each_time(line.old_pence, row.frequency, mandate.every)
    return collects
