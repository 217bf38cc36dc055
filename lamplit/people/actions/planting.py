"""Planted records: people who do not exist, proposed by one and agreed on by another; and whoever opens one.

Everything goes into a box under the key that stands in no database, so what a command asked for must not be guessed from its
digest either: `salt` (`queries.salt_of`) is part of it, and nobody knows that without the key.
"""

from datetime import datetime

import msgspec

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.people import facts, queries, rules
from lamplit.people.models import Planted
from lamplit.record import apart
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy, tidy_struct


@action
def propose_planted(page: Page, *, who: rules.MadeUp, salt: str, by: By, at: datetime, command: str) -> str:
    """Propose somebody who does not exist. Returns the planted record's id.

    Refused: people.no_key_apart, people.planted_is_somebody, and what `rules.check_made_up` refuses.
    """
    _check_key()
    who = rules.check_made_up(tidy_struct(who), salt, london_date(at))
    if queries.is_known(rules.normal_phone(who.phone)) or queries.is_known(who.email):
        raise Refused("people.planted_is_somebody")
    planted = page.new_id("y")
    said = msgspec.structs.asdict(who)
    about = facts.Planting(what="proposed", salt=salt, at=at, proposed_by=str(by), proposed_at=at, **said)
    _write(page, planted, about)
    return planted


@action
def agree_planted(page: Page, *, planted: str, salt: str, by: By, at: datetime, command: str) -> None:
    """Agree that she is put in. The worker does it in the next days, in the name of whoever proposed her.

    Refused: people.no_key_apart, and what `rules.check_agreed` refuses.
    """
    _check_key()
    about = rules.check_agreed(_lock(page, planted), str(by))
    steps = rules.steps_of(salt, at)
    person = page.new_id("p", steps[0])  # an id tells when it was made
    agreed = {"what": "agreed", "salt": salt, "person": person, "steps": steps, "agreed_by": str(by), "agreed_at": at, "at": at}
    _write(page, planted, msgspec.structs.replace(about, **agreed))


@action
def end_planted(page: Page, *, planted: str, why: str, salt: str, by: By, at: datetime, command: str) -> None:
    """Take one out: its opening rings no more. Nothing is sent to her afterwards either, since she still does not exist.

    Refused: people.no_key_apart, people.no_such_planted, people.planted_is_over, people.no_reason.
    """
    _check_key()
    about = _lock(page, planted)
    if about is None or about.what not in rules.PLANTED_STATES:
        raise Refused("people.no_such_planted")
    if about.what == "ended":
        raise Refused("people.planted_is_over")
    if tidy(why) is None:
        raise Refused("people.no_reason")
    ended = {"what": "ended", "salt": salt, "ended_by": str(by), "why": tidy(why), "at": at}
    _write(page, planted, msgspec.structs.replace(about, **ended))


@action
def note_planted_opened(
    page: Page, *, planted: str, reader: str, via: str, about: str | None, salt: str, by: By, at: datetime, command: str
) -> None:
    """Note that somebody was shown a planted record. `reader` as `str(by)` of a page. Refused: people.no_key_apart."""
    _check_key()
    opened = facts.Planting(what="opened", salt=salt, at=at, of=planted, reader=reader, via=via, about=about)
    _write(page, page.new_id("y"), opened)


@action
def note_list_read(page: Page, *, why: str, salt: str, by: By, at: datetime, command: str) -> None:
    """Note that somebody reads the list of planted records, and why. Refused: people.no_key_apart, people.no_reason."""
    _check_key()
    if tidy(why) is None:
        raise Refused("people.no_reason")
    _write(page, page.new_id("y"), facts.Planting(what="listed", salt=salt, at=at, reader=str(by), why=tidy(why)))


def _check_key() -> None:
    if not apart.ready():
        raise Refused("people.no_key_apart")


def _lock(page: Page, planted: str) -> facts.Planting | None:
    row = page.lock(Planted, planted)
    return None if row is None else queries.read_box(row.box)


def _write(page: Page, planted: str, about: facts.Planting) -> None:
    page.write(queries.note_of(planted, about))
