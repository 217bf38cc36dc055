"""What was said, and what we promised."""

from datetime import datetime
from typing import Any

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import TOO_LONG
from lamplit.desk.forms.when import ClockField, Happened, instant, read_clock

LONGEST = 8_000
CHANNELS = [
    ("call", lazy("Call")),
    ("email", lazy("E-mail")),
    ("text", lazy("Text")),
    ("letter", lazy("Letter")),
    ("visit", lazy("Visit")),
    ("counter", lazy("At the counter")),
    ("social", lazy("Social media")),
]
DIRECTIONS = [("in", lazy("They came to us")), ("out", lazy("We went to them"))]
AUDIENCES = [("all", lazy("They and staff")), ("staff", lazy("Staff only"))]


class ContactForm(Happened):
    """One contact, with a promise if one was made."""

    channel = forms.ChoiceField(label=lazy("How?"), choices=CHANNELS, widget=forms.RadioSelect, initial="call")
    direction = forms.ChoiceField(label=lazy("Which way?"), choices=DIRECTIONS, widget=forms.RadioSelect, initial="in")
    said = forms.CharField(
        label=lazy("What was said?"),
        widget=forms.Textarea,
        max_length=LONGEST,
        error_messages={"required": lazy("Write what was said. A short note is enough."), **TOO_LONG},
    )
    audience = forms.ChoiceField(label=lazy("Who may read it?"), choices=AUDIENCES, widget=forms.RadioSelect, initial="all")
    promise = forms.CharField(
        label=lazy("What did you promise?"), required=False, max_length=LONGEST,
        help_text=lazy("In words that they would use. It goes on the queue."),
    )  # fmt: skip
    promise_on = DayField(label=lazy("By which day?"), what=lazy("the day by which it will be done"), required=False)
    promise_time = ClockField(label=lazy("By what time?"), required=False, help_text=lazy("5pm when you leave it empty."))
    promise_mine = forms.BooleanField(label=lazy("I will do it myself"), required=False, initial=True)

    def __init__(self, *args: Any, now: datetime, sees_restricted: bool = False, **options: Any) -> None:
        super().__init__(*args, now=now, **options)
        if sees_restricted:
            self.fields["audience"].choices = [*AUDIENCES, ("restricted", _("Only who may see restricted things"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        due_on, clock = cleaned.get("promise_on"), cleaned.get("promise_time") or read_clock("5pm")
        cleaned["promise_due_at"] = instant(due_on, clock) if due_on is not None and clock is not None else None
        if cleaned.get("promise") and due_on is None and "promise_on" not in self.errors:
            self.add_error("promise_on", _("Say by when. A promise without a day cannot be kept."))
        if due_on is not None and not cleaned.get("promise"):
            self.add_error("promise", _("Write what you promised, or take the day away."))
        return cleaned


class KeepForm(Happened):
    """A promise kept."""

    how = forms.CharField(
        label=lazy("How was it kept?"),
        help_text=lazy("Or why its reason fell away, and how you told them."),
        widget=forms.Textarea,
        max_length=LONGEST,
        error_messages={"required": lazy("Write how it was kept, or why it fell away"), **TOO_LONG},
    )
