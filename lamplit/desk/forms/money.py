"""Sums of money and quantities as people write them; whole pence and hundredths inside."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lamplit.config.speaking import gettext as _
from lamplit.config.sums import MoneyField
from lamplit.repairs.actions import Measured

__all__ = ["MoneyField", "QuantityField", "measured"]


class QuantityField(forms.CharField):
    """How much of a rate's unit; cleans to hundredths or None."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "data-width": 5})
        super().__init__(label=label, required=False, max_length=12, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        typed = (super().clean(value) or "").strip()
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", typed) or Decimal(typed) == 0:
            raise ValidationError(_("Write how much it is, like 3 or 2.5."))
        return int(Decimal(typed) * 100)


def measured(form: forms.Form, code: str, quantity: str) -> Measured | None:
    """Return what two boxes say of a rate. One without the other is an error of the empty one; without a quantity it is one."""
    named, much = form.cleaned_data.get(code), form.cleaned_data.get(quantity)
    if much and not named and code not in form.errors:
        form.add_error(code, _("Write the code of the rate, or leave the quantity empty."))
    if not named:
        return None
    return Measured(code=named.strip().upper(), hundredths=much or 100)
