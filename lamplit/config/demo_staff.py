"""The demo's staff: one password and one second step for all of them. Used with LAMPLIT_DEMO=1 only, never by a landlord."""

import base64
import hmac
from datetime import datetime

PASSWORD = "lit windows all night"  # noqa: S105 - printed on purpose, for made-up people on one's own machine
SECOND_STEP = "LAMPLITDEMOLAMPLITDEMOLAMPLITDEM"  # base 32; an authenticator app takes it as it stands
_EVERY = 30  # seconds that a code lasts (RFC 6238)


def code_at(at: datetime) -> str:
    """Return the six digits of the second step at a moment (RFC 6238 with SHA-1, as authenticator apps do it)."""
    counter = int(at.timestamp()) // _EVERY
    digest = hmac.digest(base64.b32decode(SECOND_STEP), counter.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
