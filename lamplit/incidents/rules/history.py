"""What the public reads of an incident afterwards: everything said, moved, missed and corrected, newest first. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from lamplit.basics.plain import Plain

What = Literal["opened", "said", "moved", "missed", "corrected", "ended"]
WHOLE = "incident"  # what a line is about that is about no single service


class Move(Plain, frozen=True, kw_only=True):
    """A promise that was put off: from when to when, why, and when we said so."""

    from_at: datetime
    to_at: datetime
    why: str
    at: datetime


class Event(Plain, frozen=True, kw_only=True):
    """One thing that stays visible. `promised_at` is the promise that this keeps; `late` that it came after its time;
    `wrong` that these words were corrected later.

    `from_at` and `to_at` are of what was moved: a promised update, or (for `said`) when the service was expected back.
    """

    at: datetime
    about: str
    what: What
    line: str
    says: str | None = None
    state: str | None = None
    promised_at: datetime | None = None
    late: bool | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    wrong: bool | None = None


def moves(line: Any) -> list[Move]:
    """Return how a promise was put off, in order."""
    when = datetime.fromisoformat
    return [
        Move(from_at=when(one["from_at"]), to_at=when(one["to_at"]), why=one["why"], at=when(one["at"]))
        for one in line.moves or []
    ]


def history(lines: Iterable[Any]) -> list[Event]:
    """Return what happened, newest first. `lines` are those of one incident, oldest first."""
    before: dict[str, Any] = {}
    events: list[Event] = []
    for line in lines:
        events += _of(line, before.get(line.about))
        before[line.about] = line
    return sorted(events, key=lambda event: event.at)[::-1]


def _of(line: Any, before: Any) -> list[Event]:
    promised = before is not None and before.kept_at == line.said_at
    back_moved = before is not None and before.back_at is not None and before.back_at != line.back_at
    events = [
        Event(
            at=line.said_at, about=line.about, line=line.id, what=_what(line, before), says=_words(line), state=line.state,
            promised_at=before.next_at if promised else None,
            late=before.kept_at > before.next_at if promised else None,
            from_at=before.back_at if back_moved else None, to_at=line.back_at if back_moved else None,
            wrong=line.corrected_at is not None or None,
        )
    ]  # fmt: skip
    shared: dict[str, Any] = {"about": line.about, "line": line.id}
    events += [
        Event(at=one.at, what="moved", says=one.why, from_at=one.from_at, to_at=one.to_at, **shared) for one in moves(line)
    ]
    if line.missed_at is not None:
        events.append(Event(at=line.missed_at, what="missed", promised_at=line.next_at, **shared))
    if line.corrected_at is not None:
        events.append(Event(at=line.corrected_at, what="corrected", says=line.corrected_why, **shared))
    return events


def _what(line: Any, before: Any) -> What:
    if line.about != WHOLE:
        return "said"
    if before is None:
        return "opened"
    return "ended" if line.next_at is None else "said"


def _words(line: Any) -> str | None:
    """Return every word of a line, as one text."""
    return " ".join(text for text in (line.says, line.works, line.instead) if text) or None
