"""What was said, what we promised, what we sent, and complaints."""

from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.complaints import queries as complaints
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, send, sent, words_of
from lamplit.messages import queries
from lamplit.people import queries as people
from tests import cast

CONTACT = f"/desk/contact?person={cast.RUTH}"
SAID = {"channel": "call", "direction": "in", "audience": "all"}


def test_a_contact_with_a_promise_goes_on_the_queue(scene, desk):
    due = day_parts("promise_on", now() + timedelta(days=2))
    sent(
        desk("planner"),
        CONTACT,
        said="When do you come?",
        promise="Ring her back",
        promise_time="noon",
        promise_mine="on",
        **SAID,
        **due,
    )
    assert "When do you come?" in words_of(desk("contact_centre"), f"/desk/people/{cast.RUTH}")
    for which in ("", "?f=promises", "?f=mine"):
        assert "Promise: Ring her back" in words_of(desk("planner"), f"/desk/{which}")
    assert "Ring her back" not in words_of(desk("surveyor"), "/desk/?f=mine")
    promise = queries.open_promises()[0]
    assert "how it was kept" in refused(desk("planner"), f"/desk/promises/{promise.id}", how="")
    sent(desk("planner"), f"/desk/promises/{promise.id}", how="Rang her")
    assert "Nothing here" in words_of(desk("planner"), "/desk/?f=promises")
    assert "Kept" in words_of(desk("planner"), f"/desk/promises/{promise.id}")
    assert "already marked as kept" in story_refused(desk("planner"), promise.id)


def story_refused(client, promise: str) -> str:
    """Somebody else kept it while this page was open: its form comes from another promise's page."""
    due = day_parts("promise_on", now() + timedelta(days=2))
    sent(client, CONTACT, said="Again", promise="Another", **SAID, **due)
    other = queries.open_promises()[0]
    nonce = client.get(f"/desk/promises/{other.id}").content.decode().split('name="nonce" value="')[1].split('"')[0]
    return client.post(f"/desk/promises/{promise}", {"nonce": nonce, "how": "Rang"}).content.decode()


def test_what_came_on_paper_keeps_when_it_was_said(scene, desk):
    earlier = now() - timedelta(days=10)
    sent(
        desk("contact_centre"),
        CONTACT,
        said="A letter",
        happened_time="9am",
        **(SAID | {"channel": "letter"}),
        **day_parts("happened_on", earlier),
    )
    contact = queries.contacts_of(audience="staff", person=cast.RUTH)[0]
    assert contact.happened_at.date() == earlier.date()
    assert "Written down by Jo Contact Centre on " in words_of(desk("contact_centre"), f"/desk/people/{cast.RUTH}")


def test_a_contact_says_what_is_wrong_with_it(scene, desk):
    tomorrow = now() + timedelta(days=1)
    centre = desk("contact_centre")
    assert "Write what was said" in refused(centre, CONTACT, **SAID)
    assert "not happened yet" in refused(centre, CONTACT, said="x", **SAID, **day_parts("happened_on", tomorrow))
    assert "ten years" in refused(
        centre, CONTACT, said="x", **SAID, happened_on_day="1", happened_on_month="1", happened_on_year="1926"
    )
    assert "promise without a day" in refused(centre, CONTACT, said="x", promise="Ring", **SAID)
    assert "Write what you promised" in refused(centre, CONTACT, said="x", **SAID, **day_parts("promise_on", tomorrow))
    past = day_parts("promise_on", now() - timedelta(days=2))
    assert "time has passed" in refused(centre, CONTACT, said="x", promise="Ring", **SAID, **past)
    assert "2:30pm" in refused(centre, CONTACT, said="x", happened_time="25:99", **SAID)


def test_a_contact_can_be_about_a_repair_or_a_home(scene, desk):
    story.open_firm()
    told = story.report()
    sent(desk("planner"), f"/desk/contact?repair={told.repair}", said="The van is late", **(SAID | {"direction": "out"}))
    assert "The van is late" in words_of(desk("planner"), f"/desk/repairs/{told.repair}")
    sent(desk("planner"), f"/desk/contact?home={cast.EMPTY_HOME}", said="The window is open", **SAID)
    assert "The window is open" in words_of(desk("planner"), f"/desk/homes/{cast.EMPTY_HOME}")
    for nothing in ("", "?person=p_00000000000000000000", "?home=x", "?repair='"):
        assert desk("planner").get(f"/desk/contact{nothing}").status_code == 404


def test_a_message_is_shown_as_it_was_sent(scene, desk):
    made = story.everything(scene)
    page = words_of(desk("contact_centre"), f"/desk/messages/{made['message']}")
    assert "We come tomorrow." in page
    assert "Check this message: code" in page
    listed = words_of(desk("contact_centre"), "/desk/messages")
    assert "Your repair" in listed
    assert people.full_name(people.person(cast.RUTH)) in listed


def test_a_message_that_reached_nobody_asks_for_another_way(scene, desk):
    from lamplit.messages import actions

    story.do(actions.order_message, template="t", subject="Lost", body="Hello.", person=cast.OTTO)
    page = words_of(desk("contact_centre"), "/desk/messages")
    assert "These reached nobody" in page
    assert "Lost" in page


def test_messages_about_complaints_are_for_those_who_see_complaints(scene, desk):
    from lamplit.messages import actions

    made = story.everything(scene)
    ident = story.do(
        actions.order_message, template="t", subject="Your complaint", body="We have it.", voice=made["complaint"],
        about=made["complaint"], reach=cast.RUTH,
    )  # fmt: skip
    assert "Your complaint" in words_of(desk("complaints"), "/desk/messages")
    assert "Your complaint" not in words_of(desk("planner"), "/desk/messages")
    assert desk("planner").get(f"/desk/messages/{ident}").status_code == 403


def test_a_complaint_from_the_first_word_to_the_acknowledgement(scene, desk):
    answer = send(
        desk("planner"), f"/desk/complaints/new?person={cast.RUTH}", words="Nobody came, twice.", wanted="A date", channel="call"
    )
    assert "Tell them: the number is" in answer.content.decode()
    row = complaints.open_complaints()[0]
    path = f"/desk/complaints/{row.id}"
    assert "Nobody came, twice." in words_of(desk("complaints"), path)
    assert "Acknowledge complaint" in words_of(desk("complaints"), "/desk/?f=complaints")
    assert row.reference not in words_of(desk("planner"), "/desk/")
    sent(desk("complaints"), f"{path}/assign", owner=scene.staff["complaints"])
    sent(desk("complaints"), f"{path}/acknowledge", definition="We missed two visits", channel="email")
    page = words_of(desk("complaints"), path)
    assert "We missed two visits" in page
    assert "Jo Complaints" in page
    assert "Answer complaint" in words_of(desk("complaints"), "/desk/?f=mine")
    assert "already acknowledged" in refused(desk("lead"), f"{path}/acknowledge", definition="Again", channel="email")


def test_a_complaint_of_somebody_whom_we_do_not_know(scene, desk):
    fields = {"words": "Your van blocked my drive", "channel": "letter", "name": "A. Neighbour", "reach": "12 Wick Lane"}
    assert send(desk("contact_centre"), "/desk/complaints/new", **fields).status_code == 200
    row = complaints.open_complaints()[0]
    assert "A. Neighbour" in words_of(desk("complaints"), f"/desk/complaints/{row.id}")
    assert "is empty" in refused(desk("contact_centre"), "/desk/complaints/new", words=" ", channel="letter")
