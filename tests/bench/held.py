"""What a standby holds, and how many rows of what is searched for are still sealed."""

from typing import Any

from lamplit.basics.fact import SealedAt
from lamplit.cli import start
from lamplit.config import place
from lamplit.continuity import state
from lamplit.record.note import Verifier


def main(*_: str) -> dict[str, Any]:
    follows = place.standby()
    assert follows is not None
    with start.connect("owner") as db:
        db.autocommit = True
        held = state.held(db, Verifier.parse(follows.log_key).name)
        row = db.execute("SELECT count(*) FROM folded.person WHERE starts_with(name, %s)", [SealedAt.MARK]).fetchone()
    return {"size": held.size if held else 0, "sealed": row[0] if row else 0}
