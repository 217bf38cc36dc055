"""An intruder was in the database: each row, trigger and right that he changed is named beside what came back."""

import json
from typing import Any

import psycopg
import pytest
from psycopg import sql

from lamplit.config.wiring import wiring
from lamplit.desk.tests.scene import open_scene
from lamplit.desk.tests.story import everything
from tests import cast
from tests.losing import as_admin, make_anew, new_home

pytestmark = pytest.mark.attack

CATALOGUE = [
    ("CREATE TRIGGER spy BEFORE INSERT ON folded.home FOR EACH ROW EXECUTE FUNCTION record.refuse_change()", "trigger home.spy"),
    ("ALTER TABLE record.entry DISABLE TRIGGER entry_is_forever", "trigger entry.entry_is_forever was changed"),
    ("GRANT DELETE ON folded.home TO lamplit_app", "table home was changed"),
    ("CREATE FUNCTION folded.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function folded.spy() does not belong there"),
    (
        "CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "function record.refuse_change() was changed",
    ),
    ("CREATE POLICY spy ON folded.person USING (false)", "policy person.spy does not belong there"),
    ("DROP INDEX folded.{index}", "index {index} is missing"),
    ("CREATE INDEX spy ON folded.home (uprn)", "index spy does not belong there"),
    ("CREATE RULE spy AS ON DELETE TO folded.reach DO INSTEAD NOTHING", "rule reach.spy does not belong there"),
    ("CREATE TABLE plain.spy (id int)", "table spy does not belong there"),
    ("ALTER TABLE folded.person ENABLE ROW LEVEL SECURITY", "table person was changed"),
]


@pytest.fixture
def scene(installed: Any) -> Any:
    """The desk's small landlord."""
    return open_scene()


@pytest.fixture
def attacked(installed: Any, copies: Any, scene: Any) -> Any:
    """A landlord with one of everything, published; and a copy of its database, which the intruder had."""
    everything(scene)
    installed.publish()
    return copies()


MADE_UP = {
    "text": "'[\"made up\"]'", "integer": "4711", "bigint": "4711", "boolean": "true", "date": "'1999-09-09'",
    "timestamp with time zone": "'1999-09-09 09:09Z'",
}  # fmt: skip


def tampered(db: psycopg.Connection[Any]) -> set[tuple[str, str, str]]:
    """Alter, add and delete in each folded table, as far as it has rows. Returns what must be named: (table, row, what)."""
    db.execute("SET session_replication_role = replica")
    done = set()
    for table in wiring().tables.values():
        name, types = sql.Identifier("folded", table.name), _types(db, table.name)
        ids = [row[0] for row in db.execute(sql.SQL("SELECT id FROM {} ORDER BY id").format(name))]
        if ids:
            column = next(c for c in table.names if c != "id")
            other = sql.SQL("'[\"other\"]'" if types[column] == "text" else MADE_UP[types[column]])
            db.execute(sql.SQL("UPDATE {} SET {} = {} WHERE id = %s").format(name, sql.Identifier(column), other), [ids[0]])
            done.add((table.name, ids[0], "changed"))
        if len(ids) > 1:
            db.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(name), [ids[-1]])
            done.add((table.name, ids[-1], "missing"))
        # No two words of a row are alike: what moves from a book to itself is no move.
        words = {column: f"'[\"made up {column}\"]'" for column in table.names if types[column] == "text"} | {
            "id": "'zz_made_up'"
        }
        values = [sql.SQL(words.get(column) or MADE_UP[types[column]]) for column in table.names]
        columns = sql.SQL(", ").join(map(sql.Identifier, table.names))
        db.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, columns, sql.SQL(", ").join(values)))
        done.add((table.name, "zz_made_up", "extra"))
    return done


def _types(db: psycopg.Connection[Any], table: str) -> dict[str, str]:
    query = "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    return dict(db.execute(query, [f"folded.{table}"]).fetchall())


def compared(lamplit: Any, installed: Any, damaged: str, *words: str) -> Any:
    url = installed.cluster.url("admin", damaged)
    code, out, err = lamplit("restore", "--json", "--compare-with", url, *words)
    assert code == 0, err
    return json.loads(out)["compared"]


def test_each_row_and_each_change_of_the_catalogue_is_named(installed, copies, attacked, lamplit, tmp_path):
    with psycopg.connect(installed.cluster.url("admin", attacked), autocommit=True) as db:
        found = compared(lamplit, installed, attacked)
        assert found["equal"], found
        index = db.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'folded' AND indexdef NOT LIKE '%UNIQUE%'"
        ).fetchone()
        done = {one for one in tampered(db) if one[0] != "staff"}
        db.execute("ALTER TABLE folded.staff DROP COLUMN team")  # and one table that cannot be compared
        for query, _ in CATALOGUE:
            db.execute(query.format(index=index[0]))
        db.execute("UPDATE record.entry SET bytes = bytes || ' '::bytea WHERE idx = 3")
        db.execute("DELETE FROM record.entry WHERE idx = 5")
        db.execute("INSERT INTO record.intake (bytes) VALUES ('no entry')")
    found = compared(lamplit, installed, attacked, "--report", str(tmp_path / "report.txt"))
    named = {(one["table"], one["row"], one["what"]) for one in found["differences"]}
    assert named == done
    assert {table for table, _, _ in done} == {table.name for table in wiring().tables.values()} - {"staff"}
    assert all(one["columns"] for one in found["differences"] if one["what"] == "changed")
    assert not [one for one in found["differences"] if one["may_be_later"]]
    for _, words in CATALOGUE:
        assert any(line.startswith(words.format(index=index[0])) for line in found["catalogue"]), (words, found["catalogue"])
    assert found["unreadable"] == ["staff lacks team: none of its rows could be compared."]
    assert found["entries"] == [3, 5]
    assert found["no_entries"]
    text = (tmp_path / "report.txt").read_text()
    assert "home zz_made_up is not in the record." in text
    assert (tmp_path / "report.txt").stat().st_mode & 0o777 == 0o600


def test_nobody_is_accused_of_what_was_never_published(installed, copies, attacked, lamplit):
    home = new_home(4)  # in the lost database alone
    later = copies()
    with as_admin(installed) as db:
        db.execute(f"DROP DATABASE {installed.name} WITH (FORCE)")
        db.execute(f"CREATE DATABASE {installed.name} TEMPLATE {attacked} STRATEGY file_copy OWNER lamplit_owner")
    found = compared(lamplit, installed, later)
    assert [one["kind"] for one in found["unpublished"]] == ["home.recorded"]
    assert {(one["row"], one["may_be_later"]) for one in found["differences"] if one["table"] == "home"} == {(home, True)}
    assert found["counts"] == {"changed": 0, "extra": 2, "missing": 0}


def test_that_it_came_back_is_no_difference_and_what_was_written_since_is_not_judged(installed, attacked, lamplit, tmp_path):
    make_anew(installed)
    words = ("--identity", str(tmp_path / "custodian"))
    assert compared(lamplit, installed, attacked, *words)["counts"] == {"changed": 0, "extra": 0, "missing": 0}
    new_home(9)
    found = compared(lamplit, installed, attacked, *words)
    assert (found["equal"], found["changed_since"] > 1) == (True, True)


def test_what_a_stolen_account_wrote_is_listed_by_its_time(installed, attacked, lamplit):
    span = ("--actor", str(cast.BY_DELE), "--from", "2020-01-01", "--to", "2100-01-01")
    code, out, err = lamplit("restore", "--json", *span)
    assert code == 0, err
    entries = json.loads(out)["compared"]["account"]["entries"]
    assert {one["kind"] for one in entries} >= {"repair.reported", "complaint.made", "contact.made"}
    assert all(one["by"] == str(cast.BY_DELE) for one in entries)
    assert lamplit("restore", "--actor", "staff:x")[0] == 2
