"""The written summary of an investigation: made for each tenant by name, and proved sent (SI 2025/1042; guidance, section 6)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.repairs.actions.hazards import conclusion_of, may_step, write_step
from lamplit.repairs.actions.opening import lock_repair, words
from lamplit.repairs.facts import PaperFile, SummarySent, SummaryWritten, WorkPlanned
from lamplit.repairs.models import Summary
from lamplit.repairs.queries.summaries import blob_of_summary, summaries_of
from lamplit.repairs.rules.summary import check_summary

SENT = "summary_sent"
How = Literal["email", "post", "hand", "left"]


class Addressed(Plain, frozen=True, kw_only=True):
    """The paper for one tenant, as it goes: a PDF with her name on it, in the print she reads."""

    person: str
    pdf: bytes


@action
def write_summary(
    page: Page, *, repair: str, of: int = 1, found: str, works: Sequence[WorkPlanned] = (), no_work: str | None = None,
    papers: Sequence[Addressed], by: By, at: datetime, command: str,
) -> list[str]:  # fmt: skip
    """Write the summary of an investigation for each tenant. Returns their ids; what carries them out follows from the facts.

    `of`: which hazard of the repair, by its number. Its clock stops when each has been sent, not before.

    Refused: repairs.no_such_repair, nothing_to_sum_up, nobody_to_sum_up_for, and what rules.summary refuses.
    """
    row = lock_repair(page, repair)
    finding, found_at = _concluded(row, of)
    if not papers:
        raise Refused("repairs.nobody_to_sum_up_for")
    check_summary(finding, works, no_work, london_date(found_at))
    said = words(found, needed=Refused("repairs.say_what_was_found"))
    return [_write(page, row, of, finding, said, works, words(no_work), paper) for paper in papers]


def _concluded(row: Any, of: int) -> tuple[Any, datetime]:
    """Return what the last investigation of a hazard found and when. Refused: repairs.nothing_to_sum_up."""
    ended = conclusion_of(row, of)
    if ended is None or not may_step(row, SENT, of):
        raise Refused("repairs.nothing_to_sum_up")
    return ended


def _write(
    page: Page, row: Any, of: int, finding: Any, found: str | None, works: Sequence[WorkPlanned], no_work: str | None,
    paper: Addressed,
) -> str:  # fmt: skip
    ident = page.new_id("d")
    page.write(
        SummaryWritten(
            summary=ident, repair=row.id, household=row.household, person=paper.person, of=of if of > 1 else None,
            finding=finding, found=found, works=list(works) or None, no_work=no_work,
            paper=page.seal_blob(paper.pdf, owner=row.household, key_class="case", what=blob_of_summary(ident)),
            file=PaperFile(sha256=hashlib.sha256(paper.pdf).hexdigest(), size=len(paper.pdf)),
        )
    )  # fmt: skip
    return ident


@action
def record_summary_sent(
    page: Page, *, summary: str, how: How, message: str | None = None, by: By, at: datetime, command: str
) -> None:
    """Record that a summary left us; `at` is when. Once the last of a hazard's tenants has hers sent, the law's clock stops.

    `how`: by e-mail, first-class post, by hand, or left at the home. Refused: repairs.no_such_summary, summary_sent_before.
    """
    row = page.lock(Summary, summary)
    if row is None:
        raise Refused("repairs.no_such_summary")
    if row.sent_at is not None:
        raise Refused("repairs.summary_sent_before")
    case = lock_repair(page, row.repair)
    page.write(
        SummarySent(summary=summary, repair=row.repair, household=row.household, person=row.person, how=how, message=message)
    )
    others = [one for one in summaries_of(row.repair) if one.of == row.of and one.id != summary]
    if all(one.sent_at is not None or one.person == row.person for one in _last_of_each(others)) and may_step(case, SENT, row.of):
        write_step(page, case, SENT, None, row.of)


def _last_of_each(rows: Sequence[Summary]) -> list[Summary]:
    """Return each person's last one: what was written before it, and never sent, waits for nobody."""
    return list({row.person: row for row in sorted(rows, key=lambda row: (row.written_at, row.id))}.values())
