"""What a standby kept, opened on main: each kind stands where it would have, had it come in here; done again, it is done once."""

import pytest

from lamplit.exchange.post.opened import work
from lamplit.messages import queries
from tests.cast import AT, settle
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
    (promise,) = queries.open_promises()
    assert "smells of gas" in queries.contact(promise.contact).said
    (forgery,) = queries.forgeries_to_see()
    assert (forgery.channel, forgery.said) == ("text", None)
    for broken in ("text", "not_ours"):
        with pytest.raises(ValueError, match="JSON is malformed"):
            work(broken, b"\xff", AT, "post:p_five")
