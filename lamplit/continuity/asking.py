"""Main's side: asks a standby for the checkpoint that it cosigned last, by GET, believes nothing of it unseen, and keeps it.

That is the only thing that main asks of a standby. A page that promises waits until the tree so kept covers its entries.
"""

import http.client
import logging
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import psycopg

from lamplit.basics.clock import now
from lamplit.continuity.state import origin_hash
from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import MAX_BYTES, NoteRejected, Verifier, add_line, only_lines_of, split_note
from lamplit.record.publish import RefusesStore
from lamplit.record.store import StoreUnavailable
from lamplit.record.tiles import Frontier

log = logging.getLogger(__name__)
Db = psycopg.Connection[Any]
PATIENCE = 5.0  # seconds for an answer
SILENT_AFTER = timedelta(minutes=3)  # it cosigns again each minute, whether main grew or not
_LEAVES = 50_000  # read at a time

_WHYS: list[tuple[type[Exception], str]] = [
    (ConnectionRefusedError, "nothing runs there"),
    (TimeoutError, "it takes too long"),
    (ssl.SSLError, "its certificate is not to be trusted"),
    (socket.gaierror, "its address is not known"),
    (http.client.HTTPException, "what answers there is no standby"),
]


def _why(error: Exception) -> str:
    """Return in plain words why nothing came. What the machine called it stands in the log."""
    return next((words for kind, words in _WHYS if isinstance(error, kind)), "the way there is cut")


class Asker:
    """Asks one standby. `where`: its address; `cosigner`: the key that we trust it to cosign with."""

    def __init__(self, db: Db, where: str, cosigner: Verifier, clock: Callable[[], datetime] = now) -> None:
        self._db, self._where, self._cosigner, self._clock = db, urlsplit(where), cosigner, clock
        self._line: http.client.HTTPConnection | None = None
        self._last = b""
        self._logged = ""
        self._frontier = Frontier()  # of our own entries, as far as this standby has cosigned them

    def ask_once(self) -> int:
        """Keep what the standby cosigned last. Returns that size. StoreUnavailable while it cannot be had or believed.

        RefusesStore when it cosigned what this database does not hold: a sign that the database is an old copy.
        """
        with self._db.transaction():
            row = self._db.execute("SELECT vkey FROM record.checkpoint").fetchone()
        if row is None:
            raise StoreUnavailable("This database has no log yet. Run `lamplit init`.")
        log = Verifier.parse(row[0])
        note = self._get(f"{self._where.path.rstrip('/')}/{origin_hash(log.name)}/checkpoint")
        tree, at, plain = self._believe(note, log)
        if note != self._last:
            self._hold_against(tree)
            self._keep(tree, plain, at)
            self._last = note
        if self._clock() - datetime.fromtimestamp(at, UTC) > SILENT_AFTER:
            raise StoreUnavailable(
                f"The standby {self._cosigner.name} has not cosigned since {datetime.fromtimestamp(at, UTC):%d %B %Y %H:%M} UTC."
                " Its own status page says why."
            )
        return tree.size

    def _get(self, path: str) -> bytes:
        try:
            status, body = self._answer(path)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if (logged := repr(error)) != self._logged:  # it is asked every few seconds
                log.info("%s: %s", self._cosigner.name, logged)
            self._logged = logged
            raise StoreUnavailable(f"The standby {self._cosigner.name} does not answer: {_why(error)}.") from error
        self._logged = ""
        if status == 404:
            raise StoreUnavailable(f"The standby {self._cosigner.name} has cosigned nothing of this record yet.")
        if status != 200 or len(body) > MAX_BYTES:
            raise StoreUnavailable(f"The standby {self._cosigner.name} answers {status}, which is no checkpoint.")
        return body

    def _answer(self, path: str) -> tuple[int, bytes]:
        if self._line is None:
            kind = http.client.HTTPSConnection if self._where.scheme == "https" else http.client.HTTPConnection
            self._line = kind(self._where.netloc, timeout=PATIENCE)
        self._line.request("GET", path, headers={"Accept": "text/plain"})
        answer = self._line.getresponse()
        return answer.status, answer.read(MAX_BYTES + 1)

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _believe(self, note: bytes, log: Verifier) -> tuple[Checkpoint, int, bytes]:
        """Return the tree, when it was cosigned, and the note with the log's and this cosigner's lines alone."""
        try:
            tree, opened = open_checkpoint(note, log, [self._cosigner])
        except NoteRejected as error:
            raise StoreUnavailable(f"What the standby {self._cosigner.name} shows cannot be believed: {error}.") from error
        signed = opened.by(self._cosigner)
        if signed is None or signed.at is None:
            raise StoreUnavailable(f"What the standby shows is not signed by the key that you trust, {self._cosigner.name}.")
        return tree, signed.at, only_lines_of(note, [log, self._cosigner])

    def _hold_against(self, tree: Checkpoint) -> None:
        """RefusesStore unless our own entries give the root that was cosigned."""
        with self._db.transaction():
            row = self._db.execute("SELECT size FROM record.checkpoint").fetchone()
        if row is None or tree.size > row[0]:
            raise RefusesStore(
                f"The standby {self._cosigner.name} holds {tree.size:,} entries of this record and this database fewer."
                " It may have been restored from an old copy. Stop everything and run `lamplit restore`."
            )
        frontier = self._extended(tree.size)
        if frontier.root() != tree.root:
            raise RefusesStore(
                f"The standby {self._cosigner.name} and this database have different histories up to entry {tree.size:,}."
                " Nothing was changed. Find out which one was tampered with before going on."
            )
        self._frontier = frontier

    def _extended(self, size: int) -> Frontier:
        """Return the frontier of our first `size` entries, from the one that we know."""
        frontier = self._frontier.copy() if self._frontier.size <= size else Frontier()
        while frontier.size < size:
            end = min(size, frontier.size + _LEAVES)
            with self._db.transaction():
                rows = self._db.execute(
                    "SELECT leaf FROM record.entry WHERE idx >= %s AND idx < %s ORDER BY idx", [frontier.size, end]
                ).fetchall()
            if len(rows) != end - frontier.size:
                raise RefusesStore(f"Entries {frontier.size:,} to {end:,} are not all in the database.")
            frontier.extend([bytes(row[0]) for row in rows])
        return frontier

    def _keep(self, tree: Checkpoint, note: bytes, at: int) -> None:
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO record.cosigned AS c (cosigner, size, note, cosigned_at) VALUES (%s, %s, %s, to_timestamp(%s))"
                " ON CONFLICT (cosigner) DO UPDATE SET size = excluded.size, note = excluded.note,"
                " cosigned_at = excluded.cosigned_at WHERE excluded.size >= c.size",
                [self._cosigner.vkey, tree.size, note, at],
            )


# The notes of the largest tree that any of these keys (given twice) has cosigned.
NEWEST = (
    "SELECT note FROM record.cosigned WHERE cosigner = ANY(%s)"
    " AND size = (SELECT max(size) FROM record.cosigned WHERE cosigner = ANY(%s)) ORDER BY cosigner"
)


def together(notes: list[bytes]) -> bytes:
    """Return one note of several that sign the same text: the log's line once, and each cosigner's."""
    whole = notes[0]
    for other in notes[1:]:
        for line in split_note(other)[1]:
            if f"{line}\n".encode() not in whole:
                whole = add_line(whole, f"{line}\n".encode())
    return whole
