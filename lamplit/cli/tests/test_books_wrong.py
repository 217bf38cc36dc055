"""While the books are wrong, nothing that rests on them goes out. It is said in words, and goes on when they are right again."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, files_to, hers, pay, set_up
from lamplit.config.refusals import staff_words
from lamplit.reactions import debits as jobs
from lamplit.reactions.fields import WaitsError
from lamplit.rent import actions, facts
from tests import cast

RUTH, JUNE, JULY = cast.RUTHS_TENANCY, date(2026, 6, 1), date(2026, 7, 1)
FAULT = f"The account {RUTH} has a balance that is not the sum of its lines."


@pytest.fixture
def books():
    """Say that the books are wrong, or right."""

    def are(wrong):
        are.count += 1
        actions.note_check(wrong=wrong, by=ONE, at=AT + timedelta(seconds=are.count), command=f"t:books:{are.count}")

    are.count = 0
    return are


class Tried:
    """Everything that rests on the books, each tried while they are wrong, and then while they are right."""

    def __init__(self, books, bank, tmp_path):
        self.books, (self.lamplit, self.key, self.set_clock), self.tmp_path = books, bank, tmp_path

    def act(self, action, by=OTHER, at=AT, **given):
        """An action is refused in words, and leaves nothing behind that would answer for it later."""
        self.books([FAULT])
        with pytest.raises(Refused) as refused:
            action(by=by, at=at, command=f"t:try:{action.__name__}", **given)
        assert FAULT in staff_words(refused.value), action.__name__
        self.books([])
        return action(by=by, at=at, command=f"t:try:{action.__name__}", **given)

    def job(self, job, at):
        """A job waits."""
        self.books([FAULT])
        assert job(at) == 0, job.__name__
        self.books([])
        return job(at)

    def file(self, *words, at):
        """A file for Bacs is not written, nor written once more."""
        self.set_clock(at)
        out = self.tmp_path / f"{words[1]}.txt"
        full = [*words, "--key", str(self.key), "--out", str(out)]
        answers = []
        for _ in range(2):
            out.unlink(missing_ok=True)
            self.books([FAULT])
            code, _, wrong = self.lamplit(*full)
            assert (code, FAULT in wrong, out.exists()) == (1, True, False), wrong
            self.books([])
            code, said, wrong = self.lamplit(*full)
            assert code == 0, wrong
            answers.append(said)
        return answers[0]

    def letter(self, reaction, fact, at=AT):
        """A letter waits and is tried again."""
        entry = SimpleNamespace(body=fact, at=at, id="e_1")
        self.books([FAULT])
        with pytest.raises(WaitsError, match=FAULT):
            reaction(entry, at)
        self.books([])
        return reaction(entry, at)


def test_while_the_books_are_wrong_nothing_goes_out_and_then_all_of_it_goes_on(bank, installed, books, tmp_path):
    tried, february = Tried(books, bank, tmp_path), datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
    rent = {"frequency": "weekly", "terms": [facts.Term(charge="rent", pence=9_000)], "rent_type": "social"}
    actions.set_terms(account=RUTH, from_on=date(2025, 4, 7), **rent, by=ONE, at=february, command="t:terms")
    # a change of rents
    april = {"frequency": "weekly", "from_on": date(2026, 4, 6)}
    rents = tried.act(actions.prepare_rents, by=ONE, at=february, **april)
    tried.act(actions.release_rents, at=february, run=rents)
    notice = actions.AccountNotice(account=RUTH, letters=())
    assert tried.act(actions.notice_rents, at=february, run=rents, notices=[notice]) == 0
    # a charge run
    run = tried.act(actions.prepare_charges, by=ONE, frequency="weekly", from_on=date(2026, 5, 11))
    tried.act(actions.release_charges, run=run)
    # Direct Debits: notice, run, file, and what we missed
    mandate = by_direct_debit(bank, tmp_path)
    his = set_up(account=cast.TOMASZS_TENANCY, person=cast.TOMASZ, instruction=None)
    assert tried.job(jobs.give_notice, AT) == 1
    actions.set_debit_sum(mandate=his, pence=30_000, by=ONE, at=AT, command="t:sum")
    assert tried.act(actions.notice_debits, mandates=[his]) == 1
    at = datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    debits = tried.act(actions.prepare_debits, by=ONE, at=at, entry_on=JUNE)
    tried.act(actions.release_debits, at=at, run=debits)
    assert "2 collections" in tried.file("bacs", "write", "--run", debits, at=at)
    at = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert tried.job(jobs.look_for_missed, at) == 2
    pay(40_000, date(2026, 7, 1), at)
    files_to(date(2026, 7, 2), at)
    assert tried.act(actions.tell_missed, at=datetime(2026, 7, 3, tzinfo=UTC), collections=[hers(JULY).id]) == 1
    # a refund
    pay(5_000, date(2026, 7, 3), at)
    actions.move_money(
        account=RUTH, debit="rent_income", credit="rent", pence=20_000, what="adjustment", why="agreed", by=ONE, at=at,
        command="t:ahead",
    )  # fmt: skip
    later = at + timedelta(days=90)
    refund = actions.ask_refund(
        account=RUTH, way="refund", pence=1_000, reason="She asked.", evidence=["Her letter"], other_debts_pence=0,
        clawback_pence=0, payee="match", by=ONE, at=later, command="t:refund",
    )  # fmt: skip
    tried.act(actions.release_refund, at=later, refund=refund)
    assert "1 refund, £10.00" in tried.file("bacs", "refunds", at=later)
    # letters that were decided before
    told = facts.MissedTold(account=RUTH, collection=hers(JULY).id, said="closed", due_on=JULY, pence=40_000)
    dropped = facts.DebitDropped(account=RUTH, collection=hers(JULY).id, why="paid")
    noticed = facts.DebitsNoticed(account=RUTH, mandate=mandate, dues=[(JULY, 40_000)], why="next")
    for reaction, fact in ((jobs.missed, told), (jobs.dropped, dropped), (jobs.noticed, noticed)):
        assert len(tried.letter(reaction, fact)) == 1
    books([FAULT])
    late = jobs.noticed(SimpleNamespace(body=noticed, at=AT, id="e_1"), AT + timedelta(days=1))
    assert len(late) == 1, "a collection without notice would be worse"
    books([])


def test_the_command_that_checks_the_books_says_which_payment_files_are_missing(bank, monkeypatch):
    lamplit = bank[0]
    monkeypatch.setattr("lamplit.cli.rent.now", lambda: AT)
    files_to(date(2026, 5, 7), AT, serial="41")
    assert lamplit("rent", "check")[:2] == (0, "The books balance.\n")
    files_to(date(2026, 5, 9), AT, serial="43")
    assert lamplit("rent", "check")[:2] == (1, "A payment file of ours is missing. Expected: 42.\nThe books balance.\n")
    files_to(date(2026, 5, 8), AT, serial="42")
    assert lamplit("rent", "check")[:2] == (0, "The books balance.\n")
