"""Somewhere to stay that was offered to her household: where, until when, at whose cost, and her answer."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.portal.repairs import LONGEST, case_of
from lamplit.portal.words import readable
from lamplit.repairs import actions, queries


class StayForm(SentOnce):
    """Her answer."""

    accepted = forms.ChoiceField(
        label=lazy("Do you want to stay there?"),
        choices=[("yes", lazy("Yes, we take it")), ("no", lazy("No, we do not"))],
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose yes or no"), "invalid_choice": lazy("Choose yes or no")},
    )
    says = Typed(label=lazy("Do you want to add anything?"), longest=LONGEST, widget=forms.Textarea)


@for_tenant
def stay(request: Request, repair: str) -> HttpResponse:
    """Show the newest offer, and take the answer to it."""
    case = case_of(request, repair)
    offers = queries.stays_for(case.repair.id, her(request), on=london_date(request.now))
    if not offers:
        raise Http404
    offer, refused = offers[-1], None
    form = StayForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, offer, form)
            return HttpResponseRedirect(f"/repairs/{case.repair.id}/stay?done=yes")
        except Refused as error:
            refused = tenant_words(error)
    context = {
        "case": case,
        "offer": shown(offer),
        "form": form if offer.state == "offered" and case.repair.live else None,
        "refused": refused,
        "done": "done" in request.GET,
        "section": "repairs",
    }
    return render(request, "portal/stay.html", context)


def _answer(request: Request, offer: Any, form: StayForm) -> None:
    actions.answer_stay(
        stay=offer.id,
        accepted=form.cleaned_data["accepted"] == "yes",
        channel="portal",
        person=her(request),
        says=form.cleaned_data["says"] or None,
        by=request.by,
        at=request.now,
        command=form.command(),
    )


STATES = {
    "offered": lazy("We offer you this place. It is your choice."),
    "accepted": lazy("You have taken this place. We ring you about how to get there."),
    "declined": lazy("You did not take this place. You may ask us for another."),
    "begun": lazy("You live here until your home is safe."),
    "ended": lazy("This is over."),
}


def shown(offer: Any) -> dict[str, Any]:
    """Return an offer in her words."""
    return {
        "state": STATES[offer.state],
        "place": as_recorded(readable(offer.place)),
        "who": as_recorded(readable(offer.who)),
        "from": _day(offer.from_on),
        "until": _day(offer.until_on) or _("until your home is safe"),
        "suits": as_recorded(readable(offer.suits)),
    }


def _day(value: Any) -> str | None:
    try:
        return full_date(date.fromisoformat(value)) if isinstance(value, str) else readable(value)
    except ValueError:
        return None
