"""Files of money on the desk, the queue of suspense, and whose benefit has not come."""

from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.desk.tests.scene import day_parts, refused, restrict, sent, words_of
from lamplit.record.page import action
from lamplit.rent import actions, queries
from lamplit.rent.facts import AccountReferenced, Term
from tests import cast, money


@action
def give_number(page, *, by, at, command):
    page.write(AccountReferenced(account=cast.TOMASZS_TENANCY, reference="0070099991"))


def test_what_waits_is_put_on_an_account_taken_off_and_settled(scene, desk, monkeypatch):
    made = money.money_file(cast.RUTHS_TENANCY)
    give_number(by=money.BY, at=now(), command="t:number")
    lead = desk("lead")
    files = words_of(lead, "/desk/money")
    assert "Bank, …166" in files
    assert "£173.47 in" in files
    assert "1, £55.00" in files
    never = f"/desk/money/files/{made['file']}/never"
    assert "No more files come from this firm" in words_of(lead, f"/desk/money/files/{made['file']}")
    sent(lead, never, missing="after", why="firm_ended", note="The bank was changed.")
    assert "never comes: this firm collects for us no more. The bank was changed. Jo Lead" in words_of(lead, "/desk/money")
    sent(lead, never, note="It was the other account.")
    assert "never comes" not in words_of(lead, "/desk/money")
    money.old_file(now() - timedelta(days=60))
    assert "PayPoint, 9: none since" in words_of(lead, "/desk/money")
    assert lead.get("/desk/money/files/f_00000000000000000000/never").status_code == 404
    waits, paid = (f"/desk/money/files/{made['file']}/{number}" for number in (made["number"], made["posted"]))
    queue = words_of(lead, "/desk/money/suspense")
    assert "9 days, old" in queue
    assert "The next ones" not in queue
    monkeypatch.setattr(queries, "suspense_total", lambda: (201, 5_500))
    assert '"/desk/money/suspense?from=200"' in lead.get("/desk/money/suspense").content.decode()
    monkeypatch.undo()
    assert "A Payer" in queue
    assert "No account has this payment number" in refused(lead, waits, account="other", reference="1")
    sent(lead, waits, account="other", reference="0070 0999 91")  # as the account's page shows it
    owes = queries.owes(cast.TOMASZS_TENANCY)
    assert owes is not None
    assert owes.rent == -5_500
    assert "Nothing waits" in words_of(lead, "/desk/money/suspense")
    assert lead.get(f"{waits}/settle").status_code == 404
    sent(lead, f"{waits}/off", why="wrong_account")
    assert "Write the reason" in refused(lead, f"{waits}/settle", book="not_rent")
    sent(lead, f"{waits}/settle", book="not_rent", note="The sale of a van.")
    assert "It is not rent at all" in words_of(lead, waits)
    assert "by its number, 100 of 100 sure" in words_of(lead, paid)
    assert lead.get(f"/desk/money/files/{made['file']}/9").status_code == 404
    assert desk("contact_centre").get("/desk/money").status_code == 403
    assert "Ember Rise" in words_of(lead, f"/desk/money/files/{made['file']}")


def test_benefit_that_has_not_come_is_seen_and_asked_about(scene, desk):
    clerk, lead = desk("housing_officer"), desk("lead")
    assert "All benefit that we expect has come" in words_of(clerk, "/desk/money/benefit")
    claim = money.claim(cast.RUTHS_TENANCY)
    late = words_of(clerk, "/desk/money/benefit")
    assert "5 Ember Rise" in late
    assert "not yet" in late
    sent(clerk, f"/desk/money/benefit/{claim}/asked", said="A letter is on its way.")
    assert "Jo Housing Officer" in words_of(clerk, "/desk/money/benefit")
    page = f"/desk/money/accounts/{cast.RUTHS_TENANCY}/benefit"
    assert "A letter is on its way." in words_of(clerk, page)
    asked = {
        "scheme": "hb", "state": "paying", "reference": "HB/1001", "award_pence": "90.00", "award_per": "week",
        "eligible_pence": "120", "eligible_per": "week", "cycle": "four_weekly", "pays_after_days": "0",
    }  # fmt: skip
    sent(lead, f"{page}/{claim}", **asked, **day_parts("paid_to", now()))
    assert "5 Ember Rise" not in words_of(clerk, "/desk/money/benefit")
    sent(lead, f"{page}/{claim}/end", stopped="yes", **day_parts("ends_on", now() - timedelta(days=1)))
    assert "it was stopped" in words_of(clerk, "/desk/money/benefit")
    sent(lead, f"{page}/new", **asked, **day_parts("paid_to", now()))
    assert len(queries.claims_of(cast.RUTHS_TENANCY)) == 2
    assert lead.get(f"/desk/money/accounts/{cast.TOMASZS_TENANCY}/benefit/{claim}").status_code == 404
    assert "5 Ember Rise" in words_of(desk("contact_centre"), "/desk/money/benefit")
    restrict(cast.RUTH)
    assert "5 Ember Rise" not in words_of(desk("contact_centre"), "/desk/money/benefit")


def test_the_page_of_benefit_says_what_universal_credit_counts_and_when_we_may_ask_for_it(scene, desk):
    clerk, page = desk("housing_officer"), f"/desk/money/accounts/{cast.RUTHS_TENANCY}/benefit"
    assert "Universal Credit counts" not in words_of(clerk, page)
    today = london_date(now())
    terms = [Term(charge="rent", pence=11_847), Term(charge="water", pence=500)]
    how = {"by": money.BY, "at": now()}
    actions.set_terms(
        account=cast.RUTHS_TENANCY, from_on=today - timedelta(days=today.weekday()), frequency="weekly", terms=terms, **how,
        command="t:terms",
    )  # fmt: skip
    assert "as £513.37 a month" in words_of(clerk, page)
    owe = {"account": cast.RUTHS_TENANCY, "debit": "rent", "credit": "rent_income", "what": "adjustment", "why": "charged_wrong"}
    actions.move_money(**owe, pence=102_673, **how, command="t:owes")
    assert "You may ask the DWP" not in words_of(clerk, page)
    actions.move_money(**owe, pence=1, **how, command="t:owes:more")
    assert "You may ask the DWP to pay their rent to us" in words_of(clerk, page)
