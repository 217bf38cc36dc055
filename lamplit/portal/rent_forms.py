"""What a tenant fills in about her rent."""

from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce, Typed
from lamplit.config.speaking import lazy
from lamplit.config.sums import MoneyField

LONGEST = 2_000
_CHOOSE = {"required": lazy("Choose one"), "invalid_choice": lazy("Choose one from the list")}
WAYS = [
    ("bank", lazy("From my bank account")),
    ("card", lazy("By card, on the phone or online")),
    ("shop", lazy("At a shop or post office")),
    ("office", lazy("At your office")),
    ("other", lazy("Another way")),
]
EVERY = [("weekly", lazy("Every week")), ("four_weekly", lazy("Every four weeks")), ("monthly", lazy("Every month"))]


class DisputeForm(SentOnce):
    """A line is wrong. One tap says it; words may be added."""

    line = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    words = Typed(
        label=lazy("What is wrong?"),
        help_text=lazy("You need not write anything."),
        longest=LONGEST,
        widget=forms.Textarea,
    )


class PaidForm(SentOnce):
    """ "I have paid"."""

    pence = MoneyField(lazy("How much did you pay?"))
    on = DayField(label=lazy("When did you pay?"), what=lazy("the day"), help_text=lazy("For example, 27 3 2026"))
    way = forms.ChoiceField(label=lazy("How did you pay?"), choices=WAYS, widget=forms.RadioSelect, error_messages=_CHOOSE)
    words = Typed(
        label=lazy("Anything that helps us find it"), help_text=lazy("For example, the name of the shop, or words on the slip."),
        longest=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class PlanForm(SentOnce):
    """What she can afford, and what she wants to pay."""

    comes_in = MoneyField(lazy("How much money do you get each month?"), help_text=lazy("Wages, benefits, pension: all of it."))
    goes_out = MoneyField(
        lazy("How much do you spend each month?"),
        help_text=lazy("Rent, food, heating, travel, children, other debts: all that you need."),
    )
    each_pence = MoneyField(lazy("How much can you pay each time?"), help_text=lazy("On top of your usual rent."))
    every = forms.ChoiceField(label=lazy("How often?"), choices=EVERY, widget=forms.RadioSelect, error_messages=_CHOOSE)
    first_on = DayField(label=lazy("When do you pay first?"), what=lazy("the first day"))
    words = Typed(label=lazy("Anything that we should know"), longest=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> Any:
        """Say beside the sum what she has left, where she asks for more than that."""
        said = super().clean() or self.cleaned_data
        comes, goes = said.get("comes_in"), said.get("goes_out")
        if comes is not None and goes is not None and comes <= goes:
            self.add_error("goes_out", lazy("You have nothing left. Please call us. We will find help together."))
        return said
