"""The portal's plain tables: secrets and half-filled forms. None of it is in the record (lamplit/config/plain_tables.py)."""

from django.db import models


class SignInCode(models.Model):
    """A one-time code that was asked for, whether or not we know who asked. Only a keyed hash of the code stands here.

    `people` lists whom it lets in, mostly one; nobody where the number or address is not known to us.
    """

    id = models.TextField(primary_key=True)
    code_hash = models.TextField()
    people = models.JSONField()
    sent_by = models.TextField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    proved = models.BooleanField(default=False)

    class Meta:
        db_table = "sign_in_code"
        indexes = [models.Index(fields=["expires_at"], name="sign_in_code_expires")]


class ReportDraft(models.Model):
    """A report that somebody is writing, so that nothing is lost when the phone dies.

    Found by a signed cookie or, when she signed in, by her person. Once sent, the answers go and `sent` says what we told her.
    """

    id = models.TextField(primary_key=True)
    person = models.TextField(null=True)
    answers = models.JSONField()
    sent = models.JSONField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "report_draft"
        indexes = [
            models.Index(fields=["changed_at"], name="report_draft_changed"),
            models.Index(fields=["person", "-changed_at"], name="report_draft_person"),
        ]


class Seen(models.Model):
    """When somebody last looked at her messages here, to count the new ones. Lost, all count as new."""

    person = models.TextField(primary_key=True)
    messages_at = models.DateTimeField()

    class Meta:
        db_table = "seen"


class DemoCode(models.Model):
    """A code as it would have been sent, for the demo's outbox. Written in the demo only."""

    channel = models.TextField()
    to = models.TextField()
    words = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "demo_code"
