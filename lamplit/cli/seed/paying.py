"""How the households of the made-up landlord pay: from the bank every four weeks of lines, from the council its schedules."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from lamplit.basics.fact import Fact
from lamplit.basics.ids import SeededIds
from lamplit.basics.who import cli
from lamplit.cli.seed.rent_plan import How, Payer
from lamplit.record.page import Item
from lamplit.rent import facts

Source = Literal["bank", "hb"]
Book = Literal["bank", "benefit"]
BY = cli("import:finance")
FOUR_WEEKS = timedelta(days=28)
_DAY = timedelta(days=1)


class Paid(NamedTuple):
    """One line of a file: whose, when, how much; `from_on` and `to_on` of what the council pays for."""

    payer: Payer
    on: date
    pence: int
    from_on: date | None = None
    to_on: date | None = None


# How likely it is that what she has to pay herself comes in on time, and that she brings it up to date the next time if not.
_LIKELY: dict[How, tuple[float, float]] = {
    "direct_debit": (0.99, 1.0), "card": (0.96, 0.9), "transfer": (0.97, 0.95), "behind": (0.78, 0.05),
    "part_benefit": (0.95, 0.8), "stopped": (0.9, 0.8), "benefit": (0.97, 0.9),
}  # fmt: skip
_WEEKS_BEHIND = 8  # of her rent: whoever owes that much pays something of it off each time


def tell_payments(payers: list[Payer], dice: Random, new_id: SeededIds, begins: date, now: datetime) -> Iterator[Item]:
    """Tell of every four weeks: what the bank's file had, and what the council's schedule paid for; the last ends today."""
    on, today = begins - _DAY * begins.weekday(), now.date()
    while on <= today:
        end = min(on + FOUR_WEEKS, today + _DAY)
        hers = [one for payer in payers for one in _hers(payer, dice, on, end)]
        whole = end == on + FOUR_WEEKS
        council = [one for payer in payers for one in _benefit(payer, on, end, today)] if whole else []
        yield from _file("bank", hers, sum(one.pence for one in council), new_id, min(end, today))
        yield from _file("hb", council, 0, new_id, min(end, today))
        on += FOUR_WEEKS


def award_of(payer: Payer) -> int:
    """Return what benefit pays a week, in pence: all of what it can pay for, or seven tenths."""
    eligible = sum(term.pence for term in payer.terms if term.charge != "service_not_eligible")
    weekly = eligible * 12 // 52 if payer.frequency == "monthly" else eligible
    return weekly if payer.how == "benefit" else weekly * 7 // 10


def on_benefit(payer: Payer) -> bool:
    return payer.how in ("benefit", "part_benefit", "stopped")


def _hers(payer: Payer, dice: Random, on: date, end: date) -> Iterator[Paid]:
    """What she pays herself: in the first days of a week, or of a month, and mostly all that she owes by then."""
    for first in (on + _DAY * n for n in range((end - on).days)):
        begins = first.weekday() == 0 if payer.frequency == "weekly" else first.day == 1
        if not (begins or first == payer.first_on) or not _lives(payer, first):
            continue
        payer.owes += _share(payer, first)
        likely, catches_up = _LIKELY[payer.how]
        day, comes = min(first + _DAY * dice.randint(0, 1), end - _DAY), dice.random() < likely
        whole, last = dice.random() < catches_up, payer.let.ended_on is not None and payer.let.ended_on - first <= _DAY * 31
        much = payer.owes > _WEEKS_BEHIND * payer.a_period * (1 if payer.frequency == "weekly" else 12 / 52)
        once = min(payer.owes, payer.a_period * 3 // 2 if much else payer.a_period)
        pence = payer.owes if whole or (last and payer.how != "behind") else once
        if comes and pence > 0:
            payer.owes -= pence
            yield Paid(payer, day, pence)


def _lives(payer: Payer, on: date) -> bool:
    return on >= payer.first_on and (payer.let.ended_on is None or on <= payer.let.ended_on)


def _share(payer: Payer, first: date) -> int:
    """Return what a period that begins on a day leaves for herself: less benefit, and by its days where it is shorter."""
    weekly = payer.frequency == "weekly"
    after = first + _DAY * (7 - first.weekday()) if weekly else (first.replace(day=1) + _DAY * 31).replace(day=1)
    last = min(after - _DAY, payer.let.ended_on or after)
    days, whole = (last - first).days + 1, 7 if weekly else (after - first.replace(day=1)).days
    charged = payer.a_period if days == whole else _by_the_day(payer, days)
    return charged - (award_of(payer) * days // 7 if on_benefit(payer) else 0)


def _by_the_day(payer: Payer, days: int) -> int:
    """A week by sevenths, a month by days of the year, each line to the nearest penny: as the charge run does it."""
    times, of = (days, 7) if payer.frequency == "weekly" else (12 * days, 365)
    return sum((2 * term.pence * times + of) // (2 * of) for term in payer.terms)


def _benefit(payer: Payer, on: date, end: date, today: date) -> Iterator[Paid]:
    """What the council pays for four weeks in arrears. One whose claim stopped has had nothing for the last two months."""
    stopped = payer.how == "stopped" and end > today - timedelta(days=63)
    first, last = max(on, payer.first_on), min(end - _DAY, payer.let.ended_on or end)
    if on_benefit(payer) and first <= last and not stopped:
        yield Paid(payer, end - _DAY, award_of(payer) * ((last - first).days + 1) // 7, first, last)


def end_claim(payer: Payer, ends_on: date, at: datetime) -> Item:
    """Tell that the council pays a claim to the end of the tenancy, and no further."""
    return Item(facts.ClaimEnded(claim=payer.claim, account=payer.let.account, ends_on=ends_on, stopped=False), BY, at)


def claim(payer: Payer, new_id: SeededIds, at: datetime) -> Item:
    """Tell of a claim as it stood when the record began."""
    payer.claim = new_id("c", at)
    eligible = sum(term.pence for term in payer.terms if term.charge != "service_not_eligible")
    told = facts.ClaimRecorded(
        claim=payer.claim, account=payer.let.account, scheme="hb", state="paying", award_pence=award_of(payer), award_per="week",
        cycle="four_weekly", eligible_pence=eligible, eligible_per="week" if payer.frequency == "weekly" else "month",
        pays_after_days=1, paid_to=payer.first_on - _DAY,
    )  # fmt: skip
    return Item(told, BY, at)


def _file(source: Source, paid: list[Paid], council: int, new_id: SeededIds, end: date) -> Iterator[Item]:
    """One file of a firm: taken, its lines posted a few hundred at once, and closed when they add up."""
    if not paid:
        return
    at = datetime(end.year, end.month, end.day, 7, 15 if source == "bank" else 20, tzinfo=UTC)
    file, total, count = new_id("m", at), sum(one.pence for one in paid) + council, len(paid) + bool(council)
    bank = source == "bank"
    told: list[Fact] = [
        facts.MoneyFileTaken(
            file=file, source=source, layout="camt053" if bank else "schedule", part=1, lines=count, dated=end,
            sha256=hashlib.sha256(file.encode()).hexdigest(), label="Harbour Bank" if bank else "Lampton Council",
            credit_pence=total, debit_pence=0, settled_pence=0,
        ),
    ]  # fmt: skip
    book: Book = "bank" if bank else "benefit"
    told += [_posted(file, book, paid[start : start + 150], start) for start in range(0, len(paid), 150)]
    if council:
        came = facts.Came(number=count, pence=council, on=end - _DAY, to="benefit")
        told.append(facts.MoneyHeld(file=file, book="bank", lines=[came], told=[facts.Told(payer="Lampton Council")]))
    told.append(facts.MoneyFileFinished(file=file, lines=count, pence=total, posted=len(paid)))
    yield from (Item(fact, BY, at) for fact in told)


def _posted(file: str, book: Book, paid: list[Paid], before: int) -> Fact:
    return facts.MoneyPosted(
        file=file, book=book, accounts=[one.payer.let.account for one in paid],
        lines=[_came(one, before + number, book == "bank") for number, one in enumerate(paid, 1)],
        told=[facts.Told(reference=one.payer.reference) for one in paid],
    )  # fmt: skip


def _came(one: Paid, number: int, bank: bool) -> facts.Came:
    if bank:
        return facts.Came(number=number, pence=one.pence, on=one.on, how="reference", sure=100)
    return facts.Came(
        number=number, pence=one.pence, on=one.on, how="claim", sure=100, claim=one.payer.claim, from_on=one.from_on,
        to_on=one.to_on,
    )  # fmt: skip
