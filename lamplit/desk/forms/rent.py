"""What staff say of charge runs."""

from datetime import date
from typing import Any

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.desk.forms.fields import long_text, pick

FREQUENCIES = Words({"weekly": "Every week", "four_weekly": "Every four weeks", "monthly": "Every month"})


class ChargeForm(SentOnce):
    """Which accounts, and for which period."""

    frequency = pick(lazy("Which accounts are charged?"), FREQUENCIES, radios=True)
    from_on = DayField(
        label=lazy("First day of the period"), help_text=lazy("A week begins on a Monday, a month on its first day.")
    )

    def asked(self) -> dict[str, Any]:
        frequency: str = self.cleaned_data["frequency"]
        first: date = self.cleaned_data["from_on"]
        return {"frequency": frequency, "from_on": first}


class ReleaseForm(SentOnce):
    """A second person's yes, or taking a run back."""


class ChangeForm(ChargeForm):
    """Which rents change, and from when."""

    frequency = pick(lazy("Which rents change?"), FREQUENCIES, radios=True)
    from_on = DayField(
        label=lazy("First day of the new rents"), help_text=lazy("The first day of a period: a Monday, or the first of a month.")
    )


class GivenForm(SentOnce):
    """A notice that was given by hand."""

    on = DayField(label=lazy("When did the last tenant get it?"), what=lazy("the day"))
    how = long_text(lazy("Who gave it, to whom, and where?"), help_text=lazy("It is kept as proof of the notice."))

    def asked(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"], "how": self.cleaned_data["how"]}
