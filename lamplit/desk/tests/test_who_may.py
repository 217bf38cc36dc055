"""Every page as every role: whoever may not see it is told so, and outside firms see their own jobs only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.config.audience import audience_of
from lamplit.config.tests.test_audience import every_address
from lamplit.config.tokens import digest_of, new_secret
from lamplit.desk import urls
from lamplit.desk.tests import scene as scenes
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import ROLES, restrict
from lamplit.desk.tests.story import do
from lamplit.desk.views.acts import ACTS
from lamplit.reactions import chasing
from lamplit.staff import actions
from lamplit.staff import queries as staff
from lamplit.tenancies import actions as tenancies
from tests import cast
from tests.bench.visiting import tenant

# Address parts that are no ids, with values that exist; and what an id of a page is called in the story.
WORDS = {"what": "need", "outcome": "mended", "kind": "contact", "size": "large", "step": "answer", "service": "phones"}
SLUGS = {"work_act": "book", "act": "note"}


LINK = re.compile(r'<(?:a|form)\b[^>]*(?:href|action)="(/desk/[^"?#]*)')
# Pages to which a link leads in a state that the story is not in: a proof that is ready, a home that is empty, a merge without
# its second person, a list that asks first why it is opened; or to which what somebody did leads on.
LED_TO = {
    "agree_planted", "choose_missed", "close_charges", "confirm_link", "confirm_merge", "confirm_not_gone", "credit_days",
    "desk_summary", "doubt_debits", "end_planted", "explain_look", "go_on_debit", "held_letters", "leave_out_debit", "let_home",
    "look_at_hold", "merge", "open_account",
    "propose_planted",
    "protect_account", "prove", "prove_reach", "record_other_proof", "record_proof", "reported", "set_up_debit",
    "summary_handed_over", "take", "take_off_line", "trust_debits", "unmerge", "waiting_messages", "write_summary",
}  # fmt: skip


def addresses(made: dict[str, str]) -> dict[str, str]:
    """Return every page of staff by its name, each with ids that exist."""
    found = {}
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        declared = audience_of(pattern.callback)
        if declared.kind != "staff" or pattern.name.startswith(("mfa", "account_re")):
            continue
        known = made | WORDS | {"name": SLUGS.get(pattern.name)}
        known["about"] = made["contact"]
        known["note"] = made["home_note" if pattern.name == "change_home_note" else "note"]
        known["number"] = made["posted" if pattern.name == "take_off_line" else "number"]
        known["repair"] = made["mould" if "summary" in pattern.name else "repair"]
        filled = {key: known[key] for key in pattern.pattern.converters}
        found[pattern.name] = "/desk/" + _fill(str(pattern.pattern), filled)
    return found


def _fill(route: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        route = route.replace(f"<id:{key}>", value).replace(f"<slug:{key}>", value).replace(f"<int:{key}>", value)
    return route


def test_every_address_of_the_desk_says_whom_it_is_for():
    for pattern in urls.urlpatterns:
        assert audience_of(pattern.callback) is not None, pattern.name


@pytest.mark.timeout(400)
def test_every_page_as_every_role(scene, desk):
    made = story.everything(scene)
    pages = addresses(made)
    assert len(pages) > 55
    wrong: list[Any] = []
    links: dict[str, set[str]] = {name: set() for name in pages}
    # A page is drawn again for whoever may do something on it that nobody before could; everybody else is only kept out.
    drawn: dict[str, set[str]] = {name: set() for name in pages}
    for role in sorted(ROLES, key=lambda role: -len(staff.allowed([role]))):
        client, may = desk(role), set(staff.allowed([role]))
        for name, path in pages.items():
            declared = next(audience_of(p.callback).permission for p in urls.urlpatterns if p.name == name)
            allowed = staff.may(scene.staff[role], declared) and _act_allowed(name, role)
            if allowed and may <= drawn[name]:
                continue
            if not allowed and client.post(path, {}).status_code != 403:
                wrong.append((role, name, path, "sent", 403))
            drawn[name] |= may if allowed else set()
            answer = client.get(f"{path}?person={cast.RUTH}" if name in ("contact", "new_complaint") else path)
            expected = {200, 302, 303} if allowed else {403}
            # An admin may look at jobs of her own, and has none.
            expected = {404} if role == "admin" and name in ("job", "job_picture") else expected
            # A run that waits for its second person is taken back, not closed.
            expected = {404} if allowed and name == "close_charges" else expected
            if answer.status_code not in expected:
                wrong.append((role, name, path, answer.status_code, expected))
            if answer.status_code == 200 and not answer.streaming:
                links[name] |= set(LINK.findall(answer.content.decode(errors="ignore")))
    assert wrong == []
    assert sorted(set(pages) - reached(links) - LED_TO) == [], "pages to which no link leads from the first one"


def reached(links: dict[str, set[str]]) -> set[str]:
    """Return the pages to which links lead from the desk's first page, whoever follows them."""
    names = {path: resolve(path).url_name for found in links.values() for path in found if path.startswith("/desk/")}
    there, ahead = {"queue"}, ["queue"]
    while ahead:
        for path in links.get(ahead.pop(), ()):
            if names[path] not in there:
                there.add(names[path])
                ahead.append(names[path])
    return there


def _act_allowed(name: str, role: str) -> bool:
    """Pages with several permissions inside: the one of what is tried."""
    inside = {"act": ACTS["note"].permission, "work_act": "book_visit"}.get(name)
    return inside is None or inside in staff.allowed([role])


def test_nobody_without_a_session_sees_any_page(scene, client_of_nobody):
    for path in addresses(story.everything(scene)).values():
        assert client_of_nobody.get(path)["Location"].startswith("/desk/sign-in"), path
        assert client_of_nobody.post(path)["Location"].startswith("/desk/sign-in"), path


def test_who_came_in_by_one_door_is_let_through_no_other(scene, desk):
    """A tenant asks for the desk and for messages of firms, staff for the pages of tenants, a firm's system for both."""
    secret = new_secret()
    until = now().date() + timedelta(days=9)
    do(actions.give_token, contractor=cast.KINDLE, digest=digest_of(secret), label="Planner", expires_on=until)
    doors = {
        "tenant": tenant(cast.TOMASZ),
        "staff": desk("lead"),
        "system": Client(headers={"Authorization": f"Bearer {secret}"}),
    }
    let_in = []
    for own, client in doors.items():
        closed = [(path, audience_of(one.callback)) for path, one in every_address()]
        for path, declared in closed:
            if declared is None or declared.kind in ("everyone", own):
                continue
            for ask in (client.get, client.post):
                answer = ask(path)
                led = answer.status_code == 302 and re.match(r"/(desk/)?sign-in\b", answer["Location"])
                if not led and answer.status_code not in (401, 403):
                    let_in.append((own, path, answer.status_code))
        assert len([one for _, one in closed if one is not None and one.kind not in ("everyone", own)]) > 10
    assert let_in == []


@pytest.fixture
def client_of_nobody():
    return Client()


def test_another_firms_jobs_are_not_there(scene, desk):
    made = story.everything(scene)
    job, outcome = f"/desk/jobs/{made['work']}", f"/desk/jobs/{made['work']}/outcome/mended"
    for path in (job, outcome, f"{job}/take"):
        assert desk("stranger").get(path).status_code == 404
        assert desk("stranger").post(path, {}).status_code == 404
    assert desk("operative").get(job).status_code == 200
    assert desk("contractor").get(outcome).status_code == 200
    assert made["work"] not in desk("stranger").get("/desk/visits").content.decode()
    assert made["work"] in desk("contractor").get("/desk/visits").content.decode()
    assert made["work"] in desk("operative").get("/desk/visits").content.decode()


def test_an_operative_of_ours_sees_only_visits_that_were_given_to_her(scene, desk):
    made = story.everything(scene)
    from lamplit.staff import actions

    own = story.do(actions.join_staff, scenes.BY, name="Ola Own", email="ola@landlord.example", roles=["operative"])
    browser = scenes.signed_in(own)
    assert browser.get(f"/desk/jobs/{made['work']}").status_code == 404
    visit = story.book(made["work"], days=1, operative=own)
    assert visit
    assert browser.get(f"/desk/jobs/{made['work']}").status_code == 200


def test_ids_of_nothing_are_not_there(scene, desk):
    made = dict.fromkeys(story.everything(scene), "x_00000000000000000000")
    for name, path in addresses(made).items():
        if "x_0" in path:
            assert desk("lead").get(path).status_code in (404, 403), name


def test_of_somebody_restricted_only_few_see_anything(scene, desk):
    made = story.everything(scene)
    restrict(cast.RUTH)
    for path in (f"/desk/people/{cast.RUTH}", f"/desk/people/{cast.RUTH}/correct", f"/desk/contact?person={cast.RUTH}"):
        for role in ("contact_centre", "planner", "surveyor", "complaints", "records"):
            answer = desk(role).get(path)
            assert answer.status_code in (403, 404), (role, path)
            assert "07700" not in answer.content.decode()
    stub = desk("contact_centre").get(f"/desk/people/{cast.RUTH}").content.decode()
    assert "Ring the safeguarding lead" in stub
    assert "Adeyemi" not in stub
    assert "Ember Rise" not in stub
    for role in ("housing_officer", "lead"):
        scenes.sent(desk(role), f"/desk/people/{cast.RUTH}/why", why="She rang")
        assert "Adeyemi" in desk(role).get(f"/desk/people/{cast.RUTH}").content.decode()
    repair = desk("planner").get(f"/desk/repairs/{made['repair']}").content.decode()
    assert "Adeyemi" not in repair.replace("Ife Adeyemi", "").replace("Mia Adeyemi", "")
    assert "7700900005" not in repair
    home = desk("planner").get(f"/desk/homes/{cast.RUTHS_HOME}").content.decode()
    assert "Ring the safeguarding lead" in home
    assert "Ruth" not in home
    queue = desk("planner").get("/desk/?f=promises").content.decode()
    assert "Ring her back" not in queue
    assert desk("planner").get(f"/desk/promises/{made['promise']}").status_code == 403
    assert desk("complaints").get(f"/desk/complaints/{made['complaint']}").status_code == 403
    assert desk("planner").get(f"/desk/messages/{made['message']}").status_code == 403
    assert "Your repair" not in desk("planner").get("/desk/messages").content.decode()


def test_of_the_rent_of_somebody_restricted_only_few_see_where_it_is(scene, desk):
    """As long as the tenancy runs, and when it has ended: neither her pages nor any list says where she lives or lived."""
    made = story.everything(scene)
    at = now()
    chasing.note_all(at)
    restrict(cast.RUTH)
    pages = {name: path for name, path in addresses(made).items() if "/desk/rent" in path or "/desk/money" in path}
    hers = {name: path for name, path in pages.items() if cast.RUTHS_TENANCY in path or name in ("refund", "withdraw_refund")}
    assert len(hers) > 20
    finance, page = desk("finance"), f"/desk/rent/{cast.RUTHS_TENANCY}"
    assert [finance.get(path).status_code for path in (page, f"{page}/hold", f"{page}/debit")] == [403, 403, 403]
    assert "5 Ember Rise" not in finance.get(pages["charge_run"]).content.decode()
    yesterday = london_date(at) - timedelta(days=1)
    tenancies.end_tenancy(tenancy=cast.RUTHS_TENANCY, ended_on=yesterday, by=scenes.BY, at=at, command="t:end")
    answers = {name: finance.get(path) for name, path in pages.items()}
    assert [name for name in hers if answers[name].status_code not in (403, 404)] == []
    told = {name: answer.content.decode() for name, answer in answers.items()}
    assert [name for name, words in told.items() if "5 Ember Rise" in words or "Adeyemi" in words] == []
    assert "A home that is kept for few" in told["rent_asked"]
    assert "5 Ember Rise" in desk("lead").get(pages["rent_asked"]).content.decode()


def test_the_search_box_tells_nothing_of_somebody_restricted(scene, desk):
    restrict(cast.RUTH)
    ask = lambda role, text: desk(role).post("/desk/search", {"q": text}).content.decode()  # noqa: E731 - two words, used below
    assert "ring the safeguarding lead" in ask("contact_centre", "ruth adeyemi")
    nearest = ask("contact_centre", "rafe adeyemi")
    assert "ring the safeguarding lead" in nearest
    assert "another differs: Ruth" not in nearest
    for text in ("07700 900005", "ZZ1 1AA", "5 Ember Rise", "Adeyemi 5 Ember Rise"):
        assert "Ruth A" not in ask("contact_centre", text)
        assert "Ruth A" in ask("lead", text)


def test_everything_that_is_mounted_at_the_desk_is_in_its_own_list():
    at_desk = [p for p in get_resolver().url_patterns if str(p.pattern) == "desk/"]
    assert len(at_desk) == 1
