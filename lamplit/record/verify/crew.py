"""Shares a verification's work among processes. Knows nothing of what the work is."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

from lamplit.record.store import Store, open_store

W = TypeVar("W")
R = TypeVar("R")


def cut(items: Sequence[W], length: int) -> Iterator[list[W]]:
    """Yield the items in lists of at most `length`."""
    for at in range(0, len(items), length):
        yield list(items[at : at + length])


class Crew:
    """Runs one piece of work on many ranges: here, or in processes that open the store for themselves."""

    def __init__(self, store: Store, processes: int) -> None:
        self._store, self._size = store, processes
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1 and store.address is not None:
            # Spawned, not forked: the caller may have threads and database connections.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(processes, context, _enter, (store.address,))

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def run(self, work: Callable[[Store, W], R], ranges: Iterable[W]) -> Iterator[R]:
        """Yield what `work` returns for each range, in order. Never more than a few ranges are under way."""
        if self._pool is None:
            yield from (work(self._store, one) for one in ranges)
            return
        under_way: deque[Future[R]] = deque()
        for one in ranges:
            under_way.append(self._pool.submit(_at_work, work, one))
            if len(under_way) > 4 * self._size:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


_here: list[Store] = []  # in a worker process: its store


def _enter(address: str) -> None:
    _here.append(open_store(address))


def _at_work(work: Callable[[Store, W], R], one: W) -> R:
    return work(_here[0], one)
