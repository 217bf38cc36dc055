"""The heir's key: what opens the keys of main's record, kept under the printed code of each person who may declare.

The key itself stands nowhere. Each file in `declarers` holds it under one person's code (age's own scrypt), so that any one code
opens it, and who may use one alone is a rule (takeover.py).
"""

import re
import secrets
from pathlib import Path
from typing import NamedTuple

import pyrage

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read for something else
_GROUPS, _EACH = 6, 5  # 150 bits
RECIPIENTS = "recipients-post"  # a file of the key folder: one age recipient a line
_LIKE = str.maketrans("OIL", "011")


class Declarer(NamedTuple):
    """One person who may declare: her name, and the file that her code opens."""

    name: str
    file: Path


def new_code() -> str:
    """Return a code to print: six groups of five."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_EACH)) for _ in range(_GROUPS))


def plain_code(typed: str) -> str:
    """Return a code as it is meant, however it was typed: spaces, dashes, small letters, O for 0."""
    return re.sub(r"[\s-]", "", typed).upper().translate(_LIKE)


def declarers(folder: Path) -> list[Declarer]:
    """Return who may declare, by name."""
    return sorted(Declarer(_name_in(file), file) for file in folder.glob("*.declarer"))


def _name_in(file: Path) -> str:
    return file.read_bytes().partition(b"\n")[0].decode()


def name_declarer(folder: Path, name: str, identity: pyrage.x25519.Identity) -> str:
    """Let a person declare. Returns her code, which is shown once. ValueError when the name is hers already or no name."""
    name = " ".join(name.split())
    if not name or "\n" in name or any(one.name.casefold() == name.casefold() for one in declarers(folder)):
        raise ValueError(f"{name or 'Nobody'} cannot be named: a name that nobody has yet is needed.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    code = new_code()
    kept = pyrage.passphrase.encrypt(str(identity).encode(), plain_code(code))
    file = folder / f"{secrets.token_hex(6)}.declarer"
    file.touch(mode=0o600)
    file.write_bytes(name.encode() + b"\n" + kept)
    file.chmod(0o640)  # who belongs to the folder's group, which is nobody unless it was installed so
    return code


def open_with(folder: Path, name: str, code: str) -> pyrage.x25519.Identity | None:
    """Return the heir's key when the code is this person's. Takes about a second, whatever it is given."""
    for one in declarers(folder):
        if one.name == name:
            kept = one.file.read_bytes().partition(b"\n")[2]
            try:
                opened = pyrage.passphrase.decrypt(kept, plain_code(code))
            except pyrage.DecryptError:
                return None
            return pyrage.x25519.Identity.from_str(opened.decode())
    return None


def recipients(folder: Path) -> list[str]:
    """Return for whom what comes in is sealed. ValueError when nobody is named: what came in would be lost."""
    lines = (folder / RECIPIENTS).read_text().splitlines()
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise ValueError(f"{folder / RECIPIENTS} names nobody")
    return found
