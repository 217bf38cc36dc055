"""Her rent at the standby while it holds no keys: "I have paid", "this is wrong", "I cannot pay", sealed as it comes in.

It takes the way of a locked report: whoever opens it later finds an e-mail from her, and notes on her account what it says. Any
word of hers about a rent letter stops the chase, so a person reads it before anything is asked of her.
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.words import pounds
from lamplit.config.audience import Request, for_everyone
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.sums import MoneyField
from lamplit.messages.queries import ABOUT_RENT
from lamplit.standby import mailing, reporting

ABOUT = {"paid": "I have paid", "wrong": "My rent is wrong", "cannot": "I cannot pay", "other": "Something else"}


class RentForm(SentOnce):
    """All that somebody has to say about her rent, on one page."""

    about = forms.ChoiceField(
        label=lazy("What do you want to tell us?"), widget=forms.RadioSelect,
        choices=[("paid", lazy("I have paid")), ("wrong", lazy("My rent is wrong")), ("cannot", lazy("I cannot pay")),
                 ("other", lazy("Something else"))],
        error_messages={"required": lazy("Choose one"), "invalid_choice": lazy("Choose one from the list")},
    )  # fmt: skip
    pence = MoneyField(lazy("If you paid: how much?"), required=False)
    on = DayField(label=lazy("If you paid: when?"), what=lazy("the day"), required=False)
    words = Typed(label=lazy("Tell us more"), longest=4000, widget=forms.Textarea(attrs={"rows": 4}))
    reference = Typed(
        label=lazy("Your payment number"), longest=40, help_text=lazy("It stands on your rent card and letters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    name = Typed(
        label=lazy("Your name"), needed=lazy("Enter your name"), longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    address = Typed(
        label=lazy("The address, with the postcode"), needed=lazy("Write the address, so that we can find the home"), longest=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip
    phone = Typed(
        label=lazy("Your phone number"), longest=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("about") == "paid" and "pence" in cleaned and cleaned["pence"] is None:
            self.add_error("pence", _("Write how much you paid, so that we can find it"))
        return cleaned


@for_everyone
@require_http_methods(["GET", "POST"])
def rent(request: Request) -> HttpResponse:
    """Take what she says about her rent. It is sealed before anything of it reaches a disk."""
    form = RentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return reporting.keep(request, form, as_mail(form.cleaned_data), urgent=False)
    return render(request, "standby/rent.html", {"form": form})


def as_mail(said: dict[str, Any]) -> bytes:
    """Return what she says as the e-mail that she would have written to us."""
    paid = [f"Paid: {pounds(said['pence'])} on {said['on'] or '-'}"] if said["pence"] is not None else []
    lines = [
        said["words"] or ABOUT[said["about"]], "", *paid, f"Payment number: {said['reference'] or '-'}",
        f"Address: {said['address']}", f"Name: {said['name']}", f"Phone: {said['phone'] or '-'}",
    ]  # fmt: skip
    return mailing.as_mail(said["name"], "", f"{ABOUT_RENT}: {ABOUT[said['about']]}", lines)
