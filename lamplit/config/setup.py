"""Making a database: roles, the record's schema, the folded and the plain schema, and who may do what in them."""

from collections.abc import Iterable, Mapping
from importlib import resources

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lamplit.config import place
from lamplit.record.fields import Folded, unsampled

Parameters = dict[str, str]
LOGIN_ROLES = ("owner", "sealer", "app", "reader")
FOREVER = {"ledger_line": "note"}  # folded tables whose rows are only ever added; an erasure may clear what is personal in them


def make_roles(admin: Parameters, passwords: Mapping[str, str | None]) -> None:
    """Make the four roles, or set their passwords again. None may make roles, databases or bypass row security.

    A role whose password is None can come in only where the server asks the system who somebody is.
    """
    with psycopg.connect(make_conninfo("", **admin), autocommit=True) as db:
        for role in LOGIN_ROLES:
            name = sql.Identifier(f"lamplit_{role}")
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"lamplit_{role}"]).fetchone():
                db.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(name))
            db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(passwords[role])))


def make_database(admin: Parameters, owner: Parameters) -> bool:
    """Make the database `owner['dbname']` whole. Returns False when it was there already; then only what is missing is added."""
    name = owner["dbname"]
    with psycopg.connect(make_conninfo("", **(admin | {"dbname": "postgres"})), autocommit=True) as db:
        there = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            db.execute(sql.SQL("CREATE DATABASE {} OWNER lamplit_owner").format(sql.Identifier(name)))
            db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            roles = sql.SQL(", ").join(sql.Identifier(f"lamplit_{r}") for r in LOGIN_ROLES)
            db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), roles))
            db.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO lamplit_owner").format(sql.Identifier(name)))
    add_what_is_missing(owner)
    migrate(owner, "folded", folded_apps())
    with psycopg.connect(make_conninfo("", **owner)) as db:
        grant_folded(db, "folded")
    return not there


def add_what_is_missing(owner: Parameters) -> None:
    """Bring the record's schema and the plain tables up to this release. Only adds: the release before goes on beside it."""
    with psycopg.connect(make_conninfo("", **owner)) as db:
        db.execute("SET LOCAL lock_timeout = '5s'")
        apply_record_schema(db)
    migrate(owner, "plain", plain_apps())
    with psycopg.connect(make_conninfo("", **owner)) as db:
        db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA plain TO lamplit_app")
        db.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA plain TO lamplit_app")
        db.execute("GRANT USAGE ON SCHEMA plain TO lamplit_app")
        db.execute("REVOKE ALL ON plain.django_migrations FROM lamplit_app")


def apply_record_schema(db: psycopg.Connection, package: str = "lamplit.record.schema") -> None:
    """Apply the numbered SQL files of the record, or of another package, that this database does not have yet."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS public.lamplit_record_schema (file text PRIMARY KEY, applied_at timestamptz DEFAULT now())"
    )
    done = {row[0] for row in db.execute("SELECT file FROM public.lamplit_record_schema")}
    for file in sorted(resources.files(package).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql") and file.name not in done:
            db.execute(file.read_text())
            db.execute("INSERT INTO public.lamplit_record_schema (file) VALUES (%s)", [file.name])


def make_word_keys(db: psycopg.Connection) -> None:
    """Make the functions that folded indexes use, where this database has no record of its own."""
    if db.execute("SELECT to_regprocedure('record.keys_of_words(text)')").fetchone() == (None,):
        db.execute((resources.files("lamplit.record.schema") / "0005_nearly_so.sql").read_text())


def folded_apps() -> list[str]:
    return [_label(name) for name in settings.FOLDED_APPS]


def plain_apps() -> list[str]:
    """Every app that has migrations and no folded tables."""
    folded = set(folded_apps())
    return [config.label for config in apps.get_app_configs() if config.label not in folded]


def _label(name: str) -> str:
    return next(config.label for config in apps.get_app_configs() if config.name == name)


def migrate(owner: Parameters, schema: str, labels: Iterable[str]) -> None:
    """Make one schema's tables as this release has them, or bring them up to date by its migrations."""
    with psycopg.connect(make_conninfo("", **owner)) as db:
        db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    connection = connections["owner"]
    connection.close()
    connection.settings_dict |= place.for_django(owner, f"-c search_path={schema} -c lock_timeout=5s")
    try:
        executor = MigrationExecutor(connection)
        wanted = set(labels)
        leaves = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in wanted]
        if wanted <= set(folded_apps()) and not executor.loader.applied_migrations:
            _make_at_once(executor, leaves)
        else:
            executor.migrate(leaves)
    finally:
        connection.close()
    with psycopg.connect(make_conninfo("", **owner)) as db:
        _keep_no_samples(db, schema, wanted)


def _make_at_once(executor: MigrationExecutor, leaves: list[tuple[str, str]]) -> None:
    """Make folded tables as the models have them. Their migrations make the same, one by one, in three times the time."""
    with executor.connection.schema_editor() as editor:
        for label, _ in leaves:
            for model in apps.get_app_config(label).get_models():
                editor.create_model(model)
        executor.recorder.ensure_schema()
        for migration, _ in executor.migration_plan(leaves):
            executor.recorder.record_applied(migration.app_label, migration.name)


def _keep_no_samples(db: psycopg.Connection, schema: str, labels: set[str]) -> None:
    for model in apps.get_models():
        columns = unsampled(model) if model._meta.app_label in labels and issubclass(model, Folded) else []
        if columns:
            none = [sql.SQL("ALTER {} SET STATISTICS 0").format(sql.Identifier(column)) for column in columns]
            table = sql.Identifier(schema, model._meta.db_table)
            db.execute(sql.SQL("ALTER TABLE {} {}").format(table, sql.SQL(", ").join(none)))


def grant_folded(db: psycopg.Connection, schema: str) -> None:
    """Say who may do what in a schema of folded tables: the app never deletes, changes no line, and the reader only reads."""
    name = sql.Identifier(schema)
    db.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO lamplit_app, lamplit_reader, lamplit_sealer").format(name))
    db.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {} TO lamplit_app").format(name))
    for table, personal in FOREVER.items():
        where = sql.Identifier(schema, table)
        db.execute(sql.SQL("REVOKE UPDATE ON {} FROM lamplit_app").format(where))
        db.execute(sql.SQL("GRANT UPDATE ({}) ON {} TO lamplit_app").format(sql.Identifier(personal), where))
    db.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO lamplit_reader, lamplit_sealer").format(name))
    db.execute(sql.SQL("REVOKE ALL ON {}.django_migrations FROM lamplit_app").format(name))
