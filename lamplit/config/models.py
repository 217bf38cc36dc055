"""Plain tables that all doors share. What stands here is not in the record and is lost without harm."""

from django.db import models


class Counted(models.Model):
    """How often somebody asked (limits.py). `key` is a keyed hash; it tells nobody who."""

    key = models.TextField(primary_key=True)
    count = models.IntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "counted"
        indexes = [models.Index(fields=["ends_at"], name="counted_ends")]


class Look(models.Model):
    """Somebody looked at a person's record, and no fact says so yet (looks.py). `about` is empty where no case led there."""

    id = models.BigAutoField(primary_key=True)
    reader = models.TextField()
    at = models.DateTimeField()
    person = models.TextField()
    via = models.TextField()
    about = models.TextField()
    count = models.IntegerField()

    class Meta:
        db_table = "look"
        constraints = [models.UniqueConstraint(fields=["reader", "at", "person", "via", "about"], name="look_once")]


class ReachCode(models.Model):
    """A code that was sent to a new number or address to prove it. Only a keyed hash of it stands here."""

    reach = models.TextField(primary_key=True)
    code_hash = models.TextField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField()

    class Meta:
        db_table = "reach_code"
        indexes = [models.Index(fields=["expires_at"], name="reach_code_expires")]


class KeptBooks(models.Model):
    """What an account's lines came to when the books were last checked (reactions/kept.py). Lost, it is summed again."""

    account = models.TextField(primary_key=True)
    rent = models.BigIntegerField()
    costs = models.BigIntegerField()
    recharge = models.BigIntegerField()
    former = models.BigIntegerField()
    occupation = models.BigIntegerField()
    lines = models.IntegerField()

    class Meta:
        db_table = "kept_books"


class KeptPoint(models.Model):
    """Up to which line `kept_books` goes, what suspense came to there, and when all lines were last read. One row."""

    id = models.IntegerField(primary_key=True)
    lines_to = models.DateTimeField()
    suspense = models.BigIntegerField()
    whole_at = models.DateTimeField()

    class Meta:
        db_table = "kept_point"
