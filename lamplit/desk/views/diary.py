"""The diary: whose it is, how much time there is, what is taken. Planners keep it; whoever books visits reads it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext
from lamplit.config.speaking import gettext as _
from lamplit.config.when import long_date
from lamplit.desk import words
from lamplit.desk.forms.diary import CapacityForm, DiaryForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.repairs import actions, queries
from lamplit.staff import queries as staff

DAYS = 14


@for_staff("book_visit")
def diaries(request: StaffRequest) -> HttpResponse:
    """Show every diary with the time that it has in the next two weeks."""
    rows = [_shown(one, request) for one in queries.diaries()]
    return page(
        request, "diaries.html", rows=[row for row in rows if not row["ended"]], over=[row for row in rows if row["ended"]]
    )


def _shown(one: Any, request: StaffRequest) -> dict[str, Any]:
    firm = staff.contractor(one.contractor) if one.contractor else None
    days = [] if one.ended else queries.days_of(one.id, london_date(request.now), DAYS)
    return {
        "id": one.id, "name": words.readable(one.name, _("A diary")), "ended": one.ended,
        "who": staff.full_name(firm) if firm is not None else _("Our own people"),
        "trades": [words.trade(trade) for trade in one.trades], "area": one.area or _("everywhere"),
        "days": [[long_date(day.day), gettext(day.part.words), day.places, day.taken, day.left] for day in days],
    }  # fmt: skip


@for_staff("keep_diary")
def diary(request: StaffRequest, diary: str | None = None) -> HttpResponse:
    """Record a diary, or change or end one."""
    row = found(queries.diary(diary)) if diary else None
    initial = {} if row is None else {
        "name": words.readable(row.name, ""), "contractor": row.contractor or "", "trades": list(row.trades),
        "area": row.area or "",
        "ended": row.ended,
    }  # fmt: skip
    form = form_of(request, DiaryForm, initial=initial)
    done, __ = told(
        form,
        lambda: actions.record_diary(
            diary=diary, **form.diary(), by=request.by, at=request.now, command=form.command()
        ),
    )  # fmt: skip
    back = reverse("diaries")
    title = _("Change %(name)s") % {"name": words.readable(row.name, _("a diary"))} if row is not None else _("A new diary")
    return went(back) if done else page(request, "form.html", form=form, title=title, back=back, section="visits")


@for_staff("keep_diary")
def capacity(request: StaffRequest, diary: str) -> HttpResponse:
    """Say for how many visits there is time."""
    row = found(queries.diary(diary))
    form = form_of(request, CapacityForm, today=london_date(request.now))
    done, __ = told(
        form,
        lambda: actions.set_capacity(
            diary=diary, **form.capacity(), by=request.by, at=request.now, command=form.command()
        ),
    )  # fmt: skip
    back = reverse("diaries")
    return (
        went(back)
        if done
        else page(
            request,
            "form.html",
            form=form,
            title=_("Time of %(name)s") % {"name": words.readable(row.name, _("a diary"))},
            back=back,
            section="visits",
            note=_(
                "The last word on a day counts. What is booked stays booked."
                " Bank holidays are free unless you name one by itself."
            ),
        )
    )
