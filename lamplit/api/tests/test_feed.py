"""What changed since a firm's system asked last: oldest first, each once, its own jobs alone, and nothing passed over."""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

import pytest
from django.db import connection

from lamplit.api import feed
from lamplit.basics.clock import LONDON, now
from lamplit.basics.who import person
from lamplit.basics.working_days import london_date
from lamplit.record.settled import seen_until
from lamplit.repairs import actions, queries
from lamplit.repairs.queries import news
from lamplit.staff import actions as staff
from tests import cast

DAY = timedelta(days=1)
LONG_AGO = "2020-01-01T00:00:00Z"


def ask(firm, after=None, secret=None):
    answer = firm.get(f"messages?after={quote(after)}" if after is not None else "messages", secret)
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(answer):
    return [(one["name"], one["message"].get("OtherType"), one["by"]) for one in answer["messages"]]


def morning(days):
    day = london_date(now()) + days * DAY
    return {"from_at": datetime.combine(day, time(8), LONDON), "until_at": datetime.combine(day, time(13), LONDON)}


def test_a_place_is_described_as_it_is_written_and_as_it_is_read(firm):
    described = firm.get("openapi.json").json()["paths"]["/api/v1/messages"]["get"]["parameters"][0]["schema"]["anyOf"][0]
    for place in (ask(firm)["next"], ""):
        assert re.search(described["pattern"], place)
        ask(firm, place)
    for wrong in ("å", "12", "12.e_1"):
        assert not re.search(described["pattern"], wrong)
        assert firm.get(f"messages?after={quote(wrong)}").status_code == 422


def test_a_system_begins_now_and_reads_on(firm, tell):
    begun = ask(firm)
    assert (begun["messages"], begun["more"]) == ([], False)
    assert ask(firm, begun["next"]) == begun
    order = {"repair": firm.repair, "trade": "electrician", "what": "Test the socket", "contractor": cast.KINDLE}
    work = tell(actions.order_work, **order)
    visit = tell(actions.book_visit, work=work, **morning(1))
    asked = {"WorkOrderReference": {"ID": work}, "AppointmentReference": {"ID": f"{london_date(now()) + 2 * DAY}/AM"}}
    assert firm.send("requestAppointment", asked).status_code == 200
    tell(actions.cancel_visit, visit=visit, ours=False, by=person(cast.RUTH))
    tell(actions.cancel_work, work=work, why="there is no socket")
    first = ask(firm, begun["next"])
    assert told(first) == [
        ("ScheduleRepair", None, "landlord"), ("RequestAppointment", None, "landlord"), ("JobStatusUpdate", "moved", "system"),
        ("JobStatusUpdate", "visitCancelled", "household"), ("JobStatusUpdate", "cancel", "landlord"),
    ]  # fmt: skip
    assert {(one["workOrder"], one["repair"]) for one in first["messages"]} == {(work, firm.reference)}
    assert len({one["id"] for one in first["messages"]}) == 5
    assert ask(firm, begun["next"]) == first
    assert ask(firm, first["next"]) == {"messages": [], "next": first["next"], "more": False}


def test_a_moment_is_taken_too_and_what_is_neither_is_refused(firm):
    assert told(ask(firm, LONG_AGO)) == [("ScheduleRepair", None, "landlord")]
    assert ask(firm, "2020-01-01T00:00:00") == ask(firm, LONG_AGO)
    for wrong in ("yesterday", "xyz.", "0001-01-01T00:00:00+14:00", "fffffffffffffff.", "12.e_short"):
        answer = firm.get(f"messages?after={quote(wrong)}")
        assert (answer.status_code, answer.json()["code"]) == (422, "api.no_such_place"), wrong


def test_another_firms_jobs_are_not_told_and_its_visit_to_one_is_enough(firm, let_in, tell):
    other = tell(staff.record_contractor, name="Other Firm", trades=["roofer"])
    theirs = let_in(other)
    assert ask(firm, LONG_AGO, theirs)["messages"] == []
    assert firm.send("messages", "{}").status_code == 405
    tell(actions.book_visit, work=firm.work, contractor=other, **morning(1))
    assert told(ask(firm, LONG_AGO, theirs)) == [("ScheduleRepair", None, "landlord"), ("RequestAppointment", None, "landlord")]
    assert firm.get("messages", "lamplit_wrong").status_code == 401


def test_of_somebody_restricted_no_message_tells_the_number(firm, tell):
    from lamplit.people import actions as people
    from lamplit.people.facts import PersonNote

    (before,) = ask(firm, LONG_AGO)["messages"]
    assert before["message"]["Customer"]["Person"]["Communication"][0]["Value"]
    tell(people.note_person, person=cast.RUTH, about=PersonNote(what="restricted", code="abuse", source="She told us"))
    (after,) = ask(firm, LONG_AGO)["messages"]
    assert after["message"] == {name: said for name, said in before["message"].items() if name != "Customer"}
    assert "Customer" not in firm.get(f"workOrders/{firm.work}/messages/scheduleRepair").json()


def test_what_their_people_did_at_the_desk_is_said_to_be_theirs(firm, tell):
    from lamplit.basics.who import staff as by_staff

    one = tell(staff.join_staff, name="Kit", email="kit@kindle.example", roles=["contractor"], contractor=cast.KINDLE)
    tell(actions.book_visit, work=firm.work, by=by_staff(one), **morning(1))
    assert told(ask(firm, LONG_AGO))[-1] == ("RequestAppointment", None, "people")


def test_a_paper_that_is_keyed_late_is_told_when_it_is_written(firm, tell):
    begun = ask(firm)
    came = now() - timedelta(hours=2)
    tell(
        actions.attend_visit, work=firm.work, outcome="mended", arrived_at=came, did="New washer", evidence=["note: dry"], at=came
    )
    (one,) = ask(firm, begun["next"])["messages"]
    assert (one["name"], one["message"]["JobStatusUpdates"][0]["EventTime"]) == ("WorkOrderComplete", one["at"])
    assert datetime.fromisoformat(one["at"]) == came.replace(microsecond=0)


def test_pages_are_bounded_and_leave_nothing_out(firm, tell, monkeypatch):
    for number in range(5):
        tell(actions.order_work, repair=firm.repair, trade="plumber", what=f"Tap {number}", contractor=cast.KINDLE)
        tell(actions.order_work, repair=firm.repair, trade="roofer", what=f"Tile {number}")
    whole = ask(firm, LONG_AGO)["messages"]
    assert len(whole) == 6
    for name, value in (("MOST", 2), ("LOOK", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(feed if name == "MOST" else news, name, value)
            found, after, answers = [], LONG_AGO, 0
            while True:
                page = ask(firm, after)
                assert len(page["messages"]) <= value
                found, after, answers = found + page["messages"], page["next"], answers + 1
                if not page["more"]:
                    break
        assert found == whole
        assert answers > 2


def test_nothing_is_passed_over_while_an_older_page_is_still_being_written(firm, tell, landlord):
    begun = ask(firm)
    at = now()
    assert seen_until(at) == at
    with landlord.connect("app") as other, other.transaction():
        other.execute("SELECT pg_current_xact_id()")  # it writes: what it says was written now is seen when it ends
        tell(actions.book_visit, work=firm.work, **morning(1))
        assert seen_until(now()) < now() - timedelta(microseconds=1)
        waiting = ask(firm, begun["next"])
        assert (waiting["messages"], waiting["next"]) == ([], begun["next"])
    assert told(ask(firm, begun["next"])) == [("RequestAppointment", None, "landlord")]


def test_past_the_limit_on_looking_the_feed_gives_no_data_and_stays_where_it_is(firm):
    from lamplit.config.models import Look
    from lamplit.staff import queries as staff_read

    most = next(hour for role, hour, _ in staff_read.policy_on_looking(now().date()) if role == "system")
    Look.objects.bulk_create(
        Look(reader=f"contractor:{cast.KINDLE}", at=now(), person=f"p_{number:020}", via="system", about="", count=1)
        for number in range(most)
    )
    for path in (f"messages?after={LONG_AGO}", f"workOrders/{firm.work}/messages/raiseRepair"):
        answer = firm.get(path)
        assert (answer.status_code, set(answer.json())) == (429, {"status", "detail"})
    Look.objects.all().delete()
    assert len(ask(firm, LONG_AGO)["messages"]) == 1


def test_a_mark_is_read_as_it_was_spelt():
    mark = queries.Mark(datetime(2026, 12, 1, 8, 0, 0, 1, tzinfo=UTC), "e_" + "0" * 20)
    assert feed.mark_of(feed.spell(mark)) == mark
    assert feed.mark_of("") is None


def test_it_goes_by_the_index_and_not_through_the_table(firm):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM happening WHERE work IS NOT NULL AND recorded_at >= now() AND recorded_at < now()"
            " AND kind = ANY(%s) ORDER BY recorded_at, id LIMIT 2000",
            [list(news.KINDS)],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "happening_of_work" in plan, plan
    assert "Sort" not in plan, plan


@pytest.mark.parametrize("kind", news.KINDS)
def test_each_kind_that_is_told_can_be_said(kind):
    from lamplit.api import updates

    assert kind == "visit.attended" or kind in updates._SAYS
