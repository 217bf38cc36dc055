"""Forms that are sent once: each carries a signed nonce, which is its command's id. So a double click, or sending again after
a lost answer, gets the first answer.
"""

import re
import secrets
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, lazy_with

_EACH = re.compile(r"[0-9a-f]{32}")
_SIGNER = signing.Signer(salt="lamplit.form")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a form, or None when the page was only opened."""
    return request.POST if request.method == "POST" else None


def new_nonce() -> str:
    """Return a fresh signed nonce for a form."""
    return _SIGNER.sign(secrets.token_urlsafe(12))


class NonceField(forms.CharField):
    """The hidden field. Cleans to the nonce itself; one that we did not sign is refused."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=new_nonce, max_length=200)

    def clean(self, value: Any) -> str:
        try:
            return str(_SIGNER.unsign(str(value or "")))
        except signing.BadSignature:
            raise forms.ValidationError(_("This page is out of date. Load it again, then send it once more.")) from None


class Typed(forms.CharField):
    """Text that somebody types, with errors that say how to put it right. `needed` is the error when nothing stands there."""

    def __init__(self, *, needed: str | None = None, longest: int, **options: Any) -> None:
        words = {
            "max_length": lazy_with("Use at most {longest} characters", longest=f"{longest:,}"),
            "null_characters_not_allowed": lazy("Take out the characters that cannot be shown, and send it again"),
            **({"required": needed} if needed is not None else {}),
        }
        super().__init__(max_length=longest, required=needed is not None, error_messages=words, **options)


class SentOnce(forms.Form):
    """Base of every form that leads to an action."""

    ENDS: ClassVar[tuple[str, ...]] = ()  # fields that say when it ended: only for what is there already
    nonce = NonceField()
    held_back = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in () if self.initial else self.ENDS:
            del self.fields[name]

    def command(self, part: str = "") -> str:
        """Return the command id of a valid form; `part` tells apart the actions that one form leads to."""
        return f"form:{self.cleaned_data['nonce']}{self._each()}{f'.{part}' if part else ''}"

    def early_command(self) -> str | None:
        """Return the command id of a form that was sent, before anything else of it is read; None where there is none."""
        try:
            nonce = self.fields["nonce"].clean(self.data.get(self.add_prefix("nonce"))) if self.is_bound else None
        except forms.ValidationError:
            return None
        return None if nonce is None else f"form:{nonce}{self._each()}"

    def _each(self) -> str:
        """Return what tells apart the things that one page sends: photos chosen together, each with an id that the page made."""
        each = str(self.data.get("each", ""))
        return f"-{each}" if _EACH.fullmatch(each) else ""

    def hold_back(self) -> None:
        """Show what was typed so far and no errors: another button than the form's own was pressed."""
        self._errors, self.held_back = ErrorDict(), True

    def fill_in(self, values: dict[str, str]) -> None:
        """Put values into a form that is held back, where nothing is typed yet."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            if not data.get(name):
                data[name] = value
        self.data = data

    def is_valid(self) -> bool:
        return not self.held_back and super().is_valid()

    def add_error(self, field: str | None, error: Any) -> None:
        """A hidden field's error stands at the top of the page, where it can be read."""
        super().add_error(None if field == "nonce" else field, error)
