"""What verifying says: faults in plain sentences, and the facts of the store it looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lamplit.record.tiles import EMPTY_ROOT

MAX_FAULTS = 100  # a store that is wrong everywhere need not say so a million times
EARLIER = "the earlier checkpoint"  # stands for a path where the note that you kept is at odds with the store
AGAIN = "If the record is being published right now, check again in a minute."


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a plain sentence, the file, and the entry's index where one is at fault."""

    words: str
    path: str
    index: int | None = None


@dataclass
class Report:
    """What verifying found. `ok` means that nothing was wrong; `unchecked` says what could not be looked at."""

    origin: str = ""
    size: int = 0
    root: bytes = EMPTY_ROOT
    cosigned: dict[str, int] = field(default_factory=dict)  # witness -> Unix seconds of its cosignature
    checkpoints: int = 0  # files of checkpoints/ that were checked
    blobs: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def full(self) -> bool:
        return len(self.faults) >= MAX_FAULTS

    def wrong(self, words: str, path: str, index: int | None = None) -> None:
        """Note one fault."""
        self.add([Fault(words, path, index)])

    def add(self, faults: Sequence[Fault]) -> None:
        """Note faults, up to MAX_FAULTS."""
        self.faults += faults[: MAX_FAULTS - len(self.faults)]
