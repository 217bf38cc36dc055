"""The written summary of an investigation, as each tenant gets it."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, Plain
from lamplit.repairs.facts.photos import Blob

MOST_WORKS = 12  # pieces of work in one summary


class WorkPlanned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One piece of work that a summary promises, with the days on which it begins and is finished at the latest."""

    what: str
    begins_on: date
    ends_on: date


class PaperFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A paper as it was sent: whoever has it can prove by its hash that it is this one."""

    sha256: str
    size: int


@fact("summary.written", 1, subjects=("summary", "repair", "household", "person"))
class SummaryWritten(Fact, frozen=True, kw_only=True):
    """The written summary of an investigation was made for one named tenant (SI 2025/1042; guidance, section 6).

    `finding` is what the investigation found; `works` what will be done, or `no_work` why nothing is. The blob is the PDF, sealed
    with the household's key. It counts as sent once `summary.sent` says so.
    """

    summary: Id
    repair: Id
    household: Id
    person: Id
    of: Annotated[int, Clear("which hazard of the repair, by its number; not which it is")] | None = None  # None: the first
    finding: Annotated[Literal["none", "significant", "emergency"], Clear("the law's clocks run on at the standby")]
    paper: Blob
    file: Annotated[Personal[PaperFile], FAULT] = None
    found: Annotated[Personal[str], FAULT] = None
    works: Annotated[Personal[list[WorkPlanned]], FAULT] = None
    no_work: Annotated[Personal[str], FAULT] = None


@fact("summary.sent", 1, subjects=("summary", "repair", "household", "person"))
class SummarySent(Fact, frozen=True, kw_only=True):
    """A written summary was sent to its tenant: `at` is when it left us, which is what the law counts."""

    summary: Id
    repair: Id
    household: Id
    person: Id
    how: Annotated[Literal["email", "post", "hand", "left"], Clear(Plain)]  # left: at the home
    message: Id | None = None  # the message that carried it
