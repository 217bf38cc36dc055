"""A new number or address: nothing but a code goes there until she has entered it; and what somebody else might try."""

import re
from datetime import timedelta

import pytest
from django.test import override_settings

from lamplit.basics.clock import now
from lamplit.config.models import ReachCode
from lamplit.people import actions as people
from lamplit.people import queries
from lamplit.people.facts import PersonNote
from lamplit.portal.models import DemoCode
from lamplit.portal.tests.scene import ME, add_reach, come_in, last_code, tomasz_comes_in
from tests import cast

HERS = "ruth@home.example"
DEMO = override_settings(DEMO=True)


def nonce(page: str) -> str:
    return re.search(r'name="nonce"[^>]*value="([^"]+)"', page)[1]


def add(client, value=HERS, channel="email", safe="yes") -> str:
    form = nonce(client.get("/your-data/add").content.decode())
    answer = client.post("/your-data/add", {"nonce": form, "channel": channel, "value": value, "safe": safe})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def enter(client, path: str, code: str):
    page = client.get(path).content.decode()
    return client.post(path, {"nonce": nonce(page), "code": code})


def ways(person: str = cast.RUTH) -> list[str]:
    return [way.value for way in queries.ways_to_reach(person, "code")]


def test_a_new_address_is_used_once_she_entered_the_code_that_went_there(signed_in):
    client = signed_in()
    path = add(client)
    assert path.startswith("/your-data/prove/a_")
    assert HERS not in ways()
    sent = DemoCode.objects.latest("id")
    assert (sent.to, sent.channel) == (HERS, "email")
    assert "Ruth" not in sent.words
    assert "Prove that it is yours" in client.get("/your-data").content.decode()
    assert enter(client, path, "000000" if last_code() != "000000" else "111111").status_code == 200
    assert enter(client, path, last_code())["Location"] == "/your-data?done=proved"
    assert HERS in ways()
    assert client.get(path).status_code == 404
    assert ReachCode.objects.count() == 0


def test_five_wrong_codes_void_it_and_another_can_be_sent(signed_in):
    client = signed_in()
    path = add(client)
    right = last_code()
    for _ in range(5):
        enter(client, path, "x")
    assert "Send me a code" in client.get(path).content.decode()
    page = client.post(path, {"again": "1"})
    assert page["Location"] == path
    assert enter(client, path, right).status_code == 200 or right == last_code()
    assert enter(client, path, last_code())["Location"] == "/your-data?done=proved"


def test_a_code_is_for_one_number_only(signed_in):
    client = signed_in()
    first = add(client)
    code = last_code()
    second = add(client, value="07700 900999", channel="text")
    if code != last_code():
        assert enter(client, second, code).status_code == 200
    assert enter(client, first, code).status_code == 302


def test_nobody_proves_what_is_not_hers(signed_in):
    path = add(signed_in())
    assert tomasz_comes_in().get(path).status_code == 404
    assert tomasz_comes_in().post(path, {"code": last_code()}).status_code == 404


def test_nobody_signs_in_by_a_number_that_is_not_proved(signed_in, portal):
    add(signed_in())
    DemoCode.objects.all().delete()
    from django.test import Client

    Client().post("/sign-in", {"contact": HERS})
    assert DemoCode.objects.count() == 0


def test_with_a_marker_what_is_given_online_looks_taken_and_is_used_for_nothing(signed_in):
    client = signed_in()
    about = PersonNote(what="restricted", code="abuse", source="She said so")
    people.note_person(person=cast.RUTH, about=about, by=ME, at=now(), command="test:restrict")
    path = add(client)
    assert enter(client, path, last_code())["Location"] == "/your-data?done=proved"
    page = client.get("/your-data").content.decode()
    assert HERS in page
    assert HERS not in ways()
    held = next(one for one in queries.reaches(cast.RUTH) if one.how.value == HERS)
    assert held.how.held


def test_who_added_his_own_cannot_end_hers_at_once(signed_in, monkeypatch):
    client = signed_in()
    enter(client, add(client), last_code())
    hers = next(one for one in queries.reaches(cast.RUTH) if one.how.channel == "text")
    page = client.get(f"/your-data/end/{hers.id}").content.decode()
    assert "only a few days old" in page
    client.post(f"/your-data/end/{hers.id}", {"nonce": nonce(client.get("/your-data/add").content.decode())})
    assert "+447700900005" in ways()
    later = now() + timedelta(days=8)
    monkeypatch.setattr("lamplit.config.middleware.now", lambda: later)
    assert "Stop using it" in client.get(f"/your-data/end/{hers.id}").content.decode()


@pytest.mark.parametrize("channel", ["phone", "post"])
def test_no_code_can_go_to_a_telephone_or_a_letter_box_and_nothing_else_goes_there(signed_in, channel):
    value = "01632 960001" if channel == "phone" else "1 Other Row"
    assert add(signed_in(), value=value, channel=channel) == "/your-data?done=added"
    assert [way.channel for way in queries.ways_to_reach(cast.RUTH, "message")] == ["text"]


def test_somebody_known_by_another_system_keeps_her_ways(portal):
    add_reach(cast.RUTH, HERS)
    assert HERS in ways()
    assert come_in(HERS).get("/").status_code == 200
