"""Everything that a tenant or staff may read can be said in another language, and the catalogues hold it whole and unbroken."""

import ast
import re
import runpy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from babel.messages import Catalog
from jinja2 import Environment, nodes

from tests.architecture.source import ROOT

CATALOGUES = runpy.run_path(str(ROOT / "bin" / "catalogues.py"))
OTHERS = {"kit_gallery.html", "demo_outbox.html"}  # of the demo
SAYS = {"_", "gettext", "ngettext", "pgettext", "counted"}
NO_WORDS = re.compile(r"_class$|^home_path$")  # blocks that fill in an attribute
ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-heading)="[^"\0]*[A-Za-z]{2}[^"]*"')
A_SENTENCE = re.compile(r"^[A-Z][a-z]+|[a-z]+ [a-z]+")
NO_SENTENCE = re.compile(r"^[/?#]|govuk|lamp-|^[a-z_]+\.html|/[a-z_]+\.html|^PDF$")


@cache
def everything() -> Any:
    return CATALOGUES["template"]()


@cache
def everything_of_staff() -> Any:
    return CATALOGUES["template"]("desk")


def templates() -> list[str]:
    patterns = [*CATALOGUES["TEMPLATES"], *CATALOGUES["STAFF_TEMPLATES"]]
    found = {path.relative_to(ROOT) for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path.as_posix() for path in found if path.name not in OTHERS)


def unmarked(source: str) -> Iterator[str]:
    """Yield the words of a template that no catalogue can hold."""
    env = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    tree = env.parse(source)
    said = {id(part) for call in tree.find_all(nodes.Call) if _name(call) in SAYS for part in call.find_all(nodes.Const)}
    text = "".join(_flat(tree))
    yield from ATTRIBUTES.findall(text)
    yield from re.findall(r"[A-Za-z]{2}[^\0]*", re.sub(r"<code>[^<]*</code>|<[^>]*>|&\w+;", "\0", text))
    for const in tree.find_all(nodes.Const):
        words = const.value if isinstance(const.value, str) and id(const) not in said else ""
        if A_SENTENCE.search(words) and not NO_SENTENCE.search(words):
            yield words


def _name(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


def _flat(tree: nodes.Node) -> Iterator[str]:
    """Yield the text of a template in order, with a NUL wherever something is filled in."""
    for part in tree.iter_child_nodes():
        if isinstance(part, nodes.TemplateData):
            yield part.data
        elif isinstance(part, nodes.Expr):
            yield "\0"
        elif not (isinstance(part, nodes.Block) and NO_WORDS.search(part.name)):
            yield from _flat(part)


@pytest.mark.parametrize("name", templates())
def test_a_template_has_no_words_that_cannot_be_translated(name):
    assert list(unmarked((ROOT / name).read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Ring us</p>", '<nav aria-label="Way back">{{ x }}</nav>', '{{ say.lead("It takes two minutes") }}',
        '{{ "Add another" if photo else _("Add a photo") }}', "<p>{{ _('Ring') }} us now</p>", '{% set title = "Who are you?" %}',
    ],
)  # fmt: skip
def test_it_sees_words_that_are_not_marked(source):
    assert list(unmarked(source))


def test_it_lets_the_rest_pass():
    source = (
        '{% extends "layouts/portal.html" %}<p class="govuk-body">{{ _("Ring us on") }} {% trans phone=phone() %}or {{ phone }}'
        '{% endtrans %}</p><a href="/report" class="govuk-link">{{ text }}</a>{{ f.button(_("Send"), kind="second") }}&nbsp;'
    )
    assert list(unmarked(source)) == []


def test_every_catalogue_holds_what_is_said_and_nothing_else():
    wanted = everything()
    found = CATALOGUES["files"]()
    assert [path.parent.parent.name for path in found] == ["cy", "pl"]
    assert [fault for path in found for fault in CATALOGUES["faults_of"](path, wanted, CATALOGUES["read"](path))] == []


def test_the_catalogues_of_staff_hold_what_only_staff_read():
    wanted = everything_of_staff()
    found = CATALOGUES["files"]("desk")
    assert [path.parent.parent.name for path in found] == ["cy", "pl"]
    assert [fault for path in found for fault in CATALOGUES["faults_of"](path, wanted, CATALOGUES["read"](path))] == []
    assert wanted.get("Search") is not None
    assert not {one.id for one in wanted if one.id} & {one.id for one in everything() if one.id}


def test_every_question_answer_advice_and_need_is_gathered_for_translation():
    said = everything()
    tap = "The stopcock is often under the kitchen sink. Turn it clockwise to stop the water."
    fire = "Get everyone out. Leave your things behind."
    for words in ("I can smell gas", tap, fire, "A baby under 1", "3 working days", "Damp or mould"):
        assert said.get(words) is not None, words
        assert CATALOGUES["in_journey"](said.get(words)), words


@pytest.mark.parametrize(
    ("words", "said", "fault"),
    [
        ("Ring 999 now", "Zadzwoń pod 998", "its numbers"),
        ("Ring us on {phone}.", "Zadzwoń.", "what is filled in"),
        ("Before %(day)s", "Przed %(dzien)s", "what is filled in"),
        ('<a href="/x">Go</a>', "Idź", "its tags"),
        ("<p>Go</p>", "<p>Idź</p>", "no blocks"),
    ],
)
def test_it_sees_a_translation_that_lost_something(words, said, fault):
    catalogue = Catalog(locale="pl")
    message = catalogue.add(words, said)
    assert any(fault in one for one in CATALOGUES["broken"](message))


def test_it_sees_what_is_missing_left_over_or_empty_on_the_way_of_a_report():
    path = CATALOGUES["files"]()[0]
    wanted, found = Catalog(), Catalog(locale="cy")
    _add(wanted, "Continue", "lamplit/portal/report_forms.py")
    _add(wanted, "Yes", "lamplit/repairs/data/tree.yaml", note="option.a.yes")
    _add(wanted, "Your data", "lamplit/portal/data.py")
    _add(found, "Continue", "x")
    _add(found, "Old words", "x", said="Hen")
    _add(found, "Your data", "x")
    found.add("Yes", "Ydy", context="option.a.yes")
    found.add("Yes", "Ydy", context="option.b.yes")
    wrong = "\n".join(CATALOGUES["faults_of"](path, wanted, found))
    assert wrong.count("\n") == 3, wrong
    assert "'Yes' is not in it yet" in wrong
    assert "'Old words' is said nowhere any more" in wrong
    assert "'Yes' is said nowhere any more" in wrong  # under option.b, which there is not
    assert "'Continue' is not translated" in wrong


def _add(catalogue: Any, words: str, where: str, said: str = "", note: str = "") -> None:
    catalogue.add(words, said or None, [(where, None)], auto_comments=[note] if note else [])


def test_a_number_that_nobody_translated_is_not_compiled_as_if_it_were():
    """Babel writes our own forms for it, and another language counts them otherwise: "4 time"."""
    found = Catalog(locale="cy")
    found.add(("%(count)s time", "%(count)s times"), ("",) * found.num_plurals)
    found.add(("%(count)s day", "%(count)s days"), ("%(count)s diwrnod",) * found.num_plurals)
    assert [one.id[0] for one in CATALOGUES["_said"](found) if one.id] == ["%(count)s day"]


def test_what_a_sentence_fills_in_is_given():
    wrong = []
    for path in sorted((ROOT / "lamplit").rglob("*.py")):
        for part in ast.walk(ast.parse(path.read_text())):
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod) and isinstance(part.right, ast.Dict):
                given = {key.value for key in part.right.keys if isinstance(key, ast.Constant)}
                said = [one.value for one in ast.walk(part.left) if isinstance(one, ast.Constant)]
                wrong += [f"{path}: {one}" for one in said if not set(re.findall(r"%\((\w+)\)", str(one))) <= given]
    assert wrong == []
