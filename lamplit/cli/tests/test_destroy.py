"""An installation that is lost, removed, deleted by hand, and brought back: as somebody at a terminal does it."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.running import ROOT, Installation


@pytest.fixture
def installation():
    made = Installation()
    yield made
    made.home.mkdir(exist_ok=True)
    made.destroy()


def run(installation, *words, **options):
    command = [sys.executable, "-m", "lamplit.cli", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=False, **options
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def counts(installation):
    with installation.connect() as db:
        names = [row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'folded' ORDER BY 1")]
        return {name: db.execute(f"SELECT count(*) FROM folded.{name}").fetchone() for name in names}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_whole_landlord_is_lost_and_comes_back(installation, tmp_path):
    """The machine's database is gone with its passwords. What is left: keys, store, and an old checkpoint on paper."""
    installation.lamplit("seed", "--homes", "6", "--years", "1", "--today", "2026-11-23")
    installation.lamplit("seal", "--once")
    installation.lamplit("publish", "--once")
    store = installation.home / "store"
    old = tmp_path / "old"
    old.write_bytes((store / "checkpoint").read_bytes())
    before, key = counts(installation), installation.lamplit("log", "key").strip()
    with installation.connect() as db:
        size = db.execute("SELECT size FROM record.checkpoint").fetchone()[0]

    assert run(installation, "destroy", stdin=subprocess.DEVNULL)[0] == 2  # nobody is there to say yes
    assert installation.cluster.running()
    said = installation.lamplit("destroy", "--yes")
    assert str(installation.home / "cluster") in said
    assert "stay: `lamplit restore`" in said
    assert not installation.cluster.folder.exists()
    assert (installation.home / "keys" / "log").exists()

    code, _, err = run(installation, "init")
    assert code == 1
    assert f"holds {size:,} entries and this database 0" in err
    said = installation.lamplit("restore", "--old", str(old))
    assert f"Restored {size:,} entries" in said
    after = counts(installation)
    assert after.pop("comeback") == (1,)  # that it came back is in the record too
    assert {name: after[name] for name in before if name in after} == {name: before[name] for name in before if name in after}
    assert "nothing to bring back" in installation.lamplit("restore")
    assert "Checked the database" in installation.lamplit("init")

    installation.lamplit("seal", "--once")
    installation.lamplit("publish", "--once")
    said = installation.lamplit("log", "verify", "--store", str(store), "--key", key, "--old", str(old))
    assert f"It holds: {size + 1:,} entries" in said
    installation.lamplit("audit")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_folder_deleted_by_hand_leaves_nothing_in_the_way(installation):
    kept = installation.home / "cluster" / "place"
    place = Path(kept.read_text()) if kept.exists() else None
    shutil.rmtree(installation.home)
    installation.home.mkdir(mode=0o711)
    said = installation.lamplit("init")
    assert "Made the database" in said
    assert (place is not None and place.exists()) == ("An older database of this folder" in said)
    with installation.connect() as db:
        assert db.execute("SELECT 1").fetchone() == (1,)
    assert installation.lamplit("destroy", "--yes", "--everything").endswith("Removed.\n")
    assert not installation.home.exists()
    assert place is None or not place.exists()
    assert "There is nothing to remove" in installation.lamplit("destroy", "--yes", "--everything")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_asks_on_a_terminal_and_says_what_would_be_lost(installation):
    for answer, code in (("no\n", 1), ("yes\n", 0)):
        ours, theirs = pty.openpty()
        os.write(ours, answer.encode())
        done = run(installation, "destroy", stdin=theirs)
        os.close(theirs)
        os.close(ours)
        assert done[0] == code, done
        assert "Type yes to remove it" in done[1]
        assert "1 entry is in no store" in done[2]  # the questions, not sealed yet
        assert installation.cluster.folder.exists() == bool(code)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_no_new_signing_key_is_made_beside_a_store_that_holds_a_log(installation):
    installation.lamplit("seal", "--once")
    installation.lamplit("publish", "--once")
    (installation.home / "keys" / "log").unlink()
    code, _, err = run(installation, "init")
    assert code == 1
    assert "Put your copy of it there, then run `lamplit restore`" in err
    assert not (installation.home / "keys" / "log").exists()
