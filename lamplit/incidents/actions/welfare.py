"""Calls to households in an incident, as facts."""

from datetime import date, datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.incidents import facts, queries
from lamplit.incidents.models import Incident
from lamplit.incidents.rules import welfare
from lamplit.messages.facts import PromiseMade
from lamplit.messages.rules import tell_within
from lamplit.people import queries as people
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy


@action
def record_call(
    page: Page, *, incident: str, household: str, person: str, outcome: str, needs: str = "", next_on: date | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Write down what came of ringing a household. What they need is promised, so that it stands on the queue. Returns its id.

    Refused: incidents.not_open, incidents.not_rung_here, and those of `rules.welfare.check_call`.
    """
    row = page.lock(Incident, incident)
    if row is None or row.ended_at is not None:
        raise Refused("incidents.not_open")
    if not queries.may_be_rung(household, person, at):
        raise Refused("incidents.not_rung_here")
    welfare.check_call(outcome, needs, next_on, at)
    call = page.new_id("n")
    page.write(
        facts.HouseholdRung(
            incident=incident, call=call, household=household, person=person, outcome=outcome, needs=tidy(needs), next_on=next_on
        )
    )  # fmt: skip
    if outcome == "needs_help" and not row.drill:
        seen = people.person(person)
        name = people.full_name(seen) if seen is not None else "them"
        page.write(
            PromiseMade(
                promise=page.new_id("v"), voice=person, person=person, due_at=at + tell_within(),
                what=f"Help {name}, whom we rang in the incident: {needs.strip()}",
            )
        )  # fmt: skip
    return call


@action
def note_calls_late(page: Page, *, incident: str, households: int, by: By, at: datetime, command: str) -> bool:
    """Write down that whoever leads is rung about households that nobody reached. False when the incident is over."""
    row = page.lock(Incident, incident)
    if row is None or row.ended_at is not None:
        return False
    page.write(facts.CallsLate(incident=incident, households=households))
    return True
