"""Past the landlord's limit no page shows anybody new; a lead is told, and lifts it for a while."""

import re
from datetime import datetime, timedelta

from lamplit.basics.clock import now
from lamplit.basics.who import read
from lamplit.config import looks
from lamplit.config.models import Look
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, sent, words_of
from lamplit.people import queries as people
from lamplit.reactions import follow as following
from lamplit.reactions import watch
from lamplit.reactions.tests.working import follow, messages
from lamplit.record.encode import Entry
from lamplit.staff import facts, queries
from tests import cast


def see_many(reader: str, count: int, minutes_ago: int) -> None:
    at = (now() - timedelta(minutes=minutes_ago)).replace(second=0, microsecond=0)
    Look.objects.bulk_create(
        Look(reader=reader, at=at, person=f"p_{number:020}", via="page", about="", count=1) for number in range(count)
    )


def told(reader: str, at: datetime, seconds: int = 0) -> list[tuple[str, str]]:
    fact = facts.LookLimitReached(reader=reader, span="hour", most=120)
    entry = Entry("look_limit.reached", 1, "e_1", at, at, f"staff:{reader}", [reader], "x", fact)
    return [(one.voice or "", one.body) for one in watch.limit_reached(entry, entry.at + timedelta(seconds=seconds))]


def test_past_the_limit_nobody_new_is_shown_until_a_lead_lifts_it(scene, desk, landlord):
    story.open_firm()
    planner, client, lead = scene.staff["planner"], desk("planner"), desk("lead")
    hour = next(hour for role, hour, _ in queries.policy_on_looking(now().date()) if role == "planner")
    hers, ottos = f"/desk/people/{cast.RUTH}", f"/desk/people/{cast.OTTO}"
    assert "Adeyemi" in words_of(client, hers)
    see_many(f"staff:{planner}", hour - 1, minutes_ago=30)
    looks.write_due(now())
    assert people.looks_at(f"p_{0:020}"), "part of them stands in the record, the last in the plain table"
    before = landlord.seal()
    following.begin_at(before)
    for path in (ottos, f"/desk/contact?person={cast.OTTO}"):
        answer = client.get(path)
        assert answer.status_code == 429, path
        assert "Otto" not in answer.content.decode()
        assert f"{hour} people in an hour" in answer.content.decode()
    assert not Look.objects.filter(person=cast.OTTO).exists(), "nobody was shown"
    assert landlord.seal() == before + 1, "a refusal is one fact in an hour, however often somebody clicks"
    follow(landlord, now())
    assert [one.voice for one in messages("look_limit")] == [scene.staff["lead"]]
    assert client.get(hers).status_code == 200, "whom she has seen she may see again"
    assert client.post("/desk/search", {"q": "otto"}).status_code == 200, "a caller is still found"
    assert "Jo Planner reached the limit on looking" in words_of(lead, "/desk/")
    assert "reached the limit" not in words_of(client, "/desk/")
    assert client.get("/desk/on-call/limits").status_code == 403
    assert f"reached {hour} people in an hour" in words_of(lead, "/desk/on-call/limits")

    tomorrow = now() + timedelta(days=1)
    lift = {"reader": planner, "why": "She moves a whole block", "until_time": "9am", **day_parts("until_on", tomorrow)}
    assert "choose one" in refused(lead, "/desk/on-call/limits/lift", **{**lift, "reader": scene.staff["lead"]})
    sent(lead, f"/desk/on-call/limits/lift?for={planner}", **lift)
    assert client.get(ottos).status_code == 200
    page = words_of(lead, "/desk/on-call/limits")
    assert re.search(r"Lifted until .*by Jo Lead\. Why: She moves a whole block", page)
    assert "reached the limit on looking" not in words_of(lead, "/desk/")
    row = queries.look_limit(planner)
    assert row is not None
    assert row.lifted_until is not None
    see_many(f"staff:{planner}", hour, minutes_ago=-60 * 48)
    later, somebody = now() + timedelta(hours=48, minutes=1), [("p_new", "page", None)]
    assert row.lifted_until < later
    assert looks.stop(read(f"staff:{planner}"), ["planner"], somebody, later + timedelta(hours=1)) is None, "the hour is over"
    assert looks.stop(read(f"staff:{planner}"), ["planner"], somebody, later), "and the lift"
    Look.objects.all().delete()


def test_the_lead_on_call_is_told_and_about_herself_the_other_leads(scene):
    at, planner, lead = now(), scene.staff["planner"], scene.staff["lead"]
    ((rung, body),) = told(planner, at)
    assert rung == lead
    assert "Jo Planner has looked at more people than we allow" in body
    assert "120 people in an hour" in body
    assert told(planner, at, seconds=3 * 86400) == []
    assert told(lead, at) == [], "she is the only lead here; the desk of the admins shows it"
