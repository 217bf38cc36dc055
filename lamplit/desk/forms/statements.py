"""Who has her statement by another way than post."""

from typing import Any

from django import forms

from lamplit.config.forms import SentOnce


class HandedForm(SentOnce):
    """One tenant of one account."""

    account = forms.CharField(widget=forms.HiddenInput, max_length=40)
    person = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("account", "person")}
