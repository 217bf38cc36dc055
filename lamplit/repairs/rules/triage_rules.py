"""The table of triage rules: named conditions in order, and what each rule does. Read from triage.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from lamplit.basics.marked import Marked, compose
from lamplit.basics.plain import Plain
from lamplit.repairs.rules.catalogue import Catalogue, known_codes, one_of
from lamplit.repairs.rules.clocks import HAZARD_CLASSES, PRIORITIES, HazardClass, Priority, higher, rank
from lamplit.repairs.rules.law import hazards

Condition = Literal["flags", "faults", "groups", "harms", "needs", "season", "repeats"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
SEASONS = ("winter", "summer")
REPEATS = ("again", "review", "survey")

# Whatever a landlord's file says, these never come out below emergency. Loading a table that would let one is refused.
DANGERS = ("gas_smell", "water_near_electrics", "no_lock", "structural", "no_water", "only_toilet")


class TriageRule(Plain, frozen=True, kw_only=True):
    """One rule. It fires when each of `when` holds (any one code of it is enough). `id` is stable, `words` read as a rule."""

    id: str
    words: str
    citation: str
    when: dict[Condition, tuple[str, ...]]
    floor: Priority | None = None
    hazard: str | None = None
    hazard_class: HazardClass = "none"
    works: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    review: bool = False


@dataclass(frozen=True)
class TriageRules:
    """The table as loaded. `flags` names in words every flag that an answer may raise."""

    edition: str
    flags: dict[str, str]
    rules: tuple[TriageRule, ...]

    def floor_of(self, flag: str) -> Priority:
        """Return the least priority that a flag alone brings, whatever else is so."""
        floor = PRIORITIES[0]
        for rule in self.rules:
            if rule.floor is not None and set(rule.when) == {"flags"} and flag in rule.when["flags"]:
                floor = higher(floor, rule.floor)
        return floor

    def naming(self, need: str) -> tuple[TriageRule, ...]:
        """Return the rules that look at a need: what it changes."""
        return tuple(rule for rule in self.rules if need in rule.when.get("needs", ()))


def load_triage_rules(text: str, catalogue: Catalogue) -> TriageRules:
    """Read the table. LineError names the first line that is wrong, or the danger that no rule keeps at emergency."""
    top = compose(text, "triage.yaml")
    fields = top.fields(("edition", "flags", "rules"))
    flags = {code: place.text() for code, place in fields["flags"].items()}
    known: Mapping[Condition, tuple[str, ...]] = {
        "flags": tuple(flags),
        "faults": tuple(catalogue.faults),
        "groups": tuple(catalogue.groups),
        "harms": tuple(sorted(catalogue.harms)),
        "needs": tuple(catalogue.needs),
        "season": SEASONS,
        "repeats": REPEATS,
    }
    rules: list[TriageRule] = []
    for place in fields["rules"].listed():
        rule = _rule(place, known, catalogue)
        if any(rule.id == other.id for other in rules):
            raise place.wrong(f"rule {rule.id} stands here twice")
        rules.append(rule)
    table = TriageRules(fields["edition"].text(), flags, tuple(rules))
    for danger in DANGERS:
        if rank(table.floor_of(danger)) < rank("emergency"):
            raise fields["rules"].wrong(f"{danger} must never be below emergency; write a rule with only this flag")
    return table


def _rule(place: Marked, known: Mapping[Condition, tuple[str, ...]], catalogue: Catalogue) -> TriageRule:
    effects = ("floor", "hazard", "hazard_class", "works", "advice", "review")
    fields = place.fields(("id", "words", "citation"), (*CONDITIONS, *effects))
    when = {name: known_codes(fields[name], known[name], name) for name in CONDITIONS if name in fields}
    ident = fields["id"].text()
    if not all(when.values()) or not when:
        raise place.wrong(f"rule {ident}: write at least one condition, and no empty one")
    if ("hazard" in fields) != ("hazard_class" in fields):
        raise place.wrong(f"rule {ident}: hazard and hazard_class stand together or not at all")
    return TriageRule(
        id=ident,
        words=fields["words"].text(),
        citation=fields["citation"].text(),
        when=when,
        floor=one_of(fields["floor"], PRIORITIES) if "floor" in fields else None,
        hazard=one_of(fields["hazard"], tuple(hazards())) if "hazard" in fields else None,
        hazard_class=one_of(fields["hazard_class"], HAZARD_CLASSES) if "hazard_class" in fields else "none",
        works=known_codes(fields["works"], catalogue.works, "work") if "works" in fields else (),
        advice=known_codes(fields["advice"], catalogue.advice, "advice") if "advice" in fields else (),
        review=fields["review"].flag() if "review" in fields else False,
    )
