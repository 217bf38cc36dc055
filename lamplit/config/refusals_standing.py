"""The words of refusals about where she stands. `refusals.py` says what the two are."""

STANDING: dict[str, tuple[str, str]] = {
    "rent.no_such_dispute": ("We cannot find that.", "There is no such dispute. Open the list again."),
    "rent.answered": ("We have answered that already.", "Somebody has answered this already. Nothing was changed."),
    "rent.no_such_payment": ("We cannot find that payment.", "There is no such payment told of. Open the list again."),
    "rent.paid_day": (
        "Check the day. It must be today or in the last 60 days. If it was before, please call us.",
        "The day must be today or in the last 60 days.",
    ),
    "rent.paid_here": (
        "We have this payment already. It is on your account, on {day}. You need do nothing.",
        "A payment of this sum is on the account on {day} already.",
    ),
    "rent.plan_nothing": (
        "You have nothing to pay now, so you need no plan.",
        "There is nothing to pay now.",
    ),
    "rent.plan_too_small": ("Each payment must be at least £1.", "An instalment is at least £1."),
    "rent.plan_too_long": (
        "That would take more than two years. Please call us. We will find a way together.",
        "That takes longer than policy lets them agree alone. Talk to them, and to an adviser.",
    ),
    "rent.plan_too_much": (
        "That is more than you have left each month. Choose less, or call us. We will find a way together.",
        "That is more than they have left each month. Agree a sum that they can afford.",
    ),
    "rent.plan_day": ("Choose a first day from today to a month from now.", "The first day is from today to a month ahead."),
    "rent.no_such_plan": ("We cannot find that plan.", "There is no such plan. Open the account again."),
    "rent.plan_over": ("That plan has ended already.", "That plan has ended already. Nothing was changed."),
}
