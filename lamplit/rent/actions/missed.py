"""What we ourselves did not collect: noted, told at once, closed when it is paid another way, and never collected twice."""

from datetime import datetime
from typing import Literal

from lamplit.basics.bacs_days import cycle, earliest_after_notice
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.models import Collection

ChoiceName = Literal["pay_now", "spread", "skip"]


@action
def note_missed(page: Page, *, collections: list[str], by: By, at: datetime, command: str) -> int:
    """Note that no file took these collections in time. Returns how many; what went or was dropped meanwhile is left out.

    We missed nothing where the instruction stopped, or may not be collected under yet: that is dropped.
    """
    page.preload(Collection, sorted(collections))
    found = [row for one in collections if (row := page.lock(Collection, one)) is not None]
    lost = [row for row in found if row.state == "noticed" and london_date(at) > cycle(row.on).input_on]
    ours = queries.by_our_fault(lost)
    for row in lost:
        if row.id not in ours:
            page.write(facts.DebitDropped(account=row.account, collection=row.id))
    lost = [row for row in lost if row.id in ours]
    if lost:
        page.write(facts.DebitsMissed(accounts=[row.account for row in lost], collections=[row.id for row in lost]))
    return len(lost)


@action
def tell_missed(page: Page, *, collections: list[str], by: By, at: datetime, command: str) -> int:
    """Tell each what follows of a collection that we missed, when it is not what she heard last. Returns of how many.

    Refused: rent.books_wrong.
    """
    queries.check_books()
    page.preload(Collection, sorted(collections))
    found = {one: row for one in collections if (row := page.lock(Collection, one)) is not None}
    said = queries.to_tell(list(found.values()), london_date(at))
    for one, answer in said.items():
        row = found[one]
        page.write(
            facts.MissedTold(
                account=row.account, collection=one, said=answer.what, due_on=queries.missed_day(row), pence=row.pence,  # type: ignore[arg-type]
                collect_on=answer.collect_on,
            )
        )  # fmt: skip
    return len(said)


@action
def heed_payment(page: Page, *, collection: str, by: By, at: datetime, command: str) -> str:
    """Do not collect late, or once more, what she has paid another way since she was told. Returns what was done, or "".

    Paid in part, another sum would need new notice: what we missed ourselves she chooses anew how to pay, an 18 is dropped.
    Refused: rent.books_wrong.
    """
    queries.check_books()
    row = page.lock(Collection, collection)
    if row is None or row.state != "noticed" or not queries.paid_of([row])[row.id]:
        return ""
    if row.again:
        page.write(facts.DebitDropped(account=row.account, collection=row.id, why="paid"))
        return "dropped"
    if queries.left_of(row):
        page.write(facts.DebitsMissed(accounts=[row.account], collections=[row.id]))
        return "missed"
    page.write(
        facts.MissedTold(account=row.account, collection=row.id, said="closed", due_on=row.was_due_on or row.on, pence=row.pence)
    )
    return "closed"


@action
def choose_after_missed(
    page: Page, *, collection: str, account: str, choice: ChoiceName, by: By, at: datetime, command: str
) -> str:
    """Let her choose how to pay what we missed. New sums get new notice here and now. Returns the choice.

    Refused: rent.books_wrong, rent.no_such_collection, rent.paid_already, rent.no_such_choice.
    """
    queries.check_books()
    row = page.lock(Collection, collection)
    if row is None or row.account != account or row.state != "missed":
        raise Refused("rent.no_such_collection")
    if not queries.left_of(row):
        raise Refused("rent.paid_already")
    found = next((one for one in queries.choices_after_missed(row, london_date(at)) if one.code == choice), None)
    if found is None:
        raise Refused("rent.no_such_choice")
    page.write(facts.MissedChosen(account=account, collection=collection, choice=choice))
    if found.dues:
        page.write(
            facts.DebitsNoticed(
                account=account, mandate=row.mandate, dues=[(due.on, due.pence) for due in found.dues], why="missed")
        )  # fmt: skip
    return choice


@action
def heed_parts(page: Page, *, account: str, by: By, at: datetime, command: str) -> int:
    """Take out of later collections what she has paid another way of what she chose to pay with them. Returns the pence.

    The last ones first, with new notice. One of which new notice can no longer be given is not made at all.
    Refused: rent.books_wrong.
    """
    queries.check_books()
    parts, over = queries.parts_paid(account)
    page.preload(Collection, [one.id for one in parts])
    earliest, left, dues = earliest_after_notice(london_date(at)), over, []
    for row in reversed(parts):
        less = min(left, int(row.more_pence or 0))
        if not less:
            continue
        left -= less
        if row.on >= earliest:
            dues.append((row.on, row.pence - less))
        else:
            page.write(facts.DebitDropped(account=account, collection=row.id, why="paid"))
    if dues:
        page.write(facts.DebitsNoticed(account=account, mandate=parts[0].mandate, dues=dues[::-1], why="missed"))
    return over
