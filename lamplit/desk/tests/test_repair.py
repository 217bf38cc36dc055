"""A repair from the desk: accepted, worked on, asked about, closed and opened again, and every no on the way."""

import re
from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, send, sent, words_of
from lamplit.homes import actions as homes
from lamplit.homes.facts import HomeNote
from lamplit.repairs import actions, queries
from lamplit.repairs.facts import Answer, Caller
from lamplit.staff import actions as staff
from tests import cast

DID = "Renewed the joint"


def path_of(repair: str, act: str = "") -> str:
    return f"/desk/repairs/{repair}" + (f"/{act}" if act else "")


def job_of(repair: str, act: str = "") -> str:
    work = next(work for work in story.works(repair) if work.state in ("open", "booked", "waiting"))
    return f"/desk/jobs/{work.id}" + (f"/{act}" if act else "")


def mend_all(client, repair: str) -> None:
    """Say of every work that is left that it is mended, with everything it wants."""
    while left := [work for work in story.works(repair) if work.state in ("open", "booked", "waiting")]:
        work = left[0]
        proofs = {f"proof_{kind}": "seen" for kind in [*work.needs, "note"]}
        more = {"did": DID, "cause": "A worn joint", "electrics": "tested", "made_good": "on"}
        sent(client, f"/desk/jobs/{work.id}/outcome/mended", **proofs, **more)


def test_an_emergency_is_accepted_by_name(scene, desk):
    story.open_firm()
    told = story.report("electric_unsafe", flags=["electric_danger"])
    page = words_of(desk("lead"), path_of(told.repair))
    assert "Nobody has it yet" in page
    shown = desk("complaints").get(path_of(told.repair)).content.decode()
    assert "Nobody has it yet" in shown
    assert path_of(told.repair, "accept") not in shown, "no button leads where its reader may not go"
    assert "On call" in words_of(desk("lead"), "/desk/on-call")
    assert told.reference in words_of(desk("lead"), "/desk/on-call")
    assert "selected" not in desk("lead").get(path_of(told.repair, "accept")).content.decode(), "nobody stands chosen"
    assert "needs an answer" in refused(desk("lead"), path_of(told.repair, "accept"), who="")
    sent(desk("lead"), path_of(told.repair, "accept"), who=scene.staff["planner"])
    assert "Accepted by Jo Planner" in words_of(desk("lead"), path_of(told.repair))
    assert "choose one from the list" in refused(desk("lead"), path_of(told.repair, "accept"), who="s_00000000000000000000")


def test_an_emergency_that_was_given_says_whose_word_is_missing(scene, desk):
    story.open_firm()
    told = story.report("electric_unsafe", flags=["electric_danger"])
    path = path_of(told.repair)
    assert "selected" not in desk("lead").get(path_of(told.repair, "give")).content.decode()
    assert "needs an answer" in refused(desk("lead"), path_of(told.repair, "give"))
    sent(desk("lead"), path_of(told.repair, "give"), who=scene.staff["planner"])
    page = words_of(desk("lead"), path)
    for said in ("Received: nobody has said yet that they have it", "Given to Jo Planner, who sees it through",
                 "Next: Jo Planner has not said yet that they have it", "Jo Planner presses “They have it”"):  # fmt: skip
        assert said in page, said
    assert "Nobody has it yet" not in page
    chosen = f'<option value="{scene.staff["planner"]}" selected>'
    assert chosen in desk("lead").get(path).content.decode()
    assert chosen in desk("lead").get(path_of(told.repair, "accept")).content.decode()
    sent(desk("lead"), path_of(told.repair, "accept"), who=scene.staff["planner"])
    assert "nobody has said yet" not in words_of(desk("lead"), path)


def test_who_was_rung_is_named_and_a_note_on_the_home_is_no_note_twice(scene, desk):
    story.open_firm()
    homes.note_home(home=cast.RUTHS_HOME, about=HomeNote(what="other", says="The bell is broken"), **story_by("note"))
    shift = {"staff": scene.staff["lead"], "from_at": now() - timedelta(hours=1), "until_at": now() + timedelta(hours=9)}
    staff.set_on_call(**shift, **story_by("shift"))
    told = story.report("electric_unsafe", flags=["electric_danger"])
    page = words_of(desk("lead"), path_of(told.repair))
    rung = page[page.index("On call rung") :][:120]
    assert "On call rung once Jo Lead and Kindle Works: text and call" in rung, rung
    assert "the firm" not in rung
    assert "Alert: The bell is broken." in page


def story_by(command: str) -> dict:
    return {"by": cast.BY_PRIYA, "at": now(), "command": f"test:{command}"}


def test_whoever_was_rung_takes_an_emergency_with_one_button(scene, desk):
    story.open_firm()
    told = story.report("electric_unsafe", flags=["electric_danger"])
    assert "Emergencies that nobody has yet" in words_of(desk("contractor"), "/desk/visits")
    sent(desk("contractor"), job_of(told.repair, "take"))
    assert queries.repair(told.repair).accepted_by == scene.staff["contractor"]


def test_a_leak_goes_all_the_way(scene, desk):
    story.open_firm()
    told = story.report()
    planner = desk("planner")
    assert "Book a visit" in words_of(planner, path_of(told.repair))
    tomorrow = now() + timedelta(days=1)
    sent(planner, job_of(told.repair, "book"), slot="pm", operative=scene.staff["operative"], **day_parts("day", tomorrow))
    assert "Nothing chosen" not in words_of(planner, job_of(told.repair))
    sent(
        planner,
        job_of(told.repair, "move"),
        slot="own",
        from_time="10am",
        until_time="11:30",
        whose="ours",
        **day_parts("day", tomorrow),
    )
    sent(planner, job_of(told.repair, "cancel-visit"), whose="ours", why="The van broke down")
    look_again = day_parts("look_again_on", tomorrow)
    sent(planner, job_of(told.repair, "wait"), why="A part", who=scene.staff["planner"], **look_again)
    mend_all(planner, told.repair)
    assert "Is it mended?" in words_of(planner, path_of(told.repair))
    sent(planner, path_of(told.repair, "ask"), channel="call")
    sent(planner, path_of(told.repair, "word"), mended="yes", channel="call", said="Yes, dry now")
    row = queries.repair(told.repair)
    assert row.closed_how == "confirmed", words_of(planner, path_of(told.repair))
    page = words_of(planner, path_of(told.repair))
    assert "It is closed" in page
    assert DID in page
    assert "The van broke down" in page
    sent(desk("contact_centre"), path_of(told.repair, "reopen"), channel="call", said="It drips again")
    assert "It drips again" in words_of(planner, path_of(told.repair))


def test_a_works_page_shows_no_clock_of_another_work(scene, desk):
    story.open_firm()
    told = story.report("door_inside", at=now() - timedelta(hours=2))
    (booked,) = story.works(told.repair)
    story.book(booked.id)
    other = story.do(actions.order_work, repair=told.repair, trade="plumber", what="Bleed the pipe", contractor=cast.KINDLE)
    planner = desk("planner")
    assert re.search(r" left Visit\b", words_of(planner, f"/desk/jobs/{booked.id}"))
    page = words_of(planner, f"/desk/jobs/{other}")
    assert not re.search(r" left Visit\b", page)
    assert "The whole repair: Our promise: routine" in page
    mend_all(planner, told.repair)
    assert queries.repair(told.repair).next_at <= now(), "she is to be asked at once"
    assert "overdue" not in words_of(planner, f"/desk/jobs/{other}")


def test_not_mended_goes_on(scene, desk):
    story.open_firm()
    told = story.report()
    mend_all(desk("planner"), told.repair)
    sent(desk("planner"), path_of(told.repair, "word"), mended="no", channel="text", said="Still wet")
    assert queries.repair(told.repair).live
    assert "reopened once" in words_of(desk("planner"), "/desk/")


def test_closing_lists_what_is_missing(scene, desk):
    story.open_firm()
    told = story.report()
    said = refused(desk("planner"), path_of(told.repair, "close"), how="not_confirmed", why="Old")
    assert "Not done yet" in said
    assert "different ways" in said
    assert "What is missing before it may be closed" in words_of(desk("planner"), path_of(told.repair))


def test_what_is_missing_leads_to_where_it_is_said_and_a_cause_that_a_survey_found_stands_there(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", room="bedroom")
    planner = desk("planner")
    shown = planner.get(path_of(told.repair)).content.decode()
    assert (
        f'href="{path_of(told.repair, "cause")}"'
        in shown.split("What is missing before it may be closed")[1].split("</details>")[0]
    )
    story.do(actions.record_cause, repair=told.repair, cause="A cold wall")
    assert ">A cold wall</textarea>" in planner.get(path_of(told.repair, "cause")).content.decode()


def test_the_contact_centre_does_not_close_without_the_tenants_word(scene, desk):
    story.open_firm()
    told = story.report()
    said = refused(desk("contact_centre"), path_of(told.repair, "close"), how="not_ours", why="Next door's")
    assert "Only a planner, surveyor or lead" in said
    assert queries.repair(told.repair).live


def test_no_access_says_what_was_tried(scene, desk):
    story.open_firm()
    told = story.report()
    path = job_of(told.repair, "outcome/no_access")
    assert "Choose what you tried" in refused(desk("contractor"), path, proof_note="Card")
    sent(desk("contractor"), path, tried=["knocked", "called"], tried_said="A neighbour saw nobody", proof_note="Card left")
    page = words_of(desk("planner"), path_of(told.repair))
    assert "nobody let us in" in page
    assert "Tried: Knocked" in page
    assert queries.repair(told.repair).live


def test_every_outcome_can_be_said(scene, desk):
    story.open_firm()
    later = day_parts("look_again_on", now() + timedelta(days=3))
    outcomes = {
        "made_safe": {"did": "Turned it off", "proof_note": "seen"},
        "temporary": {"did": "Taped it", "proof_note": "seen", "waits_for": "A valve", **later},
        "needs_parts": {"waits_for": "A valve", **later},
        "other_trade": {"follow_trade": "builder", "follow_what": "Open the wall"},
        "inspected": {"found": "Damp behind the bath"},
        "not_needed": {"did": "It was condensation"},
    }
    for room, (outcome, fields) in zip(
        ("kitchen", "hall", "loft", "toilet", "bedroom", "outside"), outcomes.items(), strict=True
    ):
        told = story.report("tap_drips" if outcome == "not_needed" else "leak_fitting", room=room, separate=True)
        sent(desk("contractor"), job_of(told.repair, f"outcome/{outcome}"), **fields)
        assert "Visit: " in words_of(desk("planner"), path_of(told.repair)), outcome


def test_what_came_of_a_visit_may_be_written_down_later(scene, desk):
    story.open_firm()
    told = story.report(at=now() - timedelta(days=3))
    earlier = now() - timedelta(days=1)
    sent(desk("contractor"), job_of(told.repair, "outcome/inspected"), found="Wet", happened_time="9am", left_time="9.45am",
         **day_parts("happened_on", earlier))  # fmt: skip
    visit = queries.case(told.repair, now=now()).visits[0]
    assert visit.arrived_at.date() == earlier.date()
    assert visit.left_at > visit.arrived_at
    assert "were written down on " in words_of(desk("planner"), path_of(told.repair))


def test_asbestos_is_shown_before_a_visit_is_booked_or_made(scene, desk):
    made = story.everything(scene)
    asbestos = "Textured coating on the hall ceiling"
    for role, path in (
        ("planner", f"/desk/repairs/{made['repair']}"),
        ("planner", f"/desk/jobs/{made['work']}/book"),
        ("operative", f"/desk/jobs/{made['work']}"),
        ("operative", "/desk/visits"),
        ("planner", f"/desk/homes/{cast.RUTHS_HOME}"),
    ):
        assert asbestos in words_of(desk(role), path), path


def test_the_other_things_that_can_be_done(scene, desk):
    story.open_firm()
    told = story.report()
    planner = desk("planner")
    sent(planner, path_of(told.repair, "give"), who=scene.staff["surveyor"])
    sent(planner, path_of(told.repair, "order-work"), what="Board the floor", trade="builder", needs=["photo"])
    sent(planner, path_of(told.repair, "note"), says="Key at number 2", audience="staff")
    sent(planner, path_of(told.repair, "cause"), cause="A worn joint", made_good="on")
    sent(planner, path_of(told.repair, "raise"), priority="emergency", why="She is eighty")
    sent(planner, path_of(told.repair, "learned"), why="A baby lives there", needs=["baby"], flags=["sleeping"])
    page = words_of(planner, path_of(told.repair))
    for said in ("Given to Jo Surveyor", "Board the floor", "Key at number 2", "Staff only", "A worn joint", "now emergency"):
        assert said in page, said
    builder = next(work for work in story.works(told.repair) if work.trade == "builder")
    sent(planner, f"/desk/jobs/{builder.id}/cancel", why="Not needed after all")
    assert "only" in refused(planner, path_of(told.repair, "raise"), priority="routine", why="x").lower()


def test_a_repair_goes_on_under_another_by_its_number(scene, desk):
    story.open_firm()
    first, second = story.report("tap_drips", room="kitchen"), story.report("tap_drips", room="bathroom", separate=True)
    path = path_of(second.repair, "join")
    assert "no repair with this number" in refused(desk("planner"), path, into="M-0000-0000", why="Same tap")
    assert "work" in refused(desk("planner"), path, into=first.reference, why="Same tap").lower()
    for work in story.works(second.repair):
        sent(desk("planner"), f"/desk/jobs/{work.id}/cancel", why="The other one has it")
    sent(desk("planner"), path, into=first.reference.lower().replace("-", " "), why="Same tap")
    assert desk("planner").get(path_of(second.repair))["Location"] == path_of(first.repair)


def test_a_missed_visit_is_said_openly(scene, desk):
    story.open_firm()
    told = story.report()
    story.book(story.works(told.repair)[0].id)
    sent(desk("planner"), job_of(told.repair, "missed"))
    assert "Nobody came" in words_of(desk("planner"), path_of(told.repair))


def test_the_steps_of_a_hazard_are_taken_in_turn(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", room="bedroom", at=now() - timedelta(days=2))
    surveyor, path = desk("surveyor"), path_of(told.repair, "hazard")
    assert "Awaab’s Law B1" in words_of(surveyor, path_of(told.repair))
    assert refused(surveyor, path, step="completed")
    assert "selected" not in surveyor.get(path).content.decode(), "no step stands chosen"
    assert "Choose which step" in refused(surveyor, path, step="")
    sent(surveyor, path, step="investigation_begun", **day_parts("happened_on", now() - timedelta(days=1)))
    sent(surveyor, path, step="concluded_significant", says="Mould behind the wardrobe")
    sent(surveyor, path, step="summary_sent")
    page = words_of(surveyor, path_of(told.repair))
    assert "Found: significant hazard" in page
    assert "Written summary sent" in page


def test_why_this_priority_opens_the_rules(scene, desk):
    story.open_firm()
    told = story.report("electric_unsafe", flags=["electric_danger"])
    page = words_of(desk("planner"), path_of(told.repair))
    assert "Why this priority" in page
    assert "The rule that set it" in page


def test_answers_that_she_read_in_another_language_stand_under_ours(scene, desk):
    story.open_firm()
    shown = {"language": "pl", "asked": "Czy dzieje się teraz coś z tej listy?", "shown": "Czuję gaz"}
    answers = [Answer(question="danger_now", option="gas", said="I can smell gas", **shown)]
    told = story.do(actions.report_repair, home=cast.RUTHS_HOME, channel="portal", reporter=cast.RUTH, answers=answers)
    page = desk("planner").get(path_of(told.repair)).content.decode()
    assert 'Is any of this happening now?<span class="lamp-answers__read" lang="pl">Czy dzieje się teraz coś' in page
    assert '<dd>I can smell gas<span class="lamp-answers__read" lang="pl">Czuję gaz</span></dd>' in page
    assert "The questions were read in Polish." in page


def test_a_joined_report_leads_to_the_repair_that_goes_on(scene, desk):
    story.open_firm()
    shown = {"language": "pl", "asked": "Skąd cieknie?", "shown": "Z rury"}
    answers = [Answer(question="leak_from", option="pipe", said="A pipe", **shown)]
    first, second = story.report(), story.report(answers=answers, reporter=None, caller=Caller(name="Wanda Wren"))
    assert second.joined
    assert desk("planner").get(path_of(second.repair))["Location"] == path_of(first.repair)
    page = words_of(desk("planner"), path_of(first.repair))
    assert second.reference in page
    assert "Told by Wanda Wren" in page
    assert "Z rury" in page


def test_the_same_form_sent_twice_is_done_once(scene, desk):
    story.open_firm()
    told = story.report()
    shown = desk("planner").get(path_of(told.repair, "note")).content.decode()
    nonce = shown.split('name="nonce" value="')[1].split('"')[0] if 'name="nonce" value="' in shown else None
    first = send(desk("planner"), path_of(told.repair, "note"), says="Once", audience="all")
    assert first.status_code == 303
    fields = {"nonce": nonce or "", "says": "Twice", "audience": "all"}
    answers = [desk("planner").post(path_of(told.repair, "note"), fields).status_code for _ in range(2)]
    assert answers == [303, 303]
    lines = [line for line in queries.case(told.repair, now=now()).timeline if line.kind == "repair.noted"]
    assert len(lines) == 2


def test_a_form_that_we_did_not_sign_is_refused(scene, desk):
    story.open_firm()
    told = story.report()
    answer = desk("planner").post(path_of(told.repair, "note"), {"nonce": "forged", "says": "x", "audience": "all"})
    assert "out of date" in answer.content.decode()


def test_each_line_opens_its_entry_in_the_record(scene, desk):
    story.open_firm()
    told = story.report()
    line = queries.case(told.repair, now=now()).timeline[0]
    page = words_of(desk("planner"), f"/desk/record/{line.id}")
    assert line.id in page
    assert "Dele Okafor" in page
    assert "entries sealed" in words_of(desk("records"), "/desk/record")


def test_restricted_notes_are_for_few(scene, desk):
    story.open_firm()
    told = story.report()
    story.do(actions.note_repair, repair=told.repair, says="He has a key", audience="restricted")
    assert "He has a key" in words_of(desk("lead"), path_of(told.repair))
    assert "He has a key" not in words_of(desk("planner"), path_of(told.repair))
    entry = next(one.id for one in queries.case(told.repair, now=now(), restricted=True).timeline if one.audience == "restricted")
    assert desk("planner").get(f"/desk/record/{entry}").status_code == 404


def test_a_duty_that_was_not_needed_is_not_said_to_be_kept(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", flags=["water_near_electrics"])
    path, surveyor = path_of(told.repair), desk("surveyor")
    for step in ("investigation_begun", "concluded_significant"):
        sent(surveyor, f"{path}/hazard", step=f"1.{step}")
    said = words_of(surveyor, path)
    assert "Awaab’s Law A2: make the home safe (electricity) not needed after all: " in said
    assert "Awaab’s Law A1: investigate the emergency (electricity) kept: " in said
    for step in ("summary_sent", "made_safe"):
        sent(surveyor, f"{path}/hazard", step=f"1.{step}")
    assert "Awaab’s Law A2: make the home safe (electricity) not needed after all: " in words_of(surveyor, path)


def test_each_hazard_has_steps_of_its_own_to_record(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", flags=["water_near_electrics"])
    path, surveyor = path_of(told.repair), desk("surveyor")
    assert "Hazards: Electricity, emergency; Damp and mould, significant." in words_of(surveyor, path)
    assert "B1: finish the investigation (damp and mould)" in words_of(surveyor, path)
    offered = words_of(surveyor, f"{path}/hazard")
    assert "Electricity: " in offered
    assert "Damp and mould: " in offered
    sent(surveyor, f"{path}/hazard", step="2.investigation_begun")
    sent(surveyor, f"{path}/hazard", step="2.concluded_significant")
    assert "Hazard 2: " in words_of(surveyor, path)
    running = queries.repair(told.repair).running
    assert {"awaab.A1", "awaab.C.2"} <= set(running)
    assert "awaab.B1.2" not in running
    assert "choose" in refused(surveyor, f"{path}/hazard", step="3.concluded_significant").lower()
