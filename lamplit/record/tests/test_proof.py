"""Proofs: every one of small trees, worked vectors, others' verdicts, and any change at all is refused."""

import base64
import json
from pathlib import Path

import pymerkle
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import COSIGNATURE, NoteRejected, SigningKey, add_line
from lamplit.record.proof import (
    ProofFile,
    ProofRejected,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
)
from lamplit.record.tiles import EMPTY_ROOT, grow_tiles, leaf_hashes, subtree_root, tile_path
from lamplit.record.verify import check_proof_file
from tests.attack.log_builder import COSIGNED_AT, LOG, WITNESS, entries

ENTRIES = entries(700)
LEAVES = leaf_hashes(ENTRIES)
ROOTS = [subtree_root(LEAVES[:size]) for size in range(701)]
TILES: dict[str, bytes] = {}


def read(level: int, n: int, width: int) -> bytes:
    return TILES[tile_path(level, n)][: 32 * width]


def _publish() -> None:
    """Full tiles only, with made-up hashes beyond 700 that no proof may use."""
    padded = LEAVES + [b"\xff" * 32] * (65_536 - 700)
    TILES.update(grow_tiles(0, padded, read))


_publish()

sizes = st.integers(1, 700)


# Made proofs ------------------------------------------------------------------------------------------------


def test_proofs_agree_with_other_implementations() -> None:
    assert [h.hex() for h in inclusion_proof(3, 7, read)] == [
        "57c79f4f31ae029c5d4bd30b073c27c94df93438b2b4697e1e1eef5bc0394a41",
        ROOTS[2].hex(),
        "94afb8a2ca051c05458ea39dcd19b1bd68e7e33529f10b439d2a615a51f636e2",
    ]
    assert [h.hex() for h in consistency_proof(3, 7, read)] == [
        "57c79f4f31ae029c5d4bd30b073c27c94df93438b2b4697e1e1eef5bc0394a41",
        "61ca1139f6815841d5baf2d0d2d9bd9dfee97c898dd6f7ba0c0aa941ee6c01eb",
        ROOTS[2].hex(),
        "94afb8a2ca051c05458ea39dcd19b1bd68e7e33529f10b439d2a615a51f636e2",
    ]
    assert [h.hex()[:8] for h in consistency_proof(6, 7, read)] == ["dd0379d8", "be15781b", "9799f307"]


def test_every_proof_of_every_small_tree_checks() -> None:
    for size in range(1, 66):
        for index in range(size):
            check_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, read), ROOTS[size])
        for old in range(size + 1):
            check_consistency(old, ROOTS[old], size, ROOTS[size], consistency_proof(old, size, read))


@given(sizes, sizes)
def test_proofs_across_tiles_check(a: int, b: int) -> None:
    old, new = sorted((a, b))
    check_inclusion(LEAVES[old - 1], old - 1, new, inclusion_proof(old - 1, new, read), ROOTS[new])
    check_consistency(old, ROOTS[old], new, ROOTS[new], consistency_proof(old, new, read))


def test_pymerkle_s_proofs_hold_the_same_hashes() -> None:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ENTRIES[:100]:
        tree.append_entry(entry)
    for index in range(0, 100, 7):
        theirs = tree.prove_inclusion(index + 1, 100).serialize()["path"]
        ours = inclusion_proof(index, 100, read)
        assert ours
        assert set(ours) <= {bytes.fromhex(step) for step in theirs}


def test_a_proof_reads_each_tile_once() -> None:
    asked = []

    def counting(level: int, n: int, width: int) -> bytes:
        asked.append((level, n))
        return read(level, n, width)

    inclusion_proof(300, 700, counting)
    assert sorted(asked) == sorted(set(asked)) == [(0, 1), (0, 2), (1, 0)]


def test_there_is_no_proof_of_what_is_not_there() -> None:
    for index, size in ((7, 7), (-1, 7), (0, 0)):
        with pytest.raises(ValueError, match="has no entry"):
            inclusion_proof(index, size, read)
    with pytest.raises(ValueError, match="cannot extend"):
        consistency_proof(8, 7, read)


# Changed proofs ---------------------------------------------------------------------------------------------


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


@st.composite
def changes(draw: st.DrawFn, path: list[bytes]) -> list[bytes]:
    """A path with one hash altered, dropped, added, doubled, or two swapped."""
    at = draw(st.integers(0, max(0, len(path) - 1)))
    how = draw(st.sampled_from(["altered", "dropped", "added", "doubled", "swapped", "cut", "short"]))
    new = list(path)
    if how == "added" or not path:
        new.insert(draw(st.integers(0, len(path))), draw(st.binary(min_size=32, max_size=32)))
    elif how == "altered":
        new[at] = flip(new[at], draw(st.integers(0, 255)))
    elif how == "dropped":
        del new[at]
    elif how == "doubled":
        new.insert(at, new[at])
    elif how == "swapped":
        new[at], new[-1] = new[-1], new[at]
    elif how == "cut":
        del new[at:]
    else:
        new[at] = new[at][:31]
    assume(new != path)
    return new


@given(sizes, sizes, st.data())
def test_a_changed_inclusion_proof_is_refused(a: int, b: int, data: st.DataObject) -> None:
    index, size = min(a, b) - 1, max(a, b)
    path = inclusion_proof(index, size, read)
    with pytest.raises(ProofRejected):
        check_inclusion(LEAVES[index], index, size, data.draw(changes(path)), ROOTS[size])


@given(sizes, sizes, st.data())
def test_a_changed_consistency_proof_is_refused(a: int, b: int, data: st.DataObject) -> None:
    old, new = sorted((a, b))
    path = consistency_proof(old, new, read)
    with pytest.raises(ProofRejected):
        check_consistency(old, ROOTS[old], new, ROOTS[new], data.draw(changes(path)))


@given(sizes, sizes, sizes, st.integers(0, 255))
def test_a_proof_of_something_else_is_refused(a: int, b: int, other: int, bit: int) -> None:
    old, new = sorted((a, b))
    index = old - 1
    path = inclusion_proof(index, new, read)
    for leaf, root in ((flip(LEAVES[index], bit), ROOTS[new]), (LEAVES[index], flip(ROOTS[new], bit))):
        with pytest.raises(ProofRejected):
            check_inclusion(leaf, index, new, path, root)
    if other != old:
        with pytest.raises(ProofRejected):
            check_inclusion(LEAVES[index], other - 1, new, path, ROOTS[new])
    consistent = consistency_proof(old, new, read)
    for first, second in ((flip(ROOTS[old], bit), ROOTS[new]), (ROOTS[old], flip(ROOTS[new], bit))):
        with pytest.raises(ProofRejected):
            check_consistency(old, first, new, second, consistent)


def test_two_histories_of_one_length_are_refused() -> None:
    check_consistency(7, ROOTS[7], 7, ROOTS[7], [])
    for old, old_root, new, new_root in (
        (7, ROOTS[7], 7, ROOTS[8]),
        (0, ROOTS[1], 7, ROOTS[7]),
        (8, ROOTS[8], 7, ROOTS[7]),
        (-1, ROOTS[1], 7, ROOTS[7]),
    ):
        with pytest.raises(ProofRejected):
            check_consistency(old, old_root, new, new_root, [])
    check_consistency(0, EMPTY_ROOT, 7, ROOTS[7], [])


def test_a_consistency_proof_may_not_be_empty() -> None:
    with pytest.raises(ProofRejected, match="cut short"):
        check_consistency(3, ROOTS[3], 7, ROOTS[7], [])
    with pytest.raises(ProofRejected, match="cut short"):
        check_consistency(4, ROOTS[4], 7, ROOTS[7], [])


@pytest.mark.material
def test_others_verdicts_on_inclusion_proofs_are_ours(material: Path) -> None:
    verdicts = {False: 0, True: 0}
    for path in (material / "transparency-log/merkle-proofs/inclusion").rglob("*.json"):
        case = json.loads(path.read_text())
        hashes = [base64.b64decode(value) for value in case["proof"] or []]
        leaf, root = base64.b64decode(case["leafHash"] or ""), base64.b64decode(case["root"] or "")
        try:
            check_inclusion(leaf, case["leafIdx"], case["treeSize"], hashes, root)
            refused = False
        except ProofRejected:
            refused = True
        assert refused == case["wantErr"], path
        verdicts[refused] += 1
    assert verdicts[True] > verdicts[False] > 0


# The proof file ---------------------------------------------------------------------------------------------


def proof_file(extra: bytes | None = ENTRIES[3]) -> bytes:
    note = LOG.sign(Checkpoint(LOG.name, 7, ROOTS[7]).format())
    note = add_line(note, WITNESS.cosign(note.split(b"\n\n")[0].decode() + "\n", COSIGNED_AT))
    return ProofFile(3, tuple(inclusion_proof(3, 7, read)), note, extra).format()


def test_a_proof_file_is_plain_lines() -> None:
    lines = proof_file().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZW50cnkgMw==", "index 3"]
    assert lines[3] == base64.b64encode(LEAVES[2]).decode()
    assert lines[6:9] == ["", LOG.name, "7"]
    assert ProofFile.parse(proof_file()).format() == proof_file()
    assert ProofFile.parse(proof_file(None)).extra is None


def test_a_proof_file_proves_its_entry_and_says_so() -> None:
    report = check_proof_file(proof_file(), LOG.vkey, cosigners=[WITNESS.vkey])
    assert report.ok
    assert report.words == "This is entry 3 of the record landlord.example/record, signed at 7 entries."
    assert (report.index, report.size, report.entry) == (3, 7, b"entry 3")
    assert report.cosigned == {WITNESS.name: COSIGNED_AT}
    assert check_proof_file(proof_file(None), LOG.vkey, entry=b"entry 3").ok


def test_a_proof_of_the_only_entry_has_no_hashes() -> None:
    note = LOG.sign(Checkpoint(LOG.name, 1, ROOTS[1]).format())
    data = ProofFile(0, (), note).format()
    assert check_proof_file(data, LOG.vkey, entry=b"entry 0").ok


def test_a_proof_file_proves_nothing_else() -> None:
    assert "another root" in check_proof_file(proof_file(b"entry 4"), LOG.vkey).words
    assert "another root" in check_proof_file(proof_file(), LOG.vkey, entry=b"entry 4").words
    assert "Give the entry" in check_proof_file(proof_file(None), LOG.vkey).words
    assert not check_proof_file(proof_file().replace(b"index 3", b"index 2"), LOG.vkey).ok
    assert not check_proof_file(proof_file().replace(b"\n7\n", b"\n8\n"), LOG.vkey).ok
    stranger = check_proof_file(proof_file(), SigningKey.from_seed(LOG.name, bytes(32)).vkey)
    assert not stranger.ok
    assert "none of the keys you trust" in stranger.words


def test_a_proof_file_needs_the_witnesses_that_you_ask_for() -> None:
    second = SigningKey.from_seed("witness.example/w2", bytes(32), COSIGNATURE)
    both = [WITNESS.vkey, second.vkey]
    assert "1 of the witnesses" in check_proof_file(proof_file(), LOG.vkey, cosigners=both).words
    assert check_proof_file(proof_file(), LOG.vkey, cosigners=both, need=1).ok
    twice = [WITNESS.vkey, WITNESS.vkey]
    assert not check_proof_file(proof_file(), LOG.vkey, cosigners=twice, need=2).ok


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"extra ", b"extra  "),
        (b"extra ", b"Extra "),
        (b"ZW50cnkgMw==", b"ZW50cnkgMw"),
        (b"index 3", b"index 03"),
        (b"index 3", b"index -3"),
        (b"index 3", b"index 3 "),
        (b"index 3", b"index"),
        (b"index 3\n", b""),
        (b"index 3\n", b"index 3\n\n"),
        (b"index 3\n", b"index 3\nAAAA\n"),
        (b"index 3\n", b"index 3\r\n"),
        (b"\n\n", b"\n"),
    ],
)
def test_a_malformed_proof_file_is_refused(old: bytes, new: bytes) -> None:
    changed = proof_file().replace(old, new, 1)
    assert changed != proof_file()
    assert not check_proof_file(changed, LOG.vkey).ok


def test_a_proof_of_endless_hashes_is_refused_before_it_costs_anything() -> None:
    line = base64.b64encode(bytes(32)) + b"\n"
    with pytest.raises(ProofRejected, match="more hashes than any record needs"):
        ProofFile.parse(proof_file().replace(b"index 3\n", b"index 3\n" + line * 64))
    with pytest.raises(ProofRejected, match="more hashes than any record needs"):
        check_inclusion(LEAVES[0], 0, 1, [bytes(32)] * 70, ROOTS[1])


@given(st.integers(0, 8 * len(proof_file()) - 1))
def test_any_flipped_bit_of_a_proof_file_is_noticed(bit: int) -> None:
    changed = flip(proof_file(), bit)
    witnessed = check_proof_file(changed, LOG.vkey, cosigners=[WITNESS.vkey])
    assert not witnessed.ok


def test_only_the_log_s_own_checkpoint_proves() -> None:
    note = WITNESS.cosign(Checkpoint(LOG.name, 7, ROOTS[7]).format(), COSIGNED_AT)
    forged = ProofFile(3, tuple(inclusion_proof(3, 7, read)), Checkpoint(LOG.name, 7, ROOTS[7]).format().encode() + b"\n" + note)
    with pytest.raises(NoteRejected, match="log itself"):
        ProofFile.parse(forged.format()).check(b"entry 3", LOG.verifier, [WITNESS.verifier])
