"""What somebody does to the database past the pages is written down first: opening it, and putting rows back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from lamplit.basics.who import By
from lamplit.record.facts import DatabaseOpened, RowRestored
from lamplit.record.page import Page, action


@action
def record_opening(page: Page, *, how: Literal["shell", "dump"], asked: list[str], by: By, at: datetime, command: str) -> None:
    """Write that somebody opens the database directly. `asked`: the names of the options given, never their values."""
    page.write(DatabaseOpened(how=how, asked=asked))


@action
def record_restored(page: Page, *, rows: Sequence[tuple[str, str, Sequence[str]]], by: By, at: datetime, command: str) -> None:
    """Write that rows were not what the record says and are put back: (table, row, columns) each; no columns for a whole row."""
    for table, row, columns in rows:
        page.write(RowRestored(table=table, row=row, columns=list(columns)))
