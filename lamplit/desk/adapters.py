"""What we do otherwise than allauth: no sign-up, our words, and secrets that a stolen database does not give away."""

import base64
import hashlib

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from lamplit.basics.clock import now
from lamplit.config.limits import address_of
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.square import square
from lamplit.desk.middleware import SECOND_STEP, took_second_step

WRONG = lazy("That e-mail address and password do not fit together. Check both. After several tries you have to wait.")
TOO_MANY = lazy("You have tried this many times. Wait five minutes, then try again, or ask an admin for a new link.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in."""

    error_messages = {  # noqa: RUF012 - allauth's own shape
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "incorrect_password": lazy("That is not your password. Try again."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for herself: an admin gives a link."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/desk/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_URL)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Say whether the password is asked for once more: not of whoever signed in, or set up her codes, just now.

        Somebody without a second step sees nothing but the page where she sets it up; there it is not asked.
        """
        request = context.request
        if not took_second_step(request):
            return bool(is_mfa_enabled(request.user))
        records = get_authentication_records(request, request.user)
        latest = max([*(record["at"] for record in records), float(request.session.get(SECOND_STEP) or 0)], default=0.0)
        return bool(now().timestamp() - latest > app_settings.REAUTHENTICATION_TIMEOUT)

    def add_message(self, request: HttpRequest, *said: object, **more: object) -> None:
        """Say nothing beside the page: every page says what happened itself."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The second step."""

    error_messages = {  # noqa: RUF012 - allauth's own shape
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": lazy("That code does not fit. Wait for the next one in your app, then type it."),
    }

    def generate_authenticator_name(self, user: object, type: object) -> str:  # noqa: A002 - allauth's name
        """Name a passkey that she gave no name."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Say whose passkey it is: her device shows the landlord's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def get_totp_issuer(self) -> str:
        return str(settings.LANDLORD["name"])

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: object) -> bool:
        """Nobody switches her second step off."""
        return False

    def build_totp_svg(self, url: str) -> str:
        return square(url, _("Square to scan with your phone"))


def _box() -> Fernet:
    """The key stands in the key folder, not in the database."""
    key = hashlib.sha256(b"lamplit second step\n" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
