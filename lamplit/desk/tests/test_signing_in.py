"""Staff come in by e-mail, password and code, and in no other way."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics.clock import now
from lamplit.desk import accounts, middleware
from lamplit.desk.tests.scene import BY, PASSWORD, SECRET, Scene
from lamplit.staff import actions as staff
from lamplit.staff import queries

SIGN_IN = "/desk/sign-in"


def code_of(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30 + steps))


def account(scene: Scene, role: str = "planner", **options: str) -> str:
    email = str(queries.member(scene.staff[role]).email)
    accounts.make_account(scene.staff[role], email, PASSWORD, **options)
    return email


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def test_password_and_code_open_the_desk(scene):
    client, email = Client(), account(scene, totp_secret=SECRET)
    first = sign_in(client, email, next="/desk/board")
    assert first["Location"].startswith("/desk/sign-in/code")
    assert client.get("/desk/")["Location"].startswith(SIGN_IN)
    second = client.post(first["Location"], {"code": code_of(), "next": "/desk/board"})
    assert second["Location"] == "/desk/board"
    assert client.get("/desk/").status_code == 200
    assert accounts.last_seen()[scene.staff["planner"]] > now() - timedelta(minutes=1)


def test_a_password_alone_opens_nothing(scene):
    client, email = Client(), account(scene)
    sign_in(client, email)
    for path in ("/desk/", "/desk/search", "/desk/board", "/desk/sign-in/again"):
        assert client.get(path)["Location"] == "/desk/second-step/set-up"


def test_the_first_sign_in_leads_through_setting_up_codes(scene):
    client, email = Client(), account(scene)
    sign_in(client, email)
    shown = client.get("/desk/second-step/set-up").content.decode()
    assert "<svg" in shown
    assert "style=" not in shown
    secret = re.search(r"<code>([A-Z2-7]+)</code>", shown)[1]
    wrong = client.post("/desk/second-step/set-up", {"code": "000000"})
    assert "That code does not fit" in wrong.content.decode()
    done = client.post("/desk/second-step/set-up", {"code": code_of(secret)})
    assert done["Location"] == "/desk/second-step/codes"
    codes = client.get("/desk/second-step/codes").content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", codes)) == 10
    assert not re.findall(r"<li><code>", client.get("/desk/second-step/codes").content.decode())
    assert client.get("/desk/").status_code == 200
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_another_session_with_the_password_gains_nothing_when_codes_are_set_up(scene):
    thief, owner, email = Client(), Client(), account(scene)
    sign_in(thief, email)
    sign_in(owner, email)
    accounts.TOTP.activate(User.objects.get(username=scene.staff["planner"]), SECRET)
    assert thief.get("/desk/")["Location"] == "/desk/second-step/set-up"
    assert "/desk/sign-in/again" in thief.get("/desk/second-step/set-up")["Location"]
    assert thief.get("/desk/sign-in/again")["Location"] == "/desk/second-step/set-up"


def test_a_recovery_code_works_once(scene):
    client, email = Client(), account(scene)
    sign_in(client, email)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", client.get("/desk/second-step/set-up").content.decode())[1]
    client.post("/desk/second-step/set-up", {"code": code_of(secret)})
    Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    assert client.get("/desk/second-step")["Location"] == "/desk/second-step/codes/new", "whoever has none makes some"
    client.post("/desk/second-step/codes/new")
    kept = re.findall(r"<li><code>(\d{8})</code>", client.get("/desk/second-step/codes").content.decode())
    for expected in (302, 200):
        other = Client()
        sign_in(other, email)
        assert other.post("/desk/sign-in/code", {"code": kept[0]}).status_code == expected


@pytest.mark.parametrize("wrong", ["nobody@landlord.example", "planner"])
def test_wrong_details_say_the_same_whoever_it_is(scene, wrong):
    email = account(scene)
    answer = sign_in(Client(), email if wrong == "planner" else wrong, "not the password")
    assert "do not fit together" in answer.content.decode()


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(scene):
    email = account(scene, totp_secret=SECRET)
    for _ in range(5):
        sign_in(Client(), email, "not the password")
    assert "You have tried this many times" in sign_in(Client(), email).content.decode()


def test_whoever_is_shut_out_cannot_sign_in_and_loses_her_session_at_once(scene, desk):
    email, client = account(scene, totp_secret=SECRET), desk("planner")
    assert client.get("/desk/").status_code == 200
    staff.shut_out(staff=scene.staff["planner"], because="left", by=BY, at=now(), command="t:shut")
    assert client.get("/desk/")["Location"] == f"{SIGN_IN}?why=shut"
    assert "Your account is shut" in client.get(f"{SIGN_IN}?why=shut").content.decode()
    assert "do not fit together" in sign_in(Client(), email).content.decode()


def test_a_session_ends_when_nobody_is_there(scene, desk):
    client = desk("planner")
    client.get("/desk/")
    session = client.session
    session[middleware.SEEN] -= middleware.IDLE_SECONDS + 1
    session.save()
    assert client.get("/desk/search?q=x")["Location"] == f"{SIGN_IN}?why=idle&next=%2Fdesk%2Fsearch%3Fq%3Dx"
    assert client.get("/desk/")["Location"].startswith(SIGN_IN)


def test_a_session_ends_after_a_working_day(scene, desk):
    client = desk("planner")
    client.get("/desk/")
    session = client.session
    session[middleware.BEGAN] -= middleware.LONGEST_SECONDS + 1
    session.save()
    assert "why=idle" in client.get("/desk/")["Location"]


def test_nobody_signs_up_or_switches_codes_off(scene, desk):
    assert Client().get("/desk/sign-up").status_code == 404
    assert desk("planner").get("/desk/second-step/off").status_code == 404


def test_signing_out_ends_the_session(scene, desk):
    client = desk("planner")
    assert client.get("/desk/sign-out").status_code == 200
    assert client.post("/desk/sign-out")["Location"] == SIGN_IN
    assert client.get("/desk/")["Location"].startswith(SIGN_IN)


def test_a_link_sets_a_password_once_and_asks_for_new_codes(scene):
    email = account(scene, totp_secret=SECRET)
    secret = accounts.make_link(scene.staff["planner"], made_by="s_x", at=now())
    path = f"/desk/welcome/{secret}"
    assert "at least 12" in Client().post(path, {"password": "short"}).content.decode()
    assert Client().post(path, {"password": "another three words"})["Location"] == f"{SIGN_IN}?why=chosen"
    assert Client().get(path).status_code == 404
    client = Client()
    sign_in(client, email, "another three words")
    assert client.get("/desk/")["Location"] == "/desk/second-step/set-up"


def test_a_link_runs_out_and_is_nothing_for_somebody_shut_out(scene):
    old = accounts.make_link(scene.staff["planner"], made_by="s_x", at=now() - timedelta(hours=25))
    assert Client().get(f"/desk/welcome/{old}").status_code == 404
    fresh = accounts.make_link(scene.staff["planner"], made_by="s_x", at=now())
    staff.shut_out(staff=scene.staff["planner"], because="left", by=BY, at=now(), command="t:shut2")
    assert Client().post(f"/desk/welcome/{fresh}", {"password": "another three words"}).status_code == 200
    assert not User.objects.filter(username=scene.staff["planner"]).exists()
