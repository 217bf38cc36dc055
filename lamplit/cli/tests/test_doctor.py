"""`lamplit doctor` on an installation that is broken for real, one thing after another."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from lamplit.basics.clock import now
from lamplit.cli.doctor import findings, record
from lamplit.config import place
from tests import cast

pytestmark = pytest.mark.slow
LOOPS = ("seal", "publish near", "worker")


@pytest.fixture
def said(lamplit):
    """Ask the doctor; returns the words of everything that is not ok, by check."""

    def ask():
        code, out, err = lamplit("doctor", "--json")
        answer = json.loads(out)
        assert code == (0 if answer["well"] else 1), err
        bad = {}
        for one in answer["findings"]:
            if one["state"] != "ok":
                bad.setdefault(one["check"], []).append(f"{one['state']}: {one['words']}")
        return bad

    return ask


def beat(landlord, at, trouble=""):
    with landlord.connect("sealer") as db:
        for name in LOOPS:
            db.execute(
                "INSERT INTO record.loop (name, alive_at, trouble) VALUES (%s, %s, %s) ON CONFLICT (name)"
                " DO UPDATE SET alive_at = excluded.alive_at, trouble = excluded.trouble", [name, at, trouble],
            )  # fmt: skip


def test_what_is_broken_is_named(installed, lamplit, said, tmp_path, monkeypatch):
    cast.settle()
    installed.publish()
    beat(installed, now())
    assert lamplit("upgrade", "--database-only")[0] == 0
    assert lamplit("nightly")[1].startswith("The store near: holds")
    before = said()
    # The cluster of tests forgets what it wrote when the power goes, and nobody carries messages. All else is well.
    assert set(before) <= {"database", "messages", "clock", "stores", "disk", "queues", "rehearsals"}
    assert {words.split()[3] for words in before["database"]} == {"fsync", "full_page_writes", "synchronous_commit"}
    assert before["stores"] == ["look: There is no second store."]
    assert "0 wrong" not in lamplit("doctor")[1]

    beat(installed, now() - timedelta(minutes=5))
    assert len(said()["loops"]) == 3
    beat(installed, now(), "The disk is full.")
    assert "wrong: 'seal' is in trouble: The disk is full." in said()["loops"]
    beat(installed, now())

    log = place.key_folder() / "log"
    log.chmod(0o644)
    assert any(f"Others can read or change {log}" in words for words in said()["keys"])
    log.chmod(0o600)
    (place.key_folder() / "custodian").write_text((tmp_path / "custodian").read_text())
    (place.key_folder() / "custodian").chmod(0o600)
    assert said()["keys"] == ["look: A custodian's key is on this machine (custodian)."]
    (place.key_folder() / "custodian").unlink()

    with installed.connect("owner") as db:
        db.execute("GRANT DELETE ON record.entry TO lamplit_app")
        db.execute("GRANT UPDATE ON folded.home TO lamplit_reader")
        db.execute("GRANT UPDATE (name) ON folded.person TO PUBLIC")
        db.execute("REVOKE SELECT ON folded.repair FROM lamplit_app")
    roles = "\n".join(said()["roles"])
    for words in (
        "table entry was changed", "lamplit_reader may UPDATE on folded.home", "everyone may UPDATE on folded.person.name",
        "lamplit_app may not SELECT on folded.repair",
    ):  # fmt: skip
        assert words in roles
    with installed.connect("owner") as db:
        db.execute("REVOKE DELETE ON record.entry FROM lamplit_app")
        db.execute("REVOKE UPDATE ON folded.home FROM lamplit_reader")
        db.execute("REVOKE UPDATE (name) ON folded.person FROM PUBLIC")
        db.execute("GRANT SELECT ON folded.repair TO lamplit_app")

    pointer = tmp_path / "store" / "checkpoint"
    whole = pointer.read_bytes()
    pointer.unlink()
    assert "wrong: The store near shows nothing." in said()["stores"]
    pointer.write_bytes(whole.replace(b"\n\n", b"\nmore\n\n", 1))
    assert any("NoteRejected" in words for words in said()["stores"])
    pointer.write_bytes(whole)
    bundle = next((tmp_path / "store" / "tile" / "entries").rglob("*.p/*"))
    bytes_before = bundle.read_bytes()
    bundle.chmod(0o600)
    bundle.write_bytes(bytes_before[:-1] + bytes([bytes_before[-1] ^ 1]))
    assert lamplit("nightly")[0] == 1
    assert "did not hold" in said()["nightly check"][0]
    bundle.write_bytes(bytes_before)
    assert "holds" in lamplit("nightly")[1]
    assert said() == before


def test_a_certificate_that_runs_out_and_a_provider_in_trouble_are_named(installed, said, tmp_path, monkeypatch):
    for days, words in (
        (2, "wrong: It runs out in 2 days."),
        (10, "look: It runs out in 10 days."),
        (-3, "wrong: It has run out."),
    ):
        monkeypatch.setenv("LAMPLIT_CERTIFICATE", str(certificate(tmp_path / "chain.pem", "homes.example.org", days)))
        monkeypatch.setenv("LAMPLIT_HOSTS", "homes.example.org")
        assert said()["certificate"] == [words]
    monkeypatch.setenv("LAMPLIT_HOSTS", "other.example.org")
    assert said()["certificate"] == ["wrong: It is not for other.example.org."]
    chosen = tmp_path / "providers.toml"
    monkeypatch.setattr(settings, "PROVIDERS", str(chosen))
    (tmp_path / "house" / ".ours").mkdir(parents=True)
    (tmp_path / "house" / "batch-20200101T000000Z").mkdir()
    (tmp_path / "house" / ".ours" / "batch-20200101T000000Z.csv").touch()
    chosen.write_text(f'[send]\npost = "print_house"\n[print_house]\nfolder = "{tmp_path / "house"}"\n')
    assert said()["messages"] == ["wrong: print house: The print house has not fetched batch-20200101T000000Z (1 such)."]
    chosen.write_text('[post]\naddresses = ["help@homes.example"]\nhost = "127.0.0.1"\nport = 2525\n')
    assert "wrong: 'post' was never heard of." in said()["loops"]
    chosen.write_text("[sned]\n")
    assert [words for words in said()["messages"] if words.startswith("wrong: providers.toml: ")]


def test_a_bucket_says_whether_anybody_could_delete_from_it(monkeypatch):
    """Asked of a made-up bucket on this machine: locked, locked so that its owner can unlock it, not locked, and silent."""
    answers = iter([("COMPLIANCE", 200), ("GOVERNANCE", 200), (None, 200), (None, 403)])

    class Bucket(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path.startswith("/bucket/record/checkpoints/7?X-Amz-")
            mode, code = next(answers)
            self.send_response(code)
            if mode:
                self.send_header("x-amz-object-lock-mode", mode)
                self.send_header("x-amz-object-lock-retain-until-date", "2031-01-01T00:00:00Z")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, value in {
            "AWS_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-2", "no_proxy": "127.0.0.1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        said = [next(record._lock("far", "s3://bucket/record", 7)) for _ in range(4)]
        server.shutdown()
    assert [one.state for one in said] == ["ok", "wrong", "wrong", "look"]
    assert said[0].words == "The store far is locked: nobody can empty it before 2031-01-01."


def certificate(file, host, days):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    until = now() + timedelta(days=days, hours=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(until - timedelta(days=90)).not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


def test_what_nobody_could_look_at_is_wrong_and_tells_no_secret():
    def breaks(at):
        yield findings.ok("a", "Said before.")
        raise OSError("password=secret")

    found = findings.examine([("a", breaks), ("b", lambda _: [])], datetime(2026, 11, 26, tzinfo=UTC))
    assert [one.state for one in found] == ["ok", "wrong", "wrong"]
    assert "OSError" in found[1].words
    assert not any("secret" in f"{one.words}{one.todo}" for one in found)


def test_its_words_hold_no_password_and_no_key(installed, lamplit):
    _, out, err = lamplit("doctor")
    key = (place.key_folder() / "log").read_text().strip().rpartition("+")[2]
    for secret in (key, *(place.cluster().secret(role) for role in place.ROLES)):
        assert secret not in out + err


def test_the_command_line_lets_somebody_in_again(installed, lamplit):
    from lamplit.basics.who import cli
    from lamplit.staff import actions, queries

    actions.join_staff(name="Ada", email="ada@x.org", roles=["admin"], by=cli("test"), at=now(), command="test:join")
    member = queries.by_email("ada@x.org")
    actions.shut_out(staff=member.id, because="security", by=cli("test"), at=now(), command="test:shut")
    code, out, _ = lamplit("staff", "link", "ada@x.org")
    assert (code, out.startswith("http")) == (0, True)
    assert "/desk/welcome/" in out
    assert not queries.member(member.id).shut
    with installed.connect("owner") as db:  # one alone could give it, so the record says that it was given, and by whom
        kept = [bytes(row[0]) for row in db.execute("SELECT bytes FROM record.intake UNION ALL SELECT bytes FROM record.entry")]
    given = [one for one in kept if b'"staff.link_given"' in one and member.id.encode() in one]
    assert [b'"by":"cli:' in one for one in given] == [True]
    assert lamplit("staff", "link", "nobody@x.org")[0] == 1
