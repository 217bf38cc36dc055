"""Sealing in portions: everything once, in the order of the intake, never more at a time than memory holds."""

import pytest

from lamplit.record import seal
from tests.landlord import Landlord


def test_a_seal_takes_no_more_bytes_than_it_may_and_the_next_goes_on(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    landlord.holds = False
    monkeypatch.setattr(seal, "BATCH_BYTES", 100_000)
    texts = [f"{n:05}".encode() * 8_000 for n in range(7)]  # 40,000 bytes each
    with landlord.connect("app") as db:
        for text in texts:
            db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [text])
    with landlord.connect("sealer") as db:
        sealed = [seal.seal_once(db, landlord.key) for _ in range(5)]
    assert [done and done.count for done in sealed] == [2, 2, 2, 1, None]
    assert landlord.entries() == texts
