"""`lamplit restore` where it must not: it says why, and nothing is changed."""

import shutil

import pytest
from django.db import connections

from lamplit.config import place
from lamplit.record.note import SigningKey
from lamplit.record.seal import become_the_sealer
from tests import cast
from tests.landlord import Landlord
from tests.losing import (
    everything,
    make_anew,
    new_home,
    set_back,
    state,
)

pytestmark = pytest.mark.usefixtures("installed")


def diverged(landlord: Landlord) -> None:
    new_home(50)
    landlord.seal()


def unsealed(landlord: Landlord) -> None:
    new_home(50)


def tampered(landlord: Landlord) -> None:
    with landlord.connect("admin") as db:
        db.execute("SET session_replication_role = replica")
        db.execute("UPDATE record.entry SET bytes = bytes || ' '::bytea WHERE idx = 3")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (diverged, "different histories"),
        (unsealed, "1 entry waits in this database to be sealed and not in the store"),
        (tampered, "Entries 0 to "),
    ],
)
def test_a_database_that_holds_something_else_is_refused_and_left_alone(installed, copies, lamplit, tmp_path, what, words):
    kept = set_back(installed, copies)
    what(installed)
    connections.close_all()
    before, files = state(installed), sorted(installed.store.list())
    code, out, err = lamplit("restore", "--identity", str(tmp_path / "custodian"))
    assert (code, out) == (1, "")
    assert words in err
    assert "othing was changed" in err
    assert (state(installed), sorted(installed.store.list())) == (before, files)
    make_anew(installed, kept)


def test_a_database_that_is_ahead_needs_no_restoring(installed, lamplit):
    cast.settle()
    installed.publish()
    new_home(1)
    installed.seal()
    before = state(installed)
    code, _, err = lamplit("restore")
    assert code == 1
    assert "and 1 more" in err
    assert "lamplit publish --once" in err
    assert state(installed) == before


def test_a_store_that_is_further_is_to_be_restored_from(installed, lamplit, monkeypatch, tmp_path):
    cast.settle()
    installed.publish()
    shutil.copytree(tmp_path / "store", tmp_path / "far")
    new_home(1)
    installed.publish()
    monkeypatch.setenv("LAMPLIT_STORES", f"{tmp_path / 'far'} {tmp_path / 'store'}")
    code, _, err = lamplit("restore")
    assert code == 1
    assert "The store far holds" in err
    assert "Restore from that one" in err


def test_a_rewritten_or_shortened_store_is_refused_by_who_kept_a_checkpoint(installed, lamplit, tmp_path):
    cast.settle()
    installed.publish()
    made_up, ahead = (installed.key.sign(f"{installed.key.name}\n{size}\n{'A' * 43}=\n") for size in (5, 500))
    for note, words in ((made_up, "the record was rewritten"), (ahead, "the end was cut off")):
        (tmp_path / "old").write_bytes(note)
        make_anew(installed)
        code, _, err = lamplit("restore", "--old", str(tmp_path / "old"))
        assert code == 1
        assert words in err
    assert installed.entries() == []
    assert lamplit("restore", "--identity", str(tmp_path / "custodian"))[0] == 0


def test_entries_that_the_log_did_not_sign_are_refused(installed, lamplit, tmp_path):
    cast.settle()
    installed.publish()
    (bundle,) = installed.store.list("tile/entries")
    right = installed.store.get(bundle)
    installed.store.replace(bundle, right.replace(b"ember5", b"ember6", 1))
    make_anew(installed)
    before = state(installed)
    code, _, err = lamplit("restore", "--identity", str(tmp_path / "custodian"))
    assert code == 1
    assert "not those that the log signed" in err
    assert state(installed) == before
    installed.store.replace(bundle, right)
    assert lamplit("restore", "--identity", str(tmp_path / "custodian"))[0] == 0


def test_what_an_intruder_put_into_the_log_is_left_out_by_its_number(installed, back, lamplit):
    installed.holds = False
    cast.settle()
    done = (
        b'{"kind":"erasure.done","version":1,"id":"e_1","at":"2026-11-23T09:00:00Z","recorded_at":"2026-11-23T09:00:00Z",'
        b'"by":"job:x","subjects":["%s"],"command":"x:1","body":{"erasure":"x_1","subject":"%s","key_class":"contact",'
        b'"key_ids":["k_1"]}}' % (cast.RUTH.encode(), cast.RUTH.encode())
    )
    with installed.connect("app") as db:
        db.execute("INSERT INTO record.intake (bytes) VALUES ('rubbish'), (%s)", [done])
    size = installed.publish()
    before = everything(installed)
    make_anew(installed)
    code, _, err = lamplit("restore")
    assert code == 1
    assert f"Entry {size - 2}" in err
    assert f"--without {size - 2}" in err
    code, _, err = lamplit("restore", "--without", str(size - 2))
    assert code == 1
    assert "no order for it stands before it" in err
    back("--without", str(size - 2), "--without", str(size - 1))
    assert everything(installed) == before


def test_the_log_cannot_go_on_without_its_signing_key(installed, lamplit):
    kept = place.key_folder() / "log"
    moved = kept.rename(kept.with_name("log.kept"))
    try:
        code, _, err = lamplit("restore")
        assert code == 1
        assert "Put your copy of it there" in err
        assert "nobody can go on with this log" in err
        assert "lamplit rebuild --store" in err
        SigningKey.generate(place.origin()).write(kept)  # as `lamplit init` on a new machine
        cast.settle()
        installed.publish()
        code, _, err = lamplit("restore")
        assert code == 1
        assert "put your copy of the log's own key in its place" in err
    finally:
        moved.replace(kept)


def test_a_live_lamplit_is_not_restored_under_its_feet(installed, lamplit):
    cast.settle()
    installed.publish()
    make_anew(installed)
    with installed.connect("sealer") as sealer:
        become_the_sealer(sealer)
        code, _, err = lamplit("restore")
    assert code == 1
    assert "Stop serve, work, seal and publish" in err
    make_anew(installed)
    assert lamplit("restore")[0] == 0
    installed.holds = False
