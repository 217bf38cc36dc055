"""An entry of another log, taken over verbatim: folds see the fact inside, opened under its own origin; what is sealed
can be marked with where it stands and opened when it is read."""

import base64
from datetime import UTC, datetime

import pytest

from lamplit.basics.fact import ERASED, REGISTRY, SealedAt
from lamplit.basics.ids import new_id
from lamplit.record.encode import INGESTED, MAX_ENTRY_BYTES, BadEntry, Codec, inside, origin_of, read_header, verbatim
from lamplit.record.facts import Ingested
from lamplit.record.keys import HeldKeys, NoKeys
from tests.golden.add import FreshKeys
from tests.golden.example import example

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
HERE, THERE = "main.example/record", "standby.example/record"
PLAIN = HeldKeys({}, set())


def written(kind: str, keys: FreshKeys) -> bytes:
    fact = example(REGISTRY[kind, 1])
    return Codec(THERE).encode(fact, keys, id="e_1", at=AT, recorded_at=AT, by="staff:s_1", command="form:1")


def taken_over(raw: bytes, index: int = 7) -> bytes:
    header = read_header(raw)
    fact = Ingested(origin=THERE, index=index, entry_id=header.id, about=header.subjects, entry=base64.b64encode(raw).decode())
    return Codec(HERE).encode(
        fact, PLAIN, id=new_id("e", AT), at=AT, recorded_at=AT, by="cli:ingest", command=f"ingest:{THERE}:{index}"
    )


def test_it_reads_as_the_fact_inside_under_its_own_origin():
    keys = FreshKeys()
    raw = written("repair.reported", keys)
    outer = taken_over(raw)
    held = HeldKeys(keys.made, set())
    inner, through = Codec(THERE).decode(raw, held), Codec(HERE).decode(outer, held)
    assert (through.body, through.id, through.by, through.at) == (inner.body, "e_1", "staff:s_1", AT)
    assert Codec(HERE).kind(outer).cls is type(inner.body)
    assert read_header(outer).subjects == verbatim(outer).subjects  # so it is found by whom it is about
    assert origin_of(outer, HERE) == THERE != origin_of(raw, HERE)
    with pytest.raises(BadEntry, match="cannot be opened"):
        Codec(HERE).decode(raw, held)  # moved into the log without its origin, it is somebody's forgery


def test_the_longest_entry_fits_and_a_third_log_or_other_bytes_do_not():
    keys = FreshKeys()
    raw = written("repair.reported", keys)
    longest = taken_over(raw + b" " * (MAX_ENTRY_BYTES - len(raw)))
    assert longest.startswith(INGESTED)
    with pytest.raises(BadEntry, match="do not come out the same"):
        Codec(HERE).clear(longest)  # padding is no canonical entry
    with pytest.raises(BadEntry, match="third"):
        inside(taken_over(taken_over(raw)))
    changed = taken_over(raw).replace(b'"entry":"', b'"entry":"*')
    with pytest.raises(BadEntry, match="another log"):
        inside(changed)


def test_what_is_sealed_says_where_it_stands_and_what_is_erased_says_so():
    keys = FreshKeys()
    raw = written("repair.reported", keys)
    blind = NoKeys(set())
    blind.at = 4711
    entry, kind = Codec(THERE).decode(raw, blind), Codec(THERE).kind(raw)
    opened = Codec(THERE).decode(raw, HeldKeys(keys.made, set()))
    marked = {name: getattr(entry.body, name) for part in kind.parts for name in part.fields}
    assert marked
    for name, mark in marked.items():
        at, part, bit = SealedAt.parse(mark.column)
        assert at == 4711
        assert kind.parts[part].value(opened, bit) == getattr(opened.body, name)
    dead = NoKeys(set(keys.made))
    assert all(getattr(Codec(THERE).decode(raw, dead).body, name) is ERASED for name in marked)
