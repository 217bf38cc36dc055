"""Patches, which firm covers which trade there, and the schedule of rates."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import beside, words
from lamplit.desk.forms.works import CoverForm, PatchForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.homes import queries as homes
from lamplit.repairs import queries as repairs
from lamplit.staff import actions, queries


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


@for_staff("manage_contractors")
def patches(request: StaffRequest) -> HttpResponse:
    """Show the patches."""
    rows = [{"href": reverse("patch", args=[row.id]), "text": row.name, "what": _area(row)} for row in queries.patches()]
    return page(request, "patches.html", rows=rows)


def _block_names(row: Any) -> str:
    names = {one.id: str(one.name or "") for one in homes.blocks()}
    return "\n".join(names.get(one, "") for one in row.blocks)


def _area(row: Any) -> str:
    blocks = [homes.block(one) for one in row.blocks[:20]]
    names = [str(one.name or _("a block")) for one in blocks if one is not None]
    more = [_("and %(blocks)s more blocks") % {"blocks": len(row.blocks) - 20}] if len(row.blocks) > 20 else []
    return ", ".join([*names, *more, *(one.upper() for one in row.postcodes)])


@for_staff("manage_contractors")
def patch(request: StaffRequest, patch: str | None = None) -> HttpResponse:
    """Record a patch, or put one right."""
    row = found(queries.patch(patch)) if patch else None
    initial = {}
    if row is not None:
        postcodes = ", ".join(one.upper() for one in row.postcodes)
        initial = {"name": row.name, "blocks": _block_names(row), "postcodes": postcodes}
    form = form_of(request, PatchForm, initial=initial)
    done, __ = told(form, lambda: actions.record_patch(patch=patch, **form.area(), **_sent(request, form)))
    back = reverse("patches")
    return went(back) if done else page(
        request, "form.html", form=form, title=row.name if row else _("A new patch"), back=back, section="staff"
    )  # fmt: skip


@for_staff("manage_contractors")
def covers(request: StaffRequest, firm: str) -> HttpResponse:
    """Show what a firm covers."""
    row = found(queries.contractor(firm))
    names = {one.id: one.name for one in queries.patches()}
    rows = [
        {"href": reverse("change_cover", args=[firm, one.id]), "trade": words.trade(one.trade),
         "where": names.get(one.patch or "", _("Everywhere")), "from": full_date(one.from_on),
         "until": full_date(one.until_on) if one.until_on else _("open")}
        for one in queries.covers_of(firm)
    ]  # fmt: skip
    return page(request, "covers.html", rows=rows, name=queries.full_name(row), firm=firm)


@for_staff("manage_contractors")
def cover(request: StaffRequest, firm: str, cover: str | None = None) -> HttpResponse:
    """Say what a firm covers, or change or end it."""
    who = found(queries.contractor(firm))
    row = found(queries.cover(cover)) if cover else None
    found(None if row is not None and row.contractor != firm else who)
    initial = {"from_on": london_date(request.now)}
    if row is not None:
        initial = {name: getattr(row, name) for name in ("trade", "patch", "from_on", "until_on")}
    form = form_of(request, CoverForm, firm=who, initial=initial)
    done, __ = told(form, lambda: actions.record_cover(contractor=firm, cover=cover, **form.cover(), **_sent(request, form)))
    back = reverse("covers", args=[firm])
    return (
        went(back)
        if done
        else page(
            request,
            "form.html",
            form=form,
            title=_("What %(who)s covers") % {"who": queries.full_name(who)},
            back=back,
            section="staff",
        )
    )


@for_staff("see_rates")
def rates(request: StaffRequest) -> HttpResponse:
    """Show the rates of today; `?q=` looks for a code or a word. A rate is no person's, so it may stand in an address."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = [
        {"code": row.code, "says": row.says, "trade": words.trade(row.trade),
         "rate": f"{pounds(row.pence)} {beside.UNITS[row.unit]}"}
        for row in repairs.rates(london_date(request.now), text=text)
    ]  # fmt: skip
    return page(request, "rates.html", rows=rows, looked_for=text, most=len(rows) == 200)
