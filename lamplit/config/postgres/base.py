"""Django's PostgreSQL, with two things that cost less.

Whether a connection still stands: Django asks `SELECT 1` before the first statement of each request; most of the time a look
at the socket tells as much. And a cursor for statements that are asked all day: the server reads each of them once a connection.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations

REMEMBERED = 150  # statements that the server keeps read for one connection
ASK_EVERY = 10.0  # seconds: a server that vanished without a word closes no socket


class Operations(DatabaseOperations):
    """Tells tests what was asked also where the values went beside it."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a connection that answered a moment ago to be good, unless something came on it since that nobody asked for."""

    ops_class = Operations

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._asked_at = float("-inf")

    def get_connection_params(self) -> dict[str, Any]:
        """Let the cursors that bind at the server have each statement kept there from its first time on."""
        return super().get_connection_params() | {"prepare_threshold": 0}

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect."""
        made = super().get_new_connection(conn_params)
        made.prepared_max = REMEMBERED
        return made

    def kept_cursor(self) -> Any:
        """Return a cursor for statements that are spelt alike each time: they are bound, and kept, at the server."""
        it: Any = self
        kind: Any = base.ServerBindingCursor
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return it._prepare_cursor(kind(it.connection))  # noqa: SLF001 - of our own base

    def close_if_health_check_failed(self) -> None:
        """Look whether the connection can be used, once in a request."""
        it: Any = self  # Django's stubs leave out what this is about
        if it.connection is None or not it.health_check_enabled or it.health_check_done:
            return
        if time.monotonic() - self._asked_at < ASK_EVERY and _quiet(it.connection):
            it.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._asked_at = time.monotonic()


def _quiet(connection: Any) -> bool:
    """Whether nothing waits to be read: a server that ends, or ends us, says so or hangs up."""
    if connection.closed:
        return False
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return not look.poll(0)
