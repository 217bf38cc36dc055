"""One small file of money and one benefit claim, for tests that look at pages."""

from datetime import date, datetime, timedelta

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.rent import actions
from lamplit.rent.facts import Told

BY = who.job("journeys")


def money_file(account: str) -> dict[str, str]:
    """Take in two lines: one is on the account, one waits. Returns the file and their numbers."""
    on = london_date(now()) - timedelta(days=9)
    told = Told(reference="RENT", payer="A Payer", ending="166")
    lines = [
        actions.Line(number=1, pence=11_847, on=on, told=told, account=account, how="reference", sure=100),
        actions.Line(number=2, pence=5_500, on=on, told=told),
    ]
    new = actions.NewFile(
        source="bank", layout="camt.053", sha256="0" * 64, part=0, label="…166", lines=2, credit_pence=17_347, debit_pence=0,
        serial="7", dated=on,
    )  # fmt: skip
    file = actions.take_file(file=new, by=BY, at=now(), command="test:money:take")
    actions.put_lines(file=file, lines=lines, by=BY, at=now(), command="test:money:lines")
    actions.finish_file(file=file, by=BY, at=now(), command="test:money:finish")
    return {"file": file, "posted": "1", "number": "2"}


def old_file(at: datetime) -> None:
    """Take in an empty file of a firm that has sent none since."""
    new = actions.NewFile(
        source="paypoint", layout="standard", sha256="9" * 64, part=0, label="9", lines=0, credit_pence=0, debit_pence=0,
        dated=london_date(at),
    )  # fmt: skip
    file = actions.take_file(file=new, by=BY, at=at, command="test:money:old")
    actions.finish_file(file=file, by=BY, at=at, command="test:money:old:finish")


def claim(account: str, paid_to: date | None = None) -> str:
    """Record a claim whose benefit has not come."""
    return actions.record_claim(
        account=account, scheme="hb", state="paying", award_pence=10_000, award_per="week", cycle="four_weekly",
        eligible_pence=12_000, eligible_per="week", pays_after_days=0, reference="HB/1001",
        paid_to=paid_to or london_date(now()) - timedelta(days=60), by=BY, at=now(), command=f"test:claim:{account}",
    )  # fmt: skip
