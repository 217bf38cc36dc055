"""What a command needs before it can begin: a running database, Django, keys."""

import os
from pathlib import Path

import psycopg

from lamplit.cli.say import Failed
from lamplit.config import place
from lamplit.record.note import SigningKey


def set_up_django() -> None:
    """Set Django up. Touches no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplit.config.settings")
    import django

    django.setup()


def open_installation() -> None:
    """Start the embedded database of LAMPLIT_HOME if it is ours to start, and set Django up. Failed before `lamplit init`."""
    if place.embedded():
        place.cluster().start()
    elif not (place.by_peer() or (place.home() / "cluster" / "secrets" / "owner").exists()):
        raise Failed("This installation was not made yet. Run `lamplit init`.")
    set_up_django()


def connect(role: str) -> psycopg.Connection:
    """Connect as one of the roles, without Django."""
    return psycopg.connect(place.conninfo(role))


def key_file() -> Path:
    return place.key_folder() / "log"


def log_key() -> SigningKey:
    """Return the log's signing key. Failed when there is none."""
    if not key_file().exists():
        raise Failed(f"There is no log key in {key_file()}. Run `lamplit init`, or put your copy of the key there.")
    return SigningKey.read(key_file())


def near_store() -> str:
    return place.stores()[0]
