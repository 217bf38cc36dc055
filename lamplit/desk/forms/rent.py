"""What staff say of charge runs."""

from datetime import date
from typing import Any

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.desk.forms.fields import long_text, pick

FREQUENCIES = {"weekly": "Every week", "four_weekly": "Every four weeks", "monthly": "Every month"}


class ChargeForm(SentOnce):
    """Which accounts, and for which period."""

    frequency = pick("Which accounts are charged?", FREQUENCIES, radios=True)
    from_on = DayField(label="First day of the period", help_text="A week begins on a Monday, a month on its first day.")

    def asked(self) -> dict[str, Any]:
        frequency: str = self.cleaned_data["frequency"]
        first: date = self.cleaned_data["from_on"]
        return {"frequency": frequency, "from_on": first}


class ReleaseForm(SentOnce):
    """A second person's yes, or taking a run back."""


class ChangeForm(ChargeForm):
    """Which rents change, and from when."""

    frequency = pick("Which rents change?", FREQUENCIES, radios=True)
    from_on = DayField(
        label="First day of the new rents", help_text="The first day of a period: a Monday, or the first of a month."
    )


class GivenForm(SentOnce):
    """A notice that was given by hand."""

    on = DayField(label="When did the last tenant get it?", what="the day")
    how = long_text("Who gave it, to whom, and where?", help_text="It is kept as proof of the notice.")

    def asked(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"], "how": self.cleaned_data["how"]}
