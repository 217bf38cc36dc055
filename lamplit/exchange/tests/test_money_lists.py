"""Lists of credits in Bacs layout: one serial for all accounts that a list names."""

from datetime import date

from lamplit.exchange.tests.test_money import AT, Take, take
from lamplit.rent import queries

__all__ = ["take"]
_SORT = "100001"


def listed(number: int, *accounts: str) -> str:
    """The list of a day of November 2026: 50.00 for each of our accounts."""
    day = date(2026, 11, 20 + number).timetuple().tm_yday
    records = [
        f"{_SORT}{account}09920000212345678    00000005000{'AMINA KHAN':<18}{'X':<18}{'':<18} 26{day}" for account in accounts
    ]
    totals = f"UTL1{0:013}{5000 * len(records):013}{0:07}{len(records):07}"
    return "\r\n".join([f"VOL1{number:06}", "HDR1 A612345", f"UHL1 26{day}612345", *records, totals])


def test_an_account_without_a_credit_misses_no_list_and_an_empty_list_came(take: Take) -> None:
    for number, accounts in enumerate((("11111111", "22222222"), ("11111111",), ("22222222",), ()), 1):
        done = take("bank", listed(number, *accounts), f"list_{number}.txt").done
        assert [one.trouble for one in done] == [None] * max(len(accounts), 1), number
        assert queries.payments_to(AT.date()) == date(2026, 11, 20 + number)
    (done,) = take("bank", listed(5 - 1, "11111111").replace("AMINA", "OTHER"), "again.txt").done
    assert done.trouble is not None
    assert done.trouble.what == "serial_repeated"
