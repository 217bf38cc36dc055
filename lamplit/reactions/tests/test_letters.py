"""The words that people get: plain, whole, and never a link or a number to pay to."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

from lamplit import reactions
from lamplit.basics.fact import REGISTRY
from lamplit.messages import rules
from lamplit.reactions.letters import templates, write
from lamplit.reactions.table import REACTIONS
from tests.cast import AT

FOLDER = Path(reactions.__file__).parent
TEMPLATES = sorted(name.removesuffix(".txt") for name in templates().list_templates() if not name.startswith("_"))
TOMORROW = AT + timedelta(days=1)
VALUES = {
    "reference": "M-7KDQ-42XR", "due_at": TOMORROW, "from_at": TOMORROW, "until_at": TOMORROW + timedelta(hours=4),
    "arrived_at": AT, "changed_at": AT, "call_on": TOMORROW.date(), "acknowledge_by_on": TOMORROW.date(),
    "respond_by_on": TOMORROW.date(), "about": "report M-7KDQ-42XR", "staff": "Priya Nair", "ring": 2, "what": "mobile number",
    "tried": ["We knocked.", "We rang you."], "attempt": 1,
}  # fmt: skip
TURNS = [
    {"emergency": yes, "lead": yes, "joined": yes, "moved": yes, "ours": yes, "unsaid": yes, "how": how, "channel": channel}
    for yes in (True, False)
    for how, channel in (("confirmed", "text"), ("not_confirmed", "email"), ("not_ours", "post"))
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("turn", TURNS)
def test_every_letter_reads_plainly_in_every_turn(template: str, turn: dict[str, object]) -> None:
    subject, body = write(template, AT, **VALUES, **turn)
    rules.check_body(subject, body)
    assert "Call us on 0" in body
    for sentence in re.split(r"[.?!:]\s|\n", f"{subject}\n{body}"):
        assert len(sentence.split()) <= 25, sentence
    assert not re.search(r"successful|please note|kindly|\n\n\n|  ", body, re.IGNORECASE)


@pytest.mark.parametrize("template", ["repair_received", "repair_reopened"])
def test_whoever_does_not_live_there_reads_no_date(template: str) -> None:
    _, body = write(template, AT, **(VALUES | {"due_at": None}), **(TURNS[0] | {"emergency": False}))
    assert "those who live there" in body
    assert "March" not in body


def test_every_template_is_used_and_every_used_one_is_there() -> None:
    texts = {
        node.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(TEMPLATES) <= texts


def test_a_missing_value_is_an_error_and_no_empty_space() -> None:
    with pytest.raises(Exception, match="reference"):
        write("repair_joined", AT)


def test_every_fact_has_decided_reactions() -> None:
    ours = {cls for cls in REGISTRY.values() if cls.__module__.startswith("lamplit.") and ".tests" not in cls.__module__}
    assert set(REACTIONS) == ours


def test_every_reaction_has_its_own_name() -> None:
    listed = [(f.__module__, f.__name__) for reactions_ in REACTIONS.values() for f in reactions_]
    assert len(listed) == len(set(listed))
