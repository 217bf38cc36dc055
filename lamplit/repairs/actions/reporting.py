"""Somebody tells us that something needs mending, adds to it, or knows more; and the questions themselves."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from lamplit.basics.ids import reference
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import PERSON, By
from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.homes.models import Home
from lamplit.messages.facts import PromiseMade
from lamplit.messages.rules import READ_WITHIN
from lamplit.record.page import Page, action, letter_here
from lamplit.record.ready import ReadyColumns
from lamplit.repairs import queries
from lamplit.repairs.actions.closing import write_reopened
from lamplit.repairs.actions.on_call import write_round
from lamplit.repairs.actions.opening import lock_live, lock_repair, words
from lamplit.repairs.actions.reviews import write_review
from lamplit.repairs.actions.triaging import (
    Said,
    check_tree,
    decide,
    flags_of,
    is_graver,
    order_works,
    outcome_of,
    write_further,
    write_raised,
    write_retriage,
)
from lamplit.repairs.actions.works import household_in
from lamplit.repairs.facts import (
    Alone,
    Answer,
    Caller,
    RepairClosed,
    RepairJoined,
    RepairNoted,
    RepairReported,
    TreeLoaded,
)
from lamplit.repairs.models import Repair, RepairClock
from lamplit.repairs.queries.standing import readable, running_of, triage_of, works_of
from lamplit.repairs.rules.book import rule_book
from lamplit.repairs.rules.clocks import PRIORITIES, is_emergency, rank
from lamplit.repairs.rules.diagnosis import Outcome
from lamplit.repairs.rules.law import data
from lamplit.repairs.rules.repeats import GROUPS_THAT_RECUR
from lamplit.repairs.rules.reviews import review_of_reports
from lamplit.repairs.rules.triage import Triage, kept, starts, triage
from lamplit.tenancies import queries as tenancies

Channel = Literal["portal", "visitor", "phone", "email", "text", "letter", "counter", "visit", "staff", "old_system"]
FOLLOWS_WITHIN = timedelta(days=365)
_SHOWN = 300  # letters of a note in the promise to read it
_OPEN_HERE = ReadyColumns(
    lambda home: Repair.objects.filter(home=home, live=True).order_by("reported_at", "id"),
    "id", "fault", "fault_group", "room",
)  # fmt: skip
_ALIKE_HERE = ReadyColumns(
    lambda reports, home, since: Repair.objects.filter(id__any=reports, home=home, reported_at__gte=since).order_by(
        "-reported_at", "-id"
    )[:1],
    "id",
)


class Reported(Plain, frozen=True, kw_only=True):
    """What we tell somebody who reported. `leads` is the repair under which it goes on: another one when it was `joined`.

    `advice` are codes (rules.advice_words), danger first. `period` is the Right to Repair period in words. `alone` is the same
    where somebody reported who does not live there: what follows from her words alone. It is all that she may be told.
    """

    repair: str
    reference: str
    leads: str
    joined: bool
    priority: str
    due_at: datetime
    emergency: bool
    advice: tuple[str, ...] = ()
    period: str | None = None
    alone: "Reported | None" = None


@action
def report_repair(
    page: Page, *, home: str, channel: Channel, answers: list[Answer] | None = None, edition: str | None = None,
    said: Said | None = None, words_said: str | None = None, reporter: str | None = None, caller: Caller | None = None,
    noted: str | None = None, needs: list[str] | None = None, separate: bool = False, by: By, at: datetime, command: str,
) -> Reported:  # fmt: skip
    """Report a repair. `at` is when she said it: we are aware from then, however late it is keyed.

    `answers` in the questions of `edition` (default: the shipped ones), or `said` when nobody went through them. `reporter` is
    the person whose words these are; `caller` who told us, when she did not sign in or spoke for somebody else. `needs`:
    codes of needs.yaml told now, beside those on file. `noted`: what whoever took it adds, for whoever comes. A report of what
    is open already joins it, unless `separate`.

    Refused: repairs.no_such_home, not_your_home, no_such_edition, more_to_ask, no_such_answer, answers_out_of_step,
    say_what_is_wrong, no_such_fault, too_long.
    """
    home_row = page.lock(Home, home)
    if home_row is None:
        raise Refused("repairs.no_such_home", home=home)
    hers = _reports_her_own(by, reporter, home, caller, at)
    place = Place(home, household_in(home, at), homes.neighbours_of(home_row))
    report = take_report(
        page, place, hers=hers, channel=channel, answers=answers, edition=edition, said=said, words_said=words_said,
        reporter=reporter, caller=caller, needs=needs or [], separate=separate,
    )  # fmt: skip
    if noted is not None:
        row = lock_repair(page, report.leads)
        page.write(RepairNoted(repair=row.id, household=row.household, voice=row.id, says=words(noted), audience="all"))
    return report


class Place(NamedTuple):
    """Where something needs mending: a home, or the shared parts of a block, which stands for home and household then."""

    id: str
    household: str
    near: homes.Neighbours
    block: str | None = None


def take_report(
    page: Page, place: Place, *, hers: bool, channel: Channel, said: Said | None, reporter: str | None, needs: list[str],
    answers: list[Answer] | None = None, edition: str | None = None, words_said: str | None = None, caller: Caller | None = None,
    separate: bool = False, into: Any | None = None,
) -> Reported:  # fmt: skip
    """Write a report of a place that is locked. `hers`: she lives there; `into`: the locked repair that it joins, if she said."""
    at, book = page.at, queries.book_for(edition)
    outcome = outcome_of(answers or [], said, book)
    decision = decide(outcome, home=place.id, near=place.near, household=place.household, needs=needs, at=at, book=book)
    twin = into if into is not None else None if separate else _twin(page, place.id, outcome)
    alone = None if hers else triage(outcome, needs=sorted(set(needs)), at=at, book=book)
    report = _report(page, decision, twin, alone)
    page.write(
        RepairReported(
            repair=report.repair, home=place.id, household=place.household, voice=reporter or report.repair, reporter=reporter,
            reference=report.reference, channel=channel, edition=outcome.edition, priority=decision.priority,
            due_at=report.due_at, starts=[] if twin else starts(decision.clocks),
            follows=None if twin else _follows(decision, place.id, at),
            title=outcome.name, fault=outcome.fault, group=outcome.group, room=outcome.room, answers=answers or None,
            triage=kept(decision), words=words(words_said or outcome.said), caller=caller,
            alone=None if alone is None else Alone(priority=alone.priority, due_at=alone.due_at), block=place.block,
        )
    )  # fmt: skip
    if twin is not None:
        _join(page, report.repair, twin, decision, reporter)
        write_review(page, lock_repair(page, twin.id), review_of_reports(decision.repeats, london_date(at)))
        return report
    row = lock_repair(page, report.repair)
    firms = order_works(page, row, decision.works)
    if decision.rings:
        write_round(page, lock_repair(page, row.id), at, firms)
    write_review(page, lock_repair(page, row.id), review_of_reports(decision.repeats, london_date(at)))
    return report


def _reports_her_own(by: By, reporter: str | None, home: str, caller: Caller | None, at: datetime) -> bool:
    """Whether the reporter lives in this home or may speak for who does. Refused: somebody signed in who does neither.

    Somebody signed in reports for the home where she lives, or says for whom she speaks.
    """
    person = reporter or (by.id if by.kind == PERSON else None)
    may = person is not None and tenancies.may_report(person, home, london_date(at))
    speaks_for_another = caller is not None and caller.for_name is not None
    if by.kind == PERSON and not speaks_for_another and not may:
        raise Refused("repairs.not_your_home")
    return may and reporter is not None


def _report(page: Page, decision: Triage, twin: Any, alone: Triage | None) -> Reported:
    ident = page.new_id("r")
    while queries.by_reference(reference(letter_here(), ident)) is not None:
        ident = page.new_id("r")
    priority, due_at = decision.priority, decision.due_at
    if twin is not None and not is_graver(twin, decision):
        priority, due_at = twin.priority, twin.due_at
    told = Reported(
        repair=ident, reference=reference(letter_here(), ident), leads=twin.id if twin is not None else ident,
        joined=twin is not None, priority=priority, due_at=due_at,
        emergency=is_emergency(priority), advice=decision.advice, period=decision.period,
    )  # fmt: skip
    return told if alone is None else msgspec.structs.replace(told, alone=_told_alone(told, alone))


def _told_alone(told: Reported, alone: Triage) -> Reported:
    """Return what a stranger is told: no need on file, no earlier report, nothing that is open there shows in it."""
    return msgspec.structs.replace(
        told, leads=told.repair, joined=False, priority=alone.priority, due_at=alone.due_at,
        emergency=is_emergency(alone.priority), advice=alone.advice, period=alone.period,
    )  # fmt: skip


def _twin(page: Page, home: str, outcome: Outcome) -> Any | None:
    """Lock the oldest open repair of this home that is the same trouble, or return None.

    The same fault in the same room; in groups that recur (leak, damp, heating, drains, electrics) the same group will do,
    since a tenant cannot know that the water in the hall is the leak in the loft. A room that was not said is no other room.
    """
    for ident, fault, group, room in _OPEN_HERE.all(home=home):
        same_fault = readable(fault) == outcome.fault
        same_group = readable(group) == outcome.group and outcome.group in GROUPS_THAT_RECUR
        same_room = room is None or outcome.room is None or readable(room) == outcome.room
        if (same_fault and same_room) or (same_group and (same_room or outcome.group in ("leak", "damp"))):
            return page.lock(Repair, ident)
    return None


def _follows(decision: Triage, home: str, at: datetime) -> str | None:
    """Return the newest earlier report of this home that looks like the same trouble."""
    matched = list(decision.repeats.matched)
    own = _ALIKE_HERE.column(reports=matched, home=home, since=at - FOLLOWS_WITHIN) if matched else []
    return next(iter(own), None)


def _join(page: Page, report: str, twin: Any, decision: Triage, reporter: str | None) -> None:
    """Count the report under the repair that is open. What says more retriages it; one thought mended goes on again."""
    page.write(RepairJoined(repair=report, into=twin.id))
    row = lock_repair(page, twin.id)
    if row.status == "to_confirm":
        write_reopened(page, row, "report", reporter, None)
        row = lock_repair(page, twin.id)
    write_further(page, row, decision, "A further report says more.")


@action
def add_to_repair(
    page: Page, *, repair: str, says: str, person: str | None = None, flags: list[str] | None = None,
    by: By, at: datetime, command: str,
) -> bool:  # fmt: skip
    """She adds something. `flags`: dangers of the triage table that she tells of now. Returns True if it is graver for that.

    What a tenant adds is promised to be read: nothing else brings it before anybody's eyes.
    Refused: repairs.no_such_repair, nothing_said, too_long, no_such_fault. On a repair that is over it is kept as a note.
    """
    row = lock_repair(page, repair)
    note = words(says, needed=Refused("repairs.nothing_said"))
    page.write(RepairNoted(repair=row.id, household=row.household, voice=person or row.voice, says=note, audience="all"))
    if by.kind == PERSON:
        page.write(_to_read(row, person, note or "", page))
    if not flags or not row.live:
        return False
    decision = decide_again(row, Said(fault="", flags=tuple(flags)), [], at)
    if not is_graver(row, decision):
        return False
    write_retriage(page, row, decision, "They told us more.")
    return True


def _to_read(row: Any, person: str | None, said: str, page: Page) -> PromiseMade:
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN].strip()}…"
    return PromiseMade(
        promise=page.new_id("v"), voice=person or row.voice, person=person, repair=row.id, due_at=page.at + READ_WITHIN,
        what=f"Read what was added to the repair, and answer it: “{shown}”",
    )  # fmt: skip


def decide_again(row: Any, said: Said, needs: Iterable[str], at: datetime, aware_at: datetime | None = None) -> Triage:
    """Triage a locked repair with what is known of it and what is new in `said` (an empty fault: the same as before)."""
    book = queries.book_for(row.edition)
    fault = said.fault or readable(row.fault) or "something_else"
    all_flags = tuple(flag for flag in dict.fromkeys((*flags_of(row), *said.flags)) if flag != "unsure")
    seen = Said(fault=fault, room=said.room or readable(row.room), flags=all_flags, unsure=said.unsure)
    return decide(
        outcome_of([], seen, book), home=row.home, near=homes.neighbours(row.home), household=row.household,
        needs=[*needs, *_needs(row), *queries.needs_of_linked(row.id, at)], at=at, aware_at=aware_at, book=book,
        leaving_out=row.id,
    )  # fmt: skip


def _needs(row: Any) -> tuple[str, ...]:
    known = triage_of(row)
    return () if known is None else tuple(known.needs)


@action
def retriage_repair(
    page: Page, *, repair: str, why: str, said: Said | None = None, needs: list[str] | None = None,
    aware_at: datetime | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Triage a repair again with what we know now. Returns its priority.

    `said`: what is wrong, where it is another thing than was thought. `aware_at`: when we were first told of what we act on
    now, if not today; the law's clocks begin there. Dangers told before stay told, and the law's clocks run until something
    is done: a lower priority moves the landlord's target only.

    Refused: repairs.no_such_repair, already_over, say_why, no_such_fault, too_long.
    """
    row = lock_live(page, repair)
    reason = words(why, needed=Refused("repairs.say_why"))
    decision = decide_again(row, said or Said(fault=""), needs or [], at, aware_at)
    write_retriage(page, row, decision, reason)
    return decision.priority


@action
def raise_priority(page: Page, *, repair: str, priority: str, why: str, by: By, at: datetime, command: str) -> None:
    """Treat a repair as more pressing than the rules ask. Never as less: for that, say what is known now (`retriage_repair`).

    Refused: repairs.no_such_repair, already_over, say_why, only_higher, too_long.
    """
    row = lock_live(page, repair)
    if priority not in PRIORITIES or rank(priority) <= rank(row.priority):
        raise Refused("repairs.only_higher", priority=row.priority)
    write_raised(page, row, priority, words(why, needed=Refused("repairs.say_why")))


@action
def join_repair(page: Page, *, repair: str, into: str, why: str, by: By, at: datetime, command: str) -> None:
    """Say that a repair is the same trouble as another, also one next door: it goes on there, and counts as a report.

    Refused: repairs.no_such_repair, already_over, say_why, same_repair, work_left, too_long.
    """
    first, second = sorted([repair, into])
    rows = {ident: lock_live(page, ident) for ident in (first, second)}
    row, leader = rows[repair], rows[into]
    if row.id == leader.id:
        raise Refused("repairs.same_repair")
    if any(state in ("open", "waiting") for state in works_of(row).values()):
        raise Refused("repairs.work_left")
    running = set(running_of(row))
    stops = sorted(RepairClock.objects.filter(repair=row.id, code__in=running).values_list("code", flat=True))
    reason = words(why, needed=Refused("repairs.say_why"))
    page.write(RepairClosed(repair=row.id, household=row.household, how="joined", stops=stops, why=reason))
    page.write(RepairJoined(repair=row.id, into=leader.id))
    if rank(row.priority) > rank(leader.priority):
        write_raised(page, lock_repair(page, leader.id), row.priority, "A report of the same trouble is more pressing.")


@action
def load_tree(page: Page, *, text: str, by: By, at: datetime, command: str) -> str:
    """Bring a version of the diagnosis questions into use. Returns its edition; loading the same text again changes nothing.

    Refused: repairs.tree_wrong (the line, and what is wrong there), repairs.edition_taken.
    """
    edition = check_tree(text).tree.edition
    known = queries.tree(edition)
    blob = page.keep_blob(text.encode())
    not_as_shipped = edition == rule_book().tree.edition and text != data("tree.yaml")
    if not_as_shipped or (known is not None and known.blob != blob):
        raise Refused("repairs.edition_taken", edition=edition)
    if known is None:
        page.write(TreeLoaded(tree=page.new_id("q"), edition=edition, blob=blob))
    return edition
