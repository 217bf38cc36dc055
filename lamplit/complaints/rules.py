"""The Complaint Handling Code as clocks and refusals. Pure: times and values in, clocks or missing parts out.

The acknowledgement runs from receipt, the response from the acknowledgement. Acknowledging late buys no time: beside
the Code's own clock another runs from receipt, and both are reported.
"""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Literal

import msgspec

from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import Clock, read_limit, start_clock
from lamplit.basics.figures import figures_of
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import add_working_days, day_ends_at, london_date

Stage = Literal["stage1", "stage2"]


class StageTimes(Plain, frozen=True, kw_only=True):
    """One stage of a complaint: when each thing happened. `received_at` is the complaint, or her request for stage 2.

    `extended_days` are the working days that were added at `extended_at`.
    """

    stage: Stage
    received_at: datetime
    acknowledged_at: datetime | None = None
    extended_at: datetime | None = None
    extended_days: int | None = None
    responded_at: datetime | None = None


@cache
def code() -> DatedValues:
    """The Code's figures by day."""
    return figures_of("complaints", "code.toml")


def complaint_clocks(times: StageTimes) -> tuple[Clock, ...]:
    """Return the clocks of a stage, soonest first.

    `<stage>.acknowledge` from receipt. `<stage>.respond` from the acknowledgement, once there is one, moved by an
    extension. `<stage>.from_receipt`: the last day had we acknowledged on our last day; it is never moved and is no
    clock of the Code (`law` False), but it is what she waits.
    """
    on = london_date(times.received_at)
    law = code().on("code.statutory", on).value is True
    acknowledge = start_clock(
        f"{times.stage}.acknowledge", code().on(f"{times.stage}.acknowledge", on), times.received_at, law=law
    )
    clocks = [_done(acknowledge, times.acknowledged_at), _done(_from_receipt(times, on), times.responded_at)]
    if times.acknowledged_at is not None:
        rule = code().on(f"{times.stage}.respond", on)
        respond = start_clock(f"{times.stage}.respond", rule, times.acknowledged_at, law=law)
        clocks.append(_done(_extended(respond, times), times.responded_at))
    return tuple(sorted(clocks, key=lambda clock: (clock.due_at or times.received_at, clock.code)))


def respond_by(times: StageTimes) -> date:
    """Return the last day for the response: the Code's, or the one from receipt while nothing was acknowledged."""
    clocks = {clock.code: clock for clock in complaint_clocks(times)}
    clock = clocks.get(f"{times.stage}.respond") or clocks[f"{times.stage}.from_receipt"]
    return _day(clock)


def acknowledge_by(stage: Stage, received_at: datetime) -> date:
    """Return the last day for the acknowledgement."""
    clocks = {clock.code: clock for clock in complaint_clocks(StageTimes(stage=stage, received_at=received_at))}
    return _day(clocks[f"{stage}.acknowledge"])


def most_extension(stage: Stage, on: date) -> int:
    """Return the working days that an extension may add without good reason."""
    return code().number(f"{stage}.extend_days", on)


def may_extend(
    times: StageTimes, *, at: datetime, days: int, explained: bool, ombudsman_details: bool, good_reason: str | None = None
) -> tuple[str, ...]:
    """Return what is missing before a stage may be extended (Code 6.4, 6.5, 6.15); nothing when it may.

    Codes: not_acknowledged, already_responded, already_extended, days (none, or more than the Code allows without good
    reason), too_late (the time has run out), explained, ombudsman_details.
    """
    running = times.acknowledged_at is not None and times.responded_at is None
    checks = {
        "not_acknowledged": times.acknowledged_at is not None,
        "already_responded": times.responded_at is None,
        "already_extended": times.extended_at is None or bool((good_reason or "").strip()),
        "days": days > 0 and (days <= most_extension(times.stage, london_date(at)) or bool((good_reason or "").strip())),
        "too_late": not running or at < day_ends_at(respond_by(times)),
        "explained": explained,
        "ombudsman_details": ombudsman_details,
    }
    return tuple(code_ for code_, held in checks.items() if not held)


def letter_lacks(stage: Stage, parts: Collection[str], on: date) -> tuple[str, ...]:
    """Return the parts that a response letter still lacks (Code 6.9, 6.19). A letter that lacks one is not sent."""
    return tuple(part for part in code().texts(f"letter.{stage}", on) if part not in parts)


def _from_receipt(times: StageTimes, on: date) -> Clock:
    acknowledge = code().on(f"{times.stage}.acknowledge", on)
    respond = code().on(f"{times.stage}.respond", on)
    days = read_limit(str(acknowledge.value))[0] + read_limit(str(respond.value))[0]
    whole = msgspec.structs.replace(respond, value=f"{days} working days")
    return start_clock(f"{times.stage}.from_receipt", whole, times.received_at, law=False)


def _extended(clock: Clock, times: StageTimes) -> Clock:
    """Move the response by the working days that were added."""
    if not times.extended_days:
        return clock
    due_on = add_working_days(_day(clock), times.extended_days)
    limit = f"{clock.limit} and {times.extended_days} more"
    return msgspec.structs.replace(clock, due_on=due_on, due_at=day_ends_at(due_on), limit=limit)


def _day(clock: Clock) -> date:
    if clock.due_on is None:
        raise AssertionError(f"{clock.code} counts days")
    return clock.due_on


def _done(clock: Clock, at: datetime | None) -> Clock:
    return clock if at is None else msgspec.structs.replace(clock, ended_at=at, ended_by="done")
