"""`lamplit incident undo`: what a stolen account wrote is shown with what rests on it, and answered after two people agree."""

import json
from datetime import timedelta

import pytest

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.config import place
from lamplit.desk.tests.scene import open_scene
from lamplit.desk.tests.story import do, open_firm, report
from lamplit.homes import actions as homes
from lamplit.homes.models import Home
from lamplit.incidents.models import Undo
from lamplit.messages import actions as messages
from lamplit.messages import queries as queried
from lamplit.messages.models import Message
from lamplit.people import actions as people
from lamplit.people.facts import Reach as How
from lamplit.people.models import Person, Reach
from lamplit.record import erase
from lamplit.repairs import actions as repairs
from lamplit.repairs.models import Repair, Work
from lamplit.staff import actions as staff
from lamplit.staff import queries
from lamplit.staff.models import Staff
from tests import cast


@pytest.fixture
def scene(installed):
    return open_scene()


@pytest.fixture
def stolen(scene):
    """The planner's account in the hands of somebody else: what is wrong by the end."""
    thief = who.staff(scene.staff["planner"])
    open_firm()
    right = Person.objects.get(id=cast.RUTH).name
    leak = report().repair
    reach = do(
        people.set_reach, person=cast.RUTH, how=How(channel="email", value="ruth@example.org", state="unproved", safe=True)
    )
    since = now()
    do(people.correct_person, thief, person=cast.RUTH, why="x", name="Eve Thief")
    do(people.correct_person, thief, person=cast.RUTH, why="x", name="Eve Twice")
    changed = How(channel="email", value="thief@example.org", state="unproved", safe=True)
    do(people.set_reach, thief, person=cast.RUTH, reach=reach, how=changed)
    mine = do(
        people.set_reach, thief, person=cast.RUTH, how=How(channel="text", value="+447700900999", state="unproved", safe=True)
    )
    joined = do(staff.join_staff, thief, name="Eve", email="eve@harbour.example", roles=["admin"])
    do(staff.shut_out, thief, staff=scene.staff["lead"], because="left")
    do(repairs.close_repair, thief, repair=leak, how="not_ours", why="no")
    do(messages.record_contact, thief, channel="call", direction="in", said="Nonsense.", person=cast.RUTH, home=cast.RUTHS_HOME)
    message = do(messages.order_message, thief, template="test", subject="Your rent", body="Come to us today.", person=cast.RUTH)
    do(erase.order_erasure, thief, subject=cast.MIA, key_class="contact", because="asked")
    other = report(room="bathroom").repair
    work = do(repairs.order_work, thief, repair=other, trade="roofer", what="A new roof")
    sent = do(messages.order_message, thief, template="test", subject="Your repair", body="Nobody comes.", person=cast.RUTH)
    before = {"address": ["1 Wrong Way"], "uprn": "4711"}
    do(homes.correct_home, thief, home=cast.RUTHS_HOME, why="x", **before)
    do(homes.correct_home, home=cast.RUTHS_HOME, why="It is right again.", address=["9 Right Road"])  # somebody else saw it
    return {
        "actor": str(thief), "since": since, "leak": leak, "reach": reach, "mine": mine, "joined": joined, "work": work,
        "right": right, "sent": sent, "message": message,
    }  # fmt: skip


def words(stolen, *more):
    until = now() + timedelta(minutes=1)
    return (
        "incident",
        "undo",
        "--actor",
        stolen["actor"],
        "--from",
        stolen["since"].isoformat(),
        "--to",
        until.isoformat(),
        *more,
    )


@pytest.fixture
def two(scene, installed, tmp_path):
    (tmp_path / "log-copy").write_bytes((place.key_folder() / "log").read_bytes())
    (tmp_path / "log-copy").chmod(0o600)
    ada, ben = (str(queries.member(scene.staff[role]).email) for role in ("records", "admin"))
    return "--by", f"{ada}={tmp_path / 'custodian'}", "--by", f"{ben}={tmp_path / 'log-copy'}"


def test_it_shows_what_would_be_done_and_what_rests_on_it_and_writes_nothing(installed, stolen, lamplit):
    installed.seal()
    before = installed.entries()
    code, out, err = lamplit(*words(stolen, "--dry-run", "--json"))
    assert code == 0, err
    entries = json.loads(out)["entries"]
    by_kind = {}
    for one in entries:
        by_kind.setdefault(one["entry"]["kind"], []).append(one)
    assert [one["does"] for one in by_kind["person.corrected"]] == ["nothing", "answers"]  # the newer one answers both
    assert by_kind["home.corrected"][0]["words"] == "Somebody else said what it is since: that stands."
    assert by_kind["home.corrected"][0]["follows"][0]["by"] == str(cast.BY_DELE)
    assert by_kind["contact.made"][0]["does"] == "person"
    code, out, _ = lamplit(*words(stolen, "--dry-run"))
    assert "Nonsense" not in out
    assert f"{stolen['actor']} wrote {len(entries)} entries in that time" in out
    installed.seal()
    assert installed.entries() == before


def test_after_two_people_agree_each_entry_is_answered_once(installed, scene, stolen, two, lamplit):
    assert Person.objects.get(id=cast.RUTH).name == "Eve Twice"
    installed.seal()  # an order to erase stands once it is sealed
    shown = json.loads(lamplit(*words(stolen, "--dry-run", "--json"))[1])["entries"]
    code, _, err = lamplit(*words(stolen, *two))
    assert code == 0, err
    assert Person.objects.get(id=cast.RUTH).name == stolen["right"]
    assert Reach.objects.get(id=stolen["reach"]).how["value"] == "ruth@example.org"
    assert Reach.objects.get(id=stolen["mine"]).how["state"] == "ended"
    assert Staff.objects.get(id=stolen["joined"]).shut
    assert not Staff.objects.get(id=scene.staff["lead"]).shut
    assert Repair.objects.get(id=stolen["leak"]).status != "closed"
    assert Work.objects.get(id=stolen["work"]).state == "cancelled"
    assert Home.objects.get(id=cast.RUTHS_HOME).address == ["9 Right Road"]
    installed.seal()
    assert erase.standing_erasures() == []
    assert Message.objects.get(id=stolen["sent"]).disowned_at is not None
    row = Undo.objects.get()
    assert row.ended_at is not None
    assert row.answered == [one["does"] for one in shown].count("answers") > 8
    body = queried.message(stolen["message"]).body
    (sent,) = queried.check_message("", body).sent
    assert sent.disowned, "whoever checks it is told to ignore it"
    assert len(row.left) == 1
    installed.seal()
    size = len(installed.entries())
    code, out, err = lamplit(*words(stolen, *two))  # again: nothing is answered twice
    assert code == 0, out + err
    installed.seal()
    again = [raw for raw in installed.entries()[size:] if b'"kind":"incident.undo' not in raw]
    assert again == []


def test_one_person_or_the_account_itself_does_not_do(installed, scene, stolen, two, lamplit):
    planner = str(queries.member(scene.staff["planner"]).email)
    assert lamplit(*words(stolen, *two[:2]))[0] == 2
    code, _, err = lamplit(*words(stolen, *two[:2], "--by", two[3].replace(two[3].partition("=")[0], planner)))
    assert (code, "neither may be that account" in err) == (1, True)
    code, _, err = lamplit(*words(stolen, *two[:2], "--by", two[3].replace(two[3].partition("=")[0], "nobody@harbour.example")))
    assert (code, "is no member of staff" in err) == (1, True)
    assert lamplit("incident", "undo", "--actor", "job:x", "--from", "2026-01-01", "--to", "2026-01-02")[0] == 2
    assert not Undo.objects.exists()
