"""What a standby kept, opened on main: each kind stands where it would have, had it come in here; done again, it is done once."""

from datetime import timedelta

import pytest

from lamplit.basics.who import job, visitor
from lamplit.exchange.post.opened import work
from lamplit.messages import actions, queries
from lamplit.people import actions as people
from lamplit.people.facts import Reach
from tests.cast import AT, RUTH, settle
from tests.landlord import Landlord

REPORT = b"From: Wanda Wren <nobody@invalid>\r\nSubject: A report\r\n\r\nWater comes through the ceiling.\r\n"
TEXT = b'{"id":"x","source_number":"+447700900123","message":"It smells of gas","at":"2026-11-26T09:00:00Z"}'


def kept(what: str, count: int = 1) -> list[str]:
    """Keep as much as a standby does, and return the ids."""
    for number in range(count):
        actions.keep_post(what=what, sealed=actions.Sealed(b"x"), by=visitor(), at=AT, command=f"form:{what}:{number}")
    return [row.id for row in queries.post_to_open(100, "") if row.what == what]


def test_each_kind_stands_where_a_person_finds_it(landlord: Landlord) -> None:
    settle()
    (report,), (text,), (not_ours,), (mail,) = map(kept, ("report", "text", "not_ours", "mail"))
    for _ in range(2):
        email = work("report", REPORT, AT, report)
        assert work("text", TEXT, AT, text) is None
        assert work("not_ours", b'{"channel":"text","said":null}', AT, not_ours) is None
        machine = REPORT.replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject")
        work("mail", machine, AT, mail)
    assert {row.id for row in queries.post_to_open(10, "")} == {text, not_ours}, "an e-mail and its opening are one"
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
            work(broken, b"\xff", AT, "p_five")


@pytest.mark.parametrize(("ends", "hours"), [("(urgent)", 1), ("(may be urgent)", 1), ("(urgent), said my friend", 24)])
def test_a_report_that_is_urgent_is_read_within_the_hour_also_when_we_know_who_wrote(
    landlord: Landlord, ends: str, hours: int
) -> None:
    settle()
    how = Reach(channel="email", value="ruth@example.org", state="works", safe=True)
    people.set_reach(person=RUTH, how=how, by=job("import"), at=AT, command="form:email")
    mail = REPORT.replace(b"nobody@invalid", b"ruth@example.org").replace(b"A report", f"A report {ends}".encode())
    work("report", mail, AT, *kept("report"))
    assert not queries.to_file()
    (promise,) = queries.open_promises()
    assert (promise.person, promise.due_at) == (RUTH, AT + timedelta(hours=hours))
    assert "Water comes through" in queries.contact(promise.contact).said


def test_two_reports_of_the_same_bytes_are_one_e_mail_and_hold_up_nothing(landlord: Landlord) -> None:
    """Two neighbours may write the same few words of the same place; each was told a number of her own."""
    settle()
    first, second = kept("report", 2)
    email = work("report", REPORT, AT, first)
    assert work("report", REPORT, AT + timedelta(minutes=3), second) == email
    (promise,) = queries.open_promises()
    assert promise.due_at == AT + timedelta(hours=24)


def test_what_was_done_before_our_record_came_back_is_not_done_again_and_holds_up_nothing(landlord: Landlord) -> None:
    settle()
    (report, again), (text,) = kept("report", 2), kept("text")
    work("report", REPORT, AT, report)
    work("text", TEXT, AT, text)
    with landlord.connect("owner") as db:  # as after a restore, and after taking over what the standby wrote
        db.execute("UPDATE record.command SET digest = NULL, answer = NULL")
    assert work("report", REPORT, AT, again) is None
    assert work("text", TEXT, AT, text) is None
    assert len(queries.open_promises()) == 2
