"""What a tenant sees and does once she is in; and that nobody else's shows or moves."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from lamplit.basics.clock import now
from lamplit.basics.words import long_date
from lamplit.complaints import queries as complaints
from lamplit.config.forms import new_nonce
from lamplit.messages import actions as message_actions
from lamplit.messages import queries as messages
from lamplit.people import actions as people_actions
from lamplit.people import queries as people
from lamplit.people.facts import Mandate, PersonNote
from lamplit.portal.tests.scene import ME, add_reach, tomasz_comes_in
from lamplit.portal.tests.test_report import text_of
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.staff import actions as staff
from tests import cast

SOON = override_settings(RECEIPT_WAIT_SECONDS=0.2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def report(fault: str = "tap_drips", *, said: str = "It drips all night."):
    """Ruth rings, and Dele writes it down."""
    return actions.report_repair(
        home=cast.RUTHS_HOME, reporter=cast.RUTH, said=Said(fault=fault, room="kitchen"), words_said=said,
        channel="phone", by=cast.BY_DELE, at=now(), command=f"test:report:{fault}",
    )  # fmt: skip


def book(repair: str) -> str:
    work = queries.case(repair, now=now()).works[0]
    times = {"from_at": now() + 2 * DAY, "until_at": now() + 2 * DAY + 4 * HOUR}
    return actions.book_visit(work=work.id, by=ME, at=now(), command="test:book", **times)


def mend(repair: str) -> None:
    work = queries.case(repair, now=now()).works[0]
    actions.attend_visit(
        work=work.id, outcome="mended", arrived_at=now(), did="New washer.", evidence=["photo: tap"],
        by=cast.BY_COL, at=now(), command="test:mend",
    )  # fmt: skip


def send(client: Client, path: str, **data):
    return client.post(path, {"nonce": new_nonce(), **data})


def test_home_says_what_is_happening_and_what_comes_next(signed_in):
    made = report()
    client = signed_in()
    page = text_of(client.get("/"))
    assert "Ruth Adeyemi" in page
    assert "5 Ember Rise" in page
    assert "A tap that drips We mend it by the end of" in page
    book(made.leads)
    assert "We come on" in text_of(client.get("/"))
    assert f'href="/repairs/{made.leads}"' in client.get("/").content.decode()


def test_an_emergency_is_received_until_somebody_has_it_and_then_says_who(signed_in):
    made = report("gas_smell", said="I smell gas.")
    client = signed_in()
    page = text_of(client.get(f"/repairs/{made.leads}"))
    assert "Nobody has taken it yet" in page
    assert "0303 100 0100" in page
    actions.accept_emergency(repair=made.leads, staff_id=cast.PRIYA, by=ME, at=now(), command="test:accept")
    page = text_of(client.get(f"/repairs/{made.leads}"))
    assert "Priya Nair has it" in page


def test_the_timeline_says_what_was_missed(signed_in):
    made = report()
    visit = book(made.leads)
    actions.miss_visit(visit=visit, by=ME, at=now() + 3 * DAY, command="test:miss")
    page = text_of(signed_in().get(f"/repairs/{made.leads}"))
    assert "We did not come when we said (missed)" in page
    assert "It drips all night." in page


def test_another_tenants_repair_does_not_exist_for_him(portal):
    made = report()
    visit = book(made.leads)
    his = tomasz_comes_in()
    assert "A tap that drips" not in text_of(his.get("/repairs"))
    assert his.get(f"/repairs/{made.leads}").status_code == 404
    assert his.get(f"/repairs/{made.leads}/visits/{visit}").status_code == 404
    assert send(his, f"/repairs/{made.leads}/note", says="x").status_code == 404
    assert send(his, f"/repairs/{made.leads}/mended", mended="yes").status_code == 404
    assert send(his, f"/repairs/{made.leads}/visits/{visit}", slot="cancel").status_code == 404
    assert queries.case(made.leads, now=now()).visits[0].state == "booked"


@pytest.mark.parametrize("path", ["/repairs/r_none", "/repairs/r_none/visits/v_none", "/your-data/end/a_none"])
def test_what_is_not_there_is_not_found(signed_in, path):
    assert signed_in().get(path).status_code == 404


def test_she_adds_a_note_once_however_often_it_is_sent(signed_in):
    made, client = report(), signed_in()
    data = {"nonce": new_nonce(), "says": "It is worse today."}
    for _ in range(2):
        answer = client.post(f"/repairs/{made.leads}/note", data)
        assert answer["Location"] == f"/repairs/{made.leads}?done=note"
    page = text_of(client.get(answer["Location"]))
    assert page.count("It is worse today.") == 1
    assert "You added a note" in page


def test_the_same_form_with_other_words_is_refused_and_says_what_to_do(signed_in):
    made, client = report(), signed_in()
    nonce = new_nonce()
    client.post(f"/repairs/{made.leads}/note", {"nonce": nonce, "says": "First."})
    page = text_of(client.post(f"/repairs/{made.leads}/note", {"nonce": nonce, "says": "Second."}))
    assert "This form was already sent with other answers" in page


@pytest.mark.parametrize("nonce", ["", "made-up", "x" * 300])
def test_a_form_that_we_did_not_give_is_not_taken(signed_in, nonce):
    made, client = report(), signed_in()
    answer = client.post(f"/repairs/{made.leads}/note", {"nonce": nonce, "says": "Hello."})
    assert "This page is out of date" in text_of(answer)


def test_she_says_that_it_is_mended_and_it_ends(signed_in):
    made, client = report(), signed_in()
    mend(made.leads)
    assert "Is it mended?" in text_of(client.get(f"/repairs/{made.leads}"))
    send(client, f"/repairs/{made.leads}/mended", mended="yes", said="Thank you")
    assert queries.case(made.leads, now=now()).repair.status == "closed"
    assert "Mended. You told us today" in text_of(client.get("/repairs"))


def test_not_yet_opens_it_again_even_after_it_was_closed(signed_in):
    made, client = report(), signed_in()
    mend(made.leads)
    send(client, f"/repairs/{made.leads}/mended", mended="yes")
    answer = send(client, f"/repairs/{made.leads}/mended", mended="no", said="It drips again.")
    page = text_of(client.get(answer["Location"]))
    assert "The repair is open again" in page
    assert queries.case(made.leads, now=now()).repair.live


def test_she_must_say_yes_or_no(signed_in):
    made, client = report(), signed_in()
    mend(made.leads)
    assert "Choose yes or no" in text_of(send(client, f"/repairs/{made.leads}/mended", mended=""))


def test_she_moves_a_visit_and_cancels_it_and_the_repair_stays_open(signed_in):
    made, client = report(), signed_in()
    path = f"/repairs/{made.leads}/visits/{book(made.leads)}"
    page = client.get(path).content.decode()
    wanted = page.split('name="slot"')[5].split('value="')[1].split('"')[0]
    assert send(client, path, slot=wanted)["Location"].endswith("?done=visit")
    visit = queries.case(made.leads, now=now()).visits[0]
    assert visit.moved_count == 1
    assert send(client, path, slot="cancel")["Location"].endswith("?done=cancelled")
    case = queries.case(made.leads, now=now())
    assert (case.visits[0].state, case.visits[0].ours, case.repair.live) == ("cancelled", False, True)
    assert client.get(path).status_code == 404
    assert "You called the visit off" in text_of(client.get(f"/repairs/{made.leads}"))


def test_which_firm_comes_for_us_is_said_beside_the_visit(signed_in):
    firm = {"contractor": cast.KINDLE, "name": "Kindle Works", "phone": "01632 960005", "trades": ["plumber"]}
    staff.record_contractor(**firm, by=ME, at=now(), command="test:firm")
    made = report()
    book(made.leads)
    assert "Kindle Works comes for us. Ask to see a card" in text_of(signed_in().get(f"/repairs/{made.leads}"))


@pytest.mark.parametrize("slot", ["", "2020-01-01T08:00:00+00:00", "whenever"])
def test_a_time_that_is_not_offered_is_not_taken(signed_in, slot):
    made, client = report(), signed_in()
    path = f"/repairs/{made.leads}/visits/{book(made.leads)}"
    assert "Choose a time" in text_of(send(client, path, slot=slot))


def test_staff_notes_and_restricted_ones_are_not_on_her_timeline(signed_in):
    made = report()
    for audience in ("staff", "restricted", "all"):
        actions.note_repair(
            repair=made.leads, says=f"Words for {audience}.", audience=audience, by=ME, at=now(), command=f"test:{audience}"
        )
    page = text_of(signed_in().get(f"/repairs/{made.leads}"))
    assert "Words for all." in page
    assert "Words for staff." not in page
    assert "Words for restricted." not in page


def test_messages_are_shown_word_for_word_with_their_code_and_counted_until_she_looks(signed_in):
    client = signed_in()
    message_actions.order_message(
        template="repair_received", subject="We have your report", body="Thank you.\n\nWe come on Monday.", person=cast.RUTH,
        by=ME, at=now(), command="test:message",
    )  # fmt: skip
    sent = messages.messages_of(cast.RUTH)[0]
    assert "You have 1 message that you have not read here." in text_of(client.get("/"))
    page = client.get("/messages").content.decode()
    assert sent.body in page
    assert "that you have not read" not in text_of(client.get("/"))


def test_nobody_sees_the_messages_of_another(portal):
    message_actions.order_message(
        template="x", subject="For Ruth", body="Only for Ruth.", person=cast.RUTH, by=ME, at=now(), command="test:message"
    )
    assert "Only for Ruth" not in text_of(tomasz_comes_in().get("/messages"))


def test_a_code_alone_is_never_a_yes_and_says_nothing_of_whom_it_went_to(portal):
    message_actions.order_message(
        template="visit_booked", subject="We will come", body="We come on Monday.", person=cast.RUTH, name="Ruth Adeyemi",
        by=ME, at=now(), command="test:message",
    )  # fmt: skip
    body = messages.messages_of(cast.RUTH)[0].body
    code = body[-6:]
    page = text_of(Client().post("/check", {"code": code.lower()}))
    assert "by text, about a visit" in page
    assert "Does yours say that?" in page
    assert "Ruth" not in page
    assert "word for word" in text_of(Client().post("/check", {"pasted": f"Hello\r\n{body}"}))
    changed = body.replace("Monday", "Monday. Pay at once")
    assert "it was changed" in text_of(Client().post("/check", {"pasted": changed}))
    assert "We did not send this" in text_of(Client().post("/check", {"code": "ZZZZZZ"}))
    assert "It has no code." in text_of(Client().post("/check", {"pasted": "You have won a prize."}))
    assert "Enter the code" in text_of(Client().post("/check", {}))


@SOON
def test_a_complaint_gets_its_number_and_the_two_dates_once_it_is_kept(signed_in, portal):
    client = signed_in()
    answer = send(client, "/complain", words="Nobody came.", wanted="An apology")
    assert answer["Location"] == "/complain/received"
    [made] = complaints.complaints_of(cast.RUTH)
    page = text_of(client.get("/complain/received"))
    assert "still copying" in page
    assert made.reference not in page
    portal.publish()
    page = text_of(client.get("/complain/received"))
    for shown in (made.reference, long_date(made.acknowledge_by_on), long_date(made.respond_by_on)):
        assert shown in page
    assert made.reference in text_of(client.get("/complain"))


def test_somebody_who_is_not_signed_in_complains_with_a_way_to_answer_her(portal):
    client = Client()
    page = text_of(send(client, "/complain", words="Too loud.", name="Una", reach="nowhere"))
    assert "Enter a phone number, like" in page
    assert send(client, "/complain", words="Too loud.", name="Una", reach="07700 900123").status_code == 302


def test_a_complaint_about_somebody_elses_repair_does_not_name_it(portal):
    made = report()
    his = tomasz_comes_in()
    assert "A tap that drips" not in text_of(his.get(f"/complain?repair={made.leads}"))
    send(his, f"/complain?repair={made.leads}", words="Loud pipes.")
    assert complaints.complaints_of(cast.TOMASZ)[0].repair is None


def test_the_complaint_receipt_is_shown_to_its_own_browser_alone(portal):
    assert Client().get("/complain/received")["Location"] == "/complain"


def test_her_data_shows_what_we_hold_and_leaves_markers_out(signed_in):
    for about in (
        PersonNote(what="need", code="respiratory", source="herself"),
        PersonNote(what="restricted", code="abuse", source="herself"),
        PersonNote(what="alert", code="visits", says="Two people go."),
    ):
        people_actions.note_person(person=cast.RUTH, about=about, by=ME, at=now(), command=f"test:{about.what}")
    page = text_of(signed_in().get("/your-data"))
    assert "Ruth Adeyemi" in page
    assert "07700 900005" in page
    assert "asthma" in page
    assert "abuse" not in page.lower()
    assert "Two people go" not in page


def test_she_sees_who_acts_for_her_stops_the_copies_and_ends_it_and_nobody_else_does(signed_in):
    leave = Mandate(
        name="Ife Adeyemi", relation="sister", scope=["repairs", "complaints"], person=cast.OTTO, copies=True,
        evidence="a letter that you signed",
    )  # fmt: skip
    sent = {"by": cast.BY_PRIYA, "at": now()}
    mandate = people_actions.represent_person(person=cast.RUTH, leave=leave, command="test:acts", **sent)
    client, path = signed_in(), f"/your-data/acts/{mandate}"
    page = text_of(client.get("/your-data"))
    assert "Ife Adeyemi, sister: complaints and repairs" in page
    assert "We were shown: a letter that you signed" in page
    assert "Gets copies" in page
    his = tomasz_comes_in()
    assert his.get(path).status_code == send(his, path).status_code == 404
    assert Client().get(path).status_code == 302
    assert send(client, path, copies="stop")["Location"] == "/your-data?done=no_copies"
    (seen,) = people.mandates(cast.RUTH)
    assert (seen.leave.copies, seen.leave.ended_on) == (None, None)
    assert send(client, path)["Location"] == "/your-data?done=acts_no_more"
    assert people.acting_for(cast.RUTH, now().date()) == []
    assert client.get(path).status_code == 404
    assert "Ife" not in text_of(client.get("/your-data?done=acts_no_more"))


def test_she_adds_a_way_to_reach_her_and_ends_the_old_one_but_never_the_last(signed_in):
    client = signed_in()
    old = people.reaches(cast.RUTH)[0].id
    assert "Add another first" in text_of(client.get(f"/your-data/end/{old}"))
    assert send(client, f"/your-data/end/{old}").status_code == 200
    add_reach(cast.RUTH, "ruth@new.example")  # proved, and known for long
    assert send(client, f"/your-data/end/{old}")["Location"] == "/your-data?done=ended"
    assert [way.value for way in people.ways_to_reach(cast.RUTH, "code")] == ["ruth@new.example"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"channel": "text", "value": "12", "safe": "yes"}, "phone number"),
        ({"channel": "email", "value": "ruth", "safe": "yes"}, "email address"),
        ({"channel": "fax", "value": "07700 900001", "safe": "yes"}, "Choose what it is"),
        ({"channel": "text", "value": "07700 900005", "safe": "yes"}, "already"),
        ({"channel": "text", "value": "07700 900001"}, "Choose an answer"),
    ],
)
def test_a_way_that_cannot_be_used_says_why(signed_in, typed, said):
    page = text_of(send(signed_in(), "/your-data/add", **typed))
    assert "Please check this" in page
    assert said in page


def test_nobody_ends_the_contact_point_of_another(portal):
    add_reach(cast.RUTH, "ruth@other.example", command="test:other")
    his = tomasz_comes_in()
    assert send(his, f"/your-data/end/{people.reaches(cast.RUTH)[0].id}").status_code == 404


def test_large_print_is_remembered_by_her_record_and_can_be_ended(signed_in):
    client = signed_in()
    answer = send(client, "/your-data/print", to="large")
    assert answer["Location"] == "/your-data?done=large"
    assert people.preferences(cast.RUTH, now().date()).format == "large print"
    assert 'class="large-print"' in client.get("/your-data").content.decode()
    send(client, "/your-data/print", to="usual")
    assert people.preferences(cast.RUTH, now().date()).format is None
    assert 'class="large-print"' not in client.get("/your-data").content.decode()


def test_asking_about_her_data_becomes_a_promise(signed_in):
    client = signed_in()
    assert "Tell us what is wrong" in text_of(send(client, "/your-data/ask", says=" "))
    sent = {"says": "I want a copy of everything.", "nonce": new_nonce()}
    assert {send(client, "/your-data/ask", **sent).status_code for _ in range(2)} == {302}, "she pressed twice"
    [promise] = messages.open_promises()
    assert promise.due_at - now() > timedelta(days=27)
    assert promise.person == cast.RUTH


@pytest.mark.parametrize("path", ["/", "/help", "/accessibility", "/status", "/check", "/complain", "/report", "/sign-in"])
def test_pages_for_everyone_have_the_way_out_and_the_number(portal, path):
    page = Client().get(path)
    assert page.status_code == 200
    assert b"Exit this page" in page.content
    assert b"0303 100 0100" in page.content


def test_status_says_in_plain_words_what_does_not_work(portal):
    page = text_of(Client().get("/status"))
    assert "Limited" in page  # nothing seals or sends in this test
    with portal.connect("app") as db:
        for name in ("seal", "publish near", "worker"):
            db.execute("INSERT INTO record.loop (name, alive_at) VALUES (%s, now())", [name])
    assert "Everything works." in text_of(Client().get("/status"))
    with portal.connect("app") as db:
        db.execute("UPDATE record.loop SET trouble = 'The provider does not answer.' WHERE name = 'worker'")
    page = text_of(Client().get("/status"))
    assert "They come late." in page
    assert "provider" not in page


def test_what_is_done_so_far_is_not_said_to_be_all():
    from types import SimpleNamespace

    from lamplit.portal import words

    row = SimpleNamespace(live=True, status="to_confirm", confirmed_at=None, running={"awaab.D2": None})
    assert "lasting work is still to come" in words.stands(row, {}, now())
    row.running = {"confirm": None}
    assert words.stands(row, {}, now()) == "Our work is done. Is it mended?"
    danger = {"priority": "emergency", "due_at": now() + timedelta(hours=20), "accepted_by": None}
    row = SimpleNamespace(live=True, status="open", confirmed_at=None, running={"target.emergency": None}, **danger)
    assert words.stands(row, {}, now()).startswith("We come before ")
    row.running = {"awaab.D2": None}  # made safe, works to come: no promise of tomorrow stands any more
    assert words.stands(row, {}, now()).startswith("We have been. More work is still to come")
