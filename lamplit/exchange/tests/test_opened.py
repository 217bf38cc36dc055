"""What a standby kept, opened on main: each kind stands where it would have, had it come in here; done again, it is done once."""

from datetime import timedelta

import pytest

from lamplit.basics.who import job
from lamplit.exchange.post.opened import work
from lamplit.messages import queries
from lamplit.people import actions as people
from lamplit.people.facts import Reach
from tests.cast import AT, RUTH, settle
from tests.landlord import Landlord

REPORT = b"From: Wanda Wren <nobody@invalid>\r\nSubject: A report\r\n\r\nWater comes through the ceiling.\r\n"
TEXT = b'{"id":"x","source_number":"+447700900123","message":"It smells of gas","at":"2026-11-26T09:00:00Z"}'


def test_each_kind_stands_where_a_person_finds_it(landlord: Landlord) -> None:
    settle()
    for _ in range(2):
        email = work("report", REPORT, AT, "post:p_one")
        assert work("text", TEXT, AT, "post:p_two") is None
        assert work("not_ours", b'{"channel":"text","said":null}', AT, "post:p_three") is None
        machine = REPORT.replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject")
        work("mail", machine, AT, "post:p_four")
    (waiting,) = queries.to_file()
    assert waiting.id == email, "a report of somebody whom we do not know waits for a person, as an e-mail does"
    assert "Water comes through" in waiting.said
    to_read, promise = sorted(queries.open_promises(), key=lambda one: one.contact or "")
    assert "smells of gas" in queries.contact(promise.contact).said
    assert (to_read.what, to_read.due_at) == (
        "Read what came in at our standby service, and act on it: “A report”", AT + timedelta(hours=24),
    )  # fmt: skip
    assert queries.email_promised(to_read).id == email
    (forgery,) = queries.forgeries_to_see()
    assert (forgery.channel, forgery.said) == ("text", None)
    for broken in ("text", "not_ours"):
        with pytest.raises(ValueError, match="JSON is malformed"):
            work(broken, b"\xff", AT, "post:p_five")


@pytest.mark.parametrize(("ends", "hours"), [("(urgent)", 1), ("(may be urgent)", 1), ("(urgent), said my friend", 24)])
def test_a_report_that_is_urgent_is_read_within_the_hour_also_when_we_know_who_wrote(
    landlord: Landlord, ends: str, hours: int
) -> None:
    settle()
    how = Reach(channel="email", value="ruth@example.org", state="works", safe=True)
    people.set_reach(person=RUTH, how=how, by=job("import"), at=AT, command="form:email")
    mail = REPORT.replace(b"nobody@invalid", b"ruth@example.org").replace(b"A report", f"A report {ends}".encode())
    work("report", mail, AT, "post:p_one")
    assert not queries.to_file()
    (promise,) = queries.open_promises()
    assert (promise.person, promise.due_at) == (RUTH, AT + timedelta(hours=hours))
    assert "Water comes through" in queries.contact(promise.contact).said
