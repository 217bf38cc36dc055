"""What a firm's message asks for beyond what was ordered: read out of the parts where the standard lets it stand."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from lamplit.repairs import queries
from lamplit.repairs.actions import Measured

LONGEST, MOST = 2_000, 1_000_000


class More(NamedTuple):
    """More work or money, as the action takes it. `lines` None: not priced by our schedule."""

    more: Literal["work", "money"]
    what: str
    why: str
    lines: list[Measured] | None
    make_safe: bool


def more_of(said: dict[str, Any], on: date) -> More | None:
    """Return what an update asks for, or None when it does not say what."""
    extra = said.get("AdditionalWork") or {}
    order = extra.get("AdditionalWorkOrder") or {}
    elements = [said.get("MoreSpecificSORCode"), *(order.get("WorkElement") or [])]
    items = [one for element in elements for one in _items(element)]
    lines = _lines(items, on)
    named = "; ".join(filter(None, map(_named, items)))
    what = order.get("DescriptionOfWork") or named or said.get("Comments")
    why = extra.get("ReasonRequired") or said.get("Comments") or what
    if not what or not why:
        return None
    more: Literal["work", "money"] = "work" if extra or not lines else "money"
    unpriced = f" ({named})" if named and not lines and named != what else ""
    safe = (said.get("OtherType") or "").lower() == "makesafe"
    return More(more, f"{what}{unpriced}"[:LONGEST], why[:LONGEST], lines, safe)


def _items(element: Any) -> list[dict[str, Any]]:
    return list((element or {}).get("RateScheduleItem") or [])


def _lines(items: list[dict[str, Any]], on: date) -> list[Measured] | None:
    """Return the items as rates of our schedule; None unless every one of them is in it that day."""
    lines = [Measured(code=_code(one), hundredths=_hundredths(one)) for one in items]
    known = all(line.hundredths > 0 and queries.rate_on(line.code, on) is not None for line in lines)
    return lines if lines and known else None


def _code(item: dict[str, Any]) -> str:
    return str(item.get("CustomCode") or item.get("M3NHFSORCode") or "")


def _hundredths(item: dict[str, Any]) -> int:
    amount = next(iter((item.get("Quantity") or {}).get("Amount") or []), 1)
    return int((Decimal(str(amount)) * 100).to_integral_value()) if 0 < amount < MOST else 0


def _named(item: dict[str, Any]) -> str:
    named = " ".join(filter(None, [_code(item), item.get("CustomName")]))
    return f"{named} x {_hundredths(item) / 100:g}" if named else ""
