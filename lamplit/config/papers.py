"""Papers: PDFs that a screen reader can read (PDF/UA-1), made from values by the templates in this folder's `papers`."""

from pathlib import Path
from typing import Any

import msgspec
import typst
from django.http import HttpResponse

TEMPLATES = Path(__file__).parent / "papers"
FONTS = Path(__file__).parent / "static" / "built" / "fonts"


def make(name: str, values: dict[str, Any]) -> bytes:
    """Return a PDF. Values are data, never markup: whatever somebody wrote stands there as it was written."""
    given = {"values": msgspec.json.encode(values).decode()}
    return typst.compile(
        TEMPLATES / f"{name}.typ",
        format="pdf",
        sys_inputs=given,
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        font_paths=[FONTS],
        root=TEMPLATES,
    )


def as_file(pdf: bytes, name: str) -> HttpResponse:
    """Return a PDF to keep."""
    kept = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=kept)


_LEFT_AS = {"pdf": ("application/pdf", "pdf"), "email": ("message/rfc822", "eml"), "text": ("text/plain; charset=utf-8", "txt")}


def as_it_left(name: str, form: object, kept: Any) -> HttpResponse | None:
    """Return the bytes of a message as a file to keep, never to be shown as a page; None when there are none to be had."""
    if not isinstance(kept, bytes) or str(form) not in _LEFT_AS:
        return None
    kind, ending = _LEFT_AS[str(form)]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(kept, content_type=kind, headers=headers)
