"""bin/find-browser takes the machine's own browser, else Playwright's, else Debian's, and says so when there is none."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

BROWSER = "#!/bin/sh\necho Chromium 140\n"
BROKEN = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell and nothing else on its path, where every way to get a browser fails."""
    (tmp_path / "path").mkdir()
    for tool in ("sh", "dirname", "touch", "chmod", "cp", "cat"):
        (tmp_path / "path" / tool).symlink_to(shutil.which(tool) or tool)
    program(tmp_path, "project/.venv/bin/python", BROKEN)
    program(tmp_path, "project/.venv/bin/playwright", BROKEN)
    program(tmp_path, "project/bin/debian-packages", BROKEN)
    program(tmp_path, "project/bin/find-browser", (ROOT / "bin" / "find-browser").read_text())
    return tmp_path


def program(machine: Path, name: str, text: str) -> Path:
    path = machine / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def find(machine: Path, **environment: str) -> tuple[int, str]:
    asked = subprocess.run(
        [machine / "project" / "bin" / "find-browser"],
        env={"PATH": str(machine / "path"), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return asked.returncode, asked.stdout.strip()


def test_it_takes_the_one_that_is_named(machine: Path) -> None:
    named = program(machine, "elsewhere/mine", BROWSER)
    program(machine, "path/chromium", BROWSER)
    assert find(machine, LAMPLIT_BROWSER=str(named)) == (0, str(named))


def test_it_takes_the_machines_own_and_passes_over_one_that_does_not_start(machine: Path) -> None:
    program(machine, "path/chromium", BROKEN)
    own = program(machine, "path/google-chrome", BROWSER)
    assert find(machine) == (0, str(own))


def test_it_takes_the_one_that_playwright_has_or_fetches(machine: Path) -> None:
    theirs = machine / "cache" / "chrome"
    program(machine, "project/.venv/bin/python", f"#!/bin/sh\necho {theirs}\n")
    fetched = program(machine, "fetched", BROWSER)
    theirs.parent.mkdir()
    program(machine, "project/.venv/bin/playwright", f"#!/bin/sh\ncp {fetched} {theirs}\n")
    assert find(machine) == (0, str(theirs))
    program(machine, "project/.venv/bin/playwright", BROKEN)
    assert find(machine) == (0, str(theirs))


def test_the_one_without_windows_comes_first(machine: Path) -> None:
    program(machine, "path/chromium", BROWSER)
    light = program(machine, "path/chromium-headless-shell", BROWSER)
    assert find(machine) == (0, str(light))


def test_root_gets_the_one_without_windows_and_goes_on_without_it(machine: Path) -> None:
    own = program(machine, "path/chromium", BROWSER)
    program(machine, "path/id", "#!/bin/sh\necho 0\n")
    assert find(machine) == (0, str(own))
    packed, light = program(machine, "packed", BROWSER), machine / "path" / "chromium-headless-shell"
    program(machine, "project/bin/debian-packages", f"#!/bin/sh\n[ $1 = browser ] && cp {packed} {light}\n")
    assert find(machine, LAMPLIT_BROWSER=str(own)) == (0, str(own))
    assert not light.exists()
    assert find(machine) == (0, str(light))


def test_it_takes_debians_at_last(machine: Path) -> None:
    packed = program(machine, "packed", BROWSER)
    debians = machine / "path" / "chromium"
    program(machine, "project/bin/debian-packages", f"#!/bin/sh\n[ $1 = browser ] && cp {packed} {debians}\n")
    assert find(machine) == (0, str(debians))


def test_it_fails_when_there_is_none(machine: Path) -> None:
    assert find(machine) == (1, "")
