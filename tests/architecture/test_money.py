"""Money is whole pence. A float has no place in a module that counts it."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, faults, modules

COUNTS_MONEY = ("lamplit/basics/money", "lamplit/rent/", "lamplit/exchange/")


def uses_floats(source: Source) -> Iterator[str]:
    if not source.name.startswith(COUNTS_MONEY):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"line {node.lineno}: {node.value}"
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"line {node.lineno}: float"


def test_our_code() -> None:
    assert faults(uses_floats, modules()) == []


@pytest.mark.parametrize("name", ["lamplit/basics/money.py", "lamplit/rent/rules.py", "lamplit/exchange/bacs/file.py"])
@pytest.mark.parametrize("text", ["pounds = 1.5", "def f(x: float): ...", "x = float('1')"])
def test_it_sees(name: str, text: str) -> None:
    assert list(uses_floats(Source(name, text)))


def test_it_lets_the_rest_pass() -> None:
    assert list(uses_floats(Source("lamplit/rent/rules.py", "weekly_pence = 12_345 // 52"))) == []
    assert list(uses_floats(Source("lamplit/record/rebuild.py", "seconds = 0.5"))) == []
