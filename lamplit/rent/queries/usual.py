"""What the Direct Debit of an account should collect each time, and which ones have become another sum."""

from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from lamplit.basics.bacs_days import earliest_after_notice
from lamplit.basics.refusal import Refused
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.models import DebitMandate, RentPlan, RentTerms
from lamplit.rent.queries.accounts import terms_on
from lamplit.rent.queries.arrears import letters_stopped, live_holds, running
from lamplit.rent.queries.claims import claims_of, paying_claims, rule_claims
from lamplit.rent.queries.debits import current_details, details_of, mandate_of, mandates_of
from lamplit.rent.queries.standing import plan
from lamplit.rent.rules import collecting, usual
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.usual import Usual
from lamplit.tenancies import queries as tenancies

# The Direct Debits that follow rent and benefit, each with the terms that hold on a day.
_FOLLOWING = """
SELECT m.id, m.account, m.every, m.pence, m.usual_pence, coalesce(m.with_plan, false), t.frequency, t.weeks, t.pence
FROM debit_mandate m CROSS JOIN LATERAL (
  SELECT frequency, weeks,
    (SELECT coalesce(sum((line->>'pence')::bigint), 0)::bigint FROM json_array_elements(terms::json) line) AS pence
  FROM rent_terms WHERE account = m.account AND from_on <= %s ORDER BY from_on DESC LIMIT 1
) t WHERE m.state IN ('new', 'live') AND m.usual_pence IS NOT NULL ORDER BY m.account
"""


class SumSeen(NamedTuple):
    """A Direct Debit whose sum no longer follows from rent and benefit."""

    row: DebitMandate
    usual: Usual


def usual_sum(account: str, every: FrequencyName, on: date, *, with_plan: bool = False) -> Usual | None:
    """Return what should be collected each time from a day on, or None when nothing is charged yet.

    A plan pays what she owed: while a breathing space protects that, no instalment is collected.
    """
    found, agreed = terms_on(account, on), plan(account) if with_plan and not running([account]) else None
    return None if found is None else _usual(found, rule_claims(claims_of(account)), agreed, every, on)


def _usual(terms: RentTerms, claims: list[Claim], agreed: RentPlan | None, every: FrequencyName, on: date) -> Usual:
    pence = sum(line["pence"] for line in terms.terms)
    return Usual(
        charged_pence=usual.charged(terms.frequency, terms.weeks, pence, every),
        benefit_pence=usual.benefit(claims, every, on),
        instalment_pence=usual.instalment(agreed.instalments, every, on) if agreed is not None else 0,
    )


def days_offered(every: FrequencyName, on: date) -> list[int]:
    """Return the days of the month, or of the week (1 is Monday), on which the landlord collects."""
    return [int(day) for day in policy().texts(f"debit.days.{'monthly' if every == 'monthly' else 'weekly'}", on)]


def first_possible(every: FrequencyName, day: int, today: date) -> date:
    """Return the first day on which money can move under an instruction that is given today."""
    return collecting.first_day(every, day, today)


def check_by_herself(account: str, person: str, today: date) -> None:
    """Say what keeps somebody from setting up a Direct Debit without us.

    Refused: rent.mandate_there, rent.details_wait, rent.letters_stopped, rent.account_held, rent.details_of_another,
    rent.no_tenant_now.
    """
    if not any(one.person == person and one.role == "tenant" for one in tenancies.household(account, today)):
        raise Refused("rent.no_tenant_now")
    if mandate_of(account) is not None:
        raise Refused("rent.mandate_there")
    if any(row.state == "waiting" for row in details_of(account)):
        raise Refused("rent.details_wait")
    if letters_stopped(account):
        raise Refused("rent.letters_stopped")
    if live_holds([account]):
        raise Refused("rent.account_held")
    if current_details(account) is not None and not any(row.person == person for row in mandates_of(account)[:1]):
        raise Refused("rent.details_of_another")  # money is taken from no account that she has not shown to be hers


def sums_to_look_at(today: date, most: int) -> tuple[int, list[SumSeen]]:
    """Return of how many Direct Debits the rent less benefit has become another sum than was looked at; and the first of them.

    A claim changed, the rent did, or a plan ended. In the order of their accounts. One read of each table: no mandate alone.
    """
    on = earliest_after_notice(today)
    claims, plans, found = paying_claims(), _plans(), {}
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, [on])
        for ident, account, every, pence, usual_pence, with_plan, frequency, weeks, charged in cursor.fetchall():
            now = Usual(
                charged_pence=usual.charged(frequency, weeks, charged, every),
                benefit_pence=usual.benefit(claims[account], every, on) if account in claims else 0,
                instalment_pence=usual.instalment(plans[account], every, on) if with_plan and account in plans else 0,
            )
            if now.pence not in (usual_pence, pence):
                found[ident] = now
    first = dict(islice(found.items(), most))
    rows = {row.id: row for row in DebitMandate.objects.filter(id__in=list(first))}
    return len(found), [SumSeen(rows[ident], now) for ident, now in first.items() if ident in rows]


def _plans() -> dict[str, list[list[Any]]]:
    protected = running(None)
    rows = RentPlan.objects.filter(ended_at=None).values_list("account", "instalments")
    return {account: parts for account, parts in rows if account not in protected}
