"""`lamplit rebuild`, `compare` and `audit`: tables made from the record, held against each other, put right."""

import argparse
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import start
from lamplit.cli.making import remember_release, user
from lamplit.cli.say import Failed, WrongUse, progress, say, say_json, warn
from lamplit.config import place
from lamplit.record.encode import Codec
from lamplit.record.keyfiles import read_all, read_identities
from lamplit.record.note import KeyRejected, Verifier
from lamplit.record.store import NotInStore, Store, open_store

GROUPS = ("lamplit_app", "lamplit_reader", "lamplit_sealer")


class Target(NamedTuple):
    """A database and a schema in it."""

    conninfo: str
    schema: str

    @classmethod
    def read(cls, url: str | None) -> "Target":
        """Read a URL whose `schema` libpq does not know. Without one, our own database as its owner."""
        if url is None:
            return cls(place.conninfo("owner"), "folded")
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        schema = options.pop("schema", "folded")
        conninfo = urlunsplit(parts._replace(query=urlencode(options)))
        try:
            conninfo_to_dict(conninfo)
        except psycopg.ProgrammingError as error:  # its words may quote the password
            raise WrongUse("That is no database's URL. Write it as postgresql://USER:PASSWORD@HOST/NAME.") from error
        return cls(conninfo, schema)


def rebuild(asked: argparse.Namespace) -> int:
    """Make every table again from a published log."""
    ready(own_database=asked.into is None)
    from lamplit.record import swap

    target, source = Target.read(asked.into), _source(asked.store, asked.key, asked.identity, asked.without)
    with psycopg.connect(target.conninfo) as db:
        live = swap.live_size(db, source.log_key.vkey)
        if holds_rows(db, target.schema) and not asked.swap:
            raise Failed(f"The schema {target.schema} holds rows. Add --swap to build beside it and take its place.")
        if live is not None:
            source.keys.update({k: v for k, v in _keys_here(db).items() if k not in source.keys})
    if not source.keys:
        warn("No key is here: personal columns come out withheld. Give the custodian's identities with --identity.")
    beside = live is not None or asked.swap
    built = f"{target.schema}_next" if beside else target.schema
    done = _build(source, target, built, fresh=beside, processes=asked.processes)
    followed = _take_over(source, target, built, done.size, follow=live is not None) if beside else 0
    if asked.into is None and live is not None:
        remember_release()
    if asked.json:
        say_json({"size": done.size, "root": done.root.hex(), "rows": done.rows, "seconds": done.seconds, "followed": followed})
        return 0
    say(f"Rebuilt {sum(done.rows.values()):,} rows of {len(done.rows)} tables from {done.size:,} entries in", end=" ")
    say(f"{sum(done.seconds.values()):.1f} s: {done.rate:,.0f} entries a second.")
    if followed:
        say(f"{followed:,} entries that were not published yet followed from the live record.")
    return 0


def ready(*, own_database: bool) -> None:
    """Set Django up; start our own database only when the command is about it."""
    start.open_installation() if own_database else start.set_up_django()


def _source(store: str | None, key: str | None, identity: str | None, without: list[int], *, own_keys: bool = True) -> Any:
    from lamplit.config.wiring import wiring
    from lamplit.record.rebuild import Source

    try:
        log_key = Verifier.parse(key) if key else start.log_key().verifier
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error
    opened = open_store(store or start.near_store())
    check_published(opened)
    held = read_all(opened, _identities(identity)) if own_keys else {}
    for entry in without:
        warn(f"Entry {entry:,} is left out, as you asked. It stays in the log: write down why.")
    return Source(opened, log_key, Codec(log_key.name), held, wiring(), frozenset(without))


def source_here(without: Sequence[int] = ()) -> Any:
    """Return the near store as what to rebuild from, with the keys that this database holds."""
    source = _source(None, None, None, list(without), own_keys=False)
    with psycopg.connect(place.conninfo("owner")) as db:
        source.keys.update(_keys_here(db))
    return source


def check_published(store: Store) -> None:
    """Failed when the store shows nothing."""
    try:
        store.get("checkpoint")
    except NotInStore:
        raise Failed("The store has no checkpoint: nothing is published there yet.") from None


def _identities(path: str | None) -> list[Any]:
    file = Path(path) if path else place.home() / "keys" / "custodian"
    if path is None and not file.exists():
        return []
    try:
        return read_identities(file)
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from error


def _keys_here(db: psycopg.Connection[Any]) -> dict[str, bytes]:
    from lamplit.record.audit import live_keys

    return live_keys(db).keys


def holds_rows(db: psycopg.Connection[Any], schema: str) -> bool:
    """Whether any folded table of a schema has a row."""
    names = db.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'django_migrations'", [schema]
    ).fetchall()
    tables = [sql.Identifier(schema, name) for (name,) in names]
    return any(db.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table)).fetchone() == (True,) for table in tables)


def _build(source: Any, target: Target, schema: str, *, fresh: bool, processes: int) -> Any:
    from lamplit.record.audit import drop
    from lamplit.record.rebuild import rebuild as build

    if fresh:
        drop(target.conninfo, schema)
    with progress() as step:
        return build(source, target.conninfo, schema, table_maker(target.conninfo), processes=processes, progress=step)


def table_maker(conninfo: str) -> Callable[[str], None]:
    """Return what makes the empty tables of a schema, with their rights where this server knows our roles."""
    from lamplit.config import setup

    parameters = {"password": ""} | {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}

    def make(schema: str) -> None:
        with psycopg.connect(conninfo) as db:
            setup.make_word_keys(db)
        setup.migrate(parameters, schema, setup.folded_apps())
        with psycopg.connect(conninfo) as db:
            grant(db, schema)

    return make


def grant(db: psycopg.Connection[Any], schema: str) -> None:
    """Say who may do what, on a server that knows our roles; elsewhere the schema is its maker's alone."""
    from lamplit.config import setup

    known = db.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(GROUPS)]).fetchone()
    if known == (len(GROUPS),):
        setup.grant_folded(db, schema)


def _take_over(source: Any, target: Target, built: str, size: int, *, follow: bool, keep: bool = False) -> int:
    from lamplit.record import swap

    followed = 0
    with psycopg.connect(target.conninfo) as db:
        if follow:
            follower = swap.Follower(db, built, size, source.wiring, source.codec)
            followed = follower.catch_up() + follower.finish()
        swap.take_over(db, built, target.schema, grant, keep=keep)
    return followed


class Beside:
    """Our own tables, made again beside the live ones by this release: what an upgrade does in two steps."""

    def __init__(self, processes: int) -> None:
        self._target, self._processes, self._size = Target.read(None), processes, 0
        self._source = _source(None, None, None, [])
        with psycopg.connect(self._target.conninfo) as db:
            self._source.keys.update(_keys_here(db))

    def build(self) -> Any:
        """Fold the published record into a schema of its own, while pages go on."""
        done = _build(self._source, self._target, "folded_next", fresh=True, processes=self._processes)
        self._size = done.size
        return done

    def drop(self) -> None:
        """Remove what was made beside the live tables."""
        from lamplit.record.audit import drop

        drop(self._target.conninfo, "folded_next")

    def take_over(self) -> int:
        """Fold what came since and swap; what was there stays as `folded_before`. Returns how many entries followed."""
        return _take_over(self._source, self._target, "folded_next", self._size, follow=True, keep=True)


def compare(asked: argparse.Namespace) -> int:
    """Compare two copies of the tables."""
    ready(own_database=asked.live is None)
    from lamplit.config.wiring import wiring
    from lamplit.record.compare import Side
    from lamplit.record.compare import compare as hold

    live, rebuilt = Target.read(asked.live), Target.read(asked.rebuilt)
    found = hold(Side(*live), Side(*rebuilt), wiring().tables.values())
    if asked.json:
        say_json(
            {
                "equal": found.equal, "rows": found.rows, "differences": found.differences, "beyond": found.beyond,
                "withheld": found.withheld,
            }
        )  # fmt: skip
        return 0 if found.equal else 1
    _say_differences([difference.words() for difference in found.differences], found.beyond)
    if found.withheld:
        warn(f"Not compared for want of keys: {', '.join(found.withheld)}.")
    say(f"{found.rows:,} rows compared: {'equal' if found.equal else 'they differ'}.")
    return 0 if found.equal else 1


def _say_differences(words: list[str], beyond: dict[str, int]) -> None:
    for line in words:
        say(line)
    for table, count in beyond.items():
        say(f"{table}: {count:,} more rows differ.")


def audit(asked: argparse.Namespace) -> int:
    """Rebuild beside the live tables, name what somebody changed, and put it back if asked."""
    ready(own_database=True)
    from lamplit.record import audit as auditing

    source, owner = _source(asked.store, None, None, asked.without, own_keys=False), place.conninfo("owner")
    with psycopg.connect(owner) as db:
        source.keys.update(_keys_here(db))
    with progress() as step:
        found = auditing.audit(
            source, owner, "folded", table_maker(owner), processes=asked.processes, progress=step,
            before_repair=_tell_of_repair if asked.repair else None,
        )  # fmt: skip
    restored = found.restored
    if asked.json:
        say_json(
            {
                "holds": found.holds, "size": found.rebuilt.size, "rows": found.compared.rows, "differences": found.rows,
                "beyond": found.compared.beyond, "withheld": found.compared.withheld, "catalogue": found.catalogue,
                "restored": restored,
            }
        )  # fmt: skip
    else:
        _say_differences([*(difference.words() for difference in found.rows), *found.catalogue], found.compared.beyond)
        if found.compared.withheld:
            say(f"Keys are gone without an erasure, so nobody can check {', '.join(found.compared.withheld)}.")
        if restored:
            say(f"{restored:,} rows were put back as the record has them. The record tells of it.")
        say(f"{found.compared.rows:,} rows audited against {found.rebuilt.size:,} entries: {_verdict(found)}")
    whole = not (found.catalogue or found.compared.beyond or found.compared.withheld)
    return 0 if found.holds or (restored and whole) else 1


def _verdict(found: Any) -> str:
    if found.holds:
        return "all as the record says."
    return (
        f"{len(found.rows):,} rows are not what the record says, {len(found.catalogue):,} things in the catalogue do not belong."
    )


def _tell_of_repair(rows: list[Any]) -> None:
    """Write into the record which rows are put back."""
    from lamplit.record.openings import record_restored

    run = secrets.token_hex(8)
    for at in range(0, len(rows), 500):
        told = [(d.table, d.row, tuple(d.columns)) for d in rows[at : at + 500]]
        record_restored(rows=told, by=cli(user()), at=now(), command=f"cli:restore:{run}:{at}")
