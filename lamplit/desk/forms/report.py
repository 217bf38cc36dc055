"""A report that somebody gives us by telephone, on paper or in person."""

import json
from typing import Any

from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk import words as said_as
from lamplit.desk.forms.fields import long_text, pick, text, tick, ticks
from lamplit.desk.forms.when import Happened
from lamplit.repairs.facts import Answer, Caller

CHANNELS = Words({
    "phone": "Call", "email": "E-mail", "text": "Text", "letter": "Letter", "counter": "At the counter", "visit": "On a visit",
    "staff": "We saw it ourselves",
})  # fmt: skip
SOMEBODY_ELSE = "other"
MOST_ANSWERS = 40
CHILD_SLEEPS = "A child sleeps in that room."  # for the record, so in our language


def read_answers(text_given: str) -> list[Answer]:
    """Read the answers so far from the form; nothing when they cannot be read. The questions check them."""
    try:
        listed = json.loads(text_given or "[]")
        return [Answer(question=str(q), option=o and str(o), said=s and str(s)) for q, o, s in listed[:MOST_ANSWERS]]
    except (ValueError, TypeError, AttributeError):
        return []


def write_answers(answers: list[Answer]) -> str:
    """Return the answers so far for a hidden field."""
    return json.dumps([[one.question, one.option, one.said] for one in answers])


class ReportForm(Happened):
    """Everything beside the answers."""

    channel = pick(lazy("How did it reach us?"), CHANNELS, radios=True, initial="phone")
    reporter = pick(lazy("Who told us?"), [], radios=True)
    name = text(lazy("Their name"), longest=200)
    phone = text(lazy("Their telephone"), longest=40)
    email = text(lazy("Their e-mail"), longest=200)
    relation = text(lazy("Who are they to whoever lives there?"), longest=100, help_text=lazy("Like “daughter” or “neighbour”."))
    says_address = text(lazy("The address, as they said it"), longest=500)
    words_said = long_text(lazy("In their own words"), required=False, rows=2)
    child_sleeps = tick(lazy("A child sleeps in that room"), help_text=lazy("It is noted for whoever comes."))
    needs = ticks(lazy("Who lives there? (beside what we know)"), said_as.NEEDS)
    separate = tick(lazy("It is another trouble than what is open already"))

    def __init__(self, *args: Any, household: list[tuple[str, str]], sleeping: bool = False, **options: Any) -> None:
        """`sleeping`: by the answers it is a room in which somebody sleeps."""
        super().__init__(*args, **options)
        if not sleeping:
            del self.fields["child_sleeps"]
        self.fields["reporter"].choices = [*household, (SOMEBODY_ELSE, _("Somebody else, or we do not know them"))]  # type: ignore[attr-defined]
        self.fields["happened_on"].help_text = _("Leave it empty for now. The law’s clocks begin then.")
        self.fields["happened_on"].label = _("When did they tell us?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reporter") == SOMEBODY_ELSE and cleaned.get("channel") != "staff" and not cleaned.get("name"):
            self.add_error("name", _("Write their name, or “not given”"))
        return cleaned

    def noted(self) -> str | None:
        """Return what was asked about the room in which they sleep. It is our note, not their words."""
        return CHILD_SLEEPS if self.cleaned_data.get("child_sleeps") else None

    def told_by(self) -> dict[str, Any]:
        """Return who told us, as the action takes it."""
        said = self.cleaned_data
        if said["reporter"] != SOMEBODY_ELSE:
            return {"reporter": said["reporter"]}
        given = {name: said[name] or None for name in ("name", "phone", "email", "relation", "says_address")}
        return {"caller": Caller(**given) if any(given.values()) else None}
