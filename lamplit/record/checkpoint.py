"""A checkpoint: the text, signed as a note, by which a log stands for its size and root.

Format: c2sp.org/tlog-checkpoint. Extension lines are read, kept and never written by us.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lamplit.record.note import NoteRejected, Opened, Verifier, decode_base64, encode_base64, open_note
from lamplit.record.tiles import EMPTY_ROOT, HASH

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
MAX_SIZE = 2**63 - 1


class CheckpointRejected(NoteRejected):
    """Text that is no checkpoint, or one that may not be believed; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """The tree of `size` entries of the log `origin` has this 32-byte `root`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def format(self) -> str:
        """Return the text to be signed."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint, whose signatures the caller has verified. CheckpointRejected if malformed."""
        lines = text.split("\n")
        if lines.pop() != "" or len(lines) < 3 or "" in lines:
            raise CheckpointRejected("a checkpoint is at least three lines, none empty")
        origin, size, encoded, *extensions = lines
        if _SIZE.fullmatch(size) is None or int(size) > MAX_SIZE:
            raise CheckpointRejected("the second line of a checkpoint is its size, without leading zeroes")
        try:
            root = decode_base64(encoded)
        except ValueError:
            root = b""
        if len(root) != HASH:
            raise CheckpointRejected("the third line of a checkpoint is a root of 32 bytes in base64")
        if size == "0" and root != EMPTY_ROOT:
            raise CheckpointRejected("a checkpoint of no entries has the root of the empty tree")
        return cls(origin, int(size), root, tuple(extensions))


def open_checkpoint(data: bytes, log: Verifier, cosigners: Sequence[Verifier] = ()) -> tuple[Checkpoint, Opened]:
    """Check a checkpoint note and return it with its verified signatures.

    The log itself must have signed (a witness alone does not do), under an origin that is its key's
    name. A signature of a known witness that does not verify rejects the whole. NoteRejected otherwise.
    """
    opened = open_note(data, [log, *cosigners])
    if opened.by(log) is None:
        raise CheckpointRejected("the log itself has not signed it")
    checkpoint = Checkpoint.parse(opened.text)
    if checkpoint.origin != log.name:
        raise CheckpointRejected(f"it is a checkpoint of {checkpoint.origin}, not of {log.name}")
    return checkpoint, opened
