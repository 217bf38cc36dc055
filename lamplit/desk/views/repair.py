"""One repair: its clocks, works and visits, its timeline, why it has its priority, and what comes next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.config import languages
from lamplit.config.audience import for_staff
from lamplit.config.left import times
from lamplit.config.speaking import Words, as_recorded
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, near_moment
from lamplit.desk import beside, timeline, words
from lamplit.desk.concluding import hazards_named
from lamplit.desk.forms.repairs import BookForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.desk.talking import how_to_talk
from lamplit.desk.views import photos, summaries
from lamplit.desk.views.acts import ACTS
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import ended_undone

LEFT = ("open", "booked", "waiting")
ENDED = Words({"not_needed": "not needed after all", "stopped": "stopped"})


@for_staff("see_repair")
def repair(request: StaffRequest, repair: str) -> HttpResponse:
    """Show a repair. A report that was joined to another leads to that one."""
    case = found(queries.case(repair, now=request.now, restricted="see_restricted" in request.me.may))
    if case.repair.id != repair:
        return HttpResponseRedirect(reverse("desk_repair", args=[case.repair.id]))
    row = case.repair
    people_named = [row.reporter, *(one.reporter for one in case.reports)]
    looked(request, [*people_named, row.voice], "case", row.id)
    owners = [f"staff:{one}" for one in (row.owner, row.accepted_by, *(work.owner for work in case.works)) if one]
    firms = [f"contractor:{work.contractor}" for work in case.works if work.contractor]
    named = [*timeline.actors(case.timeline), *owners, *firms, *going(case.visits)]
    names = Names(named, may=request.me.may, persons=people_named)
    missing = queries.what_is_missing(row.id, "confirmed" if row.confirmed_at else "not_confirmed", at=request.now, by=request.by)
    context: dict[str, Any] = {
        "repair": row, "case": case, "title": words.readable(row.title, _("A repair")), "names": names, "words": words,
        "clocks": _clocks(case), "works": [_work(work, case, names, request) for work in case.works],
        "timeline": timeline.of_repair(case.timeline, names, request.now), "triage": _triage(row), "answers": _answers(row),
        "joined": [_joined(one, names) for one in case.reports],
        "photos": photos.shown(request, photos.of_repair(request, case), "desk_picture", row.id),
        "missing": [_missing(one, row, request) for one in missing] if row.live else [], "identity": _identity(case, names),
        "next": _next(case, request, names), "others": [*summaries.to_write(request, row), *_others(row, request)],
        "summaries": summaries.of_repair(request, row.id),
        "complaints": complaints.complaints_about(row.id) if "see_complaint" in request.me.may else [],
        "sent": messages.messages_about(row.id, voices={row.id, row.voice, *(one for one in people_named if one)}),
        "promises": messages.promises_of(audience=_audience(request), repair=row.id),
        "linked": _linked(case), "residents": _residents(case),
        "contacts": _contacts(row, request, names), "talking": how_to_talk(row.reporter, request),
        "beside": beside.of_case(case, request),
    }  # fmt: skip
    return page(request, "repair.html", **context)


def _linked(case: queries.Case) -> list[dict[str, Any]]:
    """Return the further homes that a repair concerns, and whether their households have said that it is mended."""
    where = homes.addresses(link.home for link in case.homes)
    mended = case.repair.mended_at
    said = {link.home: bool(link.confirmed_at and mended and link.confirmed_at >= mended) for link in case.homes}
    return [
        {
            "href": reverse("desk_home", args=[link.home]), "where": words.address(where.get(link.home)), "home": link.home,
            "part": _("it comes from there") if link.part == "source" else _("it reaches it"), "said": said[link.home],
        }
        for link in case.homes
    ]  # fmt: skip


def _residents(case: queries.Case) -> int:
    return len(homes.homes_of_block(case.block.id)) if case.block is not None else 0


def _audience(request: StaffRequest) -> str:
    return "restricted" if "see_restricted" in request.me.may else "staff"


def _contacts(row: Any, request: StaffRequest, names: Names) -> list[dict[str, Any]]:
    return [
        {"at": one.happened_at, "text": f"{_way(one)}: {words.readable(one.said)}"}
        for one in messages.contacts_of(audience=_audience(request), repair=row.id, limit=20)
        if one.person not in names.restricted
    ]


def _way(one: Any) -> str:
    way = words.CHANNELS.get(str(one.channel), _("Contact"))
    return _("%(way)s (sender not proved)") % {"way": way} if one.proof == "unproved" else way


def _identity(case: queries.Case, names: Names) -> dict[str, Any]:
    row = case.repair
    where = words.address(case.home.address) if case.home is not None else _("a home that we do not know")
    where = words.address(homes.block_lines(case.block)) if case.block is not None else where
    confirmed = row.status == "to_confirm" and row.confirmed_at
    given = row.status == "received" and row.owner is not None
    facts = [row.reference, _("Mended, they say; not closed yet") if confirmed else words.STATUSES[row.status], where]
    facts += [_("Given to %(name)s, who sees it through") % {"name": names.of(f"staff:{row.owner}")}] if given else []
    told = _told(row, names)
    facts += [told] if told else []
    facts += (
        [_("Number in the system before: %(old_reference)s") % {"old_reference": row.old_reference}]
        if isinstance(row.old_reference, str)
        else []
    )
    notes = [note_line(note) for note in case.notes]
    return {
        "facts": facts, "needs": [words.need(code) for code in case.at_risk], "alerts": notes,
        "ways": words.visit_ways(case.at_risk),
    }  # fmt: skip


def _told(row: Any, names: Names) -> str:
    """Return who told us of a report and how to reach them; empty when nobody is named."""
    caller = row.caller if isinstance(row.caller, dict) else {}
    if row.reporter:
        ways = people.ways_to_reach(row.reporter, "call") if row.reporter not in names.restricted else []
        told = names.person(row.reporter)
        return _("Told by %(who)s") % {"who": f"{told}, {words.reach(ways[0].value)}" if ways else told}
    if caller:
        reach = words.reach(caller.get("phone") or caller.get("email"))
        who = caller.get("name", _("somebody"))
        return _("Told by %(who)s, whom we do not know") % {"who": f"{who}, {reach}" if reach else who}
    return ""


def _joined(row: Any, names: Names) -> dict[str, Any]:
    """Return a report that goes on under this repair: who told us and what they answered. Their words stand in the timeline."""
    told = _told(row, names) or _("Nobody is named")
    return {"title": f"{row.reference}, {full_date(row.reported_at)}", "told": told, "answers": _answers(row)}


def note_line(note: dict[str, Any]) -> str:
    """Return what to know before a visit on one line."""
    where = _(" Where: %(note)s") % {"note": note["where"]} if note.get("where") else ""
    line = words.home_note(note["what"], note["says"]) + where
    return (
        _("%(line)s Known from: %(note)s") % {"line": words.stopped(line), "note": note["source"]} if note.get("source") else line
    )


def _clocks(case: queries.Case) -> list[dict[str, Any]]:
    """Return every clock: running ones first, what runs out first on top, then the kept and missed."""
    running = [one for one in case.clocks if one.stopped_at is None]
    over = [one for one in case.clocks if one.stopped_at is not None]
    live, undone, named = case.repair.live, ended_undone(case.repair), hazards_named(case.repair)
    return [
        *(
            {"duty": words.clock_duty(one.code, named), "due_at": one.due_at, "since_at": one.starts_at, "runs": live}
            for one in running
        ),
        *(
            {"duty": words.clock_duty(one.code, named), "due_at": one.due_at, "at": one.stopped_at, "runs": False,
             "ended": ENDED.get(undone.get(one.code, "")), "kept": one.ran_out_at is None and one.stopped_at <= one.due_at}
            for one in over
        ),
    ]  # fmt: skip


def _work(work: Any, case: queries.Case, names: Names, request: StaffRequest) -> dict[str, Any]:
    """Return a work with its visits and the things that can be done with it."""
    visits = [visit for visit in case.visits if visit.work == work.id]
    booked = next((visit for visit in visits if visit.state == "booked"), None)
    return {
        "id": work.id,
        "what": words.readable(work.what, words.trade(work.trade)),
        "trade": words.trade(work.trade),
        "firm": names.firm(work.contractor) if work.contractor else None,
        "state": words.WORK_STATES[work.state],
        "kind": {"done": "done", "open": "now", "booked": "plain"}.get(work.state, "quiet"),
        "why": work.why,
        "place": words.readable(work.place),
        "target_on": work.target_on,
        "cost": beside.cost_of(work),
        "surveyed": work.survey is not None,
        "look_again_on": work.look_again_on,
        "elsewhere": work.home != case.repair.home,
        "visits": [visit_line(visit, names, request.now) for visit in visits],
        "booked": booked,
        "left": work.state in LEFT and case.repair.live,
    }


def going(visits: Iterable[Any]) -> list[str]:
    """Return who goes to visits, to be named: the operative, else the firm."""
    known = (("staff", one.operative) if one.operative else ("contractor", one.contractor) for one in visits)
    return [f"{kind}:{ident}" for kind, ident in known if ident]


def goes(visit: Any, names: Names) -> str | None:
    """Return the name of who goes to a visit; None when it is said of nobody."""
    if visit.operative:
        return names.of(f"staff:{visit.operative}")
    return names.firm(visit.contractor) if visit.contractor else None


def visit_line(visit: Any, names: Names, now: datetime) -> dict[str, Any]:
    """Return a visit in words."""
    slot = words.slot(visit.from_at, visit.until_at) if visit.from_at else _unbooked(visit, now)
    if visit.from_at and visit.arrived_at and london_date(visit.arrived_at) < london_date(visit.from_at):
        slot = _("%(when)s, booked for %(slot)s") % {"when": near_moment(visit.arrived_at, now), "slot": slot}
    state = {"booked": _("booked"), "cancelled": _("called off"), "missed": _("nobody came"), "attended": _("done")}[visit.state]
    if visit.state == "missed" and visit.unsaid:
        state = _("nobody said that somebody came, so it counts as missed")
    if visit.state == "booked" and visit.until_at < now:
        state = _("time is over: say what came of it")
    if visit.outcome:
        state = words.OUTCOMES.get(visit.outcome, words.plain(visit.outcome)).lower()
        state += f". {words.ELECTRICS[visit.electrics]}" if visit.electrics else ""
    moved = _(", moved %(times)s") % {"times": times(visit.moved_count)} if visit.moved_count else ""
    return {"id": visit.id, "text": f"{slot}{moved}: {state}", "who": goes(visit, names), "booked": visit.state == "booked"}


def _unbooked(visit: Any, now: datetime) -> str:
    return (
        _("%(when)s, not booked") % {"when": words.near_time(visit.attended_by or "", visit.arrived_at, now)}
        if visit.arrived_at
        else _("not booked")
    )


def _triage(row: Any) -> dict[str, Any] | None:
    kept = row.retriage or row.triage
    if kept is None or isinstance(kept, Unavailable):
        return None
    return {
        "rule": next((_said(one) for one in kept["fired"] if one.startswith(f"{kept['rule']}:")), words.plain(kept["rule"])),
        "fired": [_said(one) for one in kept["fired"]],
        "inputs": [words.plain(one).replace(":", ": ") for one in kept["inputs"]],
        "hazards": [
            f"{queries.hazard_named(one['hazard'])}, {one['hazard_class']}"
            for one in kept.get("hazards") or ([kept] if kept.get("hazard") else [])
        ],
    }


def _said(fired: str) -> str:
    """Return the sentence of a rule that fired, without its code."""
    return fired.partition(": ")[2] or words.plain(fired)


def _answers(row: Any) -> list[dict[str, Any]]:
    """Return the questions with the answers as they were given, in our words; beside them those that she read, if others."""
    if not isinstance(row.answers, list):
        return []
    asked = queries.book_for(None).tree.questions
    return [
        {
            "ask": asked[one["question"]].ask if one["question"] in asked else words.plain(one["question"]),
            "said": words.readable(one.get("said")),
            "read_in": languages.of_code(one.get("language")),
            "asked": one.get("asked"),
            "shown": one.get("shown"),
        }
        for one in row.answers
    ]


class Next(NamedTuple):
    """What comes next: words, and a form that goes to `href` or, without one, a link there."""

    title: str
    text: str
    href: str
    button: str
    form: Any = None
    may: bool = True  # whether whoever asks may do it; else the page says what comes next, and offers nothing
    outcomes: str | None = None  # the work of which somebody says what came of the visit


def _next(case: queries.Case, request: StaffRequest, names: Names) -> Next:
    """Choose the one thing that comes next from how the repair stands."""
    row = case.repair
    if not row.live:
        return _do("reopen", _("It is closed"), _("If it is not mended, it goes on at once."), row, request, link=True)
    if row.status == "received":
        return _accept(row, request, names)
    booked = next((visit for visit in case.visits if visit.state == "booked"), None)
    if booked is not None:
        over = _(" Its time is over: say what came of it.") if booked.until_at < request.now else ""
        href = reverse("job", args=[booked.work])
        text = _("Booked for %(when)s.%(over)s") % {"when": words.slot(booked.from_at, booked.until_at), "over": over}
        return Next(_("A visit is booked"), text, href, _("Look at the visit"), outcomes=booked.work)
    todo = next((work for work in case.works if work.state == "open"), None)
    if todo is not None:
        missed = f"missed.{todo.id}" in row.running
        return _book(
            todo,
            row,
            _("We missed a visit: agree a new time") if missed else _("Book a visit"),
            f"{words.trade(todo.trade)}: {words.readable(todo.what)}",
            request,
        )
    if row.status == "to_confirm" and not row.confirmed_at:
        asked = _("Asked %(times)s.") % {"times": times(row.asked_count)} if row.asked_count else _("Nobody has asked yet.")
        return _do("word", _("Is it mended?"), _("All work is done. %(asked)s") % {"asked": asked}, row, request)
    if row.confirmed_at:
        return _do("close", _("Finish it"), _("They say that it is mended, but something is missing."), row, request)
    waiting = next((work for work in case.works if work.state == "waiting"), None)
    if waiting is not None:
        until = _(" We look again on %(day)s.") % {"day": full_date(waiting.look_again_on)} if waiting.look_again_on else ""
        return _book(waiting, row, _("It waits"), f"{words.readable(waiting.why)}{until}", request)
    return _do("order-work", _("Say what comes next"), _("No work is ordered."), row, request)


# Where what is missing before a repair may be closed can be said. What a work still has to show is said on its own page.
_SAID_AT = {"cause": "cause", "made_good": "cause", "law": "hazard", "word": "word", "not_asked": "ask", "tries": "ask"}


def _missing(one: Any, row: Any, request: StaffRequest) -> dict[str, str | None]:
    """Return what is missing in words, and the page on which to say it, for whoever may."""
    act, href = _SAID_AT.get(one.code), None
    if one.work is not None and "see_own_jobs" in request.me.may:
        href = reverse("job", args=[one.work])
    elif act is not None and ACTS[act].permission in request.me.may:
        href = reverse("act", args=[row.id, act])
    duty = (
        _("A duty of the law still runs. %(duty)s") % {"duty": words.clock_duty(one.clock, hazards_named(row))}
        if one.clock
        else None
    )
    return {"text": duty or as_recorded(one.words), "href": href}


def _accept(row: Any, request: StaffRequest, names: Names) -> Next:
    """An emergency is rung about until a named person says that she has it. To have been given it is not to have said so."""
    if row.owner is None:
        return _do("accept", _("Nobody has it yet"), _("We ring whoever is on call until a named person has it."), row, request)
    said = {"name": names.of(f"staff:{row.owner}"), "button": ACTS["accept"].button}
    title = _("%(name)s has not said yet that they have it") % said
    text = _("Once they have seen it, %(name)s presses “%(button)s”. Until then we go on ringing whoever is on call.") % said
    return _do("accept", title, text, row, request)


def _do(name: str, title: str, text: str, row: Any, request: StaffRequest, *, link: bool = False) -> Next:
    act = ACTS[name]
    shown = act.permission in request.me.may and not link
    form = act.form(**act.make(request, row)) if shown else None
    return Next(title, text, reverse("act", args=[row.id, name]), act.button, form, act.permission in request.me.may)


def _book(work: Any, row: Any, title: str, text: str, request: StaffRequest) -> Next:
    """Offer the form, unless a diary is kept for the work: its free times stand on the page of their own."""
    shown = "book_visit" in request.me.may and queries.diary_of(work) is None
    form = BookForm(work=work, limit=queries.law_limit(row, request.now)) if shown else None
    href = reverse("work_act", args=[work.id, "book"])
    return Next(title, text, href, _("Book this visit"), form, "book_visit" in request.me.may)


HIDDEN_WHEN_OVER = {"accept", "give", "order-work", "cause", "hazard", "ask", "word", "close", "raise", "learned", "join"}


def _others(row: Any, request: StaffRequest) -> list[dict[str, str]]:
    """Return the other things that whoever asks may do now."""
    kept = row.retriage or row.triage
    hazard = isinstance(kept, dict) and kept.get("hazard_class") not in (None, "none")
    skip = HIDDEN_WHEN_OVER if not row.live else {"reopen"} if row.status != "to_confirm" else set()
    if not hazard:
        skip = skip | {"hazard"}
    if row.status != "to_confirm":
        skip = skip | {"ask", "word"}
    if row.priority not in ("immediate", "emergency"):
        skip = skip | {"accept"}
    return [
        {"text": one.title, "href": reverse("act", args=[row.id, name])}
        for name, one in ACTS.items()
        if name not in skip and one.permission in request.me.may
    ]
