"""Mail and texts at a standby without keys: "250" only once they are kept sealed, a number for an answer, and never a relay."""

import json
import smtplib
import socket
from contextlib import contextmanager, suppress
from typing import Any

import pyrage
import pytest
from django.test import Client, override_settings

from lamplit.config import limits
from lamplit.continuity import heir, intake
from lamplit.exchange.post import at_standby, listener
from tests.landlord import connected

POST = pyrage.x25519.Identity.generate()
MAIL = b"From: Ruth <ruth@home.example>\r\nTo: repairs@homes.example\r\nSubject: The tap\r\n\r\nIt drips.\r\n"
ADDRESSES = [f"{name}@homes.example" for name in ("repairs", "complaints", "check", "help")]


@pytest.fixture
def standby(landlord: Any, make_standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A standby whose answers go into a folder. `kept()` opens what it holds, as main would."""
    made = make_standby(landlord.key.verifier)
    (tmp_path / heir.RECIPIENTS).write_text(str(POST.to_public()))
    token = tmp_path / "token"
    token.write_text("told-to-the-provider")
    token.chmod(0o600)
    settings = tmp_path / "providers.toml"
    settings.write_text(f'[notify]\napi_key_env = "NONE"\ncallback_token_file = "{token}"\n')
    monkeypatch.setattr("lamplit.config.place.key_folder", lambda: tmp_path)
    monkeypatch.setattr("lamplit.config.place.home", lambda: tmp_path)
    made.answers = lambda: sorted(file.read_text() for file in (tmp_path / "messages").glob("*.txt"))

    def kept() -> list[tuple[str, str, bytes | None]]:
        with made.connect("admin") as db:
            rows = db.execute(
                "SELECT p.what, p.reference, b.bytes FROM folded.post p JOIN record.blob b ON b.hash = p.sealed"
            ).fetchall()
        return [(what, number, intake.open_sealed(bytes(sealed), [POST])) for what, number, sealed in rows]

    made.kept = kept
    with override_settings(ROOT_URLCONF="lamplit.standby.urls", PROVIDERS=str(settings)), connected(made.cluster, made.name):
        yield made


@contextmanager
def listening(clock: Any) -> Any:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = listener.Post(ADDRESSES, None, b"secret", clock, at_standby.take_mail)
    door = listener.Listener(post, "127.0.0.1", port)
    door.start()
    try:
        yield port, door
    finally:
        door.stop()
        post.close()


def test_mail_is_kept_whole_and_sealed_before_250_and_answered_once_with_a_number(standby, monkeypatch, caplog):
    sender = "ruth@home.example"
    with listening(standby.clock) as (port, door), smtplib.SMTP("127.0.0.1", port) as relay:
        with monkeypatch.context() as patch:
            patch.setattr(intake.actions, "keep_post", lambda **_: (_ for _ in ()).throw(OSError("the disk is full")))
            with pytest.raises(smtplib.SMTPDataError) as later:
                relay.sendmail(sender, ["repairs@homes.example"], MAIL)
            assert later.value.smtp_code == 451
        assert standby.kept() == []
        for _ in range(2):
            assert relay.sendmail(sender, ["Repairs@homes.example", "complaints@homes.example"], MAIL) == {}
        ((what, number, opened),) = standby.kept()
        assert (what, opened) == ("mail", MAIL)
        (answer,) = standby.answers()
        assert f"Its number is {number}." in answer
        assert "drips" not in answer
        for stranger in ("someone@elsewhere.example", "root@homes.example"):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                relay.sendmail(sender, [stranger], MAIL)
        machine = MAIL.replace(b"Subject: The tap", b"Auto-Submitted: auto-replied\r\nSubject: Away")
        assert relay.sendmail(sender, ["help@homes.example"], machine) == {}
        assert relay.sendmail(sender, ["check@homes.example"], MAIL) == {}
        assert len(standby.kept()) == 2, "a machine's is kept, and what was only asked is not"
        assert sum("You asked whether a message is ours" in one for one in standby.answers()) == 1
        assert len(standby.answers()) == 2
        with pytest.raises(smtplib.SMTPSenderRefused) as large:
            relay.sendmail(sender, ["help@homes.example"], MAIL + b"x" * (listener.LONGEST + 1))
        assert large.value.smtp_code == 552
        monkeypatch.setattr(door, "most_open", 1)
        with pytest.raises(smtplib.SMTPConnectError) as busy:
            smtplib.SMTP("127.0.0.1", port)
        assert busy.value.smtp_code == 421
        monkeypatch.setattr(limits, "MAILS_PER_PEER", limits.Limit("mails by peer", 0, limits.MAILS_PER_PEER.per))
        with pytest.raises(smtplib.SMTPDataError) as often:
            relay.sendmail(sender, ["help@homes.example"], MAIL)
        assert often.value.smtp_code == 451
    assert sender not in caplog.text


def test_a_connection_that_goes_on_for_too_long_is_ended(standby, monkeypatch):
    monkeypatch.setattr(listener.Listener, "longest_talk", 0.2)
    with listening(standby.clock) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        assert line.recv(100).startswith(b"220")
        line.settimeout(20)
        with suppress(ConnectionResetError):
            assert line.recv(100) == b"", "nobody said anything, and it is closed"


def test_a_text_comes_by_an_address_that_holds_a_token(standby):
    text = {"id": "one", "source_number": "07700 900123", "message": "The lift smells of gas"}
    web = Client(raise_request_exception=False)

    def send(said: Any, shown: str = "told-to-the-provider") -> int:
        return web.post(f"/texts/{shown}", json.dumps(said), content_type="application/json").status_code

    assert send(text, "guess") == 404
    assert send({**text, "source_number": "nobody"}) == 400
    assert send([text]) == 400
    assert send(text) == send(text) == 204
    ((what, number, opened),) = standby.kept()
    assert what == "text"
    assert json.loads(opened)["message"] == "The lift smells of gas"
    (answer,) = standby.answers()
    assert "To: +447700900123" in answer
    assert number in answer
    assert web.post("/texts/told-to-the-provider", {**text, "id": "two", "message": "check ZZZZZ9"}).status_code == 204
    assert len(standby.kept()) == 1
    assert any("We did not send this" in one for one in standby.answers())
