"""A yearly change of rents: worked out, released by another, each tenant written to in time, then the new terms."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.messages import actions as messages
from lamplit.messages.models import Message
from lamplit.reactions import rent_changes as jobs
from lamplit.rent import actions, queries
from lamplit.rent.actions import SealedDetails
from lamplit.rent.facts import Term
from lamplit.rent.models import DebitMandate, RentChange
from lamplit.rent.rules.change import Service
from tests import cast
from tests.landlord import Landlord

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
APRIL = date(2026, 4, 6)
ONE, OTHER = who.staff("s_finance1000000000000"), who.staff("s_finance2000000000000")
RUTH, TOMASZ = cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY


def do(action: Any, by: Any = ONE, at: datetime = AT, **given: Any) -> Any:
    do.count += 1  # type: ignore[attr-defined]
    return action(by=by, at=at, command=f"t:{do.count}", **given)  # type: ignore[attr-defined]


do.count = 0  # type: ignore[attr-defined]


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}")


def charged(account: str, rent: int, *services: tuple[str, int], kind: str = "social", **more: Any) -> None:
    lines = [Term(charge="rent", pence=rent), *(Term(charge=charge, pence=pence) for charge, pence in services)]  # type: ignore[arg-type]
    more = {"from_on": date(2025, 4, 7), "frequency": "weekly", **more}
    do(actions.set_terms, account=account, terms=lines, rent_type=kind, **more)


def posted(at: datetime) -> int:
    """Every letter that waits leaves us."""
    waiting = Message.objects.filter(status="ordered")
    for row in waiting:
        do(messages.record_sent, at=at, message=row.id, receipt="")
    return len(waiting)


def terms(account: str, on: date = APRIL) -> Any:
    found = queries.terms_on(account, on)
    assert found is not None
    return found


@pytest.fixture
def let(landlord: Landlord) -> Landlord:
    cast.settle(AT - timedelta(days=400))
    return landlord


def test_a_change_from_the_first_look_to_the_new_terms(let: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    charged(RUTH, 11_847, ("service", 1_250), ("service_not_eligible", 300))
    charged(TOMASZ, 9_000, ("heating", 500))
    with refused("rent.no_cpi") as wrong:
        do(actions.prepare_rents, frequency="weekly", from_on=date(2027, 4, 5))
    assert wrong.value.details == {"september": 2026, "year": "2027/28", "file": "LAMPLIT_HOME/figures/rent.law.toml"}
    with refused("rent.notices_too_late"):
        do(actions.prepare_rents, at=datetime(2026, 3, 5, tzinfo=UTC), frequency="weekly", from_on=APRIL)
    new = [Service(account=RUTH, charge="service", pence=1_400, category="B"), Service(account=TOMASZ, charge="heating", pence=0)]
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL, services=new)
    row = queries.rent_run(run)
    assert row is not None
    assert row.by_type == [{"rent_type": "social", "accounts": 2, "old_pence": 22_897, "new_pence": 23_548}]
    assert [(line.account, line.new_pence - line.old_pence) for line in queries.worked_of(row).largest()] == [
        (RUTH, 719),
        (TOMASZ, -68),
    ]
    with refused("rent.change_there"):
        do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    with refused("rent.run_needs_two"):
        do(actions.release_rents, run=run)
    do(actions.release_rents, OTHER, run=run)
    with monkeypatch.context() as in_an_incident:
        in_an_incident.setattr("lamplit.reactions.rent_changes.incidents.open_now", lambda **_: "i_1")
        assert (jobs.writes(), jobs.go_on(AT), Message.objects.filter(because=run).count()) == (False, 0, 0)
    assert jobs.writes()
    seen: list[tuple[int, int]] = []
    assert jobs.write_to_all(row, AT, lambda done, of: seen.append((done, of))) == 2
    assert jobs.go_on(AT) == 0  # a second time nobody is written to again
    assert (seen, jobs.writes(), jobs.settles(AT)) == ([(2, 2)], False, False)
    letter = Message.objects.get(person=cast.RUTH)
    assert (letter.channel, letter.to, letter.about) == ("post", "5 Ember Rise, Lampton, ZZ1 1AA", RUTH)
    for words in ("for Ruth Adeyemi", "From 6 April 2026 you pay £141.16 each week", "Rent: £118.47", "Rent: £124.16", "3.8%"):
        assert words in letter.body
    assert posted(AT) == 2
    assert (jobs.go_on(AT), queries.rent_progress(run)) == (0, (2, 0, 0))  # a letter takes two working days
    with refused("rent.rents_open"):
        do(actions.finish_rents, run=run)
    assert jobs.go_on(AT + timedelta(days=2)) == 2
    hers, his = terms(RUTH), terms(TOMASZ)
    assert (hers.why, hers.noticed_on, terms(RUTH, date(2026, 4, 5)).terms[0]["pence"]) == (
        "yearly",
        date(2026, 2, 4),
        11_847,
    )
    assert [(one["charge"], one["pence"]) for one in hers.terms] == [
        ("rent", 12_416),
        ("service_not_eligible", 300),
        ("service", 1_400),
    ]
    assert [(one["charge"], one["pence"]) for one in his.terms] == [("rent", 9_432)]
    done = queries.rent_run(run)
    assert done is not None
    assert (done.state, jobs.go_on(AT + timedelta(days=3))) == ("finished", 0)


def test_who_had_no_notice_in_time_keeps_the_old_rent_and_a_notice_by_hand_counts(let: Landlord) -> None:
    charged(RUTH, 11_847)
    charged(TOMASZ, 9_000)
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    do(actions.release_rents, OTHER, run=run)
    jobs.go_on(AT)
    posted(datetime(2026, 3, 5, 9, tzinfo=UTC))  # the second working day after it is 9 March: three days too late
    with refused("rent.say_how"):
        do(actions.give_notice, run=run, account=TOMASZ, on=AT.date(), how=" ")
    with refused("rent.notice_not_yet"):
        do(actions.give_notice, run=run, account=TOMASZ, on=AT.date() + timedelta(days=1), how="At the door.")
    given = datetime(2026, 3, 6, 9, tzinfo=UTC)
    do(actions.give_notice, at=given, run=run, account=TOMASZ, on=given.date(), how="Dele gave it to Tomasz at the door.")
    jobs.go_on(given)
    assert terms(TOMASZ).terms == [{"charge": "rent", "pence": 9_432}]
    jobs.go_on(given + timedelta(days=4))
    kept = RentChange.objects.get(account=RUTH)
    assert (kept.state, kept.why, terms(RUTH).terms) == ("kept", "late", [{"charge": "rent", "pence": 11_847}])
    row = queries.rent_run(run)
    assert row is not None
    assert (row.state, queries.set_by(row), queries.kept_by(run)) == ("finished", (1, 9_432), (1, 11_847))
    with refused("rent.notice_not_open"):
        do(actions.give_notice, run=run, account=RUTH, on=given.date(), how="At the door.")


def test_terms_that_were_set_meanwhile_stay_and_a_direct_debit_of_the_rent_follows(let: Landlord) -> None:
    charged(RUTH, 11_847)
    charged(TOMASZ, 9_000)
    for account, person, pence in ((RUTH, cast.RUTH, 11_847), (TOMASZ, cast.TOMASZ, 10_000)):
        do(
            actions.set_up_mandate, account=account, person=person, sealed=SealedDetails(b"x", "810", "valid"), way="paper",
            every="weekly", day=1, pence=pence,
        )  # fmt: skip
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    do(actions.release_rents, OTHER, run=run)
    jobs.go_on(AT)
    assert "The sum changes with your rent" in Message.objects.get(person=cast.RUTH, because=run).body
    assert "not just the rent" in Message.objects.get(person=cast.TOMASZ, because=run).body
    posted(AT)
    jobs.go_on(AT + timedelta(days=2))
    row = queries.rent_run(run)
    assert row is not None
    assert {one.account: one.pence for one in queries.rent_debits(row)} == {RUTH: 12_416, TOMASZ: None}
    assert DebitMandate.objects.get(account=RUTH).pence == 11_847  # what is collected in March is the old rent
    assert not jobs.settles(datetime(2026, 3, 13, 9, tzinfo=UTC))  # told now, it would be the collection of 30 March
    assert jobs.settles(datetime(2026, 3, 17, 9, tzinfo=UTC))
    assert jobs.go_on(datetime(2026, 3, 17, 9, tzinfo=UTC)) == 1
    assert DebitMandate.objects.get(account=RUTH).pence == 12_416
    assert [one.account for one in queries.rent_debits(row)] == [TOMASZ]  # he is asked
    assert jobs.go_on(datetime(2026, 3, 18, 9, tzinfo=UTC)) == 0


def test_terms_put_right_from_the_same_day_hold_up_neither_the_change_nor_direct_debits(let: Landlord) -> None:
    charged(RUTH, 11_847)
    charged(TOMASZ, 9_000)
    for account, person, pence in ((RUTH, cast.RUTH, 11_847), (TOMASZ, cast.TOMASZ, 9_000)):
        do(
            actions.set_up_mandate, account=account, person=person, sealed=SealedDetails(b"x", "810", "valid"), way="paper",
            every="weekly", day=1, pence=pence,
        )  # fmt: skip
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    do(actions.release_rents, OTHER, run=run)
    jobs.go_on(AT)
    posted(AT)
    row = queries.rent_run(run)
    assert row is not None
    jobs.settle(row, AT + timedelta(days=2))
    charged(RUTH, 12_000, from_on=APRIL, why="corrected")
    assert queries.set_by(row) == (2, 12_416 + 9_432)
    jobs.go_on(AT + timedelta(days=3))
    done = queries.rent_run(run)
    assert done is not None
    assert done.state == "finished"
    assert {one.account: one.pence for one in queries.rent_debits(row)} == {RUTH: 12_000, TOMASZ: 9_432}
    assert jobs.go_on(datetime(2026, 3, 17, 9, tzinfo=UTC)) == 2
    assert DebitMandate.objects.get(account=RUTH).pence == 12_000  # what she is charged, and no other sum


def test_a_change_that_does_not_add_up_holds_up_no_other_and_no_direct_debit(
    let: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged(RUTH, 11_847)
    charged(TOMASZ, 30_000, frequency="monthly", from_on=date(2025, 4, 1))
    do(
        actions.set_up_mandate, account=RUTH, person=cast.RUTH, sealed=SealedDetails(b"x", "810", "valid"), way="paper",
        every="weekly", day=1, pence=11_847,
    )  # fmt: skip
    runs = [
        do(actions.prepare_rents, frequency=often, from_on=on)
        for often, on in (("weekly", APRIL), ("monthly", date(2026, 4, 1)))
    ]  # fmt: skip
    for run in runs:
        do(actions.release_rents, OTHER, run=run)
    jobs.go_on(AT)
    posted(AT)
    differ = queries.rents_differ
    monkeypatch.setattr(
        queries, "rents_differ", lambda row: ["pence: 2 released, 1 charged"] if row.id == runs[0] else differ(row)
    )
    assert jobs.go_on(datetime(2026, 3, 17, 9, tzinfo=UTC)) == 3
    assert [row.state for row in map(queries.rent_run, runs) if row is not None] == ["released", "finished"]
    assert DebitMandate.objects.get(account=RUTH).pence == 12_416


def test_terms_set_between_two_people_stop_it_and_set_after_the_release_they_stay(let: Landlord) -> None:
    charged(RUTH, 11_847)
    charged(TOMASZ, 9_000)
    first = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    charged(TOMASZ, 9_100, from_on=date(2025, 4, 14))
    with refused("rent.rents_differ"):
        do(actions.release_rents, OTHER, run=first)
    do(actions.withdraw_rents, run=first)
    with refused("rent.run_over"):
        do(actions.release_rents, OTHER, run=first)
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    row = queries.rent_run(run)
    assert row is not None
    assert queries.worked_of(row).left_out == ((TOMASZ, "too_soon"),)
    do(actions.release_rents, OTHER, run=run)
    do(actions.withdraw_rents, run=run)  # nobody was written to yet
    run = do(actions.prepare_rents, frequency="weekly", from_on=APRIL)
    do(actions.release_rents, OTHER, run=run)
    charged(RUTH, 12_000, from_on=date(2026, 2, 2))
    jobs.go_on(AT)
    assert (RentChange.objects.get().why, Message.objects.filter(because=run).count()) == ("changed", 0)
    assert terms(RUTH).terms[0]["pence"] == 12_000
    with refused("rent.run_over"):
        do(actions.withdraw_rents, run=run)
