"""A home's page, and everything that staff put right, add and end there."""

import re
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplit.basics.clock import now
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, restrict, send, sent, words_of
from lamplit.homes import queries
from lamplit.tenancies import actions as letting
from lamplit.tenancies import queries as tenancies
from tests import cast

HOME = f"/desk/homes/{cast.RUTHS_HOME}"


def test_one_page_tells_all(scene, desk):
    made = story.everything(scene)
    story.report("leak_fitting", separate=True)
    page = words_of(desk("planner"), HOME)
    for said in (
        "5 Ember Rise",
        "Ember Rise floor 1", "Ruth Adeyemi", "tenant since 3 June 2019", "Boiler", "Gas safety", "asthma or lungs",
        "Asbestos: Textured coating", "(repeat)", "Home 5 (this one):", "What we believed when",
    ):  # fmt: skip
        assert said in page, said
    assert "Home 2" in page
    assert made["repair"]


def test_a_repeat_is_marked_whoever_lived_there(scene, desk):
    story.open_firm()
    story.report("leak_fitting", reporter=None, at=now() - timedelta(days=20))
    story.report("leak_fitting", separate=True)
    assert "Repeat of" in words_of(desk("planner"), HOME)


def test_a_home_is_recorded_and_put_right(scene, desk):
    officer = desk("housing_officer")
    made = send(
        officer, "/desk/homes/new", address="1 New Street\nLampton", postcode="zz11ab", uprn="00123456", bedrooms="2", storey="0"
    )
    assert "1 New Street, Lampton, ZZ1 1AB" in words_of(officer, made["Location"])
    path = made["Location"]
    sent(officer, f"{path}/correct", address="1a New Street", postcode="ZZ1 1AB", why="The door says 1a")
    page = words_of(officer, path)
    assert "1a New Street" in page
    assert "Why: The door says 1a" in page
    assert "no UK postcode" in refused(officer, "/desk/homes/new", address="1 New Street", postcode="nonsense")
    assert "Another home has this UPRN" in refused(officer, "/desk/homes/new", address="2 New Street", uprn="999000000005")


def test_what_to_know_before_going_there(scene, desk):
    officer = desk("housing_officer")
    assert "survey" in refused(officer, f"{HOME}/note", what="asbestos", says="Textured coating")
    sent(officer, f"{HOME}/note", what="warning", says="The dog bites", where="garden")
    note = queries.notes(cast.RUTHS_HOME)[0]
    assert "Warning: The dog bites. Where: garden" in words_of(officer, HOME)
    sent(officer, f"{HOME}/note/{note.id}", what="warning", says="The dog bites", **day_parts("ended_on", now()))
    assert "The dog bites" not in words_of(officer, HOME)
    assert desk("planner").get(f"/desk/homes/{cast.TOMASZS_HOME}/note/{note.id}").status_code == 404


def test_parts_and_checks(scene, desk):
    surveyor = desk("surveyor")
    sent(surveyor, f"{HOME}/part", what="boiler", model="Ember 24", **day_parts("installed_on", now() - timedelta(days=900)))
    part = queries.components(cast.RUTHS_HOME)[0].component
    check = f"{HOME}/part/{part.id}/check"
    sent(surveyor, check, check="gas_safety", satisfactory="yes", **day_parts("checked_on", now() - timedelta(days=400)),
         **day_parts("next_due_on", now() - timedelta(days=35)))  # fmt: skip
    assert "overdue" in words_of(surveyor, HOME)
    assert "says why" in refused(surveyor, check, check="gas_safety", satisfactory="no", **day_parts("checked_on", now()))
    sent(surveyor, f"{HOME}/part/{part.id}", what="boiler", model="Ember 24", **day_parts("removed_on", now()))
    assert "No parts are written down" in words_of(surveyor, HOME)


def test_households_change(scene, desk):
    officer, tenancy = desk("housing_officer"), f"/desk/tenancies/{cast.RUTHS_TENANCY}"
    today = now() - timedelta(days=1)
    sent(
        officer,
        f"{tenancy}/join",
        chosen=cast.OTTO,
        role="occupant",
        **day_parts("since_on", today),
    )
    assert "Otto Finch" in words_of(officer, HOME)
    sent(officer, f"{tenancy}/leave/{cast.OTTO}", **day_parts("left_on", now()))
    assert "Otto Finch" not in words_of(officer, HOME)
    assert "only tenant" in refused(officer, f"{tenancy}/leave/{cast.RUTH}", **day_parts("left_on", now()))
    sent(officer, f"{tenancy}/end", **day_parts("ended_on", today))
    assert tenancies.tenancy_of_home(cast.RUTHS_HOME, now().date()) is None
    sent(officer, f"{HOME}/let", chosen=[cast.OTTO, cast.MIA], tenure="assured", **day_parts("started_on", now()))
    assert "Otto Finch" in words_of(officer, HOME)
    assert "Who lived here before" in words_of(officer, HOME)
    again = refused(officer, f"{HOME}/let", chosen=cast.TOMASZ, tenure="assured", **day_parts("started_on", now()))
    assert "Another tenancy" in again


def test_whom_few_may_see_does_not_leave_before_everybodys_eyes(scene, desk):
    restrict(cast.RUTH)
    assert desk("housing_officer").get(f"/desk/tenancies/{cast.RUTHS_TENANCY}/leave/{cast.RUTH}").status_code == 200
    page = words_of(desk("planner"), HOME)
    assert "Ring the safeguarding lead before anybody goes or writes here" in page
    assert "Ruth" not in page


def test_a_home_with_a_long_past_asks_no_more_than_one_with_a_short_one(scene, desk):
    officer, page, asked = desk("planner"), f"/desk/homes/{cast.EMPTY_HOME}", []
    for tenants in ([cast.OTTO], [cast.MIA], [cast.TOMASZ]):
        year = 2001 + len(asked)
        let = story.do(
            letting.start_tenancy, home=cast.EMPTY_HOME, tenants=tenants, tenure="assured", started_on=date(year, 1, 1)
        )
        story.do(letting.end_tenancy, tenancy=let, ended_on=date(year, 6, 1))
        officer.get(page)
        with CaptureQueriesContext(connection) as sent_now:
            assert f"1 January {year}" in words_of(officer, page)
        asked.append(len(sent_now))
    assert asked[0] == asked[1] == asked[2]
    assert "Tomasz" in words_of(officer, page)


def press(client, path: str, page: str, **fields):
    """Press a button of a form that is open, with what it holds by now."""
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)[1]
    chosen = re.findall(r'name="chosen" value="([^"]+)"', page)
    return client.post(path, {"nonce": nonce, "chosen": chosen, **fields})


def test_tenants_are_found_by_name_and_chosen_and_no_id_is_typed(scene, desk):
    officer, path = desk("housing_officer"), f"/desk/homes/{cast.EMPTY_HOME}/let"
    page = officer.get(path).content.decode()
    day = day_parts("started_on", now())
    page = press(officer, path, page, q="otto", find="1", tenure="secure", **day).content.decode()
    assert "error-summary" not in page
    assert f'name="add" value="{cast.OTTO}"' in page
    page = press(officer, path, page, add=cast.OTTO, tenure="secure", **day).content.decode()
    assert re.findall(r'name="chosen" value="([^"]+)"', page) == [cast.OTTO]
    assert f'value="{now().day}"' in page  # what was typed stays
    assert '<option value="secure" selected' in page
    page = press(officer, path, page, q="ember rise", find="1", tenure="secure", **day).content.decode()
    page = press(officer, path, page, add=cast.MIA, tenure="secure", **day).content.decode()
    page = press(officer, path, page, drop=cast.MIA, tenure="secure", **day).content.decode()
    assert re.findall(r'name="chosen" value="([^"]+)"', page) == [cast.OTTO]
    assert press(officer, path, page, send="1", tenure="secure", **day).status_code == 303
    living = tenancies.tenancy_of_home(cast.EMPTY_HOME, now().date())
    assert [one.person for one in tenancies.household(living.id, now().date())] == [cast.OTTO]


def test_a_form_is_not_sent_while_nobody_is_chosen(scene, desk):
    path = f"/desk/homes/{cast.EMPTY_HOME}/let"
    assert "Find the person" in refused(desk("lead"), path, tenure="secure", **day_parts("started_on", now()))
    assert "Find the person" in refused(desk("lead"), f"/desk/tenancies/{cast.RUTHS_TENANCY}/join", role="occupant")
    assert "Find the person" in refused(desk("lead"), path, chosen="p_00000000000000000000", tenure="secure")


def test_somebody_new_is_recorded_on_the_way_and_comes_back_chosen(scene, desk):
    officer, path = desk("housing_officer"), f"/desk/homes/{cast.EMPTY_HOME}/let"
    assert f"/desk/people/new?then=let_home&amp;of={cast.EMPTY_HOME}" in officer.get(path).content.decode()
    answer = send(officer, f"/desk/people/new?then=let_home&of={cast.EMPTY_HOME}", name="Nia New")
    assert answer["Location"].startswith(f"{path}?person=p_")
    assert "Nia New" in words_of(officer, answer["Location"])
    answer = send(officer, "/desk/people/new?then=let_home&of=//elsewhere.example", name="Ned New")
    assert answer["Location"].startswith("/desk/people/p_")
