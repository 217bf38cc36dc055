"""A device that makes passkeys, for tests without a browser: what it says is what a real one says."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData

RP, ORIGIN = "testserver", "https://testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One passkey. `verifies`: it asks for a finger or a PIN before it says anything. `origin`: the page that asks it."""

    def __init__(self, *, verifies: bool = True, origin: str = ORIGIN) -> None:
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.flags, self.origin, self.user = PRESENT | (VERIFIED if verifies else 0), origin, ""

    def create(self, options: dict[str, Any]) -> str:
        """Make the passkey, as `navigator.credentials.create` does."""
        wanted = options["publicKey"]
        self.user = wanted["user"]["id"]
        made = AttestedCredentialData.create(bytes(16), self.id, ES256.from_cryptography_key(self.key.public_key()))
        data = AuthenticatorData.create(_rp_hash(), self.flags | ATTESTED, 1, made)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        said = self._client("webauthn.create", wanted["challenge"])
        return self._told({"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(attestation)})

    def get(self, options: dict[str, Any]) -> str:
        """Show that it is there, as `navigator.credentials.get` does."""
        data = bytes(AuthenticatorData.create(_rp_hash(), self.flags, 2))
        said = self._client("webauthn.get", options["publicKey"]["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(
            {
                "clientDataJSON": websafe_encode(said), "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature), "userHandle": self.user,
            }
        )  # fmt: skip

    def _client(self, kind: str, challenge: str) -> bytes:
        return bytes(CollectedClientData.create(kind, challenge, self.origin))

    def _told(self, response: dict[str, str]) -> str:
        ident = websafe_encode(self.id)
        return json.dumps({"id": ident, "rawId": ident, "type": "public-key", "response": response, "clientExtensionResults": {}})


def _rp_hash() -> bytes:
    return hashlib.sha256(RP.encode()).digest()
