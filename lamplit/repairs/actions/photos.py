"""Photos of what is wrong, and of what was done about it."""

from datetime import datetime
from typing import Any, Literal

from lamplit.basics.picture import Picture
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.opening import lock_repair, words
from lamplit.repairs.actions.works import AUDIENCES
from lamplit.repairs.facts import PhotoAdded, PhotoFile
from lamplit.repairs.models import Repair, Work

MOST = 60  # of one repair: more is a mistake, or somebody who wants to fill the store


@action
def add_photo(
    page: Page, *, repair: str, picture: Picture, shows: str | None = None, audience: str = "all", person: str | None = None,
    work: str | None = None, visit: str | None = None, stage: Literal["before", "after"] | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Add a photo to a repair, also to one that is over. Returns its id.

    `person`: who took it, if she lives there or told us. `work`, `visit` and `stage`: of which piece of work it is, if of one.
    The photo is sealed with the key of the household whose home it shows.

    Refused: repairs.no_such_repair, no_such_work, no_such_choice, too_many_photos, too_long.
    """
    row = lock_repair(page, repair)
    if audience not in AUDIENCES:
        raise Refused("repairs.no_such_choice", audience=audience)
    if queries.photo_count(row.id) >= MOST:
        raise Refused("repairs.too_many_photos", most=MOST)
    household, photo = _whose(page, repair, row, work), page.new_id("i")
    blobs = {
        size: page.seal_blob(getattr(picture, size), owner=household, key_class="case", what=queries.blob_of(photo, size))
        for size in ("original", "large", "small")
    }
    page.write(
        PhotoAdded(
            photo=photo, repair=row.id, household=household, voice=person or repair, work=work, visit=visit, stage=stage, **blobs,
            file=PhotoFile(sha256=picture.sha256, kind=picture.kind, size=len(picture.original)),
            shows=words(shows), audience=audience,
        )
    )  # fmt: skip
    return photo


def _whose(page: Page, repair: str, row: Any, work: str | None) -> str:
    """Return the household whose home it shows: of the work, which may be next door, or of the report. Refused: no_such_work."""
    if work is None:
        return str(page.lock(Repair, repair).household)  # type: ignore[union-attr]
    job = page.lock(Work, work)
    if job is None or job.repair not in (row.id, repair):
        raise Refused("repairs.no_such_work", work=work)
    return str(job.household)
