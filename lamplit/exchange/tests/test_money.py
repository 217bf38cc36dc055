"""Files of money: taken whole, matched, put in the books once, and what people do with the rest. No penny made or lost."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.exchange import money
from lamplit.exchange.bank.mapping import read_layout
from lamplit.record.page import Page, action
from lamplit.rent import actions, queries
from lamplit.rent.facts import AccountReferenced, Term
from lamplit.rent.models import LedgerLine, MoneyFile, MoneyLine, RentBalance
from lamplit.rent.queries import sources
from tests import cast
from tests.landlord import Landlord

AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
FINANCE = who.staff("s_finance1000000000000")
HEAD = '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
ALLPAY = """
layout = "card daily"
holds = "payments"
delimiter = ","
debits = ["REV"]
serial_in_name = "_([0-9]+)\\\\.csv"
[columns]
on = "Paid"
money = "Amount"
reference = "Card"
debit = "Type"
[trailer]
begins = "T"
count = 2
total = 3
"""
COUNCIL = """
layout = "council schedule"
holds = "benefit"
delimiter = ","
recoveries = ["REC"]
[columns]
claim = "Claim"
reference = "Yours"
money = "Amount"
from_on = "From"
to_on = "To"
kind = "Kind"
"""
Take = Callable[..., money.Outcome]


def entry(pounds: str, reference: str = "", name: str = "", account: str = "20000212345166", side: str = "CRDT") -> str:
    party = "Dbtr" if side == "CRDT" else "Cdtr"
    owner = f"<{party}Acct><Id><Othr><Id>{account}</Id></Othr></Id></{party}Acct>"
    payer = f"<RltdPties><{party}><Pty><Nm>{name}</Nm></Pty></{party}>{owner}</RltdPties>"
    return (
        f'<Ntry><Amt Ccy="GBP">{pounds}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2026-11-24</Dt></BookgDt>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{payer if name else ''}</TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str, serial: int = 7, opening: str = "10.00", closing: str) -> str:
    def balance(kind: str, pounds: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">{pounds}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Dt><Dt>2026-11-24</Dt></Dt></Bal>"
        )

    ours = f"<Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></Acct>{balance('OPBD', opening)}{balance('CLBD', closing)}"
    inside = f"<Stmt><Id>S{serial}</Id><ElctrncSeqNb>{serial}</ElctrncSeqNb>{ours}{''.join(entries)}</Stmt>"
    return f"{HEAD}{inside}</BkToCstmrStmt></Document>"


@action
def give_numbers(page: Page, *, by: By, at: datetime, command: str) -> None:
    """Give the cast's accounts the numbers that they pay with."""
    for account, number in ((cast.RUTHS_TENANCY, "0070012345"), (cast.TOMASZS_TENANCY, "0070099991")):
        page.write(AccountReferenced(account=account, reference=number))


@pytest.fixture
def take(landlord: Landlord, tmp_path: Path) -> Take:
    """Take a text in as a file of money."""
    cast.settle()
    give_numbers(by=FINANCE, at=AT, command="t:numbers")

    taken: list[str] = []

    def run(source: str, text: str, name: str = "file.csv", layout: str = "", **order: object) -> money.Outcome:
        path = tmp_path / name
        path.write_text(text)
        described = read_layout(layout) if layout else None
        asked = money.Order(source=source, user="tester", layout=described, **order)  # type: ignore[arg-type]
        taken.append(name)
        return money.take_in(path, asked, AT + timedelta(minutes=len(taken)), lambda *_: None)

    return run


def rent(account: str) -> int:
    owes = queries.owes(account)
    assert owes is not None
    return owes.rent


def book(name: str) -> int:
    """Return what a book stands at: what went in less what went out."""
    lines = LedgerLine.objects.all()
    return sum(line.pence for line in lines if line.debit == name) - sum(line.pence for line in lines if line.credit == name)


def may_be_hers(account: str) -> int:
    """Return what the true position reads of suspense, of one account or of all."""
    one = sources.suspense([account]).get(account, (0, None))
    assert one == sources.suspense().get(account, (0, None))
    return one[0]


def refused(code: str) -> object:
    return pytest.raises(Refused, match=code)


def how(**more: object) -> dict[str, object]:
    return {"by": FINANCE, "at": AT, "command": f"t:{random.random()}", **more}  # noqa: S311 - no secret


FIVE = (
    entry("120.00", "0070012345", "Ruth Adeyemi"),
    entry("30.00", "RENT 7OO1 2345"),
    entry("280.00", "RENT", "Mr T Wolski Tomasz"),
    entry("55.00", "", "Nobody"),
    entry("15.00", "REFUND", "Somebody", side="DBIT"),
)


def test_a_bank_file_is_in_the_books_once_and_what_is_not_sure_waits(take: Take) -> None:
    text = statement(*FIVE, closing="480.00")
    (preview,) = take("bank", text, rehearse=True).done
    assert (preview.posted, preview.waiting, preview.file) == (2, 3, None)
    assert not MoneyFile.objects.exists()
    (done,) = take("bank", text).done
    assert (done.written, done.posted, done.posted_pence, done.waiting, done.waiting_pence) == (5, 2, 15_000, 3, 32_000)
    assert (rent(cast.RUTHS_TENANCY), book("bank"), book("suspense")) == (-15_000, 47_000, -32_000)
    (again,) = take("bank", text, name="same-file-other-name.xml").done
    assert (again.written, again.file) == (0, done.file)
    assert MoneyLine.objects.count() == 5
    assert queries.self_check() == []
    paid = queries.payments_of(cast.RUTHS_TENANCY)
    assert [(line.how, line.sure, line.pence) for line in paid] == [("repaired", 95, 3_000), ("reference", 100, 12_000)]
    owes = queries.owes(cast.RUTHS_TENANCY)
    assert owes is not None
    assert owes.paid_on == date(2026, 11, 24)
    told = paid[1].told
    assert (told["reference"], told["payer"], told["ending"]) == ("0070012345", "Ruth Adeyemi", "166")
    assert "12345166" not in str(list(MoneyLine.objects.values_list("told", flat=True)))


def test_people_settle_what_waits_and_take_back_what_was_wrong(take: Take) -> None:
    take("bank", statement(*FIVE, closing="480.00"))
    wolski, nobody, refund = queries.suspense(0, 200)
    assert queries.suspense(1, 1) == [nobody]
    assert may_be_hers(cast.TOMASZS_TENANCY) == 0  # a name alone counts for nobody
    (first,) = queries.suggestions(wolski, date(2026, 11, 25))
    assert (first.account, first.sure) == (cast.TOMASZS_TENANCY, 40)
    assert "this tenant’s name" in first.why
    terms = [Term(charge="rent", pence=28_000)]
    actions.set_terms(account=cast.TOMASZS_TENANCY, from_on=date(2026, 11, 1), frequency="monthly", terms=terms, **how())  # type: ignore[arg-type]
    again = statement(FIVE[2], serial=8, opening="480.00", closing="760.00")
    take("bank", again, name="again.xml")
    assert may_be_hers(cast.TOMASZS_TENANCY) == 28_000  # her name, and the sum that is due
    *_, likely = queries.suspense(0, 200)
    assert "is what is due" in queries.suggestions(likely, date(2026, 11, 25))[0].why
    actions.match_payment(line=likely.id, account=cast.TOMASZS_TENANCY, **how())  # type: ignore[arg-type]
    actions.take_off_payment(line=likely.id, why="keyed_wrong", **how())  # type: ignore[arg-type]
    actions.settle_suspense(line=likely.id, book="not_rent", note="x", **how())  # type: ignore[arg-type]
    actions.match_payment(line=wolski.id, account=cast.TOMASZS_TENANCY, **how())  # type: ignore[arg-type]
    with refused("rent.line_not_waiting"):
        actions.match_payment(line=wolski.id, account=cast.RUTHS_TENANCY, **how())  # type: ignore[arg-type]
    assert (rent(cast.TOMASZS_TENANCY), book("bank")) == (-28_000, 75_000)
    row = queries.money_line(wolski.id)
    assert row is not None
    with refused("rent.take_it_off"):
        actions.reverse_line(account=cast.TOMASZS_TENANCY, line=row.ledger or "", why="keyed_wrong", **how())  # type: ignore[arg-type]
    actions.take_off_payment(line=wolski.id, why="wrong_account", **how())  # type: ignore[arg-type]
    assert rent(cast.TOMASZS_TENANCY) == 0
    actions.match_payment(line=wolski.id, account=cast.RUTHS_TENANCY, **how())  # type: ignore[arg-type]
    with refused("rent.say_why"):
        actions.settle_suspense(line=nobody.id, book="not_rent", **how())  # type: ignore[arg-type]
    actions.settle_suspense(line=nobody.id, book="not_rent", note="The sale of a van.", **how())  # type: ignore[arg-type]
    actions.settle_suspense(line=refund.id, book="refunds", note="To whom we paid too much.", **how())  # type: ignore[arg-type]
    assert (book("bank"), book("suspense"), book("not_rent"), book("refunds")) == (75_000, 0, -33_500, 1_500)
    assert queries.suspense_total() == (0, 0)
    assert queries.self_check() == []
    MoneyLine.objects.filter(id=nobody.id).update(state="suspense")
    assert queries.self_check() == ["Suspense is not the sum of the lines that wait in it."]
    MoneyLine.objects.filter(id=nobody.id).update(state="settled")


def test_a_load_that_is_cut_off_goes_on_where_it_was(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money, "TOGETHER", 2)
    put, count = actions.put_lines, 0

    def cut_off(**given: object) -> int:
        nonlocal count
        count += 1
        if count == 2:
            raise ConnectionError
        return put(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(money.actions, "put_lines", cut_off)
    text = statement(*FIVE, closing="480.00")
    with pytest.raises(ConnectionError):
        take("bank", text)
    assert MoneyLine.objects.count() == 2
    assert MoneyFile.objects.get().state == "taken"
    (done,) = take("bank", text).done
    assert (done.written, MoneyFile.objects.get().state) == (3, "finished")
    assert (book("bank"), queries.self_check()) == (47_000, [])
    RentBalance.objects.filter(id=cast.RUTHS_TENANCY).update(lines=99)
    assert cast.RUTHS_TENANCY in queries.self_check()[0]
    RentBalance.objects.filter(id=cast.RUTHS_TENANCY).update(lines=2)


def card(*rows: str) -> str:
    total = sum(int(row.split(",")[1].replace(".", "")) * (-1 if row.endswith("REV") else 1) for row in rows)
    return "\n".join(["Paid,Amount,Card,Type", *rows, f"T,{len(rows)},{total // 100}.{total % 100:02}"])


def test_a_serial_that_is_missing_or_comes_twice_is_said_and_doubted(take: Take) -> None:
    one = "20/11/2026,20.00,0070012345,CASH"
    assert take("allpay", card(one), "paid_0041.csv", ALLPAY).done[0].trouble is None
    (gap,) = take("allpay", card(one, "21/11/2026,5.00,0070012345,REV"), "paid_0043.csv", ALLPAY).done
    assert gap.trouble == ("serial_missing", "0042")
    assert (rent(cast.RUTHS_TENANCY), book("collected")) == (-3_500, 3_500)
    (twice,) = take("allpay", card(one, one), "paid_0041.csv", ALLPAY).done
    assert (twice.trouble and twice.trouble.what, twice.posted, twice.waiting) == ("serial_repeated", 0, 2)
    assert (rent(cast.RUTHS_TENANCY), book("suspense")) == (-3_500, -4_000)
    assert [file.trouble for file, _ in queries.money_files()] == ["serial_repeated", "serial_missing", None]
    wrong = take("allpay", card(one).replace("T,1", "T,2"), "paid_0044.csv", ALLPAY)
    assert (wrong.done, len(wrong.problems)) == ([], 1)
    assert "not public" in take("allpay", card(one)).problems[0].words
    assert queries.self_check() == []


def claimed(account: str, reference: str) -> str:
    return actions.record_claim(
        account=account, scheme="hb", state="paying", award_pence=10_000, award_per="week", cycle="four_weekly",
        eligible_pence=12_000, eligible_per="week", pays_after_days=0, paid_to=date(2026, 10, 25), reference=reference, **how(),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_schedule_pays_its_claims_and_who_is_left_out_surfaces(take: Take) -> None:
    ruths, tomaszs = claimed(cast.RUTHS_TENANCY, "HB/1001"), claimed(cast.TOMASZS_TENANCY, "HB/1002")
    assert queries.late_claims(date(2026, 12, 2)) == []
    rows = ("HB/1001,,400.00,26/10/2026,22/11/2026,", ",0070012345,25.00,,,REC", "HB/9,,7.00,,,")
    (done,) = take("hb", "\n".join(["Claim,Yours,Amount,From,To,Kind", *rows]), layout=COUNCIL).done
    assert (done.posted_pence, done.waiting_pence) == (37_500, 700)
    assert (rent(cast.RUTHS_TENANCY), book("benefit"), book("bank")) == (-37_500, 38_200, 0)
    paid = queries.claim(ruths)
    assert paid is not None
    assert paid.paid_to == date(2026, 11, 22)
    (late,) = queries.late_claims(date(2026, 12, 3))  # eleven days after its pay day
    assert (late.row.id, late.due_on, late.pence) == (tomaszs, date(2026, 11, 22), 40_000)
    actions.ask_council(claim=tomaszs, said="Rang them; a letter is on its way.", **how())  # type: ignore[arg-type]
    assert queries.late_claims(date(2026, 12, 3))[0].row.asked_on == date(2026, 11, 25)
    # The council pays in one sum, which the bank's file brings.
    take("bank", statement(entry("382.00", "COUNCIL HB"), closing="392.00"))
    lump = next(line for line in queries.suspense(0, 200) if line.source == "bank")
    actions.settle_suspense(line=lump.id, book="benefit", **how())  # type: ignore[arg-type]
    assert (book("benefit"), book("bank"), book("suspense")) == (0, 38_200, -700)
    # A line that a person matched pays the claim like any other; taken off again, it does not.
    (short,) = take("hb", "Claim,Yours,Amount,From,To,Kind\nHB/8,,400.00,26/10/2026,22/11/2026,", layout=COUNCIL).done
    line = next(line for line in queries.suspense(0, 200) if line.pence == 40_000 and line.source == "benefit")
    actions.match_payment(line=line.id, account=cast.TOMASZS_TENANCY, **how())  # type: ignore[arg-type]
    assert (short.waiting_pence, queries.late_claims(date(2026, 12, 3))) == (40_000, [])
    actions.take_off_payment(line=line.id, why="wrong_account", **how())  # type: ignore[arg-type]
    assert [one.row.id for one in queries.late_claims(date(2026, 12, 3))] == [tomaszs]
    asked = actions.record_claim(
        account=cast.TOMASZS_TENANCY, scheme="uc_tenant", state="pending", award_pence=0, award_per="month", cycle="monthly",
        eligible_pence=12_000, eligible_per="month", pays_after_days=7, paid_to=date(2026, 10, 25), **how(),  # type: ignore[arg-type]
    )  # fmt: skip
    actions.end_claim(claim=asked, ends_on=date(2026, 11, 22), stopped=False, **how())  # type: ignore[arg-type]
    refused = queries.claim(asked)
    assert refused is not None
    assert refused.state == "refused"  # what was never decided does not become what pays
    actions.end_claim(claim=ruths, ends_on=date(2026, 11, 22), stopped=True, **how())  # type: ignore[arg-type]
    assert {one.row.id for one in queries.late_claims(date(2026, 11, 26))} == {ruths}
    assert queries.self_check() == []


def test_no_order_of_files_repeats_crashes_and_corrections_makes_or_loses_a_penny(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(20261126)  # noqa: S311 - the same each time
    monkeypatch.setattr(money, "TOGETHER", 2)
    put = actions.put_lines
    texts = [_drawn(draw, serial) for serial in range(1, 5)]
    came: set[int] = set()
    accounts = [cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY]

    def maybe(**given: object) -> int:
        if draw.randrange(5) == 0:
            raise ConnectionError
        return put(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(money.actions, "put_lines", maybe)
    for _ in range(40):
        which = draw.randrange(8)
        if which < 4:
            came.add(which)
            try:
                take("bank", texts[which][0], name=f"{which}.xml")
            except ConnectionError:
                continue
        elif line := draw.choice([*MoneyLine.objects.order_by("id")] or [None]):
            _meddle(draw, line, accounts)
    monkeypatch.setattr(money.actions, "put_lines", put)
    for which in came:
        take("bank", texts[which][0], name=f"{which}.xml")
    assert book("bank") == sum(texts[which][1] for which in came)
    assert sum(book(name) for name in ("bank", "rent", "suspense", "refunds", "not_rent", "benefit", "collected")) == 0
    assert book("rent") == sum(map(rent, accounts))
    assert queries.self_check() == []


def _drawn(draw: random.Random, serial: int) -> tuple[str, int]:
    """Draw a statement, and return it with what its lines add up to."""
    numbers = ["0070012345", "7OO12345", "0070099991", "RENT", ""]
    sums = [draw.randrange(1, 900_00) for _ in range(5)]
    lines = [entry(f"{pence // 100}.{pence % 100:02}", draw.choice(numbers), "A Payer") for pence in sums]
    closing = 1000 + sum(sums)
    return statement(*lines, serial=serial, closing=f"{closing // 100}.{closing % 100:02}"), sum(sums)


def _meddle(draw: random.Random, line: MoneyLine, accounts: list[str]) -> None:
    """Do something to a line, right or wrong: what may not be is refused."""
    done = [
        lambda: actions.match_payment(line=line.id, account=draw.choice(accounts), **how()),  # type: ignore[arg-type]
        lambda: actions.take_off_payment(line=line.id, why="wrong_account", **how()),  # type: ignore[arg-type]
        lambda: actions.settle_suspense(line=line.id, book="refunds", note="Back.", **how()),  # type: ignore[arg-type]
    ]
    with suppress(Refused):
        draw.choice(done)()


ACCOUNTS_HEAD = (
    "TenancyReference,PaymentReference,ChargeFrequency,Rent,ServiceCharge,TermsFrom,ChargedTo,Balance,BalanceDate,CourtCosts"
)
ACCOUNTS = f"""{ACCOUNTS_HEAD}
T1,0070012345,weekly,118.47,12.50,2026-04-06,2026-11-22,-12.50,2026-11-22,
T2,0070012345,monthly,280.00,,2026-04-01,,40.00,2026-11-22,355.00
T9,0070012347,weekly,100.00,,2026-04-06,,7.00,2026-11-22,
"""


def test_accounts_are_brought_over_and_add_up_to_the_penny(landlord: Landlord, bring: Callable[..., Any]) -> None:
    bring("homes", "PropertyReference,AddressLine1,UPRN\nP1,1 Wick Row,\nP2,2 Wick Row,\n")
    bring("people", "PersonReference,NameFull\nA,Ada Bell\nB,Ben Cole\n")
    head = "TenancyReference,PropertyReference,PersonReference,Role,TenureType,StartDate\n"
    bring("tenancies", f"{head}T1,P1,A,tenant,assured,2019-06-03\nT2,P2,B,tenant,assured,2020-06-01\n")
    outcome = bring("accounts", ACCOUNTS)
    assert [(one.line, one.column) for one in outcome.problems] == [(3, "PaymentReference"), (4, "TenancyReference")]
    assert (outcome.written, outcome.totals) == (1, (-1_250, 40_200))
    again = bring("accounts", ACCOUNTS.replace("T2,0070012345", "T2,0070012346"))
    assert (again.written, again.there, again.totals) == (1, 1, (38_250, 700))
    assert outcome.doubted == []
    assert bring("accounts", ACCOUNTS.replace("0070012347", "LH-47")).doubted == [4]
    ben = queries.account_of_reference("0070012346")
    assert ben is not None
    owes = RentBalance.objects.get(id=ben.id)
    assert owes.charged_to_on == date(2026, 11, 30)  # the month of its balance is charged in it: no run charges it again
    ahead = queries.account_of_reference("0070012345")
    assert ahead is not None
    assert rent(ahead.id) == -1_250
    assert [term["pence"] for term in queries.terms(ahead.id)[0].terms] == [11_847, 1_250]
    assert queries.self_check() == []
    # Other court costs are another balance: what adds up here must be in the books.
    costs = bring("accounts", ACCOUNTS.replace("T2,0070012345", "T2,0070012346").replace("355.00", "400.00"))
    assert [(one.line, one.column) for one in costs.problems if one.line < 4] == [(3, "Balance")]
    assert costs.there == 1
    # A number that the old system has otherwise now is changed; one of another account is not.
    changed = bring("accounts", ACCOUNTS.replace("T1,0070012345", "T1,0070055555").replace("T2,0070012345", "T2,0070012346"))
    assert (changed.changed, changed.there) == (1, 1)
    moved = queries.account_of_reference("0070055555")
    assert moved is not None
    assert moved.id == ahead.id
    assert queries.account_of_reference("0070012345") is None
    taken = bring("accounts", ACCOUNTS.replace("T1,0070012345", "T1,0070012346").replace("T2,0070012345", "T2,"))
    assert [(one.line, one.column) for one in taken.problems if one.line < 4] == [(2, "PaymentReference")]
    assert queries.account_of_reference("0070012346") is not None
