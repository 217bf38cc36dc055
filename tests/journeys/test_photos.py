"""Photos as people send them: on the smallest phone, without scripts, by keyboard, and from the desk."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.looking import faults_of, shoot, size
from tests.journeys.test_ways import press_on
from tests.pictures import photo, video


def file(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def pictures(page: Page) -> list[int]:
    """Return how wide the pictures of a page are. One that the browser cannot show is an error."""
    widths: list[int] = page.evaluate(
        """async () => { const seen = [...document.querySelectorAll('.lamp-photo img')];
            for (const one of seen) { one.loading = 'eager'; await one.decode() }
            return seen.map(one => one.naturalWidth) }"""
    )
    return widths


def a_repair(page: Page) -> str:
    """Open the first of her repairs. Returns its address."""
    page.goto("/repairs")
    page.locator("main a[href^='/repairs/r_']").first.click()
    page.wait_for_url("**/repairs/r_*")
    return page.url.partition("?")[0].rpartition("/")[2]


def test_she_sends_a_photo_from_the_smallest_phone_without_scripts(at_home, at_desk, site):
    page = at_home(site.who["tenant"]["email"], viewport=size(320, 640), java_script_enabled=False)
    repair = a_repair(page)
    page.get_by_role("link", name="Add a photo").click()
    page.get_by_label("Choose a photo").set_input_files(file("notes.txt", b"no photo at all"))
    page.get_by_label("What does it show?").fill("Black mould over the bed")
    page.get_by_role("button", name="Send the photo").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("We cannot read this kind of file")
    expect(page.get_by_label("What does it show?")).to_have_value("Black mould over the bed")
    assert not faults_of(page)
    shoot(page, "photo refused")
    page.get_by_label("Choose a photo").set_input_files(file("IMG_1.heic", photo("heic", size=(1_200, 900), turned=6)))
    page.get_by_role("button", name="Send the photo").click()
    page.wait_for_url("**/repairs/r_*done=photo")
    expect(page.get_by_role("img", name="Black mould over the bed")).to_be_visible()
    assert not faults_of(page)
    shoot(page, "photo kept")
    staff = at_desk("planner")
    staff.goto(f"/desk/repairs/{repair}")
    assert all(pictures(staff))
    assert not faults_of(staff)
    shoot(staff, "photos at the desk")
    staff.get_by_role("link", name="Larger photo 1").first.click()
    staff.wait_for_url("**/large")
    assert staff.evaluate("document.images[0].naturalWidth") > 320


def test_the_desk_adds_one_by_keyboard(at_desk, at_home, site):
    hers = at_home(site.who["tenant"]["email"], viewport=size(320, 640))
    repair = a_repair(hers)
    page = at_desk("lead")
    page.goto(f"/desk/repairs/{repair}")
    press_on(page, "Add a photo")
    page.wait_for_url("**/photo")
    assert not faults_of(page)
    shoot(page, "photo form at the desk")
    page.get_by_label("Choose a photo").set_input_files(file("before.png", photo("png", size=(900, 600))))
    page.get_by_label("What does it show?").fill("The pipe under the sink")
    press_on(page, "Add it")
    page.wait_for_url(f"**/desk/repairs/{repair}")
    expect(page.get_by_role("img", name="The pipe under the sink")).to_be_visible()
    hers.reload()
    expect(hers.get_by_role("img", name="The pipe under the sink")).to_be_visible()
    assert all(pictures(hers))
    assert not faults_of(hers)
    shoot(hers, "photos with hers")
    page.goto(f"/desk/repairs/{repair}/photo")
    page.get_by_label("Choose a photo").set_input_files({"name": "drip.mp4", "mimeType": "video/mp4", "buffer": video()})
    page.get_by_label("What does it show?").fill("The pipe drips")
    press_on(page, "Add it")
    page.wait_for_url(f"**/desk/repairs/{repair}")
    expect(page.locator("video[aria-label='The pipe drips']")).to_be_visible()
    assert not faults_of(page)
    shoot(page, "a video at the desk")
    page.get_by_role("link", name="The file as it came").last.click()
    page.wait_for_url("**/original/*")
    assert not faults_of(page)
    shoot(page, "the file as it came")
