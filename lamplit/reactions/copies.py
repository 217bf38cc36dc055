"""Copies for whoever acts for somebody: of what we write to her in the matters for which she asked it, and of nothing else."""

from datetime import datetime

from lamplit.basics.working_days import london_date
from lamplit.people import queries as people
from lamplit.people.rules import speaks_for
from lamplit.reactions.letters import Wanted, write

MATTERS = {"r_": "repairs", "k_": "complaints"}  # by what a message is about; codes and warnings about her own account are none


def copies_of(wanted: Wanted, at: datetime) -> list[tuple[str, Wanted]]:
    """Return the copies that go with a message to somebody, each with the id of the leave by which it goes.

    None while she is restricted: whoever acts for her may be the one she fled from. A copy is a message to whoever acts, by
    ways of her own. It names neither the case nor the entry, which next to a pseudonym would tell who complained. No paper goes
    along: what the law wants sent is sent to her.
    """
    person, matter = wanted.person or wanted.reach, MATTERS.get((wanted.about or "")[:2])
    if person is None or matter is None:
        return []
    on = london_date(at)
    acting = [(one.id, one.leave) for one in people.acting_for(person, on) if one.leave is not None]
    leaves = [(ident, leave) for ident, leave in acting if leave.copies and leave.person and speaks_for(leave, matter, on)]
    if not leaves or people.is_restricted(person) or people.is_planted(person):  # asked last: hardly anybody has leaves
        return []
    row = people.person(person)
    name = people.full_name(row) if row is not None else "Somebody"
    subject, body = write("copy", at, name=name, what=wanted.subject, body=wanted.body)
    return [
        (ident, Wanted(template="copy", subject=subject, body=body, person=leave.person, name=leave.name))
        for ident, leave in leaves
    ]
