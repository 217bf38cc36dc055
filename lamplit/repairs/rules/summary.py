"""What a written summary of an investigation must say (SI 2025/1042 and its guidance, section 6): values in, or `Refused` out."""

from collections.abc import Sequence
from datetime import date

from lamplit.basics.refusal import Refused
from lamplit.repairs.facts.summaries import MOST_WORKS, WorkPlanned


def check_summary(finding: str, works: Sequence[WorkPlanned], no_work: str | None, found_on: date) -> None:
    """Check that it says what is done by when, or why nothing is; one of the two and not both.

    `finding`: none, significant or emergency. `found_on`: the day on which the investigation ended; no work is finished before.

    Refused: repairs.summary_says_no_work, summary_says_both, summary_too_many_works, summary_days_wrong.
    """
    if not works and not no_work:
        raise Refused("repairs.summary_says_no_work", hazard="yes" if finding != "none" else "no")
    if works and no_work:
        raise Refused("repairs.summary_says_both")
    if len(works) > MOST_WORKS:
        raise Refused("repairs.summary_too_many_works", most=MOST_WORKS)
    for one in works:
        if one.ends_on < max(one.begins_on, found_on):
            raise Refused("repairs.summary_days_wrong", what=one.what)
