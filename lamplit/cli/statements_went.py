"""`lamplit rent statements FOLDER --quarter 2026Q3 --sent`: notes that the statements in a folder went."""

import argparse
import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lamplit.cli.making import user
from lamplit.cli.say import WrongUse, say
from lamplit.cli.statement_batches import AT_ONCE, LIST, Asked, Batch, file_name, is_whole


def note(folder: Path, asked: argparse.Namespace, at: datetime) -> int:
    """Note that the statements in a folder went. What was noted before is left."""
    from lamplit.basics.working_days import london_date
    from lamplit.rent import queries

    if not asked.quarter:
        raise WrongUse("Say of which quarter they are, like --quarter 2026Q3.")
    if not (folder / LIST).exists():
        raise WrongUse(f"There is no {LIST} in {folder}. Write the statements first.")
    today = london_date(at)
    of = queries.quarter(asked.quarter, today)
    note_all(folder, Asked(of.since, of.until, today), of.name, _day(asked.sent) or today, at)
    went = queries.statements_went(of, today)
    say(f"Statements of {of.name}: {went.accounts:,} of {went.of:,} accounts have theirs.")
    return 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongUse("Write the day on which they went like 2026-10-04.") from error


def note_all(folder: Path, which: Asked, quarter: str, on: date, at: datetime) -> int:
    """Note every statement of a quarter that lies in a folder. Returns how many accounts are new."""
    from lamplit.basics.who import cli
    from lamplit.rent import actions, queries

    accounts = queries.account_ids()
    files = {file.name for file in folder.glob("*/*.pdf") if is_whole(file)}
    new = 0
    for first in range(0, len(accounts), AT_ONCE):
        sent = _went(Batch(accounts[first : first + AT_ONCE], which), files)
        told = hashlib.sha256(repr([one.account for one in sent]).encode()).hexdigest()[:16]
        new += actions.note_statements(
            quarter=quarter, on=on, sent=sent, by=cli(user()), at=at, command=f"job:statements:{quarter}:{told}:{at:%Y%m%d%H%M%S}"
        )
    return new


def _went(batch: Batch, files: set[str]) -> list[Any]:
    """Return of each account who has hers and how many have none; not those of which nobody has one and somebody should."""
    from lamplit.rent.actions import StatementsOf

    due = batch.nobodys()
    for account, person in batch.tenants():
        due.setdefault(account, []).append(person)
    found = []
    for account, tenants in due.items():
        hers = [one for one in tenants if file_name(account, one) in files]
        if hers or not tenants:
            found.append(StatementsOf(account=account, people=hers, wanting=len(tenants) - len(hers)))
    return found
