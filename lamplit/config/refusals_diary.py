"""Words of the refusals around the diary, visits keyed from paper, and cases bigger than one home."""

DIARY: dict[str, tuple[str, str]] = {
    # code: (what the tenant reads, what staff read)
    "repairs.no_such_diary": (
        "We cannot give out times for this here. Ring us and we will agree one.",
        "Nobody keeps a diary for this work. Book a time of your own, or set one up.",
    ),
    "repairs.slot_taken": (
        "That time has just gone. Choose another one.",
        "That time is taken or no longer offered. Choose another one.",
    ),
    "repairs.diary_full": (
        "We have no time left then. Choose another time.",
        "The diary “{diary}” has no place left then. Choose another time, or tick that it can be done all the same.",
    ),
    "repairs.already_booked": (
        "There is a visit for this already. You can change it.",
        "A visit is booked for this work already. Move that one.",
    ),
    "repairs.name_the_diary": ("Write a name.", "Write what planners call this diary, like “Plumbers, north”."),
    "repairs.say_the_trades": ("Choose a trade.", "Choose at least one trade."),
    "repairs.no_such_area": (
        "We do not know that part of town.",
        "{area} is not the beginning of a postcode. Write it like ZZ1 or ZZ1 4, or leave it empty for everywhere.",
    ),
    "repairs.no_such_part": ("Choose a part of the day.", "Choose at least one part of the day from the list."),
    "repairs.no_weekday": ("Choose a day of the week.", "Choose at least one day of the week."),
    "repairs.days_backwards": ("The last day comes before the first.", "The last day comes before the first. Check both."),
    "repairs.too_many_places": (
        "That is too many.",
        "Write a whole number of visits from 0 to {most}. 0 means that nobody comes.",
    ),
    "repairs.not_that_day": (
        "This visit is on another day.",
        "This visit is on another day. Move it first if you go there now.",
    ),
    "repairs.on_the_way_already": (
        "We have told you already that somebody is on the way.",
        "They have been told already that somebody is on the way.",
    ),
    "repairs.no_such_block": ("We cannot find that building.", "There is no such block. Search for one of its homes."),
    "repairs.not_your_block": (
        "You can tell us about the shared parts of the building where you live.",
        "This person does not live in that block. Say who told us instead.",
    ),
    "repairs.told_us_already": (
        "We have this from you already. You need do nothing more.",
        "This person has told us of it already.",
    ),
    "repairs.its_own_home": ("This is about that home already.", "The repair is about that home already. Choose another."),
    "repairs.not_linked": ("It is not about that home.", "The repair is not linked to that home."),
    "repairs.say_what_they_are_told": (
        "Write what it is about.",
        "Write what that home is told. Say nothing of the people in the other one.",
    ),
    "repairs.told_already": (
        "We have this already.",
        "This person already told us what came of that visit. It is not written down twice.",
    ),
}
