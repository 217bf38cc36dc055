"""Photos and videos of repairs."""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, SAID, Plain

Blob = Annotated[str, Clear("names ciphertext in the store")]


class PhotoFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A photo's file as it came: whoever has it can prove by its hash that it is this one."""

    sha256: str
    kind: Literal["jpeg", "png", "webp", "heic"]
    size: int


@fact("photo.added", 1, subjects=("photo", "repair", "work", "visit", "household", "voice"))
class PhotoAdded(Fact, frozen=True, kw_only=True):
    """Somebody added a photo to a repair. The three blobs are sealed with the household's key: as it came, and twice for showing.

    `shows` says in words what is on it. `audience`: as of a note.
    """

    photo: Id
    repair: Id
    household: Id
    voice: Id
    work: Id | None = None
    visit: Id | None = None
    stage: Annotated[Literal["before", "after"], Clear(Plain)] | None = None
    original: Blob
    large: Blob
    small: Blob
    file: Annotated[Personal[PhotoFile], FAULT] = None
    shows: Annotated[Personal[str], SAID] = None
    audience: Annotated[Personal[str], SAID] = None


class VideoFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A video's file as it came, and how long it runs."""

    sha256: str
    kind: Literal["mp4", "mov", "webm"]
    size: int
    seconds: int


@fact("video.added", 1, subjects=("photo", "repair", "work", "visit", "household", "voice"))
class VideoAdded(Fact, frozen=True, kw_only=True):
    """Somebody added a video to a repair. It stands among the photos, and all is as with `photo.added`.

    `original` is the file as it came and `film` the one for showing, each in parts in their order; `large` and `small` are a
    picture out of it. Every blob is sealed with the household's key.
    """

    photo: Id
    repair: Id
    household: Id
    voice: Id
    work: Id | None = None
    visit: Id | None = None
    stage: Annotated[Literal["before", "after"], Clear(Plain)] | None = None
    original: Annotated[list[str], Clear("names ciphertext in the store")]
    film: Annotated[list[str], Clear("names ciphertext in the store")]
    large: Blob
    small: Blob
    file: Annotated[Personal[VideoFile], FAULT] = None
    shows: Annotated[Personal[str], SAID] = None
    audience: Annotated[Personal[str], SAID] = None


@fact("photo.original_given", 1, subjects=("photo", "repair", "household"))
class OriginalGiven(Fact, frozen=True, kw_only=True):
    """A colleague took the file of a photo or video as it came, with all that the camera wrote into it. `why` is her reason."""

    photo: Id
    repair: Id
    household: Id
    why: Annotated[Personal[str], FAULT] = None
