"""Programs that run as children of this one: started, watched, started again when they end, stopped together."""

import os
import subprocess
import sys
import time
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
    _programs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._end_left_behind()

    def start(self, name: str, *words: str) -> None:
        """Start `lamplit <words>`, in a session of its own: Ctrl-C is for us, who stop the rest in order."""
        self._programs[name] = words
        with self.log_of(name).open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", "lamplit.cli", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
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
                self.start(name, *self._programs[name])

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
        (self.folder / "pids").write_bytes(msgspec.json.encode(living))

    def _end_left_behind(self) -> None:
        """End the children of a demo that was killed; a pid that another program has now is left alone."""
        file = self.folder / "pids"
        for pid, seen in msgspec.json.decode(file.read_bytes()) if file.exists() else []:
            if seen is not None and process.identity(pid) == seen:
                os.kill(pid, 15)
                if not process.gone_within(pid, seen, STOP_SECONDS):
                    os.kill(pid, 9)
