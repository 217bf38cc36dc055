"""The receipts of her payments: hers alone, and real without us."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lamplit.basics import who
from lamplit.basics.bacs_days import cycle
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.config import proofs
from lamplit.portal.tests.scene import tomasz_comes_in
from lamplit.portal.tests.test_pages import text_of
from lamplit.reactions import debits as jobs
from lamplit.record.verify import check_proof_file
from lamplit.rent import actions, queries
from lamplit.rent.actions import SealedDetails
from tests import cast, money

OTHER = who.staff("s_finance2000000000000")


@pytest.fixture
def near(portal, monkeypatch):
    monkeypatch.setattr(proofs, "near_store", lambda: portal.store)
    return portal


def ask(client: Client, path: str) -> None:
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', client.get(path).content.decode())
    assert nonce is not None
    assert client.post(path, {"nonce": nonce[1]}).status_code == 302


def test_each_payment_has_a_receipt_that_anybody_can_check(near, signed_in):
    made = money.money_file(cast.RUTHS_TENANCY)
    client, paid = signed_in(), f"/rent/receipts/{made['file']}/{made['posted']}"
    assert "£118.47" in client.get("/rent/receipts").content.decode()
    assert "We have £118.47 from you." in client.get(paid).content.decode()
    assert "Make the receipt" in client.get(f"{paid}/proof").content.decode(), "nothing is handed out that she did not ask for"
    ask(client, paid)
    assert "Your receipt is not ready yet" in client.get(f"{paid}/proof").content.decode()
    near.publish()
    file = client.get(f"{paid}/proof").content
    told = check_proof_file(file, near.key.vkey)
    assert told.ok
    assert cast.RUTHS_TENANCY.encode() in told.entry
    assert b'"pence":11847' in told.entry
    assert b"A Payer" not in file
    assert told.entry.count(b'"pence"') == 1, "the sums of nobody else are in it"
    assert "This receipt is real" in Client().post("/check", {"pasted": file.decode()}).content.decode()
    for path in (paid, f"{paid}/proof"):
        assert tomasz_comes_in().get(path).status_code == 404
        assert Client().get(path).status_code == 302
    assert client.get(f"/rent/receipts/{made['file']}/{made['number']}").status_code == 404  # nobody's yet


def test_what_a_person_put_on_her_account_has_a_receipt_and_what_was_taken_off_has_none(near, signed_in):
    made, client = money.money_file(cast.TOMASZS_TENANCY), signed_in()
    path = f"/rent/receipts/{made['file']}/{made['number']}"
    assert "No payment of yours is here yet" in client.get("/rent/receipts").content.decode()
    line = f"{made['file']}.{made['number']}"
    actions.match_payment(line=line, account=cast.RUTHS_TENANCY, by=money.BY, at=now(), command="t:match")
    ask(client, path)
    near.publish()
    told = check_proof_file(client.get(f"{path}/proof").content, near.key.vkey)
    assert told.ok
    assert b"payment.receipted" in told.entry
    actions.take_off_payment(line=line, why="wrong_account", by=money.BY, at=now(), command="t:off")
    assert client.get(path).status_code == 404
    assert queries.payments_of(cast.RUTHS_TENANCY) == []


def test_a_direct_debit_and_a_payment_that_somebody_keyed_have_one_until_they_are_taken_off(near, signed_in):
    account, client = cast.RUTHS_TENANCY, signed_in()
    line, keyed = collected(account), {"account": account, "by": OTHER, "at": now()}
    cash = actions.move_money(debit="bank", credit="rent", pence=2_500, what="payment", why="matched", **keyed, command="t:cash")
    near.publish()
    listed = client.get("/rent/receipts").content.decode()
    assert "£400.00" in listed
    assert "By Direct Debit" in listed
    assert "Written down by one of us" in listed
    for one, pence in ((line, b"40000"), (cash, b"2500")):
        path = f"/rent/receipts/e_{one.split('.')[1]}/{one.split('.')[2]}"
        assert tomasz_comes_in().get(path).status_code == 404
        ask(client, path)
        near.publish()
        file = client.get(f"{path}/proof").content
        told = check_proof_file(file, near.key.vkey)
        assert told.ok
        assert b'"pence":' + pence in told.entry
        assert b"payment_line.receipted" in told.entry
        taken_back(account, one)
        said = text_of(client.get(path))
        assert "was taken off your account again on" in said
        assert "We have £" not in said
        assert client.get(f"{path}/proof").headers["Content-Type"].startswith("text/html"), "it counts no more"
    assert "No payment of yours is here yet" in client.get("/rent/receipts").content.decode()
    charged = queries.lines(account)[-1]
    assert client.get(f"/rent/receipts/e_{charged.id.split('.')[1]}/0").status_code == 404, "a line that is no payment"


def collected(account: str) -> str:
    """Collect £400 from Ruth a fortnight ago. Returns the line of her books."""
    begins, at = cycle(london_date(now()) - timedelta(days=14)).entry_on, now() - timedelta(days=40)
    actions.set_up_mandate(
        account=account, person=cast.RUTH, sealed=SealedDetails(b"sealed", "810", "valid"), way="paper", every="four_weekly",
        day=begins.isoweekday(), from_on=begins, pence=40_000, instruction=None, by=money.BY, at=at, command="t:set-up",
    )  # fmt: skip
    assert jobs.give_notice(at) == 1
    at = datetime(*cycle(begins).input_on.timetuple()[:3], 9, tzinfo=UTC)
    run = actions.prepare_debits(entry_on=begins, by=money.BY, at=at, command="t:prepare")
    actions.release_debits(run=run, by=OTHER, at=at, command="t:release")
    how = {"created_on": at.date(), "file_digest": "0" * 64, "by": OTHER, "at": at, "command": "t:submit"}
    actions.submit_debits(run=run, serial=queries.next_serial(), **how)
    assert jobs.post_due(datetime(*begins.timetuple()[:3], 9, tzinfo=UTC)) == 1
    return queries.collections_of(account)[0].line


def taken_back(account: str, line: str) -> None:
    if line == queries.collections_of(account)[0].line:
        reference = queries.mandate_of(account).reference
        item = actions.AdviceItem(kind="ARUDD", report="t", item=1, code="2", reference=reference, pence=40_000)
        sealed = SealedDetails(b"a report", "", "valid")
        actions.take_report(items=[item], moved={}, report=sealed, by=money.BY, at=now(), command="t:report")
    else:
        actions.reverse_line(account=account, line=line, why="keyed_wrong", note=None, by=OTHER, at=now(), command="t:back")
