"""What we missed or what came back, and she pays another way: taken once, closed once, and her choice stays."""

from datetime import UTC, date, datetime

import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, files_to, hers, pay, report, run_of, sent
from lamplit.reactions import debits as jobs
from lamplit.reactions import rent as renting
from lamplit.reactions.tests import working
from lamplit.rent import actions, facts, queries
from lamplit.rent.models import LedgerLine
from lamplit.tenancies import actions as tenancies
from tests import cast

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def missed(moment, files=None):
    if files:
        files_to(files, moment)
    jobs.look_for_missed(moment)


def charge_june():
    """June's rent of 400.00 stands in the books."""
    term = [facts.Term(charge="rent", pence=40_000)]
    set_so = {"account": cast.RUTHS_TENANCY, "frequency": "monthly", "terms": term, "by": ONE, "at": AT}
    actions.set_terms(from_on=JUNE, command="t:terms", **set_so)
    run = actions.prepare_charges(frequency="monthly", from_on=JUNE, by=ONE, at=at(5, 29), command="t:charge")
    actions.release_charges(run=run, by=OTHER, at=at(5, 29), command="t:charge:yes")
    renting.charge(run, at(5, 29), lambda *_: None)


def test_paid_after_she_was_told_it_is_not_collected_late_nor_once_more(bank, installed, tmp_path):
    lamplit, _, set_clock = bank
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    # June was missed; told at nine that it is taken on the 4th; her payment stands in the books before the run is made.
    missed(at(6, 2, 9), date(2026, 6, 2))
    assert (hers(JUNE).told, hers(JUNE).on) == ("tell_then_collect", date(2026, 6, 4))
    pay(40_000, JUNE, at(6, 2, 10))
    assert queries.work_out_debits(date(2026, 6, 4)).left_out == {"paid another way since": 1}
    with pytest.raises(Refused, match=r"rent\.nothing_to_collect"):
        actions.prepare_debits(entry_on=date(2026, 6, 4), by=ONE, at=at(6, 2, 11), command="t:late")
    missed(at(6, 2, 12))
    assert (hers(JUNE).state, hers(JUNE).told) == ("closed", "closed")
    # July goes, comes back unpaid, and she pays by card before the 18.
    moment = at(6, 26)
    sent(bank, run_of(JULY, moment), moment, tmp_path)
    jobs.post_due(at(7, 1, 6))
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-07-03", "2026-06-30", mandate.reference))
    set_clock(at(7, 3))
    assert "1 acted on" in lamplit("bacs", "read", str(path))[1]
    again = queries.collection(f"{cast.RUTHS_TENANCY}.2026-07-10.18")
    assert (again.state, again.pence) == ("noticed", 40_000)
    pay(15_000, date(2026, 7, 3), at(7, 4))
    assert not queries.work_out_debits(date(2026, 7, 10)).lines
    missed(at(7, 4, 12))
    again = queries.collection(again.id)
    assert (again.state, again.told) == ("dropped", "paid")
    jobs.give_notice(at(7, 4, 13))
    assert queries.collection(again.id).state == "dropped"
    assert queries.self_check() == []


def test_a_second_try_that_we_missed_was_due_on_its_own_day(bank, installed, tmp_path):
    lamplit, _, set_clock = bank
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    working.follow(installed, at=AT)
    sent(bank, run_of(JUNE, at(5, 27)), at(5, 27), tmp_path)
    jobs.post_due(at(6, 1, 6))
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-06-03", "2026-05-29", mandate.reference))
    set_clock(at(6, 3))
    assert "1 acted on" in lamplit("bacs", "read", str(path))[1]
    again = queries.collection(f"{cast.RUTHS_TENANCY}.2026-06-10.18")
    assert (again.state, again.was_due_on) == ("noticed", JUNE)
    # No file took it. She is told of the 10th, on which we did not take it; on the 1st we did, and her bank refused.
    missed(at(6, 10), date(2026, 6, 10))
    again = queries.collection(again.id)
    assert (again.told, queries.missed_day(again)) == ("tell_today", date(2026, 6, 10))
    working.follow(installed, at=at(6, 10))
    (told,) = working.messages("debit_missed")
    assert "Wednesday 10 June" in told.body
    assert "1 June" not in told.body


def test_one_payment_closes_one_and_her_choice_outlives_a_new_sum(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    # Nothing went for two months. One payment pays the older one alone; taken off again, it pays none.
    missed(at(7, 8), date(2026, 7, 8))
    pay(40_000, date(2026, 7, 8), at(7, 8))
    line = LedgerLine.objects.get(account=cast.RUTHS_TENANCY, what="payment")
    assert [queries.left_of(hers(on)) for on in (JUNE, JULY)] == [0, 40_000]
    actions.reverse_line(account=cast.RUTHS_TENANCY, line=line.id, why="keyed_wrong", by=ONE, at=at(7, 8), command="t:off")
    assert [queries.left_of(hers(on)) for on in (JUNE, JULY)] == [40_000, 40_000]
    pay(40_000, date(2026, 7, 9), at(7, 9))
    missed(at(7, 9))
    assert [(hers(on).state, hers(on).told) for on in (JUNE, JULY)] == [("closed", "closed"), ("missed", "choices")]
    # July in three parts; then the rent changes: the parts stay.
    chosen = {"collection": hers(JULY).id, "account": cast.RUTHS_TENANCY, "by": cast.BY_RUTH, "at": at(7, 9)}
    actions.choose_after_missed(choice="spread", command="t:spread", **chosen)
    months = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert [hers(on).pence for on in months] == [53_334, 53_333, 53_333, 40_000]
    parts = [(one.pence, one.of_balance_pence) for one in queries.account_of(cast.RUTHS_TENANCY, date(2026, 7, 9)).collections]
    assert parts == [(53_334, 53_334), (53_333, 13_333), (53_333, 13_333)]  # of what she chose nothing is asked for sooner
    assert jobs.give_notice(at(7, 9, 11)) == 0
    # Another sum, the old one again, and the other once more: she is told each time.
    for number, pence in enumerate((41_000, 40_000, 41_000)):
        actions.set_debit_sum(mandate=mandate, pence=pence, by=ONE, at=at(7, 10 + number), command=f"t:sum:{number}")
        assert jobs.give_notice(at(7, 10 + number)) == 1
        more = pence - 40_000
        assert [hers(on).pence for on in months] == [53_334 + more, 53_333 + more, 53_333 + more, 40_000 + more]
    # "Not in September, please": that one is not made, the others are, and no new notice brings it back.
    actions.drop_collection(collection=hers(months[1]).id, by=ONE, at=at(7, 13), command="t:drop")
    actions.set_debit_sum(mandate=mandate, pence=42_000, by=ONE, at=at(7, 14), command="t:sum:4")
    assert jobs.give_notice(at(7, 14)) == 1
    assert [hers(on).state for on in months] == ["noticed", "dropped", "noticed", "noticed"]


@pytest.mark.parametrize("paid_on", [8, 9, 20])
def test_what_she_chose_to_pay_later_and_paid_by_card_is_not_collected(bank, installed, tmp_path, paid_on):
    """She paid before she chose, on the same day or after it; the file of it came after her choice."""
    mandate = by_direct_debit(bank, tmp_path)
    working.follow(installed, at=AT)
    missed(at(6, 8), date(2026, 6, 8))
    chosen = {"collection": hers(JUNE).id, "account": cast.RUTHS_TENANCY, "by": cast.BY_RUTH, "at": at(6, 9)}
    actions.choose_after_missed(choice="spread", command="t:spread", **chosen)
    months = [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    assert [hers(on).pence for on in months] == [53_334, 53_333, 53_333]
    pay(15_000, date(2026, 6, paid_on), at(6, max(paid_on, 10)))
    missed(at(6, max(paid_on, 10), 12))
    # A part of it: the last ones take less. Again, it changes nothing more.
    assert [(hers(on).pence, hers(on).more_pence) for on in months] == [(53_334, 13_334), (51_666, 11_666), (40_000, 0)]
    missed(at(6, max(paid_on, 10), 13))
    actions.set_debit_sum(mandate=mandate, pence=41_000, by=ONE, at=at(6, 21), command="t:sum")
    jobs.give_notice(at(6, 21))
    assert [hers(on).pence for on in months[1:]] == [52_666, 41_000], "what is left of it stays with another sum"
    # The rest. July's is too near for new notice: it is not made at all, sooner than taken twice.
    pay(25_000, date(2026, 6, 22), at(6, 22))
    missed(at(6, 22, 12))
    assert [(hers(on).state, hers(on).pence) for on in months] == [("dropped", 53_334), ("noticed", 41_000), ("noticed", 41_000)]
    assert queries.parts_paid(cast.RUTHS_TENANCY)[1] == 0
    working.follow(installed, at=at(6, 22, 13))
    assert any("You have paid another way" in told.body for told in working.messages("debit_missed"))
    assert any("less what you have paid of it" in told.body for told in working.messages("debit_notice"))
    assert queries.self_check() == []


def test_what_she_paid_a_part_of_is_one_sum_on_every_page(bank, installed, tmp_path):
    by_direct_debit(bank, tmp_path)
    charge_june()
    missed(at(6, 8), date(2026, 6, 8))
    pay(15_000, date(2026, 6, 9), at(6, 9))
    found = queries.position(cast.RUTHS_TENANCY, date(2026, 6, 9))
    assert [(line.code, line.pence) for line in found.lines] == [("balance", 25_000), ("missed_by_us", -25_000)]
    assert [line.full_pence for line in found.lines if line.code == "missed_by_us"] == [queries.left_of(hers(JUNE))]
    # Something else that she owes is asked for beside it: the whole of what we missed would have hidden it.
    owed = {"debit": "rent", "credit": "bank", "what": "refund", "why": "matched", "by": ONE, "at": at(6, 9)}
    actions.move_money(account=cast.RUTHS_TENANCY, pence=6_000, on=date(2026, 6, 9), command="t:other", **owed)
    assert queries.position(cast.RUTHS_TENANCY, date(2026, 6, 9)).to_pay_pence == 6_000


def test_the_next_direct_debit_pays_its_own_rent_and_is_named_on_the_day_money_moves(bank, installed, tmp_path):
    by_direct_debit(bank, tmp_path)
    charge_june()
    # June's rent is owed, and June's Direct Debit pays it; July's would not.
    found = queries.position(cast.RUTHS_TENANCY, JUNE)
    assert (found.to_pay_pence, found.next_on) == (0, JUNE)
    actions.drop_collection(collection=hers(JUNE).id, by=ONE, at=at(6, 1), command="t:june")
    found = queries.position(cast.RUTHS_TENANCY, date(2026, 6, 2))
    assert (found.to_pay_pence, found.next_on, found.next_pence) == (40_000, JULY, 40_000)
    # 1 August is a Saturday: the money moves on Monday the 3rd, and counts until it is in the books.
    actions.drop_collection(collection=hers(JULY).id, by=ONE, at=at(6, 1), command="t:july")
    moment = at(7, 29)
    sent(bank, run_of(date(2026, 8, 3), moment), moment, tmp_path)
    for day in (date(2026, 7, 31), date(2026, 8, 2), date(2026, 8, 3)):
        assert queries.position(cast.RUTHS_TENANCY, day).next_on == date(2026, 8, 3)


def test_a_tenancy_ends_and_its_direct_debit_with_it(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    working.follow(installed, at=AT)
    how = {"by": cast.BY_PRIYA, "at": at(5, 20)}
    tenancies.end_tenancy(tenancy=cast.RUTHS_TENANCY, ended_on=date(2026, 6, 14), command="t:end", **how)
    assert queries.work_out_debits(JULY).left_out == {"the tenancy ends before": 1}
    assert jobs.end_with_tenancies(at(5, 20)) == 1
    assert [hers(on).state for on in (JUNE, JULY)] == ["noticed", "dropped"], "June's rent is still due"
    assert queries.mandate(mandate).state == "live"
    assert jobs.end_with_tenancies(at(5, 21)) == 0
    moment = at(5, 27)
    sent(bank, run_of(JUNE, moment), moment, tmp_path)
    assert jobs.end_with_tenancies(moment) == 1
    assert (queries.mandate(mandate).state, queries.mandate(mandate).instruction) == ("ended", "0C")
    assert (jobs.end_with_tenancies(moment), jobs.give_notice(moment)) == (0, 0)
    working.follow(installed, at=moment)
    (letter,) = working.messages("debit_ended")
    assert "Your tenancy comes to an end, and so does your Direct Debit." in letter.body
    # What went through Bacs is not taken back by hand: the bank's own report does it.
    jobs.post_due(at(6, 1, 6))
    undo = {"account": cast.RUTHS_TENANCY, "why": "keyed_wrong", "by": ONE, "at": at(6, 2)}
    with pytest.raises(Refused, match=r"rent\.bank_says_so"):
        actions.reverse_line(line=hers(JUNE).line, command="t:undo", **undo)
    item = actions.AdviceItem(
        kind="ARUDD", report="late", item=1, code="1", reference=queries.mandate(mandate).reference, pence=40_000,
        processed_on=date(2026, 5, 29),
    )  # fmt: skip
    took = actions.take_report(
        items=[item], moved={}, report=actions.SealedDetails(b"r", "", "valid"), by=ONE, at=at(6, 3), command="t:late"
    )
    assert (took["taken"], queries.owes(cast.RUTHS_TENANCY).rent, hers(JUNE).state) == (1, 0, "unpaid")
