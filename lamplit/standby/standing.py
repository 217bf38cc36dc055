"""How a standby stands, in plain words, for its page."""

from datetime import datetime, timedelta
from typing import Any

import psycopg

from lamplit.config.speaking import Words, counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.continuity import state, weekly
from lamplit.continuity.watching import QUIET_AFTER

Db = psycopg.Connection[Any]
SILENT_AFTER = timedelta(seconds=90)
SHOWN_FOR = timedelta(days=30)
NEEDED = Words(
    {
        "follow": "The copying does not run. What main writes now is not copied here.",
        "fold": "The tables do not follow. What is copied is safe.",
        "watch": "The watch does not run. Nobody looks whether main's files are changed.",
    }
)


def standing(db: Db, now: datetime) -> dict[str, Any]:
    """Return what the page shows. Never a person, never a key."""
    with db.transaction():
        row = db.execute("SELECT origin, size, cosigned_at FROM continuity.cosigned WHERE mirrored").fetchone()
        loops = {name: (at, trouble) for name, at, trouble in db.execute("SELECT name, alive_at, trouble FROM record.loop")}
    origin, size, until = row or ("", 0, None)
    seen = state.last_life(db)
    quiet = seen is not None and now - seen >= QUIET_AFTER
    folded, sent = state.folded_size(db), weekly.last(db)
    return {
        "origin": origin,
        "size": size,
        "until": until,
        "address": state.origin_hash(origin),
        "seen": seen,
        "quiet": quiet,
        "behind": size - folded,
        "weekly": _of(sent),
        "troubles": [] if row is None else _troubles(loops, now, quiet=quiet),
        "alarms": [(at, words) for at, _, words in state.alarms(db) if now - at < SHOWN_FOR],
    }


def _of(sent: weekly.Sent | None) -> str:
    if sent is None:
        return _("No weekly message has gone out from here yet.")
    addresses = counted("%(count)s address or number", "%(count)s addresses and numbers", sent.addresses)
    return _("The last weekly message from our own address went to %(addresses)s on %(moment)s.") % {
        "addresses": addresses, "moment": full_moment(sent.at),
    }  # fmt: skip


def _troubles(loops: dict[str, tuple[datetime, str]], now: datetime, *, quiet: bool) -> list[str]:
    """Return a sentence for each loop that is silent or in trouble; that main is quiet has a place of its own."""
    said = []
    for name, means in NEEDED.items():
        at, trouble = loops.get(name, (None, ""))
        if at is None or now - at > SILENT_AFTER:
            said.append(str(means))
        elif trouble and not (quiet and name == "watch"):
            said.append(trouble)
    return [*said, *(trouble for name, (_, trouble) in loops.items() if name in ("weekly", "ring") and trouble)]
