"""Sizes and names: docs/house.md, "Words". A file past its limit is a room that wants a wall."""

import ast
import re
import statistics
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source import Source, faults, functions, modules

FUNCTION_MAX, FILE_MAX, FUNCTION_MEDIAN = 70, 400, 15  # lines
EMPTY_NAMES = {"common", "exceptions", "handler", "handlers", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
EMPTY_ENDINGS = re.compile(r"(Handler|Helper|Manager|Util|Utils|Entity)$")
SILENCED = re.compile(r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* - \w)")


def size_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def too_long(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > FILE_MAX:
        yield f"{lines} lines"
    for function in functions(source.tree):
        if size_of(function) > FUNCTION_MAX:
            yield f"{function.name} has {size_of(function)} lines"


def named_for_nothing(source: Source) -> Iterator[str]:
    for part in source.parts:
        if part in EMPTY_NAMES:
            yield f"{part} says nothing of what it holds"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and EMPTY_ENDINGS.search(node.name):
            yield f"{node.name} says nothing of what it is"


def silenced_without_reason(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if SILENCED.search(line):
            yield f"line {number}: write `noqa: CODE - why`"


Rule = Callable[[Source], Iterator[str]]
RULES: list[Rule] = [too_long, named_for_nothing, silenced_without_reason]


@pytest.mark.parametrize("rule", RULES)
def test_our_code(rule: Rule) -> None:
    assert faults(rule, modules()) == []


def test_most_of_our_functions_are_short() -> None:
    sizes = [size_of(function) for source in modules() for function in functions(source.tree)]
    assert statistics.median(sizes) < FUNCTION_MEDIAN


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (too_long, "lamplit/homes/rules.py", "def f():\n" + "    x = 1\n" * 70),
        (too_long, "lamplit/homes/rules.py", "async def f():\n" + "    x = 1\n" * 70),
        (too_long, "lamplit/homes/rules.py", "x = 1\n" * 401),
        (named_for_nothing, "lamplit/homes/utils.py", ""),
        (named_for_nothing, "lamplit/helpers/homes.py", ""),
        (named_for_nothing, "lamplit/homes/rules.py", "class HomeManager: ..."),
        (silenced_without_reason, "lamplit/homes/rules.py", "x = 1  # noqa"),
        (silenced_without_reason, "lamplit/homes/rules.py", "x = 1  # noqa: E501"),
    ],
)
def test_it_sees(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Source(name, text)))


def test_it_lets_the_rest_pass() -> None:
    text = "def f():\n" + "    x = 1\n" * 69 + "y = 1  # noqa: E501, S101 - a table reads best in one line\n"
    assert [fault for rule in RULES for fault in rule(Source("lamplit/homes/rules.py", text))] == []
