"""The standby takes over, and main comes back: as facts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.incidents import facts, queries
from lamplit.incidents.models import Clash, Incident, Takeover
from lamplit.incidents.rules.history import WHOLE
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

BACK = (
    "Our main system is back, and it has everything that you sent us meanwhile. We are looking at each service. Here we say when"
    " each works as it should."
)
NEXT = timedelta(hours=1)  # then we say more, where nothing was promised


@action
def record_takeover(
    page: Page, *, main: str, size: int, root: str, drill: bool, asked_at: datetime, first: str, second: str | None, why: str,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Write down that the standby took over. Without a `second` it stays to be confirmed. Returns its id."""
    made = page.new_id("k")
    page.write(
        facts.TakeoverDeclared(
            takeover=made, main=main, size=size, root=root, drill=drill, alone=second is None, asked_at=asked_at,
            first=tidy(first), second=tidy(second), why=tidy(why),
        )
    )  # fmt: skip
    return made


@action
def confirm_takeover(page: Page, *, takeover: str, second: str, by: By, at: datetime, command: str) -> None:
    """Write down the second person's word afterwards. Refused: incidents.no_such_takeover."""
    row = page.lock(Takeover, takeover)
    if row is None or row.ended_at is not None:
        raise Refused("incidents.no_such_takeover")
    page.write(facts.TakeoverConfirmed(takeover=takeover, second=tidy(second)))


@action
def end_takeover(page: Page, *, takeover: str, standby: str, size: int, by: By, at: datetime, command: str) -> None:
    """Write down that main works again and has everything, and say so in the incident that is open: else the public would
    go on to read that main does not work. What was promised next stays promised. Refused: incidents.no_such_takeover.
    """
    row = page.lock(Takeover, takeover)
    if row is None or row.ended_at is not None:
        raise Refused("incidents.no_such_takeover")
    page.write(facts.TakeoverEnded(takeover=takeover, standby=standby, size=size))
    ident = None if row.drill else queries.open_now(drill=False)
    opened = page.lock(Incident, ident) if ident else None
    if opened is None or opened.ended_at is not None:
        return
    before = queries.standing(queries.lines_of(opened.id)).get(WHOLE)
    waits = before is not None and before.next_at is not None and before.kept_at is None
    until = before.next_at if before is not None and waits and before.next_at > at else at + NEXT
    keeps = before.id if before is not None and waits else None
    said = facts.UpdateSaid(incident=opened.id, line=page.new_id("l"), says=BACK, next_at=until, keeps=keeps)
    page.write(said)


@action
def note_clash(
    page: Page, *, about: str, why: Literal["same_thing", "same_command"], main_kinds: Sequence[str],
    standby_kinds: Sequence[str], standby: str, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Note that main and the standby both wrote about one thing, for a person to look. Returns its id."""
    made = page.new_id("z")
    page.write(
        facts.ClashFound(
            clash=made, about=about, why=why, main_kinds=sorted(main_kinds), standby_kinds=sorted(standby_kinds), standby=standby
        )
    )
    return made


@action
def settle_clash(
    page: Page, *, clash: str, outcome: Literal["fine", "put_right"], why: str, by: By, at: datetime, command: str
) -> None:
    """Say what came of looking at a clash. Refused: incidents.no_such_clash, incidents.say_why."""
    row = page.lock(Clash, clash)
    if row is None or row.settled_at is not None:
        raise Refused("incidents.no_such_clash")
    if tidy(why) is None:
        raise Refused("incidents.say_why")
    page.write(facts.ClashSettled(clash=clash, outcome=outcome, why=tidy(why)))
