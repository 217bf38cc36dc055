"""The books as the test itself keeps them: pence by book and account, from what each step says it did. It reads no table."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEK = timedelta(days=7)
CLEARING = {"bank": "bank", "allpay": "collected", "hb": "benefit"}


@dataclass
class Line:
    """One line of a file of money: whose it is by its own words, and where it stands now."""

    source: str
    pence: int
    on: date
    account: str | None
    state: str = "away"  # then posted, suspense or settled
    book: str = ""  # where it was settled


@dataclass
class File:
    """A file of money as it was made up. `doubted`: its serial was there before."""

    source: str
    name: str
    text: str
    serial: str
    lines: list[Line]
    doubted: bool = False


@dataclass
class Debit:
    """One collection in a file that went to Bacs. `on`: the day that she was told; `mandate`: what her bank knows it by."""

    account: str
    mandate: str
    pence: int
    on: date
    processed_on: date
    entry_on: date
    state: str = "sent"  # then collected or unpaid
    line_gone: bool = False  # a person took its line off by hand


@dataclass
class Refund:
    """What two people agreed to pay back."""

    account: str
    pence: int
    details: int  # how many bank details of the account had ended before those that it goes to
    state: str = "released"  # then sent and returned, or taken back before it went
    line_gone: bool = False


@dataclass
class Model:
    """What the books must be."""

    terms: dict[str, int]
    begin: date
    books: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    weeks: dict[tuple[str, date], dict[str, int]] = field(default_factory=dict)  # what is left of each week's charges
    ended: dict[str, date] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)  # by the id that Lamplit gave
    lines: dict[str, Line] = field(default_factory=dict)
    debits: dict[str, Debit] = field(default_factory=dict)  # by collection
    refunds: dict[str, Refund] = field(default_factory=dict)
    details_ended: Counter[str] = field(default_factory=Counter)
    taken_back: set[str] = field(default_factory=set)  # ledger lines
    reports: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)  # commands whose effect is in here

    def move(self, account: str | None, debit: str, credit: str, pence: int) -> None:
        """Move a sum. One below nought goes the other way."""
        self.books[account, debit] += pence
        self.books[account, credit] -= pence

    def book(self, name: str) -> int:
        return sum(pence for (_, book), pence in self.books.items() if book == name)

    # charges

    def charge(self, account: str, from_on: date, to_on: date, charges: dict[str, int]) -> None:
        """A week was charged: once, whole, within the tenancy, at her terms."""
        assert (account, from_on) not in self.weeks, f"{account} is charged twice for {from_on}"
        assert to_on == from_on + WEEK - timedelta(days=1)
        assert from_on >= self.begin
        assert to_on <= self.ended.get(account, date.max)
        assert sum(charges.values()) == self.terms[account]
        self.weeks[account, from_on] = dict(charges)
        self.move(account, "rent", "rent_income", self.terms[account])

    def charged_past_the_end(self) -> list[tuple[str, date]]:
        """Return the weeks after tenancies' ends that stand charged."""
        return [key for key, charges in self.weeks.items() if sum(charges.values()) and key[1] > self.ended.get(key[0], date.max)]

    def give_back(self, account: str) -> int:
        """Credit the weeks after a tenancy's end. Returns how much that must be."""
        over = [key for key in self.charged_past_the_end() if key[0] == account]
        pence = sum(sum(self.weeks[key].values()) for key in over)
        for key in over:
            self.weeks[key] = {}
        self.move(account, "rent_income", "rent", pence)
        return pence

    # files of money

    def take_file(self, file_id: str, file: File) -> None:
        if file_id not in self.files:
            before = [one for one in self.files.values() if one.source == file.source]
            file.doubted = any(one.serial == file.serial for one in before)
            self.files[file_id] = file

    def put(self, file_id: str, number: int) -> None:
        """A line of a file is in the books."""
        file = self.files[file_id]
        line = file.lines[number - 1]
        assert f"{file_id}.{number}" not in self.lines, "a line came twice"
        self.lines[f"{file_id}.{number}"] = line
        if line.account is None or file.doubted:
            line.account, line.state = None, "suspense"
            self.move(None, CLEARING[line.source], "suspense", line.pence)
        else:
            line.state = "posted"
            self.move(line.account, CLEARING[line.source], "rent", line.pence)

    def match(self, line_id: str, account: str) -> None:
        line = self.lines[line_id]
        line.account, line.state = account, "posted"
        self.move(account, "suspense", "rent", line.pence)

    def take_off(self, line_id: str) -> None:
        line = self.lines[line_id]
        self.move(line.account, "rent", "suspense", line.pence)
        line.account, line.state = None, "suspense"

    def settle(self, line_id: str, book: str) -> None:
        line = self.lines[line_id]
        line.state, line.book = "settled", book
        self.move(None, "suspense", book, line.pence)

    def in_state(self, state: str) -> list[str]:
        return sorted(name for name, line in self.lines.items() if line.state == state)

    def paid(self, account: str, since: date) -> int:
        """Return what she paid by a bank or card from a day on, as far as its file is in."""
        mine = [line for line in self.lines.values() if line.account == account and line.state == "posted"]
        return sum(line.pence for line in mine if line.source != "hb" and line.pence > 0 and line.on >= since)

    # Direct Debit and refunds

    def collect(self, collection: str) -> bool:
        """The money of a collection moved. Says whether that is new."""
        debit = self.debits[collection]
        if debit.state != "sent":
            return False
        debit.state = "collected"
        self.move(debit.account, "collected", "rent", debit.pence)
        return True

    def recall(self, collection: str) -> bool:
        """Its file did not go. It may go in another one."""
        debit = self.debits.pop(collection, None)
        if debit is not None and debit.state == "collected" and not debit.line_gone:
            self.move(debit.account, "rent", "collected", debit.pence)
        return debit is not None

    def unpaid(self, collection: str) -> None:
        """It came back, or was claimed back."""
        debit = self.debits[collection]
        debit.state = "unpaid"
        if not debit.line_gone:
            self.move(debit.account, "rent", "collected", debit.pence)

    def release(self, refund: str, account: str, pence: int) -> None:
        self.refunds[refund] = Refund(account, pence, self.details_ended[account])
        self.move(account, "rent", "refunds", pence)

    def came_back(self, refund: str) -> None:
        """A refund did not reach her. With it her bank details end, so what was to go to the same ones is given back too."""
        one = self.refunds[refund]
        if one.state != "sent":
            return
        self._return(one)
        if one.details == self.details_ended[one.account]:
            self.details_ended[one.account] += 1
            for other in self.refunds.values():
                if (other.account, other.details, other.state) == (one.account, one.details, "released"):
                    self._return(other)

    def _return(self, refund: Refund) -> None:
        """It stands on her account again, unless a person had taken its line back already."""
        refund.state = "returned"
        if not refund.line_gone:
            self.move(refund.account, "refunds", "rent", refund.pence)
