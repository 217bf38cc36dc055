"""Jobs in processes of their own that inherit what their maker holds: keys and wiring are never pickled."""

import gc
import multiprocessing
import multiprocessing.connection
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_fork = multiprocessing.get_context("fork")


class Jobs:
    """Jobs at work, each in a process of its own. `failed`: what is raised with a sentence when one of them fails.

    `work` is called with what tells of progress (how much more is done), then the job's own values.
    """

    def __init__(self, work: Callable[..., Any], jobs: list[tuple[Any, ...]], failed: type[Exception]) -> None:
        self._failed = failed
        self._pipes: list[multiprocessing.connection.Connection[Any, Any]] = []
        self._running: list[Any] = []
        for job in jobs:
            ours, theirs = _fork.Pipe(duplex=False)
            process = _fork.Process(target=_child, args=(work, theirs, job, failed), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._running.append(process)

    def results(self, progress: Callable[[str, int, int], None], phase: str, of: int) -> list[Any]:
        """Wait for all, and return their results in the order of the jobs. The first failure is raised, and stops all."""
        results: list[Any] = [None] * len(self._pipes)
        waiting, done = dict(enumerate(self._pipes)), 0
        try:
            while waiting:
                for ready in multiprocessing.connection.wait(list(waiting.values()), timeout=1.0):
                    at = next(i for i, pipe in waiting.items() if pipe is ready)
                    try:
                        kind, value = self._pipes[at].recv()
                    except EOFError:
                        raise self._failed(f"A process ended while {phase.lower()}. The machine may be out of memory.") from None
                    if kind == "failed":
                        raise self._failed(value)
                    if kind == "told":
                        done += value
                        progress(phase, min(done, of), of)
                    else:
                        results[at] = value
                        del waiting[at]
        finally:
            self._end(at_once=bool(waiting))
        return results

    def stop(self) -> None:
        """End those that still run."""
        self._end(at_once=True)

    def _end(self, *, at_once: bool) -> None:
        for process in self._running:
            with suppress(Exception):
                if at_once:
                    process.terminate()
                process.join()


def _child(work: Callable[..., Any], pipe: Any, job: tuple[Any, ...], failed: type[Exception]) -> None:
    gc.disable()  # rows and entries hold no cycles; the collector would walk millions of them for nothing
    try:
        pipe.send(("done", work(lambda count: pipe.send(("told", count)), *job)))
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent says it
        pipe.send(("failed", f"{error}" if isinstance(error, failed) else f"{type(error).__name__}: {error}"))
