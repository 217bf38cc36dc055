"""How soon, why, and what work: from what is wrong, who lives there and what was told before.

Every rule that fires is kept with what it saw, as it stood then. Rules and inputs may tell of somebody's health:
they belong under the household's care key, never in the clear.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from lamplit.basics.deadlines import Clock, soonest
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.facts import ClockStarted, HazardKept, TriageKept
from lamplit.repairs.rules.awaab import AwaabCase, awaab_clocks, number_of, numbered, of_hazard
from lamplit.repairs.rules.book import RuleBook, rule_book
from lamplit.repairs.rules.catalogue import Fault, WorkWanted
from lamplit.repairs.rules.clocks import HAZARD_CLASSES, HazardClass, Priority, higher, is_emergency, target_clock
from lamplit.repairs.rules.diagnosis import Outcome
from lamplit.repairs.rules.repeats import Earlier, Repeats, repeats
from lamplit.repairs.rules.right_to_repair import RightToRepair, is_winter, right_to_repair
from lamplit.repairs.rules.triage_rules import DANGERS, Condition, TriageRule

# Groups in which silence never closes a repair, whoever lives there.
NEVER_SILENT_GROUPS = ("leak", "damp")


class Fired(Plain, frozen=True, kw_only=True):
    """A rule that fired, what it demands, and the inputs that made it fire ("flag:no_lock", "need:baby")."""

    rule: str
    words: str
    citation: str
    inputs: tuple[str, ...]
    floor: Priority | None = None


class HazardFound(Plain, frozen=True, kw_only=True):
    """A hazard that this may be, and how grave."""

    hazard: str
    hazard_class: HazardClass


class Triage(Plain, frozen=True, kw_only=True):
    """The decision with its reasons.

    `rule` is the rule that set the priority. `due_at` is when the first of all clocks runs out. `period` is the Right to
    Repair period in words. `review`: a supervisor looks at it. `unsilent`: silence never closes it. `rings`: somebody
    must accept it, or the next is rung.
    """

    edition: str
    priority: Priority
    due_at: datetime
    rule: str
    fired: tuple[Fired, ...]
    inputs: tuple[str, ...]
    needs: tuple[str, ...]
    advice: tuple[str, ...]
    works: tuple[WorkWanted, ...]
    clocks: tuple[Clock, ...]
    repeats: Repeats
    review: bool
    unsilent: bool
    rings: bool
    hazard: str | None = None
    hazard_class: HazardClass = "none"
    hazards: tuple[HazardFound, ...] = ()
    right_to_repair: str | None = None
    period: str | None = None


def triage(
    outcome: Outcome,
    *,
    needs: Iterable[str],
    at: datetime,
    history: Iterable[Earlier] = (),
    aware_at: datetime | None = None,
    right_to_repair_applies: bool = True,
    serial: str | None = None,
    book: RuleBook | None = None,
) -> Triage:
    """Decide how soon and why. `at` is when we decide; the law's clocks start at `aware_at` (default `at`).

    `needs` are codes of needs.yaml; codes it does not know are kept and change nothing. `right_to_repair_applies`: the
    tenancy has the Right to Repair, by law or by the landlord's policy. KeyError for a fault that is not in the book.
    """
    with_book = book or rule_book()
    fault = with_book.catalogue.faults[outcome.fault]
    told = repeats(group=fault.group, room=outcome.room, at=at, history=history, serial=serial, figures=with_book.figures)
    seen = _inputs(outcome, fault, needs, aware_at or at, told)
    rules = [(rule, hits) for rule in with_book.table.rules if (hits := _matches(rule, seen)) is not None]
    fired = (*(_fired(rule, hits) for rule, hits in rules), _fault_fired(fault))
    priority = _priority(fired, outcome)
    found = _hazards([rule for rule, _ in rules], fault)
    main = found[0] if found else None
    repair_right = _right(fault, aware_at or at, applies=right_to_repair_applies)
    clocks = _clocks(priority, found, aware_at or at, repair_right, with_book)
    work_codes = dict.fromkeys(code for rule, _ in rules for code in rule.works) | dict.fromkeys(fault.works)
    works = sorted((with_book.catalogue.works[code] for code in work_codes), key=lambda w: w.kind != "make_safe")
    return Triage(
        edition=with_book.table.edition,
        priority=priority,
        due_at=soonest(clocks) or at,
        rule=next(f.rule for f in fired if f.floor == priority),
        fired=fired,
        inputs=tuple(f"{name}:{code}" for name, codes in seen.items() for code in codes),
        needs=seen["needs"],
        advice=_advice([rule for rule, _ in rules], fault, outcome, with_book),
        works=tuple(works),
        clocks=clocks,
        repeats=told,
        review=any(rule.review for rule, _ in rules),
        unsilent=silence_never_closes(priority, found, fault.group, seen["needs"]),
        rings=is_emergency(priority),
        hazard=main.hazard if main else None,
        hazard_class=main.hazard_class if main else "none",
        hazards=found,
        right_to_repair=repair_right.defect if repair_right else None,
        period=repair_right.period if repair_right else None,
    )


def silence_never_closes(priority: Priority, hazards: Iterable[HazardFound], group: str, needs: Iterable[str]) -> bool:
    """True for a hazard, an emergency, a leak, damp, or the repair of anyone with a need."""
    graver = any(found.hazard_class != "none" for found in hazards)
    return is_emergency(priority) or graver or group in NEVER_SILENT_GROUPS or any(True for _ in needs)


def kept(decision: Triage) -> TriageKept:
    """Return the decision as the record keeps it: self-contained, so that it reads the same when the files have changed."""
    return TriageKept(
        rule=decision.rule,
        fired=[f"{fired.rule}: {fired.words}" for fired in decision.fired],
        inputs=[f"edition:{decision.edition}", *decision.inputs],
        needs=list(decision.needs),
        advice=list(decision.advice),
        hazard=decision.hazard,
        hazard_class=decision.hazard_class if decision.hazard else None,
        unsilent=True if decision.unsilent else None,
        hazards=several([HazardKept(hazard=one.hazard, hazard_class=one.hazard_class) for one in decision.hazards]),
    )


def several(hazards: list[HazardKept]) -> list[HazardKept] | None:
    """Return hazards as they are kept: one alone stands in `hazard`."""
    return hazards if len(hazards) > 1 else None


def hazards_of(known: TriageKept | None) -> list[HazardKept]:
    """Return the hazards of a repair in the order of their numbers."""
    if known is None or known.hazard is None:
        return []
    return known.hazards or [HazardKept(hazard=known.hazard, hazard_class=known.hazard_class or "none")]


def all_hazards(known: TriageKept | None, decision: Triage) -> list[HazardKept]:
    """Return the hazards known before, which keep their numbers, then new ones; each with the graver class of the two."""
    found = {one.hazard: one.hazard_class for one in hazards_of(known)}
    for one in decision.hazards:
        found[one.hazard] = max(found.get(one.hazard, "none"), one.hazard_class, key=HAZARD_CLASSES.index)
    return [HazardKept(hazard=hazard, hazard_class=cls) for hazard, cls in found.items()]


def clocks_as_known(known: TriageKept | None, decision: Triage) -> tuple[Clock, ...]:
    """Return a decision's clocks under the numbers that the repair's hazards have already."""
    order = [one.hazard for one in all_hazards(known, decision)]
    return tuple(
        msgspec.structs.replace(clock, code=numbered(number_of(clock.code)[0], order.index(clock.about) + 1))
        if clock.about in order and clock.code.startswith("awaab.")
        else clock
        for clock in decision.clocks
    )


def starts(clocks: Iterable[Clock]) -> list[ClockStarted]:
    """Return the clocks that run to a moment, as the record keeps them. Duties without a limit are left out."""
    return [
        ClockStarted(code=clock.code, starts_at=clock.starts_at, due_at=clock.due_at)
        for clock in clocks
        if clock.due_at is not None and clock.ended_at is None
    ]


def _inputs(
    outcome: Outcome, fault: Fault, needs: Iterable[str], at: datetime, told: Repeats
) -> dict[Condition, tuple[str, ...]]:
    """What the rules may look at, by the name of the condition."""
    return {
        "flags": outcome.flags,
        "faults": (fault.code,),
        "groups": (fault.group,),
        "harms": fault.harms,
        "needs": tuple(sorted(set(needs))),
        "season": ("winter" if is_winter(london_date(at)) else "summer",),
        "repeats": told.flags,
    }


def _matches(rule: TriageRule, seen: dict[Condition, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the inputs that make a rule fire, or None when one of its conditions does not hold."""
    inputs: list[str] = []
    for condition, codes in rule.when.items():
        held = [code for code in codes if code in seen[condition]]
        if not held:
            return None
        inputs += [f"{condition}:{code}" for code in held]
    return tuple(inputs)


def _fired(rule: TriageRule, inputs: tuple[str, ...]) -> Fired:
    return Fired(rule=rule.id, words=rule.words, citation=rule.citation, inputs=inputs, floor=rule.floor)


def _fault_fired(fault: Fault) -> Fired:
    """What the fault itself demands: the last of the rules, so that a graver reason is named first."""
    return Fired(
        rule=f"fault.{fault.code}",
        words=f"{fault.name}: at least {fault.priority}.",
        citation="Our repairs policy",
        inputs=(f"faults:{fault.code}",),
        floor=fault.priority,
    )


def _priority(fired: Iterable[Fired], outcome: Outcome) -> Priority:
    """The highest floor of all rules that fired."""
    priority: Priority = "planned"
    for one in fired:
        priority = higher(priority, one.floor or priority)
    if set(outcome.flags) & set(DANGERS) and not is_emergency(priority):
        raise AssertionError(f"a danger came out {priority}: {outcome.flags}")  # the table was checked when it was loaded
    return priority


def _hazards(rules: Iterable[TriageRule], fault: Fault) -> tuple[HazardFound, ...]:
    """Every hazard that a rule or the fault names, each with its gravest class, gravest first."""
    classes: dict[str, HazardClass] = {}
    named = [(rule.hazard, rule.hazard_class) for rule in rules]
    for hazard, hazard_class in [*named, (fault.hazard, fault.hazard_class)]:
        if hazard is not None:
            classes[hazard] = max(classes.get(hazard, "none"), hazard_class, key=HAZARD_CLASSES.index)
    found = [HazardFound(hazard=hazard, hazard_class=cls) for hazard, cls in classes.items()]
    return tuple(sorted(found, key=lambda f: -HAZARD_CLASSES.index(f.hazard_class)))


def _right(fault: Fault, at: datetime, *, applies: bool) -> RightToRepair | None:
    return right_to_repair(fault.right_to_repair, at) if applies and fault.right_to_repair is not None else None


def _clocks(
    priority: Priority, found: Iterable[HazardFound], at: datetime, right: RightToRepair | None, book: RuleBook
) -> tuple[Clock, ...]:
    """The landlord's target, the law's clocks for each hazard and the Right to Repair, soonest first."""
    clocks = {"target": target_clock(priority, at, book.figures)}
    for number, one in enumerate(found, 1):  # each hazard is a case of its own for the law
        for clock in of_hazard(awaab_clocks(AwaabCase(hazard=one.hazard, triaged=one.hazard_class, aware_at=at)), number):
            clocks[clock.code] = clock
    if right is not None:
        clocks[right.clock.code] = right.clock
    return tuple(sorted(clocks.values(), key=lambda c: (c.due_at is None, c.due_at or at, c.code)))


def _advice(rules: Iterable[TriageRule], fault: Fault, outcome: Outcome, book: RuleBook) -> tuple[str, ...]:
    """All advice that applies, danger first, each once."""
    codes = [*outcome.advice, *(code for rule in rules for code in rule.advice), *fault.advice]
    return tuple(sorted(dict.fromkeys(codes), key=lambda code: not book.catalogue.advice[code].danger))
