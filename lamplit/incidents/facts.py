"""What can happen in an incident. What is said in one is published, so it stands in clear and names nobody.

Who checked something is named under the incident's own key; the firm or team that she belongs to is published.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

CASE = Key("incident", "case")

State = Literal["working", "limited", "down"]
Known = Literal["known", "not_yet", "cannot"]

Drill = Annotated[bool, Clear("a drill is never shown as an incident")]
Service = Annotated[str, Clear("a service of the dated configuration")]
Published = Annotated[str, Clear("the public reads it; a rule refuses what is a number of an account")]
Duty = Annotated[str, Clear("a duty of the dated configuration")]
PromisedAt = Annotated[datetime, Clear("the public waits for it, and the standby must keep it")]
CheckedAt = Annotated[datetime, Clear("published with the sentence that rests on it")]


@fact("incident.opened", 1, subjects=("incident", "line"))
class IncidentOpened(Fact, frozen=True, kw_only=True):
    """Somebody declared that services do not work as they should, or that data may be in danger.

    `line` is the first thing said of it as a whole. `aware_at` is when we knew: the law's clocks begin there.
    """

    incident: Id
    line: Id
    drill: Drill
    says: Published
    next_at: PromisedAt
    aware_at: Annotated[datetime, Clear("the law's clocks begin there")]


@fact("incident.service_said", 1, subjects=("incident", "line", "keeps"))
class ServiceSaid(Fact, frozen=True, kw_only=True):
    """We said how one service stands. `keeps` is the line whose promise of an update this keeps."""

    incident: Id
    line: Id
    service: Service
    state: Annotated[State, Clear("published")]
    known: Annotated[Known, Clear("published: whether we know what happened to it")]
    works: Published | None = None
    instead: Published | None = None
    says: Published | None = None
    looked_at: Published | None = None
    back_at: PromisedAt | None = None
    next_at: PromisedAt | None = None
    keeps: Id | None = None
    checked_by: Published | None = None
    checked_what: Published | None = None
    checked_at: CheckedAt | None = None
    checker: Annotated[Personal[str], CASE] = None


@fact("incident.update_said", 1, subjects=("incident", "line", "keeps"))
class UpdateSaid(Fact, frozen=True, kw_only=True):
    """We said something of the incident as a whole."""

    incident: Id
    line: Id
    says: Published
    next_at: PromisedAt
    keeps: Id | None = None
    checked_by: Published | None = None
    checked_what: Published | None = None
    checked_at: CheckedAt | None = None
    checker: Annotated[Personal[str], CASE] = None


@fact("incident.promise_moved", 1, subjects=("incident", "line"))
class PromiseMoved(Fact, frozen=True, kw_only=True):
    """A promised update was put off before it was due, and the public was told why."""

    incident: Id
    line: Id
    from_at: PromisedAt
    next_at: PromisedAt
    why: Published


@fact("incident.promise_near", 1, subjects=("incident", "line"))
class PromiseNear(Fact, frozen=True, kw_only=True):
    """A promised update was about to be missed, and the lead was rung."""

    incident: Id
    line: Id
    next_at: PromisedAt


@fact("incident.promise_missed", 1, subjects=("incident", "line"))
class PromiseMissed(Fact, frozen=True, kw_only=True):
    """The time of a promised update went by and nothing had been said."""

    incident: Id
    line: Id
    next_at: PromisedAt


@fact("incident.corrected", 1, subjects=("incident", "line", "right"))
class StatementCorrected(Fact, frozen=True, kw_only=True):
    """Something that we had said was wrong. Its words stay where they were; `right` is the line that takes their place."""

    incident: Id
    line: Id
    right: Id
    why: Published


@fact("incident.ended", 1, subjects=("incident", "line", "keeps"))
class IncidentEnded(Fact, frozen=True, kw_only=True):
    """The incident was over: every service worked, and what happened to the data was said."""

    incident: Id
    line: Id
    drill: Drill
    says: Published
    keeps: list[Id]


@fact("incident.kind_declared", 1, subjects=("incident",))
class KindDeclared(Fact, frozen=True, kw_only=True):
    """Somebody said what an incident is about, so that the duties of that begin."""

    incident: Id
    kind: Annotated[str, Clear("a kind of the dated configuration")]
    aware_at: Annotated[datetime, Clear("the law's clocks begin there")]


@fact("incident.duty_started", 1, subjects=("incident",))
class DutyStarted(Fact, frozen=True, kw_only=True):
    """The clock of a duty began with what was declared."""

    incident: Id
    duty: Duty
    starts_at: Annotated[datetime, Clear("when we knew")]
    due_at: Annotated[datetime, Clear("the standby must keep the clock")]


@fact("incident.duty_given", 1, subjects=("incident", "owner"))
class DutyGiven(Fact, frozen=True, kw_only=True):
    """A duty was given to a named person."""

    incident: Id
    duty: Duty
    owner: Id


@fact("incident.duty_done", 1, subjects=("incident",))
class DutyDone(Fact, frozen=True, kw_only=True):
    """A duty was done, with a reference or the name of whoever was spoken to; or somebody decided that it is not needed."""

    incident: Id
    duty: Duty
    outcome: Annotated[Literal["done", "not_needed"], Clear("whether the clock was kept")]
    reference: Annotated[Personal[str], CASE] = None
    spoken_to: Annotated[Personal[str], CASE] = None
    why: Annotated[Personal[str], CASE] = None


@fact("incident.duty_rang", 1, subjects=("incident",))
class DutyRang(Fact, frozen=True, kw_only=True):
    """A duty that was nearly due, or overdue, rang its owner."""

    incident: Id
    duty: Duty
    overdue: Annotated[bool, Clear("the clock itself says so")]


TAKEN = Key("takeover", "case")
_RECORD = "whoever may read the record may know how it was kept"


@fact("takeover.declared", 1, subjects=("takeover",))
class TakeoverDeclared(Fact, frozen=True, kw_only=True):
    """Our standby took over from the main system, whose record ends for us with this size and root.

    `alone`: one person declared it, since the second did not answer in time; her word is to follow. Source: the standby.
    """

    takeover: Id
    main: Annotated[str, Clear(_RECORD)]
    size: Annotated[int, Clear(_RECORD)]
    root: Annotated[str, Clear(_RECORD)]
    drill: Drill
    alone: Annotated[bool, Clear(_RECORD)]
    asked_at: Annotated[datetime, Clear(_RECORD)]
    first: Annotated[Personal[str], TAKEN] = None
    second: Annotated[Personal[str], TAKEN] = None
    why: Annotated[Personal[str], TAKEN] = None


@fact("takeover.confirmed", 1, subjects=("takeover",))
class TakeoverConfirmed(Fact, frozen=True, kw_only=True):
    """The second person said afterwards that taking over was right."""

    takeover: Id
    second: Annotated[Personal[str], TAKEN] = None


@fact("takeover.ended", 1, subjects=("takeover",))
class TakeoverEnded(Fact, frozen=True, kw_only=True):
    """The main system works again and holds everything that the standby wrote: from here on it alone promises."""

    takeover: Id
    standby: Annotated[str, Clear(_RECORD)]
    size: Annotated[int, Clear("how many entries of the standby's record it holds")]


@fact("clash.found", 1, subjects=("clash", "about"))
class ClashFound(Fact, frozen=True, kw_only=True):
    """Main and the standby both wrote about the same thing, not knowing of each other. A person looks; nothing was dropped."""

    clash: Id
    about: Id
    why: Annotated[Literal["same_thing", "same_command"], Clear(_RECORD)]
    main_kinds: Annotated[list[str], Clear("kinds of facts are clear in the record")]
    standby_kinds: Annotated[list[str], Clear("kinds of facts are clear in the record")]
    standby: Annotated[str, Clear(_RECORD)]


@fact("clash.settled", 1, subjects=("clash",))
class ClashSettled(Fact, frozen=True, kw_only=True):
    """A person looked at what main and the standby both wrote, and put right what was wrong."""

    clash: Id
    outcome: Annotated[Literal["fine", "put_right"], Clear("whether there was something to put right")]
    why: Annotated[Personal[str], Key("clash", "case")] = None


Span = Annotated[datetime, Clear("in which time an account was stolen is for everyone to check")]
_COUNT = "how much of it was answered is for everyone to check"


@fact("incident.undo_agreed", 1, subjects=("undo", "account", "agreed"))
class UndoAgreed(Fact, frozen=True, kw_only=True):
    """Two members of staff agreed that what an account wrote in a time is answered: somebody had stolen it.

    Source: `docs/incidents.md`; the record proves what was entered, and a wrong entry is answered by another one.
    """

    undo: Id
    account: Id
    from_at: Span
    to_at: Span
    entries: Annotated[int, Clear(_COUNT)]
    agreed: list[Id]


@fact("incident.undo_ended", 1, subjects=("undo",))
class UndoEnded(Fact, frozen=True, kw_only=True):
    """What a stolen account had written was answered as far as a machine can. `left`: entries that a person looks at.

    Source: `docs/incidents.md`.
    """

    undo: Id
    answered: Annotated[int, Clear(_COUNT)]
    left: list[Id]
    more: Annotated[int, Clear(_COUNT)] | None = None  # so many more are left than `left` names


@fact("owed.released", 1, subjects=())
class OwedReleased(Fact, frozen=True, kw_only=True):
    """After the record came back, somebody let the worker tell what tenants may not have been told. Source: `docs/record.md`."""

    entries: Annotated[int, Clear("how much was owed is for everyone to check")]


_REHEARSED = "how fast we come back is published"
How = Annotated[Literal["nightly", "custodians"], Clear(_REHEARSED)]


@fact("rehearsal.done", 1, subjects=("rehearsal",))
class RehearsalDone(Fact, frozen=True, kw_only=True):
    """Coming back was rehearsed: every table was made again from the real store, and compared. Source: the landlord's policy.

    `custodians`: on a clean machine, with the custodians' own key; `who` brought it.
    """

    rehearsal: Id
    how: How
    holds: Annotated[bool, Clear(_REHEARSED)]
    size: Annotated[int, Clear(_REHEARSED)]
    seconds: Annotated[int, Clear(_REHEARSED)]
    rows: Annotated[int, Clear(_REHEARSED)]
    differences: Annotated[int, Clear(_REHEARSED)]
    who: Annotated[Personal[str], Key("rehearsal", "contact")] = None


@fact("rehearsal.overdue", 1, subjects=())
class RehearsalOverdue(Fact, frozen=True, kw_only=True):
    """No rehearsal of a kind had succeeded for longer than the landlord allows, and it rang. Source: the landlord's policy."""

    how: How
    last_at: Annotated[datetime, Clear(_REHEARSED)]


Sent = Annotated[str, Clear("everybody is sent it; a rule refuses links and the numbers of accounts")]
What = Annotated[Literal["everyone", "put_away"], Clear("whom it goes to: all, or whoever has a letter that was stopped")]
_COUNT = "how far a job is"


@fact("incident.telling_prepared", 1, subjects=("incident", "telling"))
class TellingPrepared(Fact, frozen=True, kw_only=True):
    """Words were prepared that every household is to be sent, in an incident. Source: the lead, at the desk."""

    incident: Id
    telling: Id
    what: What
    subject: Sent
    short: Sent
    long: Sent
    script: Sent
    number: Sent
    next_at: PromisedAt


@fact("incident.telling_agreed", 1, subjects=("incident", "telling"))
class TellingAgreed(Fact, frozen=True, kw_only=True):
    """Somebody read the words and agreed that they go out. With the second person they do."""

    incident: Id
    telling: Id
    second: Annotated[bool, Clear("whether it goes out now")]


@fact("incident.telling_written", 1, subjects=("incident", "telling"))
class TellingWritten(Fact, frozen=True, kw_only=True):
    """A batch of the messages was ordered. `upto` is the last household or letter of it; `over`: there is none after it."""

    incident: Id
    telling: Id
    upto: Annotated[str, Clear(_COUNT)]
    households: Annotated[int, Clear(_COUNT)]
    people: Annotated[int, Clear(_COUNT)]
    over: Annotated[bool, Clear(_COUNT)]


CARE = Key("person", "care")


@fact("incident.household_rung", 1, subjects=("incident", "call", "household", "person"))
class HouseholdRung(Fact, frozen=True, kw_only=True):
    """Somebody rang a household to hear whether all are well. What came of it is sealed. Source: whoever rang, at the desk."""

    incident: Id
    call: Id
    household: Id
    person: Id
    outcome: Annotated[Personal[str], CARE] = None  # well, needs_help, no_answer, wrong_number, refused
    needs: Annotated[Personal[str], CARE] = None
    next_on: Annotated[Personal[date], CARE] = None


@fact("incident.calls_late", 1, subjects=("incident",))
class CallsLate(Fact, frozen=True, kw_only=True):
    """Households have gone unreached for too long, and whoever leads was rung."""

    incident: Id
    households: Annotated[int, Clear("a number names nobody")]
