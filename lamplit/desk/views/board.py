"""Figures: how old open repairs are, which clocks were missed. Each figure opens its list, each chart stands in its table."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment
from lamplit.desk import rent_words, words
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.views.coming_back import rehearsed
from lamplit.rent import queries as rent
from lamplit.repairs import queries

LOOKS_BACK = timedelta(weeks=12)
WHY = Words({
    "no_access": "Nobody let us in", "we_did_not_come": "We did not come when we said",
    "more_was_needed": "We came, and it was not enough", "too_late": "The visit was booked too late",
    "nobody_sent": "Nobody was sent",
})  # fmt: skip


@for_staff("see_figures")
def board(request: StaffRequest) -> HttpResponse:
    """Show the figures as they stand now."""
    ages = queries.open_by_age(request.now)
    kept = queries.clocks_kept(request.now - LOOKS_BACK, request.now)
    longest = max([age.repairs for age in ages], default=0) or 1
    return page(
        request, "board.html", ages=[_age(age, longest) for age in ages], clocks=[_kept(one) for one in kept],
        open=sum(age.repairs for age in ages), since=full_date(request.now - LOOKS_BACK), why=_why(request.now),
        weeks=_weeks(request.now),
        visits=_visits(request), statements=_statements(request.now), rehearsed=rehearsed(request.now),
    )  # fmt: skip


def _statements(now: datetime) -> dict[str, str] | None:
    """Say how far the statements of the last quarter are; None where no rent was charged then."""
    today = london_date(now)
    of = rent.last_quarter(today)
    far = rent.statements_went(of, today)
    return {"quarter": of.name, "far": rent_words.went(far), "due": full_date(of.due_on)} if far.of else None


def _why(now: datetime) -> list[dict[str, Any]]:
    rows = queries.why_missed(now - LOOKS_BACK, now)
    longest = max([count for __, count in rows], default=0) or 1
    return [{"text": WHY[code], "count": count, "share": round(100 * count / longest)} for code, count in rows]


def _weeks(now: datetime) -> dict[str, Any]:
    """Return the weeks for kit/chart.html. `most` is a round number above the highest column."""
    found = queries.missed_by_week(now, LOOKS_BACK.days // 7)
    highest = max(one.kept + one.missed for one in found)
    step = 10 ** max(len(str(highest)) - 1, 0)
    rows = [
        {
            "text": _("From %(day)s") % {"day": full_date(one.since)},
            "short": f"{one.since:%d/%m}",
            "parts": [one.kept, one.missed],
        }
        for one in found
    ]
    return {"rows": rows, "most": -(-highest // step) * step}


def _visits(request: StaffRequest) -> list[list[Any]]:
    """Return the visits whose time came, as rows of a table: what, and how many."""
    kept = queries.visits_kept(request.now - LOOKS_BACK, request.now)
    rows: list[list[Any]] = [
        [_("Promised"), kept.promised], [_("Somebody came in time"), kept.kept], [_("Moved or called off by us"), kept.by_us],
        [_("Moved or called off by them"), kept.by_them], [_("Nobody let us in"), kept.no_access],
    ]  # fmt: skip
    return rows + ([[_("We owe for those that we missed"), pounds(kept.owed_pence)]] if kept.owed_pence else [])


def _age(age: queries.Age, longest: int) -> dict[str, Any]:
    return {
        "text": age_words(age.from_days, age.to_days), "count": age.repairs, "emergencies": age.emergencies,
        "share": round(100 * age.repairs / longest),
        "href": f"{reverse('board_open')}?from={age.from_days}&to={age.to_days if age.to_days is not None else ''}",
    }  # fmt: skip


def age_words(from_days: int, to_days: int | None) -> str:
    """Return an age span in words."""
    if to_days is None:
        return _("%(from_days)s days and older") % {"from_days": from_days}
    return (
        _("Less than a day")
        if to_days == 1
        else _("%(from_days)s to %(to_days)s days") % {"from_days": from_days, "to_days": to_days}
    )


def _kept(one: queries.Kept) -> dict[str, Any]:
    share = 100 * (one.ended - one.missed) // one.ended if one.ended else 100
    return {
        "text": words.clock_duty(one.code), "count": one.ended, "missed": one.missed, "late_now": one.late_now, "share": share,
        "href": f"{reverse('board_missed')}?clock={one.code}",
    }  # fmt: skip


@for_staff("see_figures")
def board_open(request: StaffRequest) -> HttpResponse:
    """Show the repairs behind one age."""
    young, old = request.GET.get("from", "0"), request.GET.get("to", "")
    if not (young.isdecimal() and len(young) < 5) or not (old == "" or (old.isdecimal() and len(old) < 5)):
        raise Http404
    to_days = int(old) if old else None
    rows = queries.open_between(int(young), to_days, request.now)
    listed = [
        {"href": reverse("desk_repair", args=[row.id]), "text": words.readable(row.title, _("A repair")),
         "reference": row.reference, "when": full_date(row.reported_at), "how": words.STATUSES[row.status]}
        for row in rows
    ]  # fmt: skip
    title = (
        _("Open repairs: %(to_days)s") % {"to_days": age_words(int(young), to_days).lower()}
        if to_days or int(young)
        else _("All open repairs")
    )
    return page(
        request, "board_list.html", title=title, rows=listed, columns=[_("Repair"), _("Number"), _("Told on"), _("How it stands")]
    )


@for_staff("see_figures")
def board_visits(request: StaffRequest) -> HttpResponse:
    """Show the visits that we missed, or came late to."""
    rows = queries.visits_missed(request.now - LOOKS_BACK, request.now)
    listed = [
        {"href": reverse("desk_repair", args=[repair.id]), "text": words.readable(repair.title, _("A repair")),
         "reference": repair.reference, "when": words.slot(visit.from_at, visit.until_at),
         "how": full_moment(visit.arrived_at) if visit.arrived_at else _("nobody came")}
        for visit, repair in rows
    ]  # fmt: skip
    title = _("Visits that we missed")
    return page(
        request, "board_list.html", title=title, rows=listed, columns=[_("Repair"), _("Number"), _("Promised"), _("Came")]
    )


@for_staff("see_figures")
def board_missed(request: StaffRequest) -> HttpResponse:
    """Show the repairs behind one kind of missed clock."""
    code = request.GET.get("clock", "").replace("\x00", "")[:60]
    rows = queries.clocks_missed(code, request.now - LOOKS_BACK, request.now)
    listed = [
        {"href": reverse("desk_repair", args=[repair.id]), "text": words.readable(repair.title, _("A repair")),
         "reference": repair.reference, "when": sentence(words.ran_out(clock.due_at, request.now)),
         "how": full_moment(clock.stopped_at) if clock.stopped_at else _("not yet")}
        for clock, repair in rows
    ]  # fmt: skip
    title = _("Missed: %(code)s") % {"code": words.clock_duty(code)}
    return page(request, "board_list.html", title=title, rows=listed, columns=[_("Repair"), _("Number"), _("Was due"), _("Done")])
