"""The words of refusals about money that comes in. `refusals.py` says what the two are."""

MONEY_IN: dict[str, tuple[str, str]] = {
    "rent.take_it_off": (
        "That line cannot be taken back.",
        "This line came in a file. Take the payment off the account instead: it then waits in suspense.",
    ),
    "rent.day_ahead": ("Check the date.", "A line is dated {on}, far ahead. The file is wrong; nothing of it was taken in."),
    "rent.nothing_missing": ("Nothing is missing there.", "Nothing is missing beside this file now. Look at the page of files."),
    "rent.no_such_file": ("We cannot find that.", "There is no such file of money."),
    "rent.file_finished": ("That file is done.", "This file is in the books already. Nothing was changed."),
    "rent.line_there": ("That is there already.", "Somebody else is loading this file, or these lines are there. Run it again."),
    "rent.file_differs": (
        "We are checking our books first.",
        (
            "{lines} lines are in the books and the file had {told}, or their sums differ. Run the import again."
            " If it is still so, tell whoever keeps the books."
        ),
    ),
    "rent.line_not_waiting": ("That is settled already.", "Somebody has dealt with this line already. Open suspense again."),
    "rent.line_not_posted": ("That is not on an account.", "This line is on no account, so it cannot be taken off."),
    "rent.no_such_claim": ("We cannot find that claim.", "There is no such benefit claim on this account."),
    "rent.bad_wait": ("Check the days.", "The days from the end of a benefit period to its pay day are 0 to 60."),
}
