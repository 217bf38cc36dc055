"""The timeline of a repair in a tenant's words, line by line: the same facts as staff see."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from lamplit.basics.brought import BY_FILE, names_no_time
from lamplit.basics.words import day_that_ends, ends_a_day, pounds
from lamplit.config.speaking import as_recorded, lazy, of_data, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import before, by_then, full_date, long_date, near_date, near_moment, slot
from lamplit.config.written import say_once
from lamplit.portal.words import Names, clock_words, next_visit, once, promises_to_come, readable
from lamplit.repairs.queries import Case, Line

OUTCOMES = {
    "mended": lazy("Somebody came and mended it"),
    "temporary": lazy("Somebody came and made it good for now"),
    "made_safe": lazy("Somebody came and made it safe"),
    "no_access": lazy("Somebody came and could not get in"),
    "needs_parts": lazy("Somebody came. It needs parts"),
    "other_trade": lazy("Somebody came. Another trade is needed"),
    "inspected": lazy("Somebody came and looked at it"),
    "not_needed": lazy("Somebody came. There was nothing to mend"),
}
STEPS = {
    "investigation_begun": lazy("We began to look into it"),
    "concluded_none": lazy("We found no hazard"),
    "concluded_significant": lazy("We found a hazard that we must put right"),
    "concluded_emergency": lazy("We found an emergency"),
    "summary_sent": lazy("We wrote to you about what we found"),
    "made_safe": lazy("Your home was made safe"),
    "preventative_begun": lazy("We are arranging the lasting work"),
    "preventative_started": lazy("The lasting work began"),
    "completed": lazy("All the work is finished"),
    "all_finished_and_told": lazy("All the work is finished"),
    "no_access": lazy("We could not get in"),
    "access_given": lazy("We were let in"),
    "alternative_offered": lazy("We offered you somewhere safe to stay"),
    "alternative_accepted": lazy("You took a place to stay"),
    "alternative_declined": lazy("You chose to stay at home"),
    "moved_out": lazy("You moved somewhere safe"),
    "moved_back": lazy("You moved back"),
    "cannot_make_safe": lazy("We could not make it safe in time"),
    "renewed_investigation_asked": lazy("You asked us to look again"),
    "further_investigation_needed": lazy("We have to look further for the cause"),
    "material_change": lazy("Something changed, so our time limits began again"),
}
CLOSED = {
    "confirmed": lazy("Closed: you told us that it is mended"),
    "not_confirmed": lazy("Closed by a person here, without your word"),
    "joined": lazy("This report goes on under another"),
    "not_ours": lazy("Closed: it is not ours to mend"),
}
BEFORE = {
    "completed": lazy("It was done before we had this system"),
    "cancelled": lazy("It was cancelled before we had this system"),
}
SUMMARY_WENT = {
    "email": lazy("We sent you by e-mail what we found"),
    "post": lazy("We posted you what we found"),
    "hand": lazy("We gave you on paper what we found"),
    "left": lazy("We left at your home on paper what we found"),
}
ELSEWHERE = {
    "repair.reported": lazy("Somebody in another home told us"),
    "visit.booked": lazy("We booked a visit to another home"),
    "visit.missed": lazy("We missed a visit to another home"),
    "visit.cancelled": lazy("A visit to another home will not happen"),
    "visit.set_out": lazy("We went to another home"),
    "repair.closed": lazy("The repair is closed"),
    "repair.reopened": lazy("It is not mended, so the repair is open again"),
    "repair.home_linked": lazy("It concerns another home too"),
}
WAYS = {
    "text": lazy("by text"),
    "email": lazy("by e-mail"),
    "call": lazy("by phone"),
    "letter": lazy("by letter"),
    "visit": lazy("in person"),
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


def ours(value: Any) -> str | None:
    """Return what staff wrote, in the language in which they did."""
    return as_recorded(readable(value))


def _together(*said: str | None) -> str | None:
    return " ".join(one for one in said if one) or None


def _name(seen: Seen, whose: str) -> str:
    return seen.names.get(seen.line.details.get(whose)) or _("A named person")


def told(line: Line, person: str, names: Names) -> Told:
    """Put one line of the timeline into words."""
    if line.details.get("elsewhere") and line.kind not in ("photo.added", "video.added"):
        return Told(ELSEWHERE.get(line.kind) or _("Work went on in another home, because of this repair"))
    return _LINES.get(line.kind, _other)(Seen(line, person, names))


def _other(seen: Seen) -> Told:
    return Told(_("Something was noted"), more=ours(seen.line.about))


def _reported(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person
    about = of_data("fault", readable(seen.line.about) or "") or None
    words = readable(seen.line.said)
    return Told(_("You told us") if hers else _("Somebody told us"), "done", once(about, words))


def _retriaged(seen: Seen) -> Told:
    due_at = _time(seen.line.details.get("due_at"))
    must = _("It must be seen to %(by_then)s.") % {"by_then": before(due_at, seen.line.at)} if due_at else None
    return Told(_("We looked again at how pressing it is"), more=_together(must, ours(seen.line.about)))


def _noted(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person and seen.line.by.startswith("person:")
    said = readable(seen.line.said)
    if said is None:
        return Told(_("Somebody added a note"))
    ours = _("From our old system") if seen.line.by.startswith(BY_FILE) else _("We added a note")
    return Told(_("You added a note"), more=said) if hers else Told(ours, more=as_recorded(said))


def _photo(seen: Seen) -> Told:
    film = seen.line.kind == "video.added"
    if seen.line.details.get("elsewhere"):
        return Told(_("Somebody added a video of another home") if film else _("Somebody added a photo of another home"))
    by_us = seen.line.by.startswith(("staff:", "contractor:", "job:"))
    said = readable(seen.line.said)
    if seen.line.voice == seen.person:
        return Told(_("You added a video") if film else _("You added a photo"), more=said)
    if by_us:
        return Told(_("We added a video") if film else _("We added a photo"), more=as_recorded(said))
    return Told(_("Somebody added a video") if film else _("Somebody added a photo"), more=said)


def _summary(seen: Seen) -> Told:
    return Told(_("We wrote down for you what we found"), "done", ours(seen.line.about))


def _summary_sent(seen: Seen) -> Told:
    return Told(SUMMARY_WENT.get(seen.line.details.get("how", ""), _("We sent you what we found")), "done")


def _given(seen: Seen) -> Told:
    return Told(_("%(name)s sees it through") % {"name": _name(seen, "owner")})


def _accepted(seen: Seen) -> Told:
    return Told(_("%(name)s has it") % {"name": _name(seen, "staff")}, "done")


def _ordered(seen: Seen) -> Told:
    return Told(_("Work was ordered"), more=ours(seen.line.about))


def _waiting(seen: Seen) -> Told:
    day = seen.line.details.get("look_again_on")
    again = _("We look at it again on %(day)s.") % {"day": long_date(date.fromisoformat(day))} if day else None
    return Told(_("It has to wait"), more=_together(ours(seen.line.about), again))


def _work_cancelled(seen: Seen) -> Told:
    return Told(_("A piece of work is not needed after all"), more=ours(seen.line.about))


def _booked(seen: Seen) -> Told:
    start, end = _time(seen.line.details.get("from_at")), _time(seen.line.details.get("until_at"))
    by_us = seen.line.details.get("ours")
    moved = _("A visit was booked") if by_us is None else _("We moved the visit") if by_us else _("You moved the visit")
    return Told(moved, more=slot(start, end) if start and end else None)


def _set_out(_seen: Seen) -> Told:
    return Told(_("We are on our way to you"))


def _home_linked(seen: Seen) -> Told:
    if seen.line.details.get("ended"):
        return Told(_("It does not concern your home after all"))
    return Told(_("It concerns your home too"), more=ours(seen.line.about))


def _visit_cancelled(seen: Seen) -> Told:
    by_us = seen.line.details.get("ours")
    return Told(
        _("We called the visit off") if by_us else _("You called the visit off"),
        "missed" if by_us else "plain",
        ours(seen.line.about),
    )


def _missed(seen: Seen) -> Told:
    if seen.line.details.get("unsaid"):
        more = _("We are sorry. We will tell you a new time. If somebody did come, we put this right.")
        return Told(_("Nobody told us that they came, so we count this visit as missed"), "missed", more)
    owed = seen.line.details.get("owed_pence")
    sorry = _("We are sorry. We owe you %(sum)s for this.") % {"sum": pounds(owed)} if owed else _("We are sorry.")
    if seen.line.by == f"person:{seen.person}":
        return Told(_("You told us that nobody came"), "missed", sorry)
    if seen.line.by.startswith("person:"):
        return Told(_("Somebody told us that nobody came"), "missed", sorry)
    return Told(_("We did not come when we said"), "missed", sorry)


def _attended(seen: Seen) -> Told:
    outcome = seen.line.details.get("outcome", "")
    visit = seen.line.visit
    found = [ours(visit.found), ours(visit.did)] if visit is not None else []
    kind = "done" if outcome in ("mended", "made_safe", "temporary", "inspected") else "plain"
    return Told(OUTCOMES.get(outcome, _("Somebody came")), kind, _together(*found))


def _cause(seen: Seen) -> Told:
    return Told(_("We found the cause"), "done", ours(seen.line.about))


def _hazard(seen: Seen) -> Told:
    return Told(
        STEPS.get(seen.line.details.get("step", ""), _("We took a step that the law asks for")), more=ours(seen.line.about)
    )


def _ran_out(seen: Seen) -> Told:
    due_at = _time(seen.line.details.get("due_at"))
    asked = {"what": clock_words(seen.line.details.get("code", "")), "by_then": by_then(due_at) if due_at else ""}
    said = (
        _("We said that we would %(what)s %(by_then)s. We did not") if due_at else _("We said that we would %(what)s. We did not")
    )
    return Told(said % asked, "missed", _("We are sorry."))


def _asked(seen: Seen) -> Told:
    way = WAYS.get(seen.line.details.get("channel", ""))
    return Told(_("We asked %(way)s whether it is mended") % {"way": way} if way else _("We asked whether it is mended"))


def _confirmed(seen: Seen) -> Told:
    hers = seen.line.voice == seen.person
    return Told(
        _("You told us that it is mended") if hers else _("Somebody told us that it is mended"), "done", readable(seen.line.said)
    )


def _closed(seen: Seen) -> Told:
    how, before = seen.line.details.get("how", ""), seen.line.details.get("before", "")
    if before:
        return Told(BEFORE[before], "done" if before == "completed" else "plain")
    return Told(CLOSED.get(how, _("Closed")), "done" if how == "confirmed" else "plain", ours(seen.line.about))


def _reopened(seen: Seen) -> Told:
    owner = seen.names.get(seen.line.details.get("owner"))
    sees = _("%(name)s sees it through.") % {"name": owner} if owner else None
    return Told(_("It is not mended, so it is open again"), more=_together(readable(seen.line.said), sees))


def _joined(_seen: Seen) -> Told:
    return Told(_("Another report of the same trouble was joined to this one"))


def _survey(seen: Seen) -> Told:
    return Told(_("We looked at your home closely"), "done", ours(seen.line.about))


def _proved(seen: Seen) -> Told:
    return Told(_("We showed that a piece of work is done"), "done", ours(seen.line.about))


def _stay_offered(seen: Seen) -> Told:
    return Told(_("We offered you a place to stay, and we pay for it"), more=ours(seen.line.about))


def _stay_answered(seen: Seen) -> Told:
    taken = seen.line.details.get("accepted")
    return Told(
        _("You take the place to stay") if taken else _("You do not take the place to stay"), more=readable(seen.line.said)
    )


def _stay_begun(_seen: Seen) -> Told:
    return Told(_("You live in the place to stay until your home is safe"))


def _stay_ended(seen: Seen) -> Told:
    back = seen.line.details.get("moved_back")
    return Told(_("You are back at home") if back else _("You do not need the place to stay"), "done", ours(seen.line.about))


def _review_due(seen: Seen) -> Told:
    day = seen.line.details.get("due_on")
    why = _("A named person finds out why.")
    by = _("We tell you here by the end of %(day)s.") % {"day": long_date(date.fromisoformat(day))} if day else None
    return Told(_("It has come back too often"), more=_together(why, by))


def _review_closed(seen: Seen) -> Told:
    return Told(_("We found out why it comes back"), "done", ours(seen.line.about))


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


_LINES: dict[str, Callable[[Seen], Told]] = {
    "repair.reported": _reported,
    "repair.retriaged": _retriaged,
    "repair.joined": _joined,
    "repair.noted": _noted,
    "photo.added": _photo,
    "video.added": _photo,
    "summary.written": _summary,
    "summary.sent": _summary_sent,
    "repair.given": _given,
    "repair.accepted": _accepted,
    "work.ordered": _ordered,
    "work.waiting": _waiting,
    "work.cancelled": _work_cancelled,
    "visit.booked": _booked,
    "visit.set_out": _set_out,
    "repair.home_linked": _home_linked,
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
    "survey.recorded": _survey,
    "work.proved": _proved,
    "stay.offered": _stay_offered,
    "stay.answered": _stay_answered,
    "stay.begun": _stay_begun,
    "stay.ended": _stay_ended,
    "review.due": _review_due,
    "review.closed": _review_closed,
}


def timeline(case: Case, person: str, names: Names, now: datetime) -> list[dict[str, Any]]:
    """Return the whole timeline: what happened, then the next visit, then what we have promised."""
    items = say_once([_item(line, told(line, person, names), now) for line in case.lines])
    visit = next_visit(case, now)
    if visit is not None:
        items.append({"when": slot(visit.from_at, visit.until_at), "what": _("We come to you"), "kind": "now"})
    return items + (promises_to_come(case, now) if case.repair.live else [])


def _item(line: Line, words: Told, now: datetime) -> dict[str, Any]:
    late = line.recorded_at.date() != line.at.date()
    item = {
        "when": _when(line, now),
        "at": line.at.isoformat(),
        "what": str(words.what),
        "kind": words.kind,
        "day_alone": names_no_time(line.by, line.at),
        "written": full_date(line.recorded_at) if late else None,
    }
    return item if words.more is None else item | {"more": words.more}


def _when(line: Line, now: datetime) -> str:
    if line.kind == "clock.ran_out" and ends_a_day(line.at):
        return _("%(day)s, end of the day") % {"day": near_date(day_that_ends(line.at), now)}
    if names_no_time(line.by, line.at):
        return sentence(near_date(line.at, now))
    return near_moment(line.at, now)
