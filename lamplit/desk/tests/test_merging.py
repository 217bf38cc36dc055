"""Two records of one person at the desk: found, compared, shown as one, taken apart; the tenants' own pages stay apart."""

from datetime import timedelta

from django.test import Client

from lamplit.basics.clock import now
from lamplit.config.audience import PERSON
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import give_reach, refused, restrict, send, sent, words_of
from lamplit.messages import actions as messages
from lamplit.messages import queries as said
from lamplit.people import actions as people
from lamplit.people import queries
from tests import cast


def at_home(person: str) -> Client:
    client = Client()
    session = client.session
    session[PERSON] = person
    session.save()
    return client


def twin() -> str:
    """Ruth once more, with a number of her own and a call that stands under it."""
    other = story.do(people.record_person, name="Ruth Adeyemi", known_as="Ruthie")
    give_reach(other, "07700 900444", "text")
    told = {"channel": "call", "direction": "in", "said": "The bin store is locked.", "person": other}
    story.do(messages.record_contact, **told, at=now() - timedelta(hours=2))
    return other


def test_from_looking_alike_to_one_and_apart_again(scene, desk):
    story.report()
    other, lead = twin(), desk("lead")
    found = words_of(lead, f"/desk/people/{cast.RUTH}/twins")
    assert "Ruth Adeyemi" in found
    compare = f"/desk/people/{cast.RUTH}/merge/{other}"
    assert compare in lead.get(f"/desk/people/{cast.RUTH}/twins").content.decode()
    page = words_of(lead, compare)
    assert "07700 900444" in page
    assert "Water drips" not in page
    assert "Choose one of the two" in refused(lead, compare, why="She said so")
    choice = {"kept": cast.RUTH, "name": other, "known_as": other, "title": cast.RUTH, "born_on": cast.RUTH}
    sent(lead, compare, why="She rang and knew both addresses", **choice)
    assert "merged already" in refused(lead, compare, why="Again", **choice)
    assert lead.get(f"/desk/people/{other}?through=x")["Location"] == f"/desk/people/{cast.RUTH}?through=x"
    one = words_of(lead, f"/desk/people/{cast.RUTH}")
    for words in (
        "Ruthie",
        "The bin store is locked",
        "07700 900444",
        "not used for them yet",
        "She rang and knew both addresses",
    ):
        assert words in one, words
    found = lead.post("/desk/search", {"q": "adeyemi"}).content.decode()
    assert f"/desk/people/{cast.RUTH}" in found
    assert f"/desk/people/{other}" not in found, "she is found once"
    for person, hidden in ((cast.RUTH, "900444"), (other, "900005")):
        assert hidden not in words_of(at_home(person), "/your-data"), "their own pages stay apart"
    ident = queries.merges_of([other])[0].id
    confirm, apart = f"/desk/merges/{ident}/confirm", f"/desk/merges/{ident}/apart"
    assert "Somebody else must confirm it" in refused(lead, confirm, how="Rang both")
    sent(desk("records"), confirm, how="Rang her on both numbers")
    assert "Rang her on both numbers" in words_of(lead, f"/desk/people/{cast.RUTH}")
    contact = {"channel": "call", "direction": "in", "said": "I live in the other house.", "person": cast.RUTH}
    late = story.do(messages.record_contact, **contact, promise="Ring back", promise_due_at=now() + timedelta(days=1))
    (promise,) = [row for row in said.promises_of(audience="staff", person=cast.RUTH) if row.contact == late]
    assert "Choose one of the two" in refused(lead, apart, why="Two cousins")
    sent(lead, apart, why="Two cousins", **{late: other, promise.id: other})
    her_again = words_of(lead, f"/desk/people/{cast.RUTH}")
    assert "other house" not in her_again
    assert "bin store" not in her_again
    assert "Ruthie" not in her_again.split("What we believed when")[0].replace("known as Ruthie", "")
    theirs = words_of(lead, f"/desk/people/{other}")
    for words in ("I live in the other house", "The bin store is locked", "Ring back"):
        assert words in theirs, words
    for person in (cast.RUTH, other):
        assert "other house" not in words_of(at_home(person), "/messages"), "it was said to one and kept under the other"
    assert lead.get(apart).status_code == 404


def test_the_wrong_merge_of_somebody_who_hides_shows_her_to_nobody(scene, desk):
    """A clerk takes his record for hers. The stricter mark holds for both, and neither page nor message crosses."""
    other = twin()
    give_reach(cast.RUTH, "ruth@safe.example", "email")
    stands = queries.believed(cast.RUTH)
    story.do(people.merge_people, kept=cast.RUTH, gone=other, stands=stands, why="Same name")
    restrict(cast.RUTH)
    for person in (cast.RUTH, other):
        assert desk("contact_centre").get(f"/desk/people/{person}").status_code == 403
        assert "ring the safeguarding lead" in desk("planner").post("/desk/search", {"q": "adeyemi"}).content.decode()
    assert "ruth@safe.example" not in words_of(at_home(other), "/your-data")
    for path in ("/repairs", "/messages", "/your-data/looks"):
        assert "Ember Rise" not in words_of(at_home(other), path)
    assert {way.value for way in queries.ways_to_reach(other, "message")} == {"+447700900444"}
    pair = f"/desk/people/{other}/merge/{cast.TOMASZ}"
    assert desk("records").get(pair).status_code == 404, "whoever may not see her may not compare her"
    for person in (other, cast.RUTH):
        sent(desk("lead"), f"/desk/people/{person}/why", why="The clerk told me of the mistake")
    assert "restricted" in words_of(desk("lead"), pair)
    answer = send(desk("lead"), pair, kept=other, why="x", name=other, known_as=other, title=other, born_on=other)
    assert "merged already" in answer.content.decode()
