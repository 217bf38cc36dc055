"""Two people at the console, each known by what she alone brings: a custodian's key, or the copy of the log's key from the safe.

After a loss nobody has a password, so two keys that stand in two safes stand for two people. Their names go into the record.
"""

from pathlib import Path
from typing import NamedTuple

from lamplit.cli import start
from lamplit.cli.say import Failed, WrongUse
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.note import KeyRejected, SigningKey


class Two(NamedTuple):
    """The names of two people who agreed."""

    first: str
    second: str


def two_people(given: list[str]) -> Two:
    """Read `NAME=FILE` twice. WrongUse or Failed unless two people brought two keys of this installation."""
    pairs = [(name.strip(), file) for name, equals, file in (one.partition("=") for one in given) if equals and name.strip()]
    if len(pairs) != 2 or len(given) != 2:
        raise WrongUse('Two people must agree. Say --by twice: --by "Ada Brook=FILE" --by "Ben Carr=FILE".')
    if pairs[0][0].casefold() == pairs[1][0].casefold():
        raise WrongUse("Two people must agree, and these are one name.")
    keys = [_key_in(Path(file)) for _, file in pairs]
    if keys[0] & keys[1]:
        raise Failed("Two people must agree, and these two files hold the same key.")
    return Two(pairs[0][0], pairs[1][0])


def one_person(given: str) -> str:
    """Read `NAME=FILE` once."""
    name, equals, file = given.partition("=")
    if not (equals and name.strip()):
        raise WrongUse('Say who with --by "Ada Brook=FILE".')
    _key_in(Path(file))
    return name.strip()


def _key_in(file: Path) -> set[str]:
    """Return what tells the keys in a file. Failed for a key that is none of ours."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from error
    if text.startswith("PRIVATE+KEY+"):
        return _log_key_in(file)
    ours = {one for named in keyfiles.read_recipients(place.key_folder()).values() for one in named}
    found = {str(identity.to_public()) for identity in keyfiles.read_identities(file)}
    if not found or not found <= ours:
        raise Failed(f"{file} holds no key of a custodian of this installation.")
    return found


def _log_key_in(file: Path) -> set[str]:
    if file.resolve() == start.key_file().resolve():
        raise Failed(f"{file} stands on this machine. Bring the copy of the log's key that is in the safe.")
    try:
        given = SigningKey.read(file).verifier
    except KeyRejected as error:
        raise Failed(str(error)) from error
    if given != start.log_key().verifier:
        raise Failed(f"{file} is not the key of this log.")
    return {given.vkey}
