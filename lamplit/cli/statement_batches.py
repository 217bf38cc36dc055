"""Some accounts with everything that their quarterly statements say, read together; and the files that statements stand in."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

AT_ONCE = 250  # accounts that are read together
LIST = "list.csv"
_PDF_ENDS = b"%%EOF"


class Asked(NamedTuple):
    """Which days the lines are of, and on which day it is written."""

    since: date
    until: date
    on: date


def file_name(account: str, person: str) -> str:
    return f"{account}-{person}.pdf"


class Batch:
    """Some accounts with everything that their statements say, read together. The ledger is read when the first one is made."""

    def __init__(self, accounts: list[str], which: Asked) -> None:
        from lamplit.people import queries as people
        from lamplit.rent import queries
        from lamplit.tenancies import queries as tenancies

        self.which, self.rows = which, queries.accounts(queries.kept_here(accounts))
        self.lives = tenancies.everyone_ever(accounts)
        tenants = {one.person for those in self.lives.values() for one in those if one.role == "tenant"}
        self.known = people.addressees(tenants, "message", which.on)
        self.stopped = queries.stopped_by_death(self.rows)  # somebody has died: a person sees to it
        self._read: tuple[Any, Any, Any] | None = None

    def tenants(self) -> Iterator[tuple[str, str]]:
        """Yield account and person of each tenant who has a right to a statement: who has not left, of what has not ended.

        Where she stands is said as of the day of writing: nobody who left meanwhile hears of it.
        """
        for account, row in sorted(self.rows.items()):
            if row.started_on > self.which.until or (row.ended_on is not None and row.ended_on <= self.which.on):
                continue
            for one in self.lives.get(account, []):
                left = one.left_on is not None and one.left_on <= self.which.on
                if one.role == "tenant" and not left and one.person in self.known:
                    yield account, one.person

    def nobodys(self) -> dict[str, list[str]]:
        """Return, each with nobody, the accounts whose tenants nobody may write to: they are watched, and belong to no one."""
        tenants = {account: [one.person for one in those if one.role == "tenant"] for account, those in self.lives.items()}
        return {account: [] for account, hers in tenants.items() if hers and not any(one in self.known for one in hers)}

    def reference(self, account: str) -> str:
        found = self.rows[account].reference
        return found if isinstance(found, str) else ""

    def is_large(self, person: str) -> bool:
        from lamplit.config.print_size import LARGE_PRINT

        return bool(self.known[person].wishes.format == LARGE_PRINT)

    def values(self, account: str, person: str) -> dict[str, Any]:
        from lamplit.config.statements import values

        positions, lines, places = self._ledgers()
        row, days = self.rows[account], (self.which.since, self.which.until)
        return values(
            positions[account], row, lines.get(account, []), self.known[person], places.get(row.home), days,
            large=self.is_large(person),
        )  # fmt: skip

    def _ledgers(self) -> tuple[Any, Any, Any]:
        if self._read is None:
            from lamplit.homes import queries as homes
            from lamplit.rent import queries

            positions = {one.account: one for one in queries.positions_of(self.rows, self.which.on)}
            places = homes.homes(row.home for row in self.rows.values())
            self._read = (positions, queries.ledgers_of(self.rows), places)
        return self._read


def is_whole(file: Path) -> bool:
    """Say whether a PDF is there to its end: a power cut may leave a file of its name and nothing in it."""
    try:
        with file.open("rb") as kept:
            kept.seek(-16, os.SEEK_END)
            return _PDF_ENDS in kept.read()
    except OSError:  # it is not there, or shorter than that
        return False
