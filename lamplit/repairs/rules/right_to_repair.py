"""Right to Repair: Secure Tenants of Local Housing Authorities (Right to Repair) Regulations 1994, SI 1994/133."""

from datetime import date, datetime

from lamplit.basics.deadlines import Clock, start_clock
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import law, policy

_BY_SEASON = "no_heating"
_PARTS = ("first", "daily", "most")


class RightToRepair(Plain, frozen=True, kw_only=True):
    """A repair that qualifies: the row of the Schedule, its period in words, and the tenant's clock."""

    defect: str
    period: str
    clock: Clock


def is_winter(on: date) -> bool:
    """True between 31 October and 1 May, neither day included (SI 1994/133, Schedule)."""
    return str(on.month) in policy().texts("season.winter", on)


def defects() -> list[str]:
    """Return the codes of the Schedule, with `no_heating` for its two rows by season."""
    rows = [name for name in law().names("right_to_repair") if not name.startswith(_BY_SEASON)]
    return sorted([*rows, _BY_SEASON])


def right_to_repair(
    defect: str, starts_at: datetime, *, cost_pence: int | None = None, second: bool = False
) -> RightToRepair | None:
    """Start the period of a defect. None when the repair is known to cost more than the limit (GBP 250).

    The period counts working days from the day of the report, day 0. A tenant whose period was missed may ask for
    another contractor: the same period runs again (`second`). KeyError for a defect that is not in the Schedule.
    """
    on = london_date(starts_at)
    if cost_pence is not None and cost_pence > law().number("right_to_repair_money.cost_limit_pence", on):
        return None
    row = f"{_BY_SEASON}_{'winter' if is_winter(on) else 'summer'}" if defect == _BY_SEASON else defect
    rule = law().on(f"right_to_repair.{row}", on)
    code = f"right_to_repair.{row}.second" if second else f"right_to_repair.{row}"
    return RightToRepair(defect=row, period=str(rule.value), clock=start_clock(code, rule, starts_at, law=True))


def compensation_pence(second_period_ended_on: date, done_on: date) -> int:
    """Return what is owed when the second contractor failed too: GBP 10 and GBP 2 a day, never more than GBP 50.

    Days run from the day after the second period to the day the repair is done. 0 if it was done in time.
    """
    days = (done_on - second_period_ended_on).days
    if days <= 0:
        return 0
    money = {part: law().number(f"right_to_repair_money.compensation.{part}_pence", done_on) for part in _PARTS}
    return min(money["first"] + money["daily"] * days, money["most"])
