"""Homes: what they are, what to know before going there, their parts and checks, and who lives there."""

from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import pick, text, ticks
from lamplit.desk.words import CHECKS, HOME_NOTES, PARTS, TENURES
from lamplit.homes.facts import HomeNote


def _number(label: str, **options: Any) -> forms.IntegerField:
    options.setdefault("error_messages", {"invalid": lazy("Write a whole number, like 2")})
    return forms.IntegerField(label=label, required=False, min_value=-999, max_value=9999, **options)


class HomeForm(SentOnce):
    """What a home is."""

    address = text(lazy("Address, one line under another"), required=True, rows=3)
    postcode = text(lazy("Postcode"), longest=20)
    uprn = text("UPRN", longest=20)
    block = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    storey = _number(lazy("Floor"), help_text=lazy("0 is the ground."))
    stack = _number(lazy("Place on the floor, from the left"), help_text=lazy("Homes with one number stand above each other."))
    shape = text(lazy("What kind of home?"), longest=60, help_text=lazy("Flat, house, maisonette."))
    bedrooms = _number(lazy("Bedrooms"))

    def particulars(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {
            "address": said["address"].splitlines(), "postcode": said["postcode"] or None, "uprn": said["uprn"] or None,
            "block": said["block"] or None, "storey": said["storey"], "stack": said["stack"], "shape": said["shape"] or None,
            "bedrooms": said["bedrooms"],
        }  # fmt: skip


class CorrectHomeForm(HomeForm):
    """What a home is, put right."""

    why = text(
        lazy("Why is it changed?"), required=True,
        error_messages={"required": lazy("Write why you change it. It stays beside what we believed before.")},
    )  # fmt: skip


class HomeNoteForm(SentOnce):
    """One thing to know before going to a home."""

    ENDS = ("ended_on",)
    what = pick(lazy("What is it?"), HOME_NOTES, radios=True)
    says = text(lazy("What must somebody know?"), required=True, rows=3)
    where = text(lazy("Where in the home?"), longest=200)
    source = text(lazy("How do we know?"), longest=300, help_text=lazy("For asbestos: the survey and its date."))
    since_on = DayField(label=lazy("Since when?"), required=False, what=lazy("the day"))
    review_on = DayField(label=lazy("When do we look again?"), required=False, what=lazy("the day"))
    ended_on = DayField(label=lazy("Ended on"), required=False, what=lazy("the day on which it ended"))

    def about(self) -> HomeNote:
        """Return what was typed as the record keeps it."""
        said = self.cleaned_data
        rest = {name: said.get(name) or None for name in ("where", "source", "since_on", "review_on", "ended_on")}
        return HomeNote(what=said["what"], says=said["says"], **rest)


class PartForm(SentOnce):
    """A part of a home."""

    ENDS = ("removed_on",)
    what = pick(lazy("What is it?"), PARTS)
    model = text(lazy("Make and model"), longest=200)
    serial = text(lazy("Serial number"), longest=100)
    place = text(lazy("Where is it?"), longest=200)
    installed_on = DayField(label=lazy("Put in on"), required=False, what=lazy("the day"))
    removed_on = DayField(label=lazy("Taken out on"), required=False, what=lazy("the day"))

    def particulars(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {name: said.get(name) or None for name in ("what", "model", "serial", "place", "installed_on", "removed_on")}


class CheckForm(SentOnce):
    """A safety check of a part."""

    check = pick(lazy("Which check?"), CHECKS)
    checked_on = DayField(label=lazy("When was it made?"), what=lazy("the day of the check"))
    satisfactory = pick(lazy("What came of it?"), {"yes": lazy("Satisfactory"), "no": lazy("Not satisfactory")}, radios=True)
    next_due_on = DayField(label=lazy("When is the next one due?"), required=False, what=lazy("the day"))
    found = text(lazy("What was found?"), rows=2)


class TenancyForm(SentOnce):
    """A home is let."""

    tenure = pick(lazy("What kind of tenancy?"), TENURES)
    started_on = DayField(label=lazy("First day"), what=lazy("the first day"))


class JoinForm(SentOnce):
    """Somebody comes to live there."""

    role = pick(
        lazy("As what?"), {"tenant": lazy("Joint tenant"), "occupant": lazy("Occupant"), "child": lazy("Child")}, radios=True
    )
    since_on = DayField(label=lazy("Since when?"), what=lazy("the day"))


class LeaveForm(SentOnce):
    """Somebody leaves."""

    left_on = DayField(label=lazy("Last day there"), what=lazy("the day"))
    why = text(lazy("Why?"), rows=2)
    end_reaches = ticks(lazy("Which numbers and addresses must no longer be used?"), [])

    def __init__(self, *args: Any, reaches: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["end_reaches"].choices = reaches  # type: ignore[attr-defined]


class EndTenancyForm(SentOnce):
    """A tenancy ends."""

    ended_on = DayField(label=lazy("Last day"), what=lazy("the last day"), help_text=lazy("It may lie ahead."))
    why = text(lazy("Why?"), rows=2)
