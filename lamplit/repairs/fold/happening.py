"""Folds of the timeline: every fact of a repair adds one line."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.repairs import facts


def _line(row: Any, fact: Any, entry: Written, **details: Any) -> None:
    row.repair, row.kind = fact.repair, entry.kind
    row.at, row.recorded_at, row.by = entry.at, entry.recorded_at, entry.by
    row.details = {name: value for name, value in details.items() if value is not None} if None in details.values() else details


def reported(row: Any, fact: facts.RepairReported, entry: Written) -> None:
    """Her words stand once, with the repair; the line does not repeat them."""
    _line(row, fact, entry, channel=fact.channel, priority=fact.priority, due_at=fact.due_at)
    row.household, row.voice = fact.household, fact.voice


def retriaged(row: Any, fact: facts.RepairRetriaged, entry: Written) -> None:
    _line(row, fact, entry, priority=fact.priority, due_at=fact.due_at, starts=_codes(fact.starts), stops=fact.stops or None)
    row.household, row.text, row.triage = fact.household, fact.why, fact.triage


def _codes(starts: list[facts.ClockStarted]) -> list[str] | None:
    return [clock.code for clock in starts] or None


def joined(row: Any, fact: facts.RepairJoined, entry: Written) -> None:
    _line(row, fact, entry, into=fact.into)


def noted(row: Any, fact: facts.RepairNoted, entry: Written) -> None:
    _line(row, fact, entry)
    row.household, row.voice, row.said, row.audience = fact.household, fact.voice, fact.says, fact.audience


def photo_added(row: Any, fact: facts.PhotoAdded | facts.VideoAdded, entry: Written) -> None:
    """The picture stands with the photo, and who may see it with both."""
    _line(row, fact, entry, photo=fact.photo, stage=fact.stage)
    row.household, row.voice, row.work, row.visit = fact.household, fact.voice, fact.work, fact.visit
    row.said, row.audience = fact.shows, fact.audience


def original_given(row: Any, fact: facts.OriginalGiven, entry: Written) -> None:
    _line(row, fact, entry, photo=fact.photo)
    row.household, row.text = fact.household, fact.why


def summary_written(row: Any, fact: facts.SummaryWritten, entry: Written) -> None:
    _line(row, fact, entry, summary=fact.summary, person=fact.person, of=fact.of, finding=fact.finding)
    row.household, row.text = fact.household, fact.found


def summary_sent(row: Any, fact: facts.SummarySent, entry: Written) -> None:
    _line(row, fact, entry, summary=fact.summary, person=fact.person, how=fact.how, message=fact.message)
    row.household = fact.household


def given(row: Any, fact: facts.RepairGiven, entry: Written) -> None:
    _line(row, fact, entry, owner=fact.owner)


def rung(row: Any, fact: facts.OnCallRung, entry: Written) -> None:
    _line(row, fact, entry, ring=fact.ring, way=fact.way, staff=fact.staff, contractor=fact.contractor, lead=fact.lead)


def accepted(row: Any, fact: facts.RepairAccepted, entry: Written) -> None:
    _line(row, fact, entry, staff=fact.staff)


def work_ordered(row: Any, fact: facts.WorkOrdered, entry: Written) -> None:
    _line(
        row, fact, entry, trade=fact.trade, contractor=fact.contractor, home=fact.home, follows=fact.follows, survey=fact.survey
    )
    row.household, row.work, row.text = fact.household, fact.work, fact.what


def work_waiting(row: Any, fact: facts.WorkWaiting, entry: Written) -> None:
    _line(row, fact, entry, owner=fact.owner, look_again_on=fact.look_again_on)
    row.household, row.work, row.text = fact.household, fact.work, fact.why


def work_cancelled(row: Any, fact: facts.WorkCancelled, entry: Written) -> None:
    _line(row, fact, entry)
    row.household, row.work, row.text = fact.household, fact.work, fact.why


def visit_booked(row: Any, fact: facts.VisitBooked, entry: Written) -> None:
    _line(
        row, fact, entry, from_at=fact.from_at, until_at=fact.until_at, home=fact.home, contractor=fact.contractor, ours=fact.ours
    )
    row.work, row.visit = fact.work, fact.visit


def set_out(row: Any, fact: facts.VisitSetOut, entry: Written) -> None:
    _line(row, fact, entry)
    row.work, row.visit = fact.work, fact.visit


def home_linked(row: Any, fact: facts.RepairHomeLinked, entry: Written) -> None:
    _line(row, fact, entry, home=fact.home, part=fact.part, ended=fact.ended)
    row.household, row.text = fact.household, fact.says


def visit_cancelled(row: Any, fact: facts.VisitCancelled, entry: Written) -> None:
    _line(row, fact, entry, ours=fact.ours)
    row.household, row.work, row.visit, row.text = fact.household, fact.work, fact.visit, fact.why


def visit_missed(row: Any, fact: facts.VisitMissed, entry: Written) -> None:
    _line(row, fact, entry, unsaid=fact.unsaid, owed_pence=fact.owed_pence)
    row.work, row.visit = fact.work, fact.visit


def visit_attended(row: Any, fact: facts.VisitAttended, entry: Written) -> None:
    """What was found and done stands with the visit, where the evidence is."""
    _line(
        row, fact, entry, outcome=fact.outcome, arrived_at=fact.arrived_at, home=fact.home,
        electrics=fact.electrics, made_good=fact.made_good, starts=_codes(fact.starts), stops=fact.stops or None,
        word_of=fact.on_word_of,
    )  # fmt: skip
    row.household, row.work, row.visit = fact.household, fact.work, fact.visit


def cause_recorded(row: Any, fact: facts.CauseRecorded, entry: Written) -> None:
    _line(row, fact, entry, made_good=fact.made_good)
    row.household, row.text = fact.household, fact.cause


def hazard_step(row: Any, fact: facts.HazardStepTaken, entry: Written) -> None:
    _line(
        row, fact, entry, step=fact.step, of=fact.of, finding=fact.finding, starts=_codes(fact.starts), stops=fact.stops or None
    )
    row.household, row.text = fact.household, fact.says


def ran_out(row: Any, fact: facts.ClockRanOut, entry: Written) -> None:
    _line(row, fact, entry, code=fact.code, due_at=fact.due_at)


def asked(row: Any, fact: facts.TenantAsked, entry: Written) -> None:
    _line(row, fact, entry, channel=fact.channel, attempt=fact.attempt, person=fact.person)


def confirmed(row: Any, fact: facts.RepairConfirmed, entry: Written) -> None:
    _line(row, fact, entry, channel=fact.channel, home=fact.home)
    row.voice, row.said = fact.voice, fact.words


def closed(row: Any, fact: facts.RepairClosed, entry: Written) -> None:
    _line(row, fact, entry, how=fact.how, stops=fact.stops or None)
    row.household, row.text = fact.household, fact.why


def reopened(row: Any, fact: facts.RepairReopened, entry: Written) -> None:
    _line(row, fact, entry, channel=fact.channel, owner=fact.owner, priority=fact.priority, due_at=fact.due_at)
    row.household, row.voice, row.said = fact.household, fact.voice, fact.words


def survey(row: Any, fact: facts.SurveyRecorded, entry: Written) -> None:
    _line(row, fact, entry, survey=fact.survey, home=fact.home, surveyor=fact.surveyor)
    row.household, row.text = fact.household, fact.found


def work_proved(row: Any, fact: facts.WorkProved, entry: Written) -> None:
    _line(row, fact, entry, proof=fact.kind, electrics=fact.electrics, photo=fact.photo)
    row.household, row.work, row.text = fact.household, fact.work, fact.says


def variation_asked(row: Any, fact: facts.VariationAsked, entry: Written) -> None:
    _line(row, fact, entry, variation=fact.variation, more=fact.more, pence=fact.pence, make_safe=fact.make_safe)
    row.household, row.work, row.text = fact.household, fact.work, fact.what


def variation_decided(row: Any, fact: facts.VariationDecided, entry: Written) -> None:
    _line(row, fact, entry, variation=fact.variation, more=fact.more, pence=fact.pence, agreed=fact.agreed, at_once=fact.at_once)
    row.household, row.work, row.text = fact.household, fact.work, fact.why


def stay_offered(row: Any, fact: facts.StayOffered, entry: Written) -> None:
    """Where it is stands with the stay, under the contact key."""
    _line(row, fact, entry, stay=fact.stay)
    row.household, row.text = fact.household, fact.suits


def stay_answered(row: Any, fact: facts.StayAnswered, entry: Written) -> None:
    _line(row, fact, entry, stay=fact.stay, accepted=fact.accepted, channel=fact.channel)
    row.household, row.voice, row.said = fact.household, fact.voice, fact.says


def stay_begun(row: Any, fact: facts.StayBegun, entry: Written) -> None:
    _line(row, fact, entry, stay=fact.stay)
    row.household = fact.household


def stay_ended(row: Any, fact: facts.StayEnded, entry: Written) -> None:
    _line(row, fact, entry, stay=fact.stay, moved_back=fact.moved_back)
    row.household, row.text = fact.household, fact.says


def review_due(row: Any, fact: facts.ReviewDue, entry: Written) -> None:
    _line(row, fact, entry, review=fact.review, because=fact.because, reports=fact.reports, due_on=fact.due_on, owner=fact.owner)
    row.household = fact.household


def review_given(row: Any, fact: facts.ReviewGiven, entry: Written) -> None:
    _line(row, fact, entry, review=fact.review, owner=fact.owner)


def review_closed(row: Any, fact: facts.ReviewClosed, entry: Written) -> None:
    """What was found stands with the review; the line says what the household reads of it."""
    _line(row, fact, entry, review=fact.review)
    row.household, row.text = fact.household, fact.tells
