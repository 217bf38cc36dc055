"""A print house: letters lie in a folder as PDFs, in batches that it fetches.

A batch is a folder that appears whole: `batch-<when>` with a PDF for each letter and `manifest.csv` (file, sha256, pages, print,
and a last line of totals). Names and addresses stand in the letters alone. The print house takes a batch by moving the folder
away, or by laying `batch-<when>.taken` beside it; in that file it may write, one a line, `file,why` for a letter that it cannot
print. A batch holds only letters that our record says lie here: so a letter of which we had no answer lies here once.
"""

import csv
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from lamplit.reactions.providers.interface import Form, Heard, NotSent, Outgoing, Taken
from lamplit.reactions.providers.plain import Letter, put, sync_folder

MANIFEST = "manifest.csv"
HEAD = ("file", "sha256", "pages", "print")
LARGE = "large print"
LONGEST_TAKEN = 1_000_000  # bytes of what a print house may write
MOST = 2_000  # letters of a batch


class PrintHouse:
    """Lays letters where a print house fetches them. `lying` says of which letters the record knows that they lie here."""

    name = "print house"
    tells = False

    def __init__(
        self, folder: Path, letter: Letter, lying: Callable[[Iterable[str]], set[str]], late: timedelta = timedelta(hours=30)
    ) -> None:
        self._letter, self._lying, self._late = letter, lying, late
        self._out, self._waiting, self._ours = folder, folder / ".waiting", folder / ".ours"
        for one in (self._out, self._waiting, self._ours):
            one.mkdir(mode=0o700 if one is not folder else 0o750, parents=True, exist_ok=True)

    def form(self, message: Outgoing) -> Form | None:
        return Form(kind="pdf", data=self._letter(message))

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        if form is None or form.kind != "pdf":
            raise NotSent("A print house takes letters alone.", final=True)
        name = f"{message.key}{'.large' if message.format == LARGE else ''}.pdf"
        try:
            put(self._waiting / name, form.data, mode=0o640)
        except OSError as error:
            raise NotSent(f"The folder of the print house cannot be written: {error.strerror}.", final=False) from error
        return Taken(receipt=f"print house {message.key}", waits=True)

    def find(self, key: str) -> Taken | None:
        there = any((self._waiting / f"{key}{size}.pdf").exists() for size in ("", ".large"))
        return Taken(receipt=f"print house {key}", waits=True) if there else None

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]:
        """Close what waits into a batch, and say which letters were taken since. Said again until the record has it."""
        self._close_batch(at)
        heard: list[Heard] = []
        for manifest in sorted(self._ours.glob("batch-*.csv")):
            refused = self._taken(manifest.stem)
            if refused is None:
                continue
            said = [_said(file, manifest.stem, refused) for file in _files(manifest)]
            lying = self._lying(one.key.partition(".")[0] for one in said)
            news = [one for one in said if one.key.partition(".")[0] in lying]
            if not news:
                manifest.unlink()  # the record knows of every one
            heard += news
        return heard

    def check(self, at: datetime) -> list[str]:
        """Say whether letters can be laid there, and whether the print house fetches them."""
        if not os.access(self._out, os.W_OK | os.X_OK):
            return [f"The folder of the print house, {self._out}, cannot be written."]
        before = f"batch-{at - self._late:%Y%m%dT%H%M%SZ}"
        late = sorted(one.stem for one in self._ours.glob("batch-*.csv") if one.stem < before and self._taken(one.stem) is None)
        return [f"The print house has not fetched {late[0]} ({len(late)} such)."] if late else []

    def _close_batch(self, at: datetime) -> None:
        """Move what waits into a batch that appears at once. What a kill left half made is put back first."""
        for part in self._out.glob(".batch-*.part"):
            (self._ours / f"{part.stem.lstrip('.')}.csv").unlink(missing_ok=True)  # or it would count as fetched
            for left in part.glob("*.pdf"):
                left.replace(self._waiting / left.name)
            (part / MANIFEST).unlink(missing_ok=True)
            part.rmdir()
        waiting = {file.name: _key(file.name) for file in sorted(self._waiting.glob("m_*.pdf"))[:MOST]}
        lying = self._lying(key.partition(".")[0] for key in waiting.values())
        names = [name for name, key in waiting.items() if key.partition(".")[0] in lying]
        if not names:
            return
        batch = f"batch-{at:%Y%m%dT%H%M%SZ}"
        part = self._out / f".{batch}.part"
        part.mkdir(mode=0o750)
        for name in names:
            (self._waiting / name).rename(part / name)
        listed = _manifest(part, names)
        put(part / MANIFEST, listed, mode=0o640)
        put(self._ours / f"{batch}.csv", listed)
        part.rename(self._out / batch)
        sync_folder(self._out)

    def _taken(self, batch: str) -> dict[str, str] | None:
        """Return the letters of a batch that could not be printed, with why; None while it was not taken."""
        taken = self._out / f"{batch}.taken"
        if taken.exists():
            text = taken.read_bytes()[:LONGEST_TAKEN].decode("utf-8", "replace")
            rows = [row for row in csv.reader(io.StringIO(text.replace("\0", ""))) if row]
            return {row[0].strip(): (row[1].strip() if len(row) > 1 else "")[:300] for row in rows}
        there = (self._out / batch).exists() or (self._out / f".{batch}.part").exists()
        return None if there else {}


def _said(file: str, batch: str, refused: dict[str, str]) -> Heard:
    if file in refused:
        why = f"The print house could not print it: {refused[file] or 'it did not say why'}"
        return Heard(key=_key(file), state="failed", why=why, final=True)
    return Heard(key=_key(file), state="taken", receipt=f"print house {batch}")


def _key(name: str) -> str:
    """Return the key in a file's name: m_….pdf, m_….1.pdf, m_….large.pdf."""
    return re.sub(r"(\.large)?\.pdf$", "", name)


def _files(manifest: Path) -> list[str]:
    with manifest.open(encoding="utf-8", newline="") as file:
        return [row[0] for row in csv.reader(file) if row and row[0].endswith(".pdf")]


def _manifest(folder: Path, names: list[str]) -> bytes:
    """List a batch: what each file is, and totals by which the print house sees that it has all of it."""
    rows = []
    for name in names:
        data = (folder / name).read_bytes()
        size = "large" if name.endswith(".large.pdf") else "usual"
        rows.append((name, hashlib.sha256(data).hexdigest(), pages(data), size))
    whole = hashlib.sha256("".join(row[1] for row in rows).encode()).hexdigest()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEAD, *rows, (f"TOTAL {len(rows)}", whole, sum(row[2] for row in rows), "")])
    return out.getvalue().encode()


def pages(pdf: bytes) -> int:
    """Count the pages of a PDF of ours: its catalogue of pages says how many."""
    found = re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", pdf, re.DOTALL)
    return max((int(one) for one in found), default=0)
