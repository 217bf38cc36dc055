"""Checks of the database: it answers, it keeps what it was told, each role may do what it should and nothing else."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import psycopg

from lamplit.cli import start
from lamplit.cli.doctor.findings import Check, Finding, look, ok, wrong
from lamplit.config import place

MUST = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on", "listen_addresses": "",
    "log_statement": "none",
}  # fmt: skip
# What each role may do with every table of a schema, but for Django's own list of migrations.
RIGHTS = {
    "folded": {
        "lamplit_app": {"SELECT", "INSERT", "UPDATE"}, "lamplit_reader": {"SELECT"}, "lamplit_sealer": {"SELECT"},
    },
    "plain": {"lamplit_app": {"SELECT", "INSERT", "UPDATE", "DELETE"}},
}  # fmt: skip
_GRANTS = """
SELECT c.relname, coalesce(r.rolname, 'everyone'), array_agg(a.privilege_type::text)
FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee <> c.relowner GROUP BY 1, 2
UNION ALL
SELECT c.relname || '.' || t.attname, coalesce(r.rolname, 'everyone'), array_agg(a.privilege_type::text)
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN aclexplode(t.attacl) a
LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE c.relnamespace = to_regnamespace(%s) AND a.grantee <> c.relowner GROUP BY 1, 2
"""
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p') AND relname <> 'django_migrations'
"""


def database(at: datetime) -> Iterator[Finding]:
    with start.connect("owner") as db:
        version = db.info.server_version // 10_000
        said = {name: _setting(db, name) for name in MUST}
    words = f"PostgreSQL {version} answers."
    if version < 15:
        yield wrong("database", words, "Lamplit needs version 15 or newer: see docs/install.md.")
    else:
        yield ok("database", words)
    for name, value in MUST.items():
        if said[name] == value or (place.embedded() and name == "log_statement"):
            continue
        yield wrong(
            "database", f"Its setting {name} is {said[name]!r}.", f"It must be {value!r}: sudo lamplit install, then restart it."
        )


def _setting(db: psycopg.Connection, name: str) -> str:
    row = db.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def roles(at: datetime) -> Iterator[Finding]:
    """Each role comes in; none has powers, memberships or rights beyond those that we gave."""
    from lamplit.record.audit import check_record
    from lamplit.record.catalogue import strays

    for role in place.ROLES:
        try:
            start.connect(role).close()
        except psycopg.OperationalError:
            yield wrong("roles", f"{role} cannot come in.", "sudo lamplit install")
    with start.connect("owner") as db:
        said = [
            *_not_ours([*strays(db), *check_record(db)]),
            *(words for schema in RIGHTS for words in _wrong_rights(db, schema)),
        ]
    for words in said[:20]:
        yield wrong("roles", words, "Find out who did that. `lamplit audit` says whether rows were changed.")
    if not said:
        yield ok("roles", f"{len(place.ROLES)} roles come in, each with its rights and no other.")


def _not_ours(said: Iterable[str]) -> list[str]:
    """Leave out what a standby's own schema has made, by name."""
    from lamplit.cli.doctor.following import own_names

    own = own_names() if place.standby() is not None else set()
    return [words for words in said if not own.intersection([*words.split(), *words.replace(".", " ").split()])]


def _wrong_rights(db: psycopg.Connection, schema: str) -> Iterator[str]:
    from lamplit.config import setup

    tables = [row[0] for row in db.execute(_TABLES, [schema]).fetchall()]
    found = {(table, role): set(rights) for table, role, rights in db.execute(_GRANTS, [schema, schema]).fetchall()}
    right = {(table, role): rights for table in tables for role, rights in RIGHTS[schema].items()}
    for table, personal in setup.FOREVER.items() if schema == "folded" else ():
        right[table, "lamplit_app"] = right[table, "lamplit_app"] - {"UPDATE"}
        right[f"{table}.{personal}", "lamplit_app"] = {"UPDATE"}
    lists = [(table, role) for table, role in found if table == "django_migrations" and role in RIGHTS[schema]]
    for table, role in lists:
        if not found.pop((table, role)) - {"SELECT"}:  # who may read the tables may read how they came about
            continue
        yield f"{role} may change {schema}.{table}."
    for (table, role), rights in found.items():
        if more := rights - right.get((table, role), set()):
            yield f"{role} may {', '.join(sorted(more))} on {schema}.{table}."
    for (table, role), rights in right.items():
        if less := rights - found.get((table, role), set()):
            yield f"{role} may not {', '.join(sorted(less))} on {schema}.{table}."


def release_of_tables(at: datetime) -> Iterator[Finding]:
    """Whether the tables are those of this release, and nothing of it waits to be added."""
    from django.db.migrations.loader import MigrationLoader

    from lamplit.config import release

    waiting = []
    with start.connect("owner") as db:
        remembered = release.remembered(db)
        leaves = MigrationLoader(None).graph.leaf_nodes()
        for schema in ("folded", "plain"):
            there = set(db.execute(f"SELECT app, name FROM {schema}.django_migrations").fetchall())  # noqa: S608 - two names of ours
            waiting += [f"{app} {name}" for app, name in leaves if (app, name) not in there and _belongs(app, schema)]
        before = db.execute("SELECT to_regnamespace('folded_before') IS NOT NULL").fetchone()
    if waiting:
        yield wrong("release", f"{len(waiting)} changes of this release are not in the database yet.", "lamplit upgrade")
    if remembered is not None and remembered[1] != release.folds():
        yield look(
            "release", f"The tables were made by {remembered[0]}, which folds otherwise.", "lamplit upgrade makes them again."
        )
    elif remembered is None:
        yield look("release", "Nobody noted which release made the tables.", "lamplit upgrade makes them again and notes it.")
    elif not waiting:
        yield ok("release", "The tables are those of this release.")
    if before == (True,):
        yield look("release", "Tables of the release before were kept.", "When all is well: lamplit upgrade --database-only.")


def _belongs(app: str, schema: str) -> bool:
    from lamplit.config import setup

    return (app in set(setup.folded_apps())) == (schema == "folded")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("database", database),
    ("roles", roles),
    ("release", release_of_tables),
)
