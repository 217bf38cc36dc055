"""`lamplit standby` called wrongly: a sentence, and nothing made. The demo's test runs it whole."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from lamplit.cli import standby_again
from lamplit.cli.say import Failed
from lamplit.config import place
from lamplit.record.note import COSIGNATURE, SigningKey
from lamplit.record.store import open_store

LOG = SigningKey.from_seed("landlord.example/record", bytes(range(32)))
WITNESS = SigningKey.from_seed("w.example/w", bytes(32), COSIGNATURE)


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--main", "STORE", "--log-key", "x"], "The key is not right", 2),
        (["--main", "STORE", "--log-key", WITNESS.vkey], "the key of a witness", 2),
        (["--main", "STORE", "--log-key", LOG.vkey, "--name", "a b"], "has no spaces", 2),
    ],
)
def test_init_says_what_is_wrong_and_makes_nothing(lamplit, tmp_path, monkeypatch, words, said, code):
    monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path / "home"))
    told = lamplit("standby", "init", *(str(tmp_path / "store") if word == "STORE" else word for word in words))
    assert told[0] == code
    assert said in told[2]
    assert not list(Path(tmp_path / "home").glob("*"))


def test_an_installation_becomes_no_standby_and_a_home_that_is_none_says_so(lamplit, tmp_path, monkeypatch):
    monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path / "home"))
    for command in (["run"], ["serve"], ["key"], ["witness", "--log-key", LOG.vkey]):
        code, _, err = lamplit("standby", *command)
        assert code == 1
        assert "is no standby" in err
    (tmp_path / "home" / "keys").mkdir(mode=0o700, parents=True)
    LOG.write(tmp_path / "home" / "keys" / "log")
    code, _, err = lamplit("standby", "init", "--main", str(tmp_path), "--log-key", LOG.vkey)
    assert code == 1
    assert "an installation already" in err
    assert not (tmp_path / "home" / "standby.toml").exists()


def test_it_begins_again_only_once_its_programs_are_stopped(cluster, template, monkeypatch):
    """A database that is removed under a program that writes on is left half there, with the keys set aside already."""
    from tests.standby import copy_of

    monkeypatch.setattr(standby_again, "LOOK_EVERY", 0.05)
    with copy_of(template, cluster, "lamplit_owner") as name:
        owner, app = (make_conninfo("", **cluster.parameters(role, name)) for role in ("owner", "app"))
        with psycopg.connect(owner, autocommit=True) as db:
            with psycopg.connect(app), pytest.raises(Failed, match="Stop all of them, then run this again"):
                standby_again._nobody_else(db)
            standby_again._nobody_else(db)


def test_it_takes_over_all_there_is_and_a_release_that_folds_differently_makes_the_tables_anew(
    lamplit, landlord, cluster, template, tmp_path, monkeypatch
):
    """A home whose database is one of the test's own cluster. Main's store is behind an ordinary web server."""
    from lamplit.config import release
    from tests import cast
    from tests.landlord import LOG_KEY
    from tests.standby import copy_of
    from tests.web import served

    cast.settle()
    landlord.publish()
    files = place.cluster().folder
    with copy_of(template, cluster, "lamplit_owner") as name, served(tmp_path / "store") as store:
        monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LAMPLIT_DATABASE_URL", cluster.url("admin", name))
        (place.home() / "cluster").symlink_to(files)
        vkey = landlord.key.vkey
        place.standby_file().write_text(f'name = "s.example"\nmain = "{store}"\nlog_key = "{vkey}"\n')
        LOG_KEY.write(place.key_folder() / "log")  # the log that the copied database has already
        code, out, err = lamplit("standby", "init", "--main", store, "--log-key", vkey, "--name", "s.example")
        assert (code, err.count("\n")) == (0, 1)
        assert "Nobody may declare yet" in err
        assert lamplit("standby", "key")[1].strip() in out
        assert lamplit("standby", "run", "--once")[0] == 0
        mirror = open_store(place.mirror())
        assert set(mirror.list("keys")) == set(landlord.store.list("keys")) != set()
        owner = cluster.url("owner", name)
        with psycopg.connect(owner, autocommit=True) as db:
            assert db.execute("SELECT size FROM continuity.folded").fetchone() == (len(landlord.entries()),)
            homes = db.execute("SELECT count(*) FROM folded.home").fetchone()
            said = json.loads(lamplit("doctor", "--json")[1])["findings"]
            assert {one["check"] for one in said} >= {"following", "loops", "keys"}
            roles = [one["words"] for one in said if one["check"] in ("following", "roles") and one["state"] != "ok"]
            assert roles == []
            assert not [one["words"] for one in said if "continuity" in one["words"] or "planted" in one["words"]]
            assert any("'follow' was never heard of" in one["words"] for one in said)
            db.execute("INSERT INTO continuity.alarm (what, words, evidence, at) VALUES ('forked', 'A fork.', 'x', now())")
            said = json.loads(lamplit("doctor", "--json")[1])["findings"]
            assert any(one["state"] == "wrong" and "A fork." in one["words"] for one in said)
            release.remember(db, folds="another release's", version="old")
            db.execute("DELETE FROM folded.home")
        code, _, err = lamplit("standby", "run", "--once")
        assert code == 0
        assert f"from {len(landlord.entries())} entries" in err
        with psycopg.connect(owner, autocommit=True) as db:
            assert db.execute("SELECT count(*) FROM folded.home").fetchone() == homes > (0,)
            assert release.remembered(db)[1] == release.folds()
        for said in ("From now on", "This standby knows"):
            assert said in lamplit("standby", "witness", "--log-key", LOG.vkey)[1]
        code, _, err = lamplit("standby", "init", "--main", store, "--log-key", LOG.vkey, "--name", "s.example")
        assert code == 1
        assert "a standby of another log" in err
