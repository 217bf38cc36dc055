"""Direct Debit runs, what banks said, and bank details that wait; and the Direct Debit of one account."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.advices import meaning
from lamplit.basics.bacs_days import cycle, earliest_after_notice
from lamplit.basics.refusal import Refused
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date, working_days_between
from lamplit.config.audience import for_staff
from lamplit.config.bank_form import BankForm
from lamplit.config.speaking import Words, counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import long_date
from lamplit.desk.forms.debits import DayForm, LeaveOutForm, MandateForm, SettledForm, SumForm
from lamplit.desk.forms.rent import FREQUENCIES
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rent_words import not_collected
from lamplit.desk.rents import closed_to, home_of, tenants_of
from lamplit.desk.runs import by_two, yes
from lamplit.desk.views.not_gone import doubt_of
from lamplit.desk.views.refunds import STATES as REFUNDS
from lamplit.desk.words import readable
from lamplit.people import queries as people
from lamplit.reactions.guarantee import guarantee
from lamplit.rent import actions, queries
from lamplit.tenancies import queries as tenancies

STATES = Words({
    "prepared": "waits for a second person", "released": "waits for its file", "submitted": "sent to Bacs",
    "finished": "collected", "withdrawn": "taken back", "not_gone": "did not go: nothing was collected by it",
})  # fmt: skip
MANDATES = Words({"new": "Their bank is to be told", "live": "Live", "stopped": "Stopped: a person must look", "ended": "Ended"})
COLLECTIONS = Words({
    "noticed": "they were told", "sent": "on its way", "collected": "collected", "unpaid": "went back to their bank",
    "missed": "missed by us", "dropped": "not made", "closed": "closed",
})  # fmt: skip


@for_staff("see_arrears")
def debits(request: StaffRequest) -> HttpResponse:
    """Show the last runs, and what waits for a person."""
    waiting = [
        {"href": reverse("debit", args=[row.account]), "home": home_of(request, row.account), "until": long_date(row.waits_to)}
        for row in queries.waiting_details() if row.waits_to is not None
    ]  # fmt: skip
    return page(
        request, "debits.html", rows=[_run(row) for row in queries.debit_runs()],
        advices=[_advice(request, row) for row in queries.advices_open()],
        waiting=waiting, missed=len(queries.missed()), section="rent",
    )  # fmt: skip


@for_staff("collect")
def prepare(request: StaffRequest) -> HttpResponse:
    """Work out what is collected on a day."""
    soon = cycle(london_date(request.now) + timedelta(days=6)).entry_on
    form = form_of(request, DayForm, initial={"entry_on": soon})
    done, run = told(
        form, lambda: actions.prepare_debits(entry_on=form.day(), by=request.by, at=request.now, command=form.command())
    )
    if done:
        return went(reverse("debit_run", args=[run]))
    return page(
        request, "form.html", form=form, title=_("Collect Direct Debits"), back=reverse("debits"), section="rent",
        button=_("Work it out"), note=_("Nothing is sent yet. You see what it comes to, and a second person releases it."),
    )  # fmt: skip


@for_staff("see_arrears")
def run(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Show a run: what it comes to, and what stands out."""
    row = found(queries.debit_run(debit_run))
    return page(
        request,
        "debit_run.html",
        row=row,
        shown=_run(row),
        by_two=by_two(request, row),
        looked=_looked_at(request, row),
        doubt=doubt_of(request, row),
        mine=row.prepared_by == str(request.by),
        title=_("Direct Debits of %(day)s") % {"day": long_date(row.entry_on)},
        section="rent",
    )


@for_staff("release_collection")
def release(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Release a run that somebody else worked out."""
    row = found(queries.debit_run(debit_run))
    return yes(
        request,
        lambda **how: actions.release_debits(run=debit_run, **how),
        reverse("debit_run", args=[debit_run]),
        button=_("Release it"),
        title=_("Collect %(sum)s from %(collections)s people?")
        % {"sum": pounds(row.pence), "collections": f"{row.collections:,}"},
        note=_("Whoever keeps the finance key then writes the file. Nothing is sent from here."),
    )


@for_staff("collect")
def withdraw(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Take a run back that has not gone to Bacs."""
    found(queries.debit_run(debit_run))
    return yes(
        request, lambda **how: actions.withdraw_debits(run=debit_run, **how), reverse("debit_run", args=[debit_run]),
        button=_("Take it back"), title=_("Take this run back?"), note=_("Nothing was sent. It can be worked out again."),
    )  # fmt: skip


@for_staff("collect")
def settle(request: StaffRequest, advice: str) -> HttpResponse:
    """Say that a person looked at what a bank said; of one that stopped letters, whether somebody has died."""
    row = found(next((one for one in queries.advices_open() if one.id == advice), None))
    form = form_of(request, SettledForm, stopped=row.stop_letters and row.account is not None)
    done, __ = told(
        form,
        lambda: actions.settle_advice(
            advice=advice, owner=request.me.id, **form.said(), by=request.by, at=request.now, command=form.command()
        ),
    )
    if done:
        return went(reverse("debits"))
    return page(
        request, "form.html", form=form, back=reverse("debits"), section="rent", button=_("I have looked"),
        title=_("Have you looked at this?"), note=_advice(request, row)["says"],
    )  # fmt: skip


@for_staff("see_rent")
def debit(request: StaffRequest, account: str) -> HttpResponse:
    """Show the Direct Debit of an account: what is taken when, which bank details there are, and what banks said."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    mandate = queries.mandate_of(account)
    details = [
        {"last3": readable(row.last3), "state": row.state, "until": row.waits_to, "at": row.given_at, "id": row.id}
        for row in queries.details_of(account)
        if row.state != "over"
    ]
    rows = [
        {"day": long_date(row.on), "sum": pounds(row.pence), "state": COLLECTIONS[row.state], "is": row.state,
         "to_choose": row.state == "missed" and queries.left_of(row) > 0}
        for row in queries.collections_of(account)
    ]  # fmt: skip
    return page(
        request, "debit.html", account=account, home=home_of(request, account), mandate=_mandate(mandate), details=details,
        gone=_gone(request, mandate),
        rows=rows, advices=[_advice(request, row) for row in queries.advices_of(account)], section="rent",
        refunds=[(row.id, pounds(row.pence), REFUNDS[row.state]) for row in queries.refunds_of(account)],
    )  # fmt: skip


@for_staff("keep_mandates")
def set_up(request: StaffRequest, account: str) -> HttpResponse:
    """Set up a Direct Debit."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    tenants = {
        person: name
        for person in tenants_of(request, account)
        if (row := people.person(person)) is not None and (name := readable(row.name))
    }
    banked = queries.current_details(account) is not None
    form = form_of(request, MandateForm, people=tenants, banked=banked)

    def do() -> str:
        guarantee()  # the letter that confirms it has to carry it
        asked, on = form.asked(), earliest_after_notice(london_date(request.now))
        usual = queries.usual_sum(account, asked["every"], on) if form.cleaned_data["follows"] else None
        return actions.set_up_mandate(
            account=account, sealed=form.seal(), usual_pence=usual.pence if usual is not None else None, **asked,
            by=request.by, at=request.now, command=form.command(),
        )  # fmt: skip

    done, __ = told(form, do)
    back = reverse("debit", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=_("Set up a Direct Debit"), back=back, section="rent",
        note=_("Read the Guarantee to them first. The numbers are sealed at once: nobody can read them here again."),
    )  # fmt: skip


@for_staff("keep_mandates")
def change_bank(request: StaffRequest, account: str) -> HttpResponse:
    """Take in other bank details: they wait, and she is told. The first ones, for a refund, count at once."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    first = not queries.had_details(account)
    form = form_of(request, BankForm)

    def do() -> str:
        sealed = found(form.seal())
        return actions.change_details(account=account, sealed=sealed, by=request.by, at=request.now, command=form.command())

    done, __ = told(form, do)
    back = reverse("debit", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, back=back, section="rent",
        title=_("Bank details for a refund") if first else _("Other bank details"),
        note=_("They count at once. Ask their bank whose account it is before you ask for a refund.") if first
        else _("They are told at every way we know. They count after some days, once a second person says yes."),
    )  # fmt: skip


@for_staff("release_collection")
def confirm_bank(request: StaffRequest, account: str, details: str) -> HttpResponse:
    """Say, as a second person, that changed bank details are hers."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    found(next((row for row in queries.details_of(account) if row.id == details and row.state == "waiting"), None))
    return yes(
        request, lambda **how: actions.confirm_details(details=details, **how), reverse("debit", args=[account]),
        button=_("They are theirs"), title=_("Are these bank details theirs?"),
        note=_("Ring them at a number that we knew before. Do not use one that came with the change."),
    )  # fmt: skip


@for_staff("keep_mandates")
def drop_bank(request: StaffRequest, account: str, details: str) -> HttpResponse:
    """Do not take bank details that wait."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    found(next((row for row in queries.details_of(account) if row.id == details and row.state == "waiting"), None))
    return yes(
        request, lambda **how: actions.drop_details(details=details, **how), reverse("debit", args=[account]),
        button=_("Do not take them"), title=_("Drop these bank details?"), note=_("What is in force stays so."),
    )  # fmt: skip


@for_staff("keep_mandates")
def change_sum(request: StaffRequest, account: str) -> HttpResponse:
    """Set what is collected each time."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    mandate = found(queries.mandate_of(account))
    form = form_of(request, SumForm, initial={"pounds": f"{mandate.pence / 100:.2f}"})

    def do() -> str:
        pence = int(form.cleaned_data["pounds"] * 100)
        return actions.set_debit_sum(mandate=mandate.id, pence=pence, by=request.by, at=request.now, command=form.command())

    done, __ = told(form, do)
    back = reverse("debit", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=_("Another sum"), back=back, section="rent",
        note=_("They get new notice, and the sum counts ten working days after it. What they were told of before stays."),
    )  # fmt: skip


@for_staff("keep_mandates")
def end(request: StaffRequest, account: str) -> HttpResponse:
    """End a Direct Debit because she asked."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    mandate = found(queries.mandate_of(account))
    return yes(
        request,
        lambda **how: actions.end_mandate(mandate=mandate.id, **how),
        reverse("debit", args=[account]),
        button=_("End it"),
        title=_("End this Direct Debit?"),
        note=_("Their bank is told with the next file. Ask how they want to pay."),
    )


@for_staff("keep_mandates")
def leave_out(request: StaffRequest, account: str) -> HttpResponse:
    """Do not make one collection that she was told of: she asked. One that we missed is ours to leave only for who keeps arrears.

    Then it is rent like any other, and asked for.
    """
    if (closed := closed_to(request, account)) is not None:
        return closed
    states = ("noticed", "missed") if "see_arrears" in request.me.may else ("noticed",)
    rows = [row for row in queries.collections_of(account) if row.state in states]
    noticed = {row.id: _named(row) for row in rows}
    form = form_of(request, LeaveOutForm, noticed=noticed)

    def do() -> str:
        asked = form.cleaned_data["collection"]
        return actions.drop_collection(collection=asked, by=request.by, at=request.now, command=form.command())

    done, __ = told(form, do)
    back = reverse("debit", args=[account])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, title=_("Do not collect one"), back=back, section="rent", button=_("Do not collect it"),
        note=_("They are told. The rent of that time is still due: agree how they pay it. The others are made."),
    )  # fmt: skip


def _named(row: Any) -> str:
    told = f"{long_date(cycle(row.on).entry_on)}: {pounds(row.pence)}"
    return f"{told}, {COLLECTIONS['missed']}" if row.state == "missed" else told


@for_staff("keep_mandates")
def go_on(request: StaffRequest, account: str) -> HttpResponse:
    """Let a stopped Direct Debit go on."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    mandate = found(queries.mandate_of(account))
    return yes(
        request, lambda **how: actions.go_on(mandate=mandate.id, **how), reverse("debit", args=[account]),
        button=_("Let it go on"), title=_("Let this Direct Debit go on?"),
        note=_("Do so only when you know why their bank stopped it. They get new notice."),
    )  # fmt: skip


def _run(row: Any) -> dict[str, Any]:
    return {
        "href": reverse("debit_run", args=[row.id]), "on": long_date(row.entry_on), "collections": f"{row.collections:,}",
        "pence": pounds(row.pence), "instructions": f"{row.instructions:,}", "state": STATES[row.state],
        "input": long_date(row.input_on),
    }  # fmt: skip


def _looked_at(request: StaffRequest, row: Any) -> dict[str, Any] | None:
    """Return, while a run waits, what stands out and what is left out."""
    if row.state not in ("prepared", "released"):
        return None
    try:
        worked = queries.work_out_debits(row.entry_on, row.prepared_at)
    except Refused:
        return None
    largest = sorted(worked.outliers, key=lambda line: -line.pence)[:10]
    return {
        "changed": worked.digest != row.digest, "count": len(worked.outliers), "left_out": not_collected(worked.left_out),
        "outliers": [
            {"home": home_of(request, line.account), "sum": pounds(line.pence), "href": reverse("debit", args=[line.account])}
            for line in largest
        ],
    }  # fmt: skip


def _gone(request: StaffRequest, row: Any) -> str:
    """Return who pays by a Direct Debit of a home that she has left; empty when she lives there."""
    if row is None or any(one.person == row.person for one in tenancies.household(row.account, london_date(request.now))):
        return ""
    payer = people.person(row.person)
    return readable(payer.name) if payer is not None else _("Somebody")


def _mandate(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "state": MANDATES[row.state], "is": row.state, "every": FREQUENCIES[row.every], "day": row.day,
        "sum": pounds(row.pence), "reference": readable(row.reference),
    }  # fmt: skip


def _advice(request: StaffRequest, row: Any) -> dict[str, Any]:
    """Return what a bank said, in words."""
    code = readable(row.code)
    known = meaning(row.kind, code, london_date(row.at)) if code else None
    refund = queries.refund(row.refund) if row.refund else None
    return {
        "id": row.id, "says": f"{row.kind}: {known.words if known else _('look into the report itself')}",
        "on": long_date(london_date(row.at)), "sum": pounds(row.pence) if row.pence else "",
        "href": reverse("debit", args=[row.account]) if row.account else "", "open": row.person and row.settled_at is None,
        "home": home_of(request, row.account) if row.account else _("nobody that we know"),
        "challenge": _challenge(row, london_date(request.now)),
        "refund": reverse("refund", args=[refund.id]) if refund is not None and refund.state == "returned" else "",
    }  # fmt: skip


def _challenge(row: Any, today: date) -> str:
    """Say until when an indemnity claim can be challenged (DDICA): a counter-claim needs evidence, and its day is the last."""
    if row.challenge_by is None:
        return ""
    day = long_date(row.challenge_by)
    if row.challenge_by < today:
        return _("The last day to challenge it was %(day)s.") % {"day": day}
    left = working_days_between(today, row.challenge_by)
    if not left:
        return _("Challenge it today, %(day)s, or accept it.") % {"day": day}
    return counted(
        "Challenge it by %(day)s, or accept it: %(count)s working day is left.",
        "Challenge it by %(day)s, or accept it: %(count)s working days are left.",
        left,
        day=day,
    )
