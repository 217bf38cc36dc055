"""What a person is told when somebody changes how we reach her: a thief who adds his own number is found out."""

from datetime import datetime, timedelta
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.messages import queries as messages
from lamplit.people import queries
from lamplit.reactions import recipients
from lamplit.reactions.letters import Wanted, in_hers, write
from lamplit.reactions.tongues import Phrase
from lamplit.record.encode import Entry

SETTLED = timedelta(days=1)  # contact points given together at the start do not tell on each other
_WORDS = {
    "text": Phrase("mobile number"), "phone": Phrase("telephone number"), "email": Phrase("e-mail address"),
    "post": Phrase("address for letters"),
}  # fmt: skip


def reach_added(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her of a new contact point, at the best one that she had before and that is safe to use."""
    fact = entry.body
    if fact.how is None or isinstance(fact.how, Unavailable) or fact.how.state in ("fails", "ended"):
        return []
    if messages.already_sent(because=fact.reach, template="contact_added", since=entry.at - SETTLED):
        return []
    older = {one.id for one in queries.reaches(fact.person) if one.at <= entry.at - SETTLED}
    ways = [way for way in queries.ways_to_reach(fact.person, "message") if way.id in older and way.value != fact.how.value]
    if not ways:
        return []
    values: dict[str, Any] = {"what": _WORDS[fact.how.channel], "changed_at": entry.at}
    subject, body = write("contact_added", at, **values)
    to = recipients.known(fact.person)
    return [
        Wanted(
            template="contact_added",
            subject=subject,
            body=body,
            person=fact.person,
            channel=ways[0].channel,
            to=ways[0].value,
            name=to.name,
            because=fact.reach,
            **in_hers("contact_added", fact.person, at, **values),
        )
    ]
