"""What is the same in every message of a template: its sentences, with a pattern for each field.

Both sides of every "if" count. A field's pattern can hold a name, a date or a few words, never a link, a phone number or an
account (`checking` looks at what stood there).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from jinja2 import Environment, nodes

from lamplit.basics.plain import Plain
from lamplit.messages.rules.plainly import ENDS, plain
from lamplit.messages.rules.reader import BETWEEN

MOST_WAYS = 256  # in which one sentence may begin, before the rest is left out
_FIELD = re.compile("\x02(\\w*)\x03")
_FREE = re.compile("\x02(words|lines|works|)\x03$")  # what somebody writes by hand, to the end of its sentence
_BREAKS = re.compile(rf"{ENDS.pattern}|\n+")
_PATTERNS = {
    "reference": r"([A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4})",
    "count": r"(£?[0-9,.]{1,12})",
    "yes_no": r"(\w{1,10})",
    "name": r"([^.!?]{1,120})",
    "code": r"([0-9A-Z]{6})",
}
_ANY = r"([^.!?]{1,200})"


class Words(Plain, frozen=True, kw_only=True):
    """The templates that were in use together: their texts, and of which kind each field is. What a record keeps as a blob."""

    texts: dict[str, str]
    kinds: dict[str, dict[str, str]]
    landlord: dict[str, str]
    keys: dict[str, str]  # the public halves of what signs e-mail, as the DNS has them
    lines: tuple[str, ...] = ()  # that any message may carry besides


class Pattern(msgspec.Struct, frozen=True):
    """One sentence of a template. `free`: its template has whole sentences that somebody writes by hand."""

    regex: re.Pattern[str]
    free: bool


def read(data: bytes) -> Words:
    """Read a blob of templates."""
    return msgspec.json.decode(data, type=Words)


def written(words: Words) -> bytes:
    """Return templates as a blob: the same ones are the same bytes."""
    return msgspec.json.encode(words, order="deterministic")


@lru_cache(maxsize=64)
def _environment() -> Environment:
    return Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - read, never rendered


def patterns(words: Words, template: str) -> list[Pattern]:
    """Return the patterns of a template's sentences; none for one that is not among these words."""
    text = words.texts.get(template)
    if text is None:
        return []
    own = _read(words, template, "")
    for code in sorted(name.removesuffix(f"/{template}") for name in words.texts if name.endswith(f"/{template}")):
        own |= _read(words, template, f"{code}/")
        both = BETWEEN.join(_subject(words, f"{of}{template}") for of in (f"{code}/", ""))
        own |= _Reader(words, template, f"{code}/").sentences(both)
    free = any(_FREE.search(one) for one in own)
    fixed = [one for one in own if _FIELD.sub("", one).strip(" -.")]
    every = [*fixed, *words.lines, "Check this message: code \x02code\x03"]
    made = {_spelt(one) for one in every if _spelt(one)}
    return [Pattern(re.compile(one), free) for one in sorted(made)]


def _read(words: Words, template: str, folder: str) -> set[str]:
    return _Reader(words, template, folder).sentences(words.texts[f"{folder}{template}"])


def _subject(words: Words, name: str) -> str:
    return words.texts[name].partition("\n")[0].removeprefix("Subject: ")


def _spelt(sentence: str) -> str:
    """Return a sentence as a pattern, in the plain letters that `checking.plain` makes of hers."""
    parts: list[str] = []
    at = 0
    for field in _FIELD.finditer(sentence):
        parts += [re.escape(_piece(sentence[at : field.start()])), _PATTERNS.get(field[1], _ANY)]
        at = field.end()
    parts.append(re.escape(_piece(sentence[at:])) or "[.!?]?")
    return "".join(parts).strip().removeprefix(r"\ ").removesuffix(r"\ ")


def _piece(text: str) -> str:
    """Make a piece plain, and keep the space at its ends."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    inner = " ".join(plain(text).split())
    return f"{' ' if before else ''}{inner}{' ' if after and inner else ''}"


class _Reader:
    """Reads a template's tree into sentences. `open` are the ways in which the present sentence may have begun.

    `folder`: empty for ours, or the language's with a slash.
    """

    def __init__(self, words: Words, template: str, folder: str) -> None:
        self._words, self._kinds, self._folder = words, words.kinds.get(template, {}), folder
        self._open: set[str] = {""}
        self._done: set[str] = set()

    def sentences(self, text: str) -> set[str]:
        self._walk(_environment().parse(text).body)
        self._end()
        return {one.removeprefix("Subject: ") for one in self._done}

    def _walk(self, body: Sequence[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._say(part.data if isinstance(part, nodes.TemplateData) else self._value(part))
            elif isinstance(node, nodes.If):
                self._either([node.body, *(other.body for other in node.elif_), node.else_])
            elif isinstance(node, nodes.For):
                self._either([node.body, []])
            elif isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
                included = self._folder + str(node.template.value).removesuffix(".txt")
                self._walk(_environment().parse(self._words.texts.get(included, "")).body)

    def _either(self, bodies: Sequence[Sequence[nodes.Node]]) -> None:
        before, after = self._open, set[str]()
        for body in bodies:
            self._open = set(before)
            self._walk(body)
            after |= self._open
        self._open = set(sorted(after)[:MOST_WAYS])

    def _say(self, text: str) -> None:
        pieces = [_BREAKS.split(begun + text) for begun in self._open]  # what has begun may end before this text does
        self._done |= {piece.strip() for whole in pieces for piece in whole[:-1] if piece.strip()}
        self._open = {whole[-1] for whole in pieces}
        if text[-1:] == "\n":
            self._end()

    def _end(self) -> None:
        self._done |= {one.strip() for one in self._open if one.strip()}
        self._open = {""}

    def _value(self, node: nodes.Node) -> str:
        """Return the mark of a field, or the words themselves where they are the landlord's own or one of two."""
        if isinstance(node, nodes.Const):
            return str(node.value)
        if isinstance(node, nodes.CondExpr):
            said = [self._value(one) for one in (node.expr1, node.expr2) if one is not None]
            self._open = {begun + one for begun in self._open for one in (*said, *([""] if node.expr2 is None else []))}
            return ""
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "landlord":
            return self._words.landlord.get(node.attr, "")
        name = node
        while isinstance(name, (nodes.Filter, nodes.Getattr, nodes.Or)):
            name = name.left if isinstance(name, nodes.Or) else name.node  # type: ignore[assignment]
        kind = self._kinds.get(name.name, "") if isinstance(name, nodes.Name) else ""
        return f"\x02{kind.rstrip('?')}\x03"
