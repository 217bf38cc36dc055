"""Tables beside a repair: rates, surveys and proofs, variations, places to stay, reviews."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, PersonalJson, PersonalText


class Rate(Folded):
    """One rate of the schedule: its price for one unit from `from_on` to `until_on`, that day included."""

    code = models.TextField()
    says = models.TextField()
    trade = models.TextField()
    unit = models.TextField()
    pence = models.BigIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        db_table = "rate"
        constraints = [models.UniqueConstraint(fields=["code", "from_on"], name="rate_once")]


class Survey(Folded):
    """What a surveyor found. Its works name it."""

    repair = models.TextField()
    home = models.TextField()
    household = models.TextField()
    surveyor = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    found = PersonalText("household", "case")
    cause = PersonalText("household", "case")
    readings = PersonalText("household", "case")
    there = PersonalText("household", "case")

    class Meta:
        db_table = "survey"
        indexes = [models.Index(fields=["repair"], name="survey_repair")]


class Proof(Folded):
    """One thing that shows that a work is done; its id is the entry's."""

    work = models.TextField()
    repair = models.TextField()
    household = models.TextField()
    kind = models.TextField()
    photo = models.TextField(null=True)
    at = models.DateTimeField()
    by = models.TextField()
    says = PersonalText("household", "case")

    class Meta:
        db_table = "proof"
        indexes = [models.Index(fields=["repair"], name="proof_repair")]


class Variation(Folded):
    """More work or money that was asked for. `state`: waiting, agreed or refused."""

    work = models.TextField()
    repair = models.TextField()
    household = models.TextField()
    contractor = models.TextField(null=True)
    approver = models.TextField(null=True)
    more = models.TextField()
    state = models.TextField()
    pence = models.BigIntegerField(null=True)
    limit_pence = models.BigIntegerField()
    make_safe = models.BooleanField(null=True)
    at_once = models.BooleanField(null=True)
    trade = models.TextField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    answer_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(null=True)
    led_to = models.TextField(null=True)
    price = PersonalJson("household", "case")
    what = PersonalText("household", "case")
    why = PersonalText("household", "case")
    decided_why = PersonalText("household", "case")

    class Meta:
        db_table = "variation"
        indexes = [
            models.Index(fields=["repair"], name="variation_repair"),
            models.Index(fields=["work"], name="variation_work"),
            models.Index(fields=["answer_by"], condition=Q(state="waiting"), name="variation_waiting"),
            models.Index(fields=["asked_at"], condition=Q(make_safe=True), name="variation_make_safe"),
        ]


class Stay(Folded):
    """Somewhere to stay that was offered. `state`: offered, accepted, declined, begun (they live there) or ended.

    Days are ISO text.
    """

    repair = models.TextField()
    household = models.TextField()
    state = models.TextField()
    offered_at = models.DateTimeField()
    offered_by = models.TextField()
    answered_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    pence = models.BigIntegerField(null=True)
    who = PersonalText("household", "contact")
    place = PersonalText("household", "contact")
    from_on = PersonalText("household", "contact")
    until_on = PersonalText("household", "contact")
    suits = PersonalText("household", "case")

    class Meta:
        db_table = "stay"
        indexes = [models.Index(fields=["repair"], name="stay_repair")]


class Review(Folded):
    """A review of why a trouble comes back. Open while `closed_at` is None."""

    repair = models.TextField()
    home = models.TextField()
    household = models.TextField()
    owner = models.TextField(null=True)
    because = models.TextField()
    reports = models.BigIntegerField(null=True)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(null=True)
    finding = PersonalText("household", "case")
    changes = PersonalText("household", "case")
    tells = PersonalText("household", "case")

    class Meta:
        db_table = "review"
        indexes = [
            models.Index(fields=["repair"], name="review_repair"),
            models.Index(fields=["home", "opened_at"], name="review_home"),
            models.Index(fields=["due_on"], condition=Q(closed_at__isnull=True), name="review_open"),
        ]
