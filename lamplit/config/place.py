"""Where this Lamplit lives: its folder, its database, its stores, its log. Read from the environment.

LAMPLIT_HOME (default ./var) · LAMPLIT_DATABASE_URL (unset: embedded PostgreSQL) · LAMPLIT_STORES (default $LAMPLIT_HOME/store;
several are separated by spaces) · LAMPLIT_ORIGIN (the log's name).
"""

import os
from functools import cache
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lamplit.record.cluster import Cluster

ROLES = ("owner", "sealer", "app", "reader")
SEARCH_PATHS = {"app": "folded,plain", "reader": "folded,plain", "sealer": "record", "owner": "record"}


def home() -> Path:
    """Return the folder that holds embedded clusters, keys and the near store. Made when missing."""
    path = Path(os.environ.get("LAMPLIT_HOME", "var")).absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def origin() -> str:
    """Return the log's name: the landlord's own address and `/record`."""
    return os.environ.get("LAMPLIT_ORIGIN", "lamplit.example/record")


def stores() -> list[str]:
    """Return the addresses of the stores to publish to; the first is the near store."""
    return os.environ.get("LAMPLIT_STORES", "").split() or [str(home() / "store")]


@cache
def cluster() -> Cluster:
    return Cluster(home())


def embedded() -> bool:
    return not os.environ.get("LAMPLIT_DATABASE_URL")


def database(role: str) -> dict[str, str]:
    """Return libpq parameters for one of ROLES, or for `admin`, who makes roles and databases.

    LAMPLIT_DATABASE_URL names the admin; the roles' passwords stand in $LAMPLIT_HOME/cluster/secrets.
    """
    if embedded():
        return {k: str(v) for k, v in cluster().parameters(role).items()}
    given = {k: str(v) for k, v in conninfo_to_dict(os.environ["LAMPLIT_DATABASE_URL"]).items()}
    if role == "admin":
        return given
    return given | {"user": f"lamplit_{role}", "password": cluster().secret(role)}


def conninfo(role: str) -> str:
    """Return a libpq connection string for a role, with its search path. It holds the password: never log it."""
    options = f"-c search_path={SEARCH_PATHS[role]}" if role in SEARCH_PATHS else ""
    return make_conninfo("", **database(role), options=options)


def url(role: str) -> str:
    """Return the same as a URL, for `lamplit rebuild --into` and `compare`."""
    parts = database(role)
    user, password = quote(parts["user"], safe=""), quote(parts.get("password", ""), safe="")
    return (
        f"postgresql://{user}:{password}@/{quote(parts['dbname'], safe='')}"
        f"?host={quote(parts.get('host', ''), safe='')}&port={parts.get('port', '5432')}"
    )


def key_folder() -> Path:
    """Return the folder of the log's signing key and the custodian's identity (0700)."""
    path = home() / "keys"
    path.mkdir(mode=0o700, exist_ok=True)
    return path
