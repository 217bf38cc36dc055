"""Direct Debit from bank details to the books and back: by the command line, where the finance key is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, files_to, hers, pay, report, run_of, sent, set_up
from lamplit.config import bank_details, place
from lamplit.exchange.bacs import written
from lamplit.reactions import debits as jobs
from lamplit.rent import actions, queries
from tests import cast
from tests.bank import ACCOUNT, OTHER_ACCOUNT, OURS, SORT_CODE, where_it_stands


def test_tables_that_do_not_hold_yet_are_not_used(bank):
    file = place.modulus_tables() / "version.toml"
    file.write_text(file.read_text().replace("2026-01-01", "2999-01-01"))
    with pytest.raises(Refused, match=r"rent\.no_modulus_table"):
        bank_details.seal("Ruth Adeyemi", SORT_CODE, ACCOUNT)


def came_back(code, reference, new):
    return f"""<BACSDocument><Data><ARUCS><Header currentProcessingDate="2026-05-22"/><Advice>
<ReturnedCreditItem ref="{reference}" returnCode="{code}" valueOf="40.00" currency="GBP" newSortCode="10-00-03"
newAccountNumber="{new}">
<PayerAccount number="{OTHER_ACCOUNT}" name="R ADEYEMI" sortCode="10-00-03"/></ReturnedCreditItem>
</Advice></ARUCS></Data></BACSDocument>"""


def test_a_direct_debit_from_her_bank_details_to_the_books_and_back(bank, installed, tmp_path):
    lamplit, key, set_clock = bank
    mandate = set_up()
    # Her bank is told first: a file of one instruction, and no money.
    run = run_of(date(2026, 5, 14), AT)
    data, said = sent(bank, run, AT, tmp_path)
    assert [(one.code, one.account, one.pence) for one in written.read(data).items] == [("0N", ACCOUNT, 0)]
    assert "No collections, £0.00, 1 instruction. Serial 000001." in said
    row = queries.mandate(mandate)
    assert (row.state, row.first_on, row.instruction) == ("live", date(2026, 5, 27), None)
    # Then she has notice of every sum and day, none before her bank knows.
    assert jobs.give_notice(AT) == 1
    assert jobs.give_notice(AT + timedelta(hours=1)) == 0, "told once"
    noticed = queries.collections_of(cast.RUTHS_TENANCY)
    assert [one.on for one in noticed][:2] == [date(2026, 6, 1), date(2026, 7, 1)]
    assert len(noticed) == 12
    # Two people, one file, read back; the same file again, never another one.
    at = datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    prepared = actions.prepare_debits(entry_on=date(2026, 6, 1), by=ONE, at=at, command="t:june")
    with pytest.raises(Refused, match=r"rent\.debit_run_there"):
        actions.prepare_debits(entry_on=date(2026, 6, 1), by=ONE, at=at, command="t:a")
    with pytest.raises(Refused, match=r"rent\.run_needs_two"):
        actions.release_debits(run=prepared, by=ONE, at=at, command="t:own")
    assert lamplit("bacs", "write", "--run", prepared, "--key", str(key), "--out", "x")[0] == 1, "nobody has released it"
    actions.release_debits(run=prepared, by=OTHER, at=at, command="t:june:release")
    data, said = sent(bank, prepared, at, tmp_path)
    found = written.read(data)
    assert [(one.code, one.pence, one.processing_on) for one in found.items] == [("01", 40_000, date(2026, 5, 29))]
    assert found.control.debit_pence == found.control.credit_pence == 40_000
    assert sent(bank, prepared, at + timedelta(days=1), tmp_path)[0] == data
    with pytest.raises(Refused, match=r"rent\.nothing_to_collect"):
        actions.prepare_debits(entry_on=date(2026, 6, 1), by=ONE, at=at, command="t:twice")
    # Nothing is in the books before its day; then all of it, once.
    assert jobs.post_due(at) == 0
    day = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
    assert jobs.post_due(day) == 1
    assert jobs.post_due(day + timedelta(hours=1)) == 0
    assert queries.owes(cast.RUTHS_TENANCY).rent == -40_000
    assert queries.debit_run(prepared).state == "finished"
    # Her bank did not pay: taken off again, presented once more (18) as she is told; the same report twice is one.
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-06-02", "2026-05-29", row.reference))
    set_clock(datetime(2026, 6, 2, 9, 0, tzinfo=UTC))
    assert "ARUDD: 1 acted on, 0 there already, 0 for a person." in lamplit("bacs", "read", str(path))[1]
    for _ in range(2):  # the very same file, and the same report in other bytes
        assert "ARUDD: 0 acted on, 1 there already" in lamplit("bacs", "read", str(path))[1]
        path.write_text(path.read_text() + "\n")
    assert queries.owes(cast.RUTHS_TENANCY).rent == 0
    again = [one for one in queries.collections_of(cast.RUTHS_TENANCY) if one.again]
    assert [(one.on, one.pence, one.state) for one in again] == [(date(2026, 6, 9), 40_000, "noticed")]
    at = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
    data, _ = sent(bank, run_of(date(2026, 6, 9), at), at, tmp_path)
    assert [one.code for one in written.read(data).items] == ["18"]
    jobs.post_due(datetime(2026, 6, 9, 6, 0, tzinfo=UTC))
    # It came back once more, and she has died: no second 18, the instruction ends, letters stop until a person looked.
    path.write_text(report("2", "2026-06-10", "2026-06-08", row.reference))
    set_clock(datetime(2026, 6, 10, 9, 0, tzinfo=UTC))
    assert "1 for a person" in lamplit("bacs", "read", str(path))[1]
    assert queries.mandate(mandate).state == "ended"
    assert queries.letters_stopped(cast.RUTHS_TENANCY)
    assert not [one for one in queries.collections_of(cast.RUTHS_TENANCY) if one.state == "noticed"]
    settled = {"advice": queries.advices_open()[0].id, "by": OTHER, "at": AT}
    with pytest.raises(Refused, match=r"rent\.say_whether_died"):
        actions.settle_advice(**settled, command="t:settle:0")
    actions.settle_advice(**settled, died=False, command="t:settle")
    assert not queries.letters_stopped(cast.RUTHS_TENANCY)
    assert queries.self_check() == []
    _no_number_anywhere(installed)


def test_what_we_missed_is_told_and_never_collected_twice(bank, installed, tmp_path):
    by_direct_debit(bank, tmp_path)
    june, july = hers(date(2026, 6, 1)), hers(date(2026, 7, 1))
    # June's file did not go by 28 May: she hears before her day, once.
    at = datetime(2026, 5, 29, 10, 0, tzinfo=UTC)
    assert jobs.look_for_missed(at - timedelta(days=1)) == 0
    assert jobs.look_for_missed(at) == 1
    assert jobs.look_for_missed(at + timedelta(hours=1)) == 0
    assert (hers(june.on).state, hers(june.on).told) == ("missed", "tell_before")
    # While payments of the days since are not in, we only wait; then it is made late, on the notice that she has.
    at = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
    assert jobs.look_for_missed(at - timedelta(minutes=5)) == 0
    files_to(date(2026, 6, 2), at)
    assert jobs.look_for_missed(at) == 1
    late = hers(june.on)
    assert (late.state, late.told, late.on, late.was_due_on) == ("noticed", "tell_then_collect", date(2026, 6, 4), june.on)
    # No file went for that either: three days count from her first day, so now she chooses.
    at = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)
    assert jobs.look_for_missed(at) == 1
    assert hers(june.on).told == "choices"
    with pytest.raises(Refused, match=r"rent\.no_such_collection"):
        actions.choose_after_missed(
            collection=june.id, account=cast.TOMASZS_TENANCY, choice="skip", by=cast.BY_TOMASZ, at=at, command="t:not-his"
        )
    actions.choose_after_missed(
        collection=june.id, account=cast.RUTHS_TENANCY, choice="spread", by=cast.BY_RUTH, at=at, command="t:spread"
    )
    assert hers(june.on).state == "closed"
    assert [hers(on).pence for on in (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))] == [53_334, 53_333, 53_333]
    # July: missed too; she paid through the card network on 4 July, and that file arrives after a restore.
    at = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert jobs.look_for_missed(at) == 1
    assert hers(july.on).told == "tell_today"
    at = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)
    assert jobs.look_for_missed(at - timedelta(minutes=5)) == 0, "payments are out: nothing is said, nothing collected"
    pay(53_334, date(2026, 7, 4), at)
    files_to(date(2026, 7, 4), at)
    assert jobs.look_for_missed(at) == 1
    assert jobs.look_for_missed(at + timedelta(hours=1)) == 0
    assert (hers(july.on).state, hers(july.on).told) == ("closed", "closed")
    with pytest.raises(Refused, match=r"rent\.no_such_collection"):
        actions.choose_after_missed(
            collection=july.id, account=cast.RUTHS_TENANCY, choice="pay_now", by=cast.BY_RUTH, at=at, command="t:closed"
        )
    with pytest.raises(Refused, match=r"rent\.nothing_to_collect"):
        actions.prepare_debits(entry_on=date(2026, 7, 9), by=ONE, at=at, command="t:none")
    assert queries.self_check() == []


def test_a_report_for_another_landlord_is_not_taken_so_nobody_here_has_to_look_at_its_items(bank, installed, tmp_path):
    lamplit, _, _ = bank
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-06-02", "2026-05-29", "ELM0001").replace("612345", "699999"))
    code, said, wrong = lamplit("bacs", "read", str(path))
    assert (code, said, queries.advices_open()) == (1, "", [])
    assert "This report is for service user 699999, and we are 612345. Nothing of it was taken." in wrong
    other = tmp_path / "other.toml"
    other.write_text((place.home() / "bacs.toml").read_text().replace("612345", "699999"))
    assert "ARUDD: 1 acted on" in lamplit("bacs", "read", str(path), "--origin", str(other))[1]
    assert len(queries.advices_open()) == 1


def test_changed_bank_details_wait_and_refunds_take_two(bank, installed, tmp_path):
    lamplit, key, set_clock = bank
    mandate = by_direct_debit(bank, tmp_path)
    old = queries.current_details(cast.RUTHS_TENANCY)
    new = bank_details.seal("Ruth Adeyemi", SORT_CODE, OTHER_ACCOUNT)
    with pytest.raises(Refused, match=r"rent\.modulus_failed"):
        bank_details.seal("Ruth Adeyemi", SORT_CODE, "40000007")
    details = actions.change_details(account=cast.RUTHS_TENANCY, sealed=new, by=ONE, at=AT, command="t:new")
    with pytest.raises(Refused, match=r"rent\.details_need_two"):
        actions.confirm_details(details=details, by=ONE, at=AT + timedelta(days=20), command="t:own")
    with pytest.raises(Refused, match=r"rent\.details_cooling"):
        actions.confirm_details(details=details, by=OTHER, at=AT + timedelta(days=7), command="t:soon")
    at = AT + timedelta(days=8)
    actions.confirm_details(details=details, by=OTHER, at=at, command="t:confirm")
    assert [queries.details(one).state for one in (old.id, details)] == ["over", "current"]
    # The old bank is told of the end, the new one of the beginning; nothing noticed is left, and she gets new notice.
    data, _ = sent(bank, run_of(date(2026, 5, 21), at), at, tmp_path)
    assert [(one.code, one.account) for one in written.read(data).items] == [("0C", ACCOUNT), ("0N", OTHER_ACCOUNT)]
    assert jobs.give_notice(at) == 1
    assert queries.mandate(mandate).first_on == date(2026, 6, 3)
    assert next(one.on for one in queries.collections_of(cast.RUTHS_TENANCY) if one.state == "noticed") == date(2026, 7, 1)
    # She is 50 pounds ahead.
    pay(5_000, date(2026, 5, 20), at)
    said = {"reason": "She paid twice.", "evidence": ["Two lines of 20 May"]}
    asked = {"account": cast.RUTHS_TENANCY, "way": "refund", "by": ONE, "at": at, **said}
    bare = actions.ask_refund(pence=5_000, command="t:bare", **asked)
    with pytest.raises(Refused, match=r"rent\.refund_not_ready") as refused:
        actions.release_refund(refund=bare, by=OTHER, at=at, command="t:bare:yes")
    assert "Look at their other accounts" in str(refused.value.details)
    actions.withdraw_refund(refund=bare, by=OTHER, at=at, command="t:bare:no")
    checked = {"other_debts_pence": 1_000, "clawback_pence": 0, "payee": "match"}
    for pence, code in ((4_001, "rent.refund_not_ready"), (4_000, None)):
        refund = actions.ask_refund(pence=pence, command=f"t:refund:{pence}", **checked, **asked)
        with pytest.raises(Refused, match=r"rent\.run_needs_two"):
            actions.release_refund(refund=refund, by=ONE, at=at, command=f"t:own:{pence}")
        if code:
            with pytest.raises(Refused, match=code):
                actions.release_refund(refund=refund, by=OTHER, at=at, command=f"t:yes:{pence}")
    actions.release_refund(refund=refund, by=OTHER, at=at, command="t:yes")
    assert queries.owes(cast.RUTHS_TENANCY).rent == -1_000
    out = tmp_path / "refunds.txt"
    set_clock(at)
    code, said, wrong = lamplit("bacs", "refunds", "--key", str(key), "--out", str(out))
    assert code == 0, wrong
    assert "1 refund, £40.00. Serial 000003." in said
    assert [(one.code, one.account, one.pence) for one in written.read(out.read_bytes()).items] == [("99", OTHER_ACCOUNT, 4_000)]
    assert "There is no refund to send." in lamplit("bacs", "refunds", "--key", str(key), "--out", str(out))[1]
    # The bank could not pay it, and says where her account is now: the money is hers again, and a person decides anew.
    reference = written.read(out.read_bytes()).items[0].reference
    path = tmp_path / "arucs.xml"
    path.write_text(came_back("3", reference, new=ACCOUNT))
    assert "ARUCS: 1 acted on, 0 there already, 1 for a person." in lamplit("bacs", "read", str(path))[1]
    assert queries.owes(cast.RUTHS_TENANCY).rent == -5_000
    assert queries.refund(refund).state == "returned"
    now_in_force = queries.current_details(cast.RUTHS_TENANCY)
    assert (now_in_force.last3, now_in_force.source, now_in_force.replaces) == (ACCOUNT[-3:], "bank", details)
    # A write-off takes two people too, and never more than is owed.
    actions.move_money(
        account=cast.RUTHS_TENANCY, debit="costs", credit="costs_income", pence=900, what="court_costs", why="court",
        by=ONE, at=at, command="t:costs",
    )  # fmt: skip
    more = {**asked, "way": "write_off", "book": "costs"}
    with pytest.raises(Refused, match=r"rent\.more_than_owed"):
        actions.ask_refund(pence=901, command="t:more", **more)
    off = actions.ask_refund(pence=900, command="t:off", **more)
    with pytest.raises(Refused, match=r"rent\.run_needs_two"):
        actions.release_refund(refund=off, by=ONE, at=at, command="t:off:own")
    actions.release_refund(refund=off, by=OTHER, at=at, command="t:off:yes")
    assert queries.owes(cast.RUTHS_TENANCY).costs == 0
    _no_number_anywhere(installed)


def test_an_old_systems_direct_debits_are_sealed_as_they_are_read(bank, installed, tmp_path, monkeypatch):
    lamplit = bank[0]
    hers = {"T-1": cast.RUTHS_TENANCY}
    monkeypatch.setattr("lamplit.tenancies.queries.by_reference", lambda asked: {one: hers[one] for one in asked if one in hers})
    head = "TenancyReference,MandateReference,AccountName,SortCode,AccountNumber,Frequency,Day,Amount,CollectFrom,TellBank"
    path = tmp_path / "mandates.csv"
    path.write_text(
        f"{head}\nT-1,OLDREF0001,Ruth Adeyemi,10-00-03,{ACCOUNT},monthly,1,400.00,2026-06-01,\n"
        f"T-2,OLDREF0002,Tomasz Wolski,10-00-03,40000007,monthly,1,400.00,2026-06-01,\n"
        f"T-9,OLDREF0003,Nobody,10-00-03,{OTHER_ACCOUNT},monthly,1,400.00,2026-06-01,yes\n"
    )
    code, said, _ = lamplit("import", "mandates", str(path), "--dry-run")
    assert code == 1
    assert "Line 3, AccountNumber: The sort code and the account number do not belong together." in said
    assert "No tenancy has this reference." in said
    assert ACCOUNT not in said
    assert queries.mandate_of(cast.RUTHS_TENANCY) is None
    assert "3 rows read: 1 written, 0 put right, 0 there already, 2 refused." in lamplit("import", "mandates", str(path))[1]
    mandate = queries.mandate_of(cast.RUTHS_TENANCY)
    assert (mandate.reference, mandate.state, mandate.instruction, mandate.person) == ("OLDREF0001", "live", None, cast.RUTH)
    assert queries.current_details(cast.RUTHS_TENANCY).last3 == ACCOUNT[-3:]
    assert "1 there already" in lamplit("import", "mandates", str(path))[1]
    _no_number_anywhere(installed)


def _no_number_anywhere(landlord):
    """Take everything that is held, and find no account number and no sort code with it."""
    landlord.seal()
    for number in (ACCOUNT, OTHER_ACCOUNT, OURS):
        assert where_it_stands(landlord, number) == []


ADDACS = """<BACSDocument><Data><MessagingAdvices><MessagingHeader report-generation-date="2026-05-14" user-number="612345"/>
<MessagingAdvice record-type="A" reason-code="3" reference="{reference}" payer-name="R ADEYEMI" payer-sort-code="100003"
payer-account-number="{old}" payer-new-sort-code="100003" payer-new-account-number="{new}" effective-date="2026-05-14"/>
</MessagingAdvices></Data></BACSDocument>"""


def test_her_bank_moves_her_account_and_the_next_collection_goes_to_the_new_one(bank, installed, tmp_path):
    lamplit, _, set_clock = bank
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    path = tmp_path / "addacs.xml"
    path.write_text(ADDACS.format(reference=mandate.reference, old=ACCOUNT, new=OTHER_ACCOUNT))
    set_clock(AT + timedelta(days=3))
    code, said, wrong = lamplit("bacs", "read", str(path))
    assert (code, said) == (0, "ADDACS: 1 acted on, 0 there already, 0 for a person.\n"), wrong
    moved = queries.mandate(mandate.id)
    assert (moved.state, moved.first_on, moved.instruction) == ("live", mandate.first_on, None)
    assert queries.current_details(cast.RUTHS_TENANCY).last3 == OTHER_ACCOUNT[-3:]
    at = datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    assert jobs.give_notice(at) == 0, "neither sum nor day is another one"
    data, _ = sent(bank, run_of(date(2026, 6, 1), at), at, tmp_path)
    assert [(one.code, one.account, one.pence) for one in written.read(data).items] == [("01", OTHER_ACCOUNT, 40_000)]
    _no_number_anywhere(installed)
