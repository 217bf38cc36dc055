"""Photos of repairs, and the pictures themselves."""

from collections.abc import Iterable

from lamplit.basics.fact import Unavailable
from lamplit.basics.picture import PictureSize
from lamplit.record.blobs import read_sealed
from lamplit.record.ready import Ready
from lamplit.repairs.models import Photo
from lamplit.repairs.queries.visits import Job

_PHOTOS = Ready(lambda repairs: Photo.objects.filter(repair__any=repairs).order_by("at", "id"))


def photos_of(repairs: Iterable[str]) -> tuple[Photo, ...]:
    """Return every photo of some repairs, oldest first. Who may see which is for `case`, `tenant_case` and `job` to say."""
    return tuple(_PHOTOS.all(repairs=list(repairs)))


def photos_for_job(job: Job) -> tuple[Photo, ...]:
    """Return what whoever does a piece of work may see: photos of that home that are for everybody who may see the repair."""
    found = photos_of([job.repair.id])
    return tuple(photo for photo in found if photo.household == job.work.household and photo.audience == "all")


def photo_count(repair: str) -> int:
    return Photo.objects.filter(repair=repair).count()


def can_be_shown(photo: Photo) -> bool:
    """Say whether a photo, and for whom it is, can still be read: after an erasure neither can."""
    return isinstance(photo.file, dict) and isinstance(photo.audience, str)


def picture_of(photo: Photo, size: PictureSize) -> bytes | None:
    """Return a photo as a JPEG for showing; None when it cannot be read any more, or not here."""
    if not can_be_shown(photo):
        return None
    data = read_sealed(str(getattr(photo, size)), blob_of(photo.id, size))
    return None if isinstance(data, Unavailable) else data


def blob_of(photo: str, size: str) -> str:
    """Return what is bound into a photo's blob: which photo it is of, and which of the three."""
    return f"photo|{photo}|{size}"
