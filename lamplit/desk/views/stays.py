"""Somewhere to stay while a home is not safe: offered, answered, moved in, over."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.when import Happened
from lamplit.desk.forms.works import AnswerStayForm, EndStayForm, OfferStayForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.repairs import actions, queries

TITLES = Words({"answer": "What do they say to it?", "begin": "They have moved in", "end": "The stay is over"})
NOTES = Words({
    "answer": "Once they take it, the law’s clock F is kept.",
    "begin": "From now on the home is empty. That stops the clock of making it safe, if it is in time.",
    "end": "Say when they were back.",
})  # fmt: skip
FORMS: dict[str, type[Any]] = {"answer": AnswerStayForm, "begin": Happened, "end": EndStayForm}


@for_staff("offer_stay")
def offer(request: StaffRequest, repair: str) -> HttpResponse:
    """Offer a household somewhere to stay."""
    row = found(queries.repair(repair))
    form = form_of(request, OfferStayForm, now=request.now)
    done, __ = told(form, lambda: _offer(request, form, row.id))
    back = reverse("desk_repair", args=[row.id])
    if done:
        return went(back)
    note = _("It is for the whole household and at our cost. Offer it when the home cannot be made safe in time.")
    title = words.about(_("Offer somewhere to stay"), row.reference)
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Offer it"), section="queue")


def _offer(request: StaffRequest, form: OfferStayForm, repair: str) -> Any:
    said = form.cleaned_data
    return actions.offer_stay(
        repair=repair, who=said["who"], place=said["place"], from_on=said["from_on"], until_on=said["until_on"],
        suits=said["suits"] or None, pence=said["pence"], by=request.by, at=form.happened_at, command=form.command(),
    )  # fmt: skip


@for_staff("offer_stay")
def step(request: StaffRequest, stay: str, step: str) -> HttpResponse:
    """Say what became of an offer."""
    row = found(queries.stay(stay))
    if step not in FORMS:
        raise Http404
    form = form_of(request, FORMS[step], now=request.now)
    done, __ = told(form, lambda: _take(request, form, stay, step))
    back = reverse("desk_repair", args=[row.repair])
    if done:
        return went(back)
    title = f"{TITLES[step]} {words.readable(row.place)}" if step == "answer" else TITLES[step]
    return page(request, "form.html", form=form, title=title, back=back, note=NOTES[step], section="queue")


def _take(request: StaffRequest, form: Any, stay: str, step: str) -> None:
    said, sent = form.cleaned_data, {"by": request.by, "at": form.happened_at, "command": form.command()}
    if step == "answer":
        actions.answer_stay(
            stay=stay, accepted=said["accepted"] == "yes", channel=said["channel"], says=said["says"] or None, **sent
        )
    elif step == "begin":
        actions.begin_stay(stay=stay, **sent)
    else:
        actions.end_stay(
            stay=stay, moved_back=said["moved_back"] == "yes", pence=said["pence"], says=said["says"] or None, **sent
        )
