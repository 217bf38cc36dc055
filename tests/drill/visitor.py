"""A tenant who reports a repair through the real forms, without signing in, and keeps the number that she is told."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import NamedTuple

from tests.bench.rushing import Browser

NUMBER = re.compile(r"\b[MS]-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
PATIENCE = 30.0  # seconds that she looks again for her number


class Told(NamedTuple):
    """A number that somebody was told: it must never be lost."""

    number: str
    at: float
    where: str


class Visitor(Browser):
    """One stranger with a telephone. Each comes from an address of her own."""

    def __init__(self, port: int, postcode: str, dice: random.Random) -> None:
        super().__init__(port, None)
        self.address = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
        self.fills = {"postcode": postcode, "address": f"1 Wick Lane, {postcode}", "name": "Robin Marsh", "phone": "07700 900123"}

    def form(self) -> list[tuple[str, str]]:
        """Return what she sends: her own words, and of choices that mean nothing to her the first."""
        sent = {name: self.fills.get(name, value) for name, value in super().form()}
        for given in re.finditer(r'<input[^>]*type="radio"[^>]*>', self.page[self.page.index("<main") :]):
            name, value = re.search(r'name="([^"]+)"', given[0]), re.search(r'value="([^"]*)"', given[0])
            if name and value:
                sent.setdefault(name[1], unescape(value[1]))
        return list(sent.items())

    def report(self, *, send: bool) -> None:
        """Report as the site asks for it: question by question, or while it holds no keys on one page."""
        self.ask("/report")
        if 'name="what"' not in self.page:
            return super().report(send=send)
        said = [("what", "The sink leaks into a bucket"), ("urgent", "not"), ("address", "1 Wick Lane"), *self.form()]
        self.ask("/report", said)
        assert self.path == "/report/received", (self.status, self.path)
        return None

    def answers(self) -> bool:
        """Whether the site answers at all."""
        self.ask("/status")
        return self.status == 200

    def number(self) -> str | None:
        """Return the number of what she sent, once the page says that it is kept."""
        found = NUMBER.search(self.page[self.page.index("<main") :])
        return found[0] if found and "lamp-number" in self.page else None


@dataclass
class Crowd:
    """People who report one after the other, on main, and where that does not answer, on the standby."""

    ports: dict[str, int]
    postcodes: list[str]
    begun: float
    every: float = 0.5
    kept: Path | None = None  # a file to which each number is added as soon as it was told: what is known if the drill is lost
    told: list[Told] = field(default_factory=list)
    broken: int = 0
    last: str = ""  # why somebody could not report, the last time
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, people: int = 2) -> None:
        self._threads = [threading.Thread(target=self._go, args=(n,), daemon=True) for n in range(people)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def at(self, where: str) -> list[Told]:
        with self._lock:
            return [one for one in self.told if one.where == where]

    def _go(self, n: int) -> None:
        dice = random.Random(n)  # noqa: S311 - made-up people
        while not self._stop.is_set():
            if not any(self._report(where, dice) for where in self.ports):
                self.broken += 1
            self._stop.wait(self.every)

    def _report(self, where: str, dice: random.Random) -> bool:
        """Report there, if it answers. Returns whether she was told a number."""
        visitor = Visitor(self.ports[where], dice.choice(self.postcodes), dice)
        try:
            visitor.report(send=True)
            number, until = visitor.number(), time.monotonic() + PATIENCE
            while number is None and time.monotonic() < until and not self._stop.is_set():
                time.sleep(1)
                visitor.ask("/report/received")
                number = visitor.number()
        except (OSError, AssertionError, ValueError) as error:
            self.last = f"{where}{visitor.path}: {error!r}"[:600]
            return False
        if number is not None:
            with self._lock:
                self.told.append(Told(number, time.monotonic() - self.begun, where))
                if self.kept is not None:
                    with self.kept.open("a") as file:
                        file.write(f"{number} {where}\n")
        return number is not None
