"""What a job is sent to a firm by, and what whoever holds its link says of it."""

from typing import Any

from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import pick, text
from lamplit.desk.forms.when import LawfulSlotForm

NAME = lazy("Your name")


class SendForm(SentOnce):
    """How a job goes to its firm."""

    way = pick(lazy("How does it go?"), {}, radios=True)

    def __init__(self, *args: Any, email: str | None, **options: Any) -> None:
        super().__init__(*args, **options)
        ways = [("email", _("By e-mail to %(email)s") % {"email": email})] if email else []
        self.fields["way"].choices = [*ways, ("paper", _("On paper: print it, or hand it over"))]  # type: ignore[attr-defined]


class AcceptForm(SentOnce):
    """The firm takes the job."""

    name = text(NAME, required=True, longest=100)


class VisitForm(LawfulSlotForm):
    """The firm says when it comes."""
