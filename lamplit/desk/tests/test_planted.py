"""People who do not exist: planted by two, told from others by nobody, sent nothing; and whoever is shown one is seen at once."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.config import looks
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, send, sent, words_of
from lamplit.people import actions, queries
from lamplit.reactions import follow as following
from lamplit.reactions.planting import put_in_due
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.tests.working import follow, messages
from lamplit.record import apart
from lamplit.record.commands import digest_of
from lamplit.tenancies import queries as tenancies

LIST = "/desk/on-call/planted"
PHONE, MAILBOX = "+447700900987", "tess.gorman"


def propose(scene, desk):
    """Records proposes, through the pages. Returns the planted record's id."""
    client = desk("records")
    assert "Why do you open it?" in words_of(client, LIST)
    sent(client, LIST, why="To plant one")
    sent(
        client, f"{LIST}/new", name="Tess Gorman", phone="07700 900987", email=f"{MAILBOX}@post.example",
        address="Flat 91\nEmber Rise", **day_parts("born_on", now().replace(year=1979)),
    )  # fmt: skip
    assert "Somebody else must agree." in words_of(client, LIST)
    return queries.planted()[0].id


def agree(planted, desk):
    lead = desk("lead")
    assert lead.get(f"{LIST}/{planted}/agree")["Location"] == LIST, "the list asks why before it shows anybody"
    sent(lead, LIST, why="To agree")
    sent(lead, f"{LIST}/{planted}/agree")
    return queries.planted_row(planted)


def put_in(about):
    """Time passes until all of her is there. Nothing is there a moment before."""
    assert put_in_due(about.steps[0] - timedelta(seconds=1)) == 0
    for step in about.steps:
        assert put_in_due(step) == 1
    assert put_in_due(about.steps[-1] + timedelta(hours=1)) == 0
    return about.person


def told_apart(command, **given):
    """Whether the digest of a command is another than that of the desk's own form with what stands in the tables."""
    asked = digest_of("record_person", {"known_as": None, "title": None, "at": now(), **given})
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM record.command WHERE id = %s", [command])
        return bytes(cursor.fetchone()[0]) != asked


def rings(planted):
    return [one for one in queries.openings(now() - timedelta(days=1)) if one.about.what == "opened" and one.about.of == planted]


def test_two_plant_somebody_whom_nobody_can_tell_from_others(scene, desk, landlord):
    for role in ("contact_centre", "admin", "planner"):
        assert desk(role).get(LIST).status_code == 403
    planted = propose(scene, desk)
    by = who.staff(scene.staff["records"])
    with pytest.raises(Refused, match="planted_needs_two"):
        actions.agree_planted(planted=planted, salt=queries.salt_of("x"), by=by, at=now(), command="form:x")
    assert send(desk("records"), f"{LIST}/new").status_code == 200
    assert desk("contact_centre").post(f"{LIST}/{planted}/agree").status_code == 403
    about = agree(planted, desk)
    email = about.email
    assert re.fullmatch(MAILBOX + r"\d{4}@post\.example", email)
    person = put_in(about)

    # As the desk's own form records somebody: the same kinds, the same actor, the same shape of command, the same columns.
    records = desk("records")
    sent(records, "/desk/people/new", name="Una Real")
    una = next(one.person for one in queries.search("Una Real"))
    sent(records, f"/desk/people/{una}/reach", channel="text", value="07700 900111", state="unproved")
    landlord.seal()
    made = [json.loads(raw) for raw in landlord.entries()]
    hers, unas = ([one for one in made if one["subjects"] == [ident]] for ident in (person, una))
    assert [one["kind"] for one in hers] == ["person.recorded", *["reach.recorded"] * 3]
    assert [one["kind"] for one in unas] == ["person.recorded", "reach.recorded"]
    assert {one["by"] for one in hers} == {one["by"] for one in unas} == {f"staff:{scene.staff['records']}"}
    shapes = {re.sub(r"[\w\-]", "x", one["command"].removeprefix("form:")) for one in (*hers, *unas)}
    assert shapes == {"x" * 16}
    assert {frozenset(one["body"]) for one in hers} == {frozenset(one["body"]) for one in unas}
    assert told_apart(hers[0]["command"], name="Tess Gorman", born_on=about.born_on, by=by) is False
    assert told_apart(unas[0]["command"], name="Una Real", born_on=None, by=by) is False

    # What is said of her as planted names nobody, all boxes are alike, and no table, command or key holds a word of it.
    notes = [one for one in made if one["kind"] == "planted.noted"]
    assert len(notes) == 4
    assert {one["by"] for one in notes} == {"sealed"}
    assert len({len(one["body"]["box"]) for one in notes}) == 1
    told = json.dumps(notes)
    assert not any(word in told for word in (person, "Tess", scene.staff["records"], scene.staff["lead"], PHONE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT planted::text FROM planted")
        rows = " ".join(row for (row,) in cursor.fetchall())
        cursor.execute("SELECT string_agg(subject, ' ') FROM record.key WHERE subject LIKE 'y%%'")
    assert not any(word in rows for word in (person, "Tess", email, scene.staff["records"]))

    # At the desk she is found as anybody, and offers what anybody offers.
    centre = desk("contact_centre")
    assert "Tess Gorman" in words_of(centre, "/desk/search", looking_for="tess gormann")
    assert "lives in no home of ours" in words_of(centre, f"/desk/people/{person}")
    assert tenancies.tenancies_of(person) == [], "no home, so no clock, visit, sheet, firm or figure can hold her"
    twin = story.do(actions.record_person, name="Tess Gorman", born_on=about.born_on)
    assert queries.twins_of(twin) == []
    assert [one.person for one in queries.twins_of(person)] == [twin], "from her own page all looks as ever"

    # Nothing ever goes to her, by any way, although a code seemed to prove a number.
    reach = next(one.id for one in queries.reaches(person) if one.how and one.how.channel == "text")
    story.do(actions.prove_reach, person=person, reach=reach)
    assert queries.ways_to_reach(person, "message"), "the desk may offer to write to her"
    assert queries.reached_at(PHONE) == [], "no code for the tenants' pages"
    message = story.do(story.messages.order_message, template="test", subject="Hello", body="We come.", person=person)
    landlord.seal()
    send_waiting(Carriers({}, Outbox()), now(), now)
    (row,) = [one for one in messages() if one.id == message]
    assert (row.status, row.why) == ("failed", "It could not be delivered.")


def test_whoever_is_shown_one_is_named_at_once_to_those_who_may_know(scene, desk, landlord):
    story.open_firm()
    planted = propose(scene, desk)
    person = put_in(agree(planted, desk))
    centre, lead = desk("contact_centre"), desk("lead")
    following.begin_at(landlord.seal())
    assert "Tess Gorman" in words_of(centre, "/desk/search", looking_for="tess gorman")
    assert rings(planted) == [], "a line of a search opens nobody"
    for path in (f"/desk/people/{person}", f"/desk/contact?person={person}", f"/desk/people/{person}"):
        assert centre.get(path).status_code == 200
    (rung,) = rings(planted)
    assert (rung.about.reader, rung.about.via) == (f"staff:{scene.staff['contact_centre']}", "page")
    assert "Jo Contact Centre was shown Tess Gorman, who does not exist" in words_of(lead, "/desk/")
    assert "was shown" not in words_of(centre, "/desk/")
    firm = who.By("contractor", story.cast.KINDLE)
    looks.note(firm, [(person, "system", "r_any")], now())
    looks.note(who.staff(scene.staff["planner"]), [(person, "file", None), (story.cast.RUTH, "page", None)], now())
    assert [one.about.via for one in rings(planted)] == ["file", "system", "page"]

    follow(landlord, now())
    told = messages("planted_opened")
    assert {one.voice for one in told} == {scene.staff["lead"]}
    assert len(told) == 3
    assert any("Jo Contact Centre was shown planted record P-" in one.body for one in told)
    assert any("Kindle Works (their system)" in one.body for one in told)
    assert not any("Tess" in one.body or person in one.body for one in told), "the telephone names nobody"
    worded, path = "Somebody saw a record", f"/desk/messages/{told[0].id}"
    assert worded not in words_of(desk("planner"), "/desk/messages"), "nobody learns from it which record rings"
    assert desk("planner").get(path).status_code == desk("planner").get(f"/desk/record/message/{told[0].id}").status_code == 404
    assert worded in words_of(lead, "/desk/messages")
    assert lead.get(path).status_code == 200
    page = words_of(lead, LIST)
    assert "Kindle Works (their system) was shown Tess Gorman" in page
    assert "Jo Records read this list. Why: To plant one" in page

    key = apart.SETUP.key
    try:
        for other in (None, b"x" * 32):  # a machine that has no key, or one of another place, tells nobody anything
            apart.configure(other, apart.SETUP.origin)
            assert queries.unreadable() == 6
            assert queries.planted() == []
            assert queries.planted_among([person]) == set()
    finally:
        apart.configure(key, apart.SETUP.origin)
    sent(lead, f"{LIST}/{planted}/end", why="It rang, so somebody may have guessed it")
    assert desk("surveyor").get(f"/desk/people/{person}").status_code == 200
    assert len(rings(planted)) == 3, "it rings no more"
    assert queries.is_planted(person), "and is still sent nothing"
    assert "Taken out by Jo Lead" in words_of(lead, LIST)
