"""The proof of an entry, for the pages that show it or hand it out: from the near store, made and checked each time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.http import HttpResponse

from lamplit.config import place, standing_by
from lamplit.continuity import state
from lamplit.continuity.asking import NEWEST, together
from lamplit.record import proving
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.encode import Codec, Header, read_header
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.proof import ProofRejected
from lamplit.record.store import NotInStore, Store, open_store
from lamplit.record.tiles import Malformed

log = logging.getLogger(__name__)
BY_ITSELF = ("seed:", "import:")  # what such a command wrote beside an entry has nothing to do with it
SOON = timedelta(minutes=1)
MOST_PROVED = 120  # lines of one paper


@dataclass(frozen=True)
class Shown:
    """An entry with its proof, which held. `clear` is what of its fact stands in clear; `beside` what was written with it."""

    proved: proving.Proved
    header: Header
    clear: Any
    sealed_at: datetime | None
    beside: list[Header]
    vkey: str
    cosigned: list[tuple[Verifier, datetime]]  # our standbys that signed the checkpoint too, and when

    @property
    def index(self) -> int:
        return self.proved.file.index

    @property
    def file_name(self) -> str:
        return f"lamplit-entry-{self.index}.tlog-proof"


class NoProof(NamedTuple):
    """Why there is none to show. `grave`: somebody has to look into it."""

    words: str
    grave: bool = False


@cache
def near_store() -> Store:
    return open_store(place.stores()[0])


NOT_YET = NoProof("It is written down. It is still being sealed and copied. Look again in a moment.")
AWAY = NoProof("The copy that proofs are made from cannot be read just now. Nothing is lost. Look again later.")
MISSING = NoProof(
    "We did not find it in the published record. Have the record audited: that compares every row with it.", grave=True
)
BROKEN = NoProof("The proof does not hold. Tell whoever looks after the record at once, and change nothing.", grave=True)


def proof_of(name: str, kinds: tuple[str, ...], near: datetime, now: datetime) -> Shown | NoProof:
    """Prove the first entry of one of these kinds that is about `name`: its own id, or the id of what it is about first of all.

    `near`: when it was written down.
    """
    own = _proof_of(name, kinds, near, now)
    if not isinstance(own, NoProof) or place.standby() is None:
        return own
    mains = _mains_proof_of(name, kinds, near)
    return own if mains is None else mains


def _mains_proof_of(name: str, kinds: tuple[str, ...], near: datetime) -> Shown | None:
    """At a standby: prove an entry of main's record from our own copy, under the checkpoint that we cosigned last."""
    follows = place.standby()
    assert follows is not None  # noqa: S101 - the caller looked
    log_key = Verifier.parse(follows.log_key)
    held = state.held(standing_by.database(), log_key.name)
    if held is None or held.note is None:
        return None
    try:
        published = proving.open_published(open_store(place.mirror()), log_key, held.note)
        index = proving.find(published, name, near, lambda header: _is_it(header, name, kinds))
        return None if index is None else _shown(published, index, follows.log_key, sealed_at=None)
    except (NotInStore, OSError, ProofRejected, NoteRejected, Malformed):
        log.exception("our own copy gives no proof")
        return None


def _proof_of(name: str, kinds: tuple[str, ...], near: datetime, now: datetime) -> Shown | NoProof:
    vkey, size = _head()
    if vkey is None:
        return NOT_YET
    try:
        published, index = _found(vkey, name, near, lambda header: _is_it(header, name, kinds))
        if index is None:
            return NOT_YET if now - near < SOON or published.checkpoint.size < size else MISSING
        return _shown(published, index, vkey, sealed_at=_sealed_at(index))
    except NotInStore:
        return NOT_YET if size == 0 or now - near < SOON else AWAY
    except OSError:
        log.exception("the near store cannot be read")
        return AWAY
    except (ProofRejected, NoteRejected, Malformed):
        log.exception("a proof does not hold")
        return BROKEN


def _found(vkey: str, name: str, near: datetime, wanted: Callable[[Header], bool]) -> tuple[proving.Published, int | None]:
    """Find an entry under the newest checkpoint that a standby cosigned, or else under the newest one there is."""
    log, store = Verifier.parse(vkey), near_store()
    if (note := _cosigned()) is not None:
        published = proving.open_published(store, log, note)
        if (index := proving.find(published, name, near, wanted)) is not None:
            return published, index
    published = proving.open_published(store, log)
    return published, proving.find(published, name, near, wanted)


def _cosigned() -> bytes | None:
    """Return the newest checkpoint that a standby of ours cosigned, with the lines of all that cosigned it; or None."""
    keys = [key.vkey for _, key in place.standbys()]
    if not keys:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [keys, keys])
        notes = [bytes(row[0]) for row in cursor.fetchall()]
    return together(notes) if notes else None


def _is_it(header: Header, name: str, kinds: tuple[str, ...]) -> bool:
    return header.id == name or (header.kind in kinds and header.subjects[:1] == [name])


def _shown(published: proving.Published, index: int, vkey: str, *, sealed_at: datetime | None) -> Shown:
    proved = proving.prove(published, index)
    header = read_header(proved.entry)
    beside = [] if header.command.startswith(BY_ITSELF) else proving.together(published, index)
    clear = Codec(published.checkpoint.origin).clear(proved.entry).body
    return Shown(proved, header, clear, sealed_at, beside, vkey, _signed_too(published))


def _signed_too(published: proving.Published) -> list[tuple[Verifier, datetime]]:
    keys = [key for _, key in place.standbys()]
    _, opened = open_checkpoint(published.note, published.log, keys)
    times = opened.times(keys)
    return [(key, datetime.fromtimestamp(times[key.name], UTC)) for key in keys if key.name in times]


def _head() -> tuple[str | None, int]:
    """Return the log's public key and how much is sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vkey, size FROM record.checkpoint")
        return cursor.fetchone() or (None, 0)


def _sealed_at(index: int) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_at FROM record.entry WHERE idx = %s", [index])
        row = cursor.fetchone()
    return row[0] if row else None


def reacted_to(index: int) -> bool:
    """Say whether the worker has come to this entry. One that failed there is still owed and does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(bool_or(name = 'reactions' AND next_idx > %s), false)"
            " AND NOT coalesce(bool_or(name = %s AND next_idx = %s), false) FROM record.reader",
            [index, f"owed:{index}", index],
        )
        return bool(cursor.fetchone()[0])


def as_file(shown: Shown) -> HttpResponse:
    """Return the proof as a file to keep (c2sp.org/tlog-proof). What is personal in it is sealed; its ids are pseudonyms."""
    name = f'attachment; filename="{shown.file_name}"'
    return HttpResponse(
        shown.proved.file.format(), content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
    )


class Several(NamedTuple):
    """Proofs of several entries under one checkpoint: number by the entry's id, and each as a file to keep."""

    entries: dict[str, int]
    files: list[dict[str, str]]
    size: int
    key: str


def several(wanted: list[tuple[str, datetime]]) -> Several:
    """Prove entries by their ids and when each was written down. What is not published yet, or cannot be read, is left out."""
    vkey, _ = _head()
    if vkey is None:
        return Several({}, [], 0, "")
    try:
        cosigned = _cosigned()
        made = _several(vkey, wanted, cosigned)
        return made if cosigned is None or len(made.files) == len(wanted[:MOST_PROVED]) else _several(vkey, wanted, None)
    except (OSError, NotInStore, ProofRejected, NoteRejected, Malformed):
        log.exception("proofs for a paper cannot be made")
        return Several({}, [], 0, vkey)


def _several(vkey: str, wanted: list[tuple[str, datetime]], note: bytes | None) -> Several:
    found: dict[str, int] = {}
    files: list[dict[str, str]] = []
    published = proving.open_published(near_store(), Verifier.parse(vkey), note)
    for name, near in wanted[:MOST_PROVED]:
        index = proving.find(published, name, near, lambda header, name=name: header.id == name)  # type: ignore[misc]
        if index is None:
            continue
        found[name] = index
        text = proving.prove(published, index).file.format().decode()
        files.append({"name": f"lamplit-entry-{index}.tlog-proof", "text": text, "about": f"Proof of entry {index:,}"})
    return Several(found, files, published.checkpoint.size, vkey)
