"""The command line. Parses, calls one function of this folder, and turns what went wrong into a sentence.

Exit 0 when it holds, 1 when it does not, 2 when it was called wrongly. What a command needs is imported when it runs:
`log verify` and `log check-proof` need no database and no Django, so that a stranger may run them.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from lamplit.cli.say import Failed, WrongUse, warn

Subparsers = Any  # argparse does not name the type


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. The console script `lamplit`."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        asked = parser().parse_args(words)
    except SystemExit as exit_:  # argparse has said why
        return int(exit_.code or 0)
    module, _, function = asked.runs.partition(":")
    try:
        return int(getattr(importlib.import_module(f"lamplit.cli.{module}"), function)(asked) or 0)
    except WrongUse as wrong:
        warn(f"lamplit: {wrong}")
        return 2
    except Failed as failed:
        warn(f"lamplit: {failed}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our answer has read enough
        sys.stderr.close()
        return 1
    except Exception as error:
        sentence = plain(error)
        if sentence is None:
            raise
        warn(f"lamplit: {sentence}")
        return 1


def plain(error: Exception) -> str | None:
    """Return the sentence of an error that is no bug of ours, or None."""
    kind = type(error)
    if kind.__name__ == "Refused":
        from lamplit.config.refusals import staff_words

        return staff_words(error)  # type: ignore[arg-type]  # told by its name, so that nothing is imported for it
    if kind.__module__.startswith("lamplit."):
        return str(error)
    if kind.__module__.startswith(("psycopg", "django.db")) and kind.__name__ in ("OperationalError", "InterfaceError"):
        return f"The database does not answer: {str(error).strip()}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}." if error.filename and error.strerror else str(error)
    return None


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser("lamplit", description="A social landlord's system that stays lit through a cyber attack.")
    top.add_argument("--version", action="version", version=f"lamplit {_version()}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _making(commands)
    _running(commands)
    _log(commands)
    _tables(commands)
    _restoring(commands)
    _opening(commands)
    return top


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lamplit")
    except PackageNotFoundError:
        return "from a working copy"


def _command(commands: Subparsers, name: str, runs: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.set_defaults(runs=runs)
    return made


def _making(commands: Subparsers) -> None:
    _command(
        commands,
        "init",
        "making:init",
        "Make the database, the keys and an empty signed log. Run again, it adds what is missing.",
    )
    destroy = _command(
        commands, "destroy", "destroy:destroy", "Remove the embedded database with all its files. Says what goes, and asks."
    )
    destroy.add_argument("--everything", action="store_true", help="the keys and the store in LAMPLIT_HOME too")
    destroy.add_argument("--yes", action="store_true", help="do not ask")
    questions = _command(commands, "questions", "making:questions", "Bring the landlord's own diagnosis questions into use.")
    questions.add_argument("file", metavar="FILE")
    _importing(commands)
    seed = _command(commands, "seed", "seeding:run", "Fill the record with a made-up landlord. Stopped, it goes on where it was.")
    seed.add_argument("--homes", type=int, default=1200, metavar="N")
    seed.add_argument("--years", type=int, default=3, metavar="Y", help="how many years of repairs; 0 for none")
    seed.add_argument("--seed", type=int, default=1, metavar="S", help="the same number gives the same landlord")
    seed.add_argument("--today", metavar="DATE", help="the day on which the made-up present lies; otherwise today")
    seed.add_argument("--processes", type=int, default=2, metavar="N")
    demo = _command(commands, "demo", "demo:run", "Run all of it on this machine with a made-up landlord. Ctrl-C stops it.")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--homes", type=int, default=1200, metavar="N")
    demo.add_argument("--years", type=int, default=3, metavar="Y")


def _importing(commands: Subparsers) -> None:
    words = (
        "Bring homes, people, tenancies, contacts and repairs over from another system's files. Run again, it adds what is new."
    )
    brings = _command(commands, "import", "importing:run", words)
    kinds = ("homes", "people", "tenancies", "contacts", "repairs")
    brings.add_argument("kind", choices=kinds, help="in this order: each needs those before")
    brings.add_argument("file", metavar="FILE.csv")
    brings.add_argument("--dry-run", action="store_true", help="say what would become of each row, and write nothing")
    brings.add_argument("--system", metavar="NAME", help="the old system, when references of several would clash")
    brings.add_argument("--encoding", choices=("utf-8", "windows-1252"), default="utf-8")
    brings.add_argument("--processes", type=int, default=2, metavar="N")


def _running(commands: Subparsers) -> None:
    serve = _command(commands, "serve", "running:serve", "Serve the pages.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1, metavar="N")
    for name, words in (
        ("work", "Do what follows from what happened: messages, calls, clocks that ran out, erasures that are due."),
        ("seal", "Number, hash and sign what was written."),
        ("publish", "Carry the sealed log to every store."),
    ):
        made = _command(commands, name, f"running:{name}", words)
        made.add_argument("--once", action="store_true", help="do what is there to do, then end")


def _log(commands: Subparsers) -> None:
    log = commands.add_parser("log", help="Look at the log, prove and check it.").add_subparsers(metavar="WHAT", required=True)
    _command(log, "key", "log:key", "Print the log's public key.")
    verify = _command(log, "verify", "log:verify", "Check a whole store from its files and a public key alone.")
    verify.add_argument("--store", required=True, metavar="S", help="a folder, s3://... or https://...")
    verify.add_argument("--key", required=True, metavar="VKEY")
    verify.add_argument("--old", metavar="FILE", help="an earlier checkpoint that you kept")
    verify.add_argument("--cosigner", action="append", default=[], metavar="VKEY", help="a witness that must have signed")
    verify.add_argument("--processes", type=int, default=2, metavar="N")
    verify.add_argument("--json", action="store_true")
    prove = _command(log, "prove", "log:prove", "Print a proof that an entry is in the record, for a person to keep.")
    prove.add_argument("entry", type=int, metavar="ENTRY", help="the entry's number in the log, from 0")
    prove.add_argument("--store", metavar="S", help="otherwise the near store")
    check = _command(log, "check-proof", "log:check_proof", "Check a proof file, with nothing but a public key.")
    check.add_argument("file", metavar="FILE")
    check.add_argument("--key", required=True, metavar="VKEY")
    check.add_argument("--cosigner", action="append", default=[], metavar="VKEY")
    check.add_argument("--json", action="store_true")
    show = _command(log, "show", "log:show", "Print every entry about a person, home, repair or anything else with an id.")
    show.add_argument("subject", metavar="SUBJECT")
    show.add_argument("--json", action="store_true")


def _tables(commands: Subparsers) -> None:
    rebuild = _command(commands, "rebuild", "tables:rebuild", "Make every table again from a published log.")
    rebuild.add_argument("--store", metavar="S", help="otherwise the near store")
    rebuild.add_argument("--key", metavar="VKEY", help="otherwise this installation's own")
    rebuild.add_argument("--into", metavar="URL", help="a database; ?schema=NAME says where in it (folded). Otherwise our own")
    rebuild.add_argument("--identity", metavar="FILE", help="age identities that open the keys; otherwise the custodian's")
    rebuild.add_argument("--swap", action="store_true", help="build beside tables that hold rows, then take their place")
    rebuild.add_argument("--processes", type=int, default=2, metavar="N")
    rebuild.add_argument("--json", action="store_true")
    compare = _command(commands, "compare", "tables:compare", "Compare two copies of the tables row by row.")
    compare.add_argument("--live", metavar="URL", help="otherwise our own database")
    compare.add_argument("--rebuilt", metavar="URL", required=True)
    compare.add_argument("--json", action="store_true")
    audit = _command(
        commands, "audit", "tables:audit", "Rebuild beside the live tables and name every row that somebody changed."
    )
    audit.add_argument("--store", metavar="S", help="otherwise the near store")
    audit.add_argument("--json", action="store_true")
    audit.add_argument("--repair", action="store_true", help="put the record's rows back")
    audit.add_argument("--processes", type=int, default=2, metavar="N")
    for made in (rebuild, audit):
        made.add_argument(
            "--without", action="append", type=int, default=[], metavar="ENTRY",
            help="leave out this entry, which is none or contradicts the others; may be given again",
        )  # fmt: skip
    replay = _command(
        commands,
        "replay",
        "replay.run:run",
        "Play cases told as dated events through a scratch landlord, and print what each page shows.",
    )
    replay.add_argument("file", metavar="FILE")


def _restoring(commands: Subparsers) -> None:
    restore = _command(
        commands, "restore", "restore:restore",
        "Bring the whole record back from a published store, into a database that was lost or is an old copy.",
    )  # fmt: skip
    restore.add_argument("--store", metavar="S", help="otherwise the near store")
    restore.add_argument(
        "--identity", action="append", default=[], metavar="FILE",
        help="age identities that open the keys, may be given again; otherwise the custodian's",
    )  # fmt: skip
    restore.add_argument("--old", metavar="FILE", help="an earlier checkpoint that you kept")
    restore.add_argument(
        "--without", action="append", type=int, default=[], metavar="ENTRY",
        help="leave out this entry, which is none or contradicts the others; may be given again",
    )  # fmt: skip
    restore.add_argument("--processes", type=int, default=2, metavar="N")
    restore.add_argument("--json", action="store_true")

    owed = _command(
        commands, "owed", "owed:owed", "List what tenants may not have been told before a restore, or let the worker tell them."
    )
    owed.add_argument("--release", action="store_true", help="let the worker react to those entries")
    erasures = _command(commands, "erasures", "erasures:erasures", "List the orders to erase that stand, or call some off.")
    erasures.add_argument("--call-off", action="append", default=[], metavar="ORDER", help="may be given again")
    erasures.add_argument("--call-off-all", action="store_true", help="every order that stands")
    erasures.add_argument("--json", action="store_true")


def _opening(commands: Subparsers) -> None:
    for name, program in (("dbshell", "psql"), ("dump", "pg_dump")):
        made = _command(commands, name, f"opening:{name}", f"Run {program} on the database as its owner. The record tells of it.")
        made.add_argument("arguments", nargs="*", metavar="ARGS", help=f"given to {program}, after --")


if __name__ == "__main__":
    sys.exit(main())
