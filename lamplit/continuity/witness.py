"""The witness's door for other people's logs: add-checkpoint, byte for byte as c2sp.org/tlog-witness has it.

A log that we mirror does not come in here: its cosignature says that we hold every entry, and only the follower can know that.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from lamplit.continuity import state
from lamplit.continuity.state import Held
from lamplit.record.checkpoint import Checkpoint, CheckpointRejected
from lamplit.record.note import NoteRejected, SigningKey, add_line, decode_base64, only_lines_of, open_note, split_note
from lamplit.record.proof import MAX_HASHES, ProofRejected, check_consistency
from lamplit.record.tiles import EMPTY_ROOT, HASH

Db = psycopg.Connection[Any]
SIZE_TYPE, TEXT = "text/x.tlog.size", "text/plain; charset=utf-8"
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What the witness answers."""

    status: int
    body: bytes
    kind: str = TEXT


class Turned(Exception):  # noqa: N818 - an answer on its way
    """The request is answered with this."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, f"{words}\n".encode())


@dataclass(frozen=True)
class Asked:
    """A request that is well formed. Nothing in it is verified."""

    old: int
    proof: list[bytes]
    note: bytes
    origin: str


def read_request(body: bytes) -> Asked:
    """Read a request. Turned (400) when it is malformed."""
    top, blank, note = body.partition(b"\n\n")
    old, *lines = top.split(b"\n")
    match = _OLD.fullmatch(old)
    if match is None or not blank or len(lines) > MAX_HASHES:
        raise Turned(400, "A request is a line `old` with a size, lines of a proof, an empty line and a checkpoint.")
    try:
        proof = [decode_base64(line.decode("ascii")) for line in lines]
        text, _ = split_note(note)
    except (ValueError, NoteRejected) as error:
        raise Turned(400, f"The request cannot be read: {error}.") from error
    if any(len(value) != HASH for value in proof):
        raise Turned(400, "A line of a proof is a hash of 32 bytes in base64.")
    return Asked(int(match[1]), proof, note, text.partition("\n")[0])


def add_checkpoint(db: Db, cosigner: SigningKey, body: bytes, at: datetime) -> Answer:
    """Answer one request. What is cosigned is on the disk before it is answered."""
    try:
        asked = read_request(body)
        held = state.held(db, asked.origin)
        if held is None or held.mirrored:
            raise Turned(404, "This witness does not take checkpoints of that log.")
        tree = _verified(asked, held)
        return _cosigned(db, cosigner, asked, held, tree, at)
    except Turned as turned:
        return turned.answer


def _verified(asked: Asked, held: Held) -> Checkpoint:
    """Return the checkpoint that the log itself signed. Turned: 403, 400, 422."""
    try:
        text = open_note(asked.note, [held.log]).text
    except NoteRejected as error:
        raise Turned(403, f"The checkpoint cannot be believed: {error}.") from error
    try:
        tree = Checkpoint.parse(text)
    except CheckpointRejected as error:
        empty = text.split("\n")[1:2] == ["0"]
        raise Turned(422 if empty else 400, f"It is no checkpoint: {error}.") from error
    if asked.old > tree.size:
        raise Turned(400, f"The old size {asked.old} is larger than the checkpoint's, {tree.size}.")
    return tree


def _cosigned(db: Db, cosigner: SigningKey, asked: Asked, held: Held, tree: Checkpoint, at: datetime) -> Answer:
    if asked.old != held.size:
        return _conflict(held)
    _check_proof(asked, held, tree)
    when = max(at, held.cosigned_at or at)
    line = cosigner.cosign(tree.format(), int(when.timestamp()))
    note = add_line(only_lines_of(asked.note, [held.log]), line)
    to = replace(held, size=tree.size, root=tree.root, note=note, cosigned_at=when)
    if state.advance(db, held, to):
        return Answer(200, line)
    newer = state.held(db, asked.origin)
    return _conflict(newer or held)


def _conflict(held: Held) -> Answer:
    return Answer(409, f"{held.size}\n".encode(), SIZE_TYPE)


def _check_proof(asked: Asked, held: Held, tree: Checkpoint) -> None:
    if asked.old == 0 and asked.proof:
        raise Turned(422, "From an empty tree no proof is needed, and none may be given.")
    old_root = held.root if asked.old else EMPTY_ROOT
    try:
        check_consistency(asked.old, old_root, tree.size, tree.root, asked.proof)
    except ProofRejected as error:
        raise Turned(422, str(error)) from error
