"""A worker on a test's landlord, driven by hand."""

from collections.abc import Sequence
from datetime import datetime

from lamplit.config import place
from lamplit.messages.models import Message
from lamplit.reactions.follow import Follower, Table
from lamplit.reactions.providers.interface import Provider
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers
from lamplit.reactions.table import REACTIONS
from lamplit.reactions.timers import Timer
from lamplit.reactions.worker import Worker
from lamplit.record.encode import Codec
from tests.cast import AT
from tests.landlord import Landlord


def worker(
    landlord: Landlord,
    at: datetime = AT,
    provider: Provider | None = None,
    timers: Sequence[Timer] = (),
    table: Table = REACTIONS,
) -> Worker:
    return Worker(
        reader=lambda: landlord.connect("reader"), codec=Codec(place.origin()), carriers=Carriers({}, provider or Outbox()),
        timers=timers, clock=lambda: at, table=table,
    )  # fmt: skip


def follow(landlord: Landlord, at: datetime = AT, table: Table = REACTIONS) -> int:
    """Seal everything, react to it. Returns how many entries were read."""
    landlord.seal()
    with landlord.connect("reader") as reader:
        return Follower(reader, Codec(place.origin()), table).follow(at)


def messages(template: str | None = None) -> list[Message]:
    found = Message.objects.order_by("ordered_at", "id")
    return list(found.filter(template=template) if template else found)
