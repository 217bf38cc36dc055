"""Reviews of why a trouble comes back: asked for by policy, given to a named person, closed with what changes."""

from datetime import datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import STAFF, By
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.opening import lock_repair, words
from lamplit.repairs.actions.owners import check_owner, who_sees_it_through
from lamplit.repairs.facts import ReviewClosed, ReviewDue, ReviewGiven
from lamplit.repairs.models import Review
from lamplit.repairs.queries.standing import readable
from lamplit.repairs.rules.reviews import ReviewWanted


def write_review(page: Page, row: Any, wanted: ReviewWanted | None) -> None:
    """Write that policy asks for a review of a locked repair, unless one of the same trouble is open at this home."""
    if wanted is None or queries.review_open_at(row.home, readable(row.fault_group)) is not None:
        return
    page.write(
        ReviewDue(
            review=page.new_id("z"), repair=row.id, home=row.home, household=row.household,
            owner=who_sees_it_through(row, page.at), because=wanted.because, reports=wanted.reports, due_on=wanted.due_on,
        )
    )  # fmt: skip


def _lock(page: Page, review: str) -> tuple[Any, Any]:
    """Lock a review that is open, and its repair. Refused: repairs.no_such_review, repairs.review_is_closed."""
    found = queries.review(review)
    if found is None:
        raise Refused("repairs.no_such_review", review=review)
    row = lock_repair(page, found.repair)
    now = page.lock(Review, review)
    if now is None or now.closed_at is not None:
        raise Refused("repairs.review_is_closed")
    return row, now


@action
def give_review(page: Page, *, review: str, owner: str, by: By, at: datetime, command: str) -> None:
    """Give a review to a named person. Refused: repairs.no_such_review, review_is_closed, no_such_person."""
    _, now = _lock(page, review)
    check_owner(owner)
    page.write(ReviewGiven(review=review, repair=now.repair, owner=owner))


@action
def close_review(page: Page, *, review: str, finding: str, changes: str, tells: str, by: By, at: datetime, command: str) -> None:
    """Close a review: why it comes back, what changes, and what the household reads of it.

    Refused: repairs.no_such_review, review_is_closed, named_person, say_the_finding, say_what_changes, say_what_they_read,
    too_long.
    """
    _, now = _lock(page, review)
    if by.kind != STAFF:
        raise Refused("repairs.named_person")
    page.write(
        ReviewClosed(
            review=review, repair=now.repair, household=now.household,
            finding=words(finding, needed=Refused("repairs.say_the_finding")),
            changes=words(changes, needed=Refused("repairs.say_what_changes")),
            tells=words(tells, needed=Refused("repairs.say_what_they_read")),
        )
    )  # fmt: skip
