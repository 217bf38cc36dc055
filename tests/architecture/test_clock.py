"""Nobody below a door looks at a clock: time comes in as `at`. The record alone stamps when it wrote."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, dotted, faults, modules

READS = {"now", "utcnow", "today", "localdate", "time_ns"}


def looks_at_a_clock(source: Source) -> Iterator[str]:
    below = source.feature is not None or source.parts[1] == "basics"
    if not below or source.is_test or source.name == "lamplit/basics/clock.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and any(name.name in READS for name in node.names):
            yield f"line {node.lineno} imports a clock from {node.module}"
        if isinstance(node, ast.Call) and (dotted(node.func).rpartition(".")[2] in READS or dotted(node.func) == "time.time"):
            yield f"line {node.lineno} asks {dotted(node.func)}()"


def test_our_code() -> None:
    assert faults(looks_at_a_clock, modules()) == []


@pytest.mark.parametrize("name", ["lamplit/repairs/rules/clocks.py", "lamplit/people/fold.py", "lamplit/basics/working_days.py"])
@pytest.mark.parametrize(
    "text",
    [
        "from lamplit.basics.clock import now",
        "from lamplit.basics import clock\nclock.now()",
        "import datetime\ndatetime.date.today()",
        "import time\ntime.time()",
    ],
)
def test_it_sees(name: str, text: str) -> None:
    assert list(looks_at_a_clock(Source(name, text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lamplit/repairs/rules.py", "from lamplit.basics.clock import LONDON"),
        ("lamplit/portal/repairs.py", "from lamplit.basics import clock\nclock.now()"),
        ("lamplit/record/page.py", "from lamplit.basics.clock import now"),
    ],
)
def test_it_lets_the_rest_pass(name: str, text: str) -> None:
    assert list(looks_at_a_clock(Source(name, text))) == []
