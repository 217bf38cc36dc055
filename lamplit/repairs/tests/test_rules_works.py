"""What work costs, who may agree to more of it, who shows that it is done, and when a trouble is reviewed."""

from datetime import date

import pytest

from lamplit.basics import who
from lamplit.repairs.rules.law import load_figures
from lamplit.repairs.rules.prices import Asking, at_once, limit_at_once, limit_to_approve, sum_of
from lamplit.repairs.rules.proving import may_prove
from lamplit.repairs.rules.repeats import Repeats
from lamplit.repairs.rules.reviews import review_of_reopening, review_of_reports

DAY = date(2026, 12, 14)
FIGURES = load_figures(
    """
[[variation.at_once.contractor]]
value = 15000
effective_from = 2026-01-01
effective_to = 2026-06-30
citation = "Our policy"
[[variation.at_once.contractor]]
value = 20000
effective_from = 2026-07-01
citation = "Our policy"
[[variation.approve.lead]]
value = 900000
effective_from = 2026-01-01
citation = "Our policy"
""",
    "test.toml",
)


@pytest.mark.parametrize(
    ("rate", "hundredths", "pence"), [(1299, 100, 1299), (1299, 250, 3248), (333, 150, 500), (1, 50, 1), (1, 49, 0), (0, 900, 0)]
)
def test_a_line_costs_its_rate_times_its_quantity_to_the_nearest_penny(rate: int, hundredths: int, pence: int) -> None:
    assert sum_of(rate, hundredths) == pence


@pytest.mark.parametrize(
    ("pence", "before", "unsafe", "said"),
    [
        (15_000, 0, False, True),
        (15_001, 0, False, False),
        (8_000, 8_000, False, False),  # cut small, it is added up again
        (None, 0, False, False),
        (5_000_000, 0, True, True),
        (None, 0, True, True),
    ],
)
def test_within_the_limit_or_to_make_safe_nobody_waits(pence: int | None, before: int, unsafe: bool, said: bool) -> None:
    assert at_once(Asking(pence=pence, before_pence=before, limit_pence=15_000, unsafe=unsafe)) is said


def test_limits_are_those_of_the_day_and_the_highest_of_the_roles() -> None:
    assert limit_at_once(["contractor"], date(2026, 6, 30), FIGURES) == 15_000
    assert limit_at_once(["contractor", "operative"], date(2026, 7, 1), FIGURES) == 20_000
    assert limit_at_once(["records"], DAY, FIGURES) == 0
    assert limit_to_approve(["planner", "lead"], DAY, FIGURES) == 900_000
    assert limit_to_approve(["planner"], DAY, FIGURES) == 0


def test_whoever_did_it_or_a_surveyor_shows_that_it_is_done() -> None:
    work = {"did": {"staff:s_col"}, "contractor": "f_kindle"}
    assert may_prove(who.staff("s_col"), roles=["operative"], firm=None, **work)
    assert may_prove(who.staff("s_new"), roles=["operative"], firm="f_kindle", **work)
    assert may_prove(who.By("contractor", "f_kindle"), roles=[], firm=None, **work)
    assert may_prove(who.staff("s_sue"), roles=["surveyor"], firm=None, **work)
    assert not may_prove(who.staff("s_pia"), roles=["planner", "lead"], firm=None, **work)
    assert not may_prove(who.By("contractor", "f_other"), roles=[], firm=None, **work)
    assert not may_prove(who.job("x"), roles=["surveyor"], firm=None, **work)


def test_the_third_report_and_damp_opened_again_are_reviewed_within_twenty_working_days() -> None:
    told = Repeats(in_days=2, in_review_months=2, in_survey_months=3, flags=("again", "review", "survey"))
    wanted = review_of_reports(told, DAY)
    assert wanted is not None
    assert (wanted.because, wanted.reports, wanted.due_on) == ("reports", 3, date(2027, 1, 14))
    assert review_of_reports(Repeats(in_days=2, in_review_months=2, in_survey_months=2, flags=("review",)), DAY) is None
    again = review_of_reopening("damp", DAY)
    assert again is not None
    assert again.because == "reopened"
    assert review_of_reopening("heating", DAY) is None
    assert review_of_reopening(None, DAY) is None
