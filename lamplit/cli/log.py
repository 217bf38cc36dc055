"""`lamplit log`: the public key, checking a store, proofs, and what the log says of a subject.

Checking needs no database, no Django and no installation.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lamplit.cli.say import Failed, WrongUse, progress, say, say_json, warn
from lamplit.record import verify as verifier
from lamplit.record.note import KeyRejected
from lamplit.record.store import NotInStore, open_store


def key(asked: argparse.Namespace) -> int:
    """Print the log's public key."""
    from lamplit.cli import start

    say(start.log_key().vkey)
    return 0


def verify(asked: argparse.Namespace) -> int:
    """Check a published store."""
    old = _read(asked.old) if asked.old else None
    try:
        with progress() as step:
            report = verifier.verify_store(
                open_store(asked.store), asked.key, old, asked.cosigner,
                progress=lambda done, of: step("Checking", done, of), processes=asked.processes,
            )  # fmt: skip
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error
    if asked.json:
        say_json(_as_json(report))
        return 1 if report.faults else 0
    for fault in report.faults:
        say(fault.words)
    for words in report.unchecked:
        warn(words)
    for name, at in report.cosigned.items():
        say(f"Witness {name} signed it at {datetime.fromtimestamp(at, UTC):%d %B %Y %H:%M} UTC.")
    if report.faults:
        say(f"It does not hold: {len(report.faults):,} {'faults' if len(report.faults) > 1 else 'fault'} in {asked.store}.")
        return 1
    say(f"It holds: {report.size:,} entries of {report.origin}, {report.checkpoints:,} checkpoints, {report.blobs:,} blobs,")
    say(f"root {report.root.hex()}, checked in {report.seconds:.1f} s.")
    if old is None and not asked.cosigner:
        warn("Keep the file `checkpoint` of the store and give it as --old next time: then nobody can change the past unseen.")
    return 0


def _as_json(report: verifier.Report) -> dict[str, Any]:
    return {
        "holds": not report.faults,
        "origin": report.origin,
        "size": report.size,
        "root": report.root.hex(),
        "checkpoints": report.checkpoints,
        "blobs": report.blobs,
        "cosigned": report.cosigned,
        "unchecked": report.unchecked,
        "faults": [{"words": fault.words, "path": fault.path} for fault in report.faults],
        "seconds": round(report.seconds, 3),
    }


def prove(asked: argparse.Namespace) -> int:
    """Print the proof of an entry from the near store."""
    from lamplit.cli import start
    from lamplit.record import proving
    from lamplit.record.note import Verifier

    log, store = Verifier.parse(start.log_key().vkey), open_store(asked.store or start.near_store())
    try:
        published = proving.open_published(store, log)
        if (note := None if asked.store else _cosigned()) is not None:
            signed = proving.open_published(store, log, note)
            published = signed if asked.entry < signed.checkpoint.size else published
    except NotInStore:
        raise Failed("Nothing is published yet. Run `lamplit publish --once`.") from None
    size = published.checkpoint.size
    if not 0 <= asked.entry < size:
        raise Failed(f"The store holds entries 0 to {size - 1:,}. Entry {asked.entry:,} is not there, or not published yet.")
    sys.stdout.buffer.write(proving.prove(published, asked.entry).file.format())
    return 0


def _cosigned() -> bytes | None:
    """Return the newest checkpoint that a standby of this installation cosigned; None where it asks none."""
    from lamplit.cli import start
    from lamplit.config import place
    from lamplit.continuity.asking import NEWEST, together

    keys = [key.vkey for _, key in place.standbys()]
    if not keys:
        return None
    with start.connect("sealer") as db:
        notes = [bytes(row[0]) for row in db.execute(NEWEST, [keys, keys]).fetchall()]
    return together(notes) if notes else None


def check_proof(asked: argparse.Namespace) -> int:
    """Check a proof file."""
    try:
        report = verifier.check_proof_file(_read(asked.file), asked.key, cosigners=asked.cosigner)
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error
    entry = report.entry.decode(errors="replace") if report.entry is not None else None
    if asked.json:
        say_json({"holds": report.ok, "words": report.words, "index": report.index, "size": report.size, "entry": entry})
    else:
        say(report.words)
        if entry is not None:
            say(entry)
    return 0 if report.ok else 1


def show(asked: argparse.Namespace) -> int:
    """Print every entry about a subject."""
    from lamplit.cli import reading

    return reading.show(asked.subject, as_json=asked.json)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
