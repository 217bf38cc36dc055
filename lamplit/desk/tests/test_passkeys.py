"""Passkeys: set up, used as both steps or as the second, named, taken away; and the link that takes two people."""

import html
import json
import re

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics.clock import now
from lamplit.desk import accounts, middleware
from lamplit.desk.tests.authenticator import Device
from lamplit.desk.tests.scene import BY, PASSWORD, SECRET, refused, send, sent, words_of
from lamplit.desk.tests.test_signing_in import SIGN_IN, account, sign_in
from lamplit.staff import actions as staff

NEW, MINE, BY_PASSKEY = "/desk/passkeys/new", "/desk/passkeys", "/desk/sign-in/passkey"


def options_of(answer) -> dict:
    """Return what a page wants a device to do."""
    return json.loads(html.unescape(re.search(r"data-options='([^']+)'", answer.content.decode())[1]))


def enrol(client: Client, device: Device, name: str = "Work laptop"):
    return client.post(NEW, {"name": name, "credential": device.create(options_of(client.get(NEW)))})


def let_in_by(device: Device, **more: str) -> Client:
    """Return a fresh browser after the device was asked on the sign-in page."""
    client = Client()
    asked = client.get(BY_PASSKEY, headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}).json()
    client.answer = client.post(BY_PASSKEY, {"credential": device.get(asked["request_options"]), **more})
    return client


def age_of_sign_in(client: Client, seconds: int) -> None:
    session = client.session
    session[middleware.SECOND_STEP] -= seconds
    session.save()


def test_a_passkey_is_both_steps_and_the_second_one_beside_a_password(scene):
    email, device, first = account(scene), Device(), Client()
    sign_in(first, email)
    assert "passkey instead" in first.get("/desk/second-step/set-up").content.decode()
    assert enrol(first, device)["Location"] == "/desk/second-step/codes"
    assert first.get("/desk/").status_code == 200, "it is her second step, so the session goes on"
    assert "Work laptop" in words_of(first, MINE)
    alone = let_in_by(device, next="/desk/board")
    assert alone.answer["Location"] == "/desk/board"
    assert alone.get("/desk/").status_code == 200
    beside = Client()
    assert sign_in(beside, email)["Location"].startswith("/desk/sign-in/code")
    shown = beside.get("/desk/sign-in/code")
    assert beside.post("/desk/sign-in/code", {"credential": device.get(options_of(shown))}).status_code == 302
    assert beside.get("/desk/").status_code == 200
    staff.shut_out(staff=scene.staff["planner"], because="left", by=BY, at=now(), command="t:shut")
    assert let_in_by(device).get("/desk/")["Location"] == f"{SIGN_IN}?why=shut"


def test_what_does_not_fit_opens_nothing(scene):
    email, device, her = account(scene), Device(), Client()
    sign_in(her, email)
    enrol(her, device)
    for wrong in ("verifies", "origin", "key", "user"):
        thief = Device(verifies=wrong != "verifies", origin="https://lamplit.evil" if wrong == "origin" else device.origin)
        thief.id, thief.user = device.id, "Nobody" if wrong == "user" else device.user
        thief.key = thief.key if wrong == "key" else device.key
        client = let_in_by(thief)
        assert client.answer["Location"] == f"{SIGN_IN}?why=passkey", wrong
        assert client.get("/desk/")["Location"].startswith(SIGN_IN), wrong
    assert "did not fit" in words_of(Client(), f"{SIGN_IN}?why=passkey")


def test_none_is_set_up_without_a_finger_or_in_a_session_that_grew_old(scene, desk):
    account(scene, totp_secret=SECRET)
    client = desk("planner")
    weak = enrol(client, Device(verifies=False))
    assert weak.status_code == 200
    age_of_sign_in(client, 301)
    assert client.get(NEW)["Location"] == "/desk/sign-in/again?next=%2Fdesk%2Fpasskeys%2Fnew"
    assert client.post("/desk/sign-in/again", {"password": PASSWORD, "next": NEW})["Location"] == NEW
    device = Device()
    assert enrol(client, device, name="")["Location"] == "/desk/second-step/codes"
    assert "Passkey 1" in words_of(client, MINE)
    assert enrol(client, device).status_code == 302
    age_of_sign_in(client, 3600)
    session = client.session
    session.pop("account_authentication_methods")
    session.save()
    assert client.post(NEW, {"credential": "{}"})["Location"].startswith("/desk/sign-in/again")
    again = client.get("/desk/sign-in/again/passkey")
    done = client.post("/desk/sign-in/again/passkey", {"credential": device.get(options_of(again)), "next": NEW})
    assert done.status_code in (200, 302), "what was sent before is taken up again"
    assert client.get(NEW).status_code == 200


def test_another_session_with_the_password_sets_up_nothing(scene):
    thief, owner, email = Client(), Client(), account(scene)
    sign_in(thief, email)
    sign_in(owner, email)
    enrol(owner, Device())
    assert thief.get(NEW)["Location"] == "/desk/second-step/set-up"
    assert "/desk/sign-in/again" in thief.get("/desk/second-step/set-up")["Location"]
    assert thief.post("/desk/second-step/set-up", {"code": "123456"})["Location"] == "/desk/sign-in/again"


def test_the_last_second_step_stays_and_others_are_named_and_taken_away(scene):
    email, client = account(scene), Client()
    sign_in(client, email)
    enrol(client, Device())
    (first,) = Authenticator.objects.filter(type="webauthn")
    assert client.post(f"{MINE}/{first.pk}/remove").status_code == 403
    assert "the last one" in client.get(f"{MINE}/{first.pk}/remove").content.decode()
    enrol(client, Device(), "Blue key")
    assert client.post(f"{MINE}/{first.pk}/name", {"name": "Old laptop"})["Location"] == MINE
    assert "Old laptop" in words_of(client, MINE)
    assert "Write what you call it" in client.post(f"{MINE}/{first.pk}/name", {"name": ""}).content.decode()
    assert client.get(f"{MINE}/{first.pk}/remove").status_code == 200
    assert client.post(f"{MINE}/{first.pk}/remove")["Location"] == MINE
    assert "Old laptop" not in words_of(client, MINE)
    other = User.objects.create(username="s_other")
    hers = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x"})
    assert client.post(f"{MINE}/{hers.pk}/remove").status_code == 404
    assert client.post(f"{MINE}/{hers.pk}/name", {"name": "mine"}).status_code == 404


def test_a_new_way_in_takes_two_people(scene, desk):
    planner, device, client = scene.staff["planner"], Device(), Client()
    ask, make = f"/desk/staff/{planner}/link", f"/desk/staff/{planner}/link/make"
    first = send(desk("admin"), ask).content.decode()
    assert "/desk/welcome/" in first, "a first link takes nothing over, so one person makes it"
    accounts.use_link(re.search(r"/desk/welcome/([\w-]+)", first)[1], PASSWORD, now())
    sign_in(client, "jo.planner@landlord.example")
    enrol(client, device)
    assert "Ask for it first" in refused(desk("lead"), make)
    sent(desk("admin"), ask)
    assert "Somebody else must make it" in words_of(desk("admin"), "/desk/staff/links")
    assert "You asked for this link yourself" in refused(desk("admin"), make)
    assert "Make the link" in words_of(desk("lead"), "/desk/staff/links")
    assert desk("planner").get(make).status_code == 403
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', desk("lead").get(make).content.decode())[1]
    made = desk("lead").post(make, {"nonce": nonce}).content.decode()
    secret = re.search(r"/desk/welcome/([\w-]+)", made)[1]
    assert Client().post(f"/desk/welcome/{secret}", {"password": "another three words"}).status_code == 302
    assert let_in_by(device).answer["Location"] == f"{SIGN_IN}?why=passkey", "what was lost opens nothing any more"
    assert "shown already" in desk("lead").post(make, {"nonce": nonce}).content.decode()
    assert "Ask for it first" in refused(desk("lead"), make)
