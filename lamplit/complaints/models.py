"""Complaints and their clocks. Who complained, about what and where, is sealed under the complaint's own key."""

from typing import Any

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, PersonalText


class Complaint(Folded):
    """One complaint. `status`: made, acknowledged. The two dates are the Code's, as they stood when they were set."""

    reference = models.TextField()
    status = models.TextField()
    acknowledge_by_on = models.DateField()
    respond_by_on = models.DateField()
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    owner = models.TextField(null=True)
    assigned_at = models.DateTimeField(null=True)
    person = PersonalText("id", "case")
    home = PersonalText("id", "case")
    repair = PersonalText("id", "case")
    contact = PersonalText("id", "case")
    channel = PersonalText("id", "case")
    words = PersonalText("id", "case")
    wanted = PersonalText("id", "case")
    name = PersonalText("id", "case")
    reach = PersonalText("id", "case")
    made_by = PersonalText("id", "case")
    assigned_by = PersonalText("id", "case")
    acknowledged_by = PersonalText("id", "case")
    definition = PersonalText("id", "case")
    acknowledged_how = PersonalText("id", "case")

    class Meta:
        db_table = "complaint"
        constraints = [models.UniqueConstraint(fields=["reference"], name="complaint_reference")]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="complaint_of_person"),
            models.Index(fields=["repair"], name="complaint_about_repair"),
            models.Index(fields=["acknowledge_by_on"], name="complaint_unread", condition=Q(status="made")),
            models.Index(fields=["respond_by_on"], name="complaint_respond"),
        ]

    @property
    def due_on(self) -> Any:
        """The next of its two dates."""
        return self.acknowledge_by_on if self.status == "made" else self.respond_by_on
