"""Photos that staff add."""

from lamplit.config.forms import SentOnce
from lamplit.config.photos.form import PhotoField, WithPhoto
from lamplit.desk.forms.fields import pick, text

SHOWS = {"label": "What does it show?", "required": True, "longest": 500, "help_text": "For people who cannot see it."}
AUDIENCES = {"all": "They and staff", "staff": "Staff only"}
RESTRICTED = {"restricted": "Restricted: only those who may see restricted people"}
STAGES = {"before": "Before the work", "after": "After the work", "": "Neither"}


class RepairPhotoForm(WithPhoto, SentOnce):
    """A photo of a repair."""

    photo = PhotoField()
    shows = text(**SHOWS)  # type: ignore[arg-type]
    audience = pick("Who may see it?", AUDIENCES, radios=True, initial="all")

    def allow_restricted(self) -> None:
        """Offer to keep it for the few who may see restricted people."""
        self.fields["audience"].choices = list((AUDIENCES | RESTRICTED).items())  # type: ignore[attr-defined]


class JobPhotoForm(WithPhoto, SentOnce):
    """A photo of what was found, or of what was done."""

    photo = PhotoField()
    shows = text(**SHOWS)  # type: ignore[arg-type]
    stage = pick("When was it taken?", STAGES, required=False, radios=True, initial="")
