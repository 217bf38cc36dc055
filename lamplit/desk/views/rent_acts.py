"""What staff do on a rent account: holds, breathing space, steps, needs, moves between books, terms. One form each."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import rent_words as words
from lamplit.desk.forms import arrears as forms
from lamplit.desk.forms.rent import ReleaseForm
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import explained, hidden_accounts
from lamplit.desk.words import readable
from lamplit.reactions import chasing
from lamplit.rent import actions, queries


def _back(account: str) -> str:
    return reverse("rent_account", args=[account])


def _opened(request: StaffRequest, account: str) -> chasing.Looked:
    """Return an account that whoever asks may open. 404 when there is none, or a tenant of it is hidden from her."""
    seen = found(chasing.look_at(account, request.now))
    found(None if hidden_accounts(request, [account]) else seen)
    explained(request, account)
    looked(request, seen.living.tenants, "case")
    return seen


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _form(request: StaffRequest, form: Any, account: str, title: str, button: str, note: str = "") -> HttpResponse:
    return page(request, "form.html", form=form, title=title, back=_back(account), button=button, note=note, section="rent")


@for_staff("hold_account")
def place_hold(request: StaffRequest, account: str) -> HttpResponse:
    """Place a hold."""
    _opened(request, account)
    form = form_of(request, forms.HoldForm)
    done, __ = told(
        form,
        lambda: actions.place_hold(
            account=account, kind=form.cleaned_data["kind"], words=form.cleaned_data["words"], owner=request.me.id,
            review_on=form.cleaned_data["review_on"], **_sent(request, form),
        ),
    )  # fmt: skip
    note = _("While it stands, nothing is sent and no step is taken. You look at it again on its day.")
    return went(_back(account)) if done else _form(request, form, account, _("Place a hold"), _("Place it"), note)


@for_staff("hold_account")
def move_hold(request: StaffRequest, account: str, hold: str) -> HttpResponse:
    """Leave a hold standing until another day."""
    row = _hold(request, account, hold)
    form = form_of(request, forms.MoveHoldForm)
    done, __ = told(
        form,
        lambda: actions.move_hold(
            hold=hold, words=form.cleaned_data["words"], review_on=form.cleaned_data["review_on"], owner=request.me.id,
            **_sent(request, form),
        ),
    )  # fmt: skip
    return (
        went(_back(account))
        if done
        else _form(request, form, account, _("Leave it: %(hold)s") % {"hold": words.hold(row)}, _("Leave it"))
    )


@for_staff("hold_account")
def look_at_hold(request: StaffRequest, account: str) -> HttpResponse:
    """Say that a hold which follows from something else was looked at. It goes by itself once that is over."""
    seen = _opened(request, account)
    holds = {one["code"]: one["words"] for one in words.proposal(seen.proposal, request.now)["holds"]}
    if not holds:
        return went(_back(account))
    form = form_of(request, forms.LookForm, holds=holds)
    done, __ = told(
        form,
        lambda: actions.look_at_hold(
            account=account, code=form.cleaned_data["code"], words=form.cleaned_data["words"],
            review_on=form.cleaned_data["review_on"], **_sent(request, form),
        ),
    )  # fmt: skip
    note = _("It holds as long as what it follows from is so. It goes by itself after that.")
    return (
        went(_back(account))
        if done
        else _form(request, form, account, _("You looked at what holds it"), _("Write it down"), note)
    )


@for_staff("hold_account")
def end_hold(request: StaffRequest, account: str, hold: str) -> HttpResponse:
    """End a hold."""
    row = _hold(request, account, hold)
    form = form_of(request, forms.EndHoldForm)
    done, __ = told(form, lambda: actions.end_hold(hold=hold, words=form.cleaned_data["words"], **_sent(request, form)))
    return (
        went(_back(account))
        if done
        else _form(request, form, account, _("End it: %(hold)s") % {"hold": words.hold(row)}, _("End the hold"))
    )


def _hold(request: StaffRequest, account: str, hold: str) -> queries.AccountHold:
    _opened(request, account)
    row = found(queries.hold(hold))
    return found(row if row.account == account else None)


@for_staff("see_protection")
def protect(request: StaffRequest, account: str) -> HttpResponse:
    """Write down a breathing space."""
    _opened(request, account)
    form = form_of(request, forms.ProtectForm)
    done, __ = told(form, lambda: actions.start_protection(account=account, about=form.about(), **_sent(request, form)))
    note = _(
        "What they owed is protected from the day after registration. Nobody asks for it. Rent that falls due after"
        " is theirs to pay. Look for other debts of theirs with us, and tell the adviser. Few people see more than “protected”."
    )
    return (
        went(_back(account)) if done else _form(request, form, account, _("Write down a breathing space"), _("Protect it"), note)
    )


@for_staff("see_protection")
def review_protection(request: StaffRequest, account: str, protection: str) -> HttpResponse:
    """Write down what became known of a breathing space."""
    row = _protection(request, account, protection)
    about = queries.about_of(row)
    initial = {} if about is None else {name: getattr(about, name) for name in about.__struct_fields__}
    form = form_of(request, forms.ReviewProtectionForm, initial=initial)
    done, __ = told(
        form,
        lambda: actions.review_protection(
            protection=protection, about=form.about(), words=form.cleaned_data["words"], **_sent(request, form)
        ),
    )
    return went(_back(account)) if done else _form(request, form, account, _("Review the breathing space"), _("Save it"))


@for_staff("see_protection")
def end_protection(request: StaffRequest, account: str, protection: str) -> HttpResponse:
    """End a breathing space before its last day."""
    _protection(request, account, protection)
    form = form_of(request, forms.EndHoldForm)
    done, __ = told(
        form, lambda: actions.end_protection(protection=protection, words=form.cleaned_data["words"], **_sent(request, form))
    )
    return went(_back(account)) if done else _form(request, form, account, _("End the breathing space"), _("End it"))


def _protection(request: StaffRequest, account: str, protection: str) -> queries.RentProtection:
    _opened(request, account)
    row = found(queries.protection(protection))
    return found(row if row.account == account else None)


@for_staff("take_step")
def take_step(request: StaffRequest, account: str) -> HttpResponse:
    """Take the step that comes next, or read what refuses it."""
    seen = _opened(request, account)
    says = words.proposal(seen.proposal, request.now)
    form = form_of(request, forms.StepForm, asks_spoke=says["act"] in ("call", "visit"), step=says["code"])
    done, taken = told(
        form,
        lambda: chasing.take(
            account, form.cleaned_data["step"], request.now, request.by, form.command(), spoke=form.spoke,
            note=form.cleaned_data["note"] or None,
        ),
    )  # fmt: skip
    if done and taken is not None and not taken.holds:
        return went(_back(account))
    if done and taken is not None:
        says = {**says, "holds": [{"words": one} for one in words.hold_codes(list(taken.holds))], "refused": True}
    return page(request, "rent_step.html", form=form, says=says, account=account, position=seen.position, back=_back(account))


@for_staff("take_step")
def consider_needs(request: StaffRequest, account: str) -> HttpResponse:
    """Write down that a person considered the needs in a home."""
    seen = _opened(request, account)
    form = form_of(request, forms.NeedsForm)
    done, __ = told(
        form,
        lambda: actions.consider_needs(
            account=account, words=form.cleaned_data["words"], review_on=form.cleaned_data["review_on"], **_sent(request, form)
        ),
    )
    there = len(seen.circumstances.needs or ())
    known = counted(
        "We know of %(count)s need in this home. The page of each person says which.",
        "We know of %(count)s needs in this home. The page of each person says which.",
        there,
    )
    note = known if there else _("We know of no need here.")
    return went(_back(account)) if done else _form(request, form, account, _("Consider what they need"), _("Save it"), note)


@for_staff("move_money")
def move_money(request: StaffRequest, account: str) -> HttpResponse:
    """Move a sum between two books."""
    _opened(request, account)
    form = form_of(request, forms.MoveForm)
    said = form.cleaned_data if form.is_valid() else {}
    done, __ = told(
        form,
        lambda: actions.move_money(
            account=account, debit=said["debit"], credit=said["credit"], pence=said["pence"], what=said["what"], why=said["why"],
            note=said["note"] or None, **_sent(request, form),
        ),
    )  # fmt: skip
    return went(_back(account)) if done else _form(request, form, account, _("Move money between books"), _("Move it"))


@for_staff("move_money")
def reverse_line(request: StaffRequest, account: str, posting: str) -> HttpResponse:
    """Take a line of the books back, whole."""
    _opened(request, account)
    ident = f"{account}.{posting.replace('-', '.')}"
    row = found(next((one for one in queries.lines(account) if one.id == ident), None))
    form = form_of(request, forms.ReverseForm)
    done, __ = told(
        form,
        lambda: actions.reverse_line(
            account=account, line=ident, why=form.cleaned_data["why"], note=form.cleaned_data["note"] or None,
            **_sent(request, form),
        ),
    )  # fmt: skip
    note = _("%(move)s. A new line takes it back; both stay in the books.") % {"move": words.move(row)}
    return went(_back(account)) if done else _form(request, form, account, _("Take a line back"), _("Take it back"), note)


@for_staff("match_money")
def give_number(request: StaffRequest, account: str) -> HttpResponse:
    """Give the number that people pay with, or change it."""
    _opened(request, account)
    has = words.in_fours(found(queries.account(account)).reference)
    form = form_of(request, forms.NumberForm)
    done, __ = told(
        form,
        lambda: actions.give_number(account=account, reference=form.cleaned_data["reference"], **_sent(request, form)),
    )
    least = queries.sure_number_length(request.now.date())
    note = _(
        "A number with fewer than %(least)s letters and digits counts only where a payer writes nothing else. Payments with the"
        " number from before wait for a person. Tell the tenant the new number."
    ) % {"least": least}
    title = _("Change the payment number %(number)s") % {"number": has} if has else _("Give a payment number")
    return went(_back(account)) if done else _form(request, form, account, title, _("Save it"), note)


@for_staff("set_terms")
def set_terms(request: StaffRequest, account: str) -> HttpResponse:
    """Set what is charged from a day on."""
    _opened(request, account)
    there = queries.terms(account)
    now = queries.terms_on(account, london_date(request.now)) or next(iter(there), None)
    form = form_of(request, forms.TermsForm, now=now)
    said = form.cleaned_data if form.is_valid() else {}
    done, __ = told(
        form,
        lambda: actions.set_terms(
            account=account, from_on=said["from_on"], frequency=said["frequency"], terms=form.terms(), weeks=int(said["weeks"]),
            rent_type=said["rent_type"], why="corrected" if there else "let",
            formula_pence=now.formula_pence if now is not None else None, **_sent(request, form),
        ),
    )  # fmt: skip
    note = _("Each tenant must have had notice of a change. It counts from the day that you write.")
    return went(_back(account)) if done else _form(request, form, account, _("Set what is charged"), _("Set it"), note)


@for_staff("set_terms")
def leave_days_out(request: StaffRequest, account: str) -> HttpResponse:
    """Charge nothing for some days, and credit what was charged for them."""
    _opened(request, account)
    form = form_of(request, forms.DaysForm)
    done, __ = told(
        form,
        lambda: actions.leave_days_out(
            account=account, **{name: form.cleaned_data[name] for name in ("from_on", "to_on", "why", "note")},
            **_sent(request, form),
        ),
    )  # fmt: skip
    note = _("The next runs charge nothing for them. What was charged is credited; a large sum once a second person agrees.")
    return (
        went(_back(account))
        if done
        else _form(request, form, account, _("Charge nothing for some days"), _("Leave them out"), note)
    )


@for_staff("move_money")
def credit_days(request: StaffRequest, account: str, days: str) -> HttpResponse:
    """Agree, as a second person, to the credit for days that are left out."""
    _opened(request, account)
    row = found(next((one for one in queries.days_of(account) if one.id == days), None))
    waiting = sum(credit.pence for credit in queries.credit_waiting(days))
    form = form_of(request, ReleaseForm)
    done, __ = told(form, lambda: actions.credit_days(days=days, **_sent(request, form)))
    if done or not waiting:
        return went(_back(account))
    note = _("It was charged for %(begins)s to %(ends)s. %(note)s") % {
        "begins": full_date(row.from_on),
        "ends": full_date(row.to_on),
        "note": readable(row.note, ""),
    }
    return _form(request, form, account, _("Credit %(sum)s?") % {"sum": pounds(waiting)}, _("Credit it"), note)


@for_staff("set_terms")
def cut_days(request: StaffRequest, account: str, days: str) -> HttpResponse:
    """Let days without a charge end earlier."""
    _opened(request, account)
    row = found(next((one for one in queries.days_of(account) if one.id == days), None))
    form = form_of(request, forms.CutDaysForm)
    done, __ = told(form, lambda: actions.cut_days(days=days, to_on=form.cleaned_data["to_on"], **_sent(request, form)))
    note = _("%(begins)s to %(ends)s. Days that were credited already stay without a charge.") % {
        "begins": full_date(row.from_on),
        "ends": full_date(row.to_on),
    }
    return went(_back(account)) if done else _form(request, form, account, _("Charge for these days again"), _("Change it"), note)
