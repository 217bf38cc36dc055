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


class ReachCode(models.Model):
    """A code that was sent to a new number or address to prove it. Only a keyed hash of it stands here."""

    reach = models.TextField(primary_key=True)
    code_hash = models.TextField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField()

    class Meta:
        db_table = "reach_code"
        indexes = [models.Index(fields=["expires_at"], name="reach_code_expires")]
