"""Which fact folds into which table: one readable list. `lamplit.record.wiring` says what the four verbs mean."""

from functools import cache

from lamplit.basics.fact import Fact
from lamplit.complaints import fold as complaints
from lamplit.complaints.facts import ComplaintAcknowledged, ComplaintAssigned, ComplaintMade
from lamplit.complaints.models import Complaint
from lamplit.config.wiring_rent import RENT
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
from lamplit.incidents import facts as declared
from lamplit.incidents import fold as incidents
from lamplit.incidents.models import (
    Clash,
    Comeback,
    Duty,
    Incident,
    Line,
    Open,
    Rehearsal,
    Rehearsed,
    Rung,
    Takeover,
    Telling,
    Undo,
)
from lamplit.messages import facts as said
from lamplit.messages import fold as messages
from lamplit.messages.models import Contact, Email, Forgery, HeldLetter, Hold, Message, Post, Promise, Scam, Wording
from lamplit.people import fold as people
from lamplit.people.facts import (
    LookExplained,
    MergeConfirmed,
    PersonCorrected,
    PersonMerged,
    PersonNoted,
    PersonRecorded,
    PersonRepresented,
    PersonUnmerged,
    PlantedNoted,
    ReachRecorded,
    RecordsRead,
)
from lamplit.people.models import Mandate, Merge, Person, PersonBelief, PersonLook, PersonNote, Planted, Reach
from lamplit.record.facts import (
    DatabaseOpened,
    ErasureCalledOff,
    ErasureDone,
    ErasureOrdered,
    Ingested,
    RecordClosed,
    RecordRestored,
    RowRestored,
    SourceClosed,
)
from lamplit.record.fields import table_of
from lamplit.record.wiring import Fold, Wiring, adds, changes, makes, sets
from lamplit.rent.fold import ledger
from lamplit.rent.models import RentAccount, RentBalance
from lamplit.repairs import facts as repaired
from lamplit.repairs.fold import beside, diary, happening, works
from lamplit.repairs.fold import repair as repairs
from lamplit.repairs.models import (
    Capacity,
    Diary,
    Happening,
    Photo,
    Proof,
    Rate,
    Repair,
    RepairClock,
    RepairHome,
    Review,
    Stay,
    Summary,
    Survey,
    Tree,
    Variation,
    Visit,
    Work,
)
from lamplit.staff import fold as staff
from lamplit.staff.facts import (
    ContractorRecorded,
    CoverRecorded,
    LinkAsked,
    LinkGiven,
    LinksReleased,
    LinkUsed,
    LookLimitLifted,
    LookLimitReached,
    OnCallSet,
    PatchRecorded,
    StaffChanged,
    StaffJoined,
    StaffLetIn,
    StaffShutOut,
    TokenEnded,
    TokenGiven,
)
from lamplit.staff.models import Contractor, Cover, LookLimit, Patch, Shift, Staff, Token
from lamplit.tenancies import fold as tenancies
from lamplit.tenancies.facts import HouseholdJoined, HouseholdLeft, TenancyEnded, TenancyStarted
from lamplit.tenancies.models import Member, Tenancy

FOLDS: dict[type[Fact], list[Fold]] = {
    # the record's own facts
    DatabaseOpened: [],
    Ingested: [],  # the fact inside is folded
    RecordClosed: [],
    SourceClosed: [],
    RowRestored: [],
    RecordRestored: [adds(Comeback, incidents.came_back)],
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
    PersonMerged: [makes(Merge, "merge", people.merged)],
    MergeConfirmed: [changes(Merge, "merge", people.merge_confirmed)],
    PersonUnmerged: [changes(Merge, "merge", people.unmerged)],
    RecordsRead: [makes(PersonLook, people.look_keys, people.looked)],
    LookExplained: [adds(PersonLook, people.explained)],
    PlantedNoted: [sets(Planted, "planted", people.planted_noted)],
    PersonRepresented: [sets(Mandate, "mandate", people.represented)],
    # staff
    ContractorRecorded: [sets(Contractor, "contractor", staff.contractor_recorded)],
    StaffJoined: [makes(Staff, "staff", staff.joined)],
    StaffChanged: [changes(Staff, "staff", staff.changed)],
    StaffShutOut: [changes(Staff, "staff", staff.shut_out)],
    StaffLetIn: [changes(Staff, "staff", staff.let_in)],
    LinkAsked: [changes(Staff, "staff", staff.link_asked)],
    LinkGiven: [changes(Staff, "staff", staff.link_given)],
    LinkUsed: [changes(Staff, "staff", staff.link_used)],
    LinksReleased: [],
    TokenGiven: [makes(Token, "token", staff.token_given)],
    TokenEnded: [changes(Token, "token", staff.token_ended)],
    OnCallSet: [sets(Shift, "shift", staff.on_call_set)],
    LookLimitReached: [sets(LookLimit, "reader", staff.look_limit_reached)],
    LookLimitLifted: [sets(LookLimit, "reader", staff.look_limit_lifted)],
    # tenancies
    TenancyStarted: [
        makes(RentAccount, "tenancy", ledger.opened),
        makes(RentBalance, "tenancy", ledger.balance_opened),
        makes(Tenancy, "tenancy", tenancies.started),
        makes(Member, tenancies.tenant_keys, tenancies.tenant_started),
    ],
    HouseholdJoined: [sets(Member, tenancies.member_keys, tenancies.joined)],
    HouseholdLeft: [changes(Member, tenancies.member_keys, tenancies.left)],
    TenancyEnded: [changes(RentAccount, "tenancy", ledger.ended), changes(Tenancy, "tenancy", tenancies.ended)],
    # messages
    said.ContactMade: [makes(Contact, "contact", messages.contact_made)],
    said.EmailReceived: [makes(Email, "email", messages.email_received)],
    said.EmailFiled: [changes(Email, "email", messages.email_filed)],
    said.PostKept: [makes(Post, "post", messages.post_kept)],
    said.PostOpened: [changes(Post, "post", messages.post_opened)],
    said.PromiseMade: [makes(Promise, "promise", messages.promise_made)],
    said.PromiseKept: [changes(Promise, "promise", messages.promise_kept)],
    said.SaidMoved: [changes(Contact, "contact", messages.moved), changes(Promise, "promise", messages.moved)],
    said.MessageOrdered: [makes(Message, "message", messages.message_ordered)],
    said.MessagePrepared: [changes(Message, "message", messages.message_prepared)],
    said.MessageHanded: [changes(Message, "message", messages.message_handed)],
    said.MessageSent: [changes(Message, "message", messages.message_sent)],
    said.MessageDelivered: [changes(Message, "message", messages.message_delivered)],
    said.MessageUnheard: [changes(Message, "message", messages.message_unheard)],
    said.MessageFailed: [changes(Message, "message", messages.message_failed)],
    said.WordsLoaded: [sets(Wording, "words", messages.words_loaded)],
    said.MessagesDisowned: [changes(Message, messages.disowned_keys, messages.disowned)],
    said.ForgeryReported: [makes(Forgery, "report", messages.forgery_reported)],
    said.ForgerySeen: [changes(Forgery, "report", messages.forgery_seen)],
    said.ScamPublished: [sets(Scam, "scam", messages.scam_published)],
    said.ScamEnded: [changes(Scam, "scam", messages.scam_ended)],
    **RENT,
    # complaints
    ComplaintMade: [makes(Complaint, "complaint", complaints.made)],
    ComplaintAssigned: [changes(Complaint, "complaint", complaints.assigned)],
    ComplaintAcknowledged: [changes(Complaint, "complaint", complaints.acknowledged)],
    # incidents
    declared.IncidentOpened: [
        makes(Incident, "incident", incidents.opened),
        sets(Open, incidents.open_keys, incidents.now_open),
        makes(Line, "line", incidents.opening_said),
    ],
    declared.ServiceSaid: [makes(Line, "line", incidents.service_said), changes(Line, "keeps", incidents.kept)],
    declared.UpdateSaid: [makes(Line, "line", incidents.update_said), changes(Line, "keeps", incidents.kept)],
    declared.PromiseMoved: [changes(Line, "line", incidents.moved)],
    declared.PromiseNear: [changes(Line, "line", incidents.near)],
    declared.PromiseMissed: [changes(Line, "line", incidents.missed)],
    declared.StatementCorrected: [changes(Line, "line", incidents.corrected)],
    declared.IncidentEnded: [
        changes(Incident, "incident", incidents.ended),
        sets(Open, incidents.open_keys, incidents.none_open),
        makes(Line, "line", incidents.whole_said),
        changes(Line, incidents.ended_keys, incidents.kept),
    ],
    declared.KindDeclared: [changes(Incident, "incident", incidents.kind_declared)],
    declared.DutyStarted: [makes(Duty, incidents.duty_keys, incidents.duty_started)],
    declared.DutyGiven: [changes(Duty, incidents.duty_keys, incidents.duty_given)],
    declared.DutyDone: [changes(Duty, incidents.duty_keys, incidents.duty_done)],
    declared.DutyRang: [changes(Duty, incidents.duty_keys, incidents.duty_rang)],
    declared.TakeoverDeclared: [makes(Takeover, "takeover", incidents.taken_over)],
    declared.TakeoverConfirmed: [changes(Takeover, "takeover", incidents.takeover_confirmed)],
    declared.TakeoverEnded: [changes(Takeover, "takeover", incidents.takeover_ended)],
    declared.ClashFound: [makes(Clash, "clash", incidents.clash_found)],
    declared.ClashSettled: [changes(Clash, "clash", incidents.clash_settled)],
    declared.OwedReleased: [],
    declared.RehearsalDone: [
        makes(Rehearsal, "rehearsal", incidents.rehearsed),
        sets(Rehearsed, "how", incidents.rehearsed_well),
    ],
    declared.RehearsalOverdue: [sets(Rehearsed, "how", incidents.rehearsal_overdue)],
    declared.UndoAgreed: [makes(Undo, "undo", incidents.undo_agreed)],
    declared.UndoEnded: [changes(Undo, "undo", incidents.undo_ended)],
    # everybody is told, and letters are stopped
    declared.TellingPrepared: [makes(Telling, "telling", incidents.telling_prepared)],
    declared.TellingAgreed: [changes(Telling, "telling", incidents.telling_agreed)],
    declared.HouseholdRung: [makes(Rung, "call", incidents.household_rung)],
    declared.CallsLate: [changes(Incident, "incident", incidents.calls_late)],
    declared.TellingWritten: [changes(Telling, "telling", incidents.telling_written)],
    said.LettersHeld: [
        makes(HeldLetter, messages.letter_keys, messages.letter_held),
        sets(Hold, "incident", messages.looked_through),
    ],
    said.LetterAnswered: [changes(HeldLetter, messages.answered_keys, messages.letter_answered)],
    said.MessagesReleased: [changes(Message, messages.released_keys, messages.message_released)],
    said.LettersLetGo: [changes(HeldLetter, messages.letter_keys, messages.letter_let_go)],
    PatchRecorded: [sets(Patch, "patch", staff.patch_recorded)],
    CoverRecorded: [sets(Cover, "cover", staff.cover_recorded)],
    # surveys, money, places to stay and reviews, beside repairs
    repaired.RateRecorded: [sets(Rate, "rate", beside.rate)],
    repaired.SurveyRecorded: [makes(Survey, "survey", beside.survey), adds(Happening, happening.survey)],
    repaired.WorkProved: [
        changes(Work, "work", works.proved),
        changes(Repair, "repair", repairs.work_proved),
        adds(Proof, beside.proof),
        adds(Happening, happening.work_proved),
    ],
    repaired.VariationAsked: [
        makes(Variation, "variation", beside.variation_asked),
        changes(Repair, "repair", repairs.variation_asked),
        adds(Happening, happening.variation_asked),
    ],
    repaired.VariationDecided: [
        changes(Variation, "variation", beside.variation_decided),
        changes(Work, "work", works.varied),
        changes(Repair, "repair", repairs.variation_decided),
        adds(Happening, happening.variation_decided),
    ],
    repaired.StayOffered: [makes(Stay, "stay", beside.stay_offered), adds(Happening, happening.stay_offered)],
    repaired.StayAnswered: [changes(Stay, "stay", beside.stay_answered), adds(Happening, happening.stay_answered)],
    repaired.StayBegun: [changes(Stay, "stay", beside.stay_begun), adds(Happening, happening.stay_begun)],
    repaired.StayEnded: [changes(Stay, "stay", beside.stay_ended), adds(Happening, happening.stay_ended)],
    repaired.ReviewDue: [makes(Review, "review", beside.review_due), adds(Happening, happening.review_due)],
    repaired.ReviewGiven: [changes(Review, "review", beside.review_given), adds(Happening, happening.review_given)],
    repaired.ReviewClosed: [changes(Review, "review", beside.review_closed), adds(Happening, happening.review_closed)],
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
    repaired.VideoAdded: [makes(Photo, "photo", works.video_added), adds(Happening, happening.photo_added)],
    repaired.OriginalGiven: [adds(Happening, happening.original_given)],
    repaired.SummaryWritten: [makes(Summary, "summary", works.summary_written), adds(Happening, happening.summary_written)],
    repaired.SummarySent: [changes(Summary, "summary", works.summary_sent), adds(Happening, happening.summary_sent)],
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
    # diaries, and the further homes that a repair concerns
    repaired.DiaryRecorded: [sets(Diary, "diary", diary.recorded)],
    repaired.CapacitySet: [adds(Capacity, diary.capacity_set)],
    repaired.VisitSetOut: [changes(Visit, "visit", works.set_out), adds(Happening, happening.set_out)],
    repaired.RepairHomeLinked: [sets(RepairHome, diary.linked_keys, diary.linked), adds(Happening, happening.home_linked)],
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
    repaired.RepairConfirmed: [
        changes(Repair, "repair", repairs.confirmed),
        changes(RepairHome, diary.word_keys, diary.word_given),
        adds(Happening, happening.confirmed),
    ],
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
TOGETHER = {RepairClock: "repair", Work: "repair", Visit: "repair", RepairHome: "repair"}


@cache
def wiring() -> Wiring:
    """Return every fold, ready to run. Made once: its tables come with code of their own."""
    return Wiring(FOLDS, table_of, TOGETHER)
