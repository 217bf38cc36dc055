"""A landlord for a test: a database of its own, a log key that everybody knows, a store in a temporary folder."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lamplit.basics.clock import now
from lamplit.basics.fact import KeyClass
from lamplit.basics.who import job
from lamplit.config import place, setup
from lamplit.config.wiring import wiring
from lamplit.record import compare, erase, keyfiles, publish, seal
from lamplit.record.cluster import Cluster
from lamplit.record.encode import Codec
from lamplit.record.keys import HeldKeys
from lamplit.record.note import SigningKey
from lamplit.record.replay import Folder
from lamplit.record.store import Store, open_store
from lamplit.record.tables import Table
from lamplit.record.verify import verify_store

LOG_KEY = SigningKey.from_seed(place.origin(), bytes(range(32)))
CUSTODIAN = pyrage.x25519.Identity.generate()
RECIPIENTS = {name: [str(CUSTODIAN.to_public())] for name in keyfiles.CLASSES}


def make_template(cluster: Cluster, name: str) -> None:
    """Make the database that every test's landlord is a copy of."""
    admin, owner = cluster.parameters("admin", "postgres"), cluster.parameters("owner", name)
    setup.make_roles(admin, {role: cluster.secret(role) for role in setup.LOGIN_ROLES})
    setup.make_database(admin, owner)
    with psycopg.connect(make_conninfo("", **owner)) as db:
        seal.start_log(db, LOG_KEY, now())


@contextmanager
def connected(cluster: Cluster, name: str) -> Iterator[None]:
    """Point Django at a database, as the app's role."""
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


class Open(compare.Side):
    """One side of a comparison, over a connection that is open already and stays so: making one takes longer than comparing."""

    def __init__(self, conninfo: str) -> None:
        super().__init__(conninfo, "folded")
        object.__setattr__(self, "db", super().connect())

    def connect(self) -> Any:
        return nullcontext(self.db)


class SecondCopy:
    """A second copy of the tables, in a database that all landlords of a worker use in turn: the record is folded into it."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.side = Open(make_conninfo("", **cluster.parameters("owner", name)))
        self._db = self.side.db
        self._filled: list[str] = []

    def fill(self, folding: Folder) -> set[Table]:
        """Hold these rows and no others. Returns the tables that have any."""
        if self._filled:
            self._db.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self._filled))
        filled = {table for table, rows in folding.rows.items() if rows or folding.lines[table]}
        self._filled = [table.name for table in filled]
        for table in filled:
            with self._db.cursor().copy(table.copy) as copying:
                table.send(copying, folding.send(table))
        return filled

    def close(self) -> None:
        self._db.close()


class Landlord:
    """What a test may do with its landlord beside calling actions and queries."""

    def __init__(self, cluster: Cluster, name: str, store: Path, second_copy: SecondCopy) -> None:
        self.cluster, self.name, self.key, self._second = cluster, name, LOG_KEY, second_copy
        self.store: Store = open_store(store, durable=False)
        self.holds = True  # a test that tampers for good says False

    def conninfo(self, role: str) -> str:
        path = place.SEARCH_PATHS.get(role, "folded")
        return make_conninfo("", **self.cluster.parameters(role, self.name), options=f"-c search_path={path}")

    def connect(self, role: str) -> psycopg.Connection[Any]:
        """Connect with plain SQL as `owner`, `sealer`, `app`, `reader` or the superuser `admin`."""
        return psycopg.connect(self.conninfo(role), autocommit=True)

    def seal(self) -> int:
        """Seal everything in the intake. Returns the size of the log."""
        with self.connect("sealer") as db:
            return self._seal(db)

    def _seal(self, db: psycopg.Connection[Any]) -> int:
        while seal.seal_once(db, self.key):
            pass
        row = db.execute("SELECT size FROM record.checkpoint").fetchone()
        assert row is not None
        return int(row[0])

    def publish(self, generations: Iterable[str] = ()) -> int:
        """Seal and publish to the store. Returns how many entries it gained."""
        with self.connect("sealer") as db:
            self._seal(db)
            publisher = publish.Publisher(db, self.store, "near", RECIPIENTS)
            publisher.generations = list(generations)
            return publisher.publish_once()

    def let_orders_fall_due(self) -> None:
        """Seal, and let every order to erase be old enough: only the superuser can do that, and only past the record."""
        self.seal()
        with self.connect("admin") as db:
            db.execute("UPDATE record.erasure SET ordered_at = now() - interval '40 days', due_at = now() - interval '1 day'")

    def erase(self, subject: str, key_class: KeyClass) -> int:
        """Order an erasure, let it fall due and carry it out. Returns how many rows were swept."""
        by, token = job("erasing"), secrets.token_hex(4)
        order = erase.order_erasure(
            subject=subject, key_class=key_class, because="asked", by=by, at=now(), command=f"test:{token}"
        )
        self.let_orders_fall_due()
        return erase.carry_out_erasure(erasure=order, by=by, at=now(), command=f"test:{token}:done")

    def entries(self) -> list[bytes]:
        """Return the sealed entries' bytes in order."""
        with self.connect("reader") as db:
            return self._entries(db)

    @staticmethod
    def _entries(db: psycopg.Connection[Any]) -> list[bytes]:
        return [bytes(row[0]) for row in db.execute("SELECT bytes FROM record.entry ORDER BY idx")]

    def keys(self) -> HeldKeys:
        """Return every key that the custodian opens in the store, destroyed ones known as such."""
        with self.connect("admin") as db:
            return self._keys(db)

    def _keys(self, db: psycopg.Connection[Any]) -> HeldKeys:
        dead = {row[0] for row in db.execute("SELECT id FROM record.key WHERE key IS NULL")}
        return HeldKeys(keyfiles.read_all(self.store, [CUSTODIAN]), dead)

    def fold_again(self) -> compare.Compared:
        """Fold the published record into the second copy and compare it with the live tables."""
        live = Open(self.conninfo("admin"))
        with live.db as db:
            folding = Folder(wiring(), Codec(place.origin()), self._keys(db))
            for at, raw in enumerate(self._entries(db)):
                folding.fold(at, raw)
            filled, used = self._second.fill(folding), _tables_with_pages(db)
            either = [table for table in folding.rows if table in filled or table.name in used]
            return compare.compare(live, self._second.side, either)

    def check(self) -> None:
        """The end of every test that commits: the store verifies, and the rebuilt tables equal the live ones."""
        connections.close_all()
        if not self.holds:
            return
        self.publish()
        report = verify_store(self.store, self.key.vkey)
        assert not report.faults, report.faults
        found = self.fold_again()
        assert found.equal, [difference.words() for difference in found.differences[:5]]


def _tables_with_pages(db: psycopg.Connection[Any]) -> set[str]:
    """Return the names of the live tables whose file is not empty: no row stands outside a page, and most tests fill a few."""
    found = db.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'folded'::regnamespace AND relkind = 'r'"
        " AND (pg_stat_file(pg_relation_filepath(oid))).size > 0"
    )
    return {row[0] for row in found}
