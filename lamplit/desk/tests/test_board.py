"""The board and the block: figures that agree with their lists, drawn beside a table; what is open in a block is lit."""

import io
import re
from datetime import timedelta

import pypdf

from lamplit.basics.clock import now
from lamplit.desk import timeline
from lamplit.desk.names import Names
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import words_of
from lamplit.desk.tests.story import do
from lamplit.messages import actions as messages
from lamplit.repairs import actions, queries
from lamplit.repairs.facts import Tried
from lamplit.staff import actions as on_call
from lamplit.staff import queries as staff
from tests import cast


def test_why_a_clock_was_missed_is_read_from_the_visits_before_it_ran_out(scene, desk):
    story.open_firm()
    day, long_ago = timedelta(days=1), now() - timedelta(days=40)
    nobody = story.report(at=long_ago)
    refused = story.report(at=long_ago, home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    work = story.works(refused.repair)[0]
    tried = [Tried(way="knocked", at=long_ago + day), Tried(way="called", at=long_ago + day)]
    came = {"outcome": "no_access", "arrived_at": long_ago + day, "tried": tried, "evidence": ["note: nobody in"]}
    do(actions.attend_visit, work=work.id, at=long_ago + day, **came)
    why = dict(queries.why_missed(now() - 84 * day, now()))
    assert why.keys() == {"no_access", "nobody_sent"}, (why, nobody.repair)
    missed = sum(one.missed for one in queries.missed_by_week(now(), 12))
    assert missed == sum(why.values()) == sum(one.missed for one in queries.clocks_kept(now() - 84 * day, now()))
    page = desk("lead").get("/desk/board").content.decode()
    assert "Nobody let us in" in page
    assert re.search(r'<svg viewBox="0 0 \d+ 132" role="img" aria-label="Clocks that fell due', page)
    assert page.count("lamp-chart__missed") >= 2
    for role in ("lead", "admin"):  # whoever may see the figures, and no repair, is led to none
        listed = desk(role).get("/desk/board/open").content.decode()
        assert refused.reference in listed
        assert (f"/desk/repairs/{refused.repair}" in listed) == (role == "lead")


def test_a_block_shows_its_homes_and_what_is_open(scene, desk):
    story.open_firm()
    story.report()
    page = words_of(desk("housing_officer"), f"/desk/blocks/{cast.BLOCK}")
    for said in ("Ember Rise", "3 homes", "Home 5", "Floor 2", "Ground", "open:"):
        assert said in page, (said, page)
    assert f"/desk/blocks/{cast.BLOCK}" in desk("planner").get(f"/desk/homes/{cast.RUTHS_HOME}").content.decode()
    assert desk("planner").get("/desk/blocks/b_00000000000000000000").status_code == 404


def test_staff_keep_the_whole_story_as_a_paper(scene, desk):
    made = story.everything(scene)
    do(actions.note_repair, repair=made["repair"], says="Kept from *her*", audience="restricted")
    rang = {"channel": "call", "direction": "in", "said": "Is it today?", "person": cast.RUTH, "repair": made["repair"]}
    do(messages.record_contact, **rang, at=now())
    texts = {}
    for role in ("planner", "housing_officer"):
        answer = desk(role).get(f"/desk/repairs/{made['repair']}/story")
        assert answer["Content-Type"] == "application/pdf"
        pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
        texts[role] = " ".join(" ".join(one.extract_text() for one in pages).split())
    assert "Visit booked for" in texts["planner"]
    assert "Water drips from the ceiling." in texts["planner"]
    assert "What we wrote and what was said Call" in texts["planner"]
    assert "Is it today?" in texts["planner"]
    for role, text in texts.items():
        assert ("Kept from *her*" in text) == ("see_restricted" in staff.allowed([role]))


def test_what_the_rules_did_bears_the_name_of_nobody(scene, desk):
    story.open_firm()
    shift = {"staff": scene.staff["lead"], "from_at": now() - timedelta(hours=1), "until_at": now() + timedelta(hours=1)}
    do(on_call.set_on_call, **shift)
    told = story.report("electric_unsafe", flags=["electric_danger"])
    do(actions.order_work, repair=told.repair, trade="plumber", what="Look at the drip", by=cast.BY_PRIYA)
    more = {"says": "Now my child is ill", "person": cast.RUTH, "flags": ["structural"]}
    do(actions.add_to_repair, repair=told.repair, by=cast.BY_RUTH, **more)
    case = queries.case(told.repair, now=now())
    names = Names(timeline.actors(case.timeline), may=frozenset())
    said = {}
    for items in (timeline.each_line(case.timeline, names, now()), timeline.of_repair(case.timeline, names, now())):
        said |= {item["what"]: item["by"] for item in items}
    assert {by for what, by in said.items() if "round 1" in what or "rung" in what or what.startswith("Looked")} == {""}, said
    assert {by for what, by in said.items() if what.startswith("Work ordered: electrician")} == {""}, said
    assert said["Work ordered: plumber"] == "By Priya Nair", said
    assert next(by for what, by in said.items() if what.startswith("Reported")) == "By Dele Okafor"
    assert said["Note"].startswith("By Ruth")


def test_a_survey_and_the_visit_that_it_was_are_told_once(scene, desk):
    story.open_firm()
    mould = story.report("damp_mould", room="bedroom").repair
    own = next(work for work in story.works(mould) if work.trade == "surveyor").id
    survey = {"surveyor": scene.staff["surveyor"], "found": "Rain comes in at the valley", "readings": "Wall 22 %", "works": []}
    do(actions.record_survey, repair=mould, work=own, findings=[(1, "significant")], **survey)
    page = words_of(desk("planner"), f"/desk/repairs/{mould}").split("What happened", 1)[1]
    said = ["Investigation begun", "Survey by", "Rain comes in at the valley", "Found: significant hazard"]
    assert [page.count(one) for one in said] == [1] * 4, page
    assert sorted(said, key=page.index) == said
    answer = desk("planner").get(f"/desk/repairs/{mould}/story")
    paper = " ".join(" ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())
    assert paper.count("Rain comes in at the valley") == 1
    assert "Evidence: report: the survey, reading: Wall 22 %" in paper, "each has its entry on paper"


def test_whoever_books_reads_by_when_we_said_that_we_would_come(scene, desk):
    story.open_firm()
    told = story.report()
    work = story.works(told.repair)[0]
    planner = desk("planner")
    assert "We said that we would do it by the end of" in words_of(planner, f"/desk/jobs/{work.id}/book")
    tomorrow = now() + timedelta(days=1)
    slot = {"from_at": tomorrow, "until_at": tomorrow + timedelta(hours=4), "contractor": cast.KINDLE}
    visit = do(actions.book_visit, work=work.id, **slot, at=now())
    do(actions.attend_visit, work=work.id, visit=visit, outcome="inspected", found="A drip", arrived_at=now(), at=now())
    assert ", booked for " in words_of(planner, f"/desk/repairs/{told.repair}")
