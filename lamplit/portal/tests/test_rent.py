"""Her rent as she sees it: where she stands, every line, what she says with one tap; and that nobody else sees it."""

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client

from lamplit.basics.clock import now
from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.config import standing_by
from lamplit.portal.tests.scene import add_reach, come_in, tomasz_comes_in
from lamplit.portal.tests.test_pages import send
from lamplit.portal.tests.test_report import text_of
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from lamplit.rent.tests.account import CLERK, brought
from lamplit.tenancies import actions as tenancies
from tests import cast, money

RUTH = cast.RUTHS_TENANCY


def day(on) -> dict[str, str]:
    return {"on_day": str(on.day), "on_month": str(on.month), "on_year": str(on.year)}


def test_where_an_old_system_keeps_her_rent_no_page_says_what_she_owes(signed_in):
    client = signed_in()
    said = text_of(client.get("/rent"))
    assert "Your rent is not kept here yet." in said
    assert "You do not need to pay anything" not in said
    assert "£0.00" not in said
    assert client.get(f"/rent/{RUTH}").status_code == 404
    assert client.get(f"/rent/{RUTH}/statement").status_code == 404
    assert client.get("/rent/direct-debit/new")["Location"] == "/rent"


def test_she_reads_where_she_stands_and_every_line_and_nobody_else_does(signed_in):
    client = signed_in()
    assert "Your rent" not in text_of(client.get("/")).split("What you can do")[0].split("What is happening")[1]
    brought()
    today = london_date(now())
    page = client.get("/rent")
    said = text_of(page)
    assert "Please pay £170.00 by" in said
    assert f"Up to {full_date(today)}" in said
    assert "Beside your rent: Court costs: £355.00 owed" in said
    assert "£170.00 owed" in said
    assert "Show everything" not in said  # every line of the rent is there; court costs are none
    assert "Please pay £170.00" in text_of(client.get("/"))
    paper = client.get(f"/rent/{RUTH}/statement")
    assert paper.getvalue().startswith(b"%PDF")
    tomasz = tomasz_comes_in()
    assert "£170.00" not in text_of(tomasz.get("/rent"))
    for closed in ("", "/dispute", "/paid", "/plan", "/statement"):
        assert tomasz.get(f"/rent/{RUTH}{closed}").status_code == 404
        assert Client().get(f"/rent/{RUTH}{closed}").status_code == 302


def test_a_new_rent_stands_there_before_it_begins_and_universal_credit_hears_of_it_from_her(signed_in):
    client = signed_in()
    brought()
    today = london_date(now())
    first, how = today + timedelta(days=30), {"account": RUTH, "by": CLERK, "at": now()}
    assert "Until then you pay" not in text_of(client.get("/rent"))
    actions.set_terms(from_on=first, frequency="weekly", terms=[Term(charge="rent", pence=12_576)], **how, command="t:new")
    said = text_of(client.get("/rent"))
    assert f"From {full_date(first)} you pay £125.76 each week. Until then you pay £120.00." in said
    assert "Universal Credit" not in said
    actions.record_claim(
        scheme="uc_tenant", state="paying", award_pence=52_000, award_per="month", cycle="monthly", eligible_pence=52_000,
        eligible_per="month", pays_after_days=0, paid_to=today, **how, command="t:uc",
    )  # fmt: skip
    assert "Tell them your new rent in your online account once it has begun." in text_of(client.get("/rent"))


def test_one_tap_stops_the_chase_and_i_have_paid_counts_until_somebody_looked(signed_in):
    client = signed_in()
    brought()
    page = client.get("/rent").content.decode()
    form = page.split(f'action="/rent/{RUTH}/dispute"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(nonce|line)" value="([^"]*)"', form))
    assert client.post(f"/rent/{RUTH}/dispute", fields)["Location"] == f"/rent/{RUTH}?done=disputed"
    said = text_of(client.get(f"/rent/{RUTH}?done=disputed"))
    assert "We do not ask you for this until a person has looked" in said
    assert "You do not need to pay anything now." in said
    dispute = queries.disputes(RUTH)[0]
    assert dispute.pence == 20_000
    actions.answer_dispute(dispute=dispute.id, outcome="not_upheld", words="It is your rent.", by=CLERK, at=now(), command="t:4")
    assert "Our answer: It is your rent." in text_of(client.get("/rent"))

    today, path = london_date(now()), f"/rent/{RUTH}/paid"
    assert "Write the sum in pounds" in text_of(send(client, path, pence="ten", way="shop", **day(today)))
    assert "must be today or in the last 60 days" in text_of(
        send(client, path, pence="50", way="shop", **day(today + timedelta(days=3)))
    )
    assert send(client, path, pence="50", way="shop", **day(today))["Location"].endswith("?done=paid")
    said = text_of(client.get("/rent"))
    assert "Please pay £120.00 by" in said
    assert f"You told us that you paid £50.00 on {full_date(today)}." in said
    assert "You paid this. It is on its way to us" in said


def test_at_the_standby_it_says_until_when_we_know(signed_in, monkeypatch):
    client = signed_in()
    brought()
    for page in ("/rent", "/"):
        assert "This is what we knew" not in text_of(client.get(page))
    monkeypatch.setattr(standing_by, "known_at", now)
    for page in ("/rent", "/"):
        assert f"This is what we knew on {full_date(london_date(now()))}" in text_of(client.get(page))


def test_she_agrees_a_plan_that_she_can_afford(signed_in):
    client = signed_in()
    brought()
    first, path = london_date(now()) + timedelta(days=7), f"/rent/{RUTH}/plan"
    said = {
        f"first_on_{part}": value
        for part, value in zip(("day", "month", "year"), first.strftime("%d %m %Y").split(), strict=True)
    }
    given = {"comes_in": "1,200.00", "goes_out": "1150", "every": "monthly", **said}
    assert "more than you have left" in text_of(send(client, path, each_pence="85", **given))
    assert "You have nothing left" in text_of(send(client, path, each_pence="10", **{**given, "comes_in": "900"}))
    assert send(client, path, each_pence="50", **given)["Location"].endswith("?done=plan")
    page = text_of(client.get("/rent"))
    assert "You do not need to pay anything now. Your next instalment is £50.00, by" in page
    assert f"{full_date(first)}: £50.00" in page
    assert "£20.00" in page  # the last one is what is left


def test_a_child_or_occupant_of_the_home_sees_no_rent(portal):
    brought()
    add_reach(cast.MIA, "mia@home.example", command="test:mia")
    mia = come_in("mia@home.example")
    assert "You have no rent account" in text_of(mia.get("/rent"))
    assert mia.get(f"/rent/{RUTH}").status_code == 404


def test_who_left_a_joint_tenancy_is_a_stranger_to_its_account(signed_in):
    """What is known of a flat that she fled, or he was made to leave, is whoever's who stayed; until that tenancy ends."""
    by: dict[str, Any] = {"tenancy": RUTH, "person": cast.OTTO, "by": cast.BY_PRIYA}
    tenancies.join_household(role="tenant", since_on=date(2025, 1, 6), at=cast.AT, command="t:joins", **by)
    brought()
    add_reach(cast.OTTO, "otto@home.example", command="test:otto")
    otto, today = signed_in("otto@home.example"), london_date(now())
    made = money.money_file(RUTH)
    pages = (f"/rent/{RUTH}", *(f"/rent/{RUTH}/{one}" for one in ("dispute", "paid", "plan", "statement")))
    pages = (*pages, f"/rent/receipts/{made['file']}/{made['posted']}")
    assert [otto.get(path).status_code for path in pages] == [200] * len(pages), "a joint tenant sees all of it"
    left = today - timedelta(days=30)
    tenancies.leave_household(left_on=left, end_reaches=[], at=now(), command="t:leaves", **by)
    assert [otto.get(path).status_code for path in pages] == [404] * len(pages)
    for path in ("/", "/rent", "/rent/receipts", "/rent/direct-debit"):
        assert "£" not in text_of(otto.get(path)), path
    tenancies.end_tenancy(tenancy=RUTH, ended_on=today, by=cast.BY_PRIYA, at=now(), command="t:ends")
    assert otto.get(pages[0]).status_code == 404
    assert signed_in().get(pages[0]).status_code == 200, "she was there to its last day"
