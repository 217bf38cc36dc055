"""Hands out a picture to somebody who may see it."""

import re
from collections.abc import Iterable
from typing import get_args

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from lamplit.basics.picture import PictureSize

SIZES: tuple[str, ...] = get_args(PictureSize)
FILM = "film"  # of a video, beside its two pictures
_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    # A browser lays out a picture that stands alone with a style of its own.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cross-Origin-Resource-Policy": "same-origin",
}


def as_file(parts: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """Answer with a stranger's file as it came: to be saved, never shown, whatever a browser makes of its bytes."""
    headers = _HEADERS | {
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return StreamingHttpResponse(parts, content_type="application/octet-stream", headers=headers)


def as_picture(jpeg: bytes) -> HttpResponse:
    """Answer with a JPEG of ours, and nothing that a browser could take for anything else."""
    return HttpResponse(jpeg, content_type="image/jpeg", headers=_HEADERS)


def as_film(request: HttpRequest, parts: Iterable[bytes]) -> HttpResponse:
    """Answer with an MP4 of ours. Some browsers play only what they may ask for in pieces."""
    film, asked = b"".join(parts), _RANGE.fullmatch(request.headers.get("Range", ""))
    headers = _HEADERS | {"Content-Disposition": 'inline; filename="video.mp4"', "Accept-Ranges": "bytes"}
    if asked is None:
        return HttpResponse(film, content_type="video/mp4", headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or len(film)), len(film) - 1)
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{len(film)}"})
    piece = film[first : last + 1]
    headers["Content-Range"] = f"bytes {first}-{last}/{len(film)}"
    return HttpResponse(piece, status=206, content_type="video/mp4", headers=headers)
