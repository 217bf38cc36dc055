"""The record behind a page: who, when, what, and how far it is sealed and copied."""

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import full_moment
from lamplit.config.audience import for_staff
from lamplit.desk import timeline, words
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.repairs import queries as repairs


@for_staff("see_record")
def record(request: StaffRequest) -> HttpResponse:
    """Show how long the log is and how far each store has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size FROM record.checkpoint")
        row = cursor.fetchone()
        cursor.execute("SELECT store, size, published_at FROM record.published ORDER BY store")
        stores = [{"name": name, "size": size, "at": at} for name, size, at in cursor.fetchall()]
        cursor.execute("SELECT name, alive_at, trouble FROM record.loop ORDER BY name")
        loops = [{"name": name, "alive_at": alive_at, "trouble": trouble} for name, alive_at, trouble in cursor.fetchall()]
    return page(request, "record.html", size=row[0] if row else 0, stores=stores, loops=loops)


@for_staff("see_repair")
def entry(request: StaffRequest, entry: str) -> HttpResponse:
    """Show one line of a repair's timeline as the record has it."""
    line = found(repairs.happening(entry))
    case = found(repairs.case(line.repair, now=request.now, restricted="see_restricted" in request.me.may))
    shown = found(next((one for one in case.timeline if one.id == entry), None))
    names = Names(timeline.actors([shown]), may=request.me.may)
    item = timeline.of_repair([shown], names, request.now)[0]
    rows = [
        {"key": "What", "value": item["what"]},
        {"key": "In words", "value": item["more"]},
        {"key": "Who", "value": names.of(shown.by)},
        {"key": "When it happened", "value": full_moment(shown.at)},
        {"key": "When it was written down", "value": full_moment(shown.recorded_at)},
        {"key": "Kind of fact", "value": words.plain(shown.kind)},
        {"key": "Entry", "value": shown.id},
    ]
    back = reverse("desk_repair", args=[case.repair.id])
    return page(request, "entry.html", rows=rows, title=item["what"], back=back, repair=line.repair)
