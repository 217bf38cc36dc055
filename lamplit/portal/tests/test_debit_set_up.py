"""She sets up a Direct Debit herself, changes its bank account and ends it; and her account number stands nowhere."""

import logging
import re
from datetime import timedelta

import pytest

from lamplit.basics.age_quick import Opener
from lamplit.basics.clock import now
from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.config import bank_details
from lamplit.portal.tests.scene import add_reach, tomasz_comes_in
from lamplit.portal.tests.test_pages import send
from lamplit.portal.tests.test_report import text_of
from lamplit.record.blobs import read_sealed_many
from lamplit.rent import actions, queries
from lamplit.rent.facts import Budget
from lamplit.rent.tests.account import CLERK, brought
from lamplit.rent.tests.account import kept as keep_rent_of
from tests import cast
from tests.bank import ACCOUNT, GUARANTEE, OTHER_ACCOUNT, SORT_CODE, ready_for_bank, where_it_stands

HOME, NEW = "/rent/direct-debit", "/rent/direct-debit/new"
MONTHLY = f"{NEW}?alone=yes&every=monthly"
RUTH = cast.RUTHS_TENANCY
HERS = {"holder": "Ruth Adeyemi", "sort_code": "10-00-03", "number": ACCOUNT, "day": "8"}


@pytest.fixture
def ruth(signed_in, tmp_path, monkeypatch):
    """Ruth has come in; her rent is £120 a week, of which benefit pays us £50. Returns her, and who can open bank details."""
    identity = ready_for_bank(tmp_path, monkeypatch)
    brought()
    claim = {"scheme": "hb", "state": "paying", "award_pence": 5_000, "award_per": "week", "cycle": "four_weekly"}
    actions.record_claim(
        account=RUTH, eligible_pence=12_000, eligible_per="week", pays_after_days=0, paid_to=london_date(now()), **claim,
        by=CLERK, at=now(), command="t:claim",
    )  # fmt: skip
    return signed_in(), identity


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, f"no {name} in the page"
    return found[1]


def _asks(client, ask):
    """She is asked what the sum needs; what is wrong is said in words, and what she typed never comes back."""
    assert f'href="{NEW}"' in client.get("/rent").content.decode()
    assert "How often do you want to pay?" in text_of(client.get(NEW))
    marker = hidden(client.get(NEW), "asked")  # without it a form that is sent empty looks like one that nobody has sent
    assert text_of(client.get(f"{NEW}?asked={marker}")).count("Choose one of the answers") == 4
    assert "Choose one of the answers" in text_of(client.get(f"{NEW}?every=monthly"))
    assert "paper form that all of you sign" in text_of(client.get(f"{NEW}?alone=no&every=weekly"))
    page = text_of(client.get(MONTHLY))
    # £120 x 52 / 12 less £50 x 52 / 12.
    assert "Your rent and service charges £520.00 Less the benefit that is paid to us −£216.67 We would take £303.33" in page
    assert "Day 22 of the month" in page
    assert "instalment" not in page
    # What is wrong is said in words; what she typed never comes back.
    for wrong, words in (
        ({"number": "31926811"}, "Check the sort code and account number. They do not belong together."),
        ({"number": f"{ACCOUNT}99999"}, "Check the sort code and the account number."),
        ({"day": "9"}, "Choose one of the answers"),
    ):
        page = ask(send(client, MONTHLY, **{**HERS, **wrong}))
        assert words in text_of(page)
        assert "we never show bank details again" in text_of(page)
        assert not re.search(r'name="(holder|sort_code|number)"[^>]*value="[^"]', page.content.decode())


def _checks_and_says_yes(client, identity, ask):
    """She reads it over and says yes; somebody else's page and a changed one set up nothing."""
    page = ask(send(client, MONTHLY, **{**HERS, "number": f"{ACCOUNT[:4]} {ACCOUNT[4:]}"}))
    text, today = text_of(page), london_date(now())
    first = queries.first_possible("monthly", 8, today)
    assert today + timedelta(days=14) < first
    for said in ("ends in 810", "£303.33", "each month", "Day 8 of the month", full_date(first), *GUARANTEE.split("\n\n")):
        assert said.strip() in text
    assert queries.mandate_of(RUTH) is None, "nothing is kept before she says yes"
    checked = hidden(page, "checked")
    # Another person, or a changed page, sets up nothing.
    keep_rent_of(cast.TOMASZS_TENANCY)
    tomasz = tomasz_comes_in()
    for asked, text in ((tomasz, checked), (client, checked[:-2])):
        assert "Please type it again." in text_of(send(asked, NEW, checked=text))
    assert queries.mandate_of(cast.TOMASZS_TENANCY) is queries.mandate_of(RUTH) is None
    done = send(client, NEW, checked=checked)
    assert done["Location"] == f"{HOME}/done"
    row = queries.mandate_of(RUTH)
    assert (row.person, row.way, row.every, row.day) == (cast.RUTH, "paperless", "monthly", 8)
    assert row.pence == row.usual_pence == 30_333
    details = queries.details(row.details)
    kept = read_sealed_many({details.blob: queries.blob_of_details(details.id)})[details.blob]
    opened = bank_details.opened(kept, Opener([identity]))
    assert (opened.name, opened.sort_code, opened.account) == ("Ruth Adeyemi", SORT_CODE, ACCOUNT)
    page = ask(client.get(f"{HOME}/done"))
    for said in ("We send you a letter", "at least 10 working days before", full_date(first), "Its second paragraph."):
        assert said in text_of(page)
    assert send(client, NEW, checked=checked)["Location"] == HOME, "one is there"


def _changes_and_ends(client, ask):
    """Another bank account waits. She ends it, and sets it up again from the account that we know."""
    row = queries.mandate_of(RUTH)
    # Other bank details wait; nobody else's pages have hers.
    assert "they do not belong together" in text_of(ask(send(client, f"{HOME}/bank", **{**HERS, "number": "40000007"}))).lower()
    assert send(client, f"{HOME}/bank", **{**HERS, "number": OTHER_ACCOUNT})["Location"] == f"{HOME}/bank?done=yes"
    for page in (f"{HOME}/bank?done=yes", HOME):
        assert "The account that ends in 006 waits until" in text_of(ask(client.get(page)))
    assert [one.state for one in queries.details_of(RUTH)] == ["waiting", "current"]
    assert queries.mandate_of(RUTH).details == row.details
    # She ends it; then it can be set up again from the same account, which she need not type.
    actions.drop_details(details=queries.details_of(RUTH)[0].id, by=CLERK, at=now(), command="t:drop")
    assert send(client, f"{HOME}/end")["Location"] == f"{HOME}?ended=yes"
    assert "Your Direct Debit has ended" in text_of(client.get(f"{HOME}?ended=yes"))
    page = text_of(client.get(MONTHLY))
    assert "We take it from your account that ends in 810." in page
    assert "Sort code" not in page
    page = ask(send(client, MONTHLY, day="15"))
    assert send(client, NEW, checked=hidden(page, "checked"))["Location"] == f"{HOME}/done"
    assert queries.mandate_of(RUTH).details == row.details


def test_she_sets_it_up_and_her_number_stands_nowhere(ruth, portal, caplog):
    caplog.set_level(logging.DEBUG)
    client, identity = ruth
    shown = []

    def ask(answer):
        shown.append(answer.content.decode())
        return answer

    _asks(client, ask)
    _checks_and_says_yes(client, identity, ask)
    _changes_and_ends(client, ask)
    # What she typed is in no table, session, draft, file, page or log. The search finds one that is there.
    portal.publish()
    beside = (*shown, caplog.text, *(str(record.__dict__) for record in caplog.records))
    for number in (ACCOUNT, OTHER_ACCOUNT):
        assert where_it_stands(portal, number, *beside) == []
    session = client.session
    session["typed"] = {"number": ACCOUNT}
    session.save()
    assert where_it_stands(portal, ACCOUNT, f"POST {ACCOUNT[:4]} {ACCOUNT[4:]}") == ["a session", "what was shown or logged (0)"]


def test_whoever_cannot_do_it_here_is_told_to_ring(ruth, tmp_path, monkeypatch):
    client, _ = ruth
    for gone, variable in (("finance.pub", "LAMPLIT_FINANCE_KEY"), ("modulus", "LAMPLIT_MODULUS")):
        monkeypatch.setenv(variable, str(tmp_path / "gone"))
        page = text_of(client.get(MONTHLY))
        assert "Please ring us" in page, gone
        assert "This is our fault, not yours." in page
        monkeypatch.setenv(variable, str(tmp_path / gone))
    (tmp_path / "guarantee.txt").write_text("")
    assert "Please ring us" in text_of(send(client, MONTHLY, **HERS))
    (tmp_path / "guarantee.txt").write_text(GUARANTEE)
    # Her plan's instalment is hers to add.
    first = london_date(now()) + timedelta(days=1)
    budget = Budget(comes_in=100_000, goes_out=90_000, words=None)
    actions.agree_plan(
        account=RUTH,
        each_pence=1_000,
        every="monthly",
        first_on=first,
        budget=budget,
        by=cast.BY_RUTH,
        at=now(),
        command="t:plan",
    )
    assert "Also take the instalment of my plan, £10.00 each time" in text_of(client.get(MONTHLY))
    assert "instalment" not in text_of(client.get(f"{NEW}?alone=yes&every=weekly"))
    page = send(client, MONTHLY, **HERS, with_plan="on")
    assert "£313.33" in text_of(page)
    # The sum that she read is the sum that she says yes to.
    plan = queries.plan(RUTH)
    actions.end_plan(plan=plan.id, why="asked", by=CLERK, at=now(), command="t:plan:end")
    assert "What we would take has changed" in text_of(send(client, NEW, checked=hidden(page, "checked")))
    held = {"kind": "dispute", "review_on": london_date(now()) + timedelta(days=10), "words": "She says it is wrong."}
    hold = actions.place_hold(account=RUTH, owner=cast.PRIYA, **held, by=CLERK, at=now(), command="t:hold")
    assert "We are looking into something on your account." in text_of(client.get(MONTHLY))
    actions.end_hold(hold=hold, by=CLERK, at=now(), command="t:hold:end", words="Answered.")
    # Somebody who is no tenant has none, and the tries are counted.
    add_reach(cast.MIA, "mia@home.example", command="test:mia")
    for _ in range(12):
        answer = send(client, MONTHLY, **{**HERS, "number": "31926811"})
    assert answer.status_code == 429
    assert queries.mandate_of(RUTH) is None
