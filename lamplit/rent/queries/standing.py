"""Disputes, payments that she told us of, and plans: of one account, and what waits for a person."""

from lamplit.record.ready import Ready
from lamplit.rent.models import Dispute, RentPlan, SaidPayment

_DISPUTES = Ready(lambda account: Dispute.objects.filter(account=account).order_by("-at", "-id"))
_SAID = Ready(lambda account: SaidPayment.objects.filter(account=account).order_by("-at", "-id"))
_PLAN = Ready(lambda account: RentPlan.objects.filter(account=account, ended_at=None))


def dispute(dispute_id: str) -> Dispute | None:
    return Dispute.objects.filter(id=dispute_id).first()


def disputes(account_id: str) -> list[Dispute]:
    """Return everything that was ever disputed on an account, the newest first."""
    return _DISPUTES.all(account=account_id)


def open_disputes(limit: int = 200) -> list[Dispute]:
    """Return the disputes that wait for a person, the oldest first."""
    return list(Dispute.objects.filter(outcome=None).order_by("at", "id")[:limit])


def said_payments(account_id: str) -> list[SaidPayment]:
    """Return the payments that she told us of, the newest first."""
    return _SAID.all(account=account_id)


def said_open(limit: int = 200) -> list[SaidPayment]:
    """Return the payments she told us of that nobody has looked for, the oldest first."""
    return list(SaidPayment.objects.filter(outcome=None).order_by("at", "id")[:limit])


def last_plan(account_id: str) -> RentPlan | None:
    """Return the plan that was agreed last, whether or not it runs, or None."""
    return RentPlan.objects.filter(account=account_id).order_by("-agreed_at", "-id").first()


def plan(account_id: str) -> RentPlan | None:
    """Return the plan that runs, or None."""
    return _PLAN.first(account=account_id)
