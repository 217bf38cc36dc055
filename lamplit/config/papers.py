"""Papers: PDFs that a screen reader can read (PDF/UA-1), made from values by the templates in this folder's `papers`."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.http import HttpResponse

from lamplit.config.languages import OURS, Language, speaking, within
from lamplit.config.speaking import BEGIN, unmarked
from lamplit.config.speaking import gettext as _

TEMPLATES = Path(__file__).parent / "papers"
FONTS = Path(__file__).parent / "static" / "built" / "fonts"
_SAID = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')


def make(name: str, values: dict[str, Any]) -> bytes:
    """Return a PDF in the language of the page. Values are data, never markup: they stand there as they were written."""
    return _compiled(name, *_part(name, values), more=[])


def make_in(spoken: Language, name: str, values: Callable[[], dict[str, Any]]) -> bytes:
    """Return a PDF in a language, and after it the same in ours. `values` makes them in the language that it is asked in."""
    parts = []
    for one in dict.fromkeys((spoken, OURS)):
        with within(one):
            parts.append(_part(name, values()))
    return _compiled(name, *parts[0], more=[{"values": given, "said": said} for given, said in parts[1:]])


def _part(name: str, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of a paper, and what is said around them in the language of the page."""
    spoken = speaking()
    words = {one: _(one) for one in words_of(name)}
    notes = _notes("".join([msgspec.json.encode(values).decode(), *words.values()]))
    return values, {"lang": spoken.code[:2], "region": "GB" if spoken is OURS else None, "words": words, "notes": notes}


def _compiled(name: str, values: dict[str, Any], said: dict[str, Any], more: list[dict[str, Any]]) -> bytes:
    given = {"values": values, "said": said, "more": more}
    return typst.compile(
        TEMPLATES / f"{name}.typ",
        format="pdf",
        sys_inputs={key: unmarked(msgspec.json.encode(value).decode()) for key, value in given.items()},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        font_paths=[FONTS],
        root=TEMPLATES,
    )


@cache
def words_of(name: str) -> list[str]:
    """Return the words of a template that a catalogue may have, as they are asked for: t("...")."""
    return [json.loads(f'"{one}"') for one in _SAID.findall((TEMPLATES / f"{name}.typ").read_text())]


def _notes(text: str) -> list[str]:
    """Say what a reader must know of the language that she reads."""
    spoken = speaking()
    waits = _("This translation is waiting for a native reader. If something is not clear, ring us.") if spoken.waits else ""
    english = _("Some of this is still in English.") if BEGIN in text else ""
    return [one for one in (waits, english) if one]


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
