"""The messages that follow from a job's state: which there are, what they say, and that the publishers' schemas allow them."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from lamplit.api.appointments import name_of, window_named
from lamplit.api.shapes import MESSAGES
from lamplit.api.views import route_of
from lamplit.basics.clock import LONDON, now
from lamplit.basics.who import By, cli
from lamplit.basics.working_days import london_date
from lamplit.repairs import actions, queries
from lamplit.staff import actions as staff
from tests import cast

DAY = timedelta(days=1)


def ask(firm, name, work=None):
    return firm.get(f"workOrders/{work or firm.work}/messages/{route_of(name)}")


def job(firm, work=None):
    return queries.job(work or firm.work, staff="", contractor=cast.KINDLE)


def slot(days, begins, ends):
    day = london_date(now()) + days * DAY
    return {"from_at": datetime.combine(day, begins, LONDON), "until_at": datetime.combine(day, ends, LONDON)}


def mend(firm, tell, **more):
    said = {"outcome": "mended", "did": "New washer", "evidence": ["note: dry"], "arrived_at": now()} | more
    tell(actions.attend_visit, work=firm.work, **said)


def follow_on(firm, tell, **more):
    said = {"repair": firm.repair, "trade": "electrician", "what": "Test the socket", "contractor": cast.KINDLE}
    return tell(actions.order_work, **said | {"follows": firm.work} | more)


def test_a_job_offers_what_its_state_supports_and_says_why_not_the_rest(firm, tell):
    def offered():
        listed = firm.get(f"workOrders/{firm.work}").json()["messages"]
        there = [name for name in MESSAGES if ask(firm, name).status_code == 200]
        assert sorted(listed) == sorted(there)
        return listed

    assert offered() == ["RaiseRepair", "ScheduleRepair", "JobStatusUpdate"]
    for name, code in (("RequestAppointment", "api.no_visit_booked"), ("WorkOrderComplete", "api.not_done")):
        answer = ask(firm, name)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
        assert answer.json()["detail"].endswith(".")
    tell(actions.book_visit, work=firm.work, **slot(1, time(8), time(13)))
    assert offered() == ["RaiseRepair", "ScheduleRepair", "RequestAppointment", "JobStatusUpdate"]
    mend(firm, tell)
    assert "WorkOrderComplete" in offered()
    assert ask(firm, "InvoicePlease").json()["code"] == "api.no_such_message"
    assert firm.send(f"workOrders/{firm.work}/messages/raiseRepair", "{}").status_code == 405


def test_another_firm_gets_no_message_of_this_job(firm, let_in, tell):
    theirs = let_in(tell(staff.record_contractor, name="Other Firm", trades=["roofer"]))
    for name in MESSAGES:
        assert firm.get(f"workOrders/{firm.work}/messages/{route_of(name)}", theirs).json()["code"] == "api.no_such_job"


def test_the_report_names_nobody_and_tells_of_the_home_where_the_work_is(firm, tell):
    report = ask(firm, "RaiseRepair").json()
    assert (report["LocationOfRepair"], report["Priority"]["PriorityCode"]) == ("kitchen", "3")
    assert report["SitePropertyUnit"][0]["Address"]["AddressLine"] == ["5 Ember Rise", "Lampton"]
    assert "01632" not in json.dumps(report)
    assert "Ruth" not in json.dumps(report)
    theirs = follow_on(firm, tell, home=cast.TOMASZS_HOME, follows=None)
    next_door = ask(firm, "RaiseRepair", theirs).json()
    assert next_door["DescriptionOfWork"] == "Test the socket"
    assert "LocationOfRepair" not in next_door


def test_each_work_shows_its_own_room_and_its_own_time_limit(firm, tell):
    until = london_date(now()) + 40 * DAY
    own = follow_on(firm, tell, place="Cupboard under the stairs", target_on=until)
    bare = follow_on(firm, tell)
    first = firm.get(f"workOrders/{firm.work}").json()
    assert (first["place"], first["until"]) == ("kitchen", None)
    due_at = first["message"]["Priority"]["RequiredCompletionDateTime"]
    one = firm.get(f"workOrders/{own}").json()
    assert (one["place"], one["until"]) == ("Cupboard under the stairs", until.isoformat())
    assert one["message"]["LocationOfRepair"] == "Cupboard under the stairs"
    read = datetime.fromisoformat(one["message"]["Priority"]["RequiredCompletionDateTime"]).astimezone(LONDON)
    assert (read.date(), read.time()) == (until, time(23, 59, 59))
    other = firm.get(f"workOrders/{bare}").json()
    assert (other["place"], other["until"]) == (None, None)
    assert "LocationOfRepair" not in other["message"]
    assert other["message"]["Priority"]["RequiredCompletionDateTime"] == due_at
    assert "no time limit of its own" in other["message"]["Priority"]["Comments"]
    assert "Comments" not in first["message"]["Priority"]


@pytest.mark.parametrize(("begins", "ends", "named"), [
    (time(8), time(13), "AM"), (time(12), time(18), "PM"), (time(8), time(18), "DAY"), (time(17), time(20), "EVENING"),
    (time(9, 30), time(11), "0930-1100"),
])  # fmt: skip
def test_a_visit_is_named_as_we_read_it_back(firm, tell, begins, ends, named):
    at = slot(2, begins, ends)
    tell(actions.book_visit, work=firm.work, **at)
    message = ask(firm, "RequestAppointment").json()
    ident = message["AppointmentReference"]["ID"]
    assert ident == f"{at['from_at'].date()}/{named}"
    assert window_named(ident, job(firm)) == (at["from_at"], at["until_at"])
    again = firm.send("requestAppointment", message)
    assert again.status_code == 200, again.content
    visit = job(firm).visits[0]
    assert (visit.from_at, visit.until_at) == (at["from_at"], at["until_at"])


def test_where_a_diary_is_kept_its_parts_are_named_and_an_evening_takes_its_own_place(firm, tell):
    diary = tell(actions.record_diary, name="Kindle", trades=[job(firm).work.trade], contractor=cast.KINDLE)
    week = {"weekdays": list(range(7)), "from_on": now().date(), "places": 1}
    tell(actions.set_capacity, diary=diary, parts=["am", "pm", "evening"], **week)
    day = london_date(now()) + DAY
    named = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{day}/EVENING"}}
    assert firm.send("requestAppointment", named).status_code == 200
    visit = job(firm).visits[0]
    assert visit.from_at.astimezone(LONDON).time() == time(17)
    assert ask(firm, "RequestAppointment").json()["AppointmentReference"]["ID"] == f"{day}/EVENING"
    assert name_of(*(datetime.combine(day, at, LONDON) for at in (time(8), time(13))), job(firm)) == f"{day}/0800-1300"
    for wrong in ("2500-2600", "0930-9999"):
        answer = firm.send("requestAppointment", named | {"AppointmentReference": {"ID": f"{day}/{wrong}"}})
        assert (answer.status_code, answer.json()["code"]) == (422, "api.no_such_appointment")


def test_a_visit_later_than_the_law_allows_is_booked_and_the_planner_is_told(firm, tell):
    limit = queries.law_limit(queries.repair(firm.repair), now())
    day = london_date(limit[1]) + 3 * DAY
    named = {"WorkOrderReference": {"ID": firm.work}, "AppointmentReference": {"ID": f"{day}/AM"}}
    first, again = (firm.send("requestAppointment", named).json() for _ in range(2))
    assert "The law allows until" in first["did"][0]
    assert again == first
    noted = [str(line) for line in queries.case(firm.repair, now=now()).timeline if line.kind == "repair.noted"]
    assert len(noted) == 1
    assert "Kindle Works comes later than the law allows" in noted[0]


def test_a_visit_later_than_we_promised_says_so_and_stands(firm, tell):
    told = tell(
        actions.report_repair, home=cast.RUTHS_HOME, channel="phone", reporter=cast.RUTH, words_said="The door sticks.",
        said=actions.Said(fault="door_inside", room="kitchen"),
    )  # fmt: skip
    promised = queries.repair(told.repair).due_at
    assert queries.law_limit(queries.repair(told.repair), now()) is None
    work = tell(actions.order_work, repair=told.repair, trade="plumber", what="Ease the door", contractor=cast.KINDLE)

    def book(day):
        named = {"WorkOrderReference": {"ID": work}, "AppointmentReference": {"ID": f"{day}/AM"}}
        return firm.send("requestAppointment", named).json()["did"][0]

    assert "promised" not in book(london_date(now()) + DAY)
    late = book(london_date(promised) + 3 * DAY)
    assert "later than what the tenant was promised" in late
    assert "It stands" in late
    assert [one.state for one in queries.case(told.repair, now=now()).visits][-1] == "booked"


def everything_that_happens(firm, tell):
    """Take a job through all that a firm is told of, and yield the newest update after each."""

    def newest():
        return ask(firm, "JobStatusUpdate").json()

    def book(days):
        return tell(actions.book_visit, work=firm.work, **slot(days, time(8), time(13)))

    yield newest()
    visit = book(1)
    yield newest()
    tell(actions.book_visit, work=firm.work, visit=visit, ours=False, **slot(2, time(9, 30), time(11)))
    yield newest()
    tell(actions.cancel_visit, visit=visit, ours=True, why="the van broke down")
    yield newest()
    tell(actions.cancel_visit, visit=book(3), ours=False, why="I am in hospital")
    yield newest()
    tell(actions.miss_visit, visit=book(4), at=now() + 5 * DAY)
    yield newest()
    tried = [actions.visits.Tried(way="knocked", at=now(), said="Nobody opened")]
    tell(actions.attend_visit, work=firm.work, outcome="no_access", arrived_at=now(), tried=tried, evidence=["note: card left"],
         found="Nobody in")  # fmt: skip
    yield newest()
    tell(actions.attend_visit, work=firm.work, outcome="needs_parts", arrived_at=now(), found="The seal is gone",
         waits_for="a seal", owner=cast.DELE, look_again_on=london_date(now()) + 7 * DAY)  # fmt: skip
    yield newest()
    tell(actions.attend_visit, work=firm.work, outcome="temporary", arrived_at=now(), did="Taped it", evidence=["note: dry"])
    yield newest()
    rate = {"code": "PL-9", "says": "Renew seal", "trade": "plumber", "unit": "metre", "pence": 4_000}
    rows = [actions.RateRow(line=2, from_on=date(2020, 1, 1), **rate)]
    actions.import_rates(rows=rows, rehearse=False, by=cli("import:ann"), at=now(), command="rates")
    items = [{"CustomCode": "PL-9", "Quantity": {"Amount": [2.5]}}]
    more = firm.about(TypeCode="80", Comments="The seal is longer", MoreSpecificSORCode={"RateScheduleItem": items})
    assert firm.send("jobStatusUpdate", more).status_code == 200
    yield newest()
    unpriced = {"AdditionalWorkOrder": {"DescriptionOfWork": "Gild the tap"}, "ReasonRequired": "It would shine"}
    assert firm.send("jobStatusUpdate", firm.about(TypeCode="80", AdditionalWork=unpriced)).status_code == 200
    asked = queries.variations_of_work(firm.work)[-1]
    lead = tell(staff.join_staff, name="Lea", email="lea@landlord.example", roles=["lead"])
    tell(actions.decide_variation, variation=asked.id, agreed=False, why="no need", by=By("staff", lead))
    yield newest()
    follow_on(firm, tell)
    mend(firm, tell)
    yield newest()


def test_an_update_says_what_became_of_the_job_by_the_standards_codes(firm, tell):
    told = list(everything_that_happens(firm, tell))
    assert [(one["TypeCode"], one.get("OtherType")) for one in told] == [
        ("0", "ordered"), ("0", "booked"), ("0", "moved"), ("0", "visitCancelled"), ("0", "visitCancelled"), ("0", "missed"),
        ("70", None), ("0", "onHold"), ("120", None), ("100-20", None), ("0", "variationRefused"), ("0", "completed"),
    ]  # fmt: skip
    says = [one["Comments"] for one in told]
    assert says[2].startswith("The visit was moved to ")
    assert told[2]["RefinedAppointmentWindow"]["TimeOfDay"]["EarliestArrivalTime"].startswith("09:30:00")
    assert says[3] == "We called the visit off: the van broke down."
    assert says[4] == "The household called the visit off."
    assert says[6] == "There was no access. Nobody in."
    assert says[7].startswith("The work waits: a seal. We look again on ")
    assert says[8] == "Mended for the time being. Taped it."
    assert says[9] == "It is agreed: £100.00."
    assert told[9]["MoreSpecificSORCode"]["RateScheduleItem"][0]["Quantity"] == {"Amount": [2.5]}
    assert says[10] == "What was asked for is refused: no need."
    assert says[11] == "The work is done. New washer."
    done = ask(firm, "WorkOrderComplete").json()
    assert done["JobStatusUpdates"][0]["Comments"] == says[11]
    (later,) = done["FollowOnWorkOrderReference"]
    assert queries.work(later["ID"]).follows == firm.work
    assert "hospital" not in json.dumps([told, done, firm.get("messages?after=2020-01-01T00:00:00Z").json()])


def test_a_work_that_is_called_off_says_so_and_one_of_another_trade_is_not_complete(firm, tell):
    tell(actions.cancel_work, work=firm.work, why="the tap was renewed")
    update = ask(firm, "JobStatusUpdate").json()
    assert (update["TypeCode"], update["OtherType"]) == ("0", "cancel")
    assert update["Comments"] == "The work is not needed after all: the tap was renewed."
    other = follow_on(firm, tell, follows=None)
    more = [actions.FollowOn(trade="plumber", what="Move the pipe", contractor=cast.KINDLE)]
    tell(actions.attend_visit, work=other, outcome="other_trade", arrived_at=now(), found="A pipe is in the way", follow_on=more)
    update = ask(firm, "JobStatusUpdate", other).json()
    assert (update["TypeCode"], "OtherType" in update) == ("120", False)
    assert ask(firm, "WorkOrderComplete", other).status_code == 404


def test_what_is_erased_stands_in_no_message(firm, tell):
    tell(actions.cancel_work, work=firm.work, why="she told us a secret")
    line = queries.news_of_work(queries.work(firm.work))[-1]
    from lamplit.api.updates import message_of
    from lamplit.basics.fact import ERASED

    line.text, seen = ERASED, job(firm)
    seen.work.what = seen.work.place = seen.repair.title = seen.repair.room = ERASED
    assert message_of(line, seen).said["Comments"] == "The work is not needed after all."
    from lamplit.api.writing import raise_repair

    report = raise_repair(seen)
    assert report["DescriptionOfWork"] == seen.work.trade.replace("_", " ")
    assert "LocationOfRepair" not in report


def strict(schema: Any) -> Any:
    """A publisher's schema that allows nothing which it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {key: strict(value) for key, value in schema.items() if key not in ("$schema", "id")}
    return tight | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else tight


def times() -> Any:
    """Check dates and times as RFC 3339 has them: with a zone."""
    import jsonschema

    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date-time", ValueError)(lambda text: datetime.fromisoformat(text).tzinfo is not None)
    checker.checks("date", ValueError)(lambda text: bool(date.fromisoformat(text)))
    checker.checks("time", ValueError)(lambda text: time.fromisoformat(text).tzinfo is not None)
    return checker


@pytest.fixture
def valid(material):
    """Fail for a message that the publishers' schema does not allow."""
    import jsonschema

    files = {path.name.partition("-")[0].partition(".")[0]: path for path in (material / "repairs" / "hact").glob("*.json")}
    assert set(files) == set(MESSAGES)
    schemas = {
        name: jsonschema.Draft4Validator(strict(json.loads(path.read_text())), format_checker=times())
        for name, path in files.items()
    }
    return lambda name, message: schemas[name].validate(message)


@pytest.mark.material
def test_every_message_of_every_state_is_as_the_publishers_schemas_have_it(firm, tell, valid):
    import jsonschema

    seen = set()
    for update in everything_that_happens(firm, tell):
        valid("JobStatusUpdate", update)
        for name in firm.get(f"workOrders/{firm.work}").json()["messages"]:
            valid(name, ask(firm, name).json())
            seen.add(name)
    assert seen == set(MESSAGES)
    after = datetime(2020, 1, 1, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    told = firm.get(f"messages?after={after}").json()["messages"]
    for one in told:
        valid(one["name"], one["message"])
    assert {one["name"] for one in told} == set(MESSAGES) - {"RaiseRepair"}
    with pytest.raises(jsonschema.ValidationError):
        valid("RequestAppointment", {"WorkOrderReference": {"ID": "w"}, "AppointmentReference": {"ID": "d"}, "More": 1})
    with pytest.raises(jsonschema.ValidationError):
        valid("JobStatusUpdate", {"RelatedWorkOrderReference": {"ID": "w"}, "EventTime": "2026-12-01T08:00:00"})
