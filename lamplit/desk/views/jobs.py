"""A piece of work and its visits: for planners who book, and for whoever goes there. Others' jobs are not there (404)."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config import errors, outbox
from lamplit.config.audience import for_staff
from lamplit.config.forms import SentOnce
from lamplit.config.sent import sent_before
from lamplit.config.speaking import counted, lazy, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import before, near_date
from lamplit.desk import beside, firm_links, words
from lamplit.desk.concluding import hazards_named, to_conclude
from lamplit.desk.forms import repairs as filled
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import hidden_people, job
from lamplit.desk.talking import how_to_talk
from lamplit.desk.views import photos, sheet
from lamplit.desk.views.homes import household
from lamplit.desk.views.repair import LEFT, goes, going, note_line, visit_line
from lamplit.desk.views.surveys import SURVEYING
from lamplit.repairs import actions, queries


@for_staff("see_own_jobs")
def visits(request: StaffRequest) -> HttpResponse:
    """Show today's visits, and what else is to be done: of one's own outside, of everybody in the office."""
    me, today = request.me, london_date(request.now)
    rows = sheet.rows_of(request, today)
    jobs = queries.works_of_contractor(me.contractor) if me.contractor and "contractor" in me.roles else []
    there, names = {row.visit.work for row in rows}, Names(going(row.visit for row in rows), may=me.may)
    return page(
        request, "visits.html", rows=[_row(row, names, request) for row in rows], own=me.own_jobs,
        jobs=[_job_line(one) for one in jobs if one.work.id not in there], words=words, day=near_date(today, request.now),
        emergencies=_emergencies(request),
    )  # fmt: skip


def _row(row: queries.VisitRow, names: Names, request: StaffRequest) -> dict[str, Any]:
    return {
        "href": reverse("job", args=[row.work.id]),
        "slot": words.hours(row.visit.from_at, row.visit.until_at),
        "what": words.readable(row.work.what, words.trade(row.work.trade)),
        "trade": words.trade(row.work.trade),
        "where": words.address(row.address),
        "needs": [words.need(code) for code in row.at_risk],
        "alerts": [note_line(note) for note in row.notes if note["what"] in ("asbestos", "warning")],
        "state": visit_line(row.visit, names, request.now)["text"].rsplit(": ", 1)[1],
        "who": None if request.me.own_jobs else goes(row.visit, names),
        "reference": row.repair.reference,
        "over": row.visit.state != "booked",
    }


def _job_line(one: queries.ContractorWork) -> dict[str, Any]:
    return {
        "href": reverse("job", args=[one.work.id]),
        "text": words.readable(one.work.what, words.trade(one.work.trade)),
        "hint": f"{words.address(one.address)}. {one.repair.reference}",
        "status": words.WORK_STATES[one.work.state],
        "kind": "now" if one.repair.status == "received" else "plain",
    }


def _emergencies(request: StaffRequest) -> list[dict[str, Any]]:
    """Return the emergencies of one's own jobs that nobody has accepted."""
    me = request.me
    if not me.contractor or "accept_emergency" not in me.may:
        return []
    return [_job_line(one) for one in queries.works_of_contractor(me.contractor) if one.repair.status == "received"]


@for_staff("see_own_jobs")
def job_page(request: StaffRequest, work: str) -> HttpResponse:
    """Show what to know before going there, and what can be said of the work."""
    seen = found(job(request, work))
    row = seen.repair
    firm = [f"contractor:{seen.work.contractor}"] if seen.work.contractor else []
    names = Names([*firm, *going(seen.visits)], may=request.me.may)
    booked = next((visit for visit in seen.visits if visit.state == "booked"), None)
    left = seen.work.state in LEFT and row.live
    outside = request.me.own_jobs
    looked(request, [row.reporter, row.voice], "case", row.id)
    return page(
        request, "job.html", job=seen, work=seen.work, repair=row, words=words, title=words.readable(seen.work.what, _("A job")),
        firm=names.firm(seen.work.contractor) if firm and not outside else None,
        address=words.address(seen.address), alerts=[note_line(note) for note in seen.notes], ways=words.visit_ways(seen.at_risk),
        needs=[words.need(code) for code in seen.at_risk],
        visits=[visit_line(visit, names, request.now) for visit in seen.visits],
        clocks=_clocks(seen, request), booked=booked, left=left, reach=sheet.ring(row, hidden_people(request, [row.reporter])),
        there=household(seen.work.home, request) if not outside else [],
        outcomes=words.OUTCOMES if left and "attend_visit" in request.me.may else {},
        may_accept=row.status == "received" and "accept_emergency" in request.me.may, evidence=_evidence(seen.work),
        acts=[(name, title) for name, (title, permission) in WORK_TITLES.items() if left and permission in request.me.may],
        photos=photos.shown(request, photos.of_job(request, seen), "job_picture", work),
        may_send="order_work" in request.me.may and firm_links.may_be_sent(seen.work),
        may_survey=left and seen.work.trade in SURVEYING and "record_survey" in request.me.may,
        may_add_photo="attend_visit" in request.me.may, talking=how_to_talk(row.reporter, request),
        beside=_beside(seen, request), survey=beside.survey_behind(seen.work),
        paper=_paper(request, seen), may_set_out=_may_set_out(request, booked),
        said=sheet.said_since(seen.said, hidden_people(request, [one.voice for one in seen.said]), request.now),
        told=words.readable(row.words) if row.voice not in hidden_people(request, [row.voice]) else "",
    )  # fmt: skip


def _clocks(seen: queries.Job, request: StaffRequest) -> list[dict[str, Any]]:
    """Return what runs out of this work, and what first of its whole repair, named as the repair's."""
    named = hazards_named(seen.repair)
    return [
        {"due_at": one.due_at, "duty": _("The whole repair: %(duty)s") % {"duty": duty} if one.whole else duty}
        for one in (queries.clocks_of_job(seen, now=request.now) if seen.repair.live else [])
        for duty in [words.clock_duty(one.code, named)]
    ]


def _beside(seen: queries.Job, request: StaffRequest) -> dict[str, Any]:
    """Return where and until when it is to be done, what it costs, and what more was asked for."""
    asked, work, may = queries.variations_of_work(seen.work.id), seen.work, request.me.may
    names = Names(
        [one for row in asked for one in (row.asked_by, f"staff:{row.approver}" if row.approver else None) if one], may=may
    )
    live, done = seen.repair.live, work.state in ("done", "handed_on")
    return {
        "place": words.readable(work.place), "target_on": work.target_on, "cost": beside.cost_of(work),
        "price": beside.price_lines(work.price), "asked": [beside.variation(row, names) for row in asked],
        "may_ask": live and work.state != "cancelled" and "ask_variation" in may,
        "may_prove": live and done and "prove_work" in may,
    }  # fmt: skip


def _evidence(work: Any) -> list[str]:
    return [words.EVIDENCE.get(kind, kind).lower() for kind in work.needs]


def _paper(request: StaffRequest, seen: queries.Job) -> Any | None:
    """Return the visit of a paper sheet that is being keyed: one of this work, named by the page before."""
    if "see_repair" not in request.me.may:
        return None
    return next((one for one in seen.visits if one.id == request.GET.get("paper")), None)


def _may_set_out(request: StaffRequest, booked: Any | None) -> bool:
    if booked is None or booked.set_out_at is not None or "attend_visit" not in request.me.may:
        return False
    return london_date(booked.from_at) == london_date(request.now)


@for_staff("attend_visit")
def set_out(request: StaffRequest, work: str) -> HttpResponse:
    """Say that one is on the way: the household gets a text."""
    seen = found(job(request, work))
    booked = found(next((one for one in seen.visits if one.state == "booked"), None))
    form = form_of(request, SentOnce)
    done, __ = told(
        form, lambda: actions.set_out(visit=booked.id, by=request.by, at=request.now, command=form.command())
    )  # fmt: skip
    back = reverse("job", args=[work])
    title = _("On the way: %(trade)s") % {"trade": words.readable(seen.work.what, words.trade(seen.work.trade))}
    return went(back) if done else page(
        request, "form.html", form=form, title=title, back=back, button=_("I am on my way"), section="visits",
        note=_("They get a text that somebody is on the way."),
    )  # fmt: skip


@for_staff("accept_emergency")
def take(request: StaffRequest, work: str) -> HttpResponse:
    """Take an emergency oneself: one button for whoever was rung."""
    seen = found(job(request, work))
    form = form_of(request, SentOnce)
    done, __ = told(
        form,
        lambda: actions.accept_emergency(
            repair=seen.repair.id, staff_id=request.me.id, by=request.by, at=request.now, command=form.command()
        ),
    )
    back = reverse("job", args=[work])
    title = _("Take this emergency: %(title)s") % {"title": words.readable(seen.repair.title)}
    return (
        went(back)
        if done
        else page(request, "form.html", form=form, title=title, back=back, button=_("I have it"), section="visits")
    )


@for_staff("attend_visit")
@outbox.comes_later()
def outcome(request: StaffRequest, work: str, outcome: str) -> HttpResponse:
    """Say what came of a visit, booked or not."""
    seen = found(job(request, work))
    if outcome not in filled.AttendForm.SHOWN:
        raise Http404
    hazards = {} if request.me.own_jobs else to_conclude(seen.repair)
    paper, taken = _paper(request, seen), queries.unlinked_photos(seen)
    form = form_of(
        request, filled.AttendForm, now=request.now, outcome=outcome, wanted=list(seen.work.needs), hazards=hazards,
        paper=paper is not None, photos=taken,
    )  # fmt: skip
    back = reverse("job", args=[work])
    # Sent before: the visit is over by now and its photos are linked, so it would look like another command.
    done = (
        sent_before(form)
        or told(
            form,
            lambda: actions.attend_visit(
                work=work,
                visit=paper.id if paper is not None else _which_visit(seen, form.happened_at),
                **form.visit(),
                by=request.by,
                at=form.happened_at,
                command=form.command(),
            ),
        )[0]
    )
    if done:
        return outbox.kept(request, back)
    if answer := outbox.refused(request, form):
        return answer
    title = f"{words.OUTCOMES[outcome]}: {words.readable(seen.work.what, words.trade(seen.work.trade))}"
    note = (
        sentence(counted("%(count)s photo of this job goes with it.", "%(count)s photos of this job go with it.", len(taken)))
        if taken
        else ""
    )
    return page(
        request, "form.html", form=form, title=title, back=back, note=note, button=_("Send"), section="visits",
        outbox_form=words.OUTCOMES[outcome],
    )  # fmt: skip


def _which_visit(seen: queries.Job, came_at: datetime) -> str | None:
    """Return the visit of which somebody says what came: of that day one that counts as missed, else the one that is booked."""
    unsaid = [one for one in seen.visits if one.state == "missed" and one.unsaid and one.from_at]
    that_day = next((one.id for one in unsaid if london_date(one.from_at) == london_date(came_at)), None)
    return that_day or next((one.id for one in seen.visits if one.state == "booked"), None)


WORK_TITLES = {
    "book": (lazy("Book a visit"), "book_visit"), "move": (lazy("Move the visit"), "book_visit"),
    "cancel-visit": (lazy("Call the visit off"), "book_visit"), "missed": (lazy("Nobody came"), "book_visit"),
    "wait": (lazy("Let it wait"), "order_work"), "cancel": (lazy("It is not needed"), "order_work"),
}  # fmt: skip


@for_staff("see_repair")
def work_act(request: StaffRequest, work: str, name: str) -> HttpResponse:
    """Book, move, call off, let wait or cancel: what planners do with a work and its visit."""
    seen = found(job(request, work))
    if name not in WORK_TITLES:
        raise Http404
    title, permission = WORK_TITLES[name]
    if permission not in request.me.may:
        return errors.forbidden(request)
    visit = next((one for one in seen.visits if one.state == "booked"), None)
    if name in ("move", "cancel-visit", "missed") and visit is None:
        raise Http404
    form = _work_form(request, name, seen, visit)
    done, __ = told(form, lambda: _do_with_work(request, form, name, work, visit))
    back = reverse("desk_repair", args=[seen.repair.id])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=f"{title}: {words.readable(seen.work.what, words.trade(seen.work.trade))}",
        back=back, note=_before_booking(seen, name, request.now), button=title, section="queue",
    )  # fmt: skip


def _before_booking(seen: queries.Job, name: str, now: datetime) -> str:
    """Return what to know before somebody is sent: by when we said that we would come, and what is known of the home."""
    row = seen.repair
    promised = name in ("book", "move") and any(code.startswith("target.") for code in row.running)
    notes = "; ".join(note_line(note) for note in seen.notes)
    said = [_("We said that we would do it %(when)s.") % {"when": before(row.due_at, now)}] if promised else []
    return " ".join([*said, *([_("Know before anybody goes there. %(notes)s") % {"notes": notes}] if notes else [])])


def _work_form(request: StaffRequest, name: str, seen: queries.Job, visit: Any) -> Any:
    if name in ("book", "move"):
        moving = visit.id if name == "move" else None
        slots = queries.slots_for(seen.work, seen.repair, at=request.now, moving=moving)
        going = {"operative": visit.operative} if moving else {}
        limit = queries.law_limit(seen.repair, request.now)
        return form_of(request, filled.BookForm, work=seen.work, limit=limit, free=slots, moving=name == "move", initial=going)
    if name == "cancel-visit":
        return form_of(request, filled.CancelVisitForm)
    if name == "missed":
        return form_of(request, SentOnce)
    if name == "wait":
        return form_of(request, filled.WaitForm, people=filled.colleagues("see_repair"))
    return form_of(request, filled.WhyForm)


def _do_with_work(request: StaffRequest, form: Any, name: str, work: str, visit: Any) -> Any:
    said, sent = form.cleaned_data, {"by": request.by, "at": request.now, "command": form.command()}
    if name in ("book", "move"):
        which: dict[str, Any] = {
            "work": work,
            "visit": visit.id if name == "move" else None,
            "operative": said["operative"] or None,
        }
        which["ours"] = said["whose"] == "ours" if "whose" in said else None
        if said.get("free"):
            return actions.book_slot(slot=said["free"], **which, **sent)
        return actions.book_visit(
            from_at=said["from_at"], until_at=said["until_at"], contractor=said["contractor"] or None,
            over=bool(said.get("over")), **which, **sent,
        )  # fmt: skip
    if name == "cancel-visit":
        return actions.cancel_visit(visit=visit.id, ours=said["whose"] == "ours", why=said["why"] or None, **sent)
    if name == "missed":
        return actions.miss_visit(visit=visit.id, **sent)
    if name == "wait":
        return actions.wait_work(work=work, why=said["why"], owner=said["who"], look_again_on=said["look_again_on"], **sent)
    return actions.cancel_work(work=work, why=said["why"], **sent)
