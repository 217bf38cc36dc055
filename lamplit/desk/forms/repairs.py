"""What staff say of a repair, its works and its visits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from lamplit.basics.clock import LONDON
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy, of_data
from lamplit.config.speaking import gettext as _
from lamplit.desk import words as said_as
from lamplit.desk.concluding import ASKED, ask_findings, found_of
from lamplit.desk.forms.fields import long_text, pick, text, tick, ticks
from lamplit.desk.forms.money import QuantityField, measured
from lamplit.desk.forms.when import ClockField, Happened, LawfulSlotForm
from lamplit.desk.references import as_reference
from lamplit.repairs import queries
from lamplit.repairs.actions import FollowOn
from lamplit.repairs.facts import Tried
from lamplit.repairs.queries import book_for
from lamplit.staff import queries as staff

Choices = list[tuple[str, str]]


def colleagues(permission: str) -> Choices:
    """Return the open accounts of those who may do something, by name."""
    return [(row.id, staff.full_name(row)) for row in staff.everyone() if permission in staff.allowed(row.roles)]


def who_goes(trade: str, contractor: str | None) -> Choices:
    """Return those who make visits, each with the trade: first whoever does this one, and of these the firm that has the work."""
    known = {row.id: row for row in staff.contractors()}
    going = [row for row in staff.everyone() if "attend_visit" in staff.allowed(row.roles)]

    def does_it(row: Any) -> bool:
        firm = known.get(row.contractor)
        return trade in (row.roles if firm is None else firm.trades)

    going.sort(key=lambda row: (not does_it(row), row.contractor != contractor))  # each group stays in the order of names
    return [(row.id, f"{staff.full_name(row)}: {_trade_of(row, known, trade)}") for row in going]


def _trade_of(row: Any, known: dict[str, Any], trade: str) -> str:
    firm = known.get(row.contractor)
    if firm is None:
        return ", ".join(part for part in (*(said_as.ROLES.get(role, role).lower() for role in row.roles), row.team) if part)
    trades = [trade] if trade in firm.trades else firm.trades
    return f"{', '.join(said_as.trade(one).lower() for one in trades)}, {staff.full_name(firm)}"


def firms() -> Choices:
    return [
        (row.id, f"{staff.full_name(row)}: {', '.join(said_as.trade(one).lower() for one in row.trades)}")
        for row in staff.contractors()
    ]


def trades() -> Choices:
    """Return every trade that a firm does or a fault calls for."""
    named = {trade for firm in staff.contractors() for trade in firm.trades}
    named |= {work.trade for work in book_for(None).catalogue.works.values()}
    return sorted(((trade, said_as.trade(trade)) for trade in named), key=lambda pair: pair[1])


class ByName(SentOnce):
    """Whoever takes something on."""

    who = pick(lazy("Who?"), [])

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["who"].choices = people  # type: ignore[attr-defined]


class OrderWorkForm(SentOnce):
    """A piece of work."""

    what = long_text(lazy("What work?"))
    trade = pick(lazy("Which trade?"), [])
    contractor = pick(
        lazy("Which firm?"), [], required=False, help_text=lazy("Nothing chosen: the firm that covers this trade there.")
    )
    place = text(lazy("Where in the home?"), longest=200)
    target_on = DayField(label=lazy("Until when?"), what=lazy("the day"), required=False)
    code = text(lazy("Code of the rate"), longest=40, help_text=lazy("Nothing: it has no price by the schedule."))
    much = QuantityField(lazy("How much?"), help_text=lazy("In the rate’s unit. Nothing: one."))
    needs = ticks(lazy("What shows that it is done?"), said_as.EVIDENCE)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["trade"].choices = trades()  # type: ignore[attr-defined]
        self.fields["contractor"].choices = [("", _("The firm that covers the trade there")), *firms()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.rate = measured(self, "code", "much")
        return cleaned


class WaitForm(SentOnce):
    """A work that waits."""

    why = long_text(lazy("What does it wait for?"))
    who = pick(lazy("Who has it?"), [])
    look_again_on = DayField(label=lazy("When do we look again?"), what=lazy("the day on which we look again"))

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["who"].choices = people  # type: ignore[attr-defined]


class WhyForm(SentOnce):
    """A reason."""

    why = long_text(lazy("Why?"))


class NoteForm(Happened):
    """A note on a repair."""

    says = long_text(lazy("What is it?"))
    audience = pick(
        lazy("Who may read it?"), {"all": lazy("They and staff"), "staff": lazy("Staff only")}, radios=True, initial="all"
    )


class CauseForm(SentOnce):
    """Why it happened."""

    cause = long_text(lazy("What was the cause?"))
    made_good = tick(lazy("What was spoiled is put right, or nothing was spoiled"))


class StepForm(Happened):
    """A step of Awaab’s Law."""

    step = pick(lazy("What was done?"), said_as.HAZARD_STEPS, error_messages={"required": lazy("Choose which step")})
    says = long_text(lazy("In words"), required=False)

    def offer(self, steps: list[tuple[str, str]]) -> None:
        """Offer the steps that come next in a case; every step when the case allows none, so that the refusal says why."""
        if steps:
            self.fields["step"].choices = steps  # type: ignore[attr-defined]


ASK_BY = Words({"call": "Call", "text": "Text", "email": "E-mail", "letter": "Letter", "visit": "Visit"})
WORD_BY = ASK_BY | {"counter": lazy("At the counter")}


class AskForm(Happened):
    """Asking whether it is mended."""

    channel = pick(lazy("How did you ask?"), ASK_BY, radios=True)


class WordForm(Happened):
    """Her word."""

    mended = pick(lazy("What do they say?"), {"yes": lazy("It is mended"), "no": lazy("It is not mended")}, radios=True)
    channel = pick(lazy("How did they tell us?"), WORD_BY, radios=True, initial="call")
    said = long_text(lazy("Their words"), required=False, rows=2)


class CloseForm(SentOnce):
    """How a repair ends."""

    how = pick(
        lazy("How does it end?"),
        {
            "confirmed": lazy("They say that it is mended"), "not_confirmed": lazy("Without their word: I decide"),
            "not_ours": lazy("It is not ours to mend"),
        },
        radios=True,
    )  # fmt: skip
    why = long_text(lazy("Why?"), required=False, help_text=lazy("Needed unless they say that it is mended."))


class ReopenForm(Happened):
    """It is not mended."""

    channel = pick(lazy("How did they tell us?"), WORD_BY, radios=True, initial="call")
    said = long_text(lazy("Their words"), required=False)


class RaiseForm(SentOnce):
    """More pressing than the rules ask."""

    priority = pick(lazy("How pressing?"), said_as.PRIORITIES)
    why = long_text(lazy("Why?"))


class JoinForm(SentOnce):
    """The same trouble as another repair."""

    into = text(
        lazy("The number of the repair under which it goes on"), required=True, longest=40, help_text=lazy("Like M-7KDQ-42XR.")
    )
    why = long_text(lazy("How do you know?"))

    def clean_into(self) -> str:
        row = queries.by_reference(as_reference(self.cleaned_data["into"]))
        if row is None:
            raise ValidationError(_("There is no repair with this number. Check it."))
        return str(row.id)


class RetriageForm(Happened):
    """What we know now."""

    why = long_text(lazy("What have we learned?"), rows=2)
    fault = pick(lazy("What is it really?"), [], required=False)
    room = pick(lazy("Where?"), [], required=False)
    flags = ticks(lazy("Is any of this so?"), [])
    needs = ticks(lazy("Who lives there?"), said_as.NEEDS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        book = book_for(None)
        named = [(code, of_data(f"fault.{code}", fault.name)) for code, fault in book.catalogue.faults.items()]
        faults = sorted(named, key=lambda pair: pair[1])
        rooms = [(code, of_data(f"room.{code}", room)) for code, room in book.tree.rooms.items()]
        self.fields["fault"].choices = [("", _("The same as before")), *faults]  # type: ignore[attr-defined]
        self.fields["room"].choices = [("", _("The same as before")), *rooms]  # type: ignore[attr-defined]
        self.fields["flags"].choices = list(book.table.flags.items())  # type: ignore[attr-defined]


class BookForm(LawfulSlotForm):
    """A visit."""

    contractor = pick(lazy("Which firm?"), [], required=False)
    operative = pick(lazy("Who goes?"), [], required=False)
    whose = pick(lazy("Who asks for the change?"), {"ours": lazy("We do"), "theirs": lazy("They do")}, radios=True)
    free = pick(lazy("Free in the diary"), [], required=False, help_text=lazy("Choose one, or write a day and time below."))
    over = tick(lazy("Book it although the diary is full"))

    def __init__(self, *args: Any, work: Any, free: Sequence[Any] | None = None, moving: bool = False, **options: Any) -> None:
        """`work`: what the visit is for. `free`: the free times where a diary is kept for it, None where none is."""
        super().__init__(*args, **options)
        self.ends = {one.code: one.until_at for one in free or ()}
        self.fields["contractor"].choices = [("", _("The firm that has the work")), *firms()]  # type: ignore[attr-defined]
        self._offer(free)
        if not moving:
            del self.fields["whose"]
        self.fields["operative"].choices = [("", _("Whoever the firm sends")), *who_goes(work.trade, work.contractor)]  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name != "late"])

    def _offer(self, free: Sequence[Any] | None) -> None:
        if free is None:
            del self.fields["free"], self.fields["over"]
            return
        self.fields["free"].choices = [("", _("None of these")), *map(_free, free)]  # type: ignore[attr-defined]
        self.fields["day"].required = False
        self.order_fields(["free", *(name for name in self.fields if name != "free")])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "free" in self.fields and not cleaned.get("free") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose a free time, or enter the day of the visit"))
        return cleaned

    def ends_at(self, cleaned: dict[str, Any]) -> datetime | None:
        return self.ends.get(cleaned.get("free") or "") or super().ends_at(cleaned)


def _free(slot: Any) -> tuple[str, str]:
    late = _(", later than we promised") if slot.late else ""
    return slot.code, _("%(when)s, %(free)s left%(late)s") % {
        "when": said_as.slot(slot.from_at, slot.until_at),
        "free": slot.free,
        "late": late,
    }


class CancelVisitForm(SentOnce):
    """A visit called off."""

    whose = pick(lazy("Who calls it off?"), {"ours": lazy("We do"), "theirs": lazy("They do")}, radios=True)
    why = long_text(lazy("Why?"), required=False, rows=2, help_text=lazy("Needed when we do: we tell them."))


PHOTO_FIRST = lazy("Better: add a photo to the job first, taken after the work. Then you need not write this.")


class AttendForm(Happened):
    """What came of a visit. Which fields there are depends on the outcome."""

    found = long_text(lazy("What did you find?"), required=False, rows=2)
    did = long_text(lazy("What did you do?"), rows=2)
    cause = text(lazy("What was the cause?"), longest=2000)
    electrics = pick(lazy("Electrics"), {"tested": lazy("Tested, safe"), "isolated": lazy("Cut off, made safe")}, required=False)
    made_good = tick(lazy("What was spoiled is put right, or nothing was spoiled"))
    tried = ticks(
        lazy("What did you try?"), said_as.TRIED, required=True, error_messages={"required": lazy("Choose what you tried")}
    )
    tried_said = text(lazy("Who answered, or what was there?"), longest=500)
    follow_trade = pick(lazy("Which trade goes on?"), [])
    follow_what = long_text(lazy("What work is left?"), rows=2)
    waits_for = long_text(lazy("What does it wait for?"), rows=2)
    look_again_on = DayField(label=lazy("When do we look again?"), what=lazy("the day on which we look again"))
    finding = pick(
        lazy("What is the hazard?"),
        {"none": lazy("No hazard"), "significant": lazy("Significant hazard"), "emergency": lazy("Emergency hazard")},
        required=False, help_text=lazy("Only if you are competent to say. It ends the investigation."),
    )  # fmt: skip
    left_time = ClockField(label=lazy("When did you leave?"), required=False, help_text=lazy("Like 2:30pm."))
    on_word_of = pick(lazy("Who was there and wrote it on the sheet?"), [])

    SHOWN: ClassVar[dict[str, tuple[str, ...]]] = {
        "mended": ("found", "did", "cause", "electrics", "made_good", "finding", "left_time"),
        "made_safe": ("found", "did", "electrics", "finding", "left_time"),
        "temporary": ("found", "did", "waits_for", "look_again_on", "finding", "left_time"),
        "needs_parts": ("found", "waits_for", "look_again_on", "left_time"),
        "other_trade": ("found", "follow_trade", "follow_what", "finding", "left_time"),
        "inspected": ("found", "cause", "finding", "left_time"),
        "not_needed": ("found", "did", "left_time"),
        "no_access": ("tried", "tried_said"),
    }

    def __init__(
        self, *args: Any, outcome: str, wanted: list[str], hazards: Mapping[int, str], paper: bool = False,
        photos: Sequence[Any] = (), **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.outcome, self.photos, self.hazards = outcome, photos, hazards
        shown = [*self.SHOWN[outcome], *(["on_word_of"] if paper else [])]
        self.fields["on_word_of"].choices = [("", _("Choose")), *colleagues("attend_visit")]  # type: ignore[attr-defined]
        shown += ["cause"] if outcome == "mended" and "cause" in wanted else []
        for name in [name for name in self.fields if name not in (*shown, "nonce", "happened_on", "happened_time")]:
            del self.fields[name]
        if ASKED in self.fields:
            ask_findings(self, hazards)
        self.fields["happened_on"].label, self.fields["happened_time"].label = _("Which day was it?"), _("When did you come?")
        self.fields["happened_on"].help_text = _("Leave it empty for today.")
        if paper:  # the sheet says when; now is when it is keyed
            self.fields["happened_on"].required = self.fields["happened_time"].required = True
            self.fields["happened_on"].help_text = _("As it stands on the sheet.")
            self.fields["happened_time"].error_messages["required"] = _("Write when they came, as it stands on the sheet")
        if "follow_trade" in self.fields:
            self.fields["follow_trade"].choices = trades()  # type: ignore[attr-defined]
        for kind in self._proofs(wanted):
            self.fields[f"proof_{kind}"] = text(
                _("Show it: %(kind)s") % {"kind": said_as.EVIDENCE[kind].lower()}, required=True, longest=500,
                help_text=PHOTO_FIRST if kind == "photo" else _("What it shows, or where it is kept."),
                error_messages={"required": _("Say what shows that it is done")},
            )  # fmt: skip
        when = ["happened_on", "happened_time", "left_time"]
        self.order_fields([*(name for name in self.fields if name not in when), *when])

    def _proofs(self, wanted: list[str]) -> list[str]:
        """Return the kinds of evidence to ask for. The cause and the electrician's test have boxes of their own.

        Photos taken on the job speak for themselves.
        """
        boxes = ("cause", "test_or_isolation")
        shown = queries.photos_show(self.outcome, self.photos)
        if self.outcome == "mended":
            asked = [kind for kind in wanted if kind in said_as.EVIDENCE and kind not in boxes]
            return [kind for kind in asked or ["note"] if not (shown and kind in ("photo", "note"))]
        return ["note"] if self.outcome in ("made_safe", "temporary", "no_access") and not shown else []

    def visit(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        proofs = [f"{n.removeprefix('proof_')}: {said[n]}" for n in self.fields if n.startswith("proof_")]
        proofs += [queries.as_evidence(photo) for photo in self.photos]
        tried = [Tried(way=way, at=self.happened_at, said=said.get("tried_said") or None) for way in said.get("tried", [])]
        follow = [FollowOn(trade=said["follow_trade"], what=said["follow_what"])] if "follow_trade" in said else None
        return {
            "outcome": self.outcome, "arrived_at": self.happened_at, "left_at": self._left(said.get("left_time")),
            "found": said.get("found"), "did": said.get("did"), "cause": said.get("cause"),
            "made_good": said.get("made_good") or None, "electrics": said.get("electrics") or None,
            "evidence": proofs or None, "tried": tried or None, "findings": found_of(said, self.hazards), "follow_on": follow,
            "waits_for": said.get("waits_for"), "look_again_on": said.get("look_again_on"),
            "on_word_of": said.get("on_word_of") or None,
        }  # fmt: skip

    def _left(self, clock: Any) -> datetime | None:
        if clock is None:
            return None
        day = self.happened_at.astimezone(LONDON)
        left = day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
        return max(left, day).astimezone(self.happened_at.tzinfo)
