"""What a rent statement says: the values of the paper `statement`, for one tenant, in the language of the page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.basics.words import pounds
from lamplit.config import owing
from lamplit.config.jinja import landlord
from lamplit.config.when import full_date
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.rent import queries
from lamplit.rent.rules.position import Position


def paper_of(account: str, since: date, until: date, person: str, *, large: bool) -> dict[str, Any] | None:
    """Return the values of one tenant's statement; None when there is no such account."""
    found, row = queries.position(account, until), queries.account(account)
    if found is None or row is None:
        return None
    return values(found, row, queries.lines(account), people.person(person), homes.home(row.home), (since, until), large=large)


def values(
    found: Position, account: Any, rows: Sequence[Any], person: Any, home: Any, days: tuple[date, date], *, large: bool
) -> dict[str, Any]:
    """Make the values from what was read already: a run over all accounts reads many at once.

    `days`: the first and the last of the lines; where she stands is said as of `found.on`, which may be later.
    """
    since, until = days
    lines = [row for row in rows if row.on <= until]
    items = owing.statement(list(lines), since)[::-1]
    before = sum(owing.change(row) for row in lines if row.on < since)
    name, reference = getattr(person, "name", None), account.reference
    return {
        "landlord": landlord().name, "phone": landlord().phone, "hours": landlord().hours, "large": large,
        "name": "" if name is None or isinstance(name, Unavailable) else str(name), "address": _address(home),
        "reference": "" if reference is None or isinstance(reference, Unavailable) else str(reference),
        "written": full_date(found.on), "from": full_date(since), "to": full_date(until), "before": owing.stands_at(before),
        "sentences": owing.sentences(found),
        "working": [{"text": one["text"], "more": one["more"] or "", "sum": one["sum"]} for one in owing.lines(found)],
        "to_pay": pounds(found.to_pay_pence), "lines": [_line(item) for item in items],
        "after": items[-1]["balance"] if items else owing.stands_at(before), "beside": _beside(owing.beside(list(lines))),
    }  # fmt: skip


def _line(item: Mapping[str, Any]) -> dict[str, str]:
    what = f"{item['name']}, {item['days']}" if item["days"] else item["name"]
    side = ("up", "down") if item["up"] else ("down", "up")
    return {"day": item["day"], "what": what, side[0]: item["sum"], side[1]: "", "balance": item["balance"]}


def _beside(items: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"day": item["day"], "what": item["name"], "sum": item["sum"] if item["up"] else f"-{item['sum']}"} for item in items]


def _address(home: Any) -> list[str]:
    if home is None or isinstance(home.address, Unavailable) or home.address is None:
        return []
    postcode = home.postcode
    return [*home.address, *([] if postcode is None or isinstance(postcode, Unavailable) else [str(postcode)])]
