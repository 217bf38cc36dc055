"""The drill from its first minute to its report. Nothing is pretended: real programs, real databases, real kills."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lamplit.cli import demo, start
from lamplit.cli.beside import Beside
from lamplit.cli.crew import Running
from lamplit.cli.making import make_installation
from lamplit.cli.running import check_port
from lamplit.config import place
from lamplit.record.cluster import Cluster
from lamplit.record.loop import Stop
from lamplit.record.note import SigningKey
from tests.drill import forging, report
from tests.drill.seeing import all_published, held, lamplit, published, quiet_at, rows_of, until, waiting_post
from tests.drill.visitor import Crowd, Visitor

MAIN = ("seal", "publish", "work", "serve")
OF_ONE_PATIENCE = 3_000  # homes times years whose record a standby follows, and a restore makes anew, in our shortest waits
PEOPLE, KILLS_TOGETHER = 4, 4  # who report at once; programs killed until somebody must be told a number
TAMPERINGS = {
    "a row was changed": "UPDATE folded.repair SET priority = priority || 'x' WHERE id = (SELECT min(id) FROM folded.repair)",
    "a row was taken out": "DELETE FROM folded.repair_clock WHERE id = (SELECT min(id) FROM folded.repair_clock)",
    "a row was put in": "INSERT INTO folded.incident_open (id, incident) VALUES ('planted', 'i_planted')",
    "a trigger was planted": "CREATE FUNCTION public.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    " CREATE TRIGGER spy AFTER INSERT ON folded.repair FOR EACH ROW EXECUTE FUNCTION public.spy()",
    "a right was given away": "GRANT SELECT ON record.key TO PUBLIC",
}
FOUND = {
    "a row was changed": "priority", "a row was taken out": "repair_clock", "a row was put in": "planted",
    "a trigger was planted": "spy", "a right was given away": "table key was changed",
}  # fmt: skip
RENT = (
    "one household had paid another way and one is told and collected late; nobody was chased or collected twice;"
    " “I have paid” and a dispute at the standby are there once"
)
UNLIKE = ("comeback", "post", "takeover")  # one side wrote these by itself
MORE_ON_MAIN = ("incident_line",)  # main adds that it is back


@dataclass
class Drill:
    """What happened and when, in seconds from the first visitor; and what was found to be wrong."""

    folder: Path
    port: int
    patience: float = 1.0  # how many times as long as with a small landlord to wait for what grows with it
    begun: float = field(default_factory=time.monotonic)
    moments: list[tuple[float, str]] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    rent: dict[str, Any] = field(default_factory=dict)
    refusals: forging.Words = field(default_factory=list)

    def happened(self, words: str) -> float:
        at = time.monotonic() - self.begun
        self.moments.append((at, words))
        print(f"{at:7.1f} s  {words}", flush=True)
        return at

    def until(self, holds: Callable[[], bool], what: str, seconds: float, crowd: Crowd | None = None) -> None:
        until(holds, what, seconds * self.patience, crowd)

    def must(self, holds: bool, words: str) -> None:
        if not holds:
            self.wrong.append(words)
            print(f"           WRONG: {words}", flush=True)

    @property
    def restored(self) -> Path:
        return self.folder / "restored"


def run(asked: argparse.Namespace, folder: Path) -> int:
    """Play it. Returns 0 when everything that it asks holds."""
    drill, stop = Drill(folder, asked.port, max(1.0, asked.homes * asked.years / OF_ONE_PATIENCE)), Stop().on_signals()
    for port in range(asked.port, asked.port + 4):
        check_port("127.0.0.1", port)
    (folder / "main" / "demo").mkdir(parents=True, exist_ok=True)
    (folder / "programs").mkdir(exist_ok=True)
    main, standby = Running(folder / "main" / "demo"), Running(folder / "programs")
    back = Running(drill.restored / "running")  # of main once it is back
    beside = Beside(folder / "standby", asked.port + 1)
    try:
        crowd = open_up(drill, asked, stop, beside, main, standby)
        kill_some(drill, asked.kills, main, standby, crowd)
        fixed = attack(drill, main, crowd)
        take_over(drill, beside, crowd)
        sealed = come_back(drill, beside, fixed)
        go_on(drill, beside, standby, back, crowd, sealed)
        crowd.stop()
        check(drill, beside, crowd)
        back.stop()  # nobody but the thief writes into main's store now
        standby.stop()
        key = SigningKey.read(drill.folder / "log-key")
        refused(drill, forging.forged(beside, key, folder, start=lambda: beside.start(standby)))
    finally:
        for crew in (main, standby, back):
            crew.folder.mkdir(parents=True, exist_ok=True)  # the attacker took it
            crew.stop()
        for home in (folder / "standby", drill.restored, folder / "main"):
            if home.exists():
                with suppress(OSError):  # what is left lies in the folder that goes next
                    Cluster(home).destroy()
        if asked.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(place.memory(folder / "standby"), ignore_errors=True)
    report.write(asked.report, drill.moments, drill.numbers, drill.wrong, vars(asked), drill.refusals)
    print(f"\nThe report is {asked.report.absolute()}.")
    return 1 if drill.wrong else 0


def open_up(drill: Drill, asked: Any, stop: Stop, beside: Beside, main: Running, standby: Running) -> Crowd:
    """A landlord with a standby, and people who report."""
    make_installation()
    beside.make()
    for name in MAIN[:2]:
        main.start(name, name)
    demo.fill(asked, stop, drill.folder / "main" / "demo")
    beside.let_in([(worker.id, worker.email) for worker in demo.first_of_each_role()])
    beside.start(standby)
    beside.start_taking_in(main)
    main.start("work", "work")
    main.start("serve", "serve", "--port", str(drill.port))
    demo.until_it_answers(drill.port, main, stop)
    demo.until_it_answers(drill.port + 1, standby, stop)
    with start.connect("owner") as db:
        codes = [row[0] for row in db.execute("SELECT DISTINCT postcode FROM folded.home WHERE postcode !~ '^\\x01' ORDER BY 1")]
    connections.close_all()
    drill.until(lambda: held(beside) == published(), "the standby holds all of main", 180)
    drill.rent = renting("before")
    drill.until(lambda: held(beside) == published(), "the standby holds the Direct Debits", 60)
    drill.begun = time.monotonic()
    crowd = Crowd({"main": drill.port, "standby": drill.port + 1}, codes, drill.begun, kept=drill.folder / "told")
    crowd.ports = {"main": drill.port}
    crowd.start(PEOPLE)
    drill.happened(f"{asked.homes:,} homes, {published():,} entries. People report repairs.")
    drill.until(lambda: len(crowd.at("main")) >= 4, "people are told numbers", 240, crowd)
    return crowd


def kill_some(drill: Drill, kills: int, main: Running, standby: Running, crowd: Crowd) -> None:
    """kill -9 of any program of either side, under load; what ends is started again as always.

    After every few, somebody must have been told a number: where nothing is acknowledged, nothing can be lost.
    """
    dice, before = random.Random(kills), len(crowd.at("main"))  # noqa: S311 - the same each time
    for number in range(1, kills + 1):
        crew = dice.choice((main, standby))
        name, told = crew.kill_one(dice), len(crowd.at("main"))
        time.sleep(dice.uniform(0.5, 1.5))
        for one in (main, standby):
            one.look_after()
        drill.numbers.setdefault("killed", []).append(name)
        if number % KILLS_TOGETHER == 0:
            drill.until(lambda told=told: goes_on(main, standby, crowd, told), "somebody is told a number again", 180, crowd)  # type: ignore[misc]
    drill.until(lambda: crews_run(main, standby, drill), "everything runs again", 60)
    if kills:
        told = drill.numbers["told_under_kills"] = len(crowd.at("main")) - before
        drill.happened(f"{kills} programs of both sides were killed and started again. Meanwhile {told} numbers were told.")


def goes_on(main: Running, standby: Running, crowd: Crowd, told: int) -> bool:
    """Whether somebody was told a number since; what was killed is started again."""
    for one in (main, standby):
        one.look_after()
    return len(crowd.at("main")) > told


def crews_run(main: Running, standby: Running, drill: Drill) -> bool:
    for one in (main, standby):
        one.look_after()
    return all(Visitor(port, "", random.Random(1)).answers() for port in (drill.port, drill.port + 1))  # noqa: S311


def attack(drill: Drill, main: Running, crowd: Crowd) -> int:
    """Kill all of main, make its database, keys and store unreadable. Returns how many entries it had, sealed or not."""
    time.sleep(2)
    with start.connect("owner") as db:
        had = db.execute("SELECT (SELECT count(*) FROM record.entry) + (SELECT count(*) FROM record.intake)").fetchone()[0]
    connections.close_all()
    shutil.copy(start.key_file(), drill.folder / "log-key")  # the copies that custodians keep away from here
    shutil.copy(place.key_folder() / "custodian", drill.folder / "custodian")
    shutil.copy(place.key_folder() / "post", drill.folder / "post")
    (drill.folder / "vkey").write_text(start.log_key().vkey)
    crowd.ports = {"main": drill.port, "standby": drill.port + 1}
    main.kill_all()
    Cluster(drill.folder / "main").destroy()
    for path in [*(drill.folder / "near").rglob("*"), *(drill.folder / "main").rglob("*")]:
        if path.is_file():
            path.write_bytes(os.urandom(64))
    drill.numbers["attacked_at"] = drill.happened("Attack: main's programs are killed, its database, keys and store are gone.")
    return int(had)


def take_over(drill: Drill, beside: Beside, crowd: Crowd) -> None:
    """Two people declare; somebody who lost her page with main sends it again at the standby."""
    before = len(crowd.at("standby"))
    until(lambda: len(crowd.at("standby")) > before, "people report at the standby before anybody declares", 30, crowd)
    drill.numbers["undeclared_at"] = drill.happened("First report at the standby, locked, before anybody declared.")
    asked_at = time.monotonic()
    for name, code in beside.codes().items():
        done = beside.run("standby", "declare", "--name", name, "--why", "Drill: main is lost", given=code)
        drill.must(done.returncode == 0, f"{name} declares: {done.stderr.strip()}")
    drill.numbers["declare_seconds"] = time.monotonic() - asked_at
    declared = drill.happened("Two people declared. Main's keys are in memory.")
    visitor = Visitor(beside.port, crowd.postcodes[0], random.Random(99))  # noqa: S311 - made up

    def served() -> bool:
        visitor.ask("/repairs")
        return visitor.path.startswith("/sign-in") and visitor.status == 200

    until(served, "the standby serves main's pages", 60)
    drill.numbers["served_seconds"] = drill.happened("The standby serves tenants and staff.") - declared
    renting("meanwhile", json.dumps(drill.rent), where=beside.where)
    drill.happened("At the standby one household said that it had paid, and another that a line of its rent is wrong.")
    seen = len(crowd.at("standby"))
    drill.until(lambda: len(crowd.at("standby")) >= seen + 4, "people report at the standby, whole diagnosis and all", 60, crowd)
    refused(drill, forging.main_lives_on(beside, str(drill.folder / "near"), SigningKey.read(drill.folder / "log-key")))
    drill.happened(f"{len(crowd.at('standby')):,} reports have been taken at the standby.")


def come_back(drill: Drill, beside: Beside, had: int) -> int:
    """Restore into a clean folder. Returns main's size as the standby held it."""
    shutil.rmtree(drill.folder / "main")
    shutil.rmtree(drill.folder / "near")
    os.environ["LAMPLIT_HOME"] = str(drill.restored)
    place.cluster.cache_clear()
    size = held(beside)
    drill.numbers |= {"entries": size, "unacknowledged": had - size}
    begun = time.monotonic()
    cosigner = SigningKey.read(beside.home / "keys" / "cosigner").vkey
    where = ["--store", str(beside.home / "mirror"), "--key", (drill.folder / "vkey").read_text(), "--cosigner", cosigner]
    keys = ["--log-key", str(drill.folder / "log-key"), "--identity", str(drill.folder / "custodian")]
    done = lamplit("restore", *where, *keys)
    drill.must(done.returncode == 0, f"restore: {done.stderr.strip()[-400:]}")
    drill.numbers["restore_seconds"] = time.monotonic() - begun
    shutil.copy(drill.folder / "post", drill.restored / "keys" / "post")
    drill.happened(f"A clean folder holds all {size:,} entries again, checked against what the standby signed.")
    name_tampering(drill, where, keys)
    return size


def name_tampering(drill: Drill, where: list[str], keys: list[str]) -> None:
    """A copy of the database that an intruder changed: every change must be named."""
    admin = place.database("admin")
    name = place.database("owner")["dbname"]
    with psycopg.connect(make_conninfo("", **(admin | {"dbname": "postgres"})), autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE damaged TEMPLATE {}").format(sql.Identifier(name)))
    with psycopg.connect(make_conninfo("", **(admin | {"dbname": "damaged"})), autocommit=True) as db:
        for statement in TAMPERINGS.values():
            db.execute(statement)
    told = drill.folder / "damage.json"
    done = lamplit("restore", *where, *keys, "--compare-with", place.cluster().url("admin", "damaged"), "--report", str(told))
    words = (told.read_text() if told.exists() else "") + done.stdout + done.stderr
    named = [what for what in TAMPERINGS if FOUND[what] in words]
    drill.must(len(named) == len(TAMPERINGS), f"not named: {sorted(set(TAMPERINGS) - set(named))}")
    drill.numbers["tamperings_named"] = f"{len(named)} of {len(TAMPERINGS)}"
    with psycopg.connect(make_conninfo("", **(admin | {"dbname": "postgres"})), autocommit=True) as db:
        db.execute("DROP DATABASE damaged WITH (FORCE)")
    drill.happened(f"A tampered copy: {len(named)} of {len(TAMPERINGS)} changes were named.")


def go_on(drill: Drill, beside: Beside, standby: Running, back: Running, crowd: Crowd, size: int) -> None:
    """Main runs again and takes over what the standby wrote; the standby follows it anew."""
    back.folder.mkdir(exist_ok=True)
    back.start("seal", "seal")
    back.start("publish", "publish")
    crowd.stop()
    done = beside.run("standby", "close")
    drill.must(done.returncode == 0, f"standby close: {done.stderr.strip()[-400:]}")
    drill.until(lambda: quiet_at(beside), "all that the standby took is sealed and in its store", 60)
    compare_clocks_of = rows_of(beside.home, MORE_ON_MAIN)
    begun = time.monotonic()
    taken_over = ["--from", str(beside.home / "store"), "--key", beside.log_key, "--close"]
    done = lamplit("ingest", *taken_over, "--identity", str(drill.folder / "custodian"))
    drill.must(done.returncode == 0, f"ingest: {done.stderr.strip()[-400:]}")
    drill.numbers["ingest_seconds"] = time.monotonic() - begun
    drill.happened("Main took over every entry of the standby, once.")
    ours = {name: rows for name, rows in rows_of(drill.restored, MORE_ON_MAIN).items() if name not in UNLIKE}
    for name in MORE_ON_MAIN:
        ours[name] = [row for row in ours[name] if row in compare_clocks_of[name]]
    differ = {name for name, rows in ours.items() if rows != compare_clocks_of[name]}
    drill.must(not differ, f"tables of main and the standby differ: {sorted(differ)}")
    drill.numbers["tables_that_differ"] = len(differ)
    look_at_rent(drill)
    refused(drill, forging.replayed(beside, drill.folder))
    back.start("work", "work")
    back.start("serve", "serve", "--port", str(drill.port + 3))  # the standby's mail has the port between
    demo.until_it_answers(drill.port + 3, back, Stop())
    drill.numbers["back_at"] = drill.happened("Main serves again.")
    drill.until(all_published, "main has published all", 60)
    standby.stop()
    done = beside.run("standby", "again")
    drill.must(done.returncode == 0, f"standby again: {done.stderr.strip()[-400:]}")
    beside.start(standby)
    drill.until(lambda: held(beside) == published(), "the standby holds all of main again", 180)
    drill.happened("The standby made its tables anew and cosigns main again.")


def check(drill: Drill, beside: Beside, crowd: Crowd) -> None:
    """Every number that anybody was told is there once; the record audits."""
    drill.until(lambda: not waiting_post(), "what came in locked is opened", 60)
    query = (
        "SELECT reference, count(*) FROM (SELECT reference FROM folded.repair UNION ALL SELECT reference FROM folded.post"
        " WHERE email IS NOT NULL) told GROUP BY 1"
    )
    with start.connect("owner") as db:
        there = Counter(dict(db.execute(query).fetchall()))
    told = [one.number for one in crowd.told]
    lost, twice = [n for n in told if there[n] == 0], [n for n in told if there[n] > 1]
    drill.must(not lost, f"lost: {lost}")
    drill.must(not twice, f"there twice: {twice}")
    drill.must(len(set(told)) == len(told), "two people were told one number")
    drill.numbers |= {"told": len(told), "told_by_standby": len(crowd.at("standby")), "lost": len(lost), "twice": len(twice)}
    done = lamplit("audit")
    drill.must(done.returncode == 0, f"audit: {(done.stdout + done.stderr).strip()[-400:]}")
    drill.happened(f"{len(told)} numbers were told, {len(lost)} are lost, {len(twice)} are there twice. The audit agrees.")


def refused(drill: Drill, tried: forging.Words) -> None:
    """Each of it must have been refused in words; the report says which."""
    for what, words in tried:
        drill.must(bool(words), f"not refused: {what}")
        drill.refusals.append((what, words or "It was not refused."))
    drill.happened(
        f"{sum(1 for _, words in tried if words)} of {len(tried)} were refused: {'; '.join(what for what, _ in tried)}."
    )


def look_at_rent(drill: Drill) -> None:
    """The Direct Debit run that the outage swallowed: nobody is chased for it, and nobody is collected twice."""
    found = renting("after", json.dumps(drill.rent))
    drill.must(not found["wrong"], f"rent: {found['wrong']}")
    drill.must(not found["wrong_books"], f"the books: {found['wrong_books']}")
    drill.numbers["rent"] = RENT if not found["wrong"] and not found["wrong_books"] else "; ".join(found["wrong"])
    drill.happened("A Direct Debit run was missed: one household is told and collected late, one had paid and is left alone.")


def renting(*words: str, where: Mapping[str, str] = {}) -> dict[str, Any]:
    """Run the rent of the drill on the installation of LAMPLIT_HOME, or on that of `where` (`renting.py`)."""
    program = [sys.executable, "-m", "tests.drill.renting", *words]
    done = subprocess.run(program, env=os.environ | dict(where), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"rent: {done.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
