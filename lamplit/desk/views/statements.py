"""How far the statements of the last quarter are, and who has none."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, long_date
from lamplit.desk import rent_words
from lamplit.desk.forms.statements import HandedForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, page, told, went
from lamplit.desk.rents import HIDDEN, closed_to, home_of
from lamplit.rent import actions, queries
from lamplit.tenancies import queries as tenancies

SHOWN = 100
FEW = 20  # accounts of which a list helps before any statement went
_MAY = "take_step"


@for_staff("see_arrears")
def statements(request: StaffRequest) -> HttpResponse:
    """Show what went and what did not, and take a person's word that somebody has hers."""
    today = london_date(request.now)
    of = queries.last_quarter(today)
    form = form_of(request, HandedForm)
    if request.method == "POST" and _MAY not in request.me.may:
        raise Http404
    if form.is_valid() and (closed := closed_to(request, form.cleaned_data["account"])) is not None:
        return closed

    def do() -> str:
        asked = form.asked()
        left = [one for one in _without(asked["account"], of, today) if one != asked["person"]]
        return actions.hand_statement(
            quarter=of.name, wanting=len(left), **asked, by=request.by, at=request.now, command=form.command()
        )

    done, __ = told(form, do)
    if done:
        return went(reverse("statements"))
    far = queries.statements_went(of, today)
    rows = queries.without_statement(of, today, SHOWN) if far.accounts or far.of <= FEW else []
    return page(
        request,
        "statements.html",
        form=form,
        days=_("%(begins)s to %(ends)s") % {"begins": full_date(of.since), "ends": full_date(of.until)},
        far=rent_words.went(far),
        due=long_date(of.due_on),
        late=today > of.due_on and far.missing,
        missing=far.missing,
        quarter=of.name,
        rows=[_row(request, row, of) for row in rows],
        section="rent",
        hands=_MAY in request.me.may,
    )


def _without(account: str, of: Any, today: date) -> list[str]:
    """Return the tenants of an account who have no statement."""
    row = queries.statements_of([account], of.name).get(account)
    has = row.people if row is not None else []
    return [one.person for one in tenancies.household(account, today) if one.role == "tenant" and one.person not in has]


def _row(request: StaffRequest, row: Any, of: Any) -> dict[str, Any]:
    home = home_of(request, row.account)
    persons = [] if home == HIDDEN else _without(row.account, of, london_date(request.now))
    names = Names([], may=request.me.may, persons=persons)
    return {
        "home": home, "href": reverse("rent_account", args=[row.account]),
        "tenants": [
            (names.person(person), HandedForm(initial={"account": row.account, "person": person})) for person in persons
        ],
    }  # fmt: skip
