"""The numbers that people say and write."""

import re

_TYPED = re.compile(r"([A-Z])[ -]?([0-9A-Z]{4})[ -]?([0-9A-Z]{4})")


def is_reference(text: str) -> bool:
    """Whether a text is a number that we gave, however it is typed: nobody's name and address look so."""
    typed = text.strip().upper()
    return _TYPED.fullmatch(typed) is not None and any(c.isdigit() for c in typed) and any(c in typed for c in "- ")


def as_reference(text: str) -> str:
    """Return a reference as it is kept: `m7kdq42xr` and `M 7KDQ 42XR` are `M-7KDQ-42XR`. Anything else as it was typed."""
    typed = _TYPED.fullmatch(text.strip().upper())
    return "-".join(typed.groups()) if typed else text
