"""Direct Debit: when she must be told, what is collected on which day under which code, and what an advice of the bank does.

Sources: the Direct Debit Guarantee and the scheme's rules, second-hand where docs/law.md says so; days are counted by
`lamplit.basics.bacs_days`. Each sum and each day needs advance notice; a change of either is new.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from lamplit.basics.bacs_days import represent_until
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import add_working_days

Code = Literal["01", "17", "18", "19"]

# What each step that an advice asks for does to the mandate. A step that is not here stops collecting until a person looked.
_MAY_GO_ON = frozenset({"reverse", "reactivate", "update_as_supplied", "keep_old_instruction", "represent_or_contact", "accept"})
_ENDS = frozenset({"cancel_mandate", "deceased"})


class Mandate(Plain, frozen=True, kw_only=True):
    """An instruction: lodged, and whether a collection under it was paid before. `last_on`: the day of its last collection."""

    mandate: str
    live: bool
    collected_before: bool
    first_on: date | None = None
    last_on: date | None = None


class Due(Plain, frozen=True, kw_only=True):
    """A sum due on a day."""

    on: date
    pence: int


class Told(Plain, frozen=True, kw_only=True):
    """An advance notice: which sum, on which day."""

    on: date
    pence: int


class Collection(Plain, frozen=True, kw_only=True):
    """A sum to be collected. `tell`: she must have advance notice first. `was_due_on`: it was moved from that day."""

    mandate: str
    on: date
    pence: int
    code: Code
    tell: bool
    was_due_on: date | None = None


class Unpaid(Plain, frozen=True, kw_only=True):
    """A debit that came back: its reason code, when it was first due, and whether it was presented again before."""

    code: str
    due_on: date
    pence: int
    represented: bool = False


class Effect(Plain, frozen=True, kw_only=True):
    """What an advice does: to collecting, to the payment, to letters; and whether a person must look."""

    may_collect: bool
    ends_mandate: bool
    reverse: bool
    may_represent: bool
    stop_letters: bool
    person: bool
    updates: bool = False
    ends_details: bool = False
    reactivates: bool = False


class Stands(Plain, frozen=True, kw_only=True):
    """How an instruction stands when an advice comes. `ended_by_bank`: it has ended, and her bank had said so.

    `moved`: the advice gives new bank details that can be used. `waits`: a change of hers waits for a second person.
    `closed`: the tenancy is over, letters are stopped, or another instruction has taken its place.
    """

    state: Literal["new", "live", "stopped", "ended"]
    moved: bool = False
    waits: bool = False
    ended_by_bank: bool = False
    closed: bool = False


class Becomes(Plain, frozen=True, kw_only=True):
    """What an advice makes of an instruction. `state`: None leaves it. `details`: those of the report count from now on."""

    state: Literal["live", "stopped", "ended"] | None
    details: bool
    person: bool


def notice_needed(told: Iterable[Told], on: date, pence: int) -> bool:
    """True unless she has been told of exactly this sum on this day."""
    return not any(notice.on == on and notice.pence == pence for notice in told)


def amount(charged_pence: int, benefit_pence: int, ahead_pence: int = 0, instalment_pence: int = 0) -> int:
    """Return what to collect for a period: its charge less the benefit that pays it and what she is ahead, and an instalment."""
    return max(charged_pence - benefit_pence - ahead_pence, 0) + instalment_pence


def collection_plan(mandate: Mandate, dues: Iterable[Due], told: tuple[Told, ...], earliest_on: date) -> list[Collection]:
    """Return what is collected under a mandate, in order of days; nothing under one that is not live.

    `earliest_on` is the first day that notice given now allows. What she has not been told of moves there, and what then falls
    on one day is one collection. 01 comes first and never before `first_on`, 19 last, 17 between.
    """
    if not mandate.live:
        return []
    first_on = mandate.first_on or date.min
    sums: dict[date, int] = {}
    moved: dict[date, date] = {}
    for due in _by_day(dues):
        keeps = due.on >= first_on and not notice_needed(told, due.on, due.pence)
        on = due.on if keeps else max(due.on, first_on, earliest_on)
        sums[on] = sums.get(on, 0) + due.pence
        if on != due.on:
            moved.setdefault(on, due.on)
    days = sorted(sums)
    return [
        Collection(
            mandate=mandate.mandate,
            on=day,
            pence=sums[day],
            code=code_of(is_first=day == days[0] and not mandate.collected_before, is_last=day == mandate.last_on),
            tell=notice_needed(told, day, sums[day]),
            was_due_on=moved.get(day),
        )
        for day in days
        if mandate.last_on is None or day <= mandate.last_on
    ]


def _by_day(dues: Iterable[Due]) -> list[Due]:
    """What falls due on one day is one sum: she was told of that."""
    sums: dict[date, int] = {}
    for due in dues:
        sums[due.on] = sums.get(due.on, 0) + due.pence
    return [Due(on=on, pence=sums[on]) for on in sorted(sums) if sums[on] > 0]


def code_of(*, is_first: bool, is_last: bool = False) -> Code:
    """Return the transaction code of a collection with notice: 01 the first under its instruction, 19 the last, 17 between."""
    if is_first:
        return "01"
    return "19" if is_last else "17"


def represents(mandate: Mandate, unpaid: Unpaid, on: date) -> Collection | None:
    """Return the one re-presentation (18) that is allowed: refer to payer (0), the same sum; else None.

    Within a calendar month of the first due date. She is told, and any other sum or code is a new collection with notice.
    """
    if not mandate.live or unpaid.code != "0" or unpaid.represented or on > represent_until(unpaid.due_on):
        return None
    return Collection(mandate=mandate.mandate, on=on, pence=unpaid.pence, code="18", tell=True, was_due_on=unpaid.due_on)


def day_to_present_again(told_on: date) -> date:
    """Return the day of an 18 when she is told on a day: three working days to hear of it and put money there, then the cycle."""
    return add_working_days(told_on, 5)


def effect(steps: tuple[str, ...] | None, *, came_back: bool = False) -> Effect:
    """Return what an advice does, by the steps that its reason code asks for (`meaning` in `lamplit.basics.advices`).

    A code that nobody explained to us is None: nothing is collected, no letter goes, and a person looks. `came_back`: the report
    itself says that the money is not here, whatever the code.
    """
    asked = frozenset(steps or ())
    ends = bool(asked & _ENDS)
    known = bool(asked) and asked <= _MAY_GO_ON
    return Effect(
        may_collect=known and not ends,
        ends_mandate=ends,
        reverse="reverse" in asked or (steps is None and came_back),
        may_represent="represent_or_contact" in asked and not ends,
        stop_letters="deceased" in asked or steps is None,
        person=not known,
        updates="update_as_supplied" in asked,
        ends_details="stop_paying" in asked,
        reactivates="reactivate" in asked,
    )


def becomes(does: Effect, stands: Stands) -> Becomes:
    """Return what an advice makes of an instruction, and whether a person must look.

    Her bank's new details count at once. Where it gives none, or a change of hers waits, a person looks before more is collected:
    under the old details it would only come back.
    """
    details = does.updates and stands.moved and not stands.waits and stands.state != "ended"
    lost = does.updates and not details and stands.state != "ended"
    person = does.person or does.stop_letters or lost
    if does.reactivates:
        again = not stands.closed and (stands.state == "stopped" or stands.ended_by_bank)
        stays = stands.state in ("new", "live")
        return Becomes(state="live" if again else None, details=False, person=not again and not stays)
    if does.ends_mandate:
        return Becomes(state=None if stands.state == "ended" else "ended", details=False, person=person)
    stops = stands.state == "live" and (lost or not does.may_collect)
    return Becomes(state="stopped" if stops else None, details=details, person=person)
