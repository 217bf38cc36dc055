"""What the demo's own people have done about rent this morning: a week is charged, one waits, Direct Debits run."""

from datetime import datetime, timedelta

from lamplit.basics.who import staff
from lamplit.basics.working_days import london_date
from lamplit.cli.demo_bank import settle
from lamplit.cli.demo_debits import People, set_up_debits
from lamplit.cli.demo_files import write_files
from lamplit.cli.seed.crew import make_crew
from lamplit.cli.seeding import landlord_here
from lamplit.reactions import rent
from lamplit.rent import actions


def charge_rent(at: datetime) -> int:
    """Charge this week, and work next week out. Returns how many accounts were charged."""
    landlord = landlord_here()
    crew = make_crew(landlord.homes, landlord.seed, landlord.begins)
    income, finance = staff(crew.of("income")[0]), staff(crew.of("finance")[0])
    today = london_date(at)
    monday = today - timedelta(days=today.weekday())
    run = actions.prepare_charges(frequency="weekly", from_on=monday, by=income, at=at, command=f"demo:charges:{monday}")
    actions.release_charges(run=run, by=finance, at=at, command=f"demo:released:{monday}")
    charged = rent.charge(run, at, lambda _done, _of: None)
    following = monday + timedelta(days=7)
    actions.prepare_charges(frequency="weekly", from_on=following, by=income, at=at, command=f"demo:charges:{following}")
    settle()
    write_files(set_up_debits(People(income, finance), at), today)
    return charged
