"""`make` is the build and nothing else is: what runs for every change, what help lists, what documents tell people to type."""

import os
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Source, faults, kept_files

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
TOLD = re.compile(r"(?:^|`|\$ )make ([a-z]+)", re.MULTILINE)
SCRIPTS = [f"bin/{name}" for name in ("install", "find-python", "find-browser", "debian-packages")]
SCRIPTS += ["bin/build-release", "bin/release-setup", "bin/try-install", ".ci/run"]
NAMED = re.compile(r"\bdocs/[\w./-]+\.md\b")


def tells_to_make_nothing(source: Source) -> Iterator[str]:
    for target in TOLD.findall(source.text):
        if target not in TARGETS:
            yield f"there is no `make {target}`"


def names_no_document(source: Source) -> Iterator[str]:
    for name in NAMED.findall(source.text):
        if not (ROOT / name).exists():
            yield f"there is no {name}"


def read_by_people() -> Iterator[Source]:
    return (
        source for source in kept_files() if source.name.endswith((".md", ".py", ".sql")) and "architecture" not in source.name
    )


def test_every_change_runs_make_check_and_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "set ", "cd "))] == ["make check", "make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_help_lists_what_people_can_make() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z]+)", said)) == TARGETS - {"assets", "style", "shape"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_its_scripts_are_plain_shell(name: str) -> None:
    """A fresh machine has no bash for certain."""
    assert (ROOT / name).read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", ROOT / name], check=True)


def test_one_script_alone_installs_packages_of_the_system() -> None:
    installs = [source.name for source in kept_files() if re.search(r"apt-get.* install -", source.text)]
    assert [name for name in installs if "architecture" not in name] == ["bin/debian-packages"]


def test_documents_and_code_name_what_is_there() -> None:
    assert faults(tells_to_make_nothing, read_by_people()) == []
    assert faults(names_no_document, read_by_people()) == []


def test_it_sees() -> None:
    assert list(tells_to_make_nothing(Source("README.md", "Run `make magic`.")))
    assert list(names_no_document(Source("README.md", "Read docs/nothing/here.md.")))
    assert not list(tells_to_make_nothing(Source("README.md", "We make nothing. Run `make setup`.")))
    assert not list(names_no_document(Source("README.md", "Read docs/house.md.")))
