"""Direct Debits that an old system had: their bank details are sealed before a row comes here."""

from datetime import date, datetime
from typing import Literal

from lamplit.basics.bacs_text import reference_wrong
from lamplit.basics.brought import Became, Brought, Tally
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.actions.mandates import SealedDetails, take_details
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.models import RentAccount
from lamplit.rent.rules import collecting
from lamplit.tenancies import queries as tenancies


class MandateRow(Plain, frozen=True, kw_only=True):
    """One instruction as a line of a file tells of it. `holder`, `sort_code`, `number` are empty once it is `sealed`."""

    line: int
    tenancy: str
    reference: str
    every: FrequencyName
    day: int
    pence: int
    from_on: date
    way: Literal["paperless", "paper"] = "paper"
    convert: bool = False
    holder: str = ""
    sort_code: str = ""
    number: str = ""
    sealed: SealedDetails | None = None


@action
def import_mandates(page: Page, *, rows: list[MandateRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Bring Direct Debits over. What is there already is left as it is.

    Refused, each row by itself: rent.tenancy_not_known, rent.mandate_there (another one), rent.no_details,
    rent.bad_debit_reference, and those of `collecting.check_schedule`. A rehearsal writes nothing and raises `Rehearsed`.
    """
    tally: Tally[MandateRow] = Tally()
    found = tenancies.by_reference(row.tenancy for row in rows)
    tally.bring(rows, lambda row: row.line, lambda row: _bring(page, row, found.get(row.tenancy)))
    return tally.answer(rehearse=rehearse)


def _bring(page: Page, row: MandateRow, account: str | None) -> Became:
    if account is None or page.lock(RentAccount, account) is None:
        raise Refused("rent.tenancy_not_known")
    there = queries.mandate_of(account)
    if there is not None:
        if there.reference == row.reference:
            return "there"
        raise Refused("rent.mandate_there")
    if row.sealed is None or queries.current_details(account) is not None:
        raise Refused("rent.no_details")
    if (wrong := reference_wrong(row.reference)) is not None:
        raise Refused("rent.bad_debit_reference", what=wrong)
    collecting.check_schedule(row.every, row.day, row.pence)
    payer = next((one.person for one in tenancies.household(account, london_date(page.at)) if one.role == "tenant"), None)
    if payer is None:
        raise Refused("rent.tenancy_not_known")
    details = take_details(page, account, row.sealed, "import")
    page.write(
        facts.MandateSetUp(
            mandate=page.new_id("d"), account=account, person=payer, details=details, way=row.way, every=row.every, day=row.day,
            pence=row.pence, from_on=row.from_on, instruction="0S" if row.convert else None, collected_before=True,
            reference=row.reference,
        )
    )  # fmt: skip
    return "written"
