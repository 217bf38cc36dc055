"""Changes of rents: what they were worked out as, how far they are, and who still waits for what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec
from django.db import connection
from django.db.models import Count, Sum

from lamplit.record.blobs import read_blob
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.facts import KeptName, Term
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.models import DebitMandate, RentAccount, RentChange, RentRun, RentTerms
from lamplit.rent.queries.arrears import running
from lamplit.rent.rules import change as rules
from lamplit.rent.rules.change import Held, Line, Rented, Service, Worked
from lamplit.rent.rules.charging import Frequency
from lamplit.rent.rules.collecting import next_dues
from lamplit.rent.rules.figures import part
from lamplit.rent.rules.runs import check_totals

_RENTED = """
SELECT a.id, a.home, a.started_on, b.charged_to_on, t.from_on, t.frequency, t.weeks, t.rent_type, t.terms, t.formula_pence
FROM rent_account a JOIN rent_balance b ON b.id = a.id LEFT JOIN rent_terms t ON t.account = a.id
WHERE (a.ended_on IS NULL OR a.ended_on >= %s) ORDER BY a.id, t.from_on
"""
# What was set from the first day on, for every account whose terms were changed: the run is closed against it. Where a person
# put them right since, from that same day, what the run had set counts.
_SET = """
SELECT count(*), coalesce(sum(CASE WHEN t.why = 'yearly' THEN line ELSE c.new_pence END), 0)::bigint FROM rent_change c
JOIN rent_terms t ON t.id = c.account || '.' || %s
CROSS JOIN LATERAL (SELECT sum((one->>'pence')::bigint) AS line FROM json_array_elements(t.terms::json) one) s
WHERE c.run = %s AND c.state = 'changed'
"""
_NEWEST = """
SELECT DISTINCT ON (a.id) a.id, a.ended_on, t.from_on, t.terms FROM rent_account a JOIN rent_terms t ON t.account = a.id
WHERE a.id = ANY(%s) ORDER BY a.id, t.from_on DESC
"""
_TERMS = msgspec.json.Decoder(tuple[Term, ...]).decode


class Progress(NamedTuple):
    """How far a change is: accounts noticed and not served yet, changed, kept."""

    noticed: int
    changed: int
    kept: int

    @property
    def begun(self) -> int:
        return self.noticed + self.changed + self.kept


class Debit(NamedTuple):
    """A Direct Debit of an account whose rent changes. `pence`: the new sum, or None where a person has to say it."""

    mandate: str
    account: str
    old_pence: int
    pence: int | None
    schedule: tuple[FrequencyName, int, date]

    def next_on(self, earliest: date) -> date:
        """Return the first day of it from a day on."""
        every, day, from_on = self.schedule
        return next(next_dues(every, day, from_on, earliest, 1))


def rent_run(run: str) -> RentRun | None:
    return RentRun.objects.filter(id=run).first()


def rent_runs(limit: int = 20) -> list[RentRun]:
    """Return the last changes, the newest first."""
    return list(RentRun.objects.order_by("-from_on", "-prepared_at")[:limit])


def rent_runs_open() -> list[RentRun]:
    """Return the changes that were released and have not come to their end."""
    return list(RentRun.objects.filter(state="released").order_by("released_at"))


def rent_runs_from(frequency: str, on: date) -> list[RentRun]:
    """Return the changes of one rhythm from a day on, the newest first."""
    return list(RentRun.objects.filter(frequency=frequency, from_on=on).order_by("-prepared_at"))


def stands_in(run: str) -> dict[str, tuple[str, str | None]]:
    """Return how each account of a change stands that was begun with, and why it keeps its rent."""
    return {
        account: (state, why) for account, state, why in RentChange.objects.filter(run=run).values_list("account", "state", "why")
    }


def references_of(accounts: Iterable[str]) -> dict[str, str]:
    """Return the numbers that people pay with, by account; those that cannot be read here are left out."""
    rows = RentAccount.objects.filter(id__any=list(accounts)).values_list("id", "reference_key")
    return {account: reference for account, reference in rows if reference}


def rent_runs_after(on: date) -> list[RentRun]:
    """Return the released and finished changes whose first day is this one or later."""
    return list(RentRun.objects.filter(state__in=["released", "finished"], from_on__gte=on).order_by("from_on"))


@lru_cache(maxsize=2)
def _kept(blob: str) -> Worked:
    return rules.unpacked(read_blob(blob))


def worked_of(row: RentRun) -> Worked:
    """Return a change as it was worked out. Its bytes are named by what they are, so they may be remembered."""
    return _kept(row.lines)


def work_out_rents(frequency: Frequency, from_on: date, services: Iterable[Service] = ()) -> Worked:
    """Work out what every account would cost from a day on, as they stand now. Refused: rent.no_cpi, rent.above_cap."""
    given: dict[str, list[Service]] = {}
    for one in services:
        given.setdefault(one.account, []).append(one)
    worked = rules.work_out(_rented(from_on), frequency, from_on, given)
    rules.check_cap(worked)
    return worked


def _rented(from_on: date) -> Iterator[Rented]:
    """Yield every account that lives on a day, in the order in which their entries are to stand."""
    found: dict[str, Rented] = {}
    protected = running(None)
    with connection.cursor() as cursor:
        cursor.execute(_RENTED, [from_on])
        for account, home, started_on, charged_to_on, set_on, often, weeks, kind, terms, formula in cursor.fetchall():
            before = found.get(account)
            sets = () if before is None else before.sets
            if set_on is not None:
                one = Held(
                    from_on=set_on, frequency=often, weeks=weeks, rent_type=kind, terms=_TERMS(terms), formula_pence=formula
                )
                sets = (*sets, one)
            found[account] = Rented(
                account=account, home=home, started_on=started_on, charged_to_on=charged_to_on, sets=sets,
                protected=account in protected,
            )  # fmt: skip
    return (found[account] for account in in_order_of_partitions(found))


def no_longer(lines: Sequence[Line], from_on: date) -> dict[str, KeptName]:
    """Return the accounts of a change that are no longer as it was worked out, and why."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [[line.account for line in lines]])
        newest = {account: rest for account, *rest in cursor.fetchall()}
    found: dict[str, KeptName] = {}
    for line in lines:
        ended_on, held_from_on, terms = newest[line.account]
        if ended_on is not None and ended_on < from_on:
            found[line.account] = "ended"
        elif held_from_on != line.held_from_on or _TERMS(terms) != line.old:
            found[line.account] = "changed"
    return found


def rent_progress(run: str) -> Progress:
    counts = dict(RentChange.objects.filter(run=run).values_list("state").annotate(Count("id")))
    return Progress(counts.get("noticed", 0), counts.get("changed", 0), counts.get("kept", 0))


def begun_accounts(run: str) -> set[str]:
    """Return the accounts of a change that were written to, or keep their rent."""
    return set(RentChange.objects.filter(run=run).values_list("account", flat=True))


def rent_changes(run: str, state: str, limit: int | None = None) -> list[RentChange]:
    """Return the accounts of a change that stand so, in the order of their ids."""
    return list(RentChange.objects.filter(run=run, state=state).order_by("id")[:limit])


def rent_change_of(account: str, run: str) -> RentChange | None:
    return RentChange.objects.filter(id=f"{account}.{run}").first()


def set_by(row: RentRun) -> tuple[int, int]:
    """Return how many accounts have the new terms of a change, and what these come to in pence."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [row.from_on.isoformat(), row.id])
        accounts, pence = cursor.fetchone()
    return accounts, pence


def kept_by(run: str) -> tuple[int, int]:
    """Return how many accounts keep their rent, and what these come to in pence."""
    found = RentChange.objects.filter(run=run, state="kept").aggregate(Count("id"), Sum("old_pence"))
    return found["id__count"], found["old_pence__sum"] or 0


def rents_differ(row: RentRun) -> list[str]:
    """Return what differs between what was released and what was set or kept, each in words. None closes the change."""
    worked = worked_of(row)
    (changed, pence), (kept, kept_pence) = set_by(row), kept_by(row.id)
    stay = {one.account for one in rent_changes(row.id, "kept")}
    expected = sum(line.old_pence if line.account in stay else line.new_pence for line in worked.lines)
    released = {"accounts": len(worked.lines), "pence": expected}
    return check_totals(released, {"accounts": changed + kept, "pence": pence + kept_pence})


def rent_debits(row: RentRun) -> list[Debit]:
    """Return the Direct Debits of accounts whose rent changes and whose sum is not the new one yet.

    Where it collected just the rent, the new sum follows. Any other sum was agreed with her: a person has to say it.
    """
    new = {one.account: one for one in RentChange.objects.filter(run=row.id, state="changed")}
    corrected = _corrected(row, new)
    found = []
    for mandate in DebitMandate.objects.filter(account__any=list(new)).exclude(state="ended").order_by("id"):
        change = new[mandate.account]
        pence, rhythm = corrected.get(mandate.account, (change.new_pence or 0, row.frequency))
        old, then = each_time(change.old_pence, row.frequency, mandate.every), each_time(pence, rhythm, mandate.every)
        if mandate.pence != then:
            schedule = (mandate.every, mandate.day, mandate.from_on)
            found.append(Debit(mandate.id, mandate.account, mandate.pence, then if mandate.pence == old else None, schedule))
    return found


def _corrected(row: RentRun, accounts: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return what a person set since in place of the new terms of a change, from the same day: pence and rhythm."""
    ids = [f"{account}.{row.from_on}" for account in accounts]
    return {
        one.account: (sum(line["pence"] for line in one.terms), one.frequency)
        for one in RentTerms.objects.filter(id__any=ids).exclude(why="yearly")
    }


_YEAR = {"weekly": 52, "four_weekly": 13, "monthly": 12}


def each_time(pence: int, charged: str, collected: str) -> int:
    """Return what a collection comes to when a charge of one rhythm is collected in another."""
    return pence if charged == collected else part(pence, _YEAR[charged], _YEAR[collected])


def accounts_by_reference(references: Iterable[str]) -> Mapping[str, str]:
    """Return accounts by the numbers that people pay with."""
    wanted = list(references)
    return dict(RentAccount.objects.filter(reference_key__any=wanted).values_list("reference_key", "id"))
