"""What every household is sent in an incident. Pure: what the lead typed in, words or refusals out."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of
from lamplit.basics.phone_email import read_phone
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_date, full_moment
from lamplit.basics.working_days import london_date
from lamplit.incidents.rules import status
from lamplit.messages.rules import check_body, held_for

What = Literal["everyone", "put_away"]
TEMPLATE = "incident_told"


class Words(Plain, frozen=True, kw_only=True):
    """One message in each of its shapes: a text; an e-mail or letter with its subject; what is said on the phone."""

    subject: str
    short: str
    long: str
    script: str


@cache
def book() -> DatedValues:
    """The words by day."""
    return figures_of("incidents", "telling.toml")


def since(opened_at: datetime) -> datetime:
    """Return from when on letters are stopped that were sent before an incident."""
    return opened_at - held_for()


def check_told(what: What, works: str, number: str) -> None:
    """Refuse what no household may be sent.

    Refused: incidents.say_what_works, incidents.no_number, those of `status.check_words`, messages.has_link,
    messages.asks_for_money.
    """
    if what == "everyone" and not works.strip():
        raise Refused("incidents.say_what_works")
    if read_phone(number) is None:
        raise Refused("incidents.no_number")
    status.check_words(works, number)


def words(what: What, *, works: str, number: str, next_at: datetime, opened_at: datetime, landlord: str, at: datetime) -> Words:
    """Return the words, filled in. Refused: those of `check_told`, incidents.unchecked where they say that nothing was taken."""
    check_told(what, works, number)
    status.check_claims([works], None, claims=False, at=at)
    whole = works.strip() if works.strip().endswith((".", "!")) else f"{works.strip()}."
    filled = {
        "landlord": landlord, "works": whole, "number": number.strip(), "next": full_moment(next_at),
        "since": full_date(since(opened_at)),
    }  # fmt: skip
    made = Words(**{part: _fill(f"{what}.{part}", filled, at) for part in Words.__struct_fields__})
    check_body(made.subject, made.long)
    check_body(made.subject, made.short)
    return made


def _fill(key: str, filled: Mapping[str, str], at: datetime) -> str:
    return str(book().on(key, london_date(at)).value).strip().format_map(filled)


def check_agrees(by: str, *, first_by: str | None, released: bool, newest: bool) -> bool:
    """Return whether this is the second person's word, with which it goes out.

    Refused: incidents.told_before, incidents.newer_words, incidents.another_person.
    """
    if released:
        raise Refused("incidents.told_before")
    if not newest:
        raise Refused("incidents.newer_words")
    if first_by == by:
        raise Refused("incidents.another_person")
    return first_by is not None
