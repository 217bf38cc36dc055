"""A charge run worked out: whole periods, catching up, what goes into one entry. Pure."""

from datetime import date, timedelta
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules import charging, runs
from lamplit.rent.rules.runs import Chargeable, Set, Worked

MONDAY = date(2026, 4, 6)
WEEK = timedelta(days=7)
SUMS = st.lists(st.integers(0, 99_999), min_size=1, max_size=4)


def account(name: str, pence: list[int], *, frequency: str = "weekly", **more: object) -> Chargeable:
    terms = msgspec.json.encode([{"charge": "rent", "pence": one} for one in pence]).decode()
    one = Set(from_on=date(2020, 1, 6), frequency=frequency, weeks=52, terms=terms)  # type: ignore[arg-type]
    told = {"started_on": date(2020, 1, 6), "ended_on": None, "charged_to_on": MONDAY - timedelta(days=1), "sets": (one,)}
    return Chargeable(account=name, **{**told, **more})  # type: ignore[arg-type]


def charged(worked: Worked) -> list[tuple[str, date, date, int]]:
    return [
        (name, batch.from_on, batch.to_on, sum(pence for _, pence in charges))
        for batch in worked.batches
        for name, charges in zip(batch.accounts, batch.charges, strict=True)
    ]


@settings(max_examples=40)
@given(SUMS, st.sampled_from(["weekly", "four_weekly", "monthly"]))
def test_a_whole_period_costs_what_the_rules_of_charging_say(pence: list[int], frequency: str) -> None:
    begins = date(2026, 4, 1) if frequency == "monthly" else MONDAY
    terms = charging.Terms(
        frequency=frequency, lines=tuple(charging.Line(charge="rent", pence=one) for one in pence), starts_on=date(2020, 1, 6)  # type: ignore[arg-type]
    )  # fmt: skip
    if frequency == "four_weekly":
        begins = charging.periods(terms, MONDAY, MONDAY + 5 * WEEK)[0].from_on
    known = account("t_1", pence, frequency=frequency, charged_to_on=begins - timedelta(days=1))
    period = charging.periods(terms, begins, begins)[0]
    assert runs.work_out([known], frequency, begins).pence == charging.total(charging.charge_for(terms, period))  # type: ignore[arg-type]


def test_who_was_let_in_midweek_is_charged_from_that_day_and_caught_up() -> None:
    wednesday = MONDAY - WEEK + timedelta(days=2)
    let = account("t_1", [7_000], started_on=wednesday, charged_to_on=None)
    worked = runs.work_out([let], "weekly", MONDAY)
    assert charged(worked) == [
        ("t_1", wednesday, MONDAY - timedelta(days=1), 5_000),
        ("t_1", MONDAY, MONDAY + timedelta(days=6), 7_000),
    ]
    assert worked.caught_up == ["t_1"]


def test_terms_that_change_in_a_week_hold_from_the_next_one_and_no_day_is_charged_twice() -> None:
    old = account("t_1", [7_000])
    new = msgspec.structs.replace(old.sets[0], from_on=MONDAY + timedelta(days=3), terms='[{"charge":"rent","pence":14000}]')
    changed = msgspec.structs.replace(old, sets=(*old.sets, new))
    assert charged(runs.work_out([changed], "weekly", MONDAY)) == [("t_1", MONDAY, MONDAY + timedelta(days=6), 7_000)]
    later = msgspec.structs.replace(changed, charged_to_on=MONDAY + timedelta(days=6))
    assert charged(runs.work_out([later], "weekly", MONDAY + WEEK)) == [
        ("t_1", MONDAY + WEEK, MONDAY + WEEK + timedelta(days=6), 14_000)
    ]


WEEKLY_THEN_MONTHLY = [("weekly", 7_000, date(2020, 1, 6)), ("monthly", 30_000, date(2026, 5, 1))]


def changed_over(*sets: tuple[str, int, date], charged_to_on: date | None) -> Chargeable:
    """Return an account with terms of several rhythms, each with a sum and a first day."""
    made = [
        Set(from_on=from_on, frequency=rhythm, weeks=52, terms=f'[{{"charge":"rent","pence":{pence}}}]')  # type: ignore[arg-type]
        for rhythm, pence, from_on in sets
    ]
    return account("t_1", [1], sets=tuple(made), started_on=made[0].from_on, charged_to_on=charged_to_on)


def in_turn(one: Chargeable, order: list[tuple[str, date]]) -> list[tuple[date, date, int]]:
    """Charge an account by runs of several rhythms, as they come. Returns its lines by their days."""
    found = []
    for rhythm, from_on in order:
        _, to_on = runs.period_of(rhythm, from_on)  # type: ignore[arg-type]
        known = msgspec.structs.replace(one, sets=tuple(each for each in one.sets if each.from_on <= to_on))
        lines = charged(runs.work_out([known], rhythm, from_on))  # type: ignore[arg-type]
        found += [(first, last, pence) for _, first, last, pence in lines]
        if lines:
            one = msgspec.structs.replace(one, charged_to_on=lines[-1][2])
    return sorted(found)


def test_a_change_of_rhythm_loses_no_day_in_either_order() -> None:
    sunday, may = date(2026, 4, 26), date(2026, 5, 1)
    one = changed_over(*WEEKLY_THEN_MONTHLY, charged_to_on=sunday)
    said = [(sunday + timedelta(days=1), date(2026, 4, 30), 4_000), (may, date(2026, 5, 31), 30_000)]
    week, month = ("weekly", sunday + timedelta(days=1)), ("monthly", may)
    assert in_turn(one, [week, month]) == in_turn(one, [month, week]) == said
    assert runs.work_out([one], "monthly", may).caught_up == ["t_1"]
    assert not runs.work_out([one], "weekly", sunday + timedelta(days=1)).caught_up
    assert runs.charges_to_come(one, may) == [(first, pence) for first, _, pence in said]
    new = ("weekly", 7_000, date(2026, 5, 4))
    back = changed_over(("monthly", 30_000, date(2020, 1, 1)), new, charged_to_on=date(2026, 4, 30))
    said = [(may, date(2026, 5, 3), 2_959), (date(2026, 5, 4), date(2026, 5, 10), 7_000)]
    week = ("weekly", date(2026, 5, 4))
    assert in_turn(back, [week, month]) == in_turn(back, [month, week]) == said


DAYS = st.dates(date(2026, 4, 1), date(2026, 7, 31))
RUNS = ("weekly", "four_weekly", "monthly")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(RUNS), st.just(7_000), DAYS), min_size=1, max_size=4, unique_by=lambda one: one[2]),
    st.randoms(use_true_random=False),
)
def test_whatever_order_runs_come_in_each_day_is_charged_once(sets: list[tuple[str, int, date]], dice: Random) -> None:
    one = changed_over(*sorted(sets, key=lambda each: each[2]), charged_to_on=None)
    until = date(2026, 9, 30)
    order = sorted(
        {(rhythm, runs.period_with(rhythm, date(2026, 3, 30) + timedelta(days=day))[0]) for rhythm in RUNS for day in range(185)},  # type: ignore[arg-type]
        key=lambda run: (run[1], run[0]),
    )
    by_day = in_turn(one, order)
    dice.shuffle(order)
    lines = in_turn(one, order)
    days = [first + timedelta(days=at) for first, last, _ in lines for at in range((last - first).days + 1)]
    assert days == [one.sets[0].from_on + timedelta(days=at) for at in range(len(days))]
    assert days[-1] >= until
    assert lines == by_day


def test_who_is_left_out_is_said_and_why() -> None:
    worked = runs.work_out(
        [
            account("t_1", [100], charged_to_on=MONDAY + timedelta(days=6)),
            account("t_2", [100], ended_on=MONDAY - WEEK, charged_to_on=MONDAY - WEEK),
            account("t_3", [100], started_on=MONDAY + 2 * WEEK, charged_to_on=None),
            account("t_4", [100], sets=()),
            account("t_5", [100], frequency="monthly"),
        ],
        "weekly", MONDAY,
    )  # fmt: skip
    assert dict(worked.left_out) == {
        "charged already": 1, "the tenancy has ended": 1, "the tenancy has not begun": 1, "no terms are set": 1,
        "charged at other times": 1,
    }  # fmt: skip
    assert not worked.batches


def test_a_long_list_is_cut_so_that_each_part_fits_into_an_entry() -> None:
    many = [account(f"t_{number:020}", [9_999_999] * 6) for number in range(1_000)]
    worked = runs.work_out(many, "weekly", MONDAY)
    assert sum(len(batch.accounts) for batch in worked.batches) == 1_000
    sizes = [len(msgspec.json.encode([batch.accounts, batch.accounts, batch.charges])) for batch in worked.batches]
    assert max(sizes) < 46_000
    assert worked.by_charge == {"rent": worked.pence}


def test_what_is_to_come_leaves_out_free_weeks_and_days_after_the_end_and_takes_new_terms() -> None:
    """What her page looks ahead to is what the runs will charge."""
    dear = account("t_1", [7_000], charged_to_on=date(2026, 12, 13), ended_on=date(2027, 1, 12))
    dear = msgspec.structs.replace(dear, sets=tuple(msgspec.structs.replace(one, weeks=50) for one in dear.sets))
    new = msgspec.structs.replace(dear.sets[0], from_on=date(2027, 1, 11), terms='[{"charge":"rent","pence":7700}]')
    dear = msgspec.structs.replace(dear, sets=(*dear.sets, new))
    said = [(date(2026, 12, 14), 7_000), (date(2027, 1, 4), 7_000), (date(2027, 1, 11), 2_200)]  # two free weeks; two days
    assert runs.charges_to_come(dear, date(2027, 2, 28)) == said
    assert runs.charges_to_come(dear, date(2026, 12, 30)) == said[:1]
    at_once = [run for on, _ in said for run in charged(runs.work_out([dear], "weekly", on)) if run[1] == on]
    assert [(first, pence) for _, first, _, pence in at_once] == said
