"""A thief of the published store, without any key: what he holds, and what he can make of it."""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

from lamplit.record.store import Store, read_bundle
from lamplit.record.tiles import WIDTH

Features = dict[str, str]  # what he knows of one pseudonym, each as a small class of values
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def every_byte(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield each file, its parts that are base64, and whatever of them can be decompressed."""
    for path in sorted(store.list()):
        data = store.get(path)
        yield path, path.encode()
        for layer in _layers(data):
            yield path, layer


def _layers(data: bytes) -> Iterator[bytes]:
    yield data
    parts = [data, *(_decoded(found.group()) for found in _BASE64.finditer(data))]
    yield b"\n".join(parts[1:])
    for part in parts:
        for open_it in (zlib.decompress, gzip.decompress, lambda raw: zlib.decompress(raw, -15)):
            try:
                yield open_it(part)
            except (zlib.error, OSError, EOFError):
                continue


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def entries(store: Store) -> list[dict[str, Any]]:
    """Read every published entry as the JSON that it is, in order."""
    size = max(int(path.partition("/")[2]) for path in store.list("checkpoints"))
    found = []
    for n in range(-(-size // WIDTH)):
        found += [json.loads(raw) for raw in read_bundle(store, n, min(WIDTH, size - n * WIDTH))]
    return found


@dataclass
class Dossier:
    """Everything that names one pseudonym, or what hangs together with it."""

    entries: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def features(self) -> Features:
        """Return whatever may tell something: counts, sizes, which fields were given, who wrote, when, in what company."""
        told: dict[str, Counter[str]] = defaultdict(Counter)
        for _, entry in self.entries:
            kind, at = entry["kind"], entry["at"]
            told[f"{kind} count"][""] += 1
            told[f"{kind} by {entry['by'].partition(':')[0]}"][""] += 1
            told[f"{kind} hour"][at[11:13]] += 1
            told[f"{kind} fraction of a second"][at[19:]] += 1
            for name, (_, given, sealed) in entry.get("sealed", {}).items():
                told[f"{kind} {name} size"][str(len(sealed))] += 1
                told[f"{kind} {name} given"][str(given)] += 1
            for name, value in entry["body"].items():
                if isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) < 20 and "T" not in value):
                    told[f"{kind} {name}"][str(value)] += 1
                if isinstance(value, list):
                    for item in value:
                        told[f"{kind} {name}"][item.get("code", "") if isinstance(item, dict) else str(item)] += 1
        return {f"{name} = {value}": str(min(n, 3)) for name, counts in told.items() for value, n in counts.items()}


def dossiers(log: list[dict[str, Any]], letter: str) -> dict[str, Dossier]:
    """Gather what names each pseudonym with this letter, in its subjects or its body."""
    found: dict[str, Dossier] = defaultdict(Dossier)
    for idx, entry in enumerate(log):
        named = {*entry["subjects"], *(value for value in entry["body"].values() if isinstance(value, str))}
        if entry["by"].partition(":")[2].startswith(f"{letter}_"):
            named.add(entry["by"].partition(":")[2])
        for subject in named:
            if subject.startswith(f"{letter}_"):
                found[subject].entries.append((idx, entry))
    return found


def guess(known: Mapping[str, Features], marked: Callable[[str], bool], folds: int = 5) -> dict[str, float]:
    """Score each pseudonym by what the others teach: a thief who knows the truth of four in five guesses the fifth.

    Naive Bayes over every feature, its five most telling ones: more would only drown them in noise.
    """
    scores: dict[str, float] = {}
    names = sorted(known)
    for fold in range(folds):
        learnt = _weights([known[name] for n, name in enumerate(names) if n % folds != fold],
                          [marked(name) for n, name in enumerate(names) if n % folds != fold])  # fmt: skip
        for n, name in enumerate(names):
            if n % folds == fold:
                scores[name] = sum(weights.get(known[name].get(feature, "0"), 0.0) for feature, weights in learnt)
    return scores


def _weights(features: list[Features], labels: list[bool]) -> list[tuple[str, dict[str, float]]]:
    """Return the five most telling features, each with the log-odds of its values."""
    every = {name for one in features for name in one}
    yes, no = sum(labels), len(labels) - sum(labels)
    ranked = []
    for name in every:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for one, label in zip(features, labels, strict=True):
            counts[one.get(name, "0")][label] += 1
        odds = {value: log((pos + 1) / (yes + 2)) - log((neg + 1) / (no + 2)) for value, (neg, pos) in counts.items()}
        telling = sum((pos / yes - neg / no) * odds[value] for value, (neg, pos) in counts.items())
        ranked.append((telling, name, odds))
    return [(name, odds) for _, name, odds in sorted(ranked, key=lambda one: (-one[0], one[1]))[:5]]


def area(scores: Mapping[str, float], marked: Callable[[str], bool]) -> float:
    """Return how often a marked one scores above one that is not: 0.5 is chance, 1 is certainty."""
    good = [score for name, score in scores.items() if marked(name)]
    rest = [score for name, score in scores.items() if not marked(name)]
    won = sum((a > b) + (a == b) / 2 for a in good for b in rest)
    return won / (len(good) * len(rest))


def margin(good: int, rest: int) -> float:
    """Return how far from 0.5 chance alone strays in one of a thousand looks (three and a third standard deviations)."""
    return 3.3 * ((good + rest + 1) / (12 * good * rest)) ** 0.5


def most_telling(known: Mapping[str, Features], marked: Callable[[str], bool]) -> Iterable[str]:
    """Return the names of the features that tell most: for whoever has to close the leak."""
    return [name for name, _ in _weights(list(known.values()), [marked(name) for name in known])]


RANKS = {"planned": 0, "routine": 1, "urgent": 2, "emergency": 3, "immediate": 4}


def haste(log: list[dict[str, Any]]) -> dict[str, float]:
    """Score each household by how much faster its repairs go than other repairs that got the same trades and clocks.

    The sharpest question that the clear side allows: needs move deadlines, and deadlines stand in clear.
    """
    works: dict[str, set[str]] = defaultdict(set)
    reports = [entry["body"] for entry in log if entry["kind"] == "repair.reported"]
    for entry in log:
        if entry["kind"] == "work.ordered":
            works[entry["body"]["repair"]].add(" ".join([entry["body"]["trade"], *entry["body"]["needs"]]))
    alike: dict[str, list[int]] = defaultdict(list)
    for body in reports:
        alike[str(sorted(works[body["repair"]]))].append(RANKS[body["priority"]])
    scores: dict[str, list[float]] = defaultdict(list)
    for body in reports:
        ranks = alike[str(sorted(works[body["repair"]]))]
        scores[body["household"]].append(RANKS[body["priority"]] - sum(ranks) / len(ranks))
    return {household: sum(several) / len(several) for household, several in scores.items()}
