"""Where this Lamplit lives: its folder, its database, its stores, its log. Read from the environment.

LAMPLIT_HOME (default ./var) · LAMPLIT_DATABASE_URL (unset: embedded PostgreSQL) · LAMPLIT_STORES (default $LAMPLIT_HOME/store;
several are separated by spaces) · LAMPLIT_ORIGIN (the log's name) · LAMPLIT_STANDBYS (for each standby its address, a space,
the key that it cosigns with) · LAMPLIT_PEER=1 (the database asks the system who we are:
no role has a password) · LAMPLIT_KEYS (the keys that one service is given; default $LAMPLIT_HOME/keys).
"""

import os
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lamplit.record.cluster import Cluster
from lamplit.record.note import COSIGNATURE, KeyRejected, Verifier

ROLES = ("owner", "sealer", "app", "reader")
SEARCH_PATHS = {"app": "folded,plain", "reader": "folded,plain", "sealer": "record", "owner": "record"}


def home() -> Path:
    """Return the folder that holds embedded clusters, keys and the near store. Made when missing."""
    path = Path(os.environ.get("LAMPLIT_HOME", "var")).absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class Standby(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes this installation a standby: its own name, and the store and the log's key of the main one."""

    name: str
    main: str
    log_key: str
    term: int = 1  # its own record ends with each time that it took over, and a new one begins


def standby_file() -> Path:
    return home() / "standby.toml"


def standby() -> Standby | None:
    """Return what this installation follows, or None where it is a main one."""
    try:
        seen = standby_file().stat()
    except FileNotFoundError:
        return None
    return _standby(standby_file(), seen.st_mtime_ns, seen.st_ino)


@lru_cache(maxsize=4)
def _standby(file: Path, *_changed: int) -> Standby:
    """Read the file once for as long as it stands unchanged: every request of a standby asks."""
    return msgspec.toml.decode(file.read_bytes(), type=Standby)


def mirror() -> str:
    """Return where a standby keeps its copy of main's record."""
    return str(home() / "mirror")


def post_key() -> Path:
    """Return the file of main's own key for what a standby took in while it held none."""
    return key_folder() / "post"


def finance_key() -> Path:
    """Return the file of the public keys to which bank details are sealed, one a line. LAMPLIT_FINANCE_KEY names another.

    The private half is on no server: `lamplit bacs` is run where it is.
    """
    return Path(os.environ.get("LAMPLIT_FINANCE_KEY") or home() / "finance.pub")


def modulus_tables() -> Path:
    """Return the folder of the modulus tables with their `version.toml`. LAMPLIT_MODULUS names another."""
    return Path(os.environ.get("LAMPLIT_MODULUS") or home() / "modulus")


def guarantee() -> Path:
    """Return the file of the Direct Debit Guarantee as the landlord's bank words it. LAMPLIT_GUARANTEE names another."""
    return Path(os.environ.get("LAMPLIT_GUARANTEE") or home() / "guarantee.txt")


def figures() -> Path:
    """Return the folder of the landlord's own dated figures. LAMPLIT_FIGURES names another."""
    return Path(os.environ.get("LAMPLIT_FIGURES") or home() / "figures")


def declarers() -> Path:
    """Return the folder of what the codes open of those who may declare. LAMPLIT_DECLARERS names another."""
    return Path(os.environ.get("LAMPLIT_DECLARERS") or key_folder() / "declarers")


def memory(of: Path | None = None) -> Path:
    """Return a folder of a memory disk for this home, or `of`: what is there is nowhere else, and gone when the machine stops.

    Where a system has none, a folder of the home. LAMPLIT_MEMORY names another.
    """
    if given := os.environ.get("LAMPLIT_MEMORY"):
        return Path(given)
    disk = Path("/dev/shm")  # noqa: S108 - ours alone below
    name = f"lamplit-{os.geteuid()}-{sha256(str(of or home()).encode()).hexdigest()[:16]}"
    return disk / name if disk.is_dir() else (of or home()) / "memory"


def status_files() -> Path:
    """Return the folder of the status page as plain files, which any web server may serve too. LAMPLIT_STATUS names another."""
    return Path(os.environ.get("LAMPLIT_STATUS") or home() / "status")


def origin() -> str:
    """Return the log's name: the landlord's own address and `/record`. A standby's own record has a name of its own."""
    if given := os.environ.get("LAMPLIT_ORIGIN"):
        return given
    follows = standby()
    if follows is None:
        return "lamplit.example/record"
    return f"{follows.name}/record" if follows.term == 1 else f"{follows.name}/record-{follows.term}"


def standbys() -> list[tuple[str, Verifier]]:
    """Return the address and the cosigner's key of each standby that this installation asks. ValueError in plain words."""
    return standbys_in(os.environ.get("LAMPLIT_STANDBYS", ""))


def standbys_in(text: str) -> list[tuple[str, Verifier]]:
    """Read addresses and keys. ValueError in plain words."""
    words = text.split()
    if len(words) % 2:
        raise ValueError("For each standby there must be its address and its key, with a space between.")
    found = [(where, _cosigner(vkey)) for where, vkey in zip(words[::2], words[1::2], strict=True)]
    if any(not where.startswith(("http://", "https://")) for where, _ in found):
        raise ValueError("The address of a standby begins with https://.")
    return found


def _cosigner(vkey: str) -> Verifier:
    try:
        key = Verifier.parse(vkey)
    except KeyRejected as error:
        raise ValueError(f"{vkey} is no key: {error}.") from error
    if key.kind != COSIGNATURE:
        raise ValueError(f"{vkey} is the key of a log. `lamplit standby key` prints the one that cosigns.")
    return key


def stores() -> list[str]:
    """Return the addresses of the stores to publish to; the first is the near store."""
    return os.environ.get("LAMPLIT_STORES", "").split() or [str(home() / "store")]


@cache
def cluster() -> Cluster:
    return Cluster(home())


def embedded() -> bool:
    return not os.environ.get("LAMPLIT_DATABASE_URL")


def by_peer() -> bool:
    """Whether the database asks the system which user we are (PostgreSQL's `peer`): then there is no password to steal."""
    return not embedded() and os.environ.get("LAMPLIT_PEER") == "1"


def passwords() -> dict[str, str | None]:
    """Return the password of each role; None for all of them where the database asks the system."""
    return {role: None if by_peer() else cluster().secret(role) for role in ROLES}


def database(role: str) -> dict[str, str]:
    """Return libpq parameters for one of ROLES, or for `admin`, who makes roles and databases.

    LAMPLIT_DATABASE_URL names the admin; the roles' passwords stand in $LAMPLIT_HOME/cluster/secrets, unless LAMPLIT_PEER=1.
    """
    if embedded():
        return {k: str(v) for k, v in cluster().parameters(role).items()}
    given = {k: str(v) for k, v in conninfo_to_dict(os.environ["LAMPLIT_DATABASE_URL"]).items()}
    if role == "admin":
        return given
    if by_peer():
        return given | {"user": f"lamplit_{role}"}
    return given | {"user": f"lamplit_{role}", "password": cluster().secret(role)}


def for_django(parts: Mapping[str, str], options: str) -> dict[str, Any]:
    """Return libpq parameters as Django names them. What else the address says (how to reach several servers) is kept."""
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    others = {name: value for name, value in parts.items() if name not in named.values()}
    return {name: parts.get(part, "") for name, part in named.items()} | {"OPTIONS": others | {"options": options}}


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
    """Return the folder of the log's signing key and of what else is secret (0700), or the one that a service was given."""
    if given := os.environ.get("LAMPLIT_KEYS"):
        return Path(given)
    path = home() / "keys"
    path.mkdir(mode=0o700, exist_ok=True)
    return path
