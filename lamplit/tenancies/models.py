"""Tables of tenancies and households."""

from django.db import models

from lamplit.record.fields import Folded, PersonalText
from lamplit.record.search import Exactly, generated


class Tenancy(Folded):
    """A tenancy of a home."""

    home = models.TextField()
    tenure = models.TextField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    why_ended = PersonalText("id", "case")
    reference = PersonalText("id", "case")  # in the system that it was brought over from
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "tenancy"
        indexes = [models.Index(fields=["home", "started_on"], name="tenancy_home")]
        constraints = [models.UniqueConstraint(fields=["reference_key"], name="tenancy_reference_once")]


class Member(Folded):
    """One person's place in a tenancy; its id is `<tenancy>.<person>`. `role`: tenant, occupant or child."""

    tenancy = models.TextField()
    person = models.TextField()
    role = models.TextField()
    since_on = models.DateField()
    left_on = models.DateField(null=True)
    why_left = PersonalText("tenancy", "case")

    class Meta:
        db_table = "member"
        indexes = [
            models.Index(fields=["tenancy"], name="member_tenancy"),
            models.Index(fields=["person"], name="member_person"),
        ]


def member_id(tenancy: str, person: str) -> str:
    """Return the id of the row that says that somebody lives in a tenancy."""
    return f"{tenancy}.{person}"
