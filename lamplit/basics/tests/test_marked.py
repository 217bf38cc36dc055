"""YAML with lines: every mistake names where it stands."""

import pytest

from lamplit.basics.lines import LineError
from lamplit.basics.marked import compose

GOOD = "name: no\nlist:\n  - one\n  - two\nyes: true\n"


def test_it_reads_words_as_they_stand() -> None:
    fields = compose(GOOD, "tree.yaml").fields(("name", "list", "yes"))
    assert fields["name"].text() == "no"
    assert fields["list"].texts() == ("one", "two")
    assert fields["yes"].flag() is True
    assert fields["list"].listed()[1].line == 4


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the file is empty"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "expected"),
        ("a: &x 1\nb: *x\n", 1, "not used here"),
        ("name: 1\n\x00", 2, "cannot be read"),
        ("name: a\nname: b\n", 2, "name stands here twice"),
        ("name: a\nother: b\n", 2, "other is no field here"),
        ("other: b\n", 1, "other is no field here"),
        ("# just this\nname:\n", 2, "this is empty"),
        ("name: [a]\n", 1, "one piece of text"),
        ("- a\n", 1, "`name: value` lines"),
    ],
)
def test_it_names_the_line(text: str, line: int, what: str) -> None:
    with pytest.raises(LineError) as caught:
        compose(text, "tree.yaml").fields(("name",))["name"].text()
    assert (caught.value.source, caught.value.line) == ("tree.yaml", line)
    assert what in caught.value.what


def test_it_refuses_a_list_for_a_text_and_a_text_twice_in_a_list() -> None:
    with pytest.raises(LineError, match=r"t:1: write a list here"):
        compose("name", "t").texts()
    with pytest.raises(LineError, match=r"t:2: a stands here twice"):
        compose("- a\n- a\n", "t").texts()
    with pytest.raises(LineError, match=r"t:1: write true or false, not yes"):
        compose("yes", "t").flag()
