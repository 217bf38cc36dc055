"""Following the sealed record: each (entry, reaction) is started once, in the order of the log.

Killed at any point, it starts again at the last place it wrote down. What it then does twice has the same command id,
so the record gives the first answer and nothing is ordered twice.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError

from lamplit.basics.fact import Fact
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.messages import actions as messages
from lamplit.reactions.copies import copies_of
from lamplit.reactions.fields import CannotWriteError, WaitsError
from lamplit.reactions.letters import Wanted
from lamplit.record.encode import INGESTED, Codec, Entry, read_header
from lamplit.record.keys import PageKeys
from lamplit.record.ready import kept_cursor

log = logging.getLogger(__name__)
NAME = "reactions"
BATCH = 256  # entries at a time: bounds what is done again after a kill
LOOK_BACK = 20_000
_REACTED = re.compile(r"job:\w+\.\w+:(e_\w+)(?::.*)?")  # the command of what a reaction ordered
UNFELT = ("seed:", "import:")  # commands that bring in history: what they tell is no news to anybody

Reaction = Callable[[Entry, datetime], Sequence[Wanted]]
Table = Mapping[type[Fact], Iterable[Reaction]]


class Follower:
    """Reads entries with `reader`, a connection of the reader's role; writes through Django, as the app."""

    def __init__(self, reader: psycopg.Connection[Any], codec: Codec, table: Table) -> None:
        self._reader, self._codec, self._table = reader, codec, table
        self.unwritten: list[str] = []  # what is wrong with letters that could not be written, in words

    def follow(self, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """React to the next entries of the log, at most BATCH, until `stopping`. Returns how many were read."""
        start = position()
        rows = self._read("SELECT idx, bytes FROM record.entry WHERE idx >= %s ORDER BY idx LIMIT %s", [start, BATCH])
        done, before = start, set(owed()) if rows else set()
        for idx, raw in rows:
            if stopping():
                break
            self._try(idx, bytes(raw), at, settles=idx in before)
            done = idx + 1
        if done > start:
            _stand(NAME, done)
        return done - start

    def try_again(self, at: datetime) -> int:
        """React again to the entries to which a reaction failed. Returns how many are still owed."""
        for idx in owed():
            for _, raw in self._read("SELECT idx, bytes FROM record.entry WHERE idx = %s", [idx]):
                self._try(idx, bytes(raw), at)
        return len(owed())

    def _try(self, idx: int, raw: bytes, at: datetime, *, settles: bool = True) -> None:
        """React to one entry. One that fails is written down and tried again later: nothing waits behind it.

        `settles`: it may stand among what is owed. What the follower comes to for the first time does not.
        """
        try:
            self._react(raw, at)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the whole batch is done again
        except CannotWriteError as error:
            log.error("entry %d: %s", idx, error)  # noqa: TRY400 - the sentence says all
            self.unwritten.append(str(error))
            _stand(f"owed:{idx}", idx)
        except WaitsError as error:
            log.warning("entry %d: %s", idx, error)
            _stand(f"owed:{idx}", idx)
        except Exception:
            log.exception("a reaction to entry %d failed", idx)
            _stand(f"owed:{idx}", idx)
        else:
            if settles:
                _settle(idx)

    def _react(self, raw: bytes, at: datetime) -> None:
        reactions = [] if raw.startswith(INGESTED) else list(self._table[self._codec.kind(raw).cls])
        if not reactions:  # only the node that sealed a fact reacts to it: what came from another record had its reactions there
            return
        entry = self._codec.clear(raw)
        if entry.command.startswith(UNFELT):
            return
        self._codec.open(entry, PageKeys(_run), raw)
        for reaction in reactions:
            name = f"{reaction.__module__.rpartition('.')[2]}.{reaction.__name__}"
            for wanted in reaction(entry, at):
                order(wanted, f"job:{name}:{entry.id}", at)

    def _read(self, query: str, params: list[Any]) -> list[tuple[Any, ...]]:
        with self._reader.transaction():
            return self._reader.execute(query, params).fetchall()


def order(wanted: Wanted, what: str, at: datetime) -> None:
    """Order a message once under the command `what`, and copies for those who act for her. Ordered before counts as done."""
    command = f"{what}:{wanted.key}" if wanted.key else what
    _order_once(wanted, command, at)
    for leave, copy in copies_of(wanted, at):
        _order_once(copy, f"{command}:copy:{leave}", at)


def _order_once(wanted: Wanted, command: str, at: datetime) -> None:
    try:
        messages.order_message(
            template=wanted.template,
            subject=wanted.subject,
            body=wanted.body,
            person=wanted.person,
            reach=wanted.reach,
            channel=wanted.channel,
            to=wanted.to,
            name=wanted.name,
            voice=wanted.voice,
            about=wanted.about,
            because=wanted.because,
            paper=wanted.paper,
            language=wanted.language,
            hers=wanted.hers,
            by=job("reactions"),
            at=at,
            command=command,
        )
    except Refused as refused:
        if not refused.done_before:
            raise


def position() -> int:
    """Return the index of the next entry to react to.

    A node that never reacted begins at the end of its log: after a rebuild or an ingest nobody gets old letters again.
    A new landlord begins at 0, since its log is empty then.
    """
    found = _run("SELECT next_idx FROM record.reader WHERE name = %s", [NAME])
    if not found:
        begin_at(_run("SELECT coalesce(max(size), 0) FROM record.checkpoint", [])[0][0])
        found = _run("SELECT next_idx FROM record.reader WHERE name = %s", [NAME])
    return int(found[0][0])


def begin_at(idx: int) -> None:
    """Say from which entry on this node reacts, unless it reacts already. Called when a landlord or a node is made."""
    _run("INSERT INTO record.reader (name, next_idx) VALUES (%s, %s) ON CONFLICT DO NOTHING", [NAME, idx])


def skip_to(idx: int) -> None:
    """Move past entries without reacting: what a rebuild or an ingest brought in is no news."""
    _stand(NAME, idx)


def owed() -> list[int]:
    """Return the indexes of entries to which a reaction failed and was not done since."""
    rows = _run(
        "SELECT next_idx FROM record.reader WHERE name LIKE 'owed:%%' AND next_idx = substr(name, 6)::bigint ORDER BY 1", []
    )
    return [row[0] for row in rows]


def untold(reader: psycopg.Connection[Any], table: Table, codec: Codec) -> list[int]:
    """Return the last entries that we passed and that have reactions of which the record shows nothing.

    Reactions run in the order of the log, so what stands before one that did is done. After a restore these are what the old
    worker may not have come to; some had nothing to tell. Looks back over LOOK_BACK entries at most.
    """
    told, found, here = set[str](), list[int](), position()
    with reader.transaction():
        rows = reader.execute("SELECT idx, bytes FROM record.entry ORDER BY idx DESC LIMIT %s", [LOOK_BACK]).fetchall()
    for idx, raw in rows:
        header = read_header(bytes(raw))
        what = _REACTED.fullmatch(header.command)
        if what:
            told.add(what[1])
        ours = not (bytes(raw).startswith(INGESTED) or header.command.startswith(UNFELT))
        if not ours or not list(table[codec.kind(bytes(raw)).cls]):
            continue
        if idx >= here:
            continue
        if header.id in told:
            break
        found.append(idx)
    return sorted(found)


def release(entries: Iterable[int]) -> None:
    """Let the worker react to entries that it has passed. What it did before is not done twice."""
    for idx in entries:
        _stand(f"owed:{idx}", idx)


def _settle(idx: int) -> None:
    """Take an entry off what is owed, if it was: its small reader has passed it."""
    _run("UPDATE record.reader SET next_idx = %s WHERE name = %s", [idx + 1, f"owed:{idx}"])


def _stand(name: str, idx: int) -> None:
    _run(
        "INSERT INTO record.reader (name, next_idx) VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET next_idx = EXCLUDED.next_idx",
        [name, idx],
    )


def _run(query: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with kept_cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall()) if cursor.description else []
