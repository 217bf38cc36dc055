"""Bacs reports: made by us after what public programs read; each kind becomes advices, anything else a plain report."""

from datetime import date

import pytest

from lamplit.basics.advices import codes, meaning
from lamplit.exchange.bacs.reports import read_report


def arudd(*items, number=None, total=None):
    count, value = number or len(items), total or f"{10 * len(items)}.00"
    return f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<BACSDocument><Data><ARUDD><Header reportType="REFT1019" adviceNumber="000" currentProcessingDate="2026-12-03"/>
<ServiceLicenseInformation userName="ELM" userNumber="612345"/><Advice><OriginatingAccountRecords><OriginatingAccountRecord>
<OriginatingAccount name="ELM" number="87654321" sortCode="10-00-01"/>{"".join(items)}
<Totals numberOf="{count}" valueOf="{value}" currency="GBP"/></OriginatingAccountRecord></OriginatingAccountRecords></Advice>
</ARUDD></Data></BACSDocument>""".encode("latin-1")


def unpaid(code="0", reference="RENT0001", pounds="10.00", words="REFER TO PAYER"):
    return f"""<ReturnedDebitItem ref="{reference}" transCode="17" returnCode="{code}" returnDescription="{words}"
originalProcessingDate="2026-11-30" valueOf="{pounds}" currency="GBP">
<PayerAccount number="12345678" ref="{reference}" name="AMINA KHAN" sortCode="20-00-02" bankName="A"/></ReturnedDebitItem>"""


def advice(code="1", record="A", more=""):
    return (
        f'<MessagingAdvice user-number="612345" record-type="{record}" effective-date="2026-12-02" reference="RENT0001" {more} '
        f'payer-name="AMINA KHAN" payer-account-number="12345678" payer-sort-code="200002" reason-code="{code}"/>'
    )


def advices(*items):
    head = '<MessagingHeader user-number="612345" report-generation-date="2026-12-02"/>'
    return f"<BACSDocument><Data><MessagingAdvices>{head}{''.join(items)}</MessagingAdvices></Data></BACSDocument>".encode()


def claim(code="1", pounds="10.00", total="10.00"):
    return f"""<v:VocaDocument xmlns:v="urn:x"><v:Data><v:Document><v:ReportGenerationDate>2026-12-02</v:ReportGenerationDate>
<v:ServiceUserNumber>612345</v:ServiceUserNumber><v:NewAdvices><v:DDICAdvice><v:SeqNo>1</v:SeqNo>
<v:PayingBankReference>PB99</v:PayingBankReference><v:SUReference>RENT0001</v:SUReference><v:ReasonCode>{code}</v:ReasonCode>
<v:PayerSortCode>200002</v:PayerSortCode><v:PayerAccount>12345678</v:PayerAccount><v:PayerName>AMINA KHAN</v:PayerName>
<v:TotalAmount>{pounds}</v:TotalAmount></v:DDICAdvice><v:TotalValueOfDebits>{total}</v:TotalValueOfDebits>
</v:NewAdvices></v:Document></v:Data></v:VocaDocument>""".encode()


def test_unpaid_debits():
    report = read_report(arudd(unpaid(), unpaid("B", "RENT0002", words="ACCOUNT CLOSED")))
    assert report.problems == ()
    assert (report.kind, report.reported_on) == ("ARUDD", date(2026, 12, 3))
    first, second = report.advices
    assert (first.code, first.reference, first.pence, first.processed_on) == ("0", "RENT0001", 1000, date(2026, 11, 30))
    assert report.users == {"612345"}
    assert (first.sort_code, first.account, first.name) == ("200002", "12345678", "AMINA KHAN")
    assert (second.code, second.reference, second.item) == ("B", "RENT0002", 2)
    assert "345678" not in repr(report)
    assert "AMINA" not in repr(report)


def test_a_report_is_the_same_report_in_other_spacing_and_never_another_one():
    names = {
        read_report(data).report
        for data in (arudd(unpaid()), arudd(unpaid()).replace(b"\n", b"\r\n  "), arudd(unpaid(reference="RENT0002")))
    }
    assert len(names) == 2


def test_numbers_in_place_of_a_code_are_read_by_their_words_alone():
    (told,) = read_report(arudd(unpaid("1012", words="INSTRUCTION CANCELLED"))).advices
    assert told.code == "1"  # by its last digit it would be a death
    (told,) = read_report(arudd(unpaid("1011", words="Refer to payer"))).advices
    assert told.code == "0"
    (told,) = read_report(arudd(unpaid("1012", words="SOMETHING ELSE"))).advices
    assert told.code == "1012"  # no code of ours: a person decides
    assert meaning("ARUDD", told.code, date(2026, 12, 2)) is None


def test_a_code_that_nobody_explained_takes_no_other_item_with_it():
    assert [one.code for one in read_report(advices(advice("2"), advice("g"), advice("1"))).advices] == ["2", "G", "1"]
    assert meaning("ADDACS", "G", date(2026, 12, 2)) is None
    assert read_report(arudd(unpaid("C"))).advices[0].code == "C"


def test_changes_and_cancellations():
    moved = 'payer-new-sort-code="30-00-03" payer-new-account-number="87654321"'
    report = read_report(advices(advice(), advice("3", more=moved)))
    assert report.kind == "ADDACS"
    assert [one.code for one in report.advices] == ["1", "3"]
    assert (report.advices[1].new_sort_code, report.advices[1].new_account) == ("300003", "87654321")
    assert report.advices[0].effective_on == report.reported_on == date(2026, 12, 2)
    assert read_report(advices(advice("I", "V"))).kind == "AUDDIS"
    # In AWACS nothing says which report it is but its name: whoever takes it in must say so.
    assert read_report(advices(advice("E", "W"))).problems[0].words.startswith("This is none of the Bacs reports")
    assert (
        read_report(advices(advice("E", "W"))).problems[0].words.endswith("or it does not say which. Then name it with --kind.")
    )
    assert read_report(advices(advice("E", "W")), "AWACS").kind == "AWACS"
    assert read_report(advices(advice()), "AUDDIS").problems[0].words == "This is a report ADDACS, not AUDDIS."


def test_indemnity_claims_say_until_when_they_can_be_challenged():
    (told,) = read_report(claim()).advices
    assert (told.kind, told.pence, told.claim, told.reference) == ("DDICA", 1000, "PB99", "RENT0001")
    assert told.challenge_by == date(2026, 12, 22)
    given = claim().replace(b"<v:SeqNo>", b"<v:DueDate>2026-12-18</v:DueDate><v:SeqNo>")
    assert read_report(given).advices[0].challenge_by == date(2026, 12, 18)


def test_credits_that_came_back():
    data = arudd(unpaid("B")).replace(b"ARUDD", b"ARUCS").replace(b"ReturnedDebitItem", b"ReturnedCreditItem")
    report = read_report(data)
    assert (report.kind, report.advices[0].code) == ("ARUCS", "B")


def test_every_code_of_every_report_is_read_and_has_a_meaning():
    for code in codes("ARUDD"):
        assert read_report(arudd(unpaid(code))).advices[0].code == code
    for record, kind in (("A", "ADDACS"), ("V", "AUDDIS")):
        assert [one.code for one in read_report(advices(*(advice(code, record) for code in codes(kind)))).advices] == codes(kind)
    for code in codes("DDICA"):
        assert meaning("DDICA", read_report(claim(code)).advices[0].code, date(2026, 12, 2))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (arudd(unpaid(), total="11.00"), "do not add up"),
        (arudd(unpaid(), number=2), "counts 2 items and has 1"),
        (claim(total="11.00"), "do not add up"),
        (arudd(unpaid(pounds="ten"), total="0.00"), "sum of money cannot be read"),
        (arudd(unpaid(pounds="0.00"), total="0.00"), "sum of money cannot be read"),
        (arudd(unpaid()).replace(b"2026-11-30", b"2026-11-31"), "no date"),
        (arudd(unpaid("")), "no reason code that can be read. Those of ARUDD that we know: 0, 1"),
        (arudd(unpaid("REFER")), "no reason code that can be read"),
        (advices(advice("١")), "no reason code that can be read"),
        (advices(advice().replace("RENT0001", "").replace("12345678", "")), "neither a reference nor an account"),
        (advices(advice(), advice("I", "V")), "none of the Bacs reports"),
        (b"<BACSDocument/>", "none of the Bacs reports"),
        (arudd(unpaid())[:-40], "not whole XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type"),
    ],
)
def test_a_wrong_or_hostile_report_gives_plain_words_and_no_advice(data, says):
    report = read_report(data)
    assert report.advices == ()
    assert says in " ".join(map(str, report.problems))
