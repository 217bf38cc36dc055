"""Reports of Bacs, acted on item by item: once each, all of a report or none."""

from datetime import date, datetime

from lamplit.basics.advices import Advice, meaning
from lamplit.basics.bacs_days import cycle
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.actions import credits_back
from lamplit.rent.actions.holds import hold_account
from lamplit.rent.actions.mandates import SealedDetails, drop_noticed, take_details
from lamplit.rent.fold.debits import collection_id
from lamplit.rent.models import BankAdvice, Collection, DebitMandate, RentBalance
from lamplit.rent.rules import direct_debit

_CAME_BACK = ("ARUDD", "DDICA")  # each item of these is money that came back, or was given back


class AdviceItem(Plain, frozen=True, kw_only=True):
    """One item of a report as it reaches the record: no account number. `moved`: new bank details that it gives, sealed."""

    kind: str
    report: str
    item: int
    code: str
    reference: str
    pence: int | None = None
    reported_on: date | None = None
    processed_on: date | None = None
    challenge_by: date | None = None

    @classmethod
    def of(cls, advice: Advice) -> "AdviceItem":
        """Return an advice without what may not come here."""
        return cls(**{name: getattr(advice, name) for name in cls.__struct_fields__})


@action
def take_report(
    page: Page,
    *,
    items: list[AdviceItem],
    moved: dict[str, SealedDetails],
    report: SealedDetails,
    by: By,
    at: datetime,
    command: str,
) -> dict[str, int]:
    """Act on a report: what was taken before is left as it is. `report`: the report itself, sealed; `moved`: by number of item.

    Returns how many items were new, there already, and for a person. Refused: rent.post_first.
    """
    counts = {"taken": 0, "there": 0, "person": 0}
    if not items:
        return counts
    there = queries.advices_there(items[0].report)
    blob = page.keep_blob(report.data)
    for item in items:
        if item.item in there:
            counts["there"] += 1
            continue
        counts["taken"] += 1
        counts["person"] += _act(page, item, moved.get(str(item.item)), blob)
    return counts


def _act(page: Page, item: AdviceItem, moved: SealedDetails | None, blob: str) -> int:
    """Act on one item. Returns 1 when a person must look."""
    today = london_date(page.at)
    found = meaning(item.kind, item.code, item.reported_on or today)  # type: ignore[arg-type]
    if item.kind in credits_back.KINDS:
        return credits_back.act_on_credit(page, item, found.steps if found else None, moved, blob)
    effect = direct_debit.effect(found.steps if found else None, came_back=item.kind in _CAME_BACK)
    mandate = queries.mandate_of_reference(item.reference) if item.reference else None
    collection = _collection(page, item, mandate) if mandate is not None and effect.reverse else None
    becomes = direct_debit.becomes(effect, _stands(mandate, moved)) if mandate is not None else None
    person = becomes is None or becomes.person or (effect.reverse and collection is None)
    advice = page.new_id("q")
    page.write(
        facts.AdviceTaken(
            advice=advice, report=item.report, item=item.item, kind=item.kind, person=person, blob=blob,  # type: ignore[arg-type]
            stop_letters=effect.stop_letters,
            account=mandate.account if mandate else None, mandate=mandate.id if mandate else None,
            collection=collection.id if collection else None, pence=item.pence, challenge_by=item.challenge_by,
            code=item.code if mandate else None,
        )
    )  # fmt: skip
    if mandate is not None and becomes is not None:
        if collection is not None:
            _reverse(page, collection, claimed=item.kind == "DDICA")
        _change(page, mandate, becomes, moved if becomes.details else None)
        current = queries.current_details(mandate.account) if effect.ends_details else None
        if current is not None and current.id == mandate.details:  # she may have given us others since
            credits_back.end_details(page, mandate.account, current.id, advice)
        if collection is not None and effect.may_represent:
            _present_again(page, mandate, collection, item.code)
    return int(person)


def _collection(page: Page, item: AdviceItem, mandate: DebitMandate) -> Collection | None:
    """Return the collection that came back: the newest of this sum that is in the books. Refused: rent.post_first."""
    rows = [row for row in queries.collections_of(mandate.account) if row.mandate == mandate.id and row.pence == item.pence]
    if item.processed_on is not None:
        rows = [row for row in rows if row.on >= item.processed_on]
        rows.reverse()
    if any(row.state == "sent" and cycle(row.on).entry_on <= london_date(page.at) for row in rows):
        raise Refused("rent.post_first")
    came_back = (found for row in reversed(rows) if (found := page.lock(Collection, row.id)) is not None)
    return next((row for row in came_back if row.state == "collected"), None)  # another line of this report may have taken one


def _stands(mandate: DebitMandate, moved: SealedDetails | None) -> direct_debit.Stands:
    account = queries.account(mandate.account)
    other = queries.mandate_of(mandate.account)
    over = account is None or account.ended_on is not None
    return direct_debit.Stands(
        state=mandate.state, moved=moved is not None, ended_by_bank=mandate.state == "ended" and mandate.why == "bank",
        waits=any(row.state == "waiting" for row in queries.details_of(mandate.account)),
        closed=over or queries.letters_stopped(mandate.account) or (other is not None and other.id != mandate.id),
    )  # fmt: skip


def _reverse(page: Page, collection: Collection, *, claimed: bool) -> None:
    page.lock(RentBalance, collection.account)
    if queries.is_reversed(collection.line):
        return  # somebody took it off by hand
    page.write(
        facts.MoneyMoved(
            account=collection.account, debit="rent", credit="collected", pence=collection.pence, what="unpaid",
            on=london_date(page.at), why="claimed_back" if claimed else "returned_unpaid", reverses=collection.line,
        )
    )  # fmt: skip


def _change(page: Page, mandate: DebitMandate, becomes: direct_debit.Becomes, moved: SealedDetails | None) -> None:
    """Write what her bank said of an instruction. Nobody has to agree to its new details, and no 0C goes back."""
    row = page.lock(DebitMandate, mandate.id)
    if row is None:
        return
    if moved is not None:
        details = take_details(page, row.account, moved, "bank")
        stays = "stopped" if row.state == "stopped" else "live"
        page.write(facts.MandateChanged(mandate=row.id, account=row.account, became=stays, why="bank", details=details))  # type: ignore[arg-type]
    if becomes.state is not None:
        page.write(facts.MandateChanged(mandate=row.id, account=row.account, became=becomes.state, why="bank"))
    if becomes.state in ("stopped", "ended"):
        drop_noticed(page, row)


def _present_again(page: Page, mandate: DebitMandate, collection: Collection, code: str) -> None:
    """Present the same sum once more where that is allowed, and tell her of the day; not what a breathing space protects."""
    first = collection.was_due_on or collection.on
    as_rule = direct_debit.Mandate(mandate=mandate.id, live=mandate.state == "live", collected_before=True)
    unpaid = direct_debit.Unpaid(code=code, due_on=first, pence=collection.pence, represented=collection.again)
    on = direct_debit.day_to_present_again(london_date(page.at))
    while page.lock(Collection, collection_id(mandate.account, on, again=True)) is not None:
        on = add_working_days(on, 1)  # one a day: two that came back together are two, each with its own sum and notice
    again = direct_debit.represents(as_rule, unpaid, on)
    if again is not None and queries.may_collect(mandate.account, first, on):
        page.write(
            facts.DebitsNoticed(
                account=mandate.account, mandate=mandate.id, dues=[(again.on, again.pence)], why="again", was_due_on=first
            )
        )


@action
def settle_advice(
    page: Page, *, advice: str, died: bool | None = None, words: str | None = None, review_on: date | None = None,
    owner: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Say that a person looked at an advice. Letters go again, unless somebody has died: then a hold is placed with it.

    `died`: needed where the advice stopped letters. `words`, `review_on`, `owner`: of that hold.

    Refused: rent.no_such_advice, rent.say_whether_died, rent.say_why, rent.review_passed, rent.review_too_far.
    """
    row = page.lock(BankAdvice, advice)
    if row is None or row.settled_at is not None:
        raise Refused("rent.no_such_advice")
    if row.stop_letters and row.account is not None:
        if died is None:
            raise Refused("rent.say_whether_died")
        if died:
            hold_account(page, row.account, "death", words, review_on, owner)
    page.write(facts.AdviceSettled(advice=advice))
    return advice
