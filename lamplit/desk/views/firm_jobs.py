"""A job at the standby, sent to its firm by e-mail or on paper: with a link that opens this one job and takes what came of it."""

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.config import errors, limits, looks, papers, providers
from lamplit.config.audience import Request, for_everyone, for_staff
from lamplit.config.code_sender import sender
from lamplit.config.jinja import landlord
from lamplit.config.languages import said_in_ours
from lamplit.config.sent import sent_before
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.square import square
from lamplit.config.when import clock_time, full_moment
from lamplit.desk import beside, firm_links, words
from lamplit.desk.forms import firm as filled
from lamplit.desk.forms.repairs import AttendForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import job
from lamplit.desk.views import sheet
from lamplit.desk.views.repair import note_line
from lamplit.people import queries as people
from lamplit.reactions.providers.interface import NotSent, Outgoing
from lamplit.repairs import actions, queries
from lamplit.staff import queries as staff

SAYS = Words({"accept": "Take this job", "visit": "Say when you come", "mended": "It is mended", "no_access": "Nobody let us in"})
SAID = Words({"accept": "You take this job.", "visit": "You said when you come.", "no_access": "Nobody let you in."})
WAYS = {"email": "by e-mail", "paper": "on paper"}  # for the record


@for_staff("order_work")
def send(request: StaffRequest, work: str) -> HttpResponse:
    """Send a job to its firm, with a link that needs no sign-in. That it went is a note of the repair."""
    seen = found(job(request, work))
    if not firm_links.may_be_sent(seen.work):
        raise Http404
    firm = found(staff.contractor(seen.work.contractor))
    email = None if firm_links.in_drill() else words.readable(firm.email) or None
    form = form_of(request, filled.SendForm, email=email)
    until_at = request.now + firm_links.LASTS
    link = firm_links.link(request, seen.work, until_at)
    done, __ = told(form, lambda: _send(request, form, seen, firm, link))
    if done and form.cleaned_data["way"] == "paper":
        return papers.as_file(_paper(request, seen, link, until_at), f"job-{seen.repair.reference}")
    if done:
        return went(reverse("job", args=[work]))
    note = _("The link opens this one job, until it is done, a week at most. ")
    note += (
        _("This is a drill, so nothing is sent.") if firm_links.in_drill() else _("The e-mail names no tenant and no address.")
    )
    return page(
        request,
        "form.html",
        form=form,
        title=_("Send the job to %(firm)s") % {"firm": staff.full_name(firm)},
        back=reverse("job", args=[work]),
        note=note,
        button=_("Send it"),
        section="visits",
    )


def _send(request: StaffRequest, form: Any, seen: queries.Job, firm: Any, link: str) -> None:
    """Send it, then note it: what could not be sent is not noted."""
    way = form.cleaned_data["way"]
    if way == "email":
        _mail(request, seen, firm, link)
    says = f"Sent to {staff.full_name(firm)} {WAYS[way]}, with a link to this job."
    sent = {"by": request.by, "at": request.now, "command": form.command()}
    actions.note_repair(repair=seen.repair.id, says=says, audience="staff", **sent)


@said_in_ours
def _mail(request: StaffRequest, seen: queries.Job, firm: Any, link: str) -> None:
    """Give the link to whoever carries our e-mail. It is a key, so it stands in no record."""
    body = (
        f"{landlord().name} has a job for you: {words.trade(seen.work.trade)}, {seen.repair.reference}.\n\n"
        f"See it, and say what came of it, here:\n{link}\n\n"
        "Whoever has this link can see the job. Do not pass it on outside your firm. It works for a week at most.\n\n"
        f"Payment details do not change. If this looks odd, ring {landlord().phone}."
    )
    carrier = providers.carriers().chosen("email")
    if carrier is None:  # as with codes: the demo's outbox, or a folder that somebody empties
        return sender().send("email", firm.email, body)
    message = Outgoing(
        key=f"job_{secrets.token_hex(10)}",
        channel="email",
        to=firm.email,
        name=staff.full_name(firm),
        subject=f"A job from {landlord().name}: {seen.repair.reference}",
        body=body,
        at=request.now,
    )
    try:
        carrier.send(message, carrier.form(message))
    except NotSent as no:
        raise Refused("repairs.job_not_sent", why=str(no)) from no
    return None


@said_in_ours
def _paper(request: StaffRequest, seen: queries.Job, link: str, until_at: Any) -> bytes:
    """Make the sheet of one job: with boxes for what came of it, which somebody here keys later."""
    title = f"A job for {_firm(seen)}"
    return papers.make("sheet", {
        "title": title, "landlord": landlord().name, "phone": landlord().phone, "made": full_moment(request.now),
        "outcomes": [[code, str(text)] for code, text in words.OUTCOMES.items()], "lines": [_known(seen, request.now)],
        "link": link, "until": full_moment(until_at), "square": square(link, "Square to scan with your phone"),
    })  # fmt: skip


def _known(seen: queries.Job, now: datetime) -> dict[str, Any]:
    """Return all that whoever goes there must know, as plain words. Of somebody kept for few: no number, none of her words."""
    repair, booked, when = seen.repair, _booked(seen), _("Not booked yet: agree it with them")
    if booked:
        when = _("%(begins)s to %(ends)s") % {"begins": full_moment(booked.from_at), "ends": clock_time(booked.until_at)}
    voices = (repair.reporter, repair.voice, *(note.voice for note in seen.said))
    hidden = people.restricted_among([one for one in voices if one])
    dial = sheet.ring(repair, hidden)
    return {
        "number": sheet.number_of(booked) if booked else _("not booked"), "reference": repair.reference,
        "survey": beside.survey_behind(seen.work), "said": sheet.said_since(seen.said, hidden, now),
        "when": when,
        "where": words.address(seen.address), "what": words.readable(seen.work.what, words.trade(seen.work.trade)),
        "trade": words.trade(seen.work.trade), "told": "" if repair.voice in hidden else words.readable(repair.words),
        "alerts": [note_line(note) for note in seen.notes], "needs": [words.need(code)["text"] for code in seen.at_risk],
        "ways": words.visit_ways(seen.at_risk), "talk": [], "ring": words.reach(dial) if dial else None, "dial": dial,
        "bring": [words.EVIDENCE.get(kind, kind).lower() for kind in seen.work.needs],
    }  # fmt: skip


def _firm(seen: queries.Job) -> str:
    return staff.full_name(found(staff.contractor(seen.work.contractor)))


def _booked(seen: queries.Job) -> Any | None:
    return next((visit for visit in seen.visits if visit.state == "booked"), None)


@for_everyone
def firm_job(request: Request, token: str) -> HttpResponse:
    """Show the one job that a link opens, to whoever holds it; anything else is not there."""
    seen = _opened(request, token)
    if seen is None:
        return _not_there(request)
    by = By("contractor", seen.work.contractor)
    shown: list[looks.Seen] = [
        (one, "case", seen.repair.id)
        for one in {seen.repair.reporter, seen.repair.voice}
        if one and one.startswith("p_") and one not in people.restricted_among([one])
    ]
    if stopped := looks.stop(by, (), shown, request.now):
        return errors.seen_enough(request, stopped.span, stopped.most)
    looks.note(by, shown, request.now)
    return render(request, "desk/firm_job.html", {
        "job": _known(seen, request.now), "firm": _firm(seen), "token": token, "says": SAYS,
        "emergency": seen.repair.status == "received", "said": SAID.get(request.GET.get("said", "")),
    }, using="jinja2")  # fmt: skip


@for_everyone
def firm_says(request: Request, token: str, says: str) -> HttpResponse:
    """Take what the firm says: it takes the job, when it comes, that it is mended, that nobody let it in."""
    seen = _opened(request, token)
    if seen is None or says not in SAYS:
        return _not_there(request)
    form = _form(request, says, seen)
    # Sent before: the visit is over by now, so it would look like another command.
    if sent_before(form) or told(form, lambda: _do(request, form, says, seen))[0]:
        over = says == "mended"
        return render(request, "desk/firm_job_over.html", {"thanks": True}, using="jinja2") if over else went(
            f"{reverse('firm_job', args=[token])}?said={says}"
        )  # fmt: skip
    title = f"{SAYS[says]}: {words.trade(seen.work.trade)}, {seen.repair.reference}"
    shown = {"form": form, "title": title, "back": reverse("firm_job", args=[token])}
    return render(request, "desk/firm_says.html", shown, using="jinja2")


def _form(request: Request, says: str, seen: queries.Job) -> Any:
    if says == "accept":
        return form_of(request, filled.AcceptForm)
    if says == "visit":
        return form_of(request, filled.VisitForm, limit=queries.law_limit(seen.repair, request.now))
    form = form_of(request, AttendForm, now=request.now, outcome=says, wanted=list(seen.work.needs), hazards={})
    for name in [name for name in form.fields if name.startswith("proof_")]:
        form.fields[name].help_text = _("What it shows, or where you keep it.")  # no photo comes in by a link
    return form


def _do(request: Request, form: Any, says: str, seen: queries.Job) -> Any:
    """Write it down as said by the firm: the same actions as from its own system or the desk."""
    sent = {"by": By("contractor", seen.work.contractor), "at": request.now, "command": form.command()}
    work, said, booked = seen.work, form.cleaned_data, _booked(seen)
    if says == "accept":
        firm = _firm(seen)
        return actions.note_repair(
            repair=seen.repair.id, says=f"{firm} takes the job. Said by {said['name']}, by the link.", audience="staff", **sent
        )
    which = {"work": work.id, "visit": booked.id if booked else None}
    if says == "visit":
        visit = actions.book_visit(
            from_at=said["from_at"], until_at=said["until_at"], contractor=work.contractor, over=True, **which, **sent
        )
        if said.get("late"):
            _say_late(form.limit, _firm(seen), seen.repair.id, sent)
        return visit
    return actions.attend_visit(**form.visit(), **which, **(sent | {"at": form.happened_at}))


@said_in_ours
def _say_late(limit: tuple[str, datetime], firm: str, repair: str, sent: dict[str, Any]) -> None:
    """Tell whoever plans that a firm comes later than the law allows, in time to send somebody else."""
    says = f"{firm} comes later than the law allows. {words.law_limit(*limit)}"
    actions.note_repair(repair=repair, says=says, audience="staff", **(sent | {"command": f"{sent['command']}.late"}))


def _opened(request: Request, token: str) -> queries.Job | None:
    """Return the job of a link. Whoever tries links is counted before one is looked at."""
    limits.count(limits.LINKS_PER_ADDRESS, limits.address_of(request), request.now)
    return firm_links.opened(token, request.now)


def _not_there(request: Request) -> HttpResponse:
    return render(request, "desk/firm_job_over.html", {"thanks": False}, status=404, using="jinja2")
