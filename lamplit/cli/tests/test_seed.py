"""The made-up landlord: the same for the same number, true to its facts' contracts, and alive."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lamplit.basics.ids import SeededIds
from lamplit.cli.seed.crew import make_crew
from lamplit.cli.seed.faults import FAULTS, ways
from lamplit.cli.seed.plan import cut, make_sites
from lamplit.cli.seed.write import Landlord as MadeUp
from lamplit.cli.seed.write import make_story, write_batch
from lamplit.people.facts import PersonNoted, PersonRecorded
from lamplit.repairs import queries as repairs
from lamplit.repairs.facts import RepairReported
from lamplit.staff import queries as staff

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def made_up(homes=50, years=3, seed=1):
    return MadeUp(homes, years, seed, NOW, (NOW - timedelta(days=365 * years + 1)).replace(hour=6, minute=0))


def told(landlord, number=0):
    batches = cut(make_sites(landlord.homes, landlord.seed))
    crew = make_crew(landlord.homes, landlord.seed, landlord.begins)
    return make_story(landlord, crew, number, batches).in_order()


def test_fifty_homes_of_three_years_fold_again_to_the_same_tables(landlord):
    """The fixture seals, publishes, verifies, folds again and compares when this ends."""
    mine = made_up()
    count = write_batch(mine, 0, cut(make_sites(mine.homes, mine.seed)))
    assert count > 5_000
    assert landlord.seal() == count
    assert write_batch(mine, 0, cut(make_sites(mine.homes, mine.seed))) == 0  # begun again, it writes nothing twice
    waiting = repairs.queue(now=NOW)
    assert {row.status for row in waiting} >= {"received", "open", "to_confirm"}
    assert repairs.queue_counts(now=NOW)["unaccepted"] >= 3
    assert repairs.queue_counts(now=NOW)["hazards"] >= 2
    assert repairs.queue_counts(now=NOW)["reopened"] >= 1
    assert staff.on_call(NOW).first is not None
    assert staff.on_call(NOW).lead is not None


def test_the_same_number_gives_the_same_landlord():
    once, again, other = told(made_up()), told(made_up()), told(made_up(seed=2))
    assert once == again
    assert once != other


def test_a_count_of_notes_tells_nobody_who_has_a_need():
    facts = [item.fact for item in told(made_up(homes=200, years=0))]
    children = {f.person for f in facts if isinstance(f, PersonRecorded) and f.born_on.year > NOW.year - 18}
    notes = Counter(f.person for f in facts if isinstance(f, PersonNoted))
    assert {notes[person] for person in children} == {1}
    assert {count for person, count in notes.items() if person not in children} == {2}
    about = Counter(f.about.what for f in facts if isinstance(f, PersonNoted))
    assert about["preference"] > about["need"] > 10


def test_nothing_lies_ahead_and_references_and_ways_to_sign_in_are_each_somebodys():
    landlord = made_up(homes=560, years=1)
    batches = cut(make_sites(landlord.homes, landlord.seed))
    items = [item for number in range(len(batches)) for item in told(landlord, number)]
    assert all(landlord.begins <= item.at <= NOW for item in items)
    references = [item.fact.reference for item in items if isinstance(item.fact, RepairReported)]
    assert len(references) == len(set(references)) > 1_000
    reaches = [
        i.fact.how.value for i in items if type(i.fact).__name__ == "ReachRecorded" and i.fact.how.channel in ("text", "email")
    ]
    assert len(reaches) == len(set(reaches))
    assert sum(len(site.homes) for batch in batches for site in batch) == 560


@pytest.mark.parametrize("fault", [fault for fault, *_ in FAULTS])
def test_every_fault_can_be_reached_by_the_questions(fault):
    assert all(way.outcome.fault == fault for way in ways()[fault])


def test_ids_do_not_depend_on_the_batches_before():
    landlord = made_up(homes=560, years=0)
    batches = cut(make_sites(landlord.homes, landlord.seed))
    crew = make_crew(landlord.homes, landlord.seed, landlord.begins)
    alone = make_story(landlord, crew, 1, batches, SeededIds(5)).in_order()
    told(landlord, 0)
    assert make_story(landlord, crew, 1, batches, SeededIds(5)).in_order() == alone


def test_the_laws_clocks_of_a_second_hazard_are_kept_mostly():
    due, kept = dict[tuple[str, str], datetime](), Counter[bool]()
    for item in told(made_up(homes=120)):
        for clock in getattr(item.fact, "starts", None) or []:
            due[item.fact.repair, clock.code] = clock.due_at
        for code in getattr(item.fact, "stops", None) or []:
            second = code.startswith("awaab.") and code.endswith(".2")
            kept.update([item.at <= due[item.fact.repair, code]] if second else [])
    assert kept[True] > 3 * kept[False]


@pytest.mark.slow
def test_what_is_open_is_of_these_weeks_and_nothing_waits_for_years():
    open_since: dict[str, datetime] = {}
    running: dict[str, dict[str, datetime]] = {}
    for item in told(made_up(homes=400)):
        fact, name = item.fact, type(item.fact).__name__
        if name in ("RepairReported", "RepairReopened"):
            open_since.setdefault(fact.repair, item.at)
        if name == "RepairClosed":
            del open_since[fact.repair]
        for clock in getattr(fact, "starts", None) or []:
            running.setdefault(fact.repair, {})[clock.code] = clock.due_at
        for code in getattr(fact, "stops", None) or []:
            running[fact.repair].pop(code, None)
    late = [min(running[repair].values()) for repair in open_since if min(running[repair].values(), default=NOW) < NOW]
    assert min(open_since.values()) > NOW - timedelta(days=90)
    assert min(late) > NOW - timedelta(days=30)
    assert 0 < len(late) < len(open_since) / 2
