"""What is written together fits into one entry: with ids as long as they are, and sums as large as they come."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lamplit.basics.fact import Fact
from lamplit.record.encode import Codec
from lamplit.rent import facts
from lamplit.rent.queries import collecting
from lamplit.rent.queries.debits import MOST_TOLD

AT = datetime(2026, 12, 1, 9, 0, 0, 123456, tzinfo=UTC)
ON = date(2026, 12, 1)
RUN = "g_01m8cm944e33ehpkkn80"


def ids(kind: str, count: int) -> list[str]:
    return [f"{kind}_01m8cm944e33ehp{number:05}" for number in range(count)]


def _debits() -> dict[str, Fact]:
    accounts, half = ids("t", collecting.TOGETHER), MOST_TOLD // 2
    both: dict[str, Any] = {"accounts": accounts, "collections": [f"{account}.{ON}.again" for account in accounts]}
    told: dict[str, Any] = {"mandates": ids("d", MOST_TOLD), "told": ["0N"] * MOST_TOLD, "details": ids("n", MOST_TOLD)}
    return {
        "sent": facts.DebitsSent(run=RUN, codes=["17"] * collecting.TOGETHER, **both),
        "collected": facts.DebitsCollected(run=RUN, on=ON, pence=[1_234_567] * collecting.TOGETHER, **both),
        "recalled": facts.DebitsRecalled(run=RUN, **both),
        "not_gone": facts.DebitsNotGone(
            run=RUN,
            untold=[
                facts.Untold(mandate=one, details=to, instruction="0N", old_details=was)
                for one, to, was in zip(ids("d", half), ids("n", half), ids("o", half), strict=True)
            ],
        ),
        "missed": facts.DebitsMissed(**both),
        "submitted": facts.DebitsSubmitted(
            run=RUN, serial="000123", created_on=ON, digest="a" * 64, debits=60_000, pence=10**12, first_on=ON, **told
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["sent", "collected", "recalled", "not_gone", "missed", "submitted"])
def test_what_goes_together_fits_into_one_entry(name: str) -> None:
    fact = _debits()[name]
    command = f"job:bacs:{RUN}:{'x' * 40}"
    raw, _ = Codec("lamplit.example/record").write(
        fact, None, id="e_01m8cm944e33ehpkkn80", at=AT, recorded_at=AT, by="staff:s_01m8cm944e33ehpkkn80", command=command  # type: ignore[arg-type]
    )  # fmt: skip
    assert len(raw) > 20_000
