"""Where an e-mail belongs: with the person whose address it comes from, with the case that it names, or on the list to file.

An address is only what an e-mail says of itself. So nothing is changed on its word, no door opens, and everywhere it is shown as
of an unproved sender. What comes back of ours is believed at the address that only we could have made (reactions/providers/smtp).
Nothing here ever answers.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lamplit.basics.original import Original
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, job
from lamplit.config.photos import reading as gate
from lamplit.exchange.post.reading import File, Letter, photos, read
from lamplit.messages import actions, queries
from lamplit.messages.facts import Attached
from lamplit.people import queries as people
from lamplit.reactions.providers.interface import Heard
from lamplit.reactions.providers.smtp import is_dead
from lamplit.reactions.recipients import lives_there
from lamplit.reactions.send import take_in, whose_ways
from lamplit.record.commands import first_answer
from lamplit.repairs import actions as repairs
from lamplit.repairs import queries as cases

log = logging.getLogger(__name__)
BY = job("post")
MOST_FILES = 30  # that are listed


class Place(NamedTuple):
    """Where it belongs, as far as its own words can say."""

    person: str | None = None
    repair: str | None = None
    message: str | None = None
    audience: str = "all"


def land(
    raw: bytes, at: datetime, *, mail_from: str = "", returned: str | None = None, read_within: timedelta | None = None,
    post: str | None = None,
) -> str | None:  # fmt: skip
    """Keep an e-mail and file it. Returns its id. The same bytes again get the same id, and nothing is done twice.

    None: it was kept before the record was restored, which does not say any more as which e-mail.

    `returned`: the key of a message of ours, when it came to the address that such messages come back to. `read_within`: of a
    report at our standby, which somebody reads within that time, whoever it is from. `post`: as what a standby had kept it.
    """
    letter, original = read(raw, mail_from), Original(raw)
    if returned is not None:
        _hear(letter, returned, at)
        place = Place(message=returned.partition(".")[0])
    else:
        place = Place() if letter.machine else place_of(letter, at)
    command = f"mail:{original.sha256}"
    try:
        email = _receive(letter, original, place, command, at, machine=letter.machine or returned is not None,
                         **_promised(letter, place, at, read_within), post=post)  # fmt: skip
    except Refused as refused:
        if not refused.done_before:
            raise
        return first_answer(command, str)  # it was filed otherwise then: her address or her case came to be known since
    if place.person is not None and place.repair is not None:
        keep_photos(letter, place.repair, place.person, BY, at, original.sha256)
    return email


def _receive(letter: Letter, original: Original, place: Place, command: str, at: datetime, **more: Any) -> str:
    return actions.receive_email(
        original=original, sender=letter.sender, name=letter.name or None, subject=letter.subject, said=letter.said,
        attached=[_attached(file) for file in letter.files[:MOST_FILES]], person=place.person, repair=place.repair,
        message=place.message, audience=place.audience, **more, by=BY, at=at, command=command,
    )  # fmt: skip


def _promised(letter: Letter, place: Place, at: datetime, read_within: timedelta | None) -> dict[str, Any]:
    """Promise that somebody reads it: nothing else brings a filed e-mail before anybody's eyes.

    Not of a machine's, nor of a stranger's, which stands on the list to file; nor of the answer to a letter that an incident
    stopped, of which that is promised already (incidents/actions/letters.py).
    """
    if letter.machine:
        return {}
    if read_within is not None:
        what = f"Read what came in at our standby service, and act on it: “{letter.subject}”"
        return {"promise": what, "promise_due_at": actions.Counted(at + read_within)}
    if place.person is None or (place.message is not None and queries.held_by_incident([place.message])):
        return {}
    return {"promise": "Read the e-mail that came in, and answer it", "promise_due_at": actions.Counted(at + queries.READ_WITHIN)}


def _attached(file: File) -> Attached:
    return Attached(name=file.name, kind=file.kind, size=len(file.data))


def place_of(letter: Letter, at: datetime) -> Place:
    """Find whose it is. Two people who share an address are told apart by the message or the case that it answers."""
    owners = {way.person for way in people.reached_at(letter.sender)} if letter.sender else set()
    message, hers, about = _answered(letter)
    if message is not None and hers is None:
        return Place(message=message)
    cases_named = [row for row in map(cases.by_reference, letter.references) if row is not None]
    if about is not None:
        cases_named.insert(0, about)
    if hers in owners:
        person: str | None = hers
    elif len(owners) == 1:
        (person,) = owners
    else:
        by_case = {one for one in owners for row in cases_named if _is_hers(row, one, at)}
        person = by_case.pop() if len(by_case) == 1 else None
    if person is None:
        return Place(message=message)
    repair = next((row.id for row in cases_named if _is_hers(row, person, at)), None)
    return Place(person=person, repair=repair, message=message, audience=_audience(person, letter.sender))


def _answered(letter: Letter) -> tuple[str | None, str | None, Any | None]:
    """Return the message of ours that it answers, whose that was, and the repair that it was about."""
    for key, _ in letter.answers:
        row = queries.message(key.partition(".")[0])
        if row is not None:
            about = str(row.about or "")
            return row.id, whose_ways(row), cases.repair(about) if about.startswith("r_") else None
    return None, None, None


def _is_hers(repair: Any, person: str, at: datetime) -> bool:
    """Say whether a repair is one that this person may know of: she told us of it, or lives there."""
    return repair.reporter == person or lives_there(person, repair.household, at)


def _audience(person: str, sender: str) -> str:
    """Return who may read it: she too where that address is safe, since somebody else may read or write what stands there."""
    safe = any(way.safe for way in people.reached_at(sender) if way.person == person)
    return "all" if safe else "staff"


def _hear(letter: Letter, key: str, at: datetime) -> None:
    """Write down what a relay says of a message of ours. A machine's other answers (she is on holiday) are no news of it."""
    said = letter.returned
    if said is None:
        return
    if said.action == "failed":
        why = " ".join(part for part in ("It came back:", said.status, said.why) if part)[:300]
        take_in(Heard(key=key, state="failed", why=why, final=True, dead=is_dead(said.status)), at)
    elif said.action == "delivered":
        take_in(Heard(key=key, state="delivered"), at)


def keep_photos(letter: Letter, repair: str, person: str | None, by: By, at: datetime, digest: str) -> int:
    """Add its pictures to a repair, through the gate that every photo passes. Returns how many."""
    count = 0
    for number, file in enumerate(photos(letter)):
        try:
            picture = gate.read(file.data)
            repairs.add_photo(
                repair=repair, picture=picture, person=person, shows="It came by e-mail. Nobody proved the sender.",
                audience="staff", by=by, at=at, command=f"mail:{digest}:{number}",
            )  # fmt: skip
            count += 1
        except gate.CannotReadError as error:
            log.info("a photo of an e-mail was left out: %s", error.trouble)
        except Refused as refused:
            log.info("a photo of an e-mail was left out: %s", refused.code)
    return count
