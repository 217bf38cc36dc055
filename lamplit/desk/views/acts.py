"""Everything that staff do with a repair: each act is one form on a page of its own; the next one stands on the repair's."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.config import errors
from lamplit.config.audience import for_staff
from lamplit.config.sent import sent_before
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.desk import beside, words
from lamplit.desk.forms import repairs as filled
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.words import HAZARD_STEPS
from lamplit.repairs import actions, queries
from lamplit.repairs.actions.hazards import may_step, names_of

Do = Callable[[StaffRequest, Any, str], Any]


def _nothing(request: StaffRequest, row: Any) -> dict[str, Any]:  # noqa: ARG001 - the shape of Act.make
    return {}


class Act(NamedTuple):
    """One thing to do with a repair. `make(request, row)` gives its form's options, `do(...)` calls the action."""

    title: str
    permission: str
    form: type[Any]
    do: Do
    button: str
    make: Callable[[StaffRequest, Any], dict[str, Any]] = _nothing
    note: str = ""


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    """Return by, at and command. A form that asks when it happened says so; any other means now."""
    at = form.happened_at if hasattr(form, "happened_at") else request.now
    return {"by": request.by, "at": at, "command": form.command()}


def _now(request: StaffRequest, row: Any) -> dict[str, Any]:  # noqa: ARG001 - the shape of Act.make
    return {"now": request.now}


def _accept(request: StaffRequest, form: Any, repair: str) -> Any:
    return actions.accept_emergency(repair=repair, staff_id=form.cleaned_data["who"], **_sent(request, form))


def _give(request: StaffRequest, form: Any, repair: str) -> Any:
    return actions.give_repair(repair=repair, owner=form.cleaned_data["who"], **_sent(request, form))


def _order(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.order_work(
        repair=repair, trade=said["trade"], what=said["what"], contractor=said["contractor"] or None, needs=said["needs"],
        place=said["place"] or None, target_on=said["target_on"], rates=[form.rate] if form.rate else None,
        **_sent(request, form),
    )  # fmt: skip


def _note(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.note_repair(repair=repair, says=said["says"], audience=said["audience"], **_sent(request, form))


def _cause(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.record_cause(repair=repair, cause=said["cause"], made_good=said["made_good"] or None, **_sent(request, form))


def _step(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    number, __, step = said["step"].rpartition(".")
    of = int(number) if number.isdecimal() else 1
    return actions.take_hazard_step(repair=repair, step=step, of=of, says=said["says"] or None, **_sent(request, form))


def _steps_to_take(row: Any) -> list[tuple[str, str]]:
    """Return the steps that come next; of several hazards, each with its name and number."""
    named = names_of(row)
    if len(named) < 2:
        return [(step, text) for step, text in HAZARD_STEPS.items() if may_step(row, step)]
    return [
        (f"{of}.{step}", f"{as_recorded(queries.hazard_named(hazard))}: {text[:1].lower()}{text[1:]}")
        for of, hazard in named.items()
        for step, text in HAZARD_STEPS.items()
        if may_step(row, step, of)
    ]


def _ask(request: StaffRequest, form: Any, repair: str) -> Any:
    return actions.ask_if_mended(repair=repair, channel=form.cleaned_data["channel"], **_sent(request, form))


def _word(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    row = found(queries.repair(repair))
    given = {"channel": said["channel"], "person": row.reporter, "said": said["said"] or None, **_sent(request, form)}
    if said["mended"] == "yes":
        return actions.confirm_mended(repair=repair, **given)
    return actions.reopen_repair(repair=repair, **given)


def _close(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.close_repair(repair=repair, how=said["how"], why=said["why"] or None, **_sent(request, form))


def _reopen(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    row = found(queries.repair(repair))
    return actions.reopen_repair(
        repair=repair, channel=said["channel"], person=row.reporter, said=said["said"] or None, **_sent(request, form)
    )


def _raise(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.raise_priority(repair=repair, priority=said["priority"], why=said["why"], **_sent(request, form))


def _retriage(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    changed = said["fault"] or said["room"] or said["flags"]
    known = actions.Said(fault=said["fault"], room=said["room"] or None, flags=tuple(said["flags"])) if changed else None
    return actions.retriage_repair(repair=repair, why=said["why"], said=known, needs=said["needs"], **_sent(request, form))


def _join(request: StaffRequest, form: Any, repair: str) -> Any:
    said = form.cleaned_data
    return actions.join_repair(repair=repair, into=said["into"], why=said["why"], **_sent(request, form))


def _takers(request: StaffRequest, row: Any) -> dict[str, Any]:  # noqa: ARG001 - the shape of Act.make
    """Whoever it was given to stands chosen; else nobody does, so that no button names somebody who has not said so."""
    return {"people": filled.colleagues("accept_emergency"), "initial": {"who": row.owner}}


def _owners(request: StaffRequest, row: Any) -> dict[str, Any]:  # noqa: ARG001 - the shape of Act.make
    return {"people": filled.colleagues("see_repair")}


ACTS: dict[str, Act] = {
    "accept": Act(lazy("Who has it?"), "accept_emergency", filled.ByName, _accept, lazy("They have it"), _takers,
                  lazy("Until a named person has it, we keep ringing.")),
    "give": Act(lazy("Give it to somebody"), "see_repair", filled.ByName, _give, lazy("Give it"), _owners),
    "order-work": Act(lazy("Order work"), "order_work", filled.OrderWorkForm, _order, lazy("Order it")),
    "note": Act(lazy("Add a note"), "see_repair", filled.NoteForm, _note, lazy("Add it"), _now),
    "cause": Act(lazy("Record the cause"), "order_work", filled.CauseForm, _cause, lazy("Record it")),
    "hazard": Act(lazy("A step of Awaab’s Law"), "take_hazard_step", filled.StepForm, _step, lazy("Record the step"), _now,
                  lazy("Say when it was done: the law’s clocks follow from that.")),
    "ask": Act(lazy("Ask whether it is mended"), "close_repair", filled.AskForm, _ask, lazy("I have asked"), _now),
    "word": Act(lazy("Record what they say"), "close_repair", filled.WordForm, _word, lazy("Record it"), _now),
    "close": Act(lazy("Close it"), "close_repair", filled.CloseForm, _close, lazy("Close it")),
    "reopen": Act(lazy("It is not mended"), "report_repair", filled.ReopenForm, _reopen, lazy("Reopen it"), _now),
    "raise": Act(lazy("Treat it as more pressing"), "triage", filled.RaiseForm, _raise, lazy("Raise it")),
    "join": Act(lazy("It is the same as another"), "triage", filled.JoinForm, _join, lazy("Join it"),
                note=lazy("It goes on under the other one, and counts as a report.")),
    "learned": Act(lazy("We know more now"), "triage", filled.RetriageForm, _retriage, lazy("Look at it again"), _now,
                   lazy("A danger told once stays told. The law’s clocks never move later.")),
}  # fmt: skip


@for_staff("see_repair")
def act(request: StaffRequest, repair: str, name: str) -> HttpResponse:
    """Do one thing with a repair."""
    one = ACTS.get(name)
    row = found(queries.repair(repair))
    if one is None:
        raise Http404
    if one.permission not in request.me.may:
        return errors.forbidden(request)
    form = form_of(request, one.form, **one.make(request, row))
    if name == "hazard":
        form.offer(_steps_to_take(row))
    if name == "cause":  # a survey may have said it
        form.fields["cause"].initial = words.readable(row.cause)
    if name == "close" and form.is_bound and form.is_valid() and not _may_close_so(request, form):
        form.add_error("how", _("Only a planner, surveyor or lead closes a repair without their word."))
    # Sent before: what was chosen may be offered no more, since it was done.
    again = form.is_bound and not form.is_valid() and sent_before(form)
    done, __ = told(form, lambda: one.do(request, form, row.id))
    back = reverse("desk_repair", args=[row.id])
    if done or again:
        return went(back)
    note = _("Here: %(home)s.") % {"home": "; ".join(beside.covers(row.home, request.now))} if name == "order-work" else one.note
    return page(request, "form.html", form=form, title=words.about(one.title, row.reference), back=back, note=note,
                button=one.button, section="queue")  # fmt: skip


def _may_close_so(request: StaffRequest, form: Any) -> bool:
    return form.cleaned_data["how"] == "confirmed" or "close_without_word" in request.me.may
