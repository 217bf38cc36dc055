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
    # people
    # staff
    # tenancies
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
}


def tenant_words(refused: Refused) -> str:
    return WORDS[refused.code][0].format(**refused.details)


def staff_words(refused: Refused) -> str:
    return WORDS[refused.code][1].format(**refused.details)
