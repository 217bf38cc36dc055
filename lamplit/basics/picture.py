"""A photo or video on its way from a door to an action: as it came, and as it may be shown."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Literal

PART = 4 * 1024 * 1024  # bytes: a video is kept, and handed out again, in parts of this size
VideoKind = Literal["mp4", "mov", "webm"]
PictureKind = Literal["jpeg", "png", "webp", "heic"]
PictureSize = Literal["large", "small"]


class Picture:
    """`large` and `small` are JPEGs of ours, without anything that the camera wrote beside the pixels.

    As text it is its hash: what tells one command from another, and all that an error report may say of it.
    """

    def __init__(self, *, kind: PictureKind, original: bytes, large: bytes, small: bytes) -> None:
        self.kind, self.original, self.large, self.small = kind, original, large, small
        self.sha256 = hashlib.sha256(original).hexdigest()

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256}"

    def __repr__(self) -> str:
        return f"<a {self.kind} photo>"


class Video:
    """`film` is an MP4 of ours, and `large` and `small` JPEGs of a moment in it.

    `parts` reads the file as it came, each time anew: it is too large to be held whole.

    As text it is its hash, as a photo is.
    """

    def __init__(
        self, *, kind: VideoKind, sha256: str, size: int, seconds: int, parts: Callable[[], Iterator[bytes]],
        film: bytes, large: bytes, small: bytes,
    ) -> None:  # fmt: skip
        self.kind, self.sha256, self.size, self.seconds, self.parts = kind, sha256, size, seconds, parts
        self.film, self.large, self.small = film, large, small

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256}"

    def __repr__(self) -> str:
        return f"<a {self.kind} video>"
