"""Bank details, instructions, collections, runs, advices and refunds."""

from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery

from lamplit.basics.working_days import add_working_days, london_date
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.models import (
    BankAdvice,
    BankDetails,
    Collection,
    DebitMandate,
    DebitRun,
    LedgerLine,
    Refund,
    RefundFile,
    RentAccount,
)
from lamplit.rent.rules.collecting import Instruct, Line, Noticed
from lamplit.rent.rules.figures import policy

_NOTICED = """
SELECT c.id, c.account, c.mandate, m.details, c.on, c.pence, m.pence, c.again, m.state = 'live', m.first_on,
  coalesce(c.on > a.ended_on, false),
  m.collected_before OR EXISTS (SELECT 1 FROM collection p
    WHERE p.account = c.account AND p.mandate = c.mandate AND p.id <> c.id AND p.state IN ('sent', 'collected', 'unpaid'))
FROM collection c JOIN debit_mandate m ON m.id = c.mandate JOIN rent_account a ON a.id = c.account
WHERE c.state = 'noticed' AND c.on BETWEEN %s AND %s AND (%s::timestamptz IS NULL OR coalesce(c.stands_at, c.noticed_at) <= %s)
"""
_DETAILS = """
SELECT coalesce(c.details, m.details) FROM collection c JOIN debit_mandate m ON m.id = c.mandate
WHERE c.run = %s OR (c.state = 'noticed' AND c.on BETWEEN %s AND %s)
"""
_SENT = """
SELECT c.id, c.account, c.mandate, coalesce(c.details, m.details), c.pence, c.code
FROM collection c JOIN debit_mandate m ON m.id = c.mandate
WHERE c.run = %s AND (c.state = 'sent' OR NOT %s) ORDER BY c.id
"""


def blob_of_details(details: str) -> str:
    """Return as what the bank details of an id are sealed beside the record."""
    return f"bank details {details}"


def details(details_id: str) -> BankDetails | None:
    return BankDetails.objects.filter(id=details_id).first()


def details_of(account: str) -> list[BankDetails]:
    """Return all bank details that an account ever had, the newest first."""
    return list(BankDetails.objects.filter(account=account).order_by("-given_at", "-id"))


def current_details(account: str) -> BankDetails | None:
    return BankDetails.objects.filter(account=account, state="current").order_by("-given_at").first()


def had_details(account: str) -> bool:
    """Say whether bank details of an account ever counted: those that only waited, and were not taken, did not."""
    return any(_counted(row) for row in details_of(account))


def cooled_on(there: list[BankDetails]) -> date | None:
    """Return the day until which nothing is paid to what is in force or waits; None for the first details and a bank's own.

    `there`: all of an account. What came with a new Direct Debit, after her bank had ended the old ones, counts
    for collecting at once. It is a change all the same: money goes there only once the time of one has passed.
    """
    found = [row.waits_to for row in there if row.waits_to and row.state != "over"]
    for row in there:
        first = not any(_counted(one) for one in there if one is not row)
        if row.state == "current" and row.source == "payer" and row.waits_to is None and not first:
            given_on = london_date(row.given_at)
            found.append(add_working_days(given_on, policy().number("debit.cooling_off_working_days", given_on)))
    return max(found, default=None)


def _counted(row: BankDetails) -> bool:
    return row.state == "current" or (row.state == "over" and (row.waits_to is None or row.confirmed_by is not None))


def waiting_details() -> list[BankDetails]:
    """Return changed bank details that wait for a second person, the oldest first."""
    return list(BankDetails.objects.filter(state="waiting").order_by("given_at"))


def mandate(mandate_id: str) -> DebitMandate | None:
    return DebitMandate.objects.filter(id=mandate_id).first()


def mandate_of(account: str) -> DebitMandate | None:
    """Return the instruction of an account that has not ended, or None."""
    return DebitMandate.objects.filter(account=account).exclude(state="ended").first()


def mandates_of(account: str) -> list[DebitMandate]:
    return list(DebitMandate.objects.filter(account=account).order_by("-set_up_at"))


def mandates_of_accounts(accounts: Iterable[str]) -> dict[str, DebitMandate]:
    """Return the instructions of these accounts that have not ended."""
    found = DebitMandate.objects.filter(account__any=list(accounts)).exclude(state="ended").order_by("set_up_at")
    return {row.account: row for row in found}


def mandate_of_reference(reference: str) -> DebitMandate | None:
    return DebitMandate.objects.filter(reference_key=reference).first()


def mandates_to_end() -> list[DebitMandate]:
    """Return the instructions of tenancies that end, where something is still noticed for later, or nothing is for before."""
    ended = RentAccount.objects.filter(id=OuterRef("account"), ended_on__isnull=False).values("ended_on")[:1]
    noticed = Collection.objects.filter(mandate=OuterRef("id"), state="noticed")
    rows = DebitMandate.objects.exclude(state="ended").annotate(tenancy_to=Subquery(ended)).filter(tenancy_to__isnull=False)
    left = Exists(noticed.filter(on__lte=OuterRef("tenancy_to")))
    return list(rows.filter(Exists(noticed.filter(on__gt=OuterRef("tenancy_to"))) | ~left).order_by("id"))


def mandates_to_notice(until: date) -> list[str]:
    """Return live instructions of which the last noticed day is near, or whose sum is not the one she was told of."""
    due = Q(noticed_to__isnull=True) | Q(noticed_to__lt=until) | ~Q(noticed_pence=F("pence"))
    over = RentAccount.objects.filter(id=OuterRef("account"), ended_on__isnull=False)
    rows = DebitMandate.objects.filter(due, ~Exists(over), state="live").values_list("account", "id")
    ids = dict(rows)
    return [ids[account] for account in in_order_of_partitions(ids)]


def collections_beside(mandates: Iterable[DebitMandate]) -> dict[str, list[Collection]]:
    """Return by account what was noticed under some instructions; those of tenancies that end are left out."""
    rows = list(mandates)
    accounts = RentAccount.objects.filter(id__in=[row.account for row in rows], ended_on=None).values_list("id", flat=True)
    found: dict[str, list[Collection]] = {account: [] for account in accounts}
    for one in Collection.objects.filter(account__in=list(found), mandate__in=[row.id for row in rows]):
        found[one.account].append(one)
    return found


def collections_of(account: str) -> list[Collection]:
    return list(Collection.objects.filter(account=account).order_by("on", "id"))


def collection(collection_id: str) -> Collection | None:
    return Collection.objects.filter(id=collection_id).first()


def to_collect(from_on: date, to_on: date, paid: Container[str] = (), as_of: datetime | None = None) -> Iterator[Noticed]:
    """Yield what was noticed for some days, in their order. `paid`: some another way; `as_of`: what stood so then."""
    found: dict[str, Noticed] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NOTICED, [from_on, to_on, as_of, as_of])
        for row in cursor.fetchall():
            ident, account, of, details_id, on, pence, usual, again, live, first_on, over, before = row
            found[ident] = Noticed(
                collection=ident, account=account, mandate=of, details=details_id, on=on, pence=pence, usual_pence=usual,
                again=again, live=live, collected_before=before, first_on=first_on, paid=ident in paid,
                over=over,
            )  # fmt: skip
    for ident in in_order_of_partitions(found):
        yield found[ident]


MOST_TOLD = 400  # instructions in one file, so that they stand in one entry; the rest go with the next


def due_between(first: date, last: date) -> list[Collection]:
    """Return the collections of these days of which somebody was told, and those that are on their way; by day."""
    return list(Collection.objects.filter(state__in=["noticed", "sent"], on__range=(first, last)).order_by("on", "id"))


def to_instruct(as_of: datetime | None = None) -> list[Instruct]:
    """Return what banks are still to be told of instructions, an end before a beginning. `as_of`: what was due at a moment."""
    told: list[Instruct] = []
    due = Q() if as_of is None else Q(instruction_at__isnull=True) | Q(instruction_at__lte=as_of)
    for row in DebitMandate.objects.filter(due, instruction__isnull=False).order_by("id")[: MOST_TOLD // 2]:
        ends = [("0C", row.old_details)] if row.old_details is not None else []
        begins = [] if ends and row.state == "ended" else [(row.instruction or "", row.details)]  # the new bank never heard of it
        told += [Instruct(mandate=row.id, account=row.account, code=code, details=of) for code, of in ends + begins]
    return told


def details_between(run: str, first: date, last: date) -> set[str]:
    """Return the bank details of what was sent in a run, of what is noticed for some days, and of what banks are to be told."""
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, [run, first, last])
        return {row[0] for row in cursor.fetchall()} | {one.details for one in to_instruct()}


def sent_in(run: str, *, to_post: bool = False) -> list[Line]:
    """Return the lines of a run that went into its file. `to_post`: those alone that are not in the books yet."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [run, to_post])
        rows = cursor.fetchall()
    named = ("collection", "account", "mandate", "details", "pence", "code")
    lines = {row[0]: Line(**dict(zip(named, row, strict=True))) for row in rows}
    return [lines[ident] for ident in in_order_of_partitions(lines)]


def references(mandates: Iterable[str]) -> dict[str, str]:
    """Return what banks know instructions by."""
    rows = DebitMandate.objects.filter(id__any=list(mandates)).values_list("id", "reference")
    return {ident: reference for ident, reference in rows if isinstance(reference, str)}


def blobs(details_ids: Iterable[str]) -> dict[str, str]:
    """Return where bank details stand sealed."""
    return dict(BankDetails.objects.filter(id__any=list(details_ids)).values_list("id", "blob"))


def debit_run(run: str) -> DebitRun | None:
    return DebitRun.objects.filter(id=run).first()


def debit_runs(limit: int = 50) -> list[DebitRun]:
    return list(DebitRun.objects.order_by("-entry_on", "-prepared_at")[:limit])


def runs_to_post(on: date) -> list[DebitRun]:
    """Return the runs whose money moved by a day and is not in the books."""
    return list(DebitRun.objects.filter(state="submitted", entry_on__lte=on).order_by("entry_on"))


def run_of_day(entry_on: date) -> DebitRun | None:
    """Return the run of a day that nobody took back and that has not gone to Bacs."""
    return DebitRun.objects.filter(entry_on=entry_on, state__in=["prepared", "released"]).first()


def collected_in(run: str) -> tuple[int, int]:
    """Return how many collections of a run are in the books, and how much in pence."""
    sums = list(LedgerLine.objects.filter(source=run, what="direct_debit").values_list("pence", flat=True))
    return len(sums), sum(sums)


def last_collected(account: str) -> date | None:
    rows = Collection.objects.filter(account=account, state__in=["sent", "collected"])
    found: date | None = rows.aggregate(last=Max("on"))["last"]
    return found


# what we missed


def not_sent(input_day_over: date) -> list[Collection]:
    """Return what was noticed for days up to one, and can no longer be sent in time. The oldest first."""
    return list(Collection.objects.filter(state="noticed", on__lte=input_day_over).order_by("on", "id"))


def by_our_fault(rows: Iterable[Collection]) -> set[str]:
    """Return which of some collections we could have made: their instruction holds, or waits because our file did not go.

    She was told of them while her bank could have been told in time, so that it was told too lately is our doing too.
    """
    rows = list(rows)
    held = DebitMandate.objects.filter(id__in=[row.mandate for row in rows], state__in=["live", "new"])
    holding = set(held.values_list("id", flat=True))
    return {row.id for row in rows if row.mandate in holding}


def live_ones(mandates: Iterable[str]) -> set[str]:
    """Return which of these instructions hold."""
    return set(DebitMandate.objects.filter(id__in=list(mandates), state="live").values_list("id", flat=True))


def missed() -> list[Collection]:
    return list(Collection.objects.filter(state="missed").order_by("on", "id"))


def payable_another_way(accounts: Iterable[str]) -> dict[str, list[Collection]]:
    """Return by account what we missed and what came back, and what payments closed before: these took their share."""
    late_or_again = Q(state="noticed") & (Q(again=True) | Q(was_due_on__isnull=False))
    rows = Collection.objects.filter(Q(state__in=("missed", "closed")) | late_or_again | Q(told="paid"))
    found: dict[str, list[Collection]] = {}
    for row in rows.filter(account__any=list(accounts)).order_by("on", "id"):
        found.setdefault(row.account, []).append(row)
    return found


def missed_of(account: str) -> list[Collection]:
    return list(Collection.objects.filter(account=account, state="missed").order_by("on"))


def paid_since(accounts: Iterable[str], since: date) -> dict[str, list[tuple[date, int]]]:
    """Return by account what was paid in another way from a day on: day and pence. What was taken off again is left out."""
    taken_off = LedgerLine.objects.filter(account=OuterRef("account"), reverses=OuterRef("id"))
    rows = LedgerLine.objects.filter(account__any=list(accounts), what="payment", credit="rent", on__gte=since)
    found: dict[str, list[tuple[date, int]]] = {}
    for account, on, pence in rows.exclude(Exists(taken_off)).order_by("on", "id").values_list("account", "on", "pence"):
        found.setdefault(account, []).append((on, pence))
    return found


_SOONEST = timedelta(days=14)  # no file misses a day longer before it than that


def late_or_again() -> list[Collection]:
    """Return what is to be collected late (on its old notice), or once more (18), where something was paid another way since."""
    came = LedgerLine.objects.filter(
        account=OuterRef("account"), what="payment", credit="rent", on__gte=OuterRef("was_due_on") - _SOONEST
    )
    return list(Collection.objects.filter(Exists(came), was_due_on__isnull=False, state="noticed").order_by("on", "id"))


# advices


def advices_there(report: str) -> set[int]:
    """Return the items of a report that were taken before."""
    return set(BankAdvice.objects.filter(report=report).values_list("item", flat=True))


def advices_open() -> list[BankAdvice]:
    """Return the advices at which a person must look, the oldest first."""
    return list(BankAdvice.objects.filter(person=True, settled_at__isnull=True).order_by("at", "id"))


def advices_of(account: str) -> list[BankAdvice]:
    return list(BankAdvice.objects.filter(account=account).order_by("-at"))


def not_lodged(account: str, mandate_id: str) -> bool:
    """Say whether what a bank said last of an instruction is that it did not take it when it was told of it (AUDDIS)."""
    last = BankAdvice.objects.filter(account=account, mandate=mandate_id).order_by("-at", "-id").first()
    return last is not None and last.kind == "AUDDIS"


# refunds


def refund(refund_id: str) -> Refund | None:
    return Refund.objects.filter(id=refund_id).first()


def refunds_open() -> list[Refund]:
    """Return what waits: for a second person, for a file, or anew because it did not reach her. The oldest first."""
    return list(Refund.objects.filter(state__in=["asked", "released", "returned"]).order_by("asked_at"))


def refunds_of(account: str) -> list[Refund]:
    return list(Refund.objects.filter(account=account).order_by("-asked_at"))


def refunds_to_send() -> list[Refund]:
    """Return refunds that two people agreed and no file has."""
    return list(Refund.objects.filter(state="released", way="refund").order_by("id"))


def refund_file(file: str) -> RefundFile | None:
    return RefundFile.objects.filter(id=file).first()


def last_refund_file() -> RefundFile | None:
    return RefundFile.objects.order_by("-at", "-id").first()


def refunds_sent_as(digest: str) -> str:
    """Return the name of the file of refunds with these bytes; empty when none was sent."""
    return RefundFile.objects.filter(digest=digest).values_list("id", flat=True).first() or ""


def refunds_in(file: str) -> list[Refund]:
    """Return the refunds of a file that was sent, in its order."""
    return list(Refund.objects.filter(file=file).order_by("id"))


_SPELT = 10  # the end of a refund's id: 50 random bits


def refund_reference(refund_id: str, words: str) -> str:
    """Return what stands beside a refund on her bank statement, and in a report of it: words, and the end of its id."""
    return f"{words[: 18 - _SPELT - 1]} {refund_id[-_SPELT:].upper()}"


def refund_of_reference(reference: str) -> Refund | None:
    """Return the refund that a report is about, or None."""
    end = reference.strip().rpartition(" ")[2].lower()
    return Refund.objects.filter(id__endswith=end, way="refund").first() if len(end) == _SPELT else None


def refunds_waiting_for(details_id: str) -> list[Refund]:
    """Return refunds that two people agreed, that no file has, and that would go to these bank details."""
    return list(Refund.objects.filter(state="released", way="refund", details=details_id).order_by("id"))


def is_reversed(line_id: str) -> bool:
    """Say whether a line of the books was taken back."""
    return LedgerLine.objects.filter(reverses=line_id).exists()


def line_of_refund(refund: Refund) -> str | None:
    """Return the line by which a refund was taken off her account."""
    rows = LedgerLine.objects.filter(source=refund.id, account=refund.account, what="refund").order_by("at", "id")
    return rows.values_list("id", flat=True).first()
