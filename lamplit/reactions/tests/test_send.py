"""Sending: at least once, with the same key; what cannot be sent is tried again or another way."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from lamplit.basics.who import job
from lamplit.messages import actions, queries
from lamplit.messages.models import Message
from lamplit.reactions import send
from lamplit.reactions.send import Folder, NotSent, Outbox, send_waiting
from lamplit.reactions.tests.working import messages
from tests.cast import AT, RUTH, settle
from tests.landlord import Landlord


@pytest.fixture
def waiting(landlord: Landlord) -> str:
    settle()
    message = actions.order_message(
        template="test", subject="Hello", body="We will come.", person=RUTH, name="Ruth Adeyemi",
        by=job("reactions"), at=AT, command="job:test",
    )  # fmt: skip
    landlord.seal()
    return message


class Broken:
    def send(self, message: Message, key: str) -> str:
        raise RuntimeError("out of paper")


def test_the_outbox_shows_what_was_sent(waiting: str) -> None:
    assert send_waiting(Outbox(), AT, lambda: AT + timedelta(seconds=1)) == 1
    (sent,) = queries.outbox()
    assert (sent.id, sent.status, sent.sent_at, sent.receipt) == (
        waiting, "sent", AT + timedelta(seconds=1), f"outbox {waiting}",
    )  # fmt: skip
    assert send_waiting(Outbox(), AT, lambda: AT) == 0


def test_the_folder_holds_one_file_a_message_however_often_it_is_sent(waiting: str, tmp_path: Path) -> None:
    provider = Folder(tmp_path / "letters")
    (message,) = messages()
    assert provider.send(message, waiting) == provider.send(message, waiting)
    (file,) = (tmp_path / "letters").iterdir()
    text = file.read_text()
    assert text.startswith("Channel: text\nTo: +447700900005\nName: Ruth Adeyemi\nSubject: Hello\n\nWe will come.")


def test_a_folder_that_cannot_be_written_is_tried_again(waiting: str, tmp_path: Path) -> None:
    provider = Folder(tmp_path / "letters")
    (tmp_path / "letters").rmdir()
    with pytest.raises(NotSent, match="cannot be written") as failed:
        provider.send(messages()[0], waiting)
    assert not failed.value.final


def test_a_provider_that_breaks_is_asked_again_later(waiting: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        assert send_waiting(Broken(), AT, lambda: AT) == 1
    (message,) = messages()
    assert (message.status, message.tries, message.why) == ("ordered", 1, "The provider broke (RuntimeError).")
    assert send_waiting(Outbox(), AT, lambda: AT) == 0
    assert send_waiting(Outbox(), AT + queries.WAITS[0], lambda: AT + queries.WAITS[0]) == 1
    assert messages()[0].status == "sent"


def test_a_message_that_was_erased_goes_nowhere(landlord: Landlord, waiting: str, caplog: pytest.LogCaptureFixture) -> None:
    landlord.holds = False  # the mark is put in by hand
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.message SET body = E'\\x01erased', \"to\" = E'\\x01erased'")
    with caplog.at_level(logging.CRITICAL):
        send_waiting(Outbox(), AT, lambda: AT)
    assert [(m.status, m.why) for m in messages()] == [("failed", "It was erased, or cannot be read here.")]


def test_it_stops_between_two_messages(waiting: str) -> None:
    assert send_waiting(Outbox(), AT, lambda: AT, stopping=lambda: True) == 0
    assert send.BATCH > 1
