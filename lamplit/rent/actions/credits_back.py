"""What Bacs says of a credit of ours: a refund came back (ARUCS), or the account that we pay to has changed (AWACS)."""

from typing import Any

from lamplit.basics.working_days import london_date
from lamplit.record.page import Page
from lamplit.rent import facts, queries
from lamplit.rent.actions.mandates import SealedDetails, drop_noticed, take_details
from lamplit.rent.models import BankDetails, DebitMandate, Refund, RentBalance
from lamplit.rent.rules.credit_advices import CreditEffect, credit_effect

KINDS = ("AWACS", "ARUCS")


def act_on_credit(page: Page, item: Any, steps: tuple[str, ...] | None, moved: SealedDetails | None, blob: str) -> int:
    """Act on one item, an `AdviceItem`. Returns 1 when a person must look."""
    refund = queries.refund_of_reference(item.reference)
    row = page.lock(Refund, refund.id) if refund is not None else None
    current = queries.current_details(row.account) if row is not None else None
    ours = row is not None and current is not None and row.details == current.id
    waits = row is not None and any(one.state == "waiting" for one in queries.details_of(row.account))
    effect = credit_effect(steps, supplied=moved is not None and not waits, in_force=ours)
    back = row is not None and row.state == "sent" and effect.money_back and row.pence == item.pence
    person = effect.person or row is None or waits or effect.money_back != back
    advice = page.new_id("q")
    page.write(
        facts.AdviceTaken(
            advice=advice, report=item.report, item=item.item, kind=item.kind, person=person, blob=blob,
            stop_letters=effect.stop_letters, account=row.account if row else None, refund=row.id if row else None,
            pence=item.pence, code=item.code if row else None,
        )
    )  # fmt: skip
    if row is not None:
        if back:
            _give_back(page, row, advice)
        if ours and back == effect.money_back:
            _details(page, row.account, row.details, effect, moved, advice)
        if effect.stop_letters:
            _stop(page, row.account)
    return int(person)


def _give_back(page: Page, refund: Any, advice: str) -> None:
    """The money stands on her account again, once, and a person decides anew."""
    line = queries.line_of_refund(refund)
    page.write(facts.RefundReturned(refund=refund.id, account=refund.account, advice=advice))
    if line is None or queries.is_reversed(line):  # a person put it right by hand before the report came
        return
    page.lock(RentBalance, refund.account)
    page.write(
        facts.MoneyMoved(
            account=refund.account, debit="refunds", credit=refund.book, pence=refund.pence, what="reversal",
            on=london_date(page.at), why="returned_unpaid", source=refund.id, reverses=line,
        )
    )  # fmt: skip


def _details(page: Page, account: str, old: str, effect: CreditEffect, moved: SealedDetails | None, advice: str) -> None:
    """Put what the bank supplied in their place, or none; refunds that no file has yet do not go to the old ones."""
    if not effect.moves_details and not effect.ends_details:
        return
    if effect.moves_details and moved is not None:
        _give_back_what_waits(page, old, advice)
        take_details(page, account, moved, "bank")
        return
    end_details(page, account, old, advice)
    mandate = queries.mandate_of(account)
    if mandate is not None and mandate.details == old:
        _stop(page, account)


def end_details(page: Page, account: str, old: str, advice: str) -> None:
    """Nothing is paid to these bank details any more; a refund that no file has yet stands on her account again."""
    _give_back_what_waits(page, old, advice)
    page.lock(BankDetails, old)
    page.write(facts.DetailsEnded(account=account, details=old))


def _give_back_what_waits(page: Page, old: str, advice: str) -> None:
    for row in queries.refunds_waiting_for(old):
        _give_back(page, page.lock(Refund, row.id), advice)


def _stop(page: Page, account: str) -> None:
    """Collect nothing either until a person looked."""
    mandate = queries.mandate_of(account)
    row = page.lock(DebitMandate, mandate.id) if mandate is not None and mandate.state == "live" else None
    if row is not None and row.state == "live":
        page.write(facts.MandateChanged(mandate=row.id, account=account, became="stopped", why="bank"))
        drop_noticed(page, row)
