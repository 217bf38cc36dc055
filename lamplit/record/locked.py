"""A bucket with object lock: each file is put with the time until which nobody at all can destroy it.

What is signed for is kept for the long time that the address names (`s3://bucket/record?lock=10y`). Two kinds are locked for
less: partial files, which a full one replaces, and key files, because an erased key must be gone when its time is over.
The lock is set with each file and not by the bucket's default, which knows one time for all.
"""

import hashlib
import hmac
import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.message import Message
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from obstore.store import from_url

from lamplit.basics.clock import now
from lamplit.record.bucket import BucketStore, StoreConflict, StoreUnavailable, checked

PARTIAL = timedelta(days=7)
KEYS = timedelta(days=30)  # and no longer: a key that was destroyed must be gone
_PARTIAL = re.compile(r"(tile|index)/.*\.p/\d+", re.ASCII)
_ADDRESS = re.compile(r"(s3://([^/?]+)/?([^?]*))\?lock=([1-9]\d{0,4})([dy])", re.ASCII)


class Signer(NamedTuple):
    """Who writes: what AWS Signature Version 4 needs."""

    key_id: str
    secret: str
    token: str
    region: str

    def sign(self, method: str, url: str, headers: Mapping[str, str], data: bytes, at: datetime) -> dict[str, str]:
        """Return the headers with the signature. Every one of them is signed: the service passes over a lock that is not."""
        parts, stamp = urlsplit(url), f"{at:%Y%m%dT%H%M%SZ}"
        digest = hashlib.sha256(data).hexdigest()
        given = {name.lower(): value for name, value in headers.items()}
        given |= {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": stamp}
        if self.token:
            given["x-amz-security-token"] = self.token
        names = ";".join(sorted(given))
        canonical = "".join(f"{name}:{given[name]}\n" for name in sorted(given))
        request = f"{method}\n{parts.path}\n{parts.query}\n{canonical}\n{names}\n{digest}"
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = b"AWS4" + self.secret.encode()
        for word in (*scope.split("/"), text):
            key = hmac.new(key, word.encode(), hashlib.sha256).digest()
        words = f"Credential={self.key_id}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
        return given | {"authorization": f"AWS4-HMAC-SHA256 {words}"}


class LockedStore(BucketStore):
    """A bucket whose files are locked as they are made."""

    locked = True

    def __init__(
        self, bucket: Any, address: str | None, *, url: str, signer: Signer, long: timedelta, clock: Callable[[], datetime] = now
    ) -> None:
        super().__init__(bucket, address)
        self._url, self._signer, self._long, self._clock = url, signer, long, clock

    def term(self, path: str) -> timedelta:
        """Return for how long a file is locked."""
        if _PARTIAL.fullmatch(path):
            return PARTIAL
        return KEYS if path.startswith("keys/") else self._long

    def create(self, path: str, data: bytes) -> None:
        at = self._clock()
        headers = {
            "Content-Type": "application/octet-stream",
            "If-None-Match": "*",
            "x-amz-checksum-sha256": b64encode(hashlib.sha256(data).digest()).decode(),
            "x-amz-sdk-checksum-algorithm": "SHA256",
            "x-amz-object-lock-mode": "COMPLIANCE",
            "x-amz-object-lock-retain-until-date": f"{at + self.term(path):%Y-%m-%dT%H:%M:%SZ}",
        }
        if _PARTIAL.fullmatch(path):
            headers["x-amz-tagging"] = "lamplit=partial"  # the bucket's own rule lets these go
        try:
            self._ask("PUT", path, data, headers, at)
        except HTTPError as error:
            if error.code != 412:
                raise StoreUnavailable(f"cannot write {path}: {_reason(error)}") from error
            if self.get(path) != data:
                raise StoreConflict(path) from None
        except OSError as error:
            raise StoreUnavailable(f"cannot write {path}: {error}") from error

    def delete(self, path: str) -> None:
        try:
            self._ask("DELETE", path, b"", {}, self._clock())
        except HTTPError as error:
            raise StoreUnavailable(f"cannot delete {path}: {_reason(error)}") from error
        except OSError as error:
            raise StoreUnavailable(f"cannot delete {path}: {error}") from error

    def lock_of(self, path: str) -> str | None:
        try:
            answer = self._ask("HEAD", path, b"", {}, self._clock())
        except OSError as error:
            raise StoreUnavailable(f"cannot ask for the lock of {path} ({type(error).__name__})") from error
        return answer.get("x-amz-object-lock-retain-until-date") if answer.get("x-amz-object-lock-mode") == "COMPLIANCE" else None

    def _ask(self, method: str, path: str, data: bytes, headers: Mapping[str, str], at: datetime) -> Message:
        """Send a signed request. Returns the headers of the answer; OSError (HTTPError among them) otherwise."""
        url = f"{self._url}/{quote(checked(path))}"
        signed = self._signer.sign(method, url, headers, data, at)
        with urlopen(Request(url, data or None, signed, method=method), timeout=60) as answer:  # noqa: S310 - our own store
            found: Message = answer.headers
            return found


def _reason(error: HTTPError) -> str:
    """Return the code that the service gives, which holds no secret."""
    found = re.search(rb"<Code>(\w+)</Code>", error.read(4096))
    return f"{error.code} {found[1].decode() if found else error.reason}"


def lock_in(address: str) -> tuple[str, str, str, timedelta] | None:
    """Return an address without its lock, the bucket, the folder in it and the long time; None where it names no lock."""
    if "?lock=" not in address:
        return None
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"{address}: a locked bucket is written s3://bucket/record?lock=10y, or 90d for 90 days.")
    plain, bucket, folder, count, unit = match.groups()
    return plain, bucket, folder.strip("/"), timedelta(days=int(count) * (365 if unit == "y" else 1))


def open_locked(address: str, options: Mapping[str, Any] | None) -> LockedStore:
    """Open a bucket with its lock. Credentials, region and endpoint stand where obstore too looks for them."""
    found = lock_in(address)
    assert found is not None  # noqa: S101 - whoever calls has looked
    plain, bucket, folder, long = found
    given = dict(options or {})
    region = _said(given, "region", "AWS_REGION", "AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = _said(given, "endpoint", "AWS_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    signer = Signer(
        _said(given, "access_key_id", "AWS_ACCESS_KEY_ID"),
        _said(given, "secret_access_key", "AWS_SECRET_ACCESS_KEY"),
        _said(given, "token", "AWS_SESSION_TOKEN"),
        region,
    )
    url = "/".join(part for part in (endpoint.rstrip("/") or f"https://s3.{region}.amazonaws.com", bucket, quote(folder)) if part)
    return LockedStore(from_url(plain, **given), None if options else address, url=url, signer=signer, long=long)


def _said(given: Mapping[str, Any], name: str, *variables: str) -> str:
    return str(given.get(name) or next((os.environ[each] for each in variables if os.environ.get(each)), ""))
