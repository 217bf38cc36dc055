"""Surveys: what was found, the works that it asks for, and what shows that each is done."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import STAFF, By
from lamplit.record.page import Page, action
from lamplit.repairs.actions.hazards import Findings, begin_to_look, conclude
from lamplit.repairs.actions.opening import accept_if_nobody_has, lock_live, lock_repair, lock_work, words
from lamplit.repairs.actions.owners import check_owner
from lamplit.repairs.actions.rates import Measured
from lamplit.repairs.actions.visits import write_visit
from lamplit.repairs.actions.works import write_order
from lamplit.repairs.facts import CauseRecorded, SurveyRecorded, WorkProved
from lamplit.repairs.models import Photo, Visit, Work
from lamplit.repairs.rules.proving import may_prove
from lamplit.staff import queries as staff

ProofName = Literal["photo", "note", "test_or_isolation", "gas_record", "reading", "report"]


class WorkFound(Plain, frozen=True, kw_only=True):
    """A work that a survey asks for: what, where in the home, by whom, until when, and by which rate it is paid."""

    what: str
    trade: str
    place: str | None = None
    rate: Measured | None = None
    contractor: str | None = None
    needs: tuple[str, ...] = ("photo",)
    target_on: date | None = None


@action
def record_survey(
    page: Page, *, repair: str, surveyor: str, found: str, works: list[WorkFound], cause: str | None = None,
    readings: str | None = None, there: str | None = None, findings: Findings | None = None, work: str | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Write down what a survey found, and order the works that it asks for. Returns its id. `at` is when it was made.

    `work`: the piece of work that the survey itself was, which is done by it. `findings`: what was found of
    each hazard, by its number; it concludes the investigation of the law.

    Refused: repairs.no_such_repair, already_over, no_such_person, say_what_was_found, say_what_work, work_is_over,
    no_such_work, no_such_firm, no_such_rate, bad_quantity, too_long; no_hazard and hazard_step_out_of_turn for a finding where
    no investigation runs: it is not left out without a word.
    """
    row = lock_live(page, repair)
    accept_if_nobody_has(page, row, by)
    check_owner(surveyor)
    survey = page.new_id("x")
    said = SurveyRecorded(
        survey=survey, repair=row.id, home=row.home, household=row.household, surveyor=surveyor,
        found=words(found, needed=Refused("repairs.say_what_was_found")), cause=words(cause), readings=words(readings),
        there=words(there),
    )  # fmt: skip
    for of, _ in findings or ():
        begin_to_look(page, lock_repair(page, row.id), of)
    page.write(said)
    _conclude(page, row, said, findings, work)
    for one in works:
        write_order(
            page, lock_repair(page, row.id), trade=one.trade, what=one.what, place=one.place, contractor=one.contractor,
            needs=list(one.needs), target_on=one.target_on, rates=[one.rate] if one.rate else [], survey=survey,
        )  # fmt: skip
    return survey


def _conclude(page: Page, row: Any, said: SurveyRecorded, findings: Findings | None, work: str | None) -> None:
    """Let a survey do what it amounts to: its own work is done, the cause is known, the investigation is over."""
    if work is not None:
        _, job = lock_work(page, work)
        if job.repair != row.id:
            raise Refused("repairs.no_such_work", work=work)
        evidence = ["report: the survey", *([f"reading: {said.readings}"] if said.readings else [])]
        write_visit(
            page, row, job, _visit(work), outcome="inspected", arrived_at=page.at, found=said.found, cause=said.cause,
            evidence=evidence, findings=findings,
        )  # fmt: skip
        return
    if said.cause is not None:
        page.write(CauseRecorded(repair=row.id, household=row.household, cause=said.cause))
    conclude(page, row.id, findings)


def _visit(work: str) -> str | None:
    booked = Visit.objects.filter(work=work, state="booked").order_by("from_at").first()
    return None if booked is None else booked.id


@action
def prove_work(
    page: Page, *, work: str, kind: ProofName, says: str, photo: str | None = None,
    electrics: Literal["tested", "isolated"] | None = None, by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """Show that a work is done, after the visit in which it was: by whoever did it, the firm that has it, or a surveyor.

    Refused: repairs.no_such_work, already_over, not_done_yet (say first what came of the visit), not_yours_to_prove,
    say_what_was_done, no_such_photo, too_long.
    """
    found = Work.objects.filter(id=work).first()
    if found is None:
        raise Refused("repairs.no_such_work", work=work)
    row = lock_live(page, found.repair)
    job: Any = page.lock(Work, work)
    if job.state not in ("done", "handed_on"):
        raise Refused("repairs.not_done_yet", reference=row.reference)
    _check_prover(job, by)
    if photo is not None and not Photo.objects.filter(id=photo, repair=row.id).exists():
        raise Refused("repairs.no_such_photo")
    page.write(
        WorkProved(
            work=job.id, repair=row.id, household=job.household, photo=photo, kind=kind,
            electrics=electrics if kind == "test_or_isolation" else None,
            says=words(says, needed=Refused("repairs.say_what_was_done")),
        )
    )  # fmt: skip


def _check_prover(job: Any, by: By) -> None:
    member = staff.member(by.id) if by.kind == STAFF else None
    did = set(Visit.objects.filter(work=job.id, state="attended").values_list("attended_by", flat=True))
    roles, firm = ([], None) if member is None or member.shut else (member.roles, member.contractor)
    if not may_prove(by, roles=roles, firm=firm, did=did, contractor=job.contractor):
        raise Refused("repairs.not_yours_to_prove")
