"""A person: who she is, how to reach her, what to know of her, everything said and done, and what is open."""

import re
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.config import reach_codes
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment
from lamplit.desk import timeline, words
from lamplit.desk.finding import Picking, picked_form
from lamplit.desk.forms.people import CorrectPersonForm, MandateForm, NoteForm, PersonForm, ProveForm, ReachForm, note_kinds
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import ask_why, may_see_person
from lamplit.desk.talking import how_to_talk
from lamplit.desk.views import merging
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.people import actions, queries
from lamplit.people.facts import PersonNote, Reach
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies


@for_staff("see_person")
def person(request: StaffRequest, person: str) -> HttpResponse:
    """Show all of a person on one page. Of somebody restricted only few see anything."""
    row = found(queries.person(person))
    if not may_see_person(request, person):
        return page(request, "restricted.html", status=403)
    hers = queries.alike(person)
    if hers[0] != person:  # an old link: it is shown under the record that was kept
        asked = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('person', args=[hers[0]])}{f'?{asked}' if asked else ''}")
    through = _through(request, person)
    if through is None:
        ask_why(request, person)
    looked(request, person, "page", through)
    today = london_date(request.now)
    notes = sorted((note for one in hers for note in queries.notes(one)), key=lambda note: note.at, reverse=True)
    return page(
        request, "person.html", person=row, name=queries.full_name(row), identity=_identity(row, hers, notes, today),
        places=[place for one in hers for place in _places(one)], reaches=[way for one in hers for way in queries.reaches(one)],
        mandates=[leave for one in hers for leave in queries.mandates(one)], merges=merging.shown(request, person),
        notes=_shown_notes(notes, today), note_kinds=note_kinds(request.me.may),
        beliefs=[line for one in hers for line in _beliefs(one, request)], timeline=_timeline(hers, request),
        open=_open(hers, request), words=words, today=today, talking=how_to_talk(person, request),
    )  # fmt: skip


def _through(request: StaffRequest, person: str) -> str | None:
    """Return the repair from which somebody came here, if it is one of hers."""
    row = repairs.repair(request.GET.get("through", "")[:40])
    if row is None:
        return None
    lives = tenancies.lives_at(person, row.home, london_date(request.now))
    return str(row.id) if person in (row.reporter, row.voice) or lives else None


def _identity(row: Any, hers: list[str], notes: list[queries.NoteSeen], today: date) -> dict[str, Any]:
    """Return the facts, needs and alerts of the bar on top."""
    person = hers[0]
    living = [one for record in hers for one in tenancies.living_of(record, today)]
    where = homes.homes(one.home for one in living)
    lines = [homes.address_line(where[one.home]) for one in living if one.home in where] or [_("lives in no home of ours")]
    ways = queries.ways_to_reach(person, "call") + queries.ways_to_reach(person, "message")
    best = ways[0] if ways else None
    proved = {"works": _("works"), "unproved": _("not proved")}
    lines.append(f"{words.reach(best.value)} ({proved.get(best.state, best.state)})" if best else _("no safe way to reach them"))
    lines += (
        [_("number in the system before: %(reference)s") % {"reference": row.reference}] if isinstance(row.reference, str) else []
    )
    live = [note.about for note in notes if note.about is not None and _live(note.about, today)]
    alerts = [about.says or about.code for about in live if about.what == "alert"]
    restricted = [about for about in live if about.what == "restricted"]
    if restricted:
        alerts.insert(0, _("Restricted. Use only safe contact points, and tell nobody where they live."))
    preferred = [
        {"text": words.preference(about.code, about.value)}
        for about in live
        if about.what == "preference" and about.value != "standard"
    ]
    needs = queries.live_needs([person], today)
    return {
        "facts": lines,
        "needs": [words.need(one.code) for one in needs] + preferred,
        "alerts": alerts,
        "changes": [
            (words.NEEDS.get(one.code, one.code), one.changes or words.need_changes(one.code), one.review_late) for one in needs
        ],
    }  # fmt: skip


def _live(about: PersonNote, today: date) -> bool:
    return (about.since_on is None or about.since_on <= today) and (about.ended_on is None or today < about.ended_on)


def _shown_notes(notes: list[queries.NoteSeen], today: date) -> list[dict[str, Any]]:
    return [
        {
            "id": note.id,
            "person": note.person,
            "what": note.about.what if note.about else "",
            "title": _note_title(note.about) if note.about else _("cannot be read here"),
            "about": note.about,
            "live": note.about is None or _live(note.about, today),
        }
        for note in notes
    ]


def _note_title(about: PersonNote) -> str:
    kind = words.PERSON_NOTES[about.what]
    if about.what == "alert":
        return f"{kind}: {about.says}"
    if about.what == "preference":
        return f"{kind}: {words.preference(about.code, about.value)}"
    return f"{kind}: {words.NEEDS.get(about.code, words.plain(about.code).lower())}"


def _places(person: str) -> list[dict[str, Any]]:
    """Return every home where she lived, the newest first."""
    lived = tenancies.tenancies_of(person)
    where = homes.homes(one.home for one in lived)
    return [
        {
            "href": reverse("desk_home", args=[one.home]),
            "home": one.home,
            "address": homes.address_line(where[one.home]) if one.home in where else _("a home"),
            "role": words.plain(one.role),
            "since_on": one.since_on,
            "left_on": one.left_on,
            "rent": reverse("rent_account", args=[one.tenancy]) if one.role == "tenant" else None,
        }
        for one in lived
    ]


def _beliefs(person: str, request: StaffRequest) -> list[dict[str, Any]]:
    rows = queries.beliefs(person)
    names = Names([row.by for row in rows], may=request.me.may)
    said = []
    for row in rows:
        born = (
            row.born_on and _("born %(day)s") % {"day": full_date(date.fromisoformat(row.born_on))}
            if isinstance(row.born_on, str)
            else row.born_on
        )
        parts = [
            " ".join(str(part) for part in (row.title, row.name) if part is not None),
            row.known_as and _("known as %(known_as)s") % {"known_as": row.known_as},
            born,
        ]
        line = ", ".join(str(part) for part in parts if part)
        said.append(
            {
                "when": _("From %(when)s") % {"when": full_moment(row.at)},
                "what": line,
                "more": _("Why: %(why)s") % {"why": row.why} if row.why else None,
                "by": names.of(row.by),
            }
        )
    return said


def _open(hers: list[str], request: StaffRequest) -> dict[str, Any]:
    """Return what is open: repairs, promises, complaints."""
    audience = "restricted" if "see_restricted" in request.me.may else "staff"
    listed = {row.id: row for one in hers for row in repairs.open_of_person(one, at=request.now) if row.live}
    promised = [row for one in hers for row in messages.promises_of(audience=audience, person=one)]
    return {
        "repairs": list(listed.values()),
        "promises": [row for row in promised if row.kept_at is None],
        "complaints": _cases(hers, request),
    }


def _cases(hers: list[str], request: StaffRequest) -> list[Any]:
    return [row for one in hers for row in complaints.complaints_of(one)] if "see_complaint" in request.me.may else []


def _timeline(hers: list[str], request: StaffRequest) -> list[dict[str, Any]]:
    audience = "restricted" if "see_restricted" in request.me.may else "staff"
    cases = _cases(hers, request)
    contacts = [row for one in hers for row in messages.contacts_of(audience=audience, person=one)]
    promises = [row for one in hers for row in messages.promises_of(audience=audience, person=one)]
    sent = {row.id: row for one in hers for row in messages.messages_of(one, cases=[case.id for case in cases])}
    told = {row.id: row for one in hers for row in repairs.of_person(one)}
    actors = [*(row.by for row in contacts), *(row.made_by for row in promises), *(row.kept_by for row in promises)]
    names = Names([actor for actor in actors if isinstance(actor, str)], may=request.me.may)
    return timeline.of_person(
        contacts=contacts,
        promises=promises,
        sent=sent.values(),
        told=told.values(),
        cases=cases,
        names=names,
        now=request.now,
    )


@for_staff("record_person")
def new_person(request: StaffRequest) -> HttpResponse:
    """Record somebody whom we did not know."""
    form = form_of(request, PersonForm)
    done, person = told(form, lambda: actions.record_person(**_who(form), **_sent(request, form)))
    return went(_after_new(request, person or "")) if done else _form(request, form, _("Record a person"), reverse("search"))


THEN = {"let_home": re.compile(r"h_[0-9a-z]{20}"), "join_household": re.compile(r"t_[0-9a-z]{20}")}


def _after_new(request: StaffRequest, person: str) -> str:
    """Return to the form for which somebody new was recorded, with her chosen; else her own page."""
    then, of = request.GET.get("then", ""), request.GET.get("of", "")
    if then in THEN and THEN[then].fullmatch(of):
        return f"{reverse(then, args=[of])}?person={person}"
    return reverse("person", args=[person])


@for_staff("record_person")
def correct_person(request: StaffRequest, person: str) -> HttpResponse:
    """Put right who somebody is."""
    row = _open_to(request, person)
    given = {"name": row.name, "known_as": row.known_as, "title": row.title, "born_on": queries.born_on(row)}
    form = form_of(request, CorrectPersonForm, initial={name: value for name, value in given.items() if value})
    done, __ = told(
        form,
        lambda: actions.correct_person(person=person, why=form.cleaned_data["why"], **_who(form), **_sent(request, form)),
    )
    return _after(request, done, form, _("Put right: %(name)s") % {"name": queries.full_name(row)}, person)


def _who(form: forms.Form) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "name": said["name"], "known_as": said["known_as"] or None, "title": said["title"] or None, "born_on": said["born_on"],
    }  # fmt: skip


@for_staff("record_person")
def reach(request: StaffRequest, person: str, reach: str | None = None) -> HttpResponse:
    """Record, prove, change or end a way to reach somebody."""
    row = _open_to(request, person)
    how = next((one.how for one in queries.reaches(person) if one.id == reach), None)
    if reach is not None and how is None:
        raise Http404
    names = ("channel", "value", "state", "safe", "label", "why")
    form = form_of(request, ReachForm, initial={name: getattr(how, name) for name in names} if how else {})
    done, made = told(form, lambda: actions.set_reach(person=person, how=form.reach(), reach=reach, **_sent(request, form)))
    if done and made is not None and _to_prove(person, made) is not None:
        return went(reverse("prove_reach", args=[person, made]))
    return _after(request, done, form, _("A way to reach %(name)s") % {"name": queries.full_name(row)}, person)


def _to_prove(person: str, reach: str) -> Reach | None:
    how = next((one.how for one in queries.reaches(person) if one.id == reach), None)
    return how if reach_codes.can_be_proved(how) else None


@for_staff("record_person")
def prove_reach(request: StaffRequest, person: str, reach: str) -> HttpResponse:
    """Send a code to a new number or address, and take it when they read it out: until then nothing goes there."""
    row, back = _open_to(request, person), reverse("person", args=[person])
    found(next((one for one in queries.reaches(person) if one.id == reach), None))
    how = _to_prove(person, reach)
    if how is None:  # proved meanwhile, or it ended
        return HttpResponseRedirect(back)
    form = ProveForm(request.POST or None)
    if request.method == "POST" and "again" in request.POST:
        reach_codes.send_code(reach, how, request.now, read_out=True)
        form = ProveForm()
    elif request.method == "POST" and form.is_valid():
        if reach_codes.is_right(reach, how, form.cleaned_data["code"], request.now):
            actions.prove_reach(person=person, reach=reach, **_sent(request, form))
            return went(back)
        form.add_error("code", _("That is not the code. They have five tries, then send another one."))
    return page(
        request, "prove_reach.html", form=form, name=queries.full_name(row), value=words.reach(how.value), back=back,
        until_at=reach_codes.waits_until(reach, request.now),
    )  # fmt: skip


@for_staff("note_person")
def note(request: StaffRequest, person: str, what: str) -> HttpResponse:
    """Note a need, risk, preference, alert or, for a few, that she is restricted."""
    row = _open_to(request, person)
    if what not in dict(note_kinds(request.me.may)):
        raise Http404
    form = form_of(request, NoteForm, what=what)
    done, __ = told(form, lambda: actions.note_person(person=person, about=form.about(), **_sent(request, form)))
    return _after(request, done, form, f"{words.ADD_NOTE[what]}: {queries.full_name(row)}", person)


@for_staff("note_person")
def change_note(request: StaffRequest, person: str, note: str) -> HttpResponse:
    """Change or end what we noted of somebody."""
    row = _open_to(request, person)
    about = next((one.about for one in queries.notes(person) if one.id == note), None)
    if about is None or about.what not in dict(note_kinds(request.me.may)):
        raise Http404
    given = {
        name: getattr(about, name) for name in ("code", "value", "says", "changes", "source", "since_on", "review_on", "ended_on")
    }
    form = form_of(
        request, NoteForm, what=about.what, initial={name: value for name, value in given.items() if value is not None}
    )
    done, __ = told(form, lambda: actions.note_person(person=person, about=form.about(), note=note, **_sent(request, form)))
    return _after(request, done, form, f"{_note_title(about)} ({queries.full_name(row)})", person)


@for_staff("record_person")
def mandate(request: StaffRequest, person: str, mandate: str | None = None) -> HttpResponse:
    """Let somebody act for a person, or change or end that."""
    row = _open_to(request, person)
    leave = next((one.leave for one in queries.mandates(person) if one.id == mandate), None)
    if mandate is not None and leave is None:
        raise Http404
    names = (
        "name",
        "relation",
        "organisation",
        "email",
        "phone",
        "scope",
        "evidence",
        "from_on",
        "expires_on",
        "copies",
        "ended_on",
    )
    picking = Picking(request, label=_("Do we know them already?"), first=[leave.person] if leave and leave.person else None)
    form = picked_form(
        request, MandateForm, picking, optional=True,
        initial={name: getattr(leave, name) for name in names} if leave else {},
    )  # fmt: skip
    if picking.added:
        form.fill_in(_particulars(picking.added))
    known = picking.people[0] if picking.chosen else None
    done, __ = told(
        form, lambda: actions.represent_person(person=person, leave=form.leave(known), mandate=mandate, **_sent(request, form))
    )
    back, title = reverse("person", args=[person]), _("Who acts for %(name)s") % {"name": queries.full_name(row)}
    note = _("Find them if they are a tenant or somebody else whom we know. If not, write their name below.")
    return (
        went(back)
        if done
        else page(request, "pick.html", form=form, picking=picking, title=title, back=back, new=None, note=note, section="search")
    )


def _particulars(person: str) -> dict[str, str]:
    """Return what fills in a form about somebody whom we know."""
    row = queries.person(person)
    calls, writes = queries.ways_to_reach(person, "call"), queries.ways_to_reach(person, "message")
    given = {
        "name": queries.full_name(row) if row is not None else None,
        "phone": next((way.value for way in calls), None),
        "email": next((way.value for way in writes if way.channel == "email"), None),
    }
    return {name: value for name, value in given.items() if value}


def _open_to(request: StaffRequest, person: str) -> Any:
    """Return a person whom whoever asks may change; 404 otherwise."""
    row = found(queries.person(person))
    if not may_see_person(request, person):
        raise Http404
    ask_why(request, person)
    looked(request, person, "page")
    return row


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _after(request: StaffRequest, done: bool, form: forms.Form, title: str, person: str) -> HttpResponse:
    back = reverse("person", args=[person])
    return went(back) if done else _form(request, form, title, back)


def _form(request: StaffRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    return page(request, "form.html", form=form, title=title, back=back, section="search")
