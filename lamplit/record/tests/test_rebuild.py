"""A rebuild makes the same tables however it is split, says plainly why it cannot, and never touches what is there."""

import os
import subprocess
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lamplit.basics import who
from lamplit.basics.ids import SeededIds
from lamplit.config import place, setup
from lamplit.config.wiring import wiring
from lamplit.people.facts import PersonCorrected, PersonRecorded, Reach, ReachRecorded
from lamplit.record.compare import Side, compare
from lamplit.record.encode import Codec
from lamplit.record.note import SigningKey, Verifier
from lamplit.record.page import Item, Page, action, open_bulk
from lamplit.record.rebuild import RebuildFailed, Source, rebuild
from lamplit.record.store import open_store
from lamplit.tenancies.facts import TenancyStarted
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")


def write_some(count: int) -> None:
    """Write people with contact points, corrections, and tenancies of two: rows of one key and of many."""
    ids = SeededIds(7)
    with open_bulk(by=BY, at=AT, command="test:bulk", ids=ids) as page:
        facts: list[Any] = []
        people = [page.new_id("p") for _ in range(count)]
        for n, person in enumerate(people):
            facts.append(PersonRecorded(person=person, name=f"Ada {n}", known_as=None if n % 3 else "Addy"))
            reach = Reach(channel="text", value=f"+4477009{n:05}", state="works", safe=True)
            facts.append(ReachRecorded(reach=page.new_id("c"), person=person, how=reach))
        facts += [PersonCorrected(person=person, name=f"Bea {n}") for n, person in enumerate(people) if n % 5 == 0]
        for pair in zip(people[::2], people[1::2], strict=False):
            facts.append(
                TenancyStarted(
                    tenancy=page.new_id("t"), home=page.new_id("h"), tenants=list(pair), tenure="assured", started_on=AT.date()
                )
            )
        page.write_many(Item(fact, BY, AT) for fact in facts)


def source(landlord: Landlord, keys: dict[str, bytes] | None = None, without: frozenset[int] = frozenset()) -> Source:
    held = landlord.keys().keys if keys is None else keys
    return Source(landlord.store, Verifier.parse(landlord.key.vkey), Codec(place.origin()), held, wiring(), without)


def build(landlord: Landlord, schema: str, processes: int, scratch: Path | None = None, **options: Any) -> Any:
    owner = landlord.cluster.parameters("owner", landlord.name)
    return rebuild(
        source(landlord, **options),
        landlord.conninfo("owner"),
        schema,
        lambda name: setup.migrate(owner, name, setup.folded_apps()),
        processes=processes,
        scratch=scratch,
    )


def dump(landlord: Landlord, schema: str) -> dict[str, list[tuple[Any, ...]]]:
    with landlord.connect("owner") as db:
        return {name: db.execute(f"SELECT * FROM {schema}.{name} ORDER BY id").fetchall() for name in wiring().by_name}


def test_any_number_of_processes_gives_the_same_tables(landlord: Landlord) -> None:
    write_some(700)
    landlord.publish()
    for processes in (1, 2, 3):
        build(landlord, f"again_{processes}", processes)
    assert dump(landlord, "again_1") == dump(landlord, "again_2") == dump(landlord, "again_3") == dump(landlord, "folded")


@pytest.mark.parametrize("count", [3, 205])  # a bundle cut short; a full one and another
def test_it_reads_over_the_web_as_well_as_from_a_folder(landlord: Landlord, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens web addresses and buckets runs threads, and those do not live on in the processes that a rebuild forks."""
    write_some(count)
    landlord.publish()
    keys = landlord.keys().keys
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=landlord.store.address)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with monkeypatch.context() as patch:
            patch.setattr(landlord, "store", open_store(f"http://127.0.0.1:{server.server_port}/"))
            assert landlord.store.get("checkpoint")  # its threads run now
            build(landlord, "rebuilt", 2, keys=keys)
        server.shutdown()
    assert dump(landlord, "rebuilt") == dump(landlord, "folded")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def test_it_makes_every_index_and_constraint_again(landlord: Landlord) -> None:
    write_some(3)
    landlord.publish()
    build(landlord, "rebuilt", 1)
    query = (
        "SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes"
        " WHERE schemaname = %s AND tablename <> 'django_migrations'"
    )
    with landlord.connect("owner") as db:
        live = db.execute(query, ["folded"]).fetchall()
        again = db.execute(query, ["rebuilt"]).fetchall()
    assert sorted(live) == sorted(again)
    assert live


def test_without_keys_personal_columns_are_withheld_and_not_compared(landlord: Landlord) -> None:
    write_some(4)
    landlord.publish()
    build(landlord, "sealed", 1, keys={})
    assert set(_column(landlord, "sealed.person", "name")) == {("\x01withheld",)}
    owner = landlord.conninfo("owner")
    found = compare(Side(owner, "folded"), Side(owner, "sealed"), wiring().tables.values())
    assert found.equal
    assert "person.name" in found.withheld


def test_what_a_killed_rebuild_left_on_the_disk_goes_with_the_next_one(landlord: Landlord, tmp_path: Path) -> None:
    write_some(2)
    landlord.publish()
    dead = subprocess.Popen(["true"])
    dead.wait()
    scratch = tmp_path / "scratch"
    for pid in (dead.pid, os.getpid()):
        (scratch / f"lamplit-rebuild-{pid}-x").mkdir(parents=True)
        (scratch / f"lamplit-rebuild-{pid}-x" / "0.0").write_bytes(b"entries")
    build(landlord, "rebuilt", 1, scratch=scratch)
    assert [path.name for path in scratch.iterdir()] == [f"lamplit-rebuild-{os.getpid()}-x"]


def test_two_rows_that_changed_places_are_both_named(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a bucket lost in one row it gained in the other: sums of column hashes would not show it."""
    landlord.holds = False
    write_some(40)
    landlord.publish()
    build(landlord, "rebuilt", 1)
    monkeypatch.setattr("lamplit.record.compare.BUCKETS", 1)
    with landlord.connect("owner") as db:
        one, other = (row[0] for row in db.execute("SELECT id FROM folded.person ORDER BY id LIMIT 2").fetchall())
        both = [[one, other]] * 2
        pairs = "a.id = ANY(%s) AND b.id = ANY(%s) AND a.id <> b.id"
        swapped = db.execute(f"UPDATE folded.person a SET name = b.name FROM folded.person b WHERE {pairs}", both)
        assert swapped.rowcount == 2
    owner = landlord.conninfo("owner")
    found = compare(Side(owner, "folded"), Side(owner, "rebuilt"), wiring().tables.values())
    assert [(d.row, d.what) for d in found.differences] == [(one, "changed"), (other, "changed")]


def test_the_planner_keeps_no_sample_of_anything_personal(landlord: Landlord) -> None:
    """It would outlive an erasure. So also in tables that were rebuilt, whose statistics are taken at once."""
    write_some(60)
    landlord.publish()
    build(landlord, "rebuilt", 1)
    personal = {(table.name, column.name) for table in wiring().tables.values() for column in table.personal}
    personal |= {("person", "words"), ("reach", "value_key")}
    with landlord.connect("admin") as db:
        db.execute("ANALYZE folded.person, folded.reach")
        sampled = set(db.execute("SELECT tablename, attname FROM pg_stats WHERE schemaname IN ('folded', 'rebuilt')").fetchall())
    assert ("person", "id") in sampled
    assert not sampled & personal


def _column(landlord: Landlord, table: str, column: str) -> list[tuple[Any, ...]]:
    with landlord.connect("owner") as db:
        return db.execute(f"SELECT {column} FROM {table}").fetchall()


def test_it_refuses_entries_that_the_log_did_not_sign(landlord: Landlord) -> None:
    write_some(300)
    landlord.publish()
    bundle = "tile/entries/000"
    data = bytearray(landlord.store.get(bundle))
    data[100] ^= 1
    landlord.store.replace(bundle, bytes(data))
    with pytest.raises(RebuildFailed, match=r"cannot be read|not those that the log signed"):
        build(landlord, "broken", 1)
    data[100] ^= 1
    landlord.store.replace(bundle, bytes(data))


def test_it_refuses_a_checkpoint_of_another_key(landlord: Landlord) -> None:
    write_some(2)
    landlord.publish()
    stranger = SigningKey.from_seed(place.origin(), bytes(range(1, 33)))
    wrong = Source(landlord.store, stranger.verifier, Codec(place.origin()), {}, wiring())
    with pytest.raises(ValueError, match="none of the keys"):
        rebuild(wrong, landlord.conninfo("owner"), "wrong", lambda _: None)


@action
def write_raw(page: Page, *, raw: str, by: who.By, at: datetime, command: str) -> None:
    page.run("INSERT INTO record.intake (bytes) VALUES (%s)", [raw.encode()])


def test_an_unknown_kind_stops_it_in_plain_words(landlord: Landlord) -> None:
    landlord.holds = False
    write_some(2)
    write_raw(
        raw='{"kind":"moon.landed","version":3,"id":"e_1","at":"2026-11-23T09:00:00Z","recorded_at":"2026-11-23T09:00:00Z",'
        '"by":"job:test","subjects":[],"command":"test:x","body":{}}',
        by=BY,
        at=AT,
        command="test:raw",
    )
    landlord.publish()
    with pytest.raises(RebuildFailed, match=r"Entry \d+ cannot be read: moon\.landed/3 is unknown to this release"):
        build(landlord, "moon", 1)


CORRECTS_NOBODY = (
    '{"kind":"person.corrected","version":1,"id":"e_1","at":"2026-11-23T09:00:00Z","recorded_at":"2026-11-23T09:00:00Z",'
    '"by":"job:x","subjects":["p_nobody"],"command":"x:1","body":{"person":"p_nobody"}}'
)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("rubbish", "cannot be read: no entry's header"),
        (CORRECTS_NOBODY, "cannot be folded: person.corrected e_1 changes person p_nobody, which is not there"),
    ],
)
def test_what_an_intruder_put_into_the_log_can_be_left_out_by_its_number(landlord: Landlord, bad: str, said: str) -> None:
    landlord.holds = False
    write_some(2)
    with landlord.connect("app") as db:
        db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [bad.encode()])
    number = landlord.publish() - 1
    write_some_more()
    landlord.publish()
    with pytest.raises(RebuildFailed, match=f"Entry {number} {said}"):
        build(landlord, "stopped", 2)
    build(landlord, "rebuilt", 2, without=frozenset([number]))
    assert dump(landlord, "rebuilt") == dump(landlord, "folded")


@action
def note_person(page: Page, *, by: who.By, at: datetime, command: str) -> None:
    page.write(PersonRecorded(person=page.new_id("p"), name="Cyn"))


def write_some_more() -> None:
    note_person(by=BY, at=AT, command="test:more")
