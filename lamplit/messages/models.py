"""What was said, what we promised and what we sent. Every row comes from facts; `voice` is whose key seals the words."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right

from lamplit.record.fields import Folded, PersonalText

CODE_LENGTH = 6


class Contact(Folded):
    """We and somebody were in touch. `happened_at` is when; `recorded_at` when it was written down, by `by`."""

    voice = models.TextField()
    person = models.TextField(null=True)
    home = models.TextField(null=True)
    repair = models.TextField(null=True)
    channel = PersonalText("voice", "case")
    direction = PersonalText("voice", "case")
    said = PersonalText("voice", "case")
    audience = PersonalText("voice", "case")
    by = models.TextField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "contact"
        indexes = [
            models.Index(fields=["person", "-happened_at"], name="contact_of_person"),
            models.Index(fields=["home", "-happened_at"], name="contact_of_home"),
            models.Index(fields=["repair", "-happened_at"], name="contact_of_repair"),
        ]


class Promise(Folded):
    """Something that we promised. On the queue until `kept_at` is set."""

    voice = models.TextField()
    person = models.TextField(null=True)
    home = models.TextField(null=True)
    repair = models.TextField(null=True)
    contact = models.TextField(null=True)
    owner = models.TextField(null=True)
    what = PersonalText("voice", "case")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    kept_at = models.DateTimeField(null=True)
    kept_by = models.TextField(null=True)
    how = PersonalText("voice", "case")

    class Meta:
        db_table = "promise"
        indexes = [
            models.Index(fields=["due_at"], name="promise_open", condition=Q(kept_at__isnull=True)),
            models.Index(fields=["person", "due_at"], name="promise_to_person"),
            models.Index(fields=["repair"], name="promise_about_repair"),
        ]


class Message(Folded):
    """A message from us. `status`: ordered, sent or failed. `tries` counts what went wrong; `because` is what it follows from.

    A message that could not be delivered and is sent another way has a successor, whose `because` is this one's id.
    """

    voice = models.TextField()
    person = models.TextField(null=True)
    because = models.TextField(null=True)
    channel = PersonalText("voice", "contact")
    to = PersonalText("voice", "contact")
    name = PersonalText("voice", "contact")
    template = PersonalText("voice", "contact")
    subject = PersonalText("voice", "contact")
    body = PersonalText("voice", "contact")
    about = PersonalText("voice", "contact")
    format = PersonalText("voice", "contact")
    status = models.TextField()
    tries = models.IntegerField()
    by = models.TextField()
    command = models.TextField()
    ordered_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = PersonalText("voice", "contact")
    why = PersonalText("voice", "contact")

    class Meta:
        db_table = "message"
        indexes = [
            models.Index(fields=["ordered_at"], name="message_to_send", condition=Q(status="ordered")),
            models.Index(fields=["-ordered_at"], name="message_failed", condition=Q(status="failed")),
            models.Index(fields=["voice", "-ordered_at"], name="message_of_voice"),
            models.Index(fields=["person", "-ordered_at"], name="message_of_person"),
            models.Index(fields=["because"], name="message_because"),
            models.Index(fields=["-ordered_at", "-id"], name="message_outbox"),
            # Every body ends with its check code, so the code needs no column of its own and is erased with the body.
            models.Index(Right("body", CODE_LENGTH), name="message_code"),
        ]
