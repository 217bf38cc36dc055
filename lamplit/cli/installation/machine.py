"""The machine that Lamplit is installed on: its files, its programs. One place, so that a test can use a folder instead."""

import grp
import os
import pwd
import shutil
import subprocess
from importlib import resources
from pathlib import Path

from lamplit.cli.say import Failed


class Machine:
    """Files below `root`; programs of the system, which are run only when it is the real root."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def run(self, *words: str) -> str:
        """Run a program. Failed with its own last words."""
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}, cwd="/",
        )  # fmt: skip
        if done.returncode:
            said = done.stdout.strip().splitlines()[-8:]
            raise Failed(f"`{' '.join(words)}` failed ({done.returncode}):\n" + "\n".join(said))
        return done.stdout

    def says(self, *words: str) -> str:
        """Return what a program that only looks answers; nothing when it fails."""
        if shutil.which(words[0]) is None:
            return ""
        return subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/"
        ).stdout.strip()

    def succeeds(self, *words: str) -> bool:
        """Whether a program that only looks says yes."""
        if shutil.which(words[0]) is None:
            return False
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/").returncode == 0

    @property
    def systemd_runs(self) -> bool:
        """Whether systemd looks after this machine. It does not inside a bare folder that somebody changed root into."""
        return Path("/run/systemd/system").is_dir()

    def holds(self, path: str, text: str, mode: int = 0o644) -> bool:
        """Whether a file has this text and these rights."""
        file = self.at(path)
        return file.is_file() and file.stat().st_mode & 0o7777 == mode and file.read_text() == text

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Put a file there whole, or not at all. Every path that we write has our name in it."""
        file = self.at(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(handle)
        part.chmod(mode)
        part.replace(file)

    def folder_is(self, path: str, mode: int, user: str, group: str) -> bool:
        folder = self.at(path)
        if not folder.is_dir():
            return False
        found = folder.stat()
        return (found.st_mode & 0o7777, found.st_uid, found.st_gid) == (mode, *_ids(user, group))

    def folder(self, path: str, mode: int, user: str, group: str) -> None:
        """Make a folder with its owner and rights; what is in it keeps its own."""
        folder = self.at(path)
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, *_ids(user, group))
        folder.chmod(mode)


def _ids(user: str, group: str) -> tuple[int, int]:
    return pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid


def has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def has_group(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def shipped(name: str, **words: str | int) -> str:
    """Return a file that we ship, with each @WORD@ filled in. KeyError for one that nobody gave."""
    text = (resources.files("lamplit.cli.installation.files") / name).read_text()
    for word, value in words.items():
        text = text.replace(f"@{word}@", str(value))
    return text
