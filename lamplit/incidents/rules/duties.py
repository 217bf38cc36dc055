"""What an incident obliges us to do, by when, and a draft of it. Pure: the kind that was declared and the time in, clocks out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import Clock, run_out, start_clock
from lamplit.basics.figures import figures_of
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date


class Proof(Plain, frozen=True, kw_only=True):
    """That a duty was done: a reference, or who was spoken to. Of one that is not needed: why not."""

    reference: str = ""
    spoken_to: str = ""
    why: str = ""


@cache
def book() -> DatedValues:
    """The duties by day."""
    return figures_of("incidents", "duties.toml")


def kinds(at: datetime) -> dict[str, str]:
    """Return what can be declared on a day, with its words."""
    on = london_date(at)
    return {kind: book().on(f"kinds.{kind}", on).words or kind for kind in book().texts("kinds.order", on)}


def check_kinds(declared: Iterable[str], at: datetime) -> list[str]:
    """Return what was declared, each once. Refused: incidents.no_kind, incidents.no_such_kind."""
    wanted = list(dict.fromkeys(declared))
    if not wanted:
        raise Refused("incidents.no_kind")
    if set(wanted) - set(kinds(at)):
        raise Refused("incidents.no_such_kind")
    return wanted


def duties_of(declared: Iterable[str], aware_at: datetime) -> list[str]:
    """Return the duties that start with what was declared, each once; the first are those of every incident."""
    on = london_date(aware_at)
    kinds = ["every", *declared]
    return list(dict.fromkeys(duty for kind in kinds for duty in book().texts(f"kinds.{kind}", on)))


def clock(duty: str, starts_at: datetime) -> Clock:
    """Start a duty's clock. KeyError where there is no such duty."""
    on = london_date(starts_at)
    law = duty in book().texts("duty.law", on)
    return start_clock(duty, book().on(f"duties.{duty}", on), starts_at, law=law)


def rings_at(starts_at: datetime, due_at: datetime) -> datetime:
    """Return when its owner is rung: some hours before its end, or at half of its time where that is later."""
    limit = str(book().on("duty.rings_before", london_date(starts_at)).value)
    late, _ = run_out(limit, starts_at)
    assert late is not None, limit  # noqa: S101 - hours, or the file is wrong
    return max(due_at - (late - starts_at), starts_at + (due_at - starts_at) / 2)


def check_done(outcome: str, proof: Proof) -> None:
    """Refuse to call a duty done that nobody can prove. Refused: incidents.no_proof, incidents.say_why_not."""
    if outcome == "not_needed":
        if not proof.why.strip():
            raise Refused("incidents.say_why_not")
    elif not (proof.reference.strip() or proof.spoken_to.strip()):
        raise Refused("incidents.no_proof")


def changes_key(duty: str, starts_at: datetime) -> bool:
    """Whether a duty changes a key that somebody may hold who should not."""
    return duty in book().texts("duty.keys", london_date(starts_at))


def keys(at: datetime) -> list[Clock]:
    """Return the keys to change from a moment on, what is due first first."""
    return [clock(duty, at) for duty in book().texts("duty.keys", london_date(at))]


def how(duty: str, starts_at: datetime, filled: Mapping[str, str]) -> list[str]:
    """Return how a duty is done, step by step; nothing where its draft says all."""
    if not changes_key(duty, starts_at):
        return []
    return str(book().on(f"how.{duty}", london_date(starts_at)).value).strip().format_map(filled).splitlines()


def draft(duty: str, starts_at: datetime, filled: Mapping[str, str]) -> str:
    """Return the draft of what is written, filled in from what was said. What we cannot know stands in square brackets."""
    return str(book().on(f"drafts.{duty}", london_date(starts_at)).value).strip().format_map(filled)
