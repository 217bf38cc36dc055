"""Cases retold as dated events, read from YAML: `case`, `home`, `events` with `on`, `by` and `what`; and what each must show.

An event may say plainly what its words leave open: `fault` `room` `flags` `needs` (codes of the catalogue), `channel`,
`outcome` (of a visit) and `time` (HH:MM).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from lamplit.basics.clock import LONDON
from lamplit.basics.marked import Marked, compose
from lamplit.basics.plain import Plain

_PLAINLY = ("fault", "room", "flags", "needs", "channel", "outcome", "time")
MORNING, NOON = time(9), time(12)  # the tenant's word comes first on a day of which no hour is known


class Event(Plain, frozen=True, kw_only=True):
    """One thing that happened. `by`: tenant, landlord, operative, or somebody else who told us."""

    at: datetime
    by: str
    what: str
    fault: str | None = None
    room: str | None = None
    flags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    channel: str | None = None
    outcome: str | None = None

    @property
    def ours(self) -> bool:
        """True for what the landlord or somebody working for it did."""
        return self.by in ("landlord", "operative", "contractor", "surveyor", "staff")


class Case(Plain, frozen=True, kw_only=True):
    """One case, its events in order. `ask` lists in words what a good record makes plain."""

    case: str
    home: str
    events: tuple[Event, ...]
    landlord: str | None = None
    determined_on: date | None = None
    ask: tuple[str, ...] = ()


def read_cases(text: str, source: str) -> list[Case]:
    """Read every case of a file. LineError names the first line that is wrong."""
    return [_case(place) for place in compose(text, source).listed()]


def _case(place: Marked) -> Case:
    fields = place.fields(("case", "home", "events"), ("determined_on", "landlord", "ask"))
    events = tuple(sorted((_event(where) for where in fields["events"].listed()), key=lambda event: event.at))
    if not events:
        raise fields["events"].wrong("a case needs at least one event")
    return Case(
        case=fields["case"].text(), home=fields["home"].text(), events=events,
        landlord=fields["landlord"].text() if "landlord" in fields else None,
        determined_on=_date(fields["determined_on"]) if "determined_on" in fields else None,
        ask=fields["ask"].texts() if "ask" in fields else (),
    )  # fmt: skip


def _event(place: Marked) -> Event:
    fields = place.fields(("on", "by", "what"), _PLAINLY)
    by = fields["by"].text()
    on, hour = _date(fields["on"]), MORNING if by == "tenant" else NOON
    if "time" in fields:
        hour = _time(fields["time"])
    given = {name: fields[name].text() for name in ("fault", "room", "channel", "outcome") if name in fields}
    lists = {name: fields[name].texts() for name in ("flags", "needs") if name in fields}
    at = datetime.combine(on, hour, LONDON).astimezone(UTC)
    return Event(at=at, by=by, what=fields["what"].text(), **given, **lists)  # type: ignore[arg-type]


def _date(place: Marked) -> date:
    try:
        return date.fromisoformat(place.text())
    except ValueError as error:
        raise place.wrong("write a day as 2023-04-11") from error


def _time(place: Marked) -> time:
    try:
        return time.fromisoformat(place.text())
    except ValueError as error:
        raise place.wrong("write a time as 09:30") from error


def events_by_day(case: Case) -> Iterator[tuple[date, list[Event]]]:
    """Yield a case's events day by day."""
    days: dict[date, list[Event]] = {}
    for event in case.events:
        days.setdefault(event.at.astimezone(LONDON).date(), []).append(event)
    yield from days.items()
