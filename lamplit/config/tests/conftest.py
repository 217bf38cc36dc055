"""Pages of the kit, rendered once a run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def kit_pages() -> dict[str, str]:
    """What `kit_pages.py` prints: the name of a page and its HTML."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("kit_pages.py"))],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages: dict[str, str] = json.loads(done.stdout)
    return pages
