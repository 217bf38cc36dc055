"""Where she stands, from the tables: what is disputed, said to be paid or agreed is not asked for, until somebody answers."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.reactions import chasing
from lamplit.reactions.tests.test_rent import MONDAY, ONE, charged, let, terms
from lamplit.record.page import Page, action
from lamplit.rent import actions, queries
from lamplit.rent.facts import Budget, DebitsNoticed
from lamplit.rent.rules.position import Position
from tests import cast
from tests.landlord import Landlord

__all__ = ["let", "terms"]

RUTH = cast.RUTHS_TENANCY
TODAY = MONDAY + timedelta(days=1)
NOW = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)


def stands(on: date = TODAY, account: str = RUTH) -> Position:
    found = queries.position(account, on)
    assert found is not None
    return found


def codes(found: Position) -> list[tuple[str, int]]:
    return [(line.code, line.pence) for line in found.lines]


def paid(pence: int) -> None:
    """A payment of hers reaches the books, a day later."""
    at = NOW + timedelta(days=1)
    actions.move_money(
        account=RUTH,
        debit="bank",
        credit="rent",
        pence=pence,
        what="payment",
        why="matched",
        by=ONE,
        at=at,
        command=f"t:p:{pence}",
    )


def refused(code: str) -> object:
    return pytest.raises(Refused, match=code)


def files_to(monkeypatch: pytest.MonkeyPatch, day: date | None) -> None:
    """Have every payment file in up to a day; None: nobody can say."""
    monkeypatch.setattr(import_module("lamplit.rent.queries.position"), "payments_to", lambda _: day)


def test_what_is_disputed_or_said_to_be_paid_is_not_asked_for_until_a_person_answers(
    let: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged()
    assert (stands().to_pay_pence, stands().by) == (13_097, TODAY + timedelta(days=7))
    service = next(line for line in queries.lines(RUTH) if line.what == "service")
    by = {"by": cast.BY_RUTH, "at": NOW}
    dispute = actions.dispute_line(account=RUTH, line=service.id, words="No lift.", command="t:1", **by)
    assert actions.dispute_line(account=RUTH, line=service.id, command="t:2", **by) == dispute  # a second tap changes nothing
    said = actions.say_paid(account=RUTH, pence=11_847, on=TODAY, way="shop", command="t:3", **by)
    assert codes(stands()) == [("balance", 13_097), ("in_transit", -11_847), ("disputed", -1250)]
    assert stands().sentence == "You do not need to pay anything now."
    assert {one.account: one for one in queries.positions(TODAY)}[RUTH] == stands()

    with refused("rent.say_why"):
        actions.answer_dispute(dispute=dispute, outcome="not_upheld", command="t:4", by=ONE, at=NOW)
    actions.answer_dispute(dispute=dispute, outcome="not_upheld", words="The lift ran.", command="t:4", by=ONE, at=NOW)
    with refused("rent.answered"):
        actions.answer_dispute(dispute=dispute, outcome="upheld", words="Sorry.", command="t:5", by=ONE, at=NOW)
    assert codes(stands()) == [("balance", 13_097), ("in_transit", -11_847)]
    # Nobody may be held back for ever by a word of hers: after five working days it counts no more.
    files_to(monkeypatch, TODAY + timedelta(days=8))
    assert codes(stands(TODAY + timedelta(days=9))) == [("balance", 13_097)]
    paid(11_847)
    assert codes(stands()) == [("balance", 1250)]  # it has come: it is not taken away twice
    with refused("rent.paid_here"):
        actions.say_paid(account=RUTH, pence=11_847, on=TODAY - timedelta(days=1), way="shop", command="t:7", **by)
    with refused("rent.paid_day"):
        actions.say_paid(account=RUTH, pence=500, on=TODAY + timedelta(days=1), way="bank", command="t:8", **by)
    actions.look_for_payment(said=said, outcome="found", command="t:9", by=ONE, at=NOW)
    with refused("rent.answered"):
        actions.look_for_payment(said=said, outcome="found", command="t:10", by=ONE, at=NOW)


def test_what_she_says_counts_from_when_she_says_it_and_holds_steps_until_a_person_has_looked(
    let: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged()
    by = {"by": cast.BY_RUTH, "at": NOW}
    said = actions.say_paid(account=RUTH, pence=13_097, on=TODAY - timedelta(days=40), way="bank", command="t:1", **by)
    assert codes(stands()) == [("balance", 13_097), ("in_transit", -13_097)], "her bank's day is long past, her word is of today"
    late = TODAY + timedelta(days=20)
    for known, counts in ((None, True), (TODAY + timedelta(days=2), True), (late - timedelta(days=1), False)):
        files_to(monkeypatch, known)
        assert stands(late).has("in_transit") == counts, "no day of hers runs out while payment files are out"
        assert {one.account: one for one in queries.positions(late)}[RUTH] == stands(late)
    assert queries.circumstances([RUTH], late)[RUTH].said_paid == (said,)
    paid(13_097)
    assert not stands().has("in_transit")
    assert queries.circumstances([RUTH], late)[RUTH].said_paid == (said,), "it may have been her next payment"
    actions.look_for_payment(said=said, outcome="not_found", words="The bank has none.", command="t:2", by=ONE, at=NOW)
    assert queries.circumstances([RUTH], late)[RUTH].said_paid == ()


def test_a_dispute_of_what_is_due_later_or_was_taken_back_takes_nothing_off_what_is_owed_now(let: Landlord) -> None:
    charged()
    monday = MONDAY + timedelta(days=7)
    charged(monday)
    now, later = sorted((line for line in queries.lines(RUTH) if line.what == "service"), key=lambda line: line.on)
    by = {"by": cast.BY_RUTH, "at": NOW}
    dispute = actions.dispute_line(account=RUTH, line=later.id, command="t:1", **by)
    assert codes(stands()) == [("balance", 13_097)]
    assert {one.account: one for one in queries.positions(TODAY)}[RUTH] == stands()
    assert queries.circumstances([RUTH], TODAY)[RUTH].disputes == (dispute,)  # whoever thinks of a step still reads of it
    assert codes(stands(monday)) == [("balance", 26_194), ("disputed", -1250)]  # on its day

    actions.dispute_line(account=RUTH, line=now.id, command="t:2", **by)
    assert codes(stands()) == [("balance", 13_097), ("disputed", -1250)]
    actions.reverse_line(account=RUTH, line=now.id, why="charged_wrong", command="t:3", by=ONE, at=NOW)
    assert codes(stands()) == [("balance", 11_847)]  # off once, not twice, though nobody has answered her yet


@action
def present_again(page: Page, *, mandate: str, on: date, by: By, at: datetime, command: str) -> None:
    """Her bank did not pay this week's; it is asked once more."""
    page.write(DebitsNoticed(account=RUTH, mandate=mandate, dues=[(on, 13_097)], why="again", was_due_on=MONDAY))


def test_what_is_collected_once_more_is_not_asked_for_though_an_ordinary_one_comes_before_it(let: Landlord) -> None:
    charged()
    by, told_at = {"by": ONE}, NOW - timedelta(days=50)
    mandate = actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=actions.SealedDetails(b"sealed", "810", "valid"), way="paper", every="weekly",
        day=1, pence=13_097, from_on=MONDAY + timedelta(days=7), instruction=None, collected_before=True, at=told_at,
        command="t:1", **by,
    )  # fmt: skip
    actions.notice_debits(mandates=[mandate], at=told_at + timedelta(days=1), command="t:2", **by)
    assert (stands().to_pay_pence, stands().next_on) == (13_097, MONDAY + timedelta(days=7))  # that one is for next week
    again = MONDAY + timedelta(days=8)
    present_again(mandate=mandate, on=again, at=NOW, command="t:3", **by)
    assert codes(stands()) == [("balance", 13_097), ("direct_debit", -13_097)]
    assert (stands().lines[1].on, stands().next_on) == (again, MONDAY + timedelta(days=7))


def test_a_plan_that_she_can_afford_is_kept_beside_the_rent(let: Landlord) -> None:
    charged()
    first = TODAY + timedelta(days=6)
    budget = Budget(comes_in=90_000, goes_out=67_000, words="Two jobs.")
    plan = {"account": RUTH, "every": "weekly", "first_on": first, "budget": budget, "by": cast.BY_RUTH, "at": NOW}
    with refused("rent.plan_too_much"):
        actions.agree_plan(each_pence=6000, command="t:1", **plan)  # type: ignore[arg-type]
    with refused("rent.plan_too_long"):
        actions.agree_plan(each_pence=100, command="t:2", **plan)  # type: ignore[arg-type]
    with refused("rent.plan_day"):
        actions.agree_plan(each_pence=5000, command="t:3", **{**plan, "first_on": TODAY - timedelta(days=1)})  # type: ignore[arg-type]
    one = actions.agree_plan(each_pence=5000, command="t:4", **plan)  # type: ignore[arg-type]
    row = queries.plan(RUTH)
    assert row is not None
    assert (row.id, row.pence, [pence for _, pence in row.instalments]) == (one, 13_097, [5000, 5000, 3097])
    assert codes(stands()) == [("balance", 13_097), ("plan", -13_097)]
    assert (stands().next_by, stands().next_on, stands().next_pence) == ("instalment", first, 5000)
    assert stands(first).to_pay_pence == 5000  # due on its day
    # The next week's rent is paid beside it; what is paid pays the oldest instalment.
    charged(MONDAY + timedelta(days=7))
    assert stands(first).to_pay_pence == 13_097 + 5000
    paid(13_097 + 6000)
    found = stands(first)
    assert (found.to_pay_pence, found.next_pence) == (0, 4000)
    on_it = NOW + timedelta(days=6)  # before that day, the week that begins on it is nobody's debt
    two = actions.agree_plan(each_pence=1000, command="t:6", **{**plan, "at": on_it})  # type: ignore[arg-type]
    again = queries.plan(RUTH)
    assert again is not None
    assert (again.id, again.pence) == (two, 7097)
    actions.end_plan(plan=two, why="asked", by=ONE, at=on_it, command="t:7")
    assert (stands(first).to_pay_pence, stands().to_pay_pence) == (7097, 0)


def test_a_plan_ends_by_itself_once_every_payment_to_its_end_is_known(let: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept on its last day once it is paid off; not kept some days after it, and never while files are out."""
    charged()
    budget = Budget(comes_in=90_000, goes_out=10_000)
    plan = {"account": RUTH, "every": "weekly", "first_on": TODAY, "budget": budget, "by": cast.BY_RUTH, "at": NOW}
    one = actions.agree_plan(each_pence=10_000, command="t:1", **plan)  # type: ignore[arg-type]
    last = TODAY + timedelta(days=7)
    known: dict[str, date | None] = {"to": None}
    monkeypatch.setattr(import_module("lamplit.rent.queries.position"), "payments_to", lambda _: known["to"])
    assert chasing.end_plans(NOW + timedelta(days=40)) == 0, "nobody can say what was paid"
    known["to"] = last + timedelta(days=5)
    assert chasing.end_plans(NOW + timedelta(days=40)) == 0
    known["to"] = last + timedelta(days=6)
    assert chasing.end_plans(NOW + timedelta(days=40)) == 1
    ended = queries.last_plan(RUTH)
    assert ended is not None
    assert (ended.id, ended.why, queries.plan(RUTH)) == (one, "not_kept", None)
    later = {**plan, "at": NOW + timedelta(hours=1)}
    actions.agree_plan(each_pence=10_000, command="t:2", **later)  # type: ignore[arg-type]
    known["to"] = None
    paid(13_097)
    assert chasing.end_plans(NOW + timedelta(days=6)) == 0, "it may be rent that she paid ahead"
    assert chasing.end_plans(NOW + timedelta(days=7)) == 1
    kept = queries.last_plan(RUTH)
    assert kept is not None
    assert kept.why == "kept"


def claim(account: str, paid_to: date, award: int) -> str:
    """A benefit claim of an account, paid straight to us every four weeks."""
    of = {"account": account, "by": ONE, "at": NOW, "command": f"t:claim:{account}:{paid_to}"}
    pays = {"scheme": "hb", "state": "paying", "cycle": "four_weekly", "pays_after_days": 0, "paid_to": paid_to}
    sums = {"award_pence": award, "award_per": "week", "eligible_pence": award, "eligible_per": "week"}
    return actions.record_claim(**(of | pays | sums))  # type: ignore[arg-type]


def test_full_benefit_four_weekly_against_rent_monthly_in_advance_mid_month(let: Landlord) -> None:
    """The worked example of technical arrears: charged on the 1st, benefit in arrears, and nothing to pay in between."""
    account = cast.TOMASZS_TENANCY
    charged(date(2026, 4, 1), "monthly")
    claim(account, paid_to=date(2026, 3, 22), award=6_750)  # 29,250 x 12 / 52
    found = stands(date(2026, 4, 14), account)
    assert found.to_pay_pence == 0
    assert [line.code for line in found.lines] == ["balance", "benefit_due"]
    assert found.sentence == "You do not need to pay anything now. Your benefit covers what is owed."
    (due,) = queries.benefit_to_come(account, date(2026, 4, 14), 3)
    assert (due.from_on, due.to_on, due.pay_on) == (date(2026, 3, 23), date(2026, 4, 19), date(2026, 4, 19))
    weeks = queries.outlook(account, date(2026, 4, 14), 2, 3)
    assert [(week.to_come, week.pence) for week in weeks] == [
        (False, 0), (False, 29_250), (False, 29_250), (True, 29_250 - due.pence), (True, 29_250 - due.pence),
        (True, 58_500 - due.pence),
    ]  # fmt: skip


def test_a_claim_that_stopped_surfaces_within_two_weeks_and_never_reads_you_owe_nothing(let: Landlord) -> None:
    charged()
    claim(RUTH, paid_to=date(2026, 3, 1), award=13_097)  # should have paid on 29 March
    days = [date(2026, 3, 29) + timedelta(days=number) for number in range(8, 20)]
    asking = [on for on in days if stands(on).asking == "council"]
    assert asking[0] <= date(2026, 3, 29) + timedelta(days=14)
    assert asking == days[days.index(asking[0]) :]  # it does not go away by itself
    for on in asking:
        said = stands(on).sentence
        assert said.startswith("We are asking the council about your benefit.")
        assert "do not need to pay" not in said
