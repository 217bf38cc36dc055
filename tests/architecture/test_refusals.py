"""Every refusal has words, and every word has a refusal."""

import ast
from collections.abc import Iterator

from lamplit.config.refusals import WORDS
from tests.architecture.source import Source, dotted, faults, modules


def codes(source: Source) -> Iterator[str]:
    """The codes that a module refuses with."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Refused" and node.args:
            code = node.args[0]
            yield (
                code.value
                if isinstance(code, ast.Constant) and isinstance(code.value, str)
                else f"line {node.lineno}: spelt out nowhere"
            )


def without_words(source: Source) -> Iterator[str]:
    if not source.is_test:
        yield from (code for code in codes(source) if code not in WORDS)


def test_every_refusal_has_words_for_the_tenant_and_for_staff() -> None:
    assert faults(without_words, modules()) == []
    assert [code for code, words in WORDS.items() if len(words) != 2 or not all(words)] == []


def test_no_words_wait_for_a_refusal_that_nobody_gives() -> None:
    given = {code for source in modules() if not source.is_test for code in codes(source)}
    assert set(WORDS) - given == set()


def test_it_sees() -> None:
    text = "raise Refused('repairs.never_heard_of_it')\nraise Refused(code)"
    assert len(list(without_words(Source("lamplit/repairs/rules.py", text)))) == 2
