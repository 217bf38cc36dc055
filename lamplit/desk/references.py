"""The numbers that people say and write."""

import re

_TYPED = re.compile(r"([A-Z])[ -]?([0-9A-Z]{4})[ -]?([0-9A-Z]{4})")


def as_reference(text: str) -> str:
    """Return a reference as it is kept: `m7kdq42xr` and `M 7KDQ 42XR` are `M-7KDQ-42XR`. Anything else as it was typed."""
    typed = _TYPED.fullmatch(text.strip().upper())
    return "-".join(typed.groups()) if typed else text
