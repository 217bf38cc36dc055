"""What a standby takes in while it holds no keys: kept sealed, opened later."""

from datetime import datetime

from lamplit.basics.ids import reference
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.messages import facts
from lamplit.messages.facts import What
from lamplit.messages.models import Post
from lamplit.record.page import Page, action, letter_here


class Sealed:
    """Bytes that nobody here can open. As text they are nothing: the same words are sealed otherwise each time."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __str__(self) -> str:
        return ""


@action
def keep_post(page: Page, *, what: What, sealed: Sealed, by: By, at: datetime, command: str) -> str:
    """Keep what came in, sealed to those who may open it. Returns the reference that its sender is told."""
    post = page.new_id("p")
    number = reference(letter_here(), post)
    page.write(facts.PostKept(post=post, what=what, reference=number, sealed=page.keep_blob(sealed.data)))
    return number


@action
def open_post(
    page: Page, *, post: str, email: str | None = None, spoilt: bool = False, by: By, at: datetime, command: str
) -> None:
    """Say that it was opened and as which e-mail it stands now, or that it cannot be read. Refused: messages.no_such_post."""
    say_opened(page, post, email, spoilt=spoilt)


def say_opened(page: Page, post: str, email: str | None, *, spoilt: bool = False) -> None:
    """Write that it was opened, unless that is written. Refused: messages.no_such_post."""
    row = page.lock(Post, post)
    if row is None:
        raise Refused("messages.no_such_post")
    if row.opened_at is None:
        page.write(facts.PostOpened(post=post, email=email, spoilt=spoilt or None))
