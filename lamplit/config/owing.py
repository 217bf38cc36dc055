"""The words in which a tenant reads where she stands: what staff read too, line by line."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lamplit.basics.words import pounds
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, of_data
from lamplit.config.when import full_date, long_date
from lamplit.rent.rules.position import Line, Position, words

HOME = ("rent", "former", "occupation")  # the books of living in the home; costs and recharges stand beside them

WHAT: dict[str, tuple[Any, Any]] = {
    "rent": (lazy("Rent"), lazy("The rent for your home for these days.")),
    "service": (lazy("Service charge"), lazy("For what your building shares, like lights. Benefit can pay it.")),
    "service_not_eligible": (lazy("Service charge"), lazy("For things that benefit does not pay, like your own heating.")),
    "support": (lazy("Support"), lazy("For the support that you get at home.")),
    "water": (lazy("Water"), lazy("For the water that you use at home.")),
    "heating": (lazy("Heating"), lazy("For the heating of your home.")),
    "garage": (lazy("Garage"), lazy("The rent for your garage or parking place.")),
    "other": (lazy("Other charge"), lazy("Another charge under your tenancy. Call us if you do not know what it is.")),
    "brought": (lazy("From our old system"), lazy("What your account stood at when we moved it over.")),
    "payment": (lazy("Your payment"), lazy("A payment that we got from you. Thank you.")),
    "benefit": (lazy("Housing benefit or Universal Credit"), lazy("Paid straight to us for your rent.")),
    "direct_debit": (lazy("Direct Debit"), lazy("What we took from your bank, as we told you.")),
    "unpaid": (lazy("Payment that came back"), lazy("Your bank did not pay this. Nobody charges you a fee for it.")),
    "refund": (lazy("Paid back to you"), lazy("Money that we paid back to you.")),
    "adjustment": (lazy("Put right"), lazy("We put something right on your account.")),
    "court_costs": (lazy("Court costs"), lazy("What the court cost us, and the judge said that you pay.")),
    "recharge": (lazy("Repair that you pay for"), lazy("A repair of damage that was not wear.")),
    "write_off": (lazy("Not asked for any more"), lazy("We do not ask you for this any more.")),
    "write_back": (lazy("Asked for again"), lazy("We had stopped asking for this. It counts again.")),
    "reversal": (lazy("Taken back"), lazy("An earlier line was wrong. This takes it back, whole.")),
    "moved": (lazy("Moved"), lazy("Moved from one part of your account to another.")),
}  # fmt: skip
BESIDE = {"costs": lazy("Court costs"), "recharge": lazy("Repairs that you pay for")}


def sentences(found: Position) -> list[str]:
    """Return what we say first: the rule's own sentences, in her language."""
    return list(_sentences(found))


def _sentences(found: Position) -> Iterator[str]:
    for code, fill in found.sentences:
        day = found.by if code == "pay" else found.next_on
        said = {**fill, "day": long_date(day)} if day is not None else fill
        yield of_data(f"rent.sentence.{code}", words()["sentence"][code]).format(**said)


def lines(found: Position) -> list[dict[str, Any]]:
    """Return the working: what was charged, what is taken away and why, each with its sum."""
    return [
        {"text": of_data(f"rent.line.{line.code}", words()["tenant"][line.code]), "sum": _sum(line), "more": _more(line)}
        for line in found.lines
    ]


def _sum(line: Line) -> str:
    return pounds(line.shown_pence)


def _more(line: Line) -> str | None:
    """Say what the sum is of, where it is not plain."""
    if line.code in ("balance", "credit", "even") and line.charged_to is not None:
        return _("Up to %(day)s") % {"day": full_date(line.charged_to)}
    if line.cover is not None:
        days = {"from": full_date(line.cover.from_on), "to": full_date(line.cover.to_on)}
        said = _("For %(from)s to %(to)s.") % days
        come = "" if line.cover.late else " " + _("We expect it on %(day)s.") % {"day": long_date(line.cover.pay_on)}
        return said + come
    return _("On %(day)s") % {"day": full_date(line.on)} if line.on is not None and line.code != "plan" else None


def change(row: Any, books: Iterable[str] = HOME) -> int:
    """Return what a line changes of what is owed in these books, in pence."""
    return (row.pence if row.debit in books else 0) - (row.pence if row.credit in books else 0)


def statement(rows: list[Any], since: date | None = None) -> list[dict[str, Any]]:
    """Return the lines from a day on, the newest first, each with what the account stood at after it."""
    balance, found = 0, []
    for row in rows:
        changed = change(row)
        if not changed:
            continue
        balance += changed
        if since is None or row.on >= since:
            found.append(_item(row, changed, balance))
    return found[::-1]


def beside(rows: list[Any]) -> list[dict[str, Any]]:
    """Return the lines that stand beside the rent: court costs and repairs that she pays for, the newest first."""
    found = [(row, change(row, BESIDE)) for row in rows]
    return [_item(row, changed, None) for row, changed in found if changed][::-1]


def _item(row: Any, changed: int, balance: int | None) -> dict[str, Any]:
    name, what = WHAT[row.what]
    days = None
    if row.from_on is not None and row.to_on is not None:
        days = _("%(from)s to %(to)s") % {"from": full_date(row.from_on), "to": full_date(row.to_on)}
    return {
        "id": row.id, "on": row.on, "day": full_date(row.on), "name": str(name), "what": str(what), "days": days,
        "sum": pounds(abs(changed)), "up": changed > 0, "balance": None if balance is None else stands_at(balance),
    }  # fmt: skip


def stands_at(pence: int) -> str:
    """Say a balance: "£12.00 owed", "£5.00 ahead" or "£0.00"."""
    if not pence:
        return pounds(0)
    return (_("%(sum)s owed") if pence > 0 else _("%(sum)s ahead")) % {"sum": pounds(abs(pence))}
