"""Reads of staff, contractors and who is on call. The only place that permissions are read from."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from lamplit.basics.working_days import london_date
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import squeeze
from lamplit.staff import rules
from lamplit.staff.models import Contractor, Cover, LookLimit, Patch, Shift, Staff, Token

LINK_WAITS = rules.LINK_WAITS
TOKEN_DAYS = rules.TOKEN_DAYS
REACHED_COUNTS = timedelta(days=1)  # a limit that was reached is news for so long, unless somebody lifted it since


class Colleague(NamedTuple):
    """Somebody who may come in now, and everything she may do. `own_jobs`: she sees only jobs given to her or her firm."""

    id: str
    name: str
    contractor: str | None
    roles: tuple[str, ...]
    may: frozenset[str]
    own_jobs: bool


class OnCall(NamedTuple):
    """Who is rung: the first, then the lead. None where nobody has the turn, or she is shut out."""

    first: Staff | None
    lead: Staff | None


_MEMBER = Ready(lambda member: Staff.objects.filter(id=member))
_MEMBERS = Ready(lambda members: Staff.objects.filter(id__any=members))
_CONTRACTOR = Ready(lambda contractor: Contractor.objects.filter(id=contractor))
_FIRMS = ReadyColumns(Contractor.objects.all, "id", "trades", "name")
_COVERS = Ready(
    lambda on: Cover.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on).order_by(
        "-from_on", "-at", "id"
    )
)
_TOKEN = Ready(lambda digest: Token.objects.filter(digest=digest))
_LOOK_LIMIT = Ready(lambda reader: LookLimit.objects.filter(id=reader))
_REACHED = Ready(lambda since: LookLimit.objects.filter(reached_at__gt=since).order_by("-reached_at", "id"))
_TURNS = Ready(lambda at: Shift.objects.filter(from_at__lte=at, until_at__gt=at))


def member(staff_id: str) -> Staff | None:
    return _MEMBER.first(member=staff_id)


def members(staff_ids: Iterable[str]) -> dict[str, Staff]:
    """Return the staff that exist, by id; shut ones too, since their names stand in the history."""
    wanted = list(staff_ids)
    return {row.id: row for row in _MEMBERS.all(members=wanted)} if wanted else {}


def everyone(*, shut: bool = False) -> list[Staff]:
    """Return all staff in the order of their names; with `shut`, those who are shut out too."""
    rows = Staff.objects.all() if shut else Staff.objects.filter(shut=False)
    return sorted(rows, key=lambda row: (str(row.name), row.id))


def with_role(role: str) -> list[Staff]:
    """Return the open accounts that have a role, in the order of their names."""
    return [row for row in everyone() if role in row.roles]


def by_email(email: str) -> Staff | None:
    """Return whose work address this is, open or shut, or None."""
    return Staff.objects.filter(email_key=squeeze(email)).first()


def may(staff_id: str, permission: str) -> bool:
    """Say whether a member of staff may do something now. Nobody who is unknown or shut out may. KeyError: no such permission."""
    row = member(staff_id)
    roles = [] if row is None or row.shut else row.roles
    return rules.may(roles, permission)


def colleague(staff_id: str) -> Colleague | None:
    """Return who somebody is and what she may do now, in one read; None when she is unknown or shut out."""
    row = member(staff_id)
    if row is None or row.shut:
        return None
    own_jobs = rules.only_own_jobs(row.roles)
    return Colleague(row.id, full_name(row), row.contractor, tuple(row.roles), allowed(row.roles), own_jobs)


def allowed(roles: Iterable[str]) -> frozenset[str]:
    """Return everything that somebody with these roles may do."""
    held = tuple(roles)
    return frozenset(permission for permission in rules.PERMISSIONS if rules.may(held, permission))


def roles() -> tuple[str, ...]:
    """Return the roles that there are."""
    return rules.ROLES


def only_own_jobs(staff_id: str) -> bool:
    """Say whether somebody sees only jobs given to her or her firm."""
    row = member(staff_id)
    return row is None or row.shut or rules.only_own_jobs(row.roles)


def full_name(row: Staff | Contractor) -> str:
    """Return a name for a page; the word that says why not when it is erased or withheld."""
    return str(row.name or "name not known")


def contractor(contractor_id: str) -> Contractor | None:
    return _CONTRACTOR.first(contractor=contractor_id)


def firm_name(contractor_id: str | None) -> str | None:
    """Return the name of a firm, so that whoever comes for us can be believed; None where it is nobody's, or our own people's."""
    firm = contractor(contractor_id) if contractor_id else None
    return None if firm is None else full_name(firm)


def contractors(trade: str | None = None) -> list[Contractor]:
    """Return the firms, or those of one trade, in the order of their names."""
    rows = [row for row in Contractor.objects.all() if trade is None or trade in row.trades]
    return sorted(rows, key=lambda row: (str(row.name), row.id))


def firms_by_trade() -> dict[str, str]:
    """Return the firm that each trade's work goes to unless somebody says otherwise: the first of `contractors(trade)`."""
    firms: dict[str, str] = {}
    for ident, trades, _ in sorted(_FIRMS.all(), key=lambda row: (str(row[2]), row[0])):
        for trade in trades:
            firms.setdefault(trade, ident)
    return firms


def patches() -> list[Patch]:
    """Return the patches in the order of their names."""
    return list(Patch.objects.order_by("name", "id"))


def patch(ident: str) -> Patch | None:
    return Patch.objects.filter(id=ident).first()


def cover(ident: str) -> Cover | None:
    return Cover.objects.filter(id=ident).first()


def covers_of(contractor_id: str) -> list[Cover]:
    """Return what a firm covers, ended ones too, newest first."""
    return list(Cover.objects.filter(contractor=contractor_id).order_by("-from_on", "trade", "id"))


def covers_on(on: date) -> list[Cover]:
    """Return which firm does which trade where on a day; the newest first."""
    return _COVERS.all(on=on)


def firms_at(covers: Iterable[Cover], block: str | None, postcode: str) -> dict[str, str]:
    """Return by trade the firm that these covers name for a home: of its own patch first, then of everywhere."""
    listed = list(covers)
    known = patches() if any(one.patch for one in listed) else []
    mine = rules.patches_of(known, block, squeeze(postcode))
    return rules.firms_in(listed, mine)


def people_of(contractor_id: str) -> list[Staff]:
    """Return the open accounts of a firm's people."""
    return [row for row in everyone() if row.contractor == contractor_id]


def on_call(at: datetime) -> OnCall:
    """Return who is on call at a moment."""
    turns = _TURNS.all(at=at)
    there = {ident: row for ident, row in members(turn.staff for turn in turns).items() if not row.shut}
    turns = [turn for turn in turns if turn.staff in there]
    first, lead = rules.turn_at(turns, at, lead=False), rules.turn_at(turns, at, lead=True)
    return OnCall(there[first.staff] if first else None, there[lead.staff] if lead else None)


def shifts(from_at: datetime, until_at: datetime) -> list[Shift]:
    """Return the turns that touch a span of time, in order."""
    return list(Shift.objects.filter(from_at__lt=until_at, until_at__gt=from_at).order_by("from_at", "lead", "at"))


def token_of(digest: str, on: date) -> Token | None:
    """Return the way in whose secret has this SHA-256, or None when there is none that is open on a London day."""
    row: Token | None = _TOKEN.first(digest=digest)
    return None if row is None or row.ended_at is not None or row.expires_on < on else row


def tokens(contractor: str) -> list[Token]:
    """Return every way in of a firm's systems, ended ones too, newest first."""
    return list(Token.objects.filter(contractor=contractor).order_by("-given_at", "-id"))


def open_tokens(on: date) -> list[Token]:
    """Return every way in of any firm's systems that is open on a London day."""
    return list(Token.objects.filter(ended_at=None, expires_on__gte=on).order_by("id"))


def limit_passed(reader: str, roles: Sequence[str], *, hour: int, day: int, at: datetime) -> rules.LookLimit | None:
    """Return the limit on looking that a reader passes who has looked at so many people. None too while it is lifted.

    `roles`: none for a firm's own system.
    """
    passed = rules.limit_passed(roles or rules.SYSTEM, hour=hour, day=day, on=london_date(at))
    if passed is None:
        return None
    row = look_limit(reader)
    return None if row is not None and row.lifted_until is not None and at < row.lifted_until else passed


def look_limit(reader: str) -> LookLimit | None:
    return _LOOK_LIMIT.first(reader=reader)


def look_limits() -> list[LookLimit]:
    """Return every reader who has reached a limit or for whom one was lifted, the newest first."""
    rows = LookLimit.objects.all()
    return sorted(rows, key=lambda row: (max(one for one in (row.reached_at, row.lifted_at) if one), row.id), reverse=True)


def limits_reached(at: datetime) -> list[LookLimit]:
    """Return who reached a limit in the last day, where nobody has lifted it since; the newest first."""
    rows = _REACHED.all(since=at - REACHED_COUNTS)
    return [row for row in rows if row.lifted_at is None or row.lifted_at < row.reached_at]


def policy_on_looking(on: date) -> list[tuple[str, int, int]]:
    """Return each role (`system` for a firm's) with how many people it may look at in an hour and in a day."""
    return [
        (role, rules.most_people([role], "hour", on), rules.most_people([role], "day", on))
        for role in (*rules.ROLES, *rules.SYSTEM)
    ]
