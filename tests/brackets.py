"""A language for tests that says each English word between two brackets that nobody types.

What stands outside them on a page was never asked of a catalogue: then it must be what people wrote, a name, a number or a day.
"""

import html
import re
from collections.abc import Iterator

import pytest

from lamplit.config import speaking

BEGIN, END = "⟦", "⟧"
WORD = re.compile(r"[A-Za-zÀ-ž]{2,}")
# Shown, and not said: commands and keys, drafts for others, and what the record holds in English, which is marked so.
NO_WORDS = re.compile(r'<(script|style|svg|code|textarea)\b.*?</\1>|<span lang="en">[^<]*</span>|<[^>]*>', re.DOTALL)
REFERENCE = re.compile(r"\b[A-Z]{1,2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


class Brackets(speaking.catalogues.NullTranslations):
    """A catalogue that has every word."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{BEGIN}{super().ngettext(msgid1, msgid2, n)}{END}"

    def pgettext(self, context: str, message: str) -> str:
        return message if context == "date pattern" else f"{BEGIN}{message}{END}"


def used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every language but ours be this one."""
    monkeypatch.setattr(speaking, "_catalogue", lambda _code: Brackets())


def unsaid(page: str) -> Iterator[str]:
    """Yield each piece of a page's text that stands outside the brackets."""
    body = REFERENCE.sub("", re.split(r"<body[^>]*>", page)[1])
    shown = [re.findall(r'\b(?:aria-label|alt|placeholder|data-heading)="([^"]*)"', body), [NO_WORDS.sub("\0", body)]]
    for text in (text for texts in shown for text in texts):
        depth, piece = 0, ""
        for letter in html.unescape(text) + "\0":
            depth += (letter == BEGIN) - (letter == END)
            if depth or letter in BEGIN + END + "\0":
                if WORD.search(piece):
                    yield piece.strip()
                piece = ""
            else:
                piece += letter
