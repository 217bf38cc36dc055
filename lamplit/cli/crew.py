"""Programs that run as children of this one: started, watched, started again when they end, stopped together."""

import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lamplit.cli.say import warn
from lamplit.record import process

STOP_SECONDS = 20
AGAIN_AFTER = 2.0  # seconds before a program that ended is started again


@dataclass
class Running:
    """The children. Their logs stand in `folder`; so do their pids, so that what a kill left behind is found."""

    folder: Path
    _programs: dict[str, tuple[tuple[str, ...], dict[str, str]]] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._end_left_behind()

    def start(self, name: str, *words: str, where: dict[str, str] | None = None) -> None:
        """Start `lamplit <words>`, in a session of its own: Ctrl-C is for us, who stop the rest in order.

        `where`: what of its environment is not ours.
        """
        self._programs[name] = words, where or {}
        with self.log_of(name).open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", "lamplit.cli", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"} | (where or {}),
            )  # fmt: skip
        self._note()

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def look_after(self) -> None:
        """Start again what has ended by itself."""
        for name, child in list(self._children.items()):
            if child.poll() is None:
                continue
            ended = self._ended_at.setdefault(name, time.monotonic())
            if time.monotonic() - ended >= AGAIN_AFTER:
                warn(f"{name} ended ({child.returncode}) and is started again. Its log is {self.log_of(name)}.")
                del self._ended_at[name]
                words, where = self._programs[name]
                self.start(name, *words, where=where)

    def kill_one(self, dice: random.Random) -> str:
        """Kill one of them without a word, with what it started, as a drill does. Returns its name."""
        name = dice.choice(sorted(name for name, child in self._children.items() if child.poll() is None))
        os.killpg(self._children[name].pid, 9)
        return name

    def kill_all(self) -> None:
        """Kill all of them without a word; nobody starts them again."""
        for child in self._children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, 9)
            child.wait()
        self._children.clear()

    def stop(self) -> None:
        """Stop all, the last started first, and wait for each."""
        for child in reversed(self._children.values()):
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        self._children.clear()
        self._note()

    def _note(self) -> None:
        living = [(child.pid, process.identity(child.pid)) for child in self._children.values()]
        part = self.folder / "pids.part"
        part.write_bytes(msgspec.json.encode(living))
        part.replace(self.folder / "pids")  # whoever reads it sees all of it

    def _end_left_behind(self) -> None:
        """End the children of a demo that was killed; a pid that another program has now is left alone."""
        file = self.folder / "pids"
        for pid, seen in msgspec.json.decode(file.read_bytes()) if file.exists() else []:
            if seen is not None and process.identity(pid) == seen:
                os.kill(pid, 15)
                if not process.gone_within(pid, seen, STOP_SECONDS):
                    os.kill(pid, 9)
