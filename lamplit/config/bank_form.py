"""The form that takes bank details, at every door. What was typed is sealed and gone: no page, draft or session ever has it.

A form that comes back with an error is blank here. A number that stood in a page would stand in the browser's memory, on the
screen of whoever looks over her shoulder, and wherever a page is kept.
"""

from typing import Any

from lamplit.config import bank_details
from lamplit.config.forms import SentOnce, Typed
from lamplit.config.speaking import lazy
from lamplit.rent.actions import SealedDetails


class NotShown(Typed):
    """Text that is read once and never shown again, not even beside an error."""

    def bound_data(self, data: Any, initial: Any) -> str:
        return ""


class BankForm(SentOnce):
    """Bank details, as the payer reads them off her card."""

    BANK = ("holder", "sort_code", "number")
    holder = NotShown(label=lazy("Name on the account"), needed=lazy("Write the name on the account"), longest=60)
    sort_code = NotShown(
        label=lazy("Sort code"), help_text=lazy("6 digits, like 12 34 56. It is on your bank card."),
        needed=lazy("Write the sort code"), longest=12,
    )  # fmt: skip
    number = NotShown(
        label=lazy("Account number"), help_text=lazy("6 to 8 digits"), needed=lazy("Write the account number"), longest=14
    )

    def __init__(self, *args: Any, banked: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if banked:  # another number is a change: it has a page of its own
            for name in self.BANK:
                del self.fields[name]
            return
        for name in self.BANK:
            self.fields[name].widget.attrs |= {"autocomplete": "off"}
        for name in self.BANK[1:]:
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "data-width": 10}

    def seal(self) -> SealedDetails | None:
        """Check and seal what was typed; None where details in force are used. Refused as `bank_details.seal` says."""
        if "number" not in self.fields:
            return None
        said = self.cleaned_data
        return bank_details.seal(said["holder"], said["sort_code"], said["number"])
