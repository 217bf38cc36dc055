"""Questions brought from another system: read through a landlord's mapping, with our own questions about danger before them.

Two shapes are read. `nested`: names within names, the last one a code (`kitchen: {sink: {taps: N1}}`). `questions`: each with its
answers, and where an answer leads. The mapping says which of our faults, or of our own questions, each last answer comes to.
"""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import yaml

from lamplit.basics.lines import LineError
from lamplit.basics.marked import Marked, compose
from lamplit.basics.plain import Plain
from lamplit.basics.words import sentence

DANGER = "danger_now"  # asked before anything else, whatever a landlord brings
GOES_ON = "what"  # where our questions about danger lead, and theirs begin
_LEAF = ("fault", "next", "flags", "advice", "unsure", "room")
_OTHER = "Something else, or I am not sure"
Questions = dict[str, dict[str, Any]]


class Brought(Plain, frozen=True, kw_only=True):
    """What came of it: questions as our own file has them, how many last answers there are, and what nobody can reach."""

    text: str
    leaves: int
    left_out: tuple[str, ...] = ()


def bring_tree(theirs: str, mapping: str, shipped: str, *, source: str = "the mapping") -> Brought:
    """Return another system's questions as ours. `shipped` is the text of our own.

    LineError names the line of the mapping that is wrong; that of a file that is no tree is line 1. The result still has to pass
    `tree_file.load_tree`: that every way ends, names one fault and never runs in a circle is seen there.
    """
    top = compose(mapping, source).fields(("edition", "shape", "leaves"), ("start", "ask", "labels", "rooms", "else"))
    reader = _Reader(top, source)
    tree = _loaded(theirs, source)
    if reader.shape == "nested":
        reader.nested(tree, ())
    else:
        reader.questions(tree)
    reader.check()
    ours = _text(shipped)
    made = {**_with_start(_ours(ours["questions"], reader.wants), reader.start), **reader.made}
    whole = {"edition": top["edition"].text(), "start": DANGER, "rooms": ours["rooms"], "questions": made}
    return Brought(
        text=yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=130), leaves=reader.leaves,
        left_out=tuple(reader.left_out),
    )  # fmt: skip


def _loaded(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        found = _text(text)
    except yaml.YAMLError as error:
        raise LineError(source, 1, f"their file is neither JSON nor YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(found, Mapping):
        raise LineError(source, 1, "their file holds no questions")
    return found


def _text(text: str) -> Any:
    """Read YAML in which everything is text: `no` is a word."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but text


class _Reader:
    """Makes our questions of theirs, and remembers which lines of the mapping were of use."""

    def __init__(self, top: dict[str, Marked], source: str) -> None:
        self.source, self.shape = source, top["shape"].text()
        if self.shape not in ("nested", "questions"):
            raise top["shape"].wrong("write nested or questions")
        self.leaf_places = dict(top["leaves"].items())
        self.labels = {name: place.text() for name, place in top["labels"].items()} if "labels" in top else {}
        self.rooms = {name: place.text() for name, place in top["rooms"].items()} if "rooms" in top else {}
        self.asks = top["ask"].texts() if "ask" in top else ("What is it about?",)
        self.other = top["else"].text() if "else" in top else None
        self.start = _code(top["start"].text()) if "start" in top else _code()
        self.made: Questions = {}
        self.wants: set[str] = {self.other} if self.other else set()
        self.used: set[str] = set()
        self.missing: list[str] = []
        self.left_out: list[str] = []
        self.leaves = 0

    def nested(self, node: Mapping[str, Any], path: tuple[str, ...]) -> str:
        """Make a question of each level. Returns its code."""
        code, options = _code(*path), dict[str, Any]()
        self.made[code] = {"ask": self.asks[min(len(path), len(self.asks) - 1)], "options": options}
        for name, child in node.items():
            way, below = (*path, name), child
            while isinstance(below, Mapping) and len(below) == 1:  # a question with one answer is none
                ((deeper, below),) = below.items()
                way = (*way, deeper)
            option = {"label": self.label(name), **({"room": self.rooms[name]} if name in self.rooms else {})}
            if isinstance(below, Mapping):
                option["next"] = self.nested(below, way)
            else:
                option = self.leaf("/".join(way)) | option
            options[_word(name)] = option
        if self.other:
            options["other"] = {"label": _OTHER, "next": self.other}
        return code

    def questions(self, tree: Mapping[str, Any]) -> None:
        """Make a question of each of theirs that an answer leads to."""
        waiting, seen = [self.start], set[str]()
        known = {_code(name): (name, one) for name, one in tree.items()}
        if self.start not in known:
            raise LineError(self.source, 1, f"start: there is no question {self.start.removeprefix('own_')} in their file")
        while waiting:
            code = waiting.pop(0)
            if code in seen or code not in known:
                continue
            seen.add(code)
            self.made[code] = {"ask": str(known[code][1]["question"]), "options": dict(self._answers(*known[code]))}
            waiting += [one["next"] for one in self.made[code]["options"].values() if "next" in one]
        self.left_out = [name for code, (name, _) in known.items() if code not in seen]

    def _answers(self, name: str, one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for answer in one["answers"]:
            text = str(answer["text"])
            option = {"label": self.label(text), **({"room": self.rooms[text]} if text in self.rooms else {})}
            option |= {"next": _code(answer["next"])} if answer.get("next") else self.leaf(f"{name}/{text}")
            yield _word(text), option

    def leaf(self, path: str) -> dict[str, Any]:
        """Return what the mapping says of a last answer: its first line that fits."""
        self.leaves += 1
        found = next((pattern for pattern in self.leaf_places if fnmatchcase(path, pattern)), None)
        if found is None:
            self.missing.append(path)
            return {}
        self.used.add(found)
        fields = self.leaf_places[found].fields((), _LEAF)
        if not {"fault", "next"} & set(fields):
            raise self.leaf_places[found].wrong("write a fault, or next (one of our own questions), or both")
        option = {name: place.text() for name, place in fields.items() if name != "flags"}
        if "flags" in fields:
            option["flags"] = list(fields["flags"].texts())  # type: ignore[assignment]
        if "next" in option:
            self.wants.add(option["next"])
        return {"next": "end", **option}

    def label(self, name: str) -> str:
        """Return what people read: the mapping's own words, or the name with its words apart."""
        return self.labels.get(name) or (name if " " in name else sentence(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))

    def check(self) -> None:
        """Refuse a mapping that leaves an answer without a fault, or has a line for answers that are not there."""
        if self.missing:
            few = "; ".join(self.missing[:20]) + ("; and more" if len(self.missing) > 20 else "")
            raise LineError(self.source, 1, f"leaves: no line fits {len(self.missing)} of {self.leaves} last answers: {few}")
        for pattern, place in self.leaf_places.items():
            if pattern not in self.used:
                raise place.wrong(f"{pattern} fits none of their last answers that a line above it has not taken")


def _ours(ours: Questions, wanted: set[str]) -> Questions:
    """Return our own questions that are asked: those about danger, those the mapping leads to, and what follows from them."""
    kept, waiting = Questions(), [DANGER, *sorted(wanted)]
    while waiting:
        code = waiting.pop()
        if code in kept or code not in ours or code == GOES_ON:
            continue
        kept[code] = ours[code]
        waiting += [one["next"] for one in (ours[code], *(ours[code].get("options") or {}).values()) if one.get("next")]
    return kept


def _with_start(kept: Questions, start: str) -> Questions:
    """Let our questions lead to theirs where ours would ask what it is."""
    text = json.dumps(kept)
    return json.loads(text.replace(f'"next": "{GOES_ON}"', f'"next": "{start}"'))  # type: ignore[no-any-return]


def _code(*path: str) -> str:
    return "_".join(["own", *(_word(step) for step in path if step)]) if path else "own"


def _word(name: str) -> str:
    """Return a name as a code: small letters and digits."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_") or "answer"
