"""What councils are told of new rents, and what stands empty: the lists, and what never gets onto one."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.cli import councils
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.rent.facts import Term
from lamplit.rent.tests.account import CLERK
from lamplit.tenancies import actions as tenancies
from tests import cast, money

APRIL = date(2026, 4, 6)


@pytest.fixture
def changed(installed):
    """Ruth's and Tomasz's rents are new from April, and she gets Housing Benefit."""
    from lamplit.rent import actions

    cast.settle()
    for account in (cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY):
        for on, rent, heating in ((date(2025, 4, 7), 11_847, 300), (APRIL, 12_416, 320)):
            lines = [
                Term(charge="rent", pence=rent), Term(charge="service", pence=1_000, category="A"),
                Term(charge="heating", pence=heating), Term(charge="service_not_eligible", pence=50),
            ]  # fmt: skip
            actions.set_terms(
                account=account, from_on=on, frequency="weekly", terms=lines, by=CLERK, at=datetime(2026, 1, 5, tzinfo=UTC),
                command=f"t:{account}:{on}",
            )  # fmt: skip
    money.claim(cast.RUTHS_TENANCY)


def test_a_list_for_each_council_and_none_for_whose_record_is_kept_for_few(changed, lamplit, tmp_path):
    folder, names = tmp_path / "lists", tmp_path / "councils.csv"
    names.write_text("Postcode,Council\nZZ,Far County Council\nZZ1 1,Lampton Council\nZZ11,Another Council\n")
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o755)
    open_to_all.chmod(0o755)
    asked = ("--from", str(APRIL), "--councils", str(names))
    assert "Others can read" in "".join(map(str, lamplit("rent", "councils", str(open_to_all), *asked)))
    assert list(open_to_all.iterdir()) == []
    code, said = lamplit("rent", "councils", str(folder), *asked)[:2]
    assert (code, "Lampton Council: 1 claim." in said) == (0, True)
    (file,) = folder.iterdir()
    assert (file.name, file.stat().st_mode & 0o077) == (f"lampton-council-{APRIL}.csv", 0)
    with file.open(newline="", encoding="utf-8-sig") as listed:
        (row,) = csv.DictReader(listed)
    assert row == {
        "ClaimReference": "HB/1001", "Tenants": "Ruth Adeyemi", "Address": "5 Ember Rise, Lampton", "Postcode": "ZZ1 1AA",
        "FirstDay": "2026-04-06", "Charged": "weekly", "OldEligibleRent": "118.47", "NewEligibleRent": "124.16",
        "OldEligibleServices": "10.00", "NewEligibleServices": "10.00", "OldNotEligible": "3.50", "NewNotEligible": "3.70",
    }  # fmt: skip
    code, said = lamplit("rent", "councils", str(folder), "--from", str(APRIL))[:2]
    assert (code, "council not known: 1 claim." in said) == (1, True)
    assert "no list" not in said
    marker = PersonNote(what="restricted", code="abuse", source="She told us")
    people.note_person(person=cast.RUTH, about=marker, by=CLERK, at=now(), command="t:alert")
    assert councils.write_lists(folder, APRIL, councils.Councils("Postcode,Council\n")) == ({}, [cast.RUTHS_TENANCY])
    code, said = lamplit("rent", "councils", str(folder), "--from", str(APRIL + timedelta(days=7)))[:2]
    assert (code, "0 lists" in said or "no lists" in said) == (0, True)


@pytest.mark.parametrize(
    ("postcode", "council"),
    [
        ("ZZ1 1AA", "sector"),
        ("ZZ1 2AA", "district"),
        ("ZZ11 2AA", "area"),
        ("ZY1 1AA", "council not known"),
        ("", "council not known"),
    ],
)
def test_the_longest_beginning_of_a_postcode_counts(postcode, council):
    known = councils.Councils("Postcode,Council\nzz1,district\nZZ1 1,sector\nZZ,area\n")
    assert known.of(postcode) == council


def test_an_empty_home_and_what_it_costs(changed, lamplit):
    ended = {"tenancy": cast.TOMASZS_TENANCY, "ended_on": date(2026, 4, 12)}
    tenancies.end_tenancy(**ended, by=CLERK, at=datetime(2026, 4, 13, tzinfo=UTC), command="t:end")
    code, said = lamplit("rent", "voids", "--from", str(APRIL), "--to", "26/04/2026")[:2]
    assert code == 0
    assert "8 Ember Rise, Lampton, ZZ1 1AA: 21 days from 6 April 2026, never let before." in said
    assert "2 Ember Rise, Lampton, ZZ1 1AA: 14 days from 13 April 2026, £275.72 lost." in said
    assert "2 homes empty for 35 days together: £275.72 lost." in said
