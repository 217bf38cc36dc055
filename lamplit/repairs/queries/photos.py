"""Photos of repairs, and the pictures themselves."""

from collections.abc import Iterable, Iterator
from itertools import chain

from lamplit.basics.fact import Unavailable
from lamplit.basics.picture import PictureSize
from lamplit.record.blobs import read_sealed
from lamplit.record.ready import Ready
from lamplit.repairs.models import Photo
from lamplit.repairs.queries.visits import Job
from lamplit.repairs.rules.visits import shows_it

_PHOTOS = Ready(lambda repairs: Photo.objects.filter(repair__any=repairs).order_by("at", "id"))


def photos_of(repairs: Iterable[str]) -> tuple[Photo, ...]:
    """Return every photo of some repairs, oldest first. Who may see which is for `case`, `tenant_case` and `job` to say."""
    return tuple(_PHOTOS.all(repairs=list(repairs)))


def photos_for_job(job: Job) -> tuple[Photo, ...]:
    """Return what whoever does a piece of work may see: photos of that home that are for everybody who may see the repair."""
    found = photos_of([job.repair.id])
    return tuple(photo for photo in found if photo.household == job.work.household and photo.audience == "all")


def unlinked_photos(job: Job) -> tuple[Photo, ...]:
    """Return the photos of a piece of work that are evidence of no visit yet: those of the visit that is told now.

    Those that only staff may see, and those that were erased, stand for nothing that others could look at.
    """
    shown = {one for visit in job.visits if isinstance(visit.evidence, list) for one in visit.evidence}
    return tuple(
        photo for photo in photos_for_job(job)
        if photo.work == job.work.id and can_be_shown(photo) and as_evidence(photo) not in shown
    )  # fmt: skip


def as_evidence(photo: Photo) -> str:
    """Return how a visit names a photo that shows what came of it."""
    return f"blob:{photo.original}"


def photos_show(outcome: str, photos: Iterable[Photo]) -> bool:
    """Say whether photos of a job are the evidence that an outcome needs, so that nobody has to put it in words."""
    return shows_it(outcome, [photo.stage for photo in photos])


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


def original_of(photo: Photo) -> Iterator[bytes] | None:
    """Return the file as it came, part by part; None when it cannot be read any more, or not here."""
    if not can_be_shown(photo):
        return None
    if photo.film is None:
        return _read([photo.original], [blob_of(photo.id, "original")])
    return _parts(photo, "original", [photo.original, *photo.rest])


def film_of(photo: Photo) -> Iterator[bytes] | None:
    """Return a video for showing, an MP4, part by part; None when it is none or cannot be read any more, or not here."""
    return _parts(photo, "film", photo.film) if photo.film is not None and can_be_shown(photo) else None


def _parts(photo: Photo, what: str, names: list[str]) -> Iterator[bytes] | None:
    return _read(names, [blob_of(photo.id, part_of(what, number)) for number in range(len(names))])


def _read(names: list[str], bound: list[str]) -> Iterator[bytes] | None:
    """Read the first part at once, so that nobody is sent what is not there, and the others as they are asked for."""
    first = read_sealed(names[0], bound[0])
    return None if isinstance(first, Unavailable) else chain([first], _further(names[1:], bound[1:]))


def _further(names: list[str], bound: list[str]) -> Iterator[bytes]:
    for name, what in zip(names, bound, strict=True):
        part = read_sealed(name, what)
        if isinstance(part, Unavailable):
            raise LookupError(f"a part of a video is not here: {name}")  # noqa: TRY004 - nobody asked for the wrong type
        yield part


def blob_of(photo: str, size: str) -> str:
    """Return what is bound into a photo's blob: which photo it is of, and which of its blobs."""
    return f"photo|{photo}|{size}"


def part_of(what: str, number: int) -> str:
    """Return which blob of a video a part is: nobody can put them together in another order."""
    return f"{what}.{number}"
