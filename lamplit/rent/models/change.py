"""Changes of rents, what became of each account in them, and days without a charge."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalText


class RentRun(Folded):
    """A change of rents. `state`: prepared, released, finished or withdrawn. `lines`: the blob that holds every account of it."""

    frequency = models.TextField()
    from_on = models.DateField()
    cpi = models.TextField()
    accounts = models.IntegerField()
    by_type = JsonText()
    left_out = models.IntegerField()
    lines = models.TextField()
    state = models.TextField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    released_by = models.TextField(null=True)
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rent_run"
        constraints = [
            models.UniqueConstraint(fields=["frequency", "from_on"], condition=~Q(state="withdrawn"), name="rent_run_once_a_day"),
        ]


class RentChange(Folded):
    """What became of one account in a change of rents; its id is `<account>.<run>`. `state`: noticed, changed or kept.

    `messages`: the letters that were ordered. `given_on`: when a person gave the notice. `noticed_on`: when it was served.
    """

    account = models.TextField()
    run = models.TextField()
    state = models.TextField()
    old_pence = models.BigIntegerField()
    new_pence = models.BigIntegerField(null=True)
    messages = JsonText()
    given_on = models.DateField(null=True)
    given_by = models.TextField(null=True)
    how = PersonalText("account", "case")
    noticed_on = models.DateField(null=True)
    why = models.TextField(null=True)

    class Meta:
        db_table = "rent_change"
        indexes = [
            models.Index(fields=["run", "state"], name="rent_change_run"),
            models.Index(fields=["account"], name="rent_change_account"),
        ]


class UnchargedDays(Folded):
    """Days of an account for which nothing is due, both included. Without a last day they were taken back."""

    account = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    why = models.TextField()
    note = PersonalText("account", "case")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "uncharged_days"
        indexes = [models.Index(fields=["account", "from_on"], name="uncharged_days_account")]
