"""Codes as staff read them. Codes come from facts and clocks; what is not known here is shown as it stands, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lamplit.basics.brought import names_no_time
from lamplit.basics.fact import Unavailable
from lamplit.basics.words import day_that_ends, ends_a_day
from lamplit.config.speaking import Words, as_recorded, gettext, lazy, of_data, sentence, unmarked
from lamplit.config.speaking import gettext as _
from lamplit.config.when import clock_time, full_date, full_moment, long_date, moment, near_date, near_moment
from lamplit.incidents.queries import service_names
from lamplit.repairs.queries import book_for, ended_before

PRIORITIES = Words({
    "immediate": "Immediate", "emergency": "Emergency", "urgent": "Urgent", "routine": "Routine", "planned": "Planned",
})  # fmt: skip
STATUSES = Words({
    "received": "Received: nobody has said yet that they have it",
    "open": "Open", "waiting": "Waiting", "to_confirm": "Done, not confirmed yet",
    "closed": "Closed", "joined": "Goes on under another report",
})  # fmt: skip
AWAAB = Words({
    "A1": "investigate the emergency", "A2": "make the home safe", "A3": "make safe what the investigation found",
    "B1": "finish the investigation", "B2": "investigate again in person", "B3": "investigate further",
    "C": "send the written summary", "D1": "make the home safe", "D2": "begin the lasting work",
    "D3": "start the lasting work on site", "E": "finish all works", "F": "offer somewhere to stay", "G": "keep them told",
})  # fmt: skip
RIGHTS = Words({
    "no_power": "no power", "unsafe_power": "unsafe power", "no_water": "no water", "gas_loss": "no gas",
    "blocked_flue": "a blocked flue", "no_heating_winter": "no heating in winter", "foul_drain": "a blocked or leaking drain",
    "only_toilet": "the only toilet", "leak_pipe": "a leaking pipe or tank", "insecure": "an unsafe door, window or lock",
    "part_power": "part of the power", "part_water": "part of the water", "no_heating_summer": "no heating in summer",
    "blocked_sink": "a blocked sink, bath or basin", "tap_stuck": "a tap that cannot be turned",
    "loose_rail": "a loose rail or banister", "rotten_floor": "a rotten floor or stair", "leaking_roof": "a leaking roof",
    "entryphone": "an entryphone", "extractor_fan": "an extractor fan",
})  # fmt: skip
OTHER_CLOCKS = Words({"confirm": "Ask whether it is mended", "finish": "Finish it", "next_step": "Say what comes next"})
NEEDS = Words({
    "baby": "baby", "under_5": "child under 5", "pregnant": "pregnant", "over_65": "over 65", "over_75": "over 75",
    "respiratory": "asthma or lungs", "heart": "heart illness", "chronic_illness": "long illness",
    "immunosuppressed": "catches infections", "mobility": "walking or wheelchair", "blind": "sees poorly",
    "deaf": "deaf: text, do not ring", "medical_electric": "medical equipment", "oxygen": "oxygen", "dialysis": "dialysis",
    "dementia": "dementia", "learning_disability": "learning disability", "autism": "autistic",
    "mental_health": "mental health", "slow_to_door": "slow to the door", "just_out_of_hospital": "just out of hospital",
    "language": "interpreter",
})  # fmt: skip
MESSAGE_STATES = Words({
    "ordered": "to be sent", "handed": "waits to be fetched", "sent": "sent", "delivered": "arrived",
    "unheard": "sent; nobody can say whether it arrived", "failed": "could not be delivered",
})  # fmt: skip
CHANNELS = Words({
    "call": "Call", "phone": "Call", "email": "E-mail", "text": "Text", "letter": "Letter", "post": "Letter", "visit": "Visit",
    "counter": "At the counter", "portal": "Online", "visitor": "Online, not signed in", "social": "Social media",
    "staff": "Seen by us", "complaint": "In a complaint", "old_system": "From the old system", "report": "A further report",
})  # fmt: skip
ROLES = Words({
    "contact_centre": "Contact centre", "housing_officer": "Housing officer", "planner": "Planner", "surveyor": "Surveyor",
    "operative": "Operative", "contractor": "Contractor", "complaints": "Complaints", "lead": "Lead", "records": "Records",
    "admin": "Admin", "income": "Income officer", "finance": "Finance",
})  # fmt: skip
OUTCOMES = Words({
    "mended": "Mended", "temporary": "Made good for now", "made_safe": "Made safe", "no_access": "Nobody let us in",
    "needs_parts": "Needs parts", "other_trade": "Another trade goes on", "inspected": "Looked at only",
    "not_needed": "Nothing to mend",
})  # fmt: skip
VISIT_STATES = Words({"booked": "to come", "cancelled": "called off", "missed": "nobody came", "attended": "done"})
WORK_STATES = Words({
    "open": "to book", "booked": "booked", "waiting": "waiting", "done": "done", "handed_on": "handed on",
    "cancelled": "not needed",
})  # fmt: skip
TRADES = Words({"multi_trade": "All trades", "repairs_team": "Repairs team"})
TENURES = Words({
    "secure": "Secure", "assured": "Assured", "assured_shorthold": "Assured shorthold", "starter": "Starter",
    "licence": "Licence", "shared_ownership": "Shared ownership", "other": "Other",
})  # fmt: skip
PARTS = Words({
    "boiler": "Boiler", "consumer_unit": "Fuse box", "smoke_alarm": "Smoke alarm", "co_alarm": "Carbon monoxide alarm",
    "extractor_fan": "Extractor fan", "lift": "Lift", "other": "Other",
})  # fmt: skip
CHECKS = Words({
    "gas_safety": "Gas safety", "electrical": "Electrics", "alarm": "Alarm", "fire_risk": "Fire risk",
    "legionella": "Legionella", "lift": "Lift", "other": "Other",
})  # fmt: skip
HOME_NOTES = Words({"asbestos": "Asbestos", "access": "Access", "warning": "Warning", "other": "Note"})
LOOKS = Words({
    "page": "their own page", "case": "work on something of theirs", "home": "the page of their home", "photo": "a photo",
    "file": "a file that was handed out", "system": "the system of a firm that works for them",
})  # fmt: skip
PERSON_NOTES = Words({"need": "Need", "risk": "Risk", "preference": "Preference", "restricted": "Restricted", "alert": "Alert"})
PREFERRED_WAYS = Words({
    "text": "texts, please", "phone": "calls, please", "email": "e-mail, please", "post": "letters, please",
})  # fmt: skip
ADD_NOTE = Words({
    "need": "Add a need", "risk": "Add a risk", "preference": "Add a preference", "restricted": "Add a restriction",
    "alert": "Add an alert",
})  # fmt: skip
CLOSED_HOW = Words({
    "confirmed": "Closed: the tenant says that it is mended", "not_confirmed": "Closed by us, not confirmed",
    "joined": "Goes on under another report", "not_ours": "Closed: not ours to mend",
})  # fmt: skip
# How a repair ended that was over before it was brought here.
ENDED_BEFORE = Words({"completed": "Completed in the system before", "cancelled": "Cancelled in the system before"})
EVIDENCE = Words({
    "photo": "Photo", "cause": "Cause", "test_or_isolation": "Electrician’s test, or cut off", "gas_record": "Gas record",
    "reading": "Moisture reading", "note": "Note", "report": "Report",
})  # fmt: skip
SUMMARY_SENT = Words({"email": "by e-mail", "post": "by post", "hand": "given by hand", "left": "left at the home"})
FINDINGS = Words({"none": "No hazard", "significant": "A significant hazard", "emergency": "An emergency hazard"})
ELECTRICS = Words({"tested": "Electrics tested, safe", "isolated": "Electrics cut off, made safe"})
TRIED = Words({
    "knocked": "Knocked", "called": "Rang", "texted": "Texted", "carded": "Left a card", "neighbour": "Asked a neighbour",
})  # fmt: skip
HAZARD_STEPS = Words({
    "investigation_begun": "Investigation begun", "concluded_none": "Found: no hazard",
    "concluded_significant": "Found: significant hazard", "concluded_emergency": "Found: emergency hazard",
    "summary_sent": "Written summary sent", "made_safe": "Home made safe", "preventative_begun": "Lasting work being arranged",
    "preventative_started": "Lasting work started on site", "completed": "All works finished",
    "all_finished_and_told": "All finished and they were told",
    "renewed_investigation_asked": "They asked for a visit in person",
    "further_investigation_needed": "More investigation needed", "cannot_make_safe": "Cannot be made safe in time",
    "alternative_offered": "Somewhere to stay offered", "alternative_accepted": "Somewhere to stay accepted",
    "alternative_declined": "Somewhere to stay declined", "moved_out": "Household moved out",
    "moved_back": "Household moved back", "no_access": "Nobody let us in",
    "access_given": "Access given", "consent_asked": "Somebody else’s consent asked", "consent_given": "Consent given",
    "consent_exhausted": "Consent could not be had", "material_change": "Something changed: look again",
})  # fmt: skip


def services(at: datetime) -> dict[str, str]:
    """Return what the status page speaks of, by code."""
    return {code: of_data(f"service.{code}", name) for code, name in service_names(at).items()}


def plain(code: Any) -> str:
    """Return a code as words: `gas_engineer` reads "Gas engineer"."""
    return gettext(sentence(str(code).replace("_", " ").replace(".", " ")))


def trade(code: Any) -> str:
    return TRADES.get(str(code)) or plain(code)


def clock(code: str) -> str:
    """Return a clock's short name for the queue."""
    first, __, rest = code.partition(".")
    if first == "target":
        return PRIORITIES.get(rest, plain(rest))
    named = {
        "awaab": _("Awaab %(letter)s") % {"letter": rest},
        "right_to_repair": _("Right to Repair"),
        "visit": _("Visit"),
        "look": _("Look again"),
        "missed": _("Missed visit"),
        "by": _("Work due"),
        "variation": _("More asked for"),
    }
    return named.get(first) or OTHER_CLOCKS.get(code, plain(code))


def clock_duty(code: str, hazards: Mapping[int, str] | None = None) -> str:
    """Return what a clock asks us to do. `hazards`: the names of the repair's, by number, where it has several."""
    first, __, rest = code.partition(".")
    if first == "awaab":
        letter, __, number = rest.partition(".")
        hazard = (hazards or {}).get(int(number or 1), "").lower()
        said = _("Awaab’s Law %(letter)s: %(duty)s") if not number else _("Awaab’s Law %(letter)s: %(duty)s (hazard %(number)s)")
        said = _("Awaab’s Law %(letter)s: %(duty)s (%(hazard)s)") if hazard else said
        return said % {"letter": letter, "duty": AWAAB.get(letter, plain(letter).lower()), "number": number, "hazard": hazard}
    if first == "target":
        return _("Our promise: %(priority)s") % {"priority": PRIORITIES.get(rest, plain(rest)).lower()}
    if first == "missed":
        return _("We missed a visit: agree a new time")
    if first == "variation":
        return _("More work or money is asked for: say yes or no")
    if first == "by":
        return _("A piece of work is to be done")
    if first == "right_to_repair":
        defect, __, second = rest.partition(".")
        said = _("Right to Repair, second firm: %(defect)s") if second else _("Right to Repair: %(defect)s")
        return said % {"defect": RIGHTS.get(defect, plain(defect).lower())}
    return clock(code)


def home_note(what: str, says: str) -> str:
    """Return what to know of a home, with its kind where that says more than that it is a note."""
    return stopped(says if what == "other" else f"{HOME_NOTES.get(what, _('Note'))}: {says}")


def closed(row: Any) -> str:
    """Return how a repair was closed."""
    return ENDED_BEFORE.get(ended_before(row) or "") or CLOSED_HOW.get(row.closed_how, _("Closed"))


def near_time(by: str, at: datetime, now: datetime) -> str:
    """Return when something happened; its day alone where a file from another system named no more."""
    return sentence(near_date(at, now)) if names_no_time(by, at) else near_moment(at, now)


def full_time(by: str, at: datetime) -> str:
    """Return the same with the year."""
    return full_date(at) if names_no_time(by, at) else full_moment(at)


def law_limit(code: str, due_at: datetime) -> str:
    """Return a time limit of the law as a sentence, with the day that it ends and what it asks for."""
    when = _("the end of %(day)s") % {"day": long_date(day_that_ends(due_at))} if ends_a_day(due_at) else moment(due_at)
    return _("The law’s time limit is %(when)s (%(duty)s).") % {"when": when, "duty": clock_duty(code)}


def need(code: str) -> dict[str, str]:
    """Return a need as a tag."""
    return {"text": NEEDS.get(code, plain(code).lower()), "kind": "risk"}


def need_changes(code: str) -> str | None:
    """Return what a need changes, or None when the catalogue does not know it."""
    known = book_for(None).catalogue.needs.get(code)
    return as_recorded(known.changes) if known is not None else None


def preference(code: str, value: Any) -> str:
    """Return what somebody prefers, as a tag says it: "texts, please", "speaks Polish", "large print"."""
    if code == "channel":
        return PREFERRED_WAYS.get(str(value), _("%(value)s, please") % {"value": value})
    if code == "format":
        return _("usual print") if value == "standard" else gettext(str(value))
    return _("speaks %(value)s") % {"value": value} if code == "language" else f"{plain(code).lower()}: {value}"


def visit_ways(codes: Any) -> list[str]:
    """Return what the person who comes does otherwise, for these needs."""
    catalogue = book_for(None).catalogue
    ways = [way for code in codes if code in catalogue.needs for way in catalogue.needs[code].visit]
    return [as_recorded(catalogue.visit[way]) or "" for way in dict.fromkeys(ways)]


def room(code: Any) -> str | None:
    """Return a room's name."""
    named = None if code is None else book_for(None).tree.rooms.get(str(code))
    return plain(code) if code is not None and named is None else named and of_data(f"room.{code}", named)


def readable(value: Any, otherwise: str = "") -> str:
    """Return a personal value for a page; the word that says why not when it is erased or withheld."""
    return str(otherwise if value is None else value)


def address(lines: Any, otherwise: str = lazy("address not known")) -> str:
    """Return an address (lines, or why it cannot be read) on one line."""
    if lines is None or isinstance(lines, Unavailable):
        return readable(lines, otherwise)
    return ", ".join(lines)


def short_address(lines: Any) -> str:
    """Return as much of an address as tells homes apart: its first line, and the block or street where that is a flat."""
    return ", ".join(lines[: 2 if lines[0].startswith("Flat") else 1]) if isinstance(lines, list) and lines else address(lines)


def slot(start: datetime, end: datetime) -> str:
    """Return "Tuesday 1 December, 8am to noon"."""
    return _("%(begins)s to %(ends)s") % {"begins": moment(start), "ends": clock_time(end)}


def hours(start: datetime, end: datetime) -> str:
    """Return "8am to noon"."""
    return _("%(begins)s to %(ends)s") % {"begins": clock_time(start), "ends": clock_time(end)}


def reach(value: Any) -> str:
    """Return a contact point as people say it: +447700900123 reads 07700 900123."""
    text = readable(value)
    if text.startswith("+44") and text[3:].isdigit():
        return f"0{text[3:7]} {text[7:]}"
    return text


def written_late(at: datetime, recorded_at: datetime) -> str | None:
    """Return when something was written down, if that was much later than it happened: late-keyed paper keeps both times."""
    late = (recorded_at - at).total_seconds() > 600
    return f"{full_date(recorded_at)}, {clock_time(recorded_at)}" if late else None


def ran_out(due_at: datetime, now: datetime) -> str:
    """Return when a clock ran out; one of whole days did so at the end of its last."""
    return (
        _("%(day)s, end of the day") % {"day": near_date(day_that_ends(due_at), now)}
        if ends_a_day(due_at)
        else near_moment(due_at, now)
    )


def about(title: str, what: str) -> str:
    """Return a page's title with what it is about: "Add a note: M-7KDQ-42XR", "Who has it? M-7KDQ-42XR"."""
    return f"{title}{'' if unmarked(str(title)).endswith('?') else ':'} {what}"


def stopped(text: str) -> str:
    """Return what somebody wrote as a sentence: with a full stop, and never with two."""
    return text if not text or text.endswith((".", "?", "!", "…")) else f"{text}."
