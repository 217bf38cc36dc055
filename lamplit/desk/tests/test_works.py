"""Surveys, prices, what is asked for, places to stay and reviews, as staff use their pages."""

from datetime import date, timedelta

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.config.forms import new_nonce
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, sent, words_of
from lamplit.repairs import actions, queries
from lamplit.staff import queries as staff
from tests import cast


def know_rates():
    rate = {"code": "PL-0101", "says": "Renew tap washer", "trade": "plumber", "unit": "item", "pence": 1840}
    rows = [actions.RateRow(line=2, from_on=date(2026, 1, 1), **rate)]
    story.do(actions.import_rates, cli("import:ann"), rows=rows, rehearse=False)


def test_a_surveyor_records_works_and_each_is_shown_done_or_taken_out(scene, desk):
    story.open_firm()
    know_rates()
    told = story.report()
    lead, surveyor = desk("lead"), desk("surveyor")
    page = f"/desk/repairs/{told.leads}"
    survey = {
        "surveyor": scene.staff["surveyor"], "found": "The seal is worn", "readings": "Wall 22 %", "cause": "Age",
        "what_1": "Renew the seal", "trade_1": "plumber", "place_1": "Over the bath", "code_1": "pl-0101", "much_1": "2.5",
        "needs_1": ["photo"], "what_2": "Paint the ceiling", "trade_2": "builder",
        **day_parts("target_on_1", now() + timedelta(days=9)),
    }  # fmt: skip
    assert "Choose the trade" in refused(surveyor, f"{page}/survey", **(survey | {"trade_2": ""}))
    assert "no rate ZZ-1" in refused(surveyor, f"{page}/survey", **(survey | {"code_1": "ZZ-1"}))
    assert "like 3 or 2.5" in refused(surveyor, f"{page}/survey", **(survey | {"much_1": "-1"}))
    assert desk("housing_officer").get(f"{page}/survey").status_code == 403
    sent(surveyor, f"{page}/survey", **survey)
    surveyed = {one.trade: one for one in story.works(told.leads) if one.survey}
    seal, paint = surveyed["plumber"], surveyed["builder"]
    shown = words_of(surveyor, page)
    of_works = ("Asked for by a survey", "Over the bath", "£46.00", "It asks for 2 works, and none is done yet.")
    for said in ("Survey of", "by Jo Surveyor", "Wall 22 %", *of_works):
        assert said in shown, said
    assert "Survey by Jo Surveyor" in shown  # the timeline
    firm = words_of(desk("contractor"), f"/desk/jobs/{seal.id}")
    assert "What the survey of" in firm
    assert "Found The seal is worn Cause Age Readings Wall 22 %" in firm, firm
    leak = next(one for one in story.works(told.leads) if not one.survey)
    assert "The seal is worn" in words_of(desk("contractor"), f"/desk/jobs/{leak.id}"), "what was ordered before rests on it too"
    sent(lead, f"/desk/jobs/{paint.id}/cancel", why="The paint is sound")
    assert "Taken out by Jo Lead" in words_of(lead, page)
    assert "It asks for 2 works, of which one is not done yet." in words_of(lead, page)
    story.do(
        actions.attend_visit, work=seal.id, outcome="mended", arrived_at=now(), did="New seal", evidence=["note: seen"],
        by=story.who.staff(scene.staff["operative"]),
    )  # fmt: skip
    assert "No proof yet of Renew the seal: photo" in words_of(lead, page)
    assert "Show that it is done" in words_of(desk("operative"), f"/desk/jobs/{seal.id}")
    sent(desk("operative"), f"/desk/jobs/{seal.id}/show-done", kind="photo", says="The new seal from above")
    shown = words_of(lead, page)
    assert "No proof yet of Renew the seal" not in shown
    assert "Photo: The new seal from above. Shown by Jo Operative" in shown
    assert desk("stranger").get(f"/desk/jobs/{seal.id}/show-done").status_code == 404


def test_a_survey_asks_of_each_hazard_that_is_looked_into(scene, desk):
    told = story.report("damp_mould", flags=["water_near_electrics"])
    page, surveyor = f"/desk/repairs/{told.leads}", desk("surveyor")
    assert "A1: investigate the emergency (electricity)" in words_of(surveyor, page)
    asked = words_of(surveyor, f"{page}/survey")
    assert "What did you find: Damp and mould?" in asked
    assert "What is the hazard?" not in asked, "with two, nobody guesses which is meant"
    survey = {"surveyor": scene.staff["surveyor"], "found": "Black mould; the socket is dry"}
    survey |= {"finding_2": "significant", "nonce": new_nonce()}
    for _ in range(2):  # pressed twice
        sent(surveyor, f"{page}/survey", **survey)
    assert len(queries.surveys_of(told.leads)) == 1
    left = words_of(surveyor, f"{page}/survey")
    assert "Damp and mould?" not in left, "what was found is not asked again"
    assert "What did you find" in left
    running = {one.code for one in queries.case(told.leads, now=now()).clocks if one.stopped_at is None}
    assert {"awaab.A1", "awaab.A2", "awaab.C.2", "awaab.D1.2"} <= running
    sent(surveyor, f"/desk/jobs/{story.works(told.leads)[0].id}/outcome/inspected", found="The socket is sound", finding="none")
    running = {one.code for one in queries.case(told.leads, now=now()).clocks if one.stopped_at is None}
    assert not {"awaab.A1", "awaab.A2"} & running
    nonce = new_nonce()
    for _ in range(2):  # pressed twice: the second time there is no such step to choose any more
        sent(surveyor, f"{page}/hazard", step="2.made_safe", nonce=nonce)
    refused(surveyor, f"{page}/hazard", step="2.made_safe")  # another form is no form sent twice


def test_what_a_survey_asks_for_is_said_for_none_one_and_many(scene, desk):
    story.open_firm()
    lead = desk("lead")
    said = {
        0: "It asks for no works.",
        1: "It asks for one piece of work, which is not done yet.",
        3: "It asks for 3 works, and none is done yet.",
    }
    repair = story.report().leads
    for many, words in said.items():
        asked = [actions.WorkFound(what=f"Work {number} of {many}", trade="plumber") for number in range(many)]
        told = {"surveyor": scene.staff["surveyor"], "found": f"Found {many}", "works": asked}
        story.do(actions.record_survey, repair=repair, **told)
        assert words in words_of(lead, f"/desk/repairs/{repair}")
    for left, words in ((2, "of which 2 are not done yet."), (1, "of which one is not done yet."), (0, "and all are done")):
        mine = [one for one in story.works(repair) if one.survey and one.what.endswith("of 3") and one.state == "open"]
        story.do(actions.cancel_work, work=mine[0].id, why="Not needed")
        assert (len(mine) - 1, f"It asks for 3 works, {words}" in words_of(lead, f"/desk/repairs/{repair}")) == (left, True)
    (one,) = [work for work in story.works(repair) if work.what == "Work 0 of 1"]
    story.do(actions.cancel_work, work=one.id, why="Not needed")
    assert "It asks for one piece of work, which is done or taken out." in words_of(lead, f"/desk/repairs/{repair}")


def test_nothing_is_missing_of_a_survey_that_its_page_did_not_ask_for(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", room="bedroom")
    surveyor, page = desk("surveyor"), f"/desk/repairs/{told.leads}"
    look = story.works(told.leads)[0]
    assert "photo" in look.needs
    sent(surveyor, f"{page}/survey", surveyor=scene.staff["surveyor"], found="Mould", work=look.id)
    assert f"No proof yet of {look.what}: cause" in words_of(surveyor, page), "the page asks for it"
    sent(surveyor, f"{page}/cause", cause="A cold bridge")
    assert f"No proof yet of {look.what}" not in words_of(surveyor, page)


def test_more_is_asked_for_on_the_job_and_decided_on_the_list(scene, desk):
    story.open_firm()
    know_rates()
    told = story.report()
    work = story.works(told.leads)[0].id
    job, ask = f"/desk/jobs/{work}", {"what": "A second seal", "why": "Both are worn"}
    firm, lead = desk("contractor"), desk("lead")
    assert "how much it costs" in refused(firm, f"{job}/ask-for-more", more="money", **ask)
    assert "in pounds" in refused(firm, f"{job}/ask-for-more", more="money", pence="12.345", **ask)
    sent(firm, f"{job}/ask-for-more", more="money", code="PL-0101", much="2", **ask)
    assert "agreed at once, within the limit" in words_of(firm, job)
    sent(firm, f"{job}/ask-for-more", more="work", pence="£1,200", **(ask | {"what": "A new bath"}))
    asked = queries.variations_waiting()[0][0].id
    listed = words_of(lead, "/desk/decisions")
    assert "A new bath" in listed
    assert "£1,200.00" in listed
    assert "A second seal" not in listed
    assert f"variation.{asked}" in queries.repair(told.leads).running  # so the queue orders it
    assert "£500.00 at most" in refused(desk("planner"), f"/desk/variations/{asked}", answer="yes", pence="1200.00")
    assert desk("contractor").get(f"/desk/variations/{asked}").status_code == 403
    sent(lead, f"/desk/variations/{asked}", answer="no", pence="1200.00", why="The bath is sound")
    assert "The bath is sound" in words_of(firm, job)
    assert "Nothing waits for a yes or no" in words_of(lead, "/desk/decisions")
    assert "£36.80" in words_of(lead, f"/desk/repairs/{told.leads}")


def test_a_place_to_stay_shows_the_deadline_of_the_law_that_it_answers(scene, desk):
    story.open_firm()
    told = story.report("ceiling_down", room="bedroom", flags=["structural"])
    officer, page = desk("housing_officer"), f"/desk/repairs/{told.leads}"
    offer = {"who": "Ruth and Mia", "place": "Lamp Inn, 2 Quay Street", "pence": "400", **day_parts("from_on", now())}
    sent(officer, f"{page}/stay", **offer)
    shown = words_of(officer, page)
    for said in ("Lamp Inn, 2 Quay Street", "It costs us £400.00", "Awaab’s Law F asks for it by", "They have answered"):
        assert said in shown, said
    stay = queries.stays_of(told.leads)[0].id
    assert officer.get(f"/desk/stays/{stay}/somewhere").status_code == 404
    sent(officer, f"/desk/stays/{stay}/answer", accepted="yes", channel="call")
    sent(officer, f"/desk/stays/{stay}/begin")
    assert "they live there" in words_of(officer, page)
    sent(officer, f"/desk/stays/{stay}/end", moved_back="yes", pence="612.50")
    shown = words_of(officer, page)
    assert "It costs us £612.50" in shown
    assert "Household moved out" in shown


def test_what_comes_back_is_reviewed_by_a_named_person(scene, desk):
    story.open_firm()
    made = story.everything(scene)
    lead, review = desk("lead"), f"/desk/reviews/{made['review']}"
    assert "Reported 3 times in a year" in words_of(lead, "/desk/decisions")
    sent(lead, f"{review}/give", who=scene.staff["surveyor"])
    assert "Who finds out: Jo Surveyor" in words_of(lead, review)
    sent(lead, review, finding="The pump is too small", changes="A larger pump", tells="You get a larger pump.")
    assert "No review is open" in words_of(lead, "/desk/decisions")
    about = queries.review(made["review"]).repair
    shown = words_of(lead, f"/desk/repairs/{about}")
    assert "Found: The pump is too small. What changes: A larger pump." in shown


def test_patches_and_what_a_firm_covers_decide_who_is_suggested(scene, desk):
    story.open_firm()
    planner = desk("planner")
    assert "no block called Nowhere" in refused(planner, "/desk/patches/new", name="North", blocks="Nowhere", postcodes="")
    assert "Choose blocks" in refused(planner, "/desk/patches/new", name="North", blocks="", postcodes=" , ")
    sent(planner, "/desk/patches/new", name="North", blocks="ember rise", postcodes="ZZ1 1")
    assert "Ember Rise, ZZ11" in words_of(planner, "/desk/patches")
    patch = staff.patches()[0].id
    covers = f"/desk/firms/{scene.other_firm}/covers"
    sent(planner, f"{covers}/new", trade="plumber", patch=patch, **day_parts("from_on", now()))
    assert "North" in words_of(planner, covers)
    told = story.report()
    assert "Plumber: Other Firm" in words_of(planner, f"/desk/repairs/{told.leads}/order-work")
    cover = staff.covers_of(scene.other_firm)[0].id
    assert planner.get(f"/desk/firms/{cast.KINDLE}/covers/{cover}").status_code == 404
    know_rates()
    assert "£18.40 each" in words_of(planner, "/desk/rates?q=washer")
    assert "No rate is like that" in words_of(planner, "/desk/rates?q=zebra")
