"""The words of a page in its reader's language: gettext over our own catalogues, and marks where words are still English.

What a catalogue does not have yet is said in English. Such words carry two marks that no reader sees; when the page is
done, `mark_parts` turns them into `lang="en"`, so that a screen reader says them in English. Words that go into the record or
into a message are made `languages.in_ours()` and carry none.
"""

import gettext as catalogues
import logging
import re
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

from babel.numbers import format_decimal
from django.utils.functional import lazy as later
from django.utils.text import format_lazy

from lamplit.basics import words as english
from lamplit.config.languages import OURS, speaking

T = TypeVar("T")
log = logging.getLogger(__name__)
DOMAINS = ("lamplit", "desk")  # what tenants read; what staff read besides. A word is looked for in this order
LOCALE = Path(__file__).parent / "locale"
BEGIN, END = "\ue000", "\ue001"  # around English words
NOTE, NOTE_END = "\ue002", "\ue003"  # around what a page says when there are any
_MARKS = re.compile(f"[{BEGIN}{END}{NOTE}{NOTE_END}]")
# Where no tag may stand: inside a tag, and in elements that hold text alone.
_PARTS = re.compile(rf"<(title|option|textarea)\b.*?</\1>|<[^>]*>|[{BEGIN}{END}]", re.DOTALL)


class _English(catalogues.NullTranslations):
    """What is asked when a catalogue has no words for something: says it in English, marked."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return marked(message)


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    found: catalogues.NullTranslations = _English()
    for domain in reversed(DOMAINS):
        try:
            first = catalogues.translation(domain, LOCALE, [code])
        except FileNotFoundError:
            # A page in English, which says that it is, serves her better than none.
            log.exception("the catalogue %s of %s is not compiled: run `python bin/catalogues.py compile`", domain, code)
            continue
        first = copy(first)  # Python keeps what it has read, and would add to it once more
        first.add_fallback(found)
        found = first
    return found


def _here() -> catalogues.NullTranslations | None:
    """Return the catalogue of the page's language; None in ours, which needs none."""
    spoken = speaking()
    return None if spoken is OURS else _catalogue(spoken.code)


def marked(words: str) -> str:
    """Return English words with the marks around them."""
    return f"{BEGIN}{words}{END}"


def unmarked(words: str) -> str:
    """Return words without marks."""
    return _MARKS.sub("", words)


def gettext(words: str) -> str:
    """Return words of a page in its language."""
    here = _here()
    return words if here is None or not words else here.gettext(words)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form that goes with a number. Both forms have %(count)s or the like."""
    here = _here()
    return (one if count == 1 else many) if here is None else here.ngettext(one, many, count)


def pgettext(context: str, words: str) -> str:
    """Return words whose English means more than one thing; `context` says which."""
    here = _here()
    return words if here is None else here.pgettext(context, words)


_ = gettext
lazy: Any = later(gettext, str)  # for what is written down before anybody asks for a page: a form's labels


def number(count: int) -> str:
    """Return "181,002" as the page's language writes it: where a comma begins the decimals, thousands stand apart."""
    return f"{count:,}" if _here() is None else format_decimal(count, locale=speaking().code)


def counted(one: str, many: str, count: int, **said: object) -> str:
    """Return "1 repair", "4 repairs" or "no repairs": the forms have %(count)s for the number; `said` fills in the rest."""
    here = _here()
    if here is None:
        return (one if count == 1 else many) % {"count": f"{count:,}" if count else "no", **said}
    return here.ngettext(one, many, count) % {"count": number(count), **said}


class Words(dict[str, str]):
    """Our words by code, as `Words({"open": "Open"})`: whoever takes one out gets it in the language of the page.

    What is taken out together may be the choices of a form, written down before anybody asks for a page: that is said later.
    """

    def __getitem__(self, code: Any) -> str:
        return gettext(super().__getitem__(code))

    @overload
    def get(self, code: Any, otherwise: None = None) -> str | None: ...
    @overload
    def get(self, code: Any, otherwise: str) -> str: ...
    @overload
    def get(self, code: Any, otherwise: T) -> str | T: ...
    def get(self, code: Any, otherwise: Any = None) -> Any:
        words = super().get(code)
        return otherwise if words is None else gettext(words)

    def items(self) -> Any:
        return [(code, lazy(words)) for code, words in super().items()]

    def __or__(self, other: Any) -> Any:
        return dict(self.items()) | dict(other.items())

    def values(self) -> Any:
        return [lazy(words) for words in super().values()]


def to_say(words: str) -> str:
    """Return words as they are, and have them gathered for the catalogues: they are said later, by `of_data`."""
    return words


def lazy_with(words: str, **values: Any) -> Any:
    """Return lazy words with {names} filled in."""
    return format_lazy(lazy(words), **values)


def of_data(code: str, words: str) -> str:
    """Return words of our data files (questions, answers, advice, needs, faults) in the page's language.

    A catalogue may have them under their code, where the same English needs other words here than elsewhere; else it has them
    once for all. Words that a landlord changed are in none, so nobody reads a translation of what the question was before.
    """
    here = _here()
    if here is None or not words:
        return words
    under_code = here.pgettext(code, words)
    return here.gettext(words) if under_code.startswith(BEGIN) else under_code


def as_recorded(words: str | None) -> str | None:
    """Mark words that staff wrote, or that the record holds in English, on a page in another language."""
    return words if not words or speaking() is OURS else marked(words)


def lines(words: str) -> list[str]:
    """Return the lines of some words, each with marks of its own when they are marked."""
    each = unmarked(words).split("\n")
    return [marked(line) for line in each] if words.startswith(BEGIN) else each


def sentence(words: str) -> str:
    """Return the words with a capital at the start, marks or not."""
    return BEGIN + english.sentence(words[1:]) if words.startswith(BEGIN) else english.sentence(words)


def small(words: str) -> str:
    """Return the words with a small letter at the start, to follow a colon; marks or not."""
    begin = BEGIN if words.startswith(BEGIN) else ""
    rest = words[len(begin) :]
    return begin + rest[:1].lower() + rest[1:]


def mark_parts(page: str) -> str:
    """Turn the marks of a page into `lang="en"`, and keep the note about English parts only when there are any."""
    depth, lowest, found = 0, 0, False

    def part(match: re.Match[str]) -> str:
        nonlocal depth, lowest, found
        if match[0] == BEGIN:
            depth, found = depth + 1, True
            return '<span lang="en">'
        if match[0] == END:
            depth -= 1
            lowest = min(lowest, depth)
            return "</span>"
        return _MARKS.sub("", match[0])

    spoken = _PARTS.sub(part, page)
    if depth or lowest:  # somebody typed a mark: then nothing is marked, and nothing can break
        return unmarked(page)
    if not found:
        spoken = re.sub(f"{NOTE}.*?{NOTE_END}", "", spoken, flags=re.DOTALL)
    return _MARKS.sub("", spoken)
