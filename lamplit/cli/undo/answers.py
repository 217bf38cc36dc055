"""What answers each kind of fact that a stolen account can have written. A test finds every kind that is missing here.

`answers`: an action takes it back. `again`: what somebody else said last is said again. `person`: nobody but a person can
tell. `nothing`: a job writes it, or it changes nothing.
"""

from datetime import timedelta
from typing import Any

import msgspec

from lamplit.basics.fact import Fact
from lamplit.cli.undo.answers_rent import RENT
from lamplit.cli.undo.kinds import WHY, Answer, How, again, answers, nothing, person
from lamplit.complaints import actions as complaint
from lamplit.complaints import facts as complained
from lamplit.homes import actions as home
from lamplit.homes import facts as housed
from lamplit.incidents import facts as declared
from lamplit.messages import actions as message
from lamplit.messages import facts as said
from lamplit.people import actions as people
from lamplit.people import facts as known
from lamplit.record import erase
from lamplit.record import facts as kept
from lamplit.repairs import actions as repair
from lamplit.repairs import facts as repaired
from lamplit.staff import actions as staff
from lamplit.staff import facts as employed
from lamplit.tenancies import actions as tenancy
from lamplit.tenancies import facts as let


def _given(fact: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in names}


def _end_reach(fact: Any, how: How) -> None:
    people.set_reach(person=fact.person, reach=fact.reach, how=msgspec.structs.replace(fact.how, state="ended", why=WHY), **how)


def _end_scam(fact: Any, how: How) -> None:
    message.end_scam(scam=fact.scam, **how)


def _end_note(fact: Any, how: How) -> None:
    about = msgspec.structs.replace(fact.about, ended_on=how["at"].date())
    people.note_person(person=fact.person, note=fact.note, about=about, **how)


def _end_leave(fact: Any, how: How) -> None:
    leave = msgspec.structs.replace(fact.leave, ended_on=how["at"].date())
    people.represent_person(person=fact.person, mandate=fact.mandate, leave=leave, **how)


def _end_home_note(fact: Any, how: How) -> None:
    home.note_home(home=fact.home, note=fact.note, about=msgspec.structs.replace(fact.about, ended_on=how["at"].date()), **how)


def _unmerge(fact: Any, how: How) -> None:
    people.unmerge_people(merge=fact.merge, why=WHY, notes=[], reaches=[], **how)


def _staff_again(fact: Any, how: How) -> None:
    staff.change_staff(**_given(fact, "staff", "roles", "team", "contractor", "name", "email", "phone"), **how)


def _home_again(fact: Any, how: How) -> None:
    given = _given(fact, "home", "block", "storey", "stack", "uprn", "postcode", "shape", "bedrooms")
    home.correct_home(why=WHY, address=fact.address or [], **given, **how)


_STAFF = (employed.StaffJoined, employed.StaffChanged)
_IN_OR_OUT = (employed.StaffShutOut, employed.StaffLetIn)
_WHO = (known.PersonRecorded, known.PersonCorrected)
_WHERE = (housed.HomeRecorded, housed.HomeCorrected)
_SAID = "What was said stands as it is. Write beside it what is true."
_DONE = "Ask whether it was really done, and write down what is true."
_ORDER = "If it was needed, order it anew."
_PUBLISHED = "It was published. Correct it on the incident's page."
_BY_JOB = "A job wrote it. What it follows from is answered."

ANSWERS: dict[type[Fact], Answer] = {
    # the record
    kept.DatabaseOpened: person("The database was opened past the pages. Run `lamplit audit`."),
    kept.RowRestored: nothing(),
    kept.RecordRestored: nothing(),
    kept.Ingested: nothing("What stands inside is answered by itself."),
    kept.RecordClosed: nothing(_BY_JOB),
    kept.SourceClosed: nothing(_BY_JOB),
    kept.ErasureOrdered: answers("The order is called off.", lambda f, how: erase.call_off_erasure(erasure=f.erasure, **how)),
    kept.ErasureCalledOff: person("An order was called off. If it was right, give it again."),
    kept.ErasureDone: person("Keys were destroyed. Nothing brings back what they sealed."),
    # homes
    housed.BlockRecorded: again(
        "block", (housed.BlockRecorded,),
        lambda f, how: home.record_block(name=f.name, address=f.address or [], postcode=f.postcode, block=f.block, **how),
    ),
    housed.HomeRecorded: person("See whether there is such a home."),
    housed.HomeCorrected: again("home", _WHERE, _home_again),
    housed.HomeNoted: again(
        "note", (housed.HomeNoted,),
        lambda f, how: home.note_home(home=f.home, note=f.note, about=f.about, **how), _end_home_note,
    ),
    housed.ComponentRecorded: again(
        "component", (housed.ComponentRecorded,),
        lambda f, how: home.record_component(
            **_given(f, "home", "what", "installed_on", "removed_on", "model", "serial", "place", "component"), **how
        ),
    ),
    housed.ComponentChecked: person("A safety check was written down. Find its paper, or have it checked again."),
    # people
    known.PersonRecorded: person("See whether there is such a person."),
    known.PersonCorrected: again(
        "person", _WHO,
        lambda f, how: people.correct_person(why=WHY, **_given(f, "person", "name", "known_as", "title", "born_on"), **how),
    ),
    known.ReachRecorded: again(
        "reach", (known.ReachRecorded,),
        lambda f, how: people.set_reach(person=f.person, how=f.how, reach=f.reach, **how), _end_reach,
    ),
    known.PersonNoted: again(
        "note", (known.PersonNoted,),
        lambda f, how: people.note_person(person=f.person, about=f.about, note=f.note, **how), _end_note,
    ),
    known.PersonRepresented: again(
        "mandate", (known.PersonRepresented,),
        lambda f, how: people.represent_person(person=f.person, leave=f.leave, mandate=f.mandate, **how), _end_leave,
    ),
    known.PersonMerged: answers("They are two people again.", _unmerge),
    known.MergeConfirmed: answers("They are two people again.", _unmerge),
    known.PersonUnmerged: person("Two people were taken apart. If they are one, merge them again."),
    known.RecordsRead: person("These people's records were read. Decide whether they are told."),
    known.LookExplained: person("A reason was given for looking. Believe it no more."),
    known.PlantedNoted: person("The list of planted records was touched. Look at it, and plant others."),
    # staff
    employed.ContractorRecorded: again(
        "contractor", (employed.ContractorRecorded,),
        lambda f, how: staff.record_contractor(
            name=f.name, trades=list(f.trades), phone=f.phone, email=f.email, contractor=f.contractor, **how
        ),
    ),
    employed.StaffJoined: answers(
        "That account is shut.", lambda f, how: staff.shut_out(staff=f.staff, because="security", **how)
    ),
    employed.StaffChanged: again("staff", _STAFF, _staff_again),
    employed.StaffShutOut: answers(
        "They are let in again.", lambda f, how: staff.let_in(staff=f.staff, **how), "staff", _IN_OR_OUT
    ),
    employed.StaffLetIn: answers(
        "That account is shut again.", lambda f, how: staff.shut_out(staff=f.staff, because="security", **how),
        "staff", _IN_OR_OUT,
    ),
    employed.LinkAsked: person("A new way in was asked for. Give none for it."),
    employed.LinkGiven: person("Somebody may have come in as them. Shut their account, then give them a new link yourself."),
    employed.LinksReleased: person("Every way in was given anew. Do it once more, with two people whom you see."),
    employed.LinkUsed: person("Somebody chose a password with a link. Ask them whether it was they; else shut the account."),
    employed.TokenGiven: answers("That system is shut out.", lambda f, how: staff.end_token(token=f.token, **how)),
    employed.TokenEnded: person("A firm's system was shut out. Give the firm a new token."),
    employed.OnCallSet: again(
        "shift", (employed.OnCallSet,),
        lambda f, how: staff.set_on_call(**_given(f, "shift", "staff", "from_at", "until_at", "lead"), **how),
    ),
    employed.PatchRecorded: again(
        "patch", (employed.PatchRecorded,),
        lambda f, how: staff.record_patch(
            name=f.name, blocks=list(f.blocks), postcodes=list(f.postcodes), patch=f.patch, **how
        ),
    ),
    employed.CoverRecorded: again(
        "cover", (employed.CoverRecorded,),
        lambda f, how: staff.record_cover(
            **_given(f, "contractor", "trade", "from_on", "patch", "until_on", "cover"), **how
        ),
        lambda f, how: staff.record_cover(
            **_given(f, "contractor", "trade", "from_on", "patch", "cover"), until_on=f.from_on, **how
        ),
    ),
    employed.LookLimitReached: nothing("The page was not shown."),
    employed.LookLimitLifted: answers(
        "The limit holds again in a minute.",
        lambda f, how: staff.lift_look_limit(reader=f.reader, why=WHY, until_at=how["at"] + timedelta(minutes=1), **how),
    ),
    # tenancies
    let.TenancyStarted: person("See whether there is such a tenancy, and end it if not."),
    let.TenancyEnded: person("A tenancy was ended. See whether they live there, and start it again."),
    let.HouseholdJoined: answers(
        "That person has left again.",
        lambda f, how: tenancy.leave_household(
            tenancy=f.tenancy, person=f.person, left_on=f.since_on, why=WHY, end_reaches=[], **how
        ),
    ),
    let.HouseholdLeft: person("Somebody was said to have moved out. If they live there, let them join again."),
    # messages
    said.ContactMade: person(_SAID),
    said.EmailReceived: nothing(_BY_JOB),
    said.EmailFiled: person("An e-mail was filed. Look where it belongs, and file it anew."),
    said.PromiseMade: person("Something was promised. Keep it, or tell them that it was not we who promised."),
    said.PromiseKept: person("A promise was marked as kept. Ask whether it was, and promise it again."),
    said.SaidMoved: person("Something said was moved to another person. Move it back if that is wrong."),
    said.MessageOrdered: Answer("answers", "The message check says: sent from our system by someone who should not have."),
    said.MessagePrepared: nothing(_BY_JOB),
    said.MessageHanded: person("A paper was marked as handed over. Ask whether they have it."),
    said.MessageSent: nothing(_BY_JOB),
    said.MessageDelivered: nothing(_BY_JOB),
    said.MessageUnheard: nothing(_BY_JOB),
    said.MessageFailed: nothing(_BY_JOB),
    said.WordsLoaded: nothing(_BY_JOB),
    said.MessagesDisowned: person("Messages were disowned. Ask those two who agreed."),
    said.ForgeryReported: nothing("A report waits for a person, whoever sent it."),
    said.ForgerySeen: person("A report of a fraud was marked as read. Read it."),
    said.ScamPublished: answers("The warning is taken away.", _end_scam),
    said.ScamEnded: person("A warning of a fraud was taken away. Publish it again if it is still true."),
    # complaints
    complained.ComplaintMade: person("Ask whether the complaint is real. Its days run on until a person knows."),
    complained.ComplaintAssigned: again(
        "complaint", (complained.ComplaintAssigned,),
        lambda f, how: complaint.assign_complaint(complaint=f.complaint, owner=f.owner, **how),
    ),
    complained.ComplaintAcknowledged: person("It was marked as acknowledged. Ask them, and acknowledge it if nobody did."),
    # incidents
    declared.IncidentOpened: person(_PUBLISHED),
    declared.ServiceSaid: person(_PUBLISHED),
    declared.UpdateSaid: person(_PUBLISHED),
    declared.PromiseMoved: person(_PUBLISHED),
    declared.PromiseNear: nothing(_BY_JOB),
    declared.PromiseMissed: nothing(_BY_JOB),
    declared.StatementCorrected: person(_PUBLISHED),
    declared.IncidentEnded: person("An incident was ended. If it goes on, open it anew."),
    declared.KindDeclared: person("Duties were begun. Say of each that is not needed why not."),
    declared.DutyStarted: person("A duty was begun. If it is not needed, say why not."),
    declared.DutyGiven: person("A duty was given to somebody. Give it to whoever has it."),
    declared.DutyDone: person("A duty was marked as done. Ask for its proof, and do it if it was not."),
    declared.DutyRang: nothing(_BY_JOB),
    declared.OwedReleased: person("Messages were let go. Look at what was sent."),
    declared.RehearsalDone: person("A rehearsal was written down. Rehearse anew, and believe that one."),
    declared.RehearsalOverdue: nothing(_BY_JOB),
    declared.TellingPrepared: person("Words for every household were prepared. Prepare the right ones: the newest count."),
    declared.TellingAgreed: person("Somebody agreed to words for every household. Write to everybody again if they were wrong."),
    declared.TellingWritten: nothing(_BY_JOB),
    declared.HouseholdRung: person("A call was written down. Ring the household again."),
    declared.CallsLate: nothing(_BY_JOB),
    said.LettersHeld: nothing(_BY_JOB),
    said.LetterAnswered: nothing(_BY_JOB),
    said.LettersLetGo: person("Stopped letters were let go on. Look at what followed from them."),
    said.MessagesReleased: person("Messages that waited were let go. They have left us: correct what was wrong in them."),
    declared.UndoAgreed: person("An undoing was agreed to. Look at what it answered."),
    declared.UndoEnded: nothing(),
    declared.TellingPrepared: person("Words to every household were prepared. See that nobody agrees to them."),
    declared.TellingAgreed: person("Words to every household were agreed to. If they went out, correct them to everybody."),
    declared.TellingWritten: nothing(_BY_JOB),
    said.LettersHeld: person("Letters were stopped. Let go those that are right."),
    said.LetterAnswered: nothing(_BY_JOB),
    said.LettersLetGo: person("Letters that were stopped go on. Look at each."),
    said.MessagesReleased: person("Messages that waited went out. Look at each."),
    declared.TakeoverDeclared: person("The standby was made to take over. Find out whose codes were used."),
    declared.TakeoverConfirmed: person("Taking over was called right. Ask the person named."),
    declared.TakeoverEnded: person("Main was said to work again. See that the standby no longer promises."),
    declared.ClashFound: nothing(_BY_JOB),
    declared.ClashSettled: person("What two systems wrote was called settled. Look at it again."),
    said.PostKept: nothing(_BY_JOB),
    said.PostOpened: nothing(_BY_JOB),
    said.WordsLoaded: nothing(_BY_JOB),
    said.MessagesDisowned: person("Messages were called not ours. Look which of them are."),
    said.ForgeryReported: nothing("Somebody reported a message. It changes nothing by itself."),
    said.ForgerySeen: person("A report of a forged message was marked as read. Read it."),
    said.ScamPublished: person("The public was warned of a fraud. End the warning if there is none."),
    said.ScamEnded: person("A warning was taken down. Publish it again if the fraud goes on."),
    **RENT,
    # repairs
    repaired.TreeLoaded: person("Our questions were replaced. Load the right ones with `lamplit questions`."),
    repaired.RepairReported: person("Ask whether there is such a repair. Close it as not ours if not."),
    repaired.RepairRetriaged: person("It was given another priority. Look at it again."),
    repaired.RepairJoined: person("It was joined to another one. Report it anew if it was its own."),
    repaired.RepairNoted: person(_SAID),
    repaired.PhotoAdded: person("Look at the picture. If it shows what it should not, tell the records team."),
    repaired.VideoAdded: person("Look at the film. If it shows what it should not, tell the records team."),
    repaired.OriginalGiven: person("An original photo was taken out. Decide whether the people in it are told."),
    repaired.SummaryWritten: person("A written summary was made. Write a right one."),
    repaired.SummarySent: person("A written summary was marked as sent. Ask whether they have it."),
    repaired.RepairGiven: again(
        "repair", (repaired.RepairGiven,), lambda f, how: repair.give_repair(repair=f.repair, owner=f.owner, **how)
    ),
    repaired.OnCallRung: nothing(_BY_JOB),
    repaired.RepairAccepted: person("An emergency was accepted. Ask who went; ring whoever is on call."),
    repaired.WorkOrdered: answers("The work is cancelled.", lambda f, how: repair.cancel_work(work=f.work, why=WHY, **how)),
    repaired.WorkWaiting: person("The work was made to wait. Order what is needed."),
    repaired.WorkCancelled: person(f"The work was cancelled. {_ORDER}"),
    repaired.VisitBooked: person("A visit was booked or moved. Ring them, and book the right time."),
    repaired.VisitCancelled: person("A visit was cancelled. Ring them, and book it again."),
    repaired.VisitMissed: person("A visit was marked as missed. Ask whether we came."),
    repaired.VisitAttended: person(_DONE),
    repaired.VisitSetOut: person("Somebody was said to be on the way. Ring them if nobody comes."),
    repaired.DiaryRecorded: person("A diary was changed. Look at it."),
    repaired.CapacitySet: person("Time in a diary was changed. Look at it."),
    repaired.RepairHomeLinked: person("Another home was linked. Take it out if it has nothing to do with it."),
    repaired.CauseRecorded: person("A cause was written down. Write the right one."),
    repaired.HazardStepTaken: person("A step that the law asks for was marked as taken. Ask; take it if nobody did."),
    repaired.ClockRanOut: nothing(_BY_JOB),
    repaired.TenantAsked: nothing("They were asked whether it is mended."),
    repaired.RepairConfirmed: person("It was marked as mended on their word. Ask them."),
    repaired.RepairClosed: answers(
        "The repair is open again.",
        lambda f, how: repair.reopen_repair(repair=f.repair, channel="call", said=WHY, **how),
        "repair", (repaired.RepairClosed, repaired.RepairReopened),
    ),
    repaired.RepairReopened: person("A repair was opened again. Ask them whether something is still wrong."),
    repaired.RateRecorded: person("A rate was changed. Import the right ones."),
    repaired.SurveyRecorded: person("A survey was written down. Ask the surveyor."),
    repaired.WorkProved: person(_DONE),
    repaired.VariationAsked: person("More work was asked for. Decide on it."),
    repaired.VariationDecided: person("More work was decided on. Ask the firm, and decide anew."),
    repaired.StayOffered: person("A place to stay was offered. Ring them."),
    repaired.StayAnswered: person("An offer was answered. Ring them."),
    repaired.StayBegun: person("Somebody was said to have moved. Ask where they are."),
    repaired.StayEnded: person("Somebody was said to have moved back. Ask where they are."),
    repaired.ReviewDue: nothing(_BY_JOB),
    repaired.ReviewGiven: person("A review was given to somebody. Give it to whoever has it."),
    repaired.ReviewClosed: person("A review was closed. Look at it again."),
}  # fmt: skip
