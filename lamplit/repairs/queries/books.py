"""The questions and rules of an edition, as they were loaded into the record."""

from functools import lru_cache

from lamplit.basics.refusal import Refused
from lamplit.record.blobs import read_blob
from lamplit.repairs.queries.lists import tree
from lamplit.repairs.rules.book import RuleBook, load_book, rule_book
from lamplit.repairs.rules.law import data, hazards
from lamplit.repairs.rules.tree_brought import Brought, bring_tree
from lamplit.repairs.rules.tree_file import load_tree


@lru_cache(maxsize=8)
def _book_of(blob: str) -> RuleBook:
    return load_book(tree=read_blob(blob).decode())


def shipped_questions() -> str:
    """Return the text of the questions that come with this release."""
    return data("tree.yaml")


def questions_brought(theirs: str, mapping: str, source: str) -> Brought:
    """Return another system's questions as ours, checked. LineError names the line of the mapping, or of what came of it."""
    brought, book = bring_tree(theirs, mapping, shipped_questions(), source=source), rule_book()
    load_tree(brought.text, book.catalogue, book.table, "what the mapping makes of them")
    return brought


def book_for(edition: str | None) -> RuleBook:
    """Return the rule book with the questions of an edition; the shipped one when none is named.

    Refused: repairs.no_such_edition.
    """
    shipped = rule_book()
    if edition is None or edition == shipped.tree.edition:
        return shipped
    found = tree(edition)
    if found is None:
        raise Refused("repairs.no_such_edition", edition=edition)
    return _book_of(found.blob)


def hazard_named(code: str) -> str:
    """Return the name of a hazard of the Housing Health and Safety Rating System: "Damp and mould" for `damp_mould`."""
    known = hazards().get(code)
    return known.name if known is not None else code.replace("_", " ")
