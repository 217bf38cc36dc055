"""What a check of the books found."""

from datetime import datetime

from lamplit.basics.who import By
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.models import LedgerLine


@action
def note_check(page: Page, *, wrong: list[str], by: By, at: datetime, command: str) -> bool:
    """Note what a check of the books found, when it differs from the last time. Returns whether it was noted."""
    if queries.wrong_now() == wrong:
        return False
    page.write(facts.BooksChecked(wrong=wrong, lines=LedgerLine.objects.count()))
    return True
