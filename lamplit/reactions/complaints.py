"""What somebody who complains is told. No clear field of such a message names her: it hangs on the complaint alone."""

from datetime import datetime
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.basics.phone_email import is_mobile, read_email, read_phone
from lamplit.people import queries as people
from lamplit.reactions.letters import Wanted, in_hers, write
from lamplit.record.encode import Entry


def receipt(entry: Entry, at: datetime) -> list[Wanted]:
    """Say that we have it: the number, and the Code's two dates."""
    fact = entry.body
    if isinstance(fact.words, Unavailable):
        return []
    values: dict[str, Any] = {
        "reference": fact.reference, "acknowledge_by_on": fact.acknowledge_by_on, "respond_by_on": fact.respond_by_on,
    }  # fmt: skip
    subject, body = write("complaint_received", at, **values)
    channel, to = (None, None) if fact.person else _written_to(fact.reach)
    return [
        Wanted(
            template="complaint_received",
            subject=subject,
            body=body,
            voice=fact.complaint,
            reach=fact.person,
            channel=channel,
            to=to,
            name=_name(fact.person) or fact.name,
            about=fact.complaint,
            **in_hers("complaint_received", fact.person, at, **values),
        )
    ]


def _written_to(reach: str | None) -> tuple[str | None, str | None]:
    """Read what somebody left as the way to reach her: an e-mail address, a telephone number, or an address for post."""
    if not reach or not reach.strip():
        return None, None
    if (address := read_email(reach)) is not None:
        return "email", address
    if (number := read_phone(reach)) is not None:
        return ("text" if is_mobile(number) else "call"), number
    return "post", reach.strip()


def _name(person: str | None) -> str | None:
    row = people.person(person) if person else None
    return row.name if row and isinstance(row.name, str) else None
