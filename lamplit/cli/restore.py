"""`lamplit restore`: the whole record, back from a published store, after the database was lost or set back to an old copy."""

import argparse
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import damage, making, running, start, tables
from lamplit.cli.crew import Running
from lamplit.cli.say import Failed, WrongUse, progress, say, say_json, warn
from lamplit.config import place
from lamplit.continuity.state import origin_hash
from lamplit.record import keyfiles
from lamplit.record.encode import Codec
from lamplit.record.loop import Stop
from lamplit.record.note import COSIGNATURE, MAX_BYTES, KeyRejected, SigningKey, Verifier
from lamplit.record.store import Store, open_store


def restore(asked: argparse.Namespace) -> int:
    """Bring the record back."""
    damage.check_asked(asked)
    cosigners = _cosigners(asked)
    _take_log_key(asked.log_key)
    key = signing_key()
    _is_the_log(asked.key, key)
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
            db, _wanted(asked, key, address, store, identities, cosigners), owner, tables.table_maker(owner), tables.grant,
            processes=asked.processes, progress=step,
        )  # fmt: skip
    if not done.nothing:
        making.remember_release()
    if not asked.json:
        _tell(done)
    found = damage.report(asked, done.size)
    if asked.json:
        told = {name: value.hex() if isinstance(value, bytes) else value for name, value in vars(done).items()}
        say_json(told | ({} if found is None else {"compared": found}))
    return _start(asked.start) if asked.start is not None else 0


def _start(port: int) -> int:
    """Run all of it from here until stopped: what was restored serves at once."""
    folder = place.home() / "running"
    folder.mkdir(exist_ok=True)
    crew = Running(folder)
    stop = Stop().on_signals()
    try:
        for name in ("seal", "publish", "work"):
            crew.start(name, name)
        crew.start("serve", "serve", "--port", str(port))
        say(f"Serving on port {port}. Ctrl-C stops it.")
        while not stop.wait(0.5):
            crew.look_after()
    finally:
        crew.stop()
    return 0


def _take_log_key(file: str | None) -> None:
    """Put the copy of the log's key that was given into its place, unless it is there."""
    if file is None:
        return
    given = SigningKey.read(Path(file))
    there = start.key_file()
    if not there.exists():
        given.write(there)
    elif SigningKey.read(there).verifier != given.verifier:
        raise Failed(f"{there} is another key than the one in {file}. Look at which is the log's, then take the other away.")


def _is_the_log(vkey: str | None, key: SigningKey) -> None:
    """Failed when the key that somebody read from paper is not that of this installation."""
    if vkey is not None and _parsed(vkey) != key.verifier:
        raise Failed(f"The key in {start.key_file()} is not the one that you gave with --key. One of the two is not this log's.")


def _parsed(vkey: str) -> Verifier:
    try:
        return Verifier.parse(vkey)
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error


def _cosigners(asked: argparse.Namespace) -> Any:
    """Return who must stand for the record, and what they signed; None when nobody was named."""
    from lamplit.record.restore.cosigned import Cosigners

    if not asked.cosigner:
        if asked.cosigned or asked.only_cosigned:
            raise WrongUse("Name the cosigner's key with --cosigner, from paper: without it a signature means nothing.")
        return None
    keys = [_parsed(vkey) for vkey in asked.cosigner]
    if any(key.kind != COSIGNATURE for key in keys):
        raise WrongUse("That is the key of a log. `lamplit standby key` prints the one that cosigns.")
    return Cosigners(keys, [_fetched(where) for where in asked.cosigned], only=asked.only_cosigned)


def _fetched(where: str) -> bytes:
    """Return a cosigned checkpoint from a file, or from a standby's address."""
    if not where.startswith(("http://", "https://")):
        return _read(where) or b""
    path = "" if where.endswith("/checkpoint") else f"/{origin_hash(place.origin())}/checkpoint"
    try:
        with urlopen(f"{where.rstrip('/')}{path}", timeout=10) as answer:  # noqa: S310 - http or https, as checked above
            return bytes(answer.read(MAX_BYTES + 1))
    except (OSError, HTTPException) as error:
        raise Failed(f"The standby does not give its checkpoint ({error}). Take it from its mirror, as a file.") from error


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


def _wanted(asked: argparse.Namespace, key: SigningKey, address: str, store: Store, identities: list[Any], cosigners: Any) -> Any:
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
        cosigners=cosigners,
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
        say("Sign-in accounts of staff are no part of the record: `lamplit staff links` makes a way in for each of them.")
    say("Now start serve, work, seal and publish. `lamplit owed` lists what tenants may not have been told.")
    say("Then check: lamplit log verify --old with a checkpoint that you kept.")
