"""Money is never made or lost: under any order of charges, payments, corrections, faults, repeats, and an outage with restore.

LAMPLIT_EXAMPLES says how many orders are tried (6 as a rule).
"""

import json
import os
import random
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplit.basics.refusal import Refused
from lamplit.reactions import debits as jobs
from lamplit.record.cluster import Cluster
from lamplit.rent import queries
from lamplit.rent.facts import OWED
from lamplit.rent.models import LedgerLine, RentBalance
from tests.attack.money_debits import go_on
from tests.attack.money_player import Broken, Player, Stopped
from tests.attack.money_steps import LAYOUTS, STEPS, Step, give_back
from tests.landlord import Landlord, SecondCopy, connected

pytestmark = [pytest.mark.attack, pytest.mark.timeout(900)]
EXAMPLES = int(os.environ.get("LAMPLIT_EXAMPLES", "6"))
# No order of steps may lead to one of these.
NEVER = ("rent.books_wrong", "rent.file_differs", "rent.serial_used", "record.command_reused", "record.done_before")
OUTAGE = "outage"
NAMES = {step.__name__: step for step in STEPS}


@contextmanager
def player(cluster: Cluster, template: str, second_copy: SecondCopy) -> Iterator[Player]:
    """A landlord for one example. When it ends, the record is folded again and compared."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy OWNER lamplit_owner")
        try:
            with tempfile.TemporaryDirectory() as folder, connected(cluster, name):
                made = Landlord(cluster, name, Path(folder) / "store", second_copy)
                playing = Player(made, Path(folder))
                with playing.watched():
                    playing.begin()
                    yield playing
                    playing.crash.kind = ""
                    if not queries.unfinished():
                        give_back(playing)
                        assert not playing.model.charged_past_the_end()
                check(playing)
                made.check()
                no_collection_went_twice(made)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def take_step(p: Player, step: Step, seed: int, taken: Counter[str]) -> None:
    """Take a step; a refusal is a normal answer, but never one that says that the books or a retry are wrong."""
    p.dice = random.Random(seed)  # noqa: S311 - no secret
    before = p.crash.ended, p.at
    try:
        step(p)
        taken[step.__name__] += (p.crash.ended, p.at) > before  # it found something to do
    except Refused as refused:
        if refused.code in NEVER:
            raise
    except Stopped:
        taken["cut off"] += 1


def outage(p: Player, seed: int, taken: Counter[str]) -> None:
    """What was not published is lost, and so the model forgets it. Then every file that the world has is taken again."""
    p.landlord.publish()
    before = deepcopy(p.model)
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(dice.randrange(1, 4)):
        take_step(p, dice.choice(STEPS), dice.randrange(1_000), taken)
    p.crash.kind = ""
    p.lose_and_restore()
    p.model = before
    for file in list(p.made.values()):
        p.take(file, LAYOUTS)
    taken[OUTAGE] += 1


def play(p: Player, steps: list[tuple[str, int]], taken: Counter[str]) -> None:
    for name, seed in steps:
        if name == "crash":
            p.crash.kind, p.crash.left = ["write", "end", "after"][seed % 3], seed // 3 % 4
            continue
        armed = p.crash.kind != ""
        if name != OUTAGE:
            take_step(p, NAMES[name], seed, taken)
        elif not p.outages:
            p.outages += 1
            outage(p, seed, taken)
        taken["crash"] += armed and p.crash.kind == ""
        p.crash.kind = ""


def check(p: Player) -> None:
    """Every book of every account is what the model says, and what the balances and the files say."""
    stood: Counter[tuple[str | None, str]] = Counter()
    for account, debit, credit, pence in LedgerLine.objects.values_list("account", "debit", "credit", "pence"):
        stood[account, debit] += pence
        stood[account, credit] -= pence
    assert {key: pence for key, pence in stood.items() if pence} == {key: pence for key, pence in p.model.books.items() if pence}
    assert sum(stood.values()) == 0
    for row in RentBalance.objects.all():
        assert {book: getattr(row, book) for book in OWED} == {book: p.model.books[row.id, book] for book in OWED}
    assert p.model.book("bank") == sum(line.pence for line in p.model.lines.values() if line.source == "bank")
    paid_back = sum(one.pence for one in p.model.refunds.values() if one.state in ("released", "sent") and not one.line_gone)
    settled = sum(line.pence for line in p.model.lines.values() if line.book == "refunds")
    assert p.model.book("refunds") == -paid_back - settled
    assert queries.self_check() == []


def no_collection_went_twice(landlord: Landlord) -> None:
    sent: Counter[str] = Counter()
    for raw in landlord.entries():
        if b'"kind":"debits.sent"' in raw:
            sent.update(json.loads(raw)["body"]["collections"])
        elif b'"kind":"debits.recalled"' in raw:  # its file did not go
            sent.subtract(json.loads(raw)["body"]["collections"])
    assert not [name for name, count in sent.items() if count > 1]


STEP = st.tuples(st.sampled_from([*NAMES, "crash", "crash", OUTAGE]), st.integers(0, 999))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=10, max_size=60))
def test_money_is_never_made_or_lost(
    cluster: Cluster, template: str, second_copy: SecondCopy, steps: list[tuple[str, int]]
) -> None:
    with player(cluster, template, second_copy) as p:
        play(p, steps, Counter())


def test_every_step_with_money_is_allowed_at_some_time(cluster: Cluster, template: str, second_copy: SecondCopy) -> None:
    """A step that is always refused, or never finds anything to do, would show nothing."""
    taken: Counter[str] = Counter()
    wanted = [*NAMES, "crash", OUTAGE]
    often = ["set_up_mandate", "charge_week", "go_on_with_debits", "go_on_with_debits", "bank_file"]
    with player(cluster, template, second_copy) as p:
        for turn in range(40):
            rest = [name for name in wanted if not taken[name]]
            if not rest:
                break
            ends = ["end_a_tenancy"] if turn > 9 and "give_back" in rest else []
            play(p, [(name, turn) for name in [*often, *ends, *rest]], taken)
    assert not [name for name in wanted if not taken[name]]


def test_a_posting_that_was_cut_off_goes_on_after_a_restore(cluster: Cluster, template: str, second_copy: SecondCopy) -> None:
    """Its lines came back from the store and so did the command that posted them: what is left is closed all the same."""
    with player(cluster, template, second_copy) as p:
        take_step(p, NAMES["set_up_mandate"], 1, Counter())
        while not any(one.state == "sent" for one in p.model.debits.values()):
            go_on(p)
        p.crash.kind = "after"
        p.move_to(max(one.entry_on for one in p.model.debits.values()))
        with pytest.raises(Broken):
            jobs.post_due(p.at)
        p.landlord.publish()
        p.lose_and_restore()
        jobs.post_due(p.at)
        assert not queries.runs_to_post(p.today)
