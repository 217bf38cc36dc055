"""Reporting a repair: one question a page, with or without signing in. Everything works without JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config import limits, standing_by
from lamplit.config.audience import Request, for_everyone
from lamplit.config.forms import posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.homes import queries as homes
from lamplit.portal import asking, drafts, sending
from lamplit.portal import report_forms as written
from lamplit.portal.drafts import Draft
from lamplit.tenancies import queries as tenancies

View = Callable[..., HttpResponse]


def writing(view: View) -> View:
    """Give a view the draft that is being written. Without one, or with one that is sent, lead to where it goes on."""

    @wraps(view)
    def found(request: Request, **rest: Any) -> HttpResponse:
        draft = drafts.current(request)
        if draft is None:
            return HttpResponseRedirect("/report")
        if draft.sent is not None:
            return HttpResponseRedirect("/report/received")
        if not asking.in_step(draft):
            return _ask_again(request, draft)
        return view(request, draft, **rest)

    return found


def _ask_again(request: Request, draft: Draft) -> HttpResponse:
    """The questions changed while she was answering: ask them again, and keep all else that she wrote."""
    draft.answers.given, draft.answers.edition = [], asking.edition_in_use()
    draft.keep(request)
    return HttpResponseRedirect("/report/1")


def _on(request: Request, draft: Draft) -> HttpResponse:
    draft.keep(request)
    return HttpResponseRedirect(asking.path_on(draft, request.person is not None))


def _page(request: Request, draft: Draft, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    signed_in = request.person is not None
    at, of = asking.places(draft, name, signed_in)
    context = {
        "form": form,
        "advice": [one._replace(new=name == "words" and one.new) for one in asking.advice_so_far(draft)],
        "back": asking.path_back(draft, name, signed_in),
        "at": at,
        "of": of,
        "other": draft.answers.for_whom == "other",
        "section": "repairs",
        **more,
    }
    return render(request, f"portal/report_{name}.html", context)


@for_everyone
@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Say what to ring for, and begin; or go on where she stopped."""
    draft = drafts.current(request)
    writing_now = draft if draft is not None and draft.sent is None else None
    if request.method == "GET":
        return render(request, "portal/report_start.html", {"draft": writing_now, "section": "repairs"})
    if writing_now is not None and "again" in request.POST:
        drafts.drop(writing_now)
        writing_now = None
    if writing_now is None:
        writing_now = drafts.begin(request, asking.edition_in_use())
    response = _on(request, writing_now) if asking.in_step(writing_now) else _ask_again(request, writing_now)
    drafts.remember(response, request, writing_now)
    return response


@for_everyone
@require_http_methods(["GET", "POST"])
@writing
def question(request: Request, draft: Draft, number: int) -> HttpResponse:
    """One question of the tree. What its answer calls for stands above the next page."""
    asked = asking.question_at(draft, number)
    if asked is None:
        return HttpResponseRedirect(asking.path_on(draft, request.person is not None))
    before = draft.answers.given[number - 1] if len(draft.answers.given) >= number else None
    kind = written.TextForm if asked.kind == "text" else written.ChoiceForm
    initial = None if before is None else (before.said if asked.kind == "text" else before.option)
    form = kind(asked, posted(request), initial)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        text = asked.kind == "text"
        asking.answer_question(draft, number, None if text else answer, answer if text else None)
        return _on(request, draft)
    left = asking.questions_left(draft)
    context = {
        "form": form,
        "advice": asking.advice_so_far(draft, number),
        "later": asking.options_with_advice(draft, asked),
        "back": f"/report/{number - 1}" if number > 1 else "/report",
        "at": number,
        "of": max(number, len(draft.answers.given) + left) + len(asking.steps_of(draft, request.person is not None)) + 1,
        "section": "repairs",
    }
    return render(request, "portal/report_question.html", context)


def answered(view: View) -> View:
    """Let nobody past the questions before they are answered."""

    @writing
    @wraps(view)
    def found(request: Request, draft: Draft, **rest: Any) -> HttpResponse:
        if asking.questions_left(draft):
            return HttpResponseRedirect(asking.path_on(draft, request.person is not None))
        return view(request, draft, **rest)

    return found


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def words(request: Request, draft: Draft) -> HttpResponse:
    """Anything else, in her own words."""
    form = written.WordsForm(posted(request), initial={"words": draft.answers.words})
    if request.method == "POST" and form.is_valid():
        draft.answers.words = form.cleaned_data["words"]
        return _on(request, draft)
    return _page(request, draft, "words", form)


def _homes_of(request: Request) -> list[tuple[str, str]]:
    """Return the homes that somebody who signed in may report for."""
    if request.person is None:
        return []
    living = [one.home for one in tenancies.living_of(request.person, london_date(request.now)) if one.role != "child"]
    known = homes.homes(living)
    return [
        (key, _("My home: %(address)s") % {"address": homes.address_line(known[key])})
        for key in dict.fromkeys(living)
        if key in known
    ]


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def whom(request: Request, draft: Draft) -> HttpResponse:
    """Whose home it is. Somebody who signed in chooses hers and need say no more."""
    hers, answers = _homes_of(request), draft.answers
    chosen = answers.home if answers.for_whom == "me" and hers else answers.for_whom
    form = written.WhomForm(hers, posted(request), chosen)
    if request.method == "POST" and form.is_valid():
        picked = form.cleaned_data["whom"]
        if picked != chosen:
            answers.home = answers.address = answers.postcode = answers.name = answers.for_name = None
        answers.for_whom = "other" if picked == "other" else "me"
        if hers and picked != "other":
            answers.home = picked
        return _on(request, draft)
    return _page(request, draft, "whom", form)


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def postcode(request: Request, draft: Draft) -> HttpResponse:
    """Find the home by its postcode."""
    if request.method == "POST":
        limits.count(limits.POSTCODES_PER_ADDRESS, limits.address_of(request), request.now)
    form = written.PostcodeForm(posted(request), initial={"postcode": draft.answers.postcode})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["postcode"] != draft.answers.postcode:
            draft.answers.home = draft.answers.address = None
        draft.answers.postcode = form.cleaned_data["postcode"]
        return _on(request, draft)
    return _page(request, draft, "postcode", form)


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def address(request: Request, draft: Draft) -> HttpResponse:
    """Choose the home, or write its address. Who lives there is not shown."""
    if draft.answers.postcode is None:
        return HttpResponseRedirect("/report/postcode")
    there = [(row.id, homes.address_line(row)) for row in homes.at_postcode(draft.answers.postcode) or []]
    initial = {
        "home": draft.answers.home or (written.NOT_LISTED if draft.answers.address else None),
        "address": draft.answers.address,
    }
    form = written.AddressForm(there, posted(request), initial)
    if request.method == "POST" and form.is_valid():
        listed = form.cleaned_data["home"] not in (written.NOT_LISTED, "")
        draft.answers.home = form.cleaned_data["home"] if listed else None
        draft.answers.address = None if listed else form.cleaned_data["address"]
        return _on(request, draft)
    return _page(request, draft, "address", form, there=there, looked=bool(there) or standing_by.is_opened("home"))


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def name(request: Request, draft: Draft) -> HttpResponse:
    """Who tells us, how to reach her, and for whom she speaks."""
    kind = _name_form(request, draft)
    fields = kind.base_fields
    form = kind(posted(request), initial={field: getattr(draft.answers, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        for field in fields:
            setattr(draft.answers, field, form.cleaned_data[field])
        return _on(request, draft)
    return _page(request, draft, "name", form)


def _name_form(request: Request, draft: Draft) -> type[forms.Form]:
    if draft.answers.for_whom != "other":
        return written.NameForm
    return written.OthersAndNameForm if request.person is None else written.OthersForm


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def household(request: Request, draft: Draft) -> HttpResponse:
    """Who lives there, and why we ask."""
    known = [(need.code, asking.need_words(need)) for need in asking.book_of(draft).catalogue.needs.values()]
    before = draft.answers.needs
    form = written.HouseholdForm(known, posted(request), [written.NONE] if before == [] else before)
    if request.method == "POST" and form.is_valid():
        draft.answers.needs = form.cleaned_data["needs"]
        return _on(request, draft)
    return _page(request, draft, "household", form)


@for_everyone
@require_http_methods(["GET", "POST"])
@answered
def check(request: Request, draft: Draft) -> HttpResponse:
    """Read the answers back, then send them. Sent twice, it is one report."""
    path = asking.path_on(draft, request.person is not None)
    if path != "/report/check":
        return HttpResponseRedirect(path)
    refused = None
    if request.method == "POST":
        if request.person is None:
            limits.count(limits.REPORTS_PER_ADDRESS, limits.address_of(request), request.now)
        try:
            draft.finish(request, sending.send(request, draft))
            return HttpResponseRedirect("/report/received")
        except Refused as error:
            refused = tenant_words(error)
    rows = sending.read_back(draft, asking.book_of(draft))
    return _page(request, draft, "check", forms.Form(), rows=rows, refused=refused)
