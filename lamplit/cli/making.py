"""`lamplit init`: cluster, roles, database, schemas, keys, an empty signed log. Run again, it adds what is missing."""

import argparse
import hashlib
import os
from pathlib import Path

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.say import Failed, say
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import NoteRejected, SigningKey, split_note
from lamplit.record.store import NotInStore, open_store


def init(asked: argparse.Namespace) -> int:
    """Make this installation whole."""
    new = make_installation()
    say(f"{'Made' if new else 'Checked'} the database in {_where()}.")
    for path in place.cluster().left_behind() if place.embedded() else ():
        say(f"An older database of this folder is still in {path}: nobody can open it. `lamplit destroy` would remove both.")
    say(f"The log is {place.origin()}. Its public key, for everyone to keep:")
    say(start.log_key().vkey)
    if new:
        say(f"Take {place.key_folder() / 'custodian'} off this machine now: it opens every sealed key in the store.")
    return 0


def _where() -> str:
    """Say where the database is: root's server is an ordinary user, who cannot reach every folder."""
    if not place.embedded():
        return "the server that you named"
    files = place.cluster().place
    return str(place.home()) if files.is_relative_to(place.home()) else f"{files}, for {place.home()}"


def make_installation() -> bool:
    """Make what is missing. Returns whether the database is new. Failed when the store has more of the log than there is here."""
    published = _published()
    if not start.key_file().exists():
        if published:
            raise Failed(
                f"The store {start.near_store()} holds a log, and the key that signs it is not in {start.key_file()}."
                " Put your copy of it there, then run `lamplit restore`. To begin a new log, set LAMPLIT_STORES to a new folder."
            )
        SigningKey.generate(place.origin()).write(start.key_file())
    keyfiles.make_custodian(place.key_folder())
    new = make_database()
    from lamplit.record import seal

    with start.connect("owner") as db:
        seal.start_log(db, start.log_key(), now())
        row = db.execute("SELECT size FROM record.checkpoint").fetchone()
    if row and row[0] < published:
        raise Failed(
            f"The store {start.near_store()} holds {published:,} entries and this database {row[0]:,}."
            " `lamplit restore` brings the rest back. To begin a new log, set LAMPLIT_STORES to a new folder."
        )
    _load_questions()
    return new


def _published() -> int:
    """Return how many entries the near store shows, whoever signed them; 0 when there are none or it cannot be asked."""
    try:
        return Checkpoint.parse(split_note(open_store(start.near_store()).get("checkpoint"))[0]).size
    except (NotInStore, OSError, NoteRejected):
        return 0


def make_database() -> bool:
    """Make the database with every schema and role, or what is missing of it. Returns whether it is new. It has no log yet."""
    if place.embedded():
        place.cluster().ensure()
    start.set_up_django()
    from lamplit.config import setup

    admin, owner = place.database("admin"), place.database("owner")
    setup.make_roles(admin | {"dbname": "postgres"}, place.passwords())
    new = setup.make_database(admin, owner)
    if new:
        remember_release()
    return new


def remember_release() -> None:
    """Note that this release made the tables, so that another one knows whether to make them again."""
    from lamplit.config import release

    with start.connect("owner") as db:
        release.remember(db, folds=release.folds(), version=release.version())


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
    if asked.mapping:
        text = _brought(text, Path(asked.mapping))
    if asked.show:
        print(text, end="")
        return 0
    command = f"file:{hashlib.sha256(text.encode()).hexdigest()}"
    edition = actions.load_tree(text=text, by=who.cli(user()), at=now(), command=command)
    say(f"The questions of edition {edition} are in use from now on. Answers to earlier ones keep theirs.")
    return 0


def _brought(theirs: str, mapping: Path) -> str:
    """Return another system's questions as ours, read through a mapping. Failed names what is wrong with either."""
    from lamplit.basics.lines import LineError
    from lamplit.repairs import queries

    try:
        brought = queries.questions_brought(theirs, mapping.read_text(encoding="utf-8"), mapping.name)
    except LineError as error:
        raise Failed(str(error)) from error
    say(f"Read {brought.leaves:,} last answers. Our own questions about danger come before theirs.")
    for name in brought.left_out:
        say(f"Left out, since no answer leads to it: {name}.")
    return brought.text


def user() -> str:
    """Return who runs the command, as the record names her."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "somebody"
