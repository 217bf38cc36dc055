"""A yearly change of rents on the desk: worked out by one, looked at, released by another, and a notice given by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.desk.tests.scene import day_parts, refused, sent, words_of
from lamplit.desk.tests.story import do
from lamplit.reactions import rent_changes as jobs
from lamplit.rent import actions, facts, queries
from tests import cast, rents

PATH = "/desk/rent/changes"


@pytest.fixture
def let(scene, monkeypatch):
    """Ruth's rent has stood for more than a year, and the CPI is known."""
    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", lambda _: Decimal("3.8"))
    for account, kind, pence in ((cast.RUTHS_TENANCY, "social", 11_847), (cast.TOMASZS_TENANCY, "market", 20_000)):
        terms = [facts.Term(charge="rent", pence=pence), facts.Term(charge="service", pence=1_250, category="B")]
        given = {"from_on": rents.next_monday(london_date(now()), -400), "frequency": "weekly", "rent_type": kind}
        do(actions.set_terms, account=account, terms=terms, **given)
    return scene


def test_a_change_is_worked_out_released_by_another_and_carried_out(let, desk, monkeypatch):
    income, finance, caller = desk("income"), desk("finance"), desk("contact_centre")
    first = rents.next_monday(london_date(now()), 60)
    assert caller.get(PATH).status_code == 403
    said = refused(income, f"{PATH}/new", frequency="weekly", **day_parts("from_on", now() + timedelta(days=1)))
    assert "does not begin on that day" in said or "Notices had to be" in said
    sent(income, f"{PATH}/new", frequency="weekly", **day_parts("from_on", first))
    (row,) = queries.rent_runs()
    page = words_of(income, f"{PATH}/{row.id}")
    for words in ("Waits for a second person", "£130.97", "£136.66", "£5.69 (4.3%)", "1: there is no rule for its kind of rent"):
        assert words in page
    assert income.get(f"{PATH}/{row.id}/release").status_code == 403
    sent(finance, f"{PATH}/{row.id}/release")
    assert "Nobody was written to." in words_of(finance, f"{PATH}/{row.id}/back")
    jobs.go_on(now())
    assert finance.get(f"{PATH}/{row.id}/back").status_code == 404
    waiting = words_of(finance, f"{PATH}/{row.id}")
    assert "Who waits for a notice" in waiting
    assert "not posted yet" in waiting
    assert "Given by hand" in waiting
    with monkeypatch.context() as posted:
        posted.setattr("lamplit.messages.queries.posted", lambda letters: dict.fromkeys(letters, now()))
        assert "posted, counts from" in (gone := words_of(finance, f"{PATH}/{row.id}"))
        assert "Given by hand" not in gone
    by_hand = f"{PATH}/{row.id}/{cast.RUTHS_TENANCY}/given"
    assert income.get(by_hand).status_code == 403
    sent(finance, by_hand, how="Dele gave it to Ruth at the door.", **day_parts("on", now()))
    with monkeypatch.context() as wrong:
        wrong.setattr(queries, "rents_differ", lambda _: ["pence: 2 released, 1 charged"])
        jobs.go_on(now())
        assert "This change is not closed" in words_of(finance, f"{PATH}/{row.id}")
    jobs.go_on(now())
    assert "This change is not closed" not in (said := words_of(finance, f"{PATH}/{row.id}"))
    assert "With their new rent: 1 of 1." in said
    terms = queries.terms_on(cast.RUTHS_TENANCY, first)
    assert terms is not None
    assert [one["pence"] for one in terms.terms] == [12_416, 1_250]


def test_without_the_cpi_it_says_where_to_enter_it(let, desk, monkeypatch):
    def unknown(_):
        raise LookupError

    monkeypatch.setattr("lamplit.rent.rules.rent_change.cpi_for", unknown)
    first = rents.next_monday(london_date(now()), 60)
    said = refused(desk("income"), f"{PATH}/new", frequency="weekly", **day_parts("from_on", first))
    assert "Ask whoever looks after the server to add it in LAMPLIT_HOME/figures/rent.law.toml" in said
    assert f"CPI of September {first.year - (1 if first.month >= 4 else 2)}" in said


def test_days_without_a_charge_stand_on_the_account_and_can_be_cut(let, desk):
    finance, income = desk("finance"), desk("income")
    path, today = f"/desk/rent/{cast.RUTHS_TENANCY}", now()
    assert income.get(f"{path}/days").status_code == 403
    days = {**day_parts("from_on", today + timedelta(days=7)), **day_parts("to_on", today + timedelta(days=20))}
    assert "is empty" in refused(finance, f"{path}/days", why="decanted", **days)
    sent(finance, f"{path}/days", why="decanted", note="She stays with her sister.", **days)
    assert "Days without a charge" in words_of(finance, path)
    assert "She stays with her sister." in words_of(finance, path)
    (row,) = queries.days_of(cast.RUTHS_TENANCY)
    sent(finance, f"{path}/days/{row.id}", **day_parts("to_on", today + timedelta(days=10)))
    assert queries.days_of(cast.RUTHS_TENANCY)[0].to_on == london_date(today + timedelta(days=10))
    sent(finance, f"{path}/days/{row.id}", on_day="")
    assert "Days without a charge" not in words_of(finance, path)
    assert "8 Ember Rise" in words_of(income, "/desk/rent/voids")


def test_a_large_credit_for_days_is_agreed_to_by_somebody_else(let, desk, monkeypatch):
    finance, lead = desk("finance"), desk("lead")
    path, today = f"/desk/rent/{cast.RUTHS_TENANCY}", london_date(now())
    credit = queries.Credit(charge="rent", pence=41_000, on=today)
    monkeypatch.setattr("lamplit.rent.rules.days.credits_for", lambda *_: [credit])
    monkeypatch.setattr("lamplit.rent.queries.days.credits_for", lambda *_: [credit])
    days = {**day_parts("from_on", now() - timedelta(days=20)), **day_parts("to_on", now())}
    sent(finance, f"{path}/days", why="cannot_live_there", note="The roof is open.", **days)
    assert "£410.00 was charged for them. The credit waits for a second person." in words_of(finance, path)
    (row,) = queries.days_of(cast.RUTHS_TENANCY)
    assert "You left these days out yourself" in refused(finance, f"{path}/days/{row.id}/credit")
    assert "Credit £410.00?" in words_of(lead, f"{path}/days/{row.id}/credit")
    sent(lead, f"{path}/days/{row.id}/credit")
    owes = queries.owes(cast.RUTHS_TENANCY)
    assert owes is not None
    assert owes.rent == -41_000
    assert lead.get(f"{path}/days/{row.id}/credit").status_code == 303
