"""Which columns each kind of file has. `docs/import.md` lists them from here."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from lamplit.basics.brought import Brought
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.exchange import cells
from lamplit.exchange.cells import CellWrong, Reads
from lamplit.homes.actions import HomeRow, import_homes
from lamplit.people.actions import ContactRow, PersonRow, import_contacts, import_people
from lamplit.rent.actions import AccountRow, import_accounts
from lamplit.rent.queries import is_short_number
from lamplit.repairs.actions import HistoryRow, RateRow, RepairRow, import_history, import_rates, import_repairs
from lamplit.tenancies.actions import TenancyRow, import_tenancies

Fields = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column. `field` is where its value goes; `codes` are the refusals that are about it; `also` are other headings."""

    name: str
    field: str
    says: str
    reads: Reads = cells.text
    needed: bool = False
    hact: bool = False
    codes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Watch(ABC):
    """Looks over a whole file for what no row may repeat. A page sees only its own rows."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], int] = {}

    def look(self, row: Any) -> tuple[str, str] | None:
        """Return the column and the words of what is wrong, or None."""
        keys = self.keys(row)
        for column, key in keys:
            if (line := self._lines.get((column, key))) is not None:
                return column, f"Line {line} has the same already."
        self._lines.update(dict.fromkeys(keys, row.line))
        return None

    def whole(self, row: Any) -> Any:
        """Return the row with what rows before it said for it."""
        return row

    def doubts(self, row: Any) -> bool:
        """Say whether a person should look at a row, though it is taken."""
        return False

    @abstractmethod
    def keys(self, row: Any) -> list[tuple[str, str]]:
        """Return what may stand in one row only: the column that is named, and the value."""


@dataclass(frozen=True)
class Kind:
    """One kind of file. `references` are the fields that hold what the other system calls something."""

    name: str
    says: str
    columns: tuple[Column, ...]
    row: type[Any]
    bring: Callable[..., Brought]
    watch: type[Watch]
    references: tuple[str, ...]
    together: str  # rows alike in this field that stand together go into one page
    finish: Callable[[Fields], Fields] = lambda fields: fields
    doubt: str = ""  # what is said of rows that `watch` doubts
    sums: tuple[str, ...] = ()  # sums of money that are added up, so that the file can be held against the old system

    def column_of(self, code: str) -> str:
        """Return the column that a refusal is about, or '' when it is about the whole row."""
        return next((column.name for column in self.columns if code in column.codes), "")


class _Homes(Watch):
    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}

    def whole(self, row: HomeRow) -> HomeRow:
        """Give a row its block's name: its page may be written before the one that has it."""
        if row.block is None:
            return row
        name = self._names.setdefault(row.block, row.block_name) if row.block_name else self._names.get(row.block)
        return msgspec.structs.replace(row, block_name=name)

    def keys(self, row: HomeRow) -> list[tuple[str, str]]:
        uprn = [("UPRN", row.uprn.lstrip("0"))] if row.uprn else []
        return [("PropertyReference", row.reference), *uprn]


class _People(Watch):
    def keys(self, row: PersonRow) -> list[tuple[str, str]]:
        return [("PersonReference", row.reference)]


class _Contacts(Watch):
    def keys(self, row: ContactRow) -> list[tuple[str, str]]:
        preferred = [("Preferred", row.person)] if row.preferred else []
        return [("Value", f"{row.person}\n{row.channel}\n{''.join(row.value.lower().split())}"), *preferred]


class _Repairs(Watch):
    def keys(self, row: RepairRow) -> list[tuple[str, str]]:
        return [("RepairReference", row.reference)]


class _History(Watch):
    def keys(self, row: HistoryRow) -> list[tuple[str, str]]:
        """A line may stand there twice: the second counts as there already."""
        return []


class _Rates(Watch):
    def keys(self, row: RateRow) -> list[tuple[str, str]]:
        return [("EffectiveFrom", f"{row.code}\n{row.from_on}")]


class _Accounts(Watch):
    def doubts(self, row: AccountRow) -> bool:
        """A short number is found only where a payer writes nothing else."""
        return is_short_number(row.reference, london_date(now()))

    def keys(self, row: AccountRow) -> list[tuple[str, str]]:
        return [("TenancyReference", row.tenancy), *([("PaymentReference", row.reference)] if row.reference else [])]


class _Tenancies(Watch):
    def __init__(self) -> None:
        super().__init__()
        self._let: dict[str, dict[str, tuple[date, date | None, int]]] = {}

    def look(self, row: TenancyRow) -> tuple[str, str] | None:
        let = self._let.setdefault(row.home, {})
        for tenancy, (first, last, line) in let.items():
            apart = (last is not None and row.started_on > last) or (row.ended_on is not None and first > row.ended_on)
            if tenancy != row.tenancy and not apart:
                return "StartDate", f"Line {line} lets the same home at the same time to another tenancy."
        let.setdefault(row.tenancy, (row.started_on, row.ended_on, row.line))
        return super().look(row)

    def keys(self, row: TenancyRow) -> list[tuple[str, str]]:
        return [("PersonReference", f"{row.tenancy}\n{row.person}")]


def _home(fields: Fields) -> Fields:
    lines = [fields.pop(name, None) for name in ("line1", "line2", "line3", "line4", "city")]
    fields["address"] = [line for line in lines if line]
    return fields


def _person(fields: Fields) -> Fields:
    parts = [fields.pop(name, None) for name in ("given", "middle", "family")]
    fields["name"] = fields.get("name") or " ".join(part for part in parts if part)
    if not fields["name"]:
        raise CellWrong("There is no name. Fill NameFull, or NameGiven and NameFamily.")
    return fields


def _repair(fields: Fields) -> Fields:
    if (fields["state"] == "open") == ("over_at" in fields):
        raise CellWrong("CompletedDate is needed when Status is completed or cancelled, and only then.")
    return fields


_TENURES = {
    "secure": "secure", "assured": "assured", "assured shorthold": "assured_shorthold", "starter": "starter",
    "licence": "licence", "shared ownership": "shared_ownership", "other": "other",
}  # fmt: skip
# The five of HACT by their numbers too. An inspection is planned work until somebody says that it is more.
_PRIORITIES = {
    "immediate": "immediate", "emergency": "emergency", "urgent": "urgent", "routine": "routine", "normal": "routine",
    "planned": "planned", "inspection": "planned",
    "1": "immediate", "2": "emergency", "3": "urgent", "4": "routine", "5": "planned",
}  # fmt: skip
# A trade stands in clear in the record. So only these words are taken, never somebody's own.
TRADES = (
    "multi_trade", "plumber", "electrician", "gas_engineer", "heating_engineer", "carpenter", "roofer", "plasterer", "glazier",
    "drainage", "locksmith", "damp_specialist", "pest_controller", "builder", "groundworker", "surveyor", "lift_engineer",
    "door_engineer", "caretaker",
)  # fmt: skip
_TRADES = {trade.replace("_", " "): trade for trade in TRADES}
_CHANNELS = {"mobile": "text", "phone": "phone", "email": "email", "post": "post"}
_PROPERTY = "what the old system calls the home"
_PERSON = "what the old system calls the person"

HOMES = Kind(
    "homes",
    "One row a home.",
    (
        Column("PropertyReference", "reference", _PROPERTY, cells.reference, needed=True),
        Column("UPRN", "uprn", "up to 12 digits; no two homes have the same",
               codes=("homes.bad_uprn", "homes.uprn_taken")),
        Column("AddressLine1", "line1", "the flat or house: what no other home of the block has", needed=True, hact=True,
               codes=("homes.no_address",)),
        Column("AddressLine2", "line2", "the street or block", hact=True),
        Column("AddressLine3", "line3", "", hact=True),
        Column("AddressLine4", "line4", "", hact=True),
        Column("CityName", "city", "the town", hact=True, also=("Town",)),
        Column("PostalCode", "postcode", "like HH1 2AB", hact=True, codes=("homes.bad_postcode",), also=("Postcode",)),
        Column("PropertyType", "shape", "house, flat, bungalow: in your own words"),
        Column("Bedrooms", "bedrooms", "0 to 30", cells.number, codes=("homes.bad_bedrooms",)),
        Column("BlockReference", "block", "what the old system calls the block; its first row makes the block known",
               cells.reference),
        Column("BlockName", "block_name", "the first row of a block needs it", codes=("homes.no_name",)),
        Column("Storey", "storey", "0 is the ground floor", cells.number, codes=("homes.bad_place",), also=("Floor",)),
        Column("Stack", "stack", "homes of one stack stand above each other", cells.number),
    ),
    HomeRow, import_homes, _Homes, ("reference", "block"), "block", _home,
)  # fmt: skip

PEOPLE = Kind(
    "people",
    "One row a person: tenants, and whoever lives with them.",
    (
        Column("PersonReference", "reference", _PERSON, cells.reference, needed=True),
        Column("NameFull", "name", "the whole name as the person writes it; or fill the parts", hact=True, also=("FullName",),
               codes=("people.no_name", "people.name_too_long")),
        Column("NameTitle", "title", "", hact=True, also=("Title",)),
        Column("NameGiven", "given", "", hact=True, also=("GivenName", "Forename", "FirstName")),
        Column("NameMiddle", "middle", "", hact=True, also=("MiddleName",)),
        Column("NameFamily", "family", "", hact=True, also=("FamilyName", "Surname", "LastName")),
        Column("KnownAs", "known_as", "what to call them"),
        Column("DateOfBirth", "born_on", "", cells.day, codes=("people.bad_birth",)),
    ),
    PersonRow, import_people, _People, ("reference",), "reference", _person,
)  # fmt: skip

TENANCIES = Kind(
    "tenancies",
    "One row for each person of each tenancy. They may stand apart; a tenant’s row comes first.",
    (
        Column("TenancyReference", "tenancy", "what the old system calls the tenancy", cells.reference, needed=True),
        Column("PropertyReference", "home", _PROPERTY, cells.reference, needed=True,
               codes=("tenancies.home_not_known",)),
        Column("PersonReference", "person", _PERSON, cells.reference, needed=True,
               codes=("tenancies.person_not_known",)),
        Column("Role", "role", "tenant, occupant or child; joint tenants are each a tenant",
               cells.one_of({"tenant": "tenant", "occupant": "occupant", "child": "child"}), needed=True,
               codes=("tenancies.no_tenant",)),
        Column("TenureType", "tenure", ", ".join(_TENURES), cells.one_of(_TENURES), needed=True),
        Column("StartDate", "started_on", "first day of the tenancy", cells.day, needed=True, codes=("tenancies.already_let",)),
        Column("EndDate", "ended_on", "last day of the tenancy, where it has one", cells.day,
               codes=("tenancies.ends_before_start",)),
        Column("JoinedDate", "since_on", "the day this person came; empty: with the tenancy", cells.day,
               codes=("tenancies.before_start", "tenancies.ended")),
        Column("LeftDate", "left_on", "the day this person left, where the tenancy went on", cells.day,
               codes=("tenancies.left_before_joining", "tenancies.leaves_later", "tenancies.last_tenant")),
    ),
    TenancyRow, import_tenancies, _Tenancies, ("tenancy", "home", "person"), "tenancy",
)  # fmt: skip

CONTACTS = Kind(
    "contacts",
    "One row for each telephone number, e-mail address or postal address of a person.",
    (
        Column("PersonReference", "person", _PERSON, cells.reference, needed=True,
               codes=("people.reference_not_known",)),
        Column("Channel", "channel", "mobile (takes texts), phone, email or post", cells.one_of(_CHANNELS), needed=True,
               hact=True, codes=("people.not_a_mobile",), also=("ContactType",)),
        Column("Value", "value", "the number or address", cells.long_text, needed=True, hact=True,
               codes=("people.bad_phone", "people.bad_email", "people.no_address")),
        Column("Safe", "safe", "yes: nobody else reads or hears it. Empty counts as no", cells.yes_no),
        Column("Works", "works", "no: never proved, so nothing but a code is sent there. Empty counts as yes", cells.yes_no),
        Column("Preferred", "preferred", "yes: the way the person prefers; once a person", cells.yes_no),
        Column("Ended", "ended", "yes: no longer used", cells.yes_no),
        Column("Description", "label", "such as work, or daughter's", also=("Label",)),
    ),
    ContactRow, import_contacts, _Contacts, ("person",), "person",
)  # fmt: skip

REPAIRS = Kind(
    "repairs",
    "One row a repair, open or over.",
    (
        Column("RepairReference", "reference", "what the old system calls the repair", cells.reference, needed=True),
        Column("PropertyReference", "home", _PROPERTY, cells.reference, needed=True, codes=("repairs.home_not_known",)),
        Column("PersonReference", "person", "who reported it, where that is known", cells.reference,
               codes=("repairs.person_not_known",)),
        Column("DateReported", "reported_at", "with the time, where it is known", cells.moment, needed=True, hact=True,
               codes=("repairs.not_yet",)),
        Column("Priority", "priority", "immediate, emergency, urgent, routine or planned; or the numbers 1 to 5 of HACT",
               cells.one_of(_PRIORITIES), needed=True, hact=True),
        Column("DescriptionOfWork", "says", "what is wrong", cells.long_text, needed=True, hact=True,
               codes=("repairs.say_what_is_wrong", "repairs.too_long")),
        Column("Trade", "trade", ", ".join(_TRADES), cells.one_of(_TRADES), hact=True),
        Column("Status", "state", "open, completed or cancelled",
               cells.one_of({"open": "open", "completed": "completed", "cancelled": "cancelled"}), needed=True),
        Column("RequiredCompletionDateTime", "due_at", "by when you promised it; empty: your time limit for its priority",
               cells.moment, hact=True, codes=("repairs.due_not_known",), also=("DueDate",)),
        Column("CompletedDate", "over_at", "when it was completed or cancelled", cells.moment,
               codes=("repairs.over_before_it_began",)),
        Column("Outcome", "did", "what was done, or why it was cancelled", cells.long_text),
    ),
    RepairRow, import_repairs, _Repairs, ("reference", "home", "person"), "reference", _repair,
)  # fmt: skip

_EVENTS = {
    "visit": "visit", "no access": "no_access", "visit booked": "visit_booked", "visit cancelled": "visit_cancelled",
    "call": "call", "message": "message", "note": "note",
}  # fmt: skip

HISTORY = Kind(
    "history",
    "One row for each thing that happened to a repair in the old system: a visit, a call, a note.",
    (
        Column("RepairReference", "repair", "what the old system calls the repair", cells.reference, needed=True,
               codes=("repairs.not_brought_over",)),
        Column("EventDate", "happened_at", "with the time, where it is known", cells.moment, needed=True,
               codes=("repairs.not_yet", "repairs.before_the_report")),
        Column("Event", "event", f"{', '.join(_EVENTS)}; empty: note", cells.one_of(_EVENTS)),
        Column("Description", "says", "what happened", cells.long_text, needed=True,
               codes=("repairs.say_what_happened", "repairs.too_long")),
        Column("By", "who", "who came, rang or wrote it"),
        Column("ShownToTenant", "shown", "yes where the tenant may read it too; empty: only staff do", cells.yes_no),
    ),
    HistoryRow, import_history, _History, ("repair",), "repair",
)  # fmt: skip

_UNITS = {
    "item": "item", "IT": "item", "number": "number", "NO": "number", "metre": "metre", "LM": "metre",
    "square metre": "square_metre", "SM": "square_metre", "cubic metre": "cubic_metre", "CM": "cubic_metre",
    "hour": "hour", "HR": "hour",
}  # fmt: skip

RATES = Kind(
    "rates",
    "One row a rate of your schedule. Needs no other file.",
    (
        Column("RateCode", "code", "letters, digits, dots and dashes", cells.code, needed=True, also=("SORCode",)),
        Column("Description", "says", "what is done, in up to 200 letters", needed=True),
        Column("Trade", "trade", ", ".join(_TRADES), cells.one_of(_TRADES), needed=True),
        Column("Unit", "unit", "item (IT), number (NO), metre (LM), square metre (SM), cubic metre (CM) or hour (HR)",
               cells.one_of(_UNITS), needed=True),
        Column("Rate", "pence", "pounds for one unit, like 12.50; with your contractor's uplift in it", cells.pence, needed=True),
        Column("EffectiveFrom", "from_on", "the first day; a new price is a new row with a later one", cells.day, needed=True),
        Column("EffectiveTo", "until_on", "the last day, where it has one", cells.day,
               codes=("repairs.rate_ends_before_start",)),
    ),
    RateRow, import_rates, _Rates, (), "code",
)  # fmt: skip

FREQUENCIES = {"weekly": "weekly", "four weekly": "four_weekly", "4 weekly": "four_weekly", "monthly": "monthly"}
_RENT_TYPES = {
    "social": "social", "affordable": "affordable", "intermediate": "intermediate", "supported": "supported", "market": "market",
}  # fmt: skip

ACCOUNTS = Kind(
    "accounts",
    "One row a rent account: what is charged, and what stood on it in the old system. Its balances are added up and printed.",
    (
        Column("TenancyReference", "tenancy", "what the old system calls the tenancy", cells.reference, needed=True,
               codes=("rent.tenancy_not_known",)),
        Column("PaymentReference", "reference",
               "the number that the tenant pays with; no two accounts have the same. Another one than is there changes it",
               cells.reference, codes=("rent.reference_taken",)),
        Column("ChargeFrequency", "frequency", "weekly, four weekly or monthly", cells.one_of(FREQUENCIES), needed=True),
        Column("Rent", "rent_pence", "the rent for one period, without services, like 118.47", cells.pence, needed=True,
               codes=("rent.no_terms", "rent.bad_sum")),
        Column("ServiceCharge", "service_pence", "services for one period that benefit pays for", cells.pence),
        Column("ServiceChargeNotEligible", "service_not_eligible_pence", "services for one period that benefit does not pay for",
               cells.pence),
        Column("WeeksAYear", "weeks", "52, 50 or 48: over how many weeks a year’s rent is collected; empty: 52",
               cells.one_of_numbers(48, 50, 52)),
        Column("RentType", "rent_type", "social, affordable, intermediate, supported or market; empty: social",
               cells.one_of(_RENT_TYPES)),
        Column("FormulaRent", "formula_pence", "the formula rent for one period, where it is known", cells.pence),
        Column("TermsFrom", "from_on", "the day from which this rent holds", cells.day, needed=True),
        Column("ChargedTo", "charged_to_on", "the last day charged in the balance; empty: the last of its week or month",
               cells.day),
        Column("Balance", "balance_pence", "what she owes in rent; below nought she is ahead, like -12.50", cells.signed_pence,
               needed=True, codes=("rent.balance_differs",)),
        Column("BalanceDate", "balance_on", "the day of that balance", cells.day, needed=True),
        Column("CourtCosts", "costs_pence", "court costs that she owes beside the rent", cells.pence),
    ),
    AccountRow, import_accounts, _Accounts, ("tenancy",), "tenancy", sums=("balance_pence", "costs_pence"),
    doubt="This payment number is short. It counts only where a payer writes nothing else.",
)  # fmt: skip
