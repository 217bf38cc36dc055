"""A rebuild sends each entry where its rows are, from a few of its bytes, just as if it had read all of them."""

import json
from pathlib import Path

import pytest

from lamplit.basics.fact import REGISTRY
from lamplit.config.wiring import wiring
from lamplit.record.encode import kind_of
from lamplit.record.replay import Plan, Router, partition_of, partitions_for, slim_decoder

GOLDEN = sorted(Path("tests/golden").resolve().glob("*.json"))
FOLDS = wiring()
CUT = 64


def of(kind: str) -> Plan:
    fact = REGISTRY[kind, 1]
    return Plan(kind_of(fact), FOLDS.routes[fact])


def as_if_read(raw: bytes, kind: str) -> set[int]:
    plan = of(kind)
    entry = slim_decoder(kind_of(REGISTRY[kind, 1]), plan)(raw)
    return {partition_of(key.encode(), CUT) for key in list(plan.places(entry)) or [entry.id]}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_kind_goes_where_its_rows_are(path: Path) -> None:
    raw = json.loads(path.read_text())["entry"].encode()
    kind = path.stem.rsplit(".", 1)[0]
    if kind not in ("erasure.done", "record.ingested"):  # a rebuild looks at the first once, and through the second
        assert set(Router(FOLDS, CUT)(raw)) == as_if_read(raw, kind)


def test_most_kinds_have_all_their_rows_in_one_place() -> None:
    """Their entries are read once; that is what makes a rebuild quick."""
    assert of("visit.booked").alone
    assert of("repair.reported").alone
    assert not of("repair.joined").alone  # it counts on another repair


@pytest.mark.parametrize("ident", ['r_"quoted', "r_back\\slash", "r_ünïcode", 'r_","repair":"r_other'])
def test_an_id_that_json_writes_otherwise_goes_where_its_row_is(ident: str) -> None:
    raw = json.loads((GOLDEN[0].parent / "visit.booked.1.json").read_text())["entry"]
    body = raw.index('"body"')
    odd = (raw[:body] + raw[body:].replace('"r_0examplerepair"', json.dumps(ident, ensure_ascii=False))).encode()
    assert list(Router(FOLDS, CUT)(odd)) == [partition_of(ident.encode(), CUT)]


def test_a_larger_log_is_cut_finer_so_that_memory_stays_the_same() -> None:
    assert partitions_for(0) == partitions_for(800_000) == 16
    assert partitions_for(3_000_000) == 64
    assert partitions_for(5_000_000) == 128
    assert partitions_for(10**9) == 512
