"""Which providers a landlord uses: `providers.toml`, in words that name what is wrong with it.

No secret stands in that file: it names the file or the variable of the environment that holds one. Without the file, messages
stand in the demo's outbox, or go into a folder for a program of the landlord's own.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

CHANNELS = ("text", "email", "post", "call")
CARRIES = {"smtp": ("email",), "notify": ("text", "email", "post"), "print_house": ("post",), "folder": CHANNELS}
_LITERAL = re.compile(r"(^|_)(password|api_key|token|secret|key)$")


class BadSettings(Exception):  # noqa: N818 - the sentence says what to do
    """`providers.toml` cannot be used: says why."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file: what is not named here is a mistake, and said."""


class Smtp(Section, frozen=True, kw_only=True):
    """E-mail by the landlord's relay."""

    host: str
    from_name: str
    from_address: str
    bounces: str
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password_file: str | None = None
    password_env: str | None = None
    certificates_file: str | None = None
    reply_to: str | None = None
    dkim_domain: str | None = None
    dkim_selector: str | None = None
    dkim_key_file: str | None = None


class Notify(Section, frozen=True, kw_only=True):
    """GOV.UK Notify. `callback_token_*`: the bearer token that Notify shows when it calls us."""

    api_key_file: str | None = None
    api_key_env: str | None = None
    callback_token_file: str | None = None
    callback_token_env: str | None = None
    template_text: str | None = None
    template_email: str | None = None
    postage: str | None = None
    address: str | None = None


class PrintHouse(Section, frozen=True, kw_only=True):
    """A folder that a print house empties."""

    folder: str
    late_hours: int = 30


class Post(Section, frozen=True, kw_only=True):
    """E-mail that comes in: the landlord's relay gives it to us here. `addresses`: which of the landlord's we take mail for."""

    addresses: list[str]
    host: str = "127.0.0.1"
    port: int = 2525
    certificate_file: str | None = None
    certificate_key_file: str | None = None


class Weekly(Section, frozen=True, kw_only=True):
    """Whom a standby writes to once a week from its own address: partners and staff. `texts`: numbers of our own staff."""

    to: list[str]
    texts: list[str] = []


class Alarms(Section, frozen=True, kw_only=True):
    """Whom a standby tells when it rings."""

    to: list[str] = []
    texts: list[str] = []


class Chosen(Section, frozen=True, kw_only=True):
    """The whole file. `send`: which provider carries a channel: smtp, notify, print_house or folder."""

    send: dict[str, str] = {}
    smtp: Smtp | None = None
    notify: Notify | None = None
    print_house: PrintHouse | None = None
    post: Post | None = None
    weekly: Weekly | None = None
    alarms: Alarms | None = None


def read(path: Path) -> Chosen:
    """Read the landlord's choice; nothing chosen when there is no file. BadSettings."""
    if not path.exists():
        return Chosen()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}.") from error
    _no_secrets(path, given)
    try:
        chosen = msgspec.convert(given, Chosen)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path}: {error}.") from error
    for channel, name in chosen.send.items():
        if channel not in CHANNELS:
            raise BadSettings(f"{path}: there is no channel '{channel}'. Use {', '.join(CHANNELS)}.")
        if name not in CARRIES:
            raise BadSettings(f"{path}: '{channel}' goes by '{name}'. Use {', '.join(CARRIES)}.")
        if name != "folder" and getattr(chosen, name) is None:
            raise BadSettings(f"{path}: '{channel}' goes by '{name}', and there is no part [{name}].")
        if channel not in CARRIES[name]:
            raise BadSettings(f"{path}: '{name}' carries no '{channel}'.")
    _check_smtp(path, chosen.smtp)
    if chosen.weekly is not None and (chosen.smtp is None or not chosen.weekly.to):
        raise BadSettings(f"{path}: [weekly] names whom it goes to, and needs [smtp], whose address becomes known by it.")
    if chosen.alarms is not None and not (chosen.alarms.to or chosen.alarms.texts):
        raise BadSettings(f"{path}: [alarms] names nobody. Give e-mail addresses in to, numbers in texts, or both.")
    if chosen.alarms is not None and chosen.alarms.to and chosen.smtp is None:
        raise BadSettings(f"{path}: [alarms] to needs [smtp], which carries them.")
    for name, part in (("weekly", chosen.weekly), ("alarms", chosen.alarms)):
        if part is not None and part.texts and (chosen.notify is None or chosen.notify.template_text is None):
            raise BadSettings(f"{path}: [{name}] texts needs [notify] with template_text, which carries them.")
    return chosen


def _check_smtp(path: Path, smtp: Smtp | None) -> None:
    if smtp is None:
        return
    if smtp.security not in ("starttls", "tls", "none"):
        raise BadSettings(f"{path}: [smtp] security is starttls, tls or none.")
    if smtp.security == "none" and smtp.host not in ("localhost", "127.0.0.1", "::1"):
        raise BadSettings(f"{path}: [smtp] without TLS goes to this machine alone.")
    signs = (smtp.dkim_domain, smtp.dkim_selector, smtp.dkim_key_file)
    if any(signs) and not all(signs):
        raise BadSettings(f"{path}: [smtp] signs with dkim_domain, dkim_selector and dkim_key_file: give all three.")


def _no_secrets(path: Path, given: Mapping[str, Any], where: str = "") -> None:
    for name, value in given.items():
        if isinstance(value, dict):
            _no_secrets(path, value, f"[{name}] ")
        elif _LITERAL.search(name):
            raise BadSettings(f"{path}: {where}{name} does not belong here. Put it into a file, and name that in {name}_file.")


def secret(file: str | None, variable: str | None, what: str) -> str | None:
    """Return a secret from the file or the variable that is named; None when neither is. BadSettings."""
    if file is not None:
        return secret_bytes(file, what).decode().strip()
    if variable is not None:
        found = os.environ.get(variable)
        if not found:
            raise BadSettings(f"{what} should stand in the variable {variable}, and does not.")
        return found.strip()
    return None


def secret_bytes(file: str, what: str) -> bytes:
    """Return what stands in a secret's file, which nobody else may read. BadSettings."""
    path = Path(file)
    try:
        open_to = path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP)
        data = path.read_bytes()
    except OSError as error:
        raise BadSettings(f"{what} should stand in {path}: {error.strerror}.") from error
    if open_to:
        raise BadSettings(f"{path} holds {what} and others may read or change it. Do: chmod 600 {path}")
    if not data.strip():
        raise BadSettings(f"{what} should stand in {path}, which is empty.")
    return data
