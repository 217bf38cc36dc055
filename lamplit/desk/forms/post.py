"""Filing an e-mail that came in."""

from typing import Any

from django import forms

from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import long_text, text
from lamplit.desk.references import as_reference
from lamplit.repairs import queries as repairs


class FileForm(SentOnce):
    """Whose it is stands beside the form; here, which repair it is about. A stranger's e-mail has only that."""

    repair = text(lazy("Number of the repair, if it is about one"), longest=40, help_text=lazy("Like M-7KDQ-42XR."))

    def clean_repair(self) -> Any:
        typed = self.cleaned_data["repair"]
        if not typed:
            return None
        row = repairs.by_reference(as_reference(typed))
        if row is None:
            raise forms.ValidationError(_("No repair has this number. Look at it again, or leave it empty."))
        return row.id


class AsideForm(SentOnce):
    """An e-mail that is nobody's."""

    why = long_text(lazy("Why is it nobody’s?"), help_text=lazy("Advertising, a mistake, meant for somebody else."))
