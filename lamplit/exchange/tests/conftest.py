"""A file as an old system hands it over, brought into the landlord of a test."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lamplit.exchange.bringing import Outcome

Bring = Callable[..., "Outcome"]


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Bring a text (or bytes, or a path) of one kind over; returns what became of it."""
    from lamplit.exchange.bringing import Order, bring_file  # Django must be set up first

    def run(kind: str, content: str | bytes | Path, **order: object) -> "Outcome":
        path = content if isinstance(content, Path) else tmp_path / f"{kind}.csv"
        if not isinstance(content, Path):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return bring_file(path, Order(kind=kind, user="tester", **order), lambda *_: None)  # type: ignore[arg-type]

    return run
