"""Declaring: two people's codes, main's size fixed, its keys unlocked, and all of that written into our own record.

Each step may be cut off and is done again by whoever declares or unlocks next: the row in the database says what was decided, the
keys stand in memory or do not, and the facts have the same commands.
"""

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from django.conf import settings

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, cli
from lamplit.basics.working_days import london_date
from lamplit.continuity import heir, state, takeover, unlocked
from lamplit.continuity.takeover import Takeover
from lamplit.continuity.unlocked import CannotUnlock, Step
from lamplit.incidents import actions as incidents
from lamplit.incidents import queries as incidents_said
from lamplit.record.rebuild import quiet
from lamplit.record.store import Store
from lamplit.staff import actions as staff
from lamplit.staff import queries as staff_seen

log = logging.getLogger(__name__)
Db = psycopg.Connection[Any]
BY: By = cli("standby")
FIRST_PROMISE = timedelta(hours=1)
SAYS = (
    "Our main computer system does not work. This is our standby service. You can report a repair here, see your repairs and"
    " check a message. We do not know yet how long it will take."
)

# Whoever destroyed main may have read it, and may hold its keys. That nobody can get at people's data is a breach too.
KINDS = ["services_down", "personal_data", "keys"]
WORKS = "You can report a repair, complain, and tell us about your rent. You can do it by phone or on our website."
FIRST_WORDS = timedelta(days=1)  # when every household hears from us again, by the words that are prepared


@dataclass(frozen=True)
class Place:
    """Where this standby keeps what declaring needs. `main`: the name of the log that it follows."""

    main: str
    mirror: Store
    declarers: Path
    memory: Path


def ask_or_agree(
    db: Db, here: Place, name: str, code: str, why: str, *, drill: bool, at: datetime, step: Step = quiet
) -> Takeover:
    """One named person's word, proved by her code: the first asks, the second declares. So does the first again after a while.

    Once declared it unlocks, so that it also serves to unlock after a power cut. Refused: continuity.wrong_code,
    continuity.cannot_unlock, and those of `takeover`.
    """
    identity = heir.open_with(here.declarers, name, code)
    if identity is None:
        raise Refused("continuity.wrong_code")
    asked = takeover.takeover(db)
    if asked is None:
        takeover.ask(db, name, why, drill=drill, at=at)
        asked = takeover.takeover(db)
        assert asked is not None  # noqa: S101 - it was written
        return asked
    if not asked.declared or (asked.alone and name != asked.first):
        asked = takeover.declare(db, name, at)
    _unlock(db, here, identity, step)
    _write_down(db, here, asked, at)
    return asked


def _unlock(db: Db, here: Place, identity: pyrage.x25519.Identity, step: Step) -> None:
    if unlocked.is_unlocked(here.memory):
        return
    try:
        unlocked.unlock(here.mirror, identity, state.erased(db), here.memory, step)
    except CannotUnlock as error:
        raise Refused("continuity.cannot_unlock", why=str(error)) from error


def _write_down(db: Db, here: Place, taken: Takeover, at: datetime) -> None:
    """Write the takeover into our own record, open an incident if none is, and shut out the systems that main let in."""
    assert taken.declared_at is not None  # noqa: S101 - it is declared
    assert taken.size is not None  # noqa: S101 - the same
    held = state.held(db, here.main)
    root = base64.b64encode(held.root if held else b"").decode()
    once = f"takeover:{taken.declared_at.isoformat()}"
    made = incidents.record_takeover(
        main=here.main, size=taken.size, root=root, drill=taken.drill, asked_at=taken.asked_at, first=taken.first,
        second=None if taken.confirmed_at != taken.declared_at else taken.second, why=taken.why,
        by=BY, at=taken.declared_at, command=once,
    )  # fmt: skip
    if taken.second is not None and taken.confirmed_at != taken.declared_at:
        _once(incidents.confirm_takeover, takeover=made, second=taken.second, by=BY, at=at, command=f"{once}:confirmed")
    opened = incidents_said.open_now(drill=taken.drill)
    if opened is None:
        _once(
            incidents.open_incident, says=SAYS, next_at=at + FIRST_PROMISE, aware_at=taken.asked_at, kinds=KINDS,
            drill=taken.drill, by=BY, at=at, command=f"{once}:incident",
        )  # fmt: skip
    elif not taken.drill:  # one is open, of main
        for kind in KINDS:
            done = f"{once}:{kind}"
            _once(incidents.declare_kind, incident=opened, kind=kind, aware_at=taken.asked_at, by=BY, at=at, command=done)
    _prepare_words(taken, at, once)
    for token in staff_seen.open_tokens(london_date(at)):
        _once(staff.end_token, token=token.id, by=BY, at=at, command=f"{once}:{token.id}")


def _prepare_words(taken: Takeover, at: datetime, once: str) -> None:
    """Prepare the first message to every household, where nobody has: two people at the desk read it and release it."""
    incident = incidents_said.open_now(drill=taken.drill)
    if incident is None or incidents_said.newest_telling(incident, "everyone") is not None:
        return
    _once(
        incidents.prepare_telling, incident=incident, what="everyone", works=WORKS, number=settings.LANDLORD["phone"],
        next_at=at + FIRST_WORDS, by=BY, at=at, command=f"{once}:words",
    )  # fmt: skip


def _once(act: Callable[..., Any], **given: Any) -> None:
    """Do what was perhaps done before: what a rule says no to then needs no doing."""
    try:
        act(**given)
    except Refused as refused:
        log.info("left as it is: %s", refused.code)
