"""`lamplit restore`: the whole record, back from a published store, after the database was lost or set back to an old copy."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import making, running, start, tables
from lamplit.cli.say import Failed, WrongUse, progress, say, say_json, warn
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.encode import Codec
from lamplit.record.note import SigningKey
from lamplit.record.store import Store, open_store


def restore(asked: argparse.Namespace) -> int:
    """Bring the record back."""
    key = signing_key()
    address = asked.store or start.near_store()
    store, identities = open_store(address), _identities(asked.identity)
    tables.check_published(store)
    start.set_up_django()
    _make_recipients(store, identities)
    making.make_database()
    from lamplit.record.restore import restore as bring_back

    with psycopg.connect(place.conninfo("owner")) as db, progress() as step:
        owner = place.conninfo("owner")
        done = bring_back(
            db, _wanted(asked, key, address, store, identities), owner, tables.table_maker(owner), tables.grant,
            processes=asked.processes, progress=step,
        )  # fmt: skip
    if asked.json:
        say_json({name: value.hex() if isinstance(value, bytes) else value for name, value in vars(done).items()})
    else:
        _tell(done)
    return 0


def signing_key() -> SigningKey:
    """Return the log's own key. Failed with what can still be done when it is lost too."""
    file = start.key_file()
    if not file.exists():
        raise Failed(
            f"The log's signing key is not in {file}. Put your copy of it there (chmod 600) and run this again.\n"
            "If no copy is left, nobody can go on with this log: no new entry can be signed. What it says is not lost. It can be"
            " checked (`lamplit log verify`) and every table made from it"
            " (`lamplit rebuild --store S --key VKEY --identity FILE --into URL`), for reading. Begin a new log under another"
            " LAMPLIT_HOME, LAMPLIT_ORIGIN and store, and keep the old store."
        )
    key = start.log_key()
    if key.name != place.origin():
        raise Failed(
            f"The key in {file} is of the log {key.name}, and this installation is {place.origin()}: set LAMPLIT_ORIGIN."
        )
    return key


def _identities(files: Sequence[str]) -> list[Any]:
    """Read the identities given, or the custodian's where there is one."""
    own = place.key_folder() / "custodian"
    paths = [Path(file) for file in files] or ([own] if own.exists() else [])
    found = []
    for path in paths:
        try:
            found += keyfiles.read_identities(path)
        except OSError as error:
            raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
    return found


def _make_recipients(store: Store, identities: list[Any]) -> None:
    """Say for whom keys are sealed from now on. Failed when nobody knows: no key may be made that is in no store."""
    from lamplit.record.restore.keys import read_key_files

    lacking = [name for name in keyfiles.CLASSES if not (place.key_folder() / f"recipients-{name}").exists()]
    if not lacking:
        return
    opened = read_key_files(store, identities).opened
    every = sorted({str(identity.to_public()) for identity in identities})
    for name in lacking:
        file = place.key_folder() / f"recipients-{name}"
        known = sorted(opened.get(name) or ()) or (every if name not in opened else [])
        if not known:
            raise Failed(
                f"Nobody knows for whom keys of class {name} are to be sealed. Put your copy of {file.name} into {file.parent},"
                " or give an identity that opens that class with --identity."
            )
        file.write_text("".join(f"{recipient}\n" for recipient in known))
        warn(f"Keys of class {name} are sealed to the identities that you gave, from now on. Look at {file}.")


def _wanted(asked: argparse.Namespace, key: SigningKey, address: str, store: Store, identities: list[Any]) -> Any:
    from lamplit.config.wiring import wiring
    from lamplit.reactions.follow import NAME
    from lamplit.reactions.worker import ONE_WORKER
    from lamplit.record.restore import Wanted

    published = dict(running.stores())
    name = next((name for name, where in published.items() if _same(where, address)), None)
    for entry in asked.without:
        warn(f"Entry {entry:,} is left out, as you asked. It stays in the log: write down why.")
    return Wanted(
        store, key.verifier, Codec(key.name), wiring(), by=cli(making.user()), at=now(), name=name,
        others={other: open_store(where) for other, where in published.items() if other != name},
        identities=identities, old=_read(asked.old), without=frozenset(asked.without), readers=(NAME,), alone=(ONE_WORKER,),
    )  # fmt: skip


def _same(one: str, other: str) -> bool:
    return open_store(one).address == open_store(other).address


def _read(path: str | None) -> bytes | None:
    try:
        return None if path is None else Path(path).read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error


def _tell(done: Any) -> None:
    if done.nothing:
        say(f"This database holds all {done.size:,} entries of the store. There is nothing to bring back.")
    elif done.keys:
        say("The keys that your identities open are back, and every table was made again with them.")
    else:
        say(f"Restored {done.size - done.held:,} entries: the log has {done.size:,} now, root {done.root.hex()}.")
        say(f"{sum(done.rows.values()):,} rows of {len(done.rows)} tables were made from it, in {done.seconds:.1f} s.")
    for name in done.withheld:
        warn(f"Keys of class {name} stay withheld: no identity opened their files. Run this again with --identity FILE.")
    if done.lost:
        warn(f"{done.lost:,} keys are in no file of the store. What they sealed cannot be read.")
    for path in done.wrong:
        warn(f"{path} is missing or was changed, and was left out.")
    for name, paths in done.aside.items():
        warn(f"{len(paths):,} files of the store {name} reach beyond the log and nobody signed for them. They are in its aside/.")
    for name in done.unseen:
        warn(f"The store {name} could not be looked at or tidied. If it holds more entries, publishing to it will refuse.")
    if not done.nothing and not done.keys:
        _tell_what_now(done)


def _tell_what_now(done: Any) -> None:
    say("What was not published when the database was lost is not there. Pages had said of it that it was still being copied.")
    if done.held == 0:
        say("Sign-in accounts of staff are no part of the record: an administrator makes a new link for each on the staff page.")
    say("Now start serve, work, seal and publish. `lamplit owed` lists what tenants may not have been told.")
    say("Then check: lamplit log verify --old with a checkpoint that you kept.")
