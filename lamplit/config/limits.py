"""How often somebody may ask: per address and per target, counted in one plain table, so that all web processes count together.

Whoever is counted stands there only as a keyed hash. Nothing below a door knows of this.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from lamplit.record.ready import kept_cursor


class Limit(NamedTuple):
    """At most `most` times in `per`, for each whom."""

    name: str
    most: int
    per: timedelta


class TooManyError(Exception):
    """Somebody asked more often than a limit allows. `wait` is how long until she may again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many requests")
        self.wait = wait


# Whole streets share an address of a mobile network, so limits per address are wide and those per target narrow.
CODES_PER_ADDRESS = Limit("codes by address", 60, timedelta(hours=1))
CODES_PER_TARGET = Limit("codes by target", 5, timedelta(hours=1))
CODES_PER_TARGET_DAY = Limit("codes by target and day", 12, timedelta(days=1))
GUESSES_PER_ADDRESS = Limit("guesses by address", 120, timedelta(hours=1))
POSTCODES_PER_ADDRESS = Limit("postcodes by address", 60, timedelta(hours=1))
REPORTS_PER_ADDRESS = Limit("reports by address", 20, timedelta(hours=1))
COMPLAINTS_PER_ADDRESS = Limit("complaints by address", 20, timedelta(hours=1))
CHECKS_PER_ADDRESS = Limit("checks by address", 60, timedelta(hours=1))
FORGERIES_PER_ADDRESS = Limit("forgeries by address", 20, timedelta(hours=1))
CHECKS_PER_SENDER = Limit("checks by sender", 10, timedelta(hours=1))  # by text and e-mail: each is answered
ANSWERS_PER_SENDER = Limit("answers by sender", 10, timedelta(hours=1))
MAILS_PER_PEER = Limit("mails by peer", 3_000, timedelta(hours=1))  # often the landlord's one relay
MESSAGES_PER_FIRM = Limit("messages by firm", 6_000, timedelta(hours=1))
PAPERS_PER_PERSON = Limit("papers by person", 30, timedelta(hours=1))
BANK_DETAILS_PER_PERSON = Limit("bank details by person", 10, timedelta(hours=1))
PHOTOS_PER_ADDRESS = Limit("photos by address", 120, timedelta(hours=1))
PHOTOS_PER_TENANT = Limit("photos by tenant", 40, timedelta(hours=1))
PHOTOS_PER_STAFF = Limit("photos by staff", 120, timedelta(hours=1))
VIDEOS_PER_SENDER = Limit("videos by sender", 20, timedelta(hours=1))  # each takes some 20 s of a processor
SEARCHES_PER_STAFF = Limit("searches by staff", 300, timedelta(hours=1))
LINKS_PER_ADDRESS = Limit("links by address", 120, timedelta(hours=1))
TOKENS_PER_ADDRESS = Limit("wrong tokens by address", 60, timedelta(hours=1))
STAFF_TRIES_PER_ADDRESS = Limit("staff tries by address", 200, timedelta(hours=1))
STAFF_TRIES_PER_TARGET = Limit("staff tries by target", 20, timedelta(hours=1))

# One statement, and one commit that waits for no disk: when the machine dies, the tries of its last half second may be forgotten.
# Whoever asks is told at once all the same: other processes see the count as soon as it is written.
_COUNT = """
WITH at_once AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
over AS (DELETE FROM counted WHERE ends_at < %(old)s AND key <> %(key)s)
INSERT INTO counted (key, count, ends_at) SELECT %(key)s, 1, %(ends_at)s FROM at_once
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counted.ends_at <= %(at)s THEN 1 ELSE counted.count + 1 END,
    ends_at = CASE WHEN counted.ends_at <= %(at)s THEN excluded.ends_at ELSE counted.ends_at END
RETURNING count, ends_at
"""


def count(limit: Limit, whom: str, at: datetime) -> None:
    """Count one more try of `whom`. Raises TooManyError beyond the limit; such tries do not make the wait longer."""
    if connection.in_atomic_block:
        raise RuntimeError("count before a page is opened: all that it commits would wait for no disk either")
    key = hmac.new(settings.SECRET_KEY.encode(), f"{limit.name}\n{whom}".encode(), hashlib.sha256).hexdigest()
    with kept_cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "at": at, "ends_at": at + limit.per, "old": at - timedelta(days=1)})
        tries, ends_at = cursor.fetchone()
    if tries > limit.most:
        raise TooManyError(ends_at - at)


def address_of(request: HttpRequest) -> str:
    """Return the address that a request came from; of IPv6 the /64, which is one household.

    Behind `settings.PROXIES` proxies of ours, the last but that many of X-Forwarded-For: what stands before it anybody can write.
    """
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - a name for whoever has none
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        address = hops[-settings.PROXIES] if len(hops) >= settings.PROXIES else address
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "unreadable"
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)
