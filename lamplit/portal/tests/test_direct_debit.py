"""Her Direct Debit as she reads it, and her choice after one that we missed."""

from datetime import date, timedelta

from lamplit.basics.clock import now
from lamplit.portal.tests.scene import tomasz_comes_in
from lamplit.portal.tests.test_pages import send, text_of
from lamplit.reactions import debits as jobs
from lamplit.rent import actions, queries
from lamplit.rent.actions import SealedDetails
from tests import cast

PAGE = "/rent/direct-debit"
SAME = "Your number for it"


def test_she_reads_what_we_take_and_chooses_after_one_that_we_missed(signed_in):
    ruth, tomasz = signed_in(), tomasz_comes_in()
    assert "You do not pay by Direct Debit" in text_of(ruth.get(PAGE))
    # It is 40 days ago that she set it up; her bank knew it from an old system.
    at = now() - timedelta(days=40)
    begins = now().date() - timedelta(days=14)
    actions.set_up_mandate(
        account=cast.RUTHS_TENANCY, person=cast.RUTH, sealed=SealedDetails(b"sealed", "810", "valid"), way="paper",
        every="four_weekly", day=begins.isoweekday(), from_on=begins, pence=40_000, instruction=None, by=cast.BY_DELE, at=at,
        command="t:set-up",
    )  # fmt: skip
    assert jobs.give_notice(at) == 1
    shown = text_of(ruth.get(PAGE))
    assert SAME in shown
    assert "810" in shown
    assert shown.count("£400.00") == 6
    assert SAME not in text_of(tomasz.get(PAGE))
    missed = queries.collections_of(cast.RUTHS_TENANCY)[0]
    assert missed.on == begins
    jobs.look_for_missed(now() - timedelta(days=13))
    shown = text_of(ruth.get(PAGE))
    assert "That was our fault. You are not in arrears." in shown
    assert "Pay £400.00 now, another way" in shown
    choose = "Choose how to pay what we did not take"
    assert choose in text_of(ruth.get("/rent"))
    answer = send(ruth, PAGE, collection=missed.id, choice="pay_now")
    assert answer.status_code == 302
    shown = text_of(ruth.get(f"{PAGE}?done=yes"))
    assert "You chose to pay £400.00 another way. We will not take it." in shown
    assert "How do you want to pay it?" not in shown
    assert "You need do nothing else" not in shown
    assert choose not in text_of(ruth.get("/rent"))
    assert queries.collection(missed.id).state == "missed", "until it is paid"
    assert isinstance(missed.on, date)
