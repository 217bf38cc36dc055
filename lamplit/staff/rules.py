"""Who may do what, who is on call, whose account sleeps. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple, Protocol, get_args

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of
from lamplit.basics.phone_email import read_email, read_phone
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.staff.facts import RoleName

ROLES: tuple[str, ...] = get_args(RoleName)
OUTSIDE = ("contractor", "operative")  # see the jobs that were given to them, and what belongs to those, nothing else
DORMANT_AFTER = timedelta(days=90)

_OFFICE = ("contact_centre", "housing_officer", "planner", "surveyor", "complaints", "income", "finance", "lead", "records")
_RENT = ("income", "finance", "lead")

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
    "merge_people": ("housing_officer", "records", "lead"),
    "see_looks": ("lead",),
    "lift_limits": ("lead", "admin"),
    "see_planted": ("records", "lead"),
    "plant_people": ("records",),
    "agree_planted": ("lead",),
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
    "record_survey": ("surveyor", "planner", "lead"),
    "prove_work": ("operative", "contractor", "surveyor", "planner", "lead"),
    "ask_variation": ("operative", "contractor", "surveyor", "planner", "lead"),
    "approve_variation": ("planner", "surveyor", "lead"),
    "offer_stay": ("housing_officer", "planner", "surveyor", "lead"),
    "review_repeats": ("housing_officer", "planner", "surveyor", "lead"),
    "see_rates": ("planner", "surveyor", "lead", "operative", "contractor"),
    "order_work": ("planner", "surveyor", "lead"),
    "book_visit": ("contact_centre", "planner", "surveyor", "lead"),
    "keep_diary": ("planner", "lead"),
    "attend_visit": ("operative", "contractor", "surveyor", "planner", "lead"),
    "take_original": ("planner", "records", "lead"),
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
    "confirm_link": ("admin", "lead"),
    "see_incident": ("lead", "admin"),
    "open_incident": ("lead", "admin"),
    "say_in_incident": ("lead", "admin"),
    "correct_incident": ("lead", "admin"),
    "end_incident": ("lead", "admin"),
    "do_duty": ("lead", "admin"),
    "prepare_telling": ("lead", "admin"),
    "agree_telling": ("lead", "admin"),
    "ring_households": ("contact_centre", "housing_officer", "lead", "admin"),
    "let_letters_go": ("lead", "admin"),
    # rent: whoever takes calls sees where somebody stands; what moves money is for two people
    "see_rent": ("contact_centre", "housing_officer", "complaints", "income", "finance", "lead", "records"),
    "take_dispute": ("contact_centre", "housing_officer", "complaints", "income", "finance", "lead"),
    "set_terms": ("finance", "lead"),
    "move_money": ("finance", "lead"),
    "charge_rent": _RENT,
    "release_charges": ("finance", "lead"),
    "load_money": _RENT,
    "match_money": _RENT,
    "see_arrears": ("housing_officer", "income", "finance", "lead"),
    "take_step": ("housing_officer", "income", "lead"),
    "hold_account": ("contact_centre", "housing_officer", "income", "lead"),
    "see_protection": ("income", "lead"),
    "agree_plan": ("housing_officer", "income", "lead"),
    "keep_mandates": ("contact_centre", "income", "finance", "lead"),
    "collect": _RENT,
    "release_collection": ("finance", "lead"),
    "ask_refund": _RENT,
    "release_refund": ("finance", "lead"),
}


LINK_WAITS = timedelta(hours=24)  # how long a new way in waits for its second person


def check_link_giver(staff: str, by: str, *, asked_by: str | None, asked_at: datetime | None, at: datetime) -> None:
    """Refuse unless somebody else asked lately: nobody alone takes over an account, and nobody lets herself in.

    Refused: staff.link_not_asked, staff.link_needs_two, staff.lets_herself_in.
    """
    if by == f"staff:{staff}":
        raise Refused("staff.lets_herself_in")
    if asked_by is None or asked_at is None or at - asked_at > LINK_WAITS:
        raise Refused("staff.link_not_asked")
    if asked_by == by:
        raise Refused("staff.link_needs_two")


TOKEN_DAYS = 400  # a year, and time to change it


def check_token(*, label: str | None, expires_on: date, today: date) -> None:
    """Refuse a way in that says not what it is for, or stays open for more than TOKEN_DAYS."""
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


class Area(Protocol):
    """A patch, as `patches_of` reads it."""

    @property
    def id(self) -> str: ...
    @property
    def blocks(self) -> Any: ...
    @property
    def postcodes(self) -> Any: ...


class Covers(Protocol):
    """What a firm covers, as `firms_in` reads it."""

    @property
    def contractor(self) -> str: ...
    @property
    def trade(self) -> str: ...
    @property
    def patch(self) -> str | None: ...


def patches_of(patches: Iterable[Area], block: str | None, postcode: str) -> list[str]:
    """Return the patches that a home lies in, the nearest first: those of its block, then by the longest postcode."""
    found = []
    for patch in patches:
        if block is not None and block in patch.blocks:
            found.append((-1000, patch.id))
        elif fits := [len(one) for one in patch.postcodes if postcode.startswith(one)]:
            found.append((-max(fits), patch.id))
    return [ident for _, ident in sorted(found)]


def firms_in(covers: Sequence[Covers], patches: Sequence[str]) -> dict[str, str]:
    """Return the firm of each trade for a home in these patches. `covers` come newest first; everywhere counts last."""
    places: list[str | None] = [*patches, None]
    firms: dict[str, str] = {}
    for place in places:
        for cover in covers:
            if cover.patch == place:
                firms.setdefault(cover.trade, cover.contractor)
    return firms


def check_patch(name: str | None, blocks: Sequence[str], postcodes: Sequence[str]) -> None:
    """Refused: staff.no_patch_name, staff.empty_patch."""
    if name is None:
        raise Refused("staff.no_patch_name")
    if not blocks and not postcodes:
        raise Refused("staff.empty_patch")


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


def check_two(first: str | None, second: str | None) -> tuple[str, str]:
    """Return the names of two people who agreed. Refused: staff.two_people."""
    if first is None or second is None or first.casefold() == second.casefold():
        raise Refused("staff.two_people")
    return first, second


def dormant(in_since: Mapping[str, datetime], last_seen: Mapping[str, datetime], at: datetime) -> list[str]:
    """Return the accounts that nobody has used for DORMANT_AFTER, counted from joining or being let in at the earliest."""
    return sorted(staff for staff, since in in_since.items() if at - max(since, last_seen.get(staff, since)) >= DORMANT_AFTER)


SYSTEM = ("system",)  # the role of a firm's own system, where it is about looking
LIFT_AT_MOST = timedelta(days=7)


class LookLimit(NamedTuple):
    """At most `most` people in a span of time."""

    span: Literal["hour", "day"]
    most: int


@cache
def looking() -> DatedValues:
    """The landlord's policy on looking, by day."""
    return figures_of("staff", "looking.toml")


def most_people(roles: Iterable[str], span: str, on: date) -> int:
    """Return how many people somebody with these roles may look at in an hour or a day: the widest counts."""
    return max((looking().number(f"{span}.{role}", on) for role in roles), default=0)


def limit_passed(roles: Sequence[str], *, hour: int, day: int, on: date) -> LookLimit | None:
    """Return the limit that somebody passes who has looked at so many people, or None."""
    counted: tuple[tuple[Literal["hour", "day"], int], ...] = (("hour", hour), ("day", day))
    for span, people in counted:
        most = most_people(roles, span, on)
        if people > most:
            return LookLimit(span, most)
    return None


def check_lift(reader: str, by: str, *, why: str | None, until_at: datetime, at: datetime) -> None:
    """Refused: staff.lifts_own_limit, staff.no_reason_to_lift, staff.lift_is_over, staff.lift_too_long."""
    if by == f"staff:{reader}":
        raise Refused("staff.lifts_own_limit")
    if why is None:
        raise Refused("staff.no_reason_to_lift")
    if until_at <= at:
        raise Refused("staff.lift_is_over")
    if until_at - at > LIFT_AT_MOST:
        raise Refused("staff.lift_too_long", days=LIFT_AT_MOST.days)
