"""It holds what the tests themselves stand on: no network, one cluster, a database for each test."""

import http.client
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from lamplit.record.cluster import Cluster
from tests.blocking import CalledOutError

ROOT = Path(__file__).resolve().parent.parent


def _address() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


@pytest.mark.parametrize("address", ["192.0.2.1", "203.0.113.9", "0.0.0.1"])
def test_connecting_to_another_machine_is_refused(address: str) -> None:
    with _address() as outside, pytest.raises(CalledOutError):
        outside.connect((address, 80))


def test_asking_for_a_name_is_refused() -> None:
    with pytest.raises(CalledOutError):
        socket.create_connection(("example.org", 443), timeout=1)
    with pytest.raises(CalledOutError):
        http.client.HTTPSConnection("example.org", timeout=1).connect()
    with pytest.raises(CalledOutError):
        urllib.request.urlopen("https://example.org", timeout=1)


def test_this_machine_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, _address() as caller:
        caller.connect(server.getsockname())


def test_a_fresh_database_is_empty_and_ours(database: str) -> None:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert rows == (0,)


def test_the_cluster_is_that_of_this_run(cluster: Cluster) -> None:
    assert cluster.running()
    assert str(cluster.home) == os.environ["LAMPLIT_TEST_HOME"]


@pytest.mark.slow
@pytest.mark.parametrize(("required", "ends"), [("", "1 skipped"), ("1", "1 error")])
def test_missing_material_is_left_out_or_fails(tmp_path: Path, required: str, ends: str) -> None:
    """In a run of its own, since the folder is read when a run begins."""
    (tmp_path / "test_one.py").write_text("import pytest\n@pytest.mark.material\ndef test_one(material):\n    assert material\n")
    environment = os.environ | {"LAMPLIT_MATERIAL": str(tmp_path / "none"), "LAMPLIT_REQUIRE_MATERIAL": required}
    asked = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "conftest",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ends in asked.stdout
