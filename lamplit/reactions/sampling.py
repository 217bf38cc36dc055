"""The nightly sample: some accounts, drawn by lot, are made again from the record's entries alone and compared with our tables.

No key is needed: sums are clear. A difference stops every step, and rings.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

import psycopg

from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.record.authored import of_kinds
from lamplit.record.encode import Codec
from lamplit.record.replay import FolderOfSome, ReplayStopped
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring
from lamplit.rent import actions, queries
from lamplit.rent.rules.figures import policy

BY = job("sample")
TRIES = 3  # what is written while we read looks different once, never three times
_ACCOUNT = re.compile(rb'"(t_[0-9a-z]{20})"')
_BOOKS = ("rent_balance", "ledger_line")
Rows = dict[str, set[tuple[Any, ...]]]


class Record(NamedTuple):
    """What a sample reads with: a connection of the reader's role, the log's codec, and which fact folds into which table."""

    reader: psycopg.Connection[Any]
    codec: Codec
    wiring: Wiring


def sample(record: Record, at: datetime) -> list[str]:
    """Draw accounts, compare them, and note what was found. Returns those that differ."""
    drawn = queries.drawn(policy().number("sample.accounts", london_date(at)))
    before = queries.differing()  # these are looked at again until somebody has put them right
    asked = list(dict.fromkeys([*before, *drawn]))
    found = differing(record, asked)
    actions.note_sample(accounts=len(asked), differing=found, by=BY, at=at, command=f"job:sample:{at:%Y%m%d%H%M%S%f}")
    return found


def differing(record: Record, accounts: Collection[str]) -> list[str]:
    """Return those of these accounts whose entries do not give what our tables say."""
    left = sorted(accounts)
    for _ in range(TRIES):
        if not left:
            break
        again, ours = _made_again(record, left), _ours(record.wiring, left)
        left = [one for one in left if again is None or again.get(one) != ours.get(one)]
    return left


def _made_again(record: Record, accounts: Collection[str]) -> Rows | None:
    """Fold the entries that name these accounts. None where they cannot be folded at all: then all of them differ."""
    models = [model for model, table in record.wiring.tables.items() if table.name in _BOOKS]
    some = record.wiring.only(models)
    folder, wanted = FolderOfSome(some, record.codec, accounts), {one.encode() for one in accounts}
    kinds = dict.fromkeys(fact.schema.kind for fact in some.routes)
    try:
        for number, raw in of_kinds(record.reader, kinds):
            if not wanted.isdisjoint(_ACCOUNT.findall(raw)):
                folder.fold(number or 0, raw)
    except ReplayStopped:
        return None
    return _gathered((table, folder.send(table)) for table in some.tables.values())


def _ours(wiring: Wiring, accounts: Collection[str]) -> Rows:
    lines = chain.from_iterable(queries.ledgers_of(accounts).values())
    rows: Mapping[str, Iterable[Any]] = {"rent_balance": queries.balances(accounts), "ledger_line": lines}
    return _gathered((table, map(table.shape, rows[name])) for name, table in wiring.by_name.items() if name in rows)


def _gathered(tables: Iterable[tuple[Table, Iterable[tuple[Any, ...]]]]) -> Rows:
    """Return by account what its rows say, without what is sealed."""
    found: Rows = {}
    for table, rows in tables:
        clear = [at for at, column in enumerate(table.columns) if not column.owner]
        for row in rows:
            whose = str(row[0]).partition(".")[0]
            found.setdefault(whose, set()).add((table.name, *(row[at] for at in clear)))
    return found
