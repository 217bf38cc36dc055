"""What can be done with a repair."""

from lamplit.repairs.actions.closing import (
    QUESTION,
    Answered,
    Ended,
    answer_by_text,
    ask_if_mended,
    close_repair,
    confirm_mended,
    note_clocks_run_out,
    reopen_repair,
)
from lamplit.repairs.actions.hazards import record_cause, take_hazard_step
from lamplit.repairs.actions.importing import PriorityName, RepairRow, import_repairs
from lamplit.repairs.actions.on_call import Rung, accept_emergency, ring_on_call
from lamplit.repairs.actions.photos import add_photo
from lamplit.repairs.actions.reporting import (
    Reported,
    add_to_repair,
    join_repair,
    load_tree,
    raise_priority,
    report_repair,
    retriage_repair,
)
from lamplit.repairs.actions.triaging import Said
from lamplit.repairs.actions.visits import FollowOn, attend_visit, book_visit, cancel_visit, miss_visit
from lamplit.repairs.actions.works import cancel_work, give_repair, note_repair, order_work, wait_work

__all__ = [
    "QUESTION",
    "Answered",
    "Ended",
    "FollowOn",
    "PriorityName",
    "RepairRow",
    "Reported",
    "Rung",
    "Said",
    "accept_emergency",
    "add_photo",
    "add_to_repair",
    "answer_by_text",
    "ask_if_mended",
    "attend_visit",
    "book_visit",
    "cancel_visit",
    "cancel_work",
    "close_repair",
    "confirm_mended",
    "give_repair",
    "import_repairs",
    "join_repair",
    "load_tree",
    "miss_visit",
    "note_clocks_run_out",
    "note_repair",
    "order_work",
    "raise_priority",
    "record_cause",
    "reopen_repair",
    "report_repair",
    "retriage_repair",
    "ring_on_call",
    "take_hazard_step",
    "wait_work",
]
