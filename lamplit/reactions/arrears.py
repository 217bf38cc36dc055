"""What follows from a step of the arrears policy: each named tenant's own letter. And who is told when the books differ."""

from datetime import datetime, timedelta

from lamplit.basics.fact import Unavailable
from lamplit.basics.words import plural
from lamplit.reactions import chasing
from lamplit.reactions.incidents import leads, wanted_by
from lamplit.reactions.letters import Wanted, write
from lamplit.reactions.recipients import known
from lamplit.reactions.watch import way_to
from lamplit.record.encode import Entry
from lamplit.rent import queries
from lamplit.staff import queries as staff

LETTERS = {"text": "rent_text", "letter_1": "rent_letter_1", "letter_2": "rent_letter_2"}
CHANNELS = {"text": "text"}
STALE = timedelta(days=2)  # what a letter says of a balance is not true for long


def letters(entry: Entry, at: datetime) -> list[Wanted]:
    """Write to each named tenant, in the words that the step relied on. Nothing goes out that anything would hold by now."""
    fact = entry.body
    template = LETTERS.get(fact.step)
    if template is None or at - entry.at > STALE or not _may_go(fact.account, fact.step, at):
        return []
    if isinstance(fact.working, Unavailable) or isinstance(fact.says, Unavailable):
        return []
    row = queries.account(fact.account)
    reference = row.reference if row is not None and isinstance(row.reference, str) else None
    subject, body = write(template, at, says=fact.says, working=fact.working, reference=in_fours(reference), on=fact.on)
    return [
        Wanted(
            template=template, subject=subject, body=body, key=tenant, person=tenant, name=known(tenant).name,
            channel=CHANNELS.get(fact.step), about=fact.account, because=entry.id,
        )
        for tenant in fact.tenants
    ]  # fmt: skip


def _may_go(account: str, step: str, at: datetime) -> bool:
    return queries.may_go_on() and chasing.goes_out(account, step, at)


def in_fours(reference: str | None) -> str | None:
    """Spell a payment reference in groups of four, as people read it out."""
    bare = "".join((reference or "").split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4)) or None


def differing(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever leads when accounts differ from what the record gives: no letter goes out until they do not."""
    if not entry.body.differing or at - entry.at > STALE:
        return []
    found = plural(len(entry.body.differing), "account")
    subject, body = write("rent_sample", at, found=found, sampled_at=entry.at)
    return [
        Wanted(
            template="rent_sample", subject=subject, body=body, key=one.id, channel=way[0], to=way[1],
            name=staff.full_name(one), voice=one.id, because=entry.id,
        )
        for one in leads(at)
        if (way := way_to(one.phone, one.email))
    ]  # fmt: skip


def holds_due(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever keeps the caseload, or who leads where nobody does, when holds wait for somebody to look at them."""
    fact = entry.body
    if at - entry.at > STALE:
        return []
    found = plural(fact.holds, "hold")
    subject, body = write("rent_holds", at, found=found, day=fact.oldest_on)
    return wanted_by("rent_holds", subject, body, entry, staff.with_role("income") or leads(at))
