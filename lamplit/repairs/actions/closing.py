"""How a repair ends, and how it goes on: asking her, her word, a person's decision, and opening it again."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.messages import queries as messages
from lamplit.record.page import Page, action
from lamplit.repairs.actions.hazards import case_of, numbers_of
from lamplit.repairs.actions.on_call import write_round
from lamplit.repairs.actions.opening import lock_live, lock_repair, words
from lamplit.repairs.actions.owners import who_sees_it_through
from lamplit.repairs.actions.reviews import write_review
from lamplit.repairs.facts import (
    ClockRanOut,
    ClockStarted,
    RepairClosed,
    RepairConfirmed,
    RepairNoted,
    RepairReopened,
    TenantAsked,
)
from lamplit.repairs.models import RepairClock
from lamplit.repairs.queries.shared import linked_homes
from lamplit.repairs.queries.standing import closing_of, readable, running_of, triage_of
from lamplit.repairs.rules.awaab import awaab_clocks, of_hazard
from lamplit.repairs.rules.clocks import is_emergency, target_clock
from lamplit.repairs.rules.closing import How, Missing, may_close
from lamplit.repairs.rules.reviews import review_of_reopening
from lamplit.repairs.rules.triage import starts as as_started
from lamplit.tenancies import queries as tenancies

AskChannel = Literal["text", "email", "call", "letter", "visit", "portal"]
QUESTION = "is_it_mended"  # the template of the question; a reply by text answers the newest one sent to that number
OPEN_FOR = timedelta(days=60)
_YES = {"yes", "y", "yeah", "yep", "ok", "mended", "fixed", "done", "tak", "ydy", "ydi"}  # as our question asks in each language
_NO = {"no", "n", "nope", "not", "nie", "na", "nac"}


class Ended(Plain, frozen=True, kw_only=True):
    """Whether a repair ended, and what is missing if it did not."""

    closed: bool
    missing: tuple[Missing, ...] = ()


@action
def ask_if_mended(
    page: Page, *, repair: str, channel: AskChannel, person: str | None = None, by: By, at: datetime, command: str
) -> int:
    """Ask whether it is mended. Returns which try this is. Refused: repairs.no_such_repair, already_over, not_done_yet."""
    row = lock_live(page, repair)
    if row.status != "to_confirm":
        raise Refused("repairs.not_done_yet", reference=row.reference)
    attempt: int = min(row.asked_count + 1, 99)
    page.write(
        TenantAsked(repair=row.id, household=row.household, person=person or row.reporter, channel=channel, attempt=attempt)
    )
    return attempt


@action
def confirm_mended(
    page: Page, *, repair: str, channel: str, person: str | None = None, said: str | None = None,
    by: By, at: datetime, command: str,
) -> Ended:  # fmt: skip
    """She says that it is mended. It ends, unless something is missing that only we can do: then a person sees to that.

    Refused: repairs.no_such_repair, already_over, too_long.
    """
    return write_confirmed(page, lock_live(page, repair), channel, person, words(said))


def write_confirmed(page: Page, row: Any, channel: str, person: str | None, said: str | None) -> Ended:
    home = _word_for(row, person, london_date(page.at))
    page.write(RepairConfirmed(repair=row.id, voice=person or row.voice, channel=channel, words=said, home=home))
    return _end(page, lock_repair(page, row.id), "confirmed", None, said_in=home)


def _word_for(row: Any, person: str | None, on: date) -> str | None:
    """Return for which further home she speaks; None where she reported it or lives where it is: then it is the repair's own."""
    if person is None or person in (row.reporter, row.voice):
        return None
    living = {one.tenancy for one in tenancies.living_of(person, on)}
    if row.household in living:
        return None
    return next((link.home for link in linked_homes(row.id) if link.household in living), None)


@action
def close_repair(page: Page, *, repair: str, how: How, why: str | None = None, by: By, at: datetime, command: str) -> None:
    """End a repair: `confirmed` by her word, `not_confirmed` by a person without it, or `not_ours`.

    Refused: repairs.no_such_repair, already_over, too_long, repairs.cannot_end_yet with `missing` in words for staff.
    """
    row = lock_live(page, repair)
    ended = _end(page, row, how, words(why))
    if not ended.closed:
        raise Refused("repairs.cannot_end_yet", missing="\n".join(missing.words for missing in ended.missing))


def _end(page: Page, row: Any, how: How, why: str | None, said_in: str | None = None) -> Ended:
    """End it if nothing is missing. `said_in`: the further home whose word stands on this page and in no table yet."""
    missing = may_close(closing_of(row, how, why, at=page.at, by=page.by, said_in=said_in))
    if missing:
        return Ended(closed=False, missing=missing)
    running = set(running_of(row))
    stops = sorted(RepairClock.objects.filter(repair=row.id, code__in=running).values_list("code", flat=True))
    page.write(RepairClosed(repair=row.id, household=row.household, how=how, stops=stops, why=why))
    return Ended(closed=True)


@action
def reopen_repair(
    page: Page, *, repair: str, channel: str, person: str | None = None, said: str | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """It is not mended: the repair goes on, now, whatever became of it before. Returns the id of the repair that goes on.

    It goes to its owner, else to who is on call, else to a lead. An emergency is rung out again. Refused:
    repairs.no_such_repair, too_long.
    """
    row = lock_repair(page, repair)
    write_reopened(page, row, channel, person, words(said))
    return str(row.id)


def write_reopened(page: Page, row: Any, channel: str, person: str | None, said: str | None) -> None:
    starts = _starts_again(row, page.at)
    due_at = min(clock.due_at for clock in starts if clock.code.startswith("target."))
    page.write(
        RepairReopened(
            repair=row.id, household=row.household, voice=person or row.voice, owner=who_sees_it_through(row, page.at),
            channel=channel, priority=row.priority, due_at=due_at, starts=starts, words=said,
        )
    )  # fmt: skip
    if is_emergency(row.priority):
        write_round(page, lock_repair(page, row.id), page.at)
    write_review(page, lock_repair(page, row.id), review_of_reopening(readable(row.fault_group), london_date(page.at)))


def _starts_again(row: Any, at: datetime) -> list[ClockStarted]:
    """The landlord's target starts anew, and the law's clocks if none of them still runs."""
    clocks = [target_clock(row.priority, at)]
    kept = triage_of(row)
    if kept is not None and kept.hazard is not None and not any(code.startswith("awaab.") for code in running_of(row)):
        for of in numbers_of(row):
            clocks += of_hazard(awaab_clocks(case_of(kept, at, [], of)), of)
    return as_started(clocks)


class Answered(Plain, frozen=True, kw_only=True):
    """What a reply by text or e-mail did. `meant`: yes, no or unclear; then a person reads it."""

    repair: str
    meant: Literal["yes", "no", "unclear"]
    ended: Ended | None = None


@action
def answer_by_text(
    page: Page, *, sender: str, said: str, channel: Literal["text", "email"] = "text", by: By, at: datetime, command: str
) -> Answered:
    """Take a reply to "is it mended?" from the number or address to which we sent the question.

    Anything but a plain yes keeps the repair open. Refused: repairs.no_question (nothing was asked there lately).
    """
    question = messages.last_question(to=sender, templates=[QUESTION], since=at - OPEN_FOR)
    if question is None or not isinstance(question.about, str):
        raise Refused("repairs.no_question")
    row = lock_repair(page, question.about)
    meant = read_answer(said)
    if meant == "yes":
        ended = write_confirmed(page, row, channel, question.person, words(said)) if row.live else Ended(closed=True)
        return Answered(repair=row.id, meant=meant, ended=ended)
    if meant == "no":
        write_reopened(page, row, channel, question.person, words(said))
    else:
        voice = question.person or row.voice
        page.write(RepairNoted(repair=row.id, household=row.household, voice=voice, says=words(said), audience="all"))
    return Answered(repair=row.id, meant=meant)


def read_answer(said: str) -> Literal["yes", "no", "unclear"]:
    """Read a reply. Only words that say yes and nothing else mean yes; a no anywhere in a short reply means no."""
    spoken = [word.strip(".,!?;:'\"()").lower() for word in said.split()]
    heard = {word for word in spoken if word}
    if heard & _NO or any(word.endswith("n't") for word in heard):
        return "no"
    if heard and heard <= _YES | {"thanks", "thank", "you", "it", "is", "its", "all", "please", "now"} and heard & _YES:
        return "yes"
    return "unclear"


@action
def note_clocks_run_out(page: Page, *, clocks: list[str], by: By, at: datetime, command: str) -> int:
    """Say of each of these clocks (`queries.clocks_to_run_out`) that it ran out. Returns of how many it is true.

    One that was stopped, wound up again or told of meanwhile is passed over.
    """
    count = 0
    for ident in sorted(clocks):
        lock_repair(page, ident.split(".", 1)[0])
        clock = page.lock(RepairClock, ident)
        if clock is not None and clock.stopped_at is None and clock.ran_out_at is None and clock.due_at < at:
            page.write(ClockRanOut(repair=clock.repair, code=clock.code, due_at=clock.due_at))
            count += 1
    return count
