"""All that the rules of repairs read, loaded together so that they agree: the rule book."""

from dataclasses import dataclass
from functools import cache

from lamplit.basics.dated import DatedValues
from lamplit.repairs.rules.catalogue import Catalogue, load_catalogue
from lamplit.repairs.rules.diagnosis import Tree
from lamplit.repairs.rules.law import data, policy
from lamplit.repairs.rules.tree_file import load_tree
from lamplit.repairs.rules.triage_rules import TriageRules, load_triage_rules


@dataclass(frozen=True)
class RuleBook:
    """The catalogue, the triage table, the questions and the landlord's figures of one edition."""

    catalogue: Catalogue
    table: TriageRules
    tree: Tree
    figures: DatedValues


def load_book(
    *, tree: str | None = None, faults: str | None = None, needs: str | None = None, advice: str | None = None,
    rules: str | None = None, figures: DatedValues | None = None,
) -> RuleBook:  # fmt: skip
    """Load a landlord's own texts in place of the shipped ones. LineError names the first line that is wrong."""
    catalogue = load_catalogue(faults or data("faults.yaml"), needs or data("needs.yaml"), advice or data("advice.yaml"))
    table = load_triage_rules(rules or data("triage.yaml"), catalogue)
    return RuleBook(catalogue, table, load_tree(tree or data("tree.yaml"), catalogue, table), figures or policy())


@cache
def rule_book() -> RuleBook:
    """The rule book as shipped."""
    return load_book()


def advice_words(codes: tuple[str, ...], phone: str, book: RuleBook | None = None) -> list[dict[str, object]]:
    """Return advice ready to show, in order: title, danger, steps, ring; with the landlord's number filled in."""
    known = (book or rule_book()).catalogue.advice
    return [
        {
            "title": known[code].title,
            "danger": known[code].danger,
            "steps": [step.replace("{phone}", phone) for step in known[code].steps],
            "ring": [line.replace("{phone}", phone) for line in known[code].ring],
        }
        for code in codes
    ]
