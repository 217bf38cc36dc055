"""What a change of rents makes of each account, or why it leaves it out."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from lamplit.basics.refusal import Refused
from lamplit.rent.facts import NewTerms, Term
from lamplit.rent.rules import change
from lamplit.rent.rules.change import Held, Line, Rented, Service, Worked, work_out
from lamplit.rent.rules.rent_change import convergence, last_day_to_serve, served_on

APRIL = date(2026, 4, 6)
YEAR_BEFORE = date(2025, 4, 7)


def held(rent: int = 11_847, *services: tuple[str, int], **more: Any) -> Held:
    terms = (Term(charge="rent", pence=rent), *(Term(charge=charge, pence=pence) for charge, pence in services))  # type: ignore[arg-type]
    fields = {"from_on": YEAR_BEFORE, "frequency": "weekly", "weeks": 52, "rent_type": "social", "terms": terms}
    return Held(**{**fields, **more})


def rented(*sets: Held, **more: Any) -> Rented:
    fields = {"account": "t_1", "home": "h_1", "started_on": date(2020, 1, 6), "charged_to_on": None, "sets": sets or (held(),)}
    return Rented(**{**fields, **more})


def found(one: Rented, *services: Service, frequency: Any = "weekly", on: date = APRIL) -> Line | str:
    worked = work_out([one], frequency, on, {one.account: services})
    change.check_cap(worked)
    return worked.lines[0] if worked.lines else worked.left_out[0][1]


def test_118_47_becomes_124_16_and_services_stay() -> None:
    line = found(rented(held(11_847, ("service", 1_250), ("heating", 400))))
    assert isinstance(line, Line)
    assert [term.pence for term in line.new] == [12_416, 1_250, 400]
    assert (line.old_pence, line.new_pence, line.converging_pence) == (13_497, 14_066, 0)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (rented(sets=()), "no_terms"),
        (rented(held(from_on=APRIL), started_on=APRIL), "not_yet"),
        (rented(held(frequency="monthly")), "other_times"),
        (rented(held(0, ("garage", 900))), "no_rent"),
        (rented(held(rent_type="market")), "no_rule"),
        (rented(held(rent_type="supported")), "no_rule"),
        (rented(held(11_000), held(from_on=YEAR_BEFORE + timedelta(days=7))), "too_soon"),
        (rented(held(11_847), held(from_on=date(2025, 9, 1), terms=(Term(charge="rent", pence=11_847),))), None),  # no other rent
        (rented(started_on=date(2025, 4, 7)), "let_lately"),
        (rented(protected=True), "protected"),
        (rented(held(), held(from_on=date(2026, 6, 1))), "set_after"),
        (rented(charged_to_on=APRIL), "charged"),
        (rented(held(10)), "same"),  # 4.8 % of ten pence are not half a penny
    ],
)
def test_who_is_left_out_and_why(one: Rented, why: str | None) -> None:
    line = found(one)
    assert isinstance(line, Line) if why is None else line == why
    assert why is None or why in change.WHY_LEFT_OUT


def test_new_services_take_the_place_of_all_lines_of_their_charge() -> None:
    one = rented(held(11_847, ("service", 1_250), ("service_not_eligible", 300)))
    given = [
        Service(account="t_1", charge="service", pence=900, category="A"),
        Service(account="t_1", charge="service", pence=500, category="B"),
        Service(account="t_1", charge="water", pence=700),
    ]
    line = found(one, *given)
    assert isinstance(line, Line)
    assert [(term.charge, term.pence, term.category) for term in line.new] == [
        ("rent", 12_416, None), ("service_not_eligible", 300, None), ("service", 900, "A"), ("service", 500, "B"),
        ("water", 700, None),
    ]  # fmt: skip


def test_an_affordable_rent_with_its_services_goes_up_by_no_more_than_cpi_and_1() -> None:
    one = rented(held(20_000, ("service", 1_000), rent_type="affordable"))
    plain, dearer = found(one), found(one, Service(account="t_1", charge="service", pence=1_500))
    assert isinstance(plain, Line)
    assert isinstance(dearer, Line)
    assert (plain.new[0].pence, dearer.new[0].pence, dearer.new_pence) == (20_960, 20_508, 22_008)  # 210.00 and 4.8 %
    assert found(one, Service(account="t_1", charge="service", pence=30_000)) == "above_cap"


def test_convergence_goes_with_the_rhythm_and_formula_goes_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    on = date(2027, 4, 5)
    assert (convergence("weekly", 52, on), convergence("weekly", 50, on)) == (100, 104)
    assert (convergence("four_weekly", 52, on), convergence("monthly", 52, on)) == (400, 433)
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: change.Decimal("3.8"))
    line = found(rented(held(11_847, formula_pence=14_000, from_on=APRIL)), on=on)
    assert isinstance(line, Line)
    assert (line.new_pence, line.converging_pence, line.formula_pence) == (12_516, 100, 14_672)
    near = found(rented(held(11_847, formula_pence=11_880, from_on=APRIL)), on=on)
    assert isinstance(near, Line)
    assert (near.new_pence, near.converging_pence, near.formula_pence) == (12_450, 34, 12_450)


def test_the_year_of_53_weeks_begins_a_week_later_and_nobody_is_too_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: change.Decimal(2))
    sets = [held(10_000 + year, from_on=day) for year, day in enumerate((date(2029, 4, 2), date(2030, 4, 1)))]
    assert isinstance(found(rented(*sets), on=date(2031, 4, 7)), Line)  # 53 weeks after 1 April 2030
    assert isinstance(found(rented(*sets), on=date(2031, 3, 31)), Line)  # 52 weeks after it, six days before the anniversary
    assert found(rented(*sets), on=date(2031, 3, 24)) == "too_soon"


@pytest.mark.parametrize("let_on", [date(2024, 4, 8), date(2024, 6, 3), date(2024, 9, 30), date(2024, 10, 14)])
def test_a_letting_is_no_first_increase(let_on: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: change.Decimal(2))
    one = rented(held(10_000, from_on=let_on), held(10_480, from_on=APRIL), started_on=let_on)
    assert isinstance(found(one, on=date(2027, 4, 5)), Line)  # exactly 52 weeks after its only increase
    assert found(one, on=date(2027, 3, 29)) == "too_soon"


def test_52_weeks_run_from_the_first_terms_and_53_are_counted_from_the_first_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: change.Decimal(2))
    brought = held(10_000, from_on=date(2025, 9, 1))
    assert found(rented(brought), on=APRIL) == "too_soon"
    assert isinstance(found(rented(brought), on=date(2026, 8, 31)), Line)
    lowered = held(9_000, from_on=date(2027, 6, 7))
    rises = [held(9_000 + 100 * year, from_on=date(year, 4, day)) for year, day in ((2029, 2), (2030, 1))]
    assert isinstance(found(rented(brought, lowered, *rises), on=date(2031, 3, 31)), Line)
    early = held(9_900, from_on=date(2024, 4, 8))
    assert found(rented(held(9_800, from_on=date(2023, 4, 3)), early, *rises), on=date(2031, 3, 31)) == "too_soon"  # 53 weeks
    assert isinstance(found(rented(held(9_800, from_on=date(2023, 4, 3)), early, *rises), on=date(2031, 4, 7)), Line)


def test_a_rent_above_the_most_allowed_stops_the_whole_change() -> None:
    worked = work_out([rented()], "weekly", APRIL)
    one = msgspec.structs.replace(worked.lines[0], new=(Term(charge="rent", pence=12_417),))
    with pytest.raises(Refused, match=r"rent.above_cap"):
        change.check_cap(msgspec.structs.replace(worked, lines=(one,)))
    again: Worked = change.unpacked(change.packed(worked))
    assert again == worked
    with pytest.raises(Refused, match=r"rent.no_cpi"):
        work_out([rented()], "weekly", date(2028, 4, 3))


def test_a_notice_is_a_month_and_a_letter_takes_two_working_days() -> None:
    assert last_day_to_serve(APRIL) == date(2026, 3, 6)
    assert last_day_to_serve(date(2026, 3, 30)) == date(2026, 2, 28)
    assert served_on(date(2026, 3, 5)) == date(2026, 3, 9)  # a Thursday


def test_new_terms_of_many_lines_are_cut_so_that_each_entry_holds_them() -> None:
    charges = ("rent", "service_not_eligible", "support", "water", "heating", "garage", "other")
    terms = tuple(Term(charge=charge, pence=1_234_567) for charge in charges)  # type: ignore[arg-type]
    services = tuple(Term(charge="service", pence=1_234_567, category=one) for one in "ABCD")  # type: ignore[arg-type]
    (first,) = work_out([rented()], "weekly", APRIL).lines
    ids = [f"t_{number:020}" for number in range(300)]
    lines = [msgspec.structs.replace(first, account=one, new=(*terms, *services), formula_pence=1_234_567) for one in ids]
    lots = list(change.in_entries(lines))
    assert [line.account for lot in lots for line in lot] == ids
    for lot in lots:
        new = [
            NewTerms(
                home=f"h_{0:020}", weeks=52, rent_type="affordable", terms=list(line.new), noticed_on=APRIL,
                formula_pence=1_234_567,
            )
            for line in lot
        ]  # fmt: skip
        assert len(msgspec.json.encode([[line.account] * 2 for line in lot])) + len(msgspec.json.encode(new)) < 45_000
