"""Checks of a standby: how far it has signed for main's record, how far its tables follow, and what rang."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources

from lamplit.cli import start
from lamplit.cli.doctor.findings import Check, Finding, look, ok, wrong
from lamplit.continuity import state, weekly
from lamplit.reactions.providers.chosen import BadSettings

SIGNED_WITHIN = timedelta(minutes=5)
RANG_WITHIN = timedelta(days=1)
BEHIND = 10_000  # entries
_MADE = re.compile(r"CREATE (?:OR REPLACE )?(?:FUNCTION (continuity\.\w+\(\))|TRIGGER (\w+))")


def following(at: datetime) -> Iterator[Finding]:
    with start.connect("owner") as db:
        row = db.execute("SELECT origin, size, cosigned_at FROM continuity.cosigned WHERE mirrored").fetchone()
        folded, rang = state.folded_size(db), state.alarms(db)
    if row is None:
        yield wrong("following", "This standby follows nothing.", "lamplit standby init --main STORE --log-key VKEY")
        return
    origin, size, signed_at = row
    if signed_at is None or at - signed_at > SIGNED_WITHIN:
        since = f"since {signed_at:%d %B %H:%M} UTC" if signed_at else "yet"
        yield wrong("following", f"Nothing of {origin} was signed for {since}.", "Its page says why, and so do the loops above.")
    else:
        yield ok("following", f"{size:,} entries of {origin} are held and signed for.")
    if size - folded > BEHIND:
        yield look(
            "following", f"The tables are {size - folded:,} entries behind.", "What is copied is safe: see the loop 'fold'."
        )
    recent = [(when, words) for when, _, words in rang if at - when < RANG_WITHIN]
    for when, words in recent:
        yield wrong("following", f"It rang at {when:%d %B %H:%M} UTC: {words}", "docs/standby.md says what each alarm means.")
    if not recent:
        yield ok("following", "Nothing rang in the last day.")


def own_names() -> set[str]:
    """Return the functions and triggers that a standby's own schema makes."""
    files = resources.files("lamplit.continuity.schema").iterdir()
    found = [match for file in files if file.name.endswith(".sql") for match in _MADE.findall(file.read_text())]
    return {name for pair in found for name in pair if name}


def weekly_message(at: datetime) -> Iterator[Finding]:
    """Whether the standby's own sending address is used, so that it is known on the day when it matters."""
    from lamplit.config import providers

    name = "weekly message"
    try:
        chosen = providers.weekly()
    except BadSettings:
        return  # `messages` says so
    if chosen is None:
        yield look(name, "Nobody gets one, so no partner knows our address.", "Name some in providers.toml: [weekly] to = [...]")
        return
    with start.connect("owner") as db:
        sent = weekly.last(db)
    if weekly.is_overdue(sent, at):
        when = f"The last went on {sent.at:%d %B %H:%M} UTC." if sent else "None has gone yet."
        yield wrong(name, when, "The loop 'weekly' says why; so does this standby's page.")
    elif sent is not None:
        yield ok(name, f"The last went on {sent.at:%d %B %H:%M} UTC to {sent.addresses} addresses and numbers.")


def rings(at: datetime) -> Iterator[Finding]:
    """Whether anybody is told when this standby rings: main's desk cannot say it when main is what is lost."""
    from lamplit.config import providers

    try:
        chosen = providers.alarms()
    except BadSettings:
        return  # `messages` says so
    if chosen is None:
        yield wrong("ringing", "Nobody is told when this standby rings.", "Name some in providers.toml: [alarms] to = [...]")
    else:
        yield ok("ringing", f"When it rings, {len(chosen[1].everybody)} addresses and numbers are told.")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("following", following),
    ("weekly message", weekly_message),
    ("ringing", rings),
)
