"""The secret that a firm's system shows. We keep its digest alone, in the record; what was lost is given anew."""

import hashlib
import secrets

from django.http import HttpRequest

_PREFIX = "lamplit_"


def new_secret() -> str:
    """Return 256 random bits as text, recognisable where somebody left it lying about."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return its SHA-256 in hexadecimal. Of so many random bits no slower hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_of(request: HttpRequest) -> str | None:
    """Return what stands in `Authorization: Bearer ...`, or None."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip().startswith(_PREFIX) else None
