"""How a repair stands: what its row keeps as JSON, and what is missing before it may end.

A row comes from a query, or locked from a page: there JSON is text and what cannot be read is its mark.
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db.models import Q

from lamplit.basics.brought import BY_FILE
from lamplit.basics.fact import ERASED, WITHHELD, Unavailable
from lamplit.basics.who import By
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.repairs.facts import TriageKept
from lamplit.repairs.models import Happening, Photo, Proof, Visit, Work
from lamplit.repairs.queries import lists, shared
from lamplit.repairs.rules.awaab import number_of
from lamplit.repairs.rules.closing import Asked, Closing, How, Missing, WorkState, may_close

T = TypeVar("T")
# Outcomes whose page does not ask for everything that shows a work is done: who only looked has mended nothing to show.
ASKED_FOR: dict[str, tuple[str, ...]] = {"not_needed": (), "inspected": ("cause",)}
_CANNOT_BE_READ = (ERASED.column, WITHHELD.column)


def _read(value: Any, kind: type[T]) -> T:
    """Return a JSON column: text in a locked row, plain dicts and lists in one that a query read."""
    return msgspec.json.decode(value, type=kind) if isinstance(value, str) else msgspec.convert(value, kind)


def triage_of(row: Any) -> TriageKept | None:
    """Return why a repair has its priority, as it was last triaged; None where that cannot be read."""
    kept = row.retriage if row.retriage is not None else row.triage
    if isinstance(kept, TriageKept):
        return kept
    return None if kept is None or isinstance(kept, Unavailable) or kept in _CANNOT_BE_READ else _read(kept, TriageKept)


def readable(text: Any) -> str | None:
    """Return a locked row's personal text, or None where it cannot be read."""
    return text if isinstance(text, str) and text not in _CANNOT_BE_READ else None


def running_of(row: Any) -> dict[str, datetime]:
    """Return what runs out of a locked repair, by code."""
    return _read(row.running, dict[str, datetime])


def ended_before(row: Any) -> str | None:
    """Return how a repair ended in the system that it was brought over from: completed or cancelled. None where we closed it."""
    if row.closed_at is None or not str(row.closed_by).startswith(BY_FILE):
        return None
    return "completed" if row.mended_at is not None else "cancelled"


# What a visit does: the law's other clocks stop with a paper, or when she is told.
_KEPT_BY_A_VISIT = ("A1", "A2", "A3", "B1", "B2", "D1", "D2", "D3")


def law_limit(row: Any, at: datetime) -> tuple[str, datetime] | None:
    """Return the law's next time limit that a visit to a repair has to keep, by its clock's code; None when none is to come."""
    found = [
        (due_at, code)
        for code, due_at in running_of(row).items()
        if due_at > at and (code.startswith("right_to_repair.") or number_of(code)[0].removeprefix("awaab.") in _KEPT_BY_A_VISIT)
    ]
    return next(((code, due_at) for due_at, code in sorted(found)), None)


def works_of(row: Any) -> dict[str, str]:
    """Return how each work of a locked repair stands: open, waiting, mended or settled."""
    return _read(row.works, dict[str, str])


def what_is_missing(repair: str, how: How, *, at: datetime, by: By) -> tuple[Missing, ...]:
    """Return what stands in the way of ending a repair like that, for the page that offers it. LookupError: no such repair."""
    row = lists.repair(repair)
    if row is None:
        raise LookupError(repair)
    return may_close(closing_of(row, how, "x", at=at, by=by))


_ASKED = Ready(lambda repair: Happening.objects.filter(repair=repair, kind="tenant.asked").order_by("-at", "-id"))
_ATTENDED = Ready(lambda repair: Visit.objects.filter(repair=repair, state="attended").order_by("arrived_at", "id"))
_PROOFS = ReadyColumns(lambda repair: Proof.objects.filter(repair=repair), "work", "kind")
_PHOTOS = ReadyColumns(
    lambda repair: Photo.objects.filter(Q(stage__isnull=True) | Q(stage="after"), repair=repair, work__isnull=False), "work"
)  # what was wrong before the work shows nothing
WORKS = Ready(lambda repair: Work.objects.filter(repair=repair).order_by("ordered_at", "id"))


def closing_of(row: Any, how: How, why: str | None, *, at: datetime, by: By, said_in: str | None = None) -> Closing:
    """Return everything that the closing rules look at. What cannot be read counts as the graver.

    `said_in`: a further home whose word was given just now.
    """
    kept = triage_of(row)
    asked = _ASKED.all(repair=row.id)[: row.asked_count] if row.asked_count else []
    running = running_of(row)
    limits = {"awaab.B3", "awaab.E", "awaab.G"}
    flags = [] if kept is None else [one.removeprefix("flags:") for one in kept.inputs if one.startswith("flags:")]
    return Closing(
        how=how, at=at, unsilent=kept is None or bool(kept.unsilent), group=readable(row.fault_group) or "",
        works=tuple(_standing(row)), flags=tuple(flags), word="mended" if row.confirmed_at else None,
        asked=tuple(Asked(channel=line.details["channel"], at=line.at) for line in asked), cause=readable(row.cause),
        made_good=row.made_good, electrics=row.electrics, decided_by=str(by), why=why,
        others_silent=sum(link.home != said_in for link in shared.words_missing(row.id, row.mended_at)),
        law_running=tuple(sorted(code for code in running if code.startswith("awaab.") and number_of(code)[0] not in limits)),
    )  # fmt: skip


def _standing(row: Any) -> list[WorkState]:
    visits: dict[str, list[Visit]] = {}
    for visit in _ATTENDED.all(repair=row.id):
        visits.setdefault(visit.work, []).append(visit)
    works = WORKS.all(repair=row.id)
    shown = _shown(row.id) if any(work.needs or work.survey for work in works) else {}
    return [_work_state(work, visits.get(work.id, []), shown.get(work.id, set())) for work in works]


def _shown(repair: str) -> dict[str, set[str]]:
    """Return by work the kinds of evidence that came beside its visits: proofs, and photos of the work itself."""
    found: dict[str, set[str]] = {}
    for work, kind in _PROOFS.all(repair=repair):
        found.setdefault(work, set()).add(kind)
    for work in _PHOTOS.column(repair=repair):
        found.setdefault(work, set()).add("photo")
    return found


def _work_state(work: Work, visits: list[Visit], shown: set[str]) -> WorkState:
    standing: Any = {"done": "done", "cancelled": "cancelled", "handed_on": "cancelled"}.get(work.state)
    if standing is None:
        standing = work.outcome if work.outcome in ("temporary", "no_access") else "open"
    evidence = {kind for visit in visits for kind in evidence_kinds(visit)} | shown
    asked = ASKED_FOR.get(work.outcome or "")
    wanted = tuple(kind for kind in work.needs if asked is None or kind in asked)
    return WorkState(
        work=work.id, what=str(work.what or work.trade), standing=standing, wanted=wanted, evidence=tuple(sorted(evidence)),
        identified=work.survey is not None,
    )  # fmt: skip


def evidence_kinds(visit: Visit) -> set[str]:
    """Return the kinds of evidence (rules.catalogue.EVIDENCE) that a visit brought."""
    shown = visit.evidence if isinstance(visit.evidence, list) else []  # none, or erased
    kinds = {item.split(":", 1)[0].strip() for item in shown}
    kinds |= {"photo"} if "blob" in kinds else set()
    kinds |= {"note"} if visit.did or visit.found else set()
    kinds |= {"cause"} if visit.cause else set()
    return kinds | ({"test_or_isolation"} if visit.electrics else set())
