"""A published store: files that are made once and never changed, and one pointer that moves.

    checkpoint            the latest signed checkpoint, the only file that is replaced
    checkpoints/<size>    every checkpoint ever published
    tile/<L>/<N>          hashes        tile/entries/<N>   bundles of entries
    blobs/<sha256>        photos and letters, encrypted     keys/<class>/...   sealed keys

A store is a local folder, an S3 bucket (or what else obstore opens), a web address to read from, or memory.
"""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from obstore.store import HTTPStore, MemoryStore, from_url

from lamplit.record.bucket import AT_ONCE, BucketStore, NotInStore, StoreConflict, StoreUnavailable, checked, or_none
from lamplit.record.locked import open_locked
from lamplit.record.tiles import HASH, WIDTH, Malformed, ReadTile, bundle_path, decode_bundle, tile_path

__all__ = [
    "BucketStore",
    "FolderStore",
    "NotInStore",
    "Store",
    "StoreConflict",
    "StoreUnavailable",
    "bundles_nearby",
    "open_store",
    "read_bundle",
    "reader_within",
    "tile_reader",
]


class Store(Protocol):
    """What publishing, following and verifying need of a store. Paths are relative, with `/`.

    Every method may raise StoreUnavailable (a folder raises OSError); ValueError for a path that would leave the store.
    """

    @property
    def address(self) -> str | None:
        """What `open_store` takes to open it again in another process; None for memory or where it took options."""

    @property
    def can_list(self) -> bool:
        """False for a web address, whose files can only be asked for by name, and not written."""

    @property
    def locked(self) -> bool:
        """True where the service keeps each file for its time, so that nobody tidies up after us."""

    def get(self, path: str) -> bytes:
        """Return a file's bytes, or raise NotInStore."""

    def get_many(self, paths: Sequence[str]) -> list[bytes | None]:
        """Return each file's bytes, None where there is none."""

    def exists(self, path: str) -> bool: ...

    def create(self, path: str, data: bytes) -> None:
        """Make a file. The same bytes already there are fine; other bytes raise StoreConflict."""

    def replace(self, path: str, data: bytes) -> None:
        """Make or replace a file; a reader sees the old bytes or the new ones, nothing between."""

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the path of every file in a folder and below, in no order."""

    def delete(self, path: str) -> None:
        """Remove a file; none there is fine."""


def open_store(where: str | Path, *, durable: bool = True, options: Mapping[str, Any] | None = None) -> Store:
    """Open a store by its address.

    `where`: a folder, `file://...`, `s3://bucket/prefix` (with `?lock=10y` where the bucket has object lock), `https://...` or
    `memory:///`. `durable`: what a folder has acknowledged survives a power cut. `options` go to obstore (credentials, endpoint;
    by default the AWS_* environment).
    """
    text = str(where)
    if "://" not in text:
        return FolderStore(Path(text), durable=durable)
    if text.startswith("file://"):
        return FolderStore(Path(unquote(urlsplit(text).path)), durable=durable)
    if text.startswith("memory:"):
        return BucketStore(MemoryStore(), None)
    if "?lock=" in text:
        return open_locked(text, options)
    if text.startswith("http://"):
        bucket: Any = HTTPStore.from_url(text, client_options={"allow_http": True}, **dict(options or {}))
    else:
        bucket = from_url(text, **dict(options or {}))
    return BucketStore(bucket, None if options else text, can_list=not text.startswith("http"))


class FolderStore:
    """A store in a local folder.

    Not obstore's: its LocalStore has no way to ask for fsync, so a file that it has acknowledged can be
    empty or gone after a power cut, and a reference number means "kept". Each file is written under
    `.incoming`, flushed, then linked into place, so a name in the store never shows half a file.
    """

    can_list = True
    locked = False

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self._known: set[Path] = set()  # folders that are there and, if durable, on the disk

    @property
    def address(self) -> str | None:
        return str(self.folder)

    def __repr__(self) -> str:
        return f"FolderStore({self.address})"

    def _at(self, path: str) -> Path:
        return self.folder / checked(path)

    def get(self, path: str) -> bytes:
        try:
            with open(self._at(path), "rb", buffering=0) as file:
                return file.readall()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotInStore(f"{path} is not there") from None

    def get_many(self, paths: Sequence[str]) -> list[bytes | None]:
        return [or_none(self, path) for path in paths]

    def exists(self, path: str) -> bool:
        return self._at(path).is_file()

    def create(self, path: str, data: bytes) -> None:
        target = self._at(path)
        incoming = self._write(data)
        try:
            self._folder(target.parent)
            os.link(incoming, target)
        except FileExistsError:
            if self.get(path) != data:
                raise StoreConflict(path) from None
            self._flush(target)  # an earlier try may have been cut off before its own flush
        finally:
            incoming.unlink()
        self._flush(target.parent)

    def replace(self, path: str, data: bytes) -> None:
        target = self._at(path)
        incoming = self._write(data)
        self._folder(target.parent)
        os.replace(incoming, target)
        self._flush(target.parent)

    def list(self, prefix: str = "") -> Iterator[str]:
        top = self._at(prefix) if prefix else self.folder
        cut = len(str(self.folder)) + 1
        folders = [str(top)]
        while folders:
            try:
                entries = os.scandir(folders.pop())
            except (FileNotFoundError, NotADirectoryError):
                continue
            with entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name != ".incoming":  # what a kill cut off is no part of the store
                            folders.append(entry.path)
                    else:
                        yield entry.path[cut:].replace(os.sep, "/")

    def delete(self, path: str) -> None:
        target = self._at(path)
        target.unlink(missing_ok=True)
        if target.parent.is_dir():
            self._flush(target.parent)

    def _write(self, data: bytes) -> Path:
        """Write and flush a file under a name that nobody else uses; return it."""
        self._folder(self.folder / ".incoming")
        incoming = self.folder / ".incoming" / secrets.token_hex(12)
        try:
            with open(incoming, "xb", buffering=0) as file:
                left = memoryview(data)
                while left:  # one write may take only a part
                    left = left[file.write(left) :]
                if self.durable:
                    os.fsync(file.fileno())
        except OSError as error:  # the disk is full, or failing: the message says which disk
            incoming.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, error.filename or str(self.folder)) from error
        return incoming

    def _folder(self, folder: Path) -> None:
        """Make a folder and see each new name on the way onto the disk."""
        if folder in self._known:
            return
        if folder != folder.parent:
            self._folder(folder.parent)
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            self._flush(folder.parent)
        self._known.add(folder)

    def _flush(self, path: Path) -> None:
        """See a file's bytes, or the names in a folder, onto the disk."""
        if not self.durable or os.name == "nt":  # Windows opens no folders and flushes names by itself
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def tile_reader(store: Store) -> ReadTile:
    """Return a reader of hash tiles that falls back from a partial tile to the full one, and cuts it.

    It raises NotInStore for a tile that is not there, Malformed for one of another length.
    """

    def read(level: int, n: int, width: int) -> bytes:
        path = tile_path(level, n, width)
        data = or_none(store, path) if width < WIDTH else store.get(path)
        if data is None:
            path, width_there = tile_path(level, n), WIDTH
            data = store.get(path)
        else:
            width_there = width
        if len(data) != HASH * width_there:
            raise Malformed(f"{path} should have {HASH * width_there} bytes and has {len(data)}")
        return data[: HASH * width]

    return read


def reader_within(store: Store, size: int) -> ReadTile:
    """Return a reader for trees no larger than `size`, whose tiles the store has at that size. It keeps the last ones."""
    read = lru_cache(maxsize=64)(tile_reader(store))

    def cut(level: int, n: int, width: int) -> bytes:
        return read(level, n, min(WIDTH, (size >> 8 * level) - n * WIDTH))[: HASH * width]

    return cut


def read_bundle(store: Store, n: int, width: int) -> list[bytes]:
    """Return the first `width` entries of bundle `n`, falling back from the partial bundle to the full one.

    NotInStore or Malformed. The entries are not verified.
    """
    data = or_none(store, bundle_path(n, width))
    if data is not None:
        return decode_bundle(data, width)
    if width == WIDTH:
        raise NotInStore(f"{bundle_path(n)} is not there")
    return decode_bundle(store.get(bundle_path(n)), WIDTH)[:width]


def bundles_nearby(store: Store, size: int, folder: Path) -> Store:
    """Return a local folder's store with the bundles of the first `size` entries: `store` itself, or a copy in `folder`.

    For work in forked processes. A bucket's client runs threads of its own, and a fork waits for them for ever.
    What is missing is left out: whoever reads it says so.
    """
    if isinstance(store, FolderStore):
        return store
    near = FolderStore(folder, durable=False)

    def copy(n: int) -> None:
        width = min(WIDTH, size - n * WIDTH)
        for path in dict.fromkeys([bundle_path(n, width), bundle_path(n)]):
            if (data := or_none(store, path)) is not None:
                near.create(path, data)
                break

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(copy, range(-(-size // WIDTH))))
    return near
