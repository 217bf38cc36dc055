"""Open many small age files that were sealed to an X25519 key: a Direct Debit file needs tens of thousands at once.

pyrage takes 210 µs of a processor for each, of which the one multiplication that cannot be saved is 50. This opens the plain
case (age-encryption.org/v1 as its specification at C2SP has it: X25519, one chunk) with the primitives of `cryptography`, and
asks pyrage in every other case. Nothing comes out that the header's MAC and both AEAD tags do not vouch for.
"""

import hmac
import re
from binascii import a2b_base64
from collections.abc import Sequence

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

# 32 bytes in base64 without padding: the last letter stands for four bits, so it is one of those that end in two noughts.
_WORD = rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]"
_FILE = re.compile(rb"age-encryption\.org/v1\n(?:(?!---)[^\n]*\n)+?--- (%s)\n" % _WORD)
_STANZA = re.compile(rb"^-> X25519 (%s)\n(%s)$" % (_WORD, _WORD), re.MULTILINE)
_NONCE, _FILE_KEY = 16, 16
_CHUNK = 64 * 1024 + 16
_FIRST, _LAST_CHUNK, _NO_SALT = bytes(12), bytes(11) + b"\x01", bytes(32)
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # bech32, BIP 173


class Opener:
    """The private keys of one holder."""

    def __init__(self, identities: Sequence[pyrage.x25519.Identity]) -> None:
        self._identities = list(identities)
        self._keys = [(key, key.public_key().public_bytes_raw()) for key in map(_private, identities)]

    def __call__(self, data: bytes) -> bytes:
        """Return what was sealed. pyrage.DecryptError: none of the keys opens it, or it was changed."""
        try:
            found = self._plainly(data)
        except (ValueError, InvalidTag):
            found = None
        return bytes(pyrage.decrypt(data, self._identities)) if found is None else found

    def _plainly(self, data: bytes) -> bytes | None:
        header = _FILE.match(data)
        if header is None:
            return None
        payload = data[header.end() :]
        if not _NONCE + 16 <= len(payload) <= _NONCE + _CHUNK:
            return None
        head = data[: header.start(1) - 1]
        for share, body in _STANZA.findall(head):
            for private, public in self._keys:
                file_key = _unwrapped(private, public, _bytes(share), _bytes(body))
                if file_key is not None:
                    return _payload(file_key, head, _bytes(header[1]), payload)
        return None


def _private(identity: pyrage.x25519.Identity) -> X25519PrivateKey:
    """Take the 32 bytes out of AGE-SECRET-KEY-1...; pyrage has checked the spelling."""
    bits = "".join(f"{_LETTERS.index(letter):05b}" for letter in str(identity).lower().rpartition("1")[2][:-6])
    return X25519PrivateKey.from_private_bytes(int(bits[:256], 2).to_bytes(32, "big"))


def _bytes(word: bytes) -> bytes:
    return a2b_base64(word + b"=")


def _unwrapped(private: X25519PrivateKey, public: bytes, share: bytes, body: bytes) -> bytes | None:
    """Return the file key when the stanza is for this key. ValueError: the share is no point that may be used."""
    secret = private.exchange(X25519PublicKey.from_public_bytes(share))
    wrap = _hkdf(secret, share + public, b"age-encryption.org/v1/X25519")
    try:
        return ChaCha20Poly1305(wrap).decrypt(_FIRST, body, None)
    except InvalidTag:
        return None


def _payload(file_key: bytes, head: bytes, mac: bytes, payload: bytes) -> bytes | None:
    if len(file_key) != _FILE_KEY:
        return None
    right = hmac.digest(_hkdf(file_key, _NO_SALT, b"header"), head, "sha256")
    if not hmac.compare_digest(right, mac):
        return None
    key = _hkdf(file_key, payload[:_NONCE], b"payload")
    return ChaCha20Poly1305(key).decrypt(_LAST_CHUNK, payload[_NONCE:], None)


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) of one block."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")
