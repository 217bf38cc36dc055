"""What a node reads of another log than its own: a standby's tables stand on main's record, whose keys it is given one day.

Set once at start by whoever knows (`config`); None everywhere but on a standby.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lamplit.basics.fact import WITHHELD, SealedAt


class Elsewhere(Protocol):
    """The other log, as far as it can be opened here and now."""

    @property
    def origin(self) -> str: ...

    def keys_of(self, subjects: Sequence[str]) -> Iterable[tuple[str, str, str, bytes]]:
        """Yield subject, class, id and key of every live key of these subjects; none while they are locked."""
        ...

    def key(self, key_id: str) -> bytes | None:
        """Return a key by its id, or None when it is not held, or locked."""
        ...

    def value(self, at: int, part: int, field: int) -> Any:
        """Return what one field of one sealed part of entry `at` says, or WITHHELD."""
        ...

    def blob(self, name: str) -> bytes:
        """Return a blob by its name. LookupError."""
        ...


@dataclass
class _Known:
    elsewhere: Elsewhere | None = None


KNOWN = _Known()


def opened(column: str) -> Any:
    """Return what a personal column says: its text, or for a mark of where it stands the value itself, or WITHHELD."""
    if not column.startswith(SealedAt.MARK):
        return column
    return WITHHELD if KNOWN.elsewhere is None else KNOWN.elsewhere.value(*SealedAt.parse(column))
