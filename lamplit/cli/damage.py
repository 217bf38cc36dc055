"""What a damaged database holds that is not as restored, and what a stolen account wrote: for people, and as JSON."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg.conninfo import make_conninfo

from lamplit.basics.clock import LONDON
from lamplit.cli import start, tables
from lamplit.cli.say import Failed, WrongUse, say, warn
from lamplit.config import place
from lamplit.record.cluster import Cluster, ClusterError
from lamplit.record.encode import Codec


def moment(text: str) -> datetime:
    """Read a time as people write it, in London unless it says otherwise. WrongUse for what is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{text} is no time. Write it as 2026-11-26T08:30.") from error
    return (read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC)


def check_asked(asked: argparse.Namespace) -> None:
    """WrongUse before hours of work, not after them."""
    if asked.actor and not (asked.since and asked.until):
        raise WrongUse("--actor needs --from and --to.")
    if asked.actor:
        moment(asked.since), moment(asked.until)
    if asked.compare_with and "://" not in asked.compare_with and not (Path(asked.compare_with) / "cluster").is_dir():
        raise WrongUse(f"{asked.compare_with} is neither a database's URL nor the home of an installation.")


def report(asked: argparse.Namespace, size: int) -> dict[str, Any] | None:
    """Look, tell, and write the report where one is asked for. Returns it as JSON has it; None when nothing was asked."""
    if not (asked.compare_with or asked.actor):
        return None
    from lamplit.config.wiring import wiring
    from lamplit.record import damaged

    codec, said = Codec(place.origin()), dict[str, Any]()
    if asked.compare_with:
        with _opened(asked.compare_with) as target:
            try:
                found = damaged.look_at(target.conninfo, place.conninfo("owner"), size, wiring(), codec, target.schema)
            except psycopg.Error as error:
                first = (str(error).strip().splitlines() or ["no reason given"])[0]
                raise Failed(f"The damaged database cannot be read: {first} The record was restored all the same.") from error
        said = _as_json(found)
    if asked.actor:
        said["account"] = {"actor": asked.actor, "entries": _by_account(asked, codec)}
    lines = [*_words(said)]
    if not asked.json:
        for line in lines:
            say(line)
    if asked.report:
        _keep(Path(asked.report), said, lines)
    return said


@contextmanager
def _opened(where: str) -> Iterator[tables.Target]:
    """Open the damaged database: one with a URL, or the embedded one of a home, which is stopped again if it was."""
    if "://" in where:
        yield tables.Target.read(where)
        return
    cluster = Cluster(Path(where))
    ran = cluster.running()
    try:
        cluster.start()
    except ClusterError as error:
        raise Failed(f"The damaged database does not start: {error} The record was restored all the same.") from error
    try:
        yield tables.Target(make_conninfo("", **cluster.parameters("admin")), "folded")
    finally:
        if not ran:
            cluster.stop()


def _by_account(asked: argparse.Namespace, codec: Codec) -> list[Any]:
    from lamplit.record.audit import live_keys
    from lamplit.record.authored import line_of, written_by

    with start.connect("owner") as db:
        found = written_by(db, codec, live_keys(db), asked.actor, moment(asked.since), moment(asked.until))
        return [line_of(wrote) for wrote in found]


def _as_json(found: Any) -> dict[str, Any]:
    later = set(found.may_be_later)
    return {
        "equal": found.none, "rows": found.compared.rows, "counts": found.counts(),
        "differences": [
            msgspec.to_builtins(one) | {"may_be_later": f"{one.table} {one.row}" in later} for one in found.compared.differences
        ],
        "beyond": found.compared.beyond, "withheld": found.compared.withheld, "catalogue": found.catalogue,
        "unreadable": found.unreadable, "held": found.held, "entries": found.entries, "no_entries": found.no_entries,
        "unpublished": found.unpublished, "changed_since": found.changed_since,
    }  # fmt: skip


def _words(said: dict[str, Any]) -> Iterator[str]:
    if "rows" in said:
        yield from _damage_words(said)
    if account := said.get("account"):
        yield f"{account['actor']} wrote {len(account['entries']):,} entries in that time."
        for one in account["entries"]:
            yield line_words(one)


def line_words(one: Any) -> str:
    """Return one line of a report for one entry."""
    number = "not sealed" if one.number is None else f"entry {one.number:,}"
    return f"  {one.recorded_at:%d %B %Y %H:%M:%S}  {number}  {one.kind}  {' '.join(one.subjects)}"


def _damage_words(said: dict[str, Any]) -> Iterator[str]:
    from lamplit.record.compare import Difference

    counts = said["counts"]
    yield f"Compared {said['rows']:,} rows with the damaged database, which had sealed {said['held']:,} of these entries."
    yield f"Altered there: {counts['changed']:,}. Added: {counts['extra']:,}. Deleted: {counts['missing']:,}."
    for one in said["differences"]:
        words = msgspec.convert({k: v for k, v in one.items() if k != "may_be_later"}, Difference).words()
        yield f"  {words}{' It may follow from an entry that was never published.' if one['may_be_later'] else ''}"
    yield from (f"  {table}: {count:,} more rows differ." for table, count in said["beyond"].items())
    yield from (f"  {line}" for line in said["unreadable"])
    if said["catalogue"]:
        yield f"Changed in how that database is made: {len(said['catalogue']):,}."
        yield from (f"  {line}" for line in said["catalogue"])
    if said["entries"]:
        yield f"Sealed entries that are not the log's: {', '.join(map(str, said['entries'][:50]))}."
    yield from (f"  No entry: {line}" for line in said["no_entries"])
    if said["unpublished"]:
        yield f"It holds {len(said['unpublished']):,} entries that were never published. They were not brought back:"
        yield from (f"{line_words(one)}  by {one.by}" for one in said["unpublished"])
    if said["changed_since"]:
        yield f"{said['changed_since']:,} rows differ that were written here since. Compare right after coming back."
    if said["withheld"]:
        yield f"Not compared for want of keys: {', '.join(said['withheld'])}."
    yield "Nothing else differs." if not said["equal"] else "Nothing differs."


def _keep(file: Path, said: dict[str, Any], lines: list[str]) -> None:
    """Write the report, for its owner's eyes: it quotes rows. JSON where the name ends so."""
    text = msgspec.json.format(msgspec.json.encode(said), indent=2).decode() if file.suffix == ".json" else "\n".join(lines)
    file.touch(mode=0o600)
    file.write_text(f"{text}\n")
    warn(f"The report is in {file}. It quotes rows: keep it as you keep the database.")
