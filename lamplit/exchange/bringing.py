"""Bringing a file over: page by page, in several processes, every row accounted for.

What is there already is seen from the tables, not from which file it came in: so a file that was broken off goes on where it
was, and yesterday's file after today's puts things back.
"""

import csv
import multiprocessing
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections

from lamplit.basics.brought import Brought, Rehearsed, by_file
from lamplit.basics.clock import now
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.config.refusals import staff_words_of
from lamplit.exchange.columns import Kind
from lamplit.exchange.kinds import KINDS
from lamplit.exchange.reading import OUR_OWN, Mapping, Sheet, list_lines, open_sheet
from lamplit.record.process import begin_worker

PAGE = 500  # rows in one commit
_LONGEST_PAGE = 5_000  # rows that belong together may make a page longer, up to this
_AHEAD = 3  # pages that wait for each process

Step = Callable[[int, int], None]


class Order(Plain, frozen=True, kw_only=True):
    """What is asked for. `system` stands before every reference, for a landlord with several old systems."""

    kind: str
    user: str
    rehearse: bool = False
    system: str = ""
    encoding: str = "utf-8"
    processes: int = 1


@dataclass
class Outcome:
    """What became of a file. Its rows are written, changed, there already or refused: the sum is what was read."""

    read: int = 0
    written: int = 0
    changed: int = 0
    there: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubted: list[int] = field(default_factory=list)  # lines of rows that are taken, though a person should look at them
    sums: dict[int, int] = field(default_factory=dict)  # of kinds that have sums: pence of each row that was read, by line

    @property
    def refused(self) -> int:
        return len({problem.line for problem in self.problems})

    @property
    def totals(self) -> tuple[int, int]:
        """Return what the rows that were taken add up to in pence, and those that were refused."""
        wrong = {problem.line for problem in self.problems}
        refused = sum(pence for line, pence in self.sums.items() if line in wrong)
        return sum(self.sums.values()) - refused, refused

    @property
    def adds_up(self) -> bool:
        return self.read == self.written + self.changed + self.there + self.refused

    def add(self, brought: Brought, kind: Kind) -> None:
        self.written += brought.written
        self.changed += brought.changed
        self.there += brought.there
        for row in brought.refused:
            words = staff_words_of(row.code, row.details)
            self.problems.append(Problem(row.line, kind.column_of(row.code), words))


def bring_file(path: Path, order: Order, step: Step) -> Outcome:
    """Bring a file over, or rehearse it. NoCsv before anything is written when the file as a whole cannot be read.

    Beside the file stands one with the refused rows afterwards; a rehearsal leaves none.
    """
    kind = KINDS[order.kind]
    sheet = open_sheet(path, kind, order.encoding)
    mapping = Mapping(kind, sheet.heading)
    outcome = Outcome(unknown=mapping.unknown)
    pages = _pages(sheet, mapping, kind, order.system, outcome)
    run = f"file:{sheet.sha256[:16]}:{secrets.token_hex(4)}"
    for brought in _write_all(pages, order, run, one_page=sheet.count <= PAGE):
        outcome.add(brought, kind)
        step(outcome.written + outcome.changed + outcome.there + outcome.refused, sheet.count)
    outcome.problems.sort(key=lambda problem: problem.line)
    if not order.rehearse:
        write_refused(refused_file(path), sheet, outcome.problems)
    return outcome


def _pages(sheet: Sheet, mapping: Mapping, kind: Kind, system: str, outcome: Outcome) -> Iterator[list[Any]]:
    """Read rows and cut them into pages. What is wrong with a row by itself or against another goes to the outcome.

    Rows that stand far from those that they belong to come last, after an empty page: all before it must be written first.
    """
    page: list[Any] = []
    last, seen, late = None, set[str](), list[Any]()
    for row in _rows(sheet, mapping, kind, system, outcome):
        group = getattr(row, kind.together)
        if group is not None and group != last:
            if group in seen:
                late.append(row)
                continue
            seen.add(group)
        apart = not page or group is None or group != last
        if (len(page) >= PAGE and apart) or len(page) >= _LONGEST_PAGE:
            yield page
            page = []
        page.append(row)
        last = group
    if page:
        yield page
    if late:
        yield []
        yield from (late[start : start + PAGE] for start in range(0, len(late), PAGE))


def _rows(sheet: Sheet, mapping: Mapping, kind: Kind, system: str, outcome: Outcome) -> Iterator[Any]:
    watch = kind.watch()
    for line in sheet.lines():
        outcome.read += 1
        row, problems = mapping.read(line, system)
        if row is not None and kind.sums:
            outcome.sums[line.number] = sum(getattr(row, name) or 0 for name in kind.sums)
        if row is not None and (found := watch.look(row)) is not None:
            problems = [Problem(line.number, *found)]
        if problems:
            outcome.problems += problems
            continue
        if watch.doubts(row):
            outcome.doubted.append(line.number)
        yield watch.whole(row)


def _write_all(pages: Iterable[list[Any]], order: Order, run: str, *, one_page: bool) -> Iterator[Brought]:
    """Write pages, here or in several processes, and yield what became of each."""
    if order.processes == 1 or one_page:
        yield from (write_page(order, page, run) for page in pages if page)
        return
    connections.close_all()  # each process opens its own
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(order.processes, mp_context=fork, initializer=begin_worker) as pool:
        waiting: set[Future[Brought]] = set()
        try:
            for page in pages:
                if not page:
                    yield from (one.result() for one in waiting)
                    waiting = set()
                    continue
                waiting.add(pool.submit(write_page, order, page, run))
                if len(waiting) >= order.processes * _AHEAD:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            yield from (one.result() for one in waiting)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def write_page(order: Order, rows: list[Any], run: str) -> Brought:
    """Write one page; in a rehearsal, find out what would become of it."""
    command = f"{run}:{rows[0].line}"
    bring = KINDS[order.kind].bring
    try:
        return bring(rows=rows, rehearse=order.rehearse, by=by_file(order.user), at=now(), command=command)
    except Rehearsed as rehearsed:
        return rehearsed.brought


def refused_file(path: Path) -> Path:
    """Return where the refused rows of a file go: `homes.csv` has `homes.refused.csv` beside it."""
    return path.with_suffix(".refused.csv")


def write_refused(path: Path, sheet: Sheet, problems: list[Problem]) -> None:
    """Write the refused rows as they stood, each with its line and the reason; with none, take an older such file away."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        reasons.setdefault(problem.line, []).append(f"{problem.column}: {problem.words}" if problem.column else problem.words)
    if not reasons:
        path.unlink(missing_ok=True)
        return
    kept = [place for place, name in enumerate(sheet.heading) if name not in OUR_OWN]
    # Readable by its owner alone, as it is full of people; with a mark by which a spreadsheet knows UTF-8.
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=sheet.separator)
        writer.writerow([*(sheet.heading[place] for place in kept), *OUR_OWN])
        for line in list_lines(sheet.text, sheet.separator, skip=1):
            if line.number in reasons:
                cells = [line.cells[place] if place < len(line.cells) else "" for place in kept]
                writer.writerow([*cells, line.number, " ".join(reasons[line.number])])
