"""The shared parts of her building: telling us of them, and that a trouble there is hers too."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.receipts import wait_until_kept
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, of_data
from lamplit.homes import queries as homes
from lamplit.portal import words
from lamplit.portal.repairs import LONGEST, case_of, done
from lamplit.repairs import actions, queries
from lamplit.tenancies import queries as tenancies

OTHER = "something_else"


class SharedForm(SentOnce):
    """What is wrong in the shared parts."""

    block = forms.ChoiceField(
        label=lazy("Which building?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose a building"), "invalid_choice": lazy("Choose a building from the list")},
    )
    what = forms.ChoiceField(
        label=lazy("What is wrong?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose what is wrong"), "invalid_choice": lazy("Choose what is wrong from the list")},
    )
    said = Typed(
        label=lazy("Tell us more"),
        help_text=lazy("Where it is, and what you saw. Only we read this."),
        needed=lazy("Write where it is and what you saw"),
        longest=LONGEST,
        widget=forms.Textarea,
    )

    def __init__(self, blocks: dict[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["block"].choices = list(blocks.items())  # type: ignore[attr-defined]
        self.fields["what"].choices = shared_faults()  # type: ignore[attr-defined]
        if len(blocks) == 1:
            self.fields["block"].initial = next(iter(blocks))
            self.fields["block"].widget = forms.HiddenInput()


def shared_faults() -> list[tuple[str, str]]:
    """Return what can be wrong in shared parts, by our catalogue of faults; what is in no list comes last."""
    known = queries.book_for(None).catalogue.faults.values()
    return [
        *((one.code, of_data(f"fault.{one.code}", one.name)) for one in known if one.group == "communal"),
        (OTHER, _("Something else")),
    ]


def blocks_of(request: Request) -> dict[str, str]:
    """Return the buildings where she lives, by name."""
    living = [one.home for one in tenancies.living_of(her(request), london_date(request.now)) if one.role != "child"]
    rows = [homes.block(home.block) for home in homes.homes(living).values() if home.block]
    return {row.id: str(row.name or _("Your building")) for row in rows if row is not None}


@for_tenant
@require_http_methods(["GET", "POST"])
def report(request: Request) -> HttpResponse:
    """Tell us of something in the shared parts. What is open there already stands above, so that she need not write it again."""
    blocks = blocks_of(request)
    form, refused = SharedForm(blocks, posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form)
        except Refused as error:
            refused = tenant_words(error)
    open_now = [
        {"title": words.title_of(row), "href": f"/repairs/{row.id}", "stands": words.stands(row, {}, request.now)}
        for block in blocks
        for row in queries.open_shared(block)
    ]
    context = {"form": form, "refused": refused, "open": open_now, "blocks": list(blocks.values()), "section": "repairs"}
    return render(request, "portal/report_shared.html", context)


def _send(request: Request, form: SharedForm) -> HttpResponse:
    said = form.cleaned_data
    told = actions.report_shared(
        block=said["block"], channel="portal", said=actions.Said(fault=said["what"]), words_said=said["said"],
        reporter=her(request), by=request.by, at=request.now, command=form.command(),
    )  # fmt: skip
    kept = wait_until_kept(form.command())
    return HttpResponseRedirect(f"/repairs/{told.leads}?done={'shared' if kept else 'shared-later'}")


@for_tenant
@require_http_methods(["GET", "POST"])
def me_too(request: Request, repair: str) -> HttpResponse:
    """Count her in: one tap."""
    case, form = case_of(request, repair), SentOnce(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_me_too(repair=case.repair.id, person=her(request), by=request.by, at=request.now, command=form.command())
        except Refused as error:
            if error.code not in ("repairs.told_us_already", "repairs.already_over"):  # it is so already: her page says it
                raise
        return done(case, "me-too")
    return HttpResponseRedirect(f"/repairs/{case.repair.id}")
