"""What the demo's landlord has of a bank: a finance key, tables to check account numbers by, a Guarantee, a number at Bacs.

All of it is made up. A landlord's own comes from its bank and from the publisher of the tables (docs/direct-debit.md).
"""

from pathlib import Path

import pyrage

from lamplit.config import place

SORT_CODE = "100003"
USER_NUMBER = "612345"
_DIGITS_ADD_UP = "0 0 0 0 0 0 1 1 1 1 1 1 1 1"  # the digits of an account number add up to a whole ten
_ORIGIN = f"""user_number = "{USER_NUMBER}"
user_name = "HARBOUR HEATH"
sort_code = "100000"
account = "87654321"
account_name = "HARBOUR HEATH RENT"
"""


def office() -> Path:
    """Return the folder that plays the finance office's own machine: no server reads it, so it stands beside the home."""
    return place.home().with_name(f"{place.home().name}-office")


def settle() -> None:
    """Make what is missing of the settings."""
    office().mkdir(mode=0o700, exist_ok=True)
    if not (key := office() / "finance.key").exists():
        identity = pyrage.x25519.Identity.generate()
        key.write_text(f"{identity}\n", encoding="ascii")
        key.chmod(0o600)
        with place.finance_key().open("a", encoding="ascii") as keys:
            keys.write(f"{identity.to_public()}\n")
    folder = place.modulus_tables()
    if not folder.exists():
        folder.mkdir()
        ranges = ("100000 100009", "999998 999999")
        (folder / "weights.txt").write_text("".join(f"{one} MOD10 {_DIGITS_ADD_UP}\n" for one in ranges))
        (folder / "substitutes.txt").write_text("")
        told = 'version = "made up"\nvalid_from = 2026-01-01\nweights = "weights.txt"\nsubstitutes = "substitutes.txt"\n'
        (folder / "version.toml").write_text(told)
    if not place.guarantee().exists():
        place.guarantee().write_text(
            "This is a demo. Here stands the Direct Debit Guarantee, in the words of the landlord's bank.\n"
        )
    if not (place.home() / "bacs.toml").exists():
        (place.home() / "bacs.toml").write_text(_ORIGIN)


def account_number(number: int) -> str:
    """Return an account number that the demo's tables let through."""
    spelt = f"4{number:06}"
    return f"{spelt}{-sum(map(int, spelt)) % 10}"
