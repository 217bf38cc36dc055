"""Complaints as the queue, the portal and staff read them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, When

from lamplit.complaints.models import Complaint
from lamplit.record.ready import Ready, ReadyColumns, counted

LIMIT = 200
MOST = 100_000


def open_complaints(*, owner: str | None = None, after: tuple[date, str] | None = None, limit: int = LIMIT) -> list[Any]:
    """Return complaints that wait for us, what is due first first, by `due_on`.

    `after`: due_on and id of the last one seen.
    """
    after_on, after_id = after or (None, None)
    return _OPEN.all(limit=limit, owner=owner, after_on=after_on, after_id=after_id)


def _open(owner: str | None, after_on: date | None, after_id: str | None) -> QuerySet[Complaint]:
    due_on = Case(When(status="made", then=F("acknowledge_by_on")), default=F("respond_by_on"), output_field=DateField())
    found = Complaint.objects.alias(due_on=due_on).order_by("due_on", "id")
    if owner is not None:
        found = found.filter(owner=owner)
    if after_on is not None:
        found = found.filter(Q(due_on__gt=after_on) | Q(due_on=after_on, id__gt=after_id))
    return found


_OPEN = Ready(_open)


_COUNTS = ReadyColumns(lambda owner: counted(Complaint.objects.all(), every=Q(), hers=Q(owner=owner)), "every", "hers")
_ABOUT = Ready(lambda repair: Complaint.objects.filter(repair=repair).order_by("-made_at", "-id")[:LIMIT])
_MADE_BY = Ready(lambda person: Complaint.objects.filter(person=person).order_by("-made_at", "-id")[:LIMIT])


def count_open_complaints(owner: str) -> tuple[int, int]:
    """Return how many complaints wait for us: of everybody, and of one owner."""
    every, hers = _COUNTS.all(owner=owner)[0]
    return every, hers


def complaints_of(person: str) -> list[Complaint]:
    """Return a person's complaints, newest first."""
    return _MADE_BY.all(person=person)


def complaints_about(repair: str) -> list[Complaint]:
    """Return complaints about a repair, newest first."""
    return _ABOUT.all(repair=repair)


def complaints_of_homes(persons: Iterable[str], homes: Iterable[str]) -> list[Complaint]:
    """Return the complaints that wait for us of any of these people, or about any of these homes."""
    people, places = set(persons), set(homes)
    return [row for row in open_complaints(limit=MOST) if row.person in people or row.home in places]


def complaint(ident: str) -> Complaint | None:
    """Return one complaint, or None."""
    return Complaint.objects.filter(id=ident).first()


def by_reference(reference: str) -> Complaint | None:
    """Return the complaint with this reference, however it is spaced or cased, or None."""
    wanted = reference.strip().upper().replace(" ", "-")
    return Complaint.objects.filter(reference=wanted).first()
