"""Her rent: where she stands and why, every line, how to pay, and what she can tell us with one tap.

Each tenant of a tenancy sees its account; others who live there do not, nor does whoever left it to the one who stayed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_date as in_english
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config import owing, papers, standing_by
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.barcode import Barcode, barcode
from lamplit.config.forms import SentOnce, new_nonce, posted
from lamplit.config.limits import PAPERS_PER_PERSON, count
from lamplit.config.print_size import is_large
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.statements import paper_of
from lamplit.config.when import full_date, long_date
from lamplit.portal.direct_debit import account_of, to_choose
from lamplit.portal.rent_forms import DisputeForm, PaidForm, PlanForm
from lamplit.rent import actions, queries
from lamplit.rent.facts import Budget
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.queries import Lives

SHOWN = timedelta(weeks=13)  # a quarter: Pre-Action Protocol for Possession Claims by Social Landlords, 2.3
BACK, AHEAD = 8, 5  # weeks of the chart
AFTER = timedelta(weeks=4)  # for which a new rent stands on her page once it has begun
DONE = {
    "disputed": lazy("We have it. We do not ask you for this until a person has looked and answered you."),
    "paid": lazy(
        "We have it, and look for your payment. For five working days we do not ask you for it. "
        "We do not chase you for rent until a person has looked."
    ),
    "plan": lazy("Your plan is agreed. It stands below."),
}


def tenancy_of(person: str, on: date) -> Lives | None:
    """Return the tenancy whose rent a person sees first: one that she is a tenant of now, else the last that she was."""
    hers = tenancies_of(person, on)
    return next((one for one in hers if one.left_on is None or one.left_on > on), hers[0] if hers else None)


def tenancies_of(person: str, on: date) -> list[Lives]:
    """Return every tenancy whose rent is a person's to see and is kept here, the newest first."""
    hers = tenancies.accounts_of(person, on)
    kept = queries.kept_here(one.tenancy for one in hers)
    return [one for one in hers if one.tenancy in kept]


def stands(person: str, on: date) -> Any | None:
    """Return where her rent stands, or None when she has none, or nothing was ever charged."""
    lives = tenancy_of(person, on)
    found = queries.position(lives.tenancy, on) if lives is not None else None
    return found if lives is not None and found is not None and queries.terms(lives.tenancy) else None


def _hers(request: Request, account: str) -> Lives:
    found = next((one for one in tenancies_of(her(request), london_date(request.now)) if one.tenancy == account), None)
    if found is None:
        raise Http404
    return found


@for_tenant
@require_http_methods(["GET"])
def first(request: Request) -> HttpResponse:
    """Show where her rent stands now."""
    lives = tenancy_of(her(request), london_date(request.now))
    if lives is None:
        elsewhere = bool(tenancies.accounts_of(her(request), london_date(request.now)))
        return render(request, "portal/rent_none.html", {"section": "rent", "elsewhere": elsewhere})
    return _page(request, lives)


@for_tenant
@require_http_methods(["GET"])
def one(request: Request, account: str) -> HttpResponse:
    """Show one of her accounts: she may have had another home."""
    return _page(request, _hers(request, account))


def _page(request: Request, lives: Lives) -> HttpResponse:
    account, today = lives.tenancy, london_date(request.now)
    found = queries.position(account, today)
    row = queries.account(account)
    if found is None or row is None:
        raise Http404
    rows, every = queries.lines(account), "all" in request.GET
    items = owing.statement(rows, None if every else today - SHOWN)
    _mark(items, account)
    context = {
        "account": account, "sentences": owing.sentences(found), "working": owing.lines(found), "found": found,
        "to_pay": pounds(found.to_pay_pence), "items": items, "every": every, "more": len(owing.statement(rows)) > len(items),
        "beside": owing.beside(rows), "beside_of": _beside(account), "plan": _plan(account),
        "expected": _expected(account, today), "new_rent": _new_rent(account, today),
        "weeks": _weeks(account, today), "reference": _reference(row), "code": _code(row),
        "others": [one.tenancy for one in tenancies_of(her(request), today) if one.tenancy != account], "section": "rent",
        "said": [_said(one) for one in queries.said_payments(account) if one.outcome is None],
        "done": DONE.get(request.GET.get("done", "")), "known_at": standing_by.known_at(),
        "debit": queries.mandate_of(account) is not None,
        "choose": account == account_of(her(request), today) and to_choose(account),
    }  # fmt: skip
    return render(request, "portal/rent.html", context)


def _mark(items: list[dict[str, Any]], account: str) -> None:
    """Say at each line what she told us about it, and what we answered."""
    told = {row.line: row for row in reversed(queries.disputes(account)) if row.line is not None}
    for item in items:
        row = told.get(item["id"])
        item["nonce"] = new_nonce()
        item["open"] = row is not None and row.outcome is None
        item["answer"] = None if row is None or isinstance(row.answer, Unavailable) else row.answer


def _beside(account: str) -> list[str]:
    owes = queries.owes(account)
    sums = {} if owes is None else {"costs": owes.costs, "recharge": owes.recharge}
    return [f"{owing.BESIDE[book]}: {owing.stands_at(pence)}" for book, pence in sums.items() if pence]


def _plan(account: str) -> list[dict[str, str]]:
    row = queries.plan(account)
    parts = row.instalments if row is not None else []
    return [{"day": full_date(date.fromisoformat(on)), "sum": pounds(pence)} for on, pence in parts]


def _said(row: Any) -> str:
    return _("You told us that you paid %(sum)s on %(day)s.") % {"sum": pounds(row.pence), "day": full_date(row.on)}


_NEW_RENT = {
    "weekly": lazy("From %(day)s you pay %(new)s each week. Until then you pay %(old)s."),
    "four_weekly": lazy("From %(day)s you pay %(new)s every four weeks. Until then you pay %(old)s."),
    "monthly": lazy("From %(day)s you pay %(new)s each month. Until then you pay %(old)s."),
}


def _new_rent(account: str, today: date) -> list[str]:
    """Say from when she pays another rent, and that Universal Credit has to hear of it from her. For a while after it too."""
    was: Any = None
    for row in queries.terms(account):
        if was is not None and row.frequency == was.frequency and row.from_on >= today - AFTER:
            old, new = (sum(term["pence"] for term in each.terms) for each in (was, row))
            said = [_NEW_RENT[row.frequency] % {"day": full_date(row.from_on), "old": pounds(old), "new": pounds(new)}]
            if queries.on_credit(account):
                said.append(_("You get Universal Credit. Tell them your new rent in your online account once it has begun."))
            return said if old != new else []
        was = row
    return []


def _expected(account: str, today: date) -> list[str]:
    """Say which benefit we expect when."""
    return [
        _("%(sum)s on %(day)s, for %(from)s to %(to)s")
        % {"sum": pounds(one.pence), "day": long_date(one.pay_on), "from": full_date(one.from_on), "to": full_date(one.to_on)}
        for one in queries.benefit_to_come(account, today, AHEAD)
    ]


def _weeks(account: str, today: date) -> list[dict[str, Any]]:
    """Return the chart's columns: what was owed, and what will be."""
    return [
        {
            "text": full_date(week.on), "short": f"{week.on.day}/{week.on.month}", "says": owing.stands_at(week.pence),
            "to_come": week.to_come, "pence": max(week.pence, 0),
        }
        for week in queries.outlook(account, today, BACK, AHEAD)
    ]  # fmt: skip


def _reference(row: Any) -> str | None:
    return None if row.reference is None or isinstance(row.reference, Unavailable) else str(row.reference)


def _code(row: Any) -> Barcode | None:
    reference = _reference(row)
    try:
        return None if reference is None else barcode(reference)
    except ValueError:  # an old system's number may hold what no barcode does
        return None


@for_tenant
@require_http_methods(["GET", "POST"])
def dispute(request: Request, account: str) -> HttpResponse:
    """Take her word that a line is wrong: one tap, or with words."""
    _hers(request, account)
    line = request.GET.get("line") or None
    form, refused = DisputeForm(posted(request), initial={"line": line}), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.dispute_line(account=account, line=said["line"] or None, words=said["words"] or None, **_sent(request, form))
            return _back(account, "disputed")
        except Refused as error:
            refused = tenant_words(error)
    items = owing.statement(queries.lines(account))
    context = {
        "account": account, "form": form, "refused": refused, "section": "rent",
        "item": next((item for item in items if item["id"] == (form.data.get("line") or line)), None),
    }  # fmt: skip
    return render(request, "portal/rent_dispute.html", context)


@for_tenant
@require_http_methods(["GET", "POST"])
def paid(request: Request, account: str) -> HttpResponse:
    """Take her word that she has paid."""
    _hers(request, account)
    form, refused = PaidForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.say_paid(
                account=account,
                pence=said["pence"],
                on=said["on"],
                way=said["way"],
                words=said["words"] or None,
                **_sent(request, form),
            )
            return _back(account, "paid")
        except Refused as error:
            refused = tenant_words(error)
    return render(request, "portal/rent_paid.html", {"account": account, "form": form, "refused": refused, "section": "rent"})


@for_tenant
@require_http_methods(["GET", "POST"])
def plan(request: Request, account: str) -> HttpResponse:
    """Agree a plan that she can afford."""
    _hers(request, account)
    today = london_date(request.now)
    form, refused = PlanForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        budget = Budget(comes_in=said["comes_in"], goes_out=said["goes_out"], words=said["words"] or None)
        try:
            actions.agree_plan(
                account=account, each_pence=said["each_pence"], every=said["every"], first_on=said["first_on"], budget=budget,
                **_sent(request, form),
            )  # fmt: skip
            return _back(account, "plan")
        except Refused as error:
            refused = tenant_words(error)
    owed = queries.to_agree(account, today)
    context = {"account": account, "form": form, "refused": refused, "section": "rent", "owed": pounds(owed) if owed else None}
    return render(request, "portal/rent_plan.html", context)


def _sent(request: Request, form: SentOnce) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _back(account: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"/rent/{account}?done={done}")


@for_tenant
@require_http_methods(["GET"])
def statement(request: Request, account: str) -> HttpResponse:
    """Hand out her statement of the last thirteen weeks as a PDF, in the language that she reads."""
    _hers(request, account)
    count(PAPERS_PER_PERSON, her(request), request.now)
    today = london_date(request.now)
    values = paper_of(account, today - SHOWN, today, her(request), large=is_large(request))
    if values is None:
        raise Http404
    return papers.as_file(papers.make("statement", values), f"rent-statement-{in_english(today).replace(' ', '-')}")


def words_for_home(person: str, today: date) -> Iterator[str]:
    """Say on her first page where her rent stands."""
    found = stands(person, today)
    if found is None:
        return
    known_at = standing_by.known_at()
    if known_at is not None:  # at a standby: what she paid since is not in it
        yield _("This is what we knew on %(day)s") % {"day": full_date(known_at)} + ":"
    yield from owing.sentences(found)
