"""Complaints as the queue, the portal and staff read them."""

from django.db.models import Case, DateField, F, When

from lamplit.complaints.models import Complaint

LIMIT = 200


def open_complaints(*, owner: str | None = None, limit: int = LIMIT) -> list[Complaint]:
    """Return complaints that wait for us, what is due first first; each has `due_on`, the next of its two dates."""
    due_on = Case(When(status="made", then=F("acknowledge_by_on")), default=F("respond_by_on"), output_field=DateField())
    found = Complaint.objects.annotate(due_on=due_on)
    if owner is not None:
        found = found.filter(owner=owner)
    return list(found.order_by("due_on", "id")[:limit])


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
