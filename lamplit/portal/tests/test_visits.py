"""Her visits and the shared parts of her building, as she uses them; and that nobody else's move or show."""

from datetime import timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.homes import queries as homes
from lamplit.portal.tests.scene import ME, tomasz_comes_in
from lamplit.portal.tests.test_pages import DAY, HOUR, report, send
from lamplit.portal.tests.test_report import text_of
from lamplit.repairs import actions, queries
from tests import cast


def open_diary(work, *, places: int = 1) -> None:
    sent = {"by": ME, "at": now()}
    diary = actions.record_diary(
        name="Team", trades=[work.trade], contractor=work.contractor, **sent, command="test:diary"
    )  # fmt: skip
    actions.set_capacity(
        diary=diary, parts=["am", "pm"], weekdays=list(range(7)), from_on=london_date(now()), places=places, **sent,
        command="test:capacity",
    )  # fmt: skip


def options(page: str) -> list[str]:
    return [part.split('value="')[1].split('"')[0] for part in page.split('name="slot"')[1:]]


def test_she_chooses_a_time_from_what_is_free_and_changes_it_and_nobody_else_can(signed_in):
    made, client = report(), signed_in()
    work = queries.case(made.leads, now=now()).works[0]
    path = f"/repairs/{made.leads}/book/{work.id}"
    assert client.get(path).status_code == 404  # nobody keeps a diary: planners agree a time
    assert "Choose a time for our visit" not in text_of(client.get(f"/repairs/{made.leads}"))
    open_diary(work)
    assert "Choose a time for our visit" in text_of(client.get(f"/repairs/{made.leads}"))
    free = options(client.get(path).content.decode())
    assert len(free) == 12
    assert len(options(client.get(f"{path}?later=yes").content.decode())) > 60
    assert "Choose a time from the list" in text_of(send(client, path, slot="2020-01-01.am"))
    assert send(client, path, slot=free[0])["Location"].endswith("?done=booked")
    visit = queries.case(made.leads, now=now()).visits[0]
    assert (visit.state, visit.diary is not None) == ("booked", True)
    assert client.get(path).status_code == 404
    at_visit = f"/repairs/{made.leads}/visits/{visit.id}"
    others = options(client.get(at_visit).content.decode())
    assert free[0] not in others  # the one that she has
    assert send(client, at_visit, slot=others[1])["Location"].endswith("?done=visit")
    page = text_of(client.get(f"/repairs/{made.leads}"))
    assert "You moved the visit" in page
    tomasz = tomasz_comes_in()
    for closed in (path, at_visit, f"{at_visit}/missed"):
        assert tomasz.post(closed, {}).status_code in (302, 404)
    assert queries.visit(visit.id).moved_count == 1
    assert send(client, at_visit, slot="cancel")["Location"].endswith("?done=cancelled")
    assert "Choose a time for our visit" in text_of(client.get(f"/repairs/{made.leads}"))


def test_in_one_tap_she_says_that_nobody_came_and_it_counts_against_us(signed_in):
    made, client = report(), signed_in()
    work = queries.case(made.leads, now=now()).works[0]
    visit = actions.book_visit(
        work=work.id, from_at=now() - 5 * HOUR, until_at=now() - timedelta(minutes=5), by=ME, at=now() - DAY, command="test:past"
    )
    page = client.get(f"/repairs/{made.leads}")
    assert "We have not heard how it went" in text_of(page)
    path = f"/repairs/{made.leads}/visits/{visit}/missed"
    assert client.get(path)["Location"] == f"/repairs/{made.leads}"
    assert client.post(path, {"nonce": "made-up"}).status_code == 404
    nonce = page.content.decode().split(f'action="{path}"')[1].split('name="nonce" value="')[1].split('"')[0]
    assert client.post(path, {"nonce": nonce})["Location"].endswith("?done=nobody")
    kept = queries.visit(visit)
    assert (kept.state, kept.ours) == ("missed", True)
    page = text_of(client.get(f"/repairs/{made.leads}?done=nobody"))
    assert "You told us that nobody came" in page
    assert "it counts against us" in page
    assert client.post(path, {"nonce": nonce})["Location"].endswith("?done=nobody")  # twice is once
    assert queries.repair(made.leads).missed_count == 1
    kept = queries.visits_kept(now() - DAY, now())
    assert (kept.promised, kept.kept, kept.missed) == (1, 0, 1)
    assert [row.id for row, _ in queries.visits_missed(now() - DAY, now())] == [visit]


@pytest.mark.usefixtures("landlord")
def test_the_lift_is_everybodys_and_who_told_us_is_nobodys_business(signed_in):
    client = signed_in()
    answer = send(client, "/report/shared", block=cast.BLOCK, what="lift_out", said="It stands at my floor, number 5.")
    assert "?done=shared" in answer["Location"]
    path = answer["Location"].split("?")[0]
    case = queries.case(path.rsplit("/", 1)[1], now=now())
    assert (case.repair.block, case.block.id) == (cast.BLOCK, cast.BLOCK)
    assert homes.addresses([cast.BLOCK])[cast.BLOCK][0] == "Ember Rise (shared parts)"
    tomasz = tomasz_comes_in()
    page = text_of(tomasz.get(path))
    assert "In your building: a lift that does not work" in page
    assert "Somebody told us" in page
    for private in ("number 5", "Ruth", "Adeyemi", "It stands at my floor"):
        assert private not in page
    assert "In your building" in text_of(tomasz.get("/"))
    assert "We know of this already" in text_of(tomasz.get("/report/shared"))
    shown = tomasz.get(path).content.decode()
    nonce = shown.split('me-too"')[1].split('name="nonce" value="')[1].split('"')[0]
    assert tomasz.get(f"{path}/me-too")["Location"] == path
    assert tomasz.post(f"{path}/me-too", {"nonce": nonce})["Location"].endswith("?done=me-too")
    assert queries.repair(case.repair.id).report_count == 2
    assert "It troubles me too" not in text_of(tomasz.get(path))
    work = actions.order_work(
        repair=case.repair.id, trade="electrician", what="Look at the lift", by=ME, at=now(), command="test:lift"
    )
    open_diary(queries.work(work))
    assert "Choose a time" not in text_of(client.get(path))  # no neighbour decides for all when we come
    assert client.get(f"{path}/book/{work}").status_code == 404
    ten = day_begins_at(london_date(now() + DAY)) + 10 * HOUR  # within the diary's day, whenever this runs
    visit = actions.book_visit(work=work, from_at=ten, until_at=ten + HOUR, by=ME, at=now(), command="test:lift:visit")
    assert "Change or cancel" not in text_of(client.get(path))
    assert send(client, f"{path}/visits/{visit}", slot="cancel").status_code == 404
    assert queries.visit(visit).state == "booked"
    assert "Write where it is" in text_of(send(client, "/report/shared", block=cast.BLOCK, what="lift_out", said=""))
