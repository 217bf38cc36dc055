"""Complaints."""

from typing import Any

from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.fields import long_text, pick, text
from lamplit.desk.forms.when import Happened

CHANNELS = Words({
    "call": "Call", "email": "E-mail", "letter": "Letter", "text": "Text", "counter": "At the counter", "visit": "On a visit",
    "social": "Social media",
})  # fmt: skip


class ComplaintForm(Happened):
    """Somebody is not content. Whatever they call it, it is a complaint."""

    words = long_text(lazy("What went wrong, in their words?"), rows=5)
    wanted = long_text(lazy("What do they want us to do?"), required=False, rows=2)
    channel = pick(lazy("How did it reach us?"), CHANNELS, radios=True, initial="call")
    name = text(lazy("Their name, if it is somebody else or we do not know them"), longest=200)
    reach = text(lazy("How can we reach them?"), longest=500)
    owner = pick(lazy("Who answers it?"), [], required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]
        self.fields["happened_on"].help_text = _("Leave it empty for now. The Code’s days begin when it reached us.")


class AssignForm(SentOnce):
    """A complaint given to somebody."""

    owner = pick(lazy("Who answers it?"), [])

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]


class AcknowledgeForm(Happened):
    """We told them that we have it."""

    definition = long_text(
        lazy("How do we understand it?"), help_text=lazy("As you wrote or said it to them: what it is about, and what they want.")
    )
    channel = pick(lazy("How did you tell them?"), CHANNELS, radios=True, initial="letter")
