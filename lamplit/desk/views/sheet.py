"""The day sheet: a day's visits in order, with all that whoever goes there must know; on a phone, and on paper for no signal."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.ids import reference
from lamplit.basics.working_days import london_date
from lamplit.config import papers
from lamplit.config.audience import for_staff
from lamplit.config.jinja import landlord
from lamplit.config.languages import said_in_ours
from lamplit.config.speaking import Words, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, near_date
from lamplit.desk import beside, words
from lamplit.desk.forms.diary import PaperForm
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import hidden_people
from lamplit.desk.talking import how_to_talk
from lamplit.desk.views.repair import note_line
from lamplit.people import queries as people
from lamplit.repairs import queries
from lamplit.staff import queries as staff

AHEAD = 7  # days for which a sheet may be made
DAY_NAMES = {"today": 0, "tomorrow": 1}
DAY_WORDS = Words({"today": "Today", "tomorrow": "Tomorrow"})


@for_staff("see_own_jobs")
def sheet(request: StaffRequest) -> HttpResponse:
    """Show a day's visits, one under another. `?day=`, and for planners `?who=` (somebody who goes) or `?firm=`."""
    day = day_asked(request)
    rows = rows_of(request, day)
    _looked(request, rows, "case")
    asked = request.GET.urlencode()
    return page(
        request, "sheet.html", rows=[line(row, request) for row in rows], day=near_date(day, request.now), on=day,
        title=_title(request, day), paper=f"{reverse('sheet_paper')}{'?' + asked if asked else ''}", days=_days(request, day),
        whose=_whose(day) if "see_repair" in request.me.may else [],
    )  # fmt: skip


@for_staff("see_own_jobs")
@said_in_ours
def paper(request: StaffRequest) -> HttpResponse:
    """Hand out the same as a PDF: it works where nothing else does, and has boxes for what came of each visit."""
    day = day_asked(request)
    rows = [row for row in rows_of(request, day) if row.visit.state == "booked"]
    _looked(request, rows, "file")
    lines = [line(row, request) for row in rows]
    made = papers.make(
        "sheet",
        {
            "title": _title(request, day),
            "landlord": landlord().name,
            "phone": landlord().phone,
            "made": full_moment(request.now),
            "outcomes": [[code, str(text)] for code, text in words.OUTCOMES.items()],
            "lines": lines,
        },
    )
    return papers.as_file(made, f"visits-{day.isoformat()}")


def _looked(request: StaffRequest, rows: list[queries.VisitRow], via: Literal["case", "file"]) -> None:
    """Say whose words, needs and number a sheet shows: each counts as a look, as on the page of the job."""
    for row in rows:
        named = [one for one in (row.repair.reporter, row.repair.voice) if one]
        hidden = hidden_people(request, named)
        looked(request, [one for one in named if one not in hidden], via, row.repair.id)


def day_asked(request: StaffRequest) -> date:
    """Return the day that the page is about: today, unless one of the next days is asked for."""
    today, asked = london_date(request.now), request.GET.get("day", "")
    if asked in DAY_NAMES:
        return today + timedelta(days=DAY_NAMES[asked])
    return next((d for n in range(AHEAD) if (d := today + timedelta(days=n)).isoformat() == asked), today)


def rows_of(request: StaffRequest, day: date) -> list[queries.VisitRow]:
    """Return a day's visits: all or those of one person or firm for the office; outside, one's own and the firm's."""
    me, who, firm = request.me, request.GET.get("who"), request.GET.get("firm")
    if "see_repair" in me.may:
        return queries.visits_of_day(day, staff=who or None, contractor=firm or None)
    if "contractor" in me.roles and me.contractor:
        return queries.visits_of_day(day, contractor=me.contractor)
    own = queries.visits_of_day(day, staff=me.id)
    of_firm = queries.visits_of_day(day, contractor=me.contractor) if me.contractor else []
    return sorted(
        [*own, *(row for row in of_firm if row.visit.operative is None)], key=lambda row: (row.visit.from_at, row.visit.id)
    )


def _title(request: StaffRequest, day: date) -> str:
    who = staff.member(request.GET.get("who", "")) if "see_repair" in request.me.may else None
    firm = staff.contractor(request.GET.get("firm", "")) if "see_repair" in request.me.may else None
    named = who or firm
    whose = staff.full_name(named) if named is not None else request.me.name if request.me.own_jobs else _("everybody")
    return _("Visits of %(day)s: %(whose)s") % {"day": full_date(day), "whose": whose}


def _days(request: StaffRequest, day: date) -> list[dict[str, Any]]:
    """Return today and tomorrow as links, keeping whom the sheet is for."""
    found = []
    for name, number in DAY_NAMES.items():
        asked = request.GET.copy()
        asked["day"] = name
        there = london_date(request.now) + timedelta(days=number)
        found.append({"text": DAY_WORDS[name], "href": f"?{asked.urlencode()}", "here": there == day})
    return found


def _whose(day: date) -> list[dict[str, Any]]:
    """Return whose sheets of the day there are: one link for each person and firm with a visit."""
    rows = queries.visits_of_day(day)
    people_there = staff.members({row.visit.operative for row in rows if row.visit.operative})
    links = [{"text": staff.full_name(one), "href": f"?day={day.isoformat()}&who={one.id}"} for one in people_there.values()]
    for ident in sorted({row.visit.contractor for row in rows if row.visit.contractor}):
        firm = staff.contractor(ident)
        if firm is not None:
            links.append(
                {"text": _("%(firm)s, all") % {"firm": staff.full_name(firm)}, "href": f"?day={day.isoformat()}&firm={firm.id}"}
            )
    return sorted(links, key=lambda link: link["text"])


def line(row: queries.VisitRow, request: StaffRequest) -> dict[str, Any]:
    """Return all that whoever goes there must know, as plain words."""
    repair = row.repair
    hidden = hidden_people(request, [one for one in (repair.reporter, repair.voice, *(note.voice for note in row.said)) if one])
    told = "" if repair.voice in hidden else words.readable(repair.words)
    dial = ring(repair, hidden)
    return {
        "href": reverse("job", args=[row.work.id]),
        "number": number_of(row.visit),
        "reference": repair.reference,
        "when": words.hours(row.visit.from_at, row.visit.until_at),
        "where": words.address(row.address),
        "what": words.readable(row.work.what, words.trade(row.work.trade)),
        "trade": words.trade(row.work.trade),
        "told": told,
        "said": said_since(row.said, hidden, request.now),
        "alerts": [note_line(note) for note in row.notes],
        "survey": beside.survey_behind(row.work),
        "needs": [words.need(code)["text"] for code in row.at_risk],
        "ways": words.visit_ways(row.at_risk),
        "talk": how_to_talk(repair.reporter, request),
        "dial": dial,
        "ring": words.reach(dial) if dial else None,
        "bring": [words.EVIDENCE.get(kind, kind).lower() for kind in row.work.needs],
        "state": words.VISIT_STATES.get(row.visit.state, row.visit.state),
        "over": row.visit.state != "booked",
    }


def said_since(notes: Sequence[Any], hidden: Collection[str], now: datetime) -> list[str]:
    """Return what was added to a repair since it was reported, each with its day; nothing of people who are `hidden`."""
    shown = (one for one in notes if one.voice not in hidden)
    return [f"{sentence(near_date(london_date(one.at), now))}: {words.readable(one.said)}" for one in shown]


def number_of(visit: Any) -> str:
    """Return the number of a visit, by which its paper is keyed."""
    return reference("V", visit.id)


def ring(repair: Any, hidden: set[str]) -> str | None:
    """Return the number to ring on the way there: a safe one of whoever reported it, or of whoever rang for her."""
    if repair.reporter:
        ways = people.ways_to_reach(repair.reporter, "call") if repair.reporter not in hidden else []
        return ways[0].value if ways else None
    caller = repair.caller if isinstance(repair.caller, dict) else {}
    return caller.get("phone")


@for_staff("see_repair")
def key_paper(request: StaffRequest) -> HttpResponse:
    """Find the visit of a paper sheet by its number, and go on to what came of it."""
    form = form_of(request, PaperForm, now=request.now)
    done, visit = told(form, lambda: found(queries.visit(form.cleaned_data["number"])))
    if done and visit is not None:
        return went(f"{reverse('job', args=[visit.work])}?paper={visit.id}")
    return page(
        request, "form.html", form=form, title=_("Key a paper sheet"), back=reverse("visits"), button=_("Find the visit"),
        section="visits", note=_("Both times are kept: when it happened, and that you wrote it down now on somebody’s word."),
    )  # fmt: skip
