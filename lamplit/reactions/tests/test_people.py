"""What a person is told when somebody changes how we reach her."""

from datetime import timedelta

import pytest

from lamplit.people import actions as people
from lamplit.people.facts import Reach
from lamplit.reactions import follow as following
from lamplit.reactions.tests.working import follow, messages
from tests.cast import AT, BY_DELE, RUTH, settle
from tests.landlord import Landlord

LATER = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def _begun(landlord: Landlord) -> None:
    following.begin_at(0)
    settle()


def test_a_new_way_is_told_at_the_one_that_she_had(landlord: Landlord) -> None:
    thief = Reach(channel="email", value="thief@example.org", state="works", safe=True)
    people.set_reach(person=RUTH, how=thief, by=BY_DELE, at=LATER, command="form:1")
    follow(landlord, LATER)
    (word,) = messages("contact_added")
    assert (word.channel, word.to) == ("text", "+447700900005")
    assert "a new e-mail address" in word.body
    assert "thief" not in word.body


def test_ways_given_together_do_not_tell_on_each_other(landlord: Landlord) -> None:
    mail = Reach(channel="email", value="ruth@example.org", state="unproved", safe=True)
    people.set_reach(person=RUTH, how=mail, by=BY_DELE, at=AT, command="form:1")
    follow(landlord, AT)
    assert messages() == []


def test_a_way_that_ended_tells_nobody(landlord: Landlord) -> None:
    gone = Reach(channel="email", value="ruth@example.org", state="ended", safe=True, why="She left it")
    people.set_reach(person=RUTH, how=gone, by=BY_DELE, at=LATER, command="form:1")
    follow(landlord, LATER)
    assert messages() == []
