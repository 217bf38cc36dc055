"""Files of money that were exported twice, and those of other publishers: in the books once, to the penny, or not at all."""

from pathlib import Path

import pytest

from lamplit.exchange import money
from lamplit.exchange.tests.test_money import ALLPAY, COUNCIL, Take, book, card, entry, rent, statement, take
from lamplit.rent import actions, queries
from lamplit.rent.models import MoneyFile
from tests import cast

__all__ = ["take"]


def test_a_statement_that_was_exported_again_is_in_the_books_once(take: Take) -> None:
    """Its bytes are others: a space, a line's end. Where a bank or firm gives no serial, its lines tell."""
    text = statement(entry("120.00", "0070012345", "Ruth Adeyemi"), closing="130.00").replace(
        "<ElctrncSeqNb>7</ElctrncSeqNb>", ""
    )
    (once,), (again,) = (take("bank", one).done for one in (text, text.replace("<Ntry>", " <Ntry>")))
    assert (once.trouble, once.posted) == (None, 1)
    assert (again.trouble and again.trouble.what, again.posted, again.waiting) == ("serial_repeated", 0, 1)
    bare = "\n".join(line for line in ALLPAY.splitlines() if "serial_in_name" not in line)
    rows = card("20/11/2026,20.00,0070012345,CASH")
    done = [take("allpay", one, "paid.csv", bare).done[0] for one in (rows, rows + "\n")]
    assert [one.posted for one in done] == [1, 0]
    other = take("allpay", card("20/11/2026,20.00,0070099991,CASH"), "paid.csv", bare).done[0]
    assert (other.trouble, other.posted) == (None, 1), "the same sum of somebody else is another payment"
    assert rent(cast.RUTHS_TENANCY) == -14_000
    assert queries.self_check() == []


def test_a_file_that_was_cut_off_and_comes_again_in_other_bytes_waits(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money, "TOGETHER", 1)
    text = "Claim,Yours,Amount,From,To,Kind\nHB/1,0070012345,40.00,,,\nHB/2,0070099991,50.00,,,\n"
    put, left = actions.put_lines, [1]

    def cut_off(**given: object) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionError
        return put(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(money.actions, "put_lines", cut_off)
    with pytest.raises(ConnectionError):
        take("hb", text, layout=COUNCIL)
    monkeypatch.setattr(money.actions, "put_lines", put)
    assert take("hb", text + "\n", layout=COUNCIL).done[0].posted == 0
    take("hb", text, layout=COUNCIL)
    assert (rent(cast.RUTHS_TENANCY), rent(cast.TOMASZS_TENANCY), book("suspense")) == (-4_000, -5_000, -9_000)


@pytest.mark.material
def test_files_of_other_publishers_are_in_the_books_to_the_penny_or_not_at_all(take: Take, material: Path) -> None:
    bank, total = material / "bank", 0
    for name in ("testfile_1", "testfile_multiple_accounts", "testfile_no_records", "testfile_settlement_credits"):
        done = take("bank", (bank / "moj" / name).read_text(), name).done
        total += sum(one.new.credit_pence - one.new.debit_pence + one.new.settled_pence for one in done)
        assert book("bank") == total, name
    assert total == 2 * (18_741 - 288_615) + 9_903 + 9_600 + 9_802 + 9_701
    for name in ("v2.minimal", "v2.multi.statement", "v4", "v8"):  # in pounds, and their one sum in another currency put right
        text = (bank / "camt" / f"camt053.{name}.xml").read_text().replace('Ccy="EUR"', 'Ccy="GBP"').replace(">EUR<", ">GBP<")
        before, there, after = text.partition('<Amt Ccy="SEK">27.00</Amt>')
        outcome = take(
            "bank", before + there.replace("SEK", "GBP") + (after.replace("DBIT", "CRDT", 1) if there else after), name
        )
        assert outcome.problems == (), name
        total += sum(one.new.credit_pence - one.new.debit_pence for one in outcome.done)
        assert (sum(one.written for one in outcome.done) > 0, book("bank")) == (True, total), name
    known = MoneyFile.objects.count()
    wrong = [bank / "moj" / "testfile_incorrect_totals", bank / "camt" / "camt053.v2.wrong.xml"]
    for path in (*wrong, *sorted((material / "hostile" / "xml" / "xmltestdata").glob("*.xml"))):
        outcome = take("bank", path.read_text(errors="replace"), path.name)
        assert (outcome.done, bool(outcome.problems)) == ([], True), path.name
    assert (MoneyFile.objects.count(), book("bank")) == (known, total)
    assert rent(cast.RUTHS_TENANCY) == rent(cast.TOMASZS_TENANCY) == 0, "nobody here is named in them"
    assert queries.self_check() == []


def credits_list(*records: tuple[str, int, str], name: str = "BURQ66", day: str = " 26328") -> str:
    """Return a list of credits in Bacs layout: of each record the account, the pence and the reference."""
    rows = [
        f"204060{account}099{'0' * 14}    {pence:011}{'R ADEYEMI':18}{reference:18}{'':18}{day}"
        for account, pence, reference in records
    ]
    total = sum(pence for _, pence, _ in records)
    return "\n".join([f"VOL1{name:6}", "HDR1", f"UHL1{day}", *rows, f"UTL1{0:013}{total:013}{0:07}{len(rows):07}"])


def test_a_name_that_every_list_bears_is_no_serial(take: Take) -> None:
    first = credits_list(("12345678", 12_000, "0070012345"))
    texts = (first, credits_list(("12345678", 3_000, "0070012345"), day=" 26329"), first + "\n")
    done = [take("bank", text, f"{number}.txt").done[0] for number, text in enumerate(texts)]
    assert [(one.trouble and one.trouble.what, one.posted) for one in done] == [(None, 1), (None, 1), ("serial_repeated", 0)]
    assert rent(cast.RUTHS_TENANCY) == -15_000


def test_pages_of_one_statement_may_come_in_files_of_their_own(take: Take) -> None:
    def page(number: int, last: str, text: str) -> str:
        turned = f"</ElctrncSeqNb><StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>"
        return text.replace("</ElctrncSeqNb>", turned)

    first = page(1, "false", statement(entry("20.00", "0070012345"), closing="30.00"))
    second = page(2, "true", statement(entry("5.00", "0070012345"), opening="30.00", closing="35.00"))
    done = [take("bank", text, name).done[0] for text, name in ((first, "1.xml"), (second, "2.xml"), (second + "\n", "3.xml"))]
    assert [(one.trouble and one.trouble.what, one.posted) for one in done] == [(None, 1), (None, 1), ("serial_repeated", 0)]
    assert rent(cast.RUTHS_TENANCY) == -2_500
