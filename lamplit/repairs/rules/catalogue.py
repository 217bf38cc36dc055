"""What can be wrong, who may live there, what we advise and what work is wanted: read from the landlord's files.

Each file names its `edition`. A mistake in any of them is a LineError that names the file and the line.
"""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, TypeVar

from lamplit.basics.lines import LineError
from lamplit.basics.marked import Marked, compose
from lamplit.basics.plain import Plain
from lamplit.repairs.rules.clocks import HAZARD_CLASSES, PRIORITIES, HazardClass, Priority
from lamplit.repairs.rules.law import hazards
from lamplit.repairs.rules.right_to_repair import defects

T = TypeVar("T", bound=str)

WorkKind = Literal["make_safe", "investigate", "repair"]
WORK_KINDS: tuple[WorkKind, ...] = ("make_safe", "investigate", "repair")
EVIDENCE = ("photo", "cause", "test_or_isolation", "gas_record", "reading", "note", "report")


class Advice(Plain, frozen=True, kw_only=True):
    """What to do at once. `danger` stands above everything on the page; `ring` says whom to ring."""

    code: str
    danger: bool
    title: str
    steps: tuple[str, ...]
    ring: tuple[str, ...]


class WorkWanted(Plain, frozen=True, kw_only=True):
    """A piece of work that a fault calls for, and the evidence without which it is not done."""

    code: str
    trade: str
    what: str
    kind: WorkKind
    evidence: tuple[str, ...]


class Fault(Plain, frozen=True, kw_only=True):
    """What may be wrong, as the catalogue has it. `priority` is the least it can have."""

    code: str
    name: str
    group: str
    priority: Priority
    works: tuple[str, ...]
    hazard: str | None = None
    hazard_class: HazardClass = "none"
    harms: tuple[str, ...] = ()
    right_to_repair: str | None = None
    advice: tuple[str, ...] = ()


class Need(Plain, frozen=True, kw_only=True):
    """Something about a household that changes what we do. `label` is for the tenant, `changes` says what, in words."""

    code: str
    label: str
    changes: str
    visit: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Everything the tree and the triage rules refer to by code."""

    edition: str
    advice: dict[str, Advice]
    works: dict[str, WorkWanted]
    groups: dict[str, str]
    faults: dict[str, Fault]
    needs: dict[str, Need]
    visit: dict[str, str]

    @property
    def harms(self) -> set[str]:
        """Every harm that some fault names."""
        return {harm for fault in self.faults.values() for harm in fault.harms}


def load_catalogue(faults: str, needs: str, advice: str) -> Catalogue:
    """Read the three files. LineError names the first line that is wrong."""
    book = _advice(compose(advice, "advice.yaml"))
    needs_top = compose(needs, "needs.yaml").fields(("edition", "visit", "needs"))
    visit = {code: place.text() for code, place in needs_top["visit"].items()}
    top = compose(faults, "faults.yaml").fields(("edition", "works", "groups", "faults"))
    works = {code: _work(code, place) for code, place in top["works"].items()}
    groups = {code: place.text() for code, place in top["groups"].items()}
    return Catalogue(
        edition=top["edition"].text(),
        advice=book,
        works=works,
        groups=groups,
        faults={code: _fault(code, place, groups, works, book) for code, place in top["faults"].items()},
        needs={code: _need(code, place, visit) for code, place in needs_top["needs"].items()},
        visit=visit,
    )


def _advice(top: Marked) -> dict[str, Advice]:
    places = top.fields(("edition", "advice"))["advice"].items()
    return {code: _one_advice(code, place) for code, place in places}


def _one_advice(code: str, place: Marked) -> Advice:
    fields = place.fields(("danger", "title", "steps", "ring"))
    return Advice(
        code=code,
        danger=fields["danger"].flag(),
        title=fields["title"].text(),
        steps=fields["steps"].texts(),
        ring=fields["ring"].texts(),
    )


def _work(code: str, place: Marked) -> WorkWanted:
    fields = place.fields(("trade", "what", "kind", "evidence"))
    evidence = known_codes(fields["evidence"], EVIDENCE, "evidence")
    if not evidence:
        raise fields["evidence"].wrong(f"{code}: say which evidence shows that it is done")
    return WorkWanted(
        code=code,
        trade=fields["trade"].text(),
        what=fields["what"].text(),
        kind=one_of(fields["kind"], WORK_KINDS),
        evidence=evidence,
    )


def _fault(code: str, place: Marked, groups: dict[str, str], works: dict[str, WorkWanted], advice: dict[str, Advice]) -> Fault:
    fields = place.fields(
        ("name", "group", "priority", "works"), ("hazard", "hazard_class", "harms", "right_to_repair", "advice")
    )
    if ("hazard" in fields) != ("hazard_class" in fields):
        raise place.wrong(f"{code}: hazard and hazard_class stand together or not at all")
    wanted = known_codes(fields["works"], works, "work")
    if not wanted:
        raise fields["works"].wrong(f"{code}: a fault without work would be a dead end")
    return Fault(
        code=code,
        name=fields["name"].text(),
        group=one_of(fields["group"], tuple(groups)),
        priority=one_of(fields["priority"], PRIORITIES),
        works=wanted,
        hazard=one_of(fields["hazard"], tuple(hazards())) if "hazard" in fields else None,
        hazard_class=one_of(fields["hazard_class"], HAZARD_CLASSES) if "hazard_class" in fields else "none",
        harms=fields["harms"].texts() if "harms" in fields else (),
        right_to_repair=one_of(fields["right_to_repair"], tuple(defects())) if "right_to_repair" in fields else None,
        advice=known_codes(fields["advice"], advice, "advice") if "advice" in fields else (),
    )


def _need(code: str, place: Marked, visit: dict[str, str]) -> Need:
    fields = place.fields(("label", "changes"), ("visit",))
    return Need(
        code=code,
        label=fields["label"].text(),
        changes=fields["changes"].text(),
        visit=known_codes(fields["visit"], visit, "visit") if "visit" in fields else (),
    )


def one_of(place: Marked, known: tuple[T, ...]) -> T:
    """Read one code of a known list, or refuse it and say which there are."""
    value = place.text()
    for code in known:
        if code == value:
            return code
    raise unknown(place, value, known)


def known_codes(place: Marked, known: Collection[str], what: str) -> tuple[str, ...]:
    """Read a list of codes, each of which must be known."""
    texts = place.texts()
    for code, where in zip(texts, place.listed(), strict=True):
        if code not in known:
            raise unknown(where, code, known, what)
    return texts


def unknown(place: Marked, value: str, known: Collection[str], what: str = "code") -> LineError:
    """Return (not raise) the refusal of a code that is not known, with the nearest one that is."""
    near = get_close_matches(value, list(known), 1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(known))}"
    return place.wrong(f"{value} is no known {what}{hint}")
