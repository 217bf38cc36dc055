"""Two providers that need nobody: the demo's outbox, and a folder for a program of the landlord's own."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from lamplit.reactions.providers.interface import Form, Heard, NotSent, Outgoing, Taken

Letter = Callable[[Outgoing], bytes]  # makes the PDF of a letter (lamplit/config/letter.py)


class Outbox:
    """The demo's provider: a message is sent when it stands in the outbox, a page that shows what was ordered."""

    name = "outbox"
    tells = False

    def __init__(self, letter: Letter | None = None) -> None:
        self._letter = letter

    def form(self, message: Outgoing) -> Form | None:
        """Make a letter's paper; of anything else the words are all there is."""
        if self._letter is None or message.channel != "post":
            return None
        return Form(kind="pdf", data=self._letter(message))

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        return Taken(receipt=f"outbox {message.key}")

    def find(self, key: str) -> Taken | None:
        return None

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]:
        return []

    def check(self, at: datetime) -> list[str]:
        return []


class Folder:
    """Writes each message as a file named by its key, for another program to carry. The same key twice is one file."""

    name = "folder"
    tells = False

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def form(self, message: Outgoing) -> Form | None:
        return None

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        lines = [f"Channel: {message.channel}", f"To: {message.to}", f"Name: {message.name or ''}"]
        lines += [f"Format: {message.format}"] if message.format else []
        text = "\n".join([*lines, f"Subject: {message.subject}", "", message.body, ""])
        try:
            put(self._path / f"{message.key}.txt", text.encode())
        except OSError as error:
            raise NotSent(f"The folder for messages cannot be written: {error.strerror}.", final=False) from error
        return Taken(receipt=f"file {message.key}.txt")

    def find(self, key: str) -> Taken | None:
        return None  # whoever carries files away tells us nothing; written again, it is the same file

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]:
        return []

    def check(self, at: datetime) -> list[str]:
        return [] if os.access(self._path, os.W_OK | os.X_OK) else [f"The folder for messages, {self._path}, cannot be written."]


def put(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file whole or not at all, and so that a power cut does not take it back."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """See to it that a folder's own list of names is on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
