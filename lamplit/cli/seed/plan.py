"""Where the homes stand: blocks with homes above each other, streets of houses; and how they are cut into batches.

A batch is written as one page of the record. It holds whole sites, so that whatever happens between neighbours happens in
one batch, and batches can be written in any order by any number of processes.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from lamplit.cli.seed import names

BATCH_HOMES = 500  # homes a page: with three years of repairs about 15,000 facts


@dataclass(frozen=True)
class HomePlan:
    """One home to be. `storey` and `stack` are None for a house."""

    number: int
    storey: int | None
    stack: int | None
    shape: str
    bedrooms: int
    uprn: str


@dataclass(frozen=True)
class Site:
    """A block or a street."""

    name: str
    town: str
    postcode: str
    is_block: bool
    homes: tuple[HomePlan, ...]

    def address(self, home: HomePlan) -> list[str]:
        if self.is_block:
            return [f"Flat {home.number}", self.name, self.town]
        return [f"{home.number} {self.name}", self.town]


def chance(seed: int, what: str) -> random.Random:
    """Return the chance of one part of the landlord: the same for the same seed, whatever else is made."""
    return random.Random(f"{seed}/{what}")  # noqa: S311 - repeatable on purpose, never a secret


def make_sites(homes: int, seed: int) -> list[Site]:
    """Return the sites of a landlord with exactly so many homes."""
    dice, sites, left, uprn = chance(seed, "sites"), list[Site](), homes, 990_000_000_000
    for name, is_block in _site_names(dice):
        if left <= 0:
            break
        plans = _block(dice, left, uprn) if is_block else _street(dice, left, uprn)
        uprn += len(plans)
        left -= len(plans)
        sites.append(Site(name, dice.choice(names.TOWNS), _postcode(dice), is_block, plans))
    return sites


def _site_names(dice: random.Random) -> Iterator[tuple[str, bool]]:
    """Yield names, none twice: blocks and streets in turn, roughly six homes in ten in blocks."""
    number = 0
    while True:
        number += 1
        pairs = [(f"{first} {last}", last in names.BLOCK_WORDS) for first in names.FIRST_WORDS for last in _LASTS]
        dice.shuffle(pairs)
        yield from ((name if number == 1 else f"{name} {'North' if number == 2 else number}", block) for name, block in pairs)


_LASTS = [*names.BLOCK_WORDS, *names.STREET_WORDS]


def _block(dice: random.Random, most: int, uprn: int) -> tuple[HomePlan, ...]:
    storeys, stacks = dice.choice([3, 3, 4, 4, 5, 6, 8, 11]), dice.choice([2, 3, 4, 4, 6])
    beds = [dice.choice([1, 1, 2, 2, 3]) for _ in range(stacks)]
    count = min(storeys * stacks, most)
    return tuple(
        HomePlan(
            n + 1,
            n // stacks,
            n % stacks + 1,
            "flat" if beds[n % stacks] > 1 else "studio or flat",
            beds[n % stacks],
            str(uprn + n),
        )
        for n in range(count)
    )


def _street(dice: random.Random, most: int, uprn: int) -> tuple[HomePlan, ...]:
    shape, step = dice.choice(["terraced house", "semi-detached house", "bungalow"]), dice.choice([1, 2])
    return tuple(
        HomePlan(1 + n * step, None, None, shape, 1 if shape == "bungalow" else dice.choice([2, 3, 3, 4]), str(uprn + n))
        for n in range(min(dice.randint(8, 32), most))
    )


def _postcode(dice: random.Random) -> str:
    """Return a postcode as they are made, in an area (LT) that there is not."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"LT{dice.randint(1, 29)} {dice.randint(1, 9)}{dice.choice(letters)}{dice.choice(letters)}"


def cut(sites: list[Site], size: int = BATCH_HOMES) -> list[list[Site]]:
    """Cut the sites into batches of about `size` homes."""
    batches: list[list[Site]] = []
    count = size
    for site in sites:
        if count >= size:
            batches.append([])
            count = 0
        batches[-1].append(site)
        count += len(site.homes)
    return batches
