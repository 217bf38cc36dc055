"""What staff say of money that came in: whose it is, where it belongs; and of benefit claims."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.fields import pick, text
from lamplit.desk.forms.money import MoneyField
from lamplit.rent import queries

OTHER = "other"
BOOKS = Words(
    {
        "collected": "One sum that a firm collected for us: card payments or Direct Debits",
        "benefit": "One sum of a council or DWP; its schedule has the tenants",
        "refunds": "It goes back to whoever paid it",
        "not_rent": "It is not rent at all",
    }
)
SIDES = Words({"before": "The file that seems to be missing before this one", "after": "Any more files from this firm"})
NEVER = Words({
    "left_out": "The sender left a number out", "in_another": "What was in it came in another file",
    "empty": "There was nothing in it", "firm_ended": "This firm collects for us no more", "other": "Another reason",
})  # fmt: skip
SCHEMES = Words(
    {
        "hb": "Housing Benefit, paid to us",
        "uc_managed": "Universal Credit, paid to us",
        "uc_tenant": "Universal Credit, paid to the tenant",
        "tpd": "Deductions for arrears, paid to us",
    }
)
CYCLES = Words({"two_weekly": "Every two weeks", "four_weekly": "Every four weeks", "monthly": "Every month"})
PERIODS = Words({"week": "A week", "month": "A month"})


class MatchForm(SentOnce):
    """Whose a line is: one of those suggested, or the account with a payment number."""

    account = pick(lazy("Whose is it?"), [], radios=True)
    reference = text(
        lazy("Payment number"), longest=40, help_text=lazy("Only for another account: the number that the tenant pays with.")
    )

    def __init__(self, *args: Any, suggested: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["account"]
        field.choices = [*suggested, (OTHER, _("Another account"))]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("account") != OTHER:
            return said
        typed = said.get("reference") or ""
        found = queries.account_of_reference(typed) or queries.account_of_reference("".join(typed.split()))  # shown in fours
        if found is None:
            raise ValidationError(_("No account has this payment number. Search for the person, and copy it from the account."))
        said["account"] = found.id
        return said


class SettleForm(SentOnce):
    """It is no tenant's."""

    book = pick(lazy("What is it?"), BOOKS, radios=True)
    note = text(lazy("What do you know of it?"), rows=3, longest=500, help_text=lazy("Needed when it goes back, or is not rent."))


class TakeOffForm(SentOnce):
    """A payment is not hers."""

    why = pick(
        lazy("Why?"),
        {
            "wrong_account": lazy("It is another account’s"),
            "keyed_wrong": lazy("It was put there by mistake"),
            "other": lazy("Another reason"),
        },
        radios=True,
    )
    note = text(lazy("Say more"), rows=3, longest=500, help_text=lazy("Needed for another reason."))


class NeverForm(SentOnce):
    """What seems to be missing beside a file never comes."""

    why = pick(lazy("Why does it never come?"), NEVER, radios=True)
    note = text(
        lazy("Who said so, and when?"), rows=3, longest=500, help_text=lazy("Ask the sender first. It is kept with the file.")
    )

    def __init__(self, *args: Any, sides: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["missing"] = pick(_("What never comes?"), {side: SIDES[side] for side in sides}, radios=True)
        self.order_fields(["missing", "why", "note"])


class LookAgainForm(SentOnce):
    """It was said by mistake that something never comes."""

    note = text(lazy("What do you know now?"), rows=3, longest=500)


class ClaimForm(SentOnce):
    """A benefit claim, as a letter or schedule tells of it."""

    scheme = pick(lazy("Which benefit?"), SCHEMES, radios=True)
    state = pick(
        lazy("How does it stand?"),
        {"paying": lazy("It is awarded"), "pending": lazy("It was asked for, and not decided")},
        radios=True,
    )
    reference = text(lazy("The council’s or DWP’s number"), longest=40)
    award_pence = MoneyField(lazy("How much is awarded?"))
    award_per = pick(lazy("For how long is that?"), PERIODS, radios=True)
    eligible_pence = MoneyField(lazy("How much of the rent can benefit pay?"))
    eligible_per = pick(lazy("For how long is that sum?"), PERIODS, radios=True)
    cycle = pick(lazy("How often is it paid?"), CYCLES, radios=True)
    paid_to = DayField(label=lazy("To which day is it paid already?"), what=lazy("that day"))
    pays_after_days = forms.IntegerField(
        label=lazy("Days from the end of a benefit period to its pay day"),
        min_value=0,
        max_value=60,
        initial=0,
        help_text=lazy("Housing Benefit: often 0. Universal Credit: 7."),
        error_messages={
            "required": lazy("Write a number of days, such as 0 or 7."),
            "invalid": lazy("Write a number of days, such as 7."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": 3}),
    )

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.names}

    class Meta:
        names = (
            "scheme", "state", "reference", "award_pence", "award_per", "eligible_pence", "eligible_per", "cycle", "paid_to",
            "pays_after_days",
        )  # fmt: skip


class EndClaimForm(SentOnce):
    """A claim ended or was stopped."""

    stopped = pick(
        lazy("What happened?"),
        {"yes": lazy("It was stopped"), "no": lazy("It ends on a day that we know, or it was refused")},
        radios=True,
    )
    ends_on = DayField(label=lazy("The last day that it covers"), what=lazy("the last day"))

    def asked(self) -> dict[str, Any]:
        return {"ends_on": self.cleaned_data["ends_on"], "stopped": self.cleaned_data["stopped"] == "yes"}


class AskedForm(SentOnce):
    """We asked the council or DWP."""

    said = text(lazy("What did they say?"), rows=3, longest=500)
