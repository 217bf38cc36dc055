"""A key that stands in no database: what is sealed under it is dark to whoever holds tables, dumps and the record's own keys.

It seals texts into boxes that a table may hold, and makes marks by which a row is found again without being read. The same
text and the same key give the same box, so a text that must not be told from another brings its own random part.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
STEP = 1536  # bytes: whatever a box holds, it is as long as any other
_NONCE = 12


@dataclass
class Setup:
    """What the composition root (`config`) hands over at start. No key: nothing is sealed, and nothing can be read."""

    key: bytes | None = None
    origin: str = ""


SETUP = Setup()


def configure(key: bytes | None, origin: str) -> None:
    """Say which key it is, and for which log."""
    SETUP.key, SETUP.origin = key, origin
    _ready.cache_clear()


def ready() -> bool:
    """Say whether the key is here."""
    return SETUP.key is not None


def seal(plain: bytes) -> str:
    """Return the box of a text. LookupError without the key."""
    padded = plain + b" " * (-len(plain) % STEP)
    nonce = hmac.digest(_part("nonce"), padded, "sha256")[:_NONCE]
    return base64.b64encode(nonce + _cipher().encrypt(nonce, padded, SETUP.origin.encode())).decode()


def unseal(box: str) -> bytes | None:
    """Return what is in a box, with spaces behind it. None where it cannot be read: no key here, or the key of another place."""
    if not ready():
        return None
    try:
        raw = base64.b64decode(box, validate=True)
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], SETUP.origin.encode())
    except (ValueError, InvalidTag):
        return None


def mark(text: str) -> str:
    """Return 64 hexadecimal digits that stand for a text, and tell nothing of it without the key."""
    return hmac.new(_part("mark"), text.encode(), hashlib.sha256).hexdigest()


def _part(use: str) -> bytes:
    return _ready(use)


def _cipher() -> AESGCM:
    return AESGCM(_part("box"))


@lru_cache(maxsize=8)
def _ready(use: str) -> bytes:
    if SETUP.key is None:
        raise LookupError("the key that stands apart is not here")
    return hmac.digest(SETUP.key, f"lamplit {use}".encode(), "sha256")
