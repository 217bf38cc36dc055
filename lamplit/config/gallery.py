"""The page kit shown whole, every part in every state, for whoever builds a page: /kit, on the demo only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lamplit.config.fields import DayField

NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
ROOMS = [("kitchen", "Kitchen"), ("bathroom", "Bathroom"), ("bedroom", "A bedroom"), ("outside", "Outside my home")]
LIVES_HERE = [("baby", "A baby or a child under 5"), ("old", "Somebody over 75"), ("none", "None of these")]


class SampleForm(forms.Form):
    """One field of every kind that the kit can draw."""

    name = forms.CharField(label="Your name", error_messages={"required": "Enter your name"})
    phone = forms.CharField(
        label="Phone number",
        help_text="We ring this number when we are on our way.",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    code = forms.CharField(label="Code from our message", error_messages={"required": "Enter the code, like K7-4QX"})
    amount = forms.CharField(label="How much did you pay?", error_messages={"required": "Enter an amount, like 25.00"})
    what = forms.CharField(
        label="What has happened?",
        help_text="Say it in your own words. You can add a photo later.",
        widget=forms.Textarea,
        error_messages={"required": "Say what has happened"},
    )
    room = forms.ChoiceField(
        label="Which room is it in?",
        choices=ROOMS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the room"},
    )
    lives_here = forms.MultipleChoiceField(
        label="Who lives with you?",
        help_text="We ask because it can change how soon we must come.",
        choices=LIVES_HERE,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who lives with you, or “None of these”"},
    )
    team = forms.ChoiceField(
        label="Which team?", choices=[("", "Choose a team"), ("gas", "Gas"), ("damp", "Damp and mould")],
        error_messages={"required": "Choose a team"},
    )  # fmt: skip
    seen_on = DayField(label="When did you first see it?", help_text="For example, 27 3 2026.", what="the day you saw it")
    photo = forms.FileField(label="Add a photo", required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    agree = forms.BooleanField(
        label="I have read this back to the caller", error_messages={"required": "Tick the box when you have read it back"}
    )


def _queue() -> list[dict[str, Any]]:
    def row(left: timedelta, whole: timedelta, **rest: Any) -> dict[str, Any]:
        return {"due_at": NOW + left, "since_at": NOW + left - whole, "href": "#", **rest}

    hour, day = timedelta(hours=1), timedelta(days=1)
    risk = {"kind": "risk"}
    return [
        row(-2 * hour, 3 * day, what="Written summary to tenant (mould, child’s bedroom)", where="12 Wick Lane",
            needs=[{"text": "asthma", **risk}], clock="Awaab C", who=None),
        row(hour * 0.3, day, what="Water through kitchen light; electrician to test", where="Flat 7, Lantern Court",
            needs=[{"text": "baby", **risk}], clock="Emergency", who="Dev Patel"),
        row(hour * 3 + timedelta(minutes=5), day, what="No heating, second report in 90 days", where="3 Ember Rise",
            needs=[{"text": "over 75", **risk}], clock="Emergency", who="M. Quist"),
        row(28 * hour, 2 * day, what="Investigate damp, bathroom and hall", where="Flat 2, Lantern Court",
            needs=[], clock="Awaab B1", who="J. Adeyemi"),
        row(4 * day, 5 * day, what="Ask again: is the leak mended?", where="Flat 6, Lantern Court",
            needs=["deaf: text only", "large print"], clock="Closing", who="A. Flint"),
    ]  # fmt: skip


def _floors() -> list[dict[str, Any]]:
    def home(number: int, **rest: Any) -> dict[str, Any]:
        return {"text": str(number), "href": "#", **rest}

    return [
        {"name": "Floor 3", "homes": [home(9), home(10, lit="bath overflow, reported 20 November"), home(11)]},
        {"name": "Floor 2", "homes": [home(6), home(7, here=True, lit="water through the kitchen light"), home(8)]},
        {"name": "Floor 1", "homes": [None, home(4), home(5)]},
    ]


def kit(request: HttpRequest) -> HttpResponse:
    """Show the whole kit."""
    typed = {"seen_on_day": "31", "seen_on_month": "2", "seen_on_year": "2026"}
    context = {
        "now": NOW,
        "blank": SampleForm(auto_id="blank_%s", initial={"room": "bathroom", "lives_here": ["baby"]}),
        "wrong": SampleForm(typed, auto_id="wrong_%s"),
        "queue_rows": _queue(),
        "floors": _floors(),
        "page": Paginator(range(470), 10).get_page(7),
        "due_at": NOW + timedelta(hours=24),
        "minute": timedelta(minutes=1),
        "signed_in": True,
        "section": "home",
    }
    return render(request, "kit_gallery.html", context)
