"""Letters that were sent before an incident and ask something by a day or for money: stopped, answered, let go on."""

from collections.abc import Sequence
from datetime import datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.incidents import queries
from lamplit.incidents.models import Incident
from lamplit.incidents.rules import telling
from lamplit.messages import rules as messages
from lamplit.messages.facts import LetterAnswered, LettersHeld, LettersLetGo, PromiseMade
from lamplit.messages.models import HeldLetter, Hold, Promise
from lamplit.record.page import Page, action

LOOKED_AT = 1_000  # messages that one page looks through
MOST = 200  # letters that a person lets go at a time


@action
def hold_letters(page: Page, *, incident: str, by: By, at: datetime, command: str) -> bool:
    """Stop the next batch of letters. Returns whether that was the last; it goes on where the last batch ended."""
    row, done = page.lock(Incident, incident), page.lock(Hold, incident)
    if row is None or row.drill or (done is not None and done.over_at is not None):
        return True
    upto = done.upto if done is not None else ""
    sent = queries.sent_between(telling.since(row.opened_at), row.opened_at, after=upto, limit=LOOKED_AT)
    letters = [one.id for one in sent if messages.asks(one.template) is not None and one.status != "failed"]
    over = len(sent) < LOOKED_AT
    page.write(LettersHeld(incident=incident, letters=letters, upto=sent[-1].id if sent else upto, over=over))
    return over


@action
def note_answer(page: Page, *, letter: str, email: str, by: By, at: datetime, command: str) -> bool:
    """Say that a letter which is stopped was answered, and promise that a person reads it. `letter`: its row. False: no news."""
    row, sent = page.lock(HeldLetter, letter), queries.email(email)
    if row is None or sent is None or row.let_go_at is not None:
        return False
    if row.answered_at is not None and sent.received_at <= row.answered_at:
        return False
    promise = page.new_id("v")
    page.write(
        PromiseMade(
            promise=promise, voice=sent.voice, person=sent.person, contact=sent.contact, due_at=at + messages.tell_within(),
            what="Read this answer to a letter that the incident stopped. Then say whether the letter goes on.",
        )
    )  # fmt: skip
    page.write(LetterAnswered(incident=row.incident, letter=row.message, email=email, promise=promise))
    return True


@action
def let_letters_go(page: Page, *, incident: str, letters: Sequence[str], by: By, at: datetime, command: str) -> int:
    """Say that what follows from these letters may go on. Returns how many were let go: others may have been before.

    Refused: incidents.no_letters, incidents.answer_waits.
    """
    wanted = list(dict.fromkeys(letters))[:MOST]
    rows = [row for one in wanted if (row := page.lock(HeldLetter, f"{incident}.{one}")) is not None and row.let_go_at is None]
    if not rows:
        raise Refused("incidents.no_letters")
    for row in rows:
        promise = page.lock(Promise, row.promise) if row.promise is not None else None
        if promise is not None and promise.kept_at is None:
            raise Refused("incidents.answer_waits")
    page.write(LettersLetGo(incident=incident, letters=[row.message for row in rows]))
    return len(rows)
