"""The words of refusals about holds, breathing space and arrears steps. `refusals.py` says what the two are."""

ARREARS: dict[str, tuple[str, str]] = {
    # holds
    "rent.no_such_hold": ("We cannot find that.", "There is no such hold. Open the account again."),
    "rent.hold_over": ("That is over already.", "Somebody has ended this hold already. Nothing was changed."),
    "rent.no_such_hold_kind": ("Choose one from the list.", "Choose from the list what the hold is for."),
    "rent.review_passed": ("Choose a day to come.", "Choose a day still to come on which somebody looks at it again."),
    "rent.review_too_far": (
        "Choose an earlier day.",
        "That is too far ahead: a hold is no place to be forgotten in. Choose a day up to {latest}.",
    ),
    # breathing space
    "rent.no_such_protection": ("We cannot find that.", "There is no such breathing space. Open the account again."),
    "rent.protection_over": ("That is over already.", "This breathing space has ended already. Nothing was changed."),
    "rent.protected_already": (
        "This account is protected already.",
        "A breathing space runs on this account already. Review that one, or end it first.",
    ),
    "rent.registered_ahead": ("Check the day.", "The day of registration is still to come. Check the date on the notice."),
    "rent.space_over": ("Check the day.", "By these dates it ended on {last}. Check the dates on the notice."),
    "rent.treatment_of_crisis": ("Check the answers.", "Only a crisis breathing space has a treatment. Check the kind."),
    "rent.ends_before_it_starts": ("Check the days.", "It cannot end before it was registered. Check the dates."),
    # steps
    "rent.no_step": ("There is nothing to do.", "No step is left to take, or there is not enough to pay."),
    "rent.step_not_yet": ("It is too early.", "The next step may not be taken before {day}."),
    "rent.another_step": ("Something has changed.", "Another step comes next now: {words}. Open the account again."),
    "rent.not_automatic": ("A person decides.", "This step is for a person, never for the nightly job."),
}
