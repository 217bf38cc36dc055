"""Fields that several forms have."""

from typing import Any

from django import forms

from lamplit.config.speaking import lazy, lazy_with
from lamplit.desk.words import reach

TOO_LONG = {"max_length": lazy("That is too long. Use at most %(limit_value)d characters, and put the rest elsewhere.")}


class Contact(forms.CharField):
    """A number or address. A number that we keep as +447700900123 stands in its box as people say it."""

    def prepare_value(self, value: Any) -> Any:
        return reach(value) if value else value


class OneOf(forms.ChoiceField):
    """A list of which one is chosen. Where an answer is needed it begins with none: no button records what nobody chose."""

    @property
    def choices(self) -> Any:
        return super().choices

    @choices.setter
    def choices(self, value: Any) -> None:
        listed = list(value)
        if self.required and isinstance(self.widget, forms.Select) and all(code for code, _words in listed):
            listed = [("", lazy("Choose")), *listed]
        forms.ChoiceField.choices.fset(self, listed)  # type: ignore[union-attr]


def text(
    label: str, *, required: bool = False, rows: int = 0, longest: int = 1000,
    field: type[forms.CharField] = forms.CharField, **options: Any,
) -> forms.CharField:  # fmt: skip
    """Return a field for words; with `rows` a large one."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    options["error_messages"] = {
        "required": lazy_with("“{label}” is empty. Write a few words.", label=label),
        **TOO_LONG,
        **options.get("error_messages", {}),
    }
    return field(label=label, required=required, max_length=longest, widget=widget, **options)


def long_text(label: str, *, required: bool = True, rows: int = 3, **options: Any) -> forms.CharField:
    """Return a large field for somebody's words."""
    return text(label, required=required, rows=rows, longest=8_000, **options)


def pick(label: str, choices: Any, *, required: bool = True, radios: bool = False, **options: Any) -> forms.ChoiceField:
    """Return a choice of one; of a list that needs an answer none stands chosen."""
    said = {
        "required": lazy_with("“{label}” needs an answer. Choose one.", label=label),
        "invalid_choice": lazy_with("“{label}”: choose one from the list.", label=label),
    }
    options["error_messages"] = said | options.get("error_messages", {})
    listed = list(choices.items()) if isinstance(choices, dict) else list(choices)
    widget = forms.RadioSelect if radios else forms.Select
    shown = listed if radios or required else [("", lazy("Nothing chosen")), *listed]
    return OneOf(label=label, choices=shown, required=required, widget=widget, **options)


def tick(label: str, **options: Any) -> forms.BooleanField:
    """Return one box to tick."""
    return forms.BooleanField(label=label, required=False, **options)


def ticks(label: str, choices: Any, *, required: bool = False, **options: Any) -> forms.MultipleChoiceField:
    """Return boxes, of which many may be ticked."""
    listed = list(choices.items()) if isinstance(choices, dict) else list(choices)
    said = {
        "required": lazy_with("“{label}” needs an answer. Choose at least one.", label=label),
        "invalid_choice": lazy_with("“{label}”: choose from the list.", label=label),
    }
    options["error_messages"] = said | options.get("error_messages", {})
    return forms.MultipleChoiceField(
        label=label, choices=listed, required=required, widget=forms.CheckboxSelectMultiple, **options
    )
