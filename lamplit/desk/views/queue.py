"""The queue: what runs out next, over repairs, promises and complaints."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplit.basics.working_days import day_ends_at, london_date
from lamplit.complaints import queries as complaints
from lamplit.config.audience import for_staff
from lamplit.config.left import times
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk import words
from lamplit.desk.pages import StaffRequest, page
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff

ROWS = 50
Key = tuple[int, datetime, str]  # rank, when it runs out, id: the order of the queue

FILTERS = (
    ("all", lazy("Runs out next")),
    ("emergencies", lazy("Emergencies")),
    ("hazards", lazy("Hazards")),
    ("mine", lazy("Mine")),
    ("complaints", lazy("Complaints")),
    ("promises", lazy("Promises")),
    ("to_confirm", lazy("To confirm")),
    ("waiting", lazy("Waiting")),
)
MIXED = ("all", "mine")  # filters that show promises and complaints beside repairs


class Row(NamedTuple):
    """Where one line stands in the order, and what makes it: three lists are merged, and only the first fifty are shown."""

    key: Key
    line: Callable[[], dict[str, Any]]


@for_staff()
def start(request: StaffRequest) -> HttpResponse:
    """Lead everybody to where her work is: the queue, her own jobs, or the accounts."""
    if "see_queue" in request.me.may:
        return queue(request)
    return HttpResponseRedirect(reverse("visits" if request.me.own_jobs else "accounts"))


def queue(request: StaffRequest) -> HttpResponse:
    """Show what runs out next; `?f=` names a filter, `?after=` the last line of the page before."""
    which = request.GET.get("f", "all")
    which = which if which in dict(FILTERS) else "all"
    rows = rows_of(which, request, _read_key(request.GET.get("after", "")))
    more = _write_key(rows[ROWS - 1].key) if len(rows) > ROWS else None
    return page(
        request, "queue.html", which=which, title=dict(FILTERS)[which], filters=_filters(which, request),
        rows=[row.line() for row in rows[:ROWS]], more=more,
    )  # fmt: skip


def rows_of(which: str, request: StaffRequest, after: Key | None = None) -> list[Row]:
    """Return the lines of a filter in order, one more than a page holds when there are more."""
    found: list[Row] = []
    if which not in ("complaints", "promises"):
        found += _repairs(which, request, after)
    if which in (*MIXED, "promises"):
        found += _promises(which, request, after)
    if which in (*MIXED, "complaints") and "see_complaint" in request.me.may:
        found += _complaints(which, request, after)
    return sorted(found, key=lambda row: row.key)[: ROWS + 1]


def _repairs(which: str, request: StaffRequest, after: Key | None) -> list[Row]:
    rows = repairs.queue(which, now=request.now, me=request.me.id, limit=ROWS + 1, after=after)
    return [Row(row.cursor, partial(_repair_line, row)) for row in rows]


def _repair_line(row: repairs.QueueRow) -> dict[str, Any]:
    notes = []
    if row.report_count > 1:
        notes.append(_("told %(times)s") % {"times": times(row.report_count)})
    if row.reopened_count:
        notes.append(_("reopened %(times)s") % {"times": times(row.reopened_count)})
    if row.missed_count:
        notes.append(_("late %(times)s") % {"times": times(row.missed_count)})
    what = words.readable(row.title, _("A repair"))
    return {
        "due_at": row.next_at,
        "since_at": row.starts_at or row.reported_at,
        "what": f"{words.clock_duty(row.next_code)}: {what}" if row.next_code.startswith("awaab.") else what,
        "href": reverse("desk_repair", args=[row.id]),
        "where": words.short_address(row.address),
        "needs": [words.need(code) for code in row.at_risk],
        "clock": words.clock(row.next_code),
        "who": words.readable(row.owner_name) or None,
        "note": ", ".join(notes) or None,
    }


def _promises(which: str, request: StaffRequest, after: Key | None) -> list[Row]:
    owner = request.me.id if which == "mine" else None
    # Promises and complaints have rank 1; behind a page that ends with rank 0 they have not begun yet.
    seen = (after[1], after[2]) if after is not None and after[0] > 0 else None
    found = messages.open_promises(owner=owner, after=seen, limit=ROWS + 1)
    hidden: set[str] = set()
    if "see_restricted" not in request.me.may:
        hidden = messages.restricted_contacts(row.contact for row in found)
        hidden |= people.restricted_among(row.person for row in found)
    needs = _needs({row.person for row in found if row.person}, request)
    owners = staff.members({row.owner for row in found if row.owner})
    where = homes.homes({row.home for row in found if row.home})
    return [
        Row(
            (1, row.due_at, row.id),
            partial(_promise_line, row, needs, owners, where, hidden=row.contact in hidden or row.person in hidden),
        )
        for row in found
    ]


def _promise_line(row: Any, needs: dict[str, list[Any]], owners: dict[str, Any], where: dict[str, Any], *, hidden: bool) -> Any:
    home, owner = where.get(row.home), owners.get(row.owner)
    return {
        "due_at": row.due_at,
        "since_at": row.made_at,
        "what": _("Promise to somebody restricted") if hidden else _("Promise: %(what)s") % {"what": words.readable(row.what)},
        "href": reverse("keep_promise", args=[row.id]),
        "where": homes.address_line(home) if home is not None and not hidden else "",
        "needs": [] if hidden else needs.get(row.person or "", []),
        "clock": _("Promise"),
        "who": staff.full_name(owner) if owner is not None else None,
        "note": None,
    }


def _complaints(which: str, request: StaffRequest, after: Key | None) -> list[Row]:
    owner = request.me.id if which == "mine" else None
    seen = _day_seen(after) if after is not None and after[0] > 0 else None
    found = complaints.open_complaints(owner=owner, after=seen, limit=ROWS + 1)
    owners = staff.members({row.owner for row in found if row.owner})
    rows = [Row((1, day_ends_at(row.due_on), row.id), partial(_complaint_line, row, owners)) for row in found]
    return [row for row in rows if after is None or row.key > after]


def _day_seen(after: Key) -> tuple[date, str]:
    """Return behind which complaint to go on. A complaint runs out at the end of its last day, so midnight is the day before."""
    day = london_date(after[1] - timedelta(microseconds=1))
    return day, after[2] if after[1] == day_ends_at(day) and after[2].startswith("k_") else ""


def _complaint_line(row: Any, owners: dict[str, Any]) -> dict[str, Any]:
    owner = owners.get(row.owner)
    acknowledged = row.status != "made"
    return {
        "due_at": day_ends_at(row.due_on),
        "since_at": row.acknowledged_at or row.made_at,
        "what": (_("Answer complaint %(reference)s") if acknowledged else _("Acknowledge complaint %(reference)s"))
        % {"reference": row.reference},
        "href": reverse("complaint", args=[row.id]),
        "where": "",
        "needs": [],
        "clock": _("Complaint, stage 1"),
        "who": staff.full_name(owner) if owner is not None else None,
        "note": None,
    }


def _needs(persons: set[str], request: StaffRequest) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in people.live_needs(persons, london_date(request.now)) if persons else []:
        found.setdefault(one.person, []).append(words.need(one.code))
    return found


def _filters(current: str, request: StaffRequest) -> list[dict[str, Any]]:
    """Return the filters with their counts."""
    counts = counts_of(request)
    shown = [f for f in FILTERS if f[0] != "complaints" or "see_complaint" in request.me.may]
    return [
        {"text": text, "href": f"{reverse('queue')}?f={name}", "count": counts[name], "current": name == current}
        for name, text in shown
    ]  # fmt: skip


def counts_of(request: StaffRequest) -> dict[str, int]:
    """Return how many lines each filter has."""
    me = request.me.id
    counts = repairs.queue_counts(now=request.now, me=me)
    counts["promises"], promises = messages.count_open_promises(me)
    counts["complaints"], answers = complaints.count_open_complaints(me) if "see_complaint" in request.me.may else (0, 0)
    counts["all"] += counts["promises"] + counts["complaints"]
    counts["mine"] += promises + answers
    return counts


def _write_key(key: Key) -> str:
    return f"{key[0]}~{key[1].isoformat()}~{key[2]}"


def _read_key(text: str) -> Key | None:
    rank, __, rest = text.partition("~")
    when, __, ident = rest.partition("~")
    try:
        at = datetime.fromisoformat(when)
        return (int(rank), at, ident) if at.tzinfo is not None else None
    except ValueError:
        return None
