"""Reporting a repair at the standby while it holds no keys: one page, sealed as it comes in, answered with a number.

Whoever opens it later finds an e-mail from her (exchange/post/landing.py), so nothing of it is decided here.
"""

from functools import cache
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from lamplit.config import limits, place, proofs
from lamplit.config.audience import Request, for_everyone
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.photos.form import StillField, WithPhoto, count_photo
from lamplit.config.photos.uploads import takes_file
from lamplit.config.receipts import wait_until_kept
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.continuity import heir, intake
from lamplit.messages import queries as messages
from lamplit.standby import mailing

KEPT = "kept_post"  # a signed cookie: what was sent last. A session would be one more commit to wait for.
URGENT = "urgent"


PHOTOS = ("photo", "photo_2", "photo_3")


class ReportForm(WithPhoto, SentOnce):
    """All that somebody has to say, on one page."""

    what = Typed(
        label=lazy("What is wrong?"), needed=lazy("Say what is wrong"), longest=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy("Say which room, and since when."),
    )  # fmt: skip
    urgent = forms.ChoiceField(
        label=lazy("Is it dangerous, or getting worse fast?"), widget=forms.RadioSelect,
        choices=[(URGENT, lazy("Yes")), ("not", lazy("No")), ("unsure", lazy("I am not sure"))],
        error_messages={"required": lazy("Choose yes, no, or not sure"), "invalid_choice": lazy("Choose yes, no, or not sure")},
    )  # fmt: skip
    photo = StillField(
        lazy("A photo of it, if you have one"), lazy("At most 15 MB. We show it without where and when it was taken.")
    )  # fmt: skip
    photo_2 = StillField(lazy("A second photo"))
    photo_3 = StillField(lazy("A third photo"))
    lives = Typed(
        label=lazy("Who lives there, as far as it changes what we do?"), longest=1000,
        help_text=lazy("For example a baby, or someone who is ill. You can leave it out."),
    )  # fmt: skip
    address = Typed(
        label=lazy("The address, with the postcode"), needed=lazy("Write the address, so that we can find the home"), longest=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip
    name = Typed(
        label=lazy("Your name"), needed=lazy("Enter your name"), longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = Typed(
        label=lazy("Your phone number"), longest=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=lazy("Your e-mail address"), required=False, max_length=254,
        error_messages={"invalid": lazy("Enter an e-mail address, like name@example.com")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "phone" in cleaned and "email" in cleaned and not cleaned["phone"] and not cleaned["email"]:
            self.add_error("phone", _("Enter a phone number or an e-mail address, so that we can reach you"))
        return cleaned


class Sent(NamedTuple):
    """What her browser keeps of her report: nothing of what she wrote."""

    command: str
    number: str
    urgent: bool


def _remembered(answer: HttpResponse, sent: Sent) -> HttpResponse:
    answer.set_cookie(
        KEPT, signing.dumps(sent, salt=KEPT), max_age=settings.SESSION_COOKIE_AGE, path="/report", httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _sent_last(request: Request) -> Sent | None:
    try:
        return Sent(*signing.loads(request.COOKIES.get(KEPT, ""), salt=KEPT, max_age=settings.SESSION_COOKIE_AGE))
    except signing.BadSignature:
        return None


@cache
def _recipients() -> list[str]:
    return heir.recipients(place.key_folder())


@for_everyone
@require_http_methods(["GET", "POST"])
@takes_file
def report(request: Request) -> HttpResponse:
    """Take a report. What was written, and each photo, is sealed before anything of it reaches a disk."""
    for _file in request.FILES:
        count_photo(request)  # before anything is read
    form = ReportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return keep(request, form, as_mail(form.cleaned_data), urgent=form.cleaned_data["urgent"] != "not")
    return render(request, "standby/report.html", {"form": form})


def keep(request: Request, form: SentOnce, mail: bytes, *, urgent: bool) -> HttpResponse:
    """Seal and keep what somebody wrote, and go on to the page that says its number."""
    limits.count(limits.REPORTS_PER_ADDRESS, limits.address_of(request), request.now)
    command = form.command()
    number = intake.keep_sealed("report", mail, _recipients(), at=request.now, command=command)
    return _remembered(HttpResponseRedirect("/report/received"), Sent(command, number, urgent))


@for_everyone
@require_GET
def received(request: Request) -> HttpResponse:
    """Say what is kept, under which number; or that it is still being copied."""
    sent = _sent_last(request)
    if sent is None:
        return HttpResponseRedirect("/report")
    kept = wait_until_kept(sent.command)
    return render(request, "standby/received.html", {"number": sent.number, "kept": kept, "urgent": sent.urgent})


@for_everyone
@require_GET
def receipt(request: Request) -> HttpResponse:
    """Hand out the proof of what she sent last, as a file that others can check without us."""
    sent = _sent_last(request)
    row = messages.post_by_reference(sent.number) if sent is not None else None
    if row is None:
        return HttpResponseRedirect("/report")
    proof = proofs.proof_of(row.id, ("post.kept",), row.kept_at, request.now)
    return HttpResponseRedirect("/report/received") if isinstance(proof, proofs.NoProof) else proofs.as_file(proof)


def as_mail(said: dict[str, Any]) -> bytes:
    """Return a report as the e-mail that she would have written to us."""
    urgent = {URGENT: "yes", "not": "no"}.get(said["urgent"], "not sure")
    lines = [
        said["what"], "", f"Dangerous or getting worse fast: {urgent}", f"Who lives there: {said['lives'] or '-'}",
        f"Address: {said['address']}", f"Name: {said['name']}", f"Phone: {said['phone'] or '-'}",
        f"E-mail: {said['email'] or '-'}",
    ]  # fmt: skip
    marks = {URGENT: intake.URGENT, "not": ""}
    subject = f"Report at our standby service {marks.get(said['urgent'], intake.MAYBE_URGENT)}".rstrip()
    pictures = [(f"photo-{number}.jpg", said.get(name)) for number, name in enumerate(PHOTOS, 1)]
    photos = [
        (name, picture.large) for name, picture in pictures if picture is not None
    ]  # as we made it: no file that came is kept
    return mailing.as_mail(said["name"], said["email"], subject, lines, photos)
