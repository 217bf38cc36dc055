"""Reports about credits of ours, code by code: where the money stands, which details count, who looks, whose letters stop."""

from datetime import UTC, date, datetime

import pytest

from lamplit.basics import who
from lamplit.basics.advices import codes, meaning
from lamplit.basics.refusal import Refused
from lamplit.rent import actions, queries
from lamplit.rent.actions import AdviceItem, SealedDetails
from lamplit.rent.rules.credit_advices import CreditEffect, credit_effect
from tests import cast

AT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
ONE, OTHER = who.staff("s_finance1000000000000"), who.staff("s_finance2000000000000")
RUTH = cast.RUTHS_TENANCY
MOVES, ENDS, BACK = {"moves_details": True}, {"ends_details": True, "person": True}, {"money_back": True, "person": True}
# Kind and code; whether the report gives new details; what it does while those that we paid to are in force.
TABLE = [
    ("AWACS", "3", True, MOVES), ("AWACS", "3", False, {"person": True}),
    ("AWACS", "C", True, MOVES), ("AWACS", "C", False, {"person": True}),
    ("AWACS", "E", True, MOVES), ("AWACS", "E", False, {"person": True}),
    ("AWACS", "B", True, ENDS), ("AWACS", "B", False, ENDS),
    ("ARUCS", "0", False, BACK | ENDS), ("ARUCS", "5", False, BACK | ENDS), ("ARUCS", "B", False, BACK | ENDS),
    ("ARUCS", "3", True, BACK | MOVES), ("ARUCS", "3", False, BACK | ENDS),
    ("ARUCS", "C", True, BACK | MOVES), ("ARUCS", "C", False, BACK | ENDS),
    ("ARUCS", "2", True, BACK | ENDS | {"stop_letters": True}),
]  # fmt: skip


def test_the_table_has_every_code():
    assert {(kind, code) for kind, code, _, _ in TABLE} == {(kind, code) for kind in ("AWACS", "ARUCS") for code in codes(kind)}


@pytest.mark.parametrize(("kind", "code", "supplied", "does"), TABLE)
def test_what_a_code_does(kind, code, supplied, does):
    found = meaning(kind, code, AT.date())
    assert credit_effect(found.steps, supplied=supplied, in_force=True) == CreditEffect(**does)
    late = credit_effect(found.steps, supplied=supplied, in_force=False)  # she has given us others since
    assert not late.moves_details
    assert not late.ends_details
    assert late.person


def test_a_code_that_nobody_explained_stops_letters_and_nothing_else():
    assert credit_effect(None, supplied=True, in_force=True) == CreditEffect(person=True, stop_letters=True)


class _Paid:
    """Refunds of Ruth's, each paid out in a file of its own, and the reports about them."""

    def __init__(self):
        cast.settle()
        self.count = 0
        self.do(actions.move_money, account=RUTH, debit="bank", credit="rent", pence=100_000, what="payment", why="matched")

    def do(self, action, by=ONE, **asked):
        self.count += 1
        return action(**asked, by=by, at=AT, command=f"t:{self.count}")

    def details(self):
        """Put bank details in force, whatever was there."""
        self.count += 1
        sealed = SealedDetails(b"sealed", f"{self.count % 1000:03}", "valid")
        return self.do(actions.change_details, account=RUTH, sealed=sealed, source="bank")

    def refund(self, *, sent=True):
        looked = {"other_debts_pence": 0, "clawback_pence": 0, "payee": "match"}
        said = {"reason": "She paid twice.", "evidence": ["Two lines"]}
        refund = self.do(actions.ask_refund, account=RUTH, way="refund", pence=1_000, **looked, **said)
        self.do(actions.release_refund, by=OTHER, refund=refund)
        if sent:
            file = {"serial": queries.next_serial(), "processing_on": date(2026, 5, 13), "file_digest": f"d{self.count}"}
            self.do(actions.send_refunds, refunds=[refund], **file)
        return queries.refund(refund)

    def report(self, kind, code, refund, *, supplied=False, pence=1_000):
        self.count += 1
        item = AdviceItem(
            kind=kind, report=f"r{self.count}", item=1, code=code, pence=pence if kind == "ARUCS" else None,
            reference=queries.refund_reference(refund.id, "REFUND"), reported_on=AT.date(),
        )  # fmt: skip
        new = SealedDetails(b"moved", "999", "valid")
        counts = self.do(
            actions.take_report, items=[item], moved={"1": new} if supplied else {}, report=SealedDetails(b"report", "", "valid")
        )
        return counts["person"]


def test_every_code_in_the_books(landlord):
    paid = _Paid()
    for kind, code, supplied, does in TABLE:
        name, details = (kind, code, supplied), paid.details()
        refund, owed = paid.refund(), queries.owes(RUTH).rent
        waits = paid.refund(sent=False) if kind == "AWACS" else None
        expected = CreditEffect(**does)
        assert paid.report(kind, code, refund, supplied=supplied) == expected.person, name
        current = queries.current_details(RUTH)
        if expected.moves_details:
            assert (current.last3, current.source, current.replaces) == ("999", "bank", details), name
        else:
            assert (current is None) == expected.ends_details, name
        assert queries.refund(refund.id).state == ("returned" if expected.money_back else "sent"), name
        if waits is None:
            assert queries.owes(RUTH).rent == owed - 1_000, name
        elif expected.moves_details or expected.ends_details:  # it would go to the old account
            assert (queries.refund(waits.id).state, queries.owes(RUTH).rent) == ("returned", owed), name
        else:
            assert queries.refund(waits.id) in queries.refunds_to_send(), name
            paid.do(
                actions.send_refunds, refunds=[waits.id], serial=queries.next_serial(), processing_on=AT.date(), file_digest=code
            )
        assert queries.letters_stopped(RUTH) == expected.stop_letters, name
        assert queries.self_check() == [], name


def test_a_person_decides_anew_of_a_refund_that_came_back(landlord):
    paid = _Paid()
    paid.details()
    refund = paid.refund()
    mandate = {"way": "paperless", "every": "monthly", "day": 1, "pence": 40_000, "instruction": None}
    mandate = paid.do(actions.set_up_mandate, account=RUTH, person=cast.RUTH, **mandate)
    # Another sum is not this refund; details that wait are a change too many: a person looks, nothing moves by itself.
    assert paid.report("ARUCS", "0", refund, pence=999) == 1
    assert (queries.refund(refund.id).state, queries.mandate(mandate).state) == ("sent", "live")
    assert paid.report("ARUCS", "B", refund) == 1
    assert paid.report("ARUCS", "B", refund) == 1, "in another report once more"
    assert queries.owes(RUTH).rent == -100_000, "given back once"
    assert queries.mandate(mandate).state == "stopped", "nothing is collected from an account that closed"
    assert [row.id for row in queries.refunds_open()] == [refund.id]
    paid.details()
    looked = {
        "other_debts_pence": 0,
        "clawback_pence": 0,
        "payee": "match",
        "reason": "It came back.",
        "evidence": ["The report"],
    }
    again = paid.do(actions.ask_refund, account=RUTH, way="refund", pence=1_000, instead_of=refund.id, **looked)
    assert [row.id for row in queries.refunds_open()] == [again]
    paid.do(actions.release_refund, by=OTHER, refund=again)
    assert queries.owes(RUTH).rent == -99_000
    # An advice of somebody that we do not know waits for a person, and says nothing of her.
    stranger = queries.refund(again)
    stranger.id = "u_nobodyofours0000000000"
    assert paid.report("AWACS", "3", stranger, supplied=True) == 1
    assert [row.refund for row in queries.advices_open() if row.account is None] == [None]


def test_after_an_account_closed_nothing_is_paid_to_it_and_what_takes_its_place_is_a_change(landlord):
    paid = _Paid()
    paid.details()
    mandate = {"way": "paperless", "every": "monthly", "day": 1, "pence": 40_000, "instruction": None, "person": cast.RUTH}
    mandate = queries.mandate(paid.do(actions.set_up_mandate, account=RUTH, **mandate))
    waits = paid.refund(sent=False)
    closed = AdviceItem(kind="ADDACS", report="a1", item=1, code="B", reference=mandate.reference, reported_on=AT.date())
    paid.do(actions.take_report, items=[closed], moved={}, report=SealedDetails(b"report", "", "valid"))
    assert queries.current_details(RUTH) is None
    assert (queries.refund(waits.id).state, queries.owes(RUTH).rent) == ("returned", -100_000), "it is hers again"
    # Whoever rings with another number now changes the details: they wait, for days and for a second person.
    given = paid.do(actions.change_details, account=RUTH, sealed=SealedDetails(b"sealed", "123", "valid"))
    assert (queries.details(given).state, queries.details(given).waits_to) == ("waiting", date(2026, 5, 18))
    with pytest.raises(Refused, match=r"rent\.details_cooling"):
        paid.do(actions.confirm_details, by=OTHER, details=given)
    # Dropped, they never counted. With a new Direct Debit they count for collecting; a refund there waits as long.
    paid.do(actions.drop_details, by=OTHER, details=given)
    new = {"way": "paperless", "every": "monthly", "day": 1, "pence": 40_000, "person": cast.RUTH}
    paid.do(actions.set_up_mandate, account=RUTH, sealed=SealedDetails(b"sealed", "456", "valid"), **new)
    assert queries.current_details(RUTH).last3 == "456"
    looked = {"other_debts_pence": 0, "clawback_pence": 0, "payee": "match", "reason": "Twice.", "evidence": ["Lines"]}
    refund = paid.do(actions.ask_refund, account=RUTH, way="refund", pence=1_000, **looked)
    with pytest.raises(Refused, match=r"rent\.refund_not_ready") as refused:
        paid.do(actions.release_refund, by=OTHER, refund=refund)
    assert refused.value.details["what"] == "Their bank details are in force, and not newly changed"
    row = queries.refund(refund)
    left = {
        on: [one.code for one in queries.refund_checks(row, -100_000, date(2026, 5, on), str(OTHER)) if not one.settled]
        for on in (18, 19)
    }
    assert left == {18: ["details"], 19: []}


def test_the_first_details_of_all_count_at_once_also_after_some_that_were_not_taken(landlord):
    paid = _Paid()
    first = paid.do(actions.change_details, account=RUTH, sealed=SealedDetails(b"sealed", "123", "valid"))
    assert queries.details(first).state == "current"
    assert queries.cooled_on(queries.details_of(RUTH)) is None
    other = paid.do(actions.change_details, account=RUTH, sealed=SealedDetails(b"sealed", "456", "valid"))
    paid.do(actions.drop_details, by=OTHER, details=other)
    assert (queries.had_details(RUTH), queries.cooled_on(queries.details_of(RUTH))) == (True, None)
