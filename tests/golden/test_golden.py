"""Facts are forever: the bytes of every version ever written are kept here, and must read the same for ever.

A new fact version gets its golden entry by `python -m tests.golden.add`, which never touches one that is there.
"""

import hashlib
from pathlib import Path

import msgspec
import pytest

from lamplit.basics.fact import REGISTRY, Fact
from lamplit.config.wiring import wiring
from lamplit.record.encode import INGESTED, Codec, _encode, verbatim
from lamplit.record.keys import HeldKeys
from lamplit.record.wiring import Route

HERE = Path(__file__).parent
ORIGIN = "golden.example/record"
MANIFEST = HERE / "manifest.sha256"


class Golden(msgspec.Struct, frozen=True):
    """One entry as it was written: its bytes, the keys that open it, and every field as it must read."""

    entry: str
    keys: dict[str, bytes]
    reads: msgspec.Raw


def golden(kind: str, version: int) -> Path:
    return HERE / f"{kind}.{version}.json"


ALL = sorted(REGISTRY)


@pytest.mark.parametrize(("kind", "version"), ALL, ids=[f"{k}/{v}" for k, v in ALL])
def test_it_reads_as_it_always_did(kind: str, version: int) -> None:
    kept = msgspec.json.decode(golden(kind, version).read_bytes(), type=Golden)
    raw = kept.entry.encode()
    entry = verbatim(raw) if raw.startswith(INGESTED) else Codec(ORIGIN).decode(raw, HeldKeys(kept.keys, set()))
    assert _encode(entry.body) == bytes(kept.reads)
    assert entry.by == "staff:s_0example"


def test_no_golden_entry_was_touched_or_lost() -> None:
    listed = dict(reversed(line.split("  ")) for line in MANIFEST.read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in HERE.glob("*.json")}
    assert found == listed


def test_every_fact_has_one_and_every_one_its_fact() -> None:
    assert {path.name for path in HERE.glob("*.json")} == {golden(*key).name for key in REGISTRY}


OF = [(fact, route) for fact, routes in wiring().routes.items() for route in routes if route.of is not None]


@pytest.mark.parametrize(("fact", "route"), OF, ids=[f"{fact.__name__}-{route.table.name}" for fact, route in OF])
def test_items_stand_with_whom_their_fact_lists(fact: type[Fact], route: Route) -> None:
    """A rebuild sends an entry where its list says: an item of anybody else would be lost."""
    kept = msgspec.json.decode(golden(fact.schema.kind, fact.schema.version).read_bytes(), type=Golden)
    entry = Codec(ORIGIN).decode(kept.entry.encode(), HeldKeys(kept.keys, set()))
    owners = {key.partition(".")[0] for key in route.keys(entry)}
    assert owners
    assert owners == set(getattr(entry.body, str(route.of)))
