"""The ways in of staff: a password, a second step, and the day on which they were last used.

Plain data. Whether somebody may come in at all, and what she may do, is read from the folded tables of staff alone.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from lamplit.desk.models import Account, AccountLink
from lamplit.staff import queries as staff

LINK_LASTS = timedelta(hours=24)


def make_account(staff_id: str, email: str, password: str, totp_secret: str | None = None) -> None:
    """Give a member of staff a way in, or a new password. `totp_secret` (base 32) sets the second step as well.

    Without it she is led through setting one up when she signs in first. A new password ends every session of hers.
    """
    with transaction.atomic():
        user, _ = User.objects.get_or_create(username=staff_id, defaults={"email": email})
        user.email = email
        user.set_password(password)
        user.save()
        Account.objects.get_or_create(staff=staff_id, defaults={"user": user})
        if totp_secret is not None:
            Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
            TOTP.activate(user, totp_secret)


def has_way_in(staff_id: str) -> bool:
    """Say whether somebody ever had a way in: only then can a link take something over."""
    return Account.objects.filter(staff=staff_id).exists()


def make_link(staff_id: str, *, made_by: str, at: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """Return the secret of a new link for choosing a password and a second step. Links given before stop working."""
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        AccountLink.objects.filter(staff=staff_id).delete()
        AccountLink.objects.create(key_hash=_hash(secret), staff=staff_id, made_by=made_by, expires_at=at + lasts)
    return secret


def end_every_way_in() -> None:
    """Let no password, second step, session or link work any more: each comes in with a new link alone."""
    with transaction.atomic():
        for user in User.objects.filter(username__in=Account.objects.values("staff")):
            user.set_unusable_password()
            user.save()
        Authenticator.objects.filter(user__username__in=Account.objects.values("staff")).delete()
        AccountLink.objects.all().delete()


def read_link(secret: str, at: datetime) -> str | None:
    """Return whose link this is, or None when it was used, has run out or is none of ours."""
    row = AccountLink.objects.filter(key_hash=_hash(secret), used_at=None, expires_at__gt=at).first()
    return None if row is None else str(row.staff)


def use_link(secret: str, password: str, at: datetime) -> bool:
    """Set the password of whoever holds a link. Her old second step goes: she sets up a new one. False when it is used up."""
    with transaction.atomic():
        row = AccountLink.objects.select_for_update().filter(key_hash=_hash(secret), used_at=None, expires_at__gt=at).first()
        member = staff.member(row.staff) if row is not None else None
        if row is None or member is None or member.shut:
            return False
        row.used_at = at
        row.save()
        make_account(member.id, str(member.email), password)
        Authenticator.objects.filter(user__username=member.id).delete()
    return True


def has_come_in(staff_id: str) -> bool:
    """Whether she has used a link of hers and has a way in."""
    return Account.objects.filter(staff=staff_id).exists()


def link_waits(staff_id: str, at: datetime) -> bool:
    """Whether a link of hers can still be used."""
    return AccountLink.objects.filter(staff=staff_id, used_at=None, expires_at__gt=at).exists()


def last_seen() -> dict[str, datetime]:
    """Return when each account was last used; those that never were are left out. For `staff.actions.shut_dormant`."""
    return dict(Account.objects.exclude(last_seen_at=None).values_list("staff", "last_seen_at"))


def seen(staff_id: str, at: datetime) -> None:
    """Remember that an account was used."""
    Account.objects.filter(staff=staff_id).update(last_seen_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class StaffBackend(BaseBackend):
    """Says who signs in by e-mail and password. The e-mail is the one in the record; nobody who is shut out comes in."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None,
        username: str | None = None, **other: Any,
    ) -> User | None:  # fmt: skip
        """Return the account that fits, or None. It takes as long for somebody whom we do not know."""
        # Whoever is asked again is known by her id: her e-mail may have changed in the record since.
        member = staff.member(username) if username else staff.by_email(email or "")
        user = User.objects.filter(username=member.id).first() if member is not None and not member.shut else None
        if user is None:
            User().set_password(password or "")
            return None
        return user if password and user.check_password(password) else None

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session. Whether she may still come in, the middleware asks on every page."""
        return User.objects.filter(pk=user_id, is_active=True).first()
