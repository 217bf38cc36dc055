"""The words of refusals about rent. `refusals.py` says what the two are."""

RENT: dict[str, tuple[str, str]] = {
    # the books
    "rent.no_such_account": ("We cannot find that rent account.", "There is no such account. Search for the person or the home."),
    "rent.no_terms": ("Say what the rent is.", "Say what is charged: at least one line."),
    "rent.bad_sum": ("Check the sum.", "Check the sum. It must be more than nothing, and below a hundred million pounds."),
    "rent.charged_twice": ("One thing is charged twice.", "{charge} stands there twice. Put it in one line."),
    "rent.no_category": ("Check the lines.", "Only a service charge that benefit pays for has a category."),
    "rent.no_tenancy_then": ("There is no tenancy on that day.", "The tenancy does not run on that day. Check the date."),
    "rent.too_far_ahead": ("That day is too far ahead.", "Terms can be set for a year and a month ahead. Check the date."),
    "rent.charged_already": (
        "That time is charged already.",
        "This account is charged to {to}. Choose a later day, and put what was charged before it right by hand.",
    ),
    "rent.same_book": ("Check the sum.", "A sum is moved from one book to another. Choose two."),
    "rent.not_hers": ("Check the sum.", "Neither book is one that the account owes. Choose at least one that is."),
    "rent.say_why": ("Write why.", "Write the reason. It stands in the books for good."),
    "rent.no_such_line": ("We cannot find that line.", "This account has no such line. Open the account again."),
    "rent.reversed_already": ("That line is taken back already.", "Somebody has reversed this line already."),
    "rent.not_reversed": ("That line cannot be taken back.", "A reversal is not reversed. Write the right line as a new one."),
    # brought over
    "rent.tenancy_not_known": ("We do not know that tenancy.", "No tenancy has this reference. Import the tenancies first."),
    "rent.no_number": ("That number is missing.", "Write the number that the tenant pays with."),
    "rent.reference_taken": ("That number is somebody else's.", "Another account has this payment reference already."),
    "rent.balance_differs": (
        "That account has another balance.",
        "This account was brought over with another balance. Put it right by a move with a reason.",
    ),
    "rent.own_way": (
        "That is done in another way.",
        "Here you put charges right, or move them between books. Suspense, refunds and write-offs have pages of their own.",
    ),
    "rent.takes_two": (
        "Somebody else has to agree.",
        "More than {most} off an account takes two people. Ask for a write-off instead.",
    ),
    # charge runs
    "rent.no_calendar": (
        "Our rent calendar does not reach that far.",
        "Nobody has said which weeks are free from {on} on, over {weeks} weeks. Add them to figures/rent.policy.toml.",
    ),
    "rent.run_too_early": ("It is too early for that.", "This run can be worked out for a period up to {latest}, and no later."),
    "rent.nothing_charged": ("Nothing was charged.", "Nobody was charged by this run yet. Take it back instead."),
    "rent.no_such_run": ("We cannot find that run.", "There is no such charge run."),
    "rent.run_there": ("That time is charged already.", "A run for this period is there already. Open it."),
    "rent.run_needs_two": ("Somebody else has to agree.", "You prepared this run yourself. Somebody else releases it."),
    "rent.run_changed": (
        "The accounts have changed.",
        "Accounts or terms have changed since this run was prepared. Take it back and prepare it again.",
    ),
    "rent.run_over": ("That run is over.", "This run is finished or was taken back. Nothing was changed."),
    "rent.run_not_released": ("That run waits for somebody.", "Nobody has released this run yet."),
    "rent.totals_differ": (
        "We are checking our books first.",
        "What was charged is not what was released: {differing}. Nothing was closed. Tell whoever keeps the books.",
    ),
    "rent.nothing_to_charge": ("There is nothing to charge.", "No account is charged for this period. Check the date."),
    "rent.not_a_period": ("Check the day.", "A {frequency} period does not begin on that day. Choose {nearest}."),
    "rent.books_wrong": (
        "We are checking our books first.",
        "The books do not balance: {wrong} Nothing automatic is done until they do.",
    ),
    # quarterly statements
    "rent.no_such_quarter": (
        "That quarter is not over yet.",
        "Write a quarter that is over, like 2026Q3.",
    ),
    "rent.statement_day": ("Check the day.", "Statements go after the quarter's end, and not later than today."),
    "rent.statement_there": ("You have this statement.", "They have theirs already."),
    # notices of an increase
    "rent.notice_names_nobody": (
        "This notice names nobody. We must write to each tenant by name.",
        "A notice of increase goes to each named tenant. Name at least one.",
    ),
    "rent.notice_too_short": (
        "This notice is too short. Your rent cannot go up before {earliest}.",
        "The notice is too short. The new rent can start on {earliest} at the earliest, at the start of a period.",
    ),
    "rent.increase_too_soon": (
        "Your rent went up less than a year ago. It cannot go up before {earliest}.",
        "The rent went up less than 52 (or 53) weeks before. It can go up again on {earliest} at the earliest.",
    ),
    "rent.increase_not_at_period": (
        "Your rent can only go up when a new rent period starts.",
        "An increase starts with a period of the tenancy. {starts_on} is not the first day of one.",
    ),
    # changes of rents
    "rent.no_such_change": ("We cannot find that.", "There is no such change of rents. Open the list again."),
    "rent.change_there": ("That is there already.", "A change of these rents from this day is there already. Open it."),
    "rent.no_cpi": (
        "We do not know the new rents yet.",
        (
            "The CPI of September {september}, by how much prices rose, is not entered. Rents of {year} wait for it."
            " Ask whoever looks after the server to add it in {file}. docs/figures.md says how."
        ),
    ),
    "rent.nothing_to_change": ("There is nothing to change.", "No rent changes from this day. Check it."),
    "rent.above_cap": (
        "We are checking our sums first.",
        "The rent of {account} would be above the most allowed. Nothing was done.",
    ),
    "rent.notices_too_late": (
        "That is too late.",
        "Notices had to be with the tenants by {last}, and a letter takes two working days. Choose a later first day.",
    ),
    "rent.rents_differ": (
        "The accounts have changed.",
        "Terms or tenancies have changed since this was worked out. Take it back and work it out again.",
    ),
    "rent.notice_not_open": ("That is settled already.", "This account waits for no notice in this change. Open the account."),
    "rent.notice_not_yet": ("Check the day.", "The day is between the release of the change and today. Check it."),
    "rent.say_how": ("Say how.", "Say who gave the notice, to whom, and where."),
    "rent.rents_open": ("We are not ready yet.", "Some accounts still wait for their notice. Nothing was closed."),
    # days without a charge
    "rent.days_wrong": ("Check the days.", "Check the days: the last one is not before the first, nor later than it was."),
    "rent.days_too_many": ("Check the days.", "That is more than two years, or more than a year ahead. Check the days."),
    "rent.days_there": ("That is there already.", "Some of these days are left out already. Open the account."),
    "rent.no_such_days": ("We cannot find that.", "There are no such days. Open the account again."),
    "rent.days_credited": (
        "That time is settled already.",
        "The account is charged to {to}, without these days. Put it right by a move with a reason.",
    ),
    "rent.days_need_two": (
        "Somebody else has to agree.",
        "You left these days out yourself. Somebody else agrees to the credit.",
    ),
    "rent.run_going": ("Try again in a minute.", "A charge run is going on. Try again when it has ended."),
}
