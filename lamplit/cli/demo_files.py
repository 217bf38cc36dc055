"""The files that the demo's finance office has been sent: of its bank, of the council, of Bacs. Ours, and made up.

They fit what stands in the books, so that whoever reads docs/direct-debit.md can take them in.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape

from lamplit.basics.working_days import working_day_before
from lamplit.cli.demo_bank import SORT_CODE, USER_NUMBER, account_number, office
from lamplit.cli.demo_debits import Payer
from lamplit.rent import queries

_WEEKS = 4
_OPENING = 1_000_000  # pence
_LAYOUT = """layout = "housing benefit (made up)"
holds = "benefit"
delimiter = ";"
date_format = "DD/MM/YYYY"

[columns]
claim = "Claim"
reference = "Your ref"
from_on = "From"
to_on = "To"
money = "Amount"
"""


def write_files(payers: Sequence[Payer], today: date) -> None:
    """Write a bank statement, a schedule of the council with its layout, and two reports of Bacs."""
    (office() / "bank.xml").write_text(_statement(today))
    (office() / "benefit.toml").write_text(_LAYOUT)
    (office() / "benefit.csv").write_text("\n".join(["Claim;Your ref;From;To;Amount", *_schedule(today), ""]))
    if len(payers) > 1:
        (office() / "unpaid.xml").write_text(_unpaid(payers[0], 0, today))
        (office() / "cancelled.xml").write_text(_cancelled(payers[1], 1, today))


def _statement(today: date) -> str:
    """A bank's camt.053 of the last working day: one number as it is, one with letters for noughts, one that says nothing."""
    behind = [where for where in queries.positions(today) if where.to_pay_pence > 20_000][:2]
    numbers = [number for one in behind if (number := _number(one.account))]
    paid = [(numbers[0], 6_000), (numbers[1].replace("0", "O"), 4_500)] if len(numbers) > 1 else []
    paid.append(("RENT THANK YOU", 5_000))
    on = working_day_before(today, 1)
    entries = "".join(_entry(reference, pence, on) for reference, pence in paid)
    closing = _OPENING + sum(pence for _, pence in paid)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>DEMO-{on}</Id><ElctrncSeqNb>1</ElctrncSeqNb><Acct><Id><Othr><Id>10000087654321</Id></Othr></Id></Acct>"
        f"{_balance('OPBD', _OPENING, on)}{_balance('CLBD', closing, on)}{entries}</Stmt></BkToCstmrStmt></Document>\n"
    )


def _balance(kind: str, pence: int, on: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">{_pounds(pence)}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>\n"
    )


def _entry(reference: str, pence: int, on: date) -> str:
    return (
        f'<Ntry><Amt Ccy="GBP">{_pounds(pence)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{escape(reference)}</EndToEndId></Refs>"
        "<RltdPties><Dbtr><Pty><Nm>A Payer</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>\n"
    )


def _schedule(today: date) -> Iterator[str]:
    """Lines of a council that pays, at last, what it owed on two claims."""
    for late in queries.late_claims(today)[:2]:
        claim = late.row
        first = claim.paid_to + timedelta(days=1)
        last = first + timedelta(days=7 * _WEEKS - 1)
        yield f"{claim.reference};{_number(claim.account)};{first:%d/%m/%Y};{last:%d/%m/%Y};{_pounds(claim.award_pence * _WEEKS)}"


def _unpaid(payer: Payer, number: int, today: date) -> str:
    """An ARUDD: her bank did not pay, "refer to payer"."""
    processed, pounds, reference = working_day_before(today, 2), _pounds(payer.weekly_pence), _reference(payer)
    return f"""<BACSDocument><Data><ARUDD><Header currentProcessingDate="{today}"/>
<ServiceLicenseInformation userNumber="{USER_NUMBER}"/><Advice><OriginatingAccountRecords><OriginatingAccountRecord>
<ReturnedDebitItem ref="{reference}" transCode="17" returnCode="0" returnDescription="REFER TO PAYER"
 originalProcessingDate="{processed}" valueOf="{pounds}" currency="GBP">
<PayerAccount number="{account_number(number)}" ref="{reference}" name="A PAYER" sortCode="{SORT_CODE}"/></ReturnedDebitItem>
<Totals numberOf="1" valueOf="{pounds}"/>
</OriginatingAccountRecord></OriginatingAccountRecords></Advice></ARUDD></Data></BACSDocument>
"""


def _cancelled(payer: Payer, number: int, today: date) -> str:
    """An ADDACS: she told her bank to end the instruction."""
    return f"""<BACSDocument><Data><MessagingAdvices>
<MessagingHeader user-number="{USER_NUMBER}" report-generation-date="{today}"/>
<MessagingAdvice user-number="{USER_NUMBER}" record-type="A" effective-date="{today}" reference="{_reference(payer)}"
 payer-name="A PAYER" payer-account-number="{account_number(number)}" payer-sort-code="{SORT_CODE}" reason-code="1"/>
</MessagingAdvices></Data></BACSDocument>
"""


def _reference(payer: Payer) -> str:
    mandate = queries.mandate_of(payer.account)
    return str(mandate.reference) if mandate is not None else ""


def _number(account: str) -> str:
    """Return the payment number of an account."""
    found = queries.account(account)
    return found.reference if found is not None and isinstance(found.reference, str) else ""


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"
