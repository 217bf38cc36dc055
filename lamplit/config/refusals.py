"""Every refusal's words: for the tenant, and for staff. Codes never change; words may."""

from collections.abc import Mapping

from lamplit.basics.refusal import Refused
from lamplit.config.refusals_arrears import ARREARS
from lamplit.config.refusals_debits import DEBITS
from lamplit.config.refusals_diary import DIARY
from lamplit.config.refusals_incidents import INCIDENTS
from lamplit.config.refusals_money import MONEY_IN
from lamplit.config.refusals_people import PEOPLE_AND_HOMES
from lamplit.config.refusals_rent import RENT
from lamplit.config.refusals_standing import STANDING
from lamplit.config.refusals_works import WORKS_AND_MONEY
from lamplit.config.speaking import gettext, of_data

WORDS: dict[str, tuple[str, str]] = {
    # code: (what the tenant reads, what staff read); both may use {details}
    "record.command_reused": (
        "This form was already sent with other answers. Go back, check them and send it again.",
        "This form was already sent with other content. Open a new one.",
    ),
    "record.done_before": (
        "We have this form from you already, and nothing was sent twice. Its answer is lost. Sign in or call us to see it.",
        "This was done before the record was restored. Nothing was written now. If something is missing, open a new form.",
    ),
    "record.already_written": ("This was already sent. You need not send it again.", "This batch is already in the record."),
    "record.too_long": (
        "That is more than we can keep at once. Please write less, or send it in two parts.",
        "This is more than one entry of the record holds. Write less, or send it in two parts.",
    ),
    "record.no_erasure": (
        "There is nothing to erase under that number.",
        "No erasure is due under {erasure}. It may be done, called off or still waiting.",
    ),
    "record.busy": (
        "We are busy with a lot of records. Try again in an hour.",
        "A large batch is being written. Nothing was erased yet: it is tried again within the hour.",
    ),
    **PEOPLE_AND_HOMES,
    **WORKS_AND_MONEY,
    **DIARY,
    **INCIDENTS,
    **RENT,
    **ARREARS,
    **DEBITS,
    **STANDING,
    **MONEY_IN,
    # messages
    "messages.no_such_choice": (
        "Choose one of the answers on the page.",
        "Choose a channel, in or out, and who may read it from the lists.",
    ),
    "messages.none_waits": ("Nothing waits here.", "None of these waits any more. Somebody else decided about them."),
    "messages.nothing_said": ("Write what you want to say.", "Write what was said. A short note is enough."),
    "messages.too_long": (
        "Your message is too long. Use at most {longest} characters, or send the rest in a second one.",
        "The text is too long. Use at most {longest} characters, or put the rest in a second note.",
    ),
    "messages.nothing_promised": ("Write what we promised you.", "Write what you promised, in words the person would use."),
    "messages.promise_without_time": (
        "Say when we promised to do it by.",
        "Say by when. A promise without a time cannot be kept.",
    ),
    "messages.promise_in_the_past": (
        "That time has passed. Choose a time still to come.",
        "That time has passed. Choose a time still to come.",
    ),
    "messages.no_such_contact": ("We cannot find that.", "There is no such contact. Look at the person's page."),
    "messages.no_such_promise": ("We cannot find that promise.", "There is no such promise. Look at the person's page."),
    "messages.promise_already_kept": (
        "We already have this promise down as kept.",
        "This promise is already marked as kept. Its page shows when, and by whom.",
    ),
    "messages.no_such_message": ("We cannot find that message.", "There is no such message. Look at the person's messages."),
    "messages.has_link": (
        "We never send links. Leave the link out.",
        "Our messages never carry links, so that people can tell a false one. Say in words where to look.",
    ),
    "messages.asks_for_money": (
        "We never send bank or card numbers. Leave the number out.",
        "Our messages never carry bank or card numbers, so that people can tell a false one. Leave the number out.",
    ),
    "messages.no_such_email": ("We cannot find that e-mail.", "There is no such e-mail. Look at the list of those to file."),
    "messages.already_filed": (
        "This e-mail was filed already.",
        "Somebody has filed this e-mail already, or set it aside. Open it to see who.",
    ),
    "messages.needs_two": (
        "This is for our staff. Ring us and we will help.",
        "Two members of staff must agree, and neither may be the account that was stolen.",
    ),
    "messages.no_such_time": ("Check the days and times.", "The time ends before it begins. Check both."),
    "messages.no_such_report": ("We cannot find that.", "There is no such report. Open the list again."),
    "messages.no_such_scam": ("We cannot find that.", "We do not warn of this any more. Open the list again."),
    "messages.no_such_post": ("We cannot find that.", "There is no such post from the standby."),
    "messages.no_reason": ("Say why.", "Say in a few words why this e-mail is nobody’s."),
    # complaints
    "complaints.nothing_said": ("Tell us what went wrong.", "Write what the complaint is about, in the person's own words."),
    "complaints.too_long": (
        "Your words are too long for one form. Use at most {longest} characters, then send us the rest.",
        "The text is too long. Use at most {longest} characters, and add the rest as a contact.",
    ),
    "complaints.no_such_complaint": (
        "We cannot find that complaint. Check the number on our message to you.",
        "There is no such complaint. Check its number.",
    ),
    "complaints.already_acknowledged": (
        "We have already told you that we have complaint {reference}.",
        "Complaint {reference} is already acknowledged. Its page shows when, and by whom.",
    ),
    # repairs
    "repairs.already_over": (
        "This repair has ended. If it is not mended, tell us and we will open it again.",
        "Repair {reference} has ended. Open it again first.",
    ),
    "repairs.answers_out_of_step": (
        "Our questions have changed since you began. Please answer this one again.",
        "The questions have changed since this report was begun. Answer from this one on.",
    ),
    "repairs.cannot_end_yet": (
        "This repair is not finished yet. We still have something to do.",
        "This repair cannot end yet. Still missing:\n{missing}",
    ),
    "repairs.home_not_known": (
        "We cannot find that home. Check the address.",
        "No home with this reference is here. Import the homes first, or check the reference.",
    ),
    "repairs.person_not_known": (
        "We cannot find that person.",
        "No person with this reference is here. Import the people first, or leave it empty.",
    ),
    "repairs.not_brought_over": (
        "We cannot find that repair.",
        "No repair with this reference came over. Import the repairs first, or check the reference.",
    ),
    "repairs.before_the_report": (
        "That was before it was reported. Check the date.",
        "It happened before the repair was reported. Check the date.",
    ),
    "repairs.say_what_happened": ("Say what happened.", "Say what happened."),
    "repairs.not_yet": ("That day has not come yet. Check the date.", "That day has not come yet. Check the date."),
    "repairs.over_before_it_began": (
        "It cannot end before it was reported. Check both dates.",
        "It ends before it was reported. Check both dates.",
    ),
    "repairs.due_not_known": (
        "We do not know by when we promised to do it.",
        "Our policy has no time limit for that day. Say by when it was due.",
    ),
    "repairs.edition_taken": (
        "We cannot use these questions.",
        "There are other questions with edition {edition} already. Give these a new edition.",
    ),
    "repairs.hazard_step_out_of_turn": (
        "We have to do something else first.",
        "That step does not fit here yet. Record what happened before it first.",
    ),
    "repairs.look_again_in_the_future": (
        "Choose a day still to come.",
        "Choose a day after today on which somebody looks at it again.",
    ),
    "repairs.more_to_ask": (
        "There is one more question. Please answer it.",
        "There are questions left to answer. The next one is {question}.",
    ),
    "repairs.name_the_other_trade": (
        "Tell us which trade is needed.",
        "Say which trade is needed and what it has to do, so that the work goes on.",
    ),
    "repairs.no_hazard": (
        "We have not recorded a hazard for this repair.",
        "Repair {reference} has no hazard on it. Triage it again with what you know.",
    ),
    "repairs.no_question": (
        "We have no open question to you. Call us and we will help.",
        "Nobody asked this number or address a question lately. Read the words and find whom they are from.",
    ),
    "repairs.no_such_answer": (
        "Choose one of the answers on the page.",
        "Choose one of the answers of this question.",
    ),
    "repairs.no_such_choice": (
        "Choose one of the answers on the page.",
        "Choose one of the values in the list.",
    ),
    "repairs.no_such_edition": (
        "Our questions have changed. Please begin again.",
        "There are no questions with edition {edition}. Load them first.",
    ),
    "repairs.no_such_fault": (
        "Choose one of the answers on the page.",
        "There is no such fault or danger in the list. Choose one that is there.",
    ),
    "repairs.no_such_firm": (
        "We do not know that firm.",
        "There is no such contractor. Choose one from the list.",
    ),
    "repairs.no_such_hazard_step": (
        "Choose one of the answers on the page.",
        "There is no step called {step}. Choose one from the list.",
    ),
    "repairs.no_such_home": (
        "We cannot find that address. Check it, or call us.",
        "There is no such home. Search for its address.",
    ),
    "repairs.no_such_person": (
        "We cannot find that person.",
        "Choose somebody who works here now.",
    ),
    "repairs.no_such_repair": (
        "We cannot find that repair. Check the number we gave you.",
        "There is no such repair. Check its number.",
    ),
    "repairs.no_such_visit": (
        "We cannot find that visit.",
        "There is no such visit for this work. Look at the repair's page.",
    ),
    "repairs.no_such_work": (
        "We cannot find that work.",
        "There is no such work. Look at the repair's page.",
    ),
    "repairs.job_not_sent": (
        "Try again in a minute.",
        "The e-mail was not sent. {why} Try again, or print the job.",
    ),
    "repairs.not_done_yet": (
        "We are still working on this repair.",
        "Work on repair {reference} is not done yet. Ask the tenant when it is.",
    ),
    "repairs.not_your_home": (
        "You can report repairs for the home where you live. To report for somebody else, choose that at the start.",
        "This person does not live in that home. Say for whom they report.",
    ),
    "repairs.nothing_said": (
        "Write what you want to tell us.",
        "Write what you want to add.",
    ),
    "repairs.only_higher": (
        "This repair is already that urgent.",
        "Its priority is {priority}. It can only be raised. To lower it, triage it again with what is known now.",
    ),
    "repairs.same_repair": (
        "These are the same repair.",
        "These two already go on as one repair. Choose another.",
    ),
    "repairs.nobody_to_sum_up_for": (
        "Nobody is a tenant of this home.",
        "No tenant lives here by our records. Put the tenancy right first, or hand the words over and record the step.",
    ),
    "repairs.no_such_summary": ("We cannot find that paper.", "There is no such summary. Open the repair again."),
    "repairs.nothing_to_sum_up": (
        "There is nothing to write down yet.",
        "No investigation has ended, or its summary was sent. Record first what the investigation found.",
    ),
    "repairs.say_what_was_found": ("Write what was found.", "Write what the investigation found, in words a tenant understands."),
    "repairs.summary_sent_before": ("That paper was sent already.", "Somebody recorded already that this summary was sent."),
    "repairs.summary_says_no_work": (
        "Write what will be done, or why nothing is.",
        "Write each piece of work with its days. If there is none, say why.",
    ),
    "repairs.summary_says_both": (
        "Write what will be done, or why nothing is, not both.",
        "There are works, and a reason why there are none. Take one of them out.",
    ),
    "repairs.summary_too_many_works": (
        "There are too many pieces of work. Use at most {most}.",
        "One summary has at most {most} pieces of work. Put some together.",
    ),
    "repairs.summary_days_wrong": (
        "Check the days of the work.",
        "Check the days of “{what}”: it is finished before it begins, or before the investigation ended.",
    ),
    "repairs.say_the_cause": (
        "Tell us what caused it.",
        "Write what caused it, in a few words.",
    ),
    "repairs.say_what_is_wrong": (
        "Tell us what is wrong, in your own words.",
        "Write what is wrong, in the tenant's own words.",
    ),
    "repairs.say_what_was_done": (
        "Tell us what was done.",
        "Write what you did, in a few words.",
    ),
    "repairs.say_what_was_tried": (
        "Tell us how you tried to get in.",
        "Say what you tried to get in: knocked, called, texted, left a card, asked a neighbour; and when.",
    ),
    "repairs.say_what_work": (
        "Tell us what work is needed.",
        "Write what has to be done.",
    ),
    "repairs.say_when_to_look_again": (
        "Tell us when you will look at it again.",
        "Say what it waits for and on which day somebody looks at it again.",
    ),
    "repairs.say_why": (
        "Tell us why.",
        "Write why, in a few words. The tenant will see it.",
    ),
    "api.no_such_job": ("There is no such job.", "No job of yours has the reference {named}."),
    "api.which_job": ("There are several such jobs.", "Several jobs of yours have the number {named}. Name one: {jobs}."),
    "api.moved_since": (
        "The visit was moved since.",
        "You sent these same words before, and the visit was moved since. To move it back, send them with another Description.",
    ),
    "api.no_such_home": (
        "There is no such home.",
        "Name a home in which you have a job, by the reference that came with the job.",
    ),
    "api.no_such_appointment": (
        "There is no such time.",
        "We cannot read {named} as a time. Write the day and the part of it: 2026-12-01/AM.",
    ),
    "api.no_such_message": (
        "There is no such message.",
        "There is no message {named}. `messages` of the job names its own.",
    ),
    "api.no_visit_booked": ("No visit is booked.", "No visit is booked for this job, so there is no RequestAppointment."),
    "api.not_done": ("The work is not done.", "This work is not done, so there is no WorkOrderComplete."),
    "api.no_such_place": (
        "We cannot go on from there.",
        "Write in `after` what an answer had as `next`, or a moment: 2026-12-01T08:00:00Z.",
    ),
    "api.says_nothing": ("Say what happened.", "The message says nothing. Write in Comments what happened."),
    "api.say_what_was_done": ("Say what was done.", "Write in Comments what was done."),
    "api.say_what_was_tried": ("Say what was tried.", "Write in Comments what was tried to get in."),
    "repairs.show_the_evidence": (
        "Add a photo or write what you saw.",
        "Add a photo, or write what you saw or measured. Without it the work is not done.",
    ),
    "repairs.slot_backwards": (
        "The visit must end after it begins. Check the times.",
        "The visit must end after it begins. Check the times.",
    ),
    "repairs.slot_too_far": (
        "That day is more than a year away. Please choose one that is nearer.",
        "That day is more than a year away. Choose one that is nearer.",
    ),
    "repairs.slot_in_the_past": (
        "That time has passed. Choose a time still to come.",
        "That time has passed. Choose a time still to come.",
    ),
    "repairs.too_long": (
        "Your words are too long for one form. Use at most {longest} characters, then add the rest as a note.",
        "The text is too long. Use at most {longest} characters, and add the rest as a note.",
    ),
    "repairs.no_such_photo": (
        "We cannot find this photo.",
        "There is no such photo or video, or it was erased.",
    ),
    "repairs.too_many_videos": (
        "There are {most} videos of this repair already. Send a photo, or tell us in a note what else there is to see.",
        "There are {most} videos of this repair already. That is as many as one repair takes.",
    ),
    "repairs.too_many_photos": (
        "There are {most} photos of this repair already. Tell us in a note what else there is to see.",
        "There are {most} photos of this repair already. That is as many as one repair takes.",
    ),
    "repairs.tree_wrong": (
        "We cannot use these questions.",
        "Line {line} of the questions is wrong: {what}",
    ),
    "repairs.visit_is_booked": (
        "There is a visit booked for this work. Cancel the visit first.",
        "A visit is booked for this work. Call off the visit first.",
    ),
    "repairs.visit_is_over": (
        "This visit is over or was cancelled. You can book a new one.",
        "This visit is over or was called off. Book a new one.",
    ),
    "repairs.visit_not_over_yet": (
        "The time of this visit has not come yet.",
        "The time of this visit has not come yet. Say so when it has.",
    ),
    "repairs.work_is_over": (
        "This work is done or was called off.",
        "This work is done or was called off. Order new work if more is needed.",
    ),
    "repairs.work_left": (
        "There is still work to do on this repair.",
        "Work on this repair is still to do. Finish it or call it off before you join the two.",
    ),
}


def tenant_words(refused: Refused) -> str:
    return gettext(WORDS[refused.code][0]).format(**refused.details)


def staff_words(refused: Refused) -> str:
    return staff_words_of(refused.code, refused.details)


def staff_words_of(code: str, details: Mapping[str, object]) -> str:
    return of_data(f"refusal.{code}", WORDS[code][1]).format(**details)
