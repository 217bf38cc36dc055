"""What code only promises, PostgreSQL holds: each role is tried with plain SQL at what it may not do."""

from datetime import UTC, datetime

import psycopg
import pytest

from lamplit.basics import who
from lamplit.homes.facts import HomeRecorded
from lamplit.record.page import Page, action
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
    "INSERT INTO record.published VALUES ('near', 9, now())",
    "UPDATE record.published SET size = 9",
    "DELETE FROM folded.home",
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
