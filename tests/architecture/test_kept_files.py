"""What the project keeps runs anywhere, is finished, and speaks of Lamplit only."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, faults, kept_files

THIS = Path(__file__).relative_to(ROOT).as_posix()  # names what it looks for
Rule = Callable[[Source], Iterator[str]]

# Words that no file may hold are spelt in halves, so that this one does not either.
HOSTS = re.compile(r"\b(py·pi|python·hosted|np·mjs|registry\.np·mjs)\.(org|com)\b".replace("·", ""))
PATHS = re.compile(r"(?<![\w.])/(root|work|Users|home/[a-z]\w*)/(?=[\w.])(?!orders\b)")
UNFINISHED = re.compile(r"\b(TO·DO|FIX·ME|XX·X|NotImplemented·Error)\b|mark\.(sk·ip|x·fail)\b|pytest\.sk·ip\(".replace("·", ""))
MAKERS = re.compile(r"\b(cl·aude|anth·ropic|open·ai|chat·gpt|copi·lot|ll·m)\b".replace("·", ""), re.IGNORECASE)
PRAISE = re.compile(r"\bsuccess·fully\b".replace("·", ""), re.IGNORECASE)
HOUSE = (".ci/", "bin/", "lamplit/", "tests/", "docs/", "conftest.py", "Makefile", "pyproject.toml", "README.md")


def tied_to_a_machine(source: Source) -> Iterator[str]:
    for found in [*HOSTS.finditer(source.text), *PATHS.finditer(source.text)]:
        yield f"{found[0]!r} ties it to a machine or a registry"
    for here in {str(ROOT), str(Path.home())}:
        if here.count("/") > 1 and f"{here}/" in source.text:
            yield f"{here} is a folder of this machine"


def unfinished(source: Source) -> Iterator[str]:
    if source.name.startswith(("lamplit/", "tests/", "bin/")):
        for found in UNFINISHED.finditer(source.text):
            yield f"{found[0]!r} says that it is not done"


def speaks_of_others(source: Source) -> Iterator[str]:
    for found in [*MAKERS.finditer(source.text), *PRAISE.finditer(source.text)]:
        yield f"{found[0]!r} is no word of this project"


RULES: list[Rule] = [tied_to_a_machine, unfinished, speaks_of_others]


def ours() -> Iterator[Source]:
    return (source for source in kept_files() if source.name.startswith(HOUSE) and source.name != THIS)


@pytest.mark.parametrize("rule", RULES)
def test_our_files(rule: Rule) -> None:
    assert faults(rule, ours()) == []


def names_where_from(source: Source) -> Iterator[str]:
    """Hashes hold what is fetched; from where is for each machine to say."""
    for found in re.finditer(r"(https?|file)://\S+|--(extra-)?index-url|--find-links", source.text):
        if not source.name.endswith(".json") or '"resolved"' in source.text:
            yield found[0]


def test_the_lists_of_what_is_fetched_name_no_host() -> None:
    names = {"requirements.lock", "requirements.in", "requirements-dev.in", "package-lock.json"}
    assert faults(names_where_from, (source for source in kept_files() if source.name in names)) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (tied_to_a_machine, "https://py·pi.org/simple"),
        (tied_to_a_machine, "registry.np·mjs.org"),
        (tied_to_a_machine, "cd /ro·ot/lamplit"),
        (tied_to_a_machine, "/ho·me/ann/lamplit"),
        (tied_to_a_machine, f"{ROOT}/var"),
        (unfinished, "# TO·DO: later"),
        (unfinished, "raise NotImplemented·Error"),
        (unfinished, "@pytest.mark.sk·ip"),
        (speaks_of_others, "Saved success·fully"),
        (speaks_of_others, "written by Cl·aude"),
        (names_where_from, "--extra-index-url x"),
        (names_where_from, "uv @ https://example.org/uv.whl"),
    ],
)
def test_it_sees(rule: Rule, text: str) -> None:
    assert list(rule(Source("lamplit/portal/repairs.py", text.replace("·", ""))))


def test_it_lets_the_rest_pass() -> None:
    text = "GET /jobs/orders /home /homes/h_1 https://example.org ../root pytest.mark.slow"
    assert [fault for rule in RULES for fault in rule(Source("lamplit/portal/repairs.py", text))] == []
