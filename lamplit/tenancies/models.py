"""Tables of tenancies and households."""

from django.db import models

from lamplit.record.fields import Folded, PersonalText


class Tenancy(Folded):
    """A tenancy of a home."""

    home = models.TextField()
    tenure = models.TextField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    why_ended = PersonalText("id", "case")

    class Meta:
        db_table = "tenancy"
        indexes = [models.Index(fields=["home", "started_on"], name="tenancy_home")]


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
