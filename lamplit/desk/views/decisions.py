"""What waits for a named person: more work or money that was asked for, and reviews of why a trouble comes back."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import beside, words
from lamplit.desk.forms.repairs import ByName, colleagues
from lamplit.desk.forms.works import ReviewForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.repairs import actions, queries


@for_staff("review_repeats")
def decisions(request: StaffRequest) -> HttpResponse:
    """List both, what is due first on top."""
    asked, safe, reviews = queries.variations_waiting(), queries.variations_to_make_safe(request.now), queries.reviews_due()
    actors = [row.asked_by for row, __ in [*asked, *safe]]
    actors += [f"staff:{row.approver}" for row, __ in asked if row.approver]
    actors += [f"staff:{row.owner}" for row, __ in reviews if row.owner]
    names = Names(actors, may=request.me.may)
    return page(
        request, "decisions.html", asked=[_asked(row, repair, names) for row, repair in asked],
        safe=[_asked(row, repair, names) for row, repair in safe],
        reviews=[_review(row, repair, names, request) for row, repair in reviews],
    )  # fmt: skip


def _asked(row: Any, repair: Any, names: Names) -> dict[str, Any]:
    return beside.variation(row, names) | {
        "reference": repair.reference, "when": full_date(row.asked_at), "from": names.of(row.asked_by),
    }  # fmt: skip


def _review(row: Any, repair: Any, names: Names, request: StaffRequest) -> dict[str, Any]:
    title = words.readable(repair.title, _("A repair"))
    return beside.review(row, names, request.now) | {"title": title, "reference": repair.reference, "on": full_date(row.due_on)}


@for_staff("review_repeats")
def review(request: StaffRequest, review: str) -> HttpResponse:
    """Show a review with the reports that led to it, and close it with what changes."""
    row = found(queries.review(review))
    repair = found(queries.repair(row.repair))
    form = form_of(request, ReviewForm)
    done, __ = told(
        form,
        lambda: actions.close_review(review=review, **_typed(form), by=request.by, at=request.now, command=form.command()),
    )
    if done:
        return went(reverse("desk_repair", args=[repair.id]))
    names = Names([f"staff:{row.owner}"] if row.owner else [], may=request.me.may)
    return page(
        request,
        "review.html",
        form=form,
        review=beside.review(row, names, request.now),
        repair=repair,
        title=_("Why does it come back? %(title)s") % {"title": words.readable(repair.title)},
        alike=_alike(repair, request),
    )


def _typed(form: ReviewForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("finding", "changes", "tells")}


def _alike(repair: Any, request: StaffRequest) -> list[dict[str, Any]]:
    """Return the reports of the same group of faults in this home, newest first."""
    today = london_date(request.now)
    rows = [row.repair for row in queries.home_history(repair.home) if row.repair.fault_group == repair.fault_group]
    return [
        {"href": reverse("desk_repair", args=[row.id]), "text": words.readable(row.title, _("A repair")),
         "hint": f"{row.reference}, {full_date(row.reported_at)}{f'. Cause: {row.cause}' if row.cause else ''}"}
        for row in rows if (today - london_date(row.reported_at)).days <= 730
    ]  # fmt: skip


@for_staff("review_repeats")
def give(request: StaffRequest, review: str) -> HttpResponse:
    """Give a review to somebody."""
    row = found(queries.review(review))
    people = colleagues("review_repeats")
    form = form_of(request, ByName, people=people, initial={"who": row.owner})
    done, __ = told(
        form,
        lambda: actions.give_review(
            review=review, owner=form.cleaned_data["who"], by=request.by, at=request.now, command=form.command()
        ),
    )
    back = reverse("review", args=[review])
    if done:
        return went(back)
    title = _("Who finds out why it comes back?")
    return page(request, "form.html", form=form, title=title, back=back, button=_("Give it"), section="decisions")
