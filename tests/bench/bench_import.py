"""Bringing a landlord over from its files: homes, people and tenancies imported, sealed and published; then found again."""

import csv
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from tests.bench.bench_seed import wait_until_published
from tests.bench.ground import Ground, ask, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Bringing a landlord over, and finding people in it"
PEOPLE_A_HOME, SECONDS, HOMES_OF_TARGET = 2.8, 180, 125_000
DESK, PORTAL = 150, 60
GIVEN = [
    "Amina", "Beth", "Carlos", "Dawn", "Efe", "Farah", "Grace", "Hassan", "Ines", "Jerome", "Katarzyna", "Leon", "Maeve",
    "Nadia", "Priya", "Quentin", "Rosa", "Siobhan",
]  # fmt: skip
BEGIN = [
    "Ash", "Bar", "Cal", "Den", "El", "Fair", "Gren", "Hol", "Ing", "Jar", "Kel", "Lang", "Mar", "Nor", "Old", "Pem",
    "Quin", "Rath", "Stan", "Thorn", "Ul", "Var", "Wes", "Yar",
]  # fmt: skip
END = [
    "bridge", "by", "combe", "dale", "don", "field", "ford", "ham", "hurst", "ley", "low", "man", "mere", "more",
    "ridge", "sett", "shaw", "son", "stead", "ton", "well", "wick", "wood", "worth",
]  # fmt: skip


def sizes(ground: Ground) -> str:
    return (
        f"{ground.homes:,} homes, {int(ground.homes * PEOPLE_A_HOME):,} people and their tenancies in three files,"
        f" {ground.processes} processes, sealer and publisher at work; fsync on"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: COPY the same rows and entries, by one process. For pages: one of the same kit that asks for nothing."""
    with passing(homes=0) as home, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        write_files(Path(folder), ground.homes)
        begun, taken = time.perf_counter(), {}
        with carriers(home):
            for kind in ("homes", "people", "tenancies"):
                start = time.perf_counter()
                lamplit(home, "import", kind, f"{folder}/{kind}.csv", "--processes", str(ground.processes))
                taken[kind] = time.perf_counter() - start
            wait_until_published(home)
            whole = time.perf_counter() - begun
            start = time.perf_counter()
            lamplit(home, "import", "contacts", f"{folder}/contacts.csv", "--processes", str(ground.processes))
            wait_until_published(home)
            contacts = time.perf_counter() - start
        floor, pages = ask(home, "copying"), ask(home, "searching")["times"]
    yield Line("entries", floor["entries"], "")
    for kind, seconds in taken.items():
        yield Line(f"... {kind}", seconds, "s")
    yield Line("floor: COPY the same rows and entries", floor["seconds"], "s")
    yield Line("times the floor", whole / floor["seconds"], "x")
    yield at_most("all of it, until it is published", whole, "s", SECONDS * max(1.0, ground.homes / HOMES_OF_TARGET))
    yield Line("after that: a telephone number of each, an e-mail address of the tenants", contacts, "s")
    for name, times in pages.items():
        yield Line(f"{name}, median", times[len(times) // 2] * 1000, "ms")
        p95 = times[len(times) * 95 // 100] * 1000
        yield at_most(f"{name}, 95th percentile", p95, "ms", PORTAL if name.startswith("portal") else DESK)


def write_files(folder: Path, homes: int) -> None:
    """Write a made-up landlord as its old system would hand it over."""
    dice = random.Random(1)  # noqa: S311 - the same landlord in each run
    people = int(homes * PEOPLE_A_HOME)
    _write(folder / "homes.csv", (_home(n) for n in range(homes)))
    _write(folder / "people.csv", (_person(n, dice) for n in range(people)))
    _write(folder / "tenancies.csv", (_living(n, homes) for n in range(people)))
    _write(folder / "contacts.csv", chain((_phone(n) for n in range(people)), (_email(n) for n in range(homes))))


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        first = next(rows)
        into = csv.DictWriter(file, list(first))
        into.writeheader()
        into.writerow(first)
        into.writerows(rows)


def _home(n: int) -> dict[str, Any]:
    street, number = divmod(n, 40)
    name = f"{BEGIN[street % len(BEGIN)]}{END[street // len(BEGIN) % len(END)]} Street"
    return {
        "PropertyReference": f"P{n:06}", "UPRN": 999_000_000_000 + n, "AddressLine1": f"{number + 1} {name}",
        "CityName": "Lampton", "PostalCode": f"ZZ{street // 100 % 90 + 1} {street // 10 % 10}{'ABDEFGHJLN'[street % 10]}A",
        "PropertyType": "flat", "Bedrooms": n % 4 + 1,
    }  # fmt: skip


def _person(n: int, dice: random.Random) -> dict[str, Any]:
    family = dice.choice(BEGIN) + dice.choice(END) + dice.choice(["", "", f"-{dice.choice(BEGIN)}{dice.choice(END)}"])
    born = f"{dice.randrange(1, 29):02}/{dice.randrange(1, 13):02}/{dice.randrange(1940, 2024)}"
    return {"PersonReference": f"C{n:06}", "NameGiven": dice.choice(GIVEN), "NameFamily": family, "DateOfBirth": born,
            "KnownAs": f"{dice.choice(BEGIN)}ie" if n % 9 == 0 else ""}  # fmt: skip


def _living(n: int, homes: int) -> dict[str, Any]:
    """The first `homes` people are tenants of a home each; the others live with them."""
    home, role = n % homes, "tenant" if n < homes else "occupant"
    return {
        "TenancyReference": f"T{home:06}", "PropertyReference": f"P{home:06}", "PersonReference": f"C{n:06}", "Role": role,
        "TenureType": "assured", "StartDate": f"{home % 28 + 1:02}/{home % 12 + 1:02}/{2000 + home % 25}",
    }  # fmt: skip


def _phone(n: int) -> dict[str, Any]:
    return {"PersonReference": f"C{n:06}", "Channel": "mobile", "Value": f"07{700_000_000 + n * 7 % 99_999_989:09}"}


def _email(n: int) -> dict[str, Any]:
    value = f"{GIVEN[n % len(GIVEN)].lower()}.{n * 7919 % 999_983}@example.net"
    return {"PersonReference": f"C{n:06}", "Channel": "email", "Value": value}
