"""Which fact has which reactions: one readable list. Every fact stands here; an empty list is a decision too."""

from lamplit.basics.fact import Fact
from lamplit.complaints import facts as complained
from lamplit.homes import facts as housed
from lamplit.messages import facts as said
from lamplit.people import facts as known
from lamplit.reactions import complaints, people, repairs
from lamplit.reactions.follow import Reaction
from lamplit.record import facts as kept
from lamplit.repairs import facts as repaired
from lamplit.staff import facts as employed
from lamplit.tenancies import facts as let

REACTIONS: dict[type[Fact], list[Reaction]] = {
    # the record's own facts: an administrator reads them on the record's page
    kept.DatabaseOpened: [],
    kept.RowRestored: [],
    kept.RecordRestored: [],
    kept.ErasureOrdered: [],
    kept.ErasureCalledOff: [],
    kept.ErasureDone: [],
    # homes
    housed.BlockRecorded: [],
    housed.HomeRecorded: [],
    housed.HomeCorrected: [],
    housed.HomeNoted: [],
    housed.ComponentRecorded: [],
    housed.ComponentChecked: [],
    # people
    known.PersonRecorded: [],
    known.PersonCorrected: [],
    known.ReachRecorded: [people.reach_added],
    known.PersonNoted: [],  # what is noted may be known to her alone, or to nobody at her address
    known.PersonRepresented: [],
    # staff
    employed.ContractorRecorded: [],
    employed.StaffJoined: [],
    employed.StaffChanged: [],
    employed.StaffShutOut: [],
    employed.StaffLetIn: [],
    employed.TokenGiven: [],
    employed.TokenEnded: [],
    employed.OnCallSet: [],
    # tenancies
    let.TenancyStarted: [],
    let.HouseholdJoined: [],
    let.HouseholdLeft: [],
    let.TenancyEnded: [],
    # messages: the sender looks for what is ordered, and the action itself finds the next way when one fails
    said.ContactMade: [],
    said.PromiseMade: [],
    said.PromiseKept: [],
    said.MessageOrdered: [],
    said.MessageSent: [],
    said.MessageFailed: [],
    # complaints
    complained.ComplaintMade: [complaints.receipt],
    complained.ComplaintAssigned: [],
    complained.ComplaintAcknowledged: [],  # it says that we told her already
    # repairs
    repaired.TreeLoaded: [],
    repaired.RepairReported: [repairs.receipt, repairs.word_to_the_household],
    repaired.RepairRetriaged: [],
    repaired.RepairJoined: [repairs.joined],
    repaired.RepairNoted: [],
    repaired.PhotoAdded: [],
    repaired.RepairGiven: [],
    repaired.OnCallRung: [repairs.ring],
    repaired.RepairAccepted: [repairs.accepted],
    repaired.WorkOrdered: [],
    repaired.WorkWaiting: [],
    repaired.WorkCancelled: [],
    repaired.VisitBooked: [repairs.visit_booked],
    repaired.VisitCancelled: [repairs.visit_cancelled],
    repaired.VisitMissed: [repairs.visit_missed],
    repaired.VisitAttended: [repairs.no_access],
    repaired.CauseRecorded: [],
    repaired.HazardStepTaken: [],
    repaired.ClockRanOut: [],  # it goes to the top of the queue
    repaired.TenantAsked: [repairs.asked],
    repaired.RepairConfirmed: [],
    repaired.RepairClosed: [repairs.closed],
    repaired.RepairReopened: [repairs.reopened],
}
