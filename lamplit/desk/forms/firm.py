"""What a job is sent to a firm by, and what whoever holds its link says of it."""

from typing import Any

from lamplit.config.forms import SentOnce
from lamplit.desk.forms.fields import pick, text
from lamplit.desk.forms.when import LawfulSlotForm

NAME = "Your name"


class SendForm(SentOnce):
    """How a job goes to its firm."""

    way = pick("How does it go?", {}, radios=True)

    def __init__(self, *args: Any, email: str | None, **options: Any) -> None:
        super().__init__(*args, **options)
        ways = [("email", f"By e-mail to {email}")] if email else []
        self.fields["way"].choices = [*ways, ("paper", "On paper: print it, or hand it over")]  # type: ignore[attr-defined]


class AcceptForm(SentOnce):
    """The firm takes the job."""

    name = text(NAME, required=True, longest=100)


class VisitForm(LawfulSlotForm):
    """The firm says when it comes."""
