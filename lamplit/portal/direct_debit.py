"""Her Direct Debit: what we take and when, what her bank guarantees, and how she pays what we ourselves missed."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lamplit.basics.bacs_days import cycle
from lamplit.basics.refusal import Refused
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.when import full_date, long_date
from lamplit.portal.words import readable
from lamplit.reactions.guarantee import guarantee
from lamplit.rent import actions, queries
from lamplit.tenancies import queries as tenancies

_SHOWN = 6  # collections to come
EVERY = {"weekly": lazy("each week"), "four_weekly": lazy("every four weeks"), "monthly": lazy("each month")}


class ChoiceForm(SentOnce):
    """How she wants to pay what we missed."""

    collection = forms.CharField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=lazy("How do you want to pay it?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose one of the answers"), "invalid_choice": lazy("Choose one of the answers")},
    )


@for_tenant
def direct_debit(request: Request) -> HttpResponse:
    """Show her Direct Debit, and take her choice after one that we missed."""
    today = london_date(request.now)
    account = account_of(her(request), today)
    mandate = queries.mandate_of(account) if account else None
    missed = [row for row in (queries.missed_of(account) if account else []) if queries.left_of(row)]
    form, refused = _form(request, missed, today), None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            actions.choose_after_missed(
                collection=form.cleaned_data["collection"], account=account or "", choice=form.cleaned_data["choice"],
                by=request.by, at=request.now, command=form.command(),
            )  # fmt: skip
            return HttpResponseRedirect("/rent/direct-debit?done=yes")
        except Refused as error:
            refused = tenant_words(error)
    hers = mandate is not None and mandate.person == her(request)
    context = {
        "mandate": _mandate(mandate, hers=hers) if mandate is not None else None,
        "account": account,
        "to_come": _to_come(account, today) if account else [],
        "missed": [_missed(row) for row in missed],
        "form": form,
        "refused": refused,
        "done": "done" in request.GET,
        "ended": "ended" in request.GET and mandate is None,
        "guarantee": _guarantee() if mandate is not None else [],
        "section": "rent",
    }
    return render(request, "portal/direct_debit.html", context)


def account_of(person: str, today: date) -> str | None:
    """Return the account of the tenancy that she is a tenant of now, else of the last one.

    None where its rent is not kept here.
    """
    hers = tenancies.accounts_of(person, today)
    now = next((one for one in hers if one.left_on is None or one.left_on > today), None)
    found = now or next(iter(hers), None)
    return found.tenancy if found is not None and queries.kept_here([found.tenancy]) else None


def to_choose(account: str) -> bool:
    """Whether we missed a collection of which she has not chosen how to pay it."""
    return any(row.choice is None and queries.left_of(row) for row in queries.missed_of(account))


def _form(request: Request, missed: list[Any], today: date) -> ChoiceForm | None:
    """Return the form for the oldest collection that we missed, of which she has not chosen."""
    row = next((one for one in missed if one.choice is None), None)
    if row is None:
        return None
    form = ChoiceForm(posted(request), initial={"collection": row.id})
    choice: Any = form.fields["choice"]
    choice.choices = [(one.code, _choice(one, queries.left_of(row))) for one in queries.choices_after_missed(row, today)]
    return form


def _choice(one: Any, left: int) -> str:
    if one.code == "pay_now":
        return _("Pay %(sum)s now, another way") % {"sum": pounds(left)}
    if one.code == "spread":
        return _("Pay it in %(count)s parts, with your next Direct Debits") % {"count": len(one.dues)}
    said = {"sum": pounds(left), "day": full_date(one.dues[0].on)}
    return _("Pay it with your next Direct Debit, %(sum)s more on %(day)s") % said


def mandate_of_hers(request: Request) -> Any | None:
    """Return the Direct Debit that she herself pays by, or None: another tenant's is not hers to change."""
    account = account_of(her(request), london_date(request.now))
    row = queries.mandate_of(account) if account is not None else None
    return row if row is not None and row.person == her(request) else None


def _mandate(row: Any, *, hers: bool) -> dict[str, Any]:
    """Return what it says. Whose bank account it is, only to whoever pays by it."""
    details = queries.details(row.details) if hers else None
    return {
        "state": row.state,
        "hers": hers,
        "every": EVERY[row.every],
        "reference": readable(row.reference) if hers else None,
        "last3": readable(details.last3) if details is not None else None,
        "waits": waiting(row.account) if hers else None,
    }


def waiting(account: str) -> dict[str, Any] | None:
    """Return the other account that waits until somebody has looked at it, and until when it does so at least."""
    row = next((one for one in queries.details_of(account) if one.state == "waiting"), None)
    return None if row is None else {"last3": readable(row.last3), "until": long_date(row.waits_to)}


def _to_come(account: str, today: date) -> list[dict[str, str]]:
    rows = [row for row in queries.collections_of(account) if row.state in ("noticed", "sent") and row.on >= today]
    return [{"day": full_date(cycle(row.on).entry_on), "sum": pounds(row.pence)} for row in rows[:_SHOWN]]


def _missed(row: Any) -> dict[str, Any]:
    return {"day": full_date(queries.missed_day(row)), "sum": pounds(queries.left_of(row)), "now": row.choice == "pay_now"}


def _guarantee() -> list[str]:
    try:
        return guarantee()
    except Refused:
        return []
