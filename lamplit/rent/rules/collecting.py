"""Collection runs: on which days a mandate is due, which line goes into a file under which code, and what stands out in it."""

import calendar
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from lamplit.basics.bacs_days import Cycle, cycle, earliest_after_notice, first_collection_on
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import add_working_days, working_day_before
from lamplit.rent.facts.debits import Untold
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.rules.direct_debit import code_of
from lamplit.rent.rules.figures import policy

_DAYS = {"weekly": 7, "four_weekly": 28}
_LAST_DAY = 28  # every month has it


class Noticed(Plain, frozen=True, kw_only=True):
    """A collection that she was told of, with its mandate, as a run needs it. `usual_pence`: what is collected each time.

    `paid`: it was to be late, or once more, and she has paid another way since. `over`: her tenancy ends before its day.
    """

    collection: str
    account: str
    mandate: str
    details: str
    on: date
    pence: int
    usual_pence: int
    again: bool
    live: bool
    collected_before: bool
    first_on: date | None
    paid: bool = False
    over: bool = False


class Instruct(Plain, frozen=True, kw_only=True):
    """What a bank is to be told of a mandate: 0N, 0C or 0S, and under which bank details."""

    mandate: str
    account: str
    code: str
    details: str


class Line(Plain, frozen=True, kw_only=True):
    """One collection of a run."""

    collection: str
    account: str
    mandate: str
    details: str
    pence: int
    code: str


class Run(Plain, frozen=True, kw_only=True):
    """What a run would send, and why some of what was noticed is left out."""

    lines: tuple[Line, ...]
    instructions: tuple[Instruct, ...]
    left_out: dict[str, int]
    outliers: tuple[Line, ...]

    @property
    def pence(self) -> int:
        return sum(line.pence for line in self.lines)

    @property
    def digest(self) -> str:
        """SHA-256 of every line of it: a run that has become another one is not released."""
        found = hashlib.sha256()
        for line in self.lines:
            found.update(f"{line.collection}|{line.details}|{line.pence}|{line.code}\n".encode())
        for one in self.instructions:
            found.update(f"{one.mandate}|{one.details}|{one.code}\n".encode())
        return found.hexdigest()


def check_schedule(every: FrequencyName, day: int, pence: int) -> None:
    """Refused: rent.bad_day, rent.bad_sum."""
    if not 1 <= day <= (_LAST_DAY if every == "monthly" else 7):
        raise Refused("rent.bad_day")
    if not 0 < pence < 10_000_000_000:
        raise Refused("rent.bad_sum")


def next_dues(every: FrequencyName, day: int, from_on: date, earliest_on: date, count: int) -> Iterator[date]:
    """Yield the next days on which a mandate is due: none before it begins, none before `earliest_on`."""
    first = max(from_on, earliest_on)
    if every == "monthly":
        year, month = first.year, first.month
        while count:
            on = date(year, month, min(day, calendar.monthrange(year, month)[1]))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            if on >= first:
                count -= 1
                yield on
        return
    step = _DAYS[every]
    begins = from_on + timedelta(days=(day - from_on.isoweekday()) % 7)  # four weeks are counted from the first one
    on = begins + timedelta(days=-(-max((first - begins).days, 0) // step) * step)
    for number in range(count):
        yield on + timedelta(days=number * step)


def first_day(every: FrequencyName, day: int, today: date) -> date:
    """Return the first day on which money can move under an instruction of today: the next working day's file tells her bank."""
    told_on = add_working_days(today, 1)
    earliest = max(first_collection_on(told_on), earliest_after_notice(told_on))
    return cycle(next(next_dues(every, day, today, earliest, 1))).entry_on


def days_of(entry_on: date) -> tuple[date, date, Cycle]:
    """Return the first and the last due day whose money moves on an entry day, and its cycle. Refused: rent.no_entry_day."""
    days = cycle(entry_on)
    if days.entry_on != entry_on:
        raise Refused("rent.no_entry_day", nearest=f"{days.entry_on:%d/%m/%Y}")
    return working_day_before(entry_on, 1) + timedelta(days=1), entry_on, days


def work_out(noticed: Iterable[Noticed], instructions: Iterable[Instruct]) -> Run:
    """Return what a run sends. One that stopped, ended or may not be collected yet is left out, and said to be."""
    lines, outliers, left_out = [], [], dict[str, int]()
    percents: dict[date, int] = {}
    for one in noticed:
        why = _why_not(one)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        line = Line(
            collection=one.collection, account=one.account, mandate=one.mandate, details=one.details, pence=one.pence,
            code="18" if one.again else code_of(is_first=not one.collected_before),
        )  # fmt: skip
        lines.append(line)
        if one.on not in percents:
            percents[one.on] = policy().number("debit.outlier_percent", one.on)
        if _stands_out(one, percents[one.on]):
            outliers.append(line)
    return Run(lines=tuple(lines), instructions=tuple(instructions), left_out=left_out, outliers=tuple(outliers))


def _why_not(one: Noticed) -> str:
    if not one.live:
        return "the instruction has stopped or ended"
    if one.first_on is not None and one.on < one.first_on:
        return "their bank was told too lately"
    if one.over:
        return "the tenancy ends before"
    if one.paid:
        return "paid another way since"
    return ""


def _stands_out(one: Noticed, percent: int) -> bool:
    """A sum that is far from what is collected each time."""
    return not one.again and abs(one.pence - one.usual_pence) * 100 > one.usual_pence * percent


def untold(mandate: str, state: str, details: str, told: Mapping[str, str]) -> Untold | None:
    """Return what a bank is still to be told of an instruction that stood in a file which did not go. `told`: details by code.

    It stands now as `state` and `details` say. What has ended since is not begun: at most the old bank is told of its end.
    One that stopped is told of when a person lets it go on.
    """
    ends, begins = told.get("0C"), next((code for code in ("0N", "0S") if code in told), None)
    if state == "ended":
        return Untold(mandate=mandate, details=ends or details, instruction="0C" if ends else None)
    if begins is None:
        return None
    due = begins if state != "stopped" else None
    return Untold(mandate=mandate, details=details, instruction=due, old_details=ends)  # type: ignore[arg-type]
