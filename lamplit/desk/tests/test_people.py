"""A person's page, and everything that staff put right, add and end there."""

import re
from datetime import timedelta

from django.apps import apps
from django.test import override_settings

from lamplit.basics.clock import now
from lamplit.config.code_sender import sender
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, give_reach, refused, restrict, send, sent, words_of
from lamplit.messages import actions as messages
from lamplit.people import actions as people
from lamplit.people import queries
from lamplit.people.facts import PersonNote
from tests import cast

RUTH = f"/desk/people/{cast.RUTH}"


def test_one_page_tells_all(scene, desk):
    story.everything(scene)
    page = words_of(desk("contact_centre"), RUTH)
    for said in (
        "Ruth Adeyemi", "5 Ember Rise", "07700 900005 (works)", "asthma or lungs", "Air the room after work", "Ring her back",
        "She asked when we come", "Your repair", "Complaint", "Ife Adeyemi", "What we believed when",
    ):  # fmt: skip
        assert said in page, said
    assert "Complaint" not in words_of(desk("planner"), RUTH).replace("Make a complaint", "")


def test_a_person_is_recorded_and_put_right(scene, desk):
    made = send(
        desk("contact_centre"), "/desk/people/new", name="Zoë  O'Néill-Łuczak", known_as="Zed", **day_parts("born_on", cast.AT)
    )
    path = made["Location"]
    assert "Zoë O'Néill-Łuczak (Zed)" in words_of(desk("contact_centre"), path)
    sent(desk("housing_officer"), f"{path}/correct", name="Zoë Łuczak", why="She married")
    page = words_of(desk("housing_officer"), path)
    assert "Zoë Łuczak" in page
    assert "Why: She married" in page
    assert "Zoë O'Néill-Łuczak" in page
    assert "is empty" in refused(desk("contact_centre"), "/desk/people/new", name=" ")
    future = refused(desk("contact_centre"), "/desk/people/new", name="A B", **day_parts("born_on", now() + timedelta(days=400)))
    assert "lies ahead" in future


def test_ways_to_reach_somebody(scene, desk):
    path = f"{RUTH}/reach"
    sent(desk("contact_centre"), path, channel="email", value="Ruth@Home.Example", state="unproved", safe="on", label="own")
    assert "ruth@home.example" in words_of(desk("contact_centre"), RUTH).lower()
    reach = next(one for one in queries.reaches(cast.RUTH) if one.how.channel == "email")
    sent(desk("contact_centre"), f"{path}/{reach.id}", channel="email", value=reach.how.value, state="fails", why="It bounced")
    page = words_of(desk("contact_centre"), RUTH)
    assert "does not work since" in page
    assert "not safe" in page
    assert "no phone number" in refused(desk("contact_centre"), path, channel="phone", value="12", state="unproved")
    assert "mobile number" in refused(desk("contact_centre"), path, channel="text", value="01632 960001", state="unproved")


def test_a_need_a_preference_and_an_alert(scene, desk):
    centre = desk("contact_centre")
    sent(centre, f"{RUTH}/note/new/need", code="oxygen", source="She said so", changes="Agree before power goes off")
    sent(centre, f"{RUTH}/note/new/preference", code="format", value="large print")
    sent(centre, f"{RUTH}/note/new/alert", says="The dog bites")
    page = words_of(centre, RUTH)
    assert "oxygen" in page
    assert "large print" in page
    assert "Alert: The dog bites" in page
    note = next(one for one in queries.notes(cast.RUTH) if one.about.what == "need")
    assert "Ended on" not in words_of(centre, f"{RUTH}/note/new/need")
    assert "Ended on" in words_of(centre, f"{RUTH}/note/{note.id}")
    sent(centre, f"{RUTH}/note/{note.id}", code="oxygen", source="She said so", **day_parts("ended_on", now()))
    assert "No longer so" in words_of(centre, RUTH)
    assert "how" in refused(centre, f"{RUTH}/note/new/need", code="oxygen").lower()


def test_only_few_say_that_somebody_is_restricted(scene, desk):
    assert desk("contact_centre").get(f"{RUTH}/note/new/restricted").status_code == 404
    sent(desk("housing_officer"), f"{RUTH}/note/new/restricted", code="abuse", source="She said so")
    assert desk("contact_centre").get(RUTH).status_code == 403
    sent(desk("housing_officer"), f"{RUTH}/why", why="I wrote it down just now")
    assert "Restricted. Use only safe contact points" in words_of(desk("housing_officer"), RUTH)
    note = next(one for one in queries.notes(cast.RUTH) if one.about.what == "restricted")
    assert desk("contact_centre").post(f"{RUTH}/note/{note.id}", {}).status_code == 404


def test_only_safe_ways_are_shown_first_of_somebody_restricted(scene, desk):
    give_reach(cast.RUTH, "01632 960002")
    restrict(cast.RUTH)
    sent(desk("lead"), f"{RUTH}/why", why="She rang")
    assert "07700 900005" in words_of(desk("lead"), RUTH)


def test_somebody_may_act_for_her(scene, desk):
    may = {"name": "Ife Adeyemi", "relation": "daughter", "scope": ["repairs", "complaints"]}
    copies = refused(desk("contact_centre"), f"{RUTH}/acts-for", **may, copies="on")
    assert "Copies go to somebody whom we know" in copies
    sent(desk("contact_centre"), f"{RUTH}/acts-for", **may, evidence="power of attorney")
    page = words_of(desk("contact_centre"), RUTH)
    assert "Ife Adeyemi, daughter: complaints and repairs" in page
    assert "We saw: power of attorney" in page
    for path in (RUTH, f"/desk/contact?person={cast.RUTH}"):  # before anybody answers
        page = words_of(desk("planner"), path)
        assert "Ife Adeyemi (daughter) acts for them in complaints and repairs" in page, path
    mandate = queries.mandates(cast.RUTH)[0]
    sent(
        desk("contact_centre"),
        f"{RUTH}/acts-for/{mandate.id}",
        name="Ife Adeyemi",
        scope=["repairs"],
        **day_parts("ended_on", now()),
    )
    assert "ended" in words_of(desk("contact_centre"), RUTH)
    assert "Choose what they may do" in refused(desk("contact_centre"), f"{RUTH}/acts-for", name="Ife")


def test_what_was_said_in_confidence_is_for_few(scene, desk):
    story.do(
        messages.record_contact, channel="call", direction="in", said="He has a key", person=cast.RUTH, audience="restricted"
    )
    assert "He has a key" in words_of(desk("lead"), RUTH)
    assert "He has a key" not in words_of(desk("contact_centre"), RUTH)


def test_a_representative_whom_we_know_is_found_and_her_particulars_are_filled_in(scene, desk):
    staff, path = desk("contact_centre"), f"{RUTH}/acts-for"
    page = staff.get(path).content.decode()
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)[1]
    page = staff.post(path, {"nonce": nonce, "find": "1", "q": "tomasz"}).content.decode()
    assert f'name="add" value="{cast.TOMASZ}"' in page
    give_reach(cast.TOMASZ, "+447700900002")
    page = staff.post(path, {"nonce": nonce, "add": cast.TOMASZ, "scope": "repairs"}).content.decode()
    assert 'value="Tomasz Wolski"' in page
    assert re.search(r'value="07700\s900002"', page)
    sent(staff, path, chosen=cast.TOMASZ, name="Tomasz Wolski", scope=["repairs"])
    assert queries.mandates(cast.RUTH)[0].leave.person == cast.TOMASZ
    assert f'href="/desk/people/{cast.TOMASZ}"' in staff.get(RUTH).content.decode()


def test_nobody_who_is_restricted_can_be_chosen_by_whom_she_is_hidden_from(scene, desk):
    restrict(cast.TOMASZ)
    page = send(desk("contact_centre"), f"{RUTH}/acts-for", find="1", q="tomasz").content.decode()
    assert "ring the safeguarding lead" in page
    assert f'value="{cast.TOMASZ}"' not in page
    page = send(desk("contact_centre"), f"{RUTH}/acts-for", add=cast.TOMASZ).content.decode()
    assert "Tomasz" not in page


def test_a_mobile_is_proved_by_a_code_that_they_read_out(scene, desk):
    with override_settings(CODE_SENDER="lamplit.portal.codes.Outbox"):
        sender.cache_clear()
        staff = desk("contact_centre")
        answer = send(staff, f"{RUTH}/reach", channel="text", value="07700 900777", state="works", safe="on")
        path = answer["Location"]
        assert path.endswith("/prove")
        assert "07700 900777" in words_of(staff, path)
        assert "+447700900777" not in [way.value for way in queries.ways_to_reach(cast.RUTH, "code")]
        page = staff.post(path, {"again": "1"}).content.decode()
        assert "A code is on its way" in page
        code = apps.get_model("portal", "DemoCode").objects.latest("id").words[:6]
        assert "That is not the code" in refused(staff, path, code="12345")
        sent(staff, path, code=code)
    sender.cache_clear()
    assert "+447700900777" in [way.value for way in queries.ways_to_reach(cast.RUTH, "code")]
    assert staff.get(path)["Location"] == RUTH


def prefer(code: str, value: str) -> None:
    story.do(people.note_person, person=cast.RUTH, about=PersonNote(what="preference", code=code, value=value))


def test_a_language_is_offered_and_one_that_we_do_not_know_is_said_plainly(scene, desk):
    staff = desk("contact_centre")
    form = staff.get(f"{RUTH}/note/new/preference").content.decode()
    assert 'list="id_value_offered"' in form
    assert '<option value="Polish">Polski</option>' in form
    sent(staff, f"{RUTH}/note/new/preference", code="language", value="polski please")
    page = words_of(staff, RUTH)
    assert "Talk through an interpreter (polski please)" in page
    assert "“polski please” is not on our list of languages: letters to them are in English, so ring them" in page
    sent(staff, f"{RUTH}/note/new/preference", code="language", value="Polski")
    page = words_of(staff, RUTH)
    assert "Talk through an interpreter (Polish)" in page
    assert "not on our list" not in page


def test_whoever_rings_sees_first_how_to_talk_to_them(scene, desk):
    made = story.everything(scene)
    pages = [RUTH, f"/desk/contact?person={cast.RUTH}", f"/desk/repairs/{made['repair']}", f"/desk/jobs/{made['work']}"]
    for path in pages:
        page = words_of(desk("planner"), path)
        assert "Before you talk to them" in page
        assert "Ife Adeyemi acts for them in repairs" in page
        assert "Talk through" not in page
    prefer("language", "bsl")
    prefer("format", "large print")
    prefer("channel", "text")
    for path in pages:
        page = words_of(desk("planner"), path)
        assert "Talk through a British Sign Language interpreter" in page, path
        assert "They want texts" in page
        assert "Written words in large print" in page
    restrict(cast.RUTH)
    for path in pages[2:]:
        assert "Before you talk to them" not in words_of(desk("planner"), path)
