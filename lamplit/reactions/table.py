"""Which fact has which reactions: one readable list. Every fact stands here; an empty list is a decision too."""

from lamplit.basics.fact import Fact
from lamplit.complaints import facts as complained
from lamplit.homes import facts as housed
from lamplit.incidents import facts as declared
from lamplit.messages import facts as said
from lamplit.people import facts as known
from lamplit.reactions import arrears, complaints, debits, incidents, money, people, repairs, watch
from lamplit.reactions.follow import Reaction
from lamplit.record import facts as kept
from lamplit.rent import facts as owed
from lamplit.repairs import facts as repaired
from lamplit.staff import facts as employed
from lamplit.tenancies import facts as let

REACTIONS: dict[type[Fact], list[Reaction]] = {
    # the record's own facts: an administrator reads them on the record's page
    kept.DatabaseOpened: [],
    kept.Ingested: [],
    kept.RecordClosed: [],
    kept.SourceClosed: [],
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
    known.PersonMerged: [],  # told to nobody: a wrong merge must send nothing to anybody
    known.MergeConfirmed: [],
    known.PersonUnmerged: [],
    known.RecordsRead: [],  # she reads it on her own pages
    known.LookExplained: [],
    known.PlantedNoted: [watch.planted_opened],
    # rent: the books; a run tells nobody, the letters that follow from a balance are steps of their own
    owed.AccountReferenced: [],
    owed.TermsSet: [],
    owed.BalanceBrought: [],
    owed.MoneyMoved: [],
    owed.RentCharged: [],
    owed.ChargesPrepared: [],
    owed.ChargesReleased: [],
    owed.ChargesWithdrawn: [],
    owed.ChargesFinished: [],
    owed.BooksChecked: [watch.books_wrong],
    # changes of rents: the job that carries one out writes to each tenant itself, in turns
    owed.RentsPrepared: [],
    owed.RentsReleased: [],
    owed.RentsWithdrawn: [],
    owed.RentsNoticed: [],
    owed.NoticeGiven: [],
    owed.TermsChanged: [],
    owed.RentsKept: [],
    owed.RentsFinished: [],
    owed.DaysNotCharged: [],  # it is agreed with her before, and stands on her account
    owed.DaysCut: [],
    # arrears: a step's letters say what it relied on; a hold tells nobody
    owed.AccountHeld: [],
    owed.HoldMoved: [],
    owed.HoldEnded: [],
    owed.HoldLookedAt: [],
    owed.HoldsDue: [arrears.holds_due],
    owed.ProtectionStarted: [],
    owed.ProtectionReviewed: [],
    owed.ProtectionEnded: [],
    owed.StepTaken: [arrears.letters],
    owed.StepRefused: [],
    owed.NeedsConsidered: [],
    owed.ArrearsSeen: [],  # it stands on the caseload
    owed.RentSampled: [arrears.differing],
    # Direct Debits, bank details and refunds
    owed.DetailsGiven: [debits.details_given],
    owed.DetailsConfirmed: [],
    owed.DetailsDropped: [],
    owed.DetailsEnded: [],  # it waits on the desk for a person
    owed.MandateSetUp: [debits.set_up],
    owed.MandateSumSet: [],  # a timer gives new notice, and it counts from then
    owed.MandateChanged: [debits.ended],
    owed.DebitsNoticed: [debits.noticed],
    owed.DebitDropped: [debits.dropped],
    owed.DebitsPrepared: [],
    owed.DebitsReleased: [],
    owed.DebitsWithdrawn: [],
    owed.DebitsSent: [],
    owed.DebitsSubmitted: [],
    owed.DebitsCollected: [],  # she was told before
    owed.DebitsFinished: [],
    owed.DebitsDoubted: [],
    owed.DebitsTrusted: [],
    owed.DebitsNotGone: [],  # a timer takes its collections back
    owed.DebitsRecalled: [],  # what we missed is told with that
    owed.DebitsMissed: [],  # a timer tells each of them, and tells again when it changes
    owed.MissedTold: [debits.missed],
    owed.MissedChosen: [],  # she sees it on her page, and new sums are noticed
    owed.AdviceTaken: [],
    owed.AdviceSettled: [],
    owed.RefundAsked: [],
    owed.RefundReleased: [],
    owed.RefundWithdrawn: [],
    owed.RefundReturned: [],  # it waits on the desk for a person
    owed.RefundsSent: [],
    # rent: where she stands; a person answers from the list of what waits
    owed.LineDisputed: [],
    owed.DisputeAnswered: [],
    owed.PaymentSaid: [],
    owed.PaymentLookedFor: [],
    owed.PlanAgreed: [],
    owed.PlanEnded: [],
    # rent: quarterly statements; what went is on paper already
    owed.StatementsSent: [],
    owed.StatementsLate: [money.statements_late],
    # money in: a file with a wrong serial rings; a receipt stands on her pages at once
    owed.MoneyFileTaken: [money.file_in_trouble],
    owed.MoneyFileExplained: [],
    owed.MoneyFileFinished: [],
    owed.MoneyPosted: [],
    owed.MoneyHeld: [],
    owed.PaymentMatched: [],
    owed.PaymentReceipted: [],
    owed.PaymentLineReceipted: [],
    owed.PaymentTakenOff: [],
    owed.SuspenseSettled: [],
    owed.ClaimRecorded: [],
    owed.ClaimEnded: [],
    owed.ClaimAsked: [],
    # staff
    employed.ContractorRecorded: [],
    employed.StaffJoined: [],
    employed.StaffChanged: [],
    employed.StaffShutOut: [],
    employed.StaffLetIn: [],
    employed.LinkAsked: [],
    employed.LinkGiven: [],
    employed.LinkUsed: [],
    employed.LinksReleased: [],
    employed.TokenGiven: [],
    employed.TokenEnded: [],
    employed.OnCallSet: [],
    employed.LookLimitReached: [watch.limit_reached],
    employed.LookLimitLifted: [],
    # tenancies
    let.TenancyStarted: [],
    let.HouseholdJoined: [],
    let.HouseholdLeft: [],
    let.TenancyEnded: [],
    # messages: the sender looks for what is ordered, and the action itself finds the next way when one fails
    said.ContactMade: [],
    said.EmailReceived: [],  # no machine of ours ever answers an e-mail: so no two of them talk for ever
    said.EmailFiled: [],
    said.PromiseMade: [],
    said.PromiseKept: [],
    said.SaidMoved: [],
    said.MessageOrdered: [],
    said.MessagePrepared: [],
    said.MessageHanded: [],
    said.MessageSent: [],
    said.MessageDelivered: [],
    said.MessageUnheard: [],  # a timer sends it another way, where a clock runs
    said.MessageFailed: [],
    said.WordsLoaded: [],
    said.MessagesDisowned: [],  # its reader is told when she asks; whoever undoes it says who else is
    said.ForgeryReported: [],
    said.ForgerySeen: [],
    said.ScamPublished: [],
    said.ScamEnded: [],
    # complaints
    complained.ComplaintMade: [complaints.receipt],
    complained.ComplaintAssigned: [],
    complained.ComplaintAcknowledged: [],  # it says that we told her already
    # incidents: what is said stands on the status page; nobody is written to by a machine
    declared.IncidentOpened: [],
    declared.ServiceSaid: [],
    declared.UpdateSaid: [],
    declared.PromiseMoved: [],
    declared.PromiseNear: [incidents.promise_near],
    declared.PromiseMissed: [incidents.promise_missed],
    declared.StatementCorrected: [],
    declared.IncidentEnded: [],
    declared.KindDeclared: [],
    declared.DutyStarted: [],
    declared.DutyGiven: [],  # it stands on the desk
    declared.DutyDone: [],
    declared.DutyRang: [incidents.duty_rang],
    declared.TakeoverDeclared: [],
    declared.TakeoverConfirmed: [],
    declared.TakeoverEnded: [],
    declared.ClashFound: [],
    declared.ClashSettled: [],
    # everybody is told: a timer orders the messages, in batches
    declared.TellingPrepared: [],
    declared.TellingAgreed: [],
    declared.TellingWritten: [],
    declared.HouseholdRung: [],
    declared.CallsLate: [incidents.calls_late],
    said.LettersHeld: [],
    said.LetterAnswered: [],  # a promise stands on the queue
    said.LettersLetGo: [],
    said.MessagesReleased: [],  # the worker sends them now
    # what came in at the standby: whoever sent it was answered there
    said.PostKept: [],
    said.PostOpened: [],
    declared.OwedReleased: [],
    declared.RehearsalDone: [],
    declared.RehearsalOverdue: [incidents.rehearsal_overdue],
    declared.UndoAgreed: [],
    declared.UndoEnded: [],  # what is left for a person stands on the desk
    # repairs
    repaired.TreeLoaded: [],
    repaired.RepairReported: [repairs.receipt, repairs.word_to_the_household],
    repaired.RepairRetriaged: [],
    repaired.RepairJoined: [repairs.joined],
    repaired.RepairNoted: [],
    repaired.PhotoAdded: [],
    repaired.VideoAdded: [],
    repaired.OriginalGiven: [],
    repaired.SummaryWritten: [repairs.summary],
    repaired.SummarySent: [],
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
    repaired.DiaryRecorded: [],
    repaired.CapacitySet: [],
    repaired.VisitSetOut: [repairs.set_out],
    repaired.RepairHomeLinked: [repairs.home_linked],
    repaired.CauseRecorded: [],
    repaired.HazardStepTaken: [],
    repaired.ClockRanOut: [],  # it goes to the top of the queue
    repaired.TenantAsked: [repairs.asked],
    repaired.RepairConfirmed: [],
    repaired.RepairClosed: [repairs.closed],
    repaired.RepairReopened: [repairs.reopened],
    # surveys, money, places to stay and reviews
    employed.PatchRecorded: [],
    employed.CoverRecorded: [],
    repaired.RateRecorded: [],
    repaired.SurveyRecorded: [],
    repaired.WorkProved: [],
    repaired.VariationAsked: [],  # it stands in the queue
    repaired.VariationDecided: [],  # the firm's system reads it with its job
    repaired.StayOffered: [],
    repaired.StayAnswered: [],
    repaired.StayBegun: [],
    repaired.StayEnded: [],
    repaired.ReviewDue: [],
    repaired.ReviewGiven: [],
    repaired.ReviewClosed: [],
}
