"""Every refusal's words: for the tenant, and for staff. Codes never change; words may."""

from lamplit.basics.refusal import Refused

WORDS: dict[str, tuple[str, str]] = {
    # code: (what the tenant reads, what staff read); both may use {details}
    "record.command_reused": (
        "This form was already sent with other answers. Go back, check them and send it again.",
        "This form was already sent with other content. Open a new one.",
    ),
    "record.already_written": ("This was already sent. You need not send it again.", "This batch is already in the record."),
    "record.no_erasure": (
        "There is nothing to erase under that number.",
        "No erasure is due under {erasure}. It may be done, called off or still waiting.",
    ),
    # homes
    "homes.no_such_home": (
        "We cannot find that home. Check the address.",
        "There is no such home. Search for its address again.",
    ),
    "homes.no_such_block": (
        "We cannot find that building. Check the address.",
        "There is no such block. Search for it again, or record it first.",
    ),
    "homes.no_such_note": ("We cannot find that note.", "This home has no such note. Open the home again."),
    "homes.no_such_component": ("We cannot find that part of your home.", "This home has no such part. Open the home again."),
    "homes.no_name": ("Write the name of the building.", "Write the block's name."),
    "homes.no_address": ("Write the address.", "Write at least one line of the address."),
    "homes.bad_postcode": (
        "That does not look like a postcode. Write it like HH1 2AB.",
        "That is no UK postcode. Write it like HH1 2AB.",
    ),
    "homes.bad_uprn": ("That number is not right. Use digits only.", "A UPRN has up to 12 digits and nothing else."),
    "homes.uprn_taken": (
        "We have another home under that number.",
        "Another home has this UPRN. Search for the number to see which one.",
    ),
    "homes.bad_bedrooms": (
        "Write how many bedrooms there are, from 0 to 30.",
        "Write how many bedrooms there are, from 0 to 30.",
    ),
    "homes.bad_place": (
        "Write the floor as a number. The ground floor is 0.",
        "Storeys go from -9 to 99, with 0 for the ground. Stacks go from 0 to 999.",
    ),
    "homes.no_reason": ("Write why this is wrong.", "Write why you change it. The reason stays beside what we believed before."),
    "homes.note_says_nothing": ("Write what we need to know.", "Write what somebody has to know before going there."),
    "homes.note_without_source": (
        "Write how you know this.",
        "Say where we know about the asbestos from, such as a survey and its date.",
    ),
    "homes.dates_out_of_order": (
        "The second date comes before the first. Check both.",
        "The later date comes before the earlier one. Check both.",
    ),
    "homes.checked_later": (
        "That date has not come yet. Write the day of the check.",
        "The check lies ahead. Write the day on which it was made.",
    ),
    "homes.component_removed": (
        "This part is no longer in your home.",
        "This part was taken out before that day. Choose the part that is there now.",
    ),
    "homes.check_failed_without_words": ("Write what was wrong.", "Write what was found. A failed check says why."),
    # people
    "people.no_such_person": (
        "We cannot find your details. Call us and we will look.",
        "There is no such person. Search for her again.",
    ),
    "people.no_such_reach": (
        "We do not have that number or address for you.",
        "This person has no such contact point. Open the person again.",
    ),
    "people.no_such_note": ("We cannot find that note.", "This person has no such note. Open the person again."),
    "people.no_such_mandate": (
        "We cannot find that person who speaks for you.",
        "This person has no such representative. Open the person again.",
    ),
    "people.no_name": ("Write the name.", "Write the person's full name."),
    "people.name_too_long": (
        "That name is too long. Use at most 200 letters.",
        "That name is too long. Use at most 200 letters.",
    ),
    "people.no_reason": ("Write why this is wrong.", "Write why you change it. The reason stays beside what we believed before."),
    "people.bad_birth": (
        "Check the date of birth. It must be in the past.",
        "The date of birth lies ahead, or more than 120 years back. Check it.",
    ),
    "people.bad_phone": (
        "That is not a full phone number. Write it like 07700 900123.",
        "That is no phone number. Write it like 07700 900123, or with + and the country's code.",
    ),
    "people.not_a_mobile": (
        "We cannot send texts to that number. Give us a mobile number.",
        "Texts need a mobile number. Record this one as a phone to call.",
    ),
    "people.bad_email": (
        "Check the email address. It should look like name@example.com.",
        "That is no email address. It should look like name@example.com.",
    ),
    "people.no_address": ("Write the address.", "Write the number or address, in at most 1,000 letters."),
    "people.ended_without_why": ("Tell us why we should stop using it.", "Say why this is no longer used, or why it fails."),
    "people.reach_known": (
        "We have this one for you already.",
        "We have this contact point for this person already. Change that one.",
    ),
    "people.reach_ended": (
        "We no longer use this one. Add it again as a new one.",
        "This contact point has ended. Record it again as a new one.",
    ),
    "people.other_channel": (
        "Add this as a new one, then remove the old one.",
        "A contact point keeps its channel. Record a new one and end this one.",
    ),
    "people.bad_code": ("Choose one from the list.", "Choose the kind from the list."),
    "people.need_without_source": (
        "Tell us how we can know this. It is fine to say that you told us.",
        'Say who told us, and how. "She said so on the phone" is enough.',
    ),
    "people.preference_without_value": ("Choose one from the list.", "Say what the person prefers."),
    "people.note_says_nothing": ("Write what we need to know.", "Write what staff have to know before they visit."),
    "people.dates_out_of_order": (
        "The second date comes before the first. Check both.",
        "The later date comes before the earlier one. Check both.",
    ),
    "people.restriction_ends_later": (
        "Choose today or an earlier day.",
        "A restriction does not end by itself. End it on the day, once it is safe.",
    ),
    "people.other_kind": ("Add this as a new note.", "A note keeps its kind. End this one and write a new one."),
    "people.bad_scope": ("Choose what this person may do for you.", "Choose repairs, rent, complaints or everything."),
    "people.mandate_expired": (
        "That date has passed. Choose a later one.",
        "The last day has passed already. Choose a later one, or leave it open.",
    ),
    # staff
    "staff.no_such_staff": ("We cannot find that person.", "There is no such account. Open the list again."),
    "staff.no_such_contractor": ("We cannot find that firm.", "There is no such firm. Record it first."),
    "staff.no_such_shift": ("We cannot find that turn.", "There is no such turn on call. Open the list again."),
    "staff.no_name": ("Write the name.", "Write the name."),
    "staff.no_email": ("Write the email address.", "Write the work email. It is needed to sign in."),
    "staff.bad_email": (
        "Check the email address. It should look like name@example.com.",
        "That is no email address. It should look like name@example.com.",
    ),
    "staff.email_taken": (
        "Use another email address.",
        "Somebody has this email already, maybe under a shut account. Let that one in again.",
    ),
    "staff.bad_phone": (
        "That is not a full phone number. Write it like 07700 900123.",
        "That is no phone number. Write it like 07700 900123, or with + and the country's code.",
    ),
    "staff.no_trade": ("Choose at least one trade.", "Say which trades the firm does."),
    "staff.no_role": ("Choose at least one role.", "Choose at least one role."),
    "staff.unknown_role": ("Choose a role from the list.", "There is no role called {role}. Choose one from the list."),
    "staff.contractor_role_only": (
        "Choose the role of operative or contractor.",
        "Somebody who works for a firm can only be an operative or contractor.",
    ),
    "staff.contractor_missing": ("Choose the firm.", "Say which firm this person works for."),
    "staff.last_admin": (
        "Somebody else must be able to do this first.",
        "Nobody else could let people in and out. Make another person an admin first.",
    ),
    "staff.own_roles": ("Ask somebody else to do this.", "Nobody gives a role to themselves. Ask another admin."),
    "staff.lets_herself_in": ("Ask somebody else to do this.", "Nobody lets themselves in again. Ask another admin."),
    "staff.shut_already": ("This account is shut.", "This account is shut. Let it in first."),
    "staff.not_shut": ("This account is open.", "This account is open already."),
    "staff.may_not_be_on_call": (
        "Choose somebody who may take emergencies.",
        "None of this person's roles may accept an emergency. Choose somebody else.",
    ),
    "staff.no_phone": (
        "Add a phone number first.",
        "We have no phone number for this person, so nobody could ring. Add one first.",
    ),
    "staff.shift_backwards": ("The end comes before the start. Check both.", "The turn ends before it begins. Check both times."),
    "staff.shift_too_long": ("Choose a shorter time.", "A turn on call lasts at most 31 days. Make two of it."),
    # tenancies
    "tenancies.no_such_home": (
        "We cannot find that home. Check the address.",
        "There is no such home. Search for its address again.",
    ),
    "tenancies.no_such_person": (
        "We cannot find that person.",
        "There is no such person. Search for the name again, or record the person first.",
    ),
    "tenancies.no_such_tenancy": (
        "We cannot find that tenancy. Call us and we will look.",
        "There is no such tenancy. Open the home again.",
    ),
    "tenancies.no_tenant": ("Choose who the tenant is.", "A tenancy needs at least one tenant."),
    "tenancies.same_person_twice": ("The same person is there twice. Remove one.", "The same person is there twice. Remove one."),
    "tenancies.already_let": (
        "This home is let to somebody in that time.",
        "Another tenancy of this home runs on that day. End that one first, or check the date.",
    ),
    "tenancies.ended": ("This tenancy has ended.", "This tenancy has ended on that day already. Check the date."),
    "tenancies.before_start": (
        "That is before the tenancy began. Check the date.",
        "That is before the tenancy began. Check the date.",
    ),
    "tenancies.lives_there_already": (
        "We have this person in the home already.",
        "This person is in the household in that role already.",
    ),
    "tenancies.not_living_there": (
        "We do not have this person in the home.",
        "This person is not in the household now. Open the household again.",
    ),
    "tenancies.left_before_joining": (
        "That is before this person came. Check the date.",
        "That is before this person joined. Check the date.",
    ),
    "tenancies.leaves_later": (
        "That day has not come yet. Tell us on the day.",
        "That day has not come yet. Record it on the day, since contact points end with it.",
    ),
    "tenancies.last_tenant": (
        "This person is the only tenant. Call us to end the tenancy.",
        "This is the only tenant. End the tenancy, or add another tenant first.",
    ),
    "tenancies.not_their_reach": (
        "Choose from the list.",
        "That contact point belongs to nobody in this household, or has ended. Choose from the list.",
    ),
    "tenancies.ends_before_start": (
        "That is before the tenancy began. Check the date.",
        "That is before the tenancy began. Check the date.",
    ),
    # messages
    "messages.no_such_choice": (
        "Choose one of the answers on the page.",
        "Choose a channel, in or out, and who may read it from the lists.",
    ),
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
    "repairs.edition_taken": (
        "We cannot use these questions.",
        "There are other questions with edition {edition} already. Give these a new edition.",
    ),
    "repairs.hazard_step_out_of_turn": (
        "We have to do something else first.",
        "That step does not fit here: the case stands at {state}. Record what happened before it first.",
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
    "repairs.not_done_yet": (
        "We are still working on this repair.",
        "Work on repair {reference} is not done yet. Ask her when it is.",
    ),
    "repairs.not_your_home": (
        "You can report repairs for the home where you live. To report for somebody else, choose that at the start.",
        "This person does not live in that home. Say for whom she reports.",
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
    "repairs.show_the_evidence": (
        "Add a photo or write what you saw.",
        "Add a photo, or write what you saw or measured. Without it the work is not done.",
    ),
    "repairs.slot_backwards": (
        "The visit must end after it begins. Check the times.",
        "The visit must end after it begins. Check the times.",
    ),
    "repairs.slot_in_the_past": (
        "That time has passed. Choose a time still to come.",
        "That time has passed. Choose a time still to come.",
    ),
    "repairs.too_long": (
        "Your words are too long for one form. Use at most {longest} characters, then add the rest as a note.",
        "The text is too long. Use at most {longest} characters, and add the rest as a note.",
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
    return WORDS[refused.code][0].format(**refused.details)


def staff_words(refused: Refused) -> str:
    return WORDS[refused.code][1].format(**refused.details)
