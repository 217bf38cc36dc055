"""Hands out a picture to somebody who may see it."""

from typing import get_args

from django.http import HttpResponse

from lamplit.basics.picture import PictureSize

SIZES: tuple[str, ...] = get_args(PictureSize)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    # A browser lays out a picture that stands alone with a style of its own.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cross-Origin-Resource-Policy": "same-origin",
}


def as_picture(jpeg: bytes) -> HttpResponse:
    """Answer with a JPEG of ours, and nothing that a browser could take for anything else."""
    return HttpResponse(jpeg, content_type="image/jpeg", headers=_HEADERS)
