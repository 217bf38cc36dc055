"""Until when everything that was written can be seen: for whoever reads on from where it stopped.

A line says when it was written, and is seen when its page ends. Of two pages the one that began first may end last.
"""

from datetime import datetime

from django.db import connection

# By the database's own clock alone: how long the oldest page goes on that has written something. Those of the app's role.
_LONGEST = """
SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
"""


def seen_until(now: datetime) -> datetime:
    """Return the moment before which nothing more will come to be seen. Ask it first, then read. `now`: read before asking."""
    with connection.cursor() as cursor:
        cursor.execute(_LONGEST)
        (longest,) = cursor.fetchone()
    return now if longest is None else now - longest
