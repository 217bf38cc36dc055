"""Signed notes: text with signature lines, the keys that make them and the keys that check them.

Format: c2sp.org/signed-note, with Ed25519 signatures (type 0x01) for a log and cosignature/v1
(c2sp.org/tlog-cosignature, type 0x04) for its witnesses. A private key is kept as the one line of Go's
note package, `PRIVATE+KEY+<name>+<hex key id>+<base64(type || seed)>`, so that either tool reads it.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = 0x01
COSIGNATURE = 0x04
KINDS = (ED25519, COSIGNATURE)

MAX_SIGNATURES = 64  # the specification asks for at least 16
MAX_BYTES = 1_000_000
MAX_TIME = 2**63 - 1
_DASH = "\u2014 "


class NoteRejected(ValueError):  # noqa: N818 - named after what is so
    """A note that may not be believed; the message says why."""


class KeyRejected(ValueError):  # noqa: N818 - named after what is so
    """A key that cannot be used; the message says why and, for a file, how to put it right."""


def decode_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical spelling. ValueError otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the canonical spelling of base64")
    return data


def encode_base64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def is_key_name(name: str) -> bool:
    """Say whether `name` may name a key: not empty, no Unicode space, no plus, nothing unprintable in a note."""
    return bool(name) and not any(c.isspace() or c == "+" or c < " " for c in name)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the 4 bytes that, with the name, say which key signed."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


# Verifying --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verifier:
    """A public key that we trust, under the name it signs with."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The key as one line of text, to be printed, pinned and parsed again."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read `<name>+<hex key id>+<base64(type || public key)>`. KeyRejected if anything is off."""
        name, kind, public = _read_key(vkey)
        verifier = cls(name, kind, public)
        if verifier.vkey != vkey:
            raise KeyRejected(f"the key id in {vkey} does not belong to that name and key")
        return verifier

    def for_time(self) -> "Verifier":
        """Return the key by which this log's key signs that it still lives: the same, with a time in each signature."""
        return Verifier(self.name, COSIGNATURE, self.public)

    def check(self, text: str, signature: bytes) -> int | None:
        """Return the time of a cosignature (Unix seconds) or None for a plain signature.

        `signature` is what follows the key id. NoteRejected if it does not verify.
        """
        at, message = None, text.encode()
        if self.kind == COSIGNATURE:
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(text, at)
        try:
            if at is not None and at > MAX_TIME:
                raise InvalidSignature
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise NoteRejected(f"the signature of {self.name} does not verify") from None
        return at


@dataclass(frozen=True)
class Signature:
    """A signature that verified. `at` is the time of a cosignature in Unix seconds, None for a log's own."""

    verifier: Verifier
    at: int | None


@dataclass(frozen=True)
class Opened:
    """A note that at least one known key signed. Only verified signatures are here."""

    text: str
    signatures: tuple[Signature, ...]

    def by(self, verifier: Verifier) -> Signature | None:
        """Return this key's signature (its latest cosignature), or None."""
        of_key = [signature for signature in self.signatures if signature.verifier == verifier]
        return max(of_key, key=lambda signature: signature.at or 0, default=None)

    def times(self, witnesses: Sequence[Verifier]) -> dict[str, int]:
        """Return the name of each of these witnesses that signed, with its latest time in Unix seconds."""
        signed = {witness: self.by(witness) for witness in witnesses}
        return {witness.name: signature.at or 0 for witness, signature in signed.items() if signature}


def open_note(data: bytes, verifiers: Sequence[Verifier]) -> Opened:
    """Check a note and return its text.

    Signatures of unknown keys are ignored. NoteRejected: malformed, a known key's signature that
    does not verify, or no signature of a known key.
    """
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    if len(known) != len(set(verifiers)):
        raise KeyRejected("two of the keys share a name and a key id: trust only one of them")
    text, lines = split_note(data)
    signatures = []
    for line in lines:
        name, ident, signature = _read_line(line)
        verifier = known.get((name, ident))
        if verifier is not None:
            signatures.append(Signature(verifier, verifier.check(text, signature)))
    if not signatures:
        raise NoteRejected("none of the keys you trust has signed it")
    return Opened(text, tuple(signatures))


def split_note(data: bytes) -> tuple[str, list[str]]:
    """Return the text (with its last newline) and the signature lines, **unverified**. NoteRejected if malformed."""
    if len(data) > MAX_BYTES:
        raise NoteRejected(f"a note has at most {MAX_BYTES:,} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteRejected("a note is UTF-8 text, and this is not") from None
    # Not splitlines: a note's lines end at U+000A and nowhere else.
    if any(c < " " and c != "\n" for c in whole):
        raise NoteRejected("a note has no control characters but newlines")
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteRejected("a note is text, an empty line, then lines of signatures")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteRejected(f"a note has at most {MAX_SIGNATURES} signatures")
    return text + "\n", lines


def _read_line(line: str) -> tuple[str, bytes, bytes]:
    """Return (key name, key id, signature) of a signature line."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise NoteRejected("a signature line is a dash, the name of a key and a signature")
    try:
        blob = decode_base64(encoded)
    except ValueError as error:
        raise NoteRejected(f"the signature line of {name} is {error}") from None
    if len(blob) < 5:
        raise NoteRejected(f"the signature line of {name} is too short")
    return name, blob[:4], blob[4:]


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


# Signing ----------------------------------------------------------------------------------------------------


class SigningKey:
    """A private key and the name it signs with. It never shows itself in a log or a traceback."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        if not is_key_name(name) or kind not in KINDS or len(seed) != 32:
            raise KeyRejected("a key has a name without spaces or '+', a known kind and a seed of 32 bytes")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = Verifier(name, kind, public)

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> "SigningKey":
        """Make a key from the operating system's randomness."""
        return cls(name, kind, os.urandom(32))

    @classmethod
    def from_seed(cls, name: str, seed: bytes, kind: int = ED25519) -> "SigningKey":
        """Make the key that belongs to a 32-byte Ed25519 seed."""
        return cls(name, kind, seed)

    def __repr__(self) -> str:
        return f"<SigningKey {self.vkey}>"

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def vkey(self) -> str:
        """The public key, safe to publish."""
        return self.verifier.vkey

    def for_time(self) -> "SigningKey":
        """Return the key that signs with a time, for a log's own signs of life. Its verifier is `Verifier.for_time`."""
        return SigningKey(self.name, COSIGNATURE, self._seed)

    def sign(self, text: str) -> bytes:
        """Return the note of `text` (ends in a newline) signed by this key alone."""
        return sign_note(text, self)

    def line(self, text: str) -> bytes:
        """Return this key's signature line for `text`. Only for a log's key: a witness calls `cosign`."""
        if self.verifier.kind != ED25519:
            raise KeyRejected(f"{self.name} is a witness's key: it cosigns with a time")
        return self._line(self._key.sign(text.encode()))

    def cosign(self, text: str, at: int) -> bytes:
        """Return a witness's signature line for the text of a checkpoint, as of `at` (Unix seconds).

        It says "this is the longest consistent tree I have seen": the caller must have checked that, and
        stored it durably, before it calls.
        """
        if self.verifier.kind != COSIGNATURE:
            raise KeyRejected(f"{self.name} is a log's key: a witness needs one of its own")
        if not 0 <= at <= MAX_TIME:
            raise ValueError("a cosignature's time is Unix seconds, not negative")
        return self._line(at.to_bytes(8, "big") + self._key.sign(_cosigned(text, at)))

    def _line(self, signature: bytes) -> bytes:
        return f"{_DASH}{self.name} {encode_base64(self.verifier.id + signature)}\n".encode()

    def write(self, path: Path) -> None:
        """Keep the key in a new file that only its owner may read, and see it onto the disk.

        FileExistsError rather than overwrite a key.
        """
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            os.chmod(path, 0o600)  # a strange umask may have taken the owner's own rights
            blob = encode_base64(bytes([self.verifier.kind]) + self._seed)
            file.write(f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{blob}\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """Read a key file. KeyRejected if others may read it or it is damaged."""
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeyRejected(f"Other people can read the key file {path}. Run: chmod 600 {path}")
        line = path.read_text(encoding="utf-8").removesuffix("\n")
        if not line.startswith(_PRIVATE):
            raise KeyRejected(f"{path} is no private key file. Put the right file there.")
        name, kind, seed = _read_key(line.removeprefix(_PRIVATE))
        key = cls(name, kind, seed)
        if f"+{key.verifier.id.hex()}+" not in line:
            raise KeyRejected(f"The key file {path} is damaged. Put back your copy of it.")
        return key


_PRIVATE = "PRIVATE+KEY+"


def _read_key(line: str) -> tuple[str, int, bytes]:
    """Return (name, kind, 32 bytes of key) of a vkey or of what follows `PRIVATE+KEY+`."""
    parts = line.split("+", 2)  # base64 may hold a plus, so only the first two separate
    if len(parts) != 3 or not is_key_name(parts[0]):
        raise KeyRejected("a key is <name>+<key id>+<key in base64>")
    try:
        blob = decode_base64(parts[2])
    except ValueError as error:
        raise KeyRejected(f"the last part of the key is {error}") from None
    if len(blob) != 33 or blob[0] not in KINDS:
        raise KeyRejected("only Ed25519 keys of type 1 (logs) and type 4 (witnesses) are known here")
    return parts[0], blob[0], blob[1:]


def sign_note(text: str, *keys: SigningKey) -> bytes:
    """Return the note of `text` with one line a key. ValueError if the text cannot stand in a note."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise ValueError("the text of a note ends in a newline and has no other control character")
    return text.encode() + b"\n" + b"".join(key.line(text) for key in keys)


def add_line(note: bytes, line: bytes) -> bytes:
    """Return the note with one more signature line. NoteRejected if either is malformed; verifies nothing."""
    _, old = split_note(note)
    if not line.endswith(b"\n") or line.count(b"\n") != 1:
        raise NoteRejected("a signature line is one line and ends in a newline")
    longer = note + line
    _, lines = split_note(longer)
    _read_line(lines[-1])
    if len(lines) != len(old) + 1:
        raise NoteRejected("a signature line is one line")
    return longer


def only_lines_of(note: bytes, verifiers: Sequence[Verifier]) -> bytes:
    """Return the note with the signature lines of these keys alone. NoteRejected if malformed; verifies nothing."""
    text, lines = split_note(note)
    wanted = {(verifier.name, verifier.id) for verifier in verifiers}
    kept = [line for line in lines if _read_line(line)[:2] in wanted]
    return "".join([text, "\n", *(f"{line}\n" for line in kept)]).encode()
