"""A standby beside the test's landlord, or of a made-up log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def make_standby(cluster: Any, template: str, tmp_path: Path) -> Iterator[Any]:
    """Make a standby of a log."""
    from tests.standby import standbys  # Django must be set up first

    with standbys(cluster, template, tmp_path) as make:
        yield make


@pytest.fixture
def standby(make_standby: Any, landlord: Any) -> Any:
    """A standby that follows the test's landlord."""
    return make_standby(landlord.key.verifier)
