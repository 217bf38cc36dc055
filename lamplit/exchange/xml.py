"""Reading a bank's XML: streamed, by names without their namespace, with the line on which each element begins.

A document that declares a type or an entity is refused where the declaration begins, before anything in it is expanded or fetched
(docs/decisions/0060). Size, depth and the length of one text are limited.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast
from xml.parsers import expat

MOST_BYTES = 400_000_000
_DEEPEST, _LONGEST, _WIDEST = 40, 100_000, 200_000
_STEP = 1 << 20
_TELLS_NOTHING: dict[str, str] = {}
_NONE: "tuple[Element, ...]" = ()
Take = Callable[["Element"], Any]


class XmlWrong(Exception):  # noqa: N818 - it says what is wrong
    """The bytes are no XML that we read. `line` says where."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"line {line}: {words}")
        self.line = line
        self.words = words


class Element:
    """One element. Names are bare: small letters and digits only, so `payer-sort-code` and `PayerSortCode` are the same."""

    __slots__ = ("attributes", "children", "line", "made", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.children: Sequence[Element] = _NONE  # most elements have none: a list is made when the first comes
        self.made: list[Any] = []  # what was made of children that were taken
        self.text = ""

    def find(self, path: str) -> "Element | None":
        """Return the first element at a path like `rmtinf/strd`, or None."""
        here = self
        for name in _steps(path):
            for child in here.children:
                if child.name == name:
                    here = child
                    break
            else:
                return None
        return here

    def all(self, path: str) -> "list[Element]":
        """Return every element at a path."""
        here = [self]
        for name in _steps(path):
            here = [child for element in here for child in element.children if child.name == name]
        return here

    def words(self, path: str) -> str:
        """Return the text of the first element at a path, or ''."""
        found = self.find(path)
        return found.text.strip() if found is not None else ""

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def bare(name: str) -> str:
    """Return a name without its namespace, in small letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.rsplit(" ", 1)[-1].rsplit(":", 1)[-1].lower())


def read_xml(data: bytes, take: Mapping[str, Take] | None = None) -> Element:
    """Return the root. What `take` names is handed over when it ends, and only what was made of it is kept. XmlWrong."""
    if len(data) > MOST_BYTES:
        raise XmlWrong(0, f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    reader = _Reader(take or {})
    try:
        for start in range(0, len(data), _STEP):
            reader.parser.Parse(data[start : start + _STEP], False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise XmlWrong(error.lineno, f"This is not whole XML: {expat.ErrorString(error.code)}.") from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise XmlWrong(1, "The file names an encoding that we cannot read.") from error
    if reader.root is None:
        raise XmlWrong(1, "The file is empty.")
    return reader.root


class _Reader:
    """What expat calls while it reads."""

    def __init__(self, take: Mapping[str, Take]) -> None:
        self.root: Element | None = None
        self._take, self._open, self._texts = take, list[Element](), list[str]()
        self._length = 0
        self._names: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartElementHandler = self._starts
        self.parser.EndElementHandler = self._ends
        self.parser.CharacterDataHandler = self._says

    def _line(self) -> int:
        return self.parser.CurrentLineNumber

    def _declared(self, *_: Any) -> None:
        raise XmlWrong(self._line(), "The file declares a document type or an entity. No bank's file needs that; it is refused.")

    def _name(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            if len(self._names) > _LONGEST:
                raise XmlWrong(self._line(), "The file has more different names than any bank's file.")
            known = self._names[name] = bare(name)
        return known

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        around = self._open[-1] if self._open else None
        if len(self._open) >= _DEEPEST:
            raise XmlWrong(self._line(), f"The file is nested deeper than {_DEEPEST} elements.")
        told = {self._name(key): value for key, value in attributes.items()} if attributes else _TELLS_NOTHING
        element = Element(self._names.get(name) or self._name(name), told, self.parser.CurrentLineNumber)
        if around is None:
            self.root = element
        elif around.children is _NONE:
            around.children = [element]
        else:
            self._adopt(around.children, element)
        self._open.append(element)
        self._texts.clear()
        self._length = 0

    def _adopt(self, children: Sequence[Element], element: Element) -> None:
        if len(children) >= _WIDEST:
            raise XmlWrong(self._line(), f"One element holds more than {_WIDEST:,} others.")
        cast(list[Element], children).append(element)

    def _says(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST:
            raise XmlWrong(self._line(), f"One text is longer than {_LONGEST:,} letters.")
        self._texts.append(text)

    def _ends(self, _: str) -> None:
        element = self._open.pop()
        if element.children is _NONE:
            element.text = "".join(self._texts)
        self._texts.clear()
        self._length = 0
        taken = self._take.get(element.name)
        if taken is not None and self._open:
            cast(list[Element], self._open[-1].children).pop()
            self._open[-1].made.append(taken(element))
