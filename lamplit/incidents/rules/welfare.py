"""Whom to ring in an incident, in which order, and what may come of a call. Pure."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.people.rules import age_on

Outcome = Literal["well", "needs_help", "no_answer", "wrong_number", "refused"]
REACHED = ("well", "needs_help", "refused")
LATEST = timedelta(days=60)


@cache
def book() -> dict[str, Any]:
    """The weights."""
    return tomllib.loads((files("lamplit.incidents") / "data" / "welfare.toml").read_text(encoding="utf-8"))


def reasons(needs: Iterable[str], ages: Iterable[date | None], hazards: Iterable[str], on: date) -> list[str]:
    """Return why a household is rung, the heaviest first; nothing where nobody needs to. `ages`: who lives there, by birth."""
    living = list(ages)
    weights: dict[str, int] = book()["needs"]
    found = {code for code in needs if code in weights} | set(hazards)
    if len(living) == 1 and living[0] is not None and age_on(living[0], on) >= book()["alone_from_age"]:
        found.add("alone_and_old")
    return sorted(found, key=lambda code: (-weight(code), code))


def weight(code: str) -> int:
    """Return how much a reason weighs."""
    found: int = book()["needs"].get(code) or book()["homes"][code]
    return found


def rank(codes: list[str]) -> tuple[int, int]:
    """Return what a household is ordered by, the most urgent smallest."""
    return -weight(codes[0]), -len(codes)


def check_call(outcome: str, needs: str, next_on: date | None, at: datetime) -> None:
    """Refused: incidents.no_such_outcome, incidents.say_what_help, incidents.no_next_call, incidents.call_passed."""
    if outcome not in get_args(Outcome):
        raise Refused("incidents.no_such_outcome")
    if outcome == "needs_help" and not needs.strip():
        raise Refused("incidents.say_what_help")
    if next_on is None and outcome != "refused":
        raise Refused("incidents.no_next_call")
    if next_on is not None and not london_date(at) <= next_on <= london_date(at + LATEST):
        raise Refused("incidents.call_passed")


def is_late(opened_at: datetime, reached_at: datetime | None, at: datetime) -> bool:
    """Say whether a household has gone unreached for too long, since the incident began or since it was reached last."""
    return at - max(reached_at or opened_at, opened_at) >= timedelta(days=book()["unreached_days"])
