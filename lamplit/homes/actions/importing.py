"""Homes that a file brings over from another system, many at a time."""

from datetime import datetime
from typing import Any

from lamplit.basics.brought import Became, Brought, Tally, merged, said_by_file
from lamplit.basics.fact import Unavailable
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.homes import facts, rules
from lamplit.homes.models import Block, Home, HomeBelief
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy, tidy_lines

WHY = "Changed in the system it was brought over from"


class HomeRow(Plain, frozen=True, kw_only=True):
    """A home as a line of a file tells of it. `reference` and `block` are what the other system calls them."""

    line: int
    reference: str
    address: list[str]
    postcode: str | None = None
    uprn: str | None = None
    shape: str | None = None
    bedrooms: int | None = None
    storey: int | None = None
    stack: int | None = None
    block: str | None = None
    block_name: str | None = None


class _Home(Plain, frozen=True, kw_only=True):
    """What is believed of a home."""

    block: str | None
    storey: int | None
    stack: int | None
    uprn: str | None
    address: list[str]
    postcode: str | None
    shape: str | None
    bedrooms: int | None


@action
def import_homes(page: Page, *, rows: list[HomeRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Record the homes that are new; put right those of which the file says something else than last time.

    Each row by itself is refused as `record_home` would refuse it. A rehearsal writes nothing and raises `Rehearsed`.
    """
    bringing = _Bringing(page, rows)
    tally: Tally[HomeRow] = Tally()
    tally.bring(rows, lambda row: row.line, bringing.bring)
    return tally.answer(rehearse=rehearse)


class _Bringing:
    """One batch: everything that it has to know is read in a handful of queries."""

    def __init__(self, page: Page, rows: list[HomeRow]) -> None:
        self._page = page
        references = [row.reference for row in rows]
        self._homes: dict[str, str] = dict(Home.objects.filter(reference_key__any=references).values_list("reference_key", "id"))
        named = list({row.block for row in rows if row.block})
        self._blocks: dict[str, str] = dict(Block.objects.filter(reference_key__any=named).values_list("reference_key", "id"))
        uprns = [(row.uprn or "").lstrip("0") for row in rows]
        self._uprns: dict[str, str] = dict(Home.objects.filter(uprn_key__any=uprns).values_list("uprn_key", "id"))
        there = list(self._homes.values())
        if there:
            page.preload(Home, there)
            page.preload_keys(there)
        # Read once they are locked; a locked row itself has its columns as they are kept.
        self._now = {row.id: _believed(row) for row in Home.objects.filter(id__any=there)} if there else {}
        self._beliefs: dict[str, list[tuple[str, _Home]]] = {}
        for belief in HomeBelief.objects.filter(home__any=there).order_by("recorded_at", "id") if there else ():
            if (read := _believed(belief)) is not None:
                self._beliefs.setdefault(belief.home, []).append((belief.by, read))

    def bring(self, row: HomeRow) -> Became:
        what = rules.check_particulars(
            uprn=tidy(row.uprn), address=tidy_lines(row.address), postcode=tidy(row.postcode), shape=tidy(row.shape),
            bedrooms=row.bedrooms,
        )  # fmt: skip
        if not (row.storey is None or -9 <= row.storey <= 99) or not (row.stack is None or 0 <= row.stack <= 999):
            raise Refused("homes.bad_place")
        home = self._homes.get(row.reference)
        if what.uprn is not None and self._uprns.get(what.uprn, home) != home:
            raise Refused("homes.uprn_taken")
        said = _Home(
            block=self._block(row, what), storey=row.storey, stack=row.stack, uprn=what.uprn, address=what.address,
            postcode=what.postcode, shape=what.shape, bedrooms=what.bedrooms,
        )  # fmt: skip
        return self._record(row.reference, said) if home is None else self._correct(home, said)

    def _record(self, reference: str, said: _Home) -> Became:
        home = self._homes[reference] = self._page.new_id("h")
        self._page.write(facts.HomeRecorded(home=home, reference=reference, **_fields(said)))
        if said.uprn is not None:
            self._uprns[said.uprn] = home
        return "written"

    def _correct(self, home: str, says: _Home) -> Became:
        now = self._now.get(home)
        said = said_by_file(self._beliefs.get(home, []))
        if now is None:  # erased since it was looked for, or told twice
            return "there"
        becomes = merged(now, said or now, says)
        if becomes == now:
            return "there"
        self._page.write(facts.HomeCorrected(home=home, why=WHY, **_fields(becomes)))
        return "changed"

    def _block(self, row: HomeRow, what: rules.Particulars) -> str | None:
        """Return the id of the row's block; the first row that names a block makes it known."""
        if row.block is None:
            return None
        if row.block not in self._blocks:
            # The lines after the first are those that homes of one block share.
            checked = rules.check_block(
                name=tidy(row.block_name), address=what.address[1:] or what.address, postcode=what.postcode
            )
            block = self._blocks[row.block] = self._page.new_id("b")
            self._page.write(
                facts.BlockRecorded(
                    block=block, name=checked.name, address=checked.address, postcode=checked.postcode, reference=row.block
                )
            )
        return self._blocks[row.block]


def _fields(home: _Home) -> dict[str, Any]:
    return {name: getattr(home, name) for name in home.__struct_fields__}


def _believed(row: Any) -> _Home | None:
    """Return what a row of a table holds, or None when it cannot be read."""
    values = {name: getattr(row, name) for name in _Home.__struct_fields__}
    if any(isinstance(value, Unavailable) for value in values.values()):
        return None
    values["bedrooms"] = None if values["bedrooms"] is None else int(values["bedrooms"])
    return _Home(**values)
