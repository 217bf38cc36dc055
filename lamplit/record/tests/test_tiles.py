"""Hashes, tiles and bundles: worked vectors, the recursive definition, and growth in any steps."""

import os
from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.record.tiles import (
    EMPTY_ROOT,
    WIDTH,
    Frontier,
    Malformed,
    TileName,
    bundle_path,
    decode_bundle,
    encode_bundle,
    grow_bundles,
    grow_tiles,
    leaf_hash,
    leaf_hashes,
    read_path,
    root_at,
    split_hashes,
    subtree_root,
    tile_path,
    tiles_of,
)
from tests.attack.log_builder import entries

LEAVES = leaf_hashes(entries(700))
SIZES = [*range(80), 255, 256, 257, 511, 512, 513, 700]

ROOTS = {
    1: "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701",
    2: "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0",
    3: "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19",
    4: "9799f307517ef517c2205df9b67762bf34756b20099fb7dfcce76bcebd273b2e",
    7: "98c97f0ba3175cd08b031dd084b9dc4e649b64d1a28e6ea694646503173ab587",
    8: "b69732ce5c914162ca9accfaf4e95d3f9874d68805437088aaff184a4db96773",
    256: "da6596d95369f5fef322ab8e4e0da3b0b50236aa9c8a3b1d246f7411c9e2e32e",
    257: "5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e",
    300: "ca393d0296bec5e0b8dcab983bd1fb7d1461f512e7267cb89631ad26fd66d848",
}


def mth(data: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word, over entries."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


class Tiles(dict[str, bytes]):
    """Published tiles in a dict; `read` falls back from a partial tile to the full one."""

    def read(self, level: int, n: int, width: int) -> bytes:
        data = self.get(tile_path(level, n, width)) or self[tile_path(level, n)]
        return data[: 32 * width]

    def grow(self, old_size: int, leaves: list[bytes]) -> None:
        for path, data in grow_tiles(old_size, leaves, self.read):
            assert self.setdefault(path, data) == data


# Hashes -----------------------------------------------------------------------------------------------------


def test_leaves_agree_with_other_implementations() -> None:
    assert leaf_hash(b"entry 0").hex() == ROOTS[1]
    empty = leaf_hash(b"").hex()
    assert (empty[:16], empty[-6:]) == ("6e340b9cffb37a98", "afa01d")
    assert leaf_hashes([b"entry 0", b""]) == [leaf_hash(b"entry 0"), leaf_hash(b"")]


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_agree_with_other_implementations(size: int, root: str) -> None:
    assert subtree_root(LEAVES[:size]).hex() == root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert subtree_root([]) == EMPTY_ROOT == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


@pytest.mark.parametrize("size", SIZES)
def test_every_way_to_a_root_equals_the_recursive_definition(size: int) -> None:
    root = mth(entries(size))
    frontier, tiles = Frontier(), Tiles()
    frontier.extend(LEAVES[:size])
    tiles.grow(0, LEAVES[:size])
    assert subtree_root(LEAVES[:size]) == frontier.root() == root_at(size, tiles.read) == root


def test_roots_agree_with_pymerkle() -> None:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for size, entry in enumerate(entries(300), start=1):
        tree.append_entry(entry)
        assert tree.get_root() == subtree_root(LEAVES[:size])


# The frontier -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 300), max_size=6))
def test_a_frontier_grown_in_any_steps_has_the_one_root(steps: list[int]) -> None:
    frontier, size = Frontier(), 0
    for wanted in steps:
        step = min(wanted, len(LEAVES) - size)
        frontier.extend(LEAVES[size : size + step])
        size += step
        assert frontier.size == size
        assert frontier.root() == subtree_root(LEAVES[:size])
        frontier = Frontier.read(bytes(frontier))


def test_a_frontier_takes_whole_tiles() -> None:
    frontier = Frontier()
    frontier.extend([subtree_root(LEAVES[at : at + WIDTH]) for at in (0, WIDTH)], 8)
    frontier.extend(LEAVES[512:600])
    assert (frontier.size, frontier.root()) == (600, subtree_root(LEAVES[:600]))
    with pytest.raises(Malformed, match="cannot start at leaf 600"):
        frontier.extend([bytes(32)], 8)


def test_a_copy_of_a_frontier_grows_apart() -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:5])
    twin = frontier.copy()
    twin.extend(LEAVES[5:7])
    assert (frontier.root(), twin.root()) == (subtree_root(LEAVES[:5]), subtree_root(LEAVES[:7]))


def test_a_frontier_in_a_row_is_its_size_and_its_hashes() -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:3])
    assert bytes(frontier) == (3).to_bytes(8, "big") + bytes.fromhex(ROOTS[2]) + LEAVES[2]
    assert bytes(Frontier()) == bytes(8)
    for damaged in (b"", bytes(frontier)[:-1], bytes(frontier) + b"\0", (4).to_bytes(8, "big") + bytes(64)):
        with pytest.raises(Malformed):
            Frontier.read(damaged)


# Paths ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ((0, 7, 256), "tile/0/007"),
        ((0, 1000, 256), "tile/0/x001/000"),
        ((0, 195_312, 128), "tile/0/x195/312.p/128"),
        ((2, 1_234_067, 256), "tile/2/x001/x234/067"),
        ((63, 0, 1), "tile/63/000.p/1"),
        ((None, 5, 256), "tile/entries/005"),
        ((None, 1_000_000, 255), "tile/entries/x001/x000/000.p/255"),
    ],
)
def test_a_path_is_spelt_in_groups_of_three(name: tuple[int | None, int, int], path: str) -> None:
    assert tile_path(*name) == path
    assert read_path(path) == TileName(*name)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_every_path_reads_back(level: int | None, n: int, width: int) -> None:
    assert read_path(tile_path(level, n, width)) == (level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/7",
        "tile/0/0007",
        "tile/00/007",
        "tile/64/007",
        "tile/-1/007",
        "tile/x/007",
        "tile/Entries/007",
        "tile/0/x000/007",
        "tile/0/001/007",
        "tile/0/x001",
        "tile/0/007.p",
        "tile/0/007.p/",
        "tile/0/007.p/0",
        "tile/0/007.p/01",
        "tile/0/007.p/256",
        "tile/0/007.p/1/2",
        "tile/0/007.tmp",
        "tile/0/007\n",
        "tile/0/٠٠٧",
        "/tile/0/007",
        "tile//0/007",
    ],
)
def test_any_other_spelling_is_no_tile(path: str) -> None:
    with pytest.raises(Malformed):
        read_path(path)


# Bundles ----------------------------------------------------------------------------------------------------


def test_a_bundle_agrees_with_other_implementations() -> None:
    assert encode_bundle(entries(2)).hex() == "0007656e74727920300007656e7472792031"


@given(st.lists(st.binary(max_size=400), max_size=256))
def test_a_bundle_reads_back_and_only_whole(row: list[bytes]) -> None:
    data = encode_bundle(row)
    assert decode_bundle(data, len(row)) == row
    for count in (len(row) - 1, len(row) + 1):
        with pytest.raises(Malformed, match="should hold"):
            decode_bundle(data, count)
    with pytest.raises(Malformed):
        decode_bundle(data + b"\0", len(row))
    if row:
        with pytest.raises(Malformed):
            decode_bundle(data[:-1], len(row))


def test_a_damaged_bundle_says_which_entry() -> None:
    with pytest.raises(Malformed, match="ends inside its entry 2"):
        decode_bundle(encode_bundle(entries(3))[:-1], 3)
    with pytest.raises(Malformed, match="ends inside its entry 3"):
        decode_bundle(encode_bundle(entries(3)) + b"\0", 3)


def test_an_entry_has_at_most_65535_bytes() -> None:
    longest = [os.urandom(65_535)]
    assert decode_bundle(encode_bundle(longest), 1) == longest
    with pytest.raises(Malformed, match=r"65535 bytes, and this has 65536"):
        encode_bundle([bytes(65_536)])


# Growing ----------------------------------------------------------------------------------------------------


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    names = list(tiles_of(70_000))
    assert len([name for name in names if name.level == 0 and name.width == WIDTH]) == 273
    assert [name for name in names if name.width < WIDTH or name.level] == [
        (0, 273, 112),
        (1, 0, 256),
        (1, 1, 17),
        (2, 0, 1),
    ]
    leaves = [i.to_bytes(32, "big") for i in range(70_000)]
    tiles = Tiles()
    tiles.grow(0, leaves)
    assert set(tiles) == {tile_path(*name) for name in names}
    assert root_at(70_000, tiles.read) == subtree_root(leaves)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_there_are_no_empty_tiles(size: int) -> None:
    tiles = Tiles()
    tiles.grow(0, [bytes(32)] * size)
    assert set(tiles) == {tile_path(*name) for name in tiles_of(size)}
    assert all(tiles.values())


def test_fifty_million_entries_end_in_these_tiles() -> None:
    names = [name for name in tiles_of(50_000_000) if name.width < WIDTH]
    assert names == [(0, 195_312, 128), (1, 762, 240), (2, 2, 250), (3, 0, 2)]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_tiles_grown_in_any_steps_serve_every_size_on_the_way(steps: list[int]) -> None:
    tiles, size = Tiles(), 0
    for wanted in steps:
        step = min(wanted, len(LEAVES) - size)
        tiles.grow(size, LEAVES[size : size + step])
        size += step
        assert {tile_path(*name) for name in tiles_of(size)} <= set(tiles)
        assert root_at(size, tiles.read) == subtree_root(LEAVES[:size])

    def read(level: int, n: int, width: int) -> bytes:
        return tiles.read(level, n, min(WIDTH, (size >> 8 * level) - n * WIDTH))[: 32 * width]

    for smaller in range(0, size + 1, 13):  # no such checkpoint was published, and its root is in the tiles all the same
        assert root_at(smaller, read) == subtree_root(LEAVES[:smaller])


def test_growing_asks_only_for_the_right_edge() -> None:
    tiles, asked = Tiles(), []
    tiles.grow(0, LEAVES[:600])

    def read(level: int, n: int, width: int) -> bytes:
        asked.append((level, n, width))
        return tiles.read(level, n, width)

    fresh = dict(grow_tiles(600, LEAVES[600:700], read))
    assert asked == [(0, 2, 88)]
    assert set(fresh) == {"tile/0/002.p/188"}


def test_growing_refuses_an_edge_of_another_width() -> None:
    with pytest.raises(Malformed, match=r"tile/0/000.p/3 holds 2 hashes"):
        list(grow_tiles(3, LEAVES[3:4], lambda *_: bytes(64)))


def test_bundles_grow_beside_the_shorter_ones() -> None:
    row = entries(700)
    grown = dict(grow_bundles(300, row[256:300], row[300:600]))
    assert set(grown) == {bundle_path(1), bundle_path(2, 88)}
    assert decode_bundle(grown[bundle_path(1)], 256) == row[256:512]
    assert decode_bundle(grown[bundle_path(2, 88)], 88) == row[512:600]
    assert dict(grow_bundles(300, row[256:300], [])) == {}
    with pytest.raises(Malformed, match="has 44, not 43"):
        list(grow_bundles(300, row[257:300], row[300:600]))


def test_a_tile_is_whole_hashes() -> None:
    hashes = LEAVES[:3]
    assert split_hashes(b"".join(hashes)) == hashes
    with pytest.raises(Malformed, match="33 bytes"):
        split_hashes(bytes(33))
