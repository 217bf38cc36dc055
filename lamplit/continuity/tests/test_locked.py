"""A bucket with object lock: what the writer put there nobody can destroy before its time, and whoever tries is heard.

Against a real S3 API. That service lets an unconditional write make a newer version, though our policy forbids it: so that is
tried as well. It does not keep a lock from being shortened, so nothing is claimed of that (tests/bucket.py).
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from lamplit.basics.clock import now
from lamplit.basics.who import job
from lamplit.cli import running
from lamplit.cli.doctor import record
from lamplit.continuity.state import Alarm
from lamplit.people.actions import record_person
from lamplit.record import generations, keyfiles
from lamplit.record.keyfiles import KEEP
from lamplit.record.locked import PARTIAL, Signer
from lamplit.record.store import StoreUnavailable, open_store
from lamplit.record.verify import verify_store
from tests import cast
from tests.attack.log_builder import LOG, LogBuilder
from tests.landlord import CUSTODIAN, RECIPIENTS

YEARS = timedelta(days=3650)
KEYS = "keys/contact/0-300.age"


@pytest.fixture
def bucket(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = s3.bucket(lock=True)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    return made


def address(bucket: Any) -> str:
    return f"s3://{bucket.name}/record?lock=10y"


def until(store: Any, path: str) -> timedelta:
    return datetime.fromisoformat(store.lock_of(path)) - now()


def refused(act: Any, **given: Any) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        act(**given)


def test_nobody_destroys_what_is_locked_and_whoever_tries_is_heard(make_standby, bucket):
    store = open_store(address(bucket))
    main = LogBuilder(store)
    store.create(f"blobs/{sha256(b'x').hexdigest()}", b"x")
    store.create(KEYS, b"sealed")
    store.create("keys/contact/generation-300.age", b"sealed")
    main.add([f"entry {n}".encode() for n in range(300)])
    paths = {path: PARTIAL if ".p/" in path else KEEP if path.startswith("keys/") else YEARS for path in store.list()}
    del paths["checkpoint"]  # it moves; every checkpoint is filed under its size
    assert {PARTIAL, KEEP, YEARS} == set(paths.values())
    service, s3, chief = bucket.service, bucket.s3(), bucket.s3(bucket.service.admin)
    for path, term in paths.items():
        assert abs(until(store, path) - term) < timedelta(minutes=1)
        [version] = bucket.versions(path)
        for who in (s3, chief):  # by version, the writer and the bucket's own administrator alike
            which = {"Bucket": bucket.name, "Key": f"record/{path}", "VersionId": version}
            refused(who.delete_object, **which)
            refused(who.delete_object, **which, BypassGovernanceRetention=True)
        if not path.startswith("keys/"):
            with pytest.raises(StoreUnavailable, match="cannot delete"):
                store.delete(path)
    standby = make_standby(LOG.verifier)
    reading = open_store(f"s3://{bucket.name}/record", options=bucket.options(service.admin))
    assert standby.follow(reading) == 300
    assert not verify_store(store, LOG.vkey).faults
    watch = standby.watch(reading)
    assert watch.step() is False
    rung = {
        "altered": lambda: s3.put_object(Bucket=bucket.name, Key="record/tile/entries/000", Body=b"forged"),
        "missing": lambda: chief.delete_object(Bucket=bucket.name, Key="record/tile/0/000"),
        "keys": lambda: store.delete(KEYS),
    }
    for what, act in rung.items():
        act()
        watch = standby.watch(reading)
        with pytest.raises(Alarm):
            watch.step() or watch.step()
        assert what in standby.alarms()
    for path in ("tile/entries/000", "tile/0/000", KEYS):  # what was locked is there still, beneath
        kept = bucket.versions(path)[-1]
        body = chief.get_object(Bucket=bucket.name, Key=f"record/{path}", VersionId=kept)["Body"].read()
        assert body == (standby.mirror.get(path))
    with pytest.raises(StoreUnavailable, match="403 SignatureDoesNotMatch"):
        open_store(address(bucket), options=bucket.options({**bucket.writer, "secret": "wrong"})).create("blobs/x", b"x")
    unlocked = service.bucket(lock=False)
    with pytest.raises(StoreUnavailable, match="400 InvalidRequest"):
        open_store(address(unlocked), options=unlocked.options(service.admin)).create("blobs/x", b"x")


def test_it_is_sent_to_every_ten_seconds_or_when_many_wait(landlord, bucket, monkeypatch):
    step = running.carrier("far", lambda: open_store(address(bucket)), RECIPIENTS)
    with landlord.connect("sealer") as db:

        def held_after(number: int) -> int:
            if number:
                record_person(name=f"Person {number}", by=job("test"), at=cast.AT, command=f"test:person:{number}")
            landlord.seal()
            step(db)
            row = db.execute("SELECT size FROM record.published WHERE store = 'far'").fetchone()
            return int(row[0]) if row else 0

        cast.settle()
        first = held_after(0)
        assert first == len(landlord.entries())
        assert held_after(1) == first  # its ten seconds are not over
        monkeypatch.setattr(running, "FAR_AT", 2)
        assert held_after(2) == first + 2
        monkeypatch.setattr(running, "FAR_EVERY", 0)
        assert held_after(3) == first + 3
    store = open_store(address(bucket))
    vkey = landlord.key.vkey
    assert not verify_store(store, vkey).faults
    [said] = record._lock("far", address(bucket), first)
    assert said.state == "ok"
    held = keyfiles.read_all(store, [CUSTODIAN])
    with landlord.connect("sealer") as db:  # after its time a key file goes, and needs no more than the writer's rights
        generations.Keeper(db, store, RECIPIENTS).write_and_tidy()
        generations.Keeper(db, store, RECIPIENTS, lambda: now() + timedelta(days=31)).write_and_tidy()
    assert {file.whole for file in generations.key_files(store)} == {True}
    assert keyfiles.read_all(store, [CUSTODIAN]) == held


def test_our_signature_is_that_of_the_service_s_own_client():
    at = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    url, headers = "https://s3.eu-west-2.amazonaws.com/bucket/record/tile/0/x001/000.p/7", {"x-amz-tagging": "lamplit=partial"}
    ours = Signer("AKIDEXAMPLE", "secret", "token", "eu-west-2").sign("PUT", url, headers, b"data", at)
    request = AWSRequest("PUT", url, headers=dict(ours), data=b"data")
    del request.headers["authorization"]
    request.context["timestamp"] = ours["x-amz-date"]
    theirs = S3SigV4Auth(Credentials("AKIDEXAMPLE", "secret", "token"), "s3", "eu-west-2")
    canonical = theirs.canonical_request(request)
    assert theirs.signature(theirs.string_to_sign(request, canonical), request) == ours["authorization"].rpartition("=")[2]
