"""Form fields that the page kit knows how to draw, and what its templates ask of a Django form."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, sentence

Part = dict[str, Any]
DAY_PARTS = ("day", "month", "year")
DAY_NAMES = {"day": lazy("Day"), "month": lazy("Month"), "year": lazy("Year")}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DayWidget(forms.MultiWidget):
    """Three text boxes, `<name>_day`, `<name>_month` and `<name>_year`: people know dates, calendars get in the way."""

    def __init__(self) -> None:
        super().__init__({part: forms.TextInput() for part in DAY_PARTS})

    def decompress(self, value: Any) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DayField(forms.Field):
    """A day that somebody types in three boxes; cleans to a `date` or `None`.

    `what` completes the error sentences: "Enter {what}", "{What} must be a real date". Months may be words.
    """

    widget = DayWidget

    def __init__(self, *, what: str = lazy("the date"), **options: Any) -> None:
        self.what = what
        super().__init__(**options)

    def clean(self, value: Any) -> date | None:
        typed = [str(part or "").strip() for part in value or ["", "", ""]]
        if not any(typed):
            if self.required:
                raise forms.ValidationError(_("Enter %(what)s") % {"what": self.what}, code="required")
            return None
        missing = [part for part, text in zip(DAY_PARTS, typed, strict=True) if not text]
        if missing:
            raise forms.ValidationError(_missing_words(missing) % {"what": self._what}, code="part_missing")
        return self._real_day(typed)

    @property
    def _what(self) -> str:
        return sentence(str(self.what))

    def _real_day(self, typed: list[str]) -> date:
        day, month, year = typed
        if len(year) != 4:
            raise forms.ValidationError(
                _("%(what)s must have a year of 4 numbers, like 2026") % {"what": self._what}, code="short_year"
            )
        try:
            return date(int(year), _month_number(month), int(day))
        except ValueError:
            raise forms.ValidationError(
                _("%(what)s must be a real date, like 27 3 2026") % {"what": self._what}, code="not_a_day"
            ) from None


def _missing_words(parts: list[str]) -> str:
    """Say which boxes of a day are empty."""
    said = {
        ("day",): _("%(what)s must include a day"), ("month",): _("%(what)s must include a month"),
        ("year",): _("%(what)s must include a year"), ("day", "month"): _("%(what)s must include a day and a month"),
        ("day", "year"): _("%(what)s must include a day and a year"),
        ("month", "year"): _("%(what)s must include a month and a year"),
    }  # fmt: skip
    return said[tuple(parts)]


def _month_number(typed: str) -> int:
    if typed.isdecimal():  # of any alphabet; "²" is a digit, and no number
        return int(typed)
    return MONTHS.index(typed[:3].lower()) + 1


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DayWidget, "date"),
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "upload"),
    (forms.PasswordInput, "password"),
    (forms.widgets.Input, "text"),
)


def kind_of(field: BoundField) -> str:
    """Say which macro of `kit/form.html` draws this field. A widget we cannot draw: TypeError."""
    for widget, kind in KINDS:
        if isinstance(field.field.widget, widget):
            return kind
    raise TypeError(f"The page kit cannot draw {type(field.field.widget).__name__} ({field.name})")


def error_of(field: BoundField) -> Part | None:
    """Return the field's first error as GOV.UK macros want it: people can mend one thing at a time."""
    return {"text": field.errors[0], "visuallyHiddenText": _("Error")} if field.errors else None


def hint_of(field: BoundField, hint: str | None = None) -> Part | None:
    """Return the hint, else the field's help text, as GOV.UK macros want it."""
    text = hint or field.help_text
    return {"text": text} if text else None


def label_of(field: BoundField, label: str | None = None, heading: bool = False, legend: bool = False) -> Part:
    """Return the label (or legend), marked "(optional)" when it is; as the page's h1 when it is a `heading`."""
    text = label or field.label
    optional = not field.field.required and not heading
    part: Part = {"text": _("%(label)s (optional)") % {"label": text} if optional else str(text), "isPageHeading": heading}
    size = "l" if heading else "s"
    part["classes"] = f"govuk-fieldset__legend--{size}" if legend else f"govuk-label--{size}"
    return part


def value_of(field: BoundField) -> str | list[str]:
    """Return what stands in the field now, as text (a list where many may be chosen); "" for nothing."""
    value = field.value()
    if isinstance(value, (list, tuple)):
        return ["" if one is None else str(one) for one in value]
    return "" if value is None else str(value)


def day_parts_of(field: BoundField) -> list[Part]:
    """Return the three boxes of a day, with what was typed in each."""
    value = field.value()
    typed = value if isinstance(value, list) else field.field.widget.decompress(value)
    return [
        {
            "name": f"{field.html_name}_{part}",
            "id": f"{field.auto_id}_{part}",
            "label": str(DAY_NAMES[part]),
            "value": text or "",
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{' govuk-input--error' if field.errors else ''}",
        }
        for part, text in zip(DAY_PARTS, typed, strict=True)
    ]


def choices_of(
    field: BoundField,
    hints: Mapping[str, str] | None = None,
    inside: Mapping[str, str] | None = None,
    either: str | None = None,
    blank: bool = False,
) -> list[Part]:
    """Return the choices as GOV.UK items.

    `hints` and `inside` (HTML shown under a choice when it is chosen) go by value; the choice with the value
    `either` is set apart with "or"; the empty choice stays only when `blank`.
    """
    choices: Iterable[tuple[Any, Any]] = getattr(field.field, "choices", ())
    items: list[Part] = []
    for value, text in choices:
        key = "" if value is None else str(value)
        if not key and not blank:
            continue
        if key == either:
            items.append({"divider": _("or")})
        items.append(_choice(key, str(text), (hints or {}).get(key), (inside or {}).get(key)))
        if key == either and field.field.widget.input_type == "checkbox":
            items[-1]["behaviour"] = "exclusive"
    return items


def _choice(value: str, text: str, hint: str | None, inside: str | None) -> Part:
    item: Part = {"value": value, "text": text}
    if hint:
        item["hint"] = {"text": hint}
    if inside:
        item["conditional"] = {"html": inside}
    return item


def errors_of(*checked: forms.BaseForm | None) -> list[Part]:
    """Return every form's errors for the summary at the top, each with a link to its field, in page order."""
    found: list[Part] = []
    for form in checked:
        if form is None or not form.is_bound:
            continue
        found += [{"text": text} for text in form.non_field_errors()]
        for field in form:
            if field.errors:
                first = f"{field.auto_id}_day" if kind_of(field) == "date" else field.auto_id
                found.append({"text": field.errors[0], "href": f"#{first}"})
    return found
