"""The status page keeps its word: one sentence, each service, what we know, what was promised; in four forms."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from django.test import Client

from lamplit.basics.clock import now
from lamplit.basics.who import By
from lamplit.incidents import actions
from lamplit.incidents.actions import Checked, Said
from lamplit.portal.tests.test_report import text_of
from lamplit.record.facts import RecordRestored
from lamplit.record.page import Page, action
from tests.cast import BY_PRIYA

HOUR = timedelta(hours=1)


def do(action, at, **told):
    return action(**told, by=BY_PRIYA, at=at, command=f"t:{action.__name__}:{at.isoformat()}:{told.get('service')}")


def all_runs(portal) -> None:
    with portal.connect("app") as db:
        for name in ("seal", "publish near", "worker"):
            db.execute("INSERT INTO record.loop (name, alive_at) VALUES (%s, now())", [name])


def an_incident(at):
    """Five hours ago the phones went; a promise was moved, missed and made good, one sentence was wrong. Returns its id."""
    told = {"says": "Our phones do not work.", "aware_at": at - 5 * HOUR, "drill": False, "kinds": ["services_down"]}
    incident = do(actions.open_incident, at - 5 * HOUR, next_at=at + 2 * HOUR, **told)
    down = Said(state="down", known="known", instead="Use this website.", next_at=at - 3 * HOUR, back_at=at + HOUR)
    phones = do(actions.say_service, at - 5 * HOUR, incident=incident, service="phones", said=down)
    do(actions.move_promise, at - 4 * HOUR, line=phones, next_at=at - 2 * HOUR, why="The engineer is late.")
    do(actions.note_promise_missed, at - 2 * HOUR, line=phones, next_at=at - 2 * HOUR)
    limited = Said(
        state="limited",
        known="known",
        works="The night line works.",
        instead="Ring it.",
        next_at=at + HOUR,
        back_at=at + 9 * HOUR,
    )
    again = do(actions.say_service, at - HOUR, incident=incident, service="phones", said=limited)
    do(actions.correct_service, at - HOUR / 2, line=again, why="It is the day line.", said=limited)
    return incident


def test_while_an_incident_is_open_it_says_only_what_is_known(portal):
    all_runs(portal)
    assert "Everything works." in text_of(Client().get("/status"))
    at = now()
    do(actions.open_incident, at, says="A drill.", next_at=at + HOUR, aware_at=at, drill=True, kinds=["crime"])
    page = text_of(Client().get("/status"))
    assert "Everything works." in page, "a drill frightens nobody"
    incident = an_incident(at)
    page = text_of(Client().get("/status"))
    for words in (
        "These do not work as they should: Phones.", "Our phones do not work.", "The night line works. Ring it.", "Limited",
        "Phones: we missed our promise", "Phones: we moved our promise", "The engineer is late.", "and late.",
        "Phones: what we said was wrong", "Phones: we said this, and it was wrong",
        "It is the day line.", "We had expected it back", "We first said",
    ):  # fmt: skip
        assert words in page, words
    assert "Everything works" not in page
    assert "Whatever happens here, you can ring us" not in page, "the phones are not what they should be"
    assert page.count("Not known yet") == 4, "of rent, Direct Debit, data and bank details nobody has said anything yet"
    looked = Checked(by="North Forensics", name="Ada Quill", what="All logs", at=at)
    safe = Said(state="working", known="known", says="Nothing was taken.", looked_at="All logs.", checked=looked)
    do(actions.say_service, at, incident=incident, service="your_bank_details", said=safe)
    page = text_of(Client().get("/status"))
    assert "Checked by: North Forensics" in page
    assert "Quill" not in page
    polish = Client().get("/status", HTTP_ACCEPT_LANGUAGE="pl").content.decode()
    assert '<span lang="en">Nothing was taken.</span>' in polish, "our words are marked as English"


@action
def come_back(page: Page, *, by: By, at: datetime, command: str) -> None:
    page.write(RecordRestored(held=0, size=1, withheld=[]))


def states() -> dict[str, str]:
    return {one["service"]: one["state_words"] for one in Client().get("/status.json").json()["services"]}


def test_after_a_loss_nothing_is_called_working_that_nobody_has_looked_at(portal):
    all_runs(portal)
    at, unknown = now(), "Not known yet"
    assert set(states().values()) == {"Working"}
    do(come_back, at)
    page = text_of(Client().get("/status"))
    assert "We came back from a copy of our record on" in page
    assert "Everything works" not in page
    seen = states()
    assert {code for code, state in seen.items() if state != unknown} == {"repairs", "complaints"}, "these we see by ourselves"
    assert "Whatever happens here, you can ring us" in page
    told = {"says": "Main is lost.", "aware_at": at, "next_at": at + HOUR, "drill": False, "kinds": ["services_down"]}
    incident = do(actions.open_incident, at, **told)
    assert (states()["email"], states()["letters"]) == (unknown, unknown), "in the incident of the loss too"
    do(actions.say_service, at, incident=incident, service="email", said=Said(state="working", known="known"))
    assert (states()["email"], states()["letters"]) == ("Working", unknown)


def test_a_day_after_it_came_back_or_once_an_incident_has_ended_it_is_quiet_again(portal):
    all_runs(portal)
    do(come_back, now() - timedelta(days=1))
    assert set(states().values()) == {"Working"}
    do(come_back, now())
    assert states()["rent"] != "Working"
    incident = an_incident(now())
    for code in states():
        looked = Checked(by="North Forensics", name="Ada Quill", what="All logs", at=now() - HOUR)
        works = Said(state="working", known="known", looked_at="All logs.", checked=looked)
        do(actions.say_service, now(), incident=incident, service=code, said=works)
    do(actions.end_incident, now(), incident=incident, says="All of it works again.")
    assert "Everything works." in text_of(Client().get("/status"))


def test_the_same_is_open_data_a_feed_and_plain_text(portal):
    all_runs(portal)
    assert json.loads(Client().get("/status.json").content)["everything_works"] is True
    at = now()
    incident = an_incident(at)
    answer = Client().get("/status.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = json.loads(answer.content)
    phones = next(one for one in told["services"] if one["service"] == "phones")
    assert (phones["state"], phones["next_update_at"]) == ("limited", (at + HOUR).isoformat())
    assert [one["what"] for one in told["history"]].count("missed") == 1
    assert told["incident"]["says"] == "Our phones do not work."
    assert "priya" not in answer.content.decode().lower()
    text = Client().get("/status.txt").content.decode()
    assert "Phones: Limited.\nThe night line works." in text
    assert "we missed our promise" in text
    feed = ET.fromstring(Client().get("/status.rss").content)  # noqa: S314 - we wrote it ourselves
    titles = [one.findtext("title") for one in feed.iter("item")]
    assert "Phones: we moved our promise" in titles
    working = Said(state="working", known="known")
    touched = Said(state="down", known="cannot", looked_at="The logs that are left.", instead="Watch.", next_at=at + HOUR)
    do(actions.say_service, at, incident=incident, service="phones", said=working)
    do(actions.say_service, at, incident=incident, service="your_data", said=touched)
    do(actions.end_incident, at, incident=incident, says="The phones work again.")
    page = text_of(Client().get("/status"))
    assert "Everything works." in page
    assert "Cannot be known" in page, "what it did to data stays said"
    over = text_of(Client().get(f"/status/{incident}"))
    assert "It is over." in over
    assert "Phones: we missed our promise" in over
    assert Client().get("/status/i_00000000000000000000").status_code == 404
