"""Look for people and homes of a large landlord as its contact centre does, and open what was found."""

import random
from itertools import cycle
from typing import Any

from django.test import Client

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.desk.tests.scene import signed_in
from lamplit.homes.models import Home
from lamplit.people.models import Person, Reach
from lamplit.staff import actions as staff
from lamplit.tenancies.models import Member, Tenancy
from tests.bench.visiting import TIMES, WARM, Asked, ask, tenant

STAFF = 8


def main() -> dict[str, Any]:
    """Return the seconds of each page, sorted."""
    dice, count = random.Random(1), TIMES + WARM  # noqa: S311 - the same pages in each run
    desks = cycle([signed_in(_join(n)) for n in range(STAFF)])
    homes = dice.sample(list(Home.objects.values_list("id", flat=True)), count)
    people = dice.sample(list(Person.objects.values_list("id", flat=True)), count)
    tenants = dice.sample(list(Member.objects.filter(role="tenant").values_list("person", flat=True)), count)
    names = [str(Person.objects.get(id=person).name) for person in people]
    rows = [Home.objects.get(id=home) for home in homes]
    typed = {
        "a name": names,
        "a name spelt wrongly": [_slip(name, dice) for name in names],
        "a surname spelt wrongly with another first name": [_slip(f"Quill {name.split()[-1]}", dice) for name in names],
        "the beginning of a name": [name.split()[-1][:4] for name in names],
        "a postcode": [str(row.postcode) for row in rows],
        "an address": [str(row.address[0]) for row in rows],
        "a name and an address": _at_home(dice, count),
        "a surname and an address": [" ".join(one.split()[1:]) for one in _at_home(dice, count)],
        "a name and an address that do not belong together": [
            f"{name} {row.address[0]}" for name, row in zip(names, rows, strict=True)
        ],
        "a home's old reference": [str(row.reference) for row in rows],
        "a UPRN": [str(row.uprn) for row in rows],
        "a name they go by": dice.choices(_known_as(), k=count),
        "a telephone number": dice.choices(_numbers(), k=count),
        "the beginning of a telephone number": [number[:7] for number in dice.choices(_numbers(), k=count)],
        "an e-mail address": dice.choices(_emails(), k=count),
    }
    asked = {
        f"desk search: {what}": [Asked(next(desks), "/desk/search", {"q": text}) for text in texts]
        for what, texts in typed.items()
    }
    asked |= {
        "floor: a page without the database": [Asked(Client(), "/signed-out")] * count,
        "desk queue": [Asked(next(desks), "/desk/") for _ in range(count)],
        "desk home": [Asked(next(desks), f"/desk/homes/{home}") for home in homes],
        "portal /": [Asked(tenant(person), "/") for person in tenants],
        "portal /your-data": [Asked(tenant(person), "/your-data") for person in tenants],
    }
    return {"times": {name: ask(pages) for name, pages in asked.items()}}


def _at_home(dice: random.Random, count: int) -> list[str]:
    """Return names of people, each with the first line of where she lives."""
    members = dice.sample(list(Member.objects.filter(left_on=None).values_list("person", "tenancy")), count)
    homes = dict(Tenancy.objects.filter(id__in=[tenancy for _, tenancy in members]).values_list("id", "home"))
    rows = Home.objects.in_bulk(homes.values())
    names = Person.objects.in_bulk([person for person, _ in members])
    return [f"{names[person].name} {rows[homes[tenancy]].address[0]}" for person, tenancy in members]


def _known_as() -> list[str]:
    return [str(name) for name in Person.objects.exclude(known_as=None).values_list("known_as", flat=True)[:500]]


def _numbers() -> list[str]:
    """Return telephone numbers as people say them."""
    keys = Reach.objects.filter(value_key__startswith="+44").values_list("value_key", flat=True)[:5000]
    return [f"0{key[3:]}" for key in keys]


def _emails() -> list[str]:
    return list(Reach.objects.filter(value_key__contains="@").values_list("value_key", flat=True)[:5000])


def _join(n: int) -> str:
    """Let one more person work here: nobody may look for more than some hundreds in an hour."""
    return staff.join_staff(
        name=f"Jo Bench {n}", email=f"jo{n}@landlord.example", roles=["lead"], by=who.cli("bench"), at=now(), command=f"bench:{n}"
    )


def _slip(name: str, dice: random.Random) -> str:
    """Leave one letter of the family name out, as somebody who only heard it might."""
    first, _, family = name.partition(" ")
    at = dice.randrange(1, len(family))
    return f"{first} {family[:at]}{family[at + 1 :]}"
