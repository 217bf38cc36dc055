"""Sending: tried again or another way; and a kill anywhere sends nothing twice that a provider can know."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lamplit.basics.who import job
from lamplit.config.letter import letter
from lamplit.messages import actions, queries, rules
from lamplit.people import actions as people
from lamplit.people import queries as people_read
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import send
from lamplit.reactions.providers.interface import Form, Heard, Outgoing, Provider, Taken
from lamplit.reactions.providers.mail import Letterhead
from lamplit.reactions.providers.notify import Notify, Templates
from lamplit.reactions.providers.plain import Folder, Outbox
from lamplit.reactions.providers.print_house import PrintHouse
from lamplit.reactions.providers.smtp import Relay, Smtp
from lamplit.reactions.send import Carriers, go_on_without_word, hear, send_waiting, take_in
from lamplit.reactions.tests import stubs
from lamplit.reactions.tests.working import messages
from tests.cast import AT, BY_DELE, RUTH, settle
from tests.landlord import Landlord

SOON = AT + timedelta(minutes=5)
NUMBER = "+447700900005"
HEAD = Letterhead(name="Harbour", address="messages@homes.example")


@pytest.fixture
def waiting(landlord: Landlord) -> str:
    settle()
    return order(landlord)


def order(landlord: Landlord, template: str = "test", **more: object) -> str:
    message = actions.order_message(
        **({"template": template, "subject": "Hello", "body": "We will come.", "person": RUTH, "name": "Ruth Adeyemi"} | more),
        by=job("reactions"), at=AT, command=f"job:{template}",
    )  # fmt: skip
    landlord.seal()
    return message


def mail(value: str = "ruth@example.org", *, safe: bool = True) -> None:
    how = Reach(channel="email", value=value, state="works", safe=safe)
    people.set_reach(person=RUTH, how=how, by=job("import"), at=AT, command="form:mail")


def only(provider: Provider) -> Carriers:
    return Carriers({}, provider)


def go(provider: Provider, at: object = AT) -> int:
    return send_waiting(only(provider), at, lambda: at)


@pytest.fixture
def stub() -> Iterator[stubs.NotifyStub]:
    with stubs.notify() as made:
        yield made


def notify(stub: stubs.NotifyStub) -> Notify:
    return Notify(stubs.KEY, Templates(text=stubs.TEMPLATE, email=stubs.TEMPLATE), letter, home=stub.address)


class Broken(Outbox):
    def send(self, message: Outgoing, form: Form | None) -> Taken:
        raise RuntimeError("out of paper")


class Killed(BaseException):
    """What a power cut does to this process, as far as one test can have it."""


def test_the_outbox_shows_what_was_sent(waiting: str) -> None:
    assert send_waiting(only(Outbox()), AT, lambda: AT + timedelta(seconds=1)) == 1
    (sent,) = queries.outbox()
    assert (sent.id, sent.status, sent.sent_at, sent.receipt) == (
        waiting, "sent", AT + timedelta(seconds=1), f"outbox {waiting}",
    )  # fmt: skip
    assert go(Outbox()) == 0


def test_the_folder_holds_one_file_a_message_however_often_it_is_sent(waiting: str, tmp_path: Path) -> None:
    provider = Folder(tmp_path / "letters")
    (message,) = messages()
    going = send.outgoing(message, AT)
    assert provider.send(going, None) == provider.send(going, None)
    (file,) = (tmp_path / "letters").iterdir()
    text = file.read_text()
    assert text.startswith("Channel: text\nTo: +447700900005\nName: Ruth Adeyemi\nSubject: Hello\n\nWe will come.")


def test_a_folder_that_cannot_be_written_is_tried_again(waiting: str, tmp_path: Path) -> None:
    provider = Folder(tmp_path / "letters")
    (tmp_path / "letters").rmdir()
    assert "cannot be written" in provider.check(AT)[0]
    assert go(provider) == 1
    assert [(one.status, one.tries) for one in messages()] == [("ordered", 1)]
    assert "cannot be written" in messages()[0].why


def test_a_provider_that_breaks_is_asked_again_later(waiting: str, caplog: pytest.LogCaptureFixture) -> None:
    wait = rules.pace(clock=False).waits[0]
    with caplog.at_level(logging.CRITICAL):
        assert go(Broken()) == 1
    (message,) = messages()
    assert (message.status, message.tries, message.why) == ("ordered", 1, "The provider broke (RuntimeError).")
    assert go(Outbox()) == 0
    assert go(Outbox(), AT + wait) == 1
    assert messages()[0].status == "sent"


def test_a_message_that_was_erased_goes_nowhere(landlord: Landlord, waiting: str, caplog: pytest.LogCaptureFixture) -> None:
    landlord.holds = False  # the mark is put in by hand
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.message SET body = E'\\x01erased', \"to\" = E'\\x01erased'")
    with caplog.at_level(logging.CRITICAL):
        go(Outbox())
    assert [(m.status, m.why) for m in messages()] == [("failed", "It was erased, or cannot be read here.")]


def test_it_stops_between_two_messages(waiting: str) -> None:
    assert send_waiting(only(Outbox()), AT, lambda: AT, stopping=lambda: True) == 0
    assert send.BATCH > 1


# A kill before and after each write --------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["before prepare", "after prepare", "before send", "after send", "before sent", "after sent"])
def test_killed_anywhere_notify_has_it_once(
    landlord: Landlord, stub: stubs.NotifyStub, waiting: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    when, name = where.split()
    of, name = {"prepare": (actions, "prepare_message"), "send": (Notify, "send"), "sent": (actions, "record_sent")}[name]
    whole = getattr(of, name)

    def dying(*args: object, **kwargs: object) -> object:
        if when == "after":
            whole(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(of, name, dying)
        with pytest.raises(Killed):
            go(notify(stub))
    landlord.seal()
    go(notify(stub), SOON)
    landlord.seal()
    go(notify(stub), SOON)
    (row,) = messages()
    assert [one["reference"] for one in stub.taken] == [waiting]
    assert (row.status, row.receipt) == ("sent", f"notify {stub.taken[0]['id']}")
    assert queries.as_sent(row) == row.body.encode()


def test_without_asking_first_a_kill_would_send_it_twice(
    landlord: Landlord, stub: stubs.NotifyStub, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: this is what it would find."""
    monkeypatch.setattr(Notify, "find", lambda *_: None)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "record_sent", lambda **_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            go(notify(stub))
    go(notify(stub), SOON)
    assert len(stub.taken) == 2


def test_a_relay_may_have_an_email_twice_and_then_it_is_the_same(
    landlord: Landlord, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail()
    people.note_person(
        person=RUTH, about=PersonNote(what="preference", code="channel", value="email"), by=BY_DELE, at=AT, command="form:by"
    )
    second = order(landlord, "other")
    with stubs.relay() as relay:
        smtp = Smtp(Relay(host="127.0.0.1", port=relay.port, security="none"), HEAD, None, "b@homes.example", b"secret")
        carriers = Carriers({"email": smtp}, Outbox())
        with monkeypatch.context() as patch:
            patch.setattr(actions, "record_sent", lambda **_: (_ for _ in ()).throw(Killed()))
            with pytest.raises(Killed):
                send._send(carriers, queries.message(second), lambda: AT)
        send_waiting(carriers, SOON, lambda: SOON)
        first, again = (data for _, _, data in relay.taken)
    row = queries.message(second)
    assert (row.status, queries.as_sent(row)) == ("sent", first)
    assert again == first


@pytest.mark.parametrize("where", ["after send", "before handed", "after handed"])
def test_killed_anywhere_a_letter_lies_there_once(
    landlord: Landlord, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    paper = order(landlord, channel="post", to="5 Ember Rise\nLampton\nZZ1 1AA", person=None, voice=RUTH)
    house = PrintHouse(tmp_path, letter, queries.handed_of)
    when, name = where.split()
    of, name = {"send": (PrintHouse, "send"), "handed": (actions, "record_handed")}[name]
    whole = getattr(of, name)

    def dying(*args: object, **kwargs: object) -> object:
        if when == "after":
            whole(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(of, name, dying)
        with pytest.raises(Killed):
            go(house)
    hear(house, AT)  # a batch that is closed before the record knows of the letter leaves it out
    go(house, SOON)
    hear(house, SOON)
    hear(house, SOON + timedelta(minutes=5))
    (row,) = messages()
    assert (row.status, row.sent_at) == ("handed", None)
    (file,) = tmp_path.rglob("*.pdf")
    assert (file.name, file.read_bytes()) == (f"{paper}.pdf", queries.as_sent(row))
    (tmp_path / f"{file.parent.name}.taken").touch()
    assert hear(house, SOON + timedelta(hours=1)) == 1
    assert (messages()[0].status, messages()[0].receipt) == ("sent", f"print house {file.parent.name}")
    assert hear(house, SOON + timedelta(hours=2)) == 0


# What became of it --------------------------------------------------------------------------------------------


def test_what_notify_says_later_is_written_once_and_a_phone_that_is_off_is_tried_again(
    landlord: Landlord, stub: stubs.NotifyStub, waiting: str
) -> None:
    provider, at = notify(stub), SOON
    go(provider)
    stub.taken[0]["status"] = "temporary-failure"
    assert hear(provider, at) == 1
    (row,) = messages()
    assert (row.status, row.tries, row.taken) == ("ordered", 1, 1)
    at += rules.pace(clock=False).waits[0]
    go(provider, at)
    assert [one["reference"] for one in stub.taken] == [waiting, f"{waiting}.1"]
    assert take_in(Heard(key=waiting, state="delivered"), at)  # of the first attempt: no news any more
    assert messages()[0].status == "sent"
    stub.taken[1]["status"] = "delivered"
    assert hear(provider, at + SOON.__sub__(AT)) == 1
    row = messages()[0]
    assert (row.status, row.tries) == ("delivered", 1)
    take_in(Heard(key=f"{waiting}.1", state="failed", final=True, why="Too late"), at)
    assert not take_in(Heard(key="m_00000000000000000000", state="delivered"), at)
    assert not take_in(Heard(key="nonsense", state="delivered"), at)


def test_word_may_come_before_we_wrote_down_that_it_was_taken(landlord: Landlord, waiting: str) -> None:
    take_in(Heard(key=waiting, state="delivered", receipt="notify 1"), AT)
    take_in(Heard(key=waiting, state="delivered", receipt="notify 1"), SOON)
    (row,) = messages()
    assert (row.status, row.receipt, row.taken) == ("delivered", "notify 1", 1)


def test_a_number_that_is_dead_is_marked_and_the_next_way_is_taken_at_once(landlord: Landlord, stub: stubs.NotifyStub) -> None:
    settle()
    mail()
    first = order(landlord, "visit_booked")
    stub.refuse.append((400, "ValidationError", "phone_number Not enough digits"))
    go(notify(stub))
    old, new = sorted(messages(), key=lambda row: row.status)
    assert (old.id, old.status, new.channel, new.status) == (first, "failed", "email", "ordered")
    dead = next(one.how for one in people_read.reaches(RUTH) if one.how.channel == "text")
    assert (dead.state, dead.why) == ("fails", "Notify said: 400 phone_number Not enough digits")
    assert queries.open_promises() == []
    stub.refuse.append((400, "ValidationError", "email_address Not a valid email address"))
    landlord.seal()
    go(notify(stub), SOON)
    (promise,) = queries.open_promises()  # nothing is left, and a clock runs: a person rings her the same day
    assert promise.what == "Ring Ruth Adeyemi: no message of ours arrived. We wrote: “Hello”"
    assert (promise.person, promise.due_at) == (RUTH, SOON + timedelta(hours=4))


def test_where_a_clock_runs_silence_leads_to_the_next_way_on_the_same_day(landlord: Landlord, stub: stubs.NotifyStub) -> None:
    settle()
    mail()
    order(landlord, "visit_booked")
    plain = order(landlord, "test")
    carriers = only(notify(stub))
    send_waiting(carriers, AT, lambda: AT)
    assert go_on_without_word(carriers)(AT + timedelta(hours=3)) == 0
    assert go_on_without_word(carriers)(AT + timedelta(hours=4)) == 1
    assert [(one.channel, one.status) for one in messages("visit_booked")] == [("text", "failed"), ("email", "ordered")]
    assert go_on_without_word(carriers)(AT + timedelta(hours=72)) == 1
    assert [(one.id, one.status) for one in messages("test")] == [(plain, "unheard")]
    take_in(Heard(key=plain, state="delivered"), AT + timedelta(hours=80))
    assert messages("test")[0].status == "delivered"


def test_what_may_not_be_used_any_more_is_not_used_though_it_was_ordered(landlord: Landlord, waiting: str) -> None:
    number = next(one for one in people_read.reaches(RUTH) if one.how.channel == "text")
    unsafe = Reach(channel="text", value=NUMBER, state="works", safe=False)
    people.set_reach(person=RUTH, reach=number.id, how=unsafe, by=BY_DELE, at=AT, command="form:unsafe")
    mark = PersonNote(what="restricted", code="abuse", source="She said so")
    people.note_person(person=RUTH, about=mark, by=BY_DELE, at=AT, command="form:mark")
    sent: list[Outgoing] = []

    class Watched(Outbox):
        def send(self, message: Outgoing, form: Form | None) -> Taken:
            sent.append(message)
            return super().send(message, form)

    go(Watched(), SOON)
    assert sent == []
    assert [(one.status, one.why) for one in messages()] == [("failed", "This number or address may not be used any more.")]
    assert [one.id for one in queries.reached_nobody()] == [waiting]
