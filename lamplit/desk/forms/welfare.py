"""What came of ringing a household in an incident."""

from typing import Any

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.desk.forms.fields import pick, text

OUTCOMES = Words({
    "well": "Reached, all are well", "needs_help": "Reached, they need help", "no_answer": "No answer",
    "wrong_number": "Wrong number", "refused": "They do not want to be rung",
})  # fmt: skip


class CallForm(SentOnce):
    """A call. Whoever holds the phone has one hand: few fields, in the order of the talk."""

    person = pick(lazy("Whom did you ring?"), [])
    outcome = pick(lazy("What came of it?"), OUTCOMES, radios=True)
    needs = text(
        lazy("What do they need?"), rows=2, longest=500, help_text=lazy("Needed if they need help. It goes on the queue.")
    )
    next_on = DayField(label=lazy("When does somebody ring again?"), what=lazy("the day of the next call"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
