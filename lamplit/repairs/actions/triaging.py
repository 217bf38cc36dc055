"""From what was said to what we do: the questions of an edition, what we know of home and household, the rules, the works."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from lamplit.basics.lines import LineError
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.record.page import Page
from lamplit.record.ready import ReadyColumns
from lamplit.repairs.actions.on_call import write_round
from lamplit.repairs.actions.opening import lock_repair
from lamplit.repairs.facts import Answer, ClockStarted, RepairRetriaged, TriageKept, WorkOrdered
from lamplit.repairs.models import Repair, RepairClock, Work
from lamplit.repairs.queries.beside import firms_for
from lamplit.repairs.queries.standing import readable, running_of, triage_of, works_of
from lamplit.repairs.rules.book import RuleBook, load_book
from lamplit.repairs.rules.catalogue import WorkWanted
from lamplit.repairs.rules.clocks import higher, rank, target_clock
from lamplit.repairs.rules.diagnosis import Outcome, Question
from lamplit.repairs.rules.repeats import Earlier
from lamplit.repairs.rules.triage import Triage, all_hazards, clocks_as_known, kept, several, starts, triage
from lamplit.tenancies import queries as tenancies

HISTORY = 300  # reports of one home that are looked at for repeats, the newest first
_TOLD = ReadyColumns(
    lambda homes: Repair.objects.filter(home__any=homes).order_by("-reported_at", "-id")[:HISTORY],
    "id", "home", "reported_at", "fault_group", "room",
)  # fmt: skip
_ORDERED = ReadyColumns(lambda works: Work.objects.filter(id__any=works).exclude(state="cancelled"), "trade", "what")
_CLOCKS_HAD = ReadyColumns(lambda repair: RepairClock.objects.filter(repair=repair), "code", "due_at")


class Said(Plain, frozen=True, kw_only=True):
    """What seems to be wrong, when nobody went through the questions: codes of the catalogue and of the triage table.

    For a person who knows (staff on the telephone), a paper form and older systems. `unsure`: treat it as the graver.
    """

    fault: str
    room: str | None = None
    flags: tuple[str, ...] = ()
    unsure: bool = False


def check_tree(text: str) -> RuleBook:
    """Read an edition of the questions. Refused: repairs.tree_wrong, with the line and what is wrong there."""
    try:
        return load_book(tree=text)
    except LineError as error:
        raise Refused("repairs.tree_wrong", line=error.line, what=error.what) from error


def outcome_of(answers: Iterable[Answer], said: Said | None, book: RuleBook) -> Outcome:
    """Return what the answers amount to. Refused: repairs.more_to_ask, no_such_fault, no_such_answer, answers_out_of_step."""
    if said is None:
        walked = book.tree.walk(list(answers))
        if isinstance(walked, Question):
            raise Refused("repairs.more_to_ask", question=walked.code)
        return walked
    fault = book.catalogue.faults.get(said.fault)
    unknown = [flag for flag in said.flags if flag not in book.table.flags]
    if fault is None or unknown:
        raise Refused("repairs.no_such_fault", fault=said.fault)
    flags = {*said.flags, *(["unsure"] if said.unsure else [])}
    return Outcome(
        edition=book.tree.edition, fault=fault.code, name=fault.name, group=fault.group, flags=tuple(sorted(flags)),
        advice=(), unsure=said.unsure, room=said.room,
    )  # fmt: skip


def decide(
    outcome: Outcome, *, home: str, near: homes.Neighbours, household: str, needs: Iterable[str], at: datetime, book: RuleBook,
    aware_at: datetime | None = None, leaving_out: str | None = None,
) -> Triage:  # fmt: skip
    """Ask the rules, with what we know: the household's needs on file and told now, the history of this home and its stack."""
    known = {need.code for need in tenancies.household_needs(household, london_date(at))}
    history = history_of(home, near, leaving_out)
    return triage(outcome, needs=sorted(known | set(needs)), at=at, history=history, aware_at=aware_at, book=book)


def history_of(home: str, near: homes.Neighbours, leaving_out: str | None = None) -> list[Earlier]:
    """Return the reports of a home and of those above and below it, as the rules look at them."""
    relations = {home: "same", **{h.id: "above" for h in near.above}, **{h.id: "below" for h in near.below}}
    return [
        Earlier(report=ident, relation=relations[where], at=at, group=readable(group), room=readable(room))  # type: ignore[arg-type]
        for ident, where, at, group, room in _TOLD.all(homes=list(relations))
        if ident != leaving_out
    ]


def flags_of(row: Any) -> tuple[str, ...]:
    """Return the flags that a locked repair was last triaged with."""
    known = triage_of(row)
    return () if known is None else tuple(one.removeprefix("flags:") for one in known.inputs if one.startswith("flags:"))


def order_works(page: Page, row: Any, works: Iterable[WorkWanted]) -> tuple[str, ...]:
    """Order each wanted work that the repair does not have yet. Returns the firms that they went to."""
    known = list(works_of(row))
    there = {(trade, what) for trade, what in _ORDERED.all(works=known)} if known else set()
    missing = [wanted for wanted in works if (wanted.trade, wanted.what) not in there]
    by_trade = firms_for(row.home, london_date(page.at)) if missing else {}
    firms = []
    for wanted in missing:
        firm = by_trade.get(wanted.trade)
        firms += [firm] if firm is not None else []
        page.write(
            WorkOrdered(
                work=page.new_id("w"), repair=row.id, home=row.home, household=row.household, trade=wanted.trade,
                contractor=firm, needs=list(wanted.evidence), what=wanted.what,
            )
        )  # fmt: skip
    return tuple(dict.fromkeys(firms))


def is_graver(row: Any, decision: Triage) -> bool:
    """True if a decision asks for more than a locked repair has: a higher priority, a graver hazard, a danger not known yet."""
    known = triage_of(row)
    classes = ("none", "significant", "emergency")
    known_class = classes.index(known.hazard_class or "none") if known is not None else 0
    new_flags = {i for i in decision.inputs if i.startswith("flags:")} - set(known.inputs if known is not None else ())
    return (
        rank(decision.priority) > rank(row.priority)
        or classes.index(decision.hazard_class) > known_class
        or bool(new_flags - {"flags:unsure"})
    )


def _wanted(row: Any, decision: Triage) -> list[ClockStarted]:
    return starts(clocks_as_known(triage_of(row), decision))


def write_retriage(page: Page, row: Any, decision: Triage, why: str | None) -> None:
    """Write what we know now. A clock that runs keeps its start: the first contact counts. Works and rings follow."""
    begun, stops = clock_changes(_clocks_of(row), _wanted(row, decision), again=is_graver(row, decision))
    _write(page, row, decision.priority, begun, stops, why, merged(triage_of(row), decision))
    firms = order_works(page, lock_repair(page, row.id), decision.works)
    ring_if_received(page, row, firms)


def write_further(page: Page, row: Any, decision: Triage, why: str) -> None:
    """Write what a further report adds. It may raise a repair. A clock that we had stopped begins again: it is not over."""
    if is_graver(row, decision):
        write_retriage(page, row, msgspec.structs.replace(decision, priority=higher(row.priority, decision.priority)), why)
        return
    begun, _ = clock_changes(_clocks_of(row), _wanted(row, decision), again=True)
    has_target = any(code.startswith("target.") for code in running_of(row))
    new = [clock for clock in begun if not (has_target and clock.code.startswith("target."))]
    if new:
        _write(page, row, row.priority, new, [], why, merged(triage_of(row), decision))


def write_raised(page: Page, row: Any, priority: str, why: str | None) -> None:
    """Write that a person treats a repair as more pressing; the reasons of the rules stay as they were."""
    clock = target_clock(priority, page.at)  # type: ignore[arg-type]
    stops = [code for code in running_of(row) if code.startswith("target.")]
    _write(page, row, priority, starts([clock]), stops, why, triage_of(row))
    ring_if_received(page, row, ())


def _write(
    page: Page, row: Any, priority: str, begun: list[ClockStarted], stops: list[str], why: str | None, known: TriageKept | None
) -> None:
    left = {code: due for code, due in running_of(row).items() if code.startswith(CLOCKS) and code not in stops}
    due_at = min([*left.values(), *(clock.due_at for clock in begun)], default=row.due_at)
    page.write(
        RepairRetriaged(
            repair=row.id, household=row.household, priority=priority, due_at=due_at, starts=begun, stops=stops,  # type: ignore[arg-type]
            why=why, triage=known,
        )
    )  # fmt: skip


def ring_if_received(page: Page, before: Any, firms: tuple[str, ...]) -> None:
    """Ring out what has become an emergency; firms that got work on this page are rung as well."""
    now = lock_repair(page, before.id)
    if now.status == "received" and (before.status != "received" or firms):
        write_round(page, now, page.at, firms or None)


CLOCKS = ("target.", "awaab.", "right_to_repair.")


class Known(NamedTuple):
    """A clock that a repair has or had."""

    due_at: datetime
    running: bool


def _clocks_of(row: Any) -> dict[str, Known]:
    running = running_of(row)
    had = _CLOCKS_HAD.all(repair=row.id)
    return {code: Known(due, code in running) for code, due in [*had, *running.items()]}


def clock_changes(known: dict[str, Known], wanted: list[ClockStarted], *, again: bool) -> tuple[list[ClockStarted], list[str]]:
    """Return which clocks start and stop when a repair is triaged again.

    One that runs goes on unless the new one is due sooner. One that was stopped begins `again` only for something worse.
    The landlord has one target at a time. A new triage never stops the law's clocks; only what is done does.
    """
    begun = [
        clock
        for clock in wanted
        if clock.code not in known
        or (known[clock.code].running and clock.due_at < known[clock.code].due_at)
        or (again and not known[clock.code].running)
    ]
    targets = {clock.code for clock in wanted if clock.code.startswith("target.")}
    stops = [code for code, clock in known.items() if clock.running and code.startswith("target.") and code not in targets]
    return begun, sorted(stops) if targets else []


def merged(known: TriageKept | None, decision: Triage) -> TriageKept:
    """Return the decision as it is kept, with the flags, needs and silence of the one before: a danger told once stays told."""
    now = kept(decision)
    if known is None:
        return now
    graver = known if _class(known) > _class(now) else now
    told = [one for one in known.inputs if one.startswith("flags:")]
    return TriageKept(
        rule=now.rule, fired=now.fired, inputs=list(dict.fromkeys([*now.inputs, *told])),
        needs=sorted({*now.needs, *known.needs}), advice=now.advice, hazard=graver.hazard, hazard_class=graver.hazard_class,
        unsilent=True if now.unsilent or known.unsilent else None, hazards=several(all_hazards(known, decision)),
    )  # fmt: skip


def _class(kept_as: TriageKept) -> int:
    return ("none", "significant", "emergency").index(kept_as.hazard_class or "none")
