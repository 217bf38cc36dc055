import re
from datetime import UTC, date, datetime
from itertools import pairwise

import msgspec
import pytest

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.people import rules
from lamplit.people.facts import Mandate, PersonNote, Reach

TODAY = date(2026, 3, 2)


def reach(channel="text", value="+447700900123", state="works", safe=True, **more):
    return Reach(channel=channel, value=value, state=state, safe=safe, **more)


def test_contact_points_are_kept_in_one_spelling():
    assert rules.check_reach(reach(value="07700 900123")).value == "+447700900123"
    assert rules.check_reach(reach("email", "Mary@EXAMPLE.com")).value == "Mary@example.com"
    assert rules.check_reach(reach("post", "1 Alder Row\nHarbour")).value == "1 Alder Row\nHarbour"


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("people.bad_phone", reach("phone", "12345")),
        ("people.not_a_mobile", reach("text", "020 7946 0018")),
        ("people.bad_email", reach("email", "mary")),
        ("people.no_address", reach("post", " ")),
        ("people.ended_without_why", reach(state="ended")),
        ("people.ended_without_why", reach(state="fails")),
    ],
)
def test_it_refuses_contact_points_that_lead_nowhere(code, how):
    with pytest.raises(Refused) as refused:
        rules.check_reach(how)
    assert refused.value.code == code


def test_a_contact_point_keeps_its_channel_and_one_that_ended_is_over():
    assert rules.check_reach_change(reach(), reach(value="+447700900999")).state == "unproved"
    with pytest.raises(Refused, match=r"people\.reach_ended"):
        rules.check_reach_change(reach(state="ended"), reach())
    with pytest.raises(Refused, match=r"people\.other_channel"):
        rules.check_reach_change(reach(), reach("phone"))


@pytest.mark.parametrize(
    ("before", "after", "giver", "state"),
    [
        (None, reach(), "staff", "unproved"),
        (None, reach(), "person", "unproved"),
        (None, reach(), "cli", "works"),  # an import brings what another system proved
        (None, reach("phone"), "staff", "works"),
        (None, reach("phone"), "person", "unproved"),
        (reach(), reach(), "staff", "works"),
        (reach(state="unproved"), reach(), "staff", "unproved"),
        (reach(state="fails", why="x"), reach(), "staff", "unproved"),
        (reach(), reach(state="fails", why="x"), "staff", "fails"),
    ],
)
def test_only_a_code_proves_a_mobile_or_an_email_address(before, after, giver, state):
    assert rules.weigh(before, after, giver, restricted=False).state == state


def test_a_code_proves_it_and_another_number_is_not_proved_by_it():
    proved = rules.prove(reach(state="unproved"))
    assert (proved.state, proved.proved) == ("works", "code")
    assert rules.weigh(proved, reach(), "staff", restricted=False).proved == "code"
    assert rules.weigh(proved, reach(value="+447700900999"), "staff", restricted=False).proved is None
    with pytest.raises(Refused, match=r"people\.no_code_there"):
        rules.prove(reach("post", "1 Alder Row", state="unproved"))


def test_what_is_given_online_while_a_marker_holds_is_used_for_nothing_until_staff_looked():
    given = rules.prove(rules.weigh(None, reach(), "person", restricted=True))
    assert given.held
    for purpose in ("code", "receipt", "message", "notice", "call"):
        assert rules.usable([given], purpose, restricted=False, preferred=None) == []
    assert rules.weigh(given, reach(), "person", restricted=False).held
    assert rules.weigh(given, reach(), "staff", restricted=True).held is None
    assert rules.weigh(reach(), reach(), "person", restricted=True).held is None  # she had it before


def test_the_preferred_channel_comes_first_and_nothing_is_sent_where_nothing_is_proved():
    points = [
        reach(state="unproved"),
        reach("email", "a@example.com", state="unproved"),
        reach("email", "b@example.com"),
        reach(),
        reach("post", "1 Alder Row"),
        reach("phone"),
        reach(state="fails"),
        reach(state="ended"),
        None,
    ]
    assert rules.usable(points, "message", restricted=False, preferred=None) == [3, 2, 4]
    assert rules.usable(points, "message", restricted=False, preferred="email") == [2, 3, 4]
    assert rules.usable(points, "code", restricted=False, preferred="post") == [3, 2]
    assert rules.usable(points, "call", restricted=False, preferred=None) == [5, 3, 0]


@pytest.mark.parametrize("purpose", rules.CHANNELS)
def test_with_a_restriction_only_safe_contact_points_are_used(purpose):
    points = [
        reach(safe=False),
        reach("phone", safe=False),
        reach("email", "a@example.com", safe=False),
        reach("post", "x", safe=False),
    ]
    assert rules.usable(points, purpose, restricted=True, preferred="email") == []
    safe = [reach(), reach("phone"), reach("email", "a@example.com"), reach("post", "x")]
    assert all(place >= 4 for place in rules.usable(points + safe, purpose, restricted=True, preferred=None))
    assert rules.usable(points + safe, purpose, restricted=True, preferred=None)


def test_a_note_that_cannot_be_read_counts_as_a_restriction():
    restricted = PersonNote(what="restricted", code="abuse", source="x")
    assert rules.is_restricted([restricted])
    assert rules.is_restricted([None])
    assert not rules.is_restricted([PersonNote(what="restricted", code="abuse", source="x", ended_on=TODAY)])
    assert not rules.is_restricted([PersonNote(what="alert", code="dog", says="x")])


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("people.need_without_source", PersonNote(what="need", code="asthma")),
        ("people.need_without_source", PersonNote(what="risk", code="fire")),
        ("people.need_without_source", PersonNote(what="restricted", code="abuse")),
        ("people.bad_code", PersonNote(what="need", code="Bad Code", source="x")),
        ("people.bad_code", PersonNote(what="restricted", code="other", source="x")),
        ("people.bad_code", PersonNote(what="preference", code="colour", value="blue")),
        ("people.bad_code", PersonNote(what="preference", code="channel", value="pigeon")),
        ("people.preference_without_value", PersonNote(what="preference", code="language")),
        ("people.note_says_nothing", PersonNote(what="alert", code="dog")),
        (
            "people.dates_out_of_order",
            PersonNote(what="need", code="asthma", source="x", since_on=TODAY, review_on=date(2026, 3, 1)),
        ),
        (
            "people.dates_out_of_order",
            PersonNote(what="need", code="asthma", source="x", since_on=TODAY, ended_on=date(2026, 3, 1)),
        ),
        ("people.restriction_ends_later", PersonNote(what="restricted", code="abuse", source="x", ended_on=date(2026, 3, 3))),
    ],
)
def test_it_refuses_notes_that_cannot_be(code, note):
    with pytest.raises(Refused) as refused:
        rules.check_note(note, TODAY)
    assert refused.value.code == code


def test_a_need_is_looked_at_again_in_a_year_and_a_preference_never():
    need = rules.check_note(PersonNote(what="need", code="asthma", source="she said so"), TODAY)
    assert (need.since_on, need.review_on) == (TODAY, date(2027, 3, 2))
    assert rules.check_note(PersonNote(what="preference", code="language", value="Somali"), TODAY).review_on is None


@pytest.mark.parametrize(
    ("born_on", "codes"),
    [
        (date(2025, 3, 3), ["baby", "under_5"]),
        (date(2025, 3, 2), ["under_5"]),
        (date(2021, 3, 3), ["under_5"]),
        (date(2021, 3, 2), []),
        (date(1961, 3, 3), []),
        (date(1961, 3, 2), ["over_65"]),
        (date(1951, 3, 3), ["over_65"]),
        (date(1951, 3, 2), ["over_65", "over_75"]),
        (date(2026, 3, 3), []),
    ],
)
def test_age_alone_brings_needs_from_the_birthday_on(born_on, codes):
    assert rules.needs_of_age(born_on, TODAY) == codes


def test_somebody_of_29_february_is_a_year_older_on_1_march():
    assert rules.age_on(date(2020, 2, 29), date(2025, 2, 28)) == 4
    assert rules.age_on(date(2020, 2, 29), date(2025, 3, 1)) == 5
    assert rules.age_on(date(2020, 2, 29), date(2024, 2, 29)) == 4


def test_ended_needs_are_left_out_and_late_reviews_are_told():
    notes = [
        ("n1", PersonNote(what="need", code="oxygen", source="x", changes="Restore power at once", review_on=date(2025, 1, 1))),
        ("n2", PersonNote(what="need", code="pregnant", source="x", ended_on=TODAY)),
        ("n3", PersonNote(what="risk", code="fire", source="x", since_on=date(2026, 3, 3))),
        ("n4", PersonNote(what="alert", code="dog", says="x")),
        ("n5", PersonNote(what="need", code="over_65", source="says so")),
    ]
    found = rules.live_needs("p_mary", notes, date(1950, 1, 1), TODAY)
    assert [(need.code, need.review_late, need.note) for need in found] == [
        ("oxygen", True, "n1"),
        ("over_65", False, "n5"),
        ("over_75", False, None),
    ]
    assert found[0].changes == "Restore power at once"


@pytest.mark.parametrize(
    ("code", "leave"),
    [
        ("people.bad_scope", Mandate(name="Ben", scope=[])),
        ("people.bad_scope", Mandate(name="Ben", scope=["money"])),
        ("people.mandate_expired", Mandate(name="Ben", scope=["rent"], expires_on=date(2026, 3, 1))),
        ("people.no_name", Mandate(name="", scope=["rent"])),
        ("people.bad_phone", Mandate(name="Ben", scope=["rent"], phone="1")),
        ("people.bad_email", Mandate(name="Ben", scope=["rent"], email="1")),
    ],
)
def test_it_refuses_leave_that_gives_nothing(code, leave):
    with pytest.raises(Refused) as refused:
        rules.check_mandate(leave, TODAY)
    assert refused.value.code == code


def test_leave_holds_for_its_matters_through_its_last_day():
    leave = Mandate(name="Ben", scope=["repairs"], expires_on=TODAY)
    assert rules.speaks_for(leave, "repairs", TODAY)
    assert not rules.speaks_for(leave, "repairs", date(2026, 3, 3))
    assert not rules.speaks_for(leave, "rent", TODAY)
    assert rules.speaks_for(Mandate(name="Ben", scope=["everything"]), "rent", TODAY)
    assert not rules.speaks_for(Mandate(name="Ben", scope=["everything"], ended_on=TODAY), "rent", TODAY)


def test_names_and_births_that_cannot_be_are_refused():
    assert rules.check_name(" Mary   Okafor ") == "Mary Okafor"
    for code, name in [("people.no_name", " "), ("people.no_name", None), ("people.name_too_long", "x" * 201)]:
        with pytest.raises(Refused) as refused:
            rules.check_name(name)
        assert refused.value.code == code
    for born_on in (date(2026, 3, 3), date(1905, 1, 1)):
        with pytest.raises(Refused, match=r"people\.bad_birth"):
            rules.check_birth(born_on, TODAY)
    rules.check_birth(TODAY, TODAY)


def test_somebody_made_up_comes_into_being_in_an_office_hour_of_the_next_days_one_thing_after_the_other():
    friday = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    times = [rules.steps_of(f"salt {number}", friday) for number in range(200)]
    for steps in times:
        begins = steps[0].astimezone(LONDON)
        assert begins.weekday() < 5
        assert 9 <= begins.hour < 17
        assert steps[0] > friday
        assert all(25 <= (after - before).total_seconds() <= 95 for before, after in pairwise(steps))
        assert steps[-1] - friday < rules.PUT_IN_WITHIN
    assert len({steps[0] for steps in times}) == 200, "no two tell of each other"
    assert rules.steps_of("salt 1", friday) == times[1]


def test_somebody_made_up_has_a_mark_and_cannot_be_anybody():
    said = rules.MadeUp(name=" Tess  Gorman ", phone="07700 900987", email="tess@post.example", address="Flat 91\nEmber Rise")
    made = rules.check_made_up(said, "salt", TODAY)
    assert (made.name, made.phone) == ("Tess Gorman", "07700 900987"), "as a form gives it"
    assert re.fullmatch(r"tess\d{4}@post\.example", made.email)
    assert rules.check_made_up(said, "another", TODAY).email != made.email
    for wrong in ({"phone": "020 7946 0018"}, {"email": "tess"}, {"address": " "}, {"name": " "}, {"born_on": date(2030, 1, 1)}):
        with pytest.raises(Refused):
            rules.check_made_up(msgspec.structs.replace(said, **wrong), "salt", TODAY)
