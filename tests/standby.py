"""A standby beside the test's landlord: a database of its own with nothing in it, a key of its own, a mirror of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from conftest import _copy_of as copy_of
from lamplit.config import place, setup
from lamplit.config.wiring import wiring
from lamplit.continuity import state
from lamplit.continuity.folding import Folding
from lamplit.continuity.follow import Follower
from lamplit.continuity.watching import Watch
from lamplit.record import publish, seal
from lamplit.record.note import COSIGNATURE, SigningKey
from lamplit.record.store import FolderStore, Store

COSIGNER = SigningKey.from_seed("standby.example/cosigner", bytes(range(64, 96)), COSIGNATURE)
BEGUN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class Standby:
    """What a test may do with a standby. Its clock stands until it is moved."""

    def __init__(self, cluster: Any, name: str, mirror: Path, log: Any) -> None:
        self.cluster, self.name, self.log = cluster, name, log
        self.mirror: Store = FolderStore(mirror, durable=False)
        self.now = BEGUN
        with self.connect("owner") as db:
            setup.apply_record_schema(db, "lamplit.continuity.schema")
            state.start(db, log, mirrored=True)
        self.sealer = self.connect("sealer")
        self.owner = self.connect("owner")

    def conninfo(self, role: str) -> str:
        path = place.SEARCH_PATHS.get(role, "folded")
        return make_conninfo("", **self.cluster.parameters(role, self.name), options=f"-c search_path={path}")

    def connect(self, role: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.conninfo(role), autocommit=True)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def follower(self, source: Store, mirror: Store | None = None) -> Follower:
        return Follower(self.sealer, source, mirror or self.mirror, self.log, COSIGNER, self.clock)

    def watch(self, source: Store) -> Watch:
        return Watch(self.sealer, source, self.mirror, self.log, self.clock)

    def follow(self, source: Store) -> int:
        """Follow until there is no more. Returns the size held."""
        follower = self.follower(source)
        while follower.step():
            pass
        return self.held().size

    def held(self) -> state.Held:
        held = state.held(self.sealer, self.log.name)
        assert held is not None
        return held

    def folding(self) -> Folding:
        return Folding(self.mirror, self.log, wiring())

    def fold(self) -> int:
        folding = self.folding()
        while folding.step(self.owner):
            pass
        return state.folded_size(self.owner)

    def begin_own_record(self, key: SigningKey, store: Path) -> None:
        """Give the database a log of its own in place of the template's, and a store to publish it to."""
        self.key, self.store = key, FolderStore(store, durable=False)
        with self.connect("admin") as db:
            db.execute("ALTER TABLE record.checkpoint DISABLE TRIGGER USER")
            db.execute("DELETE FROM record.checkpoint")
            db.execute("ALTER TABLE record.checkpoint ENABLE TRIGGER USER")
        with psycopg.connect(self.conninfo("owner")) as db:
            seal.start_log(db, key, self.now)

    def publish(self, recipients: dict[str, list[str]]) -> int:
        """Seal and publish our own record. Returns how many entries the store gained."""
        with self.connect("sealer") as db:
            while seal.seal_once(db, self.key):
                pass
            return publish.Publisher(db, self.store, "near", recipients).publish_once()

    def alarms(self) -> list[str]:
        return [what for _, what, _ in state.alarms(self.sealer)]


@contextmanager
def standbys(cluster: Any, template: str, folder: Path) -> Iterator[Any]:
    """Make standbys of logs, each with a database that goes at the end."""
    with ExitStack() as open_:

        def make(log: Any, mirror: str = "mirror") -> Standby:
            name = open_.enter_context(copy_of(template, cluster, "lamplit_owner"))
            made = Standby(cluster, name, folder / mirror, log)
            open_.callback(made.owner.close)
            open_.callback(made.sealer.close)
            return made

        yield make
