"""The timeline of a repair in a tenant's words, line by line: the same facts as staff see."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from lamplit.basics.words import (
    before,
    by_then,
    day_that_ends,
    ends_a_day,
    full_date,
    listed,
    long_date,
    near_date,
    near_moment,
    slot,
)
from lamplit.config.written import say_once
from lamplit.portal.words import Names, clock_words, next_visit, readable
from lamplit.repairs.queries import Case, Line

OUTCOMES = {
    "mended": "Somebody came and mended it", "temporary": "Somebody came and made it good for now",
    "made_safe": "Somebody came and made it safe", "no_access": "Somebody came and could not get in",
    "needs_parts": "Somebody came. It needs parts", "other_trade": "Somebody came. Another trade is needed",
    "inspected": "Somebody came and looked at it", "not_needed": "Somebody came. There was nothing to mend",
}  # fmt: skip
STEPS = {
    "investigation_begun": "We began to look into it", "concluded_none": "We found no hazard",
    "concluded_significant": "We found a hazard that we must put right", "concluded_emergency": "We found an emergency",
    "summary_sent": "We wrote to you about what we found", "made_safe": "Your home was made safe",
    "preventative_begun": "We are arranging the lasting work", "preventative_started": "The lasting work began",
    "completed": "All the work is finished", "all_finished_and_told": "All the work is finished",
    "no_access": "We could not get in", "access_given": "We were let in",
    "alternative_offered": "We offered you somewhere safe to stay", "alternative_accepted": "You moved somewhere safe",
    "alternative_declined": "You chose to stay at home", "moved_back": "You moved back",
    "cannot_make_safe": "We could not make it safe in time", "renewed_investigation_asked": "You asked us to look again",
    "further_investigation_needed": "We have to look further for the cause",
    "material_change": "Something changed, so our time limits began again",
}  # fmt: skip
CLOSED = {
    "confirmed": "Closed: you told us that it is mended", "not_confirmed": "Closed by a person here, without your word",
    "joined": "This report goes on under another", "not_ours": "Closed: it is not ours to mend",
}  # fmt: skip
WAYS = {
    "text": "by text",
    "email": "by e-mail",
    "call": "by phone",
    "letter": "by letter",
    "visit": "in person",
    "portal": "here",
}


class Told(NamedTuple):
    """One line of the timeline in words. `kind` as kit/time.html has it."""

    what: str
    kind: str = "plain"
    more: str | None = None


class Seen(NamedTuple):
    """A line, who reads it, and the names of the staff in it."""

    line: Line
    person: str
    names: Names


def told(line: Line, person: str, names: Names) -> Told:
    """Put one line of the timeline into words."""
    if line.details.get("elsewhere") and line.kind != "photo.added":
        return Told("Work went on in another home, because of this repair")
    return _LINES.get(line.kind, _other)(Seen(line, person, names))


def _other(seen: Seen) -> Told:
    return Told("Something was noted", more=readable(seen.line.about))


def _reported(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person
    about = readable(seen.line.about)
    words = readable(seen.line.said)
    return Told("You told us" if hers else "Somebody told us", "done", ". ".join(one for one in (about, words) if one) or None)


def _retriaged(seen: Seen) -> Told:
    due_at = _time(seen.line.details.get("due_at"))
    by_then = f"It must be seen to {before(due_at, seen.line.at)}. " if due_at else ""
    return Told("We looked again at how pressing it is", more=f"{by_then}{readable(seen.line.about) or ''}".strip() or None)


def _noted(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person and seen.line.by.startswith("person:")
    said = readable(seen.line.said)
    if said is None:
        return Told("Somebody added a note")
    return Told("You added a note" if hers else "We added a note", more=said)


def _photo(seen: Seen) -> Told:
    if seen.line.details.get("elsewhere"):
        return Told("Somebody added a photo of another home")
    ours = seen.line.by.startswith(("staff:", "contractor:", "job:"))
    who = "You" if seen.line.voice == seen.person else "We" if ours else "Somebody"
    return Told(f"{who} added a photo", more=readable(seen.line.said))


def _given(seen: Seen) -> Told:
    return Told(f"{seen.names.get(seen.line.details.get('owner')) or 'A named person'} sees it through")


def _accepted(seen: Seen) -> Told:
    return Told(f"{seen.names.get(seen.line.details.get('staff')) or 'A named person'} has it", "done")


def _ordered(seen: Seen) -> Told:
    return Told("Work was ordered", more=readable(seen.line.about))


def _waiting(seen: Seen) -> Told:
    day = seen.line.details.get("look_again_on")
    again = f"We look at it again on {long_date(date.fromisoformat(day))}." if day else ""
    return Told("It has to wait", more=" ".join(one for one in (readable(seen.line.about), again) if one) or None)


def _work_cancelled(seen: Seen) -> Told:
    return Told("A piece of work is not needed after all", more=readable(seen.line.about))


def _booked(seen: Seen) -> Told:
    start, end = _time(seen.line.details.get("from_at")), _time(seen.line.details.get("until_at"))
    return Told("A visit was booked", more=slot(start, end) if start and end else None)


def _visit_cancelled(seen: Seen) -> Told:
    ours = seen.line.details.get("ours")
    return Told(
        "We called the visit off" if ours else "You called the visit off",
        "missed" if ours else "plain",
        readable(seen.line.about),
    )


def _missed(seen: Seen) -> Told:
    if seen.line.details.get("unsaid"):
        more = "We are sorry. We will tell you a new time. If somebody did come, we put this right."
        return Told("Nobody told us that they came, so we count this visit as missed", "missed", more)
    return Told("We did not come when we said", "missed", "We are sorry.")


def _attended(seen: Seen) -> Told:
    outcome = seen.line.details.get("outcome", "")
    visit = seen.line.visit
    found = [readable(visit.found), readable(visit.did)] if visit is not None else []
    kind = "done" if outcome in ("mended", "made_safe", "temporary", "inspected") else "plain"
    return Told(OUTCOMES.get(outcome, "Somebody came"), kind, " ".join(one for one in found if one) or None)


def _cause(seen: Seen) -> Told:
    return Told("We found the cause", "done", readable(seen.line.about))


def _hazard(seen: Seen) -> Told:
    return Told(
        STEPS.get(seen.line.details.get("step", ""), "We took a step that the law asks for"), more=readable(seen.line.about)
    )


def _ran_out(seen: Seen) -> Told:
    due_at = _time(seen.line.details.get("due_at"))
    when = f" {by_then(due_at)}" if due_at else ""
    return Told(
        f"We said that we would {clock_words(seen.line.details.get('code', ''))}{when}. We did not", "missed", "We are sorry."
    )


def _asked(seen: Seen) -> Told:
    return Told(f"We asked {WAYS.get(seen.line.details.get('channel', ''), '')} whether it is mended".replace("  ", " "))


def _confirmed(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person
    return Told(
        "You told us that it is mended" if hers else "Somebody told us that it is mended", "done", readable(seen.line.said)
    )


def _closed(seen: Seen) -> Told:
    how = seen.line.details.get("how", "")
    return Told(CLOSED.get(how, "Closed"), "done" if how == "confirmed" else "plain", readable(seen.line.about))


def _reopened(seen: Seen) -> Told:
    owner = seen.names.get(seen.line.details.get("owner"))
    sees = f"{owner} sees it through." if owner else None
    said = readable(seen.line.said)
    return Told("It is not mended, so it is open again", more=" ".join(one for one in (said, sees) if one) or None)


def _joined(_seen: Seen) -> Told:
    return Told("Another report of the same trouble was joined to this one")


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


_LINES: dict[str, Callable[[Seen], Told]] = {
    "repair.reported": _reported,
    "repair.retriaged": _retriaged,
    "repair.joined": _joined,
    "repair.noted": _noted,
    "photo.added": _photo,
    "repair.given": _given,
    "repair.accepted": _accepted,
    "work.ordered": _ordered,
    "work.waiting": _waiting,
    "work.cancelled": _work_cancelled,
    "visit.booked": _booked,
    "visit.cancelled": _visit_cancelled,
    "visit.missed": _missed,
    "visit.attended": _attended,
    "cause.recorded": _cause,
    "hazard.step_taken": _hazard,
    "clock.ran_out": _ran_out,
    "tenant.asked": _asked,
    "repair.confirmed": _confirmed,
    "repair.closed": _closed,
    "repair.reopened": _reopened,
}


def promises_to_come(case: Case, now: datetime) -> list[dict[str, Any]]:
    """Return what we have to do and have not done yet, soonest first, for the end of the timeline. One line a promise."""
    found: dict[tuple[str, datetime], None] = {}
    for one in case.promised:
        if one.state == "running" and one.what != "visit":
            found.setdefault((clock_words(one.what), one.due_at))
    grouped: dict[datetime, list[str]] = {}
    for words, due_at in found:
        grouped.setdefault(due_at, []).append(words)
    return [
        {"when": before(due_at, now), "what": f"We have to {listed(words)}", "kind": "plain"} for due_at, words in grouped.items()
    ]


def timeline(case: Case, person: str, names: Names, now: datetime) -> list[dict[str, Any]]:
    """Return the whole timeline: what happened, then the next visit, then what we have promised."""
    items = say_once([_item(line, told(line, person, names), now) for line in case.timeline])
    visit = next_visit(case, now)
    if visit is not None:
        items.append({"when": slot(visit.from_at, visit.until_at), "what": "We come to you", "kind": "now"})
    return items + (promises_to_come(case, now) if case.repair.live else [])


def _item(line: Line, words: Told, now: datetime) -> dict[str, Any]:
    late = line.recorded_at.date() != line.at.date()
    item = {
        "when": _when(line, now), "at": line.at.isoformat(), "what": words.what, "kind": words.kind,
        "written": full_date(line.recorded_at) if late else None,
    }  # fmt: skip
    return item if words.more is None else item | {"more": words.more}


def _when(line: Line, now: datetime) -> str:
    if line.kind == "clock.ran_out" and ends_a_day(line.at):
        return f"{near_date(day_that_ends(line.at), now)}, end of the day"
    return near_moment(line.at, now)
