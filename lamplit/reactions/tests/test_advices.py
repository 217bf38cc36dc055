"""What every reason code of a bank does: to the money, to the instruction, to letters; and when a person must look."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from lamplit.basics.advices import codes
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.reactions import debits as jobs
from lamplit.reactions.letters import Wanted
from lamplit.reactions.table import REACTIONS
from lamplit.reactions.tests.test_rent import terms
from lamplit.reactions.tests.working import follow
from lamplit.record.encode import Entry
from lamplit.record.page import Page, action
from lamplit.rent import actions, facts, queries
from lamplit.rent.facts import Protection
from lamplit.rent.models import BankAdvice, DebitMandate
from lamplit.tenancies.facts import TenancyStarted
from tests import cast
from tests.landlord import Landlord

AT = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
PAID_ON, NEXT_ON = date(2026, 6, 1), date(2026, 7, 1)
NEW = actions.SealedDetails(b"sealed", "006", "valid")


class Does(NamedTuple):
    """What a code does to a live instruction with a collection in the books: E ended, S stopped, or it goes on.

    `again`: presented once more; `takes`: new details of a report count; `told`: she gets a letter that it ended or stopped.
    `closed`: her bank details end, it is no account of hers any more.
    """

    state: str = "live"
    reversed: bool = False
    person: bool = False
    told: bool = False
    again: bool = False
    takes: bool = False
    no_letters: bool = False
    closed: bool = False


GOES_ON = Does()
ENDS = Does("ended", person=True, told=True)
STOPS = Does("stopped", person=True, told=True)
DEAD = Does("ended", person=True, no_letters=True)
CLOSED = ENDS._replace(closed=True)
CLOSED_UNPAID = CLOSED._replace(reversed=True)
ENDS_UNPAID, STOPS_UNPAID = ENDS._replace(reversed=True), STOPS._replace(reversed=True)
TABLE = {
    "ARUDD": {
        "0": Does(reversed=True, again=True), "1": ENDS_UNPAID, "2": DEAD._replace(reversed=True),
        "3": STOPS_UNPAID._replace(takes=True), "4": STOPS_UNPAID, "5": CLOSED_UNPAID, "6": ENDS_UNPAID, "7": STOPS_UNPAID,
        "8": STOPS_UNPAID, "9": STOPS_UNPAID, "A": STOPS_UNPAID, "B": CLOSED_UNPAID,
    },
    "ADDACS": {
        "0": ENDS, "1": ENDS, "2": DEAD, "3": Does(takes=True), "B": CLOSED, "C": Does(takes=True), "D": STOPS,
        "E": Does(takes=True), "R": GOES_ON,
    },
    "AUDDIS": {
        "1": ENDS, "2": DEAD, "3": STOPS._replace(takes=True), "5": CLOSED, "6": ENDS, "B": CLOSED, "C": Does(takes=True),
        "F": ENDS, "G": ENDS, "H": ENDS, "I": STOPS, "K": ENDS, "L": CLOSED, "M": STOPS, "N": ENDS, "O": STOPS, "P": STOPS,
        "Q": STOPS,
    },
    "DDICA": {**dict.fromkeys("1234568", STOPS_UNPAID), "7": Does(reversed=True)},
}  # fmt: skip
WHOLE = [(kind, code) for kind, rows in TABLE.items() for code in rows]


@action
def open_accounts(page: Page, *, names: list[str], by: By, at: datetime, command: str) -> dict[str, str]:
    """Begin one tenancy a name, each paying by Direct Debit, with June in the books and July noticed. Returns the mandates."""
    run, found = page.new_id("g"), {}
    for name in names:
        account, mandate, details = page.new_id("t"), page.new_id("d"), page.new_id("n")
        page.write(
            TenancyStarted(
                tenancy=account, home=cast.EMPTY_HOME, tenants=[cast.RUTH], tenure="assured", started_on=date(2020, 1, 6)
            )
        )
        page.write(facts.DetailsGiven(account=account, details=details, blob="b", checked="valid", source="import", last3="810"))
        page.write(
            facts.MandateSetUp(
                mandate=mandate, account=account, person=cast.RUTH, details=details, way="paper", every="monthly", day=1,
                pence=40_000, from_on=PAID_ON, collected_before=True, reference=name,
            )
        )  # fmt: skip
        dues = [(PAID_ON, 40_000), (NEXT_ON, 40_000)]
        page.write(facts.DebitsNoticed(account=account, mandate=mandate, dues=dues, why="new"))
        of = {"run": run, "accounts": [account], "collections": [f"{account}.{PAID_ON}"]}
        page.write(facts.DebitsSent(codes=["17"], **of))
        page.write(facts.DebitsCollected(on=PAID_ON, pence=[40_000], **of))
        found[name] = mandate
    return found


def item(kind: str, code: str, number: int, more: str = "") -> actions.AdviceItem:
    return actions.AdviceItem(
        kind=kind, report=f"{kind}{more}", item=number, code=code, reference=f"{kind}{code}", pence=40_000,
        reported_on=AT.date(), processed_on=date(2026, 5, 29),
    )  # fmt: skip


def take(items: list[actions.AdviceItem], moved: dict[str, actions.SealedDetails], at: datetime = AT) -> dict[str, int]:
    return actions.take_report(items=items, moved=moved, report=NEW, by=cast.BY_PRIYA, at=at, command=f"t:{items[0].report}:{at}")


def opened(landlord: Landlord, names: list[str]) -> dict[str, DebitMandate]:
    cast.settle()
    made = open_accounts(names=names, by=cast.BY_PRIYA, at=AT - timedelta(days=2), command="t:open")
    follow(landlord)
    return {name: found for name, mandate in made.items() if (found := queries.mandate(mandate)) is not None}


def test_the_table_knows_every_code_that_we_know() -> None:
    assert {kind: sorted(rows) for kind, rows in TABLE.items()} == {kind: sorted(codes(kind)) for kind in TABLE}  # type: ignore[arg-type]


@pytest.mark.parametrize("gives", [True, False], ids=["with new details", "without"])
def test_each_code_does_what_it_says_and_nothing_else(landlord: Landlord, gives: bool) -> None:
    before = opened(landlord, [f"{kind}{code}" for kind, code in WHOLE])
    for kind, rows in TABLE.items():
        items = [item(kind, code, number) for number, code in enumerate(rows)]
        moved = {str(one.item): NEW for one in items} if gives else {}
        counts = take(items, moved)
        wanted = sum(lost(does, gives).person for does in rows.values())
        assert counts == {"taken": len(rows), "there": 0, "person": wanted}, kind
        assert take(items, moved, AT + timedelta(minutes=1))["there"] == len(rows), "a report is acted on once"
    letters: list[str] = []

    def ended(entry: Entry, at: datetime) -> list[Wanted]:
        wanted = jobs.ended(entry, at)
        letters.extend([entry.body.mandate] * len(wanted))
        return wanted

    follow(landlord, table={**REACTIONS, facts.MandateChanged: [ended]})
    for kind, code in WHOLE:
        name, does = f"{kind}{code}", lost(TABLE[kind][code], gives)
        check(name, before[name], does, gives)
        assert letters.count(before[name].id) == does.told, name
    assert queries.self_check() == []


def test_a_code_that_nobody_explained_stops_that_instruction_and_the_rest_of_its_report_is_acted_on(landlord: Landlord) -> None:
    """What came back is taken off whatever the code: the report itself says that it is not here."""
    wanted = {
        "ARUDDC": STOPS_UNPAID._replace(no_letters=True), "ARUDD1012": STOPS_UNPAID._replace(no_letters=True),
        "ADDACSG": STOPS._replace(no_letters=True), "ADDACS2": DEAD,
    }  # fmt: skip
    before = opened(landlord, list(wanted))
    for kind in ("ARUDD", "ADDACS"):
        codes_of = [name.removeprefix(kind) for name in wanted if name.startswith(kind)]
        assert take([item(kind, code, number) for number, code in enumerate(codes_of)], {})["person"] == len(codes_of)
    for name, does in wanted.items():
        check(name, before[name], does, False)
    assert queries.self_check() == []


def test_what_came_back_holds_every_step_until_a_person_has_looked_why(landlord: Landlord) -> None:
    """Nobody is chased for what our own Direct Debit left open. What was hers to put right holds nothing."""
    names = ["ARUDD4", "ARUDD0", "DDICA2", "ADDACSD"]
    before = opened(landlord, names)
    for name in names:
        take([item(name[:-1], name[-1], 1, name[-1])], {})
    held = {name: queries.circumstances([row.account], AT.date())[row.account].missed for name, row in before.items()}
    advices = {row.account: row.id for row in BankAdvice.objects.all()}
    assert held == {name: (advices[before[name].account],) if name in ("ARUDD4", "DDICA2") else () for name in names}
    account = before["ARUDD4"].account
    actions.settle_advice(advice=advices[account], by=cast.BY_DELE, at=AT, command="t:settle")
    assert queries.circumstances([account], AT.date())[account].missed == ()


def test_in_a_breathing_space_what_came_back_is_protected_and_is_not_presented_again(landlord: Landlord) -> None:
    """Collected on 1 June, a space from 2 June, returned on 3 June: what she owed again is none that we may ask for."""
    before = opened(landlord, ["ARUDD0", "ARUDD1"])
    space = Protection(kind="standard", registered_on=PAID_ON)
    for name, mandate in before.items():
        actions.start_protection(account=mandate.account, about=space, by=cast.BY_DELE, at=AT, command=f"t:space:{name}")
        stands = queries.protected([mandate.account])[mandate.account]
        assert (stands.protected_pence, stands.ongoing_pence) == (0, -40_000)
        owe(account=mandate.account, by=cast.BY_PRIYA, at=AT, command=f"t:owe:{name}")  # it was due before, and paid by the debit
        take([item("ARUDD", name[-1], 1, name[-1])], {})
        stands = queries.protected([mandate.account])[mandate.account]
        assert (name, stands.protected_pence, stands.ongoing_pence) == (name, 40_000, 0)
        assert not any(row.again for row in queries.collections_of(mandate.account))
    assert queries.self_check() == []


def test_a_payment_of_the_space_itself_that_came_back_stands_as_if_it_had_never_been(landlord: Landlord) -> None:
    (mandate,) = opened(landlord, ["ARUDD0"]).values()
    account = mandate.account
    owe(account=account, by=cast.BY_PRIYA, at=AT, command="t:owe")
    owe(account=account, by=cast.BY_PRIYA, at=AT, command="t:owe:more")
    space = Protection(kind="standard", registered_on=PAID_ON - timedelta(days=1))
    actions.start_protection(account=account, about=space, by=cast.BY_DELE, at=AT, command="t:space")
    stands = queries.protected([account])[account]
    assert (stands.protected_pence, stands.ongoing_pence) == (40_000, 0)  # the debit of 1 June went to what was protected
    take([item("ARUDD", "0", 1)], {})
    stands = queries.protected([account])[account]
    assert (stands.protected_pence, stands.ongoing_pence) == (80_000, 0)
    assert [row.pence for row in queries.collections_of(account) if row.again] == [40_000], "due in the space: ongoing rent"


@action
def plan_to_pay(page: Page, *, mandate: DebitMandate, each: int, pence: int, by: By, at: datetime, command: str) -> None:
    """Let a Direct Debit follow the rent and a plan, with a collection of its own sum next week that she was told of."""
    parts = [(date(2026, month, 1), each) for month in (7, 8, 9)]
    page.write(facts.PlanAgreed(account=mandate.account, plan=page.new_id("n"), pence=3 * each, instalments=parts, budget=None))
    new = page.new_id("d")
    page.write(
        facts.MandateSetUp(
            mandate=new, account=mandate.account, person=cast.RUTH, details=mandate.details, way="paper", every="monthly", day=1,
            pence=pence, from_on=PAID_ON, usual_pence=pence, with_plan=True, collected_before=True, reference=f"P{new[-8:]}",
        )
    )  # fmt: skip
    dues = [(AT.date() + timedelta(days=7), pence), (NEXT_ON, pence)]
    page.write(facts.DebitsNoticed(account=mandate.account, mandate=new, dues=dues, why="new"))


@pytest.mark.parametrize("each", [2_000, 30_000])
def test_while_a_breathing_space_runs_no_instalment_of_a_plan_is_collected(landlord: Landlord, each: int) -> None:
    """The sum goes on without it, with new notice; what cannot be told in time is not made. Of nothing else it stops."""
    (before,) = opened(landlord, ["ARUDD0"]).values()
    account = before.account
    terms(account, from_on=date(2026, 6, 1), frequency="monthly", rent=26_750)  # with the service charge 28,000
    pence = 28_000 + each if each == 2_000 else each
    actions.end_mandate(mandate=before.id, by=cast.BY_PRIYA, at=AT, command="t:end")
    plan_to_pay(mandate=before, each=each, pence=pence, by=cast.BY_PRIYA, at=AT, command="t:plan")
    space = Protection(kind="standard", registered_on=AT.date() - timedelta(days=1))
    started = actions.start_protection(account=account, about=space, by=cast.BY_DELE, at=AT, command="t:space")
    mandate = queries.mandate_of(account)
    assert mandate is not None
    there = {row.on: (row.state, row.pence) for row in queries.collections_of(account) if row.mandate == mandate.id}
    if each == 30_000:
        assert (mandate.state, {state for state, _ in there.values()}) == ("stopped", {"dropped"})
        return
    assert (mandate.state, mandate.pence, mandate.usual_pence) == ("live", 28_000, 28_000)
    assert there == {AT.date() + timedelta(days=7): ("dropped", 30_000), NEXT_ON: ("noticed", 30_000)}
    assert jobs.give_notice(AT) == 1
    there = {row.on: (row.state, row.pence) for row in queries.collections_of(account) if row.mandate == mandate.id}
    assert there[NEXT_ON] == ("noticed", 28_000)
    assert queries.sums_to_look_at(AT.date(), 9) == (0, [])
    actions.end_protection(protection=started, words="Over.", by=cast.BY_DELE, at=AT, command="t:over")
    assert queries.sums_to_look_at(AT.date(), 9)[0] == 1


@action
def owe(page: Page, *, account: str, by: By, at: datetime, command: str) -> None:
    """Charge a month of the time before."""
    page.write(
        facts.MoneyMoved(
            account=account, debit="rent", credit="rent_income", pence=40_000, what="adjustment", on=PAID_ON - timedelta(days=7),
            why="keyed_wrong",
        )
    )  # fmt: skip


def test_whoever_settles_the_advice_of_a_death_says_whether_somebody_died(landlord: Landlord) -> None:
    (before,) = opened(landlord, ["ARUDD2"]).values()
    account = before.account
    take([item("ARUDD", "2", 1)], {})
    settled = {"advice": BankAdvice.objects.get(account=account).id, "died": True, "by": cast.BY_DELE, "at": AT}
    with pytest.raises(Refused, match=r"rent\.say_why"):
        actions.settle_advice(**settled, command="t:no words")  # type: ignore[arg-type]
    actions.settle_advice(**settled, words="Her son rang.", owner=cast.PRIYA, command="t:died")  # type: ignore[arg-type]
    (hold,) = queries.holds_of(account)
    assert (hold.kind, hold.words, hold.owner, hold.review_on) == ("death", "Her son rang.", cast.PRIYA, date(2026, 6, 17))
    assert queries.advices_open() == []
    assert (queries.letters_stopped(account), queries.stopped_by_death([account])) == (True, {account})
    assert queries.circumstances([account], AT.date())[account].deaths == (hold.id,)
    refund = {"account": account, "way": "refund", "pence": 100, "reason": "Twice.", "evidence": ["Two lines"]}
    asked = actions.ask_refund(**refund, by=cast.BY_DELE, at=AT, command="t:refund")  # type: ignore[arg-type]
    row = queries.refund(asked)
    assert row is not None
    assert queries.as_refund(row, -100, AT.date()).died
    actions.end_hold(hold=hold.id, words="Her account is closed.", by=cast.BY_DELE, at=AT, command="t:end")
    assert not queries.letters_stopped(account)


def lost(does: Does, gives: bool) -> Does:
    """A transfer of which the report does not say where to: nothing more is collected until a person looked."""
    return does if gives or not does.takes else STOPS._replace(reversed=does.reversed, takes=False)


def check(name: str, before: DebitMandate, does: Does, gives: bool) -> None:
    now = DebitMandate.objects.get(id=before.id)
    account = before.account
    assert (name, now.state) == (name, does.state)
    assert now.instruction is None, f"{name}: a bank that says so itself is told nothing"
    assert now.first_on == before.first_on
    came = {row.on: row.state for row in queries.collections_of(account) if not row.again}
    assert came[PAID_ON] == ("unpaid" if does.reversed else "collected"), name
    assert came[NEXT_ON] == ("noticed" if does.state == "live" else "dropped"), name
    assert [row.pence for row in queries.collections_of(account) if row.again] == [40_000] * does.again, name
    assert queries.owes(account).rent == (0 if does.reversed else -40_000), name  # type: ignore[union-attr]
    assert BankAdvice.objects.get(account=account).person is does.person, name
    assert queries.letters_stopped(account) is does.no_letters, name
    current = queries.current_details(account)
    assert (current is None) == does.closed, name
    if current is None:
        return
    assert (now.details == current.id, current.last3) == (True, "006" if does.takes and gives else "810"), name


def states(mandate: DebitMandate) -> tuple[str, str | None, list[str]]:
    now = DebitMandate.objects.get(id=mandate.id)
    return now.state, now.instruction, sorted({row.state for row in queries.collections_of(mandate.account) if row.on > PAID_ON})


def advise(kind: str, code: str, reference: str, at: datetime, moved: actions.SealedDetails | None = None) -> int:
    one = actions.AdviceItem(
        kind=kind, report=f"{kind}{code}{reference}{at}", item=1, code=code, reference=reference, reported_on=at.date()
    )
    return take([one], {"1": moved} if moved else {}, at)["person"]


def test_what_stopped_is_nobodys_fault_and_begins_again_with_new_notice(landlord: Landlord) -> None:
    found = opened(landlord, ["STOPS", "AGAIN", "HERS", "LODGE", "WAITS"])
    stops, again, hers, lodge, waits = found.values()
    # Ended by her bank, and let hold again by it; never where she ended it herself.
    advise("ADDACS", "1", "AGAIN", AT)
    assert advise("ADDACS", "R", "AGAIN", AT + timedelta(days=2)) == 0
    assert states(again) == ("live", None, ["dropped"])
    assert DebitMandate.objects.get(id=again.id).ended_at is None
    actions.end_mandate(mandate=hers.id, by=cast.BY_PRIYA, at=AT, command="t:hers")
    assert advise("ADDACS", "R", "HERS", AT + timedelta(days=2)) == 1
    assert states(hers)[0] == "ended"
    # Her bank would not take it: once a person has put it right, the bank is told once more.
    advise("AUDDIS", "I", "LODGE", AT)
    actions.go_on(mandate=lodge.id, by=cast.BY_PRIYA, at=AT, command="t:lodge")
    assert states(lodge) == ("new", "0N", ["dropped"])
    advise("ADDACS", "C", "LODGE", AT + timedelta(days=1), NEW)
    assert states(lodge)[:2] == ("new", "0N"), "new details do not make it known to the bank"
    # A change of hers waits for a second person when her bank tells of another one: a person looks, the rest is acted on.
    hers_too = {"account": waits.account, "by": cast.BY_PRIYA, "at": AT}
    actions.change_details(sealed=NEW, command="t:waits", **hers_too)
    assert advise("ADDACS", "3", "WAITS", AT + timedelta(days=1), NEW) == 1
    assert states(waits) == ("stopped", None, ["dropped"])
    # Stopped: what she was told of is dropped. We say neither that we missed it nor that we will take it.
    assert advise("ADDACS", "D", "STOPS", AT) == 1
    late = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
    jobs.look_for_missed(late)
    assert states(stops) == ("stopped", None, ["dropped"])
    assert not queries.position(stops.account, late.date()).has("missed_by_us")  # type: ignore[union-attr]
    # Her bank lets it hold again, or a person does: she is told anew.
    assert advise("ADDACS", "R", "STOPS", late) == 0
    jobs.give_notice(late)
    assert states(stops)[2] == ["dropped", "noticed"]


@action
def collect_more(page: Page, *, mandate: str, days: list[date], by: By, at: datetime, command: str) -> None:
    """Collect the same sum on other days too."""
    account, run = DebitMandate.objects.get(id=mandate).account, page.new_id("g")
    page.write(facts.DebitsNoticed(account=account, mandate=mandate, dues=[(on, 40_000) for on in days], why="new"))
    of = {"run": run, "accounts": [account] * len(days), "collections": [f"{account}.{on}" for on in days]}
    page.write(facts.DebitsSent(codes=["17"] * len(days), **of))
    page.write(facts.DebitsCollected(on=PAID_ON, pence=[40_000] * len(days), **of))


def test_payments_that_come_back_on_one_day_are_each_presented_once_more(landlord: Landlord) -> None:
    cast.settle()
    mandate = open_accounts(names=["R1"], by=cast.BY_DELE, at=AT, command="t:open")["R1"]
    account = DebitMandate.objects.get(id=mandate).account
    collect_more(mandate=mandate, days=[date(2026, 5, 29), date(2026, 5, 28)], by=cast.BY_DELE, at=AT, command="t:more")
    owed = queries.owes(account)
    items = [actions.AdviceItem(kind="ARUDD", report="two", item=n, code="0", reference="R1", pence=40_000) for n in (1, 2)]
    third = actions.AdviceItem(kind="ARUDD", report="third", item=1, code="0", reference="R1", pence=40_000)
    for report, command in ((items, "t:two"), ([third], "t:third")):
        actions.take_report(items=report, moved={}, report=NEW, by=cast.BY_DELE, at=AT, command=command)
    rows = queries.collections_of(account)
    assert sorted(row.state for row in rows if not row.again and row.on != NEXT_ON) == ["unpaid"] * 3
    again = [row for row in rows if row.again]
    assert [(row.state, row.pence, row.on) for row in again] == [
        ("noticed", 40_000, on) for on in (date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 12))
    ]
    assert sorted(str(row.was_due_on) for row in again) == ["2026-05-28", "2026-05-29", "2026-06-01"]
    now = queries.owes(account)
    assert owed is not None
    assert now is not None
    assert now.rent - owed.rent == 3 * 40_000, "each is taken off the books, once"
    assert queries.self_check() == []
