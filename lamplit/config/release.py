"""Which release the tables were made by: one hash of everything that they follow from, kept beside them.

A release whose hash differs folds differently, or may do so. Then the tables are made again from the record.
"""

import hashlib
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[1]
RECORD = ("crypt", "encode", "facts", "fields", "page", "replay", "search", "tables", "wiring")


def version() -> str:
    """Return this release's name: of the folder that it was put into, where there is one."""
    if Path(sys.prefix).name.startswith("lamplit-"):
        return Path(sys.prefix).name
    try:
        return metadata.version("lamplit")
    except metadata.PackageNotFoundError:
        return "a working copy"


def folds() -> str:
    """Return the hash of every file that decides what a folded table holds. A changed comment counts too."""
    digest = hashlib.sha256()
    for path in sorted(_deciding()):
        digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _deciding() -> Iterator[Path]:
    yield PACKAGE / "config" / "wiring.py"
    yield from (PACKAGE / "basics").rglob("*.py")
    yield from (PACKAGE / "record" / f"{name}.py" for name in RECORD)
    yield from (PACKAGE / "record" / "schema").glob("*.sql")
    for name in settings.FOLDED_APPS:
        app = PACKAGE.joinpath(*name.split(".")[1:])
        for room in ("facts", "fold", "models", "migrations"):
            yield from app.glob(f"{room}.py")
            yield from (app / room).rglob("*.py")


def remember(db: psycopg.Connection[Any], *, folds: str, version: str) -> None:
    """Note by which release the tables are made from now on. `db`: the owner's connection."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS public.lamplit_release (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " version text NOT NULL, folds text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
    )
    db.execute("INSERT INTO public.lamplit_release (version, folds) VALUES (%s, %s)", [version, folds])


def remembered(db: psycopg.Connection[Any]) -> tuple[str, str] | None:
    """Return version and hash of the release that made the tables, or None where nobody noted it."""
    if db.execute("SELECT to_regclass('public.lamplit_release')").fetchone() == (None,):
        return None
    row = db.execute("SELECT version, folds FROM public.lamplit_release ORDER BY n DESC LIMIT 1").fetchone()
    return None if row is None else (str(row[0]), str(row[1]))
