"""Planted records, for a few: the list, which asks why it is opened; who opened one; proposing, agreeing, taking out."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment
from lamplit.desk import words
from lamplit.desk.forms.planted import AgreeForm, EndForm, ListForm, MadeUpForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.people import actions, queries
from lamplit.people.facts import Planting

EXPLAINED, EXPLAINED_SECONDS = "desk_planted", 900  # in the session: when it was said why the list is opened
SHOWN_SINCE = timedelta(days=400)
STATES = Words({"proposed": "waits for a second person", "agreed": "watched", "ended": "taken out"})


@for_staff("see_planted")
def planted(request: StaffRequest) -> HttpResponse:
    """Show the list to whoever says why; until then, ask."""
    if not _explained(request):
        return _ask_why(request)
    rows, opened = queries.planted(), queries.openings(request.now - SHOWN_SINCE)
    actors = [by for one in rows for by in (one.about.proposed_by, one.about.agreed_by, one.about.ended_by)]
    names = Names([*actors, *(one.about.reader for one in opened)], may=request.me.may)
    return page(
        request, "planted.html", rows=[_row(one, names, request) for one in rows], unreadable=queries.unreadable(),
        opened=[_opening(one, names) for one in opened],
    )  # fmt: skip


def _explained(request: StaffRequest) -> bool:
    said: int = request.session.get(EXPLAINED, 0)
    return request.now.timestamp() - said < EXPLAINED_SECONDS


def _ask_why(request: StaffRequest) -> HttpResponse:
    form = form_of(request, ListForm)
    done, __ = told(form, lambda: actions.note_list_read(why=form.cleaned_data["why"], **_sent(request, form)))
    if done:
        request.session[EXPLAINED] = int(request.now.timestamp())
        return went(reverse("planted"))
    note = _("Few may read this list. Say why you open it: what you write is kept with your name, and lasts for 15 minutes.")
    return _form(request, form, _("Planted records"), _("Open it"), note=note, back=reverse("on_call"))


def _row(one: queries.PlantedSeen, names: Names, request: StaffRequest) -> dict[str, Any]:
    about = one.about
    return {
        "id": one.id, "label": one.label, "name": about.name, "state": about.what, "words": STATES[about.what],
        "details": _details(about), "there": one.there, "why": about.why,
        "proposed": f"{names.of(about.proposed_by)}, {full_moment(about.proposed_at)}" if about.proposed_at else None,
        "agreed": f"{names.of(about.agreed_by)}, {full_moment(about.agreed_at)}" if about.agreed_at else None,
        "since": full_moment(about.steps[0]) if about.steps else None,
        "ended": f"{names.of(about.ended_by)}, {full_moment(about.at)}" if about.what == "ended" else None,
        "mine": about.proposed_by == str(request.by),
    }  # fmt: skip


def _details(about: Planting) -> list[str]:
    born = _("born %(day)s") % {"day": full_date(about.born_on)} if about.born_on else None
    said = (born, words.reach(about.phone or ""), about.email, ", ".join((about.address or "").splitlines()))
    return [one for one in said if one]


def _opening(one: queries.OpeningSeen, names: Names) -> dict[str, Any]:
    who, at = names.of(one.about.reader), one.about.at
    if one.about.what == "listed":
        return {"at": at, "text": _("%(who)s read this list. Why: %(why)s") % {"who": who, "why": one.about.why}, "rang": False}
    shown = words.LOOKS.get(one.about.via or "", _("through their own system"))
    return {
        "at": at,
        "text": _("%(who)s was shown %(name)s (%(label)s): %(shown)s")
        % {"who": who, "name": one.name, "label": one.label, "shown": shown},
        "rang": True,
    }


@for_staff("plant_people")
def propose(request: StaffRequest) -> HttpResponse:
    """Propose somebody who does not exist."""
    form = form_of(request, MadeUpForm)
    done, __ = told(form, lambda: actions.propose_planted(who=form.made_up(), **_sent(request, form)))
    note = _("Make up somebody whom nobody could tell from a real person. Somebody else must agree before anything is put in.")
    return went(reverse("planted")) if done else _form(request, form, _("Propose a planted record"), _("Propose it"), note=note)


@for_staff("agree_planted")
def agree(request: StaffRequest, planted: str) -> HttpResponse:
    """Agree that somebody made up is put in."""
    about = found(queries.planted_row(planted))
    if not _explained(request):
        return HttpResponseRedirect(reverse("planted"))
    form = form_of(request, AgreeForm)
    done, __ = told(form, lambda: actions.agree_planted(planted=planted, **_sent(request, form)))
    note = _(
        "%(name)s: %(about)s. Make sure that nobody has this name, number or address."
        " It is put in at some hour of the next days, so that the time tells nothing."
    ) % {"name": about.name, "about": "; ".join(_details(about))}
    return (
        went(reverse("planted"))
        if done
        else _form(request, form, _("Agree to %(name)s") % {"name": about.name}, _("Agree"), note=note)
    )


@for_staff("see_planted")
def end(request: StaffRequest, planted: str) -> HttpResponse:
    """Take one out: it rings no more."""
    about = found(queries.planted_row(planted))
    if not _explained(request):
        return HttpResponseRedirect(reverse("planted"))
    form = form_of(request, EndForm)
    done, __ = told(form, lambda: actions.end_planted(planted=planted, why=form.cleaned_data["why"], **_sent(request, form)))
    note = _("It rings no more. Nothing is ever sent there, as before, and old files that hold it can still be told.")
    return (
        went(reverse("planted"))
        if done
        else _form(request, form, _("Take out %(name)s") % {"name": about.name}, _("Take it out"), note=note)
    )


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    command = form.command()
    return {"salt": queries.salt_of(command), "by": request.by, "at": request.now, "command": command}


def _form(request: StaffRequest, form: Any, title: str, button: str, *, note: str, back: str | None = None) -> HttpResponse:
    return page(
        request, "form.html", form=form, title=title, back=back or reverse("planted"), button=button, note=note, section="on_call"
    )
