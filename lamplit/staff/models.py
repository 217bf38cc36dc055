"""Tables of staff, contractors and turns on call."""

from django.db import models

from lamplit.record.fields import Folded, JsonText, PersonalText
from lamplit.record.search import Squeezed, generated


class Contractor(Folded):
    """A firm that works for the landlord."""

    trades = JsonText()  # list of names
    name = PersonalText("id", "contact")
    phone = PersonalText("id", "contact")
    email = PersonalText("id", "contact")

    class Meta:
        db_table = "contractor"


class Staff(Folded):
    """Somebody who works here or for a contractor. The only place that permissions are read from."""

    roles = JsonText()  # list of `facts.RoleName`
    team = models.TextField(null=True)
    contractor = models.TextField(null=True)
    shut = models.BooleanField()
    shut_because = models.TextField(null=True)
    link_asked_at = models.DateTimeField(null=True)  # while a new way in waits for its second person
    link_asked_by = models.TextField(null=True)
    in_since = models.DateTimeField()  # joined, or let in again
    link_given_at = models.DateTimeField(null=True)
    link_used_at = models.DateTimeField(null=True)
    name = PersonalText("id", "contact")
    email = PersonalText("id", "contact")
    phone = PersonalText("id", "contact")
    email_key = generated(Squeezed("email"))

    class Meta:
        db_table = "staff"
        constraints = [models.UniqueConstraint(fields=["email_key"], name="staff_one_email")]
        indexes = [models.Index(fields=["contractor"], name="staff_contractor")]


class Token(Folded):
    """A way in for a firm's own system. `digest` is the SHA-256 of what it shows, in hexadecimal; `expires_on` the last day."""

    contractor = models.TextField()
    digest = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.TextField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    label = PersonalText("contractor", "contact")

    class Meta:
        db_table = "token"
        constraints = [models.UniqueConstraint(fields=["digest"], name="token_digest_once")]
        indexes = [models.Index(fields=["contractor"], name="token_contractor")]


class Patch(Folded):
    """A part of the landlord's homes: whole blocks, and postcodes by how they begin."""

    name = models.TextField()
    blocks = JsonText()  # list of ids
    postcodes = JsonText()  # list of beginnings, squeezed: "zz11" for ZZ1 1

    class Meta:
        db_table = "patch"


class Cover(Folded):
    """A contractor does a trade in a patch (everywhere, when there is none) from `from_on` to `until_on`."""

    contractor = models.TextField()
    trade = models.TextField()
    patch = models.TextField(null=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cover"
        indexes = [models.Index(fields=["contractor"], name="cover_contractor")]


class Shift(Folded):
    """A turn on call. `lead` is rung when the first does not accept."""

    staff = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    lead = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "shift"
        indexes = [models.Index(fields=["until_at", "from_at"], name="shift_times")]


class LookLimit(Folded):
    """When a reader (a member of staff, or a firm's system) last reached a limit on looking, and until when it is lifted."""

    reached_at = models.DateTimeField(null=True)
    span = models.TextField(null=True)
    most = models.IntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(null=True)
    lifted_until = models.DateTimeField(null=True)
    why = PersonalText("id", "case")

    class Meta:
        db_table = "look_limit"
        indexes = [models.Index(fields=["reached_at"], name="look_limit_reached")]
