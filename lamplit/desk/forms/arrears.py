"""Forms of rent accounts: holds, breathing space, steps, needs, moves, terms."""

from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.fields import long_text, pick, text
from lamplit.desk.forms.money import MoneyField
from lamplit.rent.facts import Protection, Term

HOLD_KINDS = Words(
    {
        "dispute": "They say that something is wrong",
        "reply": "They answered, and wait for a person",
        "pending_claim": "A benefit claim is not decided yet",
        "missed_by_us": "We made a mistake with a payment",
        "complaint": "A complaint is open",
        "welfare": "Their welfare: ask the income lead",
        "death": "Somebody has died",
    }
)
PROTECTED = Words({"standard": "Standard: 60 days", "crisis": "Mental health crisis: as long as the treatment, and 30 days"})
SPOKE = Words({"yes": "Yes, I spoke to them", "no": "No, I did not reach them"})
BOOKS = Words({
    "rent": "Rent", "costs": "Court costs", "recharge": "Recharged repairs", "former": "Former tenancy",
    "occupation": "Use and occupation",
    "rent_income": "Rent charged", "service_income": "Service charged", "costs_income": "Costs charged",
    "recharge_income": "Recharges charged", "occupation_income": "Use and occupation charged",
})  # fmt: skip
MOVES = Words({
    "adjustment": "Put something right", "moved": "Move it to another book", "court_costs": "Court costs", "recharge": "Recharge",
})  # fmt: skip
WHY = Words({
    "keyed_wrong": "It was keyed wrong", "wrong_account": "It was on the wrong account", "charged_wrong": "It was charged wrong",
    "dispute_upheld": "They were right to dispute it", "court": "A court ordered it", "damage": "Damage",
    "agreed": "It was agreed",
    "statute_barred": "It is too old to ask for", "not_economic": "It costs more than it brings", "deceased": "They have died",
    "ended": "The tenancy ended", "other": "Something else: say what",
})  # fmt: skip
OFTEN = Words({"weekly": "Every week", "four_weekly": "Every four weeks", "monthly": "Every month"})
WEEKS = Words({"52": "52 weeks (no rent-free weeks)", "50": "50 weeks", "48": "48 weeks"})
TYPES = Words({
    "social": "Social rent", "affordable": "Affordable rent", "intermediate": "Intermediate rent",
    "supported": "Supported housing", "market": "Market rent",
})  # fmt: skip
DAYS_WHY = Words({
    "decanted": "They live elsewhere while the home is mended", "cannot_live_there": "The home cannot be lived in",
    "agreed": "It was agreed for another reason",
})  # fmt: skip
_CHARGES = ("rent", "service", "service_not_eligible", "support", "water", "heating", "garage", "other")


class HoldForm(SentOnce):
    """Place a hold."""

    kind = pick(lazy("What is it for?"), HOLD_KINDS, radios=True)
    words = long_text(lazy("What do you know?"), help_text=lazy("It is sealed. Few read the words of a hold for welfare."))
    review_on = DayField(
        label=lazy("When does somebody look at it again?"), what=lazy("the day"), required=False,
        help_text=lazy("Leave it empty for the usual day of this kind."),
    )  # fmt: skip


class MoveHoldForm(SentOnce):
    """Leave a hold standing until another day."""

    words = long_text(lazy("Why does it stay?"))
    review_on = DayField(label=lazy("When does somebody look at it again?"), what=lazy("the day"))


class LookForm(SentOnce):
    """A person looked at a hold that nobody placed."""

    words = long_text(lazy("What did you find, and what is done about it?"))
    review_on = DayField(label=lazy("When does somebody look at it again?"), what=lazy("the day"))

    def __init__(self, *args: Any, holds: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = pick(_("Which one did you look at?"), holds, radios=True)
        self.order_fields(["code", "words", "review_on"])


class EndHoldForm(SentOnce):
    """End a hold."""

    words = long_text(
        lazy("What was found, and what were they told?"), help_text=lazy("The next step may follow once no hold stands.")
    )


class ProtectForm(SentOnce):
    """A breathing space, as the notice says it."""

    kind = pick(lazy("Which kind does the notice say?"), PROTECTED, radios=True)
    registered_on = DayField(label=lazy("When was the debt registered?"), what=lazy("the day of registration"))
    treatment_ended_on = DayField(label=lazy("When did the crisis treatment end?"), what=lazy("the day"), required=False)
    adviser = text(lazy("Who is the adviser, and how do we reach them?"), longest=300)
    reference = text(lazy("Reference on the notice"), longest=60)

    def about(self) -> Protection:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return Protection(
            kind=said["kind"], registered_on=said["registered_on"], treatment_ended_on=said["treatment_ended_on"],
            ended_on=said.get("ended_on"), adviser=said["adviser"] or None, reference=said["reference"] or None,
        )  # fmt: skip


class ReviewProtectionForm(ProtectForm):
    """More became known of a breathing space."""

    ended_on = DayField(
        label=lazy("If it was cancelled or ended early: what was its last day?"), what=lazy("the last day"), required=False
    )
    words = long_text(lazy("What did you learn, and from whom?"))


class StepForm(SentOnce):
    """Take the step that comes next."""

    note = long_text(lazy("What did they say, or what did you see?"), required=False)
    step = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, step: str, asks_spoke: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].initial = step
        if asks_spoke:
            self.fields["spoke"] = pick(_("Did you speak to them?"), SPOKE, radios=True)
            self.order_fields(["spoke", "note"])

    @property
    def spoke(self) -> bool | None:
        """Whether a person spoke to her; None where nobody was to."""
        said = self.cleaned_data.get("spoke")
        return None if said is None else said == "yes"


class NeedsForm(SentOnce):
    """A person considered the needs in a home."""

    words = long_text(
        lazy("What did you consider, and what do you do because of it?"),
        help_text=lazy("Who lives there, what makes this harder for them, who could help. It is sealed."),
    )
    review_on = DayField(label=lazy("When does somebody look at it again?"), what=lazy("the day"))


class MoveForm(SentOnce):
    """Move a sum between two books of an account."""

    debit = pick(lazy("Which book owes more after it?"), BOOKS)
    credit = pick(lazy("Which book owes less after it?"), BOOKS)
    pence = MoneyField(lazy("How much?"))
    what = pick(lazy("What is it?"), MOVES)
    why = pick(lazy("Why?"), WHY)
    note = long_text(lazy("In your words"), required=False)


class ReverseForm(SentOnce):
    """Take a line of the books back, whole."""

    why = pick(lazy("Why?"), WHY)
    note = long_text(lazy("In your words"), required=False)


class DaysForm(SentOnce):
    """Days for which nothing is charged."""

    from_on = DayField(label=lazy("What is the first day without a charge?"), what=lazy("the first day"))
    to_on = DayField(label=lazy("And the last one?"), what=lazy("the last day"))
    why = pick(lazy("Why?"), DAYS_WHY, radios=True)
    note = long_text(lazy("What was agreed, and with whom?"), help_text=lazy("It stands in the books with what is credited."))


class CutDaysForm(SentOnce):
    """Days without a charge end earlier, or none of them counts."""

    to_on = DayField(
        label=lazy("What is the last day without a charge?"), what=lazy("the last day"), required=False,
        help_text=lazy("Leave it empty to charge for all of them."),
    )  # fmt: skip


class NumberForm(SentOnce):
    """The number that people pay with."""

    reference = text(
        lazy("Payment number"), longest=60, required=True,
        help_text=lazy("Letters and digits. A space in it counts for nothing. No two accounts have the same."),
    )  # fmt: skip


class TermsForm(SentOnce):
    """What is charged from a day on, beginning with what is charged now: what is left alone stays.

    `now`: the terms in force, or None. Service charges of a Universal Credit category stand where there are some.
    """

    from_on = DayField(label=lazy("From which day?"), what=lazy("the first day"))
    frequency = pick(lazy("How often?"), OFTEN)
    weeks = pick(lazy("Over how many weeks is a year's rent collected?"), WEEKS)
    rent_type = pick(lazy("Which kind of rent?"), TYPES)
    rent = MoneyField(lazy("Rent each period"))
    service = MoneyField(lazy("Service charge that benefit pays for"), required=False)
    service_not_eligible = MoneyField(lazy("Service charge that benefit does not pay for"), required=False)
    support = MoneyField(lazy("Support"), required=False)
    water = MoneyField(lazy("Water"), required=False)
    heating = MoneyField(lazy("Heating"), required=False)
    garage = MoneyField(lazy("Garage"), required=False)
    other = MoneyField(lazy("Other"), required=False)

    def __init__(self, *args: Any, now: Any | None, **options: Any) -> None:
        terms = [] if now is None else now.terms
        charged = {_line(term["charge"], term.get("category")): term["pence"] for term in terms}
        kept = {} if now is None else {"frequency": now.frequency, "weeks": str(now.weeks), "rent_type": now.rent_type}
        super().__init__(*args, initial={**kept, **charged}, **options)
        self._lines: dict[str, tuple[Any, Any]] = {charge: (charge, None) for charge in _CHARGES}
        for term in terms:
            if term.get("category") is not None:
                name = _line(term["charge"], term.get("category"))
                label = _("Service charge of category %(category)s") % {"category": term["category"]}
                self.fields[name] = MoneyField(label, required=False)
                self._lines[name] = (term["charge"], term["category"])

    def terms(self) -> list[Term]:
        """Return the lines that were typed."""
        typed = ((of, self.cleaned_data[name]) for name, of in self._lines.items())
        return [Term(charge=charge, pence=pence, category=category) for (charge, category), pence in typed if pence is not None]


def _line(charge: str, category: str | None) -> str:
    return charge if category is None else f"{charge}_{category.lower()}"
