"""`lamplit standby again`: main has taken everything over, so this standby's own record ends and it follows main anew.

What it cosigned, and what it saw, it goes on remembering: a cosigner that forgot could be led to sign another history.
"""

import argparse
import base64
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lamplit.basics.clock import now
from lamplit.basics.ids import new_id
from lamplit.basics.refusal import Refused
from lamplit.cli import start
from lamplit.cli.say import Failed, say
from lamplit.cli.standby import _begin, _follows
from lamplit.config import place
from lamplit.continuity import takeover, unlocked
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.encode import Codec, verbatim
from lamplit.record.facts import RecordClosed, SourceClosed
from lamplit.record.keys import HeldKeys
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.store import NotInStore, open_store, read_bundle
from lamplit.record.tiles import WIDTH

REMEMBERED = ("cosigned", "life", "alarm", "key_file", "erased")
TRIES, LOOK_EVERY = 10, 0.5  # a program that was stopped just now leaves its connections a moment later
pause = time.sleep
_PAST = "past"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""


def again(asked: argparse.Namespace) -> int:
    """End our own record and begin again. Failed until main says in its record that it holds all of ours."""
    follows = _follows()
    _begin()
    with start.connect("owner") as db:
        taken = takeover.takeover(db)
        if taken is None or not taken.declared:
            raise Failed("This standby has not taken over. There is nothing to begin again.")
        if taken.drill != asked.forget_drill:
            words = "a drill: add --forget-drill" if taken.drill else "no drill: nothing of it may be forgotten"
            raise Failed(f"It was {words}.")
        waiting, own = _own(db)
        if not taken.drill and (waiting or not _held_by_main(follows, taken.size or 0, *own)):
            raise Failed("Main does not hold all of our record yet. Run `lamplit ingest --close` there, then this again.")
        _nobody_else(db)
        kept = {name: _rows(db, name) for name in REMEMBERED}
    unlocked.lock(place.memory())
    _set_aside(follows)
    _begin_anew(follows)
    with start.connect("owner") as db:
        for name, rows in kept.items():
            _put_back(db, name, rows)
    say("It follows main again. Start its programs; the tables are made anew from its own copy.")
    return 0


def _nobody_else(db: Any) -> None:
    """Raise Failed while other programs use the database: one that writes on would leave half of it removed."""
    for _ in range(TRIES):
        if not db.execute(_OTHERS).fetchone()[0]:
            return
        pause(LOOK_EVERY)
    raise Failed("Programs of this standby still run. Stop all of them, then run this again. Nothing was changed.")


def _begin_anew(follows: place.Standby) -> None:
    """Make the new database in a program of its own: this one knows the old passwords."""
    words = ["standby", "init", "--main", follows.main, "--log-key", follows.log_key, "--name", follows.name]
    done = subprocess.run([sys.executable, "-m", "lamplit.cli", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"The new database cannot be made: {done.stderr.strip()} Run `lamplit standby {' '.join(words[1:])}` again.")


def close(asked: argparse.Namespace) -> int:
    """End our own record, so that main can take all of it over. From then on nobody writes here."""
    del asked
    follows = _follows()
    _begin()
    at, main = now(), Verifier.parse(follows.log_key).name
    raw = Codec(place.origin()).encode(
        RecordClosed(main=main), HeldKeys({}, set()), id=new_id("e", at), at=at, recorded_at=at, by="cli:standby",
        command=f"close:{place.origin()}",
    )  # fmt: skip
    try:
        with start.connect("owner") as db:
            takeover.close(db, raw, at)
    except Refused as refused:
        raise Failed("This standby has not taken over. There is nothing to close.") from refused
    say("Its record takes nothing more. On main, run: lamplit ingest --close")
    return 0


def _own(db: Any) -> tuple[int, tuple[str, int, bytes]]:
    """Return what is not sealed yet, and origin, size and root of our own record."""
    waiting = db.execute("SELECT count(*) FROM record.intake").fetchone()[0]
    origin, size, root = db.execute("SELECT origin, size, root FROM record.checkpoint").fetchone()
    return waiting, (origin, size, bytes(root))


def _held_by_main(follows: place.Standby, since: int, origin: str, size: int, root: bytes) -> bool:
    """Whether main's record says that it holds our record up to this size and root."""
    store, log = open_store(follows.main), Verifier.parse(follows.log_key)
    try:
        checkpoint, _ = open_checkpoint(store.get("checkpoint"), log)
        for n in range(since // WIDTH, -(-checkpoint.size // WIDTH)):
            for raw in read_bundle(store, n, min(WIDTH, checkpoint.size - n * WIDTH)):
                if not raw.startswith(b'{"kind":"record.source_closed"'):
                    continue
                fact = verbatim(raw).body
                if isinstance(fact, SourceClosed) and (fact.origin, fact.size) == (origin, size):
                    return base64.b64decode(fact.root) == root
    except (NotInStore, NoteRejected):
        return False
    return False


def _rows(db: Any, name: str) -> list[dict[str, Any]]:
    found = db.execute(sql.SQL("SELECT * FROM continuity.{}").format(sql.Identifier(name)))
    names = [column.name for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _put_back(db: Any, name: str, rows: list[dict[str, Any]]) -> None:
    """Write remembered rows into the new database, in place of those that it began with."""
    table = sql.Identifier("continuity", name)
    for row in rows:
        columns = [column for column in row if not (name == "alarm" and column == "id")]
        if "one" in row or name == "cosigned":
            db.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            db.execute(sql.SQL("DELETE FROM {} WHERE {} = %s").format(table, sql.Identifier(columns[0])), [row[columns[0]]])
            db.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
        listed, slots = map(sql.Identifier, columns), [sql.Placeholder()] * len(columns)
        db.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, sql.SQL(", ").join(listed), sql.SQL(", ").join(slots)),
            [row[column] for column in columns],
        )


def _set_aside(follows: place.Standby) -> None:
    """Keep our store and the key of our record under the number of the term that ended, and remove the database."""
    past = place.home() / _PAST / str(follows.term)
    past.mkdir(parents=True, exist_ok=True)
    near = place.stores()[0]
    if "://" in near:
        raise Failed("Set LAMPLIT_STORES to a new place first: what was published stays where it is.")
    for path in (Path(near), start.key_file()):
        if path.exists():
            shutil.move(path, past / path.name)
    if place.embedded():
        place.cluster().destroy()
    else:
        with psycopg.connect(make_conninfo("", **(place.database("admin") | {"dbname": "postgres"})), autocommit=True) as db:
            name = sql.Identifier(place.database("owner")["dbname"])
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    values = msgspec.structs.asdict(follows) | {"term": follows.term + 1}
    lines = [f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in values.items()]
    place.standby_file().write_text("# Written by `lamplit standby again`: what this installation follows.\n" + "".join(lines))
    place.cluster.cache_clear()
