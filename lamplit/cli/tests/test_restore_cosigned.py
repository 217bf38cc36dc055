"""`lamplit restore --cosigner`: what the log's key alone signed is not believed, and each forgery is refused in words."""

import shutil

import pytest

from lamplit.record.note import COSIGNATURE, SigningKey
from lamplit.record.store import open_store
from tests import cast
from tests.attack.log_builder import LogBuilder
from tests.losing import everything, make_anew, many, new_home, state
from tests.standby import COSIGNER, standbys

pytestmark = pytest.mark.usefixtures("installed")
NEAR = ("--cosigner", COSIGNER.verifier.vkey)
STRANGER = SigningKey.from_seed("somebody.example/cosigner", bytes(range(96, 128)), COSIGNATURE)


@pytest.fixture
def mirrored(installed, cluster, template, tmp_path):
    """The cast is published and cosigned; many homes more are published that no cosigner holds."""
    cast.settle()
    installed.publish()
    with standbys(cluster, template, tmp_path) as make:
        make(installed.key.verifier).follow(installed.store)
    before = everything(installed)
    many(300, "test:many:1")  # what was signed for stands in a bundle that was filled since
    installed.publish()
    return before


def test_what_a_standby_signed_for_comes_back_from_its_mirror(installed, mirrored, back, tmp_path):
    installed.holds = False  # its own store is ahead
    make_anew(installed)
    (tmp_path / "log").write_bytes((tmp_path / "home" / "keys" / "log").read_bytes())
    (tmp_path / "log").chmod(0o600)
    (tmp_path / "home" / "keys" / "log").unlink()
    mirror = ("--store", str(tmp_path / "mirror"), "--key", installed.key.vkey, "--log-key", str(tmp_path / "log"))
    done = back(*mirror, *NEAR, "--only-cosigned")
    assert done["size"] == len(mirrored["entry"])
    assert {name: rows for name, rows in everything(installed).items() if name != "checkpoint"} == {
        name: rows for name, rows in mirrored.items() if name != "checkpoint"
    }
    assert done["aside"]["near"]  # what lay beyond in the own store is out of the way of the next entries


def test_what_the_logs_key_alone_signed_is_left_out_by_a_person_only(installed, mirrored, lamplit, back, tmp_path):
    make_anew(installed)
    before = state(installed)
    words = ("restore", "--keys", str(tmp_path / "custodian"), *NEAR)
    code, _, err = lamplit(*words)
    assert code == 1
    assert "No cosigner that you named has signed for this record" in err
    code, _, err = lamplit(*words, "--cosigned", str(tmp_path / "mirror" / "checkpoint"))
    assert code == 1
    assert f"The log's key alone signed for entries {len(mirrored['entry']):,} to" in err
    assert state(installed) == before
    done = back(*NEAR, "--cosigned", str(tmp_path / "mirror" / "checkpoint"), "--only-cosigned")
    assert done["size"] == len(mirrored["entry"])
    new_home(7)
    assert installed.publish() == 2


def rewritten(installed, tmp_path, *steps):
    """A thief of the log's key puts a record of his own in the place of the store: it is right in itself."""
    shutil.rmtree(tmp_path / "store")
    builder = LogBuilder(open_store(tmp_path / "store", durable=False), installed.key)
    for rows in steps:
        builder.add(rows)


def forked(installed, tmp_path, rows):
    changed = rows[-1].replace(b'"version":1', b'"version":2', 1)
    rewritten(installed, tmp_path, [*rows[:-1], changed])


def forked_and_longer(installed, tmp_path, rows):
    rewritten(installed, tmp_path, [rows[1], rows[0], *rows[2:]], rows)


def cut_off(installed, tmp_path, rows):
    rewritten(installed, tmp_path, rows[:-3])


def truncated(installed, tmp_path, rows):
    for path in list(installed.store.list("tile/entries")):
        data = installed.store.get(path)
        installed.store.replace(path, data[: len(data) // 2])


def forged(installed, tmp_path, rows):
    """A checkpoint of a key that is not the log's."""
    thief = SigningKey.generate(installed.key.name)
    for path in ("checkpoint", *installed.store.list("checkpoints")):
        text = installed.store.get(path).decode().partition("\n\n")[0] + "\n"
        installed.store.replace(path, thief.sign(text))


@pytest.mark.attack
@pytest.mark.parametrize(
    ("attack", "words"),
    [
        (forked, "This store's record is forked"),
        (forked_and_longer, "This store's record is forked"),
        (cut_off, "the end was cut off"),
        (truncated, "The store is not whole"),
        (forged, "Nothing in the store is signed by the log key"),
    ],
)
def test_each_forgery_is_refused_in_words(installed, cluster, template, lamplit, tmp_path, attack, words):
    installed.holds = False
    cast.settle()
    installed.publish()
    with standbys(cluster, template, tmp_path) as make:
        make(installed.key.verifier).follow(installed.store)
    attack(installed, tmp_path, installed.entries())
    make_anew(installed)
    before = state(installed)
    cosigned = ("--cosigned", str(tmp_path / "mirror" / "checkpoint"), "--only-cosigned")
    code, out, err = lamplit("restore", "--keys", str(tmp_path / "custodian"), *NEAR, *cosigned)
    assert (code, out) == (1, "")
    assert words in err
    assert state(installed) == before


@pytest.mark.attack
def test_a_stranger_s_word_counts_for_nothing_and_keys_are_held_against_paper(installed, mirrored, lamplit, tmp_path):
    mirror = ("restore", "--store", str(tmp_path / "mirror"))
    code, _, err = lamplit(*mirror, "--cosigner", STRANGER.verifier.vkey, "--cosigned", str(tmp_path / "mirror" / "checkpoint"))
    assert code == 1
    assert "not signed by any cosigner that you named" in err
    code, _, err = lamplit(*mirror, "--cosigner", installed.key.vkey)
    assert code == 2
    assert "the key of a log" in err
    code, _, err = lamplit(*mirror, "--key", SigningKey.generate(installed.key.name).verifier.vkey)
    assert code == 1
    assert "is not the one that you gave with --key" in err
    assert lamplit(*mirror, "--only-cosigned")[0] == 2
