"""How much of rent waits for a person, by the page on which it stands."""

from typing import NamedTuple

from lamplit.rent.models import BankAdvice, BankDetails, Dispute, MoneyLine, Refund, SaidPayment


class Waits(NamedTuple):
    """How many wait. `asked`: what tenants told us; `debits`: what banks said, and changed bank details."""

    asked: int
    debits: int
    refunds: int
    suspense: int


def waits() -> Waits:
    """Count what waits."""
    return Waits(
        asked=Dispute.objects.filter(outcome=None).count() + SaidPayment.objects.filter(outcome=None).count(),
        debits=BankAdvice.objects.filter(person=True, settled_at__isnull=True).count()
        + BankDetails.objects.filter(state="waiting").count(),
        refunds=Refund.objects.filter(state="asked").count(),
        suspense=MoneyLine.objects.filter(state="suspense").count(),
    )
