"""`lamplit incident undo`: shows what would be done, and does it once two members of staff agree."""

import argparse
from collections import Counter
from datetime import datetime
from typing import Any

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, cli, read
from lamplit.cli import start
from lamplit.cli.damage import line_words, moment
from lamplit.cli.making import user
from lamplit.cli.say import Failed, WrongUse, say, say_json
from lamplit.cli.two import two_people
from lamplit.cli.undo import ANSWER
from lamplit.config import place
from lamplit.record.encode import Codec

SHOWN = 5  # later entries shown of each


def undo(asked: argparse.Namespace) -> int:
    """Show, and write unless it is a rehearsal."""
    since, until = moment(asked.since), moment(asked.until)
    account = _account(asked.actor)
    two = None if asked.dry_run else two_people(asked.by)
    start.open_installation()
    steps = _plan(asked.actor, since, until)
    if not asked.json:
        _show(asked.actor, steps)
    done: dict[str, Any] = {}
    if two is not None:
        done = _write(account, asked.actor, since, until, steps, [_member(two.first), _member(two.second)])
    if asked.json:
        say_json({"entries": [_as_json(step) for step in steps], **done})
    return 0


def _account(actor: str) -> str:
    try:
        by = read(actor)
    except ValueError:
        by = By("", "")
    if by.kind not in ("staff", "contractor", "person") or not by.id:
        raise WrongUse("--actor is an account as the record names it, like staff:s_01abc...")
    return by.id


def _plan(actor: str, since: datetime, until: datetime) -> list[Any]:
    from lamplit.cli.undo.plan import plan
    from lamplit.record.audit import live_keys

    with start.connect("owner") as db:
        return plan(db, Codec(place.origin()), live_keys(db), actor, since, until)


def _member(email: str) -> str:
    from lamplit.staff import queries

    row = queries.by_email(email)
    if row is None or row.shut:
        raise Failed(f"{email} is no member of staff. Say --by EMAIL=FILE, with the e-mail address in the record.")
    return str(row.id)


def _show(actor: str, steps: list[Any]) -> None:
    for step in steps:
        say(line_words(step.wrote_line))
        say(f"      {step.words}")
        for later in step.follows[:SHOWN]:
            say(f"      later: {line_words(later).strip()}  by {later.by}")
        if len(step.follows) > SHOWN:
            say(f"      and {len(step.follows) - SHOWN:,} more by others about the same.")
    count = Counter(step.does for step in steps)
    say(f"{actor} wrote {len(steps):,} entries in that time: {count['answers']:,} are answered by another entry,", end=" ")
    say(f"{count['person']:,} wait for a person, {count['nothing']:,} need nothing.")


def _write(account: str, actor: str, since: datetime, until: datetime, steps: list[Any], two: list[str]) -> dict[str, Any]:
    """Answer each entry, the newest first. Run again, it goes on: an entry is answered once, whatever happens meanwhile."""
    from lamplit.incidents import actions

    by, run = cli(user()), f"undo:{account}:{since:%Y%m%dT%H%M%S%f}:{until:%Y%m%dT%H%M%S%f}"
    told = actions.agree_undo(
        account=account, from_at=since, to_at=until, entries=len(steps), agreed=two, by=by, at=now(), command=run
    )
    answered, left = 0, list[str]()
    for step in reversed(steps):
        if step.does == "nothing":
            continue
        if step.does == "answers" and (refused := _answer(step, by)) is None:
            answered += 1
            continue
        left.append(step.wrote.entry.id)
        if step.does == "answers":
            say(f"{line_words(step.wrote_line).strip()}: {refused} A person looks at it.")
    ids = [step.wrote.entry.id for step in steps]
    disowned = disown(actor, since, until, two, ids, by)
    actions.end_undo(undo=told, answered=answered, left=left[::-1], by=by, at=now(), command=f"{run}:{answered}:{len(left)}")
    say(f"Answered {answered:,} entries. {len(left):,} are left for a person: the desk lists them under Incident, Coming back.")
    return {"undo": told, "answered": answered, "left": left[::-1], "disowned": disowned}


def _answer(step: Any, by: By) -> str | None:
    """Take one entry back. Returns why not, or None when it is answered, now or before."""
    from lamplit.config.refusals import staff_words

    if step.answer.act is None:  # all messages are disowned together
        return None
    how = {"by": by, "at": now(), "command": f"{ANSWER}{step.wrote.entry.id}"}
    try:
        if step.answer.how == "again" and step.before is None:
            step.answer.alone(step.wrote.entry.body, how)
        else:
            step.answer.act(step.before if step.answer.how == "again" else step.wrote.entry.body, how)
    except Refused as refused:
        if refused.done_before:
            return None
        return staff_words(refused)
    return None


def disown(actor: str, since: datetime, until: datetime, two: list[str], entries: list[str], by: By) -> list[str]:
    """Let the message check answer what the account sent: from our system, by someone who should not have."""
    from lamplit.messages import actions

    return actions.disown_messages(
        actor=actor, from_at=since, to_at=until, agreed=two, entries=entries, by=by, at=now(),
        command=f"undo:messages:{actor}:{since:%Y%m%dT%H%M%S%f}:{until:%Y%m%dT%H%M%S%f}",
    )  # fmt: skip


def _as_json(step: Any) -> dict[str, Any]:
    return {"entry": step.wrote_line, "does": step.does, "words": step.words, "follows": step.follows}
