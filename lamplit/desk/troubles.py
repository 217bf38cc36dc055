"""What is wrong behind the scenes, for the bar that stands on every page of the desk: plain words, or nothing."""

from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from lamplit.basics.words import ago
from lamplit.record import erase

SILENT_AFTER = timedelta(seconds=90)
# What each loop does, and what people notice when it does not.
DOES = {
    "seal": ("The sealer", "New entries wait to be sealed. Nothing is lost. Receipts say that they are not confirmed yet."),
    "publish": ("The publisher", "New entries are not copied to the second place yet. Receipts wait."),
    "worker": ("The worker", "Letters, texts, reminders and calls to whoever is on call wait. Ring for emergencies by hand."),
}
NEEDED = ("seal", "publish near", "worker")


def troubles(now: datetime) -> list[str]:
    """Return one sentence or two for each loop that is in trouble or silent, and when many keys are about to be destroyed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, alive_at, trouble FROM record.loop ORDER BY name")
            rows = {name: (alive_at, trouble) for name, alive_at, trouble in cursor.fetchall()}
        alarm = erase.alarm()
    except DatabaseError:
        return ["We cannot see whether the record is kept. Tell whoever looks after the system."]
    said = [alarm, *(_words(name, *rows[name], now) for name in rows)]
    said += [f"{_name(name)} does not run. {DOES[name.split()[0]][1]}" for name in NEEDED if name not in rows]
    return [words for words in said if words]


def _words(name: str, alive_at: datetime, trouble: str, now: datetime) -> str:
    means = DOES.get(name.split(maxsplit=1)[0], ("", ""))[1]
    if now - alive_at > SILENT_AFTER:
        return f"{_name(name)} was last heard of {ago(alive_at, now)}. {means}".strip()
    return f"{_name(name)} is in trouble: {trouble.rstrip('.')}. {means}".strip() if trouble else ""


def _name(name: str) -> str:
    first, _, rest = name.partition(" ")
    title = DOES.get(first, (f"“{name}”", ""))[0]
    return f"{title} ({rest})" if rest and first in DOES else title
