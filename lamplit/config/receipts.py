"""Waiting until what somebody told us is kept: a page that gives a number waits for it, at most three seconds.

Kept means: every entry of her command is in the log, and the log is safe that far. settings.KEPT_BY says how: the store of
that name has published it, or with `cosigned` some standby has copied it and signed for that. The waiting request gives its
database connection back. One thread a process looks for all who wait.
"""

import logging
import threading
import time
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from lamplit.config import place
from lamplit.record.ready import kept_cursor

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.05

_KEPT = """
SELECT c.id FROM record.command c JOIN record.entry e ON e.intake_id = c.intake_to
WHERE c.id = ANY(%s) AND e.idx < (SELECT size FROM record.published WHERE store = %s)
"""
_COSIGNED = """
SELECT c.id FROM record.command c JOIN record.entry e ON e.intake_id = c.intake_to
WHERE c.id = ANY(%s) AND e.idx < (SELECT max(size) FROM record.cosigned WHERE cosigner = ANY(%s))
"""


def kept(commands: Iterable[str]) -> set[str]:
    """Return those of the commands whose entries are all safe. One that wrote nothing, or that we do not know, is not."""
    with kept_cursor() as cursor:
        if settings.KEPT_BY == "cosigned":  # a key that is trusted no longer counts no longer
            cursor.execute(_COSIGNED, [list(commands), [key.vkey for _, key in place.standbys()]])
        else:
            cursor.execute(_KEPT, [list(commands), settings.KEPT_BY])
        return {row[0] for row in cursor.fetchall()}


def wait_until_kept(command: str) -> bool:
    """Wait until all that a command wrote is kept. False when it is not yet: then the page says so, with a link to look again."""
    return bool(kept([command])) or WATCHER.wait(command)


class Watcher:
    """The one thread that looks. It runs while somebody waits and ends when nobody does."""

    def __init__(self, places: int) -> None:
        self._free = threading.Semaphore(places)
        self._lock = threading.Lock()
        self._waiting: dict[str, list[threading.Event]] = {}
        self._thread: threading.Thread | None = None

    def wait(self, command: str) -> bool:
        """Wait for one command. When too many wait already, says False at once: the other threads have pages to serve."""
        if not self._free.acquire(blocking=False):
            return False
        told = threading.Event()
        try:
            connections.close_all()
            with self._lock:
                self._waiting.setdefault(command, []).append(told)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._watch, name="receipts", daemon=True)
                    self._thread.start()
            return told.wait(settings.RECEIPT_WAIT_SECONDS)
        finally:
            self._leave(command, told)
            self._free.release()

    def _leave(self, command: str, told: threading.Event) -> None:
        with self._lock:
            left = [other for other in self._waiting.get(command, []) if other is not told]
            if left:
                self._waiting[command] = left
            else:
                self._waiting.pop(command, None)

    def _watch(self) -> None:
        try:
            while commands := self._commands():
                self._tell(self._look(commands))
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            connections.close_all()
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _commands(self) -> list[str]:
        """Return what is waited for. With nothing left the thread is over, and the next who waits starts another."""
        with self._lock:
            if not self._waiting:
                self._thread = None
            return list(self._waiting)

    def _look(self, commands: list[str]) -> set[str]:
        try:
            return kept(commands)
        except DatabaseError:
            log.exception("could not look whether receipts are kept")
            close_old_connections()
            return set()

    def _tell(self, found: set[str]) -> None:
        with self._lock:
            for command in found:
                for told in self._waiting.get(command, []):
                    told.set()


WATCHER = Watcher(max(1, settings.WEB_THREADS // 4))
