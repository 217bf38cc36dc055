"""The folded tables are the same whether they are made at once or by one migration after the other."""

from typing import Any

import psycopg

from conftest import _copy_of as copy_of
from lamplit.config import setup
from lamplit.record.catalogue import differences, read_catalogue


def test_made_at_once_they_are_what_their_migrations_make(cluster: Any, template: str, monkeypatch: Any) -> None:
    with copy_of(template, cluster, "lamplit_owner") as name:
        owner = cluster.parameters("owner", name)
        setup.migrate(owner, "zz_made", setup.folded_apps())
        monkeypatch.setattr(setup, "_make_at_once", lambda executor, leaves: executor.migrate(leaves))
        setup.migrate(owner, "zz_migrated", setup.folded_apps())
        with psycopg.connect(cluster.url("owner", name)) as db:
            at_once, one_by_one = (read_catalogue(db, schema, "folded") for schema in ("zz_made", "zz_migrated"))
            done = [
                db.execute(f"SELECT app, name FROM {schema}.django_migrations ORDER BY 1, 2").fetchall()
                for schema in ("zz_made", "zz_migrated")
            ]
        assert len(at_once) > 500
        assert differences(at_once, one_by_one) == []
        assert done[0] == done[1]
        setup.migrate(owner, "zz_made", setup.folded_apps())  # there is nothing left to do
