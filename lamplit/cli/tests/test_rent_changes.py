"""`lamplit rent change`: new service charges from a file, all of them or none."""

import csv
from decimal import Decimal

import pytest

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from tests import cast, rents

BY = who.staff("s_finance1000000000000")


@pytest.fixture
def first(installed, monkeypatch):
    """Ruth pays with 7001, and her rent has stood for more than a year. Returns the first day of the new rents."""
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: Decimal("3.8"))
    cast.settle()
    today = london_date(now())
    row = actions.AccountRow(
        line=2, tenancy="OLD-1", reference="7001", frequency="weekly", rent_pence=11_847, service_pence=1_250,
        from_on=rents.next_monday(today, -400), balance_pence=0, balance_on=today,
    )  # fmt: skip
    monkeypatch.setattr(
        "lamplit.rent.actions.accounts.tenancies.by_reference", lambda names: dict.fromkeys(names, cast.RUTHS_TENANCY)
    )
    actions.import_accounts(rows=[row], rehearse=False, by=BY, at=now(), command="t:1")
    return rents.next_monday(today, 60)


def test_new_services_are_taken_whole_or_not_at_all(first, lamplit, tmp_path):
    file = tmp_path / "services.csv"
    file.write_text("PaymentReference,Charge,Amount,Category\n7001,service,12.00,A\n7002,garage,x,\n7001,heating,3,A\n")
    code, said = lamplit("rent", "change", "--from", str(first), "--services", str(file))[:2]
    assert code == 1
    assert "services.csv, line 3, Amount: That is no sum of money." in said
    assert "line 4, Category: Only a service that benefit pays for has a category." in said
    assert queries.rent_runs() == []
    file.write_text("PaymentReference,Charge,Amount,Category\n7001,service,12.00,A\n7001,service,3.50,B\n7001,heating,0,\n")
    asked = ("rent", "change", "--from", f"{first:%d/%m/%Y}", "--services", str(file))
    code, said = lamplit(*asked, "--dry-run")[:2]
    assert (code, queries.rent_runs()) == (0, [])
    assert "social: 1 accounts, £130.97 now, £139.66 from then on." in said
    assert "Left out, 1: nothing is set for it." in said
    assert lamplit(*asked)[0] == 0
    (line,) = queries.worked_of(queries.rent_runs()[0]).lines
    assert line.new == (
        Term(charge="rent", pence=12_416), Term(charge="service", pence=1_200, category="A"),
        Term(charge="service", pence=350, category="B"),
    )  # fmt: skip
    assert "is there already" in "".join(map(str, lamplit(*asked)))
    assert lamplit("rent", "notices")[0] == 0
    listed = tmp_path / "all.csv"
    assert lamplit("rent", "change-list", str(listed), "--from", str(first))[0] == 0
    assert listed.stat().st_mode & 0o077 == 0
    with listed.open(newline="", encoding="utf-8-sig") as lines:
        rows = {row["Account"]: row for row in csv.DictReader(lines)}
    ruths, tomaszs = rows[cast.RUTHS_TENANCY], rows[cast.TOMASZS_TENANCY]
    assert (ruths["PaymentReference"], ruths["NewRent"], ruths["NewTotal"], ruths["Stands"]) == (
        "7001",
        "124.16",
        "139.66",
        "prepared",
    )
    assert (tomaszs["Stands"], tomaszs["Why"]) == ("left out", "nothing is set for it")
