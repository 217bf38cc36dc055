"""`lamplit init`: cluster, roles, database, schemas, keys, an empty signed log. Run again, it adds what is missing."""

import argparse
import hashlib
import os
from pathlib import Path

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.say import say
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.note import SigningKey


def init(asked: argparse.Namespace) -> int:
    """Make this installation whole."""
    new = make_installation()
    say(f"{'Made' if new else 'Checked'} the database in {place.home() if place.embedded() else 'the server that you named'}.")
    say(f"The log is {place.origin()}. Its public key, for everyone to keep:")
    say(start.log_key().vkey)
    if new:
        say(f"Take {place.key_folder() / 'custodian'} off this machine now: it opens every sealed key in the store.")
    return 0


def make_installation() -> bool:
    """Make what is missing. Returns whether the database is new."""
    if place.embedded():
        place.cluster().ensure()
    if not start.key_file().exists():
        SigningKey.generate(place.origin()).write(start.key_file())
    keyfiles.make_custodian(place.key_folder())
    start.set_up_django()
    from lamplit.config import setup
    from lamplit.record import seal

    admin, owner = place.database("admin"), place.database("owner")
    setup.make_roles(admin | {"dbname": "postgres"}, {role: place.cluster().secret(role) for role in setup.LOGIN_ROLES})
    new = setup.make_database(admin, owner)
    with start.connect("owner") as db:
        seal.start_log(db, start.log_key(), now())
    _load_questions()
    return new


def _load_questions() -> None:
    """Bring the shipped questions into the record, so that what was asked can be read long after this release is gone."""
    from lamplit.repairs import actions, queries

    if queries.tree() is None:  # what the landlord loaded since stays in use
        actions.load_tree(text=queries.shipped_questions(), by=who.cli("init"), at=now(), command="init:questions")


def questions(asked: argparse.Namespace) -> int:
    """Bring a landlord's own questions into use. A fault names its line, and changes nothing."""
    start.open_installation()
    from lamplit.repairs import actions

    text = Path(asked.file).read_text(encoding="utf-8")
    command = f"file:{hashlib.sha256(text.encode()).hexdigest()}"
    edition = actions.load_tree(text=text, by=who.cli(user()), at=now(), command=command)
    say(f"The questions of edition {edition} are in use from now on. Answers to earlier ones keep theirs.")
    return 0


def user() -> str:
    """Return who runs the command, as the record names her."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "somebody"
