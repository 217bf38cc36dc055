"""What this installation is to others: main, a standby, or a standby that has taken over."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import psycopg
from django.db import connection
from django.db.models import GeneratedField

from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.continuity import opening, state, takeover, unlocked
from lamplit.continuity.takeover import Takeover
from lamplit.continuity.unlocked import Step, Unlocked
from lamplit.record.note import Verifier
from lamplit.record.rebuild import quiet
from lamplit.record.store import open_store
from lamplit.record.tables import Table

# Tables in the order in which they are opened: whoever reports looks for a home, whoever signs in gives her number, staff ask for
# a person or a repair.
FIRST = ("home", "reach", "person", "staff", "repair", "tenancy")
# Whose search keys only main asks for, so that they stay sealed here: by whom money came before. There are most of these rows.
MAINS_OWN = ("money_line",)
LOOK_EVERY = 1.0  # seconds between two looks at whether we took over


def main_record() -> Unlocked | None:
    """Return main's record as a standby may open it; None where this is no standby."""
    follows = place.standby()
    if follows is None:
        return None
    log = Verifier.parse(follows.log_key)
    return Unlocked(open_store(place.mirror()), log.name, place.memory(), lambda: _held_size(log.name))


def _held_size(origin: str) -> int:
    held = state.held(database(), origin)
    return held.size if held else 0


def database() -> psycopg.Connection[Any]:
    """Return the connection that Django holds for this request or job."""
    connection.ensure_connection()
    return cast(psycopg.Connection[Any], connection.connection)


@dataclass
class _Seen:
    at: float = float("-inf")
    takeover: Takeover | None = None
    whole: bool = False
    opened: set[str] = field(default_factory=set)


_SEEN = _Seen()


def taken_over() -> Takeover | None:
    """Return the takeover that was declared here, or None. Looks again each second."""
    if place.standby() is None:
        return None
    if _SEEN.takeover is None and time.monotonic() - _SEEN.at >= LOOK_EVERY:
        found = takeover.takeover(database())
        _SEEN.takeover, _SEEN.at = (found if found is not None and found.declared else None), time.monotonic()
    return _SEEN.takeover


def known_at() -> datetime | None:
    """Return until when this standby knows what main knew; None where main itself answers."""
    taken = taken_over()
    return None if taken is None else state.last_life(database()) or taken.declared_at


def closed() -> bool:
    """Whether main is back and takes everything over just now, so that nothing can be written here."""
    return takeover.is_closed(database())


def ready(taken: Takeover, db: psycopg.Connection[Any] | None = None) -> bool:
    """Whether this standby has taken over, everything that main had stands in its tables, and it can be opened."""
    if taken.size is None or not unlocked.is_unlocked(place.memory()):
        return False
    if not _SEEN.whole:  # once so, it stays so: pages need not ask again
        _SEEN.whole = state.folded_size(db or database()) >= taken.size
    return _SEEN.whole


def ask_or_agree(
    db: psycopg.Connection[Any], name: str, code: str, why: str, *, drill: bool, at: datetime, step: Step = quiet
) -> Takeover:
    """Take one person's word for taking over (continuity/declaring.py), here. `db`: the app's connection."""
    from lamplit.continuity import declaring  # noqa: PLC0415 - it brings much along, and every command loads this module

    follows = place.standby()
    assert follows is not None  # noqa: S101 - only a standby asks
    main = Verifier.parse(follows.log_key).name
    here = declaring.Place(main, open_store(place.mirror()), place.declarers(), place.memory())
    return declaring.ask_or_agree(db, here, name, code, why, drill=drill, at=at, step=step)


def tables_to_open() -> list[Table]:
    """Return the tables in which the database makes search keys out of personal columns, those first that people wait for."""
    tables = wiring().tables
    found = [tables[model] for model in tables if any(isinstance(f, GeneratedField) for f in model._meta.concrete_fields)]
    return sorted((table for table in found if table.name not in MAINS_OWN), key=lambda table: _place(table.name))


def _place(table: str) -> int:
    return FIRST.index(table) if table in FIRST else len(FIRST)


def is_opened(*tables: str) -> bool:
    """Whether everything in these tables can be looked up here: on a standby that took over, not before all of it is opened."""
    if place.standby() is None:
        return True
    for name in set(tables) - _SEEN.opened:
        if opening.is_any_sealed(database(), wiring().by_name[name]):
            return False
        _SEEN.opened.add(name)
    return True


def letter() -> str:
    """Return the letter of the record that gives references here: M of main, S of a standby."""
    return "M" if place.standby() is None else "S"
