"""The door by hand of a firm's system: what it may see, what its messages do, and what they cannot do."""

import json
from datetime import date, timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.basics.who import By, cli
from lamplit.basics.working_days import london_date
from lamplit.repairs import actions, queries
from lamplit.repairs import actions as repairs
from lamplit.staff import actions as staff
from lamplit.staff import queries as staff_read
from tests import cast

DAY = timedelta(days=1)


def know_rate():
    """Bring over a schedule with one rate."""
    rate = {"code": "PL-9", "says": "Renew seal", "trade": "plumber", "unit": "metre", "pence": 4_000}
    rows = [repairs.RateRow(line=2, from_on=date(2020, 1, 1), **rate)]
    repairs.import_rates(rows=rows, rehearse=False, by=cli("import:ann"), at=now(), command="rates")


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


def test_the_same_bytes_again_get_the_first_answer_whatever_they_asked_for(firm):
    day = (now() + timedelta(days=3)).date()
    order = {"WorkOrderReference": {"ID": firm.reference}}
    booked = order | {"AppointmentReference": {"ID": f"{day}/AM"}}
    for name, message in (
        ("requestAppointment", booked),
        ("jobStatusUpdate", firm.about(TypeCode="70", Comments="Nobody in, left a card")),
        ("workOrderComplete", order | {"JobStatusUpdates": [{"TypeCode": "70", "Comments": "Nobody in again"}]}),
        ("workOrderComplete", order | {"JobStatusUpdates": [{"OtherType": "completed", "Comments": "New washer"}]}),
    ):
        first, again = firm.send(name, message), firm.send(name, message)
        assert (first.status_code, again.status_code) == (200, 200), again.content
        assert again.json() == first.json()
    assert [visit.outcome for visit in queries.case(firm.repair, now=now()).visits] == ["mended"]


def test_nobody_in_today_says_nothing_of_a_visit_that_is_booked_for_later(firm):
    day = (now() + timedelta(days=3)).date()
    firm.send("requestAppointment", {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{day}/AM"}})
    answer = firm.send("jobStatusUpdate", firm.about(TypeCode="70", Comments="Nobody in, left a card"))
    assert "stands: come then" in answer.json()["did"][0]
    case = queries.case(firm.repair, now=now())
    assert [(visit.state, visit.outcome) for visit in case.visits] == [("booked", None)]
    assert ("repair.noted", f"contractor:{cast.KINDLE}") in lines(firm)


def test_a_visit_that_was_moved_since_is_not_said_to_be_booked(firm):
    day = (now() + timedelta(days=3)).date()

    def ask(part, **more):
        asked = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{day}/{part}", **more}}
        return firm.send("requestAppointment", asked)

    assert [ask("AM").status_code, ask("PM").status_code] == [200, 200]
    assert (ask("AM").status_code, ask("AM").json()["code"]) == (422, "api.moved_since")
    assert ask("AM", Description="moved back").status_code == 200


def test_a_number_names_a_job_where_it_can_be_one_alone(firm, tell):
    assert firm.get(f"workOrders/{firm.reference}").json() == firm.get(f"workOrders/{firm.work}").json()
    tell(actions.order_work, repair=firm.repair, trade="plumber", what="Box in the pipe", contractor=cast.KINDLE)
    answer = firm.get(f"workOrders/{firm.reference}")
    assert (answer.status_code, answer.json()["code"]) == (422, "api.which_job")
    assert firm.work in answer.json()["detail"]


def test_several_jobs_of_a_number_are_named_also_when_all_are_done(firm, tell):
    second = tell(actions.order_work, repair=firm.repair, trade="plumber", what="Box in the pipe", contractor=cast.KINDLE)
    for number, work in enumerate((firm.work, second)):
        done = {"WorkOrderReference": {"ID": work}, "JobStatusUpdates": [{"Comments": f"Done, {number}"}]}
        assert firm.send("workOrderComplete", done).status_code == 200
    read = firm.get(f"workOrders/{firm.reference}")
    sent = firm.send("jobStatusUpdate", {"RelatedWorkOrderReference": {"ID": firm.reference}, "Comments": "x"})
    for answer in (read, sent):
        assert (answer.status_code, answer.json()["code"]) == (422, "api.which_job")
        assert all(work in answer.json()["detail"] for work in (firm.work, second))


def test_what_is_too_much_or_too_far_is_said_in_words(firm):
    much = "\N{FIRE}" * 5_000  # each text is short enough; what was tried, found and shown is more than an entry together
    answer = firm.send("jobStatusUpdate", firm.about(TypeCode="70", Comments=much))
    assert (answer.status_code, answer.json()["code"]) == (422, "record.too_long")
    for ends in ("0001-01-01", "9999-12-31"):
        window = {"Date": ends, "TimeOfDay": {"EarliestArrivalTime": "00:00", "LatestArrivalTime": "23:59"}}
        far = firm.about(EventTime=f"{ends}T00:00:00+14:00", Comments="x", RefinedAppointmentWindow=window)
        assert firm.send("jobStatusUpdate", far).status_code == 422
        edge = firm.about(EventTime=f"{ends}T23:59:59-14:00", Comments=f"Seen {ends}")
        assert firm.send("jobStatusUpdate", edge).status_code == 200
        named = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{ends}/DAY"}}
        assert firm.send("requestAppointment", named).status_code == 422
    assert [kind for kind, _ in lines(firm)].count("repair.noted") == 2


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
        assert ("was moved to" if part == "PM" else "is booked for") in answer.json()["did"][0]
        assert ("between noon" if part == "PM" else "between 8am") in answer.json()["did"][0]
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
    for answer, right in ((firm.get("jobStatusUpdate"), "POST"), (firm.send("workOrders", "{}"), "GET")):
        assert (answer.status_code, answer["Allow"]) == (405, right)
    lost = firm.get("workOrders/a,b/appointments")  # no address of ours: said to a system as everything is
    assert (lost.status_code, lost["Content-Type"]) == (404, "application/problem+json")


def test_the_description_names_every_address(firm):
    paths = firm.get("openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/workOrders", "/api/v1/workOrders/{id}",
        "/api/v1/workOrders/{id}/messages/{name}", "/api/v1/messages",
        "/api/v1/workOrders/{id}/appointments", "/api/v1/raiseRepair", "/api/v1/scheduleRepair",
        "/api/v1/requestAppointment", "/api/v1/jobStatusUpdate", "/api/v1/workOrderComplete",
    }  # fmt: skip


def test_more_work_or_money_is_asked_for_and_never_holds_up_making_safe(firm, let_in, tell):
    know_rate()
    items = [{"CustomCode": "pl-9", "Quantity": {"Amount": [2.5]}}]

    def ask(**more):
        answer = firm.send("jobStatusUpdate", firm.about(TypeCode="80", Comments="The seal is longer", **more))
        assert answer.status_code == 200, answer.content
        return answer.json()["did"]

    assert ask(MoreSpecificSORCode={"RateScheduleItem": items}) == ["It is agreed: £100.00."]
    (waits,) = ask(MoreSpecificSORCode={"RateScheduleItem": items * 2})
    assert waits.startswith("A person here says yes or no to it by the end of")
    unknown = [{"CustomCode": "ZZ-1", "CustomName": "Gold tap"}]
    order = {"DescriptionOfWork": "Renew the bath as well", "WorkElement": [{"RateScheduleItem": unknown}]}
    assert ask(AdditionalWork={"AdditionalWorkOrder": order, "ReasonRequired": "It is cracked"})[0].startswith("A person here")
    job = firm.get(f"workOrders/{firm.work}").json()
    assert job["pence"] == 10_000
    assert [(one["more"], one["state"], one["pence"]) for one in job["askedFor"]] == [
        ("money", "agreed", 10_000), ("money", "waiting", 20_000), ("work", "waiting", None),
    ]  # fmt: skip
    assert job["askedFor"][2]["what"] == "Renew the bath as well (ZZ-1 Gold tap x 1)"
    other = tell(staff.record_contractor, name="Other Firm", trades=["plumber"])
    theirs, at = let_in(other), now() + DAY
    from_then = firm.get("messages").json()["next"]
    tell(repairs.book_visit, work=firm.work, from_at=at, until_at=at + timedelta(hours=4), contractor=other)
    seen = firm.get(f"workOrders/{firm.work}", theirs).json()
    assert (seen["pence"], seen["askedFor"]) == (None, []), "it makes a visit: the price is the other firm's"
    asked = next(one for one in queries.variations_of_work(firm.work) if one.state == "waiting")
    lead = By("staff", tell(staff.join_staff, name="Lea", email="lea@landlord.example", roles=["lead"]))
    tell(repairs.decide_variation, variation=asked.id, agreed=True, why="It is longer", by=lead)
    for secret, told in ((theirs, ["RequestAppointment"]), (None, ["RequestAppointment", "JobStatusUpdate"])):
        heard = firm.get(f"messages?after={from_then}", *([secret] if secret else [])).json()["messages"]
        assert [one["name"] for one in heard] == told
        newest = firm.get(f"workOrders/{firm.work}/messages/jobStatusUpdate", *([secret] if secret else [])).json()
        assert ("£" in newest["Comments"]) == (secret is None), "nor by asking for the newest alone"
    case = queries.case(firm.repair, now=now())
    assert [work.state for work in case.works] == ["booked"]
    assert [line.by for line in case.timeline if line.kind == "variation.asked"] == [f"contractor:{cast.KINDLE}"] * 3
    tell(repairs.raise_priority, repair=firm.repair, priority="emergency", why="Water by the fuse box")
    order["WorkElement"] = []
    assert ask(OtherType="makeSafe", AdditionalWork={"AdditionalWorkOrder": order}) == ["It is agreed. Go on and make it safe."]
    led_to = firm.get(f"workOrders/{firm.work}").json()["askedFor"][-1]["workOrder"]
    assert firm.get(f"workOrders/{led_to}").json()["message"]["DescriptionOfWork"] == "Renew the bath as well"


@pytest.mark.material
def test_what_we_write_is_as_the_publishers_schema_has_it(firm, material, tell):
    import jsonschema

    know_rate()
    seal = [repairs.Measured(code="PL-9", hundredths=250)]
    tell(repairs.order_work, repair=firm.repair, trade="plumber", what="Renew the seal", contractor=cast.KINDLE, rates=seal)

    schema = json.loads((material / "repairs" / "hact" / "ScheduleRepair-M3SoR-v7.normalised.json").read_text())
    listed = [one["message"] for one in firm.get("workOrders").json()["workOrders"]]
    message = next(one for one in listed if "CustomCode" in one["WorkElement"][0]["RateScheduleItem"][0])
    jsonschema.Draft4Validator({k: v for k, v in schema.items() if k not in ("$schema", "id")}).validate(message)
    known = set(schema["properties"])
    assert set(message) <= known


def test_on_the_way_reaches_the_household_and_a_full_diary_holds_for_firms_too(firm, tell):
    work = queries.work(firm.work)
    diary = tell(actions.record_diary, name="Kindle", trades=[work.trade], contractor=cast.KINDLE)
    week = {"weekdays": list(range(7)), "from_on": now().date(), "places": 1}
    tell(actions.set_capacity, diary=diary, parts=["am", "pm", "evening"], **week)
    free = firm.get(f"workOrders/{firm.work}/appointments").json()
    assert free["kept"]
    named = f"{london_date(now() + DAY)}/AM"
    assert free["appointments"][0]["ID"] == named
    assert firm.get("workOrders/w_nobody/appointments").status_code == 404
    asked = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": named}}
    booked = firm.send("requestAppointment", asked)
    assert booked.status_code == 200, booked.json()
    visit = queries.case(firm.repair, now=now()).visits[0]
    assert (visit.diary, visit.until_at - visit.from_at) == (diary, timedelta(hours=4))  # one place, not that of two parts
    window = {"Date": str(london_date(now())), "TimeOfDay": {"EarliestArrivalTime": "08:00", "LatestArrivalTime": "23:59"}}
    answer = firm.send("jobStatusUpdate", firm.about(TypeCode="20", Comments="Left the yard", RefinedAppointmentWindow=window))
    assert answer.status_code == 200, answer.json()
    on_way = firm.send("jobStatusUpdate", firm.about(TypeCode="20", Comments="Nearly there"))
    assert any("text that you are on the way" in one for one in on_way.json()["did"])
    assert ("visit.set_out", f"contractor:{cast.KINDLE}") in lines(firm)
    tell(actions.set_capacity, diary=diary, parts=["am", "pm", "evening"], **week | {"places": 0})
    later = asked | {"AppointmentReference": {"ID": f"{london_date(now() + DAY)}/PM"}}
    full = firm.send("requestAppointment", later)
    assert (full.status_code, full.json()["code"]) == (422, "repairs.diary_full")


def test_past_the_limit_on_looking_a_system_gets_no_data(firm, landlord):
    from lamplit.config.models import Look

    assert firm.get(f"workOrders/{firm.work}").status_code == 200
    most = next(hour for role, hour, _ in staff_read.policy_on_looking(now().date()) if role == "system")
    Look.objects.all().delete()
    Look.objects.bulk_create(
        Look(reader=f"contractor:{cast.KINDLE}", at=now(), person=f"p_{number:020}", via="system", about="", count=1)
        for number in range(most)
    )
    for path in ("workOrders", f"workOrders/{firm.work}"):
        answer = firm.get(path)
        assert (answer.status_code, set(answer.json())) == (429, {"status", "detail"})
    reached = staff_read.look_limit(cast.KINDLE)
    assert (reached.span, reached.most) == ("hour", most)
    Look.objects.all().delete()
