"""E-mail that comes in: whatever was sent, it is kept once, read as words, and filed where it belongs or on the list to file."""

import base64
import hashlib
import io
import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from PIL import Image

from lamplit.basics.who import job
from lamplit.exchange.post import landing, listener, reading
from lamplit.exchange.post.landing import land
from lamplit.exchange.post.reading import read
from lamplit.messages import actions, queries
from lamplit.people import actions as people
from lamplit.people import queries as people_read
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.providers.smtp import bounce_address
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.tests.stubs import free_port
from lamplit.repairs import queries as cases
from lamplit.repairs.queries.photos import photos_of
from lamplit.repairs.tests import story
from tests.cast import AT, BY_DELE, RUTH, TOMASZ, settle
from tests.landlord import Landlord

HERS = "ruth@example.org"
SOON = AT + timedelta(hours=1)


def mail(said: str = "It drips again.", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    for name, value in ({"From": f"Ruth Adeyemi <{HERS}>", "Subject": "The tap"} | headers).items():
        made[name.replace("_", "-")] = value
    made.set_content(said)
    return made


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def known(person: str = RUTH, value: str = HERS, *, safe: bool = True) -> None:
    how = Reach(channel="email", value=value, state="works", safe=safe)
    people.set_reach(person=person, how=how, by=job("import"), at=AT, command=f"form:{person}:email")


# Reading, without a database ---------------------------------------------------------------------------------


def test_words_are_taken_from_a_page_where_there_are_no_others() -> None:
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = HERS, "=?utf-8?q?Caf=C3=A9?="
    page = "<head><title>no</title><style>p{}</style></head><body><p>It&nbsp;drips &amp; drips.<br>A lot.<script>no()</script>"
    made.set_content(page, subtype="html")
    letter = read(made.as_bytes(), HERS)
    assert (letter.sender, letter.subject, letter.said) == (HERS, "Café", "It drips & drips.\nA lot.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"From: a@b.example\r\nContent-Type: text/plain; charset=no-such-alphabet\r\n\r\n\xff\xfe\x80 drip",
        b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"From: =?utf-8?b?//8=?= <a@b.example>\r\nSubject: =?no-such?q?x?=\r\nDate: not a date\r\n\r\nhello",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n",
        b"From: a@b.example\r\nContent-Disposition: attachment; filename*=utf-8''%ff%fe..%2f..%2fetc\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * 5000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1500)) + b"\r\nend",
        b"From: " + b"<" * 50_000 + b"\r\nTo: " + b"(" * 50_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"deep",
        b"Subject: \xf0\x28\x8c\x28\r\nFrom: \xff@\xff\r\n\r\n\xed\xa0\x80",
    ],
)  # fmt: skip
def test_whatever_was_sent_an_answer_comes_out_that_the_record_can_keep(raw: bytes) -> None:
    letter = read(raw, "a@b.example")
    for text in (letter.sender, letter.name, letter.subject, letter.said, *(file.name for file in letter.files)):
        text.encode("utf-8")
        assert "\0" not in text or text is letter.said
    assert len(letter.said) <= reading.LONGEST_WORDS
    assert len(letter.files) <= reading.MOST_PARTS
    assert all("/" not in file.name for file in letter.files)


def test_files_are_named_by_what_they_are_and_none_is_opened() -> None:
    made = mail()
    made.add_attachment(picture(), maintype="application", subtype="octet-stream", filename="../../tap.exe")
    made.add_attachment(b"PK\x03\x04 42.zip", maintype="image", subtype="jpeg", filename="photo.jpg")
    made.add_attachment(b"\x78\x9f\x3e\x22 secret words", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    inner = mail("I confess everything.", From="other@example.org")
    made.add_attachment(inner)
    letter = read(made.as_bytes(), HERS)
    assert [(file.name, file.kind) for file in letter.files] == [
        ("tap.exe", "photo (jpeg)"), ("photo.jpg", "archive or office file"), ("winmail.dat", "winmail"),
        ("without a name", "an e-mail"),
    ]  # fmt: skip
    assert letter.said == "It drips again."
    assert [file.name for file in reading.photos(letter)] == ["tap.exe"]


@pytest.mark.parametrize(
    ("headers", "mail_from", "machine"),
    [
        ({}, HERS, False),
        ({"Auto_Submitted": "no"}, HERS, False),
        ({"Auto_Submitted": "auto-replied"}, HERS, True),
        ({"Precedence": "bulk"}, HERS, True),
        ({"X_Autoreply": "yes"}, HERS, True),
        ({"List_Id": "<news.example>"}, HERS, True),
        ({}, "<>", True),
        ({"Message_ID": "<m_0q9s0000000000000000@homes.example>"}, HERS, True),  # our own came round
    ],
)
def test_what_a_machine_wrote_is_told_from_what_a_person_wrote(headers: dict[str, str], mail_from: str, machine: bool) -> None:
    assert read(mail(**headers).as_bytes(), mail_from).machine is machine


def test_a_mail_that_goes_round_in_circles_is_a_machines() -> None:
    raw = b"Received: from a by b\r\n" * 60 + mail().as_bytes()
    assert read(raw, HERS).machine


def test_two_addresses_are_none_and_numbers_are_found_as_people_write_them() -> None:
    assert read(mail(From="a@b.example, c@d.example").as_bytes(), "").sender == ""
    letter = read(mail("About m-7kdq-42xr and M 7KDQ-42XS", Subject="Re: M-1111-2222").as_bytes(), HERS)
    assert letter.references == ("M-1111-2222", "M-7KDQ-42XR", "M-7KDQ-42XS")


# Where it belongs --------------------------------------------------------------------------------------------


def test_it_lands_with_her_and_her_case_as_of_an_unproved_sender_and_its_photo_passes_the_gate(landlord: Landlord) -> None:
    story.begin()
    repair = story.report()
    known()
    number = cases.repair(repair.repair).reference
    made = mail(Subject=f"Re: We have your report {number}")
    made.add_attachment(picture(), maintype="image", subtype="jpeg", filename="tap.jpg")
    made.add_attachment(b"\xff\xd8\xff no picture at all", maintype="image", subtype="jpeg", filename="bad.jpg")
    raw = made.as_bytes()
    email = land(raw, SOON, mail_from=HERS)
    later = SOON + timedelta(minutes=5)
    assert land(raw, later, mail_from=HERS) == email  # its relay had no answer and gives it again
    (contact,) = queries.contacts_of(person=RUTH, audience=RUTH)
    assert (contact.channel, contact.direction, contact.proof, contact.repair) == ("email", "in", "unproved", repair.repair)
    assert contact.said == f"Re: We have your report {number}\n\nIt drips again."
    row = queries.email(email)
    assert (row.person, row.repair, row.contact, row.filed_by) == (RUTH, repair.repair, contact.id, "job:post")
    assert queries.as_it_came(row) == raw
    assert queries.to_file() == []
    (promise,) = queries.open_promises()  # filed by itself, so that nothing else brings it before anybody's eyes
    assert (promise.contact, promise.repair, promise.due_at) == (contact.id, repair.repair, SOON + timedelta(hours=24))
    assert [(one.voice, one.audience) for one in photos_of([repair.repair])] == [(RUTH, "staff")]
    landlord.seal()
    assert b"It drips again" not in b"".join(landlord.entries())
    assert HERS.encode() not in b"".join(landlord.entries())


def test_it_comes_again_when_more_is_known_of_its_sender_and_stays_where_it_was_filed(landlord: Landlord) -> None:
    settle()
    raw = mail().as_bytes()
    email = land(raw, SOON, mail_from=HERS)
    known()
    assert land(raw, SOON, mail_from=HERS) == email
    assert [row.id for row in queries.to_file()] == [email]


def test_from_whom_it_says_it_is_opens_no_case_of_somebody_else(landlord: Landlord) -> None:
    story.begin()
    repair = story.report()
    known(TOMASZ, "tomasz@example.org")
    number = cases.repair(repair.repair).reference
    land(mail(From="tomasz@example.org", Subject=number).as_bytes(), SOON, mail_from="x@y.example")
    (contact,) = queries.contacts_of(person=TOMASZ, audience="staff")
    assert contact.repair is None
    land(mail(From="nobody@example.org", Subject=number).as_bytes(), SOON, mail_from="x@y.example")
    (waits,) = queries.to_file()
    assert (waits.sender, waits.person, waits.repair, waits.said) == ("nobody@example.org", None, None, "It drips again.")
    assert queries.contacts_of(repair=repair.repair, audience="staff") == []


def test_a_shared_address_is_told_apart_by_what_it_answers(landlord: Landlord) -> None:
    settle()
    known(RUTH, "both@example.org")
    known(TOMASZ, "both@example.org")
    message = actions.order_message(
        template="test", subject="Hello", body="We come.", person=TOMASZ, by=job("reactions"), at=AT, command="job:1"
    )
    land(mail(From="both@example.org").as_bytes(), SOON, mail_from="both@example.org")
    assert len(queries.to_file()) == 1
    answer = mail(From="both@example.org", In_Reply_To=f"<{message}.1@homes.example>").as_bytes()
    row = queries.email(land(answer, SOON, mail_from="both@example.org"))
    assert (row.person, row.message) == (TOMASZ, message)
    # Somebody else who answers it (it was passed on) is not believed to be him; the hint stands with it for a person.
    passed_on = mail(From="other@example.org", In_Reply_To=f"<{message}@homes.example>").as_bytes()
    other = queries.email(land(passed_on, SOON, mail_from="other@example.org"))
    assert (other.person, other.message, other.filed_at) == (None, message, None)


def test_of_an_address_that_is_not_safe_nothing_lands_with_her_by_itself(landlord: Landlord) -> None:
    settle()
    known(safe=False)
    row = queries.email(land(mail().as_bytes(), SOON, mail_from=HERS))
    assert row.person == RUTH
    assert queries.contacts_of(person=RUTH, audience=RUTH) == []  # whoever shares her mailbox and account does not see it
    mark = PersonNote(what="restricted", code="abuse", source="She said so")
    people.note_person(person=RUTH, about=mark, by=BY_DELE, at=AT, command="form:mark")
    assert queries.email(land(mail("Again").as_bytes(), SOON, mail_from=HERS)).person is None


def test_a_person_files_what_nobody_knows_once(landlord: Landlord) -> None:
    settle()
    email = land(mail(From="new@example.org").as_bytes(), AT, mail_from="new@example.org")
    contact = actions.file_email(email=email, person=RUTH, by=BY_DELE, at=SOON, command="form:file")
    row = queries.contact(contact)
    assert (row.person, row.happened_at, row.said, row.proof) == (RUTH, AT, "The tap\n\nIt drips again.", "unproved")
    assert queries.to_file() == []
    for again in ({"person": TOMASZ}, {"why": "Advertising"}):
        with pytest.raises(Exception, match=r"messages\.already_filed"):
            actions.file_email(email=email, **again, by=BY_DELE, at=SOON, command=f"form:{again}")
    other = land(mail(From="spam@example.org").as_bytes(), AT, mail_from="spam@example.org")
    with pytest.raises(Exception, match=r"messages\.no_reason"):
        actions.file_email(email=other, why=" ", by=BY_DELE, at=SOON, command="form:none")
    assert actions.file_email(email=other, why="Advertising", by=BY_DELE, at=SOON, command="form:aside") is None
    assert (queries.email(other).why, queries.to_file()) == ("Advertising", [])


def test_a_machine_makes_no_contact_and_gets_no_answer(landlord: Landlord) -> None:
    settle()
    known()
    row = queries.email(land(mail(Auto_Submitted="auto-replied").as_bytes(), SOON, mail_from=HERS))
    assert (row.machine, row.contact, queries.to_file(), queries.outbox()) == (True, None, [], [])
    assert queries.open_promises() == []


# What comes back ---------------------------------------------------------------------------------------------

RETURNED = """From: MAILER-DAEMON@relay.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; ruth@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 No such user

--x--
"""


def test_what_comes_back_marks_the_address_and_the_next_way_is_taken(landlord: Landlord) -> None:
    settle()
    known()
    prefer = PersonNote(what="preference", code="channel", value="email")
    people.note_person(person=RUTH, about=prefer, by=BY_DELE, at=AT, command="form:prefer")
    message = actions.order_message(
        template="visit_booked", subject="Hello", body="We come.", person=RUTH, by=job("reactions"), at=AT, command="job:1"
    )
    landlord.seal()
    send_waiting(Carriers({}, Outbox()), AT, lambda: AT)
    delayed = RETURNED.format(action="delayed", status="4.4.1").replace("\n", "\r\n").encode()
    land(delayed, SOON, returned=message)
    assert queries.message(message).status == "sent"
    land(RETURNED.format(action="failed", status="5.1.1").replace("\n", "\r\n").encode(), SOON, returned=message)
    row = queries.message(message)
    assert (row.status, row.why) == ("failed", "It came back: 5.1.1 smtp; 550 No such user")
    assert {(one.how.channel, one.how.state) for one in people_read.reaches(RUTH)} == {("email", "fails"), ("text", "works")}
    assert {(one.channel, one.status) for one in queries.messages_of(RUTH)} == {("email", "failed"), ("text", "ordered")}
    assert queries.to_file() == []
    assert queries.contacts_of(person=RUTH, audience="staff") == []


# By SMTP -----------------------------------------------------------------------------------------------------


@contextmanager
def listening() -> Iterator[int]:
    port = free_port()
    post = listener.Post(["help@homes.example", "check@homes.example"], "bounces@homes.example", b"secret", lambda: SOON)
    door = listener.Listener(post, "127.0.0.1", port)
    door.start()
    try:
        yield port
    finally:
        door.stop()
        post.close()


def test_the_relay_hears_250_only_when_it_stands_in_the_record(
    landlord: Landlord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settle()
    known()
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as relay:
        with monkeypatch.context() as patch:
            patch.setattr(landing.actions, "receive_email", lambda **_: (_ for _ in ()).throw(OSError("the disk is full")))
            with pytest.raises(smtplib.SMTPDataError) as later:
                relay.sendmail(HERS, ["help@homes.example"], mail().as_bytes())
            assert later.value.smtp_code == 451
        assert queries.contacts_of(person=RUTH, audience="staff") == []
        assert relay.sendmail(HERS, ["help@homes.example"], mail().as_bytes()) == {}
        assert relay.sendmail(HERS, ["HELP@homes.example"], mail().as_bytes()) == {}  # once more: kept once
        assert len(queries.contacts_of(person=RUTH, audience="staff")) == 1
        forged = f"bounces+m_0q9s0000000000000000={'0' * 16}@homes.example"
        for stranger in ("other@homes.example", "bounces@homes.example", forged):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                relay.sendmail(HERS, [stranger], mail().as_bytes())
        back = bounce_address("bounces@homes.example", "m_0q9s0000000000000000", b"secret")
        assert relay.sendmail("", [back], RETURNED.format(action="failed", status="5.1.1").replace("\n", "\r\n").encode()) == {}
    assert queries.to_file() == []
    assert "drips" not in caplog.text
    assert HERS not in caplog.text  # no addresses in logs: its library would write every line of a relay


def test_mail_to_check_is_answered_once_with_our_words_and_kept_nowhere(landlord: Landlord) -> None:
    settle()
    ours = actions.order_message(
        template="visit_booked", subject="We will come", body="We come on Monday.", person=RUTH, by=job("reactions"), at=SOON,
        command="job:ours",
    )  # fmt: skip
    body = queries.message(ours).body
    scam = mail(f"{body}\nPay £5 at www.pay-harbour.example/x")
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as relay:
        for _ in range(2):
            assert relay.sendmail("eve@home.example", ["check@homes.example"], scam.as_bytes()) == {}
        machine = mail("Away.", **{"Auto-Submitted": "auto-replied"})
        assert relay.sendmail("eve@home.example", ["Check@homes.example"], machine.as_bytes()) == {}
        for number in range(8):
            relay.sendmail("eve@home.example", ["check@homes.example"], mail(f"{number}").as_bytes())
        with pytest.raises(smtplib.SMTPDataError) as later:
            relay.sendmail("eve@home.example", ["check@homes.example"], mail("Too many").as_bytes())
        assert later.value.smtp_code == 451
    answers = [row for row in queries.outbox() if row.template == "check_answer"]
    (first,) = [row for row in answers if "Part of this is ours, but it was changed." in row.body]
    assert (first.channel, first.to, first.person) == ("email", HERS, None)
    assert "In it is: a link." in first.body
    assert "pay-harbour" not in first.body, "no fraud travels in our name"
    assert len(answers) == 9, "the second of the same, a machine's, and too many are not answered"
    assert queries.to_file() == []
    assert queries.contacts_of(person=RUTH, audience="staff") == []


@pytest.mark.material
def test_hostile_pictures_stop_at_the_gate_and_good_ones_come_through(landlord: Landlord, material: Path) -> None:
    story.begin()
    repair = story.report()
    known()
    made = mail(Subject=cases.repair(repair.repair).reference)
    for file in sorted((material / "hostile" / "images").glob("*.*"))[:13]:
        made.add_attachment(file.read_bytes(), maintype="image", subtype="jpeg", filename=file.name)
    row = queries.email(land(made.as_bytes(), SOON, mail_from=HERS))
    assert len(row.attached) == 13
    kept = {one.file["sha256"] for one in photos_of([repair.repair])}
    assert hashlib.sha256((material / "hostile" / "images" / "phone-photo-with-gps.jpg").read_bytes()).hexdigest() in kept
    assert all(one.file["kind"] == "jpeg" for one in photos_of([repair.repair]))


@pytest.mark.material
def test_naughty_words_come_in_like_any_others(landlord: Landlord, material: Path) -> None:
    settle()
    known()
    words = (material / "hostile" / "naughty-strings" / "blns.txt").read_text(encoding="utf-8", errors="replace")
    head = f"From: {HERS}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nSubject: "
    raw = head.encode() + " ".join(words.split())[:400].encode() + b"\r\n\r\n" + base64.encodebytes(words.encode())
    email = land(raw, SOON, mail_from=HERS)
    (contact,) = queries.contacts_of(person=RUTH, audience="staff")
    assert contact.id == queries.email(email).contact
    assert len(contact.said) == 8_000
