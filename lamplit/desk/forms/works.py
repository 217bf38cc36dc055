"""What staff say of surveys, more work or money, places to stay, reviews and patches."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk import words as said_as
from lamplit.desk.concluding import ask_findings
from lamplit.desk.forms.fields import long_text, pick, text, tick, ticks
from lamplit.desk.forms.money import MoneyField, QuantityField, measured
from lamplit.desk.forms.repairs import Choices, firms, trades
from lamplit.desk.forms.when import Happened
from lamplit.homes import queries as homes
from lamplit.repairs.actions import WorkFound
from lamplit.staff import queries as staff

SURVEY_WORKS = 4  # boxes on the page; more are ordered from the repair's page
FINDINGS = Words({"none": "No hazard", "significant": "Significant hazard", "emergency": "Emergency hazard"})
MORE = Words({"work": "More work", "money": "More money for this work"})


class SurveyForm(Happened):
    """What a survey found, and the works that it asks for."""

    surveyor = pick(lazy("Who made the survey?"), [])
    there = text(lazy("Who was there?"), longest=500)
    found = long_text(lazy("What did you find?"), help_text=lazy("The tenant reads this. Write it for them."))
    readings = long_text(lazy("Readings"), required=False, rows=2, help_text=lazy("Like: bathroom wall 22 % moisture, air 71 %."))
    cause = text(lazy("What is the cause?"), longest=2000)
    finding = pick(
        lazy("What is the hazard?"),
        FINDINGS,
        required=False,
        help_text=lazy("Only if you are competent to say. It ends the investigation."),
    )
    work = pick(
        lazy("Which work was the survey?"),
        [],
        required=False,
        help_text=lazy("It is done by it. Its photos are added on its page."),
    )

    def __init__(self, *args: Any, people: Choices, own: Choices, hazards: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["surveyor"].choices = people  # type: ignore[attr-defined]
        self.fields["work"].choices = [("", _("None of these")), *own]  # type: ignore[attr-defined]
        if not own:
            del self.fields["work"]
        ask_findings(self, hazards)
        known, listed = trades(), firms()
        for number in range(1, SURVEY_WORKS + 1):
            self.fields |= _work_fields(number, known, listed)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The boxes of each work, for the page: the first stands open, others when something is in them."""
        names = [list(_work_fields(number, [], [])) for number in range(1, SURVEY_WORKS + 1)]
        return [
            {"number": number, "fields": [self[name] for name in block], "open": self._is_open(block)}
            for number, block in enumerate(names, 1)
        ]

    def _is_open(self, block: list[str]) -> bool:
        return bool(self[block[0]].value()) or any(self[name].errors for name in block)

    @property
    def head(self) -> list[Any]:
        """The boxes of the survey itself."""
        inside = {name for number in range(1, SURVEY_WORKS + 1) for name in _work_fields(number, [], [])}
        return [self[name] for name in self.fields if name not in inside]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.works = [one for number in range(1, SURVEY_WORKS + 1) if (one := self._work(number)) is not None]
        return cleaned

    def _work(self, number: int) -> WorkFound | None:
        said = {name: self.cleaned_data.get(f"{name}_{number}") for name in ("what", "trade", "place", "target_on", "firm")}
        rate = measured(self, f"code_{number}", f"much_{number}")
        if not said["what"]:
            if rate is not None or said["place"]:
                self.add_error(f"what_{number}", _("Write what is to be done, or leave the other boxes empty."))
            return None
        if not said["trade"]:
            self.add_error(f"trade_{number}", _("Choose the trade."))
            return None
        return WorkFound(
            what=said["what"], trade=said["trade"], place=said["place"] or None, rate=rate, contractor=said["firm"] or None,
            needs=tuple(self.cleaned_data.get(f"needs_{number}") or ()), target_on=said["target_on"],
        )  # fmt: skip


def _work_fields(number: int, known: Choices, listed: Choices) -> dict[str, forms.Field]:
    return {
        f"what_{number}": text(_("What is to be done?"), rows=2, longest=2000),
        f"trade_{number}": pick(_("Which trade?"), known, required=False),
        f"place_{number}": text(_("Where in the home?"), longest=200),
        f"code_{number}": text(_("Code of the rate"), longest=40),
        f"much_{number}": QuantityField(_("How much?"), help_text=_("In the rate’s unit. Nothing: one.")),
        f"firm_{number}": forms.ChoiceField(
            label=_("By which firm?"), required=False, choices=[("", _("The firm that covers the trade there")), *listed]
        ),
        f"target_on_{number}": DayField(label=_("Until when?"), what=_("the day"), required=False),
        f"needs_{number}": ticks(_("What shows that it is done?"), said_as.EVIDENCE, initial=["photo"]),
    }


class ProveForm(Happened):
    """What shows that a work is done."""

    kind = pick(lazy("What shows it?"), {kind: text for kind, text in said_as.EVIDENCE.items() if kind != "cause"})
    says = long_text(lazy("What does it show?"), rows=2)
    electrics = pick(lazy("Electrics"), {"tested": lazy("Tested, safe"), "isolated": lazy("Cut off, made safe")}, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == "test_or_isolation" and not cleaned.get("electrics"):
            self.add_error("electrics", _("Say whether it was tested or cut off."))
        return cleaned


class AskMoreForm(SentOnce):
    """More work or more money."""

    more = pick(lazy("What do you ask for?"), MORE, radios=True)
    what = long_text(lazy("What is it?"), rows=2)
    why = long_text(lazy("Why is it needed?"), rows=2)
    trade = pick(lazy("Which trade does more work?"), [], required=False)
    code = text(lazy("Code of the rate"), longest=40)
    much = QuantityField(lazy("How much of it?"), help_text=lazy("In the rate’s unit. Nothing: one."))
    pence = MoneyField(lazy("Or the sum in pounds"), required=False, help_text=lazy("Leave it empty if nobody knows yet."))
    make_safe = tick(lazy("It is needed to make the home safe"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["trade"].choices = [("", _("The same trade")), *trades()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.rate = measured(self, "code", "much")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {
            "more": said["more"], "what": said["what"], "why": said["why"], "trade": said["trade"] or None,
            "lines": [self.rate] if self.rate else None, "pence": said["pence"], "make_safe": said["make_safe"],
        }  # fmt: skip


class DecideForm(SentOnce):
    """A yes or a no."""

    answer = pick(lazy("What do you say?"), {"yes": lazy("Yes, it is agreed"), "no": lazy("No")}, radios=True)
    pence = MoneyField(lazy("The sum that is agreed, in pounds"), required=False)
    why = long_text(lazy("Why?"), required=False, rows=2, help_text=lazy("Needed for a no: they read it."))


class OfferStayForm(Happened):
    """Somewhere to stay."""

    who = text(lazy("For whom?"), required=True, longest=500, help_text=lazy("The whole household."))
    place = text(
        lazy("Where?"),
        required=True,
        rows=2,
        longest=500,
        help_text=lazy("With the address. Only the household and staff read it."),
    )
    from_on = DayField(label=lazy("From which day?"), what=lazy("the first day"))
    until_on = DayField(
        label=lazy("Until when?"),
        what=lazy("the last day"),
        required=False,
        help_text=lazy("Leave it empty if nobody knows yet."),
    )
    suits = long_text(
        lazy("Why does it suit them?"), required=False, rows=2, help_text=lazy("School, work, stairs, pets. They read it.")
    )
    pence = MoneyField(
        lazy("What it costs us, in pounds"), required=False, help_text=lazy("We pay for it. The tenant does not see this.")
    )


class AnswerStayForm(Happened):
    """What the household says to it."""

    accepted = pick(lazy("What do they say?"), {"yes": lazy("They take it"), "no": lazy("They do not take it")}, radios=True)
    channel = pick(
        lazy("How did they tell us?"),
        {
            "call": lazy("Call"),
            "text": lazy("Text"),
            "email": lazy("E-mail"),
            "letter": lazy("Letter"),
            "visit": lazy("Visit"),
            "counter": lazy("At the counter"),
        },
        radios=True,
        initial="call",
    )
    says = long_text(lazy("Their words"), required=False, rows=2)


class EndStayForm(Happened):
    """A place to stay that is over."""

    moved_back = pick(
        lazy("How did it end?"), {"yes": lazy("They are back at home"), "no": lazy("They did not need it")}, radios=True
    )
    pence = MoneyField(lazy("What it cost us in all, in pounds"), required=False)
    says = long_text(lazy("In words"), required=False, rows=2, help_text=lazy("They read this."))


class ReviewForm(SentOnce):
    """Why it comes back."""

    finding = long_text(lazy("Why does it come back?"), help_text=lazy("For staff."))
    changes = long_text(lazy("What changes?"), help_text=lazy("Who does what else from now on. For staff."))
    tells = long_text(lazy("What do they read?"), rows=2, help_text=lazy("The tenant reads this on their repair’s page."))


class PatchForm(SentOnce):
    """A patch."""

    name = text(lazy("Name"), required=True, longest=100)
    blocks = text(lazy("Which blocks?"), rows=4, longest=20_000, help_text=lazy("Their names, each on a line of its own."))
    postcodes = text(
        lazy("Which postcodes?"), longest=1000, help_text=lazy("With commas between them, whole or how they begin: HH1 2, HH3.")
    )

    def clean_blocks(self) -> list[str]:
        """Return the ids of the blocks that are named; of two with one name, both."""
        wanted = {" ".join(line.split()).lower(): line for line in self.cleaned_data["blocks"].splitlines() if line.strip()}
        known: dict[str, list[str]] = {}
        for row in homes.blocks() if wanted else []:
            known.setdefault(" ".join(str(row.name).split()).lower(), []).append(row.id)
        if missing := [line.strip() for name, line in wanted.items() if name not in known]:
            raise ValidationError(
                _("There is no block called %(missing)s. Write its name as on its homes’ pages.") % {"missing": missing[0]}
            )
        return [ident for name in wanted for ident in known[name]]

    def area(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {"name": said["name"], "blocks": said["blocks"], "postcodes": said["postcodes"].split(",")}


class CoverForm(SentOnce):
    """What a firm covers."""

    trade = pick(lazy("Which trade?"), [])
    patch = pick(lazy("Where?"), [], required=False)
    from_on = DayField(label=lazy("From which day?"), what=lazy("the first day"))
    until_on = DayField(label=lazy("Until which day?"), what=lazy("the last day"), required=False)

    def __init__(self, *args: Any, firm: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = sorted({*firm.trades, *(one for one, __ in trades())})
        self.fields["trade"].choices = [(one, said_as.trade(one)) for one in known]  # type: ignore[attr-defined]
        everywhere = [("", _("Everywhere")), *((row.id, row.name) for row in staff.patches())]
        self.fields["patch"].choices = everywhere  # type: ignore[attr-defined]

    def cover(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {"trade": said["trade"], "patch": said["patch"] or None, "from_on": said["from_on"], "until_on": said["until_on"]}
