"""YAML that remembers its lines, so that a landlord who edits a file is told exactly where it is wrong.

Scalars are read as the text that stands there: `no` is the word "no", never False.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from lamplit.basics.lines import LineError


@dataclass(frozen=True)
class Marked:
    """One place in a YAML file. Every reader refuses a wrong shape with a LineError."""

    node: yaml.Node
    source: str

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def wrong(self, what: str) -> LineError:
        """Return (not raise) the error that names this line."""
        return LineError(self.source, self.line, what)

    def text(self) -> str:
        """Return the scalar as text, spaces at its ends removed. Empty is refused."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("write one piece of text here")
        value = str(self.node.value).strip()
        if not value:
            raise self.wrong("this is empty; write something or remove the line")
        return value

    def flag(self) -> bool:
        """Return True for `true`, False for `false`; nothing else."""
        value = self.text()
        if value not in ("true", "false"):
            raise self.wrong(f"write true or false, not {value}")
        return value == "true"

    def items(self) -> Iterator[tuple[str, "Marked"]]:
        """Yield the keys and places of a mapping in order. A key that stands twice is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("write `name: value` lines here")
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            key = Marked(key_node, self.source)
            name = key.text()
            if name in seen:
                raise key.wrong(f"{name} stands here twice")
            seen.add(name)
            yield name, Marked(value_node, self.source)

    def fields(self, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> dict[str, "Marked"]:
        """Return a mapping's places by name. A missing or unknown field is refused."""
        found = dict(self.items())
        for name, place in found.items():
            if name not in needed and name not in allowed:
                raise place.wrong(f"{name} is no field here; there are {', '.join([*needed, *allowed])}")
        for name in needed:
            if name not in found:
                raise self.wrong(f"{name} is missing")
        return found

    def listed(self) -> list["Marked"]:
        """Return the places of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("write a list here")
        return [Marked(node, self.source) for node in self.node.value]

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts. One that stands twice is refused."""
        places = self.listed()
        texts = tuple(place.text() for place in places)
        for number, place in enumerate(places):
            if texts[number] in texts[:number]:
                raise place.wrong(f"{texts[number]} stands here twice")
        return texts


# libyaml's parser where PyYAML has it: eight times faster, and every process reads these files when it begins.
QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, source: str) -> Marked:
    """Read YAML into marked places. LineError names the line of a syntax error; anchors may loop and are refused."""
    try:
        node = _compose(text, source, QUICK)
    except yaml.YAMLError:
        node = _compose_slowly(text, source)
    if node is None:
        raise LineError(source, 1, "the file is empty")
    return Marked(node, source)


def _compose(text: str, source: str, loader: Any) -> yaml.Node | None:
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, (yaml.AnchorToken, yaml.AliasToken)):
            raise LineError(source, token.start_mark.line + 1, "write it out; & and * are not used here")
    return yaml.compose(text, Loader=loader)


def _compose_slowly(text: str, source: str) -> yaml.Node | None:
    """Read once more by the parser that says in plainer words what is wrong, and on which line."""
    try:
        return _compose(text, source, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise LineError(source, mark.line + 1 if mark else 1, str(error.problem or error.context)) from error
    except yaml.reader.ReaderError as error:
        raise LineError(source, text.count("\n", 0, error.position) + 1, "a character that cannot be read") from error
