"""What runs send, what we missed of them, and refunds: rows as the rules need them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from lamplit.basics.bacs_days import earliest_after_notice
from lamplit.basics.working_days import add_working_days
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.models import Collection, DebitRun, RefundFile
from lamplit.rent.queries import against, arrears, debits
from lamplit.rent.queries.paid import left_of, paid_of, paid_of_chosen
from lamplit.rent.rules import collecting, missed, refunds
from lamplit.rent.rules.direct_debit import Due
from lamplit.rent.rules.missed import Choice

TOGETHER = 400  # collections in one entry: it holds at most 48,000 bytes, and each takes up about 100 of them
_MOST_PARTS = 3


def work_out_debits(entry_on: date, as_of: datetime | None = None) -> collecting.Run:
    """Return what a run of a day would send now. Refused: rent.no_entry_day.

    `as_of`: when it was prepared. What was added since waits for the next file; what changed or ended since changes it.
    """
    first, last, _ = collecting.days_of(entry_on)
    paid = {row.id for row in paid_meanwhile()}
    return collecting.work_out(debits.to_collect(first, last, paid, as_of), debits.to_instruct(as_of))


def details_to_send(run: DebitRun) -> set[str]:
    """Return the bank details that a run's file may need, quickly: it may leave some of them out. Refused: rent.no_entry_day."""
    first, last, _ = collecting.days_of(run.entry_on)
    return debits.details_between(run.id, first, last)


def next_serial() -> str:
    """Return the serial of the next file: six digits, counted on. No two files share one; one that did not go keeps its own."""
    written = DebitRun.objects.filter(serial__isnull=False).count() + RefundFile.objects.count()
    return f"{written + 1:06}"


def batches_to_post(run: str) -> Iterator[Sequence[collecting.Line]]:
    """Yield what is still to be posted of a run, an entry at a time: what was posted before it was cut off is left out."""
    yield from in_batches(debits.sent_in(run, to_post=True))


def in_batches(lines: Sequence[collecting.Line]) -> Iterator[Sequence[collecting.Line]]:
    """Cut lines into what one entry holds."""
    for start in range(0, len(lines), TOGETHER):
        yield lines[start : start + TOGETHER]


# files that did not go


def left_in_file(run: str) -> list[str]:
    """Return the collections of a run that are on their way or in the books, in the order in which entries are to stand."""
    rows = Collection.objects.filter(run=run, state__in=["sent", "collected"]).order_by("id").values_list("id", flat=True)
    return in_order_of_partitions(list(rows))


def told_in(run: str) -> list[list[str]]:
    """Return what banks are told by a run's file: mandate, code, details."""
    return list(DebitRun.objects.filter(id=run).values_list("told", flat=True).first() or [])


def not_told(mandate: str) -> bool:
    """Say whether what told a bank of an instruction last is a file that did not go."""
    lost = [row.submitted_at for row in DebitRun.objects.filter(state="not_gone") if _begins(row, mandate)]
    later = DebitRun.objects.filter(submitted_at__gt=max(lost)).exclude(state="not_gone") if lost else []
    return bool(lost) and not any(_begins(row, mandate) for row in later)


def _begins(row: DebitRun, mandate: str) -> bool:
    return any(of == mandate and code != "0C" for of, code, _ in row.told or [])


def came_back_of(run: str) -> bool:
    """Say whether a bank sent anything of a run back: then its file went."""
    return Collection.objects.filter(run=run, state="unpaid").exists()


def runs_to_recall() -> list[DebitRun]:
    """Return the runs whose file did not go and of which something still stands as sent."""
    left = Collection.objects.filter(run=OuterRef("id"), state__in=["sent", "collected"])
    return list(DebitRun.objects.filter(Exists(left), state="not_gone").order_by("id"))


# what we missed


def missed_day(row: Collection) -> date:
    """Return the day on which we did not collect. Of one made once more (18) the first day was not ours to miss."""
    day: date = row.on if row.again else row.was_due_on or row.on
    return day


def as_missed(rows: Sequence[Collection], today: date) -> dict[str, missed.Missed]:
    """Return collections that we missed as the rule reads them."""
    paid, payments_to = paid_of(rows), against.payments_to(today)
    live = debits.live_ones(row.mandate for row in rows)
    return {
        row.id: missed.Missed(
            due_on=missed_day(row),  # made late and missed again: three days count from the first day
            pence=row.pence, paid_pence=paid[row.id], payments_to=payments_to, live=row.mandate in live,
        )
        for row in rows
    }  # fmt: skip


def to_tell(rows: Sequence[Collection], today: date) -> dict[str, missed.Answer]:
    """Return what follows of collections that we missed, where it is not what she heard last; not while she pays as she chose."""
    read, late_on = as_missed(rows, today), first_late_day(today)
    asked = [row for row in rows if row.state == "missed" and (row.choice is None or not read[row.id].left_pence)]
    found = {row.id: missed.after_missed(read[row.id], today, late_on) for row in asked}
    return {row.id: found[row.id] for row in asked if found[row.id].what not in ("wait", row.told)}


def paid_meanwhile() -> list[Collection]:
    """Return what is to be collected late, or once more, and of which she has paid another way since."""
    rows = debits.late_or_again()
    paid = paid_of(rows)
    return [row for row in rows if paid[row.id]]


def with_more() -> list[str]:
    """Return the accounts that are to pay some of what we missed with later collections."""
    rows = Collection.objects.filter(state="noticed", more_pence__gt=0).order_by("account")
    return list(rows.values_list("account", flat=True).distinct())


def parts_paid(account: str) -> tuple[list[Collection], int]:
    """Return the collections to come with which she chose to pay what we missed, and how much too much they would take.

    She may have paid it another way, before she chose or since. What went already counts as paid.
    """
    rows = debits.collections_of(account)
    chosen = sorted(
        (row for row in rows if row.state == "closed" and row.choice in ("spread", "skip")), key=lambda row: row.closed_at
    )
    parts = [row for row in rows if row.state == "noticed" and row.more_pence]
    gone = sum(row.more_pence for row in rows if row.state in ("sent", "collected") and row.more_pence)
    left: dict[str, int] = {}
    for row in chosen:  # what went paid the oldest first
        went = min(gone, row.pence)
        gone, left[row.id] = gone - went, row.pence - went
    paid = paid_of_chosen(account, [row for row in chosen if left[row.id]])
    open_pence = sum(max(pence - paid.get(one, 0), 0) for one, pence in left.items())
    return parts, max(sum(int(row.more_pence or 0) for row in parts) - open_pence, 0)


def first_late_day(today: date) -> date:
    """Return the first day on which a file that is sent today moves money."""
    return add_working_days(today, 2)


def choices_after_missed(row: Collection, today: date) -> list[Choice]:
    """Return how she may pay: only with collections of which new notice can still be given, three at most."""
    left = left_of(row)
    if not left:
        return []
    earliest = earliest_after_notice(today)
    mandate = debits.mandate(row.mandate)
    live = mandate is not None and mandate.state == "live"
    dues = [
        Due(on=one.on, pence=one.pence)
        for one in debits.collections_of(row.account)
        if live and one.state == "noticed" and not one.again and one.on >= earliest
    ]
    return missed.choices(left, tuple(dues[:_MOST_PARTS]))


def as_refund(row: Any, owed_pence: int, on: date, approved_by: str | None = None) -> refunds.Refund:
    """Return a refund as the rule looks at it. `owed_pence`: what is owed in its book; below nought it is in credit."""
    there = debits.details_of(row.account)
    # One that waits for its second person blocks for as long as it waits: she may have asked to be paid there.
    current = set() if any(one.state == "waiting" for one in there) else {one.id for one in there if one.state == "current"}
    return refunds.Refund(
        on=on, asked_pence=row.pence, credit_pence=max(-owed_pence, 0), reason=_text(row.reason),
        evidence=tuple(row.evidence) if isinstance(row.evidence, list) else (), other_debts_pence=row.other_debts_pence,
        clawback_pence=row.clawback_pence, last_collected_on=debits.last_collected(row.account), payee=row.payee,
        payee_reason=_text(row.payee_reason), details_changed_until=debits.cooled_on(there), asked_by=row.asked_by,
        approved_by=approved_by, details_in_force=row.details in {None, *current}, died=arrears.letters_stopped(row.account),
        estate=bool(_text(row.estate)),
    )  # fmt: skip


def refund_checks(row: Any, owed_pence: int, on: date, approved_by: str) -> tuple[refunds.Check, ...]:
    """Return all that must be looked at before a refund, settled or not."""
    return refunds.look_at(as_refund(row, owed_pence, on, approved_by))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
