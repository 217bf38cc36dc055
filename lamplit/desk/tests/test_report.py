"""A report for a caller: the same questions as online, on one page."""

import json
import re
from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.basics.words import before
from lamplit.config import receipts
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, restrict, words_of
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.repairs import queries
from lamplit.repairs.facts import Caller
from tests import cast

HOME = f"/desk/report/{cast.RUTHS_HOME}"


def answer(client, page: str, **fields: str):
    """Send one answer or button of the page that is open."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: id="\w+")? value="([^"]*)"', page))
    hidden |= dict(re.findall(r'name="(nonce)" value="([^"]*)"', page))
    state = {name: value.replace("&#34;", '"').replace("&#39;", "'").replace("&quot;", '"') for name, value in hidden.items()}
    return client.post(HOME, {**state, **fields})


def walk(client, *options: str) -> str:
    """Answer with these options; where words are asked for, the option is said."""
    page = client.get(HOME).content.decode()
    for option in options:
        kind = "said" if 'name="said"' in page else "option"
        page = answer(client, page, **{kind: option}).content.decode()
    return page


def to_a_leak(client) -> str:
    """Answer the first choice each time from "water leaking" on, until the questions end."""
    page = walk(client, "none", "leak")
    for _ in range(15):
        if 'name="send"' in page:
            return page
        if 'name="said"' in page:
            page = answer(client, page, said="It drips from the ceiling").content.decode()
        else:
            last = re.findall(r'name="option" value="(\w+)"', page)[-1]
            page = answer(client, page, option=last).content.decode()
    raise AssertionError("the questions never end")


def sent_on(client, page: str, **fields: str):
    told = {"send": "1", "channel": "phone", "reporter": cast.RUTH, "words_said": "It drips", **fields}
    return answer(client, page, **told)


def test_a_caller_is_asked_what_the_tenant_is_asked_online(scene, desk, landlord):
    story.open_firm()
    client = desk("contact_centre")
    page = to_a_leak(client)
    assert "It seems to be:" in page
    done = sent_on(client, page)
    assert done.status_code == 303, done.content.decode()[:500]
    repair = re.search(r"/desk/repairs/(r_\w+)/told", done["Location"])[1]
    row = queries.repair(repair)
    assert row.reporter == cast.RUTH
    assert row.channel == "phone"
    assert row.words == "It drips"
    assert "Is any of this happening now?" in words_of(client, f"/desk/repairs/{repair}")


def test_whoever_takes_the_call_reads_first_how_to_talk_to_them(scene, desk):
    client = desk("contact_centre")
    assert "If they find English hard, talk through an interpreter" in words_of(client, HOME)
    speaks = PersonNote(what="preference", code="language", value="Polish")
    story.do(people.note_person, person=cast.RUTH, about=speaks)
    page = words_of(client, HOME)
    assert "Before you talk to them" in page
    assert "Talk through an interpreter (Polish)" in page
    assert page.index("Talk through an interpreter (Polish)") < page.index("Is any of this happening now?")


def test_a_child_who_sleeps_in_the_damp_room_is_asked_for_and_told_to_whoever_comes(scene, desk, landlord):
    story.open_firm()
    client = desk("contact_centre")
    page = walk(client, "none", "damp", "living_room", "small", "no", "windows")
    assert 'name="send"' in page
    assert "A child sleeps in that room" not in page
    page = walk(client, "none", "damp", "bedroom", "small", "no", "windows")
    assert "Somebody sleeps in that room. Ask who. Mia Adeyemi is a child and lives here." in " ".join(page.split())
    done = sent_on(client, page, words_said="By the window", child_sleeps="on")
    row = queries.repair(re.search(r"/desk/repairs/(r_\w+)/told", done["Location"])[1])
    assert row.words == "By the window"  # what we asked about is our note, not a part of their words
    assert "A child sleeps in that room." in words_of(desk("contractor"), f"/desk/jobs/{story.works(row.id)[0].id}")


def test_the_number_is_given_once_the_report_is_kept(scene, desk, landlord, monkeypatch):
    story.open_firm()
    client = desk("contact_centre")
    done = sent_on(client, to_a_leak(client))
    monkeypatch.setattr(receipts, "wait_until_kept", lambda command: bool(receipts.kept([command])))
    monkeypatch.setattr("lamplit.desk.views.report.wait_until_kept", lambda command: bool(receipts.kept([command])))
    row = queries.repair(re.search(r"(r_\w+)", done["Location"])[1])
    page = words_of(client, done["Location"])
    assert "not kept in two places yet" in page
    assert row.reference not in page
    landlord.publish()
    page = words_of(client, done["Location"])
    assert f"the number is {row.reference}" in page
    assert "kept safe in two places" in page


def test_danger_advice_stands_above_everything_at_once(scene, desk):
    page = walk(desk("contact_centre"), "gas")
    assert page.index("Read this out now") < page.index("<h1")
    assert "It seems to be:" in page


def test_answers_can_be_taken_back(scene, desk):
    client = desk("contact_centre")
    page = walk(client, "none", "leak")
    assert "What is the problem with?" in page
    page = answer(client, page, back="1").content.decode()
    assert 'value="leak"' in page
    assert "Answers so far" in page


def test_what_came_by_letter_keeps_when_it_was_said_and_starts_the_clocks_then(scene, desk):
    story.open_firm()
    client, earlier = desk("contact_centre"), now() - timedelta(days=5)
    done = sent_on(client, to_a_leak(client), channel="letter", happened_time="9am", **day_parts("happened_on", earlier))
    row = queries.repair(re.search(r"(r_\w+)", done["Location"])[1])
    assert row.reported_at.date() == earlier.date()
    assert row.aware_at.date() == earlier.date()
    late = sent_on(client, to_a_leak(client), **day_parts("happened_on", now() + timedelta(days=2)))
    assert "not happened yet" in late.content.decode()


def test_a_report_for_somebody_whom_we_do_not_know(scene, desk):
    story.open_firm()
    client = desk("contact_centre")
    page = to_a_leak(client)
    nameless = sent_on(client, page, reporter="other").content.decode()
    assert "Write their name" in nameless
    done = sent_on(client, page, reporter="other", name="Ann Passer", phone="07700 900999", relation="neighbour")
    row = queries.repair(re.search(r"(r_\w+)", done["Location"])[1])
    assert row.reporter is None
    assert row.caller["name"] == "Ann Passer"
    assert "Told by Ann Passer, 07700 900999, whom we do not know" in words_of(
        client, f"/desk/repairs/{row.joined_into or row.id}"
    )


def test_needs_told_now_count(scene, desk):
    story.open_firm()
    client = desk("contact_centre")
    done = sent_on(client, to_a_leak(client), needs="oxygen")
    row = queries.repair(re.search(r"(r_\w+)", done["Location"])[1])
    assert "oxygen" in words_of(client, f"/desk/repairs/{row.id}")


def test_answers_that_do_not_fit_begin_again(scene, desk):
    client = desk("contact_centre")
    for so_far in (
        "nonsense",
        "[[1]]",
        json.dumps([["what", "nothing", None]]),
        json.dumps({"a": 1}),
        json.dumps([["x", None, "y"]] * 99),
    ):
        page = answer(client, client.get(HOME).content.decode(), so_far=so_far).content.decode()
        assert "Is any of this happening now?" in page, so_far
    page = answer(client, client.get(HOME).content.decode(), option="no such answer").content.decode()
    assert "Please check this" in page


def test_somebody_restricted_is_not_offered_as_the_caller(scene, desk):
    restrict(cast.RUTH)
    page = to_a_leak(desk("contact_centre"))
    assert "Ruth" not in page
    assert "Ruth" in to_a_leak(desk("lead"))


def test_the_home_is_found_first(scene, desk):
    page = desk("contact_centre").post("/desk/report", {"q": "5 ember"}).content.decode()
    assert HOME in page
    assert "No home of ours matches" in words_of(desk("contact_centre"), "/desk/report", "zzzz")


def test_whoever_rings_and_does_not_live_there_is_told_what_follows_from_her_words(scene, desk, monkeypatch):
    monkeypatch.setattr("lamplit.desk.views.report.wait_until_kept", bool)
    people.note_person(
        person=cast.MIA, about=PersonNote(what="need", code="respiratory", source="She said so"), by=cast.BY_PRIYA, at=now(),
        command="test:need",
    )  # fmt: skip
    mould = {"fault": "damp_mould", "room": "bedroom"}
    hers = story.report(**mould)
    stranger = story.report(**mould, reporter=None, caller=Caller(name="Ann", phone="07700 900077"), separate=True)
    page = words_of(desk("contact_centre"), f"/desk/repairs/{stranger.repair}/told?n=x")
    assert "The caller does not live there" in page
    assert before(stranger.alone.due_at, now()) in page.split("The caller does not live there")[1]
    assert "does not live there" not in words_of(desk("contact_centre"), f"/desk/repairs/{hers.repair}/told?n=x")
