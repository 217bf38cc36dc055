"""The diary, paper sheets keyed later, and cases bigger than one home."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, gettext, lazy, of_data
from lamplit.config.speaking import gettext as _
from lamplit.desk import words as said_as
from lamplit.desk.forms.fields import long_text, pick, text, tick, ticks
from lamplit.desk.forms.repairs import firms, trades
from lamplit.desk.forms.report import CHANNELS
from lamplit.desk.forms.when import Happened
from lamplit.desk.references import as_reference
from lamplit.homes import queries as homes
from lamplit.repairs import queries

WEEKDAYS = Words({
    "0": "Monday", "1": "Tuesday", "2": "Wednesday", "3": "Thursday", "4": "Friday", "5": "Saturday", "6": "Sunday",
})  # fmt: skip


class DiaryForm(SentOnce):
    """Whose diary it is."""

    name = text(
        lazy("What do planners call it?"), required=True, longest=80, help_text=lazy("A team or firm, like “Plumbers, north”.")
    )
    contractor = pick(lazy("Which firm?"), [], required=False)
    trades = ticks(lazy("Which trades?"), [], required=True)
    area = text(
        lazy("Which postcodes?"), longest=10, help_text=lazy("How they begin, like ZZ1 or ZZ1 4. Leave it empty for everywhere.")
    )
    ended = tick(lazy("It is not used any more"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contractor"].choices = [("", _("Our own people")), *firms()]  # type: ignore[attr-defined]
        self.fields["trades"].choices = trades()  # type: ignore[attr-defined]
        if "name" not in self.initial:
            del self.fields["ended"]

    def diary(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "name": said["name"], "contractor": said["contractor"] or None, "trades": said["trades"],
            "area": said["area"] or None, "ended": bool(said.get("ended")),
        }  # fmt: skip


class CapacityForm(SentOnce):
    """How much time a diary has."""

    places = forms.IntegerField(
        label=lazy("For how many visits is there time?"), min_value=0, max_value=999,
        help_text=lazy("In each part of each day. 0: nobody comes."),
        error_messages={"required": lazy("Write how many visits, like 4"), "invalid": lazy("Write a whole number, like 4"),
                        "min_value": lazy("Write 0 or more"), "max_value": lazy("Write at most 999")},
    )  # fmt: skip
    parts = ticks(lazy("In which parts of the day?"), [], required=True)
    weekdays = ticks(lazy("On which days?"), WEEKDAYS, required=True, initial=["0", "1", "2", "3", "4"])
    from_on = DayField(label=lazy("From which day?"), what=lazy("the first day"))
    until_on = DayField(
        label=lazy("Until which day?"), what=lazy("the last day"), required=False,
        help_text=lazy("Leave it empty for further notice. For one day, write it in both."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, initial={"from_on": today, "parts": ["am", "pm"]}, **options)
        known = queries.parts_of_day(today)
        self.fields["parts"].choices = [(part.code, gettext(part.words)) for part in known]  # type: ignore[attr-defined]

    def capacity(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "parts": said["parts"], "weekdays": [int(day) for day in said["weekdays"]], "from_on": said["from_on"],
            "until_on": said["until_on"], "places": said["places"],
        }  # fmt: skip


class PaperForm(SentOnce):
    """Which visit a paper sheet is about."""

    number = text(
        lazy("The number of the visit on the sheet"), required=True, longest=40, help_text=lazy("Like V-7KDQ-42XR."),
        error_messages={"required": lazy("Write the number that stands with the visit on the sheet")},
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_number(self) -> str:
        visit = queries.visit_numbered(as_reference(self.cleaned_data["number"]), now=self.now)
        if visit is None:
            raise ValidationError(_("No visit of the last months has this number. Check it, or find the repair."))
        if visit.state == "attended":
            raise ValidationError(_("We know already what came of this visit. Nothing is written down twice."))
        if visit.state == "cancelled":
            raise ValidationError(_("This visit was called off. Find the repair, and say what came of it there."))
        return str(visit.id)


PARTS = Words({"affected": "It reaches it", "source": "It comes from there", "ended": "It does not, after all"})


class LinkHomeForm(SentOnce):
    """Another home that the repair concerns."""

    home = pick(lazy("Which home?"), [], required=False)
    uprn = text(lazy("Or its UPRN"), longest=20, help_text=lazy("For a home that is not in the list."))
    part = pick(lazy("How does it concern that home?"), PARTS, radios=True)
    says = long_text(
        lazy("What do we tell that household?"), rows=2, required=False,
        help_text=lazy("Only they read it. Say nothing of the people in the other home."),
    )  # fmt: skip

    def __init__(self, *args: Any, near: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["home"].choices = [("", _("Nothing chosen")), *near]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        found = homes.by_uprn(cleaned["uprn"]) if cleaned.get("uprn") else None
        if found is not None:
            cleaned["home"] = found.id
        elif cleaned.get("uprn"):
            self.add_error("uprn", _("No home of ours has this UPRN. Check it."))
        elif not cleaned.get("home"):
            self.add_error("home", _("Choose a home, or write its UPRN"))
        return cleaned


class SharedReportForm(Happened):
    """Something in the shared parts of a block."""

    fault = pick(lazy("What is wrong?"), [])
    words_said = long_text(lazy("In their own words"), required=False, rows=3)
    channel = pick(lazy("How did it reach us?"), CHANNELS, radios=True, initial="phone")
    reporter = pick(lazy("Who told us?"), [], required=False)
    needs = ticks(lazy("Who is hurt by it? (beside what we know)"), said_as.NEEDS)

    def __init__(self, *args: Any, residents: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        known = queries.book_for(None).catalogue.faults.values()
        first = [(one.code, of_data(f"fault.{one.code}", one.name)) for one in known if one.group == "communal"]
        rest = sorted(
            ((one.code, of_data(f"fault.{one.code}", one.name)) for one in known if one.group != "communal"),
            key=lambda pair: pair[1],
        )
        self.fields["fault"].choices = [*first, *rest]  # type: ignore[attr-defined]
        self.fields["reporter"].choices = [("", _("Nobody who lives there")), *residents]  # type: ignore[attr-defined]
