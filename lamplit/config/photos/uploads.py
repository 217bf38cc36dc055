"""What a request may bring: files only where a page takes one, and of each no more in memory than a photo may have.

Nothing that somebody sends is written to a disk unsealed.
"""

from __future__ import annotations

import ctypes
import io
from contextlib import suppress
from typing import Any, TypeVar, cast

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import connection
from django.http import HttpRequest, HttpResponse

from lamplit.config import errors
from lamplit.config.photos.reading import MOST_BYTES

V = TypeVar("V")
PLAIN_BODY = 3 * 1024 * 1024  # of a page that takes no file
FILE_BODY = 1024 * 1024 * 1024  # read to its end and thrown away, so that somebody who sends a video is told so in words


def takes_file(view: V) -> V:
    """Declare that a view takes a file with its form. Any other view never sees one."""
    cast(Any, view).takes_file = True
    return view


def takes_files(request: HttpRequest) -> bool:
    """Say whether the page that a request is for takes a file."""
    match = request.resolver_match
    return match is not None and bool(getattr(match.func, "takes_file", False))


def give_back() -> None:
    """Let the system have the memory again that a photo took: the connection and the C library would keep it for this thread."""
    connection.close()
    with suppress(AttributeError):  # another C library, which keeps nothing so large
        ctypes.CDLL(None).malloc_trim(0)


class PhotoUpload(FileUploadHandler):
    """Keeps one file in memory up to the limit, and counts what comes after it without keeping it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.request is None or not takes_files(self.request):
            raise SkipFile
        self._file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MOST_BYTES:
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file, self.field_name, "photo", self.content_type, file_size, self.charset, self.content_type_extra
        )


class BodyLimit:
    """Middleware: turns away what is larger than any page takes, before anybody reads it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if request.method == "POST" and takes_files(request):
            give_back()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        most = FILE_BODY if getattr(view, "takes_file", False) else PLAIN_BODY
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0  # Django reads nothing of such a request
        return errors.too_large(request) if length > most else None
