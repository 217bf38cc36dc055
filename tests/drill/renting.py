"""A Direct Debit run that the outage swallows: one household pays another way meanwhile; nobody is chased or collected twice.

`python -m tests.drill.renting before|meanwhile|after` works on the installation of LAMPLIT_HOME; `meanwhile` on the standby.
The collections fall due two working days after the attack; `after` puts the clock of the jobs forward, as if the outage had
lasted until the day after.
"""

import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.working_days import add_working_days, day_begins_at, london_date
from lamplit.cli import start

BY = who.job("drill")
ACCOUNTS = (900_001, 900_002)
PAID, WRONG_LINE = "I paid at the bank.", "The lift never ran."
OUT, OVER = 2, 3  # working days after the attack: when the money was to move, and when we are back


def main(words: list[str]) -> int:
    start.open_installation()
    made = json.loads(words[1]) if len(words) > 1 else {}
    print(json.dumps({"before": before, "meanwhile": lambda: meanwhile(made), "after": lambda: after(made)}[words[0]]()))
    return 0


def before() -> dict[str, Any]:
    """Two households have Direct Debits and were told of the next one. Returns their accounts and what is to be collected."""
    from lamplit.cli import demo_bank
    from lamplit.config import bank_details
    from lamplit.rent import actions, queries
    from lamplit.tenancies import queries as tenancies

    demo_bank.settle()
    today, long_ago = london_date(now()), now() - timedelta(days=60)
    due = add_working_days(today, OUT)
    owing = [one for one in queries.positions(today) if one.to_pay_pence > 0 and queries.mandate_of(one.account) is None]
    tenants = {
        one.account: [who.person for who in tenancies.household(one.account, today) if who.role == "tenant"] for one in owing
    }
    owing = [one for one in owing if tenants[one.account]]  # who has moved out owes something too
    made = []
    for number in ACCOUNTS:
        where = owing.pop()
        tenant = tenants[where.account][0]
        pence, sealed = where.to_pay_pence, bank_details.seal("A Payer", demo_bank.SORT_CODE, demo_bank.account_number(number))
        mandate = actions.set_up_mandate(
            account=where.account, person=tenant, sealed=sealed, way="paper",
            every="weekly", day=due.isoweekday(), pence=pence, from_on=due, instruction=None, collected_before=True, by=BY,
            at=long_ago, command=f"drill:mandate:{where.account}",
        )  # fmt: skip
        actions.notice_debits(mandates=[mandate], by=BY, at=long_ago, command=f"drill:notice:{where.account}")
        made.append({"account": where.account, "pence": pence})
    return {"due": due.isoformat(), "households": made}


def meanwhile(made: dict[str, Any]) -> dict[str, Any]:
    """At the standby that took over: one says that she paid another way, the other that a line is wrong."""
    from lamplit.rent import actions

    paid, unpaid = (one["account"] for one in made["households"])
    by, at = who.job("drill"), now()
    actions.say_paid(
        account=paid, pence=made["households"][0]["pence"], on=london_date(at), way="bank", words=PAID, by=by, at=at,
        command="drill:paid",
    )  # fmt: skip
    actions.dispute_line(account=unpaid, words=WRONG_LINE, by=by, at=at, command="drill:dispute")
    return {}


def _said(made: dict[str, Any]) -> list[str]:
    """Return what is wrong with what both said at the standby: it is here once, and nobody has answered it yet."""
    from lamplit.rent import queries

    paid, unpaid = (one["account"] for one in made["households"])
    said = [row.words for row in queries.said_open() if row.account == paid]
    disputed = [row.words for row in queries.open_disputes() if row.account == unpaid]
    wrong = [] if said == [PAID] else [f"'I have paid' is here {len(said)} times"]
    return wrong + ([] if disputed == [WRONG_LINE] else [f"the dispute is here {len(disputed)} times"])


def after(made: dict[str, Any]) -> dict[str, Any]:
    """The outage is over. The first household's money came by another way; then the jobs look, twice. Returns what is wrong."""
    from lamplit.reactions import debits
    from lamplit.rent import actions, queries

    due = date.fromisoformat(made["due"])
    back = add_working_days(due, OVER - OUT)
    at = day_begins_at(back) + timedelta(hours=10)
    paid, unpaid = made["households"]
    wrong = _said(made)
    _file_comes(paid, due, at)
    for moment in (at, at + timedelta(hours=1)):
        debits.look_for_missed(moment)
    rows = {one["account"]: _of(one["account"], due) for one in (paid, unpaid)}
    if rows[paid["account"]].told != "closed":
        wrong.append(f"who paid another way was told {rows[paid['account']].told}")
    if rows[unpaid["account"]].told != "tell_then_collect":
        wrong.append(f"who was not collected was told {rows[unpaid['account']].told}")
    # The late collection goes with the next file, once; nothing goes of what was paid another way.
    entry_on = add_working_days(back, 2)
    there = queries.run_of_day(entry_on)  # at a weekend the demo's own next run waits for that day: it is made anew
    if there is not None:
        actions.withdraw_debits(run=there.id, by=who.staff("s_one"), at=at, command="drill:withdrawn")
    run = actions.prepare_debits(entry_on=entry_on, by=who.staff("s_one"), at=at, command="drill:late")
    sent = [line.account for line in queries.work_out_debits(entry_on).lines]
    if sent.count(unpaid["account"]) != 1:
        wrong.append(f"who was not collected is collected {sent.count(unpaid['account'])} times")
    if any(one.account == paid["account"] and one.on == due for one in queries.missed()) and paid["account"] in sent:
        wrong.append("who paid another way is collected as well")
    wrong += _letters(made, at)
    return {
        "wrong": wrong,
        "run": run,
        "told": {name: row.told for name, row in rows.items()},
        "wrong_books": queries.self_check(),
    }


def _of(account: str, due: date) -> Any:
    from lamplit.rent import queries

    return next(one for one in queries.collections_of(account) if due in (one.on, one.was_due_on))


def _file_comes(paid: dict[str, Any], due: date, at: datetime) -> None:
    """The bank's file with what she paid comes in after the restore."""
    from lamplit.rent import actions
    from lamplit.rent.facts import Told

    line = actions.Line(
        number=1, pence=paid["pence"], on=due, told=Told(reference="RENT", payer="A Payer"), account=paid["account"],
        how="reference", sure=100,
    )  # fmt: skip
    new = actions.NewFile(
        source="bank", layout="camt.053", sha256="d" * 64, part=0, label="Harbour Bank", lines=1, credit_pence=paid["pence"],
        debit_pence=0, dated=london_date(at),
    )  # fmt: skip
    file = actions.take_file(file=new, by=BY, at=at, command="drill:file")
    actions.put_lines(file=file, lines=[line], by=BY, at=at, command="drill:file:lines")
    actions.finish_file(file=file, by=BY, at=at, command="drill:file:finish")


def _letters(made: dict[str, Any], at: datetime) -> list[str]:
    """Return what is wrong with letters: a night's look and its steps send neither household one about arrears."""
    from lamplit.reactions import chasing
    from lamplit.rent import queries

    chasing.note_all(at)
    chasing.take_steps(at)
    chased = queries.steps_of([one["account"] for one in made["households"]])
    return [f"{len(chased)} of them had a step for arrears"] if chased else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
