"""Rent as staff read it: holds, steps, lines of the books, and what a breathing space says to those who may read it."""

from datetime import datetime
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import london_date
from lamplit.config.speaking import Words, as_recorded, counted, gettext, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, long_date, near_date
from lamplit.desk.forms.arrears import HOLD_KINDS, PROTECTED
from lamplit.desk.words import readable
from lamplit.rent import queries

HIDDEN_HOLDS = ("welfare",)  # whose words are for few
CHARGES = Words({
    "rent": "Rent", "service": "Service charge", "service_not_eligible": "Service charge (no benefit)", "support": "Support",
    "water": "Water", "heating": "Heating", "garage": "Garage", "other": "Other",
})  # fmt: skip
MOVES = Words({
    "brought": "Brought over from the old system", "payment": "Payment", "benefit": "Benefit", "direct_debit": "Direct Debit",
    "unpaid": "Came back unpaid", "refund": "Refund", "adjustment": "Put right", "court_costs": "Court costs",
    "recharge": "Recharge", "write_off": "Written off", "write_back": "Written back", "reversal": "Taken back",
    "moved": "Moved to another book",
})  # fmt: skip
NOT_CHARGED = Words({
    "no terms are set": "no terms are set", "charged already": "charged already",
    "charged at other times": "charged at other times", "the tenancy has ended": "the tenancy has ended",
    "the tenancy has not begun": "the tenancy has not begun", "nothing is due for these days": "nothing is due for these days",
})  # fmt: skip
NOT_COLLECTED = Words({
    "the instruction has stopped or ended": "the instruction has stopped or ended",
    "their bank was told too lately": "their bank was told too lately", "the tenancy ends before": "the tenancy ends before",
    "paid another way since": "paid another way since",
})  # fmt: skip
OWNERS = Words({
    "income_officer": "the income officer", "income_lead": "the income lead", "finance": "finance",
    "complaints": "the complaints team", "incident_lead": "whoever leads the incident",
})  # fmt: skip


def hold(row: Any) -> str:
    """Return what a hold is for."""
    return (
        HOLD_KINDS.get(row.kind, _("A hold that cannot be read here")) if isinstance(row.kind, str) else _("Cannot be read here")
    )


def hold_codes(codes: Any) -> list[str]:
    """Return the words of the codes of holds."""
    return (
        [] if codes is None or isinstance(codes, Unavailable) else [as_recorded(queries.hold_words(code)) or "" for code in codes]
    )


def step(code: str | None) -> str:
    """Return what a step is."""
    return gettext(queries.step_words(code)) if code else _("A step")


def move(row: Any) -> str:
    """Return what a line of the books is, with its days."""
    what = CHARGES.get(row.what) or MOVES.get(row.what, sentence(row.what))
    return (
        _("%(what)s, %(begins)s to %(ends)s") % {"what": what, "begins": full_date(row.from_on), "ends": full_date(row.to_on)}
        if row.from_on and row.to_on
        else what
    )


def not_collected(left_out: dict[str, int]) -> list[tuple[str, int]]:
    """Say why collections stay out of a run, and how many."""
    return [(NOT_COLLECTED[why], count) for why, count in sorted(left_out.items())]


def in_fours(reference: Any) -> str:
    """Spell a payment reference in groups of four."""
    bare = "".join(readable(reference).split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def proposal(found: Any, now: datetime) -> dict[str, Any]:
    """Return what comes next, or what holds it, ready for a page."""
    said: dict[str, Any] = {"code": "", "act": "", "title": _("Nothing comes next"), "holds": [], "relies": [], "citation": ""}
    if found is None:
        return said
    if hasattr(found, "holds"):
        return said | {"title": _("Held: no step is taken"), "holds": [_held(one, now) for one in found.holds]}
    said |= {"code": found.step.code, "act": found.step.act, "title": gettext(found.step.words)}
    if hasattr(found, "not_before"):
        return said | {
            "code": "",
            "title": _("%(step)s. Not before %(day)s")
            % {"step": gettext(found.step.words), "day": near_date(found.not_before, now)},
        }
    return said | {"relies": [as_recorded(one.words) for one in found.relies], "citation": as_recorded(found.citation)}


def next_step(found: Any, now: datetime) -> str:
    """Return in a line what comes next, or what holds it."""
    says = proposal(found, now)
    held = "; ".join(one["words"] for one in says["holds"])
    return _("Held: %(held)s") % {"held": held} if held else str(says["title"])


def _held(one: Any, now: datetime) -> dict[str, Any]:
    owner, due = OWNERS.get(one.owner, one.owner), one.review_on <= london_date(now)
    return {
        "code": one.code,
        "words": as_recorded(one.words),
        "owner": owner,
        "review": near_date(one.review_on, now),
        "due": due,
    }


def protection(seen: queries.ProtectionSeen) -> list[dict[str, str]]:
    """Return what a breathing space says, for those who may read it."""
    about = seen.about
    if about is None:
        return [{"key": _("The notice"), "value": _("cannot be read here")}]
    days = queries.days_of_space(about)
    last = full_date(days.last) if days.last else _("the end of the treatment")
    review = (
        _("%(begins)s to %(ends)s") % {"begins": full_date(days.review[0]), "ends": full_date(days.review[1])}
        if days.review
        else _("none")
    )
    return [
        {"key": _("Kind"), "value": PROTECTED[about.kind]},
        {"key": _("Runs"), "value": _("%(begins)s to %(ends)s") % {"begins": full_date(days.first), "ends": last}},
        {"key": _("Review by the adviser"), "value": review},
        {"key": _("We may ask for a review"), "value": _("until %(day)s") % {"day": full_date(days.ask_until)}},
        {"key": _("Adviser"), "value": about.adviser or _("not known")},
        {"key": _("Reference"), "value": about.reference or _("not known")},
    ]


def went(far: Any) -> str:
    """Say how many accounts have their statements: "1,180 of 1,200 accounts went, the last on Sunday 4 October"."""
    if not far.of:
        return _("Nobody had a rent account here then")
    if not far.accounts:
        return counted("Not one of %(count)s account went yet", "Not one of %(count)s accounts went yet", far.of)
    return counted(
        "%(went)s of %(count)s account went, the last on %(day)s",
        "%(went)s of %(count)s accounts went, the last on %(day)s",
        far.of,
        went=f"{far.accounts:,}",
        day=long_date(far.last_on),
    )
