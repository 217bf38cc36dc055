"""What answers each kind of fact of rent that a stolen account can have written; part of `answers.py`."""

from lamplit.basics.fact import Fact
from lamplit.cli.undo.kinds import WHY, Answer, answers, nothing, person
from lamplit.rent import actions as rent
from lamplit.rent import facts as owed

_BY_JOB = "A job wrote it. What it follows from is answered."

RENT: dict[type[Fact], Answer] = {
    # the books
    owed.AccountReferenced: person("An account got another payment number. Give it the right one on its page, and tell them."),
    owed.TermsSet: person("What a home costs was changed. Set the right terms, and reverse what was charged."),
    owed.BalanceBrought: person("A balance was brought over. Put it right by a move with a reason."),
    owed.MoneyMoved: person("Money was moved between books. Look at the account, and reverse the line if it is wrong."),
    owed.ChargesPrepared: person("A charge run was prepared. Take it back if nobody wants it."),
    owed.ChargesReleased: person("A charge run was released. Look at what was charged, and reverse what is wrong."),
    owed.ChargesWithdrawn: person("A charge run was taken back. Prepare it again if it is needed."),
    owed.RentCharged: nothing(_BY_JOB),
    owed.ChargesFinished: nothing(_BY_JOB),
    owed.BooksChecked: nothing(_BY_JOB),
    # arrears
    owed.AccountHeld: answers("The hold is ended.", lambda f, how: rent.end_hold(hold=f.hold, words=WHY, **how)),
    owed.HoldLookedAt: person("A hold was said to be looked at. Look at it again."),
    owed.HoldsDue: nothing(_BY_JOB),
    owed.HoldMoved: person("A hold was moved to another day. Look at it today."),
    owed.HoldEnded: person("A hold was ended. Place it again: nothing may be asked of them before somebody has looked."),
    owed.ProtectionStarted: person("A breathing space was written down. Look for the notice, and end it if there is none."),
    owed.ProtectionReviewed: person("A breathing space was changed. Look at the notice, and put it right."),
    owed.ProtectionEnded: person("A breathing space was ended. Write it down again if the notice still runs."),
    owed.StepTaken: person("An arrears step was taken. Ring them, say what is true, and place a hold until it is put right."),
    owed.StepRefused: nothing(),
    owed.NeedsConsidered: person("The needs in a home were marked as considered. Consider them, and write it down anew."),
    owed.ArrearsSeen: nothing(_BY_JOB),
    owed.RentSampled: nothing(_BY_JOB),
    # Direct Debits, bank details and refunds
    owed.DetailsGiven: person("Bank details were given. Do not confirm them, and ring them."),
    owed.DetailsConfirmed: person("Changed bank details were confirmed. Ring them before anything is collected or paid."),
    owed.DetailsEnded: nothing(_BY_JOB),
    owed.DetailsDropped: person("Bank details were not taken. Ask them for them once more if they were theirs."),
    owed.MandateSetUp: person("A Direct Debit was set up. Ring them, and end it if they did not ask for it."),
    owed.MandateSumSet: person("The sum of a Direct Debit was changed. Set the right one: they get new notice."),
    owed.MandateChanged: person("A Direct Debit stopped, went on or ended. Look at it, and set it up anew if need be."),
    owed.DebitsNoticed: nothing(_BY_JOB),
    owed.DebitDropped: person("A collection will not be made. Ask them how they want to pay."),
    owed.DebitsPrepared: person("A collection run was prepared. Take it back if nobody wants it."),
    owed.DebitsReleased: person("A collection run was released. Take it back if its file has not gone to Bacs."),
    owed.DebitsWithdrawn: person("A collection run was taken back. Prepare it again before its last day for input."),
    owed.DebitsSent: nothing(_BY_JOB),
    owed.DebitsSubmitted: nothing(_BY_JOB),
    owed.DebitsCollected: nothing(_BY_JOB),
    owed.DebitsFinished: nothing(_BY_JOB),
    owed.DebitsDoubted: person("A file of Direct Debits was said not to have gone. Ask your bank. Take it back if it went."),
    owed.DebitsTrusted: person("A file of Direct Debits was said to have gone after all. Ask your bank. Say it again if not."),
    owed.DebitsNotGone: person(
        "Two people said that a file of Direct Debits did not go. Ask your bank. If it went, put its money in the books by hand."
    ),
    owed.DebitsRecalled: nothing(_BY_JOB),
    owed.DebitsMissed: nothing(_BY_JOB),
    owed.MissedTold: nothing(_BY_JOB),
    owed.MissedChosen: person("How a missed collection is paid was chosen. Ask them, and drop what was noticed for it."),
    owed.AdviceTaken: nothing(_BY_JOB),
    owed.AdviceSettled: person("An advice of a bank counts as looked at. Look at it once more."),
    owed.RefundAsked: person("A refund or write-off was asked for. Take it back if nobody wants it."),
    owed.RefundReleased: person("A refund or write-off was released. Stop its file, and reverse the line."),
    owed.RefundWithdrawn: person("A refund or write-off was taken back. Ask for it once more if it was right."),
    owed.RefundReturned: nothing(_BY_JOB),
    owed.RefundsSent: nothing(_BY_JOB),
    # quarterly statements
    owed.StatementsSent: nothing("It says what went on paper. Write the statements once more if they did not."),
    owed.StatementsLate: nothing(_BY_JOB),
    # where she stands
    owed.LineDisputed: person("Something was disputed, so it is not asked for. Answer it."),
    owed.DisputeAnswered: person("A dispute was answered. Ask them, and dispute the line again for them if it was wrong."),
    owed.PaymentSaid: person("A payment was told of that may never have been made. Look for it."),
    owed.PaymentLookedFor: person("A payment that they told of was called settled. Look for it again."),
    owed.PlanAgreed: person("A plan was agreed. Ask them whether they did. End it if not."),
    owed.PlanEnded: person("A plan was ended. Ask them, and agree it again if they want it."),
    # money in
    owed.MoneyFileTaken: person("A file of money was taken in. Ask its sender whether it is theirs, and take its payments off."),
    owed.MoneyFileExplained: person("A file of money was said never to come. Ask its sender. Look for it again if it does."),
    owed.MoneyFileFinished: nothing("A file of money was closed. What came of it stands in its lines."),
    owed.MoneyPosted: person("Payments were put on accounts. Hold them against the bank, and take off what is wrong."),
    owed.MoneyHeld: person("Lines were put in suspense. Hold them against the bank."),
    owed.PaymentMatched: person("A payment was put on an account. Take it off if it is not theirs."),
    owed.PaymentReceipted: nothing("It proves a payment that is in the books by another entry."),
    owed.PaymentLineReceipted: nothing("It proves a payment that is in the books by another entry."),
    owed.PaymentTakenOff: person("A payment was taken off an account. Put it back if it is theirs."),
    owed.SuspenseSettled: person("Money in suspense was said to be no tenant's. Move it back if it is one's."),
    owed.ClaimRecorded: person("A benefit claim was recorded. Record it as it is."),
    owed.ClaimEnded: person("A benefit claim was ended. Record it again if it goes on."),
    owed.ClaimAsked: nothing("We were said to have asked about benefit. Ask again."),
    # changes of rents, and days without a charge
    owed.RentsPrepared: person("A change of rents was prepared. Take it back if nobody wants it."),
    owed.RentsReleased: person("A change of rents was released. Write to the tenants, and set the terms that are right."),
    owed.RentsWithdrawn: person("A change of rents was taken back. Prepare it again before notices are too late."),
    owed.RentsNoticed: nothing(_BY_JOB),
    owed.NoticeGiven: person("A notice was said to be given by hand. Ask them. Set the old terms again if it was not."),
    owed.TermsChanged: nothing(_BY_JOB),
    owed.RentsKept: nothing(_BY_JOB),
    owed.RentsFinished: nothing(_BY_JOB),
    owed.DaysNotCharged: person("Days without a charge were agreed. Ask who agreed to it, and charge them if nobody did."),
    owed.DaysCut: person("Days without a charge were cut short. Ask them, and put it right by a move with a reason."),
}  # fmt: skip
