"""Payment files after a long outage: those that are still missing hold every step."""

from lamplit.reactions.tests.test_chasing import day, files_in
from lamplit.reactions.tests.test_rent import ONE, let
from lamplit.rent import actions, queries
from tests.landlord import Landlord

__all__ = ["let"]


def test_an_outage_makes_nobody_forget_which_firms_send_files(let: Landlord) -> None:
    """One bank file after more than the days in which files are looked at: the others still hold, and the gap is seen."""
    for source, label in (("bank", "GB"), ("allpay", "7"), ("paypoint", "9")):
        files_in(day(0), source=source, label=label, serial="100", sha256=f"a{source}")
    assert (queries.payments_to(day(1).date()), queries.files_quiet(day(1).date())) == (day(0).date(), [])
    files_in(day(41), serial="140")
    on = day(42).date()
    assert queries.payments_to(on) == day(0).date()
    ((source, label, expected, before),) = queries.files_missing(on)
    assert (source, label, expected) == ("bank", "GB", "101")
    actions.explain_file(
        file=before, missing="before", why="left_out", note="The bank began anew.", by=ONE, at=day(42), command="t:anew"
    )
    assert queries.payments_to(on) == day(0).date()
    quiet = queries.files_quiet(on)
    assert [(one.source, one.on) for one in quiet] == [("allpay", day(0).date()), ("paypoint", day(0).date())]
    for one in quiet:
        row = queries.money_file(one.last)
        assert row is not None
        assert queries.missing_beside(row, on) == {"after": ""}
        actions.explain_file(
            file=one.last, missing="after", why="firm_ended", note="No more.", by=ONE, at=day(42), command=f"t:over:{one.source}"
        )
    assert (queries.payments_to(on), queries.files_quiet(on)) == (day(41).date(), [])
    files_in(day(78), serial="141")  # one that came late took its place; the last before what came lately is the right one
    files_in(day(42), serial="139", dated=day(40).date(), sha256="late")
    assert queries.payments_to(day(78).date()) == day(78).date()
