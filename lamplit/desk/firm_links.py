"""A signed link to one job of one firm, for firms whose people cannot sign in: only at a standby that has taken over.

The link names pseudonyms alone and ends after a week, with the job, and with the takeover: another installation has another key.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from lamplit.config import standing_by
from lamplit.repairs import queries

LASTS = timedelta(days=7)
SALT = "lamplit.firm-job"
LEFT = ("open", "booked", "waiting")


def may_be_sent(work: Any) -> bool:
    """Whether a link to this job may be made: here main's own sign-in is gone, and a firm has the work."""
    return serves() and bool(work.contractor) and work.state in LEFT


def serves() -> bool:
    """Whether this installation is a standby that has taken over and still writes."""
    return standing_by.taken_over() is not None and not standing_by.closed()


def in_drill() -> bool:
    """Whether this standby took over for a drill: then nothing leaves it, and no firm is written to."""
    taken = standing_by.taken_over()
    return taken is not None and taken.drill


def link(request: HttpRequest, work: Any, until_at: datetime) -> str:
    """Return the address of a job, for its firm, until a moment."""
    return request.build_absolute_uri(reverse("firm_job", args=[token_of(work, until_at)]))


def token_of(work: Any, until_at: datetime) -> str:
    """Return what a link carries: which job, whose, until when; signed by this installation."""
    return signing.dumps([work.id, work.contractor, int(until_at.timestamp())], salt=SALT)


def opened(token: str, at: datetime) -> queries.Job | None:
    """Return the job that a link opens, or None: forged, too old, no more this firm's, over, or not served here."""
    if not serves():
        return None
    try:
        work, firm, until = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = queries.job(work, staff="", contractor=firm) if at.timestamp() < until else None
    if found is None or found.work.contractor != firm or found.work.state not in LEFT or not found.repair.live:
        return None
    return found
