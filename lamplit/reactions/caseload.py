"""The officers' caseload: every account that a person looks at, ordered by harm and the chance to help, and why."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.db import connection

from lamplit.basics.working_days import london_date
from lamplit.reactions import chasing
from lamplit.rent import queries
from lamplit.rent.rules import steps
from lamplit.rent.rules.caseload import Case, Ranked, in_order

_AT_RISK = ("notice", "panel", "court")
GROUPS = ("answer", "benefit", "step", "held", "first", "former")


class Place(NamedTuple):
    """An account's place on the caseload, the reasons, in which lists it stands, and the holds to look at that nobody placed."""

    ranked: Ranked
    groups: frozenset[str]
    due: tuple[steps.Hold, ...] = ()


class Ranking:
    """The whole caseload in its order, gone through again once in a while: everything about every account is read for it.

    What a page shows of an account is read anew.
    """

    def __init__(self, lasts: timedelta) -> None:
        self._lasts, self._lock = lasts, Lock()
        self._of: object = None
        self._at = datetime.min.replace(tzinfo=UTC)
        self._places: list[Place] = []

    def places(self, at: datetime) -> list[Place]:
        """Return them as they were at most `lasts` ago. Two who ask at once wait for the same."""
        of = connection.settings_dict["NAME"]
        with self._lock:
            if self._of != of or not self._at <= at < self._at + self._lasts:
                self._places, self._of, self._at = caseload(at), of, at
            return self._places


def caseload(at: datetime) -> list[Place]:
    """Return every account that a person looks at, whom to look at first in front."""
    on = london_date(at)
    open_cases = {row.id: row for row in queries.open_cases()}
    seen, weekly, answers = chasing.look(open_cases, at), queries.weekly(open_cases, on), queries.accounts_answered()
    cases = [
        _case(one, seen[account], weekly.get(account, 0), wrote=account in answers) for account, one in open_cases.items()
        if account in seen
    ]  # fmt: skip
    placed = queries.live_holds(open_cases)

    def place(ranked: Ranked) -> Place:
        one, held = seen[ranked.account], (row.id for row in placed.get(ranked.account, ()))
        return Place(ranked, _groups(one, open_cases[ranked.account], answers), chasing.holds_due(one, held, on))

    return [place(ranked) for ranked in in_order(cases, on)]


def _case(row: queries.ArrearsCase, seen: chasing.Looked, weekly: int, *, wrote: bool) -> Case:
    taken = [done for done in seen.history.done if seen.history.since is not None and done.on >= seen.history.since]
    return Case(
        account=row.id, to_pay_pence=seen.position.to_pay_pence, weekly_pence=weekly,
        benefit_stopped=seen.position.asking is not None, home_at_risk=any(done.step in _AT_RISK for done in taken),
        need=bool(seen.circumstances.needs), children=seen.living.children, she_wrote=wrote,
        plan_broken=seen.position.has("plan") and seen.position.to_pay_pence > 0, first_time=row.times == 1,
        never_reached=not seen.circumstances.spoken, growing=row.pence > row.before_pence > 0,
    )  # fmt: skip


def _groups(seen: chasing.Looked, row: queries.ArrearsCase, answers: Iterable[str]) -> frozenset[str]:
    says = {
        "answer": row.id in answers, "benefit": seen.position.asking is not None,
        "step": isinstance(seen.proposal, steps.Proposed), "held": isinstance(seen.proposal, steps.Held),
        "first": row.times == 1, "former": seen.living.former,
    }  # fmt: skip
    return frozenset(group for group, is_so in says.items() if is_so)
