"""What may be recorded of a person, which contact points may be used for what, which needs count when. Pure."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec

from lamplit.basics.phone_email import is_mobile, read_email, read_phone
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import CLI, JOB, PERSON, STAFF
from lamplit.people.facts import Mandate, PersonNote, Reach

Purpose = Literal["code", "receipt", "message", "notice", "call"]
# Codes and receipts hold what is worth stealing or must come at once; so they never go by post.
CHANNELS: dict[Purpose, tuple[str, ...]] = {
    "code": ("text", "email"),
    "receipt": ("text", "email"),
    "message": ("text", "email", "post"),
    "notice": ("post", "email", "text"),
    "call": ("phone", "text"),
}
PROVED_BY_CODE = ("text", "email")
PREFERENCES = ("language", "channel", "format")
RESTRICTED = ("abuse", "safeguarding")
SCOPES = ("repairs", "rent", "complaints", "everything")
REVIEW_AFTER = timedelta(days=365)
LONGEST_NAME = 200

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


class Need(Plain, frozen=True, kw_only=True):
    """One need or risk that counts on a day. `note` is None when it follows from the date of birth alone."""

    person: str
    code: str
    what: Literal["need", "risk"] = "need"
    says: str | None = None
    changes: str | None = None
    source: str | None = None
    since_on: date | None = None
    review_on: date | None = None
    review_late: bool = False
    note: str | None = None


class Preferences(Plain, frozen=True, kw_only=True):
    """How she wants to hear from us. None where she has not said."""

    language: str | None = None
    channel: str | None = None
    format: str | None = None


def normal_phone(text: str) -> str:
    """Return a telephone number as it is kept. Refused: people.bad_phone."""
    phone = read_phone(text)
    if phone is None:
        raise Refused("people.bad_phone")
    return phone


def normal_email(text: str) -> str:
    """Return an e-mail address as it is kept. Refused: people.bad_email."""
    email = read_email(text)
    if email is None:
        raise Refused("people.bad_email")
    return email


def check_reach(reach: Reach) -> Reach:
    """Return a contact point in its normal form.

    Refused: people.bad_phone, people.not_a_mobile, people.bad_email, people.no_address, people.ended_without_why.
    """
    value = reach.value.strip()
    if reach.channel in ("text", "phone"):
        value = normal_phone(value)
    if reach.channel == "text" and not is_mobile(value):
        raise Refused("people.not_a_mobile")
    if reach.channel == "email":
        value = normal_email(value)
    if not value or len(value) > 1000:
        raise Refused("people.no_address")
    if reach.state in ("fails", "ended") and not reach.why:
        raise Refused("people.ended_without_why")
    return msgspec.structs.replace(reach, value=value)


def same_reach(known: Reach, new: Reach) -> bool:
    """Say whether a contact point that is in use is given once more. Capital letters do not make it another."""
    return known.state != "ended" and known.channel == new.channel and known.value.lower() == new.value.lower()


def check_reach_change(before: Reach, after: Reach) -> Reach:
    """Return what a contact point becomes. A new value starts unproved, whatever the form said.

    Refused: people.reach_ended, people.other_channel.
    """
    if before.state == "ended":
        raise Refused("people.reach_ended")
    if before.channel != after.channel:
        raise Refused("people.other_channel")
    if before.value != after.value and after.state == "works":
        return msgspec.structs.replace(after, state="unproved")
    return after


def weigh(before: Reach | None, after: Reach, by_kind: str, *, restricted: bool) -> Reach:
    """Return a contact point with the state that its giver may give it.

    Only a code proves a mobile or an e-mail address (`prove`); staff may say that a telephone or a postal address works; what
    an import brings was proved elsewhere. What somebody signed in gives while a marker holds is `held`: whoever took her phone
    would else have her codes, and a page that refused it would tell him of the marker.
    """
    same = before is not None and before.value == after.value
    worked = same and before is not None and before.state == "works"
    vouched = by_kind in (JOB, CLI) or (by_kind == STAFF and after.channel not in PROVED_BY_CODE)
    state = "unproved" if after.state == "works" and not worked and not vouched else after.state
    was_held = before is not None and before.held
    held = True if by_kind == PERSON and (was_held or (restricted and not same)) else None
    proved = before.proved if before is not None and worked and state == "works" else None
    return msgspec.structs.replace(after, state=state, held=held, proved=proved)


def prove(how: Reach) -> Reach:
    """Return a contact point once she entered the code that was sent there. Refused: people.reach_ended, people.no_code_there."""
    if how.state == "ended":
        raise Refused("people.reach_ended")
    if how.channel not in PROVED_BY_CODE:
        raise Refused("people.no_code_there")
    return msgspec.structs.replace(how, state="works", proved="code", why=None)


def check_name(name: str | None, known_as: str | None = None) -> str:
    """Return her name without spaces around it. Refused: people.no_name, people.name_too_long."""
    bare = " ".join((name or "").split())
    if not bare:
        raise Refused("people.no_name")
    if len(bare) > LONGEST_NAME or len(known_as or "") > LONGEST_NAME:
        raise Refused("people.name_too_long")
    return bare


def check_birth(born_on: date | None, today: date) -> None:
    """Refused: people.bad_birth, when the date lies ahead or more than 120 years back."""
    if born_on is not None and not (born_on <= today and today.year - born_on.year <= 120):
        raise Refused("people.bad_birth")


def check_note(note: PersonNote, today: date) -> PersonNote:
    """Return a note made whole: since today and with a review in a year when nothing is said.

    Refused: people.bad_code, people.need_without_source, people.preference_without_value, people.note_says_nothing,
    people.dates_out_of_order, people.restriction_ends_later.
    """
    _check_content(note)
    since_on = note.since_on or today
    # A risk that nobody looks at again turns into a label for life.
    review_on = note.review_on or (None if note.what == "preference" else since_on + REVIEW_AFTER)
    if review_on is not None and review_on < since_on:
        raise Refused("people.dates_out_of_order")
    if note.ended_on is not None and note.ended_on < since_on:
        raise Refused("people.dates_out_of_order")
    # Who may be reached how is asked without a date; so a restriction ends on the day somebody says so, not by itself.
    if note.what == "restricted" and note.ended_on is not None and note.ended_on > today:
        raise Refused("people.restriction_ends_later")
    return msgspec.structs.replace(note, since_on=since_on, review_on=review_on)


def _check_content(note: PersonNote) -> None:
    if not _CODE.fullmatch(note.code):
        raise Refused("people.bad_code")
    if note.what in ("need", "risk", "restricted") and not note.source:
        raise Refused("people.need_without_source")
    if note.what == "restricted" and note.code not in RESTRICTED:
        raise Refused("people.bad_code")
    if note.what == "alert" and not note.says:
        raise Refused("people.note_says_nothing")
    if note.what == "preference":
        if note.code not in PREFERENCES or (
            note.code == "channel" and note.value not in (None, "text", "phone", "email", "post")
        ):
            raise Refused("people.bad_code")
        if not note.value:
            raise Refused("people.preference_without_value")


def same_thing(before: PersonNote, after: PersonNote, on: date) -> bool:
    """Say whether a new note only changes one that still counts. Known twice, a need would outlive its end."""
    if before.what != after.what or before.code != after.code or after.what == "alert":
        return False
    return before.ended_on is None or before.ended_on > on


def check_mandate(leave: Mandate, today: date) -> Mandate:
    """Return a representative's leave in its normal form.

    Refused: people.no_name, people.bad_scope, people.bad_phone, people.bad_email, people.mandate_expired,
    people.dates_out_of_order, people.copies_nowhere.
    """
    if not leave.scope or any(scope not in SCOPES for scope in leave.scope):
        raise Refused("people.bad_scope")
    if leave.ended_on is None and leave.expires_on is not None and leave.expires_on < today:
        raise Refused("people.mandate_expired")
    if leave.from_on is not None and leave.expires_on is not None and leave.expires_on < leave.from_on:
        raise Refused("people.dates_out_of_order")
    if leave.copies and leave.person is None:
        raise Refused("people.copies_nowhere")
    return msgspec.structs.replace(
        leave,
        name=check_name(leave.name),
        phone=normal_phone(leave.phone) if leave.phone else None,
        email=normal_email(leave.email) if leave.email else None,
        scope=sorted(set(leave.scope)),
    )


def speaks_for(leave: Mandate, scope: str, on: date) -> bool:
    """Say whether a representative may act in a matter on a day; the last day counts."""
    if (leave.ended_on is not None and leave.ended_on <= on) or (leave.from_on is not None and on < leave.from_on):
        return False
    return (leave.expires_on is None or on <= leave.expires_on) and (scope in leave.scope or "everything" in leave.scope)


def is_live(note: PersonNote, on: date) -> bool:
    """Say whether a note counts on a day. A late review ends nothing: oxygen does not stop because we forgot to ask."""
    return (note.since_on is None or note.since_on <= on) and (note.ended_on is None or on < note.ended_on)


def is_restricted(notes: Iterable[PersonNote | None]) -> bool:
    """Say whether only safe contact points may be used. A note that cannot be read may be such a marker, so it counts as one."""
    return any(note is None or (note.what == "restricted" and note.ended_on is None) for note in notes)


def usable(reaches: Iterable[Reach | None], purpose: Purpose, *, restricted: bool, preferred: str | None) -> list[int]:
    """Return the places of the contact points that may be used, best first.

    The channel that she prefers, then proved before unproved, then the order of CHANNELS. Nothing is sent to one that is not
    proved: somebody else may have added his own. To ring there is allowed, since whoever rings hears who answers. Failing, ended
    and held ones never; with a restriction only those that nobody else reads or hears.
    """
    channels = CHANNELS[purpose]
    ranked = []
    for place, reach in enumerate(reaches):
        if reach is None or reach.channel not in channels or reach.state in ("fails", "ended") or reach.held:
            continue
        if reach.state != "works" and purpose != "call":
            continue
        if restricted and not reach.safe:
            continue
        rank = (reach.channel != preferred, reach.state != "works", channels.index(reach.channel), place)
        ranked.append((rank, place))
    return [place for _, place in sorted(ranked)]


def age_on(born_on: date, on: date) -> int:
    """Return the age in whole years. Somebody born on 29 February has her birthday on 1 March in other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def needs_of_age(born_on: date, on: date) -> list[str]:
    """Return the codes that age alone brings: baby (under 1), under_5, over_65, over_75 (from the birthday on)."""
    age = age_on(born_on, on)
    if age < 0:
        return []
    return [
        code for code, holds in (("baby", age < 1), ("under_5", age < 5), ("over_65", age >= 65), ("over_75", age >= 75)) if holds
    ]


def live_needs(person: str, notes: Iterable[tuple[str, PersonNote]], born_on: date | None, on: date) -> list[Need]:
    """Return one person's needs and risks on a day: recorded ones first, then those that her age brings. Each code once."""
    found: dict[str, Need] = {}
    for note_id, note in notes:
        if note.what in ("need", "risk") and is_live(note, on) and note.code not in found:
            found[note.code] = Need(
                person=person,
                code=note.code,
                what="risk" if note.what == "risk" else "need",
                says=note.says,
                changes=note.changes,
                source=note.source,
                since_on=note.since_on,
                review_on=note.review_on,
                review_late=note.review_on is not None and note.review_on < on,
                note=note_id,
            )
    for code in needs_of_age(born_on, on) if born_on is not None else []:
        found.setdefault(code, Need(person=person, code=code, source="date of birth", since_on=born_on))
    return list(found.values())


class Believed(Plain, frozen=True, kw_only=True):
    """Who somebody is, as one record believes it."""

    name: str | None = None
    known_as: str | None = None
    title: str | None = None
    born_on: date | None = None


def check_merge(kept: str, gone: str, *, merged: Iterable[tuple[str, str]], why: str | None) -> None:
    """Refuse what would make a chain of merges. `merged`: the pairs (kept, gone) that stand and touch one of the two.

    Refused: people.merge_same, people.no_reason, people.merged_already, people.merge_has_others.
    """
    if kept == gone:
        raise Refused("people.merge_same")
    if why is None:
        raise Refused("people.no_reason")
    pairs = list(merged)
    if any(other in (kept, gone) for _, other in pairs):
        raise Refused("people.merged_already")
    if any(into == gone for into, _ in pairs):
        raise Refused("people.merge_has_others")


def check_stands(stands: Believed, kept: Believed, gone: Believed) -> None:
    """Refuse a value that neither record has: a merge chooses, it does not invent. Refused: people.merge_other_value."""
    for name in Believed.__struct_fields__:
        if getattr(stands, name) not in (getattr(kept, name), getattr(gone, name)):
            raise Refused("people.merge_other_value")
