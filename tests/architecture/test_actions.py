"""An action is `verb_noun(page, *, ..., by, at, command)` under @action, and a feature's actions offer nothing else."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction
from types import ModuleType

import pytest

from tests.architecture.source import FEATURES, Source, faults, modules

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
        return
    if not VERB_NOUN.fullmatch(function.name):
        yield f"{function.name} is no verb_noun"
    if [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]] != ["page"]:
        yield f"{function.name} takes more than its page by position"
    if [argument.arg for argument in arguments.kwonlyargs][-3:] != LAST:
        yield f"{function.name} does not end by, at, command"
    if not ast.get_docstring(function):
        yield f"{function.name} does not say what it does and when it refuses"


def offers_more(module: ModuleType) -> Iterator[str]:
    """Public functions of `actions` that are no action. Inside a package its modules share what they like."""
    for name, value in vars(module).items():
        ours = isfunction(value) and value.__module__.startswith(module.__name__) and not name.startswith("_")
        if ours and not getattr(value, "is_action", False):
            yield f"{module.__name__}.{name}"


def test_our_actions_have_one_shape() -> None:
    assert faults(misshapen, modules()) == []


def test_our_features_offer_actions_and_nothing_else() -> None:
    there = [name for name in sorted(FEATURES) if find_spec(f"lamplit.{name}") and find_spec(f"lamplit.{name}.actions")]
    assert [more for name in there for more in offers_more(import_module(f"lamplit.{name}.actions"))] == []


def test_it_sees_one_that_offers_more() -> None:
    module = ModuleType("lamplit.repairs.actions")
    exec("def find_repair(): ...\ndef _find(): ...\ndef mend(): ...\nmend.is_action = True", vars(module))  # noqa: S102 - a made-up module
    assert list(offers_more(module)) == ["lamplit.repairs.actions.find_repair"]


@pytest.mark.parametrize(
    "text",
    [
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
