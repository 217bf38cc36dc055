"""At a standby a job goes to its firm by a signed link: it opens that one job for that firm, for a week, and nothing else."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from lamplit.basics.clock import now
from lamplit.config import limits, providers
from lamplit.config.audience import audience_of
from lamplit.config.forms import new_nonce
from lamplit.desk import firm_links, urls_taken_over
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, give_reach, refused, restrict, send, sent, words_of
from lamplit.reactions.providers.interface import NotSent, Outgoing, Taken
from lamplit.repairs import actions, queries
from lamplit.staff import actions as staff
from tests import cast


class Post:
    """Whoever carries e-mail. It refuses while `away`."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.away = False

    def chosen(self, channel: str) -> "Post":
        return self

    def form(self, message: Outgoing) -> None:
        return None

    def send(self, message: Outgoing, form: None) -> Taken:
        if self.away:
            raise NotSent("The mail relay does not answer.", final=False)
        self.taken.append(message)
        return Taken(receipt="queued")


@pytest.fixture
def post(scene: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A standby that has taken over, as far as these pages know."""
    made = Post()
    monkeypatch.setattr(providers, "carriers", lambda: made)
    monkeypatch.setattr(firm_links, "serves", lambda: True)
    with override_settings(ROOT_URLCONF="lamplit.config.urls_taken_over"):
        yield made


def a_job() -> tuple[Any, Any]:
    """Return a repair and a work of it that a firm has."""
    story.open_firm()
    told = story.report()
    work = next(one for one in story.works(told.repair) if one.contractor)
    firm = {"name": "Kindle", "trades": ["plumber"], "email": "jobs@kindle.example"}
    staff.record_contractor(contractor=work.contractor, **firm, by=cast.BY_PRIYA, at=now(), command="t:firm")
    return told, work


def mailed(desk: Any, post: Post, work: Any) -> str:
    """Send the job by e-mail; return the path of its link."""
    sent(desk("planner"), f"/desk/jobs/{work.id}/send", way="email")
    found = re.search(r"http://testserver(/desk/firm/\S+)", post.taken[-1].body)
    assert found is not None
    return found[1]


def test_a_job_goes_by_email_and_what_the_firm_says_is_on_the_repair(scene: Any, desk: Any, post: Post) -> None:
    told, work = a_job()
    survey = {"surveyor": scene.staff["surveyor"], "found": "A split joint behind the bath", "works": []}
    story.do(actions.record_survey, repair=told.repair, **survey)
    assert "Send it to the firm" in words_of(desk("planner"), f"/desk/jobs/{work.id}")
    post.away = True
    assert "does not answer" in refused(desk("planner"), f"/desk/jobs/{work.id}/send", way="email")
    post.away = False
    path, firm = mailed(desk, post, work), Client()
    mail = post.taken[-1]
    assert mail.to == "jobs@kindle.example"
    for personal in ("Ruth", "Ember", "07700"):
        assert personal not in mail.body + mail.subject + path, "the e-mail names no tenant and no address"
    seen = words_of(firm, path)
    assert "Ember Rise" in seen, "who has the link knows where to go"
    assert "Take this job" in seen
    assert "A split joint behind the bath" in seen, "and what the work rests on"
    sent(firm, f"{path}/accept", name="Kim Kindle")
    assert "We have written it down You take this job." in words_of(firm, f"{path}?said=accept")
    sent(firm, f"{path}/visit", slot="am", **day_parts("day", now() + timedelta(days=2)))
    assert [visit.state for visit in queries.job(work.id, staff="", contractor=work.contractor).visits] == ["booked"]
    card = {"tried": "knocked", "proof_note": "A card was left", "nonce": new_nonce()}
    for _ in range(2):  # the signal was weak, so it was pressed twice; no time was typed, so both are "now"
        sent(firm, f"{path}/no_access", **card)
    proofs = {f"proof_{kind}": "seen" for kind in [*work.needs, "note"]}
    done = send(firm, f"{path}/mended", **proofs, did="Renewed the joint", cause="Worn", electrics="tested", made_good="on")
    assert "Thank you" in done.content.decode()
    page = words_of(desk("planner"), f"/desk/repairs/{told.repair}")
    for words in ("Sent to Kindle by e-mail", "Kindle takes the job. Said by Kim Kindle", "Renewed the joint"):
        assert words in page, words
    over = firm.get(path)
    assert over.status_code == 404, "the work is done, so the link opens nothing more"
    assert "Ember" not in over.content.decode()


def test_a_firm_that_comes_later_than_the_law_allows_says_that_it_means_it_and_the_planner_reads_it(
    scene: Any, desk: Any, post: Post
) -> None:
    told, work = a_job()
    path, firm = mailed(desk, post, work), Client()
    limit = queries.law_limit(queries.repair(told.repair), now())
    assert limit is not None
    late = {"slot": "am", **day_parts("day", limit[1] + timedelta(days=1))}
    assert "This visit is too late for the law." in refused(firm, f"{path}/visit", **late)
    assert queries.case(told.repair, now=now()).visits == ()
    sent(firm, f"{path}/visit", late="on", **late)
    assert len(queries.case(told.repair, now=now()).visits) == 1
    assert "Kindle comes later than the law allows. The law’s time limit is" in words_of(
        desk("planner"), f"/desk/repairs/{told.repair}"
    )


def test_a_link_opens_one_job_of_one_firm_for_a_week_and_nothing_at_main(
    scene: Any, desk: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, work = a_job()
    path, firm = mailed(desk, post, work), Client()
    assert firm.get(path).status_code == 200
    _, _, token = path.rpartition("/")
    forged = token[:-3] + ("aaa" if token[-3:] != "aaa" else "bbb")
    for wrong in (forged, "x", token + "x", token.partition(":")[0]):
        assert firm.get(f"/desk/firm/{wrong}").status_code == 404, wrong
        assert firm.post(f"/desk/firm/{wrong}/mended", {"did": "x"}).status_code == 404, wrong
    assert firm.get(f"{path}/cancel").status_code == 404, "no other act goes by it"
    assert firm_links.opened(token, now() + firm_links.LASTS - timedelta(minutes=1)) is not None
    assert firm_links.opened(token, now() + firm_links.LASTS) is None
    give_reach(cast.RUTH, "+447700900111")
    assert "Ring on the way" in words_of(firm, path)
    restrict(cast.RUTH)
    hidden = html.unescape(firm.get(path).content.decode())
    assert "In their words" not in hidden
    assert "900111" not in hidden
    assert "Ring on the way" not in hidden
    printed = send(desk("planner"), f"/desk/jobs/{work.id}/send", way="paper")
    assert printed.content.startswith(b"%PDF")
    assert "Sent to Kindle on paper" in words_of(desk("planner"), f"/desk/repairs/{told.repair}")
    assert desk("contractor").get(f"/desk/jobs/{work.id}/send").status_code == 403
    with override_settings(ROOT_URLCONF="lamplit.config.urls"):
        assert firm.get(path).status_code == 404, "main has no such page"
    monkeypatch.setattr(firm_links, "serves", lambda: False)
    assert "Send it to the firm" not in words_of(desk("planner"), f"/desk/jobs/{work.id}")
    assert firm.get(path).status_code == 404, "a standby that gives back serves it no more"
    monkeypatch.setattr(firm_links, "serves", lambda: True)
    for _ in range(limits.LINKS_PER_ADDRESS.most):
        answer = firm.get("/desk/firm/x")
    assert answer.status_code == 429, "whoever tries links is stopped"


def test_in_a_drill_no_firm_is_written_to(scene: Any, desk: Any, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    _, work = a_job()
    monkeypatch.setattr(firm_links, "in_drill", lambda: True)
    planner, path = desk("planner"), f"/desk/jobs/{work.id}/send"
    shown = words_of(planner, path)
    assert "This is a drill, so nothing is sent." in shown
    assert "By e-mail" not in shown
    refused(planner, path, way="email")
    assert post.taken == []
    assert send(planner, path, way="paper").content.startswith(b"%PDF")


def test_each_of_these_pages_says_whom_it_is_for() -> None:
    assert [audience_of(one.callback).kind for one in urls_taken_over.urlpatterns] == ["staff", "everyone", "everyone"]
