"""Whoever acts for her gets copies of what she asked for, by ways of her own, and of nothing else."""

from datetime import timedelta

import msgspec

from lamplit.basics import who
from lamplit.basics.working_days import london_date
from lamplit.people import actions, queries
from lamplit.people.facts import Mandate, PersonNote, Reach
from lamplit.reactions import follow as following
from lamplit.reactions.letters import Wanted
from lamplit.reactions.tests.working import messages
from tests import cast

TODAY = london_date(cast.AT)
LEAVE = Mandate(name="Tomasz Wolski", relation="neighbour", scope=["repairs"], person=cast.TOMASZ, copies=True)
ABOUT = {"because": "e_any", "about": "r_any"}


def told(part, **said):
    wanted = Wanted(**{"template": "test", "subject": "Your repair", "body": "We come tomorrow.", "person": cast.RUTH, **said})
    for _ in range(2):  # a worker that was killed orders once more
        following.order(wanted, f"job:test.it:e_{part}", cast.AT)
    return [(one.person, one.to, one.subject, one.body) for one in messages("copy")]


def change(part, leave, mandate=None):
    sent = {"by": cast.BY_PRIYA, "at": cast.AT, "command": f"form:{part}"}
    return actions.represent_person(person=cast.RUTH, leave=leave, mandate=mandate, **sent)


def test_copies_go_for_what_she_asked_and_stop_with_it(landlord):
    cast.settle()
    how = Reach(channel="email", value="tomasz@example.org", state="works", safe=True)
    actions.set_reach(person=cast.TOMASZ, how=how, by=who.cli("test"), at=cast.AT, command="form:reach")
    mandate = change("a", LEAVE)
    ((person, to, subject, body),) = told("first", **ABOUT)
    assert (person, to, subject) == (cast.TOMASZ, "tomasz@example.org", "Copy: Your repair")
    assert body.startswith("Ruth Adeyemi wants you to have a copy of this:\n\nWe come tomorrow.")
    (row,) = messages("copy")
    assert (row.because, row.about, row.paper, row.voice) == (None, None, None, cast.TOMASZ)
    told("complaint", person=None, reach=cast.RUTH, voice="k_any", about="k_any")
    told("account")
    told("other", person=cast.OTTO, **ABOUT)
    assert len(messages("copy")) == 1, "not in another matter, not about her account, not of anybody else's"
    over = {"expires_on": TODAY, "ended_on": TODAY}
    for part, other in (("later", {"from_on": TODAY + timedelta(days=1)}), ("over", over), ("none", {"copies": None})):
        change(part, msgspec.structs.replace(LEAVE, **other), mandate)
        assert len(told(part, **ABOUT)) == 1, part
    change("again", msgspec.structs.replace(LEAVE, scope=["everything"]), mandate)
    assert len(told("again", person=None, reach=cast.RUTH, voice="k_any", about="k_any")) == 2
    about = PersonNote(what="restricted", code="abuse", source="She said so")
    actions.note_person(person=cast.RUTH, about=about, by=cast.BY_PRIYA, at=cast.AT, command="form:restrict")
    assert len(told("restricted", **ABOUT)) == 2, "whoever acts may be the one she fled from"
    assert [one.leave.name for one in queries.acting_for(cast.RUTH, TODAY)] == ["Tomasz Wolski"]
