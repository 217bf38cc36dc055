"""E-mail that comes in, at the desk: read, filed with a person who is found, or set aside; and messages as they left us."""

import re
from datetime import datetime, timedelta

from lamplit.basics.clock import now
from lamplit.basics.original import Original
from lamplit.basics.who import job
from lamplit.config.letter import letter
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import restrict, words_of
from lamplit.messages import actions, queries
from lamplit.people import actions as people
from lamplit.people import queries as people_read
from lamplit.people.facts import Reach
from lamplit.reactions.providers.interface import Heard
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers, send_waiting, take_in
from tests import cast

RAW = b"From: Neighbour <n@home.example>\r\nSubject: The tap\r\n\r\nIt <b>drips</b>."


def receive(subject: str = "The tap", at: datetime | None = None) -> str:
    return story.do(
        actions.receive_email, job("post"), at=at or now(), original=Original(RAW + subject.encode()), sender="n@home.example",
        name="Neighbour", subject=subject, said="It <b>drips</b>.",
    )  # fmt: skip


def nonce(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_promise_to_read_shows_what_was_written_and_leads_to_reporting_it(scene, desk):
    soon = actions.Counted(now() + timedelta(hours=1))
    email = story.do(
        actions.receive_email, job("post"), original=Original(RAW), sender="ruth@home.example", name="Ruth", person=cast.RUTH,
        subject="The tap", said="It <b>drips</b>.", promise="Read the e-mail that came in, and answer it",
        promise_due_at=soon,
    )  # fmt: skip
    stranger = story.do(
        actions.receive_email, job("post"), original=Original(RAW + b"2"), sender="n@home.example", subject="The roof",
        said="It leaks.", promise="Read what came in at our standby service", promise_due_at=soon,
    )  # fmt: skip
    client = desk("contact_centre")
    assert "Read the e-mail that came in, and answer it" in words_of(client, "/desk/?f=promises")
    hers, other = sorted(queries.open_promises(), key=lambda one: one.person is None)
    page = client.get(f"/desk/promises/{hers.id}").content.decode()
    assert "It &lt;b&gt;drips&lt;/b&gt;." in page
    assert f"/desk/post/{email}" in page
    assert re.search(rf"/desk/report/h_\w+\?person={cast.RUTH}", page), "the form for her own home"
    page = client.get(f"/desk/promises/{other.id}").content.decode()
    assert "It leaks." in page
    assert f"/desk/post/{stranger}" in page
    restrict(cast.RUTH)
    assert client.get(f"/desk/promises/{hers.id}").status_code == 403


def test_every_page_says_that_an_email_waits_for_a_day_and_is_nobodys(scene, desk):
    client, says = desk("contact_centre"), "nobody has said whose it is"
    receive()
    assert says not in words_of(client, "/desk/search")
    receive("The roof", now() - timedelta(hours=25))
    assert "An e-mail came in 1 day ago, and nobody has said whose it is." in words_of(client, "/desk/search")


def test_somebody_files_an_email_with_a_person_whom_she_finds(scene, desk):
    repair = story.report()
    email, client = receive(), desk("contact_centre")
    assert "E-mails to file: 1" in words_of(client, "/desk/messages")
    assert "Neighbour (n@home.example)" in words_of(client, "/desk/post")
    shown = client.get(f"/desk/post/{email}").content.decode()
    assert "sender not proved" in shown
    assert "It &lt;b&gt;drips&lt;/b&gt;." in shown
    at = f"/desk/post/{email}/file"
    page = client.get(at).content.decode()
    number = story.queries.repair(repair.repair).reference
    sent = {"nonce": nonce(page), "chosen": cast.RUTH, "repair": "M-0000-0000", "send": "1"}
    assert "No repair has this number" in client.post(at, sent).content.decode()
    assert client.post(at, {**sent, "chosen": ""}).status_code == 200
    assert client.post(at, sent | {"repair": number.lower()}).status_code == 303
    seen = words_of(client, f"/desk/people/{cast.RUTH}")
    assert "E-mail, from them (sender not proved)" in seen
    row = queries.email(email)
    assert (row.person, row.repair, row.filed_by) == (cast.RUTH, repair.repair, f"staff:{scene.staff['contact_centre']}")
    assert "Every e-mail is filed" in words_of(client, "/desk/post")
    assert client.get(at).status_code == 303
    restrict(cast.RUTH)
    assert client.get(f"/desk/post/{email}").status_code == 403


def test_a_strangers_email_goes_to_the_case_that_it_is_about(scene, desk):
    repair = story.report()
    number = story.queries.repair(repair.repair).reference
    email, client = receive(), desk("contact_centre")
    at = f"/desk/post/{email}/file"
    sent = {"nonce": nonce(client.get(at).content.decode()), "send": "1"}
    assert "When we do not know them, give the number" in client.post(at, {**sent, "repair": ""}).content.decode()
    assert queries.email(email).filed_at is None
    assert client.post(at, {**sent, "repair": number})["Location"] == f"/desk/repairs/{repair.repair}"
    row = queries.email(email)
    assert (row.person, row.repair) == (None, repair.repair)
    assert "E-mail (sender not proved): The tap" in words_of(desk("lead"), f"/desk/repairs/{repair.repair}")


def test_an_email_that_is_nobodys_is_set_aside_with_why(scene, desk):
    email, client = receive("You won"), desk("planner")
    at = f"/desk/post/{email}/aside"
    page = client.get(at).content.decode()
    assert client.post(at, {"nonce": nonce(page), "why": ""}).status_code == 200
    assert client.post(at, {"nonce": nonce(page), "why": "Advertising"}).status_code == 303
    assert "Advertising" in words_of(client, f"/desk/post/{email}")
    assert queries.to_file() == []


def test_a_letter_is_handed_out_as_it_was_sent_and_what_became_of_it_is_said(scene, desk, landlord):
    address = Reach(channel="post", value="5 Ember Rise\nLampton\nZZ1 1AA", state="works", safe=True)
    story.do(people.set_reach, job("import"), person=cast.RUTH, how=address)
    order = {
        "template": "test",
        "subject": "Your repair",
        "body": "We come tomorrow.",
        "person": cast.RUTH,
        "name": "Ruth Adeyemi",
    }
    paper = story.do(actions.order_message, job("reactions"), channel="post", **order)
    text = story.do(actions.order_message, job("reactions"), **order)
    landlord.seal()
    send_waiting(Carriers({}, Outbox(letter)), now(), now)
    client = desk("contact_centre")
    answer = client.get(f"/desk/messages/{paper}/as-sent")
    assert answer.content == queries.as_sent(queries.message(paper))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", f'attachment; filename="{paper}.pdf"')
    assert "The letter itself (PDF)" in words_of(client, f"/desk/messages/{paper}")
    assert client.get(f"/desk/messages/{text}/as-sent").status_code == 404  # its words are all that left us
    take_in(
        Heard(key=text, state="failed", why="This number does not exist.", final=True, dead=True), now() + timedelta(minutes=1)
    )
    assert [one.how.state for one in people_read.reaches(cast.RUTH) if one.how.channel == "text"] == ["fails"]
    assert "does not work since" in words_of(client, f"/desk/people/{cast.RUTH}")
    assert "could not be delivered" in words_of(client, f"/desk/messages/{text}")
    restrict(cast.RUTH)
    assert client.get(f"/desk/messages/{paper}/as-sent").status_code == 403
