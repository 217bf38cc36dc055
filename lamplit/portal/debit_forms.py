"""What a tenant fills in to pay by Direct Debit."""

from typing import Any

import msgspec
from django import forms
from django.core import signing

from lamplit.config.bank_form import BankForm
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.rent.actions import SealedDetails

KEPT_SECONDS = 1_800
_SALT = "lamplit.debit"
_CHOOSE = {"required": lazy("Choose one of the answers"), "invalid_choice": lazy("Choose one of the answers")}
OFTEN = [("weekly", lazy("Every week")), ("four_weekly", lazy("Every four weeks")), ("monthly", lazy("Every month"))]
ALONE = [("yes", lazy("Yes, it is my account")), ("no", lazy("No, somebody else has to agree too"))]
WEEKDAYS = (
    lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"), lazy("Saturday"), lazy("Sunday"),
)  # fmt: skip


def day_words(every: str, day: int) -> str:
    """Say on which day of the week or month money is taken."""
    return _("Day %(day)s of the month") % {"day": day} if every == "monthly" else str(WEEKDAYS[day - 1])


class BeginForm(forms.Form):
    """What has to be known before a sum can be worked out."""

    alone = forms.ChoiceField(
        label=lazy("Can you alone say yes to payments from the bank account?"), choices=ALONE, widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )  # fmt: skip
    every = forms.ChoiceField(
        label=lazy("How often do you want to pay?"), choices=OFTEN, widget=forms.RadioSelect, error_messages=_CHOOSE
    )


class SetUpForm(BankForm):
    """On which day, from which account, and whether an agreed plan is paid with it."""

    field_order = ("day", "with_plan", *BankForm.BANK)
    day = forms.ChoiceField(label=lazy("On which day?"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    with_plan = forms.BooleanField(required=False)

    def __init__(self, *args: Any, days: list[tuple[str, str]], plan: str | None, **options: Any) -> None:
        super().__init__(*args, **options)
        day: Any = self.fields["day"]
        day.choices = days
        if plan is None:
            del self.fields["with_plan"]
        else:
            self.fields["with_plan"].label = _("Also take the instalment of my plan, %(sum)s each time") % {"sum": plan}


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What she reads over before she says yes. Bank details stand in it sealed: only the finance key opens them."""

    account: str
    person: str
    every: str
    day: int
    pence: int
    usual_pence: int
    with_plan: bool
    sealed: bytes | None = None
    last3: str = ""
    checked: str = ""

    def details(self) -> SealedDetails | None:
        return None if self.sealed is None else SealedDetails(self.sealed, self.last3, self.checked)  # type: ignore[arg-type]


class YesForm(SentOnce):
    """Her yes. Nothing is kept here until she says it: what she checked stands in the page, sealed and signed."""

    checked = forms.CharField(widget=forms.HiddenInput, max_length=4_000)

    def read(self, account: str, person: str) -> Checked | None:
        """Return what she checked; None of somebody else's, of an old page, or of one that we did not make."""
        try:
            text = signing.TimestampSigner(salt=_SALT).unsign(self.cleaned_data["checked"], max_age=KEPT_SECONDS)
            found = msgspec.json.decode(signing.b64_decode(text.encode()), type=Checked)
        except (signing.BadSignature, ValueError, msgspec.DecodeError):
            return None
        return found if (found.account, found.person) == (account, person) else None


def signed(checked: Checked) -> str:
    """Return it as text for the page."""
    return signing.TimestampSigner(salt=_SALT).sign(signing.b64_encode(msgspec.json.encode(checked)).decode())
