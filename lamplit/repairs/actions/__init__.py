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
from lamplit.repairs.actions.diary import book_slot, record_diary, set_capacity
from lamplit.repairs.actions.hazards import record_cause, take_hazard_step
from lamplit.repairs.actions.history import HistoryRow, import_history
from lamplit.repairs.actions.importing import PriorityName, RepairRow, import_repairs
from lamplit.repairs.actions.on_call import Rung, accept_emergency, ring_on_call
from lamplit.repairs.actions.photos import add_photo, add_video, take_original
from lamplit.repairs.actions.rates import Measured, RateRow, UnitName, import_rates
from lamplit.repairs.actions.reporting import (
    Reported,
    add_to_repair,
    join_repair,
    load_tree,
    raise_priority,
    report_repair,
    retriage_repair,
)
from lamplit.repairs.actions.reviews import close_review, give_review
from lamplit.repairs.actions.shared import link_home, report_shared, say_me_too
from lamplit.repairs.actions.stays import AnswerBy, answer_stay, begin_stay, end_stay, offer_stay
from lamplit.repairs.actions.summaries import Addressed, record_summary_sent, write_summary
from lamplit.repairs.actions.surveys import ProofName, WorkFound, prove_work, record_survey
from lamplit.repairs.actions.triaging import Said
from lamplit.repairs.actions.variations import AskedFor, ask_variation, decide_variation
from lamplit.repairs.actions.visits import FollowOn, attend_visit, book_visit, cancel_visit, miss_visit, set_out
from lamplit.repairs.actions.works import cancel_work, give_repair, note_repair, order_work, wait_work

__all__ = [
    "QUESTION",
    "Addressed",
    "AnswerBy",
    "Answered",
    "AskedFor",
    "Ended",
    "FollowOn",
    "HistoryRow",
    "Measured",
    "PriorityName",
    "ProofName",
    "RateRow",
    "RepairRow",
    "Reported",
    "Rung",
    "Said",
    "UnitName",
    "WorkFound",
    "accept_emergency",
    "add_photo",
    "add_to_repair",
    "add_video",
    "answer_by_text",
    "answer_stay",
    "ask_if_mended",
    "ask_variation",
    "attend_visit",
    "begin_stay",
    "book_slot",
    "book_visit",
    "cancel_visit",
    "cancel_work",
    "close_repair",
    "close_review",
    "confirm_mended",
    "decide_variation",
    "end_stay",
    "give_repair",
    "give_review",
    "import_history",
    "import_rates",
    "import_repairs",
    "join_repair",
    "link_home",
    "load_tree",
    "miss_visit",
    "note_clocks_run_out",
    "note_repair",
    "offer_stay",
    "order_work",
    "prove_work",
    "raise_priority",
    "record_cause",
    "record_diary",
    "record_summary_sent",
    "record_survey",
    "reopen_repair",
    "report_repair",
    "report_shared",
    "retriage_repair",
    "ring_on_call",
    "say_me_too",
    "set_capacity",
    "set_out",
    "take_hazard_step",
    "take_original",
    "wait_work",
    "write_summary",
]
