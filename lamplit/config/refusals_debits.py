"""The words of refusals about Direct Debits, bank details and refunds. `refusals.py` says what the two are."""

_FAULT = "We cannot take bank details here just now. Ring us. This is our fault, not yours."

DEBITS: dict[str, tuple[str, str]] = {
    # bank details
    "rent.bad_bank_details": (
        "Check the sort code and the account number. A sort code has 6 digits. An account number has 6 to 8.",
        "A sort code has 6 digits, an account number 6 to 10.",
    ),
    "rent.modulus_failed": (
        "Check the sort code and account number. They do not belong together.",
        "The sort code and the account number do not belong together. Read them back to the payer.",
    ),
    "rent.no_payer_name": ("Write the name on the account.", "Write the name on the account, up to 60 characters."),
    "rent.no_finance_key": (_FAULT, "The finance key is not set up, so bank details cannot be sealed. See docs/direct-debit.md."),
    "rent.no_modulus_table": (_FAULT, "The modulus tables are not set up, so nothing can be checked. See docs/direct-debit.md."),
    "rent.no_guarantee": (_FAULT, "The text of the Direct Debit Guarantee is not set up. See docs/direct-debit.md."),
    "rent.details_wait": (
        "We already have new bank details from you and are checking them. Call us if they are wrong.",
        "Changed bank details wait already. Confirm or drop them first.",
    ),
    "rent.details_there": (
        "We have bank details of yours. Change them first.",
        "There are bank details in force. Another number is a change: they are told, and a second person confirms it.",
    ),
    "rent.details_of_another": (
        "We have bank details for this rent that somebody else gave us. Ring us, and we sort it out together.",
        "The bank details in force are not this tenant's. Take theirs in as a change.",
    ),
    "rent.no_tenant_now": (
        "You are no tenant of this home now. Ring us about what is left to pay.",
        "This person is no tenant of the home now.",
    ),
    "rent.details_left_too_long": (
        "That took a while, so we let go of what you typed. Please type it again.",
        "Too much time passed. Type it again.",
    ),
    "rent.sum_changed": (
        "What we would take has changed since you read it. Check it again.",
        "The sum has changed since it was read. Check it again.",
    ),
    "rent.account_held": (
        "We are looking into something on your account. Ring us, and we set it up together.",
        "The account is held. Look at why first.",
    ),
    "rent.no_charge_yet": (
        "We do not know yet what your rent comes to. Ring us, and we set it up together.",
        "Nothing is charged on this account yet.",
    ),
    "rent.benefit_pays_all": (
        "Benefit that is paid to us pays all of your rent. You need no Direct Debit.",
        "Benefit pays all of this rent.",
    ),
    "rent.no_details": ("We have no bank details of yours.", "There are no bank details in force. Take them in first."),
    "rent.no_such_details": ("We cannot find these bank details.", "These bank details do not wait for anybody."),
    "rent.details_need_two": ("Somebody else has to agree.", "You took these details in yourself. Somebody else confirms them."),
    "rent.details_cooling": ("We are still checking these bank details.", "These details wait until {until} has passed."),
    # instructions
    "rent.mandate_there": (
        "You pay by Direct Debit already.",
        "This account has a Direct Debit. End that one first.",
    ),
    "rent.no_mandate": ("You have no Direct Debit with us.", "There is no such Direct Debit, or it has ended."),
    "rent.not_stopped": ("Your Direct Debit has not stopped.", "This Direct Debit is not stopped."),
    "rent.bad_day": (
        "Choose a day from the list.",
        "Choose a day of the month from 1 to 28, or a day of the week from 1 (Monday) to 7.",
    ),
    "rent.bad_debit_reference": ("We cannot use that reference.", "{what}"),
    "rent.letters_stopped": (
        "Please call us. We have to speak with you first.",
        "Somebody has died, or an advice of a bank waits for a person. Look at it, or end the hold first.",
    ),
    "rent.say_whether_died": ("Please call us.", "Say whether somebody has died."),
    # collection runs
    "rent.no_entry_day": ("No money moves on that day.", "No money moves on that day. The next one is {nearest}."),
    "rent.too_late_to_send": (
        "It is too late for that day.",
        "Too late: the file had to be sent by {by}. Choose a later day.",
    ),
    "rent.debit_run_there": ("That is done already.", "A run for this day waits already. Open it, or take it back."),
    "rent.nothing_to_collect": ("There is nothing to collect.", "Nobody was told of a collection on this day."),
    "rent.debit_run_changed": (
        "The run has changed.",
        "Collections or instructions have changed since this run was prepared. Take it back and prepare it again.",
    ),
    "rent.serial_used": ("That file number was used.", "Another file was written meanwhile. Write this one again."),
    "rent.sent_before": ("That was sent already.", "The same collections went to Bacs before. Nothing was sent."),
    "rent.run_not_submitted": ("That run has not gone yet.", "This run has not gone to Bacs, or its day has not come."),
    "rent.debits_coming_back": (
        "We are checking our books first.",
        "A file did not go, and what was in it is being taken back. Try again in a few minutes.",
    ),
    "rent.doubted_already": ("Somebody else has to agree.", "Somebody said so already. Somebody else confirms it."),
    "rent.not_doubted": ("That run is over.", "Nobody says that this file did not go, or it was confirmed already."),
    "rent.doubt_needs_two": ("Somebody else has to agree.", "You said it yourself. Somebody else confirms it."),
    "rent.bank_answered": (
        "Only a bank takes this back.",
        "A bank has sent back a part of this file, so it went. Each report of Bacs takes off what did not come.",
    ),
    "rent.no_such_collection": ("We cannot find that payment.", "There is no such collection, or it went already."),
    "rent.paid_already": ("You have paid this. There is nothing to do.", "It is paid already. Nothing is collected."),
    "rent.no_such_choice": ("Choose one of the answers on the page.", "This choice is not open for this collection."),
    "rent.post_first": (
        "We are checking our books first.",
        "What this report is about is not in the books yet. Read it again in ten minutes.",
    ),
    "rent.bank_says_so": (
        "Only a bank takes this back.",
        "This went through Bacs. A report of Bacs takes it off. Read the report, or ask for a refund.",
    ),
    "rent.no_such_advice": ("We cannot find that.", "There is no such advice, or somebody has looked at it."),
    # refunds
    "rent.no_evidence": ("Say what shows it.", "Say what shows it: a line of the account, a letter, a call."),
    "rent.more_than_owed": ("Check the sum.", "That is more than what is owed in this book."),
    "rent.no_such_refund": ("We cannot find that refund.", "This is decided already, or there is no such thing."),
    "rent.refund_not_ready": ("We have to check something first.", "Not yet: {what}."),
}
