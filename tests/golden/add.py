"""Write golden entries for fact versions that have none yet: `python -m tests.golden.add`."""

import hashlib
import os

import django
import msgspec

from tests.golden.example import WHEN, example

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplit.config.settings")
django.setup()

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from lamplit.basics.fact import REGISTRY, Unavailable  # noqa: E402
from lamplit.record.crypt import new_key  # noqa: E402
from lamplit.record.encode import Codec, _encode  # noqa: E402
from tests.golden.test_golden import HERE, MANIFEST, ORIGIN, Golden, golden  # noqa: E402


class FreshKeys:
    """A keyring that makes a key for each subject and class and remembers it."""

    def __init__(self) -> None:
        self.made: dict[str, bytes] = {}

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        key_id = f"{subject[:24]}.{key_class}"
        return key_id, AESGCM(self.made.setdefault(key_id, new_key()))

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        return AESGCM(self.made[key_id])


def main() -> None:
    for key, cls in sorted(REGISTRY.items()):
        path = golden(*key)
        if path.exists():
            continue
        keys, fact = FreshKeys(), example(cls)
        raw = Codec(ORIGIN).encode(
            fact, keys, id="e_0example", at=WHEN, recorded_at=WHEN, by="staff:s_0example", command="form:golden"
        )
        path.write_bytes(msgspec.json.encode(Golden(raw.decode(), keys.made, msgspec.Raw(_encode(fact)))))
        print(f"added {path.name}")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(HERE.glob("*.json"))]
    MANIFEST.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
