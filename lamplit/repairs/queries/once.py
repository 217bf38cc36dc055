"""What a line of a timeline says that another line says too: a page shows it once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lamplit.repairs.models import Happening, Visit

Lines = dict[str, tuple[str, ...]]


def told_by(happened: Iterable[Happening], visits: Mapping[str, Visit]) -> Lines:
    """Return the lines that say nothing of their own, each with those that say the same, by their ids.

    The law's step of sending a summary is told by the summaries that left us, a visit by the survey that it was.
    """
    lines = list(happened)
    of = {h.details["summary"]: h.details.get("of") for h in lines if h.kind == "summary.written"}
    found: Lines = {}
    for h in lines:
        if h.details.get("step") == "summary_sent":
            same = [one for one in lines if one.kind == "summary.sent" and one.at == h.at]
            told = [one.id for one in same if of.get(one.details["summary"]) == h.details.get("of")]
        elif h.kind == "visit.attended" and h.visit in visits:
            told = [one.id for one in lines if _is_survey_of(one, h, visits[h.visit].found)]
        else:
            continue
        if told:
            found[h.id] = tuple(told)
    return found


def _is_survey_of(line: Happening, visit: Happening, found: object) -> bool:
    """True for the survey that was written with a visit; where its words can be read no more, nothing is left out."""
    written_with = (line.at, line.by) == (visit.at, visit.by)
    return line.kind == "survey.recorded" and written_with and isinstance(found, str) and line.text == found


def has_it(lines: Iterable[Any]) -> Lines:
    """Return where somebody takes what is given to her within the same minute: that she has it, each with that it is given."""
    lines = list(lines)
    given = {(_minute(line.at), line.details.get("owner")): line.id for line in lines if line.kind == "repair.given"}
    taken = {line.id: (_minute(line.at), line.details.get("staff")) for line in lines if line.kind == "repair.accepted"}
    return {line: (given[when],) for line, when in taken.items() if when in given}


def same_step(lines: Iterable[Any]) -> Lines:
    """Return the steps that were taken for several hazards at once, each with the first of them: to the tenant one thing."""
    first: dict[tuple[Any, ...], str] = {}
    again: Lines = {}
    for line in lines:
        if line.kind == "hazard.step_taken":
            step = line.at, line.by, line.details.get("step"), line.about
            if first.setdefault(step, line.id) != line.id:
                again[line.id] = (first[step],)
    return again


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
