"""The command line. Parses, calls one function of this folder, and turns what went wrong into a sentence.

Exit 0 when it holds, 1 when it does not, 2 when it was called wrongly. What a command needs is imported when it runs:
`log verify` and `log check-proof` need no database and no Django, so that a stranger may run them.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from lamplit.cli.parsing import Subparsers
from lamplit.cli.parsing import command as _command
from lamplit.cli.renting import renting
from lamplit.cli.say import Failed, WrongUse, warn


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
    _installing(commands)
    _making(commands)
    _running(commands)
    _log(commands)
    _tables(commands)
    _restoring(commands)
    _standing_by(commands)
    _opening(commands)
    _packing(commands)
    renting(commands)
    return top


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lamplit")
    except PackageNotFoundError:
        return "from a working copy"


def _installing(commands: Subparsers) -> None:
    install = _command(
        commands, "install", "install.command:install", "Install on this machine. Says first what it does. Run again, it goes on."
    )
    install.add_argument("--answers", metavar="FILE", help="a file of answers, so that nothing is asked: see docs/install.md")
    install.add_argument("--plan", action="store_true", help="only say what is done and what is to do")
    install.add_argument("--yes", action="store_true", help="do not ask")
    install.add_argument("--write-files", action="store_true", help="only write settings and services anew, as an upgrade does")
    doctor = _command(commands, "doctor", "doctor.command:doctor", "Look whether this installation is well, and say what to do.")
    doctor.add_argument("--json", action="store_true")
    upgrade = _command(
        commands, "upgrade", "upgrade:upgrade",
        "Let a release take over. Tables that it folds differently are made again beside the live ones, then swapped.",
    )  # fmt: skip
    upgrade.add_argument("release", nargs="?", metavar="FOLDER", help="where ./setup put the release; otherwise this one")
    upgrade.add_argument("--database-only", action="store_true", help="you stop and start the programs yourself")
    upgrade.add_argument("--processes", type=int, default=2, metavar="N")
    _command(commands, "nightly", "nightly:nightly", "Check every store, rehearse coming back, look at the installation.")
    staff = commands.add_parser("staff", help="Ways in for staff.").add_subparsers(metavar="WHAT", required=True)
    link = _command(staff, "link", "staff:link", "Print a one-time link with which somebody of the staff chooses her password.")
    link.add_argument("email", metavar="EMAIL")
    links = _command(
        staff, "links", "staff:links",
        "End every way in of staff, and write each a letter with a one-time link. Two people must agree.",
    )  # fmt: skip
    links.add_argument(
        "--by", action="append", default=[], metavar="NAME=FILE",
        help="who agrees, and a custodian's key or the log's from the safe; twice",
    )  # fmt: skip
    links.add_argument("--into", required=True, metavar="FOLDER", help="where the letters go: an empty folder")


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
    questions.add_argument(
        "--mapping", metavar="MAP", help="how another system's questions come to our faults; see docs/questions.md"
    )
    questions.add_argument("--show", action="store_true", help="print what would come into use, and change nothing")
    shows = _command(commands, "figures", "figures:show", "Show the figures of the law and of policy that hold on a day.")
    shows.add_argument("name", nargs="?", metavar="NAME", help="those alone whose names begin so")
    shows.add_argument("--on", metavar="DATE", help="otherwise today")
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
    words = "Bring homes, people, tenancies and more over from files, and take in money. Run again, it adds what is new."
    brings = _command(commands, "import", "importing:run", words)
    kinds = ("homes", "people", "tenancies", "contacts", "repairs", "history", "rates", "accounts", "mandates")
    money = ("bank", "allpay", "paypoint", "hb", "uc")
    brings.add_argument("kind", choices=(*kinds, *money), help="in this order: each needs those before; the last five are money")
    brings.add_argument("file", metavar="FILE")
    brings.add_argument("--layout", metavar="FILE.toml", help="for money: your description of a file whose layout is not public")
    brings.add_argument("--label", metavar="NAME", help="for money: whose file it is, as you call it")
    brings.add_argument("--dry-run", action="store_true", help="say what would become of each row, and write nothing")
    brings.add_argument("--system", metavar="NAME", help="the old system, when references of several would clash")
    brings.add_argument("--encoding", choices=("utf-8", "windows-1252"), default="utf-8")
    brings.add_argument("--processes", type=int, default=3, metavar="N")


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
    _command(commands, "post", "running:post", "Take e-mail from the landlord's relay ([post] in providers.toml).")


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
        "--identity", "--keys", action="append", default=[], metavar="FILE",
        help="age identities that open the keys, may be given again; otherwise the custodian's",
    )  # fmt: skip
    restore.add_argument("--key", metavar="VKEY", help="the log's public key, from paper: it must be this installation's")
    restore.add_argument("--log-key", metavar="FILE", help="your copy of the log's signing key, which is put in its place")
    restore.add_argument(
        "--cosigner", action="append", default=[], metavar="VKEY",
        help="a standby that must have signed for the record, may be given again: one that did is enough",
    )  # fmt: skip
    restore.add_argument(
        "--cosigned", action="append", default=[], metavar="WHERE",
        help="where a standby's checkpoint is: its address or a file. Otherwise the store's own, as in a standby's mirror",
    )  # fmt: skip
    restore.add_argument("--only-cosigned", action="store_true", help="leave out what no cosigner holds")
    restore.add_argument("--compare-with", metavar="URL|HOME", help="the damaged database; say what differs there")
    restore.add_argument("--actor", metavar="A", help="list what an account wrote, like staff:s_...; with --from and --to")
    restore.add_argument("--from", dest="since", metavar="TIME")
    restore.add_argument("--to", dest="until", metavar="TIME")
    restore.add_argument("--report", metavar="FILE", help="write the comparison down; as JSON where the name ends in .json")
    restore.add_argument("--start", type=int, metavar="PORT", help="then serve the pages there, work, seal and publish")
    restore.add_argument("--old", metavar="FILE", help="an earlier checkpoint that you kept")
    restore.add_argument(
        "--without", action="append", type=int, default=[], metavar="ENTRY",
        help="leave out this entry, which is none or contradicts the others; may be given again",
    )  # fmt: skip
    restore.add_argument("--processes", type=int, default=2, metavar="N")
    restore.add_argument("--json", action="store_true")

    rehearse = _command(
        commands, "rehearse", "rehearse:rehearse",
        "Make every table again from the near store, compare, and write down how long it took. The live tables stay.",
    )  # fmt: skip
    rehearse.add_argument("--processes", type=int, default=1, metavar="N")
    rehearse.add_argument("--json", action="store_true")
    rehearse.add_argument("--report", metavar="FILE", help="instead: what `lamplit restore --json` said on a clean machine")
    rehearse.add_argument("--by", metavar="NAME=FILE", help="with --report: whose key it was, and the key")
    owed = _command(
        commands, "owed", "owed:owed", "List what tenants may not have been told before a restore, or let the worker tell them."
    )
    owed.add_argument("--release", action="store_true", help="let the worker react to those entries")
    incident = commands.add_parser("incident", help="After an attack.").add_subparsers(metavar="WHAT", required=True)
    undo = _command(
        incident, "undo", "undo.command:undo",
        "Show what a stolen account wrote and what rests on it; then answer it by other entries, once two people agree.",
    )  # fmt: skip
    undo.add_argument("--actor", required=True, metavar="A", help="the account as the record names it, like staff:s_...")
    undo.add_argument("--from", dest="since", required=True, metavar="TIME", help="as 2026-11-26T08:30, in London")
    undo.add_argument("--to", dest="until", required=True, metavar="TIME")
    undo.add_argument("--dry-run", action="store_true", help="only show it")
    undo.add_argument(
        "--by", action="append", default=[], metavar="EMAIL=FILE",
        help="a member of staff who agrees, and a custodian's key or the log's from the safe; twice",
    )  # fmt: skip
    undo.add_argument("--json", action="store_true")
    planted = commands.add_parser("planted", help="People who do not exist.").add_subparsers(metavar="WHAT", required=True)
    check = _command(
        planted, "check", "planted:check", "Say which planted records are in a file, and since when they were in our data."
    )
    check.add_argument("file", metavar="FILE", help="any text or CSV file")
    erasures = _command(commands, "erasures", "erasures:erasures", "List the orders to erase that stand, or call some off.")
    erasures.add_argument("--call-off", action="append", default=[], metavar="ORDER", help="may be given again")
    erasures.add_argument("--call-off-all", action="store_true", help="every order that stands")
    erasures.add_argument("--json", action="store_true")


def _standing_by(commands: Subparsers) -> None:
    ingest = _command(commands, "ingest", "ingesting:ingest", "Take over what a standby wrote, every entry once.")
    ingest.add_argument("--from", required=True, dest="source", metavar="STORE", help="the standby's own store")
    ingest.add_argument("--key", required=True, metavar="VKEY", help="the standby's own log key: `lamplit log key` there")
    ingest.add_argument("--identity", action="append", default=[], metavar="FILE", help="a custodian's key file")
    ingest.add_argument("--follow", action="store_true", help="go on, every few seconds")
    ingest.add_argument("--close", action="store_true", help="main works again: take no more from it")
    _command(commands, "post-key", "ingesting:key", "Print the key that a standby seals post to for us.")
    standby = commands.add_parser("standby", help="A second Lamplit, which follows and cosigns the main one's record.")
    commands = standby.add_subparsers(metavar="WHAT", required=True)
    init = _command(commands, "init", "standby:init", "Make this home a standby. Run again, it adds what is missing.")
    init.add_argument("--main", required=True, metavar="STORE", help="the near store of the main installation")
    init.add_argument("--log-key", required=True, metavar="VKEY", help="the main log's public key, from paper")
    init.add_argument("--name", metavar="N", help="the address of its pages; otherwise standby. and the main log's")
    init.add_argument("--declarer", action="append", default=[], metavar="NAME", help="who may declare; her code is printed once")
    init.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="AGE",
        help="a custodian's public key, age1...",
    )
    init.add_argument(
        "--post-recipient",
        action="append",
        default=[],
        metavar="AGE",
        help="main's public key for post, age1...",
    )
    run = _command(
        commands, "run", "standby:run", "Follow, check, keep, cosign and fold main's record, and ring when it is not right."
    )
    run.add_argument("--once", action="store_true", help="take over what is there, then end")
    serve = _command(commands, "serve", "standby:serve", "Serve the standby's own pages, and what witnesses and main ask for.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8001)
    serve.add_argument("--workers", type=int, default=1, metavar="N")
    _command(commands, "key", "standby:key", "Print the key that it cosigns with, and the one that main seals keys to.")
    declarer = _command(commands, "declarer", "standby_declaring:declarer", "Name one more person who may declare.")
    declarer.add_argument("name", metavar="NAME")
    declarer.add_argument("--by", required=True, metavar="NAME", help="a person named before, who types her code")
    declare = _command(
        commands,
        "declare",
        "standby_declaring:declare",
        "Take over, agree to it, or unlock again, with your printed code.",
    )
    declare.add_argument("--name", required=True, metavar="NAME", help="who you are, as you were named")
    declare.add_argument("--why", default="", metavar="TEXT")
    declare.add_argument("--drill", action="store_true", help="a drill: main goes on, and nothing of it is kept")
    _command(commands, "close", "standby_again:close", "Main works again: write nothing more here, so that it can take over all.")
    again = _command(commands, "again", "standby_again:again", "Main has everything back: begin again as its standby.")
    again.add_argument("--forget-drill", action="store_true", help="it was a drill: forget all that was written here")
    _command(commands, "take-back", "standby_declaring:take_back", "Forget that somebody asked to take over.")
    _command(commands, "work", "standby_declaring:work", "Once it has taken over: do what main's worker did.")
    _command(commands, "mail", "standby_mail:mail", "Take e-mail ([post] in providers.toml), sealed as it comes in.")
    _command(commands, "status", "standby:status", "Say what it holds, whether main is quiet, and when the weekly message went.")
    witness = _command(commands, "witness", "standby:witness", "Witness somebody else's log too.")
    witness.add_argument("--log-key", required=True, metavar="VKEY")


def _packing(commands: Subparsers) -> None:
    pack = commands.add_parser("pack", help="What a night without any system needs, to take away.")
    whats = pack.add_subparsers(metavar="WHAT", required=True)
    made = _command(whats, "make", "pack.command:make", "Make one now: encrypted, signed, dated.")
    made.add_argument("--out", required=True, metavar="FOLDER", help="a stick, or a folder that is copied away")
    _command(whats, "passphrase", "pack.command:passphrase", "Print the passphrase of every pack, for the safe.")
    opened = _command(whats, "open", "pack.command:open_pack", "Check a pack and open it. Any age program can open it too.")
    opened.add_argument("file", metavar="FILE")
    opened.add_argument("--out", required=True, metavar="FOLDER")
    opened.add_argument("--key", metavar="VKEY", help="the log's public key; without it that of this machine")


def _opening(commands: Subparsers) -> None:
    for name, program in (("dbshell", "psql"), ("dump", "pg_dump")):
        made = _command(commands, name, f"opening:{name}", f"Run {program} on the database as its owner. The record tells of it.")
        made.add_argument("arguments", nargs="*", metavar="ARGS", help=f"given to {program}, after --")


if __name__ == "__main__":
    sys.exit(main())
