"""Direct Debits from an old system, and the list of every kind of file."""

import msgspec

from lamplit.basics.refusal import Refused
from lamplit.config import bank_details
from lamplit.config.refusals import staff_words
from lamplit.exchange import cells
from lamplit.exchange.columns import (
    ACCOUNTS,
    CONTACTS,
    FREQUENCIES,
    HISTORY,
    HOMES,
    PEOPLE,
    RATES,
    REPAIRS,
    TENANCIES,
    Column,
    Kind,
    Watch,
)
from lamplit.reactions.guarantee import guarantee
from lamplit.rent.actions import MandateRow, SealedDetails, import_mandates

_WAYS = {"paper": "paper", "paperless": "paperless"}


class Mandates(Watch):
    """Seals the bank details of each row when it is read: no number goes any further."""

    def __init__(self) -> None:
        super().__init__()
        self._sealed: SealedDetails | None = None

    def look(self, row: MandateRow) -> tuple[str, str] | None:
        self._sealed = None
        if (found := super().look(row)) is not None:
            return found
        try:
            guarantee()  # the letter that tells her whom she pays now has to carry it
            self._sealed = bank_details.seal(row.holder, row.sort_code, row.number)
        except Refused as refused:
            return "AccountNumber", staff_words(refused)
        return None

    def whole(self, row: MandateRow) -> MandateRow:
        return msgspec.structs.replace(row, holder="", sort_code="", number="", sealed=self._sealed)

    def keys(self, row: MandateRow) -> list[tuple[str, str]]:
        return [("TenancyReference", row.tenancy), ("MandateReference", row.reference)]


MANDATES = Kind(
    "mandates",
    "One row a Direct Debit that your bank has collected by. Its bank details are sealed when the row is read.",
    (
        Column("TenancyReference", "tenancy", "what the old system calls the tenancy", cells.reference, needed=True,
               codes=("rent.tenancy_not_known", "rent.mandate_there")),
        Column("MandateReference", "reference", "what her bank knows the instruction by; it never changes", needed=True,
               codes=("rent.bad_debit_reference",)),
        Column("AccountName", "holder", "the name on the account", needed=True),
        Column("SortCode", "sort_code", "six digits", needed=True),
        Column("AccountNumber", "number", "six to ten digits", needed=True, codes=("rent.no_details",)),
        Column("Frequency", "every", "weekly, four weekly or monthly", cells.one_of(FREQUENCIES), needed=True),
        Column("Day", "day", "of the month, 1 to 28; or of the week, 1 is Monday", cells.number, needed=True,
               codes=("rent.bad_day",)),
        Column("Amount", "pence", "what is collected each time, like 400.00", cells.pence, needed=True, codes=("rent.bad_sum",)),
        Column("CollectFrom", "from_on", "the first day on which you collect by it here", cells.day, needed=True),
        Column("SignedForm", "way", "paper or paperless; empty: paper", cells.one_of(_WAYS)),
        Column("TellBank", "convert", "yes where your bank must still be told of a paper form (0S); empty: no", cells.yes_no),
    ),
    MandateRow, import_mandates, Mandates, ("tenancy",), "tenancy",
)  # fmt: skip

KINDS = {kind.name: kind for kind in (HOMES, PEOPLE, TENANCIES, CONTACTS, REPAIRS, HISTORY, RATES, ACCOUNTS, MANDATES)}


def listed() -> str:
    """Return every kind with its columns, for the docs."""
    lines = []
    for kind in KINDS.values():
        lines += [f"## {kind.name}", "", kind.says, "", "| column | needed | HACT | what stands in it |", "|---|---|---|---|"]
        for column in kind.columns:
            also = f"{'; ' if column.says else ''}also headed {', '.join(column.also)}" if column.also else ""
            needed, hact = "yes" if column.needed else "", "yes" if column.hact else ""
            lines.append(f"| `{column.name}` | {needed} | {hact} | {column.says}{also} |")
        lines.append("")
    return "\n".join(lines)
