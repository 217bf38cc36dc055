"""Stand-ins for providers, on this machine: GOV.UK Notify's API, and a mail relay."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import jwt
import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lamplit.basics.clock import now

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"stub-{SERVICE}-{SECRET}"
TEMPLATE = "8b10b4ab-8f0e-4a3b-8c8c-2f7a4d9f0a11"


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    """What Notify's documentation lets every request hold."""

    reference: str | None = None


class _Templated(_Asked, kw_only=True):
    template_id: UUID
    personalisation: dict[str, str | int | list[str]] = {}


class _Text(_Templated, kw_only=True):
    phone_number: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9 ()-]{7,20}$")]
    sms_sender_id: UUID | None = None


class _Email(_Templated, kw_only=True):
    email_address: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    email_reply_to_id: UUID | None = None
    one_click_unsubscribe_url: str | None = None


class _Letter(_Asked, kw_only=True):
    """A letter that is a PDF already: its bytes in base64."""

    reference: str
    content: Annotated[bytes, msgspec.Meta(min_length=100)]
    postage: Literal["first", "second", "economy", "europe", "rest-of-world"] = "second"


_SHAPES: dict[str, type[_Asked]] = {"sms": _Text, "email": _Email, "letter": _Letter}


class NotifyStub:
    """Behaves as Notify's documentation says: checks who asks, keeps what it took, answers in its shapes."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuse: list[tuple[int, str, str]] = []  # status, error and words of the next answers
        self.faults: list[str] = []
        self.address = ""

    def post(self, kind: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.refuse:
            status, error, words = self.refuse.pop(0)
            return status, {"status_code": status, "errors": [{"error": error, "message": words}]}
        try:
            msgspec.convert(asked, _SHAPES[kind], strict=True)
        except (msgspec.ValidationError, KeyError) as error:
            self.faults.append(f"{kind}: {error}")
            return 400, {"status_code": 400, "errors": [{"error": "ValidationError", "message": str(error)}]}
        ident = f"740e5834-3a29-46b4-9a6f-{len(self.taken):012}"
        self.taken.append(asked | {"id": ident, "type": kind, "status": "created"})
        template = {"id": asked.get("template_id", TEMPLATE), "version": 1, "uri": "stub"}
        return 201, {"id": ident, "reference": asked.get("reference"), "content": {}, "uri": "stub", "template": template}

    def listed(self, reference: str) -> dict[str, Any]:
        found = [one for one in reversed(self.taken) if one.get("reference") == reference]
        shown = [{key: one.get(key) for key in ("id", "reference", "type", "status")} for one in found]
        return {"notifications": shown, "links": {"current": "stub"}}

    def check_token(self, header: str | None) -> str | None:
        """Say what is wrong with a token: iss names our service, iat is now, our secret signed it (HS256)."""
        try:
            kind, _, token = (header or "").partition(" ")
            said = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["iss", "iat"]})
        except jwt.PyJWTError as error:
            return f"Invalid token: {error}"
        if kind != "Bearer" or said["iss"] != SERVICE or abs(said["iat"] - now().timestamp()) > 30:
            return "Invalid token: issuer or time"
        return None


@contextmanager
def notify() -> Iterator[NotifyStub]:
    stub = NotifyStub()

    class NotifyApi(BaseHTTPRequestHandler):
        def answer(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def allowed(self) -> bool:
            wrong = stub.check_token(self.headers["Authorization"])
            if wrong is not None:
                stub.faults.append(wrong)
                self.answer(403, {"status_code": 403, "errors": [{"error": "AuthError", "message": wrong}]})
            return wrong is None

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.allowed():
                self.answer(*stub.post(urlsplit(self.path).path.rsplit("/", 1)[-1], asked))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if not self.allowed():
                return
            if parts.path == "/v2/notifications":
                self.answer(200, stub.listed(parse_qs(parts.query)["reference"][0]))
            elif parts.path == f"/v2/template/{TEMPLATE}":
                self.answer(200, {"id": TEMPLATE, "body": "((body))"})
            else:
                self.answer(404, {"status_code": 404, "errors": [{"error": "NoResultFound", "message": "No result found"}]})

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), NotifyApi) as server:
        stub.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()


class RelayStub:
    """A mail relay that keeps what it took. `refuse`: what it says to the next recipients instead."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.refuse: list[str] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - its library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        assert isinstance(envelope.content, bytes)
        self.taken.append((str(envelope.mail_from), list(envelope.rcpt_tos), envelope.content))
        return f"250 OK queued as {len(self.taken)}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def relay() -> Iterator[RelayStub]:
    stub = RelayStub()
    stub.port = free_port()
    controller = Controller(stub, hostname="127.0.0.1", port=stub.port, ready_timeout=60)
    controller.start()
    try:
        yield stub
    finally:
        controller.stop()
