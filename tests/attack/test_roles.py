"""What code only promises, PostgreSQL holds: each role is tried with plain SQL at what it may not do."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from lamplit.basics import who
from lamplit.homes.facts import HomeRecorded
from lamplit.record import erase
from lamplit.record.page import Page, action
from tests import cast
from tests.landlord import Landlord

pytestmark = pytest.mark.attack
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DENIED = psycopg.errors.InsufficientPrivilege


@action
def record(page: Page, *, by: who.By, at: datetime, command: str) -> None:
    page.write(HomeRecorded(home=page.new_id("h"), uprn="100"))


@pytest.fixture(scope="module")
def written(shared_landlord: Landlord) -> Landlord:
    record(by=who.job("test"), at=AT, command="test:1")
    shared_landlord.publish()
    record(by=who.job("test"), at=AT, command="test:2")
    return shared_landlord


APP_MAY_NOT = [
    "UPDATE record.entry SET bytes = bytes",
    "DELETE FROM record.entry",
    "TRUNCATE record.entry",
    "INSERT INTO record.entry (idx, intake_id, bytes, leaf) VALUES (9, 9, 'xx', sha256('x'))",
    "SELECT bytes FROM record.entry",
    "SELECT bytes FROM record.intake",
    "UPDATE record.intake SET bytes = 'xx'",
    "DELETE FROM record.intake",
    "TRUNCATE record.intake",
    "INSERT INTO record.intake (id, bytes) OVERRIDING SYSTEM VALUE VALUES (1, 'xx')",
    "SELECT setval('record.intake_id_seq', 1)",
    "UPDATE record.checkpoint SET size = size",
    "DELETE FROM record.checkpoint",
    "UPDATE record.command SET id = 'x'",
    "UPDATE record.command SET digest = digest",
    "DELETE FROM record.command",
    "DELETE FROM record.key",
    "UPDATE record.key SET key = key",
    "UPDATE record.key SET batch = NULL",
    "UPDATE record.blob SET bytes = bytes",
    "DELETE FROM record.blob",
    "DELETE FROM record.erasure",
    "UPDATE record.erasure SET due_at = now()",
    "UPDATE record.erasure SET called_off_at = NULL",
    "INSERT INTO record.erasure (id, subject, class, due_at) VALUES ('x_1', 'p_1', 'care', now() + interval '8 days')",
    "SELECT record.follow_erasure('{}', now() - interval '1 year')",
    "SELECT id FROM record.withheld",
    "INSERT INTO record.withheld (id, subject, class, batch) VALUES ('k', 'p_1', 'care', 1)",
    "INSERT INTO record.key (id, subject, class, key, former) VALUES ('k', 'p_1', 'care', sha256('k'), true)",
    "INSERT INTO record.published VALUES ('near', 9, now())",
    "UPDATE record.published SET size = 9",
    "INSERT INTO record.cosigned VALUES ('w', 9, 'x', now())",
    "UPDATE record.cosigned SET size = 9",
    "DELETE FROM folded.home",
    "UPDATE folded.ledger_line SET pence = 1",
    "DELETE FROM folded.ledger_line",
    "TRUNCATE folded.home",
    "ALTER TABLE folded.home ADD COLUMN spy text",
    "CREATE TABLE folded.spy (id int)",
    "CREATE TABLE record.spy (id int)",
    "CREATE TABLE public.spy (id int)",
    "ALTER TABLE record.entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entry_is_forever ON record.entry",
    "CREATE ROLE spy SUPERUSER",
    "SET ROLE lamplit_sealer",
    "SET ROLE lamplit_owner",
    "COPY record.entry TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("query", APP_MAY_NOT)
def test_the_app_may_not(written: Landlord, query: str) -> None:
    with written.connect("app") as db, pytest.raises(DENIED):
        db.execute(query)


def test_the_app_never_sees_a_money_key(written: Landlord) -> None:
    with written.connect("admin") as db:
        db.execute(
            "INSERT INTO record.key (id, subject, class, key) VALUES ('m', 'p_1', 'money', sha256('m')) ON CONFLICT DO NOTHING"
        )
    with written.connect("app") as db:
        rows = db.execute("SELECT count(*) FROM record.key WHERE class = 'money'").fetchone()
    assert rows == (0,)


def order_for(subject: str, due_at: str, order: str = "x_1234567") -> bytes:
    """An order to erase as somebody with the app's password may write it: any time in it is his own."""
    return (
        '{"kind":"erasure.ordered","version":1,"id":"e_1","at":"2020-01-01T09:00:00Z","recorded_at":"2020-01-01T09:00:00Z",'
        f'"by":"job:x","subjects":["{subject}"],"command":"x:1","body":{{"erasure":"{order}","subject":"{subject}",'
        f'"key_class":"contact","due_at":"{due_at}","because":"asked"}}}}'
    ).encode()


def plant(landlord: Landlord, *raw: bytes) -> None:
    """Write into the intake past the pages, with the app's password, and let the sealer take it."""
    with landlord.connect("app") as db:
        for one in raw:
            db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [one])
    landlord.seal()


def test_whoever_has_the_apps_password_destroys_no_key_before_the_log_told_of_it_for_seven_days(landlord: Landlord) -> None:
    """Keys destroyed at once would be this record held to ransom. An order is seen by all, and waits, whatever it says."""
    landlord.holds = False  # what is planted stays in the log
    cast.settle()
    landlord.seal()
    with landlord.connect("app") as db:
        unsealed = order_for(cast.RUTH, "2020-01-08T09:00:00Z")
        db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [unsealed])
        with pytest.raises(psycopg.errors.RestrictViolation, match="no erasure is due"):
            db.execute("SELECT record.destroy_key('x_1234567')")
    landlord.seal()
    with landlord.connect("app") as db:
        with pytest.raises(psycopg.errors.RestrictViolation, match="no erasure is due"):
            db.execute("SELECT record.destroy_key('x_1234567')")
        waits = db.execute("SELECT due_at - ordered_at, now() - ordered_at < interval '1 hour' FROM record.erasure").fetchall()
    assert waits == [(timedelta(days=7), True)]
    plant(landlord, order_for(cast.RUTH, "2020-01-08T09:00:00Z"))  # once more: it stays as old as it is
    landlord.let_orders_fall_due()
    with landlord.connect("app") as db:
        assert len(db.execute("SELECT record.destroy_key('x_1234567')").fetchall()) == 1


RUBBISH = [
    b'{"kind":"erasure.',
    b'{"kind":"erasure.ordered","version":1,"body":{}}',
    b'{"kind":"erasure.ordered","version":1,"body":[]}',
    b'{"kind":"erasure.ordered","version":1,"body":{"erasure":"x_9","subject":"p","key_class":"diary","due_at":"2020-01-01"}}',
    b'{"kind":"erasure.ordered","version":1,"body":{"erasure":"x_9","subject":"p","key_class":"care","due_at":"whenever"}}',
    b'{"kind":"erasure.ordered","version":1,"body":{"erasure":"x_9\\u0000"}}',
    b'{"kind":"erasure.ordered","version":1,"body":' + b"[" * 40_000 + b"]}",
    b'{"kind":"erasure.\xff\xfe"}',
    b'{"kind":"erasure.done","version":1,"body":{"erasure":"x_8"}}',
    order_for("p_1", "2020-01-08T09:00:00Z").replace(b'"version":1', b'"version":7'),
]


def test_what_only_looks_like_an_order_orders_nothing_and_holds_up_nobody(landlord: Landlord) -> None:
    landlord.holds = False
    plant(landlord, *RUBBISH)
    assert len(landlord.entries()) == len(RUBBISH)
    with landlord.connect("reader") as db:
        assert db.execute("SELECT id FROM record.erasure").fetchall() == []


def test_a_planted_word_that_it_is_done_destroys_nothing_and_hides_no_order(landlord: Landlord) -> None:
    landlord.holds = False
    done = b'{"kind":"erasure.done","version":1,"body":{"erasure":"x_1234567","subject":"p_1","key_class":"contact"}}'
    plant(landlord, order_for("p_1", "2020-01-08T09:00:00Z"), done)
    assert [order.id for order in erase.standing_erasures()] == ["x_1234567"]


SEALER_MAY_NOT = [
    ("UPDATE record.entry SET leaf = leaf", DENIED),
    ("DELETE FROM record.entry", DENIED),
    ("TRUNCATE record.entry", DENIED),
    ("INSERT INTO record.intake (bytes) VALUES ('xx')", DENIED),
    ("UPDATE record.checkpoint SET size = size - 1", psycopg.errors.RestrictViolation),
    ("UPDATE record.checkpoint SET root = sha256('x')", psycopg.errors.RestrictViolation),
    ("UPDATE record.checkpoint SET origin = 'elsewhere.example/record'", psycopg.errors.RestrictViolation),
    ("DELETE FROM record.checkpoint", DENIED),
    ("UPDATE record.key SET key = NULL", DENIED),
    ("DELETE FROM record.key", DENIED),
    ("SELECT record.destroy_key('x_1')", DENIED),
    ("SELECT record.follow_erasure('{}', now() - interval '1 year')", DENIED),
    ("INSERT INTO record.erasure (id, subject, class, due_at) VALUES ('x_1', 'p_1', 'care', now() + interval '8 days')", DENIED),
    ("UPDATE record.erasure SET due_at = now()", DENIED),
    ("INSERT INTO record.entry (idx, intake_id, bytes, leaf, sealed_at) VALUES (9, 9, 'xx', sha256('x'), '2020-01-01')", DENIED),
    ("DELETE FROM record.withheld", DENIED),
    ("UPDATE folded.home SET uprn = '1'", DENIED),
    ("SELECT * FROM plain.auth_user", DENIED),
    ("CREATE TABLE record.spy (id int)", DENIED),
]


@pytest.mark.parametrize(("query", "error"), SEALER_MAY_NOT)
def test_the_sealer_may_not(written: Landlord, query: str, error: type[psycopg.Error]) -> None:
    with written.connect("sealer") as db, pytest.raises(error):
        db.execute(query)


READER_MAY_NOT = [
    "INSERT INTO record.intake (bytes) VALUES ('xx')",
    "DELETE FROM record.entry",
    "SELECT key FROM record.key",
    "UPDATE folded.home SET uprn = '1'",
    "INSERT INTO folded.home (id) VALUES ('h_1')",
    "DELETE FROM folded.home",
    "SELECT * FROM plain.auth_user",
    "UPDATE record.loop SET trouble = ''",
    "SELECT record.destroy_key('x_1')",
    "SELECT record.follow_erasure('{}', now() - interval '1 year')",
]


@pytest.mark.parametrize("query", READER_MAY_NOT)
def test_the_reader_may_not(written: Landlord, query: str) -> None:
    with written.connect("reader") as db, pytest.raises(DENIED):
        db.execute(query)


@pytest.mark.parametrize("role", ["owner", "admin"])
@pytest.mark.parametrize("query", ["UPDATE record.entry SET bytes = 'xx'", "DELETE FROM record.entry", "TRUNCATE record.entry"])
def test_not_even_the_owner_changes_an_entry_by_accident(written: Landlord, role: str, query: str) -> None:
    with written.connect(role) as db, pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        db.execute(query)


CONSTRAINTS = [
    ("intake_size", "INSERT INTO record.intake (bytes) VALUES ('')"),
    ("intake_size", "INSERT INTO record.intake (bytes) VALUES (convert_to(repeat('x', 48001), 'UTF8'))"),
    ("entry_idx", "INSERT INTO record.entry (idx, intake_id, bytes, leaf) VALUES (-1, 9, 'xx', sha256('x'))"),
    ("entry_leaf", "INSERT INTO record.entry (idx, intake_id, bytes, leaf) VALUES (9, 9, 'xx', 'x')"),
    ("entry_size", "INSERT INTO record.entry (idx, intake_id, bytes, leaf) VALUES (9, 9, '', sha256('x'))"),
    ("checkpoint_pkey", "INSERT INTO record.checkpoint SELECT * FROM record.checkpoint"),
    (
        "checkpoint_is_one",
        "INSERT INTO record.checkpoint SELECT false, origin, vkey, size, root, frontier, note, sealed_at FROM record.checkpoint",
    ),
    ("checkpoint_root", "UPDATE record.checkpoint SET size = size + 1, root = 'x'"),
    (
        "checkpoint_size",
        "INSERT INTO record.checkpoint SELECT true, origin, vkey, -1, root, frontier, note, sealed_at FROM record.checkpoint",
    ),
    ("command_id", "INSERT INTO record.command (id, digest, recorded_at) VALUES ('x', sha256('x'), now())"),
    ("command_digest", "INSERT INTO record.command (id, digest, recorded_at) VALUES ('x:1', 'x', now())"),
    ("key_class", "INSERT INTO record.key (id, subject, class, key) VALUES ('k', 'p_1', 'diary', sha256('x'))"),
    ("key_size", "INSERT INTO record.key (id, subject, class, key) VALUES ('k', 'p_1', 'care', 'short')"),
    ("key_is_there_or_destroyed", "INSERT INTO record.key (id, subject, class) VALUES ('k', 'p_1', 'care')"),
    ("key_live", "INSERT INTO record.key (id, subject, class, key) SELECT 'k', subject, class, key FROM record.key LIMIT 1"),
    (
        "erasure_class",
        "INSERT INTO record.erasure (id, subject, class, due_at) VALUES ('x', 'p_1', 'diary', now() + interval '9 days')",
    ),
    (
        "erasure_waits",
        "INSERT INTO record.erasure (id, subject, class, due_at) VALUES ('x', 'p_1', 'care', now() + interval '6 days')",
    ),
    ("withheld_class", "INSERT INTO record.withheld (id, subject, class, batch) VALUES ('k', 'p_1', 'diary', 1)"),
    ("cosigned_size", "INSERT INTO record.cosigned VALUES ('w', -1, 'x', now())"),
    ("source_size", "INSERT INTO record.source VALUES ('o', 'k', -1, sha256('r'), '')"),
    ("source_root", "INSERT INTO record.source VALUES ('o', 'k', 0, 'r', '')"),
    ("blob_name", "INSERT INTO record.blob (hash, bytes) VALUES ('abc', 'x')"),
]


@pytest.mark.parametrize(("name", "query"), CONSTRAINTS, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CONSTRAINTS)])
def test_each_constraint_of_the_record_fires(written: Landlord, name: str, query: str) -> None:
    with written.connect("admin") as db, pytest.raises(psycopg.errors.IntegrityError) as raised:
        db.execute(query)
    assert raised.value.diag.constraint_name == name


def test_every_constraint_of_the_record_is_tried(written: Landlord) -> None:
    query = (
        "SELECT conname FROM pg_constraint WHERE connamespace = 'record'::regnamespace AND contype = 'c' UNION SELECT 'key_live'"
    )
    with written.connect("admin") as db:
        there = {row[0] for row in db.execute(query)}
    assert there == {name for name, _ in CONSTRAINTS} - {"checkpoint_pkey"}
