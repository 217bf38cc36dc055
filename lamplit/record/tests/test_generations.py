"""Generations of keys: what covers what, what goes when, and that a destroyed key is gone after its time."""

from datetime import timedelta

import psycopg
import pytest

from lamplit.basics.clock import now
from lamplit.basics.who import job
from lamplit.people.actions import record_person
from lamplit.record import keyfiles
from lamplit.record.generations import Keeper, key_files
from tests import cast
from tests.landlord import CUSTODIAN, RECIPIENTS, Landlord


@pytest.fixture
def keeper(landlord: Landlord):
    with psycopg.connect(landlord.conninfo("sealer")) as db:
        yield lambda days=0: Keeper(db, landlord.store, RECIPIENTS, lambda: now() + timedelta(days=days))


def new_person(number: int) -> str:
    return record_person(name=f"Person {number}", by=job("test"), at=cast.AT, command=f"test:person:{number}")


def paths(landlord: Landlord, key_class: str = "contact") -> set[str]:
    return {file.path for file in key_files(landlord.store) if file.key_class == key_class}


def test_a_generation_holds_every_live_key_and_is_written_when_one_came(landlord, keeper):
    cast.settle()
    landlord.publish()
    size = len(landlord.entries())
    before = keyfiles.read_all(landlord.store, [CUSTODIAN])
    keeper().write_and_tidy()
    assert paths(landlord) == {f"keys/contact/0-{size}.age", f"keys/contact/generation-{size}.age"}
    keeper().write_and_tidy()  # nothing came: nothing is written
    assert len(paths(landlord)) == 2
    for path in list(landlord.store.list("keys")):
        if "generation" not in path:
            landlord.store.delete(path)
    assert keyfiles.read_all(landlord.store, [CUSTODIAN]) == before


def test_old_files_that_a_generation_covers_go_and_the_newest_stays(landlord, keeper):
    cast.settle()
    landlord.publish()
    first = len(landlord.entries())
    keeper().write_and_tidy()
    new_person(1)
    landlord.publish()
    keeper().write_and_tidy()
    assert f"keys/contact/generation-{first}.age" not in paths(landlord)  # a later one of the same day has taken its place
    assert f"keys/contact/0-{first}.age" in paths(landlord)
    keeper(days=29).write_and_tidy()
    assert f"keys/contact/0-{first}.age" in paths(landlord)
    keeper(days=31).write_and_tidy()
    assert paths(landlord) == {f"keys/contact/generation-{len(landlord.entries())}.age"}


def test_a_destroyed_key_is_nowhere_once_its_files_are_too_old(landlord, keeper):
    cast.settle()
    landlord.publish()
    keeper().write_and_tidy()
    with landlord.connect("admin") as db:
        row = db.execute("SELECT id FROM record.key WHERE subject = %s AND class = 'contact'", [cast.RUTH]).fetchone()
    landlord.erase(cast.RUTH, "contact")
    landlord.publish()
    keeper().write_and_tidy()
    assert row[0] in keyfiles.read_all(landlord.store, [CUSTODIAN])  # the first file still has it
    keeper(days=31).write_and_tidy()
    assert row[0] not in keyfiles.read_all(landlord.store, [CUSTODIAN])


def test_it_looks_once_an_hour(landlord, keeper):
    cast.settle()
    landlord.publish()
    one = keeper()
    assert one.look_after()
    assert not one.look_after()


def test_what_is_no_entry_does_not_stop_it(landlord, keeper):
    landlord.holds = False
    new_person(1)
    with landlord.connect("app") as db:
        db.execute("INSERT INTO record.intake (bytes) VALUES ('rubbish')")
    landlord.publish()
    keeper().write_and_tidy()
    assert "keys/contact/generation-2.age" in paths(landlord)
    assert paths(landlord) == {"keys/contact/0-2.age", "keys/contact/generation-2.age"}
    keeper(days=40).write_and_tidy()
    assert paths(landlord) == {"keys/contact/generation-2.age"}


def test_nobody_has_a_key_file_deleted_by_writing_of_long_ago(landlord, keeper):
    landlord.holds = False
    new_person(1)
    landlord.seal()
    backdated = landlord.entries()[-1].replace(b'"recorded_at":"2', b'"recorded_at":"1')
    with landlord.connect("app") as db:
        db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [backdated])
    landlord.publish()
    keeper().write_and_tidy()
    new_person(2)
    landlord.publish()
    keeper().write_and_tidy()
    assert {"keys/contact/0-2.age", "keys/contact/2-3.age"} < paths(landlord)
