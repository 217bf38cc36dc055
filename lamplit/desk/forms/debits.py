"""What staff say of Direct Debits, bank details and refunds."""

from datetime import date
from typing import Any

from django import forms

from lamplit.config.bank_form import BankForm
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy, lazy_with
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.fields import long_text, pick, text, tick
from lamplit.desk.forms.rent import FREQUENCIES

WAYS = Words({"paperless": "By telephone or on the web", "paper": "On a signed form"})
KINDS = Words({"refund": "Pay money back", "write_off": "Write a debt off", "write_back": "Write a debt back"})
BOOKS = Words(
    {
        "rent": "Rent",
        "costs": "Court costs",
        "recharge": "Recharges",
        "former": "Former tenant",
        "occupation": "Use and occupation",
    }
)
DIED = Words({
    "yes": "Yes: no letter goes and no step is taken, until that hold ends", "no": "No, it is a mistake: letters go again",
})  # fmt: skip
PAYEES = Words(
    {
        "match": "The name is the same",
        "close": "The name is nearly the same",
        "no_match": "The name is another one",
        "not_checked": "Nobody has asked the bank",
    }
)


def money(label: str, *, required: bool = True, **options: Any) -> forms.DecimalField:
    """Return a field for pounds and pence."""
    said = {
        "required": lazy_with("“{label}” is empty. Write pounds and pence.", label=label),
        "invalid": lazy("Write pounds and pence, like 123.45."),
    }
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=10, decimal_places=2, error_messages=said,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options,
    )  # fmt: skip


class SettledForm(SentOnce):
    """A person looked at an advice. Where it stopped letters: whether somebody has died, and then what a hold says of it."""

    def __init__(self, *args: Any, stopped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stopped = stopped
        if stopped:
            self.fields["died"] = pick(_("Has somebody died?"), DIED, radios=True)
            self.fields["words"] = long_text(_("If so: what do you know, and from whom?"), required=False)
            self.fields["review_on"] = DayField(
                label=_("When does somebody look at it again?"), what=_("the day"), required=False,
                help_text=_("Leave it empty for the usual day of this kind."),
            )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        if not self._stopped:
            return {}
        given = self.cleaned_data
        return {"died": given["died"] == "yes", "words": given["words"] or None, "review_on": given["review_on"]}


class MandateForm(BankForm):
    """A new Direct Debit."""

    person = pick(lazy("Who pays?"), {}, radios=True)
    way = pick(lazy("How was it asked for?"), WAYS, radios=True)
    every = pick(lazy("How often?"), FREQUENCIES, radios=True)
    day = forms.IntegerField(
        label=lazy("On which day?"),
        help_text=lazy("Of the month, 1 to 28. Or of the week: 1 is Monday."),
        min_value=1,
        max_value=28,
        error_messages={"required": lazy("Write a day from 1 to 28."), "invalid": lazy("Write a day from 1 to 28.")},
    )
    pounds = money(lazy("How much each time?"))

    follows = tick(lazy("This is the rent less benefit. Show it to us again when that comes to another sum."))

    def __init__(self, *args: Any, people: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        person: Any = self.fields["person"]
        person.choices = list(people.items())

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        kept = {name: said[name] for name in ("person", "way", "every", "day")}
        return {**kept, "pence": int(said["pounds"] * 100)}


class SumForm(SentOnce):
    """Another sum each time."""

    pounds = money(lazy("How much each time?"))


class SeenForm(SentOnce):
    """A sum that a person looked at: the new one, or the old one once more."""

    mandate = forms.CharField(widget=forms.HiddenInput, max_length=40)
    pence = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("mandate", "pence")}


class LeaveOutForm(SentOnce):
    """Which collection is not made."""

    collection = pick(lazy("Which one?"), {}, radios=True)

    def __init__(self, *args: Any, noticed: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        collection: Any = self.fields["collection"]
        collection.choices = list(noticed.items())


class NotGoneForm(SentOnce):
    """Why a file did not go."""

    why = text(lazy("What did Bacs or your bank say, or why was it not sent?"), required=True, rows=3, longest=500)


class MissedForm(SentOnce):
    """How they want to pay a collection that we missed."""

    collection = forms.CharField(widget=forms.HiddenInput, max_length=100)
    choice = pick(lazy("How do they want to pay it?"), {}, radios=True)

    def __init__(self, *args: Any, offered: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["choice"]
        choice.choices = list(offered.items())

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("collection", "choice")}


class DayForm(SentOnce):
    """On which day a run moves money."""

    entry_on = DayField(label=lazy("Day on which the money moves"))

    def day(self) -> date:
        found: date = self.cleaned_data["entry_on"]
        return found


class RefundForm(SentOnce):
    """Money back, a debt off or a debt back."""

    way = pick(lazy("What is to be done?"), KINDS, radios=True)
    book = pick(lazy("Of which book?"), BOOKS)
    pounds = money(lazy("How much?"))
    reason = long_text(lazy("Why?"))
    evidence = long_text(lazy("What shows it? One thing a line."))
    other_debts = money(lazy("What they owe on their other accounts"), required=False)
    clawback = money(lazy("Benefit that must be given back"), required=False)
    payee = pick(lazy("What did the bank say of the name on the account?"), PAYEES)
    payee_reason = text(lazy("Why is a name taken that is nearly the same?"))
    estate = text(lazy("After a death: who showed the grant, and when?"), longest=300)

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "way": said["way"],
            "book": said["book"],
            "pence": int(said["pounds"] * 100),
            "reason": said["reason"],
            "evidence": said["evidence"].splitlines(),
            "other_debts_pence": _pence(said["other_debts"]),
            "clawback_pence": _pence(said["clawback"]),
            "payee": said["payee"],
            "payee_reason": said["payee_reason"],
            "estate": said["estate"],
        }


def _pence(pounds: Any) -> int | None:
    """An empty box is not nought: nobody has looked."""
    return None if pounds is None else int(pounds * 100)
