"""A Direct Debit that came back stands in a report of Bacs, and may stand in the bank's statement too. It is owed once."""

from datetime import UTC, date, datetime

from lamplit.cli.tests.collecting import by_direct_debit, report, run_of, sent
from lamplit.exchange import money
from lamplit.exchange.tests.test_money import FINANCE, entry, give_numbers, statement
from lamplit.reactions import debits as jobs
from lamplit.rent import queries
from lamplit.rent.models import MoneyLine
from tests import cast

JUNE = date(2026, 6, 1)


def test_what_the_statement_lists_of_a_returned_direct_debit_waits_for_a_person(bank, installed, tmp_path):
    lamplit, _, set_clock = bank
    mandate = queries.mandate(by_direct_debit(bank, tmp_path))
    give_numbers(by=FINANCE, at=datetime(2026, 5, 12, 9, 0, tzinfo=UTC), command="t:numbers")
    moment = datetime(2026, 5, 27, 10, 0, tzinfo=UTC)
    sent(bank, run_of(JUNE, moment), moment, tmp_path)
    jobs.post_due(datetime(2026, 6, 1, 6, 0, tzinfo=UTC))
    at = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)
    path = tmp_path / "statement.xml"
    path.write_text(statement(
        entry("400.00", "0070012345", "Ruth Adeyemi", side="DBIT"), entry("30.00", "0070012345", "Ruth Adeyemi", side="DBIT"),
        opening="1000.00", closing="570.00",
    ).replace("2026-11-24", "2026-06-03"))  # fmt: skip
    (done,) = money.take_in(path, money.Order(source="bank", user="t", layout=None), at, lambda *_: None).done
    assert (done.posted_pence, done.waiting_pence) == (-3_000, -40_000), "the other sum is no Direct Debit of hers"
    (waits,) = MoneyLine.objects.filter(state="suspense")
    assert queries.suggestions(waits, at.date())[0].account == cast.RUTHS_TENANCY
    assert queries.owes(cast.RUTHS_TENANCY).rent == -37_000
    path = tmp_path / "arudd.xml"
    path.write_text(report("0", "2026-06-03", "2026-05-29", mandate.reference))
    set_clock(at)
    assert "1 acted on" in lamplit("bacs", "read", str(path))[1]
    assert queries.owes(cast.RUTHS_TENANCY).rent == 3_000, "once"
    assert queries.self_check() == []
