"""Who works for the made-up landlord: staff of every role, firms and their people, and who is on call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from lamplit.basics.fact import Fact
from lamplit.basics.ids import SeededIds
from lamplit.cli.seed import names
from lamplit.cli.seed.plan import chance
from lamplit.repairs.facts import CapacitySet, DiaryRecorded
from lamplit.staff.facts import ContractorRecorded, OnCallSet, RoleName, StaffJoined

DOMAIN = "harbourheath.example"
ROLES: dict[RoleName, int] = {  # how many of each at 1,200 homes
    "contact_centre": 5,
    "housing_officer": 4,
    "planner": 3,
    "surveyor": 3,
    "operative": 8,
    "complaints": 2,
    "lead": 2,
    "records": 1,
    "admin": 1,
}
RENT_ROLES: dict[RoleName, int] = {"income": 3, "finance": 2}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Worker:
    """One member of staff, or one of a firm's people."""

    id: str
    name: str
    email: str
    role: RoleName
    firm: str | None
    phone: str


@dataclass(frozen=True)
class Firm:
    id: str
    name: str
    trades: tuple[str, ...]


@dataclass(frozen=True)
class Crew:
    """Everybody who works here."""

    workers: tuple[Worker, ...]
    firms: tuple[Firm, ...]

    @cached_property
    def _by_role(self) -> dict[str, list[str]]:
        return {role: [worker.id for worker in self.workers if worker.role == role] for role in {w.role for w in self.workers}}

    @cached_property
    def _by_firm(self) -> dict[str | None, list[str]]:
        found: dict[str | None, list[str]] = {}
        for worker in self.workers:
            found.setdefault(worker.firm, []).append(worker.id)
        return found

    def of(self, role: RoleName) -> list[str]:
        """Return the ids of a role's people."""
        return self._by_role[role]

    def firm_for(self, trade: str) -> Firm | None:
        return next((firm for firm in self.firms if trade in firm.trades), None)

    def people_of(self, firm: str) -> list[str]:
        return self._by_firm[firm]


def make_crew(homes: int, seed: int, begins: datetime) -> Crew:
    """Return the same people for the same landlord."""
    dice, ids, taken = chance(seed, "crew"), SeededIds(seed), set[str]()

    def worker(role: RoleName, firm: Firm | None) -> Worker:
        while True:
            given, family = dice.choice(names.GIVEN), dice.choice(names.FAMILY)
            name = f"{given}.{family}".lower().replace(" ", "").encode("ascii", "ignore").decode()
            if name not in taken:
                break
        taken.add(name)
        domain = DOMAIN if firm is None else f"{firm.name.split()[0].lower()}.example"
        phone = f"+44163296{len(taken) % 10_000:04}"
        return Worker(ids("s", begins), f"{given} {family}", f"{name}@{domain}", role, firm.id if firm else None, phone)

    firms = tuple(Firm(ids("f", begins), name, tuple(trades)) for name, trades in names.FIRMS)
    grown = max(1, homes // 1_200)
    own = [
        worker(role, None)
        for role, count in ROLES.items()
        for _ in range(count if role in ("records", "admin") else count * grown)
    ]
    theirs = [worker("contractor", firm) for firm in firms for _ in range(2 * grown)]
    keepers = [worker(role, None) for role, count in RENT_ROLES.items() for _ in range(count * grown)]
    return Crew((*own, *theirs, *keepers), firms)


def opening(crew: Crew, seed: int, now: datetime) -> list[Fact]:
    """Return what is known of everybody, and who is on call from four weeks ago for half a year."""
    facts: list[Fact] = [
        ContractorRecorded(
            contractor=firm.id, trades=list(firm.trades), name=firm.name, phone="+441632960100",
            email=f"jobs@{firm.name.split()[0].lower()}.example",
        )
        for firm in crew.firms
    ]  # fmt: skip
    facts += [
        StaffJoined(
            staff=worker.id, roles=[worker.role], contractor=worker.firm, name=worker.name, email=worker.email,
            phone=worker.phone, team="repairs" if worker.role in ("operative", "planner", "surveyor") else "homes",
        )
        for worker in crew.workers
    ]  # fmt: skip
    facts += _diaries(crew, seed, now)
    ids, first = SeededIds(seed + 1), _monday(now) - 4 * WEEK
    for lead, people in ((False, [*crew.of("planner"), *crew.of("operative")]), (True, crew.of("lead"))):
        for week in range(30):
            begins = first + week * WEEK
            facts.append(
                OnCallSet(
                    shift=ids("o", begins), staff=people[week % len(people)], from_at=begins, until_at=begins + WEEK, lead=lead
                )
            )
    return facts


def _diaries(crew: Crew, seed: int, now: datetime) -> list[Fact]:
    """Each firm keeps a diary for the mornings and afternoons of the week, so that tenants can choose a time."""
    ids, facts = SeededIds(seed + 2), list[Fact]()
    for firm in crew.firms:
        diary = ids("d", now)
        facts.append(DiaryRecorded(diary=diary, contractor=firm.id, name=firm.name, trades=list(firm.trades)))
        since = (now - 4 * WEEK).date()
        facts += [CapacitySet(diary=diary, part=part, weekdays=[0, 1, 2, 3, 4], from_on=since, places=8) for part in ("am", "pm")]
    return facts


def _monday(now: datetime) -> datetime:
    day = now.replace(hour=8, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())
