"""Who takes the steps with money: real actions with a clock that moves on, faults on order, and the model told of each effect."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from django.db import connections

from lamplit.basics import who
from lamplit.basics.who import By
from lamplit.cli import tables
from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.exchange import money
from lamplit.reactions import rent as charging
from lamplit.reactions.follow import NAME
from lamplit.reactions.worker import ONE_WORKER
from lamplit.record import page as pages
from lamplit.record.encode import Codec
from lamplit.record.page import Page, action
from lamplit.record.restore import Wanted, restore
from lamplit.rent import actions
from lamplit.rent.facts import AccountReferenced, Term
from lamplit.tenancies.actions import end_tenancy
from lamplit.tenancies.facts import TenancyStarted
from tests import cast
from tests.attack.money_model import Debit, File, Model
from tests.landlord import CUSTODIAN, Landlord
from tests.losing import make_anew

BEGIN = date(2026, 5, 4)  # a Monday
ONE, OTHER = who.staff("s_finance1000000000000"), who.staff("s_finance2000000000000")
OTTOS_TENANCY = "t_otto0000000000000000"
NUMBERS = {cast.RUTHS_TENANCY: "0070012345", cast.TOMASZS_TENANCY: "0070099991", OTTOS_TENANCY: "0070055517"}
PEOPLE = {cast.RUTHS_TENANCY: cast.RUTH, cast.TOMASZS_TENANCY: cast.TOMASZ, OTTOS_TENANCY: cast.OTTO}
SEALED = actions.SealedDetails(b"sealed", "810", "valid")
TERMS = {cast.RUTHS_TENANCY: (11_847, 1_250), cast.TOMASZS_TENANCY: (9_001, 0), OTTOS_TENANCY: (12_000, 333)}


class Broken(Exception):  # noqa: N818 - it is made on purpose
    """A step was broken off. `committed`: what it did stands, and only its answer was lost."""

    def __init__(self, *, committed: bool = False, answer: Any = None) -> None:
        super().__init__("broken off on purpose")
        self.committed, self.answer = committed, answer


class Stopped(Exception):  # noqa: N818 - the same
    """Something was cut off, and nobody goes on with it now."""


@dataclass
class Crash:
    """Breaks one thing off: before write number `left` of a page, just before its commit, or just after it."""

    kind: str = ""
    left: int = 0
    ended: int = 0  # pages that came to their end

    def comes(self, kind: str) -> bool:
        if self.kind != kind:
            return False
        self.left -= 1
        if self.left >= 0:
            return False
        self.kind = ""
        return True

    @contextmanager
    def patched(self) -> Iterator[None]:
        write, end, once = Page._write, Page.end, pages._run_once

        def breaking_write(page: Page, *given: Any) -> str:
            if self.comes("write"):
                raise Broken
            return write(page, *given)

        def breaking_end(page: Page, answer: bytes) -> None:
            end(page, answer)
            self.ended += 1
            if self.comes("end"):
                raise Broken

        def breaking_once(*given: Any) -> Any:
            answer = once(*given)
            if self.comes("after"):
                raise Broken(committed=True, answer=answer)
            return answer

        with (
            mock.patch.object(Page, "_write", breaking_write),
            mock.patch.object(Page, "end", breaking_end),
            mock.patch.object(pages, "_run_once", breaking_once),
        ):
            yield


@action
def open_accounts(page: Page, *, by: By, at: datetime, command: str) -> None:
    """A third tenancy, and the number that each account pays with."""
    page.write(
        TenancyStarted(
            tenancy=OTTOS_TENANCY, home=cast.EMPTY_HOME, tenants=[cast.OTTO], tenure="assured", started_on=date(2020, 1, 6)
        )
    )
    for account, number in NUMBERS.items():
        page.write(AccountReferenced(account=account, reference=number))


@dataclass
class Player:
    """Takes steps. What it does to the books is in `model`; what the world has in its hands is in `made`."""

    landlord: Landlord
    folder: Path
    at: datetime = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret
    crash: Crash = field(default_factory=Crash)
    made: dict[str, File] = field(default_factory=dict)  # by SHA-256
    sending: dict[str, Debit] = field(default_factory=dict)
    asked: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # way, account, pence of what one person asked for
    reports: list[Any] = field(default_factory=list)
    taking_back: Any = None
    outages: int = 0
    count: int = 0
    model: Model = field(default_factory=lambda: Model({account: sum(pence) for account, pence in TERMS.items()}, BEGIN))

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def accounts(self) -> list[str]:
        return list(TERMS)

    def end(self, account: str, sunday: date) -> None:
        """End a tenancy. It is not rent's own action, so the model is told here."""
        given: dict[str, Any] = {"tenancy": account, "ended_on": sunday, "by": ONE, "at": self.at}
        given["command"] = f"t:{self.number()}"
        self.model.ended[account] = sunday
        try:
            end_tenancy(**given)
        except Broken:
            end_tenancy(**given)

    def move_to(self, day: date) -> None:
        self.at = max(self.at, self.at + (day - self.today))

    def report(self, item: Any) -> None:
        """Act on a report of one item."""
        self.reports = [*self.reports, item]
        self.do("take_report", items=[item], moved={}, report=SEALED)

    def number(self) -> int:
        self.count += 1
        return self.count

    def begin(self) -> None:
        """Settle the cast, and say what each account is charged a week."""
        cast.settle()
        open_accounts(by=ONE, at=self.at, command="t:open")
        for account, (rent, service) in TERMS.items():
            terms = [Term(charge="rent", pence=rent), Term(charge="garage", pence=service)]
            self.do("set_terms", account=account, from_on=BEGIN, frequency="weekly", terms=terms)
            self.do(
                "record_claim", account=account, scheme="hb", state="paying", award_pence=5_000, award_per="week",
                cycle="four_weekly", eligible_pence=9_000, eligible_per="week", pays_after_days=0, paid_to=BEGIN,
                reference=f"HB/{NUMBERS[account]}",
            )  # fmt: skip

    def do(self, name: str, *, by: By = ONE, command: str = "", **given: Any) -> Any:
        """Take one action. Broken off, it is tried again with the same command."""
        command = command or f"t:{self.number()}"
        return self.again(lambda: getattr(actions, name)(by=by, at=self.at, command=command, **given))

    def again(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Broken as broken:
            if self.dice.randrange(3) == 0:
                raise Stopped from broken  # whoever did it died with it; what is next comes upon it as it is
            return call()

    # what each action that moves money did

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell the model what each action did, once a command, also when its answer was lost."""
        with ExitStack() as stack:
            stack.enter_context(self.crash.patched())
            stack.enter_context(mock.patch.object(charging, "TOGETHER", 1))
            stack.enter_context(mock.patch.object(money, "TOGETHER", 2))
            for name in [name[4:] for name in dir(self) if name.startswith("did_")]:
                stack.enter_context(mock.patch.object(actions, name, self._watch(name)))
            yield

    def _watch(self, name: str) -> Callable[..., Any]:
        real, effect = getattr(actions, name), getattr(self, f"did_{name}")

        def note(answer: Any, given: dict[str, Any]) -> None:
            if given["command"] not in self.model.done:
                self.model.done.add(given["command"])
                effect(answer, **{key: value for key, value in given.items() if key not in ("by", "at", "command")})

        def run(**given: Any) -> Any:
            try:
                answer = real(**given)
            except Broken as broken:
                if broken.committed:
                    note(broken.answer, given)
                raise
            note(answer, given)
            return answer

        return run

    def did_charge_accounts(self, answer: int, run: str, batches: list[Any]) -> None:
        assert answer == sum(len(batch.accounts) for batch in batches)
        for batch in batches:
            for account, charges in zip(batch.accounts, batch.charges, strict=True):
                self.model.charge(account, batch.from_on, batch.to_on, dict(charges))

    def did_give_back(self, answer: int, account: str) -> None:
        assert answer == self.model.give_back(account)

    def did_move_money(self, _: str, account: str, debit: str, credit: str, pence: int, what: str, why: str) -> None:
        self.model.move(account, debit, credit, pence)

    def did_take_file(self, answer: str, file: Any) -> None:
        self.model.take_file(answer, deepcopy(self.made[file.sha256]))

    def did_put_lines(self, answer: int, file: str, lines: list[Any]) -> None:
        assert answer == len(lines)
        for line in lines:
            self.model.put(file, line.number)

    def did_match_payment(self, _: str, line: str, account: str) -> None:
        self.model.match(line, account)

    def did_take_off_payment(self, _: str, line: str, why: str) -> None:
        self.model.take_off(line)

    def did_settle_suspense(self, _: str, line: str, book: str, note: str) -> None:
        self.model.settle(line, book)

    def did_reverse_line(self, _: str, account: str, line: str, why: str) -> None:
        row, model = self.taking_back, self.model
        assert row.id == line
        assert line not in model.taken_back
        model.taken_back.add(line)
        model.move(account, row.credit, row.debit, row.pence)
        if row.from_on is not None:
            model.weeks[account, row.from_on].pop(row.what)
        for debit in model.debits.values():
            if row.what == "direct_debit" and debit.account == account and debit.entry_on == row.on and debit.pence == row.pence:
                debit.line_gone = True
        if row.source in model.refunds:
            refund = model.refunds[row.source]
            refund.line_gone = True
            refund.state = "taken back" if refund.state == "released" else refund.state

    def did_submit_debits(self, _: str, run: str, serial: str, created_on: date, file_digest: str) -> None:
        twice = self.model.debits.keys() & self.sending.keys()
        assert not twice, f"{twice} went into two files"
        self.model.debits |= deepcopy(self.sending)

    def did_post_debits(self, answer: int, run: str, lines: list[Any]) -> None:
        assert answer == sum([self.model.collect(line.collection) for line in lines])

    def did_recall_debits(self, answer: int, run: str, collections: list[str]) -> None:
        assert answer == sum([self.model.recall(collection) for collection in collections])

    def did_take_report(self, answer: dict[str, int], items: list[Any], moved: Any, report: Any) -> None:
        for item in items:
            seen = item.report in self.model.reports
            assert answer["there"] == seen
            self.model.reports.add(item.report)
            if not seen:
                self._said(item)

    def _said(self, item: Any) -> None:
        """The oldest collection of the sum that can be meant came back; or the refund that is named."""
        model = self.model
        if item.kind == "ARUCS":
            model.came_back(next(name for name in model.refunds if item.reference.endswith(name[-10:].upper())))
            return
        found = [
            (one.on, name)
            for name, one in model.debits.items()
            if (one.mandate, one.pence, one.state) == (item.reference, item.pence, "collected") and one.on >= item.processed_on
        ]
        if found:
            model.unpaid(min(found)[1])

    def did_send_refunds(self, _: str, refunds: list[str], serial: str, processing_on: date, file_digest: str) -> None:
        for refund in refunds:
            assert self.model.refunds[refund].state == "released", f"{refund} stands on her account again and is paid"
            self.model.refunds[refund].state = "sent"

    def did_release_refund(self, _: str, refund: str) -> None:
        way, account, pence = self.asked[refund]
        if way == "refund":
            self.model.release(refund, account, pence)
        else:
            self.model.move(account, *{"write_off": ("write_off", "rent"), "write_back": ("rent", "write_off")}[way], pence)

    # files of money

    def make(self, file: File, text: str | None = None) -> File:
        """Let the world have a file. Returns it."""
        file.text = text or file.text
        self.made[sha256(file.text.encode()).hexdigest()] = file
        return file

    def take(self, file: File, layouts: dict[str, Any], stop_after: int | None = None) -> None:
        """Take a file in. `stop_after`: it is cut off after so many batches, and nobody tries again now."""
        path = self.folder / file.name
        path.write_text(file.text)
        order = money.Order(source=file.source, user="tester", layout=layouts[file.source], label="")  # type: ignore[arg-type]
        left = [stop_after]

        def step(*_: int) -> None:
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    raise Stopped

        outcome = self.again(lambda: money.take_in(path, order, self.at, step))
        assert not outcome.problems, outcome.problems

    # an outage

    def lose_and_restore(self) -> None:
        """Lose the database, and bring back what the store has."""
        landlord = self.landlord
        make_anew(landlord)
        owner = landlord.conninfo("owner")
        codec = Codec(place.origin())
        wanted = Wanted(
            landlord.store, landlord.key.verifier, codec, wiring(), by=who.cli("tester"), at=self.at, name="near",
            identities=[CUSTODIAN], readers=(NAME,), alone=(ONE_WORKER,),
        )  # fmt: skip
        connections.close_all()
        with psycopg.connect(owner) as db:
            restore(db, wanted, owner, tables.table_maker(owner), tables.grant, processes=1)
