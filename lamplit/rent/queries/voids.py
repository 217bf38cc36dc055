"""Empty homes, and what councils are told of new rents."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection

from lamplit.homes import queries as homes
from lamplit.rent.models import BenefitClaim, RentTerms
from lamplit.rent.rules import voids
from lamplit.rent.rules.charging import Span
from lamplit.rent.rules.voids import Let, Void

# Every tenancy with the last terms that held under it.
_LETS = """
SELECT a.id, a.home, a.started_on, a.ended_on, t.frequency,
       (SELECT sum((one->>'pence')::bigint) FROM json_array_elements(t.terms::json) one)::bigint
FROM rent_account a LEFT JOIN LATERAL (
    SELECT frequency, terms FROM rent_terms WHERE account = a.id AND (a.ended_on IS NULL OR from_on <= a.ended_on)
    ORDER BY from_on DESC LIMIT 1
) t ON true
"""


class Told(NamedTuple):
    """What a council is told of one claim: the terms before the first day and from it on."""

    account: str
    reference: object
    old: RentTerms
    new: RentTerms


def voids_between(span: Span) -> list[Void]:
    """Return every stretch of days on which a home had no tenancy, the longest first."""
    lets: dict[str, list[Let]] = {home: [] for home in homes.home_ids()}
    with connection.cursor() as cursor:
        cursor.execute(_LETS)
        for account, home, started_on, ended_on, often, pence in cursor.fetchall():
            one = Let(account=account, started_on=started_on, ended_on=ended_on, pence=pence, frequency=often or "weekly")
            lets.setdefault(home, []).append(one)
    found = [void for home, those in lets.items() for void in voids.empty(home, those, span)]
    return sorted(found, key=lambda void: (-void.days, void.home))


def told_to_councils(on: date) -> Iterator[Told]:
    """Yield the accounts with a live Housing Benefit claim whose terms are new from a day on, by account."""
    claims: dict[str, BenefitClaim] = {}
    for claim in BenefitClaim.objects.filter(scheme="hb").exclude(state="stopped").order_by("id"):
        if claim.ends_on is None or claim.ends_on >= on:
            claims[claim.account] = claim
    rows: dict[str, list[RentTerms]] = {}
    for row in RentTerms.objects.filter(account__any=list(claims), from_on__lte=on).order_by("account", "from_on"):
        rows.setdefault(row.account, []).append(row)
    for account, those in rows.items():
        if len(those) > 1 and those[-1].from_on == on:
            yield Told(account, claims[account].reference, those[-2], those[-1])
