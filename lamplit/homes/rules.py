"""What may be recorded of a home, and which homes stand next to each other. Pure."""

import re
from datetime import date
from typing import Literal, Protocol

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.homes.facts import HomeNote

Beside = Literal["above", "below", "beside"]
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")  # the common shape of BS 7666; GIR 0AA is no home
_NOTE_ORDER = {"asbestos": 0, "warning": 1, "access": 2, "other": 3}


class Place(Protocol):
    """Where a home stands in its block."""

    @property
    def storey(self) -> int | None: ...
    @property
    def stack(self) -> int | None: ...


class Particulars(Plain, frozen=True, kw_only=True):
    """What a home is, checked: see `check_particulars`."""

    uprn: str | None
    address: list[str]
    postcode: str | None
    shape: str | None
    bedrooms: int | None


class BlockParticulars(Plain, frozen=True, kw_only=True):
    """What a block is, checked."""

    name: str
    address: list[str]
    postcode: str | None


def where_from(home: Place, other: Place) -> Beside | None:
    """Say where `other`, of the same block, stands seen from `home`. None when they do not touch or we do not know."""
    if home.storey is None or home.stack is None or other.storey is None or other.stack is None:
        return None
    up, across = other.storey - home.storey, other.stack - home.stack
    if across == 0 and up == 1:
        return "above"
    if across == 0 and up == -1:
        return "below"
    if up == 0 and abs(across) == 1:
        return "beside"
    return None


def normal_postcode(text: str) -> str:
    """Return a postcode as Royal Mail writes it: `SW1A 1AA`. Refused: homes.bad_postcode."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    if not found:
        raise Refused("homes.bad_postcode")
    return f"{found[1]} {found[2]}"


def check_particulars(
    *, uprn: str | None, address: list[str], postcode: str | None, shape: str | None, bedrooms: int | None
) -> Particulars:
    """Check what is said of a home. Refused: homes.no_address, homes.bad_postcode, homes.bad_uprn, homes.bad_bedrooms."""
    if not address:
        raise Refused("homes.no_address")
    if uprn is not None and not re.fullmatch(r"[0-9]{1,12}", uprn):
        raise Refused("homes.bad_uprn")
    if bedrooms is not None and not 0 <= bedrooms <= 30:
        raise Refused("homes.bad_bedrooms")
    return Particulars(
        uprn=(uprn or "").lstrip("0") or None,
        address=address,
        postcode=normal_postcode(postcode) if postcode else None,
        shape=shape,
        bedrooms=bedrooms,
    )


def check_block(*, name: str | None, address: list[str], postcode: str | None) -> BlockParticulars:
    """Check what is said of a block. Refused: homes.no_name, homes.no_address, homes.bad_postcode."""
    if not name:
        raise Refused("homes.no_name")
    if not address:
        raise Refused("homes.no_address")
    return BlockParticulars(name=name, address=address, postcode=normal_postcode(postcode) if postcode else None)


def check_note(note: HomeNote) -> HomeNote:
    """Check a note on a home. Refused: homes.note_says_nothing, homes.note_without_source, homes.dates_out_of_order."""
    if not note.says:
        raise Refused("homes.note_says_nothing")
    # Control of Asbestos Regulations 2012, reg. 4: what is known of asbestos says where it is known from.
    if note.what == "asbestos" and not note.source:
        raise Refused("homes.note_without_source")
    check_order(note.since_on, note.ended_on)
    check_order(note.since_on, note.review_on)
    return note


def check_check(checked_on: date, next_due_on: date | None, satisfactory: bool, found: str | None, today: date) -> None:
    """Check a safety check. Refused: homes.checked_later, homes.dates_out_of_order, homes.check_failed_without_words."""
    if checked_on > today:
        raise Refused("homes.checked_later")
    check_order(checked_on, next_due_on)
    if not satisfactory and not found:
        raise Refused("homes.check_failed_without_words")


def check_order(first: date | None, last: date | None) -> None:
    """Refused: homes.dates_out_of_order, when both dates are there and the last comes first."""
    if first is not None and last is not None and last < first:
        raise Refused("homes.dates_out_of_order")


def is_live(note: HomeNote, on: date) -> bool:
    """Say whether a note counts on a day. A review that is late ends nothing."""
    return (note.since_on is None or note.since_on <= on) and (note.ended_on is None or on < note.ended_on)


def reading_order(note: HomeNote) -> int:
    """Return where a note stands among those that a visitor reads: asbestos first, then warnings."""
    return _NOTE_ORDER[note.what]
