"""`lamplit restore`: the record comes back from its store, once and whole, and the log goes on."""

import socket
from datetime import timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.config import place, receipts
from lamplit.config.refusals import staff_words, tenant_words
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.reactions import follow
from lamplit.record import erase, generations, keyfiles, publish
from lamplit.record.page import open_bulk
from lamplit.record.store import open_store
from lamplit.repairs.tests import story as repaired
from tests import cast
from tests.landlord import CUSTODIAN, RECIPIENTS
from tests.losing import (
    BY,
    as_admin,
    everything,
    make_anew,
    many,
    new_home,
    note_need,
    note_of,
    set_back,
    story,
    two_custodians,
)

pytestmark = pytest.mark.usefixtures("installed")


def test_everything_comes_back_and_the_log_goes_on(installed, lamplit, back, tmp_path):
    story(installed)
    old = tmp_path / "old"
    old.write_bytes(installed.store.get("checkpoint"))
    before = everything(installed)
    make_anew(installed)
    done = back("--old", str(old))
    assert (done["held"], done["size"], done["withheld"], done["lost"]) == (0, len(before["entry"]), [], 0)
    assert everything(installed) == before
    home = new_home(9)
    assert installed.publish() == 2  # that it was restored, and the home
    assert b'"kind":"record.restored"' in installed.entries()[-2]
    assert Home.objects.filter(id=home).exists()
    assert lamplit("log", "verify", "--store", str(tmp_path / "store"), "--key", installed.key.vkey, "--old", str(old))[0] == 0
    code, out, err = lamplit("audit")
    assert code == 0, out + err
    assert back()["nothing"]


def test_a_database_that_is_not_there_is_made(installed, back):
    story(installed)
    before = everything(installed)
    with as_admin(installed) as db:
        db.execute(f"DROP DATABASE {installed.name} WITH (FORCE)")
    back()
    assert everything(installed) == before


def test_a_retry_is_not_written_twice_and_is_told_the_truth(installed, back):
    story(installed)
    make_anew(installed)
    back()
    with pytest.raises(Refused) as refused:
        new_home(1)
    assert refused.value.code == "record.done_before"
    assert "nothing was sent twice" in tenant_words(refused.value)
    assert "before the record was restored" in staff_words(refused.value)
    with pytest.raises(Refused, match="already_written"), open_bulk(by=BY, at=cast.AT, command="test:bulk"):
        pass
    assert Home.objects.filter(uprn__startswith="98000000").count() == 3
    assert receipts.kept(["test:home:1", "test:home:77"]) == {"test:home:1"}


def test_nothing_that_was_sealed_before_is_done_again_by_itself(installed, back):
    story(installed)
    size = len(installed.entries())
    make_anew(installed)
    back()
    assert follow.position() == size
    assert follow.owed() == []
    assert erase.due_erasures() == []
    assert [order.subject for order in erase.standing_erasures()] == [cast.MIA]


def test_an_old_copy_is_brought_forward(installed, copies, back):
    """It keeps its own answers. What waited in it to be sealed was sealed since: it is there once."""
    cast.settle()
    many(290, "test:many:1")
    installed.publish()
    first = new_home(1)
    old = copies()  # the home waits in its intake
    many(310, "test:many:2")
    new_home(2)
    installed.erase(cast.RUTH, "contact")
    installed.publish()
    before = everything(installed)
    make_anew(installed, old)
    done = back()
    assert 0 < done["held"] < done["size"]
    assert everything(installed) == before
    assert new_home(1) == first
    with pytest.raises(Refused, match="done_before"):
        new_home(2)
    assert Person.objects.get(id=cast.RUTH).name is not None
    with installed.connect("admin") as db:
        assert db.execute("SELECT count(*) FROM record.key WHERE subject = %s AND key IS NOT NULL", [cast.RUTH]).fetchone() == (
            0,
        )


def test_a_destroyed_key_stays_destroyed_though_its_file_is_still_there(installed, back):
    story(installed)
    with installed.connect("admin") as db:
        query = "SELECT id, key FROM record.key WHERE subject = %s AND class = 'contact'"
        ((key, nothing),) = db.execute(query, [cast.TOMASZ]).fetchall()
    assert nothing is None
    assert key in keyfiles.read_all(installed.store, [CUSTODIAN])
    make_anew(installed)
    back()
    with installed.connect("admin") as db:
        assert db.execute(query, [cast.TOMASZ]).fetchall() == [(key, None)]
    assert repr(Person.objects.get(id=cast.TOMASZ).name) == "ERASED"


def test_without_an_identity_a_class_is_withheld_its_files_stay_and_it_can_be_brought_later(installed, lamplit, back, tmp_path):
    _, nurse = two_custodians(installed, tmp_path)
    cast.settle()
    note_need(cast.RUTH, "test:note:1")
    assert lamplit("seal", "--once")[0] == lamplit("publish", "--once")[0] == 0
    before = everything(installed)
    make_anew(installed)
    done = back()
    assert done["withheld"] == ["care"]
    assert note_of(cast.RUTH) == ["WITHHELD"]
    note_need(cast.RUTH, "test:note:2")  # life goes on, under a new key
    assert lamplit("seal", "--once")[0] == lamplit("publish", "--once")[0] == 0
    recipients = keyfiles.read_recipients(place.key_folder())
    files = set(installed.store.list("keys/care"))
    with installed.connect("sealer") as db:  # a generation of what is here would let the file go that holds the rest
        generations.Keeper(db, installed.store, recipients, clock=lambda: now() + timedelta(days=60)).write_and_tidy()
    assert set(installed.store.list("keys/care")) >= files
    assert not [file for file in installed.store.list("keys/care") if "generation" in file]
    again = back("--identity", str(nurse))
    assert again["keys"]
    assert again["withheld"] == []
    assert len(note_of(cast.RUTH)) == 2
    assert all("small print" in one for one in note_of(cast.RUTH))
    with installed.connect("admin") as db:
        was = {row[0]: bytes(row[3]) for row in before["key"] if row[3]}
        held = {key: bytes(value) for key, value in db.execute("SELECT id, key FROM record.key").fetchall()}
        former = db.execute("SELECT count(*) FROM record.key WHERE subject = %s AND class = 'care' AND former", [cast.RUTH])
        assert former.fetchone() == (1,)
    assert was.items() <= held.items()
    assert len(held) == len(was) + 1
    note_need(cast.RUTH, "test:note:3")  # one key seals: no third one was made
    with installed.connect("admin") as db:
        assert db.execute("SELECT count(*) FROM record.key").fetchone() == (len(held),)
    installed.holds = False  # its last check has one identity


def test_an_erasure_of_what_is_withheld_holds_for_ever(installed, lamplit, back, tmp_path):
    _, nurse = two_custodians(installed, tmp_path)
    cast.settle()
    note_need(cast.RUTH, "test:note:1")
    assert lamplit("seal", "--once")[0] == lamplit("publish", "--once")[0] == 0
    make_anew(installed)
    assert back()["withheld"] == ["care"]
    installed.erase(cast.RUTH, "care")
    assert note_of(cast.RUTH) == ["ERASED"]
    assert lamplit("seal", "--once")[0] == lamplit("publish", "--once")[0] == 0
    assert back("--identity", str(nurse))["nothing"]
    assert note_of(cast.RUTH) == ["ERASED"]


def test_nothing_goes_to_a_store_that_lacks_keys_which_nobody_brought(installed, lamplit, back, tmp_path):
    two_custodians(installed, tmp_path)
    cast.settle()
    note_need(cast.RUTH, "test:note:1")
    assert lamplit("seal", "--once")[0] == lamplit("publish", "--once")[0] == 0
    make_anew(installed)
    back()
    other = open_store(tmp_path / "other", durable=False)
    with installed.connect("sealer") as db, pytest.raises(OSError, match="keys of class care that were not brought"):
        publish.Publisher(db, other, "far", keyfiles.read_recipients(place.key_folder())).publish_once()
    assert list(other.list("checkpoints")) == []
    installed.holds = False


def test_nothing_begins_on_an_old_copy_and_all_say_how_it_is_brought_forward(installed, copies, lamplit):
    kept = set_back(installed, copies)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    for words in (("publish", "--once"), ("seal", "--once"), ("work", "--once"), ("serve", "--port", free)):
        code, _, err = lamplit(*words)
        assert code == 1
        assert "Stop everything and run `lamplit restore`" in err
    make_anew(installed, kept)


def test_who_has_only_the_log_key_and_an_identity_can_go_on(installed, lamplit, back):
    """Whom keys are sealed to from now on is known from who opened them."""
    cast.settle()
    installed.publish()
    for file in place.key_folder().glob("recipients-*"):
        file.unlink()
    make_anew(installed)
    code, _, err = lamplit("restore")
    assert code == 1
    assert "Nobody knows for whom keys of class contact are to be sealed" in err
    back()
    assert keyfiles.read_recipients(place.key_folder()) == RECIPIENTS


def test_what_the_lost_worker_had_not_come_to_is_listed_and_released(installed, lamplit, back):
    """A receipt that nobody ordered before the database went down: a person lets it out, and nothing else goes."""
    story(installed)
    reported = repaired.report()
    installed.publish()
    make_anew(installed)
    back()
    code, out, _ = lamplit("owed")
    assert code == 0
    assert "repair.reported" in out
    assert reported.leads in out
    assert follow.owed() == []
    assert lamplit("owed", "--release")[0] == 0
    assert follow.owed()
