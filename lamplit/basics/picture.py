"""A photo on its way from a door to an action: as it came, and as it may be shown."""

import hashlib
from typing import Literal

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
