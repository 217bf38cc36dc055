"""Direct Debit: notice, plan and codes; the collection that we missed; and what must be looked at before a refund."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.basics.advices import KINDS, STEPS, codes, meaning
from lamplit.rent.rules.direct_debit import (
    Due,
    Mandate,
    Told,
    Unpaid,
    amount,
    collection_plan,
    effect,
    notice_needed,
    represents,
)
from lamplit.rent.rules.missed import Missed, after_missed, choices
from lamplit.rent.rules.refunds import Refund, look_at, missing, most_refundable

MANDATE = Mandate(mandate="m_1", live=True, collected_before=True)
DEC, JAN, FEB = date(2026, 12, 1), date(2027, 1, 4), date(2027, 2, 1)
EARLIEST = date(2026, 12, 11)
JULY = date(2026, 7, 1)


def plan(mandate: Mandate, *dues: Due, told: tuple[Told, ...] = ()) -> list[tuple[date, int, str, bool]]:
    return [(each.on, each.pence, each.code, each.tell) for each in collection_plan(mandate, dues, told, EARLIEST)]


def test_each_sum_and_each_day_needs_notice_of_its_own() -> None:
    told = (Told(on=DEC, pence=28_000),)
    assert [notice_needed(told, on, pence) for on, pence in ((DEC, 28_000), (DEC, 28_001), (JAN, 28_000))] == [False, True, True]
    assert plan(MANDATE, Due(on=DEC, pence=28_000), Due(on=JAN, pence=28_000), told=told) == [
        (DEC, 28_000, "17", False),
        (JAN, 28_000, "17", True),
    ]
    # Another sum than she was told of moves to the first day that notice given now allows.
    assert plan(MANDATE, Due(on=DEC, pence=30_000), told=told) == [(EARLIEST, 30_000, "17", True)]
    assert plan(MANDATE, Due(on=DEC, pence=20_000), Due(on=DEC, pence=8000), told=told) == [(DEC, 28_000, "17", False)]


def test_01_first_19_last_and_nothing_under_a_dead_mandate() -> None:
    new = Mandate(mandate="m_2", live=True, collected_before=False, first_on=date(2026, 12, 14), last_on=FEB)
    dues = [Due(on=on, pence=5000) for on in (DEC, JAN, FEB, date(2027, 3, 1))]
    assert plan(new, *dues) == [
        (date(2026, 12, 14), 5000, "01", True),
        (JAN, 5000, "17", True),
        (FEB, 5000, "19", True),
    ]
    assert collection_plan(new, dues, (), EARLIEST)[0].was_due_on == DEC
    # Told or not, nothing is taken under a new instruction before its first day.
    assert plan(new, Due(on=DEC, pence=5000), told=(Told(on=DEC, pence=5000),)) == [(date(2026, 12, 14), 5000, "01", True)]
    assert plan(Mandate(mandate="m_3", live=False, collected_before=True), *dues) == []
    assert amount(28_000, 20_000, ahead_pence=1000, instalment_pence=500) == 7500
    assert amount(28_000, 30_000) == 0


@settings(max_examples=50)
@given(dues=st.lists(st.builds(Due, on=st.dates(date(2026, 11, 1), date(2027, 3, 1)), pence=st.integers(0, 50_000)), max_size=6))
def test_a_plan_collects_every_penny_once_and_tells_in_time(dues: list[Due]) -> None:
    told = tuple(Told(on=due.on, pence=due.pence) for due in dues[:3])
    found = collection_plan(MANDATE, dues, told, EARLIEST)
    assert sum(each.pence for each in found) == sum(due.pence for due in dues)
    assert all(each.on >= EARLIEST for each in found if each.tell)
    assert len({each.on for each in found}) == len(found)


def test_re_presentation_is_for_refer_to_payer_once_the_same_sum_within_the_month() -> None:
    unpaid = Unpaid(code="0", due_on=DEC, pence=28_000)
    again = represents(MANDATE, unpaid, date(2027, 1, 1))
    assert again is not None
    assert (again.code, again.pence, again.tell, again.was_due_on) == ("18", 28_000, True, DEC)
    assert represents(MANDATE, unpaid, date(2027, 1, 2)) is None
    assert represents(Mandate(mandate="m_1", live=False, collected_before=True), unpaid, DEC) is None
    for never in (Unpaid(code="2", due_on=DEC, pence=1), Unpaid(code="0", due_on=DEC, pence=1, represented=True)):
        assert represents(MANDATE, never, DEC) is None


@pytest.mark.parametrize(
    ("steps", "does"),
    [
        (("reverse", "represent_or_contact"), "may_collect reverse may_represent"),
        (("reverse", "cancel_mandate", "contact"), "ends_mandate reverse person"),
        (("reverse", "deceased"), "ends_mandate reverse stop_letters person"),
        (("update_as_supplied",), "may_collect updates"),
        (("reactivate",), "may_collect reactivates"),
        (("reverse", "check_ours", "contact"), "reverse person"),
        (None, "stop_letters person"),
    ],
)
def test_what_an_advice_does_and_one_that_nobody_explained_stops_everything(steps: tuple[str, ...] | None, does: str) -> None:
    found = effect(steps)
    assert [name for name in found.__struct_fields__ if getattr(found, name)] == does.split()
    assert effect(None, came_back=True).reverse


def test_every_reason_code_that_we_know_of_asks_for_steps_that_we_know() -> None:
    on = date(2026, 11, 27)
    found = {(kind, code): meaning(kind, code, on) for kind in KINDS for code in codes(kind)}
    assert all(one is not None and set(one.steps) <= set(STEPS) for one in found.values())
    does = {key: effect(one.steps) for key, one in found.items() if one is not None}
    assert {key for key, one in does.items() if one.stop_letters} == {
        (kind, "2") for kind in ("ARUDD", "ADDACS", "AUDDIS", "ARUCS")
    }
    assert [key for key, one in does.items() if one.may_represent] == [("ARUDD", "0")]
    assert {code for (kind, code), one in does.items() if kind == "DDICA" and not one.person} <= {"7"}
    assert all(does["ARUDD", code].ends_mandate for code in "1256B")


def missed(**changed: object) -> Missed:
    return Missed(**{"due_on": JULY, "pence": 28_000, **changed})


def test_missed_on_1_july_paid_at_a_shop_on_4_july_and_the_file_comes_after_the_restore() -> None:
    restored, collect_on = date(2026, 7, 6), date(2026, 7, 6)
    before_file = after_missed(missed(payments_to=date(2026, 6, 30)), restored, collect_on)
    assert (before_file.what, before_file.collect_on) == ("wait", None)
    with_file = after_missed(missed(payments_to=date(2026, 7, 5), paid_pence=28_000), restored, collect_on)
    assert (with_file.what, with_file.left_pence, with_file.collect_on, with_file.collect_pence) == ("closed", 0, None, 0)
    assert with_file.words.endswith("You have paid another way, so we will not take it.")
    # Closed stays closed, whatever is said of it later.
    assert after_missed(missed(closed=True, payments_to=date(2026, 7, 5)), restored, collect_on).what == "closed"


def test_she_hears_before_her_day_or_on_it() -> None:
    told = after_missed(missed(), date(2026, 6, 29), JULY)
    assert (told.what, told.collect_on) == ("tell_before", None)
    assert told.words == "We will not take your Direct Debit on Wednesday 1 July. You are not in arrears. Keep it in place."
    assert after_missed(missed(), JULY, JULY).what == "tell_today"


def test_three_working_days_late_is_told_and_collected_and_later_she_chooses() -> None:
    late = after_missed(missed(payments_to=date(2026, 7, 1)), date(2026, 7, 2), date(2026, 7, 6))
    assert (late.what, late.collect_on, late.collect_pence) == ("tell_then_collect", date(2026, 7, 6), 28_000)
    assert late.words.endswith("We will take £280.00 on Monday 6 July.")
    later = after_missed(missed(payments_to=date(2026, 7, 2)), date(2026, 7, 3), date(2026, 7, 7))
    assert (later.what, later.collect_on) == ("choices", None)
    in_part = after_missed(missed(payments_to=date(2026, 7, 2), paid_pence=10_000), date(2026, 7, 2), date(2026, 7, 6))
    assert (in_part.what, in_part.left_pence) == ("choices", 18_000)
    ways = choices(10_001, (Due(on=date(2026, 8, 3), pence=28_000), Due(on=date(2026, 9, 1), pence=28_000)))
    assert [(way.code, [due.pence for due in way.dues]) for way in ways] == [
        ("pay_now", []),
        ("spread", [33_001, 33_000]),
        ("skip", [38_001]),
    ]
    assert [way.code for way in choices(100, ())] == ["pay_now"]


GOOD = {
    "on": date(2026, 11, 27),
    "asked_pence": 4000,
    "credit_pence": 10_000,
    "reason": "She paid twice",
    "evidence": ("f_1",),
    "other_debts_pence": 5000,
    "clawback_pence": 1000,
    "last_collected_on": date(2026, 11, 2),
    "payee": "match",
    "asked_by": "staff:s_1",
    "approved_by": "staff:s_2",
}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"asked_pence": 4001}, ["sum"]),
        ({"asked_pence": 0}, ["sum"]),
        ({"other_debts_pence": None}, ["other_debts", "sum"]),
        ({"clawback_pence": None}, ["clawback", "sum"]),
        ({"last_collected_on": date(2026, 11, 13)}, ["direct_debit"]),
        ({"payee": "not_checked"}, ["payee"]),
        ({"payee": "no_match", "payee_reason": "She says so"}, ["payee"]),
        ({"payee": "close"}, ["payee"]),
        ({"payee": "close", "payee_reason": "Maiden name; passport seen"}, []),
        ({"details_changed_until": date(2026, 11, 27)}, ["details"]),
        ({"approved_by": "staff:s_1"}, ["second_person"]),
        ({"approved_by": "job:refunds"}, ["second_person"]),
        ({"approved_by": None}, ["second_person"]),
        ({"reason": " "}, ["reason"]),
        ({"died": True}, ["estate"]),
        ({"died": True, "estate": True}, []),
    ],
)
def test_what_stands_in_the_way_of_a_refund(changed: dict[str, object], codes: list[str]) -> None:
    refund = Refund(**{**GOOD, **changed})
    assert [check.code for check in missing(refund)] == codes
    assert len(look_at(refund)) == 9
    assert most_refundable(Refund(**GOOD)) == 4000
