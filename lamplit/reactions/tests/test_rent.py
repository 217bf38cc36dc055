"""The books: terms, charge runs by two people, moves and reversals, and the check that they balance."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.reactions import rent as jobs
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from lamplit.rent.models import LedgerLine, RentBalance
from lamplit.rent.rules import runs
from lamplit.tenancies.actions import end_tenancy
from tests import cast
from tests.landlord import Landlord

AT = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)  # the first Monday of April
MONDAY = date(2026, 4, 6)
ONE, OTHER = who.staff("s_finance1000000000000"), who.staff("s_finance2000000000000")


def terms(account: str, from_on: date = MONDAY, frequency: str = "weekly", rent: int = 11_847) -> None:
    lines = [Term(charge="rent", pence=rent), Term(charge="service", pence=1_250, category="B")]
    command = f"t:terms:{account}:{from_on}:{rent}"
    actions.set_terms(
        account=account, from_on=from_on, frequency=frequency, terms=lines, by=ONE, at=AT, command=command  # type: ignore[arg-type]
    )  # fmt: skip


def charged(from_on: date = MONDAY, frequency: str = "weekly") -> str:
    """Run the charges of a period through both people and the job. Returns the run."""
    at = max(AT, datetime(from_on.year, from_on.month, from_on.day, 7, tzinfo=UTC))
    run = actions.prepare_charges(frequency=frequency, from_on=from_on, by=ONE, at=at, command=f"t:prepare:{frequency}:{from_on}")  # type: ignore[arg-type]
    actions.release_charges(run=run, by=OTHER, at=at, command=f"t:release:{run}")
    jobs.charge(run, at, _quiet)
    return run


def _quiet(_done: int, _of: int) -> None:
    pass


def owed(account: str) -> queries.Owes:
    found = queries.owes(account)
    assert found is not None
    return found


@pytest.fixture
def let(landlord: Landlord) -> Landlord:
    cast.settle()
    terms(cast.RUTHS_TENANCY)
    terms(cast.TOMASZS_TENANCY, frequency="monthly", from_on=date(2026, 4, 1), rent=28_000)
    return landlord


def refused(code: str) -> object:
    return pytest.raises(Refused, match=code)


def test_a_week_is_charged_once_by_two_people(let: Landlord) -> None:
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=ONE, at=AT, command="t:1")
    row = queries.run(run)
    assert row is not None
    assert (row.accounts, row.pence, row.by_charge) == (1, 13_097, [["rent", 11_847], ["service", 1_250]])
    with refused("rent.run_needs_two"):
        actions.release_charges(run=run, by=ONE, at=AT, command="t:2")
    with refused("rent.run_not_released"):
        jobs.charge(run, AT, _quiet)
    with refused("rent.run_there"):
        actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=ONE, at=AT, command="t:3")
    actions.release_charges(run=run, by=OTHER, at=AT, command="t:4")
    assert (jobs.charge(run, AT, _quiet), jobs.charge(run, AT, _quiet)) == (1, 0)
    owes = owed(cast.RUTHS_TENANCY)
    assert (owes.rent, owes.charged_to_on) == (13_097, date(2026, 4, 12))
    assert [(line.debit, line.credit, line.pence) for line in queries.lines(cast.RUTHS_TENANCY)] == [
        ("rent", "rent_income", 11_847),
        ("rent", "service_income", 1_250),
    ]
    assert queries.self_check() == []


def test_terms_that_change_between_the_two_people_stop_the_run(let: Landlord) -> None:
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=ONE, at=AT, command="t:1")
    terms(cast.RUTHS_TENANCY, rent=9_999)
    with refused("rent.run_changed"):
        actions.release_charges(run=run, by=OTHER, at=AT, command="t:2")
    actions.withdraw_charges(run=run, by=ONE, at=AT, command="t:3")
    assert charged()


def test_a_released_run_that_changed_is_taken_back_or_closed_with_what_it_charged(let: Landlord) -> None:
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=ONE, at=AT, command="t:1")
    actions.release_charges(run=run, by=OTHER, at=AT, command="t:2")
    terms(cast.RUTHS_TENANCY, rent=9_999)
    with refused("rent.run_changed"):
        jobs.charge(run, AT, _quiet)
    actions.withdraw_charges(run=run, by=ONE, at=AT, command="t:3")
    with refused("rent.run_not_released"):
        jobs.charge(run, AT, _quiet)
    terms(cast.TOMASZS_TENANCY)
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=ONE, at=AT, command="t:4")
    actions.release_charges(run=run, by=OTHER, at=AT, command="t:5")
    with refused("rent.nothing_charged"):
        actions.close_charges(run=run, by=OTHER, at=AT, command="t:6")
    *_, batch = queries.work_out("weekly", MONDAY, MONDAY + timedelta(days=6)).batches
    one = runs.Batch(from_on=MONDAY, to_on=batch.to_on, due_on=MONDAY, accounts=batch.accounts[:1], charges=batch.charges[:1])
    actions.charge_accounts(run=run, batches=[one], by=OTHER, at=AT, command="t:7")  # and then it was cut off
    terms(batch.accounts[1], rent=7_777)
    with refused("rent.totals_differ"):
        jobs.charge(run, AT, _quiet)
    with refused("rent.run_over"):
        actions.withdraw_charges(run=run, by=ONE, at=AT, command="t:8")
    with refused("rent.run_needs_two"):
        actions.close_charges(run=run, by=ONE, at=AT, command="t:9")
    actions.close_charges(run=run, by=OTHER, at=AT, command="t:10")
    row = queries.run(run)
    assert row is not None
    assert (row.state, row.accounts, (row.accounts, row.pence)) == ("finished", 2, queries.charged(run))
    assert queries.self_check() == []


def test_days_charged_after_a_tenancys_end_are_given_back_once(let: Landlord) -> None:
    charged()
    charged(MONDAY + timedelta(days=7))
    ended = MONDAY + timedelta(days=1)
    end_tenancy(tenancy=cast.RUTHS_TENANCY, ended_on=ended, by=ONE, at=AT + timedelta(days=8), command="t:end")
    assert (jobs.give_back(AT + timedelta(days=8)), jobs.give_back(AT + timedelta(days=9))) == (1, 0)
    assert owed(cast.RUTHS_TENANCY).rent == 3_385 + 357  # two sevenths of 118.47 and of 12.50
    back = [line for line in queries.lines(cast.RUTHS_TENANCY) if line.why == "ended"]
    assert sorted((line.what, line.pence) for line in back) == [
        ("adjustment", 893), ("adjustment", 8_462), ("reversal", 1_250), ("reversal", 11_847),
    ]  # fmt: skip
    # It ended a week earlier than we were told: the rest is given back too, and no day twice.
    end_tenancy(
        tenancy=cast.RUTHS_TENANCY, ended_on=MONDAY - timedelta(days=6), by=ONE, at=AT + timedelta(days=9), command="t:sooner"
    )
    assert (jobs.give_back(AT + timedelta(days=10)), jobs.give_back(AT + timedelta(days=11))) == (1, 0)
    assert owed(cast.RUTHS_TENANCY).rent == 0
    assert queries.self_check() == []


def test_what_an_ended_tenancy_owes_goes_to_the_former_tenant_book_and_back(let: Landlord) -> None:
    charged()
    ruth, day = {"account": cast.RUTHS_TENANCY, "by": ONE}, timedelta(days=1)
    assert jobs.move_to_former(AT) == 0
    end_tenancy(tenancy=cast.RUTHS_TENANCY, ended_on=MONDAY + day, by=ONE, at=AT + 8 * day, command="t:end")
    assert jobs.move_to_former(AT + 8 * day) == 0, "what was charged for later days is given back first"
    before = jobs.give_back(AT + 8 * day), queries.position(cast.RUTHS_TENANCY, MONDAY + 9 * day)
    assert (jobs.move_to_former(AT + 8 * day), jobs.move_to_former(AT + 9 * day)) == (1, 0)
    assert (owed(cast.RUTHS_TENANCY).rent, owed(cast.RUTHS_TENANCY).former) == (0, 3_742)
    after = queries.position(cast.RUTHS_TENANCY, MONDAY + 9 * day)
    assert before == (1, after), "what she needs to pay is the same"
    # It ended later than we had been told: what stands there goes back, and comes again with the end.
    for number, (last, left) in enumerate([(MONDAY + 60 * day, (3_742, 0)), (MONDAY + day, (0, 3_742))]):
        end_tenancy(tenancy=cast.RUTHS_TENANCY, ended_on=last, by=ONE, at=AT + 9 * day, command=f"t:end:{number}")
        assert jobs.move_to_former(AT + (9 + number) * day) == 1
        assert (owed(cast.RUTHS_TENANCY).rent, owed(cast.RUTHS_TENANCY).former) == left
    # What is taken off the rent later pays what she owes as a former tenant; beyond that it is hers.
    for number, (pence, left) in enumerate([(1_742, (0, 2_000)), (2_500, (-500, 0))]):
        actions.move_money(
            debit="rent_income", credit="rent", pence=pence, what="adjustment", why="charged_wrong", at=AT + 9 * day,
            command=f"t:{number}", **ruth,  # type: ignore[arg-type]
        )  # fmt: skip
        assert jobs.move_to_former(AT + (20 + number) * day) == 1
        assert (owed(cast.RUTHS_TENANCY).rent, owed(cast.RUTHS_TENANCY).former) == left
    assert jobs.move_to_former(AT + 22 * day) == 0
    assert queries.self_check() == []


def test_no_run_is_for_a_period_later_than_the_next(let: Landlord) -> None:
    with refused("rent.run_too_early"):
        actions.prepare_charges(frequency="weekly", from_on=MONDAY + timedelta(days=14), by=ONE, at=AT, command="t:1")
    with refused("rent.run_too_early"):
        actions.prepare_charges(frequency="monthly", from_on=date(2027, 4, 1), by=ONE, at=AT, command="t:2")
    charged()
    charged(MONDAY + timedelta(days=7))  # what falls due on Monday is nobody's debt on the Sunday before
    stood = [_to_pay(MONDAY + timedelta(days=day)) for day in (0, 6, 7)]
    assert stood == [(13_097, date(2026, 4, 12)), (13_097, date(2026, 4, 12)), (26_194, date(2026, 4, 19))]


def _to_pay(on: date) -> tuple[int, date | None]:
    """Return what Ruth has to pay on a day and to when she is charged: of her account, and the same of all accounts at once."""
    one = queries.position(cast.RUTHS_TENANCY, on)
    assert one is not None
    assert one in list(queries.positions(on))
    return one.to_pay_pence, one.lines[0].charged_to


def test_who_missed_a_week_is_caught_up_and_a_month_is_charged_apart(let: Landlord) -> None:
    charged()
    charged(MONDAY + timedelta(days=14))
    lines = queries.lines(cast.RUTHS_TENANCY)
    assert [(line.from_on, line.to_on) for line in lines if line.what == "rent"] == [
        (MONDAY + timedelta(days=7 * week), MONDAY + timedelta(days=7 * week + 6)) for week in range(3)
    ]
    charged(date(2026, 4, 1), "monthly")
    owes = owed(cast.TOMASZS_TENANCY)
    assert (owes.rent, owes.charged_to_on) == (29_250, date(2026, 4, 30))
    with refused("rent.not_a_period"):
        actions.prepare_charges(frequency="weekly", from_on=date(2026, 4, 7), by=ONE, at=AT, command="t:tuesday")
    with refused("rent.charged_already"):
        terms(cast.RUTHS_TENANCY, from_on=MONDAY + timedelta(days=1))


def test_money_moves_and_is_taken_back_once(let: Landlord) -> None:
    move = {"account": cast.RUTHS_TENANCY, "by": ONE, "at": AT}
    line = actions.move_money(
        debit="costs", credit="costs_income", pence=35_500, what="court_costs", why="court", command="t:1", **move  # type: ignore[arg-type]
    )  # fmt: skip
    owes = owed(cast.RUTHS_TENANCY)
    assert (owes.costs, owes.rent, owes.all) == (35_500, 0, 35_500)
    with refused("rent.say_why"):
        actions.reverse_line(line=line, why="other", note="  ", command="t:2", **move)  # type: ignore[arg-type]
    with refused("rent.takes_two"):  # somebody else gives 355.00 up by it
        actions.reverse_line(line=line, why="keyed_wrong", command="t:2b", **{**move, "by": OTHER})  # type: ignore[arg-type]
    back = actions.reverse_line(line=line, why="other", note="Wrong household.", command="t:3", **move)  # type: ignore[arg-type]
    with refused("rent.reversed_already"):
        actions.reverse_line(line=line, why="keyed_wrong", command="t:4", **move)  # type: ignore[arg-type]
    with refused("rent.not_reversed"):
        actions.reverse_line(line=back, why="keyed_wrong", command="t:5", **move)  # type: ignore[arg-type]
    for debit, credit, pence, code in [
        ("costs", "costs", 1, "same_book"), ("bank", "suspense", 1, "not_hers"), ("rent", "bank", 0, "bad_sum"),
    ]:  # fmt: skip
        with refused(f"rent.{code}"):
            actions.move_money(debit=debit, credit=credit, pence=pence, what="adjustment", why="agreed", command="t:6", **move)  # type: ignore[arg-type]
    owes = owed(cast.RUTHS_TENANCY)
    assert owes.all == 0
    assert len(queries.lines(cast.RUTHS_TENANCY)) == 2
    for debit, credit, pence, what, code in [
        ("rent", "suspense", 1, "moved", "own_way"), ("write_off", "rent", 1, "adjustment", "own_way"),
        ("write_off", "rent", 1, "write_off", "own_way"), ("bank", "rent", 1, "moved", "own_way"),
        ("rent_income", "rent", 20_001, "adjustment", "takes_two"),
    ]:  # fmt: skip
        with refused(f"rent.{code}"):
            actions.move_money(debit=debit, credit=credit, pence=pence, what=what, why="agreed", command="t:7", **move)  # type: ignore[arg-type]
    for number, (debit, credit, pence) in enumerate([("rent_income", "rent", 20_000), ("rent", "service_income", 90_000)]):
        actions.move_money(
            debit=debit, credit=credit, pence=pence, what="adjustment", why="charged_wrong", command=f"t:8:{number}", **move  # type: ignore[arg-type]
        )  # fmt: skip
    assert (owed(cast.RUTHS_TENANCY).rent, queries.self_check()) == (70_000, [])


def test_books_that_do_not_balance_stop_every_run_until_they_do(let: Landlord) -> None:
    charged()
    RentBalance.objects.filter(id=cast.RUTHS_TENANCY).update(rent=1)
    with refused("rent.books_wrong"):
        jobs.check_books(AT)
    with refused("rent.books_wrong"):
        actions.prepare_charges(frequency="weekly", from_on=MONDAY + timedelta(days=7), by=ONE, at=AT, command="t:w2")
    assert cast.RUTHS_TENANCY in queries.wrong_now()[0]
    RentBalance.objects.filter(id=cast.RUTHS_TENANCY).update(rent=13_097)
    jobs.check_books(AT + timedelta(minutes=10))
    assert queries.may_go_on()
    assert LedgerLine.objects.count() == 2


def test_accounts_are_brought_over_to_the_penny(landlord: Landlord) -> None:
    cast.settle()
    # The cast's tenancies have no old reference, so a row of theirs is not known; nothing of it is written.
    row = actions.AccountRow(
        line=2, tenancy="OLD-1", reference="70012345", frequency="weekly", rent_pence=11_847, from_on=MONDAY, balance_pence=-250,
        balance_on=MONDAY,
    )  # fmt: skip
    brought = actions.import_accounts(rows=[row], rehearse=False, by=ONE, at=AT, command="t:1")
    assert [one.code for one in brought.refused] == ["rent.tenancy_not_known"]
    assert not LedgerLine.objects.exists()


def test_days_without_a_charge_are_credited_and_then_left_out(let: Landlord) -> None:
    charged()
    away = {"account": cast.RUTHS_TENANCY, "by": ONE, "at": AT}
    first, last = MONDAY + timedelta(days=4), MONDAY + timedelta(days=13)
    with refused("rent.say_why"):
        actions.leave_days_out(from_on=first, to_on=last, why="decanted", command="t:1", **away)  # type: ignore[arg-type]
    days = actions.leave_days_out(
        from_on=first, to_on=last, why="decanted", note="She stays with us while the floor is laid.", command="t:2", **away  # type: ignore[arg-type]
    )  # fmt: skip
    assert owed(cast.RUTHS_TENANCY).rent == 13_097 - (11_847 - 6_770) - (1_250 - 714)
    lines = [line for line in queries.lines(cast.RUTHS_TENANCY) if line.source == days]
    assert [(line.debit, line.what, line.why) for line in lines] == [
        ("rent_income", "adjustment", "agreed"),
        ("service_income", "adjustment", "agreed"),
    ]
    with refused("rent.days_credited"):
        actions.cut_days(days=days, to_on=MONDAY + timedelta(days=5), by=ONE, at=AT, command="t:3")
    actions.cut_days(days=days, to_on=MONDAY + timedelta(days=10), by=ONE, at=AT, command="t:4")
    charged(MONDAY + timedelta(days=7))  # three of seven days: 50.77 and 5.36
    assert owed(cast.RUTHS_TENANCY).rent == 6_770 + 714 + 5_077 + 536
    weeks = actions.leave_days_out(
        from_on=MONDAY + timedelta(days=14), to_on=MONDAY + timedelta(days=27), why="agreed", note="The boiler is out.",
        command="t:5", **away,  # type: ignore[arg-type]
    )  # fmt: skip
    actions.cut_days(days=weeks, to_on=None, by=ONE, at=AT, command="t:6")
    assert [row.id for row in queries.days_of(cast.RUTHS_TENANCY)] == [days]
    at = AT + timedelta(days=14)
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY + timedelta(days=14), by=ONE, at=at, command="t:7")
    actions.release_charges(run=run, by=OTHER, at=at, command="t:8")
    with refused("rent.run_going"):
        actions.leave_days_out(from_on=last, to_on=last, why="agreed", note="One more.", command="t:9", **away)  # type: ignore[arg-type]
    jobs.charge(run, at, _quiet)
    assert queries.self_check() == []


def test_a_large_credit_for_days_waits_for_a_second_person(let: Landlord) -> None:
    for week in range(2):
        charged(MONDAY + timedelta(days=7 * week))
    away = {"account": cast.RUTHS_TENANCY, "from_on": MONDAY, "to_on": MONDAY + timedelta(days=20), "by": ONE}
    asked = {**away, "why": "cannot_live_there", "note": "The roof is open.", "at": AT + timedelta(days=8)}
    days = actions.leave_days_out(command="t:1", **asked)  # type: ignore[arg-type]
    assert (owed(cast.RUTHS_TENANCY).rent, sum(one.pence for one in queries.credit_waiting(days))) == (26_194, 26_194)
    how = {"at": AT + timedelta(days=8)}
    actions.cut_days(days=days, to_on=None, by=OTHER, command="t:2", **how)  # type: ignore[arg-type]
    days = actions.leave_days_out(command="t:3", **asked)  # type: ignore[arg-type]
    with refused("rent.days_need_two"):
        actions.credit_days(days=days, by=ONE, command="t:4", **how)  # type: ignore[arg-type]
    with refused("rent.nothing_to_charge"):
        charged(MONDAY + timedelta(days=14))  # the days are left out, credited or not
    actions.credit_days(days=days, by=OTHER, command="t:5", **how)  # type: ignore[arg-type]
    assert (owed(cast.RUTHS_TENANCY).rent, queries.credit_waiting(days)) == (0, [])
    assert {line.what for line in queries.lines(cast.RUTHS_TENANCY) if line.source == days} == {"reversal"}
    with refused("rent.no_such_days"):
        actions.credit_days(days=days, by=OTHER, command="t:6", **how)  # type: ignore[arg-type]
    assert queries.self_check() == []
