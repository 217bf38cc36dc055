"""Benefit claims of an account, and whose benefit has not come: before there are arrears."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk.forms.money_in import CYCLES, SCHEMES, AskedForm, ClaimForm, EndClaimForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to, homes_of
from lamplit.reactions import chasing
from lamplit.rent import actions, queries

STATES = Words({"pending": "asked for, not decided", "paying": "awarded", "stopped": "stopped", "refused": "refused"})


@for_staff("see_rent")
def late(request: StaffRequest) -> HttpResponse:
    """Show whose benefit should have come and has not, the longest waiting first."""
    today = london_date(request.now)
    seen = queries.late_claims(today)
    homes = homes_of(request, [one.row.account for one in seen])
    names = Names([one.row.asked_by for one in seen if one.row.asked_by], may=request.me.may)
    rows = [
        {
            "id": one.row.id,
            "href": reverse("account_claims", args=[one.row.account]),
            "home": homes[one.row.account],
            "scheme": SCHEMES[one.row.scheme],
            "due": f"{full_date(one.due_on)}, {counted('%(count)s day ago', '%(count)s days ago', one.days)}"
            if one.days > 0
            else _("it was stopped"),
            "pence": pounds(one.pence) if one.pence else _("not known"),
            "asked": f"{full_date(one.row.asked_on)}, {names.of(one.row.asked_by)}" if one.row.asked_on else None,
        }
        for one in seen
    ]
    return page(request, "late_benefit.html", rows=rows)


@for_staff("see_rent")
def of_account(request: StaffRequest, account: str) -> HttpResponse:
    """Show the claims of an account."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    rows = queries.claims_of(account)
    names = Names([row.asked_by for row in rows if row.asked_by], may=request.me.may)
    home, today, seen = queries.address(account), london_date(request.now), found(chasing.look_at(account, request.now))
    return page(
        request, "account_claims.html", account=account, home=home, rows=[_claim(row, names) for row in rows],
        for_uc=queries.counted_for_uc(account, today),
        may_ask=not any(row.scheme == "uc_managed" and row.state == "paying" for row in rows)
        and queries.may_ask_for_direct_payment(account, seen.position.to_pay_pence, today),
    )  # fmt: skip


def _a(pence: int, per: str) -> str:
    """Return "£100.00 a week"."""
    return (_("%(sum)s a week") if per == "week" else _("%(sum)s a month")) % {"sum": pounds(pence)}


def _claim(row: Any, names: Names) -> dict[str, Any]:
    asked = (
        f"{full_date(row.asked_on)}, {names.of(row.asked_by)}{f': {row.said}' if row.said else ''}" if row.asked_on else _("no")
    )
    after = counted("%(count)s day after its period", "%(count)s days after its period", row.pays_after_days)
    return {
        "id": row.id,
        "scheme": SCHEMES[row.scheme],
        "lines": [
            {
                "key": _("How it stands"),
                "value": _("%(state)s, to %(day)s") % {"state": STATES[row.state], "day": full_date(row.ends_on)}
                if row.ends_on
                else STATES[row.state],
            },
            {"key": _("Award"), "value": _a(row.award_pence, row.award_per)},
            {
                "key": _("Paid"),
                "value": f"{CYCLES[row.cycle]}, {after}",
            },
            {"key": _("Paid to"), "value": full_date(row.paid_to)},
            {"key": _("Benefit can pay"), "value": _a(row.eligible_pence, row.eligible_per)},
            {"key": _("Their number"), "value": str(row.reference or _("not known"))},
            {"key": _("We asked"), "value": asked},
        ],
    }


@for_staff("match_money")
def record(request: StaffRequest, account: str, claim: str | None = None) -> HttpResponse:
    """Record a claim, or put one right."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    row = queries.claim(claim) if claim else None
    if claim and (row is None or row.account != account):
        found(None)
    kept = {name: getattr(row, name) for name in ClaimForm.Meta.names} if row is not None else {}
    kept |= {"state": "paying"} if kept.get("state") in ("stopped", "refused") else {}
    form = form_of(request, ClaimForm, initial=kept)
    done, __ = told(form, lambda: actions.record_claim(account=account, claim=claim, **form.asked(), **_sent(request, form)))
    back = reverse("account_claims", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=_("A benefit claim"), back=back, section="rent", button=_("Record it"),
        note=_("Copy it from the council’s or DWP’s letter, or from the schedule."),
    )  # fmt: skip


@for_staff("match_money")
def end(request: StaffRequest, account: str, claim: str) -> HttpResponse:
    """Say that a claim ended or was stopped."""
    row = found(queries.claim(claim))
    found(row if row.account == account else None)
    if (closed := closed_to(request, account)) is not None:
        return closed
    form = form_of(request, EndClaimForm)
    done, __ = told(form, lambda: actions.end_claim(claim=claim, **form.asked(), **_sent(request, form)))
    back = reverse("account_claims", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=_("This claim ends"), back=back, section="rent", button=_("Save"),
        note=_("If it was stopped, it stands in the list of benefit that has not come until somebody has asked about it."),
    )  # fmt: skip


@for_staff("see_rent")
def asked(request: StaffRequest, claim: str) -> HttpResponse:
    """Note that we asked the council or DWP."""
    row = found(queries.claim(claim))
    if (closed := closed_to(request, row.account)) is not None:
        return closed
    form = form_of(request, AskedForm)
    done, __ = told(form, lambda: actions.ask_council(claim=claim, said=form.cleaned_data["said"], **_sent(request, form)))
    if done:
        return went(reverse("late_benefit"))
    return page(
        request,
        "form.html",
        form=form,
        title=_("We asked about this benefit"),
        back=reverse("late_benefit"),
        section="rent",
        button=_("Save"),
        note=_("%(scheme)s, paid to %(day)s. The tenant hears that we are asking.")
        % {"scheme": SCHEMES[row.scheme], "day": full_date(row.paid_to)},
    )


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}
