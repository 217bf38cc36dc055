"""Planners keep diaries and book from them; the day sheet on a phone and on paper; paper keyed later; cases beyond one home."""

import io
import re
from datetime import timedelta

import pypdf

from lamplit.basics.clock import now
from lamplit.basics.ids import reference
from lamplit.basics.words import long_date
from lamplit.basics.working_days import london_date
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, send, sent, words_of
from lamplit.repairs import queries
from lamplit.repairs.actions import note_repair, record_survey
from tests import cast

TRADES = [("trades", "plumber"), ("trades", "multi_trade")]


def open_diary(planner, places: int = 1) -> str:
    shown = planner.get("/desk/diary/new").content.decode()
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', shown)
    data = {"nonce": nonce[1], "name": "Kindle, plumbing", "contractor": cast.KINDLE, "trades": story.TRADES, "area": "ZZ1"}
    assert planner.post("/desk/diary/new", data).status_code == 303
    diary = queries.diaries()[0].id
    when = {"parts": ["am", "pm"], "weekdays": [str(day) for day in range(7)], **day_parts("from_on", now())}
    sent(planner, f"/desk/diary/{diary}/time", places=places, **when)
    return diary


def test_a_planner_keeps_a_diary_and_books_from_it(scene, desk):
    planner = desk("planner")
    story.open_firm()
    assert "Nobody keeps a diary yet" in words_of(planner, "/desk/diary")
    diary = open_diary(planner)
    assert "Kindle, plumbing" in words_of(planner, "/desk/diary")
    assert "is not the beginning of a postcode" in refused(
        planner, f"/desk/diary/{diary}", name="Kindle", contractor="", trades=["plumber"], area="Ember"
    )
    assert "Choose at least one" in refused(planner, f"/desk/diary/{diary}/time", places=2, **day_parts("from_on", now()))
    told = story.report("tap_drips")
    work = story.works(told.repair)[0].id
    page = words_of(planner, f"/desk/jobs/{work}/book")
    assert "1 left" in page
    assert "Choose a free time" in refused(planner, f"/desk/jobs/{work}/book", slot="am")
    first = queries.slots_for(queries.work(work), queries.repair(told.repair), at=now())[0]
    sent(planner, f"/desk/jobs/{work}/book", slot="am", free=first.code, operative=scene.staff["operative"])
    visit = queries.case(told.repair, now=now()).visits[0]
    assert (visit.from_at, visit.diary, visit.operative) == (first.from_at, diary, scene.staff["operative"])
    other = story.works(story.report("tap_drips", home=cast.TOMASZS_HOME, reporter=cast.TOMASZ).repair)[0].id
    own = {"slot": first.part, **day_parts("day", first.from_at)}
    assert "has no place left then" in refused(planner, f"/desk/jobs/{other}/book", **own)
    sent(planner, f"/desk/jobs/{other}/book", over="on", **own)
    sent(planner, f"/desk/jobs/{work}/move", slot="pm", over="on", whose="theirs", **day_parts("day", now() + timedelta(days=1)))
    moved = queries.visit(visit.id)
    assert (moved.moved_count, moved.moved_by_us) == (1, None)
    assert "they moved it" in words_of(planner, f"/desk/repairs/{told.repair}")
    sent(planner, f"/desk/diary/{diary}", name="Kindle", contractor=cast.KINDLE, trades=["plumber"], area="", ended="on")
    assert "Not used any more" in words_of(planner, "/desk/diary")


def test_who_goes_is_told_with_the_trade_and_those_of_the_works_own_trade_first(scene, desk):
    story.open_firm()
    work = story.works(story.report("tap_drips").repair)[0]
    page = desk("planner").get(f"/desk/jobs/{work.id}/book").content.decode()
    shown = re.findall(
        r"<option[^>]*>([^<]*)</option>", re.search(r'<select[^>]*name="operative".*?</select>', page, re.DOTALL)[0]
    )
    kindle = [one for one in shown if one.endswith(": plumber, Kindle Works")]
    assert "Jo Operative: plumber, Kindle Works" in kindle
    assert shown[: 1 + len(kindle)] == ["Whoever the firm sends", *kindle]
    assert "Sam Stranger: roofer, Other Firm" in shown[1 + len(kindle) :]
    assert "Jo Surveyor: surveyor" in shown[1 + len(kindle) :]


def test_a_visit_later_than_the_laws_time_limit_is_booked_only_when_somebody_says_so(scene, desk):
    story.open_firm()
    planner, told = desk("planner"), story.report("damp_mould", room="bedroom")
    work = story.works(told.repair)[0]
    book, limit = f"/desk/jobs/{work.id}/book", queries.law_limit(queries.repair(told.repair), now())
    last = limit[1] - timedelta(minutes=1)
    named = f"The law’s time limit is the end of {long_date(london_date(last))} (Awaab’s Law B1: finish the investigation)."
    assert named in words_of(planner, book)
    late = {"slot": "am", **day_parts("day", last + timedelta(days=1))}
    said = refused(planner, book, **late)
    assert f"This visit is too late for the law. {named} Choose an earlier time, or tick" in said
    assert queries.case(told.repair, now=now()).visits == ()
    sent(planner, book, late="on", **late)
    sent(planner, f"/desk/jobs/{work.id}/move", slot="am", whose="ours", **day_parts("day", last))
    assert "too late for the law" in refused(planner, f"/desk/jobs/{work.id}/move", whose="ours", **late)
    tap = story.works(story.report("tap_drips").repair)[0]
    assert "Book it although it is late" not in words_of(planner, f"/desk/jobs/{tap.id}/book")


def test_the_day_sheet_says_all_that_whoever_goes_there_must_know(scene, desk):
    made = story.everything(scene)
    number, repair = reference("V", made["visit"]), queries.visit(made["visit"]).repair
    story.do(note_repair, repair=repair, says="The side gate sticks")
    story.do(note_repair, repair=repair, says="They owe a neighbour", audience="staff")
    for role in ("operative", "contractor", "planner"):
        page = words_of(desk(role), "/desk/visits/sheet")
        for told in (
            number,
            "5 Ember Rise",
            "Water drips from the ceiling.",
            "Asbestos",
            "The side gate sticks",
            "Ring on the way",
        ):
            assert told in page, (role, told)
        assert "They owe a neighbour" not in page
    assert number not in words_of(desk("stranger"), "/desk/visits/sheet")
    assert number not in words_of(desk("stranger"), f"/desk/visits/sheet?who={scene.staff['operative']}")
    assert number not in words_of(desk("operative"), "/desk/visits/sheet?day=tomorrow")
    assert number not in words_of(desk("planner"), f"/desk/visits/sheet?who={scene.staff['surveyor']}")
    assert number in words_of(desk("planner"), f"/desk/visits/sheet?who={scene.staff['operative']}")
    paper = desk("operative").get("/desk/visits/sheet/paper?day=2020-01-01")
    assert "The side gate sticks" in pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"/StructTreeRoot" in paper.content  # tagged, so that a screen reader can read it
    empty = desk("stranger").get("/desk/visits/sheet/paper")
    assert len(empty.content) < len(paper.content)


def test_the_day_sheet_has_what_the_survey_found_on_the_page_and_on_paper(scene, desk):
    made = story.everything(scene)
    repair = queries.visit(made["visit"]).repair
    story.do(record_survey, repair=repair, surveyor=scene.staff["surveyor"], found="A split joint behind the bath", works=[])
    assert "A split joint behind the bath" in words_of(desk("operative"), "/desk/visits/sheet")
    paper = pypdf.PdfReader(io.BytesIO(desk("operative").get("/desk/visits/sheet/paper").content))
    assert "A split joint behind the bath" in " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_the_office_reads_whose_a_work_and_a_visit_is(scene, desk):
    made = story.everything(scene)
    repair = queries.visit(made["visit"]).repair
    for path in (f"/desk/repairs/{repair}", f"/desk/jobs/{made['work']}"):
        assert "Plumber, Kindle Works" in words_of(desk("planner"), path), path
    assert "Jo Operative" in words_of(desk("planner"), "/desk/visits")
    assert "Jo Operative" not in words_of(desk("operative"), "/desk/visits").partition("Sign out")[2]  # whose they are she knows


def test_who_comes_says_that_she_is_on_the_way(scene, desk):
    made = story.everything(scene)
    path = f"/desk/jobs/{made['work']}"
    assert "I am on my way" in words_of(desk("operative"), path)
    sent(desk("operative"), f"{path}/set-out")
    assert "They know that somebody is on the way" in words_of(desk("operative"), path)
    assert "been told already" in refused(desk("operative"), f"{path}/set-out")
    assert desk("stranger").get(f"{path}/set-out").status_code == 404


def test_a_paper_sheet_is_keyed_later_with_both_times_on_somebodys_word(scene, desk):
    made, clerk = story.everything(scene), desk("planner")
    assert "has this number" in refused(clerk, "/desk/visits/key", number="V-0000-0000")
    answer = send(clerk, "/desk/visits/key", number=reference("V", made["visit"]).lower())
    assert answer["Location"] == f"/desk/jobs/{made['work']}?paper={made['visit']}"
    assert "You are keying a paper sheet" in words_of(clerk, answer["Location"])
    assert "keying a paper sheet" not in words_of(desk("operative"), answer["Location"])
    path = f"/desk/jobs/{made['work']}/outcome/inspected?paper={made['visit']}"
    told = {"found": "The joint is worn", "cause": "A worn joint", "happened_time": "00:00", **day_parts("happened_on", now())}
    assert "as it stands on the sheet" in refused(clerk, path, **(told | {"happened_time": ""}))
    sent(clerk, path, **told, on_word_of=scene.staff["operative"])
    visit = queries.visit(made["visit"])
    assert (visit.state, visit.attended_by) == ("attended", f"staff:{scene.staff['operative']}")
    assert london_date(visit.arrived_at) == london_date(now())
    assert "on the word of Jo Operative" in words_of(clerk, f"/desk/repairs/{made['repair']}")
    assert "We know already what came" in refused(clerk, "/desk/visits/key", number=reference("V", made["visit"]))


def test_a_case_for_a_block_and_one_that_reaches_another_home(scene, desk):
    story.open_firm()
    officer = desk("lead")
    sent(officer, f"/desk/report/block/{cast.BLOCK}", fault="lift_out", channel="phone", reporter=cast.TOMASZ, words_said="Stuck")
    shared = queries.open_shared(cast.BLOCK)[0]
    page = words_of(officer, f"/desk/repairs/{shared.id}")
    assert "Ember Rise (shared parts)" in page
    assert "3 homes see it" in page
    assert "A lift that does not work" in words_of(officer, f"/desk/report/block/{cast.BLOCK}")
    assert "A lift that does not work" in words_of(officer, f"/desk/homes/{cast.RUTHS_HOME}")
    assert "Ember Rise (shared parts)" in words_of(officer, f"/desk/jobs/{story.works(shared.id)[0].id}")

    told = story.report()
    path = f"/desk/repairs/{told.repair}/homes"
    assert "Choose a home" in refused(officer, path, part="affected", says="x")
    assert "Say nothing of the people" in refused(officer, path, home=cast.TOMASZS_HOME, part="affected")
    assert "No home of ours has this UPRN" in refused(officer, path, uprn="1", part="affected", says="x")
    sent(officer, path, home=cast.TOMASZS_HOME, part="affected", says="Water comes through your ceiling.")
    page = words_of(officer, f"/desk/repairs/{told.repair}")
    assert "It reaches another home" in page
    assert "2 Ember Rise, Lampton : it reaches it" in page
    assert told.reference in words_of(officer, f"/desk/homes/{cast.TOMASZS_HOME}")
    sent(officer, path, home=cast.TOMASZS_HOME, part="ended")
    assert "does not concern the other home" in words_of(officer, f"/desk/repairs/{told.repair}")
    assert "Visits that we missed" in words_of(officer, "/desk/board")
    assert "Nothing here" in words_of(officer, "/desk/board/visits")
