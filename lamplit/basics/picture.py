"""A photo on its way from a door to an action: as it came, and as it may be shown."""

from typing import Literal

from lamplit.basics.plain import Plain

PictureKind = Literal["jpeg", "png", "webp", "heic"]
PictureSize = Literal["large", "small"]


class Picture(Plain, frozen=True, kw_only=True):
    """`large` and `small` are JPEGs of ours, without anything that the camera wrote beside the pixels."""

    kind: PictureKind
    original: bytes
    large: bytes
    small: bytes

    def __repr__(self) -> str:
        """Say nothing of what is on it: this ends up in error reports."""
        return f"<a {self.kind} photo>"
