"""Many things, some at a time: what is read, or written in one commit, together."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_lots(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield so many rows at a time, in their order; the last lot may be smaller."""
    left = iter(rows)
    while lot := list(islice(left, size)):
        yield lot
