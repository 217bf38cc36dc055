"""A store that obstore opens (a bucket, a web address, memory), and what every store says when it cannot do what is asked."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Protocol
from urllib.request import Request, urlopen

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError

AT_ONCE = 16  # requests in flight to a bucket, where each waits for the network


class NotInStore(LookupError):  # noqa: N818 - it is an answer, not an error
    """The store has no such file."""


class StoreConflict(Exception):  # noqa: N818 - named after what is so
    """The store already holds other bytes under this name. Somebody else writes to it, or it was tampered with."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The store already has {path} with other content. Stop and find out who wrote it.")
        self.path = path


class StoreUnavailable(OSError):  # noqa: N818 - named after what is so
    """The store cannot be reached or refuses us. Trying again later may help."""


def checked(path: str) -> str:
    """Refuse a path that is not plainly inside the store."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise ValueError(f"{path!r} is no path in a store")
    return path


class _Gets(Protocol):
    def get(self, path: str) -> bytes: ...


def or_none(store: _Gets, path: str) -> bytes | None:
    try:
        return store.get(path)
    except NotInStore:
        return None


class BucketStore:
    """A store that obstore opens: S3 and its kind, a web address, or memory. Durable when the service says so."""

    locked = False

    def __init__(self, bucket: Any, address: str | None, *, can_list: bool = True) -> None:
        self._bucket = bucket
        self._address = address
        self._can_list = can_list

    @property
    def address(self) -> str | None:
        return self._address

    @property
    def can_list(self) -> bool:
        return self._can_list

    def __repr__(self) -> str:
        return f"BucketStore({self._bucket!r})"

    def get(self, path: str) -> bytes:
        try:
            return bytes(obstore.get(self._bucket, checked(path)).bytes())
        except (NotFoundError, FileNotFoundError):
            raise NotInStore(f"{path} is not there") from None
        except BaseError as error:
            raise StoreUnavailable(f"cannot read {path}: {error}") from error

    def get_many(self, paths: Sequence[str]) -> list[bytes | None]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda path: or_none(self, path), paths))

    def exists(self, path: str) -> bool:
        try:
            obstore.head(self._bucket, checked(path))
        except (NotFoundError, FileNotFoundError):
            return False
        except BaseError as error:
            raise StoreUnavailable(f"cannot look for {path}: {error}") from error
        return True

    def _writable(self) -> None:
        if not self.can_list:
            raise StoreUnavailable("a web address is only for reading")

    def create(self, path: str, data: bytes) -> None:
        self._writable()
        try:
            obstore.put(self._bucket, checked(path), data, mode="create")
        except (AlreadyExistsError, FileExistsError):
            if self.get(path) != data:
                raise StoreConflict(path) from None
        except BaseError as error:
            raise StoreUnavailable(f"cannot write {path}: {error}") from error

    def replace(self, path: str, data: bytes) -> None:
        self._writable()
        try:
            obstore.put(self._bucket, checked(path), data, mode="overwrite", use_multipart=False)
        except BaseError as error:
            raise StoreUnavailable(f"cannot write {path}: {error}") from error

    def list(self, prefix: str = "") -> Iterator[str]:
        if not self.can_list:
            raise StoreUnavailable("a web address cannot list its files")
        try:
            for batch in obstore.list(self._bucket, checked(prefix) if prefix else None, chunk_size=1000):
                yield from (meta["path"] for meta in batch)
        except BaseError as error:
            raise StoreUnavailable(f"cannot list {prefix}: {error}") from error

    def lock_of(self, path: str) -> str | None:
        """Return until when the service keeps a file from being deleted by anybody, as it says it; None where it does not."""
        try:
            address = obstore.sign(self._bucket, "GET", checked(path), timedelta(minutes=1))
            with urlopen(Request(address, headers={"Range": "bytes=0-0"}), timeout=10) as answer:  # noqa: S310 - our own store
                mode, until = (answer.headers.get(f"x-amz-object-lock-{name}") for name in ("mode", "retain-until-date"))
        except (BaseError, OSError, ValueError) as error:
            raise StoreUnavailable(f"cannot ask for the lock of {path} ({type(error).__name__})") from error
        return until if mode == "COMPLIANCE" else None

    def delete(self, path: str) -> None:
        self._writable()
        try:
            obstore.delete(self._bucket, checked(path))
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise StoreUnavailable(f"cannot delete {path}: {error}") from error
