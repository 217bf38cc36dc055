"""The shape of a plain value: what rules take and give back."""

import msgspec


class Plain(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of the small frozen structs that rules take and return. Same shape as a fact: no floats, UTC times."""
