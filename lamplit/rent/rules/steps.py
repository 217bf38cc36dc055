"""Which arrears step comes next, what it relies on, and what holds it (Pre-Action Protocol for Social Landlords).

Deny first: a step is proposed only when everything that could speak against it was looked at and does not. What nobody could
say holds it as well. Every hold has an owner and a day on which it is looked at again, so that it is no place to forget her in.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from lamplit.basics.ids import made_at
from lamplit.basics.plain import Plain
from lamplit.basics.words import full_date, pounds
from lamplit.basics.working_days import add_working_days, london_date, working_days_between
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.ladder import Edition, Step, ladder, steps_file
from lamplit.rent.rules.position import Code, Position

Known = tuple[str, ...] | None  # ids of facts; nothing found is (); None: nobody could say

# Lines of a position that hold every step, however much is left to pay.
_ALWAYS: dict[Code, str] = {
    "benefit_late": "benefit_late",
    "in_transit": "in_transit",
    "missed_by_us": "missed_by_us",
    "disputed": "dispute",
    "protected": "breathing_space",
    "suspense": "suspense",
}
# Lines that hold it when what is left is too little for a step.
_WHEN_COVERED: dict[Code, str] = {"benefit_due": "benefit_due", "direct_debit": "direct_debit", "plan": "plan_kept"}
_SAID = {
    "pending_claim": "pending_claims",
    "missed_by_us": "missed",
    "dispute": "disputes",
    "complaint": "complaints",
    "hazard": "hazards",
    "breathing_space": "breathing_spaces",
    "welfare": "welfare",
    "death": "deaths",
    "incident": "incidents",
    "in_transit": "said_paid",
}
_WRITTEN = ("text", "letter", "notice", "court")


class Done(Plain, frozen=True, kw_only=True):
    """A step that was taken: its fact."""

    fact: str
    step: str
    on: date


class History(Plain, frozen=True, kw_only=True):
    """`since`: the day from which on the true position stood above what we take steps for, without a break."""

    since: date | None = None
    done: tuple[Done, ...] = ()


class LookedAt(Plain, frozen=True, kw_only=True):
    """A person looked at a hold on a day, and looks at it again on another."""

    code: str
    on: date
    review_on: date


class Circumstances(Plain, frozen=True, kw_only=True):
    """What could speak against a step. None everywhere: nobody could say.

    `payments_to`: all payment files are in up to that day. `welfare`: safeguarding, hospital; which of them is not told here.
    `disputes`: with every reply to a rent letter that no person has answered. `said_paid`: payments that she told us of and that
    no person has looked for, whether or not they still count in the position. `considered`: the facts by which a person
    considered the needs. `spoken`: contacts in which a person spoke to her. `looked`: at which hold a person looked, the
    newest last.
    """

    payments_to: date | None = None
    incidents: Known = None
    disputes: Known = None
    complaints: Known = None
    hazards: Known = None
    breathing_spaces: Known = None
    welfare: Known = None
    pending_claims: Known = None
    deaths: Known = None
    missed: Known = None
    said_paid: Known = None
    needs: Known = None
    considered: tuple[str, ...] = ()
    person_first: bool | None = None
    spoken: tuple[str, ...] = ()
    looked: tuple[LookedAt, ...] = ()


def together(one: Circumstances, other: Circumstances) -> Circumstances:
    """Put two halves of what is known together. What either half does not know is not known."""
    found: dict[str, object] = {"payments_to": one.payments_to or other.payments_to}
    for name in (*dict.fromkeys(_SAID.values()), "needs", "considered", "spoken"):
        said: tuple[Known, Known] = (getattr(one, name), getattr(other, name))
        found[name] = None if None in said else tuple(dict.fromkeys((*(said[0] or ()), *(said[1] or ()))))
    first = (one.person_first, other.person_first)
    found["person_first"] = None if None in first else any(first)
    found["looked"] = (*one.looked, *other.looked)
    return msgspec.convert(found, Circumstances)


class Reliance(Plain, frozen=True, kw_only=True):
    """A fact that a proposed step relies on, and its words for staff."""

    source: str
    words: str


class Hold(Plain, frozen=True, kw_only=True):
    """What holds a step: who owns it, when it is looked at again, and the facts. `unknown`: nobody could say."""

    code: str
    words: str
    owner: str
    review_on: date
    facts: tuple[str, ...] = ()
    unknown: bool = False


class Proposed(Plain, frozen=True, kw_only=True):
    """The step that comes next, and what it relies on."""

    step: Step
    relies: tuple[Reliance, ...]
    citation: str


class Held(Plain, frozen=True, kw_only=True):
    """No step: these hold it."""

    holds: tuple[Hold, ...]


class Waiting(Plain, frozen=True, kw_only=True):
    """No step yet: this one comes next, not before its day."""

    step: Step
    not_before: date


def propose(position: Position, history: History, circumstances: Circumstances, on: date) -> Proposed | Held | Waiting | None:
    """Return the next step, what holds it, or when it may come. None: nothing is owed that a step is for, or all are taken."""
    least = policy().number("steps.least_pence", on)
    if sum(line.pence for line in position.lines if line.code == "balance") < least:
        return None
    edition = ladder(on)
    step, not_before = _next_step(edition, history, on)
    holds = tuple(_holds(position, circumstances, step, on, _Days(position, history, circumstances, on)))
    if holds:
        return Held(holds=holds)
    if position.to_pay_pence < least or step is None:
        return None
    if on < not_before:
        return Waiting(step=step, not_before=not_before)
    return Proposed(step=step, relies=tuple(_relies(position, history, circumstances)), citation=edition.citation)


def goes_out(position: Position, history: History, circumstances: Circumstances, code: str, on: date) -> bool:
    """Say whether a step that was taken may go out: something is still owed, and nothing that could have held it does now."""
    if position.to_pay_pence < policy().number("steps.least_pence", on):
        return False
    step = next((one for one in ladder(on).step if one.code == code), None)
    return not any(_holds(position, circumstances, step, on, _Days(position, history, circumstances, on)))


def _next_step(edition: Edition, history: History, on: date) -> tuple[Step | None, date]:
    """The rung after the last one taken. One at a time, each so long after the one before: an outage makes no rush."""
    since = history.since or on
    taken = [done for done in history.done if done.on >= since]
    codes = [step.code for step in edition.step]
    last = max((codes.index(done.step) for done in taken if done.step in codes), default=-1)
    if last + 1 == len(codes):
        return None, on
    step = edition.step[last + 1]
    not_before = since + timedelta(days=step.after_days)
    if taken:
        not_before = max(not_before, max(done.on for done in taken) + timedelta(days=step.wait_days))
    return step, not_before


def _written_on(fact: str) -> date | None:
    """Return the day on which what has this id was written down."""
    at = made_at(fact)
    return london_date(at) if at is not None else None


class _Days:
    """When each hold is looked at again: so long after it began to hold, or when a person who looked since then said.

    It began on the day of what it follows from: a line's own day, or the day on which a fact was written down. Where neither
    says anything: when she began to owe.
    """

    def __init__(self, position: Position, history: History, about: Circumstances, on: date) -> None:
        self.began, self._looked = history.since or on, about.looked
        self._of_lines: dict[str, date] = {}
        for line in position.lines:
            code = _ALWAYS.get(line.code) or _WHEN_COVERED.get(line.code)
            day = line.cover.pay_on if line.cover is not None else line.on
            if code and day and line.code != "plan":
                self._of_lines[code] = min(day, self._of_lines.get(code, day))

    def review_on(self, code: str, facts: tuple[str, ...], first: date | None = None) -> date:
        first = first or self._of_lines.get(code) or min(filter(None, map(_written_on, facts)), default=None) or self.began
        later = [one.review_on for one in self._looked if one.code == code and one.on >= first]
        return later[-1] if later else add_working_days(first, steps_file().hold[code].review_working_days)


def _holds(position: Position, about: Circumstances, step: Step | None, on: date, days: "_Days") -> Iterator[Hold]:
    """Everything that holds, each once: what the position shows, what was said, and what is not known."""
    found: dict[str, tuple[str, ...]] = {}
    covered = position.to_pay_pence < policy().number("steps.least_pence", on)
    for line in position.lines:
        code = _ALWAYS.get(line.code) or (_WHEN_COVERED.get(line.code) if covered else None)
        if code:
            found[code] = (*found.get(code, ()), *((line.source,) if line.source else ()))
    if position.asking:
        found.setdefault("benefit_late", ())
    for code, field in _SAID.items():
        said: Known = getattr(about, field)
        if said is None:
            yield _hold(code, days, unknown=True)
        elif said:
            found[code] = tuple(dict.fromkeys((*found.get(code, ()), *said)))
    yield from (_hold(code, days, facts=facts) for code, facts in found.items())
    yield from _files(about, on, days)
    yield from _needs(about, step, days)


def _hold(
    code: str, days: _Days, *, facts: tuple[str, ...] = (), first: date | None = None, unknown: bool = False, **fill: str
) -> Hold:
    rule = steps_file().hold[code]
    words = rule.unknown if unknown and rule.unknown else rule.words
    review_on = days.review_on(code, facts, first)
    return Hold(code=code, words=words.format(**fill), owner=rule.owner, review_on=review_on, facts=facts, unknown=unknown)


def _files(about: Circumstances, on: date, days: _Days) -> Iterator[Hold]:
    """A payment file that is not in may hold her payment. It began to hold when the next file should have been there."""
    fresh = policy().number("steps.files_fresh_working_days", on)
    if about.payments_to is None:
        yield _hold("files_old", days, unknown=True)
    elif working_days_between(about.payments_to, on) > fresh:
        yield _hold("files_old", days, first=add_working_days(about.payments_to, fresh), day=full_date(about.payments_to))


def _needs(about: Circumstances, step: Step | None, days: _Days) -> Iterator[Hold]:
    """Equality Act 2010, and 2.4 of the protocol: a person looks first; with some needs a person also speaks first.

    What she needs may be known for years: the hold begins when she began to owe.
    """
    if about.needs is None:
        yield _hold("need_not_considered", days, unknown=True)
    elif not about.considered and (about.needs or (step is not None and step.considered)):
        yield _hold("need_not_considered", days, facts=about.needs, first=days.began)
    if about.spoken or step is None or step.act not in _WRITTEN:
        return
    if about.person_first is None:
        yield _hold("person_first", days, unknown=True)
    elif about.person_first:
        yield _hold("person_first", days, facts=about.needs or (), first=days.began)


def _relies(position: Position, history: History, about: Circumstances) -> Iterator[Reliance]:
    """What the step rests on: each line with its working, since when, which step before, which payments are in."""
    for line in position.lines:
        yield Reliance(source=line.source or position.account, words=f"{line.staff_words}: {pounds(line.pence)}")
    yield Reliance(source=position.account, words=f"To pay: {pounds(position.to_pay_pence)}")
    if history.since:
        yield Reliance(source=position.account, words=f"Since {full_date(history.since)}")
    for done in history.done:
        yield Reliance(source=done.fact, words=f"{done.step} on {full_date(done.on)}")
    if about.payments_to:
        yield Reliance(source="payment files", words=f"In up to {full_date(about.payments_to)}")
    for fact in (*about.considered, *about.spoken):
        yield Reliance(source=fact, words="A person considered the needs, or spoke to them")
