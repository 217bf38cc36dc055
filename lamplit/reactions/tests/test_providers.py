"""Each provider by itself, without a database: what it gives away, what it makes of answers, and what it says is wrong."""

import base64
import csv
import email
import hashlib
import io
import re
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import dkim
import pypdf
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import rsa

from lamplit.config.letter import address_lines, letter
from lamplit.reactions.providers import chosen
from lamplit.reactions.providers.chosen import BadSettings
from lamplit.reactions.providers.interface import Heard, NotSent, Outgoing
from lamplit.reactions.providers.mail import Letterhead, Signer, written
from lamplit.reactions.providers.notify import Notify, Templates, read
from lamplit.reactions.providers.print_house import PrintHouse, pages
from lamplit.reactions.providers.smtp import Relay, Smtp, bounce_address, key_of_bounce
from lamplit.reactions.tests import stubs

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = "m_0q9s0000000000000000"
BODY = "We will come. It costs £0 & <nothing>.\n\nCheck this message: code ABC123"
HEAD = Letterhead(name="Harbour & Heath", address="messages@homes.example", reply_to="help@homes.example")


def going(channel: str = "email", to: str = "ruth@example.org", **more: object) -> Outgoing:
    given = {"key": KEY, "subject": "Hello", "body": BODY, "name": "Ruth Adeyemi", "at": AT} | more
    return Outgoing(channel=channel, to=to, **given)


def post(**more: object) -> Outgoing:
    return going("post", "5 Ember Rise\nLampton\nZZ1 1AA", **more)


# E-mail -------------------------------------------------------------------------------------------------------


def test_an_email_is_signed_says_the_same_twice_and_begins_no_talk_of_machines() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    public = private.public_key().public_bytes(pem.Encoding.DER, pem.PublicFormat.SubjectPublicKeyInfo)
    raw = written(going(), HEAD, Signer(domain="homes.example", selector="lamp", key=secret))
    mail = email.message_from_bytes(raw, policy=default)
    assert (mail["From"], mail["To"]) == ("Harbour & Heath <messages@homes.example>", "ruth@example.org")
    assert mail["Message-ID"] == f"<{KEY}@homes.example>"
    assert (mail["Auto-Submitted"], mail["Reply-To"]) == ("auto-generated", "help@homes.example")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == BODY
    page = mail.get_body(("html",)).get_content()
    assert "&lt;nothing&gt;" in page
    assert not re.search(r"href|src=|https?:", page)

    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def in_the_dns(name: bytes, timeout: int = 5) -> bytes:
        return record if name == b"lamp._domainkey.homes.example." else b""

    assert dkim.verify(raw, dnsfunc=in_the_dns)
    assert not dkim.verify(raw.replace(b"We will come", b"We never come"), dnsfunc=in_the_dns)
    again = written(going(), HEAD, None)
    assert raw.endswith(again)
    assert written(going(), HEAD, None) == again


@pytest.mark.parametrize("bad", ["ruth@example.org\r\nBcc: all@example.org", "not an address", "", "a@b@c"])
def test_an_address_that_is_none_breaks_out_of_no_header(bad: str) -> None:
    with pytest.raises(NotSent) as no:
        written(going(to=bad), HEAD, None)
    assert no.value.final


def test_a_relay_takes_it_and_each_no_of_it_means_something() -> None:
    with stubs.relay() as relay:
        smtp = Smtp(Relay(host="127.0.0.1", port=relay.port, security="none"), HEAD, None, "bounces@homes.example", b"secret")
        taken = smtp.send(going(), smtp.form(going()))
        assert "queued as 1" in taken.receipt
        back, to, data = relay.taken[0]
        assert (key_of_bounce(back, "bounces@homes.example", b"secret"), to) == (KEY, ["ruth@example.org"])
        assert b"Message-ID: <" + KEY.encode() in data
        said = [("550 5.1.1 No such user", True, True), ("452 4.2.2 Mailbox full", False, False), ("554 5.7.1 No", True, False)]
        for words, final, dead in said:
            relay.refuse.append(words)
            with pytest.raises(NotSent) as no:
                smtp.send(going(), smtp.form(going()))
            assert (no.value.final, no.value.dead) == (final, dead)
        assert smtp.check(AT) == []
    assert "does not answer" in smtp.check(AT)[0]
    with pytest.raises(NotSent) as no:
        smtp.send(going(), smtp.form(going()))
    assert not no.value.final


def test_nobody_else_can_say_that_a_message_came_back() -> None:
    made = bounce_address("bounces@homes.example", f"{KEY}.1", b"secret")
    assert len(made.partition("@")[0]) <= 64  # RFC 5321, 4.5.3.1.1
    assert key_of_bounce(made.upper(), "bounces@homes.example", b"secret") == f"{KEY}.1"
    forgeries = (
        made.replace(".1=", ".2="),
        made.replace("homes", "other"),
        "bounces@homes.example",
        f"bounces+{KEY}=@homes.example",
    )
    for forged in forgeries:
        assert key_of_bounce(forged, "bounces@homes.example", b"secret") is None
    assert key_of_bounce(made, "bounces@homes.example", b"another") is None


# GOV.UK Notify ------------------------------------------------------------------------------------------------


def test_notify_is_told_in_its_own_shapes_and_asked_what_became_of_it() -> None:
    with stubs.notify() as stub:
        notify = Notify(stubs.KEY, Templates(text=stubs.TEMPLATE, email=stubs.TEMPLATE), letter, home=stub.address)
        text = going("text", "+447700900005")
        assert notify.find(KEY) is None
        assert notify.send(text, notify.form(text)).receipt == f"notify {stub.taken[0]['id']}"
        notify.send(going(key=f"{KEY}.1"), notify.form(going()))
        notify.send(post(key=f"{KEY}.2"), notify.form(post()))
        sms, mail, paper = stub.taken
        assert {k: sms[k] for k in ("phone_number", "template_id", "personalisation", "reference")} == {
            "phone_number": "+447700900005", "template_id": stubs.TEMPLATE, "personalisation": {"body": BODY}, "reference": KEY,
        }  # fmt: skip
        assert mail["personalisation"] == {"subject": "Hello", "body": BODY}
        assert paper["content"].startswith("JVBERi0")  # %PDF- in base64
        assert notify.find(KEY) is not None
        assert notify.hear([KEY], AT) == []  # created: no news
        for status, state, final, dead in (
            ("delivered", "delivered", False, False), ("temporary-failure", "failed", False, False),
            ("permanent-failure", "failed", True, True), ("sent", "unheard", False, False),
        ):  # fmt: skip
            sms["status"] = status
            (heard,) = notify.hear([KEY], AT)
            assert (heard.key, heard.state, heard.final, heard.dead) == (KEY, state, final, dead)
        paper["status"] = "permanent-failure"
        assert [one.dead for one in notify.hear([f"{KEY}.2"], AT)] == [False]  # a letter's address may be good all the same
        assert notify.check(AT) == []
        assert stub.faults == []
        thief = Notify(stubs.KEY[:-4] + "0000", Templates(text=stubs.TEMPLATE), home=stub.address)
        assert "does not take our key" in thief.check(AT)[0]
        assert "signature" in stub.faults[0].lower()


@pytest.mark.parametrize(("status", "words", "final", "dead"), [
    (400, "phone_number Not enough digits", True, True), (400, "Missing personalisation: body", True, False),
    (403, "Invalid token: expired", False, False), (429, "Exceeded rate limit", False, False), (500, "Internal", False, False),
])  # fmt: skip
def test_what_notifys_no_means(status: int, words: str, final: bool, dead: bool) -> None:
    with stubs.notify() as stub:
        stub.refuse.append((status, "Error", words))
        notify = Notify(stubs.KEY, Templates(text=stubs.TEMPLATE), home=stub.address)
        with pytest.raises(NotSent) as no:
            notify.send(going("text", "+447700900005"), notify.form(going("text", "+447700900005")))
        assert (no.value.final, no.value.dead) == (final, dead)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("sms", {"template_id": stubs.TEMPLATE}),
        ("sms", {"template_id": "mine", "phone_number": "+447700900005"}),
        ("sms", {"template_id": stubs.TEMPLATE, "phone_number": "+447700900005", "phone": "x"}),
        ("email", {"template_id": stubs.TEMPLATE, "email_address": "nobody"}),
        ("letter", {"reference": "r", "content": "no base64"}),
        ("letter", {"content": "A" * 400}),
        ("post", {}),
    ],
)
def test_what_has_not_notifys_own_shape_the_stand_in_refuses(kind, asked) -> None:  # type: ignore[no-untyped-def]
    stub = stubs.NotifyStub()
    assert stub.post(kind, asked)[0] == 400
    assert stub.taken == []


def test_a_call_of_notify_is_read_like_its_list() -> None:
    call = {"id": "x", "reference": KEY, "to": "+447700900005", "status": "permanent-failure", "notification_type": "sms"}
    assert read(call) == Heard(
        key=KEY, state="failed", why="This number or address does not exist.", final=True, dead=True, receipt="notify x"
    )
    assert read({"status": "sending"}) is None


# Paper --------------------------------------------------------------------------------------------------------


def test_a_letter_can_be_read_aloud_and_large() -> None:
    pdf = letter(post())
    assert letter(post()) == pdf
    seen = pypdf.PdfReader(io.BytesIO(pdf))
    text = seen.pages[0].extract_text()
    for part in ("Ruth Adeyemi", "5 Ember Rise", "ZZ1 1AA", "2 March 2026", "code ABC123", "<nothing>"):
        assert part in text
    assert seen.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in seen.xmp_metadata.stream.get_data().decode()
    assert letter(post(format="large print")) != pdf


def test_a_paper_goes_with_an_email_and_into_the_envelope() -> None:
    paper = letter(post(subject="A summary"))
    mail = email.message_from_bytes(written(going(paper=paper), HEAD, None), policy=default)
    assert [part.get_content() for part in mail.iter_attachments()] == [paper]
    assert mail.get_body(("plain",)).get_content().startswith("We will come.")
    assert written(going(paper=paper), HEAD, None) == written(going(paper=paper), HEAD, None)
    whole = letter(post(paper=paper))
    assert "A summary" in pypdf.PdfReader(io.BytesIO(whole)).pages[1].extract_text()
    assert pages(whole) == 2


def test_an_address_fits_the_window() -> None:
    assert address_lines("Ruth", "5 Ember Rise, Lampton, ZZ1 1AA") == ["Ruth", "5 Ember Rise", "Lampton", "ZZ1 1AA"]
    assert address_lines(None, "Ruth\n5, Ember Rise\nZZ1 1AA") == ["Ruth", "5, Ember Rise", "ZZ1 1AA"]
    long = address_lines("Ruth", ", ".join("abcdefghi"))
    assert (len(long), long[-1], long[-2]) == (7, "i", "e, f, g, h")


def lying(keys: object) -> set[str]:
    return set(keys)


def test_a_batch_appears_whole_with_totals_and_is_known_to_be_fetched(tmp_path: Path) -> None:
    house = PrintHouse(tmp_path / "out", letter, lying)
    other = "m_1q9s0000000000000000"
    for one in (post(), post(key=f"{other}.1", format="large print")):
        assert house.send(one, house.form(one)).waits
        assert house.send(one, house.form(one)).waits  # twice is once
        assert house.find(one.key) is not None
    assert house.hear([], AT) == []
    (batch,) = (tmp_path / "out").glob("batch-*")
    assert {file.name for file in batch.iterdir()} == {f"{KEY}.pdf", f"{other}.1.large.pdf", "manifest.csv"}
    rows = list(csv.reader(io.StringIO((batch / "manifest.csv").read_text())))
    assert rows[1] == [f"{KEY}.pdf", hashlib.sha256((batch / f"{KEY}.pdf").read_bytes()).hexdigest(), "1", "usual"]
    assert (rows[-1][0], rows[-1][2]) == ("TOTAL 2", "2")
    assert "Ruth" not in (batch / "manifest.csv").read_text()
    assert house.check(AT) == []
    assert "has not fetched" in house.check(AT + timedelta(hours=31))[0]
    (tmp_path / "out" / f"{batch.name}.taken").write_text(f"{other}.1.large.pdf,address incomplete\n")
    heard = {one.key: one for one in house.hear([], AT)}
    assert heard[KEY].state == "taken"
    assert (heard[f"{other}.1"].state, heard[f"{other}.1"].final) == ("failed", True)
    assert "address incomplete" in heard[f"{other}.1"].why
    assert len(house.hear([], AT)) == 2  # said until the record has it
    house._lying = lambda _: set()
    assert house.hear([], AT) == []
    assert not list((tmp_path / "out" / ".ours").iterdir())


@pytest.mark.parametrize("where", ["rename", "put", "mkdir"])
def test_a_batch_that_was_killed_half_made_is_made_anew(tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    house = PrintHouse(tmp_path / "out", letter, lying)
    one = post()
    house.send(one, house.form(one))
    with monkeypatch.context() as patch:
        if where == "put":
            import lamplit.reactions.providers.print_house as module

            patch.setattr(module, "put", _after(module.put, Killed))
        else:
            patch.setattr(Path, where, _after(getattr(Path, where), Killed))
        with pytest.raises(Killed):
            house.hear([], AT)
    assert not [one for one in house.hear([], AT + timedelta(minutes=1)) if one.state == "taken"]
    found = list((tmp_path / "out").rglob(f"{KEY}.pdf"))
    assert [file.parent.name for file in found] == [f"batch-{AT + timedelta(minutes=1):%Y%m%dT%H%M%SZ}"]


def _after(whole: object, death: type[BaseException]) -> object:
    def dying(*args: object, **kwargs: object) -> object:
        whole(*args, **kwargs)  # type: ignore[operator]
        raise death

    return dying


# The landlord's choice ----------------------------------------------------------------------------------------

GOOD = """
[send]
email = "smtp"
text = "notify"
post = "print_house"
[smtp]
host = "relay.homes.example"
from_name = "Harbour & Heath"
from_address = "messages@homes.example"
bounces = "bounces@homes.example"
[notify]
api_key_env = "NOTIFY"
[print_house]
folder = "/var/spool/letters"
"""


def test_a_choice_is_read_or_what_is_wrong_with_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    assert chosen.read(file).send == {}
    file.write_text(GOOD)
    assert chosen.read(file).smtp.port == 587
    for change, words in (
        (('email = "smtp"', 'email = "post_office"'), "goes by 'post_office'"),
        (('text = "notify"', 'text = "smtp"'), "carries no"),
        (("[notify]\napi_key_env", "[other]\napi_key_env"), "other"),
        (('bounces = "', 'password = "x"\nbounces = "'), "password_file"),
        (('host = "relay', 'security = "none"\nhost = "relay'), "without TLS"), (("[send]", "[send"), "cannot be read"),
        (('host = "relay', 'dkim_selector = "a"\nhost = "relay'), "all three"),
    ):  # fmt: skip
        file.write_text(GOOD.replace(*change))
        with pytest.raises(BadSettings, match=re.escape(words)):
            chosen.read(file)


def test_a_secret_that_others_can_read_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("hidden\n")
    file.chmod(0o600)
    assert chosen.secret(str(file), None, "It") == "hidden"
    file.chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600") as said:
        chosen.secret(str(file), None, "It")
    assert "hidden" not in str(said.value)
    with pytest.raises(BadSettings, match="does not"):
        chosen.secret(None, "LAMPLIT_NO_SUCH_SECRET", "It")
    monkeypatch.setenv("LAMPLIT_SOME_SECRET", "told")
    assert chosen.secret(None, "LAMPLIT_SOME_SECRET", "It") == "told"
