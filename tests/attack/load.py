"""A client that works as a web process does: it calls actions, and may be killed in the middle of one.

`python -m tests.attack.load begin` makes the landlord; `... <name> <seed> <seconds>` goes on until the time is over, and
`... again <journals>` sends every acknowledged command once more. What it is about to do goes into a journal before, the
answer afterwards: after a kill it first sends the same command again, as a browser would.
"""

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HOMES = 24
FAULTS = ["leak_fitting", "hot_water_off", "damp_mould", "power_trips", "door_inside", "electric_unsafe"]


def main(words: list[str]) -> None:
    from lamplit.cli import start

    start.open_installation()
    if words[0] == "begin":
        begin()
    elif words[0] == "again":
        for path in words[1:]:
            send_again(Path(path))
    else:
        Client(words[0], int(words[1])).run(float(words[2]))


def begin() -> None:
    """The cast, homes that are let, staff on call: all by actions."""
    from lamplit.basics import who
    from lamplit.homes import actions as homes
    from lamplit.people import actions as people
    from lamplit.people.facts import Reach
    from lamplit.repairs.tests import story
    from lamplit.tenancies import actions as tenancies
    from tests import cast

    story.begin()
    at = datetime.now(UTC) - timedelta(days=400)
    for n in range(HOMES):
        told: dict[str, Any] = {"by": who.job("moving_in"), "at": at}
        home = homes.record_home(address=[f"{n} Ember Rise"], block=cast.BLOCK, storey=n, stack=3, command=f"in:h{n}", **told)
        person = people.record_person(name=f"Wilhelmina Oakapple {n}", command=f"in:p{n}", **told)
        how = Reach(channel="text", value=f"07700 9001{n:02}", state="works", safe=True)
        people.set_reach(person=person, how=how, command=f"in:a{n}", **told)
        tenancies.start_tenancy(
            home=home, tenants=[person], tenure="assured", started_on=at.date(), command=f"in:t{n}", **told
        )  # fmt: skip


class Client:
    """Does one random thing after another, each with a command of its own."""

    def __init__(self, name: str, seed: int) -> None:
        self._name = name
        self._path = Path(os.environ["LAMPLIT_HOME"]) / f"{name}.journal"
        self._random = random.Random(f"{name} {seed} {time.time_ns()}")  # noqa: S311 - for tests, never a secret
        self._count = 0

    def run(self, seconds: float) -> None:
        """Go on until the time is over. Whatever was begun before a kill is sent again first."""
        from tests.attack.running import read_journal

        lines = read_journal(self._path)
        self._path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        self._count = len(lines)
        deadline = time.monotonic() + seconds
        with self._path.open("ab") as self._journal:
            if lines and "answer" not in lines[-1]:
                self._do(lines[-1]["do"])
            while time.monotonic() < deadline:
                self._do(self._think())

    def _think(self) -> dict[str, Any]:
        """Choose what to do next. Waits for the database if it is away."""
        self._count += 1
        command = f"form:{self._name}:{self._count}"
        return {"command": command, **patiently(lambda: choose(self._random))}

    def _do(self, thing: dict[str, Any]) -> None:
        self._write({"do": thing})
        answer = patiently(lambda: take(thing))
        self._write({"do": thing, "answer": answer, "at": time.time()})

    def _write(self, line: dict[str, Any]) -> None:
        self._journal.write(json.dumps(line).encode() + b"\n")
        self._journal.flush()


def patiently(work: Any) -> Any:
    """Try again while the database is away, for a minute at most: as a web process does from request to request."""
    from django.db import InterfaceError, OperationalError, close_old_connections

    deadline = time.monotonic() + 60
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            close_old_connections()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def choose(dice: random.Random) -> dict[str, Any]:
    """Return one thing to do, with everything that it needs, as JSON."""
    from lamplit.homes.models import Home
    from lamplit.people.models import Person
    from lamplit.repairs.models import Repair, Work

    kind = dice.choice(["report", "report", "note", "mend", "mend", "confirm", "reopen", "reach", "need", "contact"])
    if kind == "report":
        home = dice.choice(list(Home.objects.order_by("id").values_list("id", flat=True)))
        return {"kind": kind, "home": home, "fault": dice.choice(FAULTS), "n": dice.randrange(10**9)}
    if kind in ("reach", "need", "contact"):
        person = dice.choice(list(Person.objects.order_by("id").values_list("id", flat=True)))
        return {"kind": kind, "person": person, "n": dice.randrange(10**9)}
    if kind == "mend":
        works = list(Work.objects.filter(state__in=["open", "booked"]).order_by("id").values_list("id", "needs")[:40])
        work, needs = dice.choice(works) if works else ("w_nothing", [])
        return {"kind": kind, "work": work, "needs": list(needs), "at": datetime.now(UTC).isoformat()}
    statuses = {"confirm": ["to_confirm"], "reopen": ["closed"]}.get(kind)
    found = Repair.objects.filter(status__in=statuses) if statuses else Repair.objects.all()
    repairs = list(found.order_by("-id").values_list("id", flat=True)[:40])
    return {"kind": kind, "repair": dice.choice(repairs) if repairs else "r_nothing", "n": dice.randrange(10**9)}


def take(thing: dict[str, Any]) -> Any:
    """Take the action. Returns its answer as JSON, or `{"refused": code}`."""
    import msgspec

    from lamplit.basics.refusal import Refused

    try:
        return msgspec.json.decode(msgspec.json.encode(_act(thing)))
    except Refused as refused:
        return {"refused": refused.code}


def _act(thing: dict[str, Any]) -> Any:
    from lamplit.messages.actions import record_contact
    from lamplit.people.actions import note_person, set_reach
    from lamplit.people.facts import PersonNote, Reach
    from lamplit.repairs import actions as repairs
    from tests import cast

    told: dict[str, Any] = {"by": cast.BY_DELE, "at": datetime.now(UTC), "command": thing["command"]}
    kind, n = thing["kind"], thing.get("n")
    if kind == "report":
        said = repairs.Said(fault=thing["fault"], room="kitchen")
        told |= {"words_said": f"It is number {n}.", "separate": n % 2 == 0}
        return repairs.report_repair(home=thing["home"], channel="phone", said=said, **told)
    if kind == "note":
        return repairs.note_repair(repair=thing["repair"], says=f"Note {n}", **told)
    if kind == "mend":
        seen = [f"{need}: seen" for need in thing["needs"] if need not in ("cause", "test_or_isolation")] or ["note: seen"]
        return repairs.attend_visit(
            work=thing["work"], outcome="mended", arrived_at=datetime.fromisoformat(thing["at"]), did="Mended it",
            evidence=["blob:" + "0" * 64, *seen], cause="Worn", electrics="tested", **told,
        )  # fmt: skip
    if kind == "confirm":
        return repairs.confirm_mended(repair=thing["repair"], channel="phone", **told)
    if kind == "reopen":
        return repairs.reopen_repair(repair=thing["repair"], channel="phone", said=f"Not mended {n}", **told)
    if kind == "reach":
        how = Reach(channel="email", value=f"wilhelmina{n}@oakapple.example", state="works", safe=True)
        return set_reach(person=thing["person"], how=how, **told)
    if kind == "need":
        about = PersonNote(what="need", code="wheelchair", source="herself", says=f"Since year {n}")
        return note_person(person=thing["person"], about=about, **told)
    return record_contact(channel="call", direction="in", said=f"Called about {n}", person=thing["person"], **told)


def send_again(path: Path) -> None:
    """Send every acknowledged command again: it must get the first answer. One that was refused may fare otherwise now."""
    from tests.attack.running import read_journal

    for line in read_journal(path):
        answer = line.get("answer", {"refused": ""})
        if isinstance(answer, dict) and "refused" in answer:
            continue
        again = take(line["do"])
        assert again == answer, (line["do"], answer, again)


if __name__ == "__main__":
    main(sys.argv[1:])
