"""`lamplit erasures`: the orders to destroy keys that stand, and calling off those that nobody of ours gave."""

import argparse
import secrets

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli
from lamplit.cli import start
from lamplit.cli.making import user
from lamplit.cli.say import Failed, say, say_json


def erasures(asked: argparse.Namespace) -> int:
    """List the orders that stand, or call some off."""
    start.open_installation()
    from lamplit.record.erase import standing_erasures

    standing = standing_erasures()
    wanted = [order.id for order in standing] if asked.call_off_all else asked.call_off
    if wanted:
        return _call_off(wanted)
    if asked.json:
        say_json([order._asdict() for order in standing])
        return 0
    for order in standing:
        say(f"{order.id}  due {order.due_at:%d %B %Y %H:%M}  {order.key_class} of {order.subject}", end="")
        say(f"  ordered {order.ordered_at:%d %B %Y %H:%M}")
    say(f"{len(standing):,} {'order stands' if len(standing) == 1 else 'orders stand'}.", end=" ")
    say("`lamplit log show SUBJECT` says who gave one.")
    return 0


def _call_off(orders: list[str]) -> int:
    from lamplit.record.erase import call_off_erasure

    run, missing = secrets.token_hex(4), []
    for order in orders:
        try:
            call_off_erasure(erasure=order, by=cli(user()), at=now(), command=f"cli:call-off:{run}:{order}")
        except Refused:
            missing.append(order)
    say(f"Called off {len(orders) - len(missing):,}. An order that was called off stays so.")
    if missing:
        raise Failed(f"No order stands under {', '.join(missing)}: it is done, called off, or not sealed yet.")
    return 0
