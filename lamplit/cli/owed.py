"""`lamplit owed`: what tenants may not have been told when the record was restored, and letting the worker tell them."""

import argparse
import secrets

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import start
from lamplit.cli.making import user
from lamplit.cli.say import say
from lamplit.config import place


def owed(asked: argparse.Namespace) -> int:
    """List the last entries of which no letter or text shows, or let the worker react to them now."""
    start.open_installation()
    from lamplit.incidents.actions import note_owed_released
    from lamplit.reactions.follow import release, untold
    from lamplit.reactions.table import REACTIONS
    from lamplit.record.encode import Codec, read_header

    with start.connect("reader") as reader:
        entries = untold(reader, REACTIONS, Codec(place.origin()))
        rows = reader.execute("SELECT idx, bytes FROM record.entry WHERE idx = ANY(%s) ORDER BY idx", [entries]).fetchall()
    for idx, raw in rows:
        header = read_header(bytes(raw))
        say(f"entry {idx}  {header.recorded_at:%d %B %Y %H:%M}  {header.kind}  {' '.join(header.subjects)}")
    if asked.release:
        release(entries)
        note_owed_released(entries=len(entries), by=cli(user()), at=now(), command=f"cli:owed:{secrets.token_hex(8)}")
        say(f"The worker looks at {len(entries):,} again: letters and texts go out for those that had something to tell.")
    else:
        say(f"{len(entries):,} of the last entries show no letter or text. Some needed none.", end=" ")
        say("With --release the worker looks again.")
    return 0
