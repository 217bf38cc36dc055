"""`lamplit staff links`: after a loss no password works, and two people let everybody set up a new way in."""

import re

import pyrage
import pytest
from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics.clock import now
from lamplit.config import place
from lamplit.desk import accounts
from lamplit.desk.tests.scene import BY, PASSWORD, open_scene
from lamplit.staff import actions
from lamplit.staff.models import Staff

NEW = "four green herons sleep"


@pytest.fixture
def two(installed, tmp_path):
    """Ada has the custodian's key, Ben the copy of the log's."""
    (tmp_path / "log-copy").write_bytes((place.key_folder() / "log").read_bytes())
    (tmp_path / "log-copy").chmod(0o600)
    return "--by", f"Ada Brook={tmp_path / 'custodian'}", "--by", f"Ben Carr={tmp_path / 'log-copy'}"


def test_two_people_end_every_way_in_and_each_gets_a_letter(installed, two, lamplit, tmp_path):
    scene = open_scene()
    planner, gone = scene.staff["planner"], scene.staff["surveyor"]
    accounts.make_account(planner, "p@harbour.example", PASSWORD)
    old = accounts.make_link(gone, made_by=str(BY), at=now())
    actions.shut_out(staff=gone, because="left", by=BY, at=now(), command="test:gone")
    browser = scene.browser("lead")
    assert browser.get("/desk/").status_code == 200
    code, out, err = lamplit("staff", "links", *two, "--into", str(tmp_path / "letters"))
    assert code == 0, err
    assert "Ada Brook and Ben Carr agreed" in out
    letters = sorted((tmp_path / "letters").iterdir())
    assert len(letters) == Staff.objects.filter(shut=False).count()
    assert {file.stat().st_mode & 0o777 for file in letters} == {0o600}
    assert not User.objects.get(username=planner).check_password(PASSWORD)
    assert browser.get("/desk/")["Location"].startswith("/desk/sign-in")  # her session ended too
    assert Client().get(f"/desk/welcome/{old}").status_code == 404
    letter = next(file.read_text() for file in letters if file.stem.endswith(planner[-4:]))
    path = re.search(r"(/desk/welcome/\S+)", letter)[1]
    client = Client()
    assert client.post(path, {"password": NEW, "again": NEW})["Location"].startswith("/desk/sign-in")
    assert client.get(path).status_code == 404  # it works once
    row = Staff.objects.get(id=planner)
    assert row.link_given_at <= row.link_used_at
    assert [b'"kind":"staff.link_used"' in raw for raw in _sealed(installed)].count(True) == 1
    assert lamplit("staff", "links", *two, "--into", str(tmp_path / "letters"))[0] == 1  # not empty


def _sealed(installed):
    installed.seal()
    return installed.entries()


def test_one_person_alone_opens_nothing(installed, two, lamplit, tmp_path):
    open_scene()
    installed.seal()
    before = installed.entries()
    stranger = tmp_path / "stranger"
    stranger.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    into = ("--into", str(tmp_path / "letters"))
    ada, ben = two[:2], two[2:]
    for by, code, words in [
        (ada, 2, "Two people must agree"),
        ((*ada, "--by", f"ada brook={tmp_path / 'log-copy'}"), 2, "these are one name"),
        ((*ada, "--by", f"Ben Carr={tmp_path / 'custodian'}"), 1, "hold the same key"),
        ((*ada, "--by", f"Ben Carr={stranger}"), 1, "no key of a custodian"),
        ((*ben, "--by", f"Eve={place.key_folder() / 'log'}"), 1, "stands on this machine"),
        ((*ada, "--by", "Ben Carr=/nowhere"), 2, "cannot be read"),
    ]:
        done, _, err = lamplit("staff", "links", *by, *into)
        assert (done, words in err) == (code, True), err
    installed.seal()
    assert installed.entries() == before
