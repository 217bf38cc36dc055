"""`lamplit dbshell` and `lamplit dump`: the database itself, as its owner. The record tells of it before it opens."""

import argparse
import os
import secrets
from pathlib import Path
from typing import Literal

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.cli import start
from lamplit.cli.making import user
from lamplit.config import place
from lamplit.record import engine


def dbshell(asked: argparse.Namespace) -> int:
    """Run psql as the owner."""
    return _open("shell", engine.psql_path(), asked.arguments)


def dump(asked: argparse.Namespace) -> int:
    """Run pg_dump as the owner."""
    return _open("dump", engine.pg_dump_path(), asked.arguments)


def _open(how: Literal["shell", "dump"], program: Path, arguments: list[str]) -> int:
    start.open_installation()
    from lamplit.record.openings import record_opening

    names = option_names(arguments)
    record_opening(how=how, asked=names, by=cli(user()), at=now(), command=f"cli:{how}:{secrets.token_hex(8)}")
    parts = place.database("owner")
    environment = {
        "PGHOST": parts.get("host", ""), "PGPORT": parts.get("port", "5432"), "PGUSER": parts["user"],
        "PGPASSWORD": parts.get("password", ""), "PGDATABASE": parts["dbname"],
    }  # fmt: skip
    if how == "shell":
        environment["PGOPTIONS"] = "-c search_path=folded,plain,record"
    os.execve(program, [str(program), *arguments], os.environ | environment)  # noqa: S606 - it takes our place


def option_names(arguments: list[str]) -> list[str]:
    """Return the options given, without what they were given: `--file=x` is `--file`, `-cSELECT` is `-c`."""
    return [word.partition("=")[0] if word.startswith("--") else word[:2] for word in arguments if word.startswith("-")]
