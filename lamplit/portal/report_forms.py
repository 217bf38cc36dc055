"""The forms of a report, one question each."""

from collections.abc import Sequence
from typing import Any

from django import forms

from lamplit.basics.phone_email import read_email, read_phone
from lamplit.config.forms import Typed
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.homes import queries as homes
from lamplit.portal.asking import ask_words, hint_words, option_words

NONE, RATHER_NOT = "none", "rather_not"
LONGEST_WORDS = 6_000  # so that there is room for the answers beside them
NOT_LISTED = "not_listed"


class ChoiceForm(forms.Form):
    """A question of the tree with options."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose an answer"), "invalid_choice": lazy("Choose an answer")},
    )

    def __init__(self, question: Any, data: Any = None, initial: str | None = None) -> None:
        super().__init__(data, initial={"answer": initial})
        field = self.fields["answer"]
        field.label, field.help_text = ask_words(question), hint_words(question)
        field.choices = [(option.code, option_words(question, option)) for option in question.options]  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """A question of the tree that she answers in her own words."""

    answer = Typed(needed=lazy("Tell us what is wrong"), longest=LONGEST_WORDS, widget=forms.Textarea)

    def __init__(self, question: Any, data: Any = None, initial: str | None = None) -> None:
        super().__init__(data, initial={"answer": initial})
        self.fields["answer"].label, self.fields["answer"].help_text = ask_words(question), hint_words(question)


class WordsForm(forms.Form):
    """Anything else, in her own words."""

    words = Typed(
        label=lazy("Is there anything else we should know?"),
        help_text=lazy("When did it start? Has it happened before? Is there a time when nobody is in?"),
        longest=LONGEST_WORDS,
        widget=forms.Textarea,
    )


class WhomForm(forms.Form):
    """Whose home it is: one of hers, or another."""

    whom = forms.ChoiceField(
        label=lazy("Whose home is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose whose home it is"), "invalid_choice": lazy("Choose whose home it is")},
    )

    def __init__(self, hers: Sequence[tuple[str, str]], data: Any = None, initial: str | None = None) -> None:
        super().__init__(data, initial={"whom": initial})
        mine = hers or [("me", _("My home"))]
        self.fields["whom"].choices = [*mine, ("other", _("Somebody else’s home"))]  # type: ignore[attr-defined]


class PostcodeForm(forms.Form):
    """The way to an address."""

    postcode = Typed(
        label=lazy("What is the postcode of the home?"),
        help_text=lazy("For example, SW1A 2AA."),
        needed=lazy("Enter the postcode"),
        longest=20,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )

    def clean_postcode(self) -> str:
        typed: str = self.cleaned_data["postcode"]
        if homes.at_postcode(typed) is None:
            raise forms.ValidationError(_("Enter a full postcode, like SW1A 2AA"))
        return typed


class AddressForm(forms.Form):
    """One of the homes at the postcode, or an address written out."""

    home = forms.ChoiceField(
        label=lazy("Which home is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose the home"), "invalid_choice": lazy("Choose a home from the list")},
    )
    address = Typed(label=lazy("Write the address"), longest=400, widget=forms.Textarea)

    def __init__(self, there: Sequence[tuple[str, str]], data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["home"].choices = [*there, (NOT_LISTED, _("It is not in this list"))]  # type: ignore[attr-defined]
        if not there:
            self.fields["home"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("home") in (NOT_LISTED, "") and not cleaned.get("address"):
            self.add_error("address", _("Write the address, so that we can find the home"))
        return cleaned


class NameForm(forms.Form):
    """Who tells us, and how to reach her."""

    name = Typed(
        label=lazy("Your name"),
        needed=lazy("Enter your name"),
        longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = Typed(
        label=lazy("Your phone number"),
        longest=40,
        help_text=lazy("We use it for this repair only."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = Typed(
        label=lazy("Your e-mail address"),
        longest=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_phone(self) -> str:
        return _read(self.cleaned_data["phone"], read_phone, _("Enter a phone number, like 07700 900123"))

    def clean_email(self) -> str:
        return _read(self.cleaned_data["email"], read_email, _("Enter an e-mail address, like name@example.com"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "phone" in cleaned and "email" in cleaned and not cleaned["phone"] and not cleaned["email"]:
            self.add_error("phone", _("Enter a phone number or an e-mail address, so that we can reach you"))
        return cleaned


def _read(typed: str, reader: Any, error: str) -> str:
    if not typed:
        return ""
    found = reader(typed)
    if found is None:
        raise forms.ValidationError(error)
    return str(found)


class OthersForm(forms.Form):
    """For whom somebody reports."""

    for_name = Typed(label=lazy("Name of the person who lives there"), longest=200, help_text=lazy("As far as you know it."))
    relation = Typed(
        label=lazy("How do you know them?"), longest=200, help_text=lazy("For example, I am her son, or I am their neighbour.")
    )


class OthersAndNameForm(OthersForm, NameForm):
    """Both, where nobody is signed in."""

    field_order = ("for_name", "relation", "name", "phone", "email")


class HouseholdForm(forms.Form):
    """Who lives there, as far as it changes what we do."""

    needs = forms.MultipleChoiceField(
        label=lazy("Who lives in the home?"),
        help_text=lazy("Choose all that fit. It can change how soon we must come, and how."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": lazy("Choose all that fit, or “None of these”"),
            "invalid_choice": lazy("Choose from the list"),
        },
    )

    def __init__(self, known: Sequence[tuple[str, str]], data: Any = None, initial: list[str] | None = None) -> None:
        super().__init__(data, initial={"needs": initial})
        self.fields["needs"].choices = [*known, (NONE, _("None of these, or I would rather not say"))]  # type: ignore[attr-defined]

    def clean_needs(self) -> list[str]:
        chosen = self.cleaned_data["needs"]
        if NONE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose all that fit, or only “None of these”"))
        return [] if NONE in chosen else list(chosen)
