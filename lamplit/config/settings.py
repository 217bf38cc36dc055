"""Django's settings. What differs between installations comes from the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from lamplit.config import languages, logs, place

DEMO = os.environ.get("LAMPLIT_DEMO") == "1"
DEBUG = False
BASE = Path(__file__).resolve().parent


def _secret() -> str:
    path = place.key_folder() / "django"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _database(role: str) -> dict[str, Any]:
    parts = place.database(role)
    return place.for_django(parts, f"-c search_path={place.SEARCH_PATHS[role]}") | {
        "ENGINE": "lamplit.config.postgres",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": parts["dbname"]},
    }


SECRET_KEY = _secret()
# `default` is the app's role, which every page and job uses; `owner` is for migrations alone (lamplit/config/setup.py).
DATABASES = {"default": _database("app"), "owner": _database("owner")}
ALLOWED_HOSTS = os.environ.get("LAMPLIT_HOSTS", "localhost 127.0.0.1 [::1] testserver").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("LAMPLIT_TRUSTED_ORIGINS", "").split()
ON_STANDBY = place.standby() is not None
ROOT_URLCONF = "lamplit.standby.urls" if ON_STANDBY else "lamplit.config.urls"
WSGI_APPLICATION = "lamplit.config.wsgi.application"

FOLDED_APPS = [
    "lamplit.homes",
    "lamplit.people",
    "lamplit.staff",
    "lamplit.tenancies",
    "lamplit.messages",
    "lamplit.complaints",
    "lamplit.rent",
    "lamplit.incidents",
    "lamplit.repairs",
]
PLAIN_APPS = ["lamplit.portal", "lamplit.desk"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lamplit.config",
    *FOLDED_APPS,
    *PLAIN_APPS,
]
MIDDLEWARE = [
    "lamplit.config.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lamplit.config.middleware.Languages",  # within the one that counts how long a page is
    "lamplit.config.photos.uploads.BodyLimit",  # before anything reads what was sent
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lamplit.desk.middleware.StaffSession",
    "lamplit.config.middleware.Audience",
]
if ON_STANDBY:
    MIDDLEWARE.insert(2, "lamplit.config.middleware.TakenOver")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE / "jinja2", *(BASE.parent / door / "jinja2" for door in ("portal", "desk", "standby"))],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "lamplit.config.jinja.environment",
            "context_processors": ["lamplit.config.middleware.page_context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lamplit.config.middleware.page_context",
            ]
        },
    },
]
AUTHENTICATION_BACKENDS = ["lamplit.desk.accounts.StaffBackend"]
ACCOUNT_ADAPTER = "lamplit.desk.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth asks for it; sign-up is closed
ACCOUNT_EMAIL_VERIFICATION = "none"  # an admin gave the address, and a link by hand
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
MFA_ADAPTER = "lamplit.desk.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # finger, face or PIN: whoever finds the device has nothing
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # an office shares an address; tries are counted in the database too
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds after which a passkey, a role or a link asks who she is once more
MFA_RECOVERY_CODES_SHOW_ONCE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "en-gb"
LANGUAGES = [(one.code.lower(), one.own_name) for one in languages.LANGUAGES]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: the compiled files are served from where they are
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CSRF_FAILURE_VIEW = "lamplit.config.errors.stale"
LOGGING = logs.settings()
LOGIN_URL = "/desk/sign-in"  # of staff; tenants have /sign-in
SESSION_ENGINE = "lamplit.config.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("LAMPLIT_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # without files; of those, lamplit/config/photos/uploads.py
DATA_UPLOAD_MAX_NUMBER_FILES = 3 if ON_STANDBY else 1  # a locked report may bring three photos at once
FILE_UPLOAD_HANDLERS = ["lamplit.config.photos.uploads.PhotoUpload"]

LONGEST_MESSAGE = 256 * 1024  # bytes of one message of a firm's system
GUARANTEE = str(place.guarantee())
LANDLORD = {
    "name": os.environ.get("LAMPLIT_LANDLORD", "Harbour & Heath Homes"),
    "phone": os.environ.get("LAMPLIT_PHONE", "0303 100 0100"),
    "help_address": os.environ.get("LAMPLIT_HELP_ADDRESS", "help.lamplit.example"),
}
# Compiled files are named by their content, so a browser may keep them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/"
# What makes a receipt true (lamplit/config/receipts.py): the copy in the near store, or a standby's word that it has one too.
KEPT_BY = "cosigned" if place.standbys() else "near"
RECEIPT_WAIT_SECONDS = 3.0
WEB_THREADS = int(os.environ.get("LAMPLIT_THREADS", "8"))  # of one web process
PROXIES = int(os.environ.get("LAMPLIT_PROXIES", "0"))  # of ours, that stand between us and the world
# Who carries one-time codes to tenants: as messages go, or where no provider is chosen, the folder $LAMPLIT_HOME/codes.
CODE_SENDER = os.environ.get("LAMPLIT_CODE_SENDER", "lamplit.portal.codes.Outbox" if DEMO else "lamplit.portal.codes.Carried")
# Who carries messages (lamplit/reactions/providers/chosen.py). No such file: the demo's outbox, or $LAMPLIT_HOME/messages.
PROVIDERS = os.environ.get("LAMPLIT_PROVIDERS") or str(place.home() / "providers.toml")
CODES_FOLDER = str(place.home() / "codes")
