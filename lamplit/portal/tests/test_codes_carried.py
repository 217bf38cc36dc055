"""One-time codes go as messages go, and no trouble of a provider shows on the page."""

import os
from pathlib import Path

import pytest
from django.test import override_settings

from lamplit.portal.codes import Carried
from lamplit.reactions.tests import stubs

NUMBER = "+447700900005"


@pytest.fixture
def chosen(tmp_path: Path):
    with stubs.notify() as stub:
        key = tmp_path / "key"
        key.write_text(stubs.KEY)
        key.chmod(0o600)
        file = tmp_path / "providers.toml"
        part = f'api_key_file = "{key}"\ntemplate_text = "{stubs.TEMPLATE}"\naddress = "{stub.address}"\n'
        file.write_text(f'[send]\ntext = "notify"\n[notify]\n{part}')
        with override_settings(PROVIDERS=str(file), CODES_FOLDER=str(tmp_path / "codes"), DEMO=True):
            yield stub


def test_a_code_goes_by_the_provider_of_texts_and_by_the_folder_where_none_is(
    chosen: stubs.NotifyStub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    carried = Carried()
    carried.send("text", NUMBER, "123456 is your code")
    carried.send("email", "ruth@example.org", "654321 is your code")
    for threads in (carried._threads, carried._folder._threads):
        threads.shutdown(wait=True)
    assert [(one["phone_number"], one["personalisation"]) for one in chosen.taken] == [(NUMBER, {"body": "123456 is your code"})]
    (file,) = os.listdir(tmp_path / "codes")
    assert "654321" in (tmp_path / "codes" / file).read_text()
    assert "123456" not in caplog.text


def test_a_provider_that_says_no_is_written_down_without_number_or_code(
    chosen: stubs.NotifyStub, caplog: pytest.LogCaptureFixture
) -> None:
    chosen.refuse.append((400, "ValidationError", "phone_number Not enough digits"))
    carried = Carried()
    carried.send("text", NUMBER, "123456 is your code")
    carried._threads.shutdown(wait=True)
    assert "could not be handed on: NotSent" in caplog.text
    assert "900005" not in caplog.text
    assert "123456" not in caplog.text
