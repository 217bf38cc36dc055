"""Who may do what, who is on call, whose account sleeps. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, get_args

from lamplit.basics.phone_email import read_email, read_phone
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.staff.facts import RoleName

ROLES: tuple[str, ...] = get_args(RoleName)
OUTSIDE = ("contractor", "operative")  # see the jobs that were given to them, and what belongs to those, nothing else
DORMANT_AFTER = timedelta(days=90)

_OFFICE = ("contact_centre", "housing_officer", "planner", "surveyor", "complaints", "lead", "records")

# The one table of who may do what. A permission that is not here is nobody's.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "see_desk": ROLES,
    "see_own_jobs": ROLES,
    "see_queue": _OFFICE,
    "search": _OFFICE,
    "see_person": _OFFICE,
    "see_home": _OFFICE,
    "see_repair": _OFFICE,
    "see_restricted": ("housing_officer", "lead"),
    "see_complaint": ("complaints", "lead", "housing_officer", "contact_centre"),
    "record_contact": _OFFICE,
    "make_promise": _OFFICE,
    "send_message": _OFFICE,
    "record_person": ("contact_centre", "housing_officer", "complaints", "lead", "records"),
    "note_person": ("contact_centre", "housing_officer", "complaints", "lead"),
    "note_restricted": ("housing_officer", "lead"),
    "record_home": ("housing_officer", "surveyor", "records", "lead"),
    "note_home": ("housing_officer", "surveyor", "planner", "records", "lead"),
    "record_check": ("surveyor", "planner", "records", "lead"),
    "manage_tenancies": ("housing_officer", "lead"),
    "report_repair": _OFFICE,
    "triage": ("contact_centre", "planner", "surveyor", "lead"),
    "order_work": ("planner", "surveyor", "lead"),
    "book_visit": ("contact_centre", "planner", "surveyor", "lead"),
    "attend_visit": ("operative", "contractor", "surveyor", "planner", "lead"),
    "accept_emergency": ("planner", "surveyor", "operative", "contractor", "lead"),
    "take_hazard_step": ("surveyor", "planner", "lead"),
    "close_repair": ("contact_centre", "planner", "surveyor", "lead"),
    "close_without_word": ("planner", "surveyor", "lead"),
    "make_complaint": _OFFICE,
    "handle_complaints": ("complaints", "lead"),
    "see_figures": ("lead", "records", "complaints", "planner", "admin"),
    "see_record": ("records", "lead", "admin"),
    "make_bundle": ("complaints", "records", "lead"),
    "erase": ("records",),
    "load_files": ("records", "admin"),
    "manage_on_call": ("planner", "lead", "admin"),
    "manage_contractors": ("planner", "lead", "admin"),
    "manage_staff": ("admin",),
    "run_incident": ("lead",),
}


TOKEN_DAYS = 400  # a year, and time to change it


def check_token(*, label: str | None, expires_on: date, today: date) -> None:
    """Refuse a way in that says not what it is for, or stays open for more than about a year."""
    if label is None:
        raise Refused("staff.no_label")
    if expires_on < today:
        raise Refused("staff.token_in_the_past")
    if expires_on > today + timedelta(days=TOKEN_DAYS):
        raise Refused("staff.token_too_long", days=TOKEN_DAYS)


class Who(Plain, frozen=True, kw_only=True):
    """Somebody's or a firm's particulars, checked."""

    name: str
    email: str | None = None
    phone: str | None = None


class Turn(Protocol):
    """A turn on call, as `on_call` reads it."""

    @property
    def staff(self) -> str: ...
    @property
    def from_at(self) -> datetime: ...
    @property
    def until_at(self) -> datetime: ...
    @property
    def lead(self) -> bool: ...
    @property
    def at(self) -> datetime: ...


def may(roles: Iterable[str], permission: str) -> bool:
    """Say whether somebody with these roles may do it. KeyError for a permission that nobody declared."""
    allowed = PERMISSIONS[permission]
    return any(role in allowed for role in roles)


def only_own_jobs(roles: Iterable[str]) -> bool:
    """Say whether somebody sees only jobs given to her: all her roles are outside ones."""
    return all(role in OUTSIDE for role in roles)


def check_roles(roles: Sequence[str], contractor: str | None) -> None:
    """Check roles. Refused: staff.no_role, staff.unknown_role, staff.contractor_role_only, staff.contractor_missing."""
    if not roles:
        raise Refused("staff.no_role")
    if unknown := [role for role in roles if role not in ROLES]:
        raise Refused("staff.unknown_role", role=unknown[0])
    # Somebody who works for a firm never reads the landlord's own pages, whatever else was ticked.
    if contractor is not None and not only_own_jobs(roles):
        raise Refused("staff.contractor_role_only")
    if contractor is None and "contractor" in roles:
        raise Refused("staff.contractor_missing")


def check_who(*, name: str | None, email: str | None, phone: str | None, email_needed: bool = False) -> Who:
    """Check particulars. Refused: staff.no_name, staff.no_email, staff.bad_email, staff.bad_phone."""
    if not name:
        raise Refused("staff.no_name")
    if email is None and email_needed:
        raise Refused("staff.no_email")
    read = Who(name=name, email=email and read_email(email), phone=phone and read_phone(phone))
    if email and read.email is None:
        raise Refused("staff.bad_email")
    if phone and read.phone is None:
        raise Refused("staff.bad_phone")
    return read


def check_trades(trades: Iterable[str]) -> list[str]:
    """Return a firm's trades in order, each once. Refused: staff.no_trade."""
    listed = sorted(set(trades))
    if not listed:
        raise Refused("staff.no_trade")
    return listed


def check_shift(from_at: datetime, until_at: datetime) -> None:
    """Check a turn on call. Refused: staff.shift_backwards, staff.shift_too_long (over 31 days)."""
    if until_at <= from_at:
        raise Refused("staff.shift_backwards")
    if until_at - from_at > timedelta(days=31):
        raise Refused("staff.shift_too_long")


def turn_at(turns: Iterable[Turn], at: datetime, *, lead: bool) -> Turn | None:
    """Return whose turn it is. Where two overlap, the one that was set last counts: that is how a turn is handed over."""
    running = [turn for turn in turns if turn.lead == lead and turn.from_at <= at < turn.until_at]
    return max(running, key=lambda turn: turn.at, default=None)


def dormant(in_since: Mapping[str, datetime], last_seen: Mapping[str, datetime], at: datetime) -> list[str]:
    """Return the accounts that nobody has used for DORMANT_AFTER, counted from joining or being let in at the earliest."""
    return sorted(staff for staff, since in in_since.items() if at - max(since, last_seen.get(staff, since)) >= DORMANT_AFTER)
