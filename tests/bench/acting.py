"""Take one action many times in several processes; and send what it sends, as it stands, from bare psycopg."""

import multiprocessing
import os
import time
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections, transaction

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.config import place
from lamplit.record.crypt import NONCE_BYTES
from lamplit.record.encode import kind_named
from lamplit.repairs import actions
from lamplit.repairs.rules.book import rule_book
from lamplit.tenancies.models import Member, Tenancy
from tests.bench.bench_actions import CLIENTS, EACH

WARM = 3  # reports of each client before the clock runs
FAULTS = ["leak_fitting", "tap_drips", "hot_water_off", "damp_mould", "socket_broken"]
_fork = multiprocessing.get_context("fork")
Lives = tuple[str, str]  # a tenant and her home
Statements = list[tuple[str, Any]]
Recorded = tuple[Statements, list[tuple[Any, list[int]]]]  # its statements; each entry, and the lengths of what it seals


def main() -> dict[str, Any]:
    """Record what reports send and take it back; then send it bare; then report for true, in other homes."""
    rule_book()
    tenants = dict(Member.objects.filter(role="tenant", left_on=None).order_by("tenancy").values_list("tenancy", "person"))
    homes = Tenancy.objects.filter(ended_on=None).order_by("id").values_list("id", "home")
    people = [(tenants[tenancy], home) for tenancy, home in homes if tenancy in tenants]
    need = CLIENTS * (EACH + WARM)
    assert len(people) >= 2 * need, "there are homes enough"
    recorded = _record(people[:need])
    connections.close_all()
    floor = _at_once(lambda n: _send(recorded[n::CLIENTS]))
    reports = _at_once(lambda n: _report(people[need + n : 2 * need : CLIENTS]))
    times = sorted(seconds for _, taken in reports for seconds in taken)
    return {
        "statements": sum(len(statements) for statements, _ in recorded) / len(recorded),
        "entries": sum(len(entries) for _, entries in recorded) / len(recorded),
        "floor": _rate(floor),
        "rate": _rate(reports),
        "median": times[len(times) // 2],
        "p95": times[len(times) * 95 // 100],
    }


def _take(lives: Lives, n: int) -> None:
    person, home = lives
    said = actions.Said(fault=FAULTS[n % len(FAULTS)], room="kitchen")
    actions.report_repair(
        home=home, channel="portal", said=said, words_said="It began in the night.", reporter=person,
        by=who.person(person), at=now(), command=f"form:bench:{person}",
    )  # fmt: skip


# What an action sends ---------------------------------------------------------------------------------------


def _record(people: list[Lives]) -> list[Recorded]:
    """Report in one transaction that is rolled back, and keep every statement with its values."""
    kept: list[Recorded] = []
    transaction.set_autocommit(False)
    try:
        for n, lives in enumerate(people):
            statements: Statements = []
            with connection.execute_wrapper(_keeper(statements)):
                _take(lives, n)
            kept.append((statements, _entries(statements)))
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    return kept


def _keeper(statements: Statements) -> Callable[..., Any]:
    def keep(execute: Any, query: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in query:  # a report alone is a transaction and not a part of one
            statements.append((query, params))
        return execute(query, params, many, context)

    return keep


def _entries(statements: Statements) -> list[tuple[Any, list[int]]]:
    raws = [raw for query, params in statements if "record.intake" in query for raw in params[0]]
    wires = [kind_named(raw).decode(raw) for raw in raws]
    return [(wire, [len(box[2]) for box in _boxes(wire)]) for wire in wires]


def _boxes(wire: Any) -> list[tuple[str, int, bytes]]:
    sealed = wire.sealed
    found = [] if sealed is None else [getattr(sealed, slot) for slot in sealed.__struct_fields__]
    return [box for box in found if box is not None]


def _send(reports: list[Recorded]) -> Callable[[int], None]:
    """Return what does one report's statements, encoding and encrypting, and nothing else."""
    db = psycopg.connect(place.conninfo("app"), cursor_factory=psycopg.ClientCursor)
    key, plain, encode = AESGCM(os.urandom(32)), os.urandom(50_000), msgspec.json.Encoder().encode

    def send(n: int) -> None:
        statements, entries = reports[n]
        for wire, lengths in entries:
            encode(wire)
            for length in lengths:
                key.encrypt(os.urandom(NONCE_BYTES), plain[: length - 28], b"associated")
        for query, params in statements:
            cursor = db.execute(query, params)
            if cursor.description:
                cursor.fetchall()
        db.commit()

    return send


# Many at once -----------------------------------------------------------------------------------------------


def _report(people: list[Lives]) -> Callable[[int], None]:
    return lambda n: _take(people[n], n)


def _at_once(prepare: Callable[[int], Callable[[int], None]]) -> list[tuple[tuple[float, float], list[float]]]:
    """Run in CLIENTS processes. Returns of each when it began and ended, and the seconds of each piece of work."""
    ready, answers = _fork.Barrier(CLIENTS), _fork.Queue()
    running = [_fork.Process(target=_client, args=(prepare, n, ready, answers)) for n in range(CLIENTS)]
    for process in running:
        process.start()
    found = [answers.get(timeout=600) for _ in running]
    for process in running:
        process.join()
    return found


def _client(prepare: Callable[[int], Callable[[int], None]], n: int, ready: Any, answers: Any) -> None:
    work = prepare(n)
    for warm in range(WARM):
        work(warm)
    ready.wait()
    begun, taken = time.perf_counter(), []
    for number in range(WARM, WARM + EACH):
        start = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - start)
    answers.put(((begun, time.perf_counter()), taken))


def _rate(found: list[tuple[tuple[float, float], list[float]]]) -> float:
    """Pieces of work a second, from the first's beginning to the last's end."""
    begun, ended = min(span[0] for span, _ in found), max(span[1] for span, _ in found)
    return len(found) * EACH / (ended - begun)
