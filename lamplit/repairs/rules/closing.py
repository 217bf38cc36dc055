"""When a repair may end. It is mended by her word; silence, no access and temporary work leave it open."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import data, policy

How = Literal["confirmed", "not_confirmed", "joined", "not_ours"]
WorkStanding = Literal["done", "open", "temporary", "no_access", "cancelled"]

# Work that the damp or the leak itself asks for: its cause, and what the water spoiled.
WET_GROUPS = ("leak", "damp")
NEAR_ELECTRICS = "water_near_electrics"
SHOWS_IT = frozenset({"photo", "note", "test_or_isolation", "gas_record", "reading", "report"})


class WorkState(Plain, frozen=True, kw_only=True):
    """A piece of work as it stands: the evidence that was wanted, and the evidence that there is."""

    work: str
    what: str
    standing: WorkStanding
    wanted: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    identified: bool = False  # a survey found it to be needed


class Asked(Plain, frozen=True, kw_only=True):
    """One time we asked her whether it is mended."""

    channel: str
    at: datetime


class Closing(Plain, frozen=True, kw_only=True):
    """Everything that decides whether a repair may end in a certain way.

    `unsilent` is the triage's: a hazard, an emergency, a leak, damp, or somebody with a need. `word` is her answer.
    `law_running` names the clocks of Awaab's Law (`awaab.*` with a due time) that have not ended. `decided_by` is a person
    (`staff:...`), never a job.
    """

    how: How
    at: datetime
    unsilent: bool
    group: str
    works: tuple[WorkState, ...]
    flags: tuple[str, ...] = ()
    word: Literal["mended", "not_mended"] | None = None
    asked: tuple[Asked, ...] = ()
    cause: str | None = None
    made_good: bool | None = None  # True also when it is recorded that nothing was spoiled
    electrics: Literal["tested", "isolated"] | None = None
    law_running: tuple[str, ...] = ()
    decided_by: str | None = None
    why: str | None = None
    into: str | None = None
    others_silent: int = 0  # further homes that it concerns, whose household has not said that it is mended


class Missing(Plain, frozen=True, kw_only=True):
    """One thing that stands in the way: a stable code, words for staff, and the piece of work or the clock that it is about."""

    code: str
    words: str
    work: str | None = None
    clock: str | None = None


def may_close(closing: Closing, figures: DatedValues | None = None) -> tuple[Missing, ...]:
    """Return what is missing before a repair may end like that; nothing when it may."""
    if closing.how == "joined":
        return (*_decision(closing), *(() if closing.into else (_missing("into"),)))
    if closing.how == "not_ours":
        return (*_decision(closing), *_electrics(closing))
    answer = _word(closing) if closing.how == "confirmed" else _silence(closing, figures or policy())
    return (*_works(closing), *_water(closing), *_electrics(closing), *_law(closing), *answer)


def _missing(code: str, *, work: str | None = None, about: str | None = None, **fill: object) -> Missing:
    return Missing(code=code, words=_data()["words"][code].format(**fill), work=work, clock=about)


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(data("closing.toml"))


def _named(kind: str) -> str:
    return _data()["evidence"].get(kind, kind)


def _works(closing: Closing) -> Iterator[Missing]:
    """All works done, each with its evidence. A cancelled one was decided on its own.

    What a survey found to be needed is never done without any proof, whatever was asked for when it was ordered.
    """
    for work in closing.works:
        if work.standing in ("open", "temporary", "no_access"):
            yield _missing(f"work_{work.standing}", work=work.work, what=work.what)
        elif work.standing == "done":
            known = {*work.evidence, *(["cause"] if closing.cause else [])}
            known |= {"test_or_isolation"} if closing.electrics else set()
            lacking = [kind for kind in work.wanted if kind not in known]
            if work.identified and not lacking and not SHOWS_IT.intersection(work.evidence):
                yield _missing("unproved", work=work.work, what=work.what)
            if lacking:
                yield _missing("evidence", work=work.work, what=work.what, evidence=", ".join(map(_named, lacking)))


def _water(closing: Closing) -> Iterator[Missing]:
    """A leak or damp ends with its cause known and what it spoiled put right, or it comes back."""
    if closing.group in WET_GROUPS:
        if not (closing.cause or "").strip():
            yield _missing("cause")
        if not closing.made_good:
            yield _missing("made_good")


def _electrics(closing: Closing) -> Iterator[Missing]:
    """Water near electrics: no closing without a test result or isolation, even when the leak has stopped."""
    if NEAR_ELECTRICS in closing.flags and closing.electrics is None:
        yield _missing("electrics")


def _law(closing: Closing) -> Iterator[Missing]:
    for code in closing.law_running:
        yield _missing("law", about=code, clock=code.replace("awaab.", "Awaab’s Law "))


def _word(closing: Closing) -> Iterator[Missing]:
    if closing.word is None:
        yield _missing("word")
    elif closing.word == "not_mended":
        yield _missing("not_mended")
    elif closing.others_silent:
        yield _missing("word_elsewhere", count=closing.others_silent)


def _decision(closing: Closing) -> Iterator[Missing]:
    if not (closing.decided_by or "").startswith("staff:"):
        yield _missing("person")
    if not (closing.why or "").strip():
        yield _missing("why")


def _silence(closing: Closing, figures: DatedValues) -> Iterator[Missing]:
    """Without her word: enough tries by different ways and a person's decision; an ordinary repair may also lapse."""
    on = london_date(closing.at)
    if closing.word == "not_mended":
        yield _missing("not_mended")
        return
    if closing.unsilent:
        tries = figures.number("closing.tries", on)
        if len({asked.channel for asked in closing.asked}) < tries:
            yield _missing("tries", count=tries)
        yield from _decision(closing)
        return
    if not closing.asked:
        yield _missing("not_asked")
        return
    quiet_days = figures.number("closing.quiet_days", on)
    waited = (on - london_date(max(asked.at for asked in closing.asked))).days
    if waited < quiet_days and any(True for _ in _decision(closing)):
        yield _missing("quiet", count=quiet_days)
