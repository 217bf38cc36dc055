"""Planted records come into being: as ordinary records do, at the times that were drawn, in the name of whoever proposed them."""

import base64
from datetime import datetime
from typing import Any

from lamplit.basics.ids import made_beforehand
from lamplit.basics.refusal import Refused
from lamplit.basics.who import read
from lamplit.people import actions, queries
from lamplit.people.facts import Planting
from lamplit.people.rules import made_reaches
from lamplit.record import apart


def put_in_due(at: datetime) -> int:
    """Put in what two people agreed on and of which the time has come. Returns how many records were touched."""
    waiting = queries.to_put_in(at)
    for about in waiting:
        for number, step in enumerate(about.steps or ()):
            if step <= at:
                _take(about, number, step)
    return len(waiting)


def _take(about: Planting, number: int, step: datetime) -> None:
    """Take one step: her record, or one of her contact points.

    It is the action that the desk's own form takes, with all that such a form gives and a command as a nonce makes it. Nothing
    in the record, nor the digest of the command, says that nobody typed it.
    """
    nonce = base64.urlsafe_b64encode(bytes.fromhex(apart.mark(f"{about.salt} {number}"))[:12]).decode()
    sent: dict[str, Any] = {"by": read(about.proposed_by or ""), "at": step, "command": f"form:{nonce}"}
    try:
        if number:
            how = made_reaches(about)[number - 1]
            actions.set_reach(person=about.person or "", how=how, reach=None, **sent)
            return
        with made_beforehand(about.person or ""):
            actions.record_person(name=about.name or "", known_as=None, title=about.title, born_on=about.born_on, **sent)
    except Refused as refused:
        if refused.code != "record.done_before":  # it came back from a store with its command
            raise
