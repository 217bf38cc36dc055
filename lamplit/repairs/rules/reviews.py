"""When somebody has to find out why a trouble comes back, and by when. Figures stand in policy.toml."""

from datetime import date
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import add_working_days
from lamplit.repairs.rules.law import policy
from lamplit.repairs.rules.repeats import Repeats


class ReviewWanted(Plain, frozen=True, kw_only=True):
    """A review that policy asks for."""

    because: Literal["reports", "reopened"]
    due_on: date
    reports: int | None = None


def review_of_reports(told: Repeats, on: date, figures: DatedValues | None = None) -> ReviewWanted | None:
    """Return the review that a report asks for: it is one of too many of the same trouble (`repeat.survey_count`)."""
    if "survey" not in told.flags:
        return None
    return ReviewWanted(because="reports", due_on=_due(on, figures), reports=told.in_survey_months)


def review_of_reopening(group: str | None, on: date, figures: DatedValues | None = None) -> ReviewWanted | None:
    """Return the review that opening a repair again asks for: of damp, as shipped."""
    if group not in (figures or policy()).texts("review.reopened_groups", on):
        return None
    return ReviewWanted(because="reopened", due_on=_due(on, figures))


def _due(on: date, figures: DatedValues | None) -> date:
    return add_working_days(on, (figures or policy()).number("review.working_days", on))
