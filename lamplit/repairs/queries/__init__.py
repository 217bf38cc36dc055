"""Reads of repairs: the queue, one repair and a home's story, a day's visits."""

from lamplit.repairs.queries.books import book_for, shipped_questions
from lamplit.repairs.queries.case import Case, Line, Promised, case, may_see, may_tenant_see, tenant_case
from lamplit.repairs.queries.figures import Age, Kept, clocks_kept, clocks_missed, open_between, open_by_age
from lamplit.repairs.queries.lists import (
    HistoryRow,
    by_reference,
    clocks_to_run_out,
    happening,
    home_history,
    of_person,
    open_around,
    open_of_homes,
    open_of_person,
    repair,
    to_ring,
    tree,
    visit,
)
from lamplit.repairs.queries.queue import FILTERS, QueueRow, queue, queue_counts
from lamplit.repairs.queries.standing import what_is_missing
from lamplit.repairs.queries.visits import (
    ContractorWork,
    Job,
    VisitRow,
    job,
    visits_from_elsewhere,
    visits_of_day,
    works_of_contractor,
)

__all__ = [
    "FILTERS",
    "Age",
    "Case",
    "ContractorWork",
    "HistoryRow",
    "Job",
    "Kept",
    "Line",
    "Promised",
    "QueueRow",
    "VisitRow",
    "book_for",
    "by_reference",
    "case",
    "clocks_kept",
    "clocks_missed",
    "clocks_to_run_out",
    "happening",
    "home_history",
    "job",
    "may_see",
    "may_tenant_see",
    "of_person",
    "open_around",
    "open_between",
    "open_by_age",
    "open_of_homes",
    "open_of_person",
    "queue",
    "queue_counts",
    "repair",
    "shipped_questions",
    "tenant_case",
    "to_ring",
    "tree",
    "visit",
    "visits_from_elsewhere",
    "visits_of_day",
    "what_is_missing",
    "works_of_contractor",
]  # fmt: skip
