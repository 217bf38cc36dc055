"""What may be said in an incident, and what must be promised with it. Pure: values in, refusals out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache

from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import run_out
from lamplit.basics.figures import figures_of
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.incidents.facts import Known, State
from lamplit.incidents.rules.claims import changes_payment, claims_nothing_happened, sends_away

LONGEST = 1_000  # characters of one box: what is read in a bad hour is short


class Checked(Plain, frozen=True, kw_only=True):
    """Who looked, at what, and when. `by` is a firm or a team and is published; `name` is a person and is not."""

    by: str = ""
    name: str = ""
    what: str = ""
    at: datetime | None = None


class Said(Plain, frozen=True, kw_only=True):
    """How one service stands, as somebody typed it."""

    state: State
    known: Known
    works: str = ""
    instead: str = ""
    says: str = ""
    looked_at: str = ""
    back_at: datetime | None = None
    next_at: datetime | None = None
    checked: Checked | None = None


@cache
def status() -> DatedValues:
    """What the status page speaks of, by day."""
    return figures_of("incidents", "status.toml")


def services(at: datetime) -> dict[str, str]:
    """Return the services of a day with what people call them, in the order of the page."""
    on = london_date(at)
    return {code: str(status().on(f"services.{code}", on).value) for code in status().texts("services.order", on)}


def about_data(at: datetime) -> tuple[str, ...]:
    """Return the services of which "working" says that nothing happened to them."""
    return status().texts("services.claims", london_date(at))


def rings_at(next_at: datetime) -> datetime:
    """Return when the lead is rung about a promised update."""
    limit = str(status().on("promise.rings_before", london_date(next_at)).value)
    due_at, _ = run_out(limit, next_at)
    assert due_at is not None, limit  # noqa: S101 - minutes or hours, or the file is wrong
    return next_at - (due_at - next_at)


def check_words(*texts: str) -> None:
    """Refuse words that are too long, speak of another account to pay to, or tell people not to get in touch.

    Refused: incidents.too_long, incidents.payment, incidents.sends_away.
    """
    for text in texts:
        if len(text) > LONGEST:
            raise Refused("incidents.too_long", longest=f"{LONGEST:,}")
        if changes_payment(text):
            raise Refused("incidents.payment")
        if sends_away(text):
            raise Refused("incidents.sends_away")


def check_claims(texts: Iterable[str], checked: Checked | None, *, claims: bool, at: datetime) -> None:
    """Refuse to say that nothing was taken unless somebody is named who looked.

    Refused: incidents.unchecked, incidents.check_later.
    """
    whole = checked is not None and all(part.strip() for part in (checked.by, checked.name, checked.what))
    if checked is not None and checked.at is not None and checked.at > at:
        raise Refused("incidents.check_later")
    if (claims or any(claims_nothing_happened(text) for text in texts)) and (not whole or checked is None or checked.at is None):
        raise Refused("incidents.unchecked")


def check_next(next_at: datetime | None, at: datetime) -> datetime:
    """Return when the next update comes. Refused: incidents.no_next, incidents.next_passed, incidents.next_too_far."""
    if next_at is None:
        raise Refused("incidents.no_next")
    if next_at <= at:
        raise Refused("incidents.next_passed")
    longest = status().on("promise.longest", london_date(at))
    if next_at > at + timedelta(days=int(str(longest.value).split()[0])):
        raise Refused("incidents.next_too_far", longest=longest.value)
    return next_at


def check_service(service: str, said: Said, at: datetime) -> None:
    """Refuse a status that keeps a reader waiting or says more than we know.

    Refused: incidents.no_such_service, incidents.say_what_works, incidents.say_instead, incidents.say_looked_at,
    incidents.back_passed, and those of the other checks.
    """
    if service not in services(at):
        raise Refused("incidents.no_such_service")
    texts = (said.works, said.instead, said.says, said.looked_at)
    check_words(*texts)
    if said.state == "limited" and not said.works.strip():
        raise Refused("incidents.say_what_works")
    if said.state != "working" and not said.instead.strip():
        raise Refused("incidents.say_instead")
    if said.known != "not_yet" and service in about_data(at) and not said.looked_at.strip():
        raise Refused("incidents.say_looked_at")
    if said.back_at is not None and said.back_at <= at:
        raise Refused("incidents.back_passed")
    untouched = service in about_data(at) and said.state == "working"
    check_claims(texts, said.checked, claims=untouched, at=at)
    if said.next_at is not None or unsettled(said.state, said.known):
        check_next(said.next_at, at)


def unsettled(state: str, known: str) -> bool:
    """Whether somebody waits to hear more: it does not work, or we do not know yet what happened to it."""
    return state != "working" or known == "not_yet"


def check_end(standing: Mapping[str, tuple[str, str]], at: datetime) -> None:
    """Refuse to end while something is not right. `standing`: service -> (state, known).

    What happened to data may stay as it was said, once it is known or cannot be known. Refused: incidents.still_down,
    incidents.still_unknown.
    """
    names = services(at)
    for service, (state, known) in standing.items():
        if known == "not_yet" and service in about_data(at):
            raise Refused("incidents.still_unknown", service=names.get(service, service))
        if state != "working" and service not in about_data(at):
            raise Refused("incidents.still_down", service=names.get(service, service))
