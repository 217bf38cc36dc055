"""Accounts, firms and turns on call."""

import re
from datetime import timedelta

from django.test import Client

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, send, sent, signed_in, words_of
from lamplit.repairs import actions
from lamplit.staff import queries
from tests import cast

NEW = {"name": "Nia New", "email": "nia@landlord.example", "roles": ["planner"], "phone": "01632 960200"}


def test_somebody_new_gets_an_account_and_a_link(scene, desk):
    admin = desk("admin")
    path = send(admin, "/desk/staff/new", **NEW)["Location"]
    page = words_of(admin, path)
    assert "Nia New" in page
    assert "Last here never" in page
    link = send(admin, f"{path}/link").content.decode()
    assert "http://testserver/desk/welcome/" in link
    assert "Somebody has this email already" in refused(admin, "/desk/staff/new", **NEW)
    assert "at least one" in refused(admin, "/desk/staff/new", **(NEW | {"roles": [], "email": "b@landlord.example"}))
    firm = NEW | {"email": "c@landlord.example", "contractor": cast.KINDLE}
    assert "can only be an operative or contractor" in refused(admin, "/desk/staff/new", **firm)


def test_roles_change_at_once(scene, desk):
    planner, path = desk("planner"), f"/desk/staff/{scene.staff['planner']}"
    assert planner.get("/desk/board").status_code == 200
    row = queries.member(scene.staff["planner"])
    sent(desk("admin"), f"{path}/change", name=str(row.name), email=str(row.email), roles=["contact_centre"])
    assert planner.get("/desk/board").status_code == 403
    assert planner.get("/desk/").status_code == 200


def test_shutting_out_ends_the_session_and_letting_in_opens_the_account(scene, desk):
    planner, path = desk("planner"), f"/desk/staff/{scene.staff['planner']}"
    assert planner.get("/desk/").status_code == 200
    sent(desk("admin"), f"{path}/shut", because="security")
    assert "why=shut" in planner.get("/desk/")["Location"]
    assert "This account is shut" in words_of(desk("admin"), path)
    assert send(desk("admin"), f"{path}/link").status_code == 200
    sent(desk("admin"), f"{path}/open")
    assert signed_in(scene.staff["planner"]).get("/desk/").status_code == 200
    assert "open already" in refused(desk("admin"), f"{path}/open")


def test_nobody_gives_herself_a_role_or_leaves_nobody_to_let_others_in(scene, desk):
    path, row = f"/desk/staff/{scene.staff['admin']}", queries.member(scene.staff["admin"])
    mine = {"name": str(row.name), "email": str(row.email)}
    assert "Nobody gives a role to themselves" in refused(desk("admin"), f"{path}/change", roles=["admin", "lead"], **mine)
    assert "Nobody else could let people in" in refused(desk("admin"), f"{path}/shut", because="left")


def test_what_changes_who_may_do_what_asks_for_the_password_again(scene, desk):
    from lamplit.desk import accounts, middleware
    from lamplit.desk.tests.scene import PASSWORD

    client = desk("admin")
    accounts.make_account(scene.staff["admin"], "x@landlord.example", PASSWORD, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = signed_in(scene.staff["admin"])
    session = client.session
    session[middleware.SECOND_STEP] -= 3600
    session.save()
    path = f"/desk/staff/{scene.staff['planner']}/shut"
    asked = client.get(path)
    assert asked["Location"] == f"/desk/sign-in/again?next={path.replace('/', '%2F')}"
    assert client.post(path, {"because": "left"})["Location"].startswith("/desk/sign-in/again")
    assert "not your password" in client.post(asked["Location"], {"password": "wrong", "next": path}).content.decode()
    done = client.post(asked["Location"], {"password": PASSWORD, "next": path})
    assert done.status_code == 302, done.content.decode()[done.content.decode().find("<main") :]
    assert done["Location"] == path
    assert client.get(path).status_code == 200


def test_firms(scene, desk):
    sent(desk("lead"), "/desk/firms/new", name="Gable & Sons", trades="Roofer, gas engineer", phone="01632 960300")
    page = words_of(desk("lead"), "/desk/firms")
    assert "Gable & Sons" in page
    assert "gas engineer, roofer" in page
    sent(desk("lead"), f"/desk/firms/{cast.KINDLE}", name="Kindle Works Ltd", trades="plumber")
    assert "Kindle Works Ltd" in words_of(desk("lead"), "/desk/firms")
    assert "no email address" in refused(desk("lead"), "/desk/firms/new", name="X", trades="roofer", email="nonsense")


def test_a_firms_system_is_let_in_and_shut_out(scene, desk):
    path, until = f"/desk/firms/{cast.KINDLE}/tokens", now() + timedelta(days=90)
    assert "No system of theirs can come in" in words_of(desk("lead"), path)
    given = send(desk("lead"), f"{path}/new", label="Job planner", **day_parts("expires_on", until)).content.decode()
    secret = re.search(r"lamplit_[\w-]{43}", given)[0]
    assert secret not in desk("lead").get(path).content.decode()
    system = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/workOrders", headers=system).status_code == 200
    (token,) = queries.tokens(cast.KINDLE)
    sent(desk("lead"), f"{path}/{token.id}/end")
    assert "shut" in words_of(desk("lead"), path)
    assert Client().get("/api/v1/workOrders", headers=system).status_code == 401
    assert "shut already" in refused(desk("lead"), f"{path}/{token.id}/end")
    assert "At most 400 days from today." in words_of(desk("lead"), f"{path}/new")
    last, late = (day_parts("expires_on", now() + timedelta(days=days)) for days in (400, 401))
    assert "lamplit_" in send(desk("lead"), f"{path}/new", label="Last day", **last).content.decode()
    assert "400 days at most" in refused(desk("lead"), f"{path}/new", label="Job planner", **late)
    assert desk("lead").get(f"/desk/firms/{scene.other_firm}/tokens/{token.id}/end").status_code == 404


def test_what_a_firms_system_says_stands_under_the_firms_name(scene, desk):
    told = story.report()
    actions.note_repair(
        repair=told.repair,
        says="The part is here",
        audience="staff",
        by=who.By(who.CONTRACTOR, cast.KINDLE),
        at=now(),
        command="api:test:1",
    )
    assert "By Kindle Works (their system)" in words_of(desk("planner"), f"/desk/repairs/{told.repair}")


def test_a_turn_on_call(scene, desk):
    today, week = day_parts("from_on", now() - timedelta(days=1)), day_parts("until_on", now() + timedelta(days=2))
    turn = {"staff": scene.staff["planner"], "from_time": "5pm", "until_time": "9am"}
    sent(desk("lead"), "/desk/on-call/new", **turn, **today, **week)
    page = words_of(desk("planner"), "/desk/on-call")
    assert "First Jo Planner, 01632 960100" in page
    assert "Nobody is on call" in page
    backwards = day_parts("until_on", now() - timedelta(days=3))
    assert "ends before it begins" in refused(desk("lead"), "/desk/on-call/new", **turn, **today, **backwards)
    assert "choose one from the list" in refused(
        desk("lead"), "/desk/on-call/new", **(turn | {"staff": scene.staff["records"]}), **today, **week
    )
