"""Sealing the personal parts of an entry: AES-256-GCM, one random key for each subject and key class.

The associated data is `origin|kind|version|part|key id`, so that a sealed part cannot be moved to another log,
fact, field or key (record format, "crypto-shredding"). Plaintext is padded with spaces, which JSON ignores, so that
its length tells little.
"""

import os
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.fact import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12
PAD_TO = {"care": 1024}  # a note of any length that people write, and a triage with needs or without, look alike
PAD_OTHERWISE = 32
BLOB_MARK = b"LB1 "  # what a sealed blob begins with
BLOB_LEAST, BLOB_STEP = 1024, 4096  # what is padded to the first looks alike; above it, lengths go in the steps of the second


class Keyring(Protocol):
    """Where keys come from."""

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        """Return the id and the key under which to seal now, making it if the subject has none."""
        ...

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        """Return the key, or ERASED when it was destroyed, or WITHHELD when this place does not hold it."""
        ...


def new_key() -> bytes:
    """Return 32 random bytes. Never derived from a master: what can be derived cannot be destroyed."""
    return os.urandom(KEY_BYTES)


def seal(key: AESGCM, plain: bytes, associated: bytes, key_class: str) -> bytes:
    """Return nonce and ciphertext of `plain`, padded for its class."""
    step = PAD_TO.get(key_class, PAD_OTHERWISE)
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain + b" " * (-len(plain) % step), associated)


def unseal(key: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    """Return the padded plaintext. cryptography.exceptions.InvalidTag if anything was changed or moved."""
    return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)


def seal_blob(key_id: str, key: AESGCM, plain: bytes, *, origin: str, what: str) -> bytes:
    """Return bytes that stand beside the record: the key's id in front, then nonce and ciphertext.

    `what` they are is bound in, and the log: no blob can stand for another kind. Any bytes may be kept: so a one bit ends them
    and zeros follow, up to a full step. Bank details stand in 1,024 bytes: PostgreSQL keeps these in the row itself, and a Direct
    Debit file reads sixty thousand of them.
    """
    step = BLOB_LEAST if len(plain) < BLOB_LEAST else BLOB_STEP
    padded = b"".join((plain, b"\x80", b"\0" * (-(len(plain) + 1) % step)))
    nonce, name = os.urandom(NONCE_BYTES), key_id.encode()
    return b"".join((BLOB_MARK, name, b"\n", nonce, key.encrypt(nonce, padded, _bound(origin, what, name))))


def blob_key_id(blob: bytes) -> str:
    """Return the id of the key that sealed a blob. ValueError when it is no sealed blob."""
    end = blob.find(b"\n", 0, 64)
    if not blob.startswith(BLOB_MARK) or end < 0:
        raise ValueError("no sealed blob")
    return blob[len(BLOB_MARK) : end].decode()


def unseal_blob(key: AESGCM, blob: bytes, *, origin: str, what: str) -> bytes:
    """Return what was sealed. cryptography.exceptions.InvalidTag if anything was changed or moved."""
    name = blob_key_id(blob).encode()
    start = len(BLOB_MARK) + len(name) + 1
    padded = key.decrypt(blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :], _bound(origin, what, name))
    return padded.rstrip(b"\0")[:-1]


def _bound(origin: str, what: str, name: bytes) -> bytes:
    return f"{origin}|blob|{what}|".encode() + name
