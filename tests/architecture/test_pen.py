"""Facts are the only pen: a feature never writes its tables itself. The record does, from a fold."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, faults, modules

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
    "acreate",
    "adelete",
    "asave",
    "aupdate",
}


def writes_a_table(source: Source) -> Iterator[str]:
    if source.feature is None or source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _of_rows(node.func):
            yield f"line {node.lineno} calls {ast.unparse(node.func)}()"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql_write(node.value):
            yield f"line {node.lineno} writes SQL"


def _of_rows(function: ast.expr) -> bool:
    """Whether a query set or a row is written: anything that came from `.objects`, and every save() and delete()."""
    if not isinstance(function, ast.Attribute) or function.attr not in WRITES:
        return False
    from_objects = any(isinstance(node, ast.Attribute) and node.attr == "objects" for node in ast.walk(function))
    return from_objects or function.attr in {"save", "delete", "asave", "adelete"}


def _is_sql_write(text: str) -> bool:
    return bool(re.search(r"\b(INSERT\s+INTO|DELETE\s+FROM)\b|^\s*UPDATE\s+[\w.\"]+\s+SET\b", text, re.IGNORECASE))


def test_our_features() -> None:
    assert faults(writes_a_table, modules()) == []


@pytest.mark.parametrize(
    "text",
    [
        "row.save()",
        "Repair.objects.create(id='r_1')",
        "Repair.objects.filter(id='r_1').update(status='closed')",
        "Repair.objects.filter(id='r_1').delete()",
        "cursor.execute('UPDATE repair SET status = 1')",
        "cursor.execute('insert into repair values (1)')",
    ],
)
@pytest.mark.parametrize("name", ["lamplit/repairs/actions.py", "lamplit/people/queries.py"])
def test_it_sees(name: str, text: str) -> None:
    assert list(writes_a_table(Source(name, text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lamplit/repairs/queries.py", "found.update({'a': 1})"),
        ("lamplit/repairs/queries.py", "say = 'Update the person, then set a date'"),
        ("lamplit/portal/models.py", "session.save()"),
    ],
)
def test_it_lets_the_rest_pass(name: str, text: str) -> None:
    assert list(writes_a_table(Source(name, text))) == []
