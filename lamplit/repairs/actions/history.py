"""What happened to repairs in the system that they were brought over from: one line of their timeline each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from lamplit.basics.brought import BY_FILE, Became, Brought, Tally
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Item, Page, action
from lamplit.repairs.actions.opening import words
from lamplit.repairs.facts import RepairNoted
from lamplit.repairs.models import Happening, Repair

EventName = Literal["visit", "no_access", "visit_booked", "visit_cancelled", "call", "message", "note"]
_SAID: dict[EventName, str] = {
    "visit": "Visit", "no_access": "Visit, nobody let us in", "visit_booked": "Visit booked",
    "visit_cancelled": "Visit cancelled", "call": "Call", "message": "Message", "note": "",
}  # fmt: skip


class HistoryRow(Plain, frozen=True, kw_only=True):
    """Something that happened to a repair, as a line of a file tells of it. `repair` is what the other system calls it.

    `shown`: whether the tenant reads it too. Old notes were written for colleagues, so it takes a yes.
    """

    line: int
    repair: str
    happened_at: datetime
    event: EventName = "note"
    says: str
    who: str | None = None
    shown: bool = False


@action
def import_history(page: Page, *, rows: list[HistoryRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Add to the timelines of repairs that came over what the old system knows of them, each at its own time.

    Nothing follows from a line: no clock stops, nobody is told. A line that is there already is not written again. Refused, each
    row by itself: repairs.not_brought_over, not_yet, before_the_report, say_what_happened, too_long. A rehearsal writes nothing
    and raises `Rehearsed`.
    """
    bringing = _Bringing(page, rows, by, at)
    tally: Tally[HistoryRow] = Tally()
    tally.bring(rows, lambda row: row.line, bringing.bring)
    return tally.answer(rehearse=rehearse)


class _Bringing:
    """One batch: the repairs that it speaks of, and their lines that a file brought before."""

    def __init__(self, page: Page, rows: Iterable[HistoryRow], by: By, at: datetime) -> None:
        self._page, self._by, self._at = page, by, at
        known = Repair.objects.filter(old_reference_key__any=list({row.repair for row in rows}))
        self._repairs: dict[str, Any] = {row.old_reference: row for row in known}
        page.preload_keys(sorted({key for row in self._repairs.values() for key in (row.household, row.voice)}))
        lines = Happening.objects.filter(
            repair__any=[row.id for row in self._repairs.values()], kind="repair.noted", by__startswith=BY_FILE
        )
        self._there = {(line.repair, line.at, line.said) for line in lines}

    def bring(self, row: HistoryRow) -> Became:
        repair = self._repairs.get(row.repair)
        if repair is None:
            raise Refused("repairs.not_brought_over")
        told = words(row.says, needed=Refused("repairs.say_what_happened"))
        if london_date(row.happened_at) > london_date(self._at):
            raise Refused("repairs.not_yet")
        if london_date(row.happened_at) < london_date(repair.reported_at):
            raise Refused("repairs.before_the_report")
        at = min(max(row.happened_at, repair.reported_at), self._at)
        said = words(_line(row.event, told or "", row.who))
        if (repair.id, at, said) in self._there:
            return "there"
        self._there.add((repair.id, at, said))
        noted = RepairNoted(
            repair=repair.id, household=repair.household, voice=repair.voice, says=said, audience="all" if row.shown else "staff"
        )
        self._page.write_many([Item(noted, self._by, at)])
        return "written"


def _line(event: EventName, told: str, who: str | None) -> str:
    head = ", ".join(part for part in (_SAID[event], who) if part)
    return f"{head}: {told}" if head else told
