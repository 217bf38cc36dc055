"""The door by hand of a firm's system: what it may see, what its messages do, and what they cannot do."""

import json
from datetime import timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.repairs import queries
from lamplit.staff import actions as staff
from lamplit.staff import queries as staff_read
from tests import cast


def lines(firm):
    case = queries.case(firm.repair, now=now())
    return [(line.kind, line.by) for line in case.timeline]


def test_a_firm_sees_its_own_jobs_and_no_others(firm, let_in, tell):
    listed = firm.get("workOrders").json()["workOrders"]
    assert [one["message"]["Reference"][0]["ID"] for one in listed] == [firm.work]
    one = firm.get(f"workOrders/{firm.work}").json()
    assert one == listed[0]
    assert one["message"]["Site"]["Property"][0]["Address"]["AddressLine"] == ["5 Ember Rise", "Lampton"]
    other = tell(staff.record_contractor, name="Other Firm", trades=["roofer"])
    theirs = let_in(other)
    assert firm.get("workOrders", theirs).json() == {"workOrders": []}
    assert firm.get(f"workOrders/{firm.work}", theirs).status_code == 404
    for named in (firm.work, firm.reference):
        answer = firm.send("jobStatusUpdate", {"RelatedWorkOrderReference": {"ID": named}, "Comments": "x"}, theirs)
        assert answer.status_code == 404
        assert answer.json()["code"] == "api.no_such_job"


def test_nobody_comes_in_without_an_open_token(firm, tell):
    for secret in ("wrong", "lamplit_wrong", ""):
        answer = firm.get("workOrders", secret or " ")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
    token = staff_read.tokens(cast.KINDLE)[0]
    tell(staff.end_token, token=token.id)
    assert firm.get("workOrders").status_code == 401
    assert firm.send("jobStatusUpdate", firm.about(Comments="x")).status_code == 401


def test_a_token_ends_with_its_last_day(firm):
    token = staff_read.tokens(cast.KINDLE)[0]
    assert staff_read.token_of(token.digest, token.expires_on) is not None
    assert staff_read.token_of(token.digest, token.expires_on + timedelta(days=1)) is None


def test_a_note_stands_in_the_timeline_once_however_often_it_is_sent(firm):
    note = {
        "relatedWorkOrderReference": {"id": firm.reference},
        "typeCode": "0",
        "otherType": "addNote",
        "comments": "It is worse",
    }
    first, again = firm.send("jobStatusUpdate", note), firm.send("jobStatusUpdate", note)
    assert first.status_code == 200
    assert first.json()["did"] == ["We wrote it down."]
    assert [one["at"] for one in first.json()["differences"]] == ["/"]
    assert again.json() == first.json()
    assert lines(firm).count(("repair.noted", f"contractor:{cast.KINDLE}")) == 1


def test_no_access_never_ends_a_job(firm):
    message = {
        "WorkOrderReference": {"ID": firm.work},
        "JobStatusUpdates": [{"TypeCode": "70", "Comments": "Nobody in, left a card"}],
    }
    answer = firm.send("workOrderComplete", message)
    assert answer.status_code == 200, answer.content
    case = queries.case(firm.repair, now=now())
    assert [work.state for work in case.works] == ["open"]
    assert case.repair.live
    assert [visit.outcome for visit in case.visits] == ["no_access"]


def test_completed_is_a_visit_that_mended_and_waits_for_her_word(firm):
    came = (now() - timedelta(hours=1)).isoformat()
    message = {"WorkOrderReference": {"ID": firm.work}, "JobStatusUpdates": [{"TypeCode": "0", "OtherType": "completed"}]}
    refused = firm.send("workOrderComplete", message)
    assert refused.status_code == 422
    assert refused.json()["code"] == "api.say_what_was_done"
    message["JobStatusUpdates"][0] |= {"Comments": "New washer on the tap", "EventTime": came}
    answer = firm.send("workOrderComplete", message)
    assert answer.status_code == 200, answer.content
    case = queries.case(firm.repair, now=now())
    assert case.repair.status == "to_confirm"
    assert case.visits[0].arrived_at.isoformat() == came


def test_a_wish_to_cancel_is_a_note_and_calls_nothing_off(firm):
    message = {
        "WorkOrderReference": {"ID": firm.work},
        "JobStatusUpdates": [{"TypeCode": "0", "OtherType": "cancel", "Comments": "Made in error"}],
    }
    assert firm.send("workOrderComplete", message).status_code == 200
    case = queries.case(firm.repair, now=now())
    assert [work.state for work in case.works] == ["open"]
    assert ("repair.noted", f"contractor:{cast.KINDLE}") in lines(firm)


def test_an_appointment_is_booked_and_moved(firm):
    day = (now() + timedelta(days=3)).date()
    for part in ("AM", "PM"):
        message = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{day}/{part}"}}
        answer = firm.send("requestAppointment", message)
        assert answer.status_code == 200, answer.content
        assert [one["state"] for one in firm.get(f"workOrders/{firm.work}").json()["visits"]] == ["booked"]
        visit = queries.case(firm.repair, now=now()).visits[0]
        assert (visit.from_at.date(), visit.contractor) == (day, cast.KINDLE)
    window = {"Date": str(day), "TimeOfDay": {"EarliestArrivalTime": "10:00", "LatestArrivalTime": "11:30"}}
    moved = firm.send("jobStatusUpdate", firm.about(TypeCode="10", RefinedAppointmentWindow=window))
    assert moved.status_code == 200, moved.content
    assert len(moved.json()["did"]) == 2
    for named in ("yesterday", "34/2021-02-25", "2026-13-40"):
        message = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": named}}
        assert firm.send("requestAppointment", message).status_code == 422


def test_what_a_firm_finds_it_reports_for_a_home_where_it_has_a_job(firm):
    unit = {"Reference": [{"ID": cast.RUTHS_HOME}]}
    message = {
        "DescriptionOfWork": "The bathroom ceiling is black", "Priority": {"PriorityCode": "3"},
        "WorkClass": {"WorkClassCode": "0"}, "SitePropertyUnit": [unit],
    }  # fmt: skip
    answer = firm.send("raiseRepair", message)
    assert answer.status_code == 200, answer.content
    assert queries.by_reference(answer.json()["repair"]) is not None
    unit["Reference"][0]["ID"] = cast.TOMASZS_HOME
    assert firm.send("raiseRepair", message).status_code == 404


def test_a_number_of_somebody_restricted_is_told_to_no_system(firm, tell):
    from lamplit.people import actions as people
    from lamplit.people.facts import PersonNote

    assert "Customer" in firm.get(f"workOrders/{firm.work}").json()["message"]
    tell(people.note_person, person=cast.RUTH, about=PersonNote(what="restricted", code="abuse", source="She told us"))
    assert "Customer" not in firm.get(f"workOrders/{firm.work}").json()["message"]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"RelatedWorkOrderReference": 7}', '{"RelatedWorkOrderReference": {"ID": null}}']
)
def test_what_cannot_be_read_is_said_in_words(firm, body):
    answer = firm.send("jobStatusUpdate", body)
    assert answer.status_code in (400, 404)
    assert answer.json()["detail"].endswith(".")


def test_a_long_message_and_a_wrong_way_to_ask_are_refused(firm):
    assert firm.send("jobStatusUpdate", "x" * 300_000).status_code == 413
    assert firm.get("jobStatusUpdate").status_code == 405
    assert firm.send("workOrders", "{}").status_code == 405


def test_the_description_names_every_address(firm):
    paths = firm.get("openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/workOrders", "/api/v1/workOrders/{id}", "/api/v1/raiseRepair", "/api/v1/scheduleRepair",
        "/api/v1/requestAppointment", "/api/v1/jobStatusUpdate", "/api/v1/workOrderComplete",
    }  # fmt: skip


@pytest.mark.material
def test_what_we_write_is_as_the_publishers_schema_has_it(firm, material):
    import jsonschema

    schema = json.loads((material / "repairs" / "hact" / "ScheduleRepair-M3SoR-v7.normalised.json").read_text())
    message = firm.get(f"workOrders/{firm.work}").json()["message"]
    jsonschema.Draft4Validator({k: v for k, v in schema.items() if k not in ("$schema", "id")}).validate(message)
    known = set(schema["properties"])
    assert set(message) <= known
