"""Photos and videos of what is wrong, and of what was done about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from lamplit.basics.picture import PART, Picture, Video
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.opening import lock_repair, words
from lamplit.repairs.actions.works import AUDIENCES
from lamplit.repairs.facts import OriginalGiven, PhotoAdded, PhotoFile, VideoAdded, VideoFile
from lamplit.repairs.models import Photo, Repair, Work

MOST = 60  # of one repair: more is a mistake, or somebody who wants to fill the store
MOST_VIDEOS = 10
Stage = Literal["before", "after"]


@action
def add_photo(
    page: Page, *, repair: str, picture: Picture, shows: str | None = None, audience: str = "all", person: str | None = None,
    work: str | None = None, visit: str | None = None, stage: Stage | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Add a photo to a repair, also to one that is over. Returns its id.

    `person`: who took it, if she lives there or told us. `work`, `visit` and `stage`: of which piece of work it is, if of one.
    The photo is sealed with the key of the household whose home it shows.

    Refused: repairs.no_such_repair, no_such_work, no_such_choice, too_many_photos, too_long.
    """
    (row, household), photo = _place(page, repair, work, audience), page.new_id("i")
    blobs = {size: _seal(page, getattr(picture, size), household, photo, size) for size in ("original", "large", "small")}
    page.write(
        PhotoAdded(
            photo=photo, repair=row.id, household=household, voice=person or repair, work=work, visit=visit, stage=stage, **blobs,
            file=PhotoFile(sha256=picture.sha256, kind=picture.kind, size=len(picture.original)),
            shows=words(shows), audience=audience,
        )
    )  # fmt: skip
    return photo


@action
def add_video(
    page: Page, *, repair: str, video: Video, shows: str | None = None, audience: str = "all", person: str | None = None,
    work: str | None = None, visit: str | None = None, stage: Stage | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Add a video to a repair. It stands among the photos; all is as with `add_photo`. Returns its id.

    Refused: repairs.no_such_repair, no_such_work, no_such_choice, too_many_photos, too_many_videos, too_long.
    """
    (row, household), photo = _place(page, repair, work, audience), page.new_id("i")
    if sum(one.film is not None for one in queries.photos_of([row.id])) >= MOST_VIDEOS:
        raise Refused("repairs.too_many_videos", most=MOST_VIDEOS)
    film = (video.film[at : at + PART] for at in range(0, len(video.film), PART))
    page.write(
        VideoAdded(
            photo=photo, repair=row.id, household=household, voice=person or repair, work=work, visit=visit, stage=stage,
            original=_seal_parts(page, video.parts(), household, photo, "original"),
            film=_seal_parts(page, film, household, photo, "film"),
            large=_seal(page, video.large, household, photo, "large"),
            small=_seal(page, video.small, household, photo, "small"),
            file=VideoFile(sha256=video.sha256, kind=video.kind, size=video.size, seconds=video.seconds),
            shows=words(shows), audience=audience,
        )
    )  # fmt: skip
    return photo


@action
def take_original(page: Page, *, photo: str, why: str, by: By, at: datetime, command: str) -> str:
    """Take the file of a photo or video as it came, for a reason that stands in the record. Returns its id.

    Refused: repairs.no_such_photo, say_why, too_long.
    """
    row = Photo.objects.filter(id=photo).first()
    if row is None or not queries.can_be_shown(row):
        raise Refused("repairs.no_such_photo", photo=photo)
    reason = words(why, needed=Refused("repairs.say_why"))
    page.write(OriginalGiven(photo=photo, repair=row.repair, household=row.household, why=reason))
    return photo


def _place(page: Page, repair: str, work: str | None, audience: str) -> tuple[Any, str]:
    """Check where a photo is to stand. Returns the repair and the household whose home it shows."""
    row = lock_repair(page, repair)
    if audience not in AUDIENCES:
        raise Refused("repairs.no_such_choice", audience=audience)
    if queries.photo_count(row.id) >= MOST:
        raise Refused("repairs.too_many_photos", most=MOST)
    return row, _whose(page, repair, row, work)


def _seal(page: Page, data: bytes, household: str, photo: str, what: str) -> str:
    return page.seal_blob(data, owner=household, key_class="case", what=queries.blob_of(photo, what))


def _seal_parts(page: Page, parts: Iterable[bytes], household: str, photo: str, what: str) -> list[str]:
    return [_seal(page, part, household, photo, queries.part_of(what, number)) for number, part in enumerate(parts)]


def _whose(page: Page, repair: str, row: Any, work: str | None) -> str:
    """Return the household whose home it shows: of the work, which may be next door, or of the report. Refused: no_such_work."""
    if work is None:
        return str(page.lock(Repair, repair).household)  # type: ignore[union-attr]
    job = page.lock(Work, work)
    if job is None or job.repair not in (row.id, repair):
        raise Refused("repairs.no_such_work", work=work)
    return str(job.household)
