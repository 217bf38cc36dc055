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
