"""Days, clock times and slots as staff type them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms

from lamplit.basics.clock import LONDON
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk.words import law_limit

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
LONG_AGO = timedelta(days=3650)


def read_clock(text: str) -> time | None:
    """Read "2:30pm", "14:30", "1430", "9am", "noon"; None when it is no time."""
    bare = text.strip().lower().replace(" ", "")
    if bare in ("noon", "midday"):
        return time(12)
    found = _CLOCK.fullmatch(bare)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def instant(day: date, clock: time) -> datetime:
    """Return a London day and clock time as an instant."""
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


class ClockField(forms.CharField):
    """A clock time; cleans to a `time` or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"data-width": 10}))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        read = read_clock(typed)
        if read is None:
            raise forms.ValidationError(_("Write the time like 2:30pm or 14:30"))
        return read


class Happened(SentOnce):
    """A form about something that may have happened before now: paper and e-mail keep when it was said."""

    happened_on = DayField(
        label=lazy("When was it?"), help_text=lazy("Leave it empty for now."), what=lazy("the day"), required=False
    )
    happened_time = ClockField(label=lazy("At what time?"), help_text=lazy("Like 2:30pm."), required=False)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        when = ["happened_on", "happened_time"]  # last: mostly it was just now, and they stay empty
        self.order_fields([*(name for name in self.fields if name not in when), *when])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, clock = cleaned.get("happened_on"), cleaned.get("happened_time")
        if clock is not None and day is None and "happened_on" not in self.errors:
            day = self.now.astimezone(LONDON).date()
        if day is None:
            cleaned["happened_at"] = self.now
            return cleaned
        at = instant(day, clock) if clock is not None else self._on(day)
        if at > self.now:
            self.add_error("happened_on", _("That has not happened yet. Check the day and the time."))
        elif self.now - at > LONG_AGO:
            self.add_error("happened_on", _("That is more than ten years ago. Check the year."))
        cleaned["happened_at"] = at
        return cleaned

    def _on(self, day: date) -> datetime:
        """A day without a time: this moment if it is today, else noon. Written down as told; the record keeps both times."""
        return self.now if day == self.now.astimezone(LONDON).date() else instant(day, time(12))

    @property
    def happened_at(self) -> datetime:
        """When it happened: what was typed, or now."""
        return self.cleaned_data["happened_at"]  # type: ignore[no-any-return]


SLOTS = {
    "am": (lazy("Morning, 8am to noon"), time(8), time(12)),
    "pm": (lazy("Afternoon, noon to 5pm"), time(12), time(17)),
    "evening": (lazy("Evening, 5pm to 8pm"), time(17), time(20)),
    "day": (lazy("All day, 8am to 5pm"), time(8), time(17)),
}


class SlotForm(SentOnce):
    """A day and a part of it, or two clock times."""

    day = DayField(label=lazy("Which day?"), what=lazy("the day of the visit"))
    slot = forms.ChoiceField(
        label=lazy("Which part of the day?"),
        choices=[
            ("am", SLOTS["am"][0]),
            *((k, v[0]) for k, v in SLOTS.items() if k != "am"),
            ("own", lazy("Between the two times below")),
        ],
        initial="am",
    )
    from_time = ClockField(label=lazy("From"), required=False, help_text=lazy("Only for two times of your own, like 10am."))
    until_time = ClockField(label=lazy("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, slot = cleaned.get("day"), cleaned.get("slot")
        if day is None or slot is None:
            return cleaned
        start, end = (cleaned.get("from_time"), cleaned.get("until_time")) if slot == "own" else SLOTS[slot][1:]
        if start is None or end is None:
            self.add_error("from_time", _("Write from when until when, like 10am and 11am"))
            return cleaned
        cleaned["from_at"], cleaned["until_at"] = instant(day, start), instant(day, end)
        return cleaned


class LawfulSlotForm(SlotForm):
    """A visit that has to keep a time limit of the law (`queries.law_limit`). Later than that, it asks whether it is meant.

    The limit stands with the day from the first. Only whoever has chosen a later one is asked.
    """

    late = forms.BooleanField(label=lazy("Book it although it is late"), required=False)

    def __init__(self, *args: Any, limit: tuple[str, datetime] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limit = limit
        if limit is not None:
            self.fields["day"].help_text = law_limit(*limit)
        if limit is None or not self.is_bound:
            del self.fields["late"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ends = self.ends_at(cleaned)
        if self.limit is None:
            return cleaned
        if ends is None or ends <= self.limit[1]:
            del self.fields["late"]
        elif not cleaned.get("late"):
            said = _("This visit is too late for the law. %(limit)s") % {"limit": law_limit(*self.limit)}
            self.add_error("late", _("%(what)s Choose an earlier time, or tick “Book it although it is late”.") % {"what": said})
        return cleaned

    def ends_at(self, cleaned: dict[str, Any]) -> datetime | None:
        """Return when the visit ends at the latest, as far as it is known."""
        return cleaned.get("until_at")
