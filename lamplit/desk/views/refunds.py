"""Refunds, write-offs and write-backs: asked for by one person, looked at, released by another."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.debits import BOOKS, KINDS, PAYEES, RefundForm
from lamplit.desk.forms.rent import ReleaseForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to, home_of
from lamplit.desk.runs import yes
from lamplit.desk.words import readable
from lamplit.rent import actions, queries
from lamplit.tenancies import queries as tenancies

STATES = Words({"asked": "waits for a second person", "released": "released", "sent": "sent to Bacs", "withdrawn": "not made",
    "returned": "did not reach them: a person decides anew",
})  # fmt: skip


@for_staff("see_arrears")
def refunds(request: StaffRequest) -> HttpResponse:
    """Show what waits for a second person, or for a file."""
    return page(request, "refunds.html", rows=[_row(request, row) for row in queries.refunds_open()], section="rent")


@for_staff("ask_refund")
def ask(request: StaffRequest, account: str) -> HttpResponse:
    """Ask for a refund, a write-off or a write-back."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    again = _before(request, account)
    form = form_of(request, RefundForm, initial={"payee": "not_checked", **(_as_before(again) if again is not None else {})})
    done, refund = told(
        form,
        lambda: actions.ask_refund(
            account=account, instead_of=again.id if again is not None else None, **form.asked(),
            by=request.by, at=request.now, command=form.command(),
        ),
    )  # fmt: skip
    if done:
        return went(reverse("refund", args=[refund]))
    return page(
        request, "form.html", form=form, title=_("Pay back or write off"), back=reverse("debit", args=[account]), section="rent",
        note=_("A second person looks at all of it. Leave a sum empty when nobody has looked: nought means that there is none."
        " %(account)s") % {"account": _others(request, account)},
    )  # fmt: skip


@for_staff("see_arrears")
def refund(request: StaffRequest, refund: str) -> HttpResponse:
    """Show what was asked for and everything that must be looked at; take a second person's yes."""
    row = found(queries.refund(refund))
    if (closed := closed_to(request, row.account)) is not None:
        return closed
    owes = queries.owes(row.account)
    today = london_date(request.now)
    waits = row.way == "refund" and row.state == "asked"
    second = str(request.by) if "release_refund" in request.me.may else ""
    checks = queries.refund_checks(row, getattr(owes, row.book) if owes else 0, today, second) if waits else ()
    form = form_of(request, ReleaseForm) if row.state == "asked" else None
    if form is not None:
        if request.method == "POST" and "release_refund" not in request.me.may:
            raise Http404
        done, __ = told(
            form, lambda: actions.release_refund(refund=refund, by=request.by, at=request.now, command=form.command())
        )
        if done:
            return went(reverse("refund", args=[refund]))
    names = Names([one for one in (row.asked_by, row.released_by) if one], may=request.me.may)
    return page(
        request, "refund.html", row=row, shown=_row(request, row), form=form, names=names, section="rent",
        checks=checks, mine=row.asked_by == str(request.by), looked=_looked(row) if row.way == "refund" else [],
        reason=readable(row.reason), estate=readable(row.estate, ""),
        evidence=row.evidence if isinstance(row.evidence, list) else [],
        home=home_of(request, row.account),
    )  # fmt: skip


@for_staff("ask_refund")
def withdraw(request: StaffRequest, refund: str) -> HttpResponse:
    """Do not make it."""
    if (closed := closed_to(request, found(queries.refund(refund)).account)) is not None:
        return closed
    return yes(
        request, lambda **how: actions.withdraw_refund(refund=refund, **how), reverse("refund", args=[refund]),
        title=_("Do not make it?"), button=_("Do not make it"),
    )  # fmt: skip


def _looked(row: Any) -> list[dict[str, str]]:
    """Return what whoever asked has found: the second person looks at it too, not only at whether somebody looked."""
    details = queries.details(row.details) if row.details else None
    why = readable(row.payee_reason, "")
    return [
        {"key": _("Of which book"), "value": BOOKS[row.book]},
        {"key": _("To the account that ends in"), "value": readable(details.last3, "") if details is not None else ""},
        {"key": _("The bank, of the name"), "value": f"{PAYEES[row.payee]}{f': {why}' if why else ''}"},
        {"key": _("Owed on other accounts"), "value": _sum(row.other_debts_pence)},
        {"key": _("Benefit to give back"), "value": _sum(row.clawback_pence)},
    ]


def _sum(pence: int | None) -> str:
    return _("nobody has looked") if pence is None else pounds(pence)


def _others(request: StaffRequest, account: str) -> str:
    """Say what stands on the other accounts of its tenants, those that ended among them."""
    tenants = [one.person for one in tenancies.everyone_ever([account]).get(account, []) if one.role == "tenant"]
    theirs = {one.tenancy for person in tenants for one in tenancies.tenancies_of(person) if one.role == "tenant"} - {account}
    owed = {row.id: queries.owes_of(row).all for row in queries.balances(sorted(theirs))}
    if not owed:
        return _("Its tenants have no other account here.")
    said = (
        (_("%(home)s: %(sum)s owed") if pence > 0 else _("%(home)s: %(sum)s ahead"))
        % {"home": home_of(request, one), "sum": pounds(abs(pence))}
        for one, pence in owed.items()
    )
    return _("Other accounts of its tenants: %(accounts)s.") % {"accounts": "; ".join(said)}


def _before(request: StaffRequest, account: str) -> Any | None:
    """Return the refund that this one takes the place of: it did not reach her, or it is put right before anybody released it."""
    row = queries.refund(request.GET.get("again", ""))
    return row if row is not None and row.account == account and row.state in ("asked", "returned") else None


def _as_before(row: Any) -> dict[str, Any]:
    """What was found stands as long as nothing moved. Whose account it is, is asked anew when that is another one."""
    shown = row.evidence if isinstance(row.evidence, list) else []
    said = {
        "way": row.way, "book": row.book, "pounds": f"{row.pence / 100:.2f}", "reason": readable(row.reason),
        "evidence": "\n".join(shown),
    }  # fmt: skip
    if row.state == "returned":
        return said
    said |= {
        "other_debts": _plain(row.other_debts_pence),
        "clawback": _plain(row.clawback_pence),
        "estate": readable(row.estate, ""),
    }
    current = queries.current_details(row.account)
    if current is not None and row.details == current.id:
        said |= {"payee": row.payee, "payee_reason": readable(row.payee_reason, "")}
    return said


def _plain(pence: int | None) -> str:
    return "" if pence is None else f"{pence / 100:.2f}"


def _row(request: StaffRequest, row: Any) -> dict[str, Any]:
    return {
        "href": reverse("refund", args=[row.id]), "what": KINDS[row.way], "sum": pounds(row.pence), "state": STATES[row.state],
        "home": home_of(request, row.account), "account": reverse("debit", args=[row.account]),
    }  # fmt: skip
