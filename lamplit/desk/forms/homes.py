"""Homes: what they are, what to know before going there, their parts and checks, and who lives there."""

from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.desk.forms.fields import pick, text, ticks
from lamplit.desk.words import CHECKS, HOME_NOTES, PARTS, TENURES
from lamplit.homes.facts import HomeNote


def _number(label: str, **options: Any) -> forms.IntegerField:
    options.setdefault("error_messages", {"invalid": "Write a whole number, like 2"})
    return forms.IntegerField(label=label, required=False, min_value=-999, max_value=9999, **options)


class HomeForm(SentOnce):
    """What a home is."""

    address = text("Address, one line under another", required=True, rows=3)
    postcode = text("Postcode", longest=20)
    uprn = text("UPRN", longest=20)
    block = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    storey = _number("Floor", help_text="0 is the ground.")
    stack = _number("Place on the floor, from the left", help_text="Homes with one number stand above each other.")
    shape = text("What kind of home?", longest=60, help_text="Flat, house, maisonette.")
    bedrooms = _number("Bedrooms")

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
        "Why is it changed?", required=True,
        error_messages={"required": "Write why you change it. It stays beside what we believed before."},
    )  # fmt: skip


class HomeNoteForm(SentOnce):
    """One thing to know before going to a home."""

    ENDS = ("ended_on",)
    what = pick("What is it?", HOME_NOTES, radios=True)
    says = text("What must somebody know?", required=True, rows=3)
    where = text("Where in the home?", longest=200)
    source = text("How do we know?", longest=300, help_text="For asbestos: the survey and its date.")
    since_on = DayField(label="Since when?", required=False, what="the day")
    review_on = DayField(label="When do we look again?", required=False, what="the day")
    ended_on = DayField(label="Ended on", required=False, what="the day on which it ended")

    def about(self) -> HomeNote:
        """Return what was typed as the record keeps it."""
        said = self.cleaned_data
        rest = {name: said.get(name) or None for name in ("where", "source", "since_on", "review_on", "ended_on")}
        return HomeNote(what=said["what"], says=said["says"], **rest)


class PartForm(SentOnce):
    """A part of a home."""

    ENDS = ("removed_on",)
    what = pick("What is it?", PARTS)
    model = text("Make and model", longest=200)
    serial = text("Serial number", longest=100)
    place = text("Where is it?", longest=200)
    installed_on = DayField(label="Put in on", required=False, what="the day")
    removed_on = DayField(label="Taken out on", required=False, what="the day")

    def particulars(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {name: said.get(name) or None for name in ("what", "model", "serial", "place", "installed_on", "removed_on")}


class CheckForm(SentOnce):
    """A safety check of a part."""

    check = pick("Which check?", CHECKS)
    checked_on = DayField(label="When was it made?", what="the day of the check")
    satisfactory = pick("What came of it?", {"yes": "Satisfactory", "no": "Not satisfactory"}, radios=True)
    next_due_on = DayField(label="When is the next one due?", required=False, what="the day")
    found = text("What was found?", rows=2)


class TenancyForm(SentOnce):
    """A home is let."""

    tenure = pick("What kind of tenancy?", TENURES)
    started_on = DayField(label="First day", what="the first day")


class JoinForm(SentOnce):
    """Somebody comes to live there."""

    role = pick("As what?", {"tenant": "Joint tenant", "occupant": "Occupant", "child": "Child"}, radios=True)
    since_on = DayField(label="Since when?", what="the day")


class LeaveForm(SentOnce):
    """Somebody leaves."""

    left_on = DayField(label="Last day there", what="the day")
    why = text("Why?", rows=2)
    end_reaches = ticks("Which numbers and addresses must no longer be used?", [])

    def __init__(self, *args: Any, reaches: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["end_reaches"].choices = reaches  # type: ignore[attr-defined]


class EndTenancyForm(SentOnce):
    """A tenancy ends."""

    ended_on = DayField(label="Last day", what="the last day", help_text="It may lie ahead.")
    why = text("Why?", rows=2)
