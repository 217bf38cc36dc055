"""Holds, breathing spaces, steps, and where accounts stood when the nightly job looked."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalJson, PersonalText


class AccountHold(Folded):
    """A hold. While `ended_at` is not set, no step is taken on its account. `because`: the contact or e-mail it follows from."""

    account = models.TextField()
    kind = PersonalText("account", "care")
    words = PersonalText("account", "care")
    owner = models.TextField(null=True)
    because = models.TextField(null=True)
    review_on = models.DateField()
    placed_at = models.DateTimeField()
    placed_by = models.TextField()
    moved_at = models.DateTimeField(null=True)
    moved_by = models.TextField(null=True)
    kept = PersonalText("account", "care")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    ended = PersonalText("account", "care")

    class Meta:
        db_table = "account_hold"
        indexes = [
            models.Index(fields=["account"], name="account_hold_account"),
            models.Index(fields=["review_on"], condition=Q(ended_at=None), name="account_hold_review"),
            models.Index(fields=["because"], condition=Q(because__isnull=False), name="account_hold_because"),
        ]


class HoldLook(Folded):
    """Somebody looked at a hold that follows from something else, and left it."""

    account = models.TextField()
    code = PersonalText("account", "care")
    words = PersonalText("account", "care")
    review_on = models.DateField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "hold_look"
        indexes = [models.Index(fields=["account", "at"], name="hold_look_account")]


class RentProtection(Folded):
    """A breathing space: what an account owed on `from_on` is protected until it ended. `about` is a `facts.Protection`.

    `started_at` is when it was written down: lines written later of the time before belong to what is protected.
    """

    account = models.TextField()
    from_on = models.DateField()
    pence = models.BigIntegerField()
    about = PersonalJson("account", "care")
    words = PersonalText("account", "care")
    started_at = models.DateTimeField()
    started_by = models.TextField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)

    class Meta:
        db_table = "rent_protection"
        indexes = [models.Index(fields=["account"], name="rent_protection_account")]


class ArrearsStep(Folded):
    """A step that was taken; its id is its entry's, which the letters that follow from it name."""

    account = models.TextField()
    step = models.TextField()
    on = models.DateField()
    pence = models.BigIntegerField()
    relies = JsonText()
    citation = models.TextField()
    tenants = JsonText()
    pay_by_on = models.DateField(null=True)
    spoke = models.BooleanField(null=True)
    working = PersonalJson("account", "case")
    says = PersonalText("account", "case")
    note = PersonalText("account", "case")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "arrears_step"
        indexes = [models.Index(fields=["account", "at"], name="arrears_step_account")]


class RefusedStep(Folded):
    """A step that a person asked for and that holds refused."""

    account = models.TextField()
    step = models.TextField(null=True)
    holds = PersonalJson("account", "care")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "refused_step"
        indexes = [models.Index(fields=["account"], name="refused_step_account")]


class ConsideredNeeds(Folded):
    """A person considered the needs in a home."""

    account = models.TextField()
    words = PersonalText("account", "care")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "considered_needs"
        indexes = [models.Index(fields=["account", "at"], name="considered_needs_account")]


class ArrearsCase(Folded):
    """Where an account stood when the nightly job last found it changed; its id is the account's.

    `since_on`: the night from which it has owed without a break. `times`: how often it began to. `before_pence`: what it owed
    when it was found changed the time before.
    """

    pence = models.BigIntegerField()
    before_pence = models.BigIntegerField()
    stands = models.TextField()
    since_on = models.DateField(null=True)
    seen_on = models.DateField()
    times = models.IntegerField()

    class Meta:
        db_table = "arrears_case"
        indexes = [models.Index(fields=["id"], condition=~Q(stands="clear"), name="arrears_case_open")]


class RentSample(Folded):
    """One night's sample. `differing`: accounts whose entries do not give what our tables say."""

    accounts = models.IntegerField()
    differing = JsonText()
    at = models.DateTimeField()

    class Meta:
        db_table = "rent_sample"
        indexes = [models.Index(fields=["-at"], name="rent_sample_newest")]
