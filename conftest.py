"""What every test may use, here and in each feature's own tests folder: material, a cluster, databases, and no network.

One embedded cluster serves a whole run, all its xdist workers included. The process that started the run destroys it.
"""

import atexit
import contextlib
import fcntl
import functools
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import hypothesis
import psycopg
import pytest
from psycopg import sql

from lamplit.record import process
from lamplit.record.cluster import Cluster
from tests.blocking import block_network

if TYPE_CHECKING:
    from tests.landlord import Landlord, SecondCopy

ROOT = Path(__file__).resolve().parent
MATERIAL = Path(os.environ.get("LAMPLIT_MATERIAL", ROOT.parent / "shared" / "material"))
HOME = "LAMPLIT_TEST_HOME"  # names the cluster's home to the workers
# 4,096 rounds over a password of 256 random bits guard against nobody here, and take 5 ms of each of twenty connections a test.
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "scram_iterations": "1"}
TEMPLATE = "lamplit_template"
ROOMY_BYTES = 4 << 30


# How long an example takes is the machine's affair, and no test's.
hypothesis.settings.register_profile("lamplit", deadline=None)
hypothesis.settings.load_profile("lamplit")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _clear_after_killed_runs()
        home = Path(tempfile.mkdtemp(prefix="lamplit-tests-", dir=_quick_folder()))
        home.chmod(0o711)  # so that root's ordinary user can pass through
        (home / "run").write_text(f"{os.getpid()} {process.identity(os.getpid())}")
        os.environ[HOME] = os.environ["LAMPLIT_HOME"] = str(home)
        os.environ.pop("LAMPLIT_DATABASE_URL", None)
        made = Cluster(home, UNSAFE_BUT_QUICK)
        made.ensure()  # before Django reads where the database is
        _shorten_password(made)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lamplit.config.settings"
    django.setup()
    _share_middleware()
    _hash_in_a_moment()


def _hash_in_a_moment() -> None:
    """Let a password's hash in this process take a moment, not a third of a second: nobody guesses at these."""
    from django.contrib.auth.hashers import ScryptPasswordHasher  # noqa: PLC0415 - Django must be set up first

    ScryptPasswordHasher.work_factor, ScryptPasswordHasher.parallelism = 2, 1


def _share_middleware() -> None:
    """Let every test client go through one chain of middleware: making a chain looks at each compiled file, 16 ms a client."""
    from django.conf import settings  # noqa: PLC0415 - Django must be set up first
    from django.test.client import ClientHandler  # noqa: PLC0415

    made: dict[tuple[str, ...], Any] = {}
    make = ClientHandler.load_middleware

    def once(handler: Any, is_async: bool = False) -> None:
        if (key := tuple(settings.MIDDLEWARE)) not in made:
            make(handler, is_async)
            made[key] = handler._middleware_chain  # noqa: SLF001 - the chain has no other name
        handler._middleware_chain = made[key]  # noqa: SLF001 - the same

    ClientHandler.load_middleware = once  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and HOME in os.environ:
        _clear(Path(os.environ.pop(HOME)))


def _quick_folder() -> Path:
    """Memory where there is plenty: each test has a database of 300 small files, 20 ms there and 500 on a busy disk."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY_BYTES
    return memory if roomy else Path(tempfile.gettempdir())


def _clear_after_killed_runs() -> None:
    for home in _quick_folder().glob("lamplit-tests-*"):
        with contextlib.suppress(OSError, ValueError):
            pid, identity = (home / "run").read_text().split(" ", 1)
            if home.stat().st_uid == os.geteuid() and process.identity(int(pid)) != identity:
                _clear(home)


def _clear(home: Path) -> None:
    Cluster(home).destroy()
    shutil.rmtree(home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of real publishers' files are left out where there are none, or fail where there must be some."""
    if MATERIAL.is_dir() or os.environ.get("LAMPLIT_REQUIRE_MATERIAL") == "1":
        return
    left_out = pytest.mark.skip(reason="needs the publishers' files: set LAMPLIT_MATERIAL to their folder")
    for item in items:
        if item.get_closest_marker("material"):
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def s3() -> Iterator[Any]:
    """A service with buckets, on this machine."""
    from tests import bucket  # noqa: PLC0415 - it takes a second to load

    with bucket.service() as service:
        yield service


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real publishers' files. Tests that use it are marked `material`."""
    if not MATERIAL.is_dir():
        pytest.fail(f"The publishers' files are not in {MATERIAL}. Set LAMPLIT_MATERIAL to their folder.")
    return MATERIAL


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        block_network(patch, socket)
        yield


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The running cluster of this test run. It forgets what it wrote if the machine loses power, and nothing else."""
    running = Cluster(Path(os.environ[HOME]), UNSAFE_BUT_QUICK)
    running.ensure()
    return running


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """The URL of a fresh empty database, as the superuser. Dropped after the test."""
    with _copy_of("template0", cluster) as name:
        yield cluster.url("admin", name)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of a database with every table and role, an empty signed log and no rows. Made once a run, never written."""
    with (cluster.home / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cluster.home / "template.made").exists():
            from tests.landlord import make_template  # noqa: PLC0415 - Django must be set up first

            make_template(cluster, TEMPLATE)
            (cluster.home / "template.made").touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def second_copy(cluster: Cluster, template: str) -> "Iterator[SecondCopy]":
    """Where the records of all landlords of this worker are folded a second time, one after the other."""
    from tests.landlord import SecondCopy  # noqa: PLC0415 - Django must be set up first

    with _copy_of(template, cluster, "lamplit_owner") as name:
        made = SecondCopy(cluster, name)
        yield made
        made.close()


@pytest.fixture
def landlord(cluster: Cluster, template: str, tmp_path: Path, second_copy: "SecondCopy") -> "Iterator[Landlord]":
    """A landlord with nothing in it, on which Django works.

    When the test ends its record is sealed, published, verified
    and folded again, and the tables must be equal.
    """
    with _landlord(cluster, template, tmp_path / "store", second_copy) as made:
        yield made


@pytest.fixture(scope="module")
def shared_landlord(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory, second_copy: "SecondCopy"
) -> "Iterator[Landlord]":
    """One landlord for all tests of a module that write once and then only try what must not work."""
    with _landlord(cluster, template, tmp_path_factory.mktemp("shared") / "store", second_copy) as made:
        yield made


@contextlib.contextmanager
def _landlord(cluster: Cluster, template: str, store: Path, second_copy: "SecondCopy") -> "Iterator[Landlord]":
    from tests.landlord import Landlord, connected  # noqa: PLC0415 - Django must be set up first

    with _copy_of(template, cluster, "lamplit_owner") as name, connected(cluster, name):
        made = Landlord(cluster, name, store, second_copy)
        yield made
        made.check()


@contextlib.contextmanager
def _copy_of(template: str, cluster: Cluster, owner: str = "lamplit_admin") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    _as_admin(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy OWNER {owner}")
    try:
        yield name
    finally:
        _as_admin(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _as_admin(cluster: Cluster, statement: str) -> None:
    _admin(cluster.url("admin", "postgres")).execute(statement)  # type: ignore[call-overload]


@functools.cache
def _admin(url: str) -> psycopg.Connection[Any]:
    """One connection for all tests of a worker: making one takes as long as a small test."""
    made = psycopg.connect(url, autocommit=True)
    atexit.register(made.close)
    return made


def _shorten_password(cluster: Cluster) -> None:
    """Keep the superuser's password by one round, as UNSAFE_BUT_QUICK does those of roles that are made later."""
    password = sql.Literal(cluster.secret("admin"))
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE lamplit_admin PASSWORD {}").format(password))
