"""Reads of homes, blocks, what to know before going there, and their parts."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import msgspec
from django.db.models import Q

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.homes import facts, rules
from lamplit.homes.models import Block, Component, Home, HomeBelief, HomeNote, SafetyCheck
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import NEARLY, as_written, find_begun, find_inside, find_words, having_words, squeeze

WhyHome = Literal["address", "nearly", "postcode", "uprn", "reference", "old_reference"]


class Neighbours(NamedTuple):
    """Homes of the same block that touch this one."""

    above: list[Home]
    below: list[Home]
    beside: list[Home]


class NoteSeen(NamedTuple):
    """A note on a home. `about` is None when it cannot be read here."""

    id: str
    home: str
    at: datetime
    by: str
    about: facts.HomeNote | None


class ComponentSeen(NamedTuple):
    """A part of a home with its checks, newest first."""

    component: Component
    checks: list[SafetyCheck]


class HomeFound(NamedTuple):
    """One answer of the search box. `why` says what matched, `matched` shows it."""

    home: str
    address: str
    why: WhyHome
    matched: str


_HOME = Ready(lambda home: Home.objects.filter(id=home))
_HOMES = Ready(lambda homes: Home.objects.filter(id__any=homes))
_ADDRESSES = ReadyColumns(lambda homes: Home.objects.filter(id__any=homes), "id", "address")
_BLOCK = Ready(lambda block: Block.objects.filter(id=block))
_OF_BLOCK = Ready(lambda block: Home.objects.filter(block=block).order_by("storey", "stack", "id"))
_NOTES = Ready(lambda home: HomeNote.objects.filter(home=home).order_by("-at", "-id"))
_PARTS = Ready(lambda home: Component.objects.filter(home=home, removed_on=None).order_by("what", "id"))
_CHECKS = Ready(lambda home: SafetyCheck.objects.filter(home=home).order_by("-checked_on", "-id"))
_BELIEFS = Ready(lambda home: HomeBelief.objects.filter(home=home).order_by("-recorded_at", "-id"))
_NEAR = Ready(
    lambda block, storeys_from, storeys_to, stacks_from, stacks_to: Home.objects.filter(
        block=block, storey__range=(storeys_from, storeys_to), stack__range=(stacks_from, stacks_to)
    ).order_by("storey", "stack", "id")
)


def home(home_id: str) -> Home | None:
    return _HOME.first(home=home_id)


def homes(home_ids: Iterable[str]) -> dict[str, Home]:
    """Return the homes that exist, by id."""
    wanted = list(home_ids)
    return {row.id: row for row in _HOMES.all(homes=wanted)} if wanted else {}


def home_ids() -> list[str]:
    """Return every home, in the order of their ids."""
    return list(Home.objects.order_by("id").values_list("id", flat=True))


def addresses(home_ids: Iterable[str | None]) -> dict[str | None, Any]:
    """Return addresses (lists of lines, or why they cannot be read) by home; of a block, where a shared part is meant."""
    wanted = list({home for home in home_ids if home})
    found: dict[str | None, Any] = dict(_ADDRESSES.all(homes=wanted)) if wanted else {}
    blocks = [ident for ident in wanted if ident not in found and ident.startswith("b_")]
    return found | {ident: block_lines(row) for ident in blocks if (row := block(ident)) is not None}


def block_lines(row: Block) -> Any:
    """Return what stands for the address of a block's shared parts: its name first, unless the address begins with it."""
    if not isinstance(row.address, list) or not isinstance(row.name, str):
        return row.address if isinstance(row.address, Unavailable) else row.name
    lines = row.address if row.address[:1] == [row.name] else [row.name, *row.address]
    return [f"{lines[0]} (shared parts)", *lines[1:]]


def block(block_id: str) -> Block | None:
    return _BLOCK.first(block=block_id)


def blocks() -> list[Block]:
    """Return every block in the order of their names."""
    return sorted(Block.objects.all(), key=lambda row: (str(row.name), row.id))


def homes_of_block(block_id: str) -> list[Home]:
    """Return a block's homes from the ground up, for drawing the stack."""
    return _OF_BLOCK.all(block=block_id)


def by_uprn(uprn: str) -> Home | None:
    """Return the home with a UPRN; leading noughts do not count."""
    return Home.objects.filter(uprn_key=uprn.strip().lstrip("0")).order_by("id").first()


def at_postcode(text: str, limit: int = 300) -> list[Home] | None:
    """Return the homes at a postcode in the order of their addresses, or None when the text is no postcode.

    For somebody who has not signed in: it says which homes there are, as any street map does, and never who lives there.
    """
    try:
        key = squeeze(rules.normal_postcode(text))
    except Refused:
        return None
    rows = [row for row in Home.objects.filter(postcode_key=key)[:limit] if isinstance(row.address, list)]
    return sorted(rows, key=lambda row: _street_order(address_line(row)))


def _street_order(address: str) -> list[str | int]:
    """Return a key that puts number 9 before number 10."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", address))]


def address_line(row: Home) -> str:
    """Return an address on one line, or the word that says why not."""
    if row.address is None or isinstance(row.address, Unavailable):
        return str(row.address or "address not known")
    return ", ".join([*row.address, *([str(row.postcode)] if row.postcode else [])])


def neighbours(home_id: str) -> Neighbours:
    """Return who stands above, below and beside. Empty for a house, or where storey or stack is not known."""
    seen = home(home_id)
    return Neighbours([], [], []) if seen is None else neighbours_of(seen)


def neighbours_of(seen: Any) -> Neighbours:
    """Return the neighbours of a home that was read, or locked, already."""
    found = Neighbours([], [], [])
    if seen.block is None or seen.storey is None or seen.stack is None:
        return found
    near = _NEAR.all(
        block=seen.block, storeys_from=seen.storey - 1, storeys_to=seen.storey + 1,
        stacks_from=seen.stack - 1, stacks_to=seen.stack + 1,
    )  # fmt: skip
    for other in near:
        where = rules.where_from(seen, other)
        if where is not None:
            getattr(found, where).append(other)
    return found


def notes(home_id: str) -> list[NoteSeen]:
    """Return every note on a home, ended ones too, newest first."""
    return [_seen(row) for row in _NOTES.all(home=home_id)]


def know_before_visit(home_id: str, on: date) -> list[NoteSeen]:
    """Return the notes that count on a day, asbestos first. One that cannot be read here comes before all."""
    live = [note for note in notes(home_id) if note.about is None or rules.is_live(note.about, on)]
    return sorted(live, key=lambda note: -1 if note.about is None else rules.reading_order(note.about))


def components(home_id: str) -> list[ComponentSeen]:
    """Return a home's parts that are still there, each with its checks."""
    checks: dict[str, list[SafetyCheck]] = {}
    for check in _CHECKS.all(home=home_id):
        checks.setdefault(check.component, []).append(check)
    return [ComponentSeen(row, checks.get(row.id, [])) for row in _PARTS.all(home=home_id)]


def checks_due(by: date, limit: int = 500) -> list[SafetyCheck]:
    """Return the newest check of each kind and component whose next one falls due by a day, earliest first."""
    newest = SafetyCheck.objects.order_by("component", "what", "-checked_on", "-id").distinct("component", "what")
    gone = Component.objects.exclude(removed_on=None).values("id")
    due = SafetyCheck.objects.filter(id__in=newest.values("id"), next_due_on__lte=by).exclude(component__in=gone)
    return list(due.order_by("next_due_on", "id")[:limit])


def beliefs(home_id: str) -> list[HomeBelief]:
    """Return what we believed of a home and when, the latest that we wrote first."""
    return _BELIEFS.all(home=home_id)


def search(text: str, limit: int = 20, *, inside: bool = True) -> list[HomeFound]:
    """Find homes by id, what the system before calls them, UPRN, postcode (its beginning is enough) or words of the address.

    Without `inside` a word of the address has to begin as typed, or nearly.
    """
    key = squeeze(text)
    if not key:
        return []
    named = Home.objects.filter(Q(id=text.strip()) | Q(reference_key__in=as_written(text)))
    found = [
        _found(row, "reference", row.id) if row.id == text.strip() else _found(row, "old_reference", str(row.reference))
        for row in named
    ]
    if key.isdigit() and (number := key.lstrip("0")):  # noughts alone are no UPRN: every number begins with nothing
        # A short one is found whole: "12" begins a million of them.
        rows = _starting("uprn_key", number, limit) if len(key) >= 6 else Home.objects.filter(uprn_key=number)[:limit]
        found += [_found(row, "uprn", str(row.uprn)) for row in rows]
    if any(c.isdigit() for c in key) and len(key) <= 7:
        rows = sorted(_starting("postcode_key", key, limit), key=lambda row: (row.postcode_key, _street_order(address_line(row))))
        found += [_found(row, "postcode", str(row.postcode)) for row in rows]
    if len(found) < limit:
        there = {one.home for one in found}
        near = [row for row in find_words(Home.objects, text, limit, inside=inside) if row.id not in there]
        near.sort(key=lambda row: (row.away, _street_order(address_line(row))))  # number 9 stands before number 10
        found += [_found(row, "address" if row.away < NEARLY else "nearly", address_line(row)) for row in near]
    return found[:limit]


def search_inside(text: str, limit: int = 20) -> list[HomeFound]:
    """Find homes by any part of the words of their address, a look at every home: what `search` without `inside` leaves out."""
    return [_found(row, "address", address_line(row)) for row in find_inside(Home.objects, text, limit)]


def at_address(text: str, limit: int) -> list[HomeFound]:
    """Return up to `limit` homes, in no order, whose address or postcode has every word of `text`, or words that begin so."""
    return [_found(row, "address", address_line(row)) for row in find_begun(Home.objects, text, limit)]


def among(home_ids: Iterable[str], text: str) -> list[HomeFound]:
    """Return those of some homes whose address or postcode has every word of `text`, or words that begin so."""
    return [
        _found(row, "address", address_line(row))
        for row in having_words(Home.objects.filter(id__any=list(home_ids)), text).order_by("words", "id")
    ]


def _starting(column: str, key: str, limit: int) -> Iterable[Home]:
    return Home.objects.filter(**{f"{column}__startswith": key}).order_by(column, "words", "id")[:limit]


def _found(row: Home, why: WhyHome, matched: str) -> HomeFound:
    return HomeFound(row.id, address_line(row), why, matched)


def _seen(row: HomeNote) -> NoteSeen:
    about: Any = row.about
    read = None if about is None or isinstance(about, Unavailable) else msgspec.convert(about, facts.HomeNote)
    return NoteSeen(row.id, row.home, row.at, row.by, read)
