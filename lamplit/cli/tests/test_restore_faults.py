"""`lamplit restore` cut off at any moment, and stores that something died over or that somebody planted files in."""

import psycopg
import pytest
from psycopg import sql

from lamplit.basics.clock import now
from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.reactions import follow
from lamplit.record import keyfiles, restore, swap
from lamplit.record.encode import Codec
from lamplit.record.rebuild import Rebuilt
from lamplit.record.restore import Wanted, head, rows
from lamplit.record.verify import verify_store
from tests import cast
from tests.landlord import CUSTODIAN
from tests.losing import (
    BY,
    cut_off,
    everything,
    make_anew,
    new_home,
    note_need,
    state,
    story,
)

pytestmark = pytest.mark.usefixtures("installed")


STEPS = [
    (rows, "next_intake_ids"), (rows, "copy_entries"), (rows, "bring_keys"), (rows, "bring_commands"), (rows, "bring_erasures"),
    (rows, "bring_blobs"), (rows, "bring_head"), (rows, "bring_places"), (rows, "write_down"), (restore, "rebuild"),
    (swap.Follower, "finish"), (swap, "take_over"), (restore, "clear_the_way"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_cut_off_at_any_step_it_changed_nothing_and_is_run_again(installed, copies, back, lamplit, monkeypatch, after):
    story(installed)
    whole = everything(installed)
    make_anew(installed)
    empty = state(installed)
    for module, name in STEPS:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, cut_off(getattr(module, name), after))
            with pytest.raises(ZeroDivisionError):
                back()
        committed = name == "clear_the_way" or (name == "take_over" and after)
        if committed:
            assert everything(installed) == whole
            assert back()["nothing"]
            make_anew(installed)
        else:
            assert state(installed) == empty, name
    back()
    assert everything(installed) == whole


class Faulty(psycopg.Connection):
    """A connection whose write number `at` fails, before or after it was done."""

    left, after = 10_000, False

    def execute(self, query, params=None, **options):
        text = query if isinstance(query, str) else query.as_string(self) if hasattr(query, "as_string") else query.decode()
        if not text.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "SELECT setval")):
            return super().execute(query, params, **options)
        self.left -= 1
        if self.left == -1 and not self.after:
            raise ZeroDivisionError
        done = super().execute(query, params, **options)
        if self.left == -1:
            raise ZeroDivisionError
        return done


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before it was done", "after it was done"])
def test_each_write_of_a_restore(installed, back, monkeypatch, after):
    """The tables are another matter: here there is but one."""
    story(installed)
    whole = everything(installed)
    make_anew(installed)
    empty = state(installed)
    wanted = Wanted(
        installed.store, installed.key.verifier, Codec(place.origin()), wiring(), by=BY, at=now(), name="near",
        identities=[CUSTODIAN], readers=(follow.NAME,),
    )  # fmt: skip
    for at in range(60):
        with Faulty.connect(installed.conninfo("owner")) as db, monkeypatch.context() as patch:
            patch.setattr(restore, "rebuild", no_tables)
            db.left, db.after = at, after
            try:
                restore.restore(db, wanted, installed.conninfo("owner"), print, lambda *_: None)
            except ZeroDivisionError:
                assert state(installed) == empty, at
            else:
                assert at > 15, "so many writes there are at least"
                break
    assert everything(installed)["entry"] == whole["entry"]
    make_anew(installed)
    back()
    assert everything(installed) == whole


def no_tables(source, conninfo, schema, make_tables, **options):
    with psycopg.connect(conninfo) as db:
        db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        here = sql.Identifier(schema, "comeback")  # that it came back is folded at the end
        db.execute(sql.SQL("CREATE TABLE {} (LIKE folded.comeback INCLUDING ALL)").format(here))
    return Rebuilt(0, b"")


def test_what_a_publisher_left_when_it_died_is_moved_out_of_the_way(installed, back, lamplit, monkeypatch):
    """The database went down with it: entries of the same numbers come again, and other ones."""
    story(installed)
    whole = everything(installed)
    size = len(whole["entry"])
    note_need(cast.TOMASZ, "test:lost")
    new_home(70)
    with monkeypatch.context() as patch:
        patch.setattr(installed.store, "replace", cut_off(None, after=False))
        patch.setattr(installed.store, "create", all_but_checkpoints(installed.store.create))
        with pytest.raises(ZeroDivisionError):
            installed.publish()
    left = list(head.beyond(installed.store, size))
    assert any(path.startswith("keys/") for path in left)
    assert any(path.startswith("tile/entries/") for path in left)
    make_anew(installed)
    done = back()
    assert done["size"] == size
    assert sorted(done["aside"]["near"]) == sorted(left)
    assert everything(installed) == whole
    note_need(cast.RUTH, "test:again")  # one entry of the restore, this one: as many as were lost
    assert installed.publish() == 2
    assert verify_store(installed.store, installed.key.vkey).ok
    assert installed.keys().keys.keys() >= {row[0] for row in everything(installed)["key"] if row[3]}


def all_but_checkpoints(create):
    def create_others(path, data):
        if path.startswith("checkpoints/"):
            raise ZeroDivisionError
        create(path, data)

    return create_others


def test_a_pointer_that_stands_behind_costs_nothing(installed, back):
    """A publisher died just before it moved the pointer: what it had filed is signed, and all of it is there."""
    cast.settle()
    installed.publish()
    behind = installed.store.get("checkpoint")
    new_home(1)
    installed.publish()
    before = everything(installed)
    installed.store.replace("checkpoint", behind)
    make_anew(installed)
    back()
    assert everything(installed) == before


def test_a_planted_key_file_opens_nothing_and_stands_in_nobodys_way(installed, back):
    cast.settle()
    installed.publish()
    before = everything(installed)
    (key, subject, *_) = before["key"][0]
    wrong = [keyfiles.HeldKey(key, subject, bytes(32)), keyfiles.HeldKey("k", "p_1", b"short")]
    installed.store.create("keys/contact/1-2.age", keyfiles.encrypt(wrong, [str(CUSTODIAN.to_public())]))
    installed.store.create("keys/contact/2-3.age", b"no age file")
    make_anew(installed)
    back()
    assert everything(installed) == before
    for planted in ("keys/contact/1-2.age", "keys/contact/2-3.age"):
        installed.store.delete(planted)
