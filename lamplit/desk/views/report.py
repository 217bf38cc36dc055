"""Report for a caller: the same questions as online, on one page; danger advice stands above everything at once."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lamplit.basics.refusal import Refused
from lamplit.config.audience import for_staff
from lamplit.config.jinja import landlord
from lamplit.config.receipts import wait_until_kept
from lamplit.config.refusals import staff_words
from lamplit.config.speaking import of_data
from lamplit.desk import words
from lamplit.desk.forms.report import SOMEBODY_ELSE, ReportForm, read_answers, write_answers
from lamplit.desk.pages import StaffRequest, found, page, told, went
from lamplit.desk.talking import how_to_talk
from lamplit.desk.views.homes import household
from lamplit.homes import queries as homes
from lamplit.repairs import actions, queries
from lamplit.repairs.facts import Alone, Answer

BOOK = queries.book_for


@for_staff("report_repair")
def report(request: StaffRequest) -> HttpResponse:
    """Find the home first."""
    text = request.POST.get("q", "").replace("\x00", "").strip()[:200]
    return page(request, "report_find.html", text=text, homes=homes.search(text, 20) if text else [])


@for_staff("report_repair")
def report_home(request: StaffRequest, home: str) -> HttpResponse:
    """Ask the questions one after another on one page, then who told us, and send it."""
    row = found(homes.home(home))
    tree = BOOK(None).tree
    answers, said_no = _answers(request)
    try:
        at = tree.walk(answers)
    except Refused as refused:
        answers, said_no = [], staff_words(refused)
        at = tree.walk([])
    asking = hasattr(at, "ask")
    living = household(home, request)
    sleeping = "sleeping" in getattr(at, "flags", ())
    form = _form(request, living, blank="send" not in request.POST, sleeping=sleeping)
    if "send" in request.POST and not asking:
        done, reported = told(form, lambda: _send(request, form, home, answers))
        if done and reported is not None:
            return went(f"{reverse('reported', args=[reported.repair])}?n={form.command().removeprefix('form:')}")
    return page(
        request,
        "report.html",
        home=row,
        address=homes.address_line(row),
        question=_shown(at) if asking else None,
        outcome=_outcome(at),
        answers=list(enumerate(_spoken(answers))),
        state=write_answers(answers),
        form=form,
        said_no=said_no,
        left=tree.questions_left(answers),
        advice=_advice(tree.advice(answers)),
        living=living,
        talking=_talking(living, request),
        children=[one["name"] for one in living if one["child"]] if sleeping else [],
        open=queries.open_of_homes([home]).get(home, []),
        room=words.room(getattr(at, "room", None)),
        words=words,
    )


def _answers(request: StaffRequest) -> tuple[list[Answer], str | None]:
    """Return the answers so far, with the new one or without those that are taken back; and why one was not taken."""
    answers = read_answers(request.POST.get("so_far", ""))
    if (back := request.POST.get("back", "")).isdecimal():
        return answers[: int(back)], None
    question = request.POST.get("question", "").replace("\x00", "")
    if not question or "send" in request.POST:
        return answers, None
    option = request.POST.get("option", "").replace("\x00", "") or None
    said = request.POST.get("said", "").replace("\x00", "")[:8000] or None
    try:
        return [*answers, BOOK(None).tree.answer(question, option, said)], None
    except Refused as refused:
        return answers, staff_words(refused)


def _talking(living: list[dict[str, Any]], request: StaffRequest) -> list[str]:
    """Return what to know before one talks to whoever lives there, by name where they are several: the interpreter first."""
    adults = [one for one in living if one["person"] and not one["child"]]
    said = [(one["name"], line) for one in adults for line in how_to_talk(one["person"], request)]
    return [line if len(adults) == 1 else f"{name}: {line}" for name, line in said]


def _form(request: StaffRequest, living: list[dict[str, Any]], *, blank: bool, sleeping: bool) -> ReportForm:
    known = [(one["person"], f"{one['name']}, {one['role'].lower()}") for one in living if one["person"] and not one["child"]]
    asked = request.GET.get("person")
    first = asked if asked in dict(known) else known[0][0] if len(known) == 1 else SOMEBODY_ELSE if not known else None
    options: dict[str, Any] = {"now": request.now, "household": known, "sleeping": sleeping}
    return ReportForm(**options, initial={"reporter": first}) if blank else ReportForm(request.POST, **options)


def _send(request: StaffRequest, form: ReportForm, home: str, answers: list[Answer]) -> actions.Reported:
    said = form.cleaned_data
    return actions.report_repair(
        home=home, channel=said["channel"], answers=answers, words_said=said["words_said"] or None,
        noted=form.noted(), needs=said["needs"], separate=said["separate"], **form.told_by(), by=request.by,
        at=form.happened_at, command=form.command(),
    )  # fmt: skip


def _spoken(answers: list[Answer]) -> list[dict[str, str]]:
    asked = BOOK(None).tree.questions
    return [
        {"ask": _asks(asked[one.question]), "said": _said(one, asked[one.question])} for one in answers if one.question in asked
    ]


def _shown(question: Any) -> dict[str, Any]:
    hint = of_data(f"hint.{question.code}", question.hint) if question.hint else None
    asked = {"code": question.code, "kind": question.kind, "ask": _asks(question), "hint": hint}
    return asked | {"options": [{"code": code, "label": label} for code, label in options_of(question).items()]}


def _outcome(at: Any) -> str | None:
    """Return what it seems to be, once nothing more is to be asked."""
    return None if hasattr(at, "ask") else of_data(f"fault.{at.fault}", at.name)


def _asks(question: Any) -> str:
    return of_data(f"question.{question.code}", question.ask)


def _said(answer: Answer, question: Any) -> str:
    """Return what was answered: the option in the language of the page, or their own words."""
    return options_of(question).get(answer.option or "", answer.said or "")


def options_of(question: Any) -> dict[str, str]:
    """Return what may be answered, by code."""
    return {one.code: of_data(f"option.{question.code}.{one.code}", one.label) for one in question.options}


def _advice(codes: Any) -> list[dict[str, Any]]:
    """Return the advice to read out, with our own number in it."""
    known, phone = BOOK(None).catalogue.advice, landlord().phone
    return [
        {
            "title": of_data(f"advice.{code}", known[code].title),
            "danger": known[code].danger,
            "steps": [of_data(f"advice.{code}", step).replace("{phone}", phone) for step in known[code].steps],
            "ring": " ".join(of_data(f"advice.{code}", line).replace("{phone}", phone) for line in known[code].ring),
        }
        for code in codes
    ]


@for_staff("report_repair")
def reported(request: StaffRequest, repair: str) -> HttpResponse:
    """Show what to tell the caller: the number, what we do and by when, once the report is kept."""
    row = found(queries.repair(repair))
    leads = found(queries.repair(row.joined_into)) if row.joined_into else row
    kept_as = row.triage if isinstance(row.triage, dict) else {}
    sent = request.GET.get("n", "").replace("\x00", "")[:60]
    if not sent:
        return HttpResponseRedirect(reverse("repair", args=[leads.id]))
    kept = wait_until_kept(f"form:{sent}")
    return page(
        request, "reported.html", repair=row, leads=leads, kept=kept, words=words, alone=_alone(row),
        advice=_advice(code for code in kept_as.get("advice", []) if code in BOOK(None).catalogue.advice),
    )  # fmt: skip


def _alone(row: Any) -> Alone | None:
    """Return what somebody who does not live there may be told, or None when she does."""
    return msgspec.convert(row.alone, Alone) if isinstance(row.alone, dict) else None
