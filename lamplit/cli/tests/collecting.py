"""Ruth pays by Direct Debit: what tests of it all begin with."""

from datetime import UTC, date, datetime

from lamplit.basics import who
from lamplit.config import bank_details
from lamplit.reactions import debits as jobs
from lamplit.rent import actions, queries
from lamplit.rent.rules.money_in import NewFile
from tests import cast
from tests.bank import ACCOUNT, SORT_CODE

AT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)  # a Monday
ONE, OTHER = who.staff("s_finance1000000000000"), who.staff("s_finance2000000000000")
ORIGIN = """
user_number = "612345"
user_name = "HARBOUR HEATH"
sort_code = "100000"
account = "87654321"
account_name = "HARBOUR HEATH RENT"
"""


def set_up(account=cast.RUTHS_TENANCY, person=cast.RUTH, number=ACCOUNT, pence=40_000, **more):
    sealed = bank_details.seal("Ruth Adeyemi", SORT_CODE, number)
    return actions.set_up_mandate(
        account=account, person=person, sealed=sealed, way="paperless", every="monthly", day=1, pence=pence, by=ONE, at=AT,
        command=f"t:mandate:{account}", **more,
    )  # fmt: skip


def run_of(entry_on, at, more=""):
    run = actions.prepare_debits(entry_on=entry_on, by=ONE, at=at, command=f"t:prepare:{entry_on}{more}")
    actions.release_debits(run=run, by=OTHER, at=at, command=f"t:release:{run}")
    return run


def sent(bank, run, at, tmp_path):
    lamplit, key, set_clock = bank
    set_clock(at)
    out = tmp_path / f"{run}.txt"
    code, said, wrong = lamplit("bacs", "write", "--run", run, "--key", str(key), "--out", str(out))
    assert code == 0, wrong
    return out.read_bytes(), said


def report(code, on, processed, reference):
    return f"""<BACSDocument><Data><ARUDD><Header currentProcessingDate="{on}"/><ServiceLicenseInformation userNumber="612345"/>
<Advice><OriginatingAccountRecords><OriginatingAccountRecord>
<ReturnedDebitItem ref="{reference}" transCode="01" returnCode="{code}" returnDescription="REFER TO PAYER"
originalProcessingDate="{processed}" valueOf="400.00" currency="GBP">
<PayerAccount number="{ACCOUNT}" ref="{reference}" name="R ADEYEMI" sortCode="10-00-03"/></ReturnedDebitItem>
<Totals numberOf="1" valueOf="400.00"/>
</OriginatingAccountRecord></OriginatingAccountRecords></Advice></ARUDD></Data></BACSDocument>"""


def by_direct_debit(bank, tmp_path):
    """Ruth pays 400 pounds by Direct Debit on the first of each month from June on. Returns her mandate."""
    mandate = set_up()
    sent(bank, run_of(date(2026, 5, 14), AT), AT, tmp_path)
    jobs.give_notice(AT)
    return mandate


def hers(on):
    return queries.collection(f"{cast.RUTHS_TENANCY}.{on}")


def pay(pence, on, at, account=cast.RUTHS_TENANCY):
    actions.move_money(
        account=account, debit="bank", credit="rent", pence=pence, what="payment", why="matched", on=on, by=ONE, at=at,
        command=f"t:pay:{on}",
    )  # fmt: skip


def files_to(day, at, serial=None):
    """The bank's file of a day is in the books."""
    sums = {"lines": 0, "credit_pence": 0, "debit_pence": 0, "serial": serial}
    new = NewFile(source="bank", layout="camt.053", sha256=f"{day:%Y%m%d}", part=0, label="ours", dated=day, **sums)
    file = actions.take_file(file=new, by=ONE, at=at, command=f"t:file:{day}")
    actions.finish_file(file=file, by=ONE, at=at, command=f"t:file:{day}:end")
