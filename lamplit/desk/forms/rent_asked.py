"""What tenants tell us of their rent, on the phone or across a desk; and our answers."""

from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce, Typed
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.sums import MoneyField
from lamplit.desk.forms.fields import long_text, pick
from lamplit.rent.facts import Budget

_CHOOSE = Words({"required": "Choose one", "invalid_choice": "Choose one from the list"})


class AnswerForm(SentOnce):
    """An answer to a dispute."""

    outcome = forms.ChoiceField(
        label=lazy("Are they right?"),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
        choices=[
            ("upheld", lazy("Yes: put it right on the account too")),
            ("not_upheld", lazy("No")),
            ("withdrawn", lazy("They take it back")),
        ],
    )
    words = Typed(
        label=lazy("What do we answer?"), needed=lazy("Write the answer. The tenant reads it"), longest=2_000,
        help_text=lazy("They read this beside the line."), widget=forms.Textarea,
    )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("outcome", "words")}


class LookForm(SentOnce):
    """What was found of a payment."""

    outcome = forms.ChoiceField(
        label=lazy("What did you find?"),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
        choices=[
            ("found", lazy("It is on their account now")),
            ("not_found", lazy("We cannot find it")),
            ("withdrawn", lazy("They take it back")),
        ],
    )
    words = Typed(
        label=lazy("Where did you look?"),
        longest=2_000,
        help_text=lazy("Needed where you cannot find it."),
        widget=forms.Textarea,
    )

    def asked(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"], "words": self.cleaned_data["words"] or None}


WAYS = Words({
    "bank": "From a bank account", "card": "By card, on the phone or online", "shop": "At a shop or post office",
    "office": "At our office", "other": "Another way",
})  # fmt: skip
EVERY = Words({"weekly": "Every week", "four_weekly": "Every four weeks", "monthly": "Every month"})
ENDS = Words(
    {
        "asked": "They asked for it",
        "not_kept": "It was not kept",
        "kept": "It is paid off",
    }
)


class TellDisputeForm(SentOnce):
    """They say that something is wrong."""

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"] = pick(_("What is wrong?"), [("", _("The account as a whole")), *lines], required=False)
        self.fields["words"] = long_text(_("What do they say?"), help_text=_("In their words, and who of them said it."))

    def asked(self) -> dict[str, Any]:
        return {"line": self.cleaned_data["line"] or None, "words": self.cleaned_data["words"]}


class TellPaidForm(SentOnce):
    """They say that they have paid."""

    pence = MoneyField(lazy("How much did they pay?"))
    on = DayField(label=lazy("When did they pay?"), what=lazy("the day"))
    way = pick(lazy("How did they pay?"), WAYS, radios=True)
    words = long_text(lazy("Anything that helps us find it"), required=False)

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("pence", "on", "way")} | {"words": self.cleaned_data["words"] or None}


class AgreePlanForm(SentOnce):
    """What they can afford, and what they want to pay."""

    comes_in = MoneyField(lazy("How much money do they get each month?"), help_text=lazy("Wages, benefits, pension: all of it."))
    goes_out = MoneyField(
        lazy("How much do they spend each month?"), help_text=lazy("Rent, food, heating, travel, children, other debts.")
    )
    each_pence = MoneyField(lazy("How much can they pay each time?"), help_text=lazy("On top of their usual rent."))
    every = pick(lazy("How often?"), EVERY, radios=True)
    first_on = DayField(label=lazy("When do they pay first?"), what=lazy("the first day"))
    words = long_text(lazy("Anything that we should know"), required=False)

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        budget = Budget(comes_in=said["comes_in"], goes_out=said["goes_out"], words=said["words"] or None)
        return {name: said[name] for name in ("each_pence", "every", "first_on")} | {"budget": budget}


class EndPlanForm(SentOnce):
    """A plan ends before its time."""

    why = pick(lazy("Why does it end?"), ENDS, radios=True)
