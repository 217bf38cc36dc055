"""Writes a small log to a store, the way an outsider would write one: for tests of verifying and tampering only."""

from collections.abc import Sequence

from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import COSIGNATURE, SigningKey, add_line
from lamplit.record.store import Store, read_bundle, tile_reader
from lamplit.record.tiles import WIDTH, Frontier, grow_bundles, grow_tiles, leaf_hashes

LOG = SigningKey.from_seed("landlord.example/record", bytes(range(32)))
WITNESS = SigningKey.from_seed("witness.example/w1", bytes(range(32, 64)), COSIGNATURE)
COSIGNED_AT = 1_790_000_000


def entries(count: int) -> list[bytes]:
    """Return `entry 0`, `entry 1`, ..."""
    return [f"entry {i}".encode() for i in range(count)]


class LogBuilder:
    """A log that publishes to `store`, signing with `key` and asking `witness`, if there is one."""

    def __init__(self, store: Store, key: SigningKey = LOG, witness: SigningKey | None = None) -> None:
        self.store, self.key, self.witness = store, key, witness
        self.frontier = Frontier()

    def add(self, new: Sequence[bytes]) -> bytes:
        """Publish entries and a checkpoint over them; return its note."""
        n, width = divmod(self.frontier.size, WIDTH)
        head = read_bundle(self.store, n, width) if width else []
        for path, data in grow_bundles(self.frontier.size, head, new):
            self.store.create(path, data)
        leaves = leaf_hashes(new)
        for path, data in grow_tiles(self.frontier.size, leaves, tile_reader(self.store)):
            self.store.create(path, data)
        self.frontier.extend(leaves)
        return self.publish()

    def publish(self) -> bytes:
        """Sign what is there and move the pointer; return the note."""
        text = Checkpoint(self.key.name, self.frontier.size, self.frontier.root()).format()
        note = self.key.sign(text)
        self.store.create(f"checkpoints/{self.frontier.size}", note)
        if self.witness is not None:
            note = add_line(note, self.witness.cosign(text, COSIGNED_AT))
        self.store.replace("checkpoint", note)
        return note
