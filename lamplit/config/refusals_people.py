"""The words of refusals about homes, people, staff and tenancies. `refusals.py` says what the two are."""

PEOPLE_AND_HOMES: dict[str, tuple[str, str]] = {
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
        "There is no such person. Search again.",
    ),
    "people.no_key_apart": (
        "This cannot be done now. Call us.",
        "The key of planted records is not on this machine. Ask whoever looks after the system.",
    ),
    "people.no_such_planted": ("We cannot find that.", "There is no such planted record. Open the list again."),
    "people.planted_is_over": (
        "This is settled already.",
        "It is agreed on or taken out already. Open the list again.",
    ),
    "people.planted_needs_two": ("Somebody else must do this.", "You proposed it. Somebody else must agree."),
    "people.planted_is_somebody": (
        "Somebody has this number or address.",
        "Somebody has this number or e-mail address already. Choose others.",
    ),
    "people.merge_same": ("Choose somebody else.", "This is one record. Choose another one to merge it with."),
    "people.merged_already": (
        "These details have changed. Ask us.",
        "One of these two is merged already. Open it again to see with which.",
    ),
    "people.merge_has_others": (
        "These details have changed. Ask us.",
        "Other records are merged into the one that would go. Keep that one instead, or take the others apart first.",
    ),
    "people.no_such_merge": ("These details have changed. Ask us.", "This merge is not there, or it was taken apart already."),
    "people.merge_confirmed": ("This is done already.", "Somebody has confirmed this merge already."),
    "people.merge_needs_two": ("Ask somebody else to do this.", "You merged these two. Somebody else must confirm it."),
    "people.merge_other_value": (
        "Choose one of the two.",
        "What stands must be what one of the two records says. Put it right afterwards if both are wrong.",
    ),
    "people.reference_not_known": (
        "We cannot find your details. Call us and we will look.",
        "No person with this reference is here. Import the people first, or check the reference.",
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
    "people.no_code_there": (
        "We cannot send a code there. Ring us to tell us that it is yours.",
        "No code can be sent to a telephone without texts, or by post. Say that it works once you have reached them there.",
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
        'Say who told us, and how. "Told us on the phone" is enough.',
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
    "people.copies_nowhere": (
        "We can send copies only to somebody whom we know.",
        "Copies go to somebody whom we know, by a way that was proved. Record whoever acts first, then find them above.",
    ),
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
    "staff.no_label": ("Say what it is for.", "Say what it is for, like the name of the firm's system."),
    "staff.token_in_the_past": ("That day is over.", "That day is over. Choose a day that is still to come."),
    "staff.token_too_long": ("Choose an earlier day.", "A way in stays open for {days} days at most. Choose an earlier day."),
    "staff.no_such_token": ("This way in is shut already.", "This way in is not there, or it is shut already."),
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
    "staff.two_people": ("Ask somebody else to do this.", "Two different people must agree, each by name."),
    "staff.lets_herself_in": ("Ask somebody else to do this.", "Nobody lets themselves in again. Ask another admin."),
    "staff.link_not_asked": (
        "Ask somebody else to do this.",
        "Nobody has asked for this link in the last 24 hours. Ask for it first, then a second person makes it.",
    ),
    "staff.link_needs_two": (
        "Ask somebody else to do this.",
        "You asked for this link yourself. Somebody else must make it: another admin or a lead.",
    ),
    "staff.lifts_own_limit": ("Ask somebody else to do this.", "Nobody lifts their own limit. Ask another lead or an admin."),
    "staff.no_reason_to_lift": ("Say what it is for.", "Write why this person needs to look at so many records."),
    "staff.lift_is_over": ("That day is over.", "That time is over. Choose a time that is still to come."),
    "staff.lift_too_long": ("Choose an earlier day.", "A limit is lifted for {days} days at most. Choose an earlier day."),
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
    "tenancies.home_not_known": (
        "We cannot find that home. Check the address.",
        "No home with this reference is here. Import the homes first, or check the reference.",
    ),
    "tenancies.person_not_known": (
        "We cannot find that person.",
        "No person with this reference is here. Import the people first, or check the reference.",
    ),
    "tenancies.rows_disagree": (
        "We were told two things of this tenancy. Call us.",
        "Home, tenure, start or end differ from line {line}, which is of the same tenancy. Make them the same.",
    ),
    "tenancies.not_by_file": (
        "We have something else for this tenancy. Call us.",
        "Home, tenure or start differ from what is here. A file cannot change these for a tenancy that is here.",
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
}
