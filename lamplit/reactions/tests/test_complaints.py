"""What somebody who complains is told."""

import pytest

from lamplit.basics import who
from lamplit.complaints import actions, queries
from lamplit.messages import queries as sent
from lamplit.people import actions as people
from lamplit.people.facts import Reach
from lamplit.reactions import follow as following
from lamplit.reactions.providers.interface import Form, NotSent, Outgoing, Taken
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.tests.working import follow, messages
from tests.cast import AT, BY_RUTH, RUTH, settle
from tests.landlord import Landlord


@pytest.fixture(autouse=True)
def _begun(landlord: Landlord) -> None:
    following.begin_at(0)
    settle()


class Deaf(Outbox):
    """A provider to whom every number is wrong."""

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        raise NotSent("No such number.", final=True)


def test_she_gets_the_number_and_both_days_and_the_log_does_not_name_her(landlord: Landlord) -> None:
    made = actions.make_complaint(channel="portal", words="No visit", person=RUTH, by=BY_RUTH, at=AT, command="form:1")
    follow(landlord)
    (receipt,) = messages("complaint_received")
    assert (receipt.to, receipt.person, receipt.voice, receipt.because) == ("+447700900005", None, made.complaint, None)
    assert made.reference in receipt.subject
    assert "By the end of Monday 9 March" in receipt.body
    assert "By the end of Monday 23 March" in receipt.body
    assert sent.messages_of(RUTH, cases=[c.id for c in queries.complaints_of(RUTH)]) == [receipt]
    landlord.seal()
    raw = next(raw for raw in landlord.entries() if b'"message.ordered"' in raw)
    assert RUTH.encode() not in raw


@pytest.mark.parametrize(
    ("reach", "channel", "to"),
    [
        ("ann@Example.org", "email", "ann@example.org"),
        ("07700 900077", "text", "+447700900077"),
        ("01632 960009", "call", "+441632960009"),
        ("1 High Street", "post", "1 High Street"),
        (None, None, None),
    ],
)
def test_somebody_unknown_is_answered_where_she_said(
    landlord: Landlord, reach: str | None, channel: str | None, to: str | None
) -> None:
    actions.make_complaint(channel="letter", words="No visit", name="Ann", reach=reach, by=who.visitor(), at=AT, command="form:1")
    follow(landlord)
    (receipt,) = messages("complaint_received")
    assert (receipt.channel, receipt.to, receipt.name) == (channel, to, "Ann")
    assert receipt.status == ("ordered" if to else "failed")


def test_when_one_way_fails_the_next_of_hers_is_tried(landlord: Landlord) -> None:
    how = Reach(channel="email", value="ruth@example.org", state="works", safe=True)
    people.set_reach(person=RUTH, how=how, by=who.cli("import"), at=AT, command="form:0")
    actions.make_complaint(channel="portal", words="No visit", person=RUTH, by=BY_RUTH, at=AT, command="form:1")
    follow(landlord)
    landlord.seal()
    send_waiting(Carriers({}, Deaf()), AT, lambda: AT)
    ways = {m.channel: m.status for m in messages("complaint_received")}
    assert ways == {"text": "failed", "email": "ordered"}
