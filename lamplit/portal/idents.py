"""Ids as they stand in our addresses: nothing else gets as far as a query."""

import re
from typing import Any

SHAPE = "[a-z]_[0-9a-z]{20}"  # basics/ids.py


class Ident:
    """A part of an address that is an id: `<her_id:repair>`."""

    regex = SHAPE

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: Any) -> str:
        return str(value)


def is_id(text: str) -> bool:
    """Say whether a text has the shape of an id."""
    return re.fullmatch(SHAPE, text) is not None
