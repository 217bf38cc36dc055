"""Buckets of a real S3 API on this machine: moto's server, which checks signatures, policies and object locks.

What it does not do, so that no test may claim it: conditions in a policy (a statement with one is always in force), retention
that is only lengthened (it lets anybody with the right shorten it), a bucket's versions that stay on, rules of a lifecycle.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-west-2"
# As docs/install.md has it, less the statement that has a condition.
LOCKED = (
    ("Allow", ("s3:GetObject", "s3:GetObjectRetention", "s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectTagging"), "/*"),
    ("Allow", ("s3:ListBucket",), ""),
    ("Allow", ("s3:DeleteObject",), "/record/keys/*"),
)
OPEN = (("Allow", ("s3:*",), "/*"), ("Allow", ("s3:*",), ""))


@dataclass
class Service:
    """A running service. `admin` may do everything; each bucket has a writer of its own."""

    url: str
    admin: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def client(self, name: str, who: dict[str, str]) -> Any:
        return boto3.client(
            name, endpoint_url=self.url, region_name=REGION, aws_access_key_id=who["key"], aws_secret_access_key=who["secret"]
        )

    def user(self, name: str, policy: list[dict[str, Any]]) -> dict[str, str]:
        iam = self.client("iam", self.admin or {"key": "root", "secret": "root"})
        iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": policy})
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}

    def bucket(self, *, lock: bool) -> "Bucket":
        name = f"bucket-{next(self._numbers)}"
        s3 = self.client("s3", self.admin)
        where = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock, CreateBucketConfiguration=where)
        policy = [
            {"Effect": e, "Action": list(a), "Resource": f"arn:aws:s3:::{name}{r}"} for e, a, r in (LOCKED if lock else OPEN)
        ]
        return Bucket(self, name, self.user(f"writer-{name}", policy))


@dataclass
class Bucket:
    """A bucket and who writes to it."""

    service: Service
    name: str
    writer: dict[str, str]

    def environment(self, who: dict[str, str] | None = None) -> dict[str, str]:
        who = who or self.writer
        return {
            "AWS_ENDPOINT": self.service.url, "AWS_ALLOW_HTTP": "true", "AWS_REGION": REGION, "no_proxy": "127.0.0.1",
            "AWS_ACCESS_KEY_ID": who["key"], "AWS_SECRET_ACCESS_KEY": who["secret"],
        }  # fmt: skip

    def options(self, who: dict[str, str] | None = None) -> dict[str, Any]:
        who = who or self.writer
        return {
            "endpoint": self.service.url, "region": REGION, "access_key_id": who["key"], "secret_access_key": who["secret"],
            "client_options": {"allow_http": True},
        }  # fmt: skip

    def s3(self, who: dict[str, str] | None = None) -> Any:
        return self.service.client("s3", who or self.writer)

    def versions(self, path: str) -> list[str]:
        found = self.s3(self.service.admin).list_object_versions(Bucket=self.name, Prefix=f"record/{path}")
        return [one["VersionId"] for one in found.get("Versions", [])]


@contextmanager
def service() -> Iterator[Service]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    host, port = server.get_host_and_port()
    made = Service(f"http://{host}:{port}")
    admin = made.user("admin", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    made.admin = admin
    ask = Request(f"{made.url}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}, method="POST")  # noqa: S310 - our own
    urlopen(ask).close()  # noqa: S310 - from now on every request is checked
    try:
        yield made
    finally:
        server.stop()
