"""Holds, breathing spaces and steps of accounts, and which accounts a person looks at."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db.models import QuerySet

from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import london_date
from lamplit.record.ready import Ready
from lamplit.rent.facts import OWED, Protection
from lamplit.rent.models import (
    AccountHold,
    ArrearsCase,
    ArrearsStep,
    BankAdvice,
    ConsideredNeeds,
    HoldLook,
    LedgerLine,
    RefusedStep,
    RentProtection,
    RentSample,
)
from lamplit.rent.rules import breathing, holds
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.ladder import ladder, steps_file
from lamplit.rent.rules.steps import Done, History, LookedAt

_LIVE = Ready(lambda accounts: AccountHold.objects.filter(account__any=accounts, ended_at=None).order_by("placed_at", "id"))
_HOLDS = Ready(lambda account: AccountHold.objects.filter(account=account).order_by("-placed_at", "-id"))
_STEPS = Ready(lambda accounts: ArrearsStep.objects.filter(account__any=accounts).order_by("at", "id"))
_CASES = Ready(lambda accounts: ArrearsCase.objects.filter(id__any=accounts))
_MOVED = Ready(lambda accounts: LedgerLine.objects.filter(account__any=accounts).order_by("on", "at", "id"))


def _running(accounts: list[str] | None) -> "QuerySet[RentProtection]":
    rows = RentProtection.objects.filter(ended_at=None).order_by("id")
    return rows if accounts is None else rows.filter(account__any=accounts)


WRITTEN = ("text", "letter", "notice", "court")


class ProtectionSeen(NamedTuple):
    """A breathing space that runs. `about` is None where it cannot be read, and for whoever may not read it."""

    id: str
    account: str
    from_on: date
    protected_pence: int
    ongoing_pence: int
    about: Protection | None


def _by_account(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.account, []).append(row)
    return found


def live_holds(accounts: Iterable[str]) -> dict[str, list[AccountHold]]:
    """Return the holds that stand, by account."""
    return _by_account(_LIVE.all(accounts=list(accounts)))


def holds_of(account: str) -> list[AccountHold]:
    """Return every hold of an account, ended ones too, the newest first."""
    return _HOLDS.all(account=account)


def hold(ident: str) -> AccountHold | None:
    """Return one hold, or None."""
    return AccountHold.objects.filter(id=ident).first()


def stopped_by_death(accounts: Iterable[str]) -> set[str]:
    """Return those of these accounts to which no letter may go, since somebody has died or may have.

    An advice of a bank waits for a person, or a hold of a death stands. A hold that nobody can read counts as one too.
    """
    listed = list(accounts)
    advices = BankAdvice.objects.filter(account__in=listed, stop_letters=True, settled_at=None)
    held = live_holds(listed).items()
    dead = (account for account, rows in held if "deaths" in holds.by_field(map(standing_of, rows)))
    return {*advices.values_list("account", flat=True), *dead}


def letters_stopped(account: str) -> bool:
    """Say whether no letter may go to an account: somebody has died or may have."""
    return account in stopped_by_death([account])


def held_because(causes: Iterable[str]) -> set[tuple[str, str]]:
    """Return (account, contact or e-mail) of those of these from which a hold followed."""
    return set(AccountHold.objects.filter(because__in=list(causes)).values_list("account", "because"))


def accounts_answered() -> set[str]:
    """Return the accounts on which somebody said something that no person has answered."""
    rows = AccountHold.objects.filter(ended_at=None, because__isnull=False)
    return set(rows.values_list("account", flat=True))


def holds_to_review(on: date, limit: int = 200) -> list[AccountHold]:
    """Return the holds that somebody must look at by a day, the oldest first."""
    return list(AccountHold.objects.filter(ended_at=None, review_on__lte=on).order_by("review_on", "id")[:limit])


def review_days(on: date) -> list[date]:
    """Return the day of each placed hold that somebody must look at by a day."""
    return list(AccountHold.objects.filter(ended_at=None, review_on__lte=on).values_list("review_on", flat=True))


def looks_at_holds(accounts: list[str], held: Mapping[str, list[AccountHold]]) -> dict[str, tuple[LookedAt, ...]]:
    """Return by account when a person looked at what holds, the newest last; what was placed has its own day.

    `held`: the holds that people placed. A look whose hold cannot be read counts for none.
    """
    found: dict[str, list[LookedAt]] = {}
    for account, rows in held.items():
        for row in rows:
            if isinstance(row.kind, str) and row.kind in holds.KINDS:
                on = london_date(row.moved_at or row.placed_at)
                found.setdefault(account, []).append(LookedAt(code=holds.KINDS[row.kind][0], on=on, review_on=row.review_on))
    for look in HoldLook.objects.filter(account__in=accounts).order_by("at", "id"):
        if isinstance(look.code, str):
            seen = LookedAt(code=look.code, on=london_date(look.at), review_on=look.review_on)
            found.setdefault(str(look.account), []).append(seen)
    return {account: tuple(sorted(looks, key=lambda one: one.on)) for account, looks in found.items()}


def owner_of(row: AccountHold) -> str:
    """Return whose a hold is that nobody has taken on: a role."""
    kind = row.kind if isinstance(row.kind, str) and row.kind in holds.KINDS else "welfare"
    return steps_file().hold[holds.KINDS[kind][0]].owner


def standing_of(row: AccountHold) -> holds.Standing:
    """Return a hold as rules read it."""
    return holds.Standing(row.id, row.kind if isinstance(row.kind, str) else None)


def protection(ident: str) -> RentProtection | None:
    """Return one breathing space, or None."""
    return RentProtection.objects.filter(id=ident).first()


def running(accounts: Iterable[str] | None) -> dict[str, RentProtection]:
    """Return the breathing spaces that nobody ended, by account; of all accounts for None."""
    return {row.account: row for row in _running(None if accounts is None else list(accounts))}


def protected(accounts: Iterable[str] | None) -> dict[str, ProtectionSeen]:
    """Return what of these accounts is protected now, with ongoing rent beside it; of all accounts for None."""
    rows = running(accounts)
    lines = _by_account(_MOVED.all(accounts=list(rows))) if rows else {}
    return {account: _seen(row, lines.get(account, [])) for account, row in rows.items()}


def _seen(row: RentProtection, lines: Iterable[LedgerLine]) -> ProtectionSeen:
    """Follow what counts from the first day on: rent that falls due is ongoing, a payment goes to ongoing rent first.

    What was put right since of the time before belongs to what is protected: so does a payment of that time that came back. One
    of the space itself that came back stands as if it had never been.
    """
    before, first, moved = row.pence, dict[str, str](), dict[str, int]()
    old: set[str] = set()
    for line in lines:
        root = first[line.id] = first.get(line.reverses, line.reverses) if line.reverses else line.id
        if line.on < row.from_on:
            old.add(line.id)
            before += owing(line) if line.at > row.started_at else 0
        elif root in old:
            before += owing(line)
        else:
            moved[root] = moved.get(root, 0) + owing(line)
    stands = breathing.freeze(before)
    for pence in moved.values():
        stands = breathing.pay(stands, -pence) if pence < 0 else breathing.charge(stands, pence)
    return ProtectionSeen(row.id, row.account, row.from_on, stands.protected_pence, stands.ongoing_pence, about_of(row))


def may_collect(account: str, due_on: date, on: date) -> bool:
    """Say whether what was due on a day may be collected on another: not what a breathing space protects."""
    row = running([account]).get(account)
    if row is None:
        return True
    about = about_of(row)
    if about is None:
        return False  # nobody can say for how long it runs
    return not breathing.refuses(space_of(about), "collect", "protected" if due_on < row.from_on else "ongoing", on)


def owed_before(account: str, on: date) -> int:
    """Return what an account stood at when a day began, by when each line counts."""
    return sum(owing(line) for line in _MOVED.all(accounts=[account]) if line.on < on)


def owing(line: LedgerLine) -> int:
    """Return what a line changes of what is owed: above nought more, below nought less."""
    pence: int = line.pence
    return pence * ((line.debit in OWED) - (line.credit in OWED))


def about_of(row: RentProtection) -> Protection | None:
    """Return what we were told of a breathing space, or None where it cannot be read."""
    return None if row.about is None or isinstance(row.about, Unavailable) else msgspec.convert(row.about, Protection)


def protections_over(on: date) -> list[RentProtection]:
    """Return the breathing spaces whose last day has passed and that nobody ended yet."""
    return [
        row
        for row in RentProtection.objects.filter(ended_at=None).order_by("id")
        if (about := about_of(row)) is not None and (last := breathing.ends_on(space_of(about))) is not None and last < on
    ]


class DaysOfSpace(NamedTuple):
    """The days of a breathing space. `last`: None while the treatment goes on. `review`: when the adviser reviews it."""

    first: date
    last: date | None
    review: tuple[date, date] | None
    ask_until: date


def days_of_space(about: Protection) -> DaysOfSpace:
    """Return the days that the law gives a breathing space."""
    space = space_of(about)
    first, last = breathing.starts_on(space), breathing.ends_on(space)
    return DaysOfSpace(first, last, breathing.midway_review(space), breathing.may_ask_review_until(space))


def space_of(about: Protection) -> breathing.Space:
    """Return a breathing space as rules read it."""
    return breathing.Space(
        registered_on=about.registered_on, kind=about.kind, treatment_ended_on=about.treatment_ended_on, ended_on=about.ended_on
    )


def steps_of(accounts: Iterable[str]) -> dict[str, list[ArrearsStep]]:
    """Return the steps that were taken, by account, the oldest first."""
    return _by_account(_STEPS.all(accounts=list(accounts)))


def refused_steps(account: str, limit: int = 20) -> list[RefusedStep]:
    """Return the steps of an account that people asked for and holds refused, the newest first."""
    return list(RefusedStep.objects.filter(account=account).order_by("-at", "-id")[:limit])


def considered(accounts: Iterable[str], on: date) -> dict[str, list[Any]]:
    """Return by account when a person considered the needs, as far as it counts on a day."""
    since = on - timedelta(days=policy().number("steps.needs_considered_days", on))
    lately = {"account__in": list(accounts), "at__date__gte": since}
    looks = [row for row in HoldLook.objects.filter(**lately) if row.code == holds.CONSIDERED]
    rows: list[Any] = [*ConsideredNeeds.objects.filter(**lately), *looks]
    return _by_account(sorted(rows, key=lambda row: (row.at, row.id)))


def cases(accounts: Iterable[str]) -> dict[str, ArrearsCase]:
    """Return where accounts stood when the nightly job last found them changed."""
    return {row.id: row for row in _CASES.all(accounts=list(accounts))}


def open_cases() -> list[ArrearsCase]:
    """Return every account that a person looks at."""
    return list(ArrearsCase.objects.exclude(stands="clear").order_by("id"))


def history(case: ArrearsCase | None, taken: Iterable[ArrearsStep]) -> History:
    """Return an account's history as rules read it."""
    return History(
        since=case.since_on if case is not None else None,
        done=tuple(Done(fact=row.id, step=row.step, on=row.on) for row in taken),
    )


def written_since(since: datetime) -> dict[str, list[ArrearsStep]]:
    """Return by account the steps since then by which something was written to her."""
    taken = _by_account(ArrearsStep.objects.filter(at__gte=since).order_by("at", "id"))
    return {account: wrote for account, rows in taken.items() if (wrote := [row for row in rows if is_written(row)])}


def is_written(row: ArrearsStep) -> bool:
    """Whether a step was something that we write."""
    return any(step.code == row.step and step.act in WRITTEN for step in ladder(row.on).step)


def step_words(code: str) -> str:
    """Return what a step of the policy is, in words."""
    return next((step.words for edition in steps_file().edition for step in edition.step if step.code == code), code)


def hold_words(code: str) -> str:
    """Return what a hold is, in words."""
    rule = steps_file().hold.get(code)
    return rule.words.replace("{day}", "an earlier day") if rule is not None else code


def last_sample() -> RentSample | None:
    """Return the newest nightly sample, or None before the first."""
    return RentSample.objects.order_by("-at", "-id").first()


def differing() -> list[str]:
    """Return the accounts whose entries did not give what our tables say, when the last sample was taken."""
    last = last_sample()
    return list(last.differing) if last is not None else []
