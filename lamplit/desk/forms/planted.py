"""Forms of planted records: people who do not exist."""

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.desk.forms.fields import Contact, text
from lamplit.people.actions import MadeUp


class ListForm(SentOnce):
    """Why somebody reads the list."""

    why = text("Why do you open it?", required=True, longest=300, help_text="Such as “one of them was opened last night”.")


class MadeUpForm(SentOnce):
    """Somebody who does not exist."""

    name = text("Full name", required=True, longest=120, help_text="An ordinary one. Search first: nobody of yours may have it.")
    title = text("Title", longest=40)
    born_on = DayField(label="Date of birth", what="the date of birth", required=False)
    phone = text(
        "Mobile number", required=True, longest=40, field=Contact,
        help_text="A number that is yours and that nobody uses. Whoever rings it has stolen it.",
    )  # fmt: skip
    email = text(
        "E-mail address", required=True, longest=150, field=forms.EmailField,
        help_text="In a domain that is yours. We add four digits that only this list knows: they prove where a file came from.",
    )  # fmt: skip
    address = text(
        "Postal address", required=True, rows=4, longest=300,
        help_text="A street and block of yours, and a flat that is not there. No home is made for it.",
    )  # fmt: skip

    def made_up(self) -> MadeUp:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return MadeUp(
            name=said["name"], title=said["title"] or None, born_on=said["born_on"], phone=said["phone"], email=said["email"],
            address=said["address"],
        )  # fmt: skip


class AgreeForm(SentOnce):
    """A second person agrees."""


class EndForm(SentOnce):
    """One is taken out."""

    why = text("Why is it taken out?", required=True, longest=300)
