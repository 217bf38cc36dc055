"""The desk's plain tables: how staff sign in. Who may do what is never here, but in the record."""

from django.conf import settings
from django.db import models


class Account(models.Model):
    """The way in of one member of staff. Her username is her staff id; name, e-mail and roles stand in the record."""

    staff = models.TextField(primary_key=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_account"


class AccountLink(models.Model):
    """A link with which somebody chooses her password, once. Only a hash of what it holds stands here."""

    key_hash = models.TextField(primary_key=True)
    staff = models.TextField()
    made_by = models.TextField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_account_link"
        indexes = [models.Index(fields=["staff"], name="staff_link_of")]
