"""Forms of planted records: people who do not exist."""

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import Contact, text
from lamplit.people.actions import MadeUp


class ListForm(SentOnce):
    """Why somebody reads the list."""

    why = text(
        lazy("Why do you open it?"), required=True, longest=300, help_text=lazy("Such as “one of them was opened last night”.")
    )


class MadeUpForm(SentOnce):
    """Somebody who does not exist."""

    name = text(
        lazy("Full name"),
        required=True,
        longest=120,
        help_text=lazy("An ordinary one. Search first: nobody of yours may have it."),
    )
    title = text(lazy("Title"), longest=40)
    born_on = DayField(label=lazy("Date of birth"), what=lazy("the date of birth"), required=False)
    phone = text(
        lazy("Mobile number"), required=True, longest=40, field=Contact,
        help_text=lazy("A number that is yours and that nobody uses. Whoever rings it has stolen it."),
    )  # fmt: skip
    email = text(
        lazy("E-mail address"),
        required=True,
        longest=150,
        field=forms.EmailField,
        help_text=lazy(
            "In a domain that is yours. We add four digits that only this list knows: they prove where a file came from."
        ),
    )
    address = text(
        lazy("Postal address"), required=True, rows=4, longest=300,
        help_text=lazy("A street and block of yours, and a flat that is not there. No home is made for it."),
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

    why = text(lazy("Why is it taken out?"), required=True, longest=300)
