"""Photos that staff add."""

from lamplit.config.forms import SentOnce
from lamplit.config.photos.form import PhotoField, WithPhoto
from lamplit.config.speaking import Words, lazy
from lamplit.desk.forms.fields import long_text, pick, text

SHOWS = {
    "label": lazy("What does it show?"),
    "required": True,
    "longest": 500,
    "help_text": lazy("For people who cannot see it."),
}
AUDIENCES = Words({"all": "They and staff", "staff": "Staff only"})
RESTRICTED = {"restricted": lazy("Restricted: only those who may see restricted people")}
WHY_ORIGINAL = lazy("For example, the date and place in it are disputed. It stands in the record with your name.")
STAGES = Words({"before": "Before the work", "after": "After the work", "": "Neither"})


class RepairPhotoForm(WithPhoto, SentOnce):
    """A photo of a repair."""

    photo = PhotoField()
    shows = text(**SHOWS)
    audience = pick(lazy("Who may see it?"), AUDIENCES, radios=True, initial="all")

    def allow_restricted(self) -> None:
        """Offer to keep it for the few who may see restricted people."""
        self.fields["audience"].choices = list((AUDIENCES | RESTRICTED).items())  # type: ignore[attr-defined]


class OriginalForm(SentOnce):
    """Why somebody takes the file as it came."""

    why = long_text(lazy("Why do you need the file as it came?"), rows=2, help_text=WHY_ORIGINAL)


class JobPhotoForm(WithPhoto, SentOnce):
    """A photo of what was found, or of what was done."""

    photo = PhotoField()
    shows = text(**SHOWS)
    stage = pick(lazy("When was it taken?"), STAGES, required=False, radios=True, initial="")
