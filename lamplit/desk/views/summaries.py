"""The written summary of an investigation: filled in, looked at, sent to each tenant, and kept as it went."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config import papers
from lamplit.config.audience import for_staff
from lamplit.config.languages import said_in_ours
from lamplit.config.speaking import gettext as _
from lamplit.config.summary import found_in_words, paper_of
from lamplit.config.when import full_date, listed
from lamplit.desk import words
from lamplit.desk.forms.summaries import HandedOverForm, Row, SummaryForm
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import actions, queries
from lamplit.repairs.actions.hazards import conclusion_of, may_step, names_of, work_due_on
from lamplit.tenancies import queries as tenancies

LEFT = ("open", "booked", "waiting")


@for_staff("take_hazard_step")
def write(request: StaffRequest, repair: str, of: int) -> HttpResponse:
    """Fill a summary in; look at the paper; send it to every tenant."""
    case = found(queries.case(repair, now=request.now, restricted="see_restricted" in request.me.may))
    row, tenants = case.repair, _tenants(case.repair.household, london_date(request.now))
    if of not in names_of(row):
        raise Http404
    looked(request, tenants, "case", row.id)
    survey = next(iter(reversed(queries.surveys_of(row.id))), None)
    planned = _planned(case, of, survey, request.now)
    form = form_of(request, SummaryForm, planned=planned, initial={"found": _found(case, survey)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if "look" in request.POST:
            return _as_page(paper_of(case, of, said, tenants[0] if tenants else None, request.now))
        made = [actions.Addressed(person=one, pdf=paper_of(case, of, said, one, request.now)) for one in tenants]
        done, __ = told(form, lambda: actions.write_summary(
            repair=row.id, of=of, found=said["found"], works=said["works"], no_work=said["no_work"] or None, papers=made,
            by=request.by, at=request.now, command=form.command(),
        ))  # fmt: skip
        if done:
            return went(reverse("desk_repair", args=[row.id]))
    by_hand = [one for one in tenants if not _has_way(one)]
    sent = [one for one in tenants if one not in by_hand]
    finding, at = conclusion_of(row, of) or ("none", request.now)
    return page(request, "summary.html", form=form, row=row, to=_names(sent), by_hand=_names(by_hand),
                surveyed=survey is not None, on=full_date(at),
                finding=found_in_words(finding, names_of(row)[of]),
                title=words.about(_("Write what we found"), row.reference), section="queue")  # fmt: skip


def _tenants(household: str, today: date) -> list[str]:
    return [one.person for one in tenancies.household(household, today) if one.role == "tenant"]


def _has_way(person: str) -> bool:
    return any(way.channel in queries.PAPER_GOES_BY for way in people.ways_to_reach(person, "message"))


def _names(persons: list[str]) -> str:
    return listed([_name(one) for one in persons]) if persons else ""


def _name(person: str) -> str:
    row = people.person(person)
    return people.full_name(row) if row is not None else _("The tenant")


@said_in_ours
def _planned(case: queries.Case, of: int, survey: Any | None, now: datetime) -> Sequence[Row]:
    """Return the works that are ordered and not done, those that the survey asks for first, each with its days."""
    last = max(work_due_on(case.repair, of) or date.min, london_date(now))
    left = [work for work in case.works if work.state in LEFT]
    left.sort(key=lambda work: survey is None or work.survey != survey.id)
    return [_one_planned(work, case, last) for work in left]


def _one_planned(work: Any, case: queries.Case, last: date) -> Row:
    """Return a work with the days that are known of it: its visit's, its own last one, and `last`, by which the law has it begun.

    By when it is finished is a promise: where nobody has said it yet, whoever writes the summary must.
    """
    visit = next((one for one in case.visits if one.work == work.id and one.state == "booked" and one.from_at), None)
    booked = london_date(visit.from_at) if visit is not None else None
    ends = work.target_on or booked
    begins = booked or (last if ends is None else min(ends, last))
    what = words.readable(work.what, words.trade(work.trade))
    return Row(what, begins, None if ends is None else max(begins, ends))


@said_in_ours
def _found(case: queries.Case, survey: Any | None) -> str:
    """Return what the survey found, and the cause; without one, what was found in the last visit in which anything was."""
    seen = [one for one in case.visits if one.found is not None]
    last = survey or max(seen, key=lambda one: one.arrived_at, default=None)
    said = [last.found, last.cause] if last is not None else []
    known = [words.stopped(one.strip()) for one in said if isinstance(one, str) and one.strip()]
    return " ".join([*known[:1], *(f"The cause: {cause}" for cause in known[1:])])


def _as_page(pdf: bytes) -> HttpResponse:
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="summary.pdf"'})


@for_staff("see_repair")
def paper(request: StaffRequest, repair: str, summary: str) -> HttpResponse:
    """Hand out a summary as it was sent."""
    row = _of(repair, summary)
    pdf = found(queries.summary_paper(row))
    looked(request, row.person, "file", repair)
    return papers.as_file(pdf, f"summary-{found(queries.repair(repair)).reference}")


@for_staff("take_hazard_step")
def handed_over(request: StaffRequest, repair: str, summary: str) -> HttpResponse:
    """Record that a summary was given to them on paper."""
    row = _of(repair, summary)
    looked(request, row.person, "case", repair)
    form = form_of(request, HandedOverForm, now=request.now)
    done, __ = told(form, lambda: actions.record_summary_sent(
        summary=row.id, how=form.cleaned_data["how"], by=request.by, at=form.happened_at, command=form.command(),
    ))  # fmt: skip
    back = reverse("desk_repair", args=[repair])
    if done:
        return went(back)
    title = _("The summary for %(person)s was handed over") % {"person": _name(row.person)}
    note = _("The law counts the day on which it left us.")
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Record it"), section="queue")


def _of(repair: str, summary: str) -> Any:
    row = found(queries.summary(summary))
    if row.repair != repair:
        raise Http404
    return row


def of_repair(request: StaffRequest, repair: str) -> list[dict[str, Any]]:
    """Return the summaries of a repair for its page: to whom, when written, whether sent."""
    return [
        {
            "to": _name(one.person), "written": full_date(one.written_at), "href": reverse("desk_summary", args=[repair, one.id]),
            "sent": _how_sent(one),
            "hand_over": None if one.sent_at or "take_hazard_step" not in request.me.may
            else reverse("summary_handed_over", args=[repair, one.id]),
        }
        for one in queries.summaries_of(repair)
    ]  # fmt: skip


def _how_sent(row: Any) -> str:
    """Say how a summary left us; when it came back, say that, and what carried it then. The law counts the sending."""
    if row.sent_at is None:
        return _("not sent yet")
    said = _("sent %(sent_how)s on %(day)s") % {"sent_how": words.SUMMARY_SENT[row.sent_how], "day": full_date(row.sent_at)}
    message = messages.message(row.message) if row.message else None
    if message is None or message.status != "failed":
        return said
    other = messages.carried([row.id]).get(row.id)
    if other is None or other.sent_at is None:
        return _("%(what)s; it did not arrive, so give it to them another way") % {"what": said}
    return _("%(what)s; it did not arrive, so it was sent again on %(day)s") % {"what": said, "day": full_date(other.sent_at)}


def to_write(request: StaffRequest, row: Any) -> list[dict[str, str]]:
    """Return a link for each hazard of which a summary is due."""
    if "take_hazard_step" not in request.me.may or not row.live:
        return []
    named = names_of(row)
    return [
        {"text": _("Write what we found") + (f": {queries.hazard_named(code).lower()}" if len(named) > 1 else ""),
         "href": reverse("write_summary", args=[row.id, of])}
        for of, code in named.items()
        if may_send(row, of)
    ]  # fmt: skip


def may_send(row: Any, of: int) -> bool:
    """Say whether the investigation of a hazard ended and no summary of it was sent."""
    return conclusion_of(row, of) is not None and may_step(row, "summary_sent", of)
