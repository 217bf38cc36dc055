"""Rent as staff read it: holds, steps, lines of the books, and what a breathing space says to those who may read it."""

from datetime import datetime
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.basics.words import full_date, long_date, near_date, plural, sentence
from lamplit.basics.working_days import london_date
from lamplit.desk.forms.arrears import HOLD_KINDS, PROTECTED
from lamplit.desk.words import readable
from lamplit.rent import queries

HIDDEN_HOLDS = ("welfare",)  # whose words are for few
CHARGES = {
    "rent": "Rent", "service": "Service charge", "service_not_eligible": "Service charge (no benefit)", "support": "Support",
    "water": "Water", "heating": "Heating", "garage": "Garage", "other": "Other",
}  # fmt: skip
MOVES = {
    "brought": "Brought over from the old system", "payment": "Payment", "benefit": "Benefit", "direct_debit": "Direct Debit",
    "unpaid": "Came back unpaid", "refund": "Refund", "adjustment": "Put right", "court_costs": "Court costs",
    "recharge": "Recharge", "write_off": "Written off", "write_back": "Written back", "reversal": "Taken back",
    "moved": "Moved to another book",
}  # fmt: skip
OWNERS = {
    "income_officer": "the income officer", "income_lead": "the income lead", "finance": "finance",
    "complaints": "the complaints team", "incident_lead": "whoever leads the incident",
}  # fmt: skip


def hold(row: Any) -> str:
    """Return what a hold is for."""
    return HOLD_KINDS.get(row.kind, "A hold that cannot be read here") if isinstance(row.kind, str) else "Cannot be read here"


def hold_codes(codes: Any) -> list[str]:
    """Return the words of the codes of holds."""
    return [] if codes is None or isinstance(codes, Unavailable) else [queries.hold_words(code) for code in codes]


def step(code: str | None) -> str:
    """Return what a step is."""
    return queries.step_words(code) if code else "A step"


def move(row: Any) -> str:
    """Return what a line of the books is, with its days."""
    what = CHARGES.get(row.what) or MOVES.get(row.what, sentence(row.what))
    return f"{what}, {full_date(row.from_on)} to {full_date(row.to_on)}" if row.from_on and row.to_on else what


def in_fours(reference: Any) -> str:
    """Spell a payment reference in groups of four."""
    bare = "".join(readable(reference).split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def proposal(found: Any, now: datetime) -> dict[str, Any]:
    """Return what comes next, or what holds it, ready for a page."""
    said: dict[str, Any] = {"code": "", "act": "", "title": "Nothing comes next", "holds": [], "relies": [], "citation": ""}
    if found is None:
        return said
    if hasattr(found, "holds"):
        return said | {"title": "Held: no step is taken", "holds": [_held(one, now) for one in found.holds]}
    said |= {"code": found.step.code, "act": found.step.act, "title": found.step.words}
    if hasattr(found, "not_before"):
        return said | {"code": "", "title": f"{found.step.words}. Not before {near_date(found.not_before, now)}"}
    return said | {"relies": [one.words for one in found.relies], "citation": found.citation}


def next_step(found: Any, now: datetime) -> str:
    """Return in a line what comes next, or what holds it."""
    says = proposal(found, now)
    held = "; ".join(one["words"] for one in says["holds"])
    return f"Held: {held}" if held else str(says["title"])


def _held(one: Any, now: datetime) -> dict[str, Any]:
    owner, due = OWNERS.get(one.owner, one.owner), one.review_on <= london_date(now)
    return {"code": one.code, "words": one.words, "owner": owner, "review": near_date(one.review_on, now), "due": due}


def protection(seen: queries.ProtectionSeen) -> list[dict[str, str]]:
    """Return what a breathing space says, for those who may read it."""
    about = seen.about
    if about is None:
        return [{"key": "The notice", "value": "cannot be read here"}]
    days = queries.days_of_space(about)
    last = full_date(days.last) if days.last else "the end of the treatment"
    review = f"{full_date(days.review[0])} to {full_date(days.review[1])}" if days.review else "none"
    return [
        {"key": "Kind", "value": PROTECTED[about.kind]},
        {"key": "Runs", "value": f"{full_date(days.first)} to {last}"},
        {"key": "Review by the adviser", "value": review},
        {"key": "We may ask for a review", "value": f"until {full_date(days.ask_until)}"},
        {"key": "Adviser", "value": about.adviser or "not known"},
        {"key": "Reference", "value": about.reference or "not known"},
    ]


def went(far: Any) -> str:
    """Say how many accounts have their statements: "1,180 of 1,200 accounts went, the last on Sunday 4 October"."""
    if not far.of:
        return "Nobody had a rent account here then"
    if not far.accounts:
        return f"Not one of {plural(far.of, 'account')} went yet"
    return f"{far.accounts:,} of {plural(far.of, 'account')} went, the last on {long_date(far.last_on)}"
