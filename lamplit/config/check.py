"""The page on which anybody can check whether a message is ours, and report one that is not. On main and on every standby.

Nobody signs in, nobody learns whom a message went to, and nothing that was pasted is kept unless she says that we may.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from lamplit.config import limits
from lamplit.config.audience import Request
from lamplit.config.checked import verdict
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.receipt_checked import is_receipt, receipt_verdict
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.messages import queries as messages

LONGEST = 20_000
LONGEST_KEPT = 8_000
CHANNELS = [
    ("text", lazy("By text")), ("email", lazy("By e-mail")), ("post", lazy("By post")), ("call", lazy("By phone")),
    ("visit", lazy("At the door")),
]  # fmt: skip


class Doubt(NamedTuple):
    """What came of reading the file of an e-mail. `signed`: our own domain signed it whole."""

    said: str
    signed: bool


class Behind(NamedTuple):
    """What stands behind the page. `read` reads the file of an e-mail, `keep` takes a report."""

    read: Callable[[bytes, dict[str, str]], Doubt]
    keep: Callable[[Request, dict[str, str | None], str], None]
    layout: str


class CheckForm(forms.Form):
    """The code on a message, or the message itself, or the file of an e-mail."""

    code = Typed(label=lazy("The code on the message"), help_text=lazy("Six letters and numbers, at its end."), longest=40)
    pasted = Typed(label=lazy("Or paste the whole message here"), longest=LONGEST, widget=forms.Textarea)
    email = forms.FileField(
        label=lazy("Or send us the e-mail, or a receipt of ours, as a file"), required=False,
        help_text=lazy("Save it first: its name ends with .eml or .tlog-proof. We keep nothing of it."),
        error_messages={"empty": lazy("This file is empty. Choose another one.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("code", "pasted", "email")):
            self.add_error("code", _("Enter the code, or paste the message"))
        return cleaned


class ReportForm(SentOnce):
    """A message that is not ours is reported."""

    channel = forms.ChoiceField(label=lazy("How did it come to you?"), choices=CHANNELS, required=False, widget=forms.RadioSelect)
    keep = forms.BooleanField(label=lazy("We may keep its words, to warn others"), required=False)
    said = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)


def page(request: Request, behind: Behind) -> HttpResponse:
    """Show the page, an answer, or thanks for a report."""
    context: dict[str, Any] = {"layout": behind.layout, "section": "check", "scams": messages.scams_now()}
    if request.method == "POST" and "nonce" in request.POST:
        return _reported(request, behind, context)
    form = CheckForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        limits.count(limits.CHECKS_PER_ADDRESS, limits.address_of(request), request.now)
        context |= _answered(form.cleaned_data, behind)
    return render(request, "check.html", context | {"form": form})


def _reported(request: Request, behind: Behind, context: dict[str, Any]) -> HttpResponse:
    report, thanks = ReportForm(request.POST), False
    if report.is_valid():
        limits.count(limits.FORGERIES_PER_ADDRESS, limits.address_of(request), request.now)
        behind.keep(request, _kept(report.cleaned_data), report.command())
        thanks = True
    shown = {"thanks": True} if thanks else {"report": report}
    return render(request, "check.html", context | shown | {"form": CheckForm()})


def _answered(given: dict[str, Any], behind: Behind) -> dict[str, Any]:
    pasted, signed = given["pasted"], False
    raw = given["email"].read() if given["email"] is not None else b""
    receipt = raw.decode("utf-8", "replace") if raw else pasted
    if is_receipt(receipt):
        return {"told": receipt_verdict(receipt), "report": None}
    if raw:
        read = behind.read(raw, messages.keys_of_email())
        pasted, signed = f"{read.said[:LONGEST]}\n\n{pasted}".strip(), read.signed and not pasted
    told = verdict(messages.check_message(given["code"], pasted, signed=signed))
    report = ReportForm(initial={"said": pasted[:LONGEST_KEPT]}) if told.doubtful else None
    return {"told": told, "report": report}


def _kept(given: dict[str, Any]) -> dict[str, str | None]:
    """Return what is kept of a report: her words only with her yes."""
    said = given["said"].strip()[:LONGEST_KEPT] if given["keep"] else ""
    return {"channel": given["channel"] or None, "said": said or None}
