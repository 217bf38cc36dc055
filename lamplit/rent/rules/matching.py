"""Whose money is it? Each guess says by what it was made and how sure it is, of a hundred. Pure.

References are typed by people: a letter O for a nought, an I for a one, a nought left out, a space put in. A repaired reference
counts only when it can be no other account's. What a name and a sum suggest is for a person to decide, never posted.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from lamplit.basics.plain import Plain
from lamplit.rent.facts.money import HowName
from lamplit.rent.rules.figures import policy

EXACT, REPAIRED, OFTEN, ONCE, BOTH, NAME = 100, 95, 90, 70, 60, 40
_WORD = re.compile(r"[A-Za-z0-9]+")
_TOGETHER = 4  # how many pieces a reference may be torn into
_LIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})
_TITLES = {"MR", "MRS", "MISS", "MS", "MX", "DR"}


class Seen(Plain, frozen=True, kw_only=True):
    """A line as matching needs it. `ending`: the last three digits of the payer's account."""

    pence: int
    reference: str = ""
    payer: str | None = None
    ending: str | None = None


class Guess(Plain, frozen=True, kw_only=True):
    """Whose it may be, by what, and how sure that is."""

    account: str
    how: HowName
    sure: int


class Known(Plain, frozen=True, kw_only=True):
    """What is known of all accounts. A repaired reference that several have belongs to None.

    `payers`: by name and ending, how often each account was paid. `names`: accounts by their tenants' names. `due`: the sum that
    is charged each period, and what is owed, of each account that a name may mean. `former`: numbers that accounts had once.
    """

    references: Mapping[str, str]
    repaired: Mapping[str, str | None]
    payers: Mapping[tuple[str, str], Mapping[str, int]]
    names: Mapping[str, tuple[str, ...]]
    due: Mapping[str, tuple[int, ...]]
    former: Mapping[str, str] = {}


@lru_cache(maxsize=64)
def _figures(on: date) -> tuple[int, int]:
    """The figures that every line reads: read once a day."""
    return policy().number("matching.sure_enough", on), policy().number("matching.least_digits", on)


def repaired(reference: str) -> str:
    """Return a reference as it is compared when it was not typed exactly: no spaces, O as 0, I as 1, no noughts in front."""
    return "".join(_WORD.findall(reference)).upper().translate(_LIKE).lstrip("0")


def is_short(reference: str, on: date) -> bool:
    """Say whether a number has too few letters and digits to be sure among other words."""
    return len("".join(_WORD.findall(reference))) < _figures(on)[1]


def plain_name(name: str) -> str:
    """Return a name as it is compared: capital letters without accents, sorted, without a title."""
    letters = unicodedata.normalize("NFKD", name)
    words = re.findall(r"[A-Z]+", "".join(one for one in letters if not unicodedata.combining(one)).upper())
    return " ".join(sorted(word for word in words if word not in _TITLES))


def index_references(references: Mapping[str, str]) -> dict[str, str | None]:
    """Return all references as they are compared when repaired; None where two accounts would be meant."""
    found: dict[str, str | None] = {}
    for reference, account in references.items():
        key = repaired(reference)
        found[key] = account if found.get(key, account) == account else None
    return found


def guesses(line: Seen, known: Known, on: date) -> list[Guess]:
    """Return whose a line may be, the surest first, each account once. Two references in one line are sure of neither.

    A number that an account had once and has no more is sure of nobody, whoever paid.
    """
    if had := _by_former(line, known, on):
        once = had + _by_exactly(line, known, on) + _by_payer(line, known)
        found = list({one.account: replace(one, sure=min(one.sure, ONCE)) for one in reversed(once)}.values())
        return sorted(found, key=lambda one: (-one.sure, one.account))
    found = _by_reference(line, known, on)
    if len(found) > 1:
        found = [Guess(account=one.account, how=one.how, sure=ONCE) for one in found]
    found = found or _by_payer(line, known)
    there = {one.account for one in found}
    found += [one for one in (*_by_name(line, known), *_by_short(line, known, on)) if one.account not in there]
    return sorted(found, key=lambda one: (-one.sure, one.account))


def is_sure(guess: Guess, line: Seen, on: date) -> bool:
    """Say whether a guess is as sure as policy asks. What went out again goes on an account by its exact number alone."""
    enough, _ = _figures(on)
    return guess.sure >= enough and (line.pence > 0 or guess.how == "reference")


def sure(line: Seen, known: Known, on: date) -> Guess | None:
    """Return whose a line is, where that is sure enough; None where a person has to look."""
    found = guesses(line, known, on)
    return found[0] if found and is_sure(found[0], line, on) else None


def maybe(found: list[Guess]) -> Guess | None:
    """Return the one account that a line may well be of: money that counts for her until a person has looked."""
    likely = [one for one in found if one.sure >= BOTH]
    return likely[0] if len(likely) == 1 else None


def _named(line: Seen, on: date) -> list[str]:
    """Return what a line names: all that it says, and each word that is long enough to be a number by itself."""
    return [line.reference.strip(), *(word for word in _WORD.findall(line.reference) if not is_short(word, on))]


def _by_former(line: Seen, known: Known, on: date) -> list[Guess]:
    """Return the accounts that had a number of this line once, where it is nobody's now."""
    named = _named(line, on)
    accounts = {known.former[one] for one in named if one in known.former and one not in known.references}
    return [Guess(account=account, how="reference", sure=ONCE) for account in sorted(accounts)]


def _by_exactly(line: Seen, known: Known, on: date) -> list[Guess]:
    whole, *words = _named(line, on)
    if (account := known.references.get(whole)) is not None:
        return [Guess(account=account, how="reference", sure=EXACT)]
    exact = {known.references[word] for word in words if word in known.references}
    return [Guess(account=account, how="reference", sure=EXACT) for account in sorted(exact)]


def _by_short(line: Seen, known: Known, on: date) -> list[Guess]:
    """Return whose short number stands among other words: it may as well be a day or a house."""
    found = {known.references[word] for word in _WORD.findall(line.reference) if word in known.references and is_short(word, on)}
    return [Guess(account=account, how="reference", sure=NAME) for account in sorted(found)]


def _by_reference(line: Seen, known: Known, on: date) -> list[Guess]:
    exact = _by_exactly(line, known, on)
    if exact:
        return exact
    words = _WORD.findall(line.reference)
    _, least = _figures(on)
    meant = {known.repaired.get(key) for key in _pieces(words) if len(key) >= least and any(c.isdigit() for c in key)}
    return [Guess(account=account, how="repaired", sure=REPAIRED) for account in sorted(one for one in meant if one is not None)]


def _pieces(words: list[str]) -> set[str]:
    """Return every word, and every few words beside each other as one, as they are compared when repaired."""
    found = set()
    for start in range(len(words)):
        for count in range(1, min(_TOGETHER, len(words) - start) + 1):
            found.add(repaired("".join(words[start : start + count])))
    return found


def _by_payer(line: Seen, known: Known) -> list[Guess]:
    """Who paid from this account before, under this name. More than one account paid by one payer is sure of none."""
    if line.payer is None or line.ending is None or line.pence <= 0:
        return []
    before = known.payers.get((plain_name(line.payer), line.ending), {})
    alone = len(before) == 1
    return [
        Guess(account=account, how="payer", sure=OFTEN if alone and times > 1 else ONCE if alone else NAME)
        for account, times in before.items()
    ]


def _by_name(line: Seen, known: Known) -> list[Guess]:
    if line.payer is None or line.pence <= 0:
        return []
    found = []
    for account in known.names.get(plain_name(line.payer), ()):
        both = line.pence in known.due.get(account, ())
        found.append(Guess(account=account, how="name_amount" if both else "name", sure=BOTH if both else NAME))
    return found
