"""Sums of money as people write them; whole pence inside."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lamplit.basics.words import pounds
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy_with


class MoneyField(forms.CharField):
    """Pounds and pence as people write them; cleans to whole pence or None."""

    def __init__(self, label: Any, **options: Any) -> None:
        said = {"required": lazy_with("“{label}” is empty. Write a sum like 12.50.", label=label)}
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "data-width": 10}))
        super().__init__(label=label, max_length=20, error_messages=said | options.pop("error_messages", {}), **options)

    def clean(self, value: Any) -> Any:
        typed = (super().clean(value) or "").replace("£", "").replace(",", "").strip()
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", typed):
            raise ValidationError(_("Write the sum in pounds, like 12.50."))
        return int(Decimal(typed) * 100)

    def prepare_value(self, value: Any) -> Any:
        return pounds(value).replace("£", "") if isinstance(value, int) else value
