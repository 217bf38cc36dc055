"""What can happen to a repair, from the first word of it to the tenant's word that it is mended.

`household` is the tenancy that lives there, or the home itself when nobody does: its keys seal what was
wrong and what the household needs. `voice` is whose words they are: the person, or the repair when we do not know her.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.diary import CapacitySet as CapacitySet
from lamplit.repairs.facts.diary import DiaryRecorded as DiaryRecorded
from lamplit.repairs.facts.diary import VisitSetOut as VisitSetOut
from lamplit.repairs.facts.kept import Alone as Alone
from lamplit.repairs.facts.kept import Answer as Answer
from lamplit.repairs.facts.kept import Caller as Caller
from lamplit.repairs.facts.kept import ClockStarted as ClockStarted
from lamplit.repairs.facts.kept import HazardKept as HazardKept
from lamplit.repairs.facts.kept import TriageKept as TriageKept
from lamplit.repairs.facts.kept import Tried as Tried
from lamplit.repairs.facts.keys import FAULT, NEEDS, REACH, SAID, Pence, Plain, Trade
from lamplit.repairs.facts.money import RateLine as RateLine
from lamplit.repairs.facts.money import RateRecorded as RateRecorded
from lamplit.repairs.facts.money import VariationAsked as VariationAsked
from lamplit.repairs.facts.money import VariationDecided as VariationDecided
from lamplit.repairs.facts.photos import OriginalGiven as OriginalGiven
from lamplit.repairs.facts.photos import PhotoAdded as PhotoAdded
from lamplit.repairs.facts.photos import PhotoFile as PhotoFile
from lamplit.repairs.facts.photos import VideoAdded as VideoAdded
from lamplit.repairs.facts.photos import VideoFile as VideoFile
from lamplit.repairs.facts.reviews import ReviewClosed as ReviewClosed
from lamplit.repairs.facts.reviews import ReviewDue as ReviewDue
from lamplit.repairs.facts.reviews import ReviewGiven as ReviewGiven
from lamplit.repairs.facts.shared import RepairHomeLinked as RepairHomeLinked
from lamplit.repairs.facts.stays import StayAnswered as StayAnswered
from lamplit.repairs.facts.stays import StayBegun as StayBegun
from lamplit.repairs.facts.stays import StayEnded as StayEnded
from lamplit.repairs.facts.stays import StayOffered as StayOffered
from lamplit.repairs.facts.summaries import PaperFile as PaperFile
from lamplit.repairs.facts.summaries import SummarySent as SummarySent
from lamplit.repairs.facts.summaries import SummaryWritten as SummaryWritten
from lamplit.repairs.facts.summaries import WorkPlanned as WorkPlanned
from lamplit.repairs.facts.surveys import SurveyRecorded as SurveyRecorded
from lamplit.repairs.facts.surveys import WorkProved as WorkProved

Priority = Annotated[
    Literal["immediate", "emergency", "urgent", "routine", "planned"], Clear("the standby orders its queue by it")
]
DueAt = Annotated[datetime, Clear("the standby orders its queue by it")]
Slot = Annotated[datetime, Clear("the standby lists today's and tomorrow's visits")]
Outcome = Annotated[
    Literal["mended", "temporary", "made_safe", "no_access", "needs_parts", "other_trade", "inspected", "not_needed"],
    Clear(Plain),
]


Starts = Annotated[list[ClockStarted], Clear("the law's clocks run on at the standby")]
Stops = Annotated[list[str], Clear("the law's clocks run on at the standby")]


@fact("tree.loaded", 1, subjects=("tree",))
class TreeLoaded(Fact, frozen=True, kw_only=True):
    """A version of the diagnosis questions came into use; its text is the blob named."""

    tree: Id
    edition: Annotated[str, Clear("the landlord's own questions are no secret")]
    blob: Annotated[str, Clear("names ciphertext in the store")]


@fact("repair.reported", 1, subjects=("repair", "home", "household", "voice"))
class RepairReported(Fact, frozen=True, kw_only=True):
    """Somebody told us that something in or about a home needs mending. `at` is when she said it: we are aware from then."""

    repair: Id
    home: Id
    household: Id
    voice: Id
    reporter: Id | None = None
    reference: Annotated[str, Clear("a number made at random")]
    channel: Annotated[
        Literal["portal", "visitor", "phone", "email", "text", "letter", "counter", "visit", "staff", "old_system"],
        Clear("how reports reach us, for the figures"),
    ]
    edition: Annotated[str, Clear("which version of the questions was asked")] | None = None
    priority: Priority
    due_at: DueAt
    starts: Starts
    follows: Id | None = None  # an earlier repair of which this is a repeat
    title: Annotated[Personal[str], FAULT] = None
    fault: Annotated[Personal[str], FAULT] = None
    group: Annotated[Personal[str], FAULT] = None
    room: Annotated[Personal[str], FAULT] = None
    answers: Annotated[Personal[list[Answer]], FAULT] = None
    triage: Annotated[Personal[TriageKept], NEEDS] = None
    words: Annotated[Personal[str], SAID] = None
    caller: Annotated[Personal[Caller], REACH] = None
    # Kept whenever somebody from outside the household reports, also where it makes no difference: else it would tell of one.
    alone: Annotated[Personal[Alone], NEEDS] = None
    old_reference: Annotated[Personal[str], FAULT] = None  # in the system that it was brought over from
    block: Id | None = None  # it is in a shared part of this block, which then stands for home and household too


@fact("repair.retriaged", 1, subjects=("repair", "household"))
class RepairRetriaged(Fact, frozen=True, kw_only=True):
    """What we learned since changed a repair's priority or its clocks."""

    repair: Id
    household: Id
    priority: Priority
    due_at: DueAt
    starts: Starts
    stops: Stops
    why: Annotated[Personal[str], FAULT] = None
    triage: Annotated[Personal[TriageKept], NEEDS] = None


@fact("repair.joined", 1, subjects=("repair", "into"))
class RepairJoined(Fact, frozen=True, kw_only=True):
    """A report turned out to be of the same fault as an earlier one and goes on under it; it still counts as a report."""

    repair: Id
    into: Id


@fact("repair.noted", 1, subjects=("repair", "household", "voice"))
class RepairNoted(Fact, frozen=True, kw_only=True):
    """Something was added to a repair. `audience`: all, voice (she and staff), staff or restricted."""

    repair: Id
    household: Id
    voice: Id
    says: Annotated[Personal[str], SAID] = None
    audience: Annotated[Personal[str], SAID] = None


@fact("repair.given", 1, subjects=("repair", "owner"))
class RepairGiven(Fact, frozen=True, kw_only=True):
    """A repair was given to a named person, who sees it through."""

    repair: Id
    owner: Id


@fact("on_call.rung", 1, subjects=("repair", "staff", "contractor"))
class OnCallRung(Fact, frozen=True, kw_only=True):
    """Somebody was rung or texted to take an emergency."""

    repair: Id
    ring: Annotated[int, msgspec.Meta(ge=1, le=999), Clear(Plain)]
    way: Annotated[Literal["text", "call"], Clear(Plain)]
    staff: Id | None = None
    contractor: Id | None = None
    lead: Annotated[bool, Clear(Plain)]


@fact("repair.accepted", 1, subjects=("repair", "staff"))
class RepairAccepted(Fact, frozen=True, kw_only=True):
    """A named person accepted an emergency: she has it now."""

    repair: Id
    staff: Id


@fact("work.ordered", 1, subjects=("work", "repair", "home", "household", "contractor"))
class WorkOrdered(Fact, frozen=True, kw_only=True):
    """A piece of work was ordered. `follows`: the work that it goes on from. `needs`: evidence without which it is not done.

    `survey`: the survey that found it to be needed. `price` by the schedule of rates, `pence` its sum.
    """

    work: Id
    repair: Id
    home: Id
    household: Id
    trade: Trade
    contractor: Id | None = None
    follows: Id | None = None
    needs: Annotated[list[str], Clear(Plain)]
    what: Annotated[Personal[str], FAULT] = None
    survey: Id | None = None
    target_on: Annotated[date, Clear("the standby orders its queue by it")] | None = None
    pence: Pence | None = None
    place: Annotated[Personal[str], FAULT] = None
    price: Annotated[Personal[list[RateLine]], FAULT] = None


@fact("work.waiting", 1, subjects=("work", "repair", "household", "owner"))
class WorkWaiting(Fact, frozen=True, kw_only=True):
    """A piece of work has to wait: for what, who has it, and when we look again."""

    work: Id
    repair: Id
    household: Id
    owner: Id
    look_again_on: Annotated[date, Clear("the standby orders its queue by it")]
    why: Annotated[Personal[str], FAULT] = None


@fact("work.cancelled", 1, subjects=("work", "repair", "household"))
class WorkCancelled(Fact, frozen=True, kw_only=True):
    """A piece of work is not needed after all."""

    work: Id
    repair: Id
    household: Id
    why: Annotated[Personal[str], FAULT] = None


@fact("visit.booked", 1, subjects=("visit", "work", "repair", "home"))
class VisitBooked(Fact, frozen=True, kw_only=True):
    """A visit was agreed or promised for a time; booking the same visit again moves it."""

    visit: Id
    work: Id
    repair: Id
    home: Id
    from_at: Slot
    until_at: Slot
    contractor: Id | None = None
    operative: Id | None = None
    diary: Id | None = None  # the diary in which it takes a place
    ours: Annotated[bool, Clear(Plain)] | None = None  # when it is moved: True when we asked for that, False when they did


@fact("visit.cancelled", 1, subjects=("visit", "work", "repair"))
class VisitCancelled(Fact, frozen=True, kw_only=True):
    """A visit will not happen; `ours` when we called it off."""

    visit: Id
    work: Id
    repair: Id
    household: Id
    ours: Annotated[bool, Clear(Plain)]
    why: Annotated[Personal[str], FAULT] = None


@fact("visit.missed", 1, subjects=("visit", "work", "repair"))
class VisitMissed(Fact, frozen=True, kw_only=True):
    """We did not come in the time that we promised. `unsaid`: nobody told us that somebody came, so it counts as missed."""

    visit: Id
    work: Id
    repair: Id
    unsaid: Annotated[bool, Clear(Plain)] | None = None
    owed_pence: Annotated[int, msgspec.Meta(ge=1), Clear("what our policy pays to whomever we miss")] | None = None


@fact("visit.attended", 1, subjects=("visit", "work", "repair", "home", "household"))
class VisitAttended(Fact, frozen=True, kw_only=True):
    """Somebody came: what was found and done. `electrics`: the test result or isolation where water met electrics."""

    visit: Id
    work: Id
    repair: Id
    home: Id
    household: Id
    outcome: Outcome
    arrived_at: Slot
    left_at: Slot | None = None
    stops: Stops
    starts: Starts
    electrics: Annotated[Literal["tested", "isolated"], Clear(Plain)] | None = None
    made_good: Annotated[bool, Clear(Plain)] | None = None
    found: Annotated[Personal[str], FAULT] = None
    did: Annotated[Personal[str], FAULT] = None
    cause: Annotated[Personal[str], FAULT] = None
    evidence: Annotated[Personal[list[str]], FAULT] = None  # what was seen or measured, in words; blobs are named blob:<hash>
    tried: Annotated[Personal[list[Tried]], FAULT] = None
    after_all: Annotated[bool, Clear(Plain)] | None = None  # it counted as missed until now, and somebody came in time
    on_word_of: Id | None = None  # who was there and wrote it on paper, where somebody else keyed it


@fact("cause.recorded", 1, subjects=("repair", "household"))
class CauseRecorded(Fact, frozen=True, kw_only=True):
    """The cause of a leak, damp or repeat was found; `made_good` once spoiled surfaces are put right."""

    repair: Id
    household: Id
    made_good: Annotated[bool, Clear(Plain)] | None = None
    cause: Annotated[Personal[str], FAULT] = None


@fact("hazard.step_taken", 1, subjects=("repair", "household"))
class HazardStepTaken(Fact, frozen=True, kw_only=True):
    """A step of Awaab's Law was taken (SI 2025/1042): investigated, made safe and so on, with its clocks."""

    repair: Id
    household: Id
    step: Annotated[str, Clear("the law's clocks run on at the standby")]
    starts: Starts
    stops: Stops
    finding: Annotated[Literal["none", "significant", "emergency"], Clear("the law's clocks run on at the standby")] | None = None
    says: Annotated[Personal[str], FAULT] = None
    of: Annotated[int, Clear("which hazard of the repair, by its number; not which it is")] | None = None  # None: the first


@fact("clock.ran_out", 1, subjects=("repair",))
class ClockRanOut(Fact, frozen=True, kw_only=True):
    """A clock ran out before what it waits for was done."""

    repair: Id
    code: Annotated[str, Clear("the law's clocks run on at the standby")]
    due_at: DueAt


@fact("tenant.asked", 1, subjects=("repair", "household", "person"))
class TenantAsked(Fact, frozen=True, kw_only=True):
    """We asked whether it is mended."""

    repair: Id
    household: Id
    person: Id | None = None
    channel: Annotated[Literal["text", "email", "call", "letter", "visit", "portal"], Clear(Plain)]
    attempt: Annotated[int, msgspec.Meta(ge=1, le=99), Clear(Plain)]


@fact("repair.confirmed", 1, subjects=("repair", "voice"))
class RepairConfirmed(Fact, frozen=True, kw_only=True):
    """She says that it is mended."""

    repair: Id
    voice: Id
    channel: Annotated[str, Clear(Plain)]
    words: Annotated[Personal[str], SAID] = None
    home: Id | None = None  # of another home that the repair concerns too: its household's word


@fact("repair.closed", 1, subjects=("repair", "household"))
class RepairClosed(Fact, frozen=True, kw_only=True):
    """A repair ended: confirmed by her word, or closed by a person without it, and we say which."""

    repair: Id
    household: Id
    how: Annotated[Literal["confirmed", "not_confirmed", "joined", "not_ours"], Clear(Plain)]
    stops: Stops
    why: Annotated[Personal[str], FAULT] = None


@fact("repair.reopened", 1, subjects=("repair", "household", "voice", "owner"))
class RepairReopened(Fact, frozen=True, kw_only=True):
    """It is not mended: the repair goes on, and a named person has it."""

    repair: Id
    household: Id
    voice: Id
    owner: Id | None = None
    channel: Annotated[str, Clear(Plain)]
    priority: Priority
    due_at: DueAt
    starts: Starts
    words: Annotated[Personal[str], SAID] = None
