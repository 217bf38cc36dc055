"""Disputes, payments that she told us of, and plans."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalJson, PersonalText


class Dispute(Folded):
    """A line that she says is wrong (or the whole account). Open until a person has answered; `outcome` says how."""

    account = models.TextField()
    line = models.TextField(null=True)
    pence = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.TextField()
    words = PersonalText("account", "case")
    outcome = models.TextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(null=True)
    answer = PersonalText("account", "case")

    class Meta:
        db_table = "rent_dispute"
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(outcome=None), name="rent_dispute_once_a_line"),
        ]
        indexes = [
            models.Index(fields=["account"], name="rent_dispute_account"),
            models.Index(fields=["at"], condition=Q(outcome=None), name="rent_dispute_open"),
        ]


class SaidPayment(Folded):
    """A payment that she told us of. It counts as on its way for some days, and holds every step until a person has looked.

    `outcome`: what was found.
    """

    account = models.TextField()
    pence = models.BigIntegerField()
    on = models.DateField()
    way = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    words = PersonalText("account", "case")
    outcome = models.TextField(null=True)
    line = models.TextField(null=True)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.TextField(null=True)
    answer = PersonalText("account", "case")

    class Meta:
        db_table = "said_payment"
        indexes = [
            models.Index(fields=["account"], name="said_payment_account"),
            models.Index(fields=["at"], condition=Q(outcome=None), name="said_payment_open"),
        ]


class RentPlan(Folded):
    """A plan. `instalments`: a list of [day, pence], the soonest first. It runs while `ended_at` is not set."""

    account = models.TextField()
    pence = models.BigIntegerField()
    instalments = JsonText()
    agreed_at = models.DateTimeField()
    agreed_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(null=True)
    budget = PersonalJson("account", "case")

    class Meta:
        db_table = "rent_plan"
        # One runs on an account: whoever agrees one locks the account. One that replaces another stands beside it for a moment.
        indexes = [models.Index(fields=["account"], condition=Q(ended_at=None), name="rent_plan_runs")]
