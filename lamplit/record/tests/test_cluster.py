"""The embedded PostgreSQL: it is made, found, killed, left behind and raced for."""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from lamplit.record import engine, process
from lamplit.record.cluster import Cluster, ClusterError

pytestmark = pytest.mark.slow
AS_ROOT = os.geteuid() == 0
ORDINARY = engine.ordinary_user() if AS_ROOT else pwd.getpwuid(os.geteuid())
QUICK = {"fsync": "off"}
ROOT = Path(__file__).resolve().parents[3]
ENSURE = """import sys
from pathlib import Path
from lamplit.record.cluster import Cluster
Cluster(Path(sys.argv[1])).ensure()
"""


def new_home() -> Path:
    """A home with a short path that root's ordinary user can reach too."""
    folder = Path(tempfile.mkdtemp(prefix="lamplit-cluster-"))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def home() -> Iterator[Path]:
    folder = new_home()
    yield folder
    if folder.exists():
        Cluster(folder).destroy()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """A stopped cluster that holds one row, to copy."""
    cluster = Cluster(new_home(), QUICK)
    cluster.ensure()
    ask(cluster, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('candle')")
    cluster.stop()
    yield cluster.folder
    cluster.destroy()
    cluster.home.rmdir()


@pytest.fixture
def made(home: Path, original: Path) -> Cluster:
    subprocess.run(["cp", "-a", str(original), str(home)], check=True)
    cluster = Cluster(home, QUICK)
    cluster.start()
    return cluster


def ask(cluster: Cluster, *statements: str) -> list[tuple[object, ...]]:
    """Run each statement, committed, as the superuser; the rows of the last one."""
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as connection:
        for statement in statements:
            done = connection.execute(statement)
        return done.fetchall() if done.description else []


def pid_of(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def holds(cluster: Cluster) -> bool:
    return ask(cluster, "SELECT word FROM kept") == [("candle",)]


def test_it_speaks_utf8_by_code_point_with_checksums_and_no_network(made: Cluster) -> None:
    shown = ask(
        made,
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('listen_addresses'), "
        "current_setting('data_checksums'), datlocprovider::text, datlocale, pg_encoding_to_char(encoding) "
        "FROM pg_database WHERE datname = 'postgres'",
    )
    assert shown == [(18, "", "on", "b", "C.UTF-8", "UTF8")]


def test_it_asks_everyone_for_a_password(made: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**(made.parameters("admin", "postgres") | {"password": "guess"}))
    assert ask(made, "SELECT DISTINCT auth_method FROM pg_hba_file_rules") == [("scram-sha-256",)]


def test_it_keeps_a_password_for_each_role_that_only_we_can_read(home: Path) -> None:
    cluster = Cluster(home)
    assert cluster.secret("app") == Cluster(home).secret("app") != cluster.secret("owner")
    path = cluster.folder / "secrets" / "app"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o640)
    with pytest.raises(ClusterError, match="Other users can read"):
        cluster.secret("app")


@pytest.mark.parametrize("role", ["../app", "", "App", "a/b"])
def test_it_makes_no_password_for_what_is_no_role(home: Path, role: str) -> None:
    with pytest.raises(ValueError, match="not the name of a role"):
        Cluster(home).secret(role)


def test_it_stops_and_starts_and_keeps_its_data(made: Cluster) -> None:
    made.stop()
    assert not made.running()
    made.stop()  # a second time does nothing
    made.start()
    assert made.running()
    assert holds(made)


def test_it_will_not_start_what_was_never_made(home: Path) -> None:
    with pytest.raises(ClusterError, match="There is no database"):
        Cluster(home).start()


def test_it_starts_again_after_its_server_is_killed(made: Cluster) -> None:
    os.kill(pid_of(made), signal.SIGKILL)
    assert process.gone_within(pid_of(made), process.identity(pid_of(made)) or "", 5)
    assert not made.running()
    made.ensure()
    assert holds(made)


def test_four_processes_that_race_to_start_it_get_one_server(home: Path) -> None:
    racers = [subprocess.Popen([sys.executable, "-c", ENSURE, str(home)], cwd=ROOT) for _ in range(4)]
    assert [racer.wait() for racer in racers] == [0, 0, 0, 0]
    cluster = Cluster(home)
    assert cluster.running()
    assert json.loads((cluster.folder / "lock").read_text())["pid"] == pid_of(cluster)
    cluster.stop()
    assert not process.any_in(cluster.data)


def test_it_adopts_a_server_whose_starter_was_killed_before_writing_the_lock(made: Cluster) -> None:
    before = pid_of(made)
    (made.folder / "lock").write_text("")
    assert not made.running()
    made.ensure()
    assert made.running()
    assert pid_of(made) == before


def test_its_server_outlives_the_process_that_started_it(home: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", f"{ENSURE}\nprint('up', flush=True); import time; time.sleep(60)", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    with starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        starter.kill()
    assert Cluster(home).running()
    assert ask(Cluster(home), "SELECT 1") == [(1,)]


def test_a_lock_that_names_another_process_with_the_same_pid_is_stale(made: Cluster) -> None:
    made.stop()
    (made.folder / "lock").write_text(json.dumps({"pid": os.getpid(), "identity": "postgres then 1"}))
    assert not made.running()
    made.start()
    assert holds(made)


def test_a_pid_file_that_names_a_stranger_does_not_stand_in_the_way(made: Cluster) -> None:
    """PostgreSQL alone would refuse to start: some process has that pid."""
    kept = (made.data / "postmaster.pid").read_text()
    made.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (made.data / "postmaster.pid").write_text(re.sub(r"^\d+", str(stranger.pid), kept))
        made.start()
        assert holds(made)
        stranger.kill()


def test_a_making_that_was_killed_half_way_is_begun_again(made: Cluster) -> None:
    made.stop()
    made.data.rename(made.place / "run" / "data.new")
    (made.place / "run" / "password").write_text("left behind")
    made.ensure()
    assert ask(made, "SELECT to_regclass('kept')") == [(None,)]
    assert not (made.place / "run" / "password").exists()


def test_data_of_another_version_is_refused_in_words(made: Cluster) -> None:
    made.stop()
    (made.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterError, match="made by PostgreSQL 15; this Lamplit has 18"):
        made.start()


@pytest.mark.parametrize("name", ["deep/" * 25 + "home", 'it\'s a $HOME, "quoted"'])
def test_a_home_whose_path_suits_no_socket_gets_a_private_folder_for_it(home: Path, name: str) -> None:
    cluster = Cluster(home / name, QUICK)
    cluster.ensure()
    assert re.fullmatch(r"/tmp/lamplit-\d+-[0-9a-f]{12}", str(cluster.sockets))
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert ask(cluster, "SELECT 1") == [(1,)]
    cluster.destroy()
    assert not cluster.sockets.exists()


def test_a_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    cluster = Cluster(home / ("deep/" * 25))
    cluster.sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(ClusterError, match="not a private folder of ours"):
            cluster.ensure()
    finally:
        cluster.sockets.rmdir()


def test_destroying_it_leaves_nothing_behind(made: Cluster) -> None:
    made.destroy()
    assert not process.any_in(made.data)
    assert list(made.home.iterdir()) == []
    made.destroy()  # a second time does nothing


@pytest.mark.parametrize("mode", [0o711, 0o700], ids=["reached by the server", "closed to the server"])
def test_a_home_that_was_deleted_by_hand_is_made_again_in_the_same_place(home: Path, mode: int) -> None:
    """Its old server still runs. Left alone it would end within a minute, and take the new one's socket with it."""
    home.chmod(mode)
    old = Cluster(home / "inside", QUICK)
    old.ensure()
    server, place = pid_of(old), old.place
    seen = process.identity(server) or ""
    shutil.rmtree(home / "inside")
    cluster = Cluster(home / "inside", QUICK)
    cluster.ensure()
    assert process.gone_within(server, seen, 0)
    assert ask(cluster, "SELECT 1") == [(1,)]
    left = [place] if place != cluster.place else []
    assert cluster.left_behind() == left
    assert set(cluster.files()) >= {cluster.folder, cluster.place, *left}
    cluster.destroy()
    assert not place.exists()
    assert not cluster.folder.exists()
    assert Cluster(home / "inside").files() == []


def test_it_says_why_its_server_does_not_start(made: Cluster) -> None:
    made.stop()
    with pytest.raises(ClusterError, match=r"does not start: .*configuration file .* contains errors"):
        Cluster(made.home, {"wal_level": "sideways"}).start()


def test_its_tools_are_there() -> None:
    for tool in (engine.psql_path(), engine.pg_dump_path()):
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
        assert "(PostgreSQL) 18" in said


def test_its_server_is_an_ordinary_user_and_the_home_stays_as_it_is(made: Cluster) -> None:
    assert made.data.stat().st_uid == ORDINARY.pw_uid != 0
    assert user_of(pid_of(made)) == ORDINARY.pw_uid
    assert made.data == made.folder / "data"
    assert made.home.stat().st_mode & 0o777 == 0o711


def test_a_home_that_the_server_cannot_reach_is_not_opened_for_it(home: Path) -> None:
    """Root's server moves out of a closed home; anybody else's is at home there."""
    home.chmod(0o700)
    cluster = Cluster(home / "inside", QUICK)
    cluster.ensure()
    assert home.stat().st_mode & 0o777 == 0o700
    place = cluster.place
    assert place.parent == (engine.base() if AS_ROOT else home / "inside")
    cluster.stop()
    Cluster(home / "inside").start()
    assert ask(cluster, "SELECT 1") == [(1,)]
    cluster.destroy()
    assert not place.exists()


def test_an_ordinary_user_needs_no_root(home: Path) -> None:
    engine.bin_for(ORDINARY.pw_uid)  # copies the programs if root alone can reach them
    if AS_ROOT:
        os.chown(home, ORDINARY.pw_uid, ORDINARY.pw_gid)
    assert _as_ordinary(Cluster(home).ensure) == 0
    cluster = Cluster(home)
    assert cluster.folder.stat().st_mode & 0o777 == 0o700
    assert user_of(pid_of(cluster)) == ORDINARY.pw_uid


def user_of(pid: int) -> int:
    """Who a process runs as. A small machine has no `ps`, a Mac has no /proc."""
    if process.PROC.joinpath("self").exists():
        return (process.PROC / str(pid)).stat().st_uid
    return int(subprocess.run(["ps", "-o", "uid=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout)


def _as_ordinary(work: Callable[[], None]) -> int:
    """Do `work` in a copy of this process that has become an ordinary user; the copy's exit code."""
    with warnings.catch_warnings(action="ignore"):  # the threads of xdist stay behind, and hold nothing that we need
        pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        if AS_ROOT:
            os.setgroups([])
            os.setgid(ORDINARY.pw_gid)
            os.setuid(ORDINARY.pw_uid)
        work()
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)
