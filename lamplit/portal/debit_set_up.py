"""She sets up a Direct Debit herself, changes the bank account that it is taken from, and ends it.

What she types is checked and sealed in this process, before anything is kept or shown (docs/decisions/0071). Whoever cannot say
yes alone, and whoever we have to speak with first, is told to ring us.
"""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.bacs_days import bacs
from lamplit.basics.refusal import Refused
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config import bank_details
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.bank_form import BankForm
from lamplit.config.forms import SentOnce, posted
from lamplit.config.limits import BANK_DETAILS_PER_PERSON, count
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.portal.debit_forms import BeginForm, Checked, SetUpForm, YesForm, day_words, signed
from lamplit.portal.direct_debit import EVERY, account_of, mandate_of_hers, waiting
from lamplit.portal.words import readable
from lamplit.reactions.guarantee import guarantee
from lamplit.rent import actions, queries

HERE = "/rent/direct-debit"


@for_tenant
@require_http_methods(["GET", "POST"])
def set_up(request: Request) -> HttpResponse:
    """Ask, show what it comes to, take the bank details, let her check, and set it up."""
    account = account_of(her(request), london_date(request.now))
    if account is None or queries.mandate_of(account) is not None:
        return HttpResponseRedirect(HERE if account else "/rent")
    try:
        may_take(account, her(request), london_date(request.now))
        if "checked" in request.POST:
            return _yes(request, account)
        begin = BeginForm(request.GET if "asked" in request.GET or "every" in request.GET else None)  # an empty answer too
        if not begin.is_valid():
            return _page(request, "debit_begin.html", form=begin)
        if begin.cleaned_data["alone"] == "no":
            return _page(request, "debit_not_here.html", why=_("We send you a paper form that all of you sign."))
        return _details(request, account, begin.cleaned_data["every"])
    except Refused as refused:
        return _page(request, "debit_not_here.html", why=tenant_words(refused))


def may_take(account: str, person: str, today: date) -> None:
    """Say first whether it can be done here at all. Refused: with words that lead her to the telephone."""
    queries.check_by_herself(account, person, today)
    bank_details.ready()
    guarantee()


def _details(request: Request, account: str, every: Any, refused: str | None = None) -> HttpResponse:
    """Show the sum with its working, take day and account, and lead on to the page where she checks."""
    today = london_date(request.now)
    plain, planned = _usual(account, every, today, with_plan=False), _usual(account, every, today, with_plan=True)
    days = [(str(day), day_words(every, day)) for day in queries.days_offered(every, today)]
    plan = pounds(planned.instalment_pence) if planned.instalment_pence else None
    current = queries.current_details(account)
    form = SetUpForm(None if refused else posted(request), days=days, plan=plan, banked=current is not None)
    if form.is_bound:
        count(BANK_DETAILS_PER_PERSON, her(request), request.now)
    if form.is_valid():
        chosen = planned if form.cleaned_data.get("with_plan") else plain
        try:
            return _check(request, account, every, form, chosen.pence)
        except Refused as error:
            refused = tenant_words(error)
    return _page(
        request, "debit_new.html", form=form, refused=refused, every=str(EVERY[every]), working=_working(plain),
        total=pounds(plain.pence), last3=readable(current.last3) if current is not None else None,
        again=(form.is_bound or refused) and current is None,
    )  # fmt: skip


def _usual(account: str, every: Any, today: Any, *, with_plan: bool) -> Any:
    """Return the working of the sum. Refused: rent.no_charge_yet, rent.benefit_pays_all."""
    found = queries.usual_sum(account, every, queries.first_possible(every, 1, today), with_plan=with_plan)
    if found is None:
        raise Refused("rent.no_charge_yet")
    if not found.pence:
        raise Refused("rent.benefit_pays_all")
    return found


def _working(found: Any) -> list[dict[str, str]]:
    rows = [{"text": _("Your rent and service charges"), "sum": pounds(found.charged_pence)}]
    if found.benefit_pence:
        rows.append({"text": _("Less the benefit that is paid to us"), "sum": f"−{pounds(found.benefit_pence)}"})
    if found.instalment_pence:
        rows.append({"text": _("The instalment of your plan"), "sum": pounds(found.instalment_pence)})
    return rows


def _check(request: Request, account: str, every: Any, form: SetUpForm, pence: int) -> HttpResponse:
    """Seal what she typed, and show her the rest to read over. Refused as `BankForm.seal` says."""
    sealed, today, day = form.seal(), london_date(request.now), int(form.cleaned_data["day"])
    current = queries.current_details(account)
    with_plan = bool(form.cleaned_data.get("with_plan"))
    checked = Checked(
        account=account, person=her(request), every=every, day=day, pence=pence, usual_pence=pence, with_plan=with_plan,
        sealed=sealed.data if sealed else None, last3=sealed.last3 if sealed else "", checked=sealed.checked if sealed else "",
    )  # fmt: skip
    last3 = sealed.last3 if sealed else readable(current.last3) if current is not None else None
    return _page(
        request, "debit_check.html", form=YesForm(initial={"checked": signed(checked)}), last3=last3, every=str(EVERY[every]),
        day=day_words(every, day), sum=pounds(pence), with_plan=with_plan, again=request.get_full_path(),
        first=full_date(queries.first_possible(every, day, today)), guarantee=guarantee(), notice=notice_days(today),
    )  # fmt: skip


def notice_days(today: Any) -> int:
    """Return how many working days before a collection she is told of it."""
    return bacs().number("days.advance_notice", today)


def _yes(request: Request, account: str) -> HttpResponse:
    """Set it up as she checked it. Refused as the action says."""
    form = YesForm(request.POST)
    checked = form.read(account, her(request)) if form.is_valid() else None
    if checked is None:
        return _page(request, "debit_begin.html", form=BeginForm(), refused=tenant_words(Refused("rent.details_left_too_long")))
    today = london_date(request.now)
    if _usual(account, checked.every, today, with_plan=checked.with_plan).pence != checked.pence:
        return _details(request, account, checked.every, refused=tenant_words(Refused("rent.sum_changed")))
    actions.set_up_mandate(
        account=account, person=her(request), sealed=checked.details(), way="paperless", every=checked.every,  # type: ignore[arg-type]
        day=checked.day, pence=checked.pence, usual_pence=checked.usual_pence, with_plan=checked.with_plan,
        by=request.by, at=request.now, command=form.command(),
    )  # fmt: skip
    return HttpResponseRedirect(f"{HERE}/done")


@for_tenant
@require_http_methods(["GET"])
def done(request: Request) -> HttpResponse:
    """Say what she has now, what comes next, and what her bank guarantees."""
    row = mandate_of_hers(request)
    if row is None:
        return HttpResponseRedirect(HERE)
    set_up_on = london_date(row.set_up_at)
    details = queries.details(row.details)
    return _page(
        request, "debit_done.html", every=str(EVERY[row.every]), day=day_words(row.every, row.day), sum=pounds(row.pence),
        last3=readable(details.last3) if details is not None else None, reference=readable(row.reference),
        first=full_date(queries.first_possible(row.every, row.day, set_up_on)), notice=notice_days(set_up_on),
        guarantee=guarantee(),
    )  # fmt: skip


@for_tenant
@require_http_methods(["GET", "POST"])
def change_bank(request: Request) -> HttpResponse:
    """Take in another account of hers: it waits, she is told in every safe way, and a second person looks."""
    row = mandate_of_hers(request)
    if row is None:
        return HttpResponseRedirect(HERE)
    form, refused = BankForm(posted(request)), None
    try:
        if queries.letters_stopped(row.account):
            raise Refused("rent.letters_stopped")
        bank_details.ready()
    except Refused as error:
        return _page(request, "debit_not_here.html", why=tenant_words(error))
    if form.is_bound:
        count(BANK_DETAILS_PER_PERSON, her(request), request.now)
    waits = waiting(row.account)
    if form.is_valid() and waits is None:
        try:
            sealed: Any = form.seal()
            actions.change_details(account=row.account, sealed=sealed, by=request.by, at=request.now, command=form.command())
            return HttpResponseRedirect(f"{HERE}/bank?done=yes")
        except Refused as error:
            refused = tenant_words(error)
    return _page(
        request, "debit_bank.html", form=form, refused=refused, again=form.is_bound, done="done" in request.GET,
        waits=waits,
    )  # fmt: skip


@for_tenant
@require_http_methods(["GET", "POST"])
def end(request: Request) -> HttpResponse:
    """End her Direct Debit because she says so."""
    row = mandate_of_hers(request)
    if row is None:
        return HttpResponseRedirect(HERE)
    form, refused = SentOnce(posted(request)), None
    if form.is_valid():
        try:
            actions.end_mandate(mandate=row.id, by=request.by, at=request.now, command=form.command())
            return HttpResponseRedirect(f"{HERE}?ended=yes")
        except Refused as error:
            refused = tenant_words(error)
    sent = [one for one in queries.collections_of(row.account) if one.mandate == row.id and one.state == "sent"]
    return _page(
        request, "debit_end.html", form=form, refused=refused, on_its_way=[(full_date(one.on), pounds(one.pence)) for one in sent]
    )


def _page(request: Request, template: str, **context: Any) -> HttpResponse:
    return render(request, f"portal/{template}", {"section": "rent", **context})
