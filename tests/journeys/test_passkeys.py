"""Passkeys in a real browser: its own device for tests makes them, our script asks it, our security policy stands."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.acting import continue_, sign_in
from tests.journeys.looking import DESK, look
from tests.journeys.settle import PASSWORD


def with_device(page: Page) -> None:
    """Plug in a device that asks for a finger and finds its passkeys by itself."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    client.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def test_a_passkey_from_setting_up_to_taking_away(window, site):
    home = site.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to a number
    email = site.who["staff"]["records"]["email"]
    page = window(viewport=DESK, base_url=home)
    with_device(page)
    sign_in(page, email)
    page.get_by_role("link", name="Your passkeys").click()
    look(page, "passkeys none")
    page.get_by_role("button", name="Set up a passkey").or_(page.get_by_role("link", name="Set up a passkey")).click()
    look(page, "passkey new")
    page.get_by_label("What do you call it?").fill("Work laptop")
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url(re.compile("/desk/(passkeys|second-step/codes)$"))
    page.goto("/desk/passkeys")
    expect(page.locator("main")).to_contain_text("Work laptop")
    look(page, "passkeys one")
    page.get_by_role("link", name=re.compile("Name it")).click()
    look(page, "passkey name")
    page.get_by_label("What do you call it?").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Old laptop")
    page.get_by_role("button", name="Set up a passkey").or_(page.get_by_role("link", name="Set up a passkey")).click()
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator("[data-passkey-said]")).to_contain_text("has a passkey of yours already")
    page.goto("/desk/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/desk/board")
    look(page, "desk sign in passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/board")
    page.goto("/desk/sign-in/again/passkey?next=/desk/passkeys")
    look(page, "passkey again")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/desk/passkeys")
    page.get_by_role("button", name="Sign out").or_(page.get_by_role("link", name="Go to the desk")).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Work e-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    continue_(page)
    look(page, "desk code or passkey")
    page.get_by_role("button", name="Use your passkey instead").click()
    page.wait_for_url(re.compile("/desk/$"))
    page.goto("/desk/passkeys")
    page.get_by_role("link", name=re.compile("Take it away")).click()
    look(page, "passkey away")
    page.get_by_role("button", name="Take it away").click()
    page.wait_for_url("**/desk/passkeys")
    expect(page.locator("main")).to_contain_text("You have none yet")
