"""Is it ours? On a standby without keys: what a code opens, the words that never change, disowned messages, reports, frauds."""

import re
from base64 import b64encode
from datetime import timedelta
from typing import Any

import dkim
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from lamplit.basics.clock import now
from lamplit.basics.who import job, staff
from lamplit.config.forms import new_nonce
from lamplit.continuity import heir, intake, state
from lamplit.exchange.post.proving import doubted
from lamplit.incidents import actions as actions_of_incidents
from lamplit.incidents.actions import Said
from lamplit.messages import actions, queries
from lamplit.portal.tests.test_status import an_incident
from lamplit.reactions import wording
from lamplit.reactions.letters import write
from lamplit.reactions.providers.interface import Outgoing
from lamplit.reactions.providers.mail import Letterhead, Signer, written
from lamplit.record import elsewhere
from tests import cast
from tests.landlord import connected

BY, AT = job("reactions"), now()
POST = pyrage.x25519.Identity.generate()
HEAD = Letterhead(name="Harbour & Heath Homes", address="messages@homes.example")


class _Mirror:
    """Main's record as the standby's pages read it: no key, and its blobs."""

    origin = "landlord.example/record"

    def __init__(self, store: Any) -> None:
        self._store = store

    def keys_of(self, subjects: Any) -> Any:
        return ()

    def key(self, key_id: str) -> None:
        return None

    def value(self, at: int, part: int, field: int) -> Any:
        return elsewhere.WITHHELD

    def blob(self, name: str) -> bytes:
        return self._store.get(f"blobs/{name}")


def order(number: int, by: Any = BY, **values: Any) -> str:
    at = AT + timedelta(days=number + 1)
    subject, body = write("visit_booked", AT, about="a leak", moved=False, from_at=at, until_at=at + timedelta(hours=2), **values)
    return actions.order_message(
        template="visit_booked", subject=subject, body=body, person=cast.RUTH, by=by, at=AT, command=f"test:order:{number}"
    )


@pytest.fixture
def web(landlord: Any, make_standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pages of a standby that has followed a landlord: `web(messages)` after it wrote something."""
    cast.settle()
    standby = make_standby(landlord.key.verifier)
    (tmp_path / heir.RECIPIENTS).write_text(str(POST.to_public()))
    monkeypatch.setattr("lamplit.config.place.key_folder", lambda: tmp_path)

    def follow(see: Any) -> Any:
        landlord.publish()
        standby.follow(landlord.store)
        standby.fold()
        monkeypatch.setattr(elsewhere.KNOWN, "elsewhere", _Mirror(standby.mirror))
        try:
            with override_settings(ROOT_URLCONF="lamplit.standby.urls"), connected(standby.cluster, standby.name):
                return see(lambda **sent: text_of(Client(raise_request_exception=False).post("/check", sent)), standby)
        finally:
            monkeypatch.setattr(elsewhere.KNOWN, "elsewhere", None)

    return follow


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def signed_mail(message: Any, key: bytes) -> bytes:
    signer = Signer(domain="homes.example", selector="lamp2026", key=key)
    out = Outgoing(key=message.id, channel="email", to="ruth@home.example", subject=message.subject, body=message.body, at=AT)
    return written(out, HEAD, signer)


def test_a_standby_without_keys_answers_for_a_code_for_words_and_for_an_email(web):
    private, keys = a_key()
    actions.load_words(words=wording.in_use(keys), by=BY, at=AT, command="test:words")
    assert wording.keeper(lambda: keys).run(AT) == 0, "the same words are kept once"
    row = queries.message(order(0))
    stolen = [order(1, by=staff("s_thief")), order(2, by=staff("s_thief"))]
    thief = queries.message(stolen[0])
    gone = actions.disown_messages(
        actor="staff:s_thief", from_at=AT, to_at=AT, agreed=["s_one", "s_two"], by=staff("s_one"), at=AT, command="test:disown"
    )
    assert sorted(gone) == sorted(stolen)
    actions.publish_scam(says="Texts ask for a fee before a visit.", by=staff("s_one"), at=AT, command="test:scam")
    mail = signed_mail(row, private)
    by_hand = queries.message(actions.order_message(
        template="incident_told", subject="Our phones", body="Our phones do not work. We write on Monday.", person=cast.RUTH,
        by=BY, at=AT, command="test:by hand",
    ))  # fmt: skip

    def see(check: Any, standby: Any) -> None:
        code = row.body[-6:]
        asked = check(code=code)
        assert "by text, about a visit" in asked
        assert "Does yours say that?" in asked
        assert "Texts ask for a fee before a visit." in asked
        assert "leak" not in asked
        fixed = check(pasted=row.body)
        assert "The words that never change are ours" in fixed
        assert "We could not compare names, dates and times here" in fixed
        forged = check(pasted=row.body.replace("Ask to see it.", "Pay first at www.pay-harbour.example/now."))
        assert "Part of this is ours, but it was changed" in forged
        assert "A link: www.pay-harbour.example/now" in forged
        assert "A person wrote this message, so only our main system can compare its words." in check(pasted=by_hand.body)
        assert "Part of this is ours" in check(pasted=f"{by_hand.body}\nPay at www.pay.example/x")
        assert "It uses words of ours" in check(pasted=row.body.replace(code, "ZZZZZ9"))
        assert "sent from our system by someone who should not have" in check(code=thief.body[-6:])
        assert "sent from our system by someone who should not have" in check(pasted=thief.body)
        assert "word for word" in check(email=upload(mail))
        assert "word for word" not in check(email=upload(mail.replace(b"We will come on", b"We will not come on", 2)))
        assert "Part of this is ours" in check(email=upload(mail), pasted="Pay now at www.pay.example/x.")

    web(see)


def test_a_report_on_a_standby_is_kept_sealed_and_only_with_her_yes(web):
    def see(check: Any, standby: Any) -> None:
        page = Client().post("/check", {"pasted": "You owe a fee. Pay now."}).content.decode()
        nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
        sent = {"nonce": nonce, "channel": "text", "said": "You owe a fee. Pay now."}
        assert "Thank you" in check(**sent)
        assert "Thank you" in check(**{**sent, "nonce": new_nonce(), "keep": "on"})
        with standby.connect("admin") as db:
            kept = db.execute("SELECT b.bytes FROM folded.post p JOIN record.blob b ON b.hash = p.sealed").fetchall()
        opened = [intake.open_sealed(bytes(sealed), [POST]) for (sealed,) in kept]
        assert sorted(opened) == [b'{"channel":"text","said":"You owe a fee. Pay now."}', b'{"channel":"text","said":null}']

    web(see)


def upload(data: bytes) -> Any:
    return SimpleUploadedFile("mail.eml", data)


def a_key() -> tuple[bytes, dict[str, str]]:
    """A key that signs e-mail, and what stands in the DNS for it."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private, {"lamp2026._domainkey.homes.example.": f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"}


def test_only_a_signature_of_ours_over_the_whole_mail_from_our_own_address_counts():
    private, keys = a_key()
    out = Outgoing(key="m_x", channel="email", to="ruth@home.example", subject="Hello", body="We come on Monday.", at=AT)
    mail = written(out, HEAD, Signer(domain="homes.example", selector="lamp2026", key=private))
    assert doubted(mail, keys) == ("Hello\n\nWe come on Monday.", True)
    wrapped = (
        b"From: ruth@home.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nPlease look.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + mail
        + b"\r\n--b--\r\n"
    )
    assert doubted(wrapped, keys) == ("Hello\n\nWe come on Monday.", True)
    assert not doubted(mail.replace(b"Monday", b"Sunday"), keys).signed
    assert not doubted(mail, a_key()[1]).signed
    assert not doubted(mail, {}).signed
    other = Letterhead(name="Harbour & Heath Homes", address="messages@evil.example")
    assert not doubted(written(out, other, Signer(domain="homes.example", selector="lamp2026", key=private)), keys).signed
    plain = b"From: m@homes.example\r\nSubject: x\r\n\r\nHello\r\n"
    half = dkim.sign(plain, b"lamp2026", b"homes.example", private, include_headers=[b"from"], length=True) + plain + b"Pay\r\n"
    assert dkim.verify(half, dnsfunc=lambda name, **_: keys[name.decode()].encode()), "others take what was added for signed"
    assert not doubted(half, keys).signed
    assert doubted(b"\xff\x00 not a mail", keys).signed is False


def test_its_status_page_shows_what_main_said_and_says_itself_that_main_is_quiet(web, monkeypatch):
    incident = an_incident(AT)
    monkeypatch.setattr("lamplit.config.status.picture.place.standby", object)
    monkeypatch.setattr("lamplit.config.standing_by.taken_over", lambda: None)

    def see(check: Any, standby: Any) -> None:
        monkeypatch.setattr("lamplit.config.middleware.now", lambda: AT)
        state.saw_life(standby.sealer, AT)
        page = text_of(Client().get("/status"))
        for words in ("Our phones do not work.", "The night line works. Ring it.", "The engineer is late."):
            assert words in page, words
        assert "quiet" not in page
        assert "Our phones do not work." in text_of(Client().get(f"/status/{incident}"))
        monkeypatch.setattr("lamplit.config.middleware.now", lambda: AT + timedelta(minutes=6))
        page = text_of(Client().get("/status"))
        assert "Our main system has been quiet since" in page
        assert "Report it here: we lock your report" in page
        assert Client().get("/status.json").json()["everything_works"] is False

    web(see)


def test_while_main_is_quiet_nothing_is_called_working_that_nobody_here_can_see(web, monkeypatch):
    monkeypatch.setattr("lamplit.config.status.picture.place.standby", object)
    monkeypatch.setattr("lamplit.config.standing_by.taken_over", lambda: None)

    def states_at(at: Any) -> dict[str, str]:
        monkeypatch.setattr("lamplit.config.middleware.now", lambda: at)
        return {one["service"]: one["state_words"] for one in Client().get("/status.json").json()["services"]}

    def see(check: Any, standby: Any) -> None:
        state.saw_life(standby.sealer, AT)
        assert set(states_at(AT).values()) == {"Working"}, "main is heard, and says nothing else"
        quiet = states_at(AT + timedelta(minutes=6))
        assert quiet.pop("repairs") == "Limited", "it takes reports"
        assert set(quiet.values()) == {"Not known yet"}
        works = Said(state="working", known="known", works="Report as you always do.")
        command = {"by": BY, "at": AT, "command": "test:works"}
        actions_of_incidents.say_service(incident=an_incident(AT), service="repairs", said=works, **command)
        assert states_at(AT)["repairs"] == "Working"
        assert states_at(AT + timedelta(minutes=6))["repairs"] == "Limited", "main said so before it went quiet"

    web(see)
