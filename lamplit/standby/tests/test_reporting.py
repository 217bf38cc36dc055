"""A report at a standby that holds no keys: sealed before it is kept, answered with a number, never twice; who may declare."""

import re
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings

from lamplit.config import limits
from lamplit.config.photos import reading as gate
from lamplit.continuity import heir, intake
from lamplit.continuity.takeover import Takeover
from lamplit.exchange.post.reading import photos, read
from lamplit.record import page
from lamplit.standby import declaring, reporting
from tests import brackets, pictures
from tests.attack.log_builder import LOG
from tests.landlord import CUSTODIAN, connected
from tests.standby import BEGUN

GOOD = {
    "what": "Water comes through the kitchen light", "urgent": "urgent", "lives": "a baby", "address": "12 Wick Lane, TB1 2QX",
    "name": "Ruth Adeyemi", "phone": "07700 900123", "email": "",
}  # fmt: skip


@pytest.fixture
def web(make_standby: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = make_standby(LOG.verifier)
    monkeypatch.setattr(reporting, "_recipients", lambda: [str(CUSTODIAN.to_public())])
    monkeypatch.setattr(page.SETUP, "letter", "S")
    with (
        override_settings(ROOT_URLCONF="lamplit.standby.urls", RECEIPT_WAIT_SECONDS=0.1, DATA_UPLOAD_MAX_NUMBER_FILES=3),
        connected(made.cluster, made.name),
    ):
        made.client = Client()
        yield made


def nonce(client: Client, path: str = "/report") -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', client.get(path).content.decode())
    assert found
    return found[1]


def test_what_is_missing_is_said_and_nothing_is_kept(web):
    answer = web.client.post("/report", {"nonce": nonce(web.client), "urgent": "not"}).content.decode()
    for words in ("Say what is wrong", "Write the address", "Enter your name", "Enter a phone number or an e-mail"):
        assert words in answer
    assert web.owner.execute("SELECT count(*) FROM folded.post").fetchone() == (0,)
    assert web.client.get("/report/received").headers["Location"] == "/report"


def test_a_report_is_sealed_before_it_is_kept_and_sent_twice_it_is_one(web):
    for name, file, said in (
        ("film.mp4", b"\0\0\0\x18ftypisom" + bytes(40), "cannot take a video here"),
        ("page.pdf", b"%PDF-1.7", "cannot read this kind of file"),
        ("big.jpg", b"\xff\xd8\xff" + bytes(gate.MOST_BYTES), "larger than 15 MB"),
    ):
        page = web.client.post("/report", {**GOOD, "nonce": nonce(web.client), "photo_2": SimpleUploadedFile(name, file)})
        assert said in page.content.decode()
    lacking = {**GOOD, "what": "", "nonce": nonce(web.client), "photo": SimpleUploadedFile("a.jpg", pictures.photo())}
    assert "Choose the photo or video again" in web.client.post("/report", lacking).content.decode()
    once = {**GOOD, "nonce": nonce(web.client)}
    for _ in range(2):
        once |= {name: SimpleUploadedFile("tap.png", pictures.photo("png")) for name in ("photo", "photo_3")}
        assert web.client.post("/report", once).headers["Location"] == "/report/received"
    said = web.client.get("/report/received").content.decode()
    assert "keeping your report safe" in said  # not copied yet, so no number
    assert "Ring us now" in said
    (kept,) = web.owner.execute("SELECT what, reference, sealed FROM folded.post").fetchall()
    assert kept[0] == "report"
    assert kept[1].startswith("S-")
    with web.connect("admin") as db:
        (blob,) = db.execute("SELECT bytes FROM record.blob WHERE hash = %s", [kept[2]]).fetchone()
        rows = db.execute("SELECT bytes FROM record.intake").fetchall()
    assert not any(b"Wick" in bytes(row) or b"Ruth" in bytes(row) for (row,) in [*rows, (blob,)])
    mail = intake.open_sealed(bytes(blob), [CUSTODIAN])
    for words in (b"through the kitchen light", b"12 Wick Lane", b"07700 900123", b"a baby", b"(urgent)"):
        assert words in mail
    sent = [file.data for file in photos(read(mail))]
    assert [pictures.opened(data).format for data in sent] == ["JPEG", "JPEG"]
    assert not any(pictures.place_in(data) or b"Cinder" in data for data in sent)  # neither where, nor with what it was taken


def test_a_report_reads_the_same_as_mail_whatever_she_types():
    said = {
        **GOOD,
        "name": "Zoë Ní Bhriain\nBcc: all@home.example, " + "x" * 90,
        "email": "zoe@home.example",
        "what": "Łódź — " + "y" * 3000,
    }
    mail = read(reporting.as_mail(said))
    assert (mail.name, mail.sender) == (" ".join(said["name"].split()), "zoe@home.example")
    assert mail.subject == "Report at our standby service (urgent)"
    assert said["what"] in mail.said


def test_what_she_says_of_her_rent_is_sealed_as_a_report_is(web):
    said = {"about": "paid", "name": "Ruth Adeyemi", "address": "12 Wick Lane, TB1 2QX", "reference": "70012345"}
    answer = web.client.post("/report/rent", {**said, "nonce": nonce(web.client, "/report/rent")}).content.decode()
    assert "Write how much you paid" in answer
    sent = {
        **said,
        "pence": "118.47",
        "on_day": "24",
        "on_month": "11",
        "on_year": "2026",
        "nonce": nonce(web.client, "/report/rent"),
    }
    for _ in range(2):
        assert web.client.post("/report/rent", sent).headers["Location"] == "/report/received"
    assert "keeping your report safe" in web.client.get("/report/received").content.decode()
    ((sealed,),) = web.owner.execute("SELECT sealed FROM folded.post").fetchall()
    with web.connect("admin") as db:
        (blob,) = db.execute("SELECT bytes FROM record.blob WHERE hash = %s", [sealed]).fetchone()
    mail = read(intake.open_sealed(bytes(blob), [CUSTODIAN]))
    assert mail.subject == "Rent at our standby service: I have paid"
    for words in ("Paid: £118.47 on 2026-11-24", "Payment number: 70012345", "12 Wick Lane", "Ruth Adeyemi"):
        assert words in mail.said


def test_what_was_sent_last_is_hers_alone_and_waits_for_no_session(web):
    web.client.post("/report", {**GOOD, "nonce": nonce(web.client)})
    assert web.owner.execute("SELECT count(*) FROM plain.django_session").fetchone() == (0,)
    held = web.client.cookies[reporting.KEPT]
    assert held["httponly"]
    assert "Wick" not in str(signing.loads(held.value, salt=reporting.KEPT))
    stranger = Client()
    for forged in ("", "x", held.value[:-1], signing.dumps(["form:x", "S-1", True], salt="another")):
        stranger.cookies[reporting.KEPT] = forged
        assert stranger.get("/report/received").headers["Location"] == "/report"


def test_tries_are_counted_outside_a_page_alone_and_the_next_page_waits_for_the_disk(web):
    with pytest.raises(RuntimeError, match="before a page"), transaction.atomic():
        limits.count(limits.REPORTS_PER_ADDRESS, "ruth", BEGUN)  # the page's own commit would wait for no disk
    limits.count(limits.REPORTS_PER_ADDRESS, "ruth", BEGUN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting = reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone() == (True,)


def test_only_a_named_person_with_her_code_is_heard(web, monkeypatch, tmp_path):
    heard: list[str] = []
    monkeypatch.setattr(declaring.place, "declarers", lambda: tmp_path)
    (tmp_path / "a.declarer").write_bytes(b"Ada Okoye\nnothing that opens")
    assert [one.name for one in heir.declarers(tmp_path)] == ["Ada Okoye"]
    monkeypatch.setattr(declaring.standing_by, "ask_or_agree", lambda *given, **_: heard.append(given[1]))
    token = nonce(web.client, "/standby/declare")
    wrong = web.client.post("/standby/declare", {"nonce": token, "name": "Somebody", "code": "x", "why": "y"})
    assert "Choose your name from the list" in wrong.content.decode()
    empty = web.client.post("/standby/declare", {"nonce": token, "name": "Ada Okoye", "code": "x", "why": ""}).content.decode()
    assert "Write in a few words why the standby must take over" in empty
    assert "must take over? (optional)" not in empty
    assert heard == []
    web.client.post("/standby/declare", {"nonce": token, "name": "Ada Okoye", "code": "x", "why": "Main is lost"})
    assert heard == ["Ada Okoye"]


@pytest.mark.parametrize("drill", [True, False])
def test_in_a_drill_nobody_is_told_to_change_keys(web, monkeypatch, drill):
    taken = Takeover(
        drill=drill, first="Ada Okoye", why="", asked_at=BEGUN, second="Ben Rowe", declared_at=BEGUN, size=3, confirmed_at=BEGUN
    )
    monkeypatch.setattr(declaring.takeover, "takeover", lambda _: taken)
    monkeypatch.setattr(declaring.standing_by, "ready", lambda _: True)
    text = web.client.get("/standby/declare").content.decode()
    assert ("Change the keys" in text, "lamplit standby again --forget-drill" in text) == (not drill, drill)


@pytest.mark.parametrize("stands", ["nobody asked", "asked", "declared", "declared alone"])
def test_every_word_of_declaring_can_be_said_in_another_language(web, monkeypatch, stands):
    brackets.used(monkeypatch)
    at = BEGUN if stands.startswith("declared") else None
    second = "Ben Rowe" if stands == "declared" else None
    taken = Takeover(
        drill=False, first="Ada Okoye", why="", asked_at=BEGUN, second=second, declared_at=at, size=3, confirmed_at=at
    )
    monkeypatch.setattr(declaring.takeover, "takeover", lambda _: None if stands == "nobody asked" else taken)
    monkeypatch.setattr(declaring.standing_by, "ready", lambda _: True)
    page = web.client.get("/standby/declare", headers={"Accept-Language": "cy"}).content.decode()
    ours = {"Ada", "Okoye", "Ben", "Rowe", "Harbour", "Heath", "Homes", "English", "Cymraeg", "Polski", "Tachwedd"}
    assert [piece for piece in brackets.unsaid(page) if set(brackets.WORD.findall(piece)) - ours] == []
