"""Keys on their way back: what the key files hold, and which of them the log itself proves right.

Anybody can write a key file to the custodians' addresses. So a key counts only when it opens the first sealed part that
names it; whose it is, the entry says and not the file.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

import msgspec
import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.fact import Fact
from lamplit.record import crypt
from lamplit.record.encode import Entry, SealedPart, kind_of
from lamplit.record.generations import key_files
from lamplit.record.keyfiles import HeldKey
from lamplit.record.store import Store

_AT_ONCE = 64  # key files in memory at a time
_decode = msgspec.json.Decoder(list[HeldKey]).decode


class KeyFiles(NamedTuple):
    """What these identities open: each key by its id, more than one where files disagree; and the classes with closed files."""

    keys: dict[str, set[bytes]]
    closed: set[str]
    opened: dict[str, set[str]]  # class -> recipients among the identities that opened a file of it


def read_key_files(store: Store, identities: Iterable[pyrage.x25519.Identity]) -> KeyFiles:
    """Read every key file."""
    found, owners = KeyFiles({}, set(), {}), list(identities)
    files = key_files(store)
    for at in range(0, len(files), _AT_ONCE):
        some = files[at : at + _AT_ONCE]
        for file, data in zip(some, store.get_many([file.path for file in some]), strict=True):
            held = None if data is None else _open(data, owners, found.opened.setdefault(file.key_class, set()))
            if data is not None and held is None:
                found.closed.add(file.key_class)
            for key in held or ():
                found.keys.setdefault(key.id, set()).add(key.key)
    return found


def _open(data: bytes, owners: list[Any], opened: set[str]) -> list[HeldKey] | None:
    """Open one file with the first identity that does. None when none does, or what is inside is no list of keys."""
    for owner in owners:
        try:
            held = _decode(pyrage.decrypt(data, [owner]))
        except (pyrage.DecryptError, msgspec.MsgspecError):
            continue
        opened.add(str(owner.to_public()))
        return held
    return None


class Use(NamedTuple):
    """Where a key is first used: whose it is, its class, and the entry's number."""

    subject: str
    key_class: str
    first: int


class KeyUses:
    """Every key that the entries name, in the order of the log, and those that are proved right."""

    def __init__(self, candidates: Mapping[str, Iterable[bytes]]) -> None:
        self._candidates = candidates
        self.uses: dict[str, Use] = {}
        self.proved: dict[str, bytes] = {}

    def see(self, entry: Entry, number: int, origin: str) -> None:
        """Look at the sealed parts of one entry, which the log `origin` wrote first."""
        sealed = entry.sealed  # type: ignore[attr-defined]  # the wire classes have it
        if sealed is None:
            return
        kind = kind_of(cast(type[Fact], type(entry.body)))
        for part in kind.parts:
            box = getattr(sealed, part.slot)
            if box is not None and box[0] not in self.uses:
                self.uses[box[0]] = Use(getattr(entry.body, part.owner), part.key_class, number)
                self._prove(part, box, origin.encode())

    def _prove(self, part: SealedPart, box: tuple[str, int, bytes], origin: bytes) -> None:
        for key in self._candidates.get(box[0], ()):
            try:
                crypt.unseal(AESGCM(key), box[2], origin + part.bound + box[0].encode())
            except (InvalidTag, ValueError):
                continue
            self.proved[box[0]] = key
            return
