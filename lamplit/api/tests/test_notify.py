"""What Notify calls to tell us; and that nobody else can."""

import json
from pathlib import Path

import pytest
from django.test import Client, override_settings

from lamplit.basics.who import job
from lamplit.messages import actions, queries
from tests.cast import AT, RUTH, settle
from tests.landlord import Landlord

ADDRESS = "/api/v1/providers/notify"


@pytest.fixture
def token(tmp_path: Path):
    secret = tmp_path / "token"
    secret.write_text("told-to-notify\n")
    secret.chmod(0o600)
    file = tmp_path / "providers.toml"
    file.write_text(f'[notify]\napi_key_env = "NONE"\ncallback_token_file = "{secret}"\n')
    with override_settings(PROVIDERS=str(file)):
        yield "told-to-notify"


def call(body: object, token: str | None, address: str = ADDRESS) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(address, raw, content_type="application/json", headers=headers).status_code


def test_notify_tells_what_became_of_a_message_and_nobody_else_can(landlord: Landlord, token: str) -> None:
    settle()
    message = actions.order_message(
        template="test", subject="Hello", body="We come.", person=RUTH, by=job("reactions"), at=AT, command="job:1"
    )
    receipt = {"id": "740e5834", "reference": message, "to": "+447700900005", "status": "delivered", "notification_type": "sms"}
    for wrong in (None, "", "guess", "told-to-notify2"):
        assert call(receipt, wrong) == 401
    assert queries.message(message).status == "ordered"
    for bad in (b"{", b"[]", b"[" * 10_000, b'{"reference": 1}', b"x" * 20_000):
        assert call(bad, token) == 400
    assert call(receipt, token) == 204
    assert call(receipt, token) == 204
    row = queries.message(message)
    assert (row.status, row.receipt) == ("delivered", "notify 740e5834")
    for no_news in (
        {"reference": "m_00000000000000000000", "status": "delivered"},
        {"reference": message, "status": "sending"},
        {},
    ):
        assert call(no_news, token) == 204
    assert Client().get(ADDRESS).status_code == 405


def test_without_a_token_of_its_own_nobody_is_heard() -> None:
    with override_settings(PROVIDERS="/nowhere/providers.toml"):
        assert call({}, "None") == 401
        assert call({}, "") == 401


def test_a_text_that_comes_in_is_answered_or_read_by_somebody(landlord: Landlord, token: str) -> None:
    settle()
    ours = actions.order_message(
        template="visit_booked", subject="We will come", body="We come on Monday.", person=RUTH, by=job("reactions"), at=AT,
        command="job:1",
    )  # fmt: skip
    code, texts = queries.message(ours).body[-6:], f"{ADDRESS}/texts"
    text = {"id": "one", "source_number": "07700 900123", "destination_number": "60006", "message": f"Check {code.lower()}"}
    assert call(text, "guess", texts) == 401
    for bad in ({}, {**text, "source_number": "nobody"}, {**text, "id": None}, {**text, "message": 1}):
        assert call(bad, token, texts) == 400
    assert call(text, token, texts) == call(text, token, texts) == 204
    (answer,) = [row for row in queries.outbox() if row.template == "check_answer"]
    assert (answer.channel, answer.to) == ("text", "+447700900123")
    assert "by text, about a visit" in answer.body
    assert "Does yours say that?" in answer.body
    assert call({**text, "id": "two", "message": "The lift smells of gas"}, token, texts) == 204
    (promise,) = queries.open_promises()
    assert promise.what == "Read the text that came in, and answer it"
    assert "smells of gas" in queries.contact(promise.contact).said
    forwarded = {**text, "id": "three", "message": f"Is this yours? We come on Monday. Pay now. code {code}"}
    assert call(forwarded, token, texts) == 204
    assert "Part of this is ours" in queries.outbox()[0].body
