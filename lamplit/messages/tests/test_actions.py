"""Contacts, promises and messages, from the action to what pages read."""

from datetime import timedelta

import pytest

from lamplit.basics.fact import Fact
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, job
from lamplit.messages import actions, queries, rules
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, PersonNoted, Reach, ReachRecorded
from lamplit.record.page import Page, action
from tests.cast import AT, BY_DELE, BY_PRIYA, OTTO, PRIYA, RUTH, RUTHS_HOME, TOMASZ, settle
from tests.landlord import Landlord

LATER = AT + timedelta(hours=1)
SENDER = job("sender")
WAITS = rules.pace(clock=False).waits


@action
def happen(page: Page, *, facts: list[Fact], by: By, at: object, command: str) -> None:
    for fact in facts:
        page.write(fact)


def reach(ident: str, person: str, channel: str, value: str, *, safe: bool = True, state: str = "works") -> ReachRecorded:
    how = Reach(channel=channel, value=value, state=state, safe=safe)
    return ReachRecorded(reach=f"a_{ident}".ljust(22, "0"), person=person, how=how)


def order(command: str = "job:test", **more: object) -> str:
    words = {"template": "test", "subject": "Hello", "body": "We will come."} | more
    return actions.order_message(**words, by=job("reactions"), at=AT, command=command)


def contact(command: str, audience: str = "all", **more: object) -> str:
    words = {"channel": "call", "direction": "in", "said": "It drips.", "person": RUTH} | more
    return actions.record_contact(**words, audience=audience, by=BY_DELE, at=AT, command=command)


def test_a_contact_keeps_who_when_how_and_what(landlord: Landlord) -> None:
    settle()
    made = contact("form:1", home=RUTHS_HOME, said="It drips.\r\nA lot.")
    (row,) = queries.contacts_of(person=RUTH, audience="staff")
    assert (row.id, row.voice, row.person, row.home, row.by, row.happened_at) == (
        made, RUTH, RUTH, RUTHS_HOME, str(BY_DELE), AT,
    )  # fmt: skip
    assert (row.channel, row.direction, row.said) == ("call", "in", "It drips.\nA lot.")
    assert queries.contacts_of(home=RUTHS_HOME, audience="staff") == [row]
    assert queries.contacts_of(repair="r_none", audience="restricted") == []


def test_she_sees_her_own_words_and_neither_restricted_ones_nor_those_of_others(landlord: Landlord) -> None:
    settle()
    hers = contact("form:1")
    for_staff = contact("form:2", "staff")
    restricted = contact("form:3", "restricted")
    about_her = contact("form:4", voice=TOMASZ, said="She is loud.")
    assert [c.id for c in queries.contacts_of(person=RUTH, audience=RUTH)] == [hers]
    assert {c.id for c in queries.contacts_of(person=RUTH, audience="staff")} == {hers, for_staff, about_her}
    assert {c.id for c in queries.contacts_of(person=RUTH, audience="restricted")} == {hers, for_staff, restricted, about_her}
    assert queries.contacts_of(person=RUTH, audience=OTTO) == []


def test_contacts_are_read_of_somebody(landlord: Landlord) -> None:
    with pytest.raises(ValueError, match="of a person"):
        queries.contacts_of(audience="staff")


def test_somebody_unknown_speaks_with_her_contact_as_voice(landlord: Landlord) -> None:
    settle()
    made = contact("form:1", person=None, home=RUTHS_HOME)
    other = contact("form:2", person=None)
    assert queries.contacts_of(home=RUTHS_HOME, audience="staff")[0].voice == RUTHS_HOME
    with landlord.connect("app") as db:
        assert db.execute("SELECT voice FROM contact WHERE id = %s", [other]).fetchone() == (other,)
    assert made != other


def test_a_promise_is_open_until_kept(landlord: Landlord) -> None:
    settle()
    contact("form:1", promise="Ring back", promise_due_at=LATER, promise_owner=PRIYA)
    contact("form:2", promise="Send a letter", promise_due_at=LATER - timedelta(minutes=5))
    letter, ring = queries.open_promises()
    assert (ring.what, ring.owner, ring.due_at, ring.made_by) == ("Ring back", PRIYA, LATER, str(BY_DELE))
    assert queries.open_promises(owner=PRIYA) == [ring]
    assert queries.open_promises(due_before=LATER) == [letter]
    actions.keep_promise(promise=ring.id, how="Rang her", by=BY_PRIYA, at=LATER, command="form:3")
    assert queries.open_promises() == [letter]
    kept = next(p for p in queries.promises_of(person=RUTH, audience=RUTH) if p.id == ring.id)
    assert (kept.kept_at, kept.kept_by, kept.how) == (LATER, str(BY_PRIYA), "Rang her")
    with pytest.raises(Refused, match=r"messages\.promise_already_kept"):
        actions.keep_promise(promise=ring.id, by=BY_PRIYA, at=LATER, command="form:4")
    with pytest.raises(Refused, match=r"messages\.no_such_promise"):
        actions.keep_promise(promise="v_none", by=BY_PRIYA, at=LATER, command="form:5")


def test_a_promise_made_in_confidence_is_not_shown(landlord: Landlord) -> None:
    settle()
    contact("form:1", "restricted", promise="Change the locks", promise_due_at=LATER)
    contact("form:2", "staff", promise="Look at the file", promise_due_at=LATER)
    assert [p.what for p in queries.promises_of(person=RUTH, audience="staff")] == ["Look at the file"]
    assert queries.promises_of(person=RUTH, audience=RUTH) == []
    assert len(queries.promises_of(person=RUTH, audience="restricted")) == 2


def test_nothing_is_kept_of_a_contact_whose_promise_is_refused(landlord: Landlord) -> None:
    settle()
    with pytest.raises(Refused, match=r"messages\.promise_without_time"):
        contact("form:1", promise="Ring back")
    assert queries.contacts_of(person=RUTH, audience="staff") == []


def test_a_message_goes_the_best_way_with_a_code_and_waits_for_the_sealed_record(landlord: Landlord) -> None:
    settle()
    message = order(person=RUTH)
    row = queries.message(message)
    assert row is not None
    assert (row.channel, row.to, row.status, row.voice) == ("text", "+447700900005", "ordered", RUTH)
    code = row.body[-6:]
    assert row.body == f"We will come.\n\nCheck this message: code {code}"
    assert queries.with_code(code.lower()) == [row]
    assert queries.with_code("ABC") == []
    assert queries.to_send(AT) == []  # not in the log yet
    landlord.seal()
    assert queries.to_send(AT) == [row]
    actions.record_sent(message=message, receipt="ok", by=SENDER, at=LATER, command="job:sent:1")
    assert queries.to_send(LATER) == []
    assert [(m.id, m.status, m.sent_at) for m in queries.messages_of(RUTH)] == [(message, "sent", LATER)]
    assert [m.id for m in queries.outbox()] == [message]


def test_a_message_that_failed_waits_longer_and_longer_then_goes_another_way(landlord: Landlord) -> None:
    settle()
    happen(facts=[reach("ruthmail", RUTH, "email", "ruth@example.org")], by=BY_DELE, at=AT, command="form:1")
    message, at = order(person=RUTH), AT
    landlord.seal()
    for tries, wait in enumerate((*WAITS, WAITS[-1]), 1):
        assert [m.id for m in queries.to_send(at)] == [message]
        other = actions.record_failed(message=message, why="busy", final=False, by=SENDER, at=at, command=f"job:failed:{tries}")
        assert queries.to_send(at + wait - timedelta(seconds=1)) == []
        at += wait
    follower = queries.message(other)
    assert follower is not None
    assert (follower.channel, follower.to, follower.because) == ("email", "ruth@example.org", message)
    assert queries.reached_nobody() == []
    assert actions.record_failed(message=other, why="bounced", final=True, by=SENDER, at=at, command="job:failed:x") is None
    assert [m.id for m in queries.reached_nobody()] == [other]


def test_with_a_restricted_marker_only_a_safe_way_is_used(landlord: Landlord) -> None:
    settle()
    marker = PersonNoted(note="n_mark", person=TOMASZ, about=PersonNote(what="restricted", code="abuse"))
    unsafe = reach("tomaszmail", TOMASZ, "email", "both@example.org", safe=False)
    happen(facts=[unsafe, marker], by=BY_DELE, at=AT, command="form:1")
    message = order(person=TOMASZ)
    row = queries.message(message)
    assert row is not None
    assert (row.channel, row.to, row.status, row.why) == (None, None, "failed", actions.NO_WAY)
    assert [m.id for m in queries.reached_nobody()] == [message]
    happen(facts=[reach("tomasztext", TOMASZ, "text", "+447700900002")], by=BY_DELE, at=AT, command="form:2")
    safe = queries.message(order("job:again", person=TOMASZ, channel="email"))
    assert safe is not None
    assert (safe.channel, safe.to) == ("text", "+447700900002")


def test_a_message_with_a_link_is_not_ordered(landlord: Landlord) -> None:
    settle()
    with pytest.raises(Refused, match=r"messages\.has_link"):
        order(person=RUTH, body="Pay at https://pay.example")
    assert queries.outbox() == []


def test_the_newest_question_to_a_number_is_the_one_that_a_reply_answers(landlord: Landlord) -> None:
    settle()
    asked = order(person=RUTH, template="is_it_mended", about="r_one")
    assert queries.last_question(to="+447700900005", templates=["is_it_mended"], since=AT) is None
    actions.record_sent(message=asked, by=SENDER, at=LATER, command="job:sent:1")
    found = queries.last_question(to="+447700900005", templates=["is_it_mended"], since=AT)
    assert found is not None
    assert found.about == "r_one"
    assert queries.last_question(to="+447700900005", templates=["is_it_mended"], since=LATER + timedelta(seconds=1)) is None
    assert queries.last_question(to="+447700900009", templates=["is_it_mended"], since=AT) is None


def test_a_message_about_a_case_names_her_nowhere_in_clear(landlord: Landlord) -> None:
    settle()
    message = order(voice="k_case", reach=RUTH, about="k_case")
    landlord.seal()
    raw = next(raw for raw in landlord.entries() if b'"message.ordered"' in raw)
    assert RUTH.encode() not in raw
    assert [m.id for m in queries.messages_of(RUTH)] == []
    assert [m.id for m in queries.messages_of(RUTH, cases=["k_case"])] == [message]
    assert [m.id for m in queries.messages_about("k_case", voices=["k_case"])] == [message]


def test_an_unknown_message_is_refused(landlord: Landlord) -> None:
    with pytest.raises(Refused, match=r"messages\.no_such_message"):
        actions.record_sent(message="m_none", by=SENDER, at=AT, command="job:1")
    with pytest.raises(Refused, match=r"messages\.no_such_message"):
        actions.record_failed(message="m_none", why="x", final=True, by=SENDER, at=AT, command="job:2")


def prefer(code: str, value: str) -> None:
    about = PersonNote(what="preference", code=code, value=value)
    people.note_person(person=RUTH, about=about, by=BY_DELE, at=AT, command=f"form:prefer:{code}:{value}")


def test_a_message_begins_in_her_language_and_still_ends_with_its_code(landlord: Landlord) -> None:
    settle()
    prefer("language", "Polish")
    prefer("format", "large print")
    row = queries.message(order(person=RUTH))
    assert row.body.startswith("Polski: Jeśli potrzebują")
    assert "We will come." in row.body
    assert queries.with_code(row.body[-6:])[0].id == row.id
    assert row.format == "large print"
    assert queries.open_promises() == []


def test_what_no_message_can_say_is_promised_to_her_by_a_person(landlord: Landlord) -> None:
    settle()
    prefer("language", "Somali")
    prefer("format", "easy read")
    order(person=RUTH, name="Ruth Adeyemi")
    (promise,) = queries.open_promises()
    assert (promise.person, promise.due_at) == (RUTH, AT + timedelta(hours=4))
    assert promise.what == "Tell Ruth Adeyemi what we wrote, through an interpreter (Somali) and in easy read: “Hello”"


def test_of_a_complaint_the_promise_names_nobody_and_says_nothing(landlord: Landlord) -> None:
    settle()
    prefer("language", "Somali")
    order(reach=RUTH, voice="k_00000000000000000000", name="Ruth Adeyemi", subject="We have your complaint")
    (promise,) = queries.open_promises()
    assert promise.person is None
    assert "Ruth" not in promise.what
    assert "complaint" not in promise.what.split(",")[0].replace("complained", "")
    assert all(RUTH.encode() not in raw for raw in unsealed(landlord)[-2:])


def unsealed(landlord: Landlord) -> list[bytes]:
    landlord.seal()
    return landlord.entries()


def test_the_next_way_keeps_language_and_format(landlord: Landlord) -> None:
    settle()
    happen(facts=[reach("mail", RUTH, "email", "ruth@example.org")], by=BY_DELE, at=AT, command="form:reach")
    prefer("format", "large print")
    first = order(person=RUTH)
    actions.record_failed(message=first, why="No such number", final=True, by=SENDER, at=LATER, command="job:failed")
    (second,) = [m for m in queries.messages_of(RUTH) if m.because == first]
    assert second.format == "large print"
