"""Charge runs on the desk: worked out by one, released by another, charged, and what is refused."""

from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.desk.tests.scene import day_parts, refused, restrict, sent, words_of
from lamplit.desk.tests.story import prepare_charges
from lamplit.reactions import rent as jobs
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from tests import cast


def test_a_week_is_worked_out_released_by_another_and_charged(scene, desk):
    run = prepare_charges()
    income, finance, caller = desk("income"), desk("finance"), desk("contact_centre")
    assert caller.get("/desk/rent/charges").status_code == 403
    page = words_of(income, f"/desk/rent/charges/{run}")
    assert "Waits for a second person" in page
    assert "£130.97" in page
    assert "5 Ember Rise" in page
    assert income.get(f"/desk/rent/charges/{run}/release").status_code == 403
    sent(finance, f"/desk/rent/charges/{run}/release")
    assert "0 of 1 accounts so far" in words_of(income, f"/desk/rent/charges/{run}")
    jobs.charge(run, now(), lambda _done, _of: None)
    assert "Charged." in words_of(income, f"/desk/rent/charges/{run}")
    assert finance.get(f"/desk/rent/charges/{run}/release").status_code == 404
    owes = queries.owes(cast.RUTHS_TENANCY)
    assert owes is not None
    assert owes.rent == 13_097


def test_whoever_worked_it_out_does_not_release_it_and_a_tuesday_begins_no_week(scene, desk):
    finance = desk("finance")
    run = prepare_charges(by=cast.who.staff(scene.staff["finance"]))
    assert "You worked this out" in words_of(finance, f"/desk/rent/charges/{run}")
    assert "Somebody else releases it" in refused(finance, f"/desk/rent/charges/{run}/release")
    tuesday = now() + timedelta(days=8 - now().weekday())
    said = refused(finance, "/desk/rent/charges/new", frequency="weekly", **day_parts("from_on", tuesday))
    assert "does not begin on that day" in said
    sent(finance, f"/desk/rent/charges/{run}/back")
    assert "Taken back" in words_of(finance, f"/desk/rent/charges/{run}")


def test_whoever_releases_a_run_sees_what_changed_since_the_one_before(scene, desk):
    run = prepare_charges()
    finance = desk("finance")
    assert "Since the run before" not in words_of(finance, f"/desk/rent/charges/{run}")
    sent(finance, f"/desk/rent/charges/{run}/release")
    jobs.charge(run, now(), lambda _done, _of: None)
    row = queries.run(run)
    week = row.to_on + timedelta(days=1)
    by = {"by": cast.who.staff("s_other"), "at": now()}
    terms = {"frequency": "weekly", "terms": [Term(charge="rent", pence=14_000)]}
    actions.set_terms(account=cast.RUTHS_TENANCY, from_on=week, **terms, command="t:more", **by)
    following = actions.prepare_charges(frequency="weekly", from_on=week, command="t:following", **by)
    page = words_of(finance, f"/desk/rent/charges/{following}")
    assert "0 the same, 1 with another sum, 0 new, 0 no longer charged." in page
    assert "£130.97 £140.00 £9.03 more" in page


def test_a_letting_without_terms_is_counted_and_leads_to_where_they_are_set(scene, desk):
    run = prepare_charges()
    income, finance = desk("income"), desk("finance")
    assert "1: no terms are set" in words_of(finance, f"/desk/rent/charges/{run}")
    listed = "/desk/rent/charges/unset"
    assert listed in finance.get(f"/desk/rent/charges/{run}").content.decode()
    assert f"/desk/rent/{cast.TOMASZS_TENANCY}/terms" in finance.get(listed).content.decode()
    assert f"/desk/rent/{cast.RUTHS_TENANCY}" not in finance.get(listed).content.decode()
    assert f'"/desk/rent/{cast.TOMASZS_TENANCY}"' in income.get(listed).content.decode()  # who may not set them reads
    assert desk("contact_centre").get(listed).status_code == 403
    actions.set_terms(
        account=cast.TOMASZS_TENANCY, from_on=queries.run(run).from_on, frequency="monthly",
        terms=[Term(charge="rent", pence=30_000)], by=cast.who.staff("s_other"), at=now(), command="t:his",
    )  # fmt: skip
    assert "no terms are set" not in words_of(finance, f"/desk/rent/charges/{run}")
    assert "for every letting" in words_of(finance, listed)


def test_a_letting_without_terms_of_somebody_kept_for_few_is_not_named(scene, desk):
    restrict(cast.TOMASZ)
    page = desk("finance").get("/desk/rent/charges/unset").content.decode()
    assert "A home that is kept for few" in page
    assert cast.TOMASZS_TENANCY not in page
