"""Files of money, their lines, suspense, and whose a line may be."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum
from msgspec.structs import replace

from lamplit.basics.words import pounds
from lamplit.people import queries as people
from lamplit.record.ready import Ready
from lamplit.rent.models import BenefitClaim, Collection, MoneyFile, MoneyLine, RentAccount, RentBalance
from lamplit.rent.queries.accounts import accounts as accounts_of
from lamplit.rent.queries.accounts import terms_on
from lamplit.rent.rules import chains, claimed, matching
from lamplit.rent.rules import money_in as rules
from lamplit.rent.rules.claimed import Numbered, Paid
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.matching import Guess, Known, Seen
from lamplit.rent.rules.money_in import Before, Line, NewFile, Trouble
from lamplit.tenancies import queries as tenancies

_LINE = Ready(lambda line: MoneyLine.objects.filter(id=line))
_FILE = Ready(lambda file: MoneyFile.objects.filter(id=file))
_PAYMENTS = Ready(lambda account: MoneyLine.objects.filter(account=account).order_by("-on", "-id"))
NAMES_LOOKED_UP = 300  # lines of one file whose payer's name is looked up: a day's, not a year's
_PAYERS = """
SELECT payer_exactly, account, count(*) FROM money_line
WHERE payer_exactly = ANY(%s) AND account IS NOT NULL AND pence > 0 GROUP BY payer_exactly, account
"""
_COUNTS = """
SELECT file, count(*) FILTER (WHERE state = 'posted'), count(*) FILTER (WHERE state = 'suspense'),
coalesce(sum(pence) FILTER (WHERE state = 'suspense'), 0)::bigint
FROM money_line WHERE file = ANY(%s) GROUP BY file
"""


_FORMER = """
SELECT n.reference_key, n.account FROM rent_number n JOIN rent_account a ON a.id = n.account
WHERE n.reference_key IS NOT NULL AND n.reference_key IS DISTINCT FROM a.reference_key ORDER BY n.id
"""


class Counts(NamedTuple):
    """How many lines of a file are on accounts, and how many wait, with their sum."""

    posted: int = 0
    waiting: int = 0
    waiting_pence: int = 0


class Suggestion(NamedTuple):
    """Whose a line may be, and in words why."""

    account: str
    why: str
    sure: int


def money_file(file_id: str) -> MoneyFile | None:
    return _FILE.first(file=file_id)


def file_of(sha256: str, part: int) -> MoneyFile | None:
    """Return the file of these bytes, where we have it."""
    return MoneyFile.objects.filter(sha256=sha256, part=part).first()


def money_files(limit: int = 100) -> list[tuple[MoneyFile, Counts]]:
    """Return the last files, the newest first, with what became of their lines."""
    rows = list(MoneyFile.objects.order_by("-taken_at", "-part", "-id")[:limit])
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [[row.id for row in rows]])
        counted = {row[0]: Counts(*row[1:]) for row in cursor.fetchall()}
    return [(row, counted.get(row.id, Counts())) for row in rows]


def before(source: str, label: str, sha256: str) -> list[Before]:
    """Return the files of the same firm and label that came before this one, the newest first."""
    rows = MoneyFile.objects.filter(source=source, label=label).exclude(sha256=sha256).order_by("-taken_at", "-part", "-id")
    return [Before(*row) for row in rows.values_list("serial", "dated", "closing_pence")[:400]]


def lines_were_there(new: NewFile, lines: Iterable[Line]) -> bool:
    """Say whether another file of the same firm holds the very same lines: one that was exported again has other bytes.

    Serials that are numbers tell files apart. One that was cut off counts by its sums: the rest of it may still follow.
    """
    if chains.number_of(new.serial) is not None or not new.lines:
        return False
    alike = MoneyFile.objects.filter(
        source=new.source, label=new.label, serial=new.serial, dated=new.dated, lines=new.lines, credit_pence=new.credit_pence,
        debit_pence=new.debit_pence, opening_pence=new.opening_pence, closing_pence=new.closing_pence,
    ).exclude(sha256=new.sha256)  # fmt: skip
    ours = sorted((one.pence, one.on, one.told.reference or "") for one in lines)
    return any(row.state != "finished" or ours == sorted(map(_told, MoneyLine.objects.filter(file=row.id))) for row in alike)


def _told(row: MoneyLine) -> tuple[int, date, str]:
    says = row.told if isinstance(row.told, dict) else {}
    return row.pence, row.on, str(says.get("reference") or "")


def trouble_with(new: NewFile) -> Trouble | None:
    """Say what is wrong with a file beside those that we have."""
    return rules.trouble_with(new, before(new.source, new.label, new.sha256))


def check_lines(lines: Iterable[Line], today: date) -> None:
    """Refuse a file for one of its lines before anything of it is written. Refused: rent.bad_sum, rent.day_ahead."""
    rules.check_lines(lines, today)


def there(file_id: str) -> set[int]:
    """Return which lines of a file are in the books already."""
    return set(MoneyLine.objects.filter(file=file_id).values_list("number", flat=True))


def money_line(line_id: str) -> MoneyLine | None:
    return _LINE.first(line=line_id)


def money_lines(file_id: str, limit: int = 200, after: int = -1) -> list[MoneyLine]:
    """Return lines of a file in its order, those that wait first."""
    return list(MoneyLine.objects.filter(file=file_id, number__gt=after).order_by("number")[:limit])


def payments_of(account_id: str) -> list[MoneyLine]:
    """Return every payment on an account, the newest first: each has a receipt."""
    return _PAYMENTS.all(account=account_id)


def suspense(first: int, limit: int) -> list[MoneyLine]:
    """Return what waits in suspense, the oldest first, from a place on."""
    return list(MoneyLine.objects.filter(state="suspense").order_by("on", "id")[first : first + limit])


def old_after(on: date) -> int:
    """Return after how many days a line in suspense counts as old."""
    return policy().number("suspense.old_days", on)


def suspense_total() -> tuple[int, int]:
    """Return how many lines wait in suspense, and their sum."""
    waiting = MoneyLine.objects.filter(state="suspense")
    return waiting.count(), waiting.aggregate(sum=Sum("pence"))["sum"] or 0


def references() -> dict[str, str]:
    """Return every number that people pay with, and whose account it is."""
    return dict(RentAccount.objects.filter(reference_key__isnull=False).values_list("reference_key", "id"))


def sure_number_length(on: date) -> int:
    """Return how many letters and digits a number must have to be sure among other words."""
    return policy().number("matching.least_digits", on)


def is_short_number(reference: object, on: date) -> bool:
    """Say whether a number is so short that it counts only where a payer writes nothing else."""
    return isinstance(reference, str) and matching.is_short(reference, on)


def former_references() -> dict[str, str]:
    """Return the numbers that accounts had before they got others, each with its account."""
    with connection.cursor() as cursor:
        cursor.execute(_FORMER)
        return dict(cursor.fetchall())


def claims_by_reference(numbers: Iterable[str]) -> dict[str, list[Numbered]]:
    """Return the claims that bear these numbers of councils or DWP. Several may bear one."""
    found: dict[str, list[Numbered]] = {}
    rows = list(BenefitClaim.objects.filter(reference_key__any=sorted(set(numbers))).order_by("id"))
    of = accounts_of({row.account for row in rows})
    for row in rows:
        one = of[row.account]
        found.setdefault(str(row.reference), []).append(
            Numbered(
                claim=row.id, account=row.account, scheme=row.scheme, state=row.state, award_pence=row.award_pence,
                cycle=row.cycle, pays_after_days=row.pays_after_days, ends_on=row.ends_on, started_on=one.started_on,
                ended_on=one.ended_on,
            )
        )  # fmt: skip
    return found


def payers(keys: Iterable[str]) -> dict[tuple[str, str], dict[str, int]]:
    """Return who paid which account how often; each key is `<name> …<ending>`."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, [list(keys)])
        for key, account, count in cursor.fetchall():
            name, _, ending = key.rpartition(" …")
            found.setdefault((name, ending), {})[account] = count
    return found


def known_for(seen: Iterable[Seen]) -> Known:
    """Return what is known of all accounts to match these lines by number and payer; names are only for suggestions."""
    numbers = references()
    keys = {key for one in seen if (key := payer_key(one.payer, one.ending)) is not None}
    return Known(
        references=numbers, repaired=matching.index_references(numbers), payers=payers(keys) if keys else {}, names={}, due={},
        former=former_references(),
    )  # fmt: skip


def payer_key(payer: str | None, ending: str | None) -> str | None:
    """Return a payer as she is known again: her name as it is compared, and her account's last three digits."""
    return f"{matching.plain_name(payer)} …{ending}" if payer and ending and matching.plain_name(payer) else None


def match_all(lines: Iterable[Line], source: str, on: date) -> list[Line]:
    """Return lines with whose they are, where that is sure enough, and whose they may be."""
    listed = list(lines)
    if source in ("hb", "uc"):
        claims, known = claims_by_reference(line.told.own_id for line in listed if line.told.own_id), known_for([])
        return [_match_benefit(line, source, claims, known, on) for line in listed]
    known = known_for([_seen(line) for line in listed])
    matched = [line if line.to is not None else _matched(line, matching.sure(_seen(line), known, on)) for line in listed]
    debited = _debited(line for line in matched if line.account is not None and line.pence < 0)
    matched = [
        replace(line, account=None, how=None, sure=None) if (line.account, -line.pence) in debited else line for line in matched
    ]
    looked = 0
    for number, line in enumerate(matched):
        if line.account is None and line.to is None and line.pence > 0 and looked < NAMES_LOOKED_UP:
            looked += 1
            found = matching.maybe(matching.guesses(_seen(line), _with_names(known, line.told.payer, on), on))
            matched[number] = replace(line, maybe=found.account if found else None)
    return matched


_CAME_BACK_WITHIN = timedelta(days=92)


def _debited(lines: Iterable[Line]) -> set[tuple[str | None, int]]:
    """Return (account, pence) of what goes out again and was lately collected by Direct Debit: a report of Bacs takes it off.

    The bank's statement may list it as well. With both she would owe it twice; so a person looks at the statement's line.
    """
    listed = list(lines)
    if not listed:
        return set()
    rows = Collection.objects.filter(
        account__any=sorted({str(line.account) for line in listed}), pence__in=sorted({-line.pence for line in listed}),
        state__in=("collected", "unpaid"), on__gte=min(line.on for line in listed) - _CAME_BACK_WITHIN,
    )  # fmt: skip
    return set(rows.values_list("account", "pence"))


def _with_names(known: Known, payer: str | None, on: date) -> Known:
    """Add the accounts of tenants who have a payer's name."""
    named = _named(payer, on) if payer else []
    if not named or payer is None:
        return known
    due = {account: _due(account, on) for account in named}
    return replace(known, names={matching.plain_name(payer): tuple(named)}, due=due)


def _match_benefit(line: Line, source: str, claims: dict[str, list[Numbered]], known: Known, on: date) -> Line:
    """A schedule names its own claim. Where several accounts may be meant, our number says which; else our number counts alone.

    What is taken back of a claim that we know is taken off its account too: the council has kept it already.
    """
    paid = Paid(source=source, pence=line.pence, on=line.on, from_on=line.from_on, to_on=line.to_on)
    may_be = claimed.whose(paid, claims.get(line.told.own_id or "", []))
    guess = matching.sure(_seen(line), known, on)
    if len(may_be) > 1:
        may_be = [one for one in may_be if guess is not None and guess.account == one.account]
        if not may_be:
            return line
    if may_be:
        return replace(line, account=may_be[0].account, claim=may_be[0].claim, how="claim", sure=matching.EXACT)
    return _matched(line, guess)


def _matched(line: Line, guess: Guess | None) -> Line:
    return line if guess is None else replace(line, account=guess.account, how=guess.how, sure=guess.sure)


def _seen(line: Line) -> Seen:
    told = line.told
    return Seen(pence=line.pence, reference=told.reference or "", payer=told.payer, ending=told.ending)


def seen_of(row: MoneyLine) -> Seen:
    told: Any = row.told if isinstance(row.told, dict) else {}
    return Seen(
        pence=row.pence, reference=told.get("reference") or "", payer=told.get("payer"), ending=told.get("ending")
    )  # fmt: skip


def suggestions(row: MoneyLine, on: date) -> list[Suggestion]:
    """Return whose a line in suspense may be, the likeliest first, each with why."""
    seen = seen_of(row)
    known = _with_names(known_for([seen]), seen.payer, on)
    found = _of_claims(row)
    named = {one.account for one in found}
    found += [one for one in matching.guesses(seen, known, on) if one.account not in named]
    there = accounts_of(one.account for one in found)
    return [Suggestion(one.account, _why(one, seen), one.sure) for one in found if one.account in there][:5]


def _of_claims(row: MoneyLine) -> list[Guess]:
    """Return the accounts whose claims bear the number of a line of benefit, whatever their days say."""
    number = row.told.get("own_id") if row.source == "benefit" and isinstance(row.told, dict) else None
    claims = claims_by_reference([number]).get(number, []) if number else []
    return [Guess(account=account, how="claim", sure=matching.ONCE) for account in dict.fromkeys(one.account for one in claims)]


def _named(payer: str, on: date) -> list[str]:
    """Return the accounts of tenants who have every word of a payer's name."""
    name = matching.plain_name(payer)
    found = people.search(name.lower(), limit=10) if name else []
    lives = [one for person in found for one in tenancies.living_of(person.person, on) if one.role == "tenant"]
    return list(dict.fromkeys(one.tenancy for one in lives))[:5]


def _due(account: str, on: date) -> tuple[int, ...]:
    terms, owes = terms_on(account, on), RentBalance.objects.filter(id=account).first()
    charged = [sum(term["pence"] for term in terms.terms)] if terms is not None else []
    return (*charged, *([owes.rent] if owes is not None else []))


def _why(one: Guess, seen: Seen) -> str:
    return {
        "reference": "The payment names this number.",
        "repaired": "The payment names this number, typed a little wrong.",
        "claim": "The council’s number is this claim’s.",
        "payer": "The same payer has paid this account before.",
        "name_amount": f"The payer has this tenant’s name, and {pounds(seen.pence)} is what is due.",
        "name": "The payer has this tenant’s name.",
        "person": "",
    }[one.how]
