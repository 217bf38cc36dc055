"""The standby's weekly message: by its own relay, signed by its own domain, and it rings when it cannot go."""

import email
from email.policy import default
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import override_settings

from lamplit.cli.doctor import following
from lamplit.config import providers
from lamplit.continuity import weekly
from lamplit.continuity.state import Alarm
from lamplit.reactions.providers.chosen import BadSettings
from lamplit.reactions.tests import stubs
from lamplit.standby import standing
from tests.attack.log_builder import LOG

TO = ("bank@partner.example", "lead@homes.example")


def chosen(folder: Any, port: int) -> str:
    """Write a standby's own providers.toml, with a key that signs e-mail."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = folder / "dkim.pem"
    key.write_bytes(private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))
    key.chmod(0o600)
    smtp = {
        "host": "127.0.0.1", "from_name": "Harbour & Heath", "from_address": "messages@standby.example", "dkim_selector": "lamp",
        "bounces": "back@standby.example", "security": "none", "dkim_domain": "standby.example", "dkim_key_file": str(key),
    }  # fmt: skip
    lines = [f'{name} = "{value}"' for name, value in smtp.items()]
    file = folder / "providers.toml"
    file.write_text("\n".join(["[smtp]", f"port = {port}", *lines, "[weekly]", f"to = {list(TO)}"]))
    return str(file)


def test_it_goes_once_a_week_signed_by_the_standbys_own_domain_and_rings_when_it_cannot(
    make_standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_standby(LOG.verifier)
    monkeypatch.setattr("lamplit.cli.start.connect", made.connect)
    with stubs.relay() as relay, override_settings(PROVIDERS=chosen(tmp_path, relay.port)):
        carried, to = providers.weekly() or pytest.fail("it is chosen")
        sends = weekly.Weekly(made.sealer, carried, to, made.clock)
        relay.refuse.append("452 4.2.2 Try later")
        with pytest.raises(Alarm, match=r"did not reach all it goes to\. The mail relay said: 452"):
            sends.step()
        assert made.alarms() == ["weekly"]
        assert [one.state for one in following.weekly_message(made.now)] == ["wrong"]
        assert [to for _, to, _ in relay.taken] == [[TO[1]]], "one that cannot be reached keeps it from no other"
        sends.step()
        assert [to for _, to, _ in relay.taken] == [[TO[1]], [TO[0]]], "and nobody gets it twice"
        raw = relay.taken[0][2]
        said = email.message_from_bytes(raw, policy=default)
        assert said["From"] == "Harbour & Heath <messages@standby.example>"
        assert "messages@standby.example" in said.get_body(("plain",)).get_content()

        def in_the_dns(name: bytes, timeout: int = 5) -> bytes:
            return dns.get(name, b"")

        dns = {name.encode(): words.encode() for name, words in providers.public_keys().items()}
        assert dkim.verify(raw, dnsfunc=in_the_dns)
        sends.step()
        assert [one.state for one in following.weekly_message(made.now)] == ["ok"]
        assert "to 2 addresses and numbers on 26 November" in standing.standing(made.sealer, made.now)["weekly"]
        made.wait(days=6, hours=23)
        weekly.Weekly(made.sealer, carried, to, made.clock).step()  # begun anew, it remembers
        assert len(relay.taken) == 2
        made.wait(hours=1)
        sends.step()
        assert len(relay.taken) == 4
        assert len({email.message_from_bytes(data)["Message-ID"] for _, _, data in relay.taken}) == 4
        made.wait(days=8)
        assert [one.state for one in following.weekly_message(made.now)] == ["wrong"]


def test_a_weekly_message_without_an_address_of_its_own_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "providers.toml"
    file.write_text('[weekly]\nto = ["bank@partner.example"]\n')
    with override_settings(PROVIDERS=str(file)), pytest.raises(BadSettings, match=r"needs \[smtp\]"):
        providers.weekly()
