"""Reads a photo in a program of its own, which ends with it, whatever becomes of it there."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Literal, cast

import msgspec

from lamplit.basics.picture import Picture, PictureKind

CHILD = Path(__file__).with_name("child.py")
MOST_BYTES = 15 * 1024 * 1024
PATIENCE = 40.0  # seconds on a busy machine; the program itself has 20 of the processor
AT_ONCE = threading.BoundedSemaphore(2)  # of one web process: each may take a gigabyte
MOST_ANSWER = 8 * 1024 * 1024
TOO_MANY = 3  # what the program ends with (child.py)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_VIDEOS = (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp", b"MSNV", b"dash")
Trouble = Literal["empty", "too_large", "video", "other_kind", "too_many_pixels", "damaged", "busy"]


class CannotReadError(Exception):
    """It cannot be taken; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    large: int
    small: int


def read(data: bytes, size: int | None = None) -> Picture:
    """Return a photo, made fit for showing. `size`: what it had, where only its beginning was kept. CannotReadError."""
    if not data:
        raise CannotReadError("empty")
    if (size or len(data)) > MOST_BYTES:
        raise CannotReadError("video" if is_video(data) else "too_large")
    kind = kind_of(data)
    if kind is None:
        raise CannotReadError("video" if is_video(data) else "other_kind")
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise CannotReadError("busy")
    try:
        large, small = _ask(kind, data)
    finally:
        AT_ONCE.release()
    return Picture(kind=kind, original=data, large=large, small=small)


def kind_of(data: bytes) -> PictureKind | None:
    """Return what a file is by what it begins with; what its name or the browser says of it counts for nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "heic" if data[4:8] == b"ftyp" and data[8:12] in _HEIC else None


def is_video(data: bytes) -> bool:
    """Say whether a file looks like a video: MP4, QuickTime, WebM, AVI or MPEG."""
    if data[4:8] == b"ftyp" and data[8:12].startswith(_VIDEOS):
        return True
    return data[4:8] in (b"moov", b"mdat", b"wide") or data.startswith((b"\x1aE\xdf\xa3", b"\0\0\x01\xba", b"\0\0\x01\xb3")) or (
        data[:4] == b"RIFF" and data[8:12] == b"AVI "
    )  # fmt: skip


def _ask(kind: PictureKind, data: bytes) -> tuple[bytes, bytes]:
    """Run the program. What it may write is bounded by its own limit on files, what it may take by all its limits."""
    with _memory("photo") as given, _memory("shown") as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD), kind], stdin=given, stdout=answer, stderr=subprocess.DEVNULL,
                timeout=PATIENCE, check=False, cwd="/", env={},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CannotReadError("damaged") from None
        if done.returncode:
            raise CannotReadError("too_many_pixels" if done.returncode == TOO_MANY else "damaged")
        answer.seek(0)
        return _parts(answer.read(MOST_ANSWER + 1))


def _parts(said: bytes) -> tuple[bytes, bytes]:
    """Take the answer apart. It comes from a program that a stranger's file may have taken over: nothing of it is believed."""
    head, _, rest = said.partition(b"\n")
    try:
        sizes = msgspec.json.decode(head, type=_Answer)
    except msgspec.DecodeError:
        raise CannotReadError("damaged") from None
    large, small = rest[: sizes.large], rest[sizes.large :]
    if sizes.large <= 0 or sizes.small != len(small) or {kind_of(large), kind_of(small)} != {"jpeg"}:
        raise CannotReadError("damaged")
    return large, small


def _memory(name: str) -> IO[bytes]:
    """Return a file that is in memory only, where there are such: a photo of somebody's home is on no disk unsealed."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b")
    return cast(IO[bytes], tempfile.TemporaryFile())
