"""Bank details and instructions. What comes in here is sealed already: nobody below a door ever sees an account number."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.bacs_days import earliest_after_notice
from lamplit.basics.bacs_text import reference_wrong
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.facts.debits import SourceName
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.fold.debits import collection_id
from lamplit.rent.models import BankDetails, Collection, DebitMandate
from lamplit.rent.rules import collecting
from lamplit.rent.rules.figures import policy


class SealedDetails:
    """Bank details that only the finance key opens. As text they are nothing: the same number is sealed otherwise each time."""

    def __init__(self, data: bytes, last3: str, checked: Literal["valid", "cannot be checked"]) -> None:
        self.data, self.last3, self.checked = data, last3, checked

    def __str__(self) -> str:
        return ""


@action
def change_details(
    page: Page, *, account: str, sealed: SealedDetails, source: SourceName = "payer", by: By, at: datetime, command: str
) -> str:
    """Take in bank details. The first are in force at once; a change waits: she is told, time passes, a second person agrees.

    Others after those that a bank ended are a change too. Returns the details. Refused: rent.no_such_account, rent.details_wait.
    """
    lock_account(page, account)
    return take_details(page, account, sealed, source, waits=source == "payer" and queries.had_details(account))


def take_details(page: Page, account: str, sealed: SealedDetails, source: SourceName, *, waits: bool = False) -> str:
    """Keep sealed details on an open page. Refused: rent.details_wait."""
    there = queries.details_of(account)
    if any(row.state == "waiting" for row in there):
        raise Refused("rent.details_wait")
    current = next((row for row in there if row.state == "current"), None)
    details = page.new_id("n")
    blob = page.seal_blob(sealed.data, owner=account, key_class="case", what=queries.blob_of_details(details))
    days = policy().number("debit.cooling_off_working_days", london_date(page.at))
    page.write(
        facts.DetailsGiven(
            account=account, details=details, blob=blob, checked=sealed.checked, source=source, last3=sealed.last3,
            waits_to=add_working_days(london_date(page.at), days) if waits else None,
            replaces=current.id if current is not None else None,
        )
    )  # fmt: skip
    return details


@action
def confirm_details(page: Page, *, details: str, by: By, at: datetime, command: str) -> str:
    """Say, as a second person and after the cooling-off time, that changed bank details are hers. Returns the account.

    An instruction moves with them: the old bank is told that it ends (0C), the new one that it begins (0N).
    Refused: rent.no_such_details, rent.details_cooling, rent.details_need_two.
    """
    row = page.lock(BankDetails, details)
    if row is None or row.state != "waiting":
        raise Refused("rent.no_such_details")
    if row.given_by == str(by):
        raise Refused("rent.details_need_two")
    if london_date(at) <= row.waits_to:
        raise Refused("rent.details_cooling", until=f"{row.waits_to:%d/%m/%Y}")
    account: str = row.account
    page.write(facts.DetailsConfirmed(account=account, details=details, replaces=row.replaces))
    mandate = queries.mandate_of(account)
    if mandate is not None:
        _move_mandate(page, mandate, details)
    return account


@action
def drop_details(page: Page, *, details: str, by: By, at: datetime, command: str) -> str:
    """Do not take bank details that wait. Refused: rent.no_such_details."""
    row = page.lock(BankDetails, details)
    if row is None or row.state != "waiting":
        raise Refused("rent.no_such_details")
    page.write(facts.DetailsDropped(account=row.account, details=details))
    return str(row.account)


def _move_mandate(page: Page, mandate: DebitMandate, details: str) -> None:
    row = page.lock(DebitMandate, mandate.id)
    if row is None:
        raise Refused("rent.no_mandate")
    page.write(
        facts.MandateChanged(mandate=row.id, account=row.account, became="live", why="details", instruction="0N", details=details)
    )
    drop_noticed(page, row)  # her new bank is told first; she gets new notice then


@action
def set_up_mandate(
    page: Page, *, account: str, person: str, sealed: SealedDetails | None = None, way: Literal["paperless", "paper"],
    every: FrequencyName, day: int, pence: int, from_on: date | None = None, reference: str | None = None,
    instruction: Literal["0N", "0S"] | None = "0N", collected_before: bool = False, source: SourceName = "payer",
    usual_pence: int | None = None, with_plan: bool = False, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Set up a Direct Debit, with new bank details or those that are there. Returns the mandate.

    `usual_pence`: what the rent less benefit comes to, where the sum is to follow that.

    Refused: rent.no_such_account, rent.mandate_there, rent.no_details, rent.details_wait, rent.bad_day, rent.bad_sum,
    rent.bad_debit_reference, rent.letters_stopped.
    """
    lock_account(page, account)
    if queries.mandate_of(account) is not None:
        raise Refused("rent.mandate_there")
    if queries.letters_stopped(account):
        raise Refused("rent.letters_stopped")
    collecting.check_schedule(every, day, pence)
    current = queries.current_details(account)
    if sealed is not None and current is not None:
        raise Refused("rent.details_there")  # another number is a change: it waits, and she is told
    if sealed is None and current is None:
        raise Refused("rent.no_details")
    details = take_details(page, account, sealed, source) if sealed is not None else current.id  # type: ignore[union-attr]
    mandate = page.new_id("d")
    spelt = reference or f"LP{mandate[-10:].upper()}"  # 50 random bits: unique, and it says nothing of her
    if (wrong := reference_wrong(spelt)) is not None:
        raise Refused("rent.bad_debit_reference", what=wrong)
    page.write(
        facts.MandateSetUp(
            mandate=mandate, account=account, person=person, details=details, way=way, every=every, day=day, pence=pence,
            from_on=from_on or london_date(at), instruction=instruction, collected_before=collected_before or None,
            usual_pence=usual_pence, with_plan=with_plan or None, reference=spelt,
        )
    )  # fmt: skip
    return mandate


@action
def set_debit_sum(page: Page, *, mandate: str, pence: int, by: By, at: datetime, command: str) -> str:
    """Set what is collected each time. It counts once she has new notice. Refused: rent.no_mandate, rent.bad_sum.

    Of a sum that follows rent and benefit, what they come to now counts as looked at, whichever sum is chosen.
    """
    row = lock_mandate(page, mandate)
    collecting.check_schedule(row.every, row.day, pence)
    looked_at = None
    if row.usual_pence is not None:
        on = earliest_after_notice(london_date(at))
        looked_at = queries.usual_sum(row.account, row.every, on, with_plan=bool(row.with_plan))
    page.write(
        facts.MandateSumSet(
            mandate=mandate, account=row.account, pence=pence, usual_pence=looked_at.pence if looked_at is not None else None
        )
    )
    return mandate


@action
def end_mandate(page: Page, *, mandate: str, by: By, at: datetime, command: str) -> str:
    """End a Direct Debit because she asked. Her bank is told (0C), nothing noticed is collected. Refused: rent.no_mandate."""
    row = lock_mandate(page, mandate)
    told = _was_told(row)
    page.write(
        facts.MandateChanged(
            mandate=mandate, account=row.account, became="ended", why="asked", instruction="0C" if told else None
        )
    )
    drop_noticed(page, row)
    return mandate


@action
def end_with_tenancy(page: Page, *, mandate: str, by: By, at: datetime, command: str) -> bool:
    """Collect nothing for days after a tenancy's end, and end its Direct Debit (0C) once nothing before it is to be collected.

    Returns whether it ended. Refused: rent.no_mandate.
    """
    row = lock_mandate(page, mandate)
    account = queries.account(row.account)
    if account is None or account.ended_on is None:
        return False
    noticed = [one for one in queries.collections_of(row.account) if one.mandate == mandate and one.state == "noticed"]
    for one in noticed:
        if one.on > account.ended_on:
            page.write(facts.DebitDropped(account=row.account, collection=one.id))
    if any(one.on <= account.ended_on for one in noticed):
        return False
    told = _was_told(row)
    page.write(
        facts.MandateChanged(
            mandate=mandate, account=row.account, became="ended", why="tenancy", instruction="0C" if told else None
        )
    )
    return True


@action
def go_on(page: Page, *, mandate: str, by: By, at: datetime, command: str) -> str:
    """Let a stopped Direct Debit go on: a person looked. She gets new notice.

    One that her bank would not take when it was told of it (AUDDIS), or that was in a file which did not go, is told to it (0N).
    Refused: rent.no_mandate, rent.not_stopped.
    """
    row = lock_mandate(page, mandate)
    if row.state != "stopped":
        raise Refused("rent.not_stopped")
    again = "0N" if queries.not_lodged(row.account, mandate) or queries.not_told(mandate) else None
    page.write(facts.MandateChanged(mandate=mandate, account=row.account, became="live", why="looked", instruction=again))  # type: ignore[arg-type]
    return mandate


def _was_told(row: Any) -> bool:
    """Say whether a bank holds an instruction: one that was never told of it need not be told of its end, an old bank must."""
    return row.state != "new" or row.old_details is not None


def lock_mandate(page: Page, mandate: str) -> Any:
    """Lock an instruction that has not ended. Refused: rent.no_mandate."""
    row = page.lock(DebitMandate, mandate)
    if row is None or row.state == "ended":
        raise Refused("rent.no_mandate")
    return row


def drop_noticed(page: Page, mandate: Any) -> None:
    """Nothing that she was told of is collected, but for what is on its way to her bank."""
    for row in queries.collections_of(mandate.account):
        if row.mandate == mandate.id and row.state == "noticed":
            page.write(facts.DebitDropped(account=row.account, collection=row.id))


def spare_protected(page: Page, account: str, from_on: date) -> None:
    """Collect nothing that a breathing space protects: neither what was due before, nor an instalment of a plan.

    A sum without the instalment is told anew. What can no longer be told in time is not made.
    """
    earliest = earliest_after_notice(london_date(page.at))
    drops_to = _leave_instalment_out(page, account, earliest)
    for row in queries.collections_of(account):
        is_protected = row.state in ("noticed", "missed") and (row.was_due_on or row.on) < from_on
        if is_protected or (row.state == "noticed" and drops_to is not None and row.on < drops_to):
            page.write(facts.DebitDropped(account=account, collection=row.id))


def _leave_instalment_out(page: Page, account: str, earliest: date) -> date | None:
    """Collect no instalment of a plan from now on. Returns the day before which nothing of the old sum may be collected."""
    mandate = queries.mandate_of(account)
    if mandate is None or not mandate.with_plan:
        return None
    row = lock_mandate(page, mandate.id)
    usual = queries.usual_sum(account, row.every, earliest, with_plan=True)
    if usual is None or not usual.instalment_pence:
        return None
    left = row.pence - usual.instalment_pence
    if left > 0:
        plain = usual.pence - usual.instalment_pence
        page.write(facts.MandateSumSet(mandate=row.id, account=account, pence=left, usual_pence=plain))
        return earliest
    if row.state == "live":
        page.write(facts.MandateChanged(mandate=row.id, account=account, became="stopped", why="looked"))
    return date.max


@action
def notice_debits(page: Page, *, mandates: list[str], by: By, at: datetime, command: str) -> int:
    """Tell each of her next collections, each sum and day; or of another sum of those that notice still allows.

    All of them in one commit: what they stand on is read together. Returns how many were told of something.
    Refused: rent.books_wrong.
    """
    queries.check_books()
    page.preload(DebitMandate, sorted(mandates))
    rows = [row for one in mandates if (row := page.lock(DebitMandate, one)) is not None and row.state == "live"]
    around = queries.collections_beside(rows)
    found = [fact for row in rows if row.account in around and (fact := _notice(row, around[row.account], london_date(at)))]
    page.preload(Collection, [collection_id(fact.account, on) for fact in found for on, _ in fact.dues])
    for fact in found:
        page.write(fact)
    return len(found)


def _notice(row: Any, collections: list[Collection], today: date) -> facts.DebitsNoticed | None:
    """Return what she is told of now, or None when she has been told enough, or no day is left to tell of."""
    until = today.toordinal() + policy().number("debit.notice_again_days", today)
    changed = row.noticed_pence is not None and row.noticed_pence != row.pence
    enough = row.noticed_to is not None and row.noticed_to.toordinal() >= until
    if enough and not changed:
        return None
    earliest = max(earliest_after_notice(today), row.first_on or date.min)
    count = policy().number("debit.notices_ahead", today)
    there = {one.on: one for one in collections if one.mandate == row.id and not one.again}
    settled = {on for on, one in there.items() if one.state in ("sent", "collected", "unpaid") or one.told == "asked"}
    days = [on for on in collecting.next_dues(row.every, row.day, row.from_on, earliest, count) if on not in settled]
    more = {on: one.more_pence or 0 for on, one in there.items() if one.state == "noticed"}  # of what we missed: she chose so
    if not days:
        return None
    return facts.DebitsNoticed(
        account=row.account, mandate=row.id, dues=[(on, row.pence + more.get(on, 0)) for on in days],
        why="changed" if changed else "new" if row.noticed_to is None else "next",
    )  # fmt: skip


@action
def drop_collection(page: Page, *, collection: str, by: By, at: datetime, command: str) -> str:
    """Do not make a collection that she was told of: she asked. The others stand. Refused: rent.no_such_collection."""
    row = page.lock(Collection, collection)
    if row is None or row.state not in ("noticed", "missed"):
        raise Refused("rent.no_such_collection")
    page.write(facts.DebitDropped(account=row.account, collection=collection, why="asked"))
    return collection
