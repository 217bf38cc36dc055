"""The incident console: what is promised next, how each service stands, what was said; and the forms to say more."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, gettext
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.desk import words
from lamplit.desk.forms import incident as forms
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.views import duties, telling
from lamplit.incidents import actions, queries
from lamplit.staff import queries as staff

TITLES = Words({
    "opened": "Declared", "said": "Said", "moved": "Promise moved", "missed": "Promise missed", "corrected": "Corrected",
    "ended": "Ended",
})  # fmt: skip
KINDS = {"down": "risk", "working": "now"}


@for_staff("see_incident")
def console(request: StaffRequest) -> HttpResponse:
    """Show what is open, with what is promised next on top, and what was before."""
    standing = [ident for drill in (False, True) if (ident := queries.open_now(drill=drill))]
    opened = [_open(request, found(queries.incident(ident))) for ident in standing]
    past = [row for row in [*queries.real_ones(), *queries.drills()] if row.ended_at is not None]
    past.sort(key=lambda row: row.opened_at, reverse=True)
    return page(request, "incident.html", opened=opened, past=past)


@for_staff("see_incident")
def one(request: StaffRequest, incident: str) -> HttpResponse:
    """Show one incident, open or over."""
    row = found(queries.incident(incident))
    return page(request, "incident.html", opened=[_open(request, row)], past=[], single=row)


def _open(request: StaffRequest, row: Any) -> dict[str, Any]:
    lines = queries.lines_of(row.id)
    stands, names = queries.standing(lines), words.services(request.now)
    known = {code: gettext(one) for code, one in queries.kinds(row.opened_at).items()}
    owed = duties.rows_of(row.id, may=request.me.may)
    people = Names([row.opened_by, row.ended_by, *(line.said_by for line in lines)], may=request.me.may)
    return {
        "row": row, "whole": stands.get(queries.WHOLE), "promised": _promised(request, row, lines, names),
        "opened_by": people.of(row.opened_by), "items": _items(lines, names, people),
        "duties": [one for one in owed if not one["key"]], "keys": [one for one in owed if one["key"]],
        "kinds": [known.get(kind, kind) for kind in row.kinds or []],
        "told": telling.rows_of(row.id), "hold": queries.hold(row.id),
        "services": [_service(row, code, name, stands.get(code)) for code, name in names.items()],
    }  # fmt: skip


def _promised(request: StaffRequest, row: Any, lines: list[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    lead = staff.on_call(request.now).lead
    return [
        {
            "due_at": line.next_at,
            "since_at": line.said_at,
            "clock": _("Promise"),
            "what": _("Say more about %(name)s") % {"name": names.get(line.about, _("the incident"))},
            "href": _say_path(row.id, line.about),
            "where": _("promised %(when)s") % {"when": full_moment(line.said_at)},
            "needs": [{"text": "missed", "kind": "risk"}] if line.missed_at else [],
            "note": _("moved before") if line.moves else None,
            "who": staff.full_name(lead) if lead is not None else None,
            "move": reverse("move_promise", args=[line.id]) if line.missed_at is None else None,
        }
        for line in queries.promised(lines)
    ]


def _say_path(incident: str, about: str) -> str:
    if about == queries.WHOLE:
        return reverse("say_update", args=[incident])
    return reverse("say_service", args=[incident, about])


def _service(row: Any, code: str, name: str, line: Any) -> dict[str, Any]:
    shown = {
        "name": name,
        "href": _say_path(row.id, code),
        "line": line,
        "state": _("nothing said"),
        "kind": "plain",
        "words": "",
    }
    if line is not None:
        words = " ".join(part for part in (line.works, line.instead, line.says) if part)
        known = "" if line.known == "known" else forms.KNOWN[line.known].lower()
        shown |= {"state": line.state, "kind": KINDS.get(line.state, "plain"), "words": words, "known": known}
    return shown


def _items(lines: list[Any], names: dict[str, str], people: Names) -> list[dict[str, Any]]:
    by_id = {line.id: line for line in lines}
    items = []
    for event in queries.history(lines):
        line, about = by_id[event.line], names.get(event.about, _("the incident"))
        wrong = event.what in ("opened", "said") and line.corrected_at is None
        items.append({
            "when": full_moment(event.at), "what": f"{TITLES[event.what]}: {about}", "more": event.says,
            "kind": "missed" if event.what == "missed" or event.late else "plain",
            "by": people.of(line.said_by) if event.what in ("opened", "said", "ended") else None,
            "href": reverse("correct_line", args=[line.id]) if wrong else None,
        })  # fmt: skip
    return items


@for_staff("open_incident")
def open_incident(request: StaffRequest) -> HttpResponse:
    """Declare an incident or a drill."""
    form = form_of(request, forms.OpenForm, now=request.now)
    done, __ = told(form, lambda: actions.open_incident(**form.declared(), **_sent(request, form)))
    return _after(
        request, done, form, _("Declare an incident"), _("Declare it"), note=_("What you write here is public at once.")
    )


@for_staff("say_in_incident")
def say_service(request: StaffRequest, incident: str, service: str) -> HttpResponse:
    """Say how a service stands; the form has everything that was said before."""
    row = _open_row(incident)
    name = found(words.services(request.now).get(service))
    line = queries.standing(queries.lines_of(row.id)).get(service)
    from_back = request.GET.get("from") == "back"
    before = forms.before(line, request.now)
    if from_back and service not in queries.about_data(request.now):  # whoever comes from there declares that it works again
        before |= {"state": "working", "known": "known"}
    form = form_of(request, forms.ServiceForm, initial=before)
    done, __ = told(form, lambda: actions.say_service(incident=incident, service=service, **form.said(), **_sent(request, form)))
    title = (
        _("%(name)s: does it work as before?") % {"name": name}
        if from_back
        else _("%(name)s: how does it stand?") % {"name": name}
    )
    return _after(
        request, done, form, title, _("Say it"), note=_whose(row), to="coming_back" if from_back else "incident_console"
    )


@for_staff("say_in_incident")
def say_update(request: StaffRequest, incident: str) -> HttpResponse:
    """Say something of the whole incident."""
    row = _open_row(incident)
    form = _filled(request, forms.UpdateForm, queries.standing(queries.lines_of(row.id)).get(queries.WHOLE))
    done, __ = told(form, lambda: actions.say_update(incident=incident, **form.said(), **_sent(request, form)))
    return _after(request, done, form, _("What should people know?"), _("Say it"), note=_whose(row))


@for_staff("say_in_incident")
def move_promise(request: StaffRequest, line: str) -> HttpResponse:
    """Put off a promised update."""
    row = found(queries.line(line))
    form = form_of(request, forms.MoveForm)
    done, __ = told(
        form,
        lambda: actions.move_promise(
            line=line, next_at=form.cleaned_data["next_at"], why=form.cleaned_data["why"], **_sent(request, form)
        ),
    )
    promised = _("Promised by %(when)s.") % {"when": full_moment(row.next_at)} if row.next_at else None
    return _after(request, done, form, _("Move a promise"), _("Move it"), note=promised)


@for_staff("correct_incident")
def correct(request: StaffRequest, line: str) -> HttpResponse:
    """Correct what was said: the old words stay."""
    row = found(queries.line(line))
    whole = row.about == queries.WHOLE
    form = _filled(request, forms.CorrectUpdateForm if whole else forms.CorrectServiceForm, row)
    act: Callable[..., Any] = actions.correct_update if whole else actions.correct_service
    done, __ = told(form, lambda: act(line=line, why=form.cleaned_data["why"], **form.said(), **_sent(request, form)))
    note = _("Said %(when)s. What you write here stands from now on.") % {"when": full_moment(row.said_at)}
    return _after(request, done, form, _("Correct what we said"), _("Correct it"), note=note)


@for_staff("end_incident")
def end(request: StaffRequest, incident: str) -> HttpResponse:
    """End an incident."""
    row = _open_row(incident)
    form = form_of(request, forms.EndForm)
    done, __ = told(
        form,
        lambda: actions.end_incident(incident=incident, says=form.cleaned_data["says"], **_sent(request, form)),
    )
    return _after(request, done, form, _("End the incident"), _("End it"), note=_whose(row))


def _open_row(incident: str) -> Any:
    """Return an incident that is still open, or 404."""
    row = found(queries.incident(incident))
    if row.ended_at is not None:
        raise Http404
    return row


def _whose(row: Any) -> str | None:
    return _("This is a drill. Nothing of it is published.") if row.drill else _("What you write here is public at once.")


def _filled(request: StaffRequest, kind: Any, line: Any) -> Any:
    return form_of(request, kind, initial=forms.before(line, request.now))


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _after(
    request: StaffRequest, done: bool, form: Any, title: str, button: str, note: str | None = None, to: str = "incident_console"
) -> HttpResponse:
    back = reverse(to)
    if done:
        return went(back)
    return page(request, "form.html", form=form, title=title, back=back, button=button, note=note, section="incident")
