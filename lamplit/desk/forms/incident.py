"""An incident declared, and what is said in it."""

from datetime import date, datetime, time
from typing import Any

from django import forms

from lamplit.basics.clock import LONDON
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, gettext, lazy, lazy_with
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.fields import pick, text, tick, ticks
from lamplit.desk.forms.when import ClockField, Happened, instant
from lamplit.incidents import queries
from lamplit.incidents.actions import Checked, Proof, Said

STATES = Words({"working": "Working", "limited": "Limited: some of it works", "down": "Down"})
KNOWN = Words({"known": "Known", "not_yet": "Not known yet", "cannot": "Cannot be known"})


def when(label: str, what: str, hint: str = "", *, required: bool = False) -> tuple[DayField, ClockField]:
    """Return a day and a clock time that belong together."""
    day = DayField(label=lazy_with("{label}: which day?", label=label), what=what, help_text=hint, required=required)
    return day, ClockField(
        label=lazy_with("{label}: at what time?", label=label), help_text=lazy("Like 2:30pm."), required=required
    )


def two_parts(name: str, at: datetime | None) -> dict[str, Any]:
    """Return a moment as the two fields of a form take it."""
    if at is None:
        return {}
    local = at.astimezone(LONDON)
    return {f"{name}_on": local.date(), f"{name}_time": f"{local:%H:%M}"}


def still_to_come(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None


class _Timed(SentOnce):
    """A form with moments of two fields, `<name>_on` and `<name>_time`."""

    MOMENTS: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.MOMENTS:
            day, clock = cleaned.get(f"{name}_on"), cleaned.get(f"{name}_time")
            if (day is None) is not (clock is None) and not {f"{name}_on", f"{name}_time"} & self.errors.keys():
                self.add_error(f"{name}_on", _("Write both the day and the time, or leave both empty."))
            cleaned[f"{name}_at"] = _moment(day, clock)
        return cleaned


def _moment(day: date | None, clock: time | None) -> datetime | None:
    return instant(day, clock) if day is not None and clock is not None else None


class _Checked(_Timed):
    """Who looked: needed where something is said not to have happened."""

    checked_by = text(
        lazy("Who checked? The firm or team"), longest=200, help_text=lazy("Needed to say that nothing happened. Published.")
    )
    checker = text(lazy("Who there? A person’s name"), longest=200, help_text=lazy("Kept sealed, never published."))
    checked_what = text(lazy("What did they look at?"), longest=1000, help_text=lazy("Published."))
    checked_on, checked_time = when(lazy("They looked"), lazy("the day of the check"))

    def checked(self) -> Checked | None:
        """Return the check as the action takes it, or None where nobody is named."""
        said = self.cleaned_data
        if not any(said[name] for name in ("checked_by", "checker", "checked_what")):
            return None
        return Checked(by=said["checked_by"], name=said["checker"], what=said["checked_what"], at=said["checked_at"])


class OpenForm(_Timed, Happened):
    """An incident declared."""

    MOMENTS = ("next",)
    kinds = ticks(lazy("What is it about?"), {}, required=True, help_text=lazy("The duties of each begin at once."))
    says = text(
        lazy("What should people know first?"),
        required=True,
        rows=3,
        help_text=lazy("Published at once. What does not work, in plain words."),
    )
    next_on, next_time = when(
        lazy("You write next"), lazy("the day of the next update"), lazy("Published, and it rings you half an hour before.")
    )
    drill = tick(lazy("This is a drill. Nothing of it is published."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].choices = [(code, gettext(one)) for code, one in queries.kinds(self.now).items()]  # type: ignore[attr-defined]
        self.fields["happened_on"].label = _("When did we know?")
        self.fields["happened_on"].help_text = _("Leave it empty for now. The law’s clocks begin then.")

    def declared(self) -> dict[str, Any]:
        said = self.cleaned_data
        told = {name: said[name] for name in ("says", "kinds", "drill")}
        return {**told, "next_at": said["next_at"], "aware_at": self.happened_at}


class UpdateForm(_Checked):
    """Something said of the whole incident."""

    MOMENTS = ("next", "checked")
    says = text(lazy("What should people know?"), required=True, rows=3)
    next_on, next_time = when(lazy("You write next"), lazy("the day of the next update"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["why", "says", "next_on", "next_time"])

    def said(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        return {"says": self.cleaned_data["says"], "next_at": self.cleaned_data["next_at"], "checked": self.checked()}


class ServiceForm(_Checked):
    """How a service stands."""

    MOMENTS = ("back", "next", "checked")
    state = pick(lazy("How does it stand?"), STATES, radios=True)
    works = text(lazy("What works now?"), rows=2)
    instead = text(lazy("What can people do instead?"), rows=2)
    known = pick(lazy("Do we know what happened to it?"), KNOWN, radios=True)
    says = text(lazy("What do we know?"), rows=2)
    looked_at = text(lazy("What was looked at?"), rows=2, help_text=lazy("How we know, or why nobody can."))
    back_on, back_time = when(
        lazy("Expected back"), lazy("the day it is expected back"), lazy("Leave both empty if you cannot say.")
    )
    next_on, next_time = when(
        lazy("You write next"), lazy("the day of the next update"), lazy("Needed until all is well and known.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first = ["why", "state", "works", "instead", "known", "says", "looked_at", "back_on", "back_time", "next_on", "next_time"]
        self.order_fields(first)

    def said(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        words = {name: said[name] for name in ("state", "known", "works", "instead", "says", "looked_at", "back_at", "next_at")}
        return {"said": Said(**words, checked=self.checked())}


WHY = lazy("What was wrong in it?")
WHY_HINT = lazy("Published beside the old words, which stay.")


class CorrectServiceForm(ServiceForm):
    """What was said of a service, put right."""

    why = text(WHY, required=True, rows=2, help_text=WHY_HINT)


class CorrectUpdateForm(UpdateForm):
    """What was said of the whole, put right."""

    why = text(WHY, required=True, rows=2, help_text=WHY_HINT)


class MoveForm(_Timed):
    """A promise put off."""

    MOMENTS = ("next",)
    next_on, next_time = when(lazy("You write"), lazy("the new day"), required=True)
    why = text(lazy("Why?"), required=True, rows=2, help_text=lazy("Published. Both times stay visible."))


class EndForm(SentOnce):
    """An incident ended."""

    says = text(lazy("What should people know now that it is over?"), required=True, rows=3)


class ClashForm(SentOnce):
    """What came of looking at something that main and the standby both wrote about."""

    outcome = pick(
        lazy("What did you find?"),
        {"fine": lazy("Both are right, and both stay"), "put_right": lazy("I put right what was wrong")},
        radios=True,
    )
    why = text(lazy("What did you see, or put right?"), required=True, rows=3)


class KindForm(Happened):
    """What else an incident is about."""

    kind = pick(lazy("What else is it about?"), {}, radios=True)

    def __init__(self, *args: Any, known: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [(code, gettext(words)) for code, words in queries.kinds(self.now).items() if code not in known]
        self.fields["kind"].choices = listed  # type: ignore[attr-defined]
        self.fields["happened_on"].label = _("When did we know?")
        self.fields["happened_on"].help_text = _("Leave it empty for now. The law’s clocks begin then.")


class OwnerForm(SentOnce):
    """A duty given to somebody."""

    owner = pick(lazy("Who does it?"), [])

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]


class DoneForm(Happened):
    """A duty done, or not needed."""

    outcome = pick(
        lazy("What became of it?"),
        {"done": lazy("It is done"), "not_needed": lazy("It is not needed")},
        radios=True,
    )
    reference = text(lazy("Their reference"), longest=200)
    spoken_to = text(
        lazy("Whom did you speak to?"), longest=200, help_text=lazy("Kept sealed. One of these two proves that it was done.")
    )
    why = text(lazy("If it is not needed: why?"), rows=2)

    def proof(self) -> Proof:
        said = self.cleaned_data
        return Proof(reference=said["reference"], spoken_to=said["spoken_to"], why=said["why"])


class TellForm(_Timed):
    """Words for every household."""

    MOMENTS = ("next",)
    what = pick(
        lazy("Whom do you tell?"),
        {"everyone": lazy("Every household: what works, and how to reach us"),
         "put_away": lazy("Whoever has a letter that was stopped: put it away until we write again")},
        radios=True,
    )  # fmt: skip
    works = text(
        lazy("What works now?"),
        rows=3,
        longest=400,
        help_text=lazy("In plain words. Everybody is sent them. No link, no account."),
    )
    number = text(lazy("Which number do people ring?"), required=True, longest=40)
    next_on, next_time = when(
        lazy("We write again"), lazy("the day on which we write again"), lazy("Promised to everybody, and it rings you.")
    )

    def told(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        return {name: self.cleaned_data[name] for name in ("what", "works", "number")} | {"next_at": self.cleaned_data["next_at"]}


class AgreeForm(SentOnce):
    """The words agreed to."""


class LettersForm(SentOnce):
    """Letters that go on."""

    letters = ticks(lazy("Which letters go on?"), {}, required=True, help_text=lazy("What follows from them may be done again."))

    def __init__(self, *args: Any, letters: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["letters"].choices = letters  # type: ignore[attr-defined]


class ReleaseForm(SentOnce):
    """Messages that waited: which of them, and what becomes of them."""

    messages = ticks(lazy("Which of them?"), {}, help_text=lazy("The oldest stand first."))
    every = forms.BooleanField(label=lazy("All of this kind, also those that are not listed"), required=False)
    outcome = forms.ChoiceField(
        label=lazy("What becomes of them?"), widget=forms.RadioSelect,
        choices=[("go", lazy("They go out now")), ("never", lazy("They never go out"))],
        error_messages={"required": lazy("Say whether they go out"), "invalid_choice": lazy("Say whether they go out")},
    )  # fmt: skip

    def __init__(self, *args: Any, messages: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["messages"].choices = messages  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("messages") and not cleaned.get("every"):
            self.add_error("messages", _("Choose one at least, or all of this kind"))
        return cleaned


def before(line: Any, now: datetime) -> dict[str, Any]:
    """Return what was said before, to fill a form in with. Times that have passed are left out."""
    if line is None:
        return {}
    same = ("state", "works", "instead", "known", "says", "looked_at", "checked_by", "checked_what")
    filled = {name: getattr(line, name) or "" for name in same}
    filled["checker"] = line.checker if isinstance(line.checker, str) else ""
    times = {"back": still_to_come(line.back_at, now), "next": still_to_come(line.next_at, now), "checked": line.checked_at}
    for name, at in times.items():
        filled |= two_parts(name, at)
    return filled
