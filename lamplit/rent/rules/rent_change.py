"""How much a rent may go up, and the notice that says so (Rent Standard 2026-2036; Housing Act 1988, section 13)."""

from datetime import date, timedelta
from decimal import Decimal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_date
from lamplit.basics.working_days import add_working_days
from lamplit.rent.rules.charging import Frequency, Terms, periods
from lamplit.rent.rules.dates import add_months
from lamplit.rent.rules.figures import law, part, per_cent, rate

_WEEK = timedelta(days=7)
_HUNDRED = Decimal(100)


class NewRent(Plain, frozen=True, kw_only=True):
    """A new weekly rent in pence, with its working. `convergence_pence` is what was used of what the year allows."""

    pence: int
    old_pence: int
    uplifted_pence: int
    convergence_pence: int = 0
    formula_pence: int | None = None


def new_rent(old: int, formula: int | None, cpi: Decimal, on: date, converges: int | None = None) -> NewRent:
    """Return the most that a social rent may become: CPI + 1 point, and convergence while it is below formula.

    new = min(old x (1 + CPI + 1%) + convergence, max(formula, old x (1 + CPI + 1%))). `on` is the first day of the new
    rent. `formula` is that of the new year. A rent whose formula rent is not known does not converge. `converges`: what the
    year allows each period (`convergence`); without it, each week.
    """
    uplifted = uplift(old, cpi, on)
    if formula is None:
        return NewRent(pence=uplifted, old_pence=old, uplifted_pence=uplifted)
    allowed = law().number("rent.convergence_pence", on) if converges is None else converges
    new = min(uplifted + allowed, max(formula, uplifted))
    return NewRent(pence=new, old_pence=old, uplifted_pence=uplifted, convergence_pence=new - uplifted, formula_pence=formula)


def convergence(frequency: Frequency, weeks: int, on: date) -> int:
    """Return the pence by which a rent below formula may move further each period: the law says it for one of 52 weeks."""
    weekly = law().number("rent.convergence_pence", on)
    if frequency == "monthly":
        return part(weekly, 52, 12)
    return part(weekly, 52, weeks) * (4 if frequency == "four_weekly" else 1)


def uplift(old: int, cpi: Decimal, on: date) -> int:
    """Return a rent raised by CPI and the points above it. The whole of what an Affordable Rent may go up."""
    return per_cent(old, _HUNDRED + cpi + rate(law(), "rent.over_cpi", on))


def cpi_for(on: date) -> Decimal:
    """Return the September CPI that counts for increases on a day. NotInForce when it has not been entered yet."""
    return rate(law(), "cpi", on)


def relet_rent(formula: int, on: date, *, flexibility: bool = False, supported: bool = False) -> int:
    """Return the most a home may be let at anew: formula rent, with the flexibility where the landlord says why it is used."""
    if not flexibility:
        return formula
    name = "rent.flexibility_supported" if supported else "rent.flexibility"
    return per_cent(formula, _HUNDRED + rate(law(), name, on))


def affordable_rent(market: int, on: date) -> int:
    """Return the most of an Affordable Rent when let: 80% of the market rent, service charges included."""
    return per_cent(market, rate(law(), "rent.affordable_share", on))


class Increase(Plain, frozen=True, kw_only=True):
    """An increase to be noticed: served when, from when, and when the rent went up before (first since 11 February 2003)."""

    served_on: date
    starts_on: date
    old_pence: int
    new_pence: int
    tenants: tuple[str, ...]
    last_on: date | None = None
    first_on: date | None = None


class Notice(Plain, frozen=True, kw_only=True):
    """The notice for one named tenant. `says` names the fields that it must fill; one that is missing stops it."""

    tenant: str
    served_on: date
    starts_on: date
    old_pence: int
    new_pence: int
    says: tuple[str, ...]


def earliest_start(served_on: date, last_on: date | None = None, first_on: date | None = None) -> date:
    """Return the first day that an increase may start on, before it is moved to the start of a period."""
    month_on = add_months(served_on, law().number("notice.months", served_on))
    return max(month_on, a_year_after(last_on, first_on or last_on, served_on)) if last_on else month_on


def a_year_after(last_on: date, first_on: date | None, on: date) -> date:
    """52 weeks after the last increase; 53 where that would fall more than six days before the first one's anniversary."""
    after = last_on + _WEEK * law().number("notice.weeks_between", on)
    if first_on is None:
        return after
    anniversaries = [add_months(first_on, 12 * (after.year - first_on.year + more)) for more in (-1, 0, 1)]
    nearest = min(anniversaries, key=lambda day: abs((day - after).days))
    if (nearest - after).days > law().number("notice.drift_days", on):
        return last_on + _WEEK * law().number("notice.weeks_between_drift", on)
    return after


def last_day_to_serve(starts_on: date) -> date:
    """Return the last day on which a notice may be served for an increase from a day on."""
    day = starts_on
    while earliest_start(day) > starts_on:
        day -= timedelta(days=1)
    return day


def served_on(posted_on: date) -> date:
    """Return the day on which a letter that was posted counts as served."""
    return add_working_days(posted_on, law().number("notice.post_working_days", posted_on))


def notices(terms: Terms, increase: Increase) -> list[Notice]:
    """Return the notices of an increase, one for each named tenant.

    Refused: rent.notice_too_short, rent.increase_too_soon, rent.increase_not_at_period, rent.notice_names_nobody.
    """
    if not increase.tenants:
        raise Refused("rent.notice_names_nobody")
    month_on = earliest_start(increase.served_on)
    if increase.starts_on < month_on:
        raise Refused("rent.notice_too_short", earliest=full_date(month_on))
    year_on = earliest_start(increase.served_on, increase.last_on, increase.first_on)
    if increase.starts_on < year_on:
        raise Refused("rent.increase_too_soon", earliest=full_date(year_on))
    starts = periods(terms, increase.starts_on, increase.starts_on)
    if not starts or starts[0].from_on != increase.starts_on:
        raise Refused("rent.increase_not_at_period", starts_on=full_date(increase.starts_on))
    return [
        Notice(
            tenant=tenant,
            served_on=increase.served_on,
            starts_on=increase.starts_on,
            old_pence=increase.old_pence,
            new_pence=increase.new_pence,
            says=law().texts("notice.says", increase.served_on),
        )
        for tenant in increase.tenants
    ]
