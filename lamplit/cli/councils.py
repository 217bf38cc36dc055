"""`lamplit rent councils`: what each council has to know of new rents, as a CSV; and `lamplit rent voids`: what stands empty.

Who is on Housing Benefit, where, is on these lists: they go into a folder that nobody else can read, each whole or not at all.
"""

import argparse
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lamplit.basics.clock import now
from lamplit.basics.fact import Unavailable
from lamplit.basics.words import full_date, plural, pounds
from lamplit.cli import start
from lamplit.cli.say import Failed, WrongUse, say

if TYPE_CHECKING:
    from lamplit.rent.queries import Told

HEADING = (
    "ClaimReference", "Tenants", "Address", "Postcode", "FirstDay", "Charged", "OldEligibleRent", "NewEligibleRent",
    "OldEligibleServices", "NewEligibleServices", "OldNotEligible", "NewNotEligible",
)  # fmt: skip
NOBODYS = "council not known"
SHOWN = 20


class Councils:
    """Which council a postcode is in, by the landlord's own file of beginnings of postcodes."""

    def __init__(self, text: str) -> None:
        rows = list(csv.reader(io.StringIO(text)))
        if not rows or [cell.strip().lower() for cell in rows[0]] != ["postcode", "council"]:
            raise WrongUse("The file of councils begins with the heading: Postcode,Council.")
        if wrong := next((number for number, row in enumerate(rows[1:], 2) if row and (len(row) != 2 or not all(row))), None):
            raise WrongUse(f"Line {wrong} of the file of councils needs a beginning of postcodes and a council.")
        self._named = {_spelt(row[0]): row[1].strip() for row in rows[1:] if row}

    def of(self, postcode: str) -> str:
        """Return the council of the longest beginning that fits: ZZ1 2 before ZZ1 before ZZ. ZZ1 1 is none of ZZ11 2AA."""
        outward, _, inward = postcode.upper().partition(" ")
        letters = re.match(r"[A-Z]*", outward)
        begins = [f"{outward} {inward[:length]}".strip() for length in range(len(inward), -1, -1)]
        return next((self._named[one] for one in [*begins, letters[0] if letters else ""] if one in self._named), NOBODYS)


def _spelt(text: str) -> str:
    return " ".join(text.split()).upper()


class Listed(NamedTuple):
    """What became of the lists: how many claims went to which council, and whom a person has to see to."""

    by_council: dict[str, int]
    left_out: list[str]


def councils(asked: argparse.Namespace) -> int:
    """Write a list of new rents for each council."""
    start.open_installation()
    on, folder = _day(asked.first, "--from"), Path(asked.folder)
    own(folder)
    try:
        known = (
            Councils(Path(asked.councils).read_text(encoding="utf-8-sig")) if asked.councils else Councils("Postcode,Council\n")
        )
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{asked.councils} cannot be read.") from error
    listed = write_lists(folder, on, known)
    for council, count in listed.by_council.items():
        say(f"{council}: {plural(count, 'claim')}.")
    say(f"{folder} holds {plural(len(listed.by_council), 'list')} of rents from {full_date(on)}.")
    say("Send them by a safe way, then delete them.")
    if listed.left_out:
        say(f"{plural(len(listed.left_out), 'account')} on no list: a person has to see how the council is told safely.")
        for account in listed.left_out[:SHOWN]:
            say(f"  {account}")
    return int(NOBODYS in listed.by_council)


def own(folder: Path) -> None:
    """Make a folder that nobody else can read. Failed when there is one that others can."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise Failed(f"Others can read {folder}. Name a new folder, or close it: chmod 700 {folder}")


def write_lists(folder: Path, on: date, known: Councils) -> Listed:
    """Write each council's list."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    left_out = []
    for account, postcode, row in _rows(on):
        if row is None:
            left_out.append(account)
        else:
            rows.setdefault(known.of(postcode), []).append(row)
    for council, those in rows.items():
        name = re.sub(r"[^a-z0-9]+", "-", council.lower()).strip("-") or "council"
        _write(folder / f"{name}-{on}.csv", those)
    return Listed({council: len(those) for council, those in sorted(rows.items())}, left_out)


def _rows(on: date) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    """Yield account, postcode and row of each claim; no row where the household's record is kept for few."""
    from lamplit.homes import queries as homes
    from lamplit.people import queries as people
    from lamplit.rent import queries
    from lamplit.tenancies import queries as tenancies

    told = list(queries.told_to_councils(on))
    living = tenancies.households([one.account for one in told], on)
    places = homes.homes(one.new.home for one in told)
    names = people.people(each.person for those in living.values() for each in those)
    hidden = people.restricted_among(names)
    for one in told:
        tenants = [each.person for each in living.get(one.account, []) if each.role == "tenant"]
        if not tenants or hidden.intersection(tenants):
            yield one.account, "", None
            continue
        place = places.get(one.new.home)
        postcode = _readable(getattr(place, "postcode", None))
        address = ", ".join(place.address) if place is not None and isinstance(place.address, list) else ""
        called = " and ".join(_readable(getattr(names.get(person), "name", None)) for person in tenants)
        yield one.account, postcode, (_readable(one.reference), called, address, postcode, on.isoformat(), *_sums(one))


def _readable(value: Any) -> str:
    return "" if value is None or isinstance(value, Unavailable) else str(value)


def _sums(one: "Told") -> tuple[str, ...]:
    sums = [_parts(one.old.terms), _parts(one.new.terms)]
    return (
        one.new.frequency.replace("_", " "),
        *(f"{side[part] / 100:.2f}" for part in ("rent", "service", "else") for side in sums),
    )


def _parts(terms: Any) -> Mapping[str, int]:
    """Return the rent, the services that benefit pays for, and all else that it does not."""
    found = {"rent": 0, "service": 0, "else": 0}
    for term in terms:
        found[term["charge"] if term["charge"] in found else "else"] += term["pence"]
    return found


def _write(file: Path, rows: list[tuple[str, ...]]) -> None:
    half = file.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="", encoding="utf-8-sig") as out:
        lines = csv.writer(out)
        lines.writerow(HEADING)
        lines.writerows([[_safe(cell) for cell in row] for row in rows])
    half.rename(file)


def _safe(cell: str) -> str:
    """Return a cell that no program for tables takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def voids(asked: argparse.Namespace) -> int:
    """Say which homes stood empty, for how long, and which rent was lost by it."""
    start.open_installation()
    from lamplit.basics.working_days import london_date
    from lamplit.homes import queries as homes
    from lamplit.rent import queries

    today = london_date(now())
    first, last = _day(asked.first, "--from"), _day(asked.last, "--to") if asked.last else today
    if last < first:
        raise WrongUse("The last day is before the first.")
    found = queries.voids_between(queries.Span(from_on=first, to_on=last))
    places, hidden = homes.homes(one.home for one in found), _hidden(one.account for one in found if one.account)
    for one in found:
        where = "A home that is kept for few" if one.account in hidden else homes.address_line(places[one.home])
        cost = "never let before" if one.lost_pence is None else f"{pounds(one.lost_pence)} lost"
        say(f"{where}: {plural(one.days, 'day')} from {full_date(one.from_on)}, {cost}.")
    days, lost = sum(one.days for one in found), sum(one.lost_pence or 0 for one in found)
    say(f"{plural(len({one.home for one in found}), 'home')} empty for {plural(days, 'day')} together: {pounds(lost)} lost.")
    return 0


def _hidden(accounts: Iterable[str]) -> set[str]:
    """Return the accounts in which somebody lived whose record is kept for few."""
    from lamplit.people import queries as people
    from lamplit.tenancies import queries as tenancies

    living = tenancies.everyone_ever(accounts)
    hidden = people.restricted_among(one.person for those in living.values() for one in those)
    return {account for account, those in living.items() if any(one.person in hidden for one in those)}


def _day(text: str, option: str) -> date:
    from lamplit.exchange.cells import CellWrong, day

    try:
        return day(text)
    except CellWrong as wrong:
        raise WrongUse(f"{option} {text}: {wrong}") from wrong
