"""Keys of subjects, as a page of the live database sees them.

Keys are made when first needed and go out with the page that needs them. The app's role sees no `money` key and can
delete none; destroying is two steps with a delay (`erase.py`).
"""

import base64
import os
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.fact import ERASED, WITHHELD, SealedAt, Unavailable
from lamplit.record.crypt import new_key
from lamplit.record.elsewhere import KNOWN

_READY = 10_000  # keys held ready at once: bounds memory


def new_key_id() -> str:
    """Return 11 random characters: an opaque name, which tells neither subject nor class."""
    return base64.urlsafe_b64encode(os.urandom(8)).rstrip(b"=").decode()


class PageKeys:
    """The keyring of one page. `run(sql, params)` executes and returns the rows."""

    def __init__(self, run: Callable[[str, list[Any]], list[tuple[Any, ...]]]) -> None:
        self._run = run
        self._sealing: dict[tuple[str, str], tuple[str, AESGCM]] = {}
        self._asked: set[str] = set()
        self.fresh: list[tuple[str, str, str, bytes]] = []

    def ask(self, owners: Iterable[str | None]) -> None:
        """Load every live key of these subjects in one query; None is nobody."""
        asked = self._asked
        wanted = [owner for owner in dict.fromkeys(owners) if owner is not None and owner not in asked]
        if not wanted:
            return
        asked.update(wanted)
        rows = self._run(
            "SELECT subject, class, id, key FROM record.key WHERE subject = ANY(%s) AND destroyed_at IS NULL AND NOT former",
            [wanted],
        )
        for subject, key_class, key_id, key in chain(KNOWN.elsewhere.keys_of(wanted) if KNOWN.elsewhere else (), rows):
            self._sealing[subject, key_class] = (key_id, AESGCM(bytes(key)))

    def know_new(self, subject: str) -> None:
        """Say that this subject was made by this page and so has no keys yet."""
        self._asked.add(subject)

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        found = self._sealing.get((subject, key_class))
        if found is None:
            self.ask((subject,))
            found = self._sealing.get((subject, key_class))
        if found is None:
            key_id, key = new_key_id(), new_key()
            self.fresh.append((key_id, subject, key_class, key))
            found = self._sealing[subject, key_class] = (key_id, AESGCM(key))
        return found

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        rows = self._run("SELECT key FROM record.key WHERE id = %s", [key_id])
        if not rows:
            key = KNOWN.elsewhere.key(key_id) if KNOWN.elsewhere else None
            return WITHHELD if key is None else AESGCM(key)
        return ERASED if rows[0][0] is None else AESGCM(bytes(rows[0][0]))


class HeldKeys:
    """A keyring held in memory: what a rebuild, an audit and a proof of a case read with."""

    def __init__(self, keys: dict[str, bytes], erased: set[str]) -> None:
        self.keys, self.erased = keys, erased
        self._ready: dict[str, AESGCM] = {}  # facts of one household stand close together

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        raise LookupError("a replay seals nothing")

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        if (ready := self._ready.get(key_id)) is not None:
            return ready
        if key_id in self.erased:
            return ERASED
        key = self.keys.get(key_id)
        if key is None:
            return WITHHELD
        if len(self._ready) > _READY:
            self._ready.clear()
        ready = self._ready[key_id] = AESGCM(key)
        return ready


class NoKeys(HeldKeys):
    """The keyring of a place that holds none: what is sealed is marked with the number of its entry, `at`, to be opened later."""

    def __init__(self, erased: set[str]) -> None:
        super().__init__({}, erased)
        self.at = 0

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        return ERASED if key_id in self.erased else SealedAt(self.at)
