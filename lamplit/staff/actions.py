"""What can be done with staff, contractors and turns on call."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, cast

from lamplit.basics.refusal import Refused
from lamplit.basics.who import CLI, By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.search import squeeze
from lamplit.record.tidy import tidy, tidy_lines
from lamplit.staff import facts, queries, rules
from lamplit.staff.facts import RoleName
from lamplit.staff.models import Contractor, Cover, LookLimit, Patch, Shift, Staff, Token


@action
def record_contractor(
    page: Page,
    *,
    name: str,
    trades: list[str],
    phone: str | None = None,
    email: str | None = None,
    contractor: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a firm, or put right the one that `contractor` names. Returns its id.

    Refused: staff.no_such_contractor, staff.no_name, staff.no_trade, staff.bad_phone, staff.bad_email.
    """
    if contractor is not None and page.lock(Contractor, contractor) is None:
        raise Refused("staff.no_such_contractor")
    who = rules.check_who(name=tidy(name), email=tidy(email), phone=tidy(phone))
    listed = rules.check_trades(tidy_lines(trades))
    contractor = contractor or page.new_id("f")
    page.write(facts.ContractorRecorded(contractor=contractor, trades=listed, name=who.name, phone=who.phone, email=who.email))
    return contractor


@action
def record_patch(
    page: Page, *, name: str, blocks: list[str], postcodes: list[str], patch: str | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Record a patch of the landlord's homes, or put right the one that `patch` names. Returns its id.

    `blocks` are ids; `postcodes` are written as people do, whole or how they begin. Refused: staff.no_such_patch,
    staff.no_patch_name, staff.empty_patch.
    """
    if patch is not None and page.lock(Patch, patch) is None:
        raise Refused("staff.no_such_patch")
    named, begin = tidy(name), sorted({squeeze(one) for one in tidy_lines(postcodes)})
    rules.check_patch(named, blocks, begin)
    patch = patch or page.new_id("g")
    page.write(facts.PatchRecorded(patch=patch, name=named or "", blocks=sorted(set(blocks)), postcodes=begin))
    return patch


@action
def record_cover(
    page: Page, *, contractor: str, trade: str, from_on: date, patch: str | None = None, until_on: date | None = None,
    cover: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Say that a firm does a trade in a patch, or everywhere, from a day on; or change or end the one that `cover` names.

    Returns its id. Refused: staff.no_such_contractor, staff.no_such_patch, staff.no_such_cover, staff.no_trade,
    staff.cover_backwards.
    """
    if page.lock(Contractor, contractor) is None:
        raise Refused("staff.no_such_contractor")
    if patch is not None and page.lock(Patch, patch) is None:
        raise Refused("staff.no_such_patch")
    if cover is not None and page.lock(Cover, cover) is None:
        raise Refused("staff.no_such_cover")
    if until_on is not None and until_on < from_on:
        raise Refused("staff.cover_backwards")
    (named,) = rules.check_trades(tidy_lines([trade]))
    cover = cover or page.new_id("j")
    page.write(
        facts.CoverRecorded(cover=cover, contractor=contractor, trade=named, patch=patch, from_on=from_on, until_on=until_on)
    )
    return cover


@action
def give_token(
    page: Page, *, contractor: str, digest: str, label: str, expires_on: date, by: By, at: datetime, command: str
) -> str:
    """Let a firm's own system in to the firm's jobs. `digest`: of its secret, which the door made and shows once.

    Returns the token's id. Refused: staff.no_such_contractor, staff.no_label, staff.token_too_long, staff.token_in_the_past.
    """
    if page.lock(Contractor, contractor) is None:
        raise Refused("staff.no_such_contractor")
    rules.check_token(label=tidy(label), expires_on=expires_on, today=london_date(at))
    token = page.new_id("y")
    page.write(facts.TokenGiven(token=token, contractor=contractor, digest=digest, expires_on=expires_on, label=tidy(label)))
    return token


@action
def end_token(page: Page, *, token: str, by: By, at: datetime, command: str) -> None:
    """Shut a firm's system out, from now on. Refused: staff.no_such_token."""
    row = page.lock(Token, token)
    if row is None or row.ended_at is not None:
        raise Refused("staff.no_such_token")
    page.write(facts.TokenEnded(token=token, contractor=row.contractor))


@action
def join_staff(
    page: Page,
    *,
    name: str,
    email: str,
    roles: list[str],
    phone: str | None = None,
    team: str | None = None,
    contractor: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Open an account for somebody who works here or, with `contractor`, for a firm. Returns her id.

    Refused: staff.no_such_contractor, staff.email_taken, and what `rules.check_who` and `rules.check_roles` refuse.
    """
    staff = page.new_id("s")
    who = _check(page, None, name, email, phone, roles, contractor)
    page.write(
        facts.StaffJoined(
            staff=staff,
            roles=cast(list[RoleName], roles),
            team=tidy(team),
            contractor=contractor,
            name=who.name,
            email=who.email,
            phone=who.phone,
        )
    )
    return staff


@action
def change_staff(
    page: Page,
    *,
    staff: str,
    name: str,
    email: str,
    roles: list[str],
    phone: str | None = None,
    team: str | None = None,
    contractor: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> None:
    """Change somebody's roles, team or particulars: give all of them.

    Refused: staff.no_such_staff, staff.last_admin, staff.own_roles, and what `join_staff` refuses.
    """
    before = _lock(page, staff)
    who = _check(page, staff, name, email, phone, roles, contractor)
    if str(by) == f"staff:{staff}" and set(roles) - set(before.roles):
        raise Refused("staff.own_roles")
    if "admin" in before.roles and "admin" not in roles:
        _keep_an_admin(page, staff)
    page.write(
        facts.StaffChanged(
            staff=staff,
            roles=cast(list[RoleName], roles),
            team=tidy(team),
            contractor=contractor,
            name=who.name,
            email=who.email,
            phone=who.phone,
        )
    )


@action
def shut_out(
    page: Page, *, staff: str, because: Literal["left", "dormant", "security"], by: By, at: datetime, command: str
) -> None:
    """Shut an account: she can do nothing from now on. The door ends her sessions.

    Refused: staff.no_such_staff, staff.shut_already, staff.last_admin (not for security: the command line lets in again).
    """
    row = _lock(page, staff)
    if row.shut:
        raise Refused("staff.shut_already")
    if "admin" in row.roles and because != "security":
        _keep_an_admin(page, staff)
    page.write(facts.StaffShutOut(staff=staff, because=because))


@action
def let_in(page: Page, *, staff: str, by: By, at: datetime, command: str) -> None:
    """Open a shut account again. Refused: staff.no_such_staff, staff.not_shut, staff.lets_herself_in."""
    row = _lock(page, staff)
    if not row.shut:
        raise Refused("staff.not_shut")
    if str(by) == f"staff:{staff}":
        raise Refused("staff.lets_herself_in")
    page.write(facts.StaffLetIn(staff=staff))


@action
def ask_link(page: Page, *, staff: str, by: By, at: datetime, command: str) -> None:
    """Ask that somebody get a new way in. It waits a day for a second person.

    Refused: staff.no_such_staff, staff.shut_already, staff.lets_herself_in.
    """
    _lock_open(page, staff)
    if str(by) == f"staff:{staff}":
        raise Refused("staff.lets_herself_in")
    page.write(facts.LinkAsked(staff=staff))


@action
def give_link(page: Page, *, staff: str, first: bool, by: By, at: datetime, command: str) -> datetime:
    """Give somebody the link that the door makes. `first`: she never had a way in, so nothing can be taken over.

    Whoever administers the machine gives one alone: root could write into the database anyway. So the record says it.
    Returns when: the same form sent again gets the first answer, and the door then makes no second link.

    Refused: staff.no_such_staff, staff.shut_already, and what `rules.check_link_giver` refuses.
    """
    row = _lock_open(page, staff)
    if not first and by.kind != CLI:
        rules.check_link_giver(staff, str(by), asked_by=row.link_asked_by, asked_at=row.link_asked_at, at=at)
    page.write(facts.LinkGiven(staff=staff))
    return at


@action
def release_links(page: Page, *, staff: list[str], first: str, second: str, by: By, at: datetime, command: str) -> datetime:
    """Give everybody on a list the link that the door makes: no way in works after a loss. `first` and `second` agreed to it.

    Returns when. Refused: staff.no_such_staff, staff.shut_already, and what `rules.check_two` refuses.
    """
    one, other = rules.check_two(tidy(first), tidy(second))
    for ident in sorted(staff):
        _lock_open(page, ident)
    page.write(facts.LinksReleased(release=page.new_id("n"), count=len(staff), first=one, second=other))
    for ident in sorted(staff):
        page.write(facts.LinkGiven(staff=ident))
    return at


@action
def note_link_used(page: Page, *, staff: str, by: By, at: datetime, command: str) -> None:
    """Write down that somebody used the link that she was given. Refused: staff.no_such_staff."""
    _lock(page, staff)
    page.write(facts.LinkUsed(staff=staff))


@action
def shut_dormant(page: Page, *, last_seen: dict[str, datetime], by: By, at: datetime, command: str) -> list[str]:
    """Shut every account that nobody has used for `rules.DORMANT_AFTER`. `last_seen`: when each was used last.

    Returns the ids that it shut. An admin's account sleeps like any other; the command line lets in again.
    """
    open_since = {row.id: row.in_since for row in queries.everyone()}
    shut = []
    for staff in rules.dormant(open_since, last_seen, at):
        if not _lock(page, staff).shut:
            page.write(facts.StaffShutOut(staff=staff, because="dormant"))
            shut.append(staff)
    return shut


@action
def set_on_call(
    page: Page,
    *,
    staff: str,
    from_at: datetime,
    until_at: datetime,
    lead: bool = False,
    shift: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Give somebody a turn on call, or change the one that `shift` names. Where turns overlap, the last word counts.

    Returns the turn's id. Refused: staff.no_such_staff, staff.shut_already, staff.no_phone, staff.no_such_shift,
    staff.may_not_be_on_call, staff.shift_backwards, staff.shift_too_long.
    """
    row = _lock(page, staff)
    if row.shut:
        raise Refused("staff.shut_already")
    if not rules.may(row.roles, "accept_emergency"):
        raise Refused("staff.may_not_be_on_call")
    if row.phone is None:
        raise Refused("staff.no_phone")
    if shift is not None and page.lock(Shift, shift) is None:
        raise Refused("staff.no_such_shift")
    rules.check_shift(from_at, until_at)
    shift = shift or page.new_id("o")
    page.write(facts.OnCallSet(shift=shift, staff=staff, from_at=from_at, until_at=until_at, lead=lead))
    return shift


def _check(
    page: Page, staff: str | None, name: str, email: str, phone: str | None, roles: Sequence[str], contractor: str | None
) -> rules.Who:
    rules.check_roles(roles, contractor)
    if contractor is not None and page.lock(Contractor, contractor) is None:
        raise Refused("staff.no_such_contractor")
    who = rules.check_who(name=tidy(name), email=tidy(email), phone=tidy(phone), email_needed=True)
    other = queries.by_email(who.email or "")
    if other is not None and other.id != staff:
        raise Refused("staff.email_taken")
    return who


def _keep_an_admin(page: Page, staff: str) -> None:
    """Refuse when nobody else could let people in and out. Every admin is locked: two must not shut each other out at once."""
    page.preload(Staff, [row.id for row in queries.with_role("admin")])
    if not [row for row in queries.with_role("admin") if row.id != staff]:
        raise Refused("staff.last_admin")


def _lock_open(page: Page, staff: str) -> Staff:
    row = _lock(page, staff)
    if row.shut:
        raise Refused("staff.shut_already")
    return row


def _lock(page: Page, staff: str) -> Staff:
    """Lock an account and return it as its own table reads it."""
    page.lock(Staff, staff)
    row = queries.member(staff)
    if row is None:
        raise Refused("staff.no_such_staff")
    return row


@action
def note_limit_reached(
    page: Page, *, reader: str, span: Literal["hour", "day"], most: int, by: By, at: datetime, command: str
) -> None:
    """Note that a page was not shown, since its reader would have seen more people than the landlord allows."""
    page.lock(LookLimit, reader)
    page.write(facts.LookLimitReached(reader=reader, span=span, most=most))


@action
def lift_look_limit(page: Page, *, reader: str, why: str, until_at: datetime, by: By, at: datetime, command: str) -> None:
    """Let a member of staff, or a firm's system, see more people than the landlord allows, until a moment.

    Refused: staff.no_such_staff, and what `rules.check_lift` refuses.
    """
    if page.lock(Staff, reader) is None and page.lock(Contractor, reader) is None:
        raise Refused("staff.no_such_staff")
    page.lock(LookLimit, reader)
    rules.check_lift(reader, str(by), why=tidy(why), until_at=until_at, at=at)
    page.write(facts.LookLimitLifted(reader=reader, until_at=until_at, why=tidy(why)))


@action
def keep_answer(page: Page, *, answer: str, by: By, at: datetime, command: str) -> str:
    """Keep what a message of a firm's system was answered, for when it comes again. No fact: what it did stands in the record."""
    return answer
