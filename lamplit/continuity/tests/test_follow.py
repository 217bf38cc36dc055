"""Following: whatever fails or is killed, the standby ends with exactly what main has; what is wrong is refused in words."""

from dataclasses import replace
from itertools import count
from typing import Any

import psycopg
import pytest

from lamplit.continuity import follow, state
from lamplit.continuity.state import Alarm
from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import SigningKey
from lamplit.record.store import FolderStore
from lamplit.record.tiles import WIDTH, bundle_path, tile_path
from lamplit.record.verify import verify_store
from tests.attack.log_builder import LOG, LogBuilder, entries
from tests.standby import COSIGNER


class Killed(BaseException):
    """The process ends here."""


class Failing:
    """A store whose nth write fails, before it is done or after."""

    def __init__(self, store: Any, at: int, *, after: bool) -> None:
        self.store, self.at, self.after, self.numbers = store, at, after, count(1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def create(self, path: str, data: bytes) -> None:
        self._write(self.store.create, path, data)

    def replace(self, path: str, data: bytes) -> None:
        self._write(self.store.replace, path, data)

    def delete(self, path: str) -> None:
        self._write(self.store.delete, path)

    def _write(self, write: Any, *given: Any) -> None:
        mine = next(self.numbers) == self.at  # several threads write
        if mine and not self.after:
            raise Killed
        write(*given)
        if mine:
            raise Killed


@pytest.fixture
def main(tmp_path: Any) -> LogBuilder:
    return LogBuilder(FolderStore(tmp_path / "main", durable=False))


@pytest.fixture
def witness(make_standby: Any) -> Any:
    """A standby that follows a made-up log."""
    return make_standby(LOG.verifier)


def same(main: LogBuilder, standby: Any) -> None:
    """The mirror is a whole store of its own, with every file that main has, and our signature."""
    ours = {path: standby.mirror.get(path) for path in standby.mirror.list()}
    theirs = {path: main.store.get(path) for path in main.store.list()}
    kept = {path for path in theirs if not _replaced(path, theirs) and not path.startswith("checkpoint")}
    beside = {path for path in ours if not path.startswith("checkpoint")} - kept
    assert all(path.startswith("tile/") and ".p/" in path for path in beside)  # between two steps of a long way
    assert all(ours[path] == theirs[path] for path in kept)
    assert not verify_store(standby.mirror, LOG.vkey, cosigners=[COSIGNER.vkey]).faults
    tree, _ = open_checkpoint(ours["checkpoint"], LOG.verifier, [COSIGNER.verifier])
    held = standby.held()
    assert (tree.size, tree.root) == (held.size, held.root) == (main.frontier.size, main.frontier.root())
    assert ours["checkpoint"] == held.note


def _replaced(path: str, there: dict[str, bytes]) -> bool:
    full, partial, _ = path.partition(".p/")
    return bool(partial) and full in there


def grow(main: LogBuilder, *by: int) -> None:
    for more in by:
        main.add([f"entry {main.frontier.size + n}".encode() for n in range(more)])


def test_it_ends_with_what_main_has_whatever_is_cut_off(main, witness):
    """Every write fails before and after it is done, and so does remembering: each time a new follower goes on."""
    writes = 0
    main.store.create("blobs/" + "ab" * 32, b"not its name")
    for after in (False, True):
        at, done = 1, False
        while not done:
            grow(main, 300)
            failing = Failing(witness.mirror, at, after=after)
            try:
                follower = witness.follower(main.store, failing)
                while follower.step():
                    pass
                done = True
            except Killed:
                writes += 1
                at += 1
            before = witness.held().size
            witness.follow(main.store)
            assert witness.held().size >= before
    assert writes > 12
    main.store.delete("blobs/" + "ab" * 32)
    assert not verify_store(witness.mirror, LOG.vkey, cosigners=[COSIGNER.vkey]).faults
    assert witness.held().size == main.frontier.size


@pytest.mark.parametrize("after", [False, True])
def test_remembering_is_cut_off(main, witness, monkeypatch, after):
    grow(main, 5)
    witness.follow(main.store)
    grow(main, 2)
    advance = state.advance

    def cut(*given: Any) -> bool:
        if after:
            advance(*given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(state, "advance", cut)
        with pytest.raises(Killed):
            witness.follow(main.store)
    shown = open_checkpoint(witness.mirror.get("checkpoint"), LOG.verifier)[0].size
    assert shown == 5  # nobody was shown what was not remembered
    assert witness.held().size == (7 if after else 5)
    witness.follow(main.store)
    same(main, witness)


def test_far_ahead_it_takes_many_steps_and_holds_each_to_the_root(main, witness, monkeypatch):
    monkeypatch.setattr(follow, "STEP", WIDTH)
    monkeypatch.setattr(follow, "STRIDE", 2 * WIDTH)
    grow(main, 100, 1000, 10, 900)
    follower = witness.follower(main.store)
    sizes = []
    while follower.step():
        sizes.append(witness.held().size)
    assert sizes == [100, 1100, 1110, 2010]
    same(main, witness)


def test_two_race_for_one_cursor(main, witness):
    grow(main, 10)
    one, other = witness.follower(main.store), witness.follower(main.store)
    one.step(), other.step()
    for more in (1, 300, 7):
        grow(main, more)
        other._held = one._held = witness.held()
        first = one._take(one._held, *one._goal(*_shown(main), one._held)), other._take(other._held, *_shown(main))
        slow = other._held
        one._cosign(one._held, *_shown(main), bytes(first[0]))
        other._cosign(slow, *_shown(main), bytes(first[1]))
        assert other._held is None  # the slower one looks again
        other.step()
    same(main, witness)


def _shown(main: LogBuilder) -> tuple[Checkpoint, bytes]:
    note = main.store.get("checkpoint")
    return open_checkpoint(note, LOG.verifier)[0], note


def refused(witness: Any, store: Any, what: str, words: str) -> None:
    """It is refused in words, rung, written down with its evidence; nothing that we have is touched."""
    before = {path: witness.mirror.get(path) for path in witness.mirror.list()}
    held = witness.held()
    with pytest.raises(Alarm, match=words) as rung:
        witness.follow(store)
    assert rung.value.what == what
    assert witness.alarms()[0] == what
    assert {path: witness.mirror.get(path) for path in witness.mirror.list()} == before
    assert witness.held() == held


def another(tmp_path: Any, size: int, word: str = "other", key: SigningKey = LOG) -> FolderStore:
    store = FolderStore(tmp_path / f"{word}{size}{key.vkey[-4:]}".replace("/", ""), durable=False)
    LogBuilder(store, key).add([f"{word} {n}".encode() for n in range(size)])
    return store


def test_what_is_wrong_is_refused_and_nothing_is_overwritten(main, witness, tmp_path):
    grow(main, 300)
    witness.follow(main.store)
    forged = another(tmp_path, 300)
    refused(witness, forged, "forked", "rewritten")
    refused(witness, another(tmp_path, 320), "forked", "rewritten")
    refused(witness, another(tmp_path, 200), "forked", "rewritten")
    refused(witness, another(tmp_path, 200, "entry"), "rolled back", "300 that it signed")
    refused(
        witness, another(tmp_path, 320, "entry", SigningKey.from_seed(LOG.name, bytes(32))), "wrong key", "cannot be believed"
    )
    refused(witness, another(tmp_path, 0), "rolled back", "shows 0 entries")
    refused(witness, FolderStore(tmp_path / "empty"), "missing", "no checkpoint any more")
    note = main.store.get("checkpoint")
    main.store.replace("checkpoint", another(tmp_path, 200, "entry").get("checkpoint"))
    refused(witness, main.store, "stale", "pointer went back")
    main.store.replace("checkpoint", note)
    assert witness.follow(main.store) == 300
    evidence = witness.sealer.execute("SELECT evidence FROM continuity.alarm WHERE what = 'forked' ORDER BY id").fetchone()[0]
    assert bytes(evidence) == forged.get("checkpoint")
    with pytest.raises(psycopg.errors.RestrictViolation):
        witness.owner.execute("DELETE FROM continuity.alarm")


def test_a_fork_whose_shared_bundles_look_right_is_seen(main, witness, tmp_path):
    """The thief of the log's key keeps what we last copied of the last bundle, and rewrites an older one."""
    grow(main, 600)
    witness.follow(main.store)
    forged = FolderStore(tmp_path / "forged", durable=False)
    LogBuilder(forged).add([b"forged", *entries(700)[1:]])
    refused(witness, forged, "forked", "rewritten")


def test_files_altered_or_missing_in_what_is_new(main, witness):
    grow(main, 256)
    witness.follow(main.store)
    grow(main, 300)
    for path, words in ((bundle_path(1), "is not the one"), (tile_path(0, 2, 44), "not those")):
        data = main.store.get(path)
        main.store.replace(path, data[:-1] + bytes([data[-1] ^ 1]))
        if path.startswith("tile/0"):
            bundle = main.store.get(bundle_path(1))
            main.store.replace(bundle_path(1), bundle[:-1] + b"!")
        refused(witness, main.store, "altered", words)
        main.store.replace(path, data)
        if path.startswith("tile/0"):
            main.store.replace(bundle_path(1), bundle)
    data = main.store.get(bundle_path(1))
    main.store.delete(bundle_path(1))
    refused(witness, main.store, "missing", "lacks tile/entries/001")
    main.store.replace(bundle_path(1), data[:-3])
    refused(witness, main.store, "altered", "damaged")
    main.store.replace(bundle_path(1), data)
    assert witness.follow(main.store) == 556
    same(main, witness)


def test_our_own_copy_is_looked_at_before_we_sign_on_it(main, witness):
    grow(main, 300)
    witness.follow(main.store)
    path = tile_path(0, 1, 44)
    witness.mirror.replace(path, bytes(32 * 44))
    grow(main, 1)
    with pytest.raises(Alarm, match="Our own copy"):
        witness.follow(main.store)
    assert witness.held().size == 300
    witness.mirror.delete(path)
    with pytest.raises(Alarm, match="Our own copy"):
        witness.follow(main.store)


def test_what_it_holds_is_looked_at_again_when_it_grows(main, witness, tmp_path):
    """Main changes an entry that we hold inside a longer bundle; then our own disk changes under a follower that runs."""
    grow(main, 10)
    follower = witness.follower(main.store)
    while follower.step():
        pass
    grow(main, 5)
    path = bundle_path(0, 15)
    data = main.store.get(path)
    main.store.replace(path, data.replace(b"entry 3", b"entry X"))
    refused(witness, main.store, "altered", "is not what it was")
    main.store.replace(path, data)
    witness.mirror.replace(tile_path(0, 0, 10), bytes(32 * 10))
    with pytest.raises(Alarm, match="Our own copy"):
        follower.step()
    assert witness.held().size == 10
    for path in list(witness.mirror.list()):  # the damaged copy is moved away, and made again from main's store
        witness.mirror.delete(path)
    with pytest.raises(Alarm, match="not those that it signed for"):
        witness.follow(another(tmp_path, 10))
    for path in list(witness.mirror.list()):
        witness.mirror.delete(path)
    witness.follow(main.store)
    same(main, witness)


def test_the_database_itself_lets_nothing_shrink(main, witness):
    grow(main, 10)
    witness.follow(main.store)
    held = witness.held()
    for bad in (replace(held, size=9), replace(held, root=bytes(32))):
        with pytest.raises(psycopg.errors.RestrictViolation):
            state.advance(witness.sealer, held, bad)
    with witness.connect("app") as web:  # what faces the internet cannot move what we mirror
        assert not state.advance(web, replace(held, mirrored=False), replace(held, mirrored=False, size=11))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        witness.sealer.execute("DELETE FROM continuity.cosigned")


def test_it_cosigns_each_minute_and_never_with_an_earlier_time(main, witness):
    grow(main, 1)
    witness.follow(main.store)
    first = witness.held().cosigned_at
    follower = witness.follower(main.store)
    follower.step()
    assert witness.held().cosigned_at == first
    witness.wait(seconds=61)
    follower.step()
    assert (witness.held().cosigned_at - first).total_seconds() == 61
    witness.wait(seconds=-3600)
    grow(main, 1)
    follower.step()
    assert witness.held().size == 2
    assert witness.held().cosigned_at == first.replace(minute=1, second=1)
    same(main, witness)
