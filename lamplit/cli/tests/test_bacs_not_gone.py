"""A file of Direct Debits that Bacs refused, or that never left: two people say so, and nobody reads as paid by it."""

from datetime import UTC, date, datetime

import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, files_to, hers, report, run_of, sent, set_up
from lamplit.config import bank_details
from lamplit.reactions import debits as jobs
from lamplit.reactions.tests import working
from lamplit.rent import actions, facts, queries
from lamplit.rent.models import LedgerLine
from tests import cast
from tests.bank import OTHER_ACCOUNT, SORT_CODE

JUNE = date(2026, 6, 1)
WHY = "Bacs refused it: the total was wrong."


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def said(run, moment, command="t:not"):
    """Two people say that the file of a run did not go."""
    actions.doubt_debits(run=run, why=WHY, by=ONE, at=moment, command=command)
    actions.confirm_not_gone(run=run, by=OTHER, at=moment, command=f"{command}:yes")


def june(bank, tmp_path, moment=None):
    moment = moment or at(5, 27)
    run = run_of(JUNE, moment)
    sent(bank, run, moment, tmp_path)
    return run


def test_two_people_say_it_and_it_goes_with_a_new_run_while_there_is_time(bank, installed, tmp_path):
    lamplit, key, _ = bank
    by_direct_debit(bank, tmp_path)
    run = run_of(JUNE, at(5, 27))
    how = {"run": run, "by": ONE, "at": at(5, 28)}
    with pytest.raises(Refused, match=r"rent\.run_not_submitted"):
        actions.doubt_debits(why=WHY, command="t:early", **how)
    first, _ = sent(bank, run, at(5, 27), tmp_path)
    with pytest.raises(Refused, match=r"rent\.say_why"):
        actions.doubt_debits(why=" ", command="t:empty", **how)
    with pytest.raises(Refused, match=r"rent\.not_doubted"):
        actions.confirm_not_gone(command="t:alone", **how)
    actions.doubt_debits(why=WHY, command="t:not", **how)
    row = queries.debit_run(run)
    assert (row.state, row.doubted_by, row.doubt) == ("submitted", str(ONE), WHY), "one person alone changes nothing"
    with pytest.raises(Refused, match=r"rent\.doubted_already"):
        actions.doubt_debits(why=WHY, command="t:again", **how)
    with pytest.raises(Refused, match=r"rent\.doubt_needs_two"):
        actions.confirm_not_gone(command="t:own", **how)
    # It went after all; then it did not.
    actions.trust_debits(command="t:went", **how)
    with pytest.raises(Refused, match=r"rent\.not_doubted"):
        actions.trust_debits(command="t:went:again", **how)
    said(run, at(5, 28), "t:really")
    with pytest.raises(Refused, match=r"rent\.run_not_submitted"):
        actions.doubt_debits(why=WHY, command="t:over", **how)
    with pytest.raises(Refused, match=r"rent\.debits_coming_back"):
        actions.prepare_debits(entry_on=JUNE, by=ONE, at=at(5, 28), command="t:too_soon")
    assert "this file did not go" in lamplit("bacs", "write", "--run", run, "--key", str(key), "--out", "x")[2]
    assert (jobs.take_back(at(5, 28)), jobs.take_back(at(5, 28, 11))) == (1, 0)
    assert (hers(JUNE).state, hers(JUNE).run) == ("noticed", None)
    # The same collections in a new file, under a serial that was never used.
    again = run_of(JUNE, at(5, 28), ":again")
    second, words = sent(bank, again, at(5, 28), tmp_path)
    assert second != first
    assert "1 collection, £400.00" in words
    assert "Serial 000003." in words
    assert jobs.post_due(at(6, 1, 6)) == 1
    assert jobs.look_for_missed(at(6, 1, 7)) == 0
    assert (queries.owes(cast.RUTHS_TENANCY).rent, queries.debit_run(run).state) == (-40_000, "not_gone")
    assert queries.next_serial() == "000004"


def test_in_the_books_it_is_taken_off_again_and_what_we_missed(bank, installed, tmp_path):
    by_direct_debit(bank, tmp_path)
    term = [facts.Term(charge="rent", pence=40_000)]
    set_so = {"account": cast.RUTHS_TENANCY, "frequency": "monthly", "terms": term, "by": ONE, "at": AT}
    actions.set_terms(from_on=JUNE, command="t:terms", **set_so)
    working.follow(installed, at=AT)
    run = june(bank, tmp_path)
    assert jobs.post_due(at(6, 1, 6)) == 1
    line = hers(JUNE).line
    # Meanwhile she ends her Direct Debit: we missed June all the same.
    actions.end_mandate(mandate=hers(JUNE).mandate, by=ONE, at=at(6, 1, 9), command="t:end")
    said(run, at(6, 1))
    assert jobs.take_back(at(6, 1)) == 1
    assert (queries.owes(cast.RUTHS_TENANCY).rent, hers(JUNE).state, hers(JUNE).line) == (0, "missed", None)
    taken = LedgerLine.objects.get(reverses=line)
    assert (taken.what, taken.debit, taken.credit, taken.pence) == ("reversal", "rent", "collected", 40_000)
    assert (taken.source, taken.on, taken.note) == (run, JUNE, "The file that was to collect this did not go. Nothing was taken.")
    assert (jobs.take_back(at(6, 1, 11)), jobs.post_due(at(6, 1, 11))) == (0, 0)
    # She is told, and is not in arrears by it.
    files_to(date(2026, 6, 2), at(6, 2))
    assert jobs.look_for_missed(at(6, 2)) == 1
    working.follow(installed, at=at(6, 2))
    assert "our fault" in working.messages("debit_missed")[-1].body
    assert (hers(JUNE).state, hers(JUNE).told) == ("missed", "choices")
    assert queries.self_check() == []


def test_a_posting_cut_off_half_way_is_taken_back_whole_and_only_once(bank, installed, tmp_path, monkeypatch):
    by_direct_debit(bank, tmp_path)
    set_up(cast.TOMASZS_TENANCY, cast.TOMASZ, pence=30_000)
    sent(bank, run_of(date(2026, 5, 15), AT, ":two"), AT, tmp_path)
    jobs.give_notice(at(5, 12))
    run = june(bank, tmp_path)
    monkeypatch.setattr(queries, "TOGETHER", 1)
    first, _ = queries.left_in_file(run)
    lines = [line for lines in queries.batches_to_post(run) for line in lines if line.collection == first]
    actions.post_debits(run=run, lines=lines, by=ONE, at=at(6, 1, 6), command="t:half")
    said(run, at(6, 1))
    with pytest.raises(Refused, match=r"rent\.run_not_submitted"):
        actions.post_debits(run=run, lines=lines, by=ONE, at=at(6, 1), command="t:late")
    recalls = jobs.recalls(lambda: at(6, 1))
    assert next(recalls) == 1, "cut off after the first one"
    assert jobs.take_back(at(6, 1, 11)) == 1
    for account in (cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY):
        assert queries.collection(f"{account}.{JUNE}").state == "missed"
        assert queries.owes(account).rent == 0
    assert LedgerLine.objects.filter(what="reversal").count() == 1


def test_what_a_bank_sent_back_says_that_it_went(bank, installed, tmp_path):
    lamplit, _, set_clock = bank
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    run = june(bank, tmp_path)
    jobs.post_due(at(6, 1, 6))
    actions.doubt_debits(run=run, why=WHY, by=ONE, at=at(6, 1), command="t:not")
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-06-02", "2026-05-29", mandate.reference))
    set_clock(at(6, 2))
    assert "1 acted on" in lamplit("bacs", "read", str(path))[1]
    with pytest.raises(Refused, match=r"rent\.bank_answered"):
        actions.confirm_not_gone(run=run, by=OTHER, at=at(6, 2), command="t:yes")
    actions.trust_debits(run=run, by=OTHER, at=at(6, 2), command="t:went")


def test_what_banks_were_not_told_is_told_with_the_next_file(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    (first,) = queries.debit_runs()
    said(first.id, at(5, 12))
    row = queries.mandate(mandate)
    assert (row.state, row.instruction, row.first_on) == ("new", "0N", None)
    assert hers(JUNE).state == "noticed", "she was told of it, and that stands"
    # Told a day late, her bank is ready on the 3rd of June: we miss the first, and she is told so.
    late = at(5, 18)
    assert queries.work_out_debits(JUNE).left_out == {"the instruction has stopped or ended": 1}
    sent(bank, run_of(date(2026, 5, 21), late), late, tmp_path)
    row = queries.mandate(mandate)
    assert (row.state, row.instruction) == ("live", None)
    assert row.first_on > JUNE
    working.follow(installed, at=late)
    jobs.look_for_missed(at(5, 29))
    assert (hers(JUNE).state, hers(JUNE).told) == ("missed", "tell_before")
    assert hers(date(2026, 7, 1)).state == "noticed"


def test_an_old_bank_that_was_not_told_is_told_though_she_has_ended_it_since(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    old = queries.mandate(mandate).details
    sealed = bank_details.seal("Ruth Adeyemi", SORT_CODE, OTHER_ACCOUNT)
    new = actions.change_details(account=cast.RUTHS_TENANCY, sealed=sealed, by=ONE, at=at(5, 12), command="t:other")
    actions.confirm_details(details=new, by=OTHER, at=at(6, 1), command="t:theirs")
    run = run_of(date(2026, 6, 4), at(6, 1))
    sent(bank, run, at(6, 1), tmp_path)
    told = [(one[1], one[2]) for one in queries.debit_run(run).told]
    assert told == [("0C", old), ("0N", new)]
    actions.end_mandate(mandate=mandate, by=ONE, at=at(6, 2, 9), command="t:end")
    said(run, at(6, 2))
    assert [(one.code, one.details) for one in queries.to_instruct()] == [("0C", old)]


def test_one_that_stopped_meanwhile_is_told_to_its_bank_when_it_goes_on(bank, installed, tmp_path):
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    (first,) = queries.debit_runs()
    item = actions.AdviceItem(kind="ADDACS", report="r", item=1, code="nobody knows", reference=mandate.reference)
    sealed = actions.SealedDetails(b"r", "", "valid")
    actions.take_report(items=[item], moved={}, report=sealed, by=ONE, at=at(5, 12), command="t:stop")
    said(first.id, at(5, 12))
    row = queries.mandate(mandate.id)
    assert (row.state, row.instruction, queries.to_instruct()) == ("stopped", None, [])
    actions.go_on(mandate=row.id, by=ONE, at=at(5, 13), command="t:on")
    assert [one.code for one in queries.to_instruct()] == ["0N"]
    sent(bank, run_of(date(2026, 5, 18), at(5, 13)), at(5, 13), tmp_path)
    assert not queries.not_told(row.id)
