"""Complaints as the queue, the portal and staff read them."""

from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, When

from lamplit.complaints.models import Complaint

LIMIT = 200


def open_complaints(*, owner: str | None = None, after: tuple[date, str] | None = None, limit: int = LIMIT) -> list[Any]:
    """Return complaints that wait for us, what is due first first; each has `due_on`, the next of its two dates.

    `after`: due_on and id of the last one seen.
    """
    due_on = Case(When(status="made", then=F("acknowledge_by_on")), default=F("respond_by_on"), output_field=DateField())
    found = Complaint.objects.annotate(due_on=due_on)
    if owner is not None:
        found = found.filter(owner=owner)
    if after is not None:
        found = found.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], id__gt=after[1]))
    return list(found.order_by("due_on", "id")[:limit])


def count_open_complaints(*, owner: str | None = None) -> int:
    """Return how many complaints wait for us, of everybody or of one owner."""
    return (Complaint.objects.all() if owner is None else Complaint.objects.filter(owner=owner)).count()


def complaints_of(person: str) -> list[Complaint]:
    """Return a person's complaints, newest first."""
    return list(Complaint.objects.filter(person=person).order_by("-made_at", "-id")[:LIMIT])


def complaints_about(repair: str) -> list[Complaint]:
    """Return complaints about a repair, newest first."""
    return list(Complaint.objects.filter(repair=repair).order_by("-made_at", "-id")[:LIMIT])


def complaint(ident: str) -> Complaint | None:
    """Return one complaint, or None."""
    return Complaint.objects.filter(id=ident).first()


def by_reference(reference: str) -> Complaint | None:
    """Return the complaint with this reference, however it is spaced or cased, or None."""
    wanted = reference.strip().upper().replace(" ", "-")
    return Complaint.objects.filter(reference=wanted).first()
