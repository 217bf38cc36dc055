"""`lamplit bacs`: what needs the finance key is done here and nowhere else. Files for Bacs, and reports that come back."""

import argparse
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from lamplit.basics.clock import now
from lamplit.basics.words import plural, pounds, sentence
from lamplit.cli import bacs_out, start
from lamplit.cli.bacs_details import Opened, opening
from lamplit.cli.making import user
from lamplit.cli.say import Failed, WrongUse, say
from lamplit.record.process import uncollected

_LASTS = timedelta(days=30)  # how long a file may be used


def new_key(asked: argparse.Namespace) -> int:
    """Make the finance key: the private half into a file for whoever sends to Bacs, the public one for the servers."""
    import pyrage

    from lamplit.config import place

    private, public = Path(asked.out), place.finance_key()
    if private.exists() or public.exists():
        raise WrongUse(f"{private if private.exists() else public} is there already. Nothing was changed.")
    identity = pyrage.x25519.Identity.generate()
    bacs_out.write_beside(private, f"{identity}\n".encode()).replace(private)
    public.write_text(f"{identity.to_public()}\n", encoding="ascii")
    say(f"The private key is in {private}. Keep it off the servers, and a copy of it in the safe.")
    say(f"Bank details are sealed to the public key in {public}.")
    return 0


@uncollected()
def write(asked: argparse.Namespace) -> int:
    """Write the file of a released run, read it back, note that it goes, and let it go once that stands in two places.

    Written once more, it is the very same file.
    """
    start.open_installation()
    from lamplit.basics.who import cli
    from lamplit.basics.working_days import london_date
    from lamplit.rent import actions, queries

    queries.check_books()  # before any details are opened; a file that was sent before does not go once more either
    row = queries.debit_run(asked.run)
    if row is None:
        raise WrongUse(f"There is no collection run {asked.run}.")
    if row.state == "not_gone":
        raise Failed("Two people said that this file did not go, and it was taken back. Work out a new run at the desk.")
    at = now()
    again = row.state in ("submitted", "finished")
    if not again and row.state != "released":
        raise Failed("Nobody has released this run. A second person does that at the desk.")
    serial = row.serial or queries.next_serial()
    created_on = row.created_on or london_date(at)
    with opening(queries.details_to_send(row), Path(asked.key)) as opened:
        worked = None if again else queries.work_out_debits(row.entry_on, row.prepared_at)
        lines = queries.sent_in(row.id) if worked is None else worked.lines
        told = row.told if worked is None else [[one.mandate, one.code, one.details] for one in worked.instructions]
        data = file_of_debits(row, lines, told, serial, created_on, opened, origin=asked.origin)
    digest = sha256(data).hexdigest()
    if again and digest != row.file_digest:
        raise Failed("This would be another file than the one that was sent. It was not written.")

    def note() -> str:
        command = f"job:bacs:{row.id}"
        if not again:
            actions.submit_debits(
                run=row.id, serial=serial, created_on=created_on, file_digest=digest, by=cli(user()), at=at, command=command
            )
        return command

    bacs_out.hand_over(Path(asked.out), data, note, anyway=asked.anyway)
    sums = f"{plural(len(lines), 'collection')}, {pounds(sum(line.pence for line in lines))}"
    say(f"{sentence(sums)}, {plural(len(told), 'instruction')}. Serial {serial}.")
    say(f"{_send(asked.out, row.input_on, created_on if again else None)} Money moves on {row.entry_on:%d/%m/%Y}.")
    return 0


def _send(out: str, by: date, was: date | None) -> str:
    """Say what is to be done with a file. One that was written before may have gone: twice, and everybody may pay twice."""
    if was is None:
        return f"Send {out} to Bacs by {by:%d/%m/%Y}."
    return f"{out} is the file of {was:%d/%m/%Y} once more. If it has not gone yet, send it to Bacs by {by:%d/%m/%Y}."


def file_of_debits(row: Any, lines: Any, told: Any, serial: str, created_on: Any, opened: Opened, *, origin: str | None) -> bytes:
    """Return the bytes of a file of debits and instructions, read back."""
    from lamplit.exchange.bacs.standard18 import Item
    from lamplit.rent import queries

    references = queries.references([line.mandate for line in lines] + [one[0] for one in told])
    details = opened([line.details for line in lines] + [one[2] for one in told])
    wanted = [(code, 0, mandate, of) for mandate, code, of in told]
    wanted += [(line.code, line.pence, line.mandate, line.details) for line in lines]
    items = [
        Item(
            sort_code=(who := details[of]).sort_code, account=who.account, code=code, pence=pence,
            reference=references[mandate], name=who.name, processing_on=row.processing_on,
        )
        for code, pence, mandate, of in wanted
    ]  # fmt: skip
    return _written(origin, items, serial, created_on)


def _written(origin: str | None, items: Sequence[Any], serial: str, created_on: Any) -> bytes:
    """Write items, read the bytes back and hold each line against what was wanted."""
    from lamplit.exchange.bacs import standard18, written

    submission = standard18.Submission(serial=serial, created_on=created_on, expires_on=created_on + _LASTS)
    try:
        data = standard18.write(_origin(origin), submission, items)
        found = written.check_written(data, standard18.control(items))
    except (standard18.NotWritable, written.NotAsExpected) as wrong:
        raise Failed(f"The file was not written. {wrong}") from wrong
    if list(map(standard18.written_as, found.items)) != list(map(standard18.written_as, items)):
        raise Failed("The file was not written: read back, its lines are not those of the run.")
    return data


def _origin(named: str | None) -> Any:
    from lamplit.config import place
    from lamplit.exchange.bacs.standard18 import Origin

    path = Path(named) if named else place.home() / "bacs.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Origin)
    except OSError as error:
        raise WrongUse(f"There is no file {path} that says whose file it is. See docs/direct-debit.md.") from error
    except msgspec.MsgspecError as error:
        raise WrongUse(f"{path}: {error}") from error


def refunds(asked: argparse.Namespace) -> int:
    """Write the refunds that two people agreed into a file of credits, or one that was sent once more: the very same bytes."""
    start.open_installation()
    from lamplit.basics.bacs_days import next_cycle
    from lamplit.basics.who import cli
    from lamplit.basics.working_days import london_date, working_day_before
    from lamplit.rent import actions, queries

    queries.check_books()
    at = now()
    sent = queries.refund_file(asked.file) if asked.file else None
    if asked.file and sent is None:
        raise WrongUse(f"There is no file of refunds {asked.file}.")
    rows = queries.refunds_to_send() if sent is None else queries.refunds_in(sent.id)
    if not rows:
        last = queries.last_refund_file()
        say("There is no refund to send." + (f" The last file was {last.id}: --file {last.id} writes it again." if last else ""))
        return 0
    today = london_date(at if sent is None else sent.at)
    processing_on = next_cycle(today).processing_on if sent is None else sent.processing_on
    serial = queries.next_serial() if sent is None else sent.serial
    data = _written(asked.origin, _credits(asked, rows, processing_on), serial, today)
    digest = sha256(data).hexdigest()
    if sent is not None and digest != sent.digest:
        raise Failed("This would be another file than the one that was sent. It was not written.")

    def note() -> str:
        command = f"job:refunds:{digest}"
        if sent is None:
            actions.send_refunds(
                refunds=[row.id for row in rows], serial=serial, processing_on=processing_on, file_digest=digest,
                by=cli(user()), at=at, command=command,
            )  # fmt: skip
        return command

    try:
        bacs_out.hand_over(Path(asked.out), data, note, anyway=asked.anyway)
    except Failed as held:
        raise Failed(f"{held} The file's name is {queries.refunds_sent_as(digest)}: give it with --file.") from held
    say(f"{plural(len(rows), 'refund')}, {pounds(sum(row.pence for row in rows))}. Serial {serial}.")
    say(_send(asked.out, working_day_before(processing_on, 1), None if sent is None else today))
    return 0


def _credits(asked: argparse.Namespace, rows: Sequence[Any], processing_on: Any) -> list[Any]:
    """Return the lines of a file of refunds."""
    from lamplit.basics.bacs_text import fold
    from lamplit.exchange.bacs.layout import CREDIT
    from lamplit.exchange.bacs.standard18 import Item
    from lamplit.rent import queries

    ids = {row.details for row in rows if row.details}
    with opening(ids, Path(asked.key)) as opened:
        details = opened(ids)
    words = fold(str(asked.reference)).strip() or "REFUND"
    return [
        Item(
            sort_code=who.sort_code, account=who.account, code=CREDIT, pence=row.pence, name=who.name,
            reference=queries.refund_reference(row.id, words), processing_on=processing_on,
        )
        for row in rows
        if (who := details.get(row.details or "")) is not None
    ]  # fmt: skip


def read(asked: argparse.Namespace) -> int:
    """Act on a report of Bacs. What was acted on before is left as it is."""
    path = Path(asked.file)
    if not path.is_file():
        raise WrongUse(f"There is no file {path}.")
    start.open_installation()
    from lamplit.basics.who import cli
    from lamplit.config import bank_details
    from lamplit.exchange.bacs.reports import read_report
    from lamplit.reactions.debits import post_due
    from lamplit.rent import actions, queries

    data, at = path.read_bytes(), now()
    report = read_report(data, asked.kind)
    if report.problems:
        for problem in report.problems:
            say(str(problem))
        raise Failed("Nothing of this report was taken.")
    _check_ours(asked.origin, report.users)
    post_due(at)
    moved = {str(one.item): found for one in report.advices if (found := _moved(one)) is not None}
    counts = {"taken": 0, "there": len(report.advices), "person": 0}
    if not {one.item for one in report.advices} <= queries.advices_there(report.report):
        counts = actions.take_report(
            items=[actions.AdviceItem.of(one) for one in report.advices], moved=moved, report=bank_details.sealed_report(data),
            by=cli(user()), at=at, command=f"file:{sha256(data).hexdigest()}:bacs",
        )  # fmt: skip
    say(f"{report.kind}: {counts['taken']:,} acted on, {counts['there']:,} there already, {counts['person']:,} for a person.")
    return 0


def _check_ours(named: str | None, users: Collection[str]) -> None:
    """Raise Failed where a report names other service users alone: each item of it would wait for a person of ours."""
    from lamplit.config import place

    if named is None and not (place.home() / "bacs.toml").exists():
        return
    ours = _origin(named).user_number
    if users and ours not in users:
        raise Failed(f"This report is for service user {', '.join(sorted(users))}, and we are {ours}. Nothing of it was taken.")


def _moved(advice: Any) -> Any:
    """Return new bank details that an advice gives, sealed; None when it gives none, or none that can be."""
    from lamplit.basics.refusal import Refused
    from lamplit.config import bank_details

    if not advice.new_account and not advice.new_sort_code:
        return None
    sort_code, account = advice.new_sort_code or advice.sort_code, advice.new_account or advice.account
    if not sort_code or not account:
        return None
    try:
        return bank_details.seal(advice.new_name or advice.name or "PAYER", sort_code, account)
    except Refused as refused:
        if refused.code not in ("rent.bad_bank_details", "rent.modulus_failed", "rent.no_payer_name"):
            raise
        return None
