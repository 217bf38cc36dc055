"""What was said, what we promised and what we sent. Every row comes from facts; `voice` is whose key seals the words."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right

from lamplit.record.fields import Folded, PersonalJson, PersonalText

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
    proof = PersonalText("voice", "case")
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


class Email(Folded):
    """An e-mail that came in. `filed_at`: when it became a contact, by itself or by a person, or was set aside. A machine's is
    filed at once.
    """

    voice = models.TextField()
    person = models.TextField(null=True)
    repair = models.TextField(null=True)
    contact = models.TextField(null=True)
    message = models.TextField(null=True)
    machine = models.BooleanField()
    original = models.TextField()
    sender = PersonalText("voice", "case")
    name = PersonalText("voice", "case")
    subject = PersonalText("voice", "case")
    said = PersonalText("voice", "case")
    attached = PersonalJson("voice", "case")
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    filed_by = models.TextField(null=True)
    why = PersonalText("voice", "case")

    class Meta:
        db_table = "email"
        indexes = [
            models.Index(fields=["received_at"], name="email_to_file", condition=Q(filed_at__isnull=True)),
            models.Index(fields=["contact"], name="email_of_contact"),
        ]


class Post(Folded):
    """What a standby took in while it held no keys, from its reference to the e-mail that it became when somebody opened it."""

    what = models.TextField()
    reference = models.TextField()
    sealed = models.TextField()
    kept_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    email = models.TextField(null=True)
    spoilt = models.BooleanField(null=True)

    class Meta:
        db_table = "post"
        indexes = [models.Index(fields=["kept_at"], name="post_to_open", condition=Q(opened_at__isnull=True))]


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
    """A message from us. `status`: ordered, handed (to be fetched), sent, delivered, unheard or failed. `because`: what it
    follows from. `tries` counts what went wrong, `taken` how often a provider took it. `kept` names the bytes that left us.

    A message that could not be delivered and is sent another way has a successor, whose `because` is this one's id.
    """

    voice = models.TextField()
    person = models.TextField(null=True)
    because = models.TextField(null=True)
    paper = models.TextField(null=True)
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
    taken = models.IntegerField()
    prepared = models.IntegerField(null=True)  # `taken` as it was when its bytes were kept
    kept = models.TextField(null=True)
    provider = PersonalText("voice", "contact")
    form = PersonalText("voice", "contact")
    heard_at = models.DateTimeField(null=True)
    receipt = PersonalText("voice", "contact")
    why = PersonalText("voice", "contact")
    mark = models.TextField(null=True)  # where nobody has its key, its code finds it here and opens `told`
    told = models.TextField(null=True)
    disowned_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # by a person, after coming back

    class Meta:
        db_table = "message"
        indexes = [
            models.Index(fields=["ordered_at"], name="message_to_send", condition=Q(status="ordered")),
            models.Index(fields=["sent_at"], name="message_unheard", condition=Q(status="sent", prepared__isnull=False)),
            models.Index(fields=["-ordered_at"], name="message_failed", condition=Q(status="failed")),
            models.Index(fields=["voice", "-ordered_at"], name="message_of_voice"),
            models.Index(fields=["person", "-ordered_at"], name="message_of_person"),
            models.Index(fields=["because"], name="message_because"),
            models.Index(fields=["paper"], name="message_paper", condition=Q(paper__isnull=False)),
            models.Index(fields=["-ordered_at", "-id"], name="message_outbox"),
            # Every body ends with its check code, so the code needs no column of its own and is erased with the body.
            models.Index(Right("body", CODE_LENGTH), name="message_code"),
            models.Index(fields=["mark"], name="message_mark", condition=Q(mark__isnull=False)),
        ]


class Wording(Folded):
    """Templates that were in use together. `id` names their blob."""

    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "wording"
        indexes = [models.Index(fields=["-loaded_at"], name="wording_newest")]


class Forgery(Folded):
    """A message that somebody reported as not ours. `said` is there only if she agreed. Until `seen_at` it waits for a person."""

    report = models.TextField()
    channel = PersonalText("report", "case")
    said = PersonalText("report", "case")
    reported_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.TextField(null=True)

    class Meta:
        db_table = "forgery"
        indexes = [models.Index(fields=["reported_at"], name="forgery_to_see", condition=Q(seen_at__isnull=True))]


class Scam(Folded):
    """A fraud that goes round in our name, as we warn of it."""

    says = models.TextField()
    by = models.TextField()
    published_at = models.DateTimeField()
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scam"
        indexes = [models.Index(fields=["-published_at"], name="scam_now", condition=Q(ended_at__isnull=True))]


class Hold(Folded):
    """How far the letters are looked through that an incident stops; its id is the incident's."""

    upto = models.TextField()
    letters = models.IntegerField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter_hold"


class HeldLetter(Folded):
    """One letter that an incident stopped, `<incident>.<message>`, until a person lets it go on. `email`: the last answer."""

    incident = models.TextField()
    message = models.TextField()
    held_at = models.DateTimeField()
    email = models.TextField(null=True)
    answered_at = models.DateTimeField(null=True)
    promise = models.TextField(null=True)
    let_go_at = models.DateTimeField(null=True)
    let_go_by = models.TextField(null=True)

    class Meta:
        db_table = "held_letter"
        indexes = [
            models.Index(fields=["incident", "id"], name="held_letter_of"),
            models.Index(fields=["message"], name="held_letter_now", condition=Q(let_go_at=None)),
        ]
