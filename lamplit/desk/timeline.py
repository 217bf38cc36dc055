"""What happened, as lines of a timeline: of a person, and of a repair."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse

from lamplit.basics.words import full_moment, near_moment, times
from lamplit.config.written import say_once
from lamplit.desk import words
from lamplit.desk.names import Names

Item = dict[str, Any]
LIMIT = 200
SENT = {"ordered": "to be sent", "sent": "sent", "failed": "could not be delivered"}


def of_person(
    *, contacts: Iterable[Any], promises: Iterable[Any], sent: Iterable[Any], told: Iterable[Any], cases: Iterable[Any],
    names: Names, now: datetime,
) -> list[Item]:  # fmt: skip
    """Return everything said to and done for a person, newest first."""
    items = [
        *(_contact(row, names) for row in contacts),
        *(item for row in promises for item in _promise(row, names, now)),
        *(_message(row) for row in sent),
        *(item for row in told for item in _repair(row)),
        *(_complaint(row) for row in cases),
    ]
    items.sort(key=lambda item: item["sort"], reverse=True)
    return [_dated(item, now) for item in items[:LIMIT]]


def _dated(item: Item, now: datetime) -> Item:
    return item | {"when": near_moment(item["sort"], now), "at": item["sort"].isoformat()}


def _contact(row: Any, names: Names) -> Item:
    way = words.CHANNELS.get(str(row.channel), words.readable(row.channel, "Contact"))
    marks = {"staff": " (staff only)", "restricted": " (restricted)"}
    late = words.written_late(row.happened_at, row.recorded_at)
    return {
        "sort": row.happened_at,
        "what": f"{way}, {'from them' if row.direction == 'in' else 'from us'}{marks.get(str(row.audience), '')}",
        "more": words.readable(row.said),
        "by": f"Written down by {names.of(row.by)}{f' on {late}' if late else ''}",
        "href": reverse("record_other", args=["contact", row.id]),
    }


def _promise(row: Any, names: Names, now: datetime) -> list[Item]:
    href = reverse("keep_promise", args=[row.id])
    made = {
        "sort": row.made_at, "what": f"Promised: {words.readable(row.what)}", "href": href,
        "more": f"By {full_moment(row.due_at)}", "by": names.of(row.made_by),
        "kind": "missed" if row.kept_at is None and row.due_at < now else "plain",
    }  # fmt: skip
    if row.kept_at is None:
        return [made]
    late = row.kept_at > row.due_at
    kept = {
        "sort": row.kept_at, "what": f"Promise kept{' late' if late else ''}: {words.readable(row.what)}", "href": href,
        "more": words.readable(row.how), "by": names.of(row.kept_by), "kind": "missed" if late else "done",
    }  # fmt: skip
    return [made, kept]


def _message(row: Any) -> Item:
    way = words.CHANNELS.get(str(row.channel), "Message")
    return {
        "sort": row.ordered_at, "what": f"{way} from us, {SENT[row.status]}: {words.readable(row.subject)}",
        "href": reverse("message", args=[row.id]), "kind": "missed" if row.status == "failed" else "plain",
    }  # fmt: skip


def _repair(row: Any) -> list[Item]:
    href, title = reverse("desk_repair", args=[row.id]), words.readable(row.title, "A repair")
    items = [{"sort": row.reported_at, "what": f"Repair reported: {title}", "href": href, "more": row.reference}]
    if row.closed_at is not None:
        how = words.CLOSED_HOW.get(row.closed_how, "Closed")
        items.append({"sort": row.closed_at, "what": f"{title}: {how}", "href": href, "kind": "done"})
    return items


def _complaint(row: Any) -> Item:
    return {
        "sort": row.made_at,
        "what": f"Complaint {row.reference}",
        "href": reverse("complaint", args=[row.id]),
        "kind": "missed",
    }


# What a line of a repair's timeline says, by the kind of its fact. `{x}` is filled from the line's details.
REPAIR_WORDS = {
    "repair.reported": "Reported",
    "repair.retriaged": "Looked at again: now {priority}",
    "repair.joined": "A further report joined",
    "repair.noted": "Note",
    "photo.added": "Photo added{stage}",
    "repair.given": "Given to {owner}",
    "on_call.rung": "{way} to {whom}, round {ring}",
    "repair.accepted": "{staff} has it",
    "work.ordered": "Work ordered: {trade}",
    "work.waiting": "Work waits",
    "work.cancelled": "Work not needed after all",
    "visit.booked": "Visit booked for {slot}",
    "visit.cancelled": "Visit called off",
    "visit.missed": "Nobody came",
    "visit.attended": "Visit: {outcome}",
    "cause.recorded": "Cause recorded",
    "hazard.step_taken": "{step}",
    "clock.ran_out": "Time ran out: {code}",
    "tenant.asked": "Asked whether it is mended: {channel}",
    "repair.confirmed": "The tenant says that it is mended",
    "repair.closed": "{how}",
    "repair.reopened": "It is not mended: reopened",
}
MISSED = ("visit.missed", "clock.ran_out", "repair.reopened")
DONE = ("repair.confirmed", "repair.closed", "visit.attended")


def of_repair(lines: Iterable[Any], names: Names, now: datetime) -> list[Item]:
    """Return a repair's lines, oldest first. Rings without anything between them are one line, however many they were."""
    items = []
    for rung, group in groupby(lines, key=lambda line: line.kind == "on_call.rung"):
        if rung:
            items.append(_rings(list(group), names, now))
        else:
            items += [_line(line, names, now) for line in group]
    return say_once(items)


def _rings(lines: list[Any], names: Names, now: datetime) -> Item:
    last = lines[-1]
    rounds = times(last.details["ring"] - lines[0].details["ring"] + 1)
    called = dict.fromkeys(names.of(f"staff:{who}") if (who := line.details.get("staff")) else "the firm" for line in lines)
    until = f", last {near_moment(last.at, now)}" if last.at != lines[0].at else ""
    said = f"{', '.join(called)}: text and call{until}."
    return _line(lines[0], names, now) | {"what": f"On call rung {rounds}", "more": said, "by": ""}


def actors(lines: Iterable[Any]) -> list[str]:
    """Return everybody whom a repair's lines name, as actors."""
    found = []
    for line in lines:
        found.append(line.by)
        found += [f"staff:{line.details[name]}" for name in ("staff", "owner") if line.details.get(name)]
        if line.voice and line.voice.startswith("p_"):
            found.append(f"person:{line.voice}")
    return found


def _line(line: Any, names: Names, now: datetime) -> Item:
    by = names.of(line.by)
    kind = "missed" if line.kind in MISSED else "done" if line.kind in DONE else "plain"
    if line.kind == "visit.attended" and line.details.get("outcome") == "no_access":
        kind = "missed"
    return {
        "when": (words.ran_out if line.kind == "clock.ran_out" else near_moment)(line.at, now),
        "at": line.at.isoformat(),
        "what": _what(line, names),
        "more": _more(line),
        "kind": kind,
        "by": f"By {by}" if line.by else "",
        "written": words.written_late(line.at, line.recorded_at),
        "href": reverse("record_entry", args=[line.id]),
    }


def _what(line: Any, names: Names) -> str:
    details = line.details
    if line.kind == "visit.missed" and details.get("unsaid"):
        return "Counts as missed: nobody told us that somebody came"
    fill = {
        "priority": words.PRIORITIES.get(details.get("priority", ""), "").lower(),
        "owner": names.of(f"staff:{details.get('owner')}"),
        "staff": names.of(f"staff:{details.get('staff')}"),
        "whom": names.of(f"staff:{details['staff']}") if details.get("staff") else "the firm",
        "way": {"text": "Text", "call": "Call"}.get(details.get("way", ""), "Ring"),
        "ring": details.get("ring", ""),
        "stage": {"before": ", before the work", "after": ", after the work"}.get(details.get("stage", ""), ""),
        "trade": words.trade(details.get("trade", "")).lower(),
        "slot": words.slot(_time(details["from_at"]), _time(details["until_at"])) if "from_at" in details else "",
        "outcome": words.OUTCOMES.get(details.get("outcome", ""), "").lower(),
        "step": (f"Hazard {details['of']}: " if details.get("of") else "")
        + words.HAZARD_STEPS.get(details.get("step", ""), words.plain(details.get("step", ""))),
        "code": words.clock_duty(details["code"]) if "code" in details else "",
        "channel": words.CHANNELS.get(details.get("channel", ""), words.plain(details.get("channel", ""))).lower(),
        "how": words.CLOSED_HOW.get(details.get("how", ""), "Closed"),
    }
    said = REPAIR_WORDS.get(line.kind, words.plain(line.kind)).format(**fill)
    if line.kind == "repair.reported":
        said += f" ({words.CHANNELS.get(details.get('channel', ''), 'by us').lower()}): {words.readable(line.about)}"
    return said


def _time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _more(line: Any) -> str:
    parts = []
    if line.kind != "repair.reported" and line.about is not None:
        parts.append(words.readable(line.about))
    if line.said is not None:
        parts.append(f"“{words.readable(line.said)}”")
    if line.visit is not None:
        parts += [words.readable(one) for one in (line.visit.found, line.visit.did, line.visit.cause) if one is not None]
        if isinstance(line.visit.tried, list):
            parts.append("Tried: " + ", ".join(_tried(one) for one in line.visit.tried))
        if isinstance(line.visit.evidence, list):
            parts.append("Evidence: " + ", ".join(line.visit.evidence))
    if line.audience in ("staff", "restricted", "voice"):
        parts.append({"staff": "Staff only.", "restricted": "Restricted.", "voice": "They and staff only."}[line.audience])
    return "\n".join(parts)


def _tried(one: dict[str, Any]) -> str:
    way = words.TRIED.get(one["way"], words.plain(one["way"]))
    return f"{way} ({one['said']})" if one.get("said") else way
