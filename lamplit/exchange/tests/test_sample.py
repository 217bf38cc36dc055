"""The made-up landlord of docs/samples, whole; the fixture folds its record again and compares."""

import csv
import io
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[3] / "docs" / "samples"
ORDER = ("homes", "people", "tenancies", "contacts", "repairs", "history", "rates")


@pytest.mark.slow
def test_the_sample_comes_over_whole_and_twice_is_once(landlord, bring):
    for kind in ORDER:
        rows = len(list(csv.reader(io.StringIO((SAMPLES / f"{kind}.csv").read_text())))) - 1
        first = bring(kind, SAMPLES / f"{kind}.csv")
        assert (first.written, first.problems, first.unknown) == (rows, [], [])
    size = landlord.seal()
    for kind in ORDER:
        again = bring(kind, SAMPLES / f"{kind}.csv")
        assert (again.written, again.changed, again.there) == (0, 0, again.read)
    assert landlord.seal() == size
    assert list(SAMPLES.glob("*.refused.csv")) == []
