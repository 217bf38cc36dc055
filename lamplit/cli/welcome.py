"""What the demo says when it is ready: where to look, and whom to sign in as."""

from datetime import datetime

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.cli.say import say
from lamplit.cli.seed.crew import Worker
from lamplit.config.demo_staff import PASSWORD, SECOND_STEP
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

TENANTS = 4


def welcome(address: str, staff: list[Worker], seconds: float) -> None:
    """Print addresses and people."""
    say(f"\nLamplit runs, after {seconds:.0f} s. All of it is made up, and nothing leaves this machine.\n")
    for what, path in (("Tenants' portal", "/"), ("Staff's desk", "/desk/"), ("What was sent, with codes", "/demo/outbox")):
        say(f"  {what:<26}{address}{path}")
    say("\nTenants sign in with a code, which the outbox shows:")
    for name, home, value in tenants_to_be(now()):
        say(f"  {name:<26}{value:<44}{home}")
    say(f'\nStaff sign in with the password "{PASSWORD}"')
    say(f"and a code of the second step, which the outbox shows too ({SECOND_STEP} for an app):")
    for worker in staff:
        say(f"  {worker.name:<26}{worker.email:<44}{worker.role.replace('_', ' ')}")
    say("\nCtrl-C stops all of it. Started again, it goes on where it was.")


def tenants_to_be(at: datetime) -> list[tuple[str, str, str]]:
    """Return name, address and contact point of a few tenants with something under way."""
    on, found = london_date(at), dict[str, tuple[str, str, str]]()
    rows = repairs.queue(now=at, limit=60)
    living = tenancies.households_at([row.home for row in rows], on)
    for row in rows:
        for lives in living.get(row.home, []):
            ways = people.ways_to_reach(lives.person, "code")
            who = people.person(lives.person)
            if lives.role == "tenant" and ways and who is not None and len(found) < TENANTS:
                found.setdefault(row.home, (people.full_name(who), ", ".join(row.address or []), ways[0].value))
    return list(found.values())
