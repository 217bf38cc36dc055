"""`lamplit ingest`: take over what a standby wrote, once or from now on; and the keys to open what it kept sealed."""

import argparse
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pyrage

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.cli import start
from lamplit.cli.say import Failed, WrongUse, progress, say, warn
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.loop import WAITS, Loop, Stop
from lamplit.record.note import KeyRejected, Verifier
from lamplit.record.rebuild import quiet
from lamplit.record.store import open_store

FOLLOW_EVERY = 5.0  # seconds
AT_ONCE = 50  # posts that are looked at in one turn
BY = job("ingest")


def ingest(asked: argparse.Namespace) -> int:
    """Take over what the standby has written; with --follow from now on, with --close for the last time."""
    try:
        log = Verifier.parse(asked.key)
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error
    start.open_installation()
    identities = own_identities() + [one for file in asked.identity for one in keyfiles.read_identities(Path(file))]
    if asked.follow:
        turn = partial(_turn, asked.source, log, identities)
        Loop("ingest", _owner, turn, every=FOLLOW_EVERY, waits=WAITS).run(Stop().on_signals())
        return 0
    with _owner() as db:
        came = _step(db, asked.source, log, identities, told=True)
        if asked.close:
            _close(db, asked.source, log, identities)
    say(f"{came:,} entries of {log.name} were taken over.")
    return 0


def key(asked: argparse.Namespace) -> int:
    """Print the public key that a standby seals post to for this installation."""
    del asked
    say(str(keyfiles.own_identity(place.post_key()).to_public()))
    return 0


def own_identities() -> list[pyrage.x25519.Identity]:
    """Return this installation's own key for post, if it has one."""
    file = place.post_key()
    return keyfiles.read_identities(file) if file.exists() else []


def _turn(source: str, log: Verifier, identities: list[pyrage.x25519.Identity], db: psycopg.Connection[Any]) -> bool:
    _step(db, source, log, identities)
    return False


def _owner() -> psycopg.Connection[Any]:
    return start.connect("owner")


def _step(
    db: psycopg.Connection[Any], source: str, log: Verifier, identities: list[pyrage.x25519.Identity], *, told: bool = False
) -> int:
    from lamplit.record.ingest import CannotIngest

    try:
        with progress() as step:
            done = _ingest(db, source, log, identities).run(step if told else quiet)
    except CannotIngest as error:
        if told:
            raise Failed(str(error)) from error
        raise OSError(str(error)) from error  # the loop says it, and tries again
    _look_for_clashes(db, log, done.headers)
    return int(done.came)


def _ingest(db: psycopg.Connection[Any], source: str, log: Verifier, identities: list[pyrage.x25519.Identity]) -> Any:
    from lamplit.config.wiring import wiring
    from lamplit.record.encode import Codec
    from lamplit.record.ingest import Ingest

    return Ingest(db, open_store(source), log, wiring(), Codec(place.origin()), identities, now)


def _look_for_clashes(db: psycopg.Connection[Any], log: Verifier, headers: list[Any]) -> None:
    """Note for a person what both wrote about. Done again, it notes nothing twice."""
    from lamplit.incidents import actions, queries
    from lamplit.record.ingest import clashes

    under_way = [row for row in queries.takeovers() if row.ended_at is None]
    if not under_way or not headers:
        return
    found = clashes(db, under_way[0].size, headers)
    for both in found:
        actions.note_clash(
            about=both.about, why=both.why, main_kinds=both.main_kinds, standby_kinds=both.standby_kinds, standby=log.name,
            by=BY, at=now(), command=f"clash:{under_way[0].id}:{both.why}:{both.about}:{len(both.standby_kinds)}",
        )  # fmt: skip
    if found:
        warn(f"Main and the standby both wrote about {len(found):,} things. A person looks at them: the desk lists them.")


def _close(db: psycopg.Connection[Any], source: str, log: Verifier, identities: list[pyrage.x25519.Identity]) -> None:
    """Say that all is here and that main alone promises from now on."""
    from lamplit.incidents import actions, queries
    from lamplit.record.ingest import CannotIngest

    ingesting = _ingest(db, source, log, identities)
    try:
        ingesting.close()
    except CannotIngest as error:
        raise Failed(str(error)) from error
    size = ingesting.size_here()
    for row in queries.takeovers():
        if row.ended_at is None:
            actions.end_takeover(
                takeover=row.id, standby=log.name, size=size, by=BY, at=now(), command=f"takeover:{row.id}:ended"
            )
    say(f"{log.name} is closed with {size:,} entries. On the standby, run: lamplit standby again")


class PostOpener:
    """Opens post in turns, AT_ONCE a time. What is sealed to others is passed by, and looked at again in the next round."""

    def __init__(self) -> None:
        self._after = ""

    def step(self, at: datetime) -> int:
        """Open what comes next. Returns how many were opened."""
        done, self._after = open_post(at, self._after)
        return done


def open_post(at: datetime, after: str = "") -> tuple[int, str]:
    """Open what a standby kept sealed, as far as our keys go: it becomes e-mail that came in.

    Returns how many, and behind which to go on: from the first again when these were the last.
    """
    from lamplit.continuity import intake
    from lamplit.exchange.post import opened
    from lamplit.messages import actions, queries
    from lamplit.record.blobs import read_blob

    identities = own_identities() if place.standby() is None else _heir()
    done, waiting = 0, queries.post_to_open(AT_ONCE, after) if identities else []
    for post in waiting:
        try:
            payload = intake.open_sealed(read_blob(post.sealed), identities)
        except LookupError:
            continue  # its blob is on the way
        if payload is None:
            continue  # sealed to others
        try:
            email, spoilt = opened.work(post.what, payload, post.kept_at, post.id), False
        except ValueError:
            email, spoilt = None, True
        try:
            actions.open_post(post=post.id, email=email, spoilt=spoilt, by=job("post"), at=at, command=f"post:{post.id}:opened")
        except Refused as refused:
            warn(f"{post.reference}: {refused.code}")
        done += 1
    return done, waiting[-1].id if len(waiting) == AT_ONCE else ""


def _heir() -> list[pyrage.x25519.Identity]:
    """Return the heir's key once the standby has taken over and it is in memory."""
    file = place.memory() / "heir"
    return keyfiles.read_identities(file) if file.exists() else []
