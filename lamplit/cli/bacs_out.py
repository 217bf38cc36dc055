"""How a file for Bacs leaves: written whole, noted, held back until the note stands in two places, and only then named.

A file that has left while its note is lost would be sent once more after a restore: everybody in it would pay twice.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from lamplit.cli.say import Failed, WrongUse, warn

_OURS = 0o600
_LOOK_EVERY = 0.1
TRIES = 1_200  # two minutes: after that somebody has to look why nothing is copied
pause = time.sleep


def hand_over(path: Path, data: bytes, note: Callable[[], str], *, anyway: bool) -> None:
    """Write bytes beside `path`, note that they go (`note` returns its command), wait, and give the file its name.

    Failed: the note does not stand in two places yet. Nothing has left; the same command gives the very same file later.
    """
    beside = write_beside(path, data)
    try:
        _wait(note(), anyway=anyway)
    except BaseException:
        beside.unlink(missing_ok=True)  # nobody sends what is held back; the record makes it again
        raise
    beside.replace(path)
    _keep_folder(path.parent)


def write_beside(path: Path, data: bytes) -> Path:
    """Write a file whole beside its place, for its owner alone, and read it back. Never where another one stands. WrongUse."""
    beside = path.with_name(path.name + ".part")
    try:
        if path.exists() and path.read_bytes() != data:
            raise WrongUse(f"{path} is there already, and it is another file. Nothing was written.")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OURS), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        kept = beside.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be written, so nothing goes. {error.strerror}.") from error
    if kept != data:
        raise Failed(f"{beside} does not hold what was written into it, so nothing goes.")
    return beside


def _wait(command: str, *, anyway: bool) -> None:
    from lamplit.config import receipts

    if anyway:
        if not receipts.kept([command]):
            warn("WARNING: that this file goes stands in ONE place alone. If that is lost, everybody in it may pay twice.")
        return
    for _ in range(TRIES):
        if receipts.kept([command]):
            return
        pause(_LOOK_EVERY)
    raise Failed(
        "The file is held back: that it goes does not stand in two places yet. Look why nothing is copied (`lamplit doctor`),"
        " then run this again: it is the very same file. With --anyway it leaves, at your own risk."
    )


def _keep_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
