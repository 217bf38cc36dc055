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
        raise Refused("homes.bad_postcode", postcode=text)
    return f"{found[1]} {found[2]}"


def check_particulars(
    *, uprn: str | None, address: list[str], postcode: str | None, shape: str | None, bedrooms: int | None
) -> Particulars:
    """Check what is said of a home. Refused: homes.no_address, homes.bad_postcode, homes.bad_uprn, homes.bad_bedrooms."""
    lines = [line.strip() for line in address if line.strip()]
    if not lines:
        raise Refused("homes.no_address")
    number = (uprn or "").strip()
    if number and not re.fullmatch(r"\d{1,12}", number):
        raise Refused("homes.bad_uprn", uprn=number)
    if bedrooms is not None and not 0 <= bedrooms <= 30:
        raise Refused("homes.bad_bedrooms")
    return Particulars(
        uprn=number.lstrip("0") or None,
        address=lines,
        postcode=normal_postcode(postcode) if postcode and postcode.strip() else None,
        shape=(shape or "").strip() or None,
        bedrooms=bedrooms,
    )


def check_note(note: HomeNote) -> HomeNote:
    """Check a note on a home. Refused: homes.note_says_nothing, homes.note_without_source, homes.dates_out_of_order."""
    if not note.says.strip():
        raise Refused("homes.note_says_nothing")
    # Control of Asbestos Regulations 2012, reg. 4: what is known of asbestos says where it is known from.
    if note.what == "asbestos" and not (note.source or "").strip():
        raise Refused("homes.note_without_source")
    check_order(note.since_on, note.ended_on)
    check_order(note.since_on, note.review_on)
    return note


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
