"""Awaab's Law: the worked dates, each clock's start and end, the phases, and the table of steps."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics.clock import LONDON
from lamplit.basics.deadlines import Clock, state_of
from lamplit.basics.refusal import Refused
from lamplit.repairs.rules import (
    AWAAB_STEPS,
    FIRST_STATE,
    AwaabCase,
    Contact,
    awaab_clocks,
    awaab_step,
    aware_from,
    first_aware,
    hazards,
    in_force,
    law,
)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def due_on(case: AwaabCase) -> dict[str, date | None]:
    return {clock.code.removeprefix("awaab."): clock.due_on for clock in awaab_clocks(case)}


def clock(case: AwaabCase, letter: str) -> Clock:
    return next(c for c in awaab_clocks(case) if c.code == f"awaab.{letter}")


def letters(case: AwaabCase) -> set[str]:
    return {c.code.removeprefix("awaab.") for c in awaab_clocks(case)}


MOULD = AwaabCase(hazard="damp_mould", triaged="significant", aware_at=noon(2026, 12, 14))
FOUND = msgspec.structs.replace(MOULD, concluded_at=noon(2026, 12, 30), found="significant")
GAS = AwaabCase(hazard="uncombusted_gas", triaged="emergency", aware_at=datetime(2026, 12, 24, 23, 10, tzinfo=UTC))


def test_it_gives_the_worked_dates_over_christmas() -> None:
    assert due_on(MOULD) == {"B1": date(2026, 12, 30), "G": None}
    assert due_on(FOUND) == {
        "B1": date(2026, 12, 30),
        "C": date(2027, 1, 5),
        "D1": date(2027, 1, 7),
        "D2": date(2027, 1, 7),
        "D3": date(2027, 3, 24),
        "G": None,
    }


def test_it_gives_the_worked_dates_of_a_report_on_30_november() -> None:
    case = AwaabCase(
        hazard="damp_mould",
        triaged="significant",
        aware_at=noon(2026, 11, 30),
        concluded_at=noon(2026, 12, 14),
        found="significant",
    )
    dates = due_on(case)
    assert dates["B1"] == date(2026, 12, 14)
    assert (dates["C"], dates["D1"], dates["D3"]) == (date(2026, 12, 17), date(2026, 12, 21), date(2027, 3, 8))


def test_it_runs_24_elapsed_hours_through_christmas_day() -> None:
    assert clock(GAS, "A2").due_at == datetime(2026, 12, 25, 23, 10, tzinfo=UTC)
    assert clock(GAS, "A1").due_at == clock(GAS, "A2").due_at


@pytest.mark.parametrize(("on", "hour"), [((2026, 10, 24), 22), ((2026, 3, 28), 0)])
def test_it_runs_24_elapsed_hours_when_the_clocks_change(on: tuple[int, int, int], hour: int) -> None:
    aware_at = datetime(*on, 23, 0, tzinfo=LONDON).astimezone(UTC)
    due_at = clock(msgspec.structs.replace(GAS, aware_at=aware_at), "A2").due_at
    assert due_at is not None
    assert due_at - aware_at == timedelta(hours=24)
    assert due_at.astimezone(LONDON).hour == hour


def test_it_counts_a_report_on_saturday_from_monday() -> None:
    saturday = msgspec.structs.replace(MOULD, aware_at=noon(2026, 11, 28))
    assert due_on(saturday)["B1"] == date(2026, 12, 11)


def test_it_takes_london_for_the_day_of_awareness() -> None:
    late_evening = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)  # half past midnight on the 16th in London
    assert due_on(msgspec.structs.replace(MOULD, aware_at=late_evening))["B1"] == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("hazard", "hazard_class", "on", "covered"),
    [
        ("damp_mould", "significant", date(2025, 10, 26), False),
        ("damp_mould", "significant", date(2025, 10, 27), True),
        ("excess_cold", "significant", date(2026, 11, 29), False),
        ("excess_cold", "significant", date(2026, 11, 30), True),
        ("excess_cold", "emergency", date(2025, 10, 27), True),
        ("electrical", "emergency", date(2025, 10, 26), False),
        ("carbon_monoxide", "significant", date(2026, 12, 1), False),  # phase 3 has no day yet
        ("carbon_monoxide", "emergency", date(2026, 12, 1), True),
        ("crowding", "emergency", date(2026, 12, 1), False),
        ("damp_mould", "none", date(2026, 12, 1), False),
    ],
)
def test_it_opens_the_gate_by_hazard_and_day_of_awareness(hazard: str, hazard_class: str, on: date, covered: bool) -> None:
    assert in_force(hazard, hazard_class, on) is covered
    case = AwaabCase(hazard=hazard, triaged=hazard_class, aware_at=noon(on.year, on.month, on.day))
    assert bool(awaab_clocks(case)) is covered


def test_it_covers_every_hazard_but_crowding_in_an_emergency() -> None:
    listed = set(law().texts("awaab.hazards.emergency", date(2026, 1, 1)))
    assert listed == {code for code, hazard in hazards().items() if hazard.awaab} == set(hazards()) - {"crowding"}
    assert sorted(hazard.number for hazard in hazards().values()) == list(range(1, 30))
    assert set(law().texts("awaab.hazards.significant", date(2026, 12, 1))) <= listed


def test_it_starts_with_the_first_contact_even_a_complaint() -> None:
    contacts = [
        Contact(at=noon(2026, 12, 16), how="report"),
        Contact(at=noon(2026, 12, 14), how="complaint"),
        Contact(at=noon(2026, 12, 20), how="survey"),
    ]
    assert first_aware(contacts) == noon(2026, 12, 14)
    assert aware_from(contacts, "damp_mould", "significant") == noon(2026, 12, 14)
    assert first_aware([]) is None


def test_it_brings_in_an_old_hazard_with_the_first_contact_after_the_law_began() -> None:
    contacts = [
        Contact(at=noon(2017, 11, 15), how="report"),
        Contact(at=noon(2026, 1, 5), how="call"),
        Contact(at=noon(2026, 12, 1), how="operative", material_change=True),
    ]
    assert first_aware(contacts) == noon(2017, 11, 15)
    assert aware_from(contacts, "damp_mould", "significant") == noon(2026, 1, 5)
    assert aware_from(contacts, "excess_cold", "significant") == noon(2026, 12, 1)  # came in with phase 2
    assert aware_from(contacts[:1], "damp_mould", "significant") is None


def test_it_starts_a_new_24_hours_when_an_emergency_is_found_on_the_way() -> None:
    case = msgspec.structs.replace(FOUND, found="emergency")
    assert letters(case) == {"B1", "A3", "C", "D2", "D3", "G"}
    assert clock(case, "A3").due_at == noon(2026, 12, 31)


def test_it_asks_for_no_work_when_no_hazard_was_found_but_for_the_summary() -> None:
    case = msgspec.structs.replace(FOUND, found="none")
    assert letters(case) == {"B1", "C", "G"}


def test_it_runs_a_renewed_investigation_from_her_request() -> None:
    case = msgspec.structs.replace(FOUND, found="none", renewed_asked_at=noon(2027, 1, 4))
    assert due_on(case)["B2"] == date(2027, 1, 18)
    found = msgspec.structs.replace(case, renewed_concluded_at=noon(2027, 1, 11), renewed_found="significant")
    assert due_on(found)["D1"] == date(2027, 1, 18)  # from the conclusion that found it
    assert due_on(found)["C"] == date(2027, 1, 14)


def test_it_sets_no_limit_for_a_further_investigation_or_for_finishing() -> None:
    case = msgspec.structs.replace(FOUND, further_needed_at=noon(2027, 1, 4), works_started_at=noon(2027, 1, 6))
    assert {letter: clock(case, letter).due_at for letter in ("B3", "E", "G")} == {"B3": None, "E": None, "G": None}


def test_it_ends_each_clock_with_what_it_waits_for() -> None:
    case = msgspec.structs.replace(
        FOUND,
        summary_sent_at=noon(2027, 1, 4),
        made_safe_at=noon(2027, 1, 8),
        preventative_begun_at=noon(2027, 1, 7),
        preventative_started_at=noon(2027, 3, 25),
        works_started_at=noon(2027, 1, 8),
        completed_at=noon(2027, 4, 1),
    )
    at = noon(2027, 5, 1)
    states = {c.code.removeprefix("awaab."): state_of(c, at) for c in awaab_clocks(case)}
    assert states == {"B1": "kept", "C": "kept", "D1": "missed", "D2": "kept", "D3": "missed", "E": "kept", "G": "kept"}


def test_it_takes_a_start_on_site_for_steps_taken_to_begin() -> None:
    case = msgspec.structs.replace(FOUND, preventative_started_at=noon(2027, 1, 6))
    assert (clock(case, "D2").ended_at, clock(case, "D3").ended_at) == (noon(2027, 1, 6), noon(2027, 1, 6))


def test_it_asks_for_no_prevention_when_none_is_needed() -> None:
    assert letters(msgspec.structs.replace(FOUND, preventative_needed=False)) == {"B1", "C", "D1", "G"}


def test_it_needs_no_summary_when_all_is_finished_and_told_in_its_days() -> None:
    told = msgspec.structs.replace(FOUND, completed_at=noon(2027, 1, 4), told_completed_at=noon(2027, 1, 5))
    assert (clock(told, "C").ended_by, clock(told, "C").why) == ("not_needed", "all_work_finished")
    untold = msgspec.structs.replace(FOUND, completed_at=noon(2027, 1, 4))
    assert clock(untold, "C").ended_by is None
    too_late = msgspec.structs.replace(told, told_completed_at=noon(2027, 1, 6))
    assert clock(too_late, "C").ended_by is None


@pytest.mark.parametrize(
    ("change", "why"),
    [({"moved_out_at": 5}, "moved_out"), ({"third_party_exhausted_at": 5}, "third_party")],
)
def test_it_stops_the_24_hours_only_for_what_happens_in_time(change: dict[str, int], why: str) -> None:
    field = next(iter(change))
    in_time = msgspec.structs.replace(GAS, **{field: GAS.aware_at + timedelta(hours=5)})
    assert (clock(in_time, "A2").ended_by, clock(in_time, "A2").why) == ("stopped", why)
    late = msgspec.structs.replace(GAS, **{field: GAS.aware_at + timedelta(hours=25)})
    assert clock(late, "A2").ended_by is None
    assert state_of(clock(late, "A2"), GAS.aware_at + timedelta(hours=26)) == "missed"


def test_it_stops_the_24_hours_when_a_further_investigation_finds_no_hazard() -> None:
    at = GAS.aware_at + timedelta(hours=8)
    case = msgspec.structs.replace(GAS, further_needed_at=GAS.aware_at, further_concluded_at=at, further_found="none")
    assert (clock(case, "A2").ended_by, clock(case, "A2").why) == ("stopped", "no_hazard_found")


def test_it_does_not_hide_a_missed_emergency_behind_a_late_finding() -> None:
    late = GAS.aware_at + timedelta(hours=30)
    case = msgspec.structs.replace(GAS, concluded_at=late, found="none")
    assert state_of(clock(case, "A2"), late) == "missed"
    assert state_of(clock(case, "A1"), late) == "missed"


def test_it_turns_a_downgraded_emergency_into_five_working_days() -> None:
    cold = AwaabCase(
        hazard="excess_cold",
        triaged="emergency",
        aware_at=noon(2026, 12, 14),
        concluded_at=datetime(2026, 12, 14, 18, tzinfo=UTC),
        found="significant",
    )
    assert (clock(cold, "A2").ended_by, clock(cold, "A2").why) == ("not_needed", "found_significant")
    assert clock(cold, "D1").due_on == date(2026, 12, 21)


def test_what_ended_the_24_hours_first_is_what_ended_them() -> None:
    """Told "not needed" at the survey, it is not "kept" by the works that the survey asked for; nor the other way round."""
    surveyed, safe = GAS.aware_at + timedelta(hours=3), GAS.aware_at + timedelta(hours=9)
    case = msgspec.structs.replace(GAS, concluded_at=surveyed, found="significant")
    before = clock(case, "A2")
    assert (before.ended_by, before.ended_at) == ("not_needed", surveyed)
    assert clock(msgspec.structs.replace(case, made_safe_at=safe), "A2") == before
    made_safe_first = msgspec.structs.replace(GAS, made_safe_at=surveyed, concluded_at=safe, found="significant")
    assert (clock(made_safe_first, "A2").ended_by, clock(made_safe_first, "A2").ended_at) == ("done", surveyed)
    moved = msgspec.structs.replace(GAS, moved_out_at=surveyed)
    assert clock(msgspec.structs.replace(moved, made_safe_at=safe), "A2") == clock(moved, "A2")


def test_an_emergency_that_a_renewed_investigation_finds_has_24_hours_of_its_own() -> None:
    surveyed, again = GAS.aware_at + timedelta(hours=3), GAS.aware_at + timedelta(days=4)
    case = msgspec.structs.replace(
        GAS, concluded_at=surveyed, found="none", renewed_asked_at=surveyed, renewed_concluded_at=again, renewed_found="emergency"
    )
    assert (clock(case, "A2").ended_by, clock(case, "A2").ended_at) == ("not_needed", surveyed)
    assert (clock(case, "A3").due_at, clock(case, "A3").ended_by) == (again + timedelta(hours=24), None)


def test_it_asks_for_nothing_more_when_the_downgraded_hazard_is_not_in_force_yet() -> None:
    cold = AwaabCase(
        hazard="excess_cold",
        triaged="emergency",
        aware_at=noon(2026, 1, 12),
        concluded_at=noon(2026, 1, 12),
        found="significant",
    )
    assert letters(cold) == {"A1", "A2", "C", "G"}


def test_it_wants_somewhere_else_to_stay_by_the_moment_the_home_had_to_be_safe() -> None:
    case = msgspec.structs.replace(GAS, cannot_make_safe_at=GAS.aware_at + timedelta(hours=4))
    assert clock(case, "F").due_at == clock(case, "A2").due_at
    moved = msgspec.structs.replace(case, moved_out_at=GAS.aware_at + timedelta(hours=20))
    assert state_of(clock(moved, "F"), noon(2026, 12, 27)) == "kept"
    declined = msgspec.structs.replace(case, alternative_declined_at=GAS.aware_at + timedelta(hours=6))
    assert (clock(declined, "F").ended_by, clock(declined, "F").why) == ("not_needed", "declined")
    assert clock(declined, "A2").ended_by is None  # declining does not make the home safe
    taken = msgspec.structs.replace(case, alternative_accepted_at=GAS.aware_at + timedelta(hours=9))
    assert (clock(taken, "F").ended_by, clock(taken, "A2").ended_by) == ("done", None)  # nor does taking it: they live there yet
    after_all = msgspec.structs.replace(taken, alternative_declined_at=GAS.aware_at + timedelta(hours=6))
    assert clock(after_all, "F").ended_by == "done"  # she declined the first offer and took the second
    significant = msgspec.structs.replace(FOUND, cannot_make_safe_at=noon(2027, 1, 6))
    assert clock(significant, "F").due_on == date(2027, 1, 7)


def test_it_cites_the_regulations_for_every_clock() -> None:
    case = msgspec.structs.replace(FOUND, cannot_make_safe_at=noon(2027, 1, 6), works_started_at=noon(2027, 1, 6))
    for one in awaab_clocks(case):
        assert one.law
        assert "SI 2025/1042" in one.citation
        assert one.duty != one.code
        assert one.about == "damp_mould"


@given(st.integers(0, 700), st.integers(0, 60), st.integers(0, 60))
def test_it_never_brings_a_deadline_forward_for_a_later_event(start: int, wait: int, more: int) -> None:
    aware_at = noon(2025, 10, 27) + timedelta(days=start)
    one = AwaabCase(
        hazard="damp_mould",
        triaged="significant",
        aware_at=aware_at,
        concluded_at=aware_at + timedelta(days=wait),
        found="significant",
    )
    later = msgspec.structs.replace(one, concluded_at=aware_at + timedelta(days=wait + more))
    for letter in ("C", "D1", "D2", "D3"):
        assert clock(one, letter).due_at <= clock(later, letter).due_at
        assert clock(one, letter).due_at > one.concluded_at


def test_it_leads_a_significant_hazard_through_the_whole_table() -> None:
    states: dict[str, str] = {}
    for event in [
        "triaged_significant",
        "investigation_begun",
        "concluded_significant",
        "summary_sent",
        "made_safe",
        "preventative_started",
        "completed",
    ]:
        states = awaab_step(states, event)
    assert states["hazard"] == "complete"
    assert awaab_step(states, "material_change")["hazard"] == "reported"


def test_it_lets_an_emergency_be_made_safe_before_it_is_written_up() -> None:
    states: dict[str, str] = {}
    for event in ["triaged_emergency", "made_safe", "concluded_emergency", "summary_sent"]:
        states = awaab_step(states, event)
    assert states["hazard"] == "made_safe"


def test_it_keeps_the_tracks_apart() -> None:
    states = awaab_step({}, "triaged_significant")
    for event in ["no_access", "no_access", "alternative_offered", "alternative_declined", "consent_asked"]:
        states = awaab_step(states, event)
    assert states == {
        "hazard": "significant_expected",
        "access": "tried_twice",
        "accommodation": "declined",
        "consent": "awaiting_third_party",
    }


def test_it_never_ends_a_hazard_for_want_of_access() -> None:
    states = awaab_step({}, "triaged_significant")
    for _ in range(5):
        states = awaab_step(states, "no_access")
    assert (states["hazard"], states["access"]) == ("significant_expected", "tried_three_times")


def test_it_refuses_a_step_out_of_turn_and_one_it_does_not_know() -> None:
    with pytest.raises(Refused, match=r"repairs\.hazard_step_out_of_turn"):
        awaab_step({}, "completed")
    with pytest.raises(Refused, match=r"repairs\.no_such_hazard_step"):
        awaab_step({}, "forgotten")


def test_it_can_reach_every_state_and_names_each_way_once() -> None:
    for track, first in FIRST_STATE.items():
        reached = {first}
        steps = [step for step in AWAAB_STEPS if step.track == track]
        for _ in steps:
            reached |= {step.after for step in steps if step.before in reached}
        assert reached == {first} | {state for step in steps for state in (step.before, step.after)}
    ways = [(step.track, step.before, step.event) for step in AWAAB_STEPS]
    assert len(ways) == len(set(ways))
    tracks = {(step.event, step.track) for step in AWAAB_STEPS}
    assert len(tracks) == len({event for event, _ in tracks})


def test_the_phase_is_that_of_the_day_of_awareness_however_late_it_is_investigated() -> None:
    """A cold home told of on the last day before phase 2 stays outside it; one told of a day later is in."""
    before = AwaabCase(
        hazard="excess_cold",
        triaged="significant",
        aware_at=noon(2026, 11, 29),
        concluded_at=noon(2026, 12, 3),
        found="significant",
    )
    assert awaab_clocks(before) == ()
    after = msgspec.structs.replace(before, aware_at=noon(2026, 11, 30))
    assert {"B1", "C", "D1", "D2", "D3"} <= set(due_on(after))
    midnight = datetime(2026, 11, 30, 0, 5, tzinfo=LONDON)
    assert awaab_clocks(msgspec.structs.replace(before, aware_at=midnight.astimezone(UTC)))
    assert not awaab_clocks(msgspec.structs.replace(before, aware_at=(midnight - timedelta(minutes=10)).astimezone(UTC)))


def test_an_emergency_needs_no_phase() -> None:
    case = AwaabCase(hazard="excess_cold", triaged="emergency", aware_at=noon(2026, 11, 29))
    assert {clock.code for clock in awaab_clocks(case)} >= {"awaab.A1", "awaab.A2"}
