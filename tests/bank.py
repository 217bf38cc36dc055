"""A landlord that may take bank details: finance key, modulus tables, Guarantee. And the search for what must stand nowhere."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyrage

ONES = "0 0 0 0 0 0 1 1 1 1 1 1 1 1"
ACCOUNT, OTHER_ACCOUNT = "31926810", "40000006"  # pass a table of our own; nobody's
SORT_CODE = "100003"
OURS = "87654321"
GUARANTEE = "This is where the Guarantee stands.\n\nIts second paragraph.\n"


def put_tables(folder: Path) -> None:
    """Put modulus tables of our own into a folder."""
    folder.mkdir(parents=True)
    (folder / "weights.txt").write_text(f"100000 100009 MOD10 {ONES}\n999998 999999 MOD10 {ONES}\n")
    (folder / "substitutes.txt").write_text("")
    (folder / "version.toml").write_text(
        'version = "ours"\nvalid_from = 2026-01-01\nweights = "weights.txt"\nsubstitutes = "substitutes.txt"\n'
    )


def ready_for_bank(folder: Path, monkeypatch: Any) -> pyrage.x25519.Identity:
    """Make everything that bank details need in a folder, and use it. Returns the private half of the finance key."""
    from django.conf import settings

    identity = pyrage.x25519.Identity.generate()
    put_tables(folder / "modulus")
    (folder / "finance.pub").write_text(f"{identity.to_public()}\n")
    (folder / "guarantee.txt").write_text(GUARANTEE)
    monkeypatch.setenv("LAMPLIT_FINANCE_KEY", str(folder / "finance.pub"))
    monkeypatch.setenv("LAMPLIT_MODULUS", str(folder / "modulus"))
    monkeypatch.setattr(settings, "GUARANTEE", str(folder / "guarantee.txt"))
    return identity


def where_it_stands(landlord: Any, number: str, *beside: str | bytes) -> list[str]:
    """Name everything that holds a number: tables as they are on disk, what sessions hold, sealed bytes' files, and `beside`.

    `beside` is what was logged and shown. A table is read as its superuser, as text and as bytes.
    """
    found = [name for name, held in [*_tables(landlord), *_sessions(), *_files(landlord)] if _holds(held, number)]
    return found + [f"what was shown or logged ({n})" for n, held in enumerate(beside) if _holds(held, number)]


def _holds(held: str | bytes, number: str) -> bool:
    """Look for the number as it is typed, with the blanks and dashes that people put into it, and as text of bytes."""
    data = held.encode() if isinstance(held, str) else held
    spelt = {number, f"{number[:4]} {number[4:]}", f"{number[:2]}-{number[2:4]}-{number[4:]}", number.encode().hex()}
    return any(one.encode() in data for one in spelt)


def _tables(landlord: Any) -> Iterator[tuple[str, bytes]]:
    with psycopg.connect(landlord.conninfo("admin")) as db:
        names = db.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(names) > 40
        for (name,) in names:
            kept = io.BytesIO()
            for how in ("", " WITH (FORMAT BINARY)"):
                with db.cursor().copy(f"COPY (SELECT * FROM {name}) TO STDOUT{how}") as rows:
                    for part in rows:
                        kept.write(part)
            yield name, kept.getvalue()


def _sessions() -> Iterator[tuple[str, bytes]]:
    """A session stands packed in its table, so it is opened."""
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        yield "a session", repr(row.get_decoded()).encode()


def _files(landlord: Any) -> Iterator[tuple[str, bytes]]:
    """What the landlord published or keeps beside its record."""
    for file in Path(landlord.store.folder).rglob("*"):
        if file.is_file():
            yield file.name, file.read_bytes()
