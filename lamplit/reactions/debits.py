"""Direct Debit: what she is told of it, and what time brings about: notices, collections into the books, and what we missed."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from lamplit.basics.bacs_days import cycle
from lamplit.basics.fact import Unavailable
from lamplit.basics.who import job
from lamplit.basics.words import long_date, pounds
from lamplit.basics.working_days import london_date
from lamplit.people import queries as people
from lamplit.reactions import recipients
from lamplit.reactions.fields import WaitsError
from lamplit.reactions.guarantee import guarantee
from lamplit.reactions.letters import Wanted, write
from lamplit.reactions.lots import in_lots
from lamplit.record.encode import Entry
from lamplit.rent import actions, queries
from lamplit.rent.rules import missed as rules
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.position import words
from lamplit.tenancies import queries as tenancies

BY = job("debits")
TOGETHER = 100  # Direct Debits in one commit
# A notice that was decided while the books were right waits no longer: without it nothing may be collected on its days, and its
# sum is that of her Direct Debit, not of the books.
NOTICE_WAITS = timedelta(days=1)
_EVERY = {"weekly": "each week", "four_weekly": "every four weeks", "monthly": "each month"}


def set_up(entry: Entry, at: datetime) -> list[Wanted]:
    """Confirm a Direct Debit to whoever pays, with the Guarantee as the landlord's bank words it."""
    fact = entry.body
    if isinstance(fact.reference, Unavailable):
        return []
    last3 = getattr(queries.details(fact.details), "last3", None)
    subject, body = write(
        "debit_confirmed", at, every=_EVERY[fact.every], reference=fact.reference, guarantee=guarantee(),
        last3=last3 if isinstance(last3, str) else None,
    )  # fmt: skip
    return [_to(fact.person, "debit_confirmed", subject, body, because=fact.mandate)]


def noticed(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her of each sum and day before it is collected."""
    fact = entry.body
    mandate = queries.mandate(fact.mandate)
    if mandate is None or not fact.dues:
        return []
    if at - entry.at < NOTICE_WAITS:
        _wait_for_books()
    lines = [f"{long_date(cycle(on).entry_on)}: {pounds(pence)}" for on, pence in fact.dues]
    reference = mandate.reference if isinstance(mandate.reference, str) else None
    subject, body = write(
        "debit_notice", at, dues=lines, why=words()["notice"][fact.why], reference=reference, every=_EVERY[mandate.every]
    )
    return [_to(mandate.person, "debit_notice", subject, body, because=entry.id)]


def missed(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her what follows of a collection that we missed."""
    fact = entry.body
    row = queries.collection(fact.collection)
    mandate = queries.mandate(row.mandate) if row is not None else None
    if mandate is None or queries.letters_stopped(fact.account):
        return []
    _wait_for_books()
    said = rules.say(fact.said, fact.due_on, fact.pence, fact.collect_on)
    subject, body = write("debit_missed", at, sentence=said, choose=fact.said == "choices", day=fact.due_on, fault=True)
    return [_to(mandate.person, "debit_missed", subject, body, because=entry.id)]


def dropped(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her that one collection is not made: she asked, or has paid. What goes with its instruction is told of with that."""
    fact = entry.body
    row = queries.collection(fact.collection)
    mandate = queries.mandate(row.mandate) if row is not None and fact.why is not None else None
    if mandate is None or row is None or queries.letters_stopped(fact.account):
        return []
    _wait_for_books()
    said = words()["dropped"][fact.why].format(sum=pounds(row.pence), day=long_date(cycle(row.on).entry_on))
    subject, body = write("debit_missed", at, sentence=said, choose=False, day=row.on, fault=False)
    return [_to(mandate.person, "debit_missed", subject, body, because=entry.id)]


def ended(entry: Entry, at: datetime) -> list[Wanted]:
    """Say that a Direct Debit ended or stopped, when she or her bank ended it; never after a death."""
    fact = entry.body
    mandate = queries.mandate(fact.mandate)
    if mandate is None or fact.became == "live" or fact.details is not None or queries.letters_stopped(fact.account):
        return []
    subject, body = write(
        "debit_ended", at, by_bank=fact.why == "bank", stopped=fact.became == "stopped", tenancy=fact.why == "tenancy"
    )
    return [_to(mandate.person, "debit_ended", subject, body, because=entry.id)]


def details_given(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell every tenant of the account, at each way that is safe to use, that somebody changed the bank details."""
    fact = entry.body
    if fact.waits_to is None:
        return []
    subject, body = write("debit_details", at, until=fact.waits_to, changed_at=entry.at)
    tenants = [one.person for one in tenancies.household(fact.account, london_date(at)) if one.role == "tenant"]
    return [
        Wanted(
            template="debit_details", subject=subject, body=body, person=person, channel=way.channel, to=way.value,
            name=recipients.known(person).name, because=fact.details, key=way.id,
        )
        for person in tenants
        for way in people.ways_to_reach(person, "message")
    ]  # fmt: skip


def _wait_for_books() -> None:
    """Let a letter wait until the books are right again."""
    if wrong := queries.why_not():
        raise WaitsError(f"A letter about a Direct Debit waits: the books are wrong. {' '.join(wrong)}")


def _to(person: str, template: str, subject: str, body: str, because: str) -> Wanted:
    return Wanted(
        template=template, subject=subject, body=body, person=person, name=recipients.known(person).name, because=because
    )


# what time brings about


def give_notice(at: datetime) -> int:
    """Order an advance notice for each Direct Debit that needs one. Returns how many. While the books are wrong, it waits."""
    return sum(notices(lambda: at))


def notices(now: Callable[[], datetime]) -> Iterator[int]:
    """Order advance notices, some at a time: whoever calls may do something else between them."""
    if not queries.may_go_on():
        return
    today = london_date(now())
    until = today + timedelta(days=policy().number("debit.notice_again_days", today))
    for some in in_lots(queries.mandates_to_notice(until), TOGETHER):
        command = f"job:notice:{_named(some)}:{now():%Y%m%d%H%M%S}"  # the action itself knows who was told
        yield actions.notice_debits(mandates=some, by=BY, at=now(), command=command)


def _named(some: Sequence[str]) -> str:
    return hashlib.sha256("".join(some).encode()).hexdigest()[:16]


def end_with_tenancies(at: datetime) -> int:
    """End the Direct Debits of tenancies that end; nothing is collected for days after. Returns of how many."""
    rows = queries.mandates_to_end()
    for row in rows:
        actions.end_with_tenancy(mandate=row.id, by=BY, at=at, command=f"job:tenancy_over:{row.id}:{at:%Y%m%d%H%M%S}")
    return len(rows)


def post_due(at: datetime) -> int:
    """Put the collections of runs into the books on the day when their money moved. Returns how many."""
    count = 0
    for row in queries.runs_to_post(london_date(at)):
        for lines in queries.batches_to_post(row.id):
            command = f"job:post:{row.id}:{lines[0].collection}"
            count += actions.post_debits(run=row.id, lines=list(lines), by=BY, at=at, command=command)
        actions.finish_debits(run=row.id, by=BY, at=at, command=f"job:post:{row.id}:finish")
    return count


def recalls(now: Callable[[], datetime]) -> Iterator[int]:
    """Take back what was in files that did not go, some at a time. Cut off, it goes on with what is left."""
    for row in queries.runs_to_recall():
        for some in in_lots(queries.left_in_file(row.id), queries.TOGETHER):
            command = f"job:recall:{row.id}:{_named(some)}:{now():%Y%m%d%H%M%S}"
            yield actions.recall_debits(run=row.id, collections=some, by=BY, at=now(), command=command)


def take_back(at: datetime) -> int:
    """Take back all that was in files that did not go. Returns how many."""
    return sum(recalls(lambda: at))


def look_for_missed(at: datetime) -> int:
    """Note what no file took in time, and tell each person what follows, whenever that changes. Returns how much was said.

    While the books are wrong, all of it waits: what was paid stands in them.
    """
    return sum(missed_ones(lambda: at))


def missed_ones(now: Callable[[], datetime]) -> Iterator[int]:
    """Note what no file took in time and say what follows, some at a time. Yields how much was said."""
    if not queries.may_go_on():
        return
    today = london_date(now())
    late = [row.id for row in queries.not_sent(_last_due_too_late(today)) if today > cycle(row.on).input_on]
    for some in in_lots(late, queries.TOGETHER):
        actions.note_missed(collections=some, by=BY, at=now(), command=f"job:missed:{_named(some)}:{now():%Y%m%d%H%M}")
        yield 0
    for row in queries.paid_meanwhile():
        actions.heed_payment(collection=row.id, by=BY, at=now(), command=f"job:paid:{row.id}:{now():%Y%m%d%H%M}")
        yield 0
    for account in queries.with_more():
        if queries.parts_paid(account)[1]:
            actions.heed_parts(account=account, by=BY, at=now(), command=f"job:parts:{account}:{now():%Y%m%d%H%M}")
            yield 0
    rows = {row.id: row for row in queries.missed()}
    for some in in_lots(rows, TOGETHER):
        lot = list(queries.to_tell([rows[one] for one in some], today))
        command = f"job:told:{_named(lot)}:{now():%Y%m%d%H%M%S%f}"
        yield actions.tell_missed(collections=lot, by=BY, at=now(), command=command) if lot else 0


def _last_due_too_late(today: date) -> date:
    """No file of today moves money before this day: a first, wide net for the query. `cycle` says it of each day."""
    return today + timedelta(days=10)
