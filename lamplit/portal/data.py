"""What we hold about her, and putting it right: her contact points, large print, and anything else by asking a person."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config import limits, reach_codes
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.print_size import LARGE_PRINT, remember_in_browser
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import as_recorded, lazy, of_data
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.homes import queries as homes
from lamplit.messages import actions as messages
from lamplit.people import actions as people
from lamplit.people import queries
from lamplit.people.facts import PersonNote, Reach
from lamplit.portal import words
from lamplit.portal.acting import speakers
from lamplit.repairs.queries import book_for
from lamplit.tenancies import queries as tenancies

ANSWER_WITHIN = timedelta(days=28)  # UK GDPR, article 12(3): one month
CHANNELS = [
    ("text", lazy("Mobile phone, for texts")),
    ("phone", lazy("Phone, for calls")),
    ("email", lazy("E-mail")),
    ("post", lazy("Post")),
]
STATES = {
    "works": lazy("Works"),
    "unproved": lazy("Not proved yet, so we send nothing there"),
    "fails": lazy("Did not reach you"),
    "ended": lazy("No longer used"),
}
SETTLED = timedelta(days=7)  # how long a new way must have worked before it may be the only one left
SHOWN = ("need", "preference")  # alerts and restricted markers are never on a screen that somebody else may look at
PREFERENCES = {
    "channel": lazy("How you like to hear from us"),
    "language": lazy("Your language"),
    "format": lazy("How you read our letters"),
}
PREFERRED = {
    "text": lazy("By text"),
    "phone": lazy("By phone"),
    "email": lazy("By e-mail"),
    "post": lazy("By post"),
    "standard": lazy("In usual print"),
}
PREFERRED |= {LARGE_PRINT: lazy("In large print")}
DONE = {
    "added": lazy("We have added it. We have also told you by the ways that we had before."),
    "proved": lazy("Thank you. We use it from now on. We have also told you by the ways that we had before."),
    "ended": lazy("We do not use it any more."),
    "large": lazy("We now write to you in large print, and show it here."),
    "usual": lazy("We now write to you in usual print."),
    "acts_no_more": lazy("They speak for you no longer. If they ring us, we do not tell them anything about you."),
    "no_copies": lazy("We send them no more copies of what we write to you."),
    "asked": lazy("We have what you wrote. A person looks at it and answers you within a month."),
}


class ReachForm(SentOnce):
    """A new way to reach her."""

    channel = forms.ChoiceField(
        label=lazy("What is it?"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose what it is"), "invalid_choice": lazy("Choose what it is")},
    )
    value = Typed(label=lazy("Number or address"), needed=lazy("Enter the number or address"), longest=1000)
    safe = forms.ChoiceField(
        label=lazy("Can anyone else read or hear what we send there?"),
        help_text=lazy("We ask so that we do not put you in danger."),
        choices=[("yes", lazy("No, only me")), ("no", lazy("Yes, or I am not sure"))],
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose an answer"), "invalid_choice": lazy("Choose an answer")},
    )


class ProveForm(SentOnce):
    """The code that went to a new number or address."""

    code = Typed(label=lazy("The code that we sent"), needed=lazy("Enter the code that we sent"), longest=40)


class AskForm(SentOnce):
    """Anything else that is wrong, or that she wants."""

    says = Typed(
        label=lazy("What is wrong, or what do you want to have?"),
        needed=lazy("Tell us what is wrong, or what you want to have"),
        help_text=lazy("For example, your name is spelled wrong, or you want a copy of everything."),
        longest=4_000,
        widget=forms.Textarea,
    )


@for_tenant
def your_data(request: Request) -> HttpResponse:
    """Show what we hold."""
    person = her(request)
    row, today = queries.person(person), london_date(request.now)
    if row is None:
        raise Http404
    born = queries.born_on(row)
    who = [
        {"key": _("Name"), "value": queries.full_name(row)},
        {"key": _("What you like to be called"), "value": str(row.known_as or "")},
        {"key": _("Date of birth"), "value": full_date(born) if born else None},
    ]
    context = {
        "who": who,
        "ways": [_way(one) for one in queries.reaches(person) if one.how is not None and one.how.state != "ended"],
        "living": _living(person),
        "notes": [_note(one.about) for one in queries.live_notes(person, today) if one.about and one.about.what in SHOWN],
        "speakers": speakers(person, today),
        "large": queries.preferences(person, today).format == LARGE_PRINT,
        "once": SentOnce(),
        "done": DONE.get(request.GET.get("done", "")),
        "section": "data",
    }
    return render(request, "portal/your_data.html", context)


def _way(one: queries.ReachSeen) -> dict[str, Any]:
    how = one.how
    assert how is not None  # noqa: S101 - the caller left out what cannot be read
    label = dict(CHANNELS)[how.channel]
    state = str(STATES[how.state])
    if not how.safe:
        state = _("%(state)s. Somebody else may see it") % {"state": state}
    return {
        "id": one.id,
        "key": label,
        "value": words.shown(how.value),
        "state": state,
        "to_prove": reach_codes.can_be_proved(how),
    }


def _living(person: str) -> list[dict[str, Any]]:
    lives = tenancies.tenancies_of(person)
    known = homes.homes(one.home for one in lives)
    return [
        {
            "key": homes.address_line(known[one.home]) if one.home in known else _("An address"),
            "value": _since(one),
        }
        for one in lives
    ]


def _since(one: Any) -> str:
    since = {"since": full_date(one.since_on), "left": full_date(one.left_on) if one.left_on else ""}
    return (_("Since %(since)s until %(left)s") if one.left_on else _("Since %(since)s")) % since


def _note(about: PersonNote) -> dict[str, Any]:
    needs = book_for(None).catalogue.needs
    known = (
        of_data(f"need.{about.code}", needs[about.code].label)
        if about.code in needs
        else about.code.replace("_", " ").capitalize()
    )
    name = PREFERENCES.get(about.code, known)
    value = str(PREFERRED.get(about.value, about.value)) if about.value else None
    says = ". ".join(one for one in (value, as_recorded(about.says), as_recorded(about.changes)) if one)
    return {"key": name, "value": says or _("Noted")}


def _done(what: str) -> HttpResponse:
    return HttpResponseRedirect(f"/your-data?done={what}")


@for_tenant
@require_http_methods(["GET", "POST"])
def add_reach(request: Request) -> HttpResponse:
    """Add a way to reach her. Those that we had are told, so that nobody adds one behind her back."""
    form, refused = ReachForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        how = Reach(channel=given["channel"], value=given["value"], state="unproved", safe=given["safe"] == "yes")
        try:
            made = people.set_reach(person=her(request), how=how, by=request.by, at=request.now, command=form.command())
            return _to_prove(request, made) or _done("added")
        except Refused as error:
            refused = tenant_words(error)
    return render(request, "portal/add_reach.html", {"form": form, "refused": refused, "section": "data"})


def _to_prove(request: Request, reach: str) -> HttpResponse | None:
    """Send a code to a contact point of hers and lead to where she enters it; None where no code can go."""
    found = _hers(request, reach)
    if found is None or not reach_codes.can_be_proved(found.how) or found.how is None:
        return None
    reach_codes.send_code(reach, found.how, request.now, read_out=False)
    return HttpResponseRedirect(f"/your-data/prove/{reach}")


def _hers(request: Request, reach: str) -> queries.ReachSeen | None:
    return next((one for one in queries.reaches(her(request)) if one.id == reach), None)


@for_tenant
@require_http_methods(["GET", "POST"])
def prove_reach(request: Request, reach: str) -> HttpResponse:
    """Take the code that was sent to a new number or address. Until then nothing else goes there."""
    found = _hers(request, reach)
    if found is None or not reach_codes.can_be_proved(found.how) or found.how is None:
        raise Http404
    form = ProveForm(posted(request))
    if request.method == "POST" and "again" in request.POST:
        return _to_prove(request, reach) or _done("added")
    if request.method == "POST" and form.is_valid():
        limits.count(limits.GUESSES_PER_ADDRESS, limits.address_of(request), request.now)
        if reach_codes.is_right(reach, found.how, form.cleaned_data["code"], request.now):
            people.prove_reach(person=her(request), reach=reach, by=request.by, at=request.now, command=form.command())
            return _done("proved")
        form.add_error("code", _("That code is not right. Check the newest message from us, or ask for another code."))
    until_at = reach_codes.waits_until(reach, request.now)
    context = {"way": _way(found), "form": form, "once": SentOnce(), "until_at": until_at, "section": "data"}
    return render(request, "portal/prove_reach.html", context)


@for_tenant
@require_http_methods(["GET", "POST"])
def end_reach(request: Request, reach: str) -> HttpResponse:
    """Stop using a number or address; never the only one at which she gets her codes."""
    person = her(request)
    found = _hers(request, reach)
    if found is None or found.how is None or found.how.state == "ended":
        raise Http404
    # Whoever took her phone could else add his number and end hers within a minute, and she would hear of neither.
    settled = {one.id for one in queries.reaches(person) if one.at <= request.now - SETTLED}
    codes = [way for way in queries.ways_to_reach(person, "code") if way.id != reach]
    proved = found.how.state == "works" and found.how.channel in reach_codes.BY_CODE
    left = [way for way in codes if way.id in settled] if proved else [True]
    form, refused = SentOnce(posted(request)), None
    if request.method == "POST" and form.is_valid() and left:
        how = msgspec.structs.replace(found.how, state="ended", why="She told us not to use it")
        try:
            people.set_reach(person=person, how=how, reach=reach, by=request.by, at=request.now, command=form.command())
            return _done("ended")
        except Refused as error:
            refused = tenant_words(error)
    context = {"way": _way(found), "last": not left, "too_new": bool(codes), "form": form, "refused": refused, "section": "data"}
    return render(request, "portal/end_reach.html", context)


@for_tenant
@require_http_methods(["GET", "POST"])
def large_print(request: Request) -> HttpResponse:
    """Remember by her record whether she wants large print: here and in letters."""
    form = SentOnce(request.POST)
    if request.method == "GET" or not form.is_valid():
        return HttpResponseRedirect("/your-data")
    large = request.POST.get("to") == "large"
    _prefer(her(request), large, request, form.command())
    response = _done("large" if large else "usual")
    if large:
        remember_in_browser(response, request)
    else:
        response.delete_cookie("print_size", samesite="Lax")
    return response


def _prefer(person: str, large: bool, request: Request, command: str) -> None:
    """Note the preference, or end the one that we know."""
    if large:
        about = PersonNote(what="preference", code="format", value=LARGE_PRINT, source="herself")
        people.note_person(person=person, about=about, by=request.by, at=request.now, command=command)
        return
    for one in queries.live_notes(person, london_date(request.now)):
        if one.about is not None and (one.about.what, one.about.code) == ("preference", "format"):
            ended = msgspec.structs.replace(one.about, ended_on=london_date(request.now))
            people.note_person(person=person, about=ended, note=one.id, by=request.by, at=request.now, command=command)
            return


@for_tenant
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask a person to put something right, or for a copy of everything."""
    form, refused = AskForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            _promise_answer(request, form, request.now + ANSWER_WITHIN)
            return _done("asked")
        except Refused as error:
            refused = tenant_words(error)
    return render(request, "portal/ask.html", {"form": form, "refused": refused, "section": "data"})


def _promise_answer(request: Request, form: AskForm, due_at: datetime) -> None:
    messages.record_contact(
        channel="portal",
        direction="in",
        said=form.cleaned_data["says"],
        person=her(request),
        promise="Answer what you asked about your data.",
        promise_due_at=messages.Counted(due_at),
        by=request.by,
        at=request.now,
        command=form.command(),
    )
