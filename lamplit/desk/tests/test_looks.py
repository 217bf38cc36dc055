"""Who looked at whom: each page that shows a person says so; the person reads it by team, a lead by name."""

from datetime import timedelta

import pytest
from django.test import Client

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.config import looks
from lamplit.config.audience import PERSON
from lamplit.config.models import Look
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import restrict, sent, words_of
from lamplit.desk.tests.test_who_may import addresses
from lamplit.people import actions, queries
from lamplit.staff import actions as staff
from tests import cast

BLIND = {  # pages of a thing of hers on which nothing of her stands
    "act", "add_photo", "reported", "record_entry", "record_proof", "work_act", "take", "outcome", "add_job_photo",
    "assign", "acknowledge", "correct_home", "new_home_note", "change_home_note", "new_part", "change_part", "new_check",
    "let_home", "join_household", "end_tenancy", "explain_look", "desk_picture", "job_picture",
    "prove_reach",  # leads on to her page
    "waiting_messages",  # leads back where none waits
    "linked_homes", "survey", "offer_stay", "set_out", "prove", "ask_more",
    "original",  # asks why; what is handed out then counts
    "report_block",  # names of a block's people to choose from, as in a search: no look
    "write_summary",  # of a home in which nobody lives, in this story
}  # fmt: skip
NOBODYS = {"new_person", "new_home", "new_complaint"}
HERS = ("people/", "repairs/", "jobs/", "homes/", "promises/", "complaints/", "messages/", "report/", "tenancies/", "rent/t_")


def seen() -> set[tuple[str, str]]:
    return set(Look.objects.filter(person=cast.RUTH).values_list("reader", "via"))


def hers() -> Client:
    client = Client()
    session = client.session
    session[PERSON] = cast.RUTH
    session.save()
    return client


def test_every_page_that_shows_her_says_so(scene, desk):
    made = story.everything(scene)
    client, silent = desk("lead"), []
    for name, path in addresses(made).items():
        if not any(part in path for part in HERS) or name in BLIND | NOBODYS:
            continue
        Look.objects.all().delete()
        assert client.get(path).status_code in (200, 303), path
        if not Look.objects.exists():
            silent.append((name, path))
    assert " ".join(name for name, _ in silent) == ""
    for path in (f"/desk/contact?person={cast.RUTH}", f"/desk/complaints/new?person={cast.RUTH}"):
        Look.objects.all().delete()
        client.get(path)
        assert seen() == {(f"staff:{scene.staff['lead']}", "page")}, path
    Look.objects.all().delete()
    for path, via in (("/desk/visits/sheet", "case"), ("/desk/visits/sheet/paper", "file")):
        Look.objects.all().delete()
        assert desk("operative").get(path).status_code == 200
        assert seen() == {(f"staff:{scene.staff['operative']}", via)}, path
    Look.objects.all().delete()
    assert desk("records").get(f"/desk/people/{cast.RUTH}/looks").status_code == 403
    client.post("/desk/search", {"q": "ruth"})
    assert not Look.objects.exists(), "a line of a search is no look; what is opened is one"


def test_a_minute_of_looks_is_one_fact_that_she_reads_by_team(scene, desk, landlord):
    repair, reader = story.report().repair, scene.staff["planner"]
    staff.change_staff(
        staff=reader, name="Jo Planner", email="jo.planner@landlord.example", roles=["planner"], team="Repairs planning",
        by=cast.BY_DELE, at=now(), command="t:team",
    )  # fmt: skip
    client = desk("planner")
    for _ in range(2):
        client.get(f"/desk/people/{cast.RUTH}?through={repair}")
        client.get(f"/desk/repairs/{repair}")
    desk("contact_centre").get(f"/desk/people/{cast.RUTH}?through=r_00000000000000000000")
    assert looks.write_due(now()) == 0, "the minute is not over"
    before, late = landlord.seal(), now() + timedelta(minutes=3)
    written = looks.write_due(late)
    assert written >= 3
    assert landlord.seal() <= before + 4, "one fact a minute for each who looked"
    assert looks.write_due(late) == 0
    told = {(one.reader, one.via, one.about, one.team) for one in queries.looks_at(cast.RUTH)}
    assert (reader, "page", repair, "Repairs planning") in told
    assert (scene.staff["contact_centre"], "page", None, None) in told
    page = words_of(hers(), "/your-data/looks")
    assert "Repairs planning" in page
    assert "Jo" not in page
    assert f"/repairs/{repair}" in hers().get("/your-data/looks").content.decode()
    assert "Jo Planner, Repairs planning" in words_of(desk("lead"), f"/desk/people/{cast.RUTH}/looks")
    restrict(cast.RUTH)
    page = words_of(hers(), "/your-data/looks")
    assert "Repairs planning" not in page, "somebody else may be reading"
    assert "Our office" in page


def test_killed_between_the_fact_and_the_forgetting_nothing_is_written_twice(scene, landlord):
    at = now() - timedelta(minutes=10)
    looks.note(cast.BY_DELE, [(cast.RUTH, "page", None), (cast.OTTO, "case", None)], at)
    rows = list(Look.objects.values())
    looks.write_due(now())
    size = landlord.seal()
    Look.objects.bulk_create(Look(**row) for row in rows)  # as if the process had died before it forgot them
    assert looks.write_due(now()) == 2
    assert landlord.seal() == size
    assert len(queries.looks_at(cast.RUTH)) == 1


def test_a_busy_minute_is_several_facts(scene):
    at = now() - timedelta(minutes=10)
    people = [f"p_{number:020}" for number in range(actions.MOST_LOOKS + 5)]
    looks.note(cast.BY_DELE, [(one, "page", None) for one in people], at)
    assert looks.write_due(now()) == actions.MOST_LOOKS
    assert looks.write_due(now()) == 5


def test_a_record_that_is_kept_for_few_asks_why(scene, desk):
    repair = story.report().repair
    restrict(cast.RUTH)
    page, why = f"/desk/people/{cast.RUTH}", f"/desk/people/{cast.RUTH}/why"
    for path in (page, f"{page}/correct", f"{page}/note/new/need", f"{page}/twins", f"{page}/looks"):
        assert desk("lead").get(path)["Location"] == why, path
    assert desk("planner").get(why).status_code == 403
    assert "Adeyemi" not in desk("lead").get(why).content.decode()
    assert not seen(), "nothing was shown"
    sent(desk("lead"), why, why="She rang and asked for a new lock")
    assert "Adeyemi" in words_of(desk("lead"), page)
    assert desk("housing_officer").get(page)["Location"] == why, "each says it herself"
    assert "Adeyemi" in words_of(desk("housing_officer"), f"{page}?through={repair}")
    assert "She rang and asked for a new lock" in words_of(desk("lead"), f"{page}/looks")
    assert "new lock" not in words_of(hers(), "/your-data/looks")
    session = desk("lead").session
    session["desk_explained"] = {cast.RUTH: int(now().timestamp()) - 3601}
    session.save()
    assert desk("lead").get(page)["Location"] == why
    for person, reason, code in ((cast.RUTH, "  ", "people.no_reason"), ("p_none", "x", "people.no_such_person")):
        with pytest.raises(Refused, match=code):
            actions.explain_look(person=person, why=reason, by=cast.BY_DELE, at=now(), command=f"t:{code}")
