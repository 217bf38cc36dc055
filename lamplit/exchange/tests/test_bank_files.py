"""Bank statements and lists of credits: right files give their lines, all others a plain report and nothing."""

import json
import logging
from datetime import date

import pytest

from lamplit.basics.bank import BankFile, read_pounds
from lamplit.exchange.bank import bacs_credits, camt, mt940
from lamplit.record.tidy import tidy

HEAD = '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'


def camt_entry(pounds, side="CRDT", inside="", status="<Sts><Cd>BOOK</Cd></Sts>", currency="GBP"):
    return (
        f'<Ntry><Amt Ccy="{currency}">{pounds}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}<BookgDt><Dt>2026-11-25</Dt></BookgDt>'
        f"<NtryDtls>{inside}</NtryDtls></Ntry>"
    )


def camt_statement(*entries, opening="10.00", closing="10.00", name="S1", more="", currency="GBP"):
    def balance(kind, pounds):
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{pounds.lstrip("-")}</Amt>'
            f"<CdtDbtInd>{'DBIT' if pounds.startswith('-') else 'CRDT'}</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>"
        )

    account = f"<Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></Acct>{balance('OPBD', opening)}{balance('CLBD', closing)}"
    return f"<Stmt><Id>{name}</Id><ElctrncSeqNb>7</ElctrncSeqNb>{account}{''.join(entries)}{more}</Stmt>"


def camt_file(*statements):
    return (HEAD + "\n".join(statements) + "</BkToCstmrStmt></Document>").encode()


def one_problem(reading):
    assert reading.files == ()
    assert len(reading.problems) == 1
    return str(reading.problems[0])


DETAIL = """<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><Amt Ccy="GBP">{pounds}</Amt>
<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>20000212345678</Id></Othr></Id></DbtrAcct></RltdPties></TxDtls>"""


def test_camt_lines_as_the_bank_tells_them():
    first, second = (
        DETAIL.format(ref="RENT0001", pounds="100.00", name="Amina Khan"),
        DETAIL.format(ref="R2", pounds="20.5", name="B"),
    )
    waiting = camt_entry("99.00", status="<Sts>PDNG</Sts>")
    lines = [camt_entry("120.50", inside=first + second), camt_entry("30.50", "DBIT"), waiting]
    reading = camt.read(camt_file(camt_statement(*lines, closing="100.00")))
    assert reading.problems == ()
    (file,) = reading.bank_files
    assert (file.opening_pence, file.closing_pence, file.credit_pence, file.debit_pence) == (1000, 10_000, 12_050, 3050)
    assert (file.serial, file.dated, file.layout) == ("7", date(2026, 11, 25), "camt.053")
    assert [(line.pence, line.reference, line.payer) for line in file.lines] == [
        (10_000, "RENT0001", "Amina Khan"),
        (2050, "R2", "B"),
        (-3050, "", None),
    ]
    assert file.lines[0].payer_account == "20000212345678"
    assert "12345" not in repr(file.lines)
    assert "Amina" not in repr(reading)
    assert "55555555" not in repr(file)


@pytest.mark.parametrize(
    ("page", "serial"),
    [
        ("<PgNb>1</PgNb><LastPgInd>true</LastPgInd>", "7"),
        ("<PgNb>1</PgNb><LastPgInd>false</LastPgInd>", "7/1"),
        ("<PgNb>2</PgNb><LastPgInd>true</LastPgInd>", "7/2"),
    ],
)
def test_a_page_of_a_statement_has_a_serial_of_its_own(page, serial):
    (file,) = camt.read(camt_file(camt_statement(more=f"<StmtPgntn>{page}</StmtPgntn>"))).bank_files
    assert file.serial == serial


def test_texts_are_what_the_record_can_keep():
    odd = DETAIL.format(ref="RENT\u0085\u200b0001", pounds="1.00", name="Zoe\u0308 " + "x" * 600)
    (file,) = camt.read(camt_file(camt_statement(camt_entry("1.00", inside=odd), closing="11.00"))).bank_files
    assert file.lines[0].payer.startswith("Zoë xxx")
    assert len(file.lines[0].payer) == 500
    assert tidy(file.lines[0].reference) == file.lines[0].reference


def test_a_batch_whose_parts_do_not_add_up_stays_one_line():
    parts = DETAIL.format(ref="A", pounds="1.00", name="A") + DETAIL.format(ref="B", pounds="1.00", name="B")
    (file,) = camt.read(camt_file(camt_statement(camt_entry("5.00", inside=parts), closing="15.00"))).bank_files
    assert [(line.pence, line.payer) for line in file.lines] == [(500, None)]


@pytest.mark.material
@pytest.mark.parametrize("name", ["v2.minimal", "v2.multi.statement", "v4", "v8"])
def test_camt_files_of_others_as_their_expected_readings(material, name):
    folder = material / "bank" / "camt"
    data = (folder / f"camt053.{name}.xml").read_bytes()
    if name != "v2.multi.statement":  # its closing balance is in another currency than its lines: nothing of it may be posted
        assert "in SEK, not in EUR" in one_problem(camt.read(data, "EUR"))
        wrong = b'<Amt Ccy="SEK">27.00</Amt>'
        start = data.index(wrong)
        right = data[start:].replace(wrong, b'<Amt Ccy="EUR">27.00</Amt>', 1).replace(b"DBIT", b"CRDT", 1)
        data = data[:start] + right
    reading = camt.read(data, "EUR")
    assert reading.problems == ()
    entries = list(json_entries(json.loads((folder / f"camt053.{name}.json").read_text())))
    lines = [line for file in reading.bank_files for line in file.lines]
    assert len(entries) == 1  # the expected reading of two statements tells only the last entry
    assert len(lines) == (2 if "multi" in name else 1)
    told = [
        (int(one["getAmount"]["getAmount"]), one["getBookingDate"]["0"][:10], one["getAccountServicerReference"])
        for one in entries
    ]
    assert told[0] == (lines[-1].pence, str(lines[-1].on), lines[-1].bank_id)
    assert all(line.reference for line in lines)
    in_pounds = camt.read(data)
    assert in_pounds.files == ()
    assert all("not in GBP" in problem.words for problem in in_pounds.problems)


def json_entries(value):
    """Every entry of an expected reading, however deep it stands in it."""
    if isinstance(value, dict):
        if value.get("__CLASS__", "").endswith("\\DTO\\Entry"):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from json_entries(one)


@pytest.mark.material
def test_a_camt_file_without_a_statement(material):
    data = (material / "bank" / "camt" / "camt053.v2.wrong.xml").read_bytes()
    assert "There is no statement in the file." in one_problem(camt.read(data))


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (camt_file(camt_statement(camt_entry("1.00"))), "lines make 11.00, but the closing balance is 10.00"),
        (camt_file(camt_statement(closing="-10.00")), "make 10.00, but the closing balance is -10.00"),
        (camt_file(camt_statement(camt_entry("1.00", currency="EUR"), closing="11.00")), "in EUR, not in GBP"),
        (camt_file(camt_statement(camt_entry("1.001"), closing="11.00")), "cannot be read"),
        (camt_file(camt_statement(camt_entry("-1.00"), closing="9.00")), "cannot be read"),
        (camt_file(camt_statement(camt_entry("1.00", "CREDIT"), closing="11.00")), "credit or a debit"),
        (camt_file(camt_statement(), camt_statement()), "twice"),
        (camt_file(camt_statement()).replace(b"OPBD", b"INFO"), "no opening balance"),
        (camt_file(camt_statement()).replace(b"IBAN", b"IBEN"), "which account"),
        (camt_file(camt_statement(camt_entry("1.00"), closing="11.00")).replace(b"BookgDt", b"XDt"), "no day"),
        (camt_file(camt_statement()).replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), "camt.052"),
        (b"<html><body>Sign in</body></html>", "no bank statement"),
        (camt_file(camt_statement())[:-30], "not whole XML"),
        (b"", "not whole XML"),
        (b"GIF89a\x00\x01", "not whole XML"),
        (camt_file(camt_statement()).replace(b"S1", b"S\x001"), "not whole XML"),
        (camt_file(camt_statement()).replace(b"S1", b"S\xff1"), "not whole XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
        (BOMB, "declares a document type"),
        (OUTSIDE, "declares a document type"),
        (OUTSIDE.decode().encode("utf-16"), "declares a document type"),
        (b"<a>" * 50 + b"</a>" * 50, "nested deeper"),
        (b"<a>" + b"x" * 200_000 + b"</a>", "longer than"),
    ],
)
def test_a_wrong_or_hostile_camt_file_gives_a_plain_report(data, says):
    assert says in one_problem(camt.read(data))


@pytest.mark.material
def test_xml_made_to_break_readers(material):
    files = sorted((material / "hostile" / "xml" / "xmltestdata").glob("*.xml"))
    assert len(files) >= 10
    reports = {file.name: one_problem(camt.read(file.read_bytes())) for file in files}
    for name in ("xmlbomb.xml", "xmlbomb2.xml", "cyclic.xml", "quadratic.xml", "external.xml", "external_file.xml", "dtd.xml"):
        assert "declares a document type" in reports[name], name


STATEMENT = """:20:X
:25:20-00-00/12345678
:28C:5/1
:60F:C261124GBP100,00
:61:2611251125C12,50NTRFRENT0001//BANK1
:86:Amina Khan
 RENT PAYMENT
:61:2611251125D2,50NTRFNONREF//BANK2
:61:2611251125RC1,00NTRFR3
:61:2611251125RD0,01NTRFR4
:62F:C261125GBP109,01
"""


def test_mt940_lines_as_the_bank_tells_them():
    wrapped = "{1:F01X}{2:I940X}{4:\r\n" + STATEMENT.replace("\n", "\r\n") + "-}\r\n" + STATEMENT.replace(":5/1", ":5/2")
    reading = mt940.read(wrapped.encode())
    assert reading.problems == ()
    assert [file.serial for file in reading.bank_files] == ["5/1", "5/2"]
    file = reading.bank_files[0]
    assert [(line.line, line.pence, line.reference, line.bank_id) for line in file.lines] == [
        (6, 1250, "RENT0001 Amina Khan RENT PAYMENT", "BANK1"),
        (9, -250, "", "BANK2"),
        (10, -100, "R3", None),
        (11, 1, "R4", None),
    ]
    assert (file.account, file.opening_pence, file.closing_pence) == ("20-00-00/12345678", 10_000, 10_901)
    assert file.dated == file.lines[0].on == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (STATEMENT.replace("109,01", "109,02"), "do not make the closing balance"),
        (STATEMENT.replace("D2,50", "X2,50"), "Line 8 cannot be read: it is no :61:"),
        (STATEMENT.replace("2611251125C", "2613251125C"), "Line 5 cannot be read: it is no :61:"),
        (STATEMENT.replace("C12,50", "C12,505"), "cannot be read"),
        (STATEMENT.replace(":61:2611251125C", " 61:2611251125C"), "do not make the closing balance"),
        (STATEMENT.replace("RC1,00NTRFR3", "RC1,00"), "Some movements of this statement cannot be read"),
        (STATEMENT + STATEMENT, "twice"),
        (STATEMENT.replace("GBP", "EUR"), "in EUR, not in GBP"),
        (STATEMENT[:-25], "lacks"),
        (STATEMENT.replace(":25:20-00-00/12345678\n", ""), "lacks"),
        ("/etc/passwd", "no line begins with :20:"),
        ("", "empty"),
        (STATEMENT.replace("Amina", "Ami\x00na"), "line 6: The line has characters that no text has"),
        (STATEMENT.replace("Amina", "A" * 20_000), "line 6: The line is longer"),
    ],
)
def test_a_wrong_or_hostile_mt940_file_gives_a_plain_report(data, says, caplog):
    with caplog.at_level(logging.DEBUG):
        assert says in one_problem(mt940.read(data.encode()))
    assert caplog.records == []


def test_a_file_with_letters_of_two_kinds_or_one_endless_line_is_refused():
    assert "line 6: The line has letters that are not utf-8" in one_problem(
        mt940.read(STATEMENT.encode().replace(b"Amina", b"Am\xe9na"))
    )
    assert "UTF-16" in one_problem(mt940.read(STATEMENT.encode("utf-16")))
    assert "larger than 100 MB" in one_problem(mt940.read(b"x" * 100_000_001))


def moj(material, name):
    return (material / "bank" / "moj" / name).read_bytes()


@pytest.mark.material
def test_lists_of_credits_of_a_live_service(material):
    (file,) = bacs_credits.read(moj(material, "testfile_1")).bank_files
    assert (file.account, file.serial, file.dated) == ("123456 67175315", "BURQ66", date(2003, 11, 21))
    assert (file.credit_pence, file.debit_pence) == (18_741, 288_615)
    assert [(line.line, line.pence, line.payer, line.reference, line.payer_account) for line in file.lines] == [
        (4, -288_615, "NW-CHASE  PSC-0302", "Payment refund", None),
        (5, 8939, "NORTHERN DIY   E", "A1234BY 09/12/86", "608006 29696666"),
        (6, 9802, "NW-EDINBURGH -0302", "B4321XZ 8/11/1992", "245432 78990056"),
    ]
    several = bacs_credits.read(moj(material, "testfile_multiple_accounts")).bank_files
    assert [(one.account, len(one.lines), one.credit_pence) for one in several] == [
        ("123456 67175315", 2, 9802),
        ("123456 99887766", 1, 8939),
    ]
    (empty,) = bacs_credits.read(moj(material, "testfile_no_records")).bank_files
    assert (empty.lines, empty.credit_pence) == ((), 0)
    (apart,) = bacs_credits.read(moj(material, "testfile_settlement_credits")).bank_files
    assert [line.pence for line in apart.settled] == [9600, 9802, 9701]
    assert [line.pence for line in apart.lines] == [9903]
    wrong = bacs_credits.read(moj(material, "testfile_incorrect_totals"))
    assert wrong.files == ()
    assert [problem.column for problem in wrong.problems] == ["total of debits", "total of credits"]


def credits_list(*records, head="UHL1 26330612345"):
    """A list of our own making, in the same layout."""
    totals = f"UTL1{0:013}{5000:013}{0:07}{1:07}"
    return "\r\n".join(["VOL1A00001", "HDR1 A612345", head, *records, totals]).encode()


RECORD = f"{'1000018765432109920000212345678'}    00000005000{'AMINA KHAN':<18}{'RENT0001':<18}{'':<18} 26330"


def test_a_list_of_credits_of_our_own():
    (file,) = bacs_credits.read(credits_list(RECORD)).bank_files
    assert isinstance(file, BankFile)
    assert [(line.pence, line.payer, line.reference) for line in file.lines] == [(5000, "AMINA KHAN", "RENT0001")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (credits_list(RECORD)[:-60], "must be there"),
        (credits_list(RECORD, RECORD), "records make 10000"),
        (credits_list(RECORD[:60]), "no record of a credit"),
        (credits_list(RECORD.replace("2109920", "2107720")), "no record of a credit"),
        (credits_list(RECORD.replace("00000005000", "0000000500X")), "no record of a credit"),
        (credits_list(RECORD.replace(" 26330", " 26999"), head="UHL1"), "no date"),
        (credits_list(RECORD) + b"\r\nVOL1", "behind the totals"),
        (credits_list(RECORD).replace(b"AMINA", b"AMIN\xc3"), "not ascii"),
        (b"PK\x03\x04", "spreadsheet"),
    ],
)
def test_a_wrong_list_of_credits_gives_a_plain_report(data, says):
    reading = bacs_credits.read(data)
    assert reading.files == ()
    assert says in " ".join(map(str, reading.problems))


def test_pounds_are_never_guessed():
    assert [read_pounds(text) for text in ("19.99", "-0.01", "+5", "1.5", "2.500")] == [1999, -1, 500, 150, 250]
    assert [read_pounds(text) for text in ("1,5", "1.505", "", "1e3", "٣", "1.", ".5", "123456789012")] == [None] * 8
