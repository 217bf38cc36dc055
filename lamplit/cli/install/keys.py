"""The keys of an installation: the log's, of which a copy leaves the machine, and the custodian's, which never stays on it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pyrage

from lamplit.cli.installation import layout
from lamplit.cli.installation.answers import Answers
from lamplit.cli.installation.machine import Machine
from lamplit.cli.say import Failed, say
from lamplit.config import planted
from lamplit.record import keyfiles
from lamplit.record.note import SigningKey

CUSTODIAN, LOG, PLANTED = "lamplit-custodian.key", "lamplit-log.key", "lamplit-planted.key"
STANDBY = {
    "log": "The key that signs this standby's own log. Keep it apart from the machine:",
    "cosigner": "The key of its signature on main's record. Without a copy, a new standby must have a new one:",
}


def taken(machine: Machine) -> bool:
    return machine.at(layout.TAKEN).exists()


def take_away(answers: Answers, machine: Machine, typed: Callable[[], str] | None = None) -> None:
    """Make the keys and carry away what must not be lost with this machine. Cut off anywhere, it goes on with the same keys."""
    folder = machine.at(layout.KEYS)
    log = folder / "log"
    if not log.exists():
        SigningKey.generate(answers.log_name).write(log)
    planted.make(folder / planted.NAME)
    if SigningKey.read(log).name != answers.log_name:
        raise Failed(f"The key in {log} is of the log {SigningKey.read(log).name}. A log never changes its name.")
    if answers.take_away == "print":
        _print(answers, folder, typed or sys.stdin.readline)
    else:
        _to_folder(answers, folder, _stick(answers, folder))
    machine.write(layout.TAKEN, f"to {answers.take_away}\n", 0o600)


def copy(answers: Answers, machine: Machine) -> None:
    """Carry copies of a standby's keys away: of its own log and of its signature. It makes no custodian's key."""
    folder = machine.at(layout.KEYS)
    if answers.take_away == "print":
        if not sys.stdin.isatty():
            raise Failed(
                "Keys are printed for a person to write down, and nobody is at the terminal. Name a stick's folder instead."
            )
        for name, words in STANDBY.items():
            text = (folder / name).read_text().strip()
            _show(words, text)
            _confirm(text, sys.stdin.readline)
    else:
        away = _stick(answers, folder)
        for name in STANDBY:
            _copy(folder / name, away / f"lamplit-standby-{name}.key")
    machine.write(layout.TAKEN, f"to {answers.take_away}\n", 0o600)


def _stick(answers: Answers, folder: Path) -> Path:
    """Return the folder of the stick. Failed when it is not there, or no stick."""
    away = Path(answers.take_away)
    if not away.is_dir():
        raise Failed(f"{away} is not there. Put the memory stick in and mount it, then run this again.")
    if _same_disk(away, folder):
        raise Failed(
            f"{away} is on the same disk as {folder}. Keys that are lost with this machine help nobody: mount a stick there."
        )
    return away


def _to_folder(answers: Answers, folder: Path, away: Path) -> None:
    recipients = answers.custodians or [str(keyfiles.own_identity(away / CUSTODIAN).to_public())]
    keyfiles.write_recipients(folder, recipients)
    _copy(folder / "log", away / LOG)
    _copy(folder / planted.NAME, away / PLANTED)


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _copy(one: Path, other: Path) -> None:
    """Copy a key so that it is on the other disk. A copy that was cut off is made again."""
    if other.exists() and other.read_bytes() == one.read_bytes():
        return
    if other.exists() and other.read_bytes() and not one.read_bytes().startswith(other.read_bytes()):
        raise Failed(f"{other} is the key of another log. Use another stick.")
    handle = os.open(other, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(one.read_bytes())
        file.flush()
        os.fsync(handle)


def _print(answers: Answers, folder: Path, typed: Callable[[], str]) -> None:
    """Show the keys once, and go on when whoever writes them down can read back the end of each."""
    if not sys.stdin.isatty() and typed is sys.stdin.readline:
        raise Failed("Keys are printed for a person to write down, and nobody is at the terminal. Name a stick's folder instead.")
    have = all((folder / f"recipients-{name}").exists() for name in keyfiles.CLASSES)
    if answers.custodians:
        keyfiles.write_recipients(folder, answers.custodians)
    elif not have:  # nothing was sealed to a key that was shown before and not confirmed
        identity = pyrage.x25519.Identity.generate()
        _show(
            "The custodian's key. It opens what people told you, once this machine is lost. It is not kept here:", str(identity)
        )
        _confirm(str(identity), typed)
        keyfiles.write_recipients(folder, [str(identity.to_public())])
    text = (folder / "log").read_text().strip()
    _show("The key that signs the log. Without a copy nobody can go on with this log. Keep it apart from the other:", text)
    _confirm(text, typed)
    text = (folder / planted.NAME).read_text().strip()
    _show("The key of planted records. Without a copy nobody can say who was planted. Keep it with the log's:", text)
    _confirm(text, typed)


def _show(words: str, key: str) -> None:
    say(f"\n{words}\n\n    {key}\n")


def _confirm(key: str, typed: Callable[[], str]) -> None:
    say("Write it down, or print it. Then type its last eight characters: ", end="")
    if typed().strip() != key[-8:]:
        raise Failed("These are not its last eight characters. Nothing was sealed to it yet. Run this again.")
