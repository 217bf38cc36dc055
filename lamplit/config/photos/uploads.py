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
from lamplit.config.photos.reading import MOST_BYTES, MOST_VIDEO_BYTES, is_video
from lamplit.config.photos.spool import Spool

V = TypeVar("V")
PLAIN_BODY = 3 * 1024 * 1024  # of a page that takes no file
WORDS_BODY = 64 * 1024  # words alone are never more
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
    """Keeps one file up to its limit, and only counts what comes after: a photo in memory, a video in a spool."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.request is None or not takes_files(self.request):
            raise SkipFile
        self._file: io.BytesIO | Spool = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start == 0 and is_video(raw_data):
            self._file = Spool()
        if start <= (MOST_BYTES if isinstance(self._file, io.BytesIO) else MOST_VIDEO_BYTES):
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        if isinstance(self._file, io.BytesIO):
            self._file.seek(0)
        return InMemoryUploadedFile(
            cast(Any, self._file), self.field_name, "photo", self.content_type, file_size, self.charset, self.content_type_extra
        )


class BodyLimit:
    """Middleware: turns away what is larger than any page takes, before anybody reads it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if request.method == "POST" and takes_files(request) and _length(request) > WORDS_BODY:  # most bring no photo
            give_back()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        most = FILE_BODY if getattr(view, "takes_file", False) else PLAIN_BODY
        return errors.too_large(request) if _length(request) > most else None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads nothing of such a request
