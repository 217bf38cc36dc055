"""After coming back: what was ordered before goes out when a person says so, or never."""

from collections.abc import Sequence
from datetime import datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.messages.facts import MessageFailed, MessagesReleased
from lamplit.messages.models import Message
from lamplit.record.page import Page, action

MOST = 500  # messages of which one page says so
NEVER = "A person decided after coming back that it goes out no more."


@action
def release_messages(page: Page, *, messages: Sequence[str], never: bool = False, by: By, at: datetime, command: str) -> int:
    """Let messages go that wait for a person, or say that they never do. Returns how many: others may have been before.

    Refused: messages.none_waits.
    """
    wanted = list(dict.fromkeys(messages))[:MOST]
    rows = [row for one in wanted if (row := page.lock(Message, one)) is not None]
    rows = [row for row in rows if row.status == "ordered" and row.released_at is None]
    if not rows:
        raise Refused("messages.none_waits")
    if never:
        for row in rows:
            page.write(MessageFailed(message=row.id, voice=row.voice, final=True, why=NEVER))
    else:
        page.write(MessagesReleased(messages=[row.id for row in rows]))
    return len(rows)
