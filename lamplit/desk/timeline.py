"""What happened, as lines of a timeline: of a person, and of a repair."""

from collections.abc import Container, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.urls import reverse

from lamplit.basics.brought import BY_FILE
from lamplit.basics.words import pounds
from lamplit.config.left import times
from lamplit.config.speaking import counted, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, listed, near_moment
from lamplit.config.written import say_once
from lamplit.desk import words
from lamplit.desk.names import Names

Item = dict[str, Any]
LIMIT = 200


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
    return item | {"when": words.near_time(item.get("told_by") or "", item["sort"], now), "at": item["sort"].isoformat()}


def _contact(row: Any, names: Names) -> Item:
    way = words.CHANNELS.get(str(row.channel), words.readable(row.channel, _("Contact")))
    marks = {"staff": _("(staff only)"), "restricted": _("(restricted)")}
    unproved = _("(sender not proved)") if row.proof == "unproved" else ""
    late = words.written_late(row.happened_at, row.recorded_at)
    return {
        "sort": row.happened_at,
        "what": " ".join(filter(None, (contact_words(way, row.direction), marks.get(str(row.audience)), unproved))),
        "more": words.readable(row.said),
        "by": _("Written down by %(by)s on %(late)s") % {"by": names.of(row.by), "late": late}
        if late
        else _("Written down by %(by)s") % {"by": names.of(row.by)},
        "href": reverse("record_other", args=["contact", row.id]),
    }


def contact_words(way: str, direction: str) -> str:
    """Return "Call, from them" or "Letter, from us"."""
    return (_("%(way)s, from them") if direction == "in" else _("%(way)s, from us")) % {"way": way}


def _promise(row: Any, names: Names, now: datetime) -> list[Item]:
    href = reverse("keep_promise", args=[row.id])
    made = {
        "sort": row.made_at, "what": _("Promised: %(what)s") % {"what": words.readable(row.what)}, "href": href,
        "more": _("By %(when)s") % {"when": full_moment(row.due_at)}, "by": names.of(row.made_by),
        "kind": "missed" if row.kept_at is None and row.due_at < now else "plain",
    }  # fmt: skip
    if row.kept_at is None:
        return [made]
    late = row.kept_at > row.due_at
    said = _("Promise kept late: %(what)s") if late else _("Promise kept: %(what)s")
    kept = {
        "sort": row.kept_at, "what": said % {"what": words.readable(row.what)},
        "href": href,
        "more": words.readable(row.how), "by": names.of(row.kept_by), "kind": "missed" if late else "done",
    }  # fmt: skip
    return [made, kept]


def _message(row: Any) -> Item:
    way = words.CHANNELS.get(str(row.channel), _("Message"))
    return {
        "sort": row.ordered_at,
        "what": _("%(way)s from us, %(status)s: %(subject)s")
        % {"way": way, "status": words.MESSAGE_STATES[row.status], "subject": words.readable(row.subject)},
        "href": reverse("message", args=[row.id]),
        "kind": "missed" if row.status == "failed" else "plain",
    }


def _repair(row: Any) -> list[Item]:
    href, title = reverse("desk_repair", args=[row.id]), words.readable(row.title, _("A repair"))
    told = {
        "sort": row.reported_at,
        "what": _("Repair reported: %(title)s") % {"title": title},
        "more": row.reference,
        "told_by": row.keyed_by,
    }
    items = [told | {"href": href}]
    if row.closed_at is not None:
        over = {"sort": row.closed_at, "what": f"{title}: {words.closed(row)}", "told_by": row.closed_by}
        items.append(over | {"href": href, "kind": "done"})
    return items


def _complaint(row: Any) -> Item:
    return {
        "sort": row.made_at,
        "what": _("Complaint %(reference)s") % {"reference": row.reference},
        "href": reverse("complaint", args=[row.id]),
        "kind": "missed",
    }


# What a line of a repair's timeline says, by the kind of its fact. `{x}` is filled from the line's details.
REPAIR_WORDS = {
    "repair.reported": lazy("Reported"),
    "repair.retriaged": lazy("Looked at again: now {priority}"),
    "repair.joined": lazy("A further report joined"),
    "repair.noted": lazy("Note"),
    "photo.added": lazy("Photo added{stage}"),
    "video.added": lazy("Video added{stage}"),
    "photo.original_given": lazy("The file of a photo or video was taken as it came"),
    "summary.written": lazy("Written summary made"),
    "summary.sent": lazy("Written summary sent: {sent_how}"),
    "repair.given": lazy("Given to {owner}"),
    "on_call.rung": lazy("{way} to {whom}, round {ring}"),
    "repair.accepted": lazy("{staff} has it"),
    "work.ordered": lazy("Work ordered: {trade}"),
    "work.waiting": lazy("Work waits"),
    "work.cancelled": lazy("Work not needed after all"),
    "visit.booked": lazy("Visit booked for {slot}{moved}"),
    "visit.set_out": lazy("On the way"),
    "repair.home_linked": "{linked}",
    "visit.cancelled": lazy("Visit called off"),
    "visit.missed": lazy("Nobody came"),
    "visit.attended": lazy("Visit: {outcome}{word_of}"),
    "cause.recorded": lazy("Cause recorded"),
    "hazard.step_taken": "{step}",
    "clock.ran_out": lazy("Time ran out: {code}"),
    "tenant.asked": lazy("Asked whether it is mended: {channel}"),
    "repair.confirmed": lazy("The tenant{of_home} says that it is mended"),
    "repair.closed": "{how}",
    "repair.reopened": lazy("It is not mended: reopened"),
    "survey.recorded": lazy("Survey by {surveyor}"),
    "work.proved": lazy("Shown to be done: {proof}"),
    "variation.asked": lazy("{more} asked for: {sum}"),
    "variation.decided": "{more} {decided}",
    "stay.offered": lazy("Somewhere to stay offered"),
    "stay.answered": lazy("Somewhere to stay {taken}"),
    "stay.begun": lazy("The household moved into the place to stay"),
    "stay.ended": lazy("Place to stay over: {back}"),
    "review.due": lazy("To be reviewed by {due_on}: {because}"),
    "review.given": lazy("{owner} finds out why it comes back"),
    "review.closed": lazy("Found out why it comes back"),
}
MISSED = ("visit.missed", "clock.ran_out", "repair.reopened")
# What nobody does by hand, and what our rules write beside what somebody tells us, if nobody did it later.
RULED, FOLLOWING = ("on_call.rung", "review.due"), ("work.ordered", "repair.retriaged")
TOLD_US = ("repair.reported", "repair.noted", "repair.reopened")
DONE = ("repair.confirmed", "repair.closed", "visit.attended", "summary.sent")


def of_repair(lines: Iterable[Any], names: Names, now: datetime) -> list[Item]:
    """Return a repair's lines, oldest first, and one thing once: what another line says already is left out.

    Rings without anything between them are one line, however many they were; so are the summaries of several tenants.
    """
    shown = [line for line in lines if not line.told]
    items, ruled = [], _by_rule(shown)
    for together, group in groupby(shown, key=_together):
        if together == "on_call.rung":
            items.append(_rings(list(group), names, now))
        elif together:
            items.append(_papers(list(group), names, now))
        else:
            items += [_line(line, names, now, ruled) for line in group]
    return say_once(items)


def _by_rule(lines: Iterable[Any]) -> frozenset[str]:
    """Return the lines that our rules wrote, by id. Their actor is whoever told us something, and did none of it."""
    lines = list(lines)
    told = {(line.at, line.by) for line in lines if line.kind in TOLD_US and not line.by.startswith(BY_FILE)}
    follow = {line.id for line in lines if line.kind in FOLLOWING and (line.at, line.by) in told}
    return frozenset(follow | {line.id for line in lines if line.kind in RULED})


def _together(line: Any) -> str:
    """Return what lines one after another have in common where they are told as one; empty for a line that stands alone."""
    if line.kind in ("summary.written", "summary.sent"):
        return f"{line.kind} {line.details.get('of')} {line.details.get('how')} {line.at.replace(second=0, microsecond=0)}"
    return "on_call.rung" if line.kind == "on_call.rung" else ""


def _papers(lines: list[Any], names: Names, now: datetime) -> Item:
    """Put the summaries that were made, or left us, in one minute into one line: each tenant of a home has one of her own."""
    item = _line(lines[-1], names, now)
    people = {line.details["person"] for line in lines}
    return (
        item
        if len(people) == 1
        else item | {"what": _("%(item)s, for %(count)s tenants") % {"item": item["what"], "count": len(people)}}
    )


def each_line(lines: Iterable[Any], names: Names, now: datetime) -> list[Item]:
    """Return a repair's lines, oldest first, each alone: on paper every one has its entry beside it."""
    lines = list(lines)
    ruled = _by_rule(lines)
    return say_once([_line(line, names, now, ruled) for line in lines])


def _rings(lines: list[Any], names: Names, now: datetime) -> Item:
    last = lines[-1]
    rounds = times(last.details["ring"] - lines[0].details["ring"] + 1)
    called = dict.fromkeys(_rung(line.details, names) for line in lines)
    said = _("%(called)s: text and call.") if last.at == lines[0].at else _("%(called)s: text and call. The last: %(when)s.")
    said %= {"called": listed(list(called)), "when": near_moment(last.at, now)}
    rung = {"what": _("On call rung %(rounds)s") % {"rounds": rounds}, "more": said}
    return _line(lines[0], names, now, _by_rule(lines)) | rung


def _rung(details: dict[str, Any], names: Names) -> str:
    """Return who was rung: somebody by name, or the firm by its own."""
    return names.of(f"staff:{details['staff']}") if details.get("staff") else names.firm(details.get("contractor"))


def actors(lines: Iterable[Any]) -> list[str]:
    """Return everybody whom a repair's lines name, as actors."""
    found = []
    for line in lines:
        found.append(line.by)
        found += [f"staff:{line.details[name]}" for name in ("staff", "owner", "surveyor", "word_of") if line.details.get(name)]
        if line.kind == "on_call.rung" and line.details.get("contractor"):
            found.append(f"contractor:{line.details['contractor']}")
        if line.voice and line.voice.startswith("p_"):
            found.append(f"person:{line.voice}")
    return found


def _line(line: Any, names: Names, now: datetime, ruled: Container[str] = ()) -> Item:
    by = names.of(line.by)
    kind = "missed" if line.kind in MISSED else "done" if line.kind in DONE else "plain"
    if line.kind == "visit.attended" and line.details.get("outcome") == "no_access":
        kind = "missed"
    return {
        "when": words.ran_out(line.at, now) if line.kind == "clock.ran_out" else words.near_time(line.by, line.at, now),
        "at": line.at.isoformat(),
        "what": _what(line, names),
        "more": _more(line),
        "kind": kind,
        "by": _("By %(by)s") % {"by": by} if line.by and line.id not in ruled else "",
        "written": words.written_late(line.at, line.recorded_at),
        "href": reverse("record_entry", args=[line.id]),
    }


def _what(line: Any, names: Names) -> str:
    details = line.details
    if line.kind == "visit.missed" and details.get("unsaid"):
        return _("Counts as missed: nobody told us that somebody came")
    if line.kind == "visit.missed" and line.by.startswith("person:"):
        return _("They say that nobody came")
    fill = {
        "priority": words.PRIORITIES.get(details.get("priority", ""), "").lower(),
        "owner": names.of(f"staff:{details.get('owner')}"),
        "staff": names.of(f"staff:{details.get('staff')}"),
        "whom": _rung(details, names),
        "way": {"text": _("Text"), "call": _("Call")}.get(details.get("way", ""), _("Ring")),
        "ring": details.get("ring", ""),
        "stage": {"before": _(", before the work"), "after": _(", after the work")}.get(details.get("stage", ""), ""),
        "trade": words.trade(details.get("trade", "")).lower(),
        "slot": words.slot(_time(details["from_at"]), _time(details["until_at"])) if "from_at" in details else "",
        "moved": {True: _(": we moved it"), False: _(": they moved it")}.get(details.get("ours"), ""),
        "word_of": _(", on the word of %(who)s") % {"who": names.of(f"staff:{details['word_of']}")}
        if details.get("word_of")
        else "",
        "of_home": _(" of another home") if details.get("home") else "",
        "linked": _linked(details),
        "outcome": words.OUTCOMES.get(details.get("outcome", ""), "").lower(),
        "step": (_("Hazard %(number)s: ") % {"number": details["of"]} if details.get("of") else "")
        + words.HAZARD_STEPS.get(details.get("step", ""), words.plain(details.get("step", ""))),
        "code": words.clock_duty(details["code"]) if "code" in details else "",
        "channel": words.CHANNELS.get(details.get("channel", ""), words.plain(details.get("channel", ""))).lower(),
        "sent_how": words.SUMMARY_SENT.get(details.get("how", ""), ""),
        "how": words.ENDED_BEFORE.get(details.get("before", "")) or words.CLOSED_HOW.get(details.get("how", ""), _("Closed")),
        **_beside(details, names),
    }
    said = str(REPAIR_WORDS.get(line.kind) or words.plain(line.kind)).format(**fill)
    if line.kind == "repair.reported":
        said += f" ({words.CHANNELS.get(details.get('channel', ''), _('by us')).lower()}): {words.readable(line.about)}"
    return said


def _beside(details: dict[str, Any], names: Names) -> dict[str, str]:
    """Return what fills the words of surveys, money, places to stay and reviews."""
    pence, decided = details.get("pence"), _("refused") if details.get("agreed") is False else _("agreed")
    if details.get("at_once"):
        decided = _("agreed at once")
    sum_words = _("not priced yet") if pence is None else pounds(pence)
    because = {
        "reports": _("told %(times)s in a year") % {"times": times(details.get("reports") or 0)},
        "reopened": _("opened again"),
    }
    return {
        "surveyor": names.of(f"staff:{details.get('surveyor')}"),
        "proof": words.EVIDENCE.get(details.get("proof", ""), "").lower(),
        "more": {"work": _("More work"), "money": _("More money")}.get(details.get("more", ""), _("More")),
        "sum": sum_words,
        "decided": decided if pence is None else f"{decided}: {sum_words}",
        "taken": _("taken") if details.get("accepted") else _("not taken"),
        "back": _("they are back at home") if details.get("moved_back") else _("they did not need it"),
        "due_on": full_date(date.fromisoformat(details["due_on"])) if "due_on" in details else "",
        "because": because.get(details.get("because", ""), ""),
    }  # fmt: skip


def _linked(details: dict[str, Any]) -> str:
    if details.get("ended"):
        return _("It does not concern the other home after all")
    return _("It comes from another home") if details.get("part") == "source" else _("It reaches another home")


def _time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _more(line: Any) -> str:
    parts = []
    if line.kind != "repair.reported" and line.about is not None:
        parts.append(words.readable(line.about))
    if line.said is not None:
        parts.append(f"“{words.readable(line.said)}”")
    if line.visit is not None:
        found = None if line.told else line.visit.found  # the survey says it
        parts += [words.readable(one) for one in (found, line.visit.did, line.visit.cause) if one is not None]
        if isinstance(line.visit.tried, list):
            parts.append(_("Tried: %(ways)s") % {"ways": ", ".join(_tried(one) for one in line.visit.tried)})
        if isinstance(line.visit.evidence, list):
            parts.append(_("Evidence: %(shown)s") % {"shown": ", ".join(_evidence(line.visit.evidence))})
    if line.audience in ("staff", "restricted", "voice"):
        parts.append(
            {"staff": _("Staff only."), "restricted": _("Restricted."), "voice": _("They and staff only.")}[line.audience]
        )
    return "\n".join(parts)


def _evidence(shown: list[str]) -> list[str]:
    """Return what a visit showed, in words; its photos stand on the page."""
    photos = sum(one.startswith("blob:") for one in shown)
    return [one for one in shown if not one.startswith("blob:")] + (
        [counted("%(count)s photo", "%(count)s photos", photos)] if photos else []
    )


def _tried(one: dict[str, Any]) -> str:
    way = words.TRIED.get(one["way"], words.plain(one["way"]))
    return f"{way} ({one['said']})" if one.get("said") else way
