"""An action is `verb_noun(page, *, ..., by, at, command)` under @action, and an actions module offers nothing else."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, faults, modules

VERB_NOUN = re.compile(r"[a-z]+(_[a-z0-9]+)+")
LAST = ["by", "at", "command"]


def misshapen(source: Source) -> Iterator[str]:
    if source.feature is None or source.is_test or source.parts[2] != "actions":
        return
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield from _against(node)


def _against(function: ast.FunctionDef) -> Iterator[str]:
    arguments = function.args
    if not any(isinstance(mark, ast.Name) and mark.id == "action" for mark in function.decorator_list):
        yield f"{function.name} is public and no @action"
        return
    if not VERB_NOUN.fullmatch(function.name):
        yield f"{function.name} is no verb_noun"
    if [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]] != ["page"]:
        yield f"{function.name} takes more than its page by position"
    if [argument.arg for argument in arguments.kwonlyargs][-3:] != LAST:
        yield f"{function.name} does not end by, at, command"
    if not ast.get_docstring(function):
        yield f"{function.name} does not say what it does and when it refuses"


def test_our_actions() -> None:
    assert faults(misshapen, modules()) == []


@pytest.mark.parametrize(
    "text",
    [
        "def report_repair(page, *, by, at, command): 'Doc.'",
        "@action\ndef report(page, *, by, at, command): 'Doc.'",
        "@action\ndef report_repair(page, home, *, by, at, command): 'Doc.'",
        "@action\ndef report_repair(page, *, home, by, at): 'Doc.'",
        "@action\ndef report_repair(page, *, by, at, command, home): 'Doc.'",
        "@action\ndef report_repair(page, *, by, at, command): ...",
    ],
)
@pytest.mark.parametrize("name", ["lamplit/repairs/actions.py", "lamplit/repairs/actions/visits.py"])
def test_it_sees(name: str, text: str) -> None:
    assert list(misshapen(Source(name, text)))


def test_it_lets_the_rest_pass() -> None:
    text = "def _find(page): ...\n@action\ndef report_repair(page, *, home, by, at, command): 'Doc.'"
    assert list(misshapen(Source("lamplit/repairs/actions.py", text))) == []
