"""What we ourselves did not collect: how whoever calls wants to pay it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import long_date
from lamplit.desk.forms.debits import MissedForm
from lamplit.desk.pages import StaffRequest, form_of, page, told, went
from lamplit.desk.rents import closed_to
from lamplit.rent import actions, queries


@for_staff("keep_mandates")
def choose(request: StaffRequest, account: str) -> HttpResponse:
    """Take down how they want to pay a collection that we missed: the same answers as on their own page."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    row, back = _asked(request, account), reverse("debit", args=[account])
    if row is None:
        return went(back)  # paid or chosen meanwhile: the Direct Debit says so
    left = queries.left_of(row)
    offered = {one.code: _choice(one, left) for one in queries.choices_after_missed(row, london_date(request.now))}
    form = form_of(request, MissedForm, offered=offered, initial={"collection": row.id})
    done, __ = told(
        form,
        lambda: actions.choose_after_missed(
            account=account, **form.asked(), by=request.by, at=request.now, command=form.command()
        ),
    )
    if done:
        return went(back)
    note = _("We did not take %(sum)s on %(day)s. That was our fault: they are not in arrears. Read them the answers.") % {
        "sum": pounds(left), "day": long_date(queries.missed_day(row)),
    }  # fmt: skip
    if row.choice == "pay_now":
        note = f"{note} " + _("They chose to pay it another way. They may choose again.")
    return page(request, "form.html", form=form, title=_("How do they pay what we missed?"), back=back, section="rent", note=note)


def _asked(request: StaffRequest, account: str) -> Any | None:
    """Return the collection that the form is about; else the oldest of which nobody has chosen, or that is not paid yet."""
    rows = [row for row in queries.missed_of(account) if queries.left_of(row)]
    asked = next((row for row in rows if row.id == request.POST.get("collection")), None)
    return asked or next((row for row in rows if row.choice is None), next(iter(rows), None))


def _choice(one: Any, left: int) -> str:
    if one.code == "pay_now":
        return _("They pay %(sum)s now, another way") % {"sum": pounds(left)}
    if one.code == "spread":
        dues = ", ".join(f"{long_date(due.on)}: {pounds(due.pence)}" for due in one.dues)
        return _("In %(count)s parts, with their next Direct Debits (%(dues)s)") % {"count": len(one.dues), "dues": dues}
    said = {"sum": pounds(left), "day": long_date(one.dues[0].on)}
    return _("With their next Direct Debit, %(sum)s more on %(day)s") % said
