"""Proving a new number or address: a code goes there, and whoever can read it may have it written down as hers.

The code lets nobody in anywhere. It is bound to the contact point and to what stands there, so changing the number voids it.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from lamplit.basics.words import clock_time
from lamplit.config import limits
from lamplit.config.code_sender import sender
from lamplit.config.models import ReachCode
from lamplit.people.facts import Reach

LIVES = timedelta(minutes=15)
TRIES = 5
FORGOTTEN_AFTER = timedelta(days=1)
BY_CODE = ("text", "email")  # to which a code can be sent


def can_be_proved(how: Reach | None) -> bool:
    """Say whether a code may prove it now."""
    return how is not None and how.channel in BY_CODE and how.state == "unproved"


def send_code(reach: str, how: Reach, at: datetime, *, read_out: bool) -> datetime:
    """Send a code to a contact point; any earlier one is void. Returns until when it works. `read_out`: she reads it to staff.

    TooManyError when too many codes went to that number or address.
    """
    limits.count(limits.CODES_PER_TARGET, how.value.lower(), at)
    limits.count(limits.CODES_PER_TARGET_DAY, how.value.lower(), at)
    code, until_at = f"{secrets.randbelow(1_000_000):06}", at + LIVES
    ReachCode.objects.filter(expires_at__lt=at - FORGOTTEN_AFTER).delete()
    ReachCode.objects.update_or_create(
        reach=reach, defaults={"code_hash": _hash(reach, how.value, code), "expires_at": until_at, "tries": 0}
    )
    sender().send(how.channel, how.value, _words(code, until_at, how.channel, read_out=read_out))
    return until_at


def waits_until(reach: str, at: datetime) -> datetime | None:
    """Return until when a code that was sent there works, or None when there is none."""
    row = ReachCode.objects.filter(reach=reach, expires_at__gt=at, tries__lt=TRIES).first()
    return row.expires_at if row is not None else None


def is_right(reach: str, how: Reach, typed: str, at: datetime) -> bool:
    """Try a code. Each try counts before it is looked at; one that was right is used up."""
    live = ReachCode.objects.filter(reach=reach, expires_at__gt=at, tries__lt=TRIES)
    if live.update(tries=F("tries") + 1) != 1:
        return False
    row = ReachCode.objects.get(reach=reach)
    digits = "".join(c for c in typed if c.isdecimal())
    if not hmac.compare_digest(row.code_hash, _hash(reach, how.value, digits)):
        return False
    row.delete()
    return True


def _words(code: str, until_at: datetime, channel: str, *, read_out: bool) -> str:
    """Say the code first, and nothing of whom it is for: until it is entered, we do not know who reads this."""
    what = "number" if channel == "text" else "address"
    todo = "Read it to the person here to whom you are speaking." if read_out else "Enter it on the page where you added it."
    name, phone = settings.LANDLORD["name"], settings.LANDLORD["phone"]
    return (
        f"{code} is the code for {name} to use this {what}. {todo} It works until {clock_time(until_at)}."
        f" If you know nothing of it, give it to nobody and ring {phone}."
    )


def _hash(reach: str, value: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"reach\n{reach}\n{value}\n{code}".encode(), hashlib.sha256).hexdigest()
