"""Reads a photo or a video in a program of its own, which ends with it, whatever becomes of it there."""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Literal, cast

import msgspec

from lamplit.basics.picture import Picture, PictureKind, Video, VideoKind
from lamplit.config.photos.spool import Spool

CHILD, FILM = Path(__file__).with_name("child.py"), Path(__file__).with_name("film.py")
MOST_BYTES = 15 * 1024 * 1024
PATIENCE = 40.0  # seconds on a busy machine; the program itself has 20 of the processor
AT_ONCE = threading.BoundedSemaphore(2)  # of one web process: each may take a gigabyte
MOST_ANSWER = 8 * 1024 * 1024
MOST_VIDEO_BYTES = 60 * 1024 * 1024
VIDEO_PATIENCE = 150.0  # seconds; the program itself has 60 of the processor
VIDEO_AT_ONCE, VIDEO_WAIT = threading.BoundedSemaphore(1), 30.0
MOST_FILM = 32 * 1024 * 1024
TOO_MANY, TOO_LONG = 3, 5  # what the programs end with (child.py, film.py)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_VIDEOS = (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp", b"MSNV", b"dash")
Trouble = Literal[
    "empty", "too_large", "other_kind", "too_many_pixels", "damaged", "busy",
    "video_too_large", "other_video", "video_too_long", "video_too_many_pixels", "video_damaged", "video_busy",
]  # fmt: skip


class CannotReadError(Exception):
    """It cannot be taken; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    large: int
    small: int


class _Filmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    large: int
    small: int
    film: int
    seconds: int


def read_video(spool: Spool, size: int) -> Video:
    """Return a video, made fit for showing. `size`: what it had, where only its beginning was kept. CannotReadError."""
    if size > MOST_VIDEO_BYTES:
        raise CannotReadError("video_too_large")
    kind = video_kind_of(spool.head)
    if kind is None:
        raise CannotReadError("other_video")
    if not VIDEO_AT_ONCE.acquire(timeout=VIDEO_WAIT):
        raise CannotReadError("video_busy")
    try:
        sha256, large, small, film, seconds = _ask_film(kind, spool)
    finally:
        VIDEO_AT_ONCE.release()
    return Video(
        kind=kind, sha256=sha256, size=size, seconds=seconds, parts=spool.parts, film=film, large=large, small=small
    )  # fmt: skip


def _ask_film(kind: VideoKind, spool: Spool) -> tuple[str, bytes, bytes, bytes, int]:
    with _memory("video") as given, _memory("film") as answer:
        digest = hashlib.sha256()
        for part in spool.parts():
            digest.update(part)
            given.write(part)
        given.seek(0)
        ended = _run(FILM, "matroska" if kind == "webm" else "mov", given, answer, VIDEO_PATIENCE)
        if ended:
            raise CannotReadError(_VIDEO_TROUBLES.get(ended, "video_damaged"))
        answer.seek(0)
        return digest.hexdigest(), *_filmed(answer.read(MOST_FILM + 1))


_VIDEO_TROUBLES: dict[int, Trouble] = {
    TOO_MANY: "video_too_many_pixels",
    TOO_LONG: "video_too_long",
    -9: "video_too_long",
    -24: "video_too_long",
}


def _filmed(said: bytes) -> tuple[bytes, bytes, bytes, int]:
    """Take the answer apart, and believe nothing of it, as with a photo's."""
    head, _, rest = said.partition(b"\n")
    try:
        sizes = msgspec.json.decode(head, type=_Filmed)
    except msgspec.DecodeError:
        raise CannotReadError("video_damaged") from None
    if min(sizes.large, sizes.small, sizes.film) <= 0 or sizes.large + sizes.small + sizes.film != len(rest):
        raise CannotReadError("video_damaged")
    large, small, film = rest[: sizes.large], rest[sizes.large : -sizes.film], rest[-sizes.film :]
    if {kind_of(large), kind_of(small)} != {"jpeg"} or film[4:12] != b"ftypisom" or not 0 < sizes.seconds < 100:
        raise CannotReadError("video_damaged")
    return large, small, film, sizes.seconds


def read(data: bytes, size: int | None = None) -> Picture:
    """Return a photo, made fit for showing. `size`: what it had, where only its beginning was kept. CannotReadError."""
    if not data:
        raise CannotReadError("empty")
    if (size or len(data)) > MOST_BYTES:
        raise CannotReadError("too_large")
    kind = kind_of(data)
    if kind is None:
        raise CannotReadError("other_kind")
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


def video_kind_of(data: bytes) -> VideoKind | None:
    """Return what kind of video a file is by what it begins with; None for one that we cannot take."""
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if data[4:8] in (b"moov", b"mdat", b"wide") or data[4:12] == b"ftypqt  ":
        return "mov"
    return "mp4" if data[4:8] == b"ftyp" else None


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
        ended = _run(CHILD, kind, given, answer, PATIENCE)
        if ended:
            raise CannotReadError("too_many_pixels" if ended == TOO_MANY else "damaged")
        answer.seek(0)
        return _parts(answer.read(MOST_ANSWER + 1))


def _run(program: Path, kind: str, given: IO[bytes], answer: IO[bytes], patience: float) -> int:
    """Run a program to its end and return what it ended with; one that never ends is ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program), kind], stdin=given, stdout=answer, stderr=subprocess.DEVNULL,
            timeout=patience, check=False, cwd="/", env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -9
    return done.returncode


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
