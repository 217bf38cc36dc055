"""What the demo says when it is ready: where to look, and whom to sign in as."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.cli.beside import Beside
from lamplit.cli.demo_bank import office
from lamplit.cli.say import say
from lamplit.cli.seed.crew import Worker
from lamplit.config.demo_staff import PASSWORD, SECOND_STEP
from lamplit.people import queries as people
from lamplit.rent import queries
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

TENANTS = 4


def welcome(address: str, standby: str, staff: list[Worker], seconds: float, beside: Beside) -> None:
    """Print addresses and people."""
    say(f"\nLamplit runs, after {seconds:.0f} s. All of it is made up, and nothing leaves this machine.\n")
    for what, path in (("Tenants' portal", "/"), ("Staff's desk", "/desk/"), ("What was sent, with codes", "/demo/outbox")):
        say(f"  {what:<26}{address}{path}")
    say(f"  {'The standby beside it':<26}{standby}/")
    say(f"  {'E-mail to the standby':<26}127.0.0.1, port {beside.mail_port} (SMTP), for repairs@demo.lamplit.example")
    say(f"  {'and its answers':<26}{beside.home / 'messages'}")
    say("\nTenants sign in with a code, which the outbox shows:")
    for name, home, value in tenants_to_be(now()):
        say(f"  {name:<26}{value:<44}{home}")
    say("and about rent:")
    for name, home, value, what in tenants_of_rent(now()):
        say(f"  {name:<26}{value:<44}{home}: {what}")
    say(f'\nStaff sign in with the password "{PASSWORD}"')
    say(f"and a code of the second step, which the outbox shows too ({SECOND_STEP} for an app):")
    for worker in staff:
        say(f"  {worker.name:<26}{worker.email:<44}{worker.role.replace('_', ' ')}")
    say(f"\nThe finance office's key, and files of the bank, the council and Bacs, are in {office()}")
    say("docs/direct-debit.md says under “Try it in the demo” what to do with them.")
    say(f"\nTwo people let the standby take over, at {standby}/standby/declare, each with her printed code:")
    for name, code in beside.codes().items():
        say(f"  {name:<26}{code}")
    say("\nCtrl-C stops all of it. Started again, it goes on where it was.")


def tenants_of_rent(at: datetime) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, address, contact point and what to look at, of tenants whose rent page has something to show."""
    on = london_date(at)
    debits = queries.due_between(on, on + timedelta(days=14))
    covered = (one.account for one in queries.positions(on) if not one.to_pay_pence and one.has("benefit_due"))
    for what, accounts in (
        ("benefit covers her rent", covered), ("pays by Direct Debit", (one.account for one in debits)),
        ("we missed her Direct Debit", (one.account for one in queries.missed())),
    ):  # fmt: skip
        found = next((one for account in accounts if (one := _of_account(account, on)) is not None), None)
        if found is not None:
            yield *found, what


def _of_account(account: str, on: date) -> tuple[str, str, str] | None:
    for lives in tenancies.household(account, on):
        ways, who = people.ways_to_reach(lives.person, "code"), people.person(lives.person)
        if lives.role == "tenant" and ways and who is not None:
            return people.full_name(who), queries.address(account), ways[0].value
    return None


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
