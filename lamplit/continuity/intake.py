"""What comes in while the standby holds no keys: sealed to those who may open it, then kept in the standby's own record.

Before its reference is told, it is on the disk of this machine (the page waits for more where it can: receipts).
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import pyrage

from lamplit.basics.who import visitor
from lamplit.messages import actions
from lamplit.messages.facts import What

URGENT, MAYBE_URGENT = "(urgent)", "(may be urgent)"  # how the subject of a report ends; whoever opens it goes by that


def keep_sealed(what: What, payload: bytes, to: Sequence[str], *, at: datetime, command: str) -> str:
    """Seal bytes and keep them in the record of this node. Returns the reference. The same command gets the first answer."""
    people = [pyrage.x25519.Recipient.from_str(one) for one in to]
    sealed = actions.Sealed(pyrage.encrypt(payload, people))
    return actions.keep_post(what=what, sealed=sealed, by=visitor(), at=at, command=command)


def command_of(secret: str, kind: str, payload: bytes) -> str:
    """Return the command id of something that may come twice: keyed, so that nobody can guess what it was from it."""
    return f"{kind}:{hmac.new(secret.encode(), payload, sha256).hexdigest()}"


def open_sealed(sealed: bytes, identities: Sequence[pyrage.x25519.Identity]) -> bytes | None:
    """Return what was kept, or None when none of these keys opens it."""
    try:
        return bytes(pyrage.decrypt(sealed, list(identities)))
    except pyrage.DecryptError:
        return None
