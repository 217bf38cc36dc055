"""Keys off-site: age-encrypted files in the store, one set a class, to that class's recipients.

`keys/<class>/<from>-<to>.age` holds the keys first used between two sizes of the log; it is in the store before the entries.
`keys/<class>/generation-<size>.age` holds every live key as of a size. Deltas and generations are kept for KEEP, then go:
a key that was destroyed is gone everywhere after that.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import pyrage

from lamplit.record.locked import KEYS
from lamplit.record.store import NotInStore, Store

CLASSES = ("contact", "care", "case", "money")
KEEP = KEYS


class HeldKey(msgspec.Struct, array_like=True, frozen=True):
    """One key as the file has it: its id, whose it is, and 32 bytes."""

    id: str
    subject: str
    key: bytes


_decode = msgspec.json.Decoder(list[HeldKey]).decode


def encrypt(keys: Sequence[HeldKey], recipients: Sequence[str]) -> bytes:
    """Return an age file that any of the recipients (`age1...`) opens."""
    return bytes(pyrage.encrypt(msgspec.json.encode(keys), [pyrage.x25519.Recipient.from_str(r) for r in recipients]))


def read_identities(path: Path) -> list[pyrage.x25519.Identity]:
    """Read age identities (`AGE-SECRET-KEY-...`, one a line, `#` comments)."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]


def read_recipients(folder: Path) -> dict[str, list[str]]:
    """Read `recipients-<class>` files: one `age1...` a line. Every class needs one."""
    found = {}
    for name in CLASSES:
        lines = (folder / f"recipients-{name}").read_text().splitlines()
        found[name] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not found[name]:
            raise ValueError(f"{folder}/recipients-{name} names nobody; keys of that class would be lost with this machine")
    return found


def make_custodian(folder: Path) -> None:
    """Make one custodian for every class where somebody is not named yet: the identity belongs off this machine."""
    if all((folder / f"recipients-{name}").exists() for name in CLASSES):
        return
    write_recipients(folder, [str(own_identity(folder / "custodian").to_public())])


def own_identity(path: Path) -> pyrage.x25519.Identity:
    """Return the identity in a file; make it when there is none, so that a run that was cut off goes on with the same."""
    if not path.exists():
        write_identity(path, pyrage.x25519.Identity.generate())
    return read_identities(path)[0]


def write_identity(path: Path, identity: pyrage.x25519.Identity) -> None:
    """Write a custodian's identity so that it is on the disk before anything is sealed to it. FileExistsError if one is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"# Opens every key file in the store. Keep it off this machine.\n{identity}\n")
        file.flush()
        os.fsync(handle)


def write_recipients(folder: Path, recipients: Sequence[str]) -> None:
    """Name for whom keys of every class are sealed, where nobody is named yet. ValueError when one is no age recipient."""
    for recipient in recipients:
        try:
            pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError as error:
            raise ValueError(f"{recipient} is no age recipient ({error})") from error
    for name in CLASSES:
        file = folder / f"recipients-{name}"
        if not file.exists():
            file.write_text("".join(f"{recipient}\n" for recipient in recipients))


def read_held(sealed: bytes, identities: Iterable[pyrage.x25519.Identity]) -> list[HeldKey]:
    """Return the keys of one file; none when it is for others."""
    try:
        return _decode(pyrage.decrypt(sealed, list(identities)))
    except pyrage.DecryptError:
        return []


def read_all(store: Store, identities: Iterable[pyrage.x25519.Identity]) -> dict[str, bytes]:
    """Return every key, by id, that these identities open. Files for other recipients are passed over."""
    held: dict[str, bytes] = {}
    owners = list(identities)
    if not owners:
        return held
    for path in sorted(store.list("keys")):
        try:
            plain = pyrage.decrypt(store.get(path), owners)
        except (pyrage.DecryptError, NotInStore):
            continue
        for key in _decode(plain):
            held[key.id] = key.key
    return held


def write_delta(
    store: Store, start: int, end: int, keys: Mapping[str, Sequence[HeldKey]], to: Mapping[str, list[str]]
) -> list[str]:
    """Put the keys first used in entries start..end into the store, a file a class. A file that is there already is whole.

    Returns the paths of these files.
    """
    paths = []
    for name, held in keys.items():
        path = f"keys/{name}/{start}-{end}.age"
        if held:
            paths.append(path)
            if not store.exists(path):
                store.create(path, encrypt(held, to[name]))
    return paths
