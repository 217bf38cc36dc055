"""The words of refusals about surveys, money, places to stay, reviews and patches. `refusals.py` says what the two are."""

WORKS_AND_MONEY: dict[str, tuple[str, str]] = {
    # surveys and proofs
    "repairs.say_what_was_found": ("Write what was found.", "Write what the survey found, in words that the tenant can read."),
    "repairs.not_yours_to_prove": (
        "Somebody who did the work has to show that it is done.",
        "Only whoever did the work, their firm or a surveyor shows that it is done.",
    ),
    "repairs.no_such_photo": ("We cannot find that photo.", "This repair has no such photo. Add it first."),
    "repairs.named_person": ("One of our staff has to decide this.", "A named person must decide this, not a system."),
    # prices
    "repairs.no_such_rate": (
        "We cannot find that price.",
        "The schedule has no rate {rate} today. Look it up, or leave it empty.",
    ),
    "repairs.bad_quantity": (
        "Check how much it is.",
        "Check how much of {rate} it is. It must be more than nothing, and below a million pounds.",
    ),
    "repairs.rate_ends_before_start": ("Check both dates.", "It ends before it begins. Check both dates."),
    # more work or money
    "repairs.say_how_much": ("Say how much it costs.", "Say how much it costs, in pounds or by rates of the schedule."),
    "repairs.too_much_money": ("Check the sum.", "Check the sum. It must be from nothing to below a million pounds."),
    "repairs.no_such_variation": ("We cannot find that.", "Nothing is asked for under this number. Open the list again."),
    "repairs.variation_decided": (
        "This is decided already.",
        "Somebody has said yes or no to this already. Its repair shows who.",
    ),
    "repairs.not_your_own": ("Somebody else has to decide this.", "You asked for this yourself. Somebody else says yes or no."),
    "repairs.above_your_limit": (
        "Somebody else has to decide this.",
        "You may agree to {limit} at most. Ask somebody with a higher limit.",
    ),
    # places to stay
    "repairs.say_who_stays": ("Write who will stay there.", "Write for whom it is: the whole household is meant."),
    "repairs.say_where": ("Write where it is.", "Write where they will stay, with the address."),
    "repairs.stay_backwards": (
        "The last day comes before the first. Check both.",
        "The last day comes before the first. Check both.",
    ),
    "repairs.stay_is_taken": (
        "You have a place to stay already.",
        "The household has taken a place already. End that one first.",
    ),
    "repairs.no_such_stay": ("We cannot find that offer.", "There is no such offer. Open the repair again."),
    "repairs.stay_out_of_turn": (
        "This was answered already. Ring us if you have changed your mind.",
        "This offer does not stand so any more. Open the repair again and see what comes next.",
    ),
    # reviews
    "repairs.no_such_review": ("We cannot find that.", "There is no such review. Open the list again."),
    "repairs.review_is_closed": ("This is over already.", "This review is closed already. Its repair shows what was found."),
    "repairs.say_the_finding": ("Write what was found.", "Write why the trouble comes back."),
    "repairs.say_what_changes": ("Write what changes.", "Write what changes, so that it does not come back."),
    "repairs.say_what_they_read": ("Write what the tenant reads.", "Write what the tenant reads of it, in plain words."),
    # patches
    "staff.no_such_patch": ("We cannot find that area.", "There is no such patch. Open the list again."),
    "staff.no_patch_name": ("Write the name of the area.", "Write a name for the patch."),
    "staff.empty_patch": ("Say what belongs to it.", "Choose blocks, or write how the postcodes begin."),
    "staff.no_such_cover": ("We cannot find that.", "There is no such entry. Open the firm again."),
    "staff.cover_backwards": (
        "The last day comes before the first. Check both.",
        "The last day comes before the first. Check both.",
    ),
}
