"""The duties of an incident: by when, a draft to copy, who does it, and how it is proved."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.languages import said_in_ours
from lamplit.config.speaking import gettext
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment, listed
from lamplit.desk.forms import incident as forms
from lamplit.desk.forms.repairs import colleagues
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.incidents import actions, queries
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies


def rows_of(incident: str, *, may: frozenset[str]) -> list[dict[str, Any]]:
    """Return the duties of an incident as the console shows them; `key`: it is a key to change."""
    rows = queries.duties_of(incident)
    names = Names([f"staff:{row.owner}" if row.owner else None for row in rows] + [row.done_by for row in rows], may=may)
    return [
        {
            "row": row, "what": gettext(queries.duty_clock(row).duty), "href": reverse("duty", args=[incident, row.duty]),
            "owner": names.of(f"staff:{row.owner}") if row.owner else None,
            "done_by": names.of(row.done_by) if row.done_by else None, "key": queries.changes_key(row),
            "kept": row.done_at is not None and row.done_at <= row.due_at,
        }
        for row in rows
    ]  # fmt: skip


@for_staff("see_incident")
def duty(request: StaffRequest, incident: str, duty: str) -> HttpResponse:
    """Show one duty with its draft, filled in from what was said so far."""
    row, clock = _row(incident, duty)
    names = Names([f"staff:{row.owner}" if row.owner else None, row.done_by], may=request.me.may)
    said = filled(request, incident, waits=row.outcome is None)
    return page(
        request, "duty.html", row=row, clock=clock, owner=names.of(f"staff:{row.owner}") if row.owner else None,
        done_by=names.of(row.done_by), draft=queries.draft(row, said), how=queries.how(row, said), drill=_is_drill(incident),
        kept=row.done_at is not None and row.done_at <= row.due_at,
    )  # fmt: skip


@for_staff("do_duty")
def give(request: StaffRequest, incident: str, duty: str) -> HttpResponse:
    """Give a duty to somebody."""
    row, clock = _row(incident, duty)
    form = form_of(request, forms.OwnerForm, people=colleagues("do_duty"), initial={"owner": row.owner})
    done, __ = told(
        form,
        lambda: actions.give_duty(
            incident=incident, duty=duty, owner=form.cleaned_data["owner"], by=request.by, at=request.now, command=form.command()
        ),
    )
    return _after(request, done, form, _("%(duty)s: who does it?") % {"duty": gettext(clock.duty)}, incident, duty)


@for_staff("do_duty")
def finish(request: StaffRequest, incident: str, duty: str) -> HttpResponse:
    """Say that a duty was done, with its proof, or that it is not needed."""
    __, clock = _row(incident, duty)
    form = form_of(request, forms.DoneForm, now=request.now)
    done, __ = told(
        form,
        lambda: actions.do_duty(
            incident=incident, duty=duty, outcome=form.cleaned_data["outcome"], proof=form.proof(),
            by=request.by, at=form.happened_at, command=form.command(),
        ),
    )  # fmt: skip
    return _after(request, done, form, gettext(clock.duty), incident, duty)


@for_staff("open_incident")
def declare(request: StaffRequest, incident: str) -> HttpResponse:
    """Say what else an incident is about, so that its duties begin."""
    row = found(queries.incident(incident))
    if row.ended_at is not None:
        raise Http404
    form = form_of(request, forms.KindForm, now=request.now, known=row.kinds or [])
    done, __ = told(
        form,
        lambda: actions.declare_kind(
            incident=incident, kind=form.cleaned_data["kind"], aware_at=form.happened_at,
            by=request.by, at=request.now, command=form.command(),
        ),
    )  # fmt: skip
    back = reverse("incident_console")
    return went(back) if done else page(
        request, "form.html", form=form, title=_("Declare more"), back=back, button=_("Declare it"), section="incident"
    )  # fmt: skip


@said_in_ours
def filled(request: StaffRequest, incident: str, *, waits: bool) -> dict[str, str]:
    """Return what a draft takes from the facts. What nobody said yet reads as not known."""
    row, lines = found(queries.incident(incident)), queries.lines_of(incident)
    stands, names = queries.standing(lines), queries.service_names(request.now)
    data = queries.about_data(request.now)
    whole = [line for line in lines if line.about == queries.WHOLE]
    told = {code: _stands(names[code], stands[code]) for code in names if code in stands}
    backs = [f"{names[code]}: {full_moment(stands[code].back_at)}" for code in told if stands[code].back_at]
    checks = [
        f"{line.checked_by}, {full_moment(line.checked_at)}: {line.checked_what}" for line in stands.values() if line.checked_by
    ]
    ours = settings.LANDLORD
    next_said = full_moment(whole[-1].next_at) if whole[-1].next_at else "[when]"
    return {
        "held": listed(what_we_hold(request.now)),
        "landlord": ours["name"], "phone": ours["phone"], "help": ours["help_address"], "says": whole[-1].says or "",
        "nature": "initial" if waits else "follow-up", "aware": full_moment(row.aware_at),
        "status": request.build_absolute_uri("/status"), "next": next_said,
        "services": " ".join(told[code] for code in told if code not in data) or "not said yet",
        "data": " ".join(told[code] for code in told if code in data) or "not known yet",
        "checked": listed(checks) or "not known yet", "back": listed(backs) or "[a timescale is needed: write it here]",
        "said": " ".join(f"{full_moment(line.said_at)}: {line.says}" for line in whole),
    }  # fmt: skip


def what_we_hold(now: datetime) -> list[str]:
    """Return how many people and records we hold, by class: the most that a breach can have touched."""
    held = [*people.count_held(), *messages.count_held(), *repairs.count_held()]
    roles = tenancies.count_members(london_date(now))
    return [f"{count:,} {what}" for what, count in [*roles, *held] if count]


def _stands(name: str, line: Any) -> str:
    parts = [line.works, line.instead, line.says, line.looked_at]
    known = "" if line.known == "known" else f" ({forms.KNOWN[line.known].lower()})"
    return f"{name}: {line.state}{known}. {' '.join(part for part in parts if part)}".strip()


def _row(incident: str, duty: str) -> tuple[Any, Any]:
    row = found(queries.duty(incident, duty))
    return row, queries.duty_clock(row)


def _is_drill(incident: str) -> bool:
    return bool(found(queries.incident(incident)).drill)


def _after(request: StaffRequest, done: bool, form: Any, title: str, incident: str, duty: str) -> HttpResponse:
    back = reverse("duty", args=[incident, duty])
    return went(back) if done else page(request, "form.html", form=form, title=title, back=back, section="incident")
