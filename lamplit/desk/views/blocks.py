"""A block: its homes drawn floor by floor, and everything that is open in it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import words
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.homes import queries
from lamplit.repairs import queries as repairs

WIDE = 5  # columns side by side; a longer block is drawn in several parts
Floor = dict[str, Any]
Open = dict[str, list[Any]]


@for_staff("see_home")
def block(request: StaffRequest, block: str) -> HttpResponse:
    """Show a whole block."""
    row = found(queries.block(block))
    homes = queries.homes_of_block(block)
    open_now = repairs.open_of_homes([block, *(one.id for one in homes)])
    name = str(row.name or _("The block"))
    place = words.address([*(row.address or []), row.postcode])
    return page(
        request, "block.html", title=name, place=place, parts=_parts(homes, open_now),
        unplaced=[_named(one) for one in homes if not _placed(one)], rows=_open(block, homes, open_now),
        count=counted("%(count)s home", "%(count)s homes", len(homes)),
    )  # fmt: skip


def _parts(homes: list[Any], open_now: Open) -> list[list[Floor]]:
    """Return the section of the block in parts of a few columns, each top floor first."""
    stacks = sorted({one.stack for one in homes if _placed(one)})
    return [section(homes, stacks[start : start + WIDE], open_now) for start in range(0, len(stacks), WIDE)]


def section(
    homes: list[Any], stacks: list[int], open_now: Open, *, here: str | None = None, around: int | None = None
) -> list[Floor]:
    """Return some columns of a block, top floor first; homes with something open are lit, in words.

    `here`: the home that is framed. `around`: only floors this near to it.
    """
    placed = [one for one in homes if _placed(one)]
    middle = next((one.storey for one in placed if one.id == here), None)
    at = {(one.storey, one.stack): one for one in placed}
    return [
        {
            "name": _("Ground") if storey == 0 else _("Floor %(storey)s") % {"storey": storey},
            "homes": [_lit(at.get((storey, stack)), here, open_now) for stack in stacks],
        }
        for storey in sorted({one.storey for one in placed}, reverse=True)
        if around is None or middle is None or abs(storey - middle) <= around
    ]


def _placed(one: Any) -> bool:
    return one.storey is not None and one.stack is not None


def _lit(one: Any, here: str | None, open_now: Open) -> dict[str, Any] | None:
    if one is None:
        return None
    lit = ", ".join(f"{words.readable(r.title, _('a repair'))}, {full_date(r.reported_at)}" for r in open_now.get(one.id, []))
    return {"text": number_of(one), "href": reverse("desk_home", args=[one.id]), "here": one.id == here, "lit": lit or None}


def number_of(one: Any) -> str:
    """Return a home's number, or what stands first in its address."""
    first = words.short_address(one.address).split()
    return next((word.rstrip(",") for word in first if any(c.isdigit() for c in word)), first[0] if first else "?")


def _named(one: Any) -> dict[str, str]:
    return {"text": words.short_address(one.address), "href": reverse("desk_home", args=[one.id])}


def _open(block: str, homes: list[Any], open_now: Open) -> list[dict[str, Any]]:
    """Return every open repair in the block, what is told longest first."""
    where = {block: _("Shared part")} | {one.id: _("Home %(number)s") % {"number": number_of(one)} for one in homes}
    rows = sorted((row for listed in open_now.values() for row in listed), key=lambda row: (row.reported_at, row.id))
    return [
        {
            "what": words.readable(row.title, _("A repair")), "href": reverse("desk_repair", args=[row.id]),
            "where": where[row.home], "since": full_date(row.reported_at), "stands": words.STATUSES[row.status],
        }
        for row in rows
    ]  # fmt: skip
