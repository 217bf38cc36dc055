"""Which fact folds into which table: one readable list. `lamplit.record.wiring` says what the four verbs mean."""

from lamplit.basics.fact import Fact
from lamplit.complaints import fold as complaints
from lamplit.complaints.facts import ComplaintAcknowledged, ComplaintAssigned, ComplaintMade
from lamplit.complaints.models import Complaint
from lamplit.homes import fold as homes
from lamplit.homes.facts import (
    BlockRecorded,
    ComponentChecked,
    ComponentRecorded,
    HomeCorrected,
    HomeNoted,
    HomeRecorded,
)
from lamplit.homes.models import Block, Component, Home, HomeBelief, HomeNote, SafetyCheck
from lamplit.messages import fold as messages
from lamplit.messages.facts import ContactMade, MessageFailed, MessageOrdered, MessageSent, PromiseKept, PromiseMade
from lamplit.messages.models import Contact, Message, Promise
from lamplit.people import fold as people
from lamplit.people.facts import PersonCorrected, PersonNoted, PersonRecorded, PersonRepresented, ReachRecorded
from lamplit.people.models import Mandate, Person, PersonBelief, PersonNote, Reach
from lamplit.record.facts import DatabaseOpened, ErasureCalledOff, ErasureDone, ErasureOrdered, RecordRestored, RowRestored
from lamplit.record.fields import table_of
from lamplit.record.wiring import Fold, Wiring, adds, changes, makes, sets
from lamplit.repairs import facts as repaired
from lamplit.repairs.fold import happening, works
from lamplit.repairs.fold import repair as repairs
from lamplit.repairs.models import Happening, Photo, Repair, RepairClock, Tree, Visit, Work
from lamplit.staff import fold as staff
from lamplit.staff.facts import (
    ContractorRecorded,
    OnCallSet,
    StaffChanged,
    StaffJoined,
    StaffLetIn,
    StaffShutOut,
    TokenEnded,
    TokenGiven,
)
from lamplit.staff.models import Contractor, Shift, Staff, Token
from lamplit.tenancies import fold as tenancies
from lamplit.tenancies.facts import HouseholdJoined, HouseholdLeft, TenancyEnded, TenancyStarted
from lamplit.tenancies.models import Member, Tenancy

FOLDS: dict[type[Fact], list[Fold]] = {
    # the record's own facts
    DatabaseOpened: [],
    RowRestored: [],
    RecordRestored: [],
    ErasureOrdered: [],
    ErasureCalledOff: [],
    ErasureDone: [],
    # homes
    BlockRecorded: [sets(Block, "block", homes.block_recorded)],
    HomeRecorded: [makes(Home, "home", homes.recorded), adds(HomeBelief, homes.belief)],
    HomeCorrected: [changes(Home, "home", homes.believed), adds(HomeBelief, homes.belief)],
    HomeNoted: [sets(HomeNote, "note", homes.noted)],
    ComponentRecorded: [sets(Component, "component", homes.component_recorded)],
    ComponentChecked: [adds(SafetyCheck, homes.checked)],
    # people
    PersonRecorded: [makes(Person, "person", people.recorded), adds(PersonBelief, people.belief)],
    PersonCorrected: [changes(Person, "person", people.believed), adds(PersonBelief, people.belief)],
    ReachRecorded: [sets(Reach, "reach", people.reach_recorded)],
    PersonNoted: [sets(PersonNote, "note", people.noted)],
    PersonRepresented: [sets(Mandate, "mandate", people.represented)],
    # staff
    ContractorRecorded: [sets(Contractor, "contractor", staff.contractor_recorded)],
    StaffJoined: [makes(Staff, "staff", staff.joined)],
    StaffChanged: [changes(Staff, "staff", staff.changed)],
    StaffShutOut: [changes(Staff, "staff", staff.shut_out)],
    StaffLetIn: [changes(Staff, "staff", staff.let_in)],
    TokenGiven: [makes(Token, "token", staff.token_given)],
    TokenEnded: [changes(Token, "token", staff.token_ended)],
    OnCallSet: [sets(Shift, "shift", staff.on_call_set)],
    # tenancies
    TenancyStarted: [
        makes(Tenancy, "tenancy", tenancies.started),
        makes(Member, tenancies.tenant_keys, tenancies.tenant_started),
    ],
    HouseholdJoined: [sets(Member, tenancies.member_keys, tenancies.joined)],
    HouseholdLeft: [changes(Member, tenancies.member_keys, tenancies.left)],
    TenancyEnded: [changes(Tenancy, "tenancy", tenancies.ended)],
    # messages
    ContactMade: [makes(Contact, "contact", messages.contact_made)],
    PromiseMade: [makes(Promise, "promise", messages.promise_made)],
    PromiseKept: [changes(Promise, "promise", messages.promise_kept)],
    MessageOrdered: [makes(Message, "message", messages.message_ordered)],
    MessageSent: [changes(Message, "message", messages.message_sent)],
    MessageFailed: [changes(Message, "message", messages.message_failed)],
    # complaints
    ComplaintMade: [makes(Complaint, "complaint", complaints.made)],
    ComplaintAssigned: [changes(Complaint, "complaint", complaints.assigned)],
    ComplaintAcknowledged: [changes(Complaint, "complaint", complaints.acknowledged)],
    # repairs
    repaired.TreeLoaded: [makes(Tree, "tree", works.loaded)],
    repaired.RepairReported: [
        makes(Repair, "repair", repairs.reported),
        sets(RepairClock, works.start_keys, works.clock_started),
        adds(Happening, happening.reported),
    ],
    repaired.RepairRetriaged: [
        changes(Repair, "repair", repairs.retriaged),
        changes(RepairClock, works.stop_keys, works.clock_stopped),
        sets(RepairClock, works.start_keys, works.clock_started),
        adds(Happening, happening.retriaged),
    ],
    repaired.RepairJoined: [
        changes(Repair, "repair", repairs.joined),
        changes(Repair, "into", repairs.counted),
        adds(Happening, happening.joined),
    ],
    repaired.RepairNoted: [adds(Happening, happening.noted)],
    repaired.PhotoAdded: [makes(Photo, "photo", works.photo_added), adds(Happening, happening.photo_added)],
    repaired.RepairGiven: [changes(Repair, "repair", repairs.given), adds(Happening, happening.given)],
    repaired.OnCallRung: [changes(Repair, "repair", repairs.rung), adds(Happening, happening.rung)],
    repaired.RepairAccepted: [changes(Repair, "repair", repairs.accepted), adds(Happening, happening.accepted)],
    repaired.WorkOrdered: [
        makes(Work, "work", works.ordered),
        changes(Repair, "repair", repairs.work_ordered),
        adds(Happening, happening.work_ordered),
    ],
    repaired.WorkWaiting: [
        changes(Work, "work", works.waiting),
        changes(Repair, "repair", repairs.work_waiting),
        adds(Happening, happening.work_waiting),
    ],
    repaired.WorkCancelled: [
        changes(Work, "work", works.cancelled),
        changes(Repair, "repair", repairs.work_cancelled),
        adds(Happening, happening.work_cancelled),
    ],
    repaired.VisitBooked: [
        sets(Visit, "visit", works.booked),
        changes(Work, "work", works.work_booked),
        changes(Repair, "repair", repairs.visit_booked),
        adds(Happening, happening.visit_booked),
    ],
    repaired.VisitCancelled: [
        changes(Visit, "visit", works.visit_cancelled),
        changes(Work, "work", works.work_let_go),
        changes(Repair, "repair", repairs.visit_cancelled),
        adds(Happening, happening.visit_cancelled),
    ],
    repaired.VisitMissed: [
        changes(Visit, "visit", works.visit_missed),
        changes(Work, "work", works.work_let_go),
        changes(Repair, "repair", repairs.visit_missed),
        adds(Happening, happening.visit_missed),
    ],
    repaired.VisitAttended: [
        sets(Visit, "visit", works.attended),
        changes(Work, "work", works.work_attended),
        changes(Repair, "repair", repairs.visit_attended),
        changes(RepairClock, works.stop_keys, works.clock_stopped),
        sets(RepairClock, works.start_keys, works.clock_started),
        adds(Happening, happening.visit_attended),
    ],
    repaired.CauseRecorded: [changes(Repair, "repair", repairs.cause_recorded), adds(Happening, happening.cause_recorded)],
    repaired.HazardStepTaken: [
        changes(Repair, "repair", repairs.hazard_step),
        changes(RepairClock, works.stop_keys, works.clock_stopped),
        sets(RepairClock, works.start_keys, works.clock_started),
        adds(Happening, happening.hazard_step),
    ],
    repaired.ClockRanOut: [
        changes(RepairClock, works.ran_out_keys, works.clock_ran_out),
        changes(Repair, "repair", repairs.ran_out),
        adds(Happening, happening.ran_out),
    ],
    repaired.TenantAsked: [changes(Repair, "repair", repairs.asked), adds(Happening, happening.asked)],
    repaired.RepairConfirmed: [changes(Repair, "repair", repairs.confirmed), adds(Happening, happening.confirmed)],
    repaired.RepairClosed: [
        changes(Repair, "repair", repairs.closed),
        changes(RepairClock, works.stop_keys, works.clock_stopped),
        adds(Happening, happening.closed),
    ],
    repaired.RepairReopened: [
        changes(Repair, "repair", repairs.reopened),
        sets(RepairClock, works.start_keys, works.clock_started),
        adds(Happening, happening.reopened),
    ],
}


# Rows that a rebuild keeps together, by the clear field that every fact of theirs has.
TOGETHER = {RepairClock: "repair", Work: "repair", Visit: "repair"}


def wiring() -> Wiring:
    """Return every fold, ready to run."""
    return Wiring(FOLDS, table_of, TOGETHER)
