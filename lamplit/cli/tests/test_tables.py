"""`lamplit rebuild`, `compare` and `audit` on a landlord that goes on working."""

import json
import threading
from urllib.parse import quote

import psycopg
import pytest

from lamplit.basics.who import job
from lamplit.homes.actions import record_home
from lamplit.homes.models import Home
from lamplit.record.generations import key_files
from tests import cast


def url(landlord, schema="folded", role="owner"):
    return f"{landlord.cluster.url(role, landlord.name)}&schema={quote(schema)}"


def new_home(number):
    return record_home(
        uprn=f"98000000{number:04}", address=[f"{number} Wick Lane"], by=job("test"), at=cast.AT, command=f"test:home:{number}"
    )


def test_it_rebuilds_what_somebody_dropped_with_what_was_not_published_yet(installed, lamplit):
    cast.settle()
    installed.publish()
    new_home(1)
    installed.seal()  # sealed and not published
    new_home(2)  # not even sealed
    with installed.connect("owner") as db:
        db.execute("DROP SCHEMA folded CASCADE")
    code, out, _ = lamplit("rebuild", "--json")
    assert code == 0
    assert json.loads(out)["followed"] == 2
    assert Home.objects.filter(uprn__startswith="98000000").count() == 2  # the app may read what was made for it


def test_it_refuses_tables_with_rows_unless_it_may_take_their_place(installed, lamplit):
    cast.settle()
    installed.publish()
    code, _, err = lamplit("rebuild")
    assert code == 1
    assert "--swap" in err
    assert Home.objects.count() == 3
    assert lamplit("rebuild", "--swap")[0] == 0
    assert Home.objects.count() == 3


def test_pages_go_on_while_tables_are_swapped(installed, lamplit):
    cast.settle()
    installed.publish()
    done, stop = [], threading.Event()

    def write():
        from django.db import connection  # each thread has its own

        while not stop.is_set():
            done.append(new_home(len(done)))
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        code = lamplit("rebuild", "--swap")[0]
    finally:
        stop.set()
        writer.join()
    assert code == 0
    assert len(done) > 20
    assert set(done) <= set(Home.objects.values_list("id", flat=True))


def test_an_erasure_after_the_last_publishing_is_kept_by_the_swap(installed, lamplit):
    cast.settle()
    installed.publish()
    assert installed.erase(cast.RUTH, "contact") > 0
    assert lamplit("rebuild", "--swap")[0] == 0
    with installed.connect("owner") as db:
        assert db.execute("SELECT name FROM folded.person WHERE id = %s", [cast.RUTH]).fetchone() == ("\x01erased",)


def test_it_rebuilds_into_another_schema_and_compares(installed, lamplit, tmp_path):
    cast.settle()
    installed.publish()
    assert lamplit("rebuild", "--into", url(installed, "beside"), "--identity", str(tmp_path / "custodian"))[0] == 0
    code, out, _ = lamplit("compare", "--rebuilt", url(installed, "beside"), "--json")
    assert (code, json.loads(out)["equal"]) == (0, True)
    with installed.connect("owner") as db:
        db.execute("UPDATE beside.home SET storey = 7 WHERE id = %s", [cast.RUTHS_HOME])
    code, out, _ = lamplit("compare", "--live", url(installed), "--rebuilt", url(installed, "beside"))
    assert code == 1
    assert f"home {cast.RUTHS_HOME} was changed: storey is '1', the record says '7'." in out


def test_a_clean_database_without_keys_gets_everything_but_what_is_personal(installed, lamplit, database):
    cast.settle()
    installed.publish()
    code, _, err = lamplit("rebuild", "--into", database, "--key", installed.key.vkey)
    assert code == 0
    assert "No key is here" in err
    with psycopg.connect(database) as db:
        rows = db.execute("SELECT id, name FROM folded.person ORDER BY id").fetchall()
    assert {name for _, name in rows} == {"\x01withheld"}
    code, _, err = lamplit("compare", "--rebuilt", database)
    assert code == 0
    assert "Not compared for want of keys" in err
    assert lamplit("rebuild", "--into", database)[0] == 1  # it holds rows now


def test_an_audit_names_the_row_and_puts_it_back(installed, lamplit):
    cast.settle()
    installed.publish()
    assert lamplit("audit")[0] == 0
    with installed.connect("admin") as db:
        db.execute("UPDATE folded.tenancy SET tenure = 'licence' WHERE id = %s", [cast.RUTHS_TENANCY])
    code, out, _ = lamplit("audit", "--json")
    assert code == 1
    assert [row["row"] for row in json.loads(out)["differences"]] == [cast.RUTHS_TENANCY]
    assert lamplit("audit", "--repair")[0] == 0
    assert lamplit("audit")[0] == 0
    installed.seal()
    assert any(b'"kind":"row.restored"' in raw for raw in installed.entries())


def test_nothing_published_is_a_plain_sentence(installed, lamplit):
    code, _, err = lamplit("audit")
    assert code == 1
    assert "nothing is published" in err


@pytest.mark.parametrize("how", ["dbshell", "dump"])
def test_the_record_tells_of_a_shell_before_it_opens(installed, lamplit, how, monkeypatch):
    import os

    opened = []

    def replace(program, arguments, environment):
        with installed.connect("owner") as db:
            opened.append([bytes(raw) for (raw,) in db.execute("SELECT bytes FROM record.intake")])
        raise SystemExit(0)

    monkeypatch.setattr(os, "execve", replace)
    with pytest.raises(SystemExit):
        lamplit(how, "--", "--file=/tmp/secret-place", "-cSELECT name FROM person")
    assert len(opened[0]) == 1
    assert b'"kind":"database.opened"' in opened[0][0]
    assert b'"asked":["--file","-c"]' in opened[0][0]
    assert b"secret-place" not in opened[0][0]


def test_sealing_and_publishing_once(installed, lamplit):
    cast.settle()
    code, out, _ = lamplit("seal", "--once")
    assert code == 0
    assert out.startswith("Sealed ")
    assert "new entries" in lamplit("publish", "--once")[1]
    assert key_files(installed.store)
