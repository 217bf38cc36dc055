"""Every copy of the record is checked whole, each night, against the checkpoint of the night before.

A store that was rewritten, even by somebody who has the log's key, differs from the checkpoint that was kept here.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.say import say, warn
from lamplit.config import place
from lamplit.record import verify
from lamplit.record.store import open_store


class Night(msgspec.Struct, frozen=True):
    """What one night found in one store."""

    at: datetime
    holds: bool
    size: int
    words: str


def folder() -> Path:
    path = place.home() / "nightly"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def check_store(name: str, address: str, key: str | None = None) -> Night:
    """Check one store and keep what was found; its checkpoint too, when it holds. `key`: of its log, where that is not ours."""
    kept = folder() / f"{name.replace(' ', '-')}.checkpoint"
    old = kept.read_bytes() if kept.exists() else None
    try:
        store = open_store(address)
        note = store.get("checkpoint")
        report = verify.verify_store(store, key or start.log_key().vkey, old)
        words = report.faults[0].words if report.faults else ""
        night = Night(now(), not report.faults, report.size, words)
    except (LookupError, OSError) as error:
        night, note = Night(now(), False, 0, f"It could not be read ({type(error).__name__})."), b""
    if night.holds:
        kept.write_bytes(note)
    (folder() / f"{name.replace(' ', '-')}.json").write_bytes(msgspec.json.encode(night))
    (say if night.holds else warn)(f"The store {name}: {'holds' if night.holds else night.words}, {night.size:,} entries.")
    return night


def last_night(name: str) -> Night | None:
    """Return what was found last, or None."""
    file = folder() / f"{name.replace(' ', '-')}.json"
    return msgspec.json.decode(file.read_bytes(), type=Night) if file.exists() else None
