"""What the tables of rent know that speaks against an arrears step: holds, disputes, breathing spaces, claims, files."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from lamplit.basics.working_days import london_date
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.rent.models import BankAdvice, MoneyFile
from lamplit.rent.queries import arrears, sources
from lamplit.rent.queries.claims import claims_of_accounts
from lamplit.rent.rules import chains, holds
from lamplit.rent.rules.chains import Link
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.steps import Circumstances, Known, LookedAt

# Other features say more of some of these.
_SAID = ("incidents", "disputes", "complaints", "hazards", "welfare", "pending_claims", "deaths", "missed", "said_paid", "needs")
PAID_BY = ("bank", "allpay", "paypoint")  # whose files have payments of tenants


def circumstances(accounts: Iterable[str], on: date) -> dict[str, Circumstances]:
    """Return what speaks against a step on these accounts. `rules.steps.together` puts what other features say beside it."""
    listed = list(accounts)
    held, spaces, taken = arrears.live_holds(listed), arrears.running(listed), arrears.steps_of(listed)
    looked, disputed, paid = arrears.considered(listed, on), sources.disputed(listed), sources.said_paid(listed)
    since = {account: case.since_on for account, case in arrears.cases(listed).items()}
    looks = arrears.looks_at_holds(listed, held)
    files, claims, (dead, came_back) = payments_to(on), claims_of_accounts(listed), _advised(listed)
    found = {}
    for one in listed:
        known = holds.by_field(map(arrears.standing_of, held.get(one, [])))
        known["disputes"] = (*known.get("disputes", ()), *(each.source for each in disputed.get(one, ())))
        known["said_paid"] = tuple(each.source for each in paid.get(one, ()))
        waiting = tuple(row.id for row in claims.get(one, []) if row.state == "pending")
        known["deaths"] = (*known.get("deaths", ()), *dead.get(one, ()))
        known["missed"] = (*known.get("missed", ()), *came_back.get(one, ()))
        known["pending_claims"] = (*known.get("pending_claims", ()), *waiting)
        found[one] = _circumstances(
            known, files, (spaces[one].id,) if one in spaces else (), tuple(row.id for row in looked.get(one, [])),
            tuple(row.id for row in taken.get(one, []) if row.spoke and row.on >= (since.get(one) or on)), looks.get(one, ()),
        )  # fmt: skip
    return found


def _circumstances(
    known: dict[str, tuple[str, ...]], files: date | None, spaces: tuple[str, ...], looked: tuple[str, ...],
    spoken: tuple[str, ...], seen: tuple[LookedAt, ...],
) -> Circumstances:  # fmt: skip
    said: dict[str, Known] = {name: known.get(name, ()) for name in _SAID}
    return Circumstances(
        payments_to=files, breathing_spaces=spaces, considered=looked, spoken=spoken, person_first=False, looked=seen, **said
    )


def _advised(accounts: list[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return by account the advices of banks at which no person has looked.

    Those that stop every letter (somebody may have died), and those by which a Direct Debit came back: what is owed since may be
    our own fault.
    """
    dead: dict[str, tuple[str, ...]] = {}
    came_back: dict[str, tuple[str, ...]] = {}
    waiting = BankAdvice.objects.filter(account__in=accounts, person=True, settled_at=None)
    for advice in waiting.exclude(stop_letters=False, collection=None).order_by("at", "id"):
        found = dead if advice.stop_letters else came_back
        found[str(advice.account)] = (*found.get(str(advice.account), ()), advice.id)
    return dead, came_back


_FILES = Ready(lambda since: MoneyFile.objects.filter(source__in=PAID_BY, taken_at__gte=since).order_by("-taken_at", "-id"))
_FIRMS = ReadyColumns(
    lambda since: MoneyFile.objects.filter(source__in=PAID_BY, taken_at__lt=since).order_by("source", "label").distinct(),
    "source", "label",
)  # fmt: skip
_OLDER = Ready(
    lambda source, label, since: MoneyFile.objects.filter(source=source, label=label, taken_at__lt=since).order_by(
        "-taken_at", "-id"
    )
)
_LATE = 20  # a file may come late: the last of a chain is among as many


def payments_to(on: date) -> date | None:
    """Return the day up to which every payment file is in; None: nobody can say.

    Each firm that ever sent files must have sent one, until a person says that nothing more comes from it: the one that is
    furthest behind decides. A file that is not in the books to its end counts for nothing. What comes after a file that is
    missing counts for nothing either, until that one is in.
    Without a bank file nobody can say.
    """
    reached = {chain: found for chain, links in _chains(on).items() if not (found := chains.reach(links)).over}
    days = [found.to_on for found in reached.values() if found.to_on is not None]
    if len(days) < len(reached) or not any(source == "bank" for source, _ in reached):
        return None
    return min(days)


class Missing(NamedTuple):
    """A payment file that is missing: whose, which serial or opening balance should have come, and before which file."""

    source: str
    label: str
    expected: str
    before: str


def files_missing(on: date) -> list[Missing]:
    """Return which payment files are missing."""
    found = {chain: chains.reach(links) for chain, links in _chains(on).items()}
    return [
        Missing(source, label, one.gap.expected, one.before)
        for (source, label), one in sorted(found.items())
        if one.gap is not None
    ]


class Quiet(NamedTuple):
    """A firm whose last file came long ago. Nobody said that nothing more comes from it."""

    source: str
    label: str
    last: str
    on: date


def files_quiet(on: date) -> list[Quiet]:
    """Return the firms whose files stopped coming: their last file holds every step, or nothing is missing from them."""
    since = _since(on)
    lasts = [(chain, max(links, key=chains.place_of)) for chain, links in sorted(_chains(on).items()) if links]
    return [Quiet(*chain, last.file, last.day) for chain, last in lasts if last.day < since and not last.none_after]


def missing_beside(file: MoneyFile, on: date) -> dict[str, str]:
    """Return on which sides of a file something may be said never to come, and what was expected there.

    Before it, while a gap is open there; after it, while it is the newest of its firm.
    """
    links = _chains(on).get((file.source, file.label), [])
    gap = next((one for one in files_missing(on) if one.before == file.id), None)
    found = {"before": gap.expected} if gap is not None else {}
    last = max(links, key=chains.place_of, default=None)
    return found | ({"after": ""} if last is not None and last.file == file.id and not last.none_after else {})


def _since(on: date) -> date:
    return on - timedelta(days=policy().number("steps.files_known_days", on))


def _chains(on: date) -> dict[tuple[str, str], list[Link]]:
    """Return the files that came lately, by firm and label, and the last one before these, however old it is.

    Without that one a long outage would forget which firms send files, and which file should have come next. One that was there
    before adds nothing.
    """
    since = datetime.combine(_since(on), time.min, UTC)
    found: dict[tuple[str, str], list[Link]] = {}
    for source, label in _FIRMS.all(since=since):
        older = _links(_OLDER.all(source=source, label=label, since=since, limit=_LATE))
        found[source, label] = [max(older, key=chains.place_of)] if older else []
    for row in _FILES.all(since=since):
        found.setdefault((row.source, row.label), []).extend(_links([row]))
    return found


def _links(rows: Iterable[MoneyFile]) -> list[Link]:
    return [
        Link(
            row.serial, row.dated or london_date(row.taken_at), row.opening_pence, row.closing_pence, row.state == "finished",
            row.id, row.none_before is not None, row.none_after is not None,
        )
        for row in rows
        if row.trouble != "serial_repeated"
    ]  # fmt: skip
