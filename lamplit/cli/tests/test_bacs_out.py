"""A file leaves whole, noted, and once its note stands in two places; written again it is the very same file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli import bacs_details, bacs_out
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, pay, run_of, sent, set_up
from lamplit.config import bank_details
from lamplit.exchange.bacs import written
from lamplit.rent import actions, queries
from tests import cast
from tests.bank import ACCOUNT, OTHER_ACCOUNT, SORT_CODE


def test_a_collection_file_is_held_back_until_its_note_stands_in_two_places(bank, installed, tmp_path, monkeypatch):
    lamplit, key, set_clock = bank
    by_direct_debit(bank, tmp_path)
    at = datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    run, out = run_of(date(2026, 6, 1), at), tmp_path / "out.txt"
    set_clock(at)

    def write(to=out, *more):
        return lamplit("bacs", "write", "--run", run, "--key", str(key), "--out", str(to), *more)

    # A place where nothing can be written, or where another file stands: nothing was noted, nothing goes.
    code, _, wrong = write(tmp_path / "no such folder" / "out.txt")
    assert (code, "cannot be written, so nothing goes" in wrong) == (2, True)
    out.write_text("another file")
    code, _, wrong = write()
    assert (code, "it is another file" in wrong, out.read_text()) == (2, True, "another file")
    assert queries.debit_run(run).state == "released"
    # Noted, and nothing is copied: it is held back, however often one asks.
    out.unlink()
    with monkeypatch.context() as stuck:
        stuck.setattr(bacs_out, "pause", lambda _: installed.seal())
        stuck.setattr(bacs_out, "TRIES", 2)
        for _ in range(2):
            code, said, wrong = write()
            assert (code, said, "held back" in wrong) == (1, "", True)
            assert queries.debit_run(run).state == "submitted"
            assert not [file.name for file in tmp_path.glob("out.txt*")], "nothing that anybody could send"
        stuck.setattr(bacs_details, "MANY", 1)  # opened in processes of their own: the same bytes
        code, _, wrong = write(tmp_path / "anyway.txt", "--anyway")
        assert (code, "WARNING" in wrong) == (0, True)
    # Published meanwhile: the very same bytes, without a warning, even after her bank has moved her account.
    sealed = bank_details.seal("Ruth Adeyemi", SORT_CODE, OTHER_ACCOUNT)
    reference = queries.mandate_of(cast.RUTHS_TENANCY).reference
    moved = actions.AdviceItem(kind="ADDACS", report="r", item=1, code="3", reference=reference)
    actions.take_report(items=[moved], moved={"1": sealed}, report=sealed, by=ONE, at=at, command="t:moved")
    assert queries.current_details(cast.RUTHS_TENANCY).last3 == OTHER_ACCOUNT[-3:]
    installed.publish()
    code, _, wrong = write(out, "--anyway")
    assert (code, wrong) == (0, "")
    assert write()[0] == 0, "the same file over itself"
    assert out.read_bytes() == (tmp_path / "anyway.txt").read_bytes()
    assert oct(out.stat().st_mode)[-3:] == "600"


def test_refunds_are_noted_only_with_a_file_and_can_be_written_again(bank, installed, tmp_path, monkeypatch):
    lamplit, key, set_clock = bank
    set_up()
    at = AT + timedelta(days=8)
    pay(5_000, date(2026, 5, 18), at)
    asked = {
        "account": cast.RUTHS_TENANCY, "way": "refund", "pence": 4_000, "reason": "She paid twice.", "evidence": ["Two lines"],
        "payee": "match", "other_debts_pence": 0, "clawback_pence": 0, "by": ONE, "at": at,
    }  # fmt: skip
    other = actions.ask_refund(book="costs", command="t:costs", **asked)
    with pytest.raises(Refused, match=r"rent\.refund_not_ready"):  # she is ahead with rent, not with costs
        actions.release_refund(refund=other, by=OTHER, at=at, command="t:costs:yes")
    refund = actions.ask_refund(command="t:ask", **asked)
    actions.release_refund(refund=refund, by=OTHER, at=at, command="t:yes")
    set_clock(at)

    def write(to, *more):
        return lamplit("bacs", "refunds", "--key", str(key), "--out", str(to), *more)

    code, _, wrong = write(tmp_path / "no such folder" / "r.txt")
    assert (code, "nothing goes" in wrong, queries.refund(refund).state) == (2, True, "released")
    lost = tmp_path / "lost.key"
    wrong = lamplit("bacs", "refunds", "--key", str(lost), "--out", str(tmp_path / "r.txt"))[2]
    assert f"{lost} cannot be read. No such file or directory." in wrong
    out = tmp_path / "r.txt"
    with monkeypatch.context() as stuck:
        stuck.setattr(bacs_out, "pause", lambda _: None)
        stuck.setattr(bacs_out, "TRIES", 1)
        code, _, wrong = write(out)
    file = queries.last_refund_file().id
    assert (code, f"The file's name is {file}" in wrong, out.exists(), queries.refund(refund).state) == (1, True, False, "sent")
    assert f"--file {file} writes it again" in write(out)[1]
    set_clock(at + timedelta(days=1))
    code, said, wrong = write(out, "--file", file)
    assert (code, wrong) == (0, "")
    assert "1 refund, £40.00. Serial 000001." in said
    assert f"{out} is the file of 19/05/2026 once more. If it has not gone yet, send it to Bacs by 19/05/2026." in said
    assert [(one.code, one.pence) for one in written.read(out.read_bytes()).items] == [("99", 4_000)]
    assert write(out, "--file", file, "--reference", "MONEY")[0] == 1, "other words would be another file"
    assert write(out, "--file", "f_nothing")[0] == 2


def test_what_is_added_after_a_run_was_prepared_waits_and_what_ends_changes_it(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    at, how = datetime(2026, 5, 27, 10, 0, tzinfo=UTC), {"by": ONE}
    sealed = bank_details.seal("Ruth Adeyemi", SORT_CODE, OTHER_ACCOUNT)
    new = actions.change_details(account=cast.RUTHS_TENANCY, sealed=sealed, at=AT, command="t:new", **how)
    june = actions.prepare_debits(entry_on=date(2026, 6, 1), at=at, command="t:june", **how)
    hour = timedelta(hours=1)
    actions.set_up_mandate(
        account=cast.TOMASZS_TENANCY, person=cast.TOMASZ, sealed=bank_details.seal("T", SORT_CODE, OTHER_ACCOUNT),
        way="paperless", every="monthly", day=1, pence=30_000, at=at + hour, command="t:tomasz", **how,
    )  # fmt: skip
    assert [one.code for one in queries.to_instruct()] == ["0N"]
    actions.release_debits(run=june, by=OTHER, at=at + 2 * hour, command="t:june:yes")
    data, said = sent(bank, june, at + 3 * hour, tmp_path)
    assert "1 collection, £400.00, no instructions." in said
    assert [one.code for one in written.read(data).items] == ["01"]
    # Tomasz goes with the next one. What changes after it was prepared is none of it, unless a collection of it falls away.
    later = at + timedelta(days=1)
    run = actions.prepare_debits(entry_on=date(2026, 6, 2), at=later, command="t:next", **how)
    actions.confirm_details(details=new, by=OTHER, at=later + hour, command="t:theirs")
    assert [one.code for one in queries.to_instruct()] == ["0C", "0N", "0N"]
    actions.release_debits(run=run, by=OTHER, at=later + 2 * hour, command="t:next:yes")
    data, _ = sent(bank, run, later + 3 * hour, tmp_path)
    assert [(one.code, one.pence) for one in written.read(data).items] == [("0N", 0)]
    assert [one.code for one in queries.to_instruct()] == ["0C", "0N"]
    run = actions.prepare_debits(entry_on=date(2026, 6, 3), at=later + 4 * hour, command="t:third", **how)
    actions.end_mandate(mandate=mandate, at=later + 5 * hour, command="t:end", **how)
    with pytest.raises(Refused, match=r"rent\.debit_run_changed"):
        actions.release_debits(run=run, by=OTHER, at=later + 6 * hour, command="t:third:yes")


def test_an_old_bank_is_told_of_the_end_though_the_new_one_never_heard_of_it(bank, installed, tmp_path):
    mandate = by_direct_debit(bank, tmp_path)
    old, at = queries.mandate(mandate).details, datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    sealed = bank_details.seal("Ruth Adeyemi", SORT_CODE, OTHER_ACCOUNT)
    new = actions.change_details(account=cast.RUTHS_TENANCY, sealed=sealed, by=ONE, at=AT, command="t:new")
    actions.confirm_details(details=new, by=OTHER, at=at, command="t:theirs")
    actions.end_mandate(mandate=mandate, by=ONE, at=at, command="t:end")
    assert [(one.code, one.details) for one in queries.to_instruct()] == [("0C", old)]
    data, _ = sent(bank, run_of(date(2026, 6, 1), at), at, tmp_path)
    assert [(one.code, one.account) for one in written.read(data).items] == [("0C", ACCOUNT)]
    row = queries.mandate(mandate)
    assert (row.state, row.instruction, queries.to_instruct()) == ("ended", None, [])
    # One that no bank was ever told of ends without a word to any.
    other = set_up(cast.TOMASZS_TENANCY, cast.TOMASZ)
    actions.end_mandate(mandate=other, by=ONE, at=at, command="t:other")
    assert queries.to_instruct() == []
