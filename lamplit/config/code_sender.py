"""Who carries one-time codes: the provider that the settings name. Codes are secrets, so they never go through the record."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Sender(Protocol):
    """Whoever carries codes. `send` returns at once; `channel` is text or email."""

    def send(self, channel: str, to: str, words: str) -> None: ...


@cache
def sender() -> Sender:
    """Return the sender that the settings name."""
    made: Sender = import_string(settings.CODE_SENDER)()
    return made
