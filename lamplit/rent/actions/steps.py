"""Steps of the arrears policy, where accounts stand each night, and the sample."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import JOB, By
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.replay import in_order_of_partitions
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.facts.arrears import Stands
from lamplit.rent.models import ArrearsCase
from lamplit.rent.rules import steps
from lamplit.rent.rules.position import Position
from lamplit.rent.rules.steps import Circumstances, Held, Proposed, Waiting


class Taken(Plain, frozen=True, kw_only=True):
    """What came of asking for a step: its entry, or the codes of the holds that refused it."""

    entry: str | None = None
    holds: tuple[str, ...] = ()


@action
def take_step(
    page: Page, *, account: str, step: str, position: Position, about: Circumstances, tenants: list[str],
    spoke: bool | None = None, note: str | None = None, by: By, at: datetime, command: str,
) -> Taken:  # fmt: skip
    """Take the step that comes next. What speaks against it is read again here, with the account locked.

    `position` is what whoever asks has seen, `about` what other features say. When a hold refuses it, that is
    noted if a person asked.
    Refused: rent.no_such_account, rent.books_wrong, rent.no_step, rent.step_not_yet, rent.another_step, rent.not_automatic.
    """
    lock_account(page, account)
    queries.check_books()
    on = london_date(at)
    history = queries.history(queries.cases([account]).get(account), queries.steps_of([account]).get(account, []))
    found = steps.propose(position, history, steps.together(queries.circumstances([account], on)[account], about), on)
    if isinstance(found, Held):
        codes = tuple(hold.code for hold in found.holds)
        if by.kind != JOB:
            page.write(facts.StepRefused(account=account, step=step or None, holds=list(codes)))
        return Taken(holds=codes)
    proposed = _wanted(found, step)
    if by.kind == JOB and not proposed.step.automatic:
        raise Refused("rent.not_automatic")
    return Taken(entry=page.write(_taken(position, proposed, tenants, spoke, tidy(note))))


def _wanted(found: Proposed | Waiting | None, step: str) -> Proposed:
    if found is None:
        raise Refused("rent.no_step")
    if isinstance(found, Waiting):
        raise Refused("rent.step_not_yet", day=f"{found.not_before:%d/%m/%Y}")
    if found.step.code != step:
        raise Refused("rent.another_step", words=found.step.words)
    return found


def _taken(position: Position, proposed: Proposed, tenants: list[str], spoke: bool | None, note: str | None) -> facts.StepTaken:
    return facts.StepTaken(
        account=position.account, step=proposed.step.code, on=position.on, pence=position.to_pay_pence,
        relies=list(dict.fromkeys(one.source for one in proposed.relies)), citation=proposed.citation, tenants=tenants,
        pay_by_on=position.by, spoke=spoke, note=note, says=position.sentence,
        working=[f"{line.tenant_words}: {pounds(line.pence)}" for line in position.lines],
    )  # fmt: skip


class Seen(NamedTuple):
    """Where an account stands tonight: what it needs to pay, and whether a person looks at it."""

    pence: int
    stands: Stands


TOGETHER = 400  # accounts in one entry: well below what an entry holds


@action
def note_arrears(page: Page, *, on: date, seen: Mapping[str, Seen], by: By, at: datetime, command: str) -> int:
    """Note where accounts stand, of those that stand otherwise than before. Returns how many those were."""
    page.preload(ArrearsCase, seen)
    before = queries.cases(seen)
    changed = [account for account, now in seen.items() if _differs(before.get(account), now)]
    ordered = in_order_of_partitions(changed)
    for start in range(0, len(ordered), TOGETHER):
        some = ordered[start : start + TOGETHER]
        page.write(
            facts.ArrearsSeen(
                on=on, accounts=some, pence=[seen[one].pence for one in some], stands=[seen[one].stands for one in some]
            )
        )
    return len(changed)


@action
def note_holds_due(page: Page, *, on: date, holds: int, oldest_on: date, by: By, at: datetime, command: str) -> None:
    """Note how many holds wait for somebody to look at them. It rings."""
    page.write(facts.HoldsDue(on=on, holds=holds, oldest_on=oldest_on))


def _differs(before: ArrearsCase | None, now: Seen) -> bool:
    if before is None:
        return now.stands != "clear"
    return (before.pence, before.stands) != (now.pence, now.stands)


@action
def note_sample(page: Page, *, accounts: int, differing: list[str], by: By, at: datetime, command: str) -> None:
    """Note what the nightly sample found. While any account differs, no step is taken."""
    page.write(facts.RentSampled(accounts=accounts, differing=differing))
