"""The one place that looks at the clock. Only doors, process loops and the record's own stamp may call it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
