"""Reads of what stands beside a repair: surveys and proofs, places to stay, reviews."""

from datetime import date

from lamplit.homes.models import Home
from lamplit.record.ready import Ready
from lamplit.repairs.models import Photo, Proof, Repair, Review, Stay, Survey, Work
from lamplit.repairs.queries.lists import repair as _repair
from lamplit.staff import queries as staff
from lamplit.tenancies import queries as tenancies

_SURVEYS = Ready(lambda repair: Survey.objects.filter(repair=repair).order_by("at", "id"))
_PROOFS = Ready(lambda repair: Proof.objects.filter(repair=repair).order_by("at", "id"))
_STAYS = Ready(lambda repair: Stay.objects.filter(repair=repair).order_by("offered_at", "id"))
_REVIEWS = Ready(lambda repair: Review.objects.filter(repair=repair).order_by("opened_at", "id"))
_OPEN_AT = Ready(lambda home: Review.objects.filter(home=home, closed_at__isnull=True).order_by("opened_at", "id"))


def surveys_of(repair: str) -> list[Survey]:
    """Return the surveys of a repair, oldest first."""
    return _SURVEYS.all(repair=repair)


def survey_behind(work: Work) -> Survey | None:
    """Return the survey on which a work rests: the one that asked for it, else the last one of its home."""
    made = [one for one in surveys_of(work.repair) if one.home == work.home]
    return next((one for one in made if one.id == work.survey), made[-1] if made else None)


def proofs_of(repair: str) -> list[Proof]:
    """Return what was shown beside the visits that works are done, oldest first."""
    return _PROOFS.all(repair=repair)


def stays_of(repair: str) -> list[Stay]:
    """Return the places to stay that were offered, oldest first."""
    return _STAYS.all(repair=repair)


def stay(ident: str) -> Stay | None:
    """Return one place to stay, or None."""
    return Stay.objects.filter(id=ident).first()


def stays_for(repair: str, person: str, *, on: date) -> list[Stay]:
    """Return the places to stay as a member of the household sees them. Where they are is for nobody else."""
    row = _repair(repair)
    if row is None or not tenancies.may_report(person, row.home, on):
        return []
    lives = tenancies.tenancy_of_home(row.home, on)
    hers = {row.home, *([lives.id] if lives is not None else [])}
    return [one for one in stays_of(repair) if one.household in hers]


def review(ident: str) -> Review | None:
    """Return one review, or None."""
    return Review.objects.filter(id=ident).first()


def reviews_of(repair: str) -> list[Review]:
    """Return the reviews of a repair, oldest first."""
    return _REVIEWS.all(repair=repair)


def review_open_at(home: str, group: str | None) -> Review | None:
    """Return the review of the same group of faults that is open at a home, or None."""
    for row in _OPEN_AT.all(home=home):
        about = _repair(row.repair)
        if about is not None and about.fault_group == group:
            return row
    return None


def reviews_due(*, limit: int = 200) -> list[tuple[Review, Repair]]:
    """Return the reviews that are open, each with its repair; what is due first comes first."""
    rows = list(Review.objects.filter(closed_at__isnull=True).order_by("due_on", "id")[:limit])
    repairs = Repair.objects.in_bulk({row.repair for row in rows})
    return [(row, repairs[row.repair]) for row in rows]


def firm_for(trade: str, home: str, on: date) -> str | None:
    """Return the firm that does a trade at a home on a day, or None: then a planner says who."""
    return firms_for(home, on).get(trade)


def firms_for(home: str, on: date) -> dict[str, str]:
    """Return by trade the firm that its work goes to at a home: of its patch, else everywhere, else the first that does it."""
    covers = staff.covers_on(on)
    if not covers:
        return staff.firms_by_trade()
    row = Home.objects.filter(id=home).first()
    block, postcode = (row.block, row.postcode) if row is not None else (None, None)
    return staff.firms_by_trade() | staff.firms_at(covers, block, postcode if isinstance(postcode, str) else "")


def count_held() -> list[tuple[str, int]]:
    """Return how much we hold of repairs, by class."""
    return [("repairs, with what was said of them", Repair.objects.count()), ("photos", Photo.objects.count())]
