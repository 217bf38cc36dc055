"""What the command line says: answers on standard output, troubles and progress on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec


class WrongUse(Exception):  # noqa: N818 - named after what is so
    """The command was called in a way that it does not know. The sentence says how it is called. Exit 2."""


class Failed(Exception):  # noqa: N818 - named after what is so
    """The command could not do it, or what it checked does not hold. The sentence says why and what to do. Exit 1."""


class Steps(Protocol):
    """Told how far a long piece of work is: what is being done, how much of it is done, of how much."""

    def __call__(self, phase: str, done: int, of: int) -> None: ...


def say(line: str = "", end: str = "\n") -> None:
    """Print an answer."""
    print(line, end=end, flush=True)


def warn(line: str) -> None:
    """Print what is no answer: a trouble, or what is going on."""
    print(line, file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """Print an answer for a program: one JSON document."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


@contextmanager
def progress() -> Iterator[Steps]:
    """A bar on a terminal, a plain line every few seconds elsewhere. Both go to standard error."""
    if not sys.stderr.isatty():
        yield _PlainSteps()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        shown: dict[str, TaskID] = {}

        def step(phase: str, done: int, of: int) -> None:
            if phase not in shown:
                shown[phase] = bars.add_task(phase, total=of)
            bars.update(shown[phase], completed=done, total=of)

        yield step


class _PlainSteps:
    """Says a new phase at once, and how far it is every five seconds."""

    def __init__(self) -> None:
        self._phase, self._said_at = "", 0.0

    def __call__(self, phase: str, done: int, of: int) -> None:
        moment = time.monotonic()
        if phase == self._phase and moment - self._said_at < 5 and done < of:
            return
        if phase != self._phase or done < of or moment - self._said_at >= 1:
            warn(f"{phase}: {done:,} of {of:,}")
        self._phase, self._said_at = phase, moment
