"""Write a generation of every key that a standby opens too, as the publisher does each hour."""

from typing import Any

from lamplit.cli import start
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.generations import Keeper
from lamplit.record.store import open_store


def main(heir: str, _processes: str = "") -> dict[str, Any]:
    """`heir`: the standby's recipient."""
    to = keyfiles.read_recipients(place.key_folder())
    store = open_store(start.near_store())
    for path in [*store.list("keys")]:
        store.delete(path)  # of this size there is one already, for the custodian alone
    with start.connect("sealer") as db:
        Keeper(db, store, {name: [*those, *([heir] if name != "money" else [])] for name, those in to.items()}).write_and_tidy()
    return {}
