"""Sending a report: one action, and what its receipt page has to know."""

from datetime import datetime, timedelta
from typing import Any

from lamplit.basics.working_days import add_working_days, day_ends_at, london_date
from lamplit.config.audience import Request
from lamplit.config.languages import OURS, in_ours, speaking
from lamplit.config.speaking import gettext as _
from lamplit.homes import queries as homes
from lamplit.messages import actions as messages
from lamplit.people import queries as people
from lamplit.portal import asking, words
from lamplit.portal.drafts import Answers, Draft, Given, Sent
from lamplit.repairs import actions as repairs
from lamplit.repairs.facts import Caller

Row = dict[str, Any]
DANGER_CALL = timedelta(hours=1)


def send(request: Request, draft: Draft) -> Sent:
    """Report the repair; or, where the home is not in our list, hand the words to a person, who rings.

    Refused: what repairs.report_repair and messages.record_contact refuse.
    """
    if draft.answers.home is None:
        return _hand_over(request, draft)
    answers, hers = draft.answers, request.person is not None and draft.answers.for_whom == "me"
    made = repairs.report_repair(
        home=str(answers.home),
        channel="portal" if request.person is not None else "visitor",
        answers=asking.given(answers),
        edition=answers.edition,
        words_said=answers.words or None,
        reporter=request.person if hers else None,
        caller=None if hers else _caller(request, answers),
        needs=answers.needs,
        by=request.by,
        at=request.now,
        command=draft.command,
    )
    told = made.alone or made
    return Sent(
        command=draft.command,
        repair=made.leads,
        reference=told.reference,
        due_at=told.due_at,
        emergency=told.emergency,
        joined=told.joined,
        period=told.period,
        advice=list(told.advice),
        edition=answers.edition,
    )


def _caller(request: Request, answers: Answers) -> Caller:
    """Return who tells us. Somebody signed in who speaks for another gets a receipt, and sees nothing of that home."""
    name, phone, email = answers.name or None, answers.phone or None, answers.email or None
    if request.person is not None:
        her, ways = people.person(request.person), people.ways_to_reach(request.person, "receipt")
        name = people.full_name(her) if her is not None else None
        phone = next((way.value for way in ways if way.channel == "text"), None)
        email = next((way.value for way in ways if way.channel == "email"), None) if phone is None else None
    other = answers.for_whom == "other"
    return Caller(
        name=name,
        phone=phone,
        email=email,
        for_name=(answers.for_name or "somebody else") if other else None,
        relation=answers.relation or None,
    )


def _hand_over(request: Request, draft: Draft) -> Sent:
    """Keep everything as a contact with a promise to ring: never a dead end, and never a guess at a home."""
    answers = draft.answers
    call_by = _call_by(request.now, any(one.danger for one in asking.advice_so_far(draft)))
    with in_ours():
        lines = [f"{row['key']}: {row['value']}" for row in read_back(draft, asking.book_of(draft)) if row["value"]]
    if speaking() is not OURS:
        lines.append(f"Language: {speaking().name}")
    caller = _caller(request, answers)
    lines += [
        f"{what}: {said}" for what, said in (("Name", caller.name), ("Phone", caller.phone), ("E-mail", caller.email)) if said
    ]
    messages.record_contact(
        channel="portal",
        direction="in",
        said="A repair in a home that is not in our list.\n" + "\n".join(lines),
        person=request.person if answers.for_whom == "me" else None,
        promise="Find the home, make the report, and ring back.",
        promise_due_at=messages.Counted(call_by),
        by=request.by,
        at=request.now,
        command=draft.command,
    )
    return Sent(command=draft.command, call_by=call_by, edition=answers.edition)


def _call_by(at: datetime, danger: bool) -> datetime:
    """Within the hour when there is danger, day and night; else by 5pm of the next working day."""
    if danger:
        return at + DANGER_CALL
    return day_ends_at(add_working_days(london_date(at), 1)) - timedelta(hours=7)


def read_back(draft: Draft, book: Any) -> list[Row]:
    """Return everything that she answered, with the page on which each can be changed."""
    answers = draft.answers
    rows: list[Row] = [
        {
            "key": asking.ask_words(book.tree.questions[one.question]),
            "value": _answer(book.tree.questions[one.question], one),
            "change": f"/report/{number}",
        }
        for number, one in enumerate(answers.given, 1)
    ]
    rows.append({"key": _("Anything else"), "value": answers.words or None, "change": "/report/words"})
    rows.append({"key": _("The home"), "value": _home(answers), "change": "/report/whom"})
    if answers.for_whom == "other":
        rows.append({"key": _("Name of the person who lives there"), "value": answers.for_name or None, "change": "/report/name"})
        rows.append({"key": _("How you know them"), "value": answers.relation or None, "change": "/report/name"})
    if answers.name is not None:
        ways = ", ".join(words.shown(one) for one in (answers.phone, answers.email) if one)
        rows.append({"key": _("Your name"), "value": answers.name, "change": "/report/name"})
        rows.append({"key": _("How we reach you"), "value": ways, "change": "/report/name"})
    needs = [asking.need_words(book.catalogue.needs[code]) for code in answers.needs or [] if code in book.catalogue.needs]
    rows.append(
        {"key": _("Who lives in the home"), "value": ", ".join(needs) or _("None of these"), "change": "/report/household"}
    )
    return rows


def _answer(question: Any, given: Given) -> str | None:
    """Return an answer in the language of this page, or what she wrote."""
    return given.said if given.option is None else asking.option_words(question, question.option(given.option))


def _home(answers: Answers) -> str | None:
    if answers.home is None:
        return ", ".join((answers.address or "").splitlines()) or None
    row = homes.home(answers.home)
    return homes.address_line(row) if row is not None else None
