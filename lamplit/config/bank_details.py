"""Bank details: checked and sealed to the finance key in the process that receives them, and opened where its private half is.

The modulus tables and the wording of the Direct Debit Guarantee are not ours: the landlord puts the current ones into files.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import pyrage

from lamplit.basics.age_quick import Opener
from lamplit.basics.bacs_text import fold
from lamplit.basics.bank import masked
from lamplit.basics.clock import now
from lamplit.basics.modulus import Table, check, read_table, standard
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config import place
from lamplit.record.keyfiles import read_identities
from lamplit.rent.actions import SealedDetails

_LONGEST_NAME = 60


class Details(Plain, frozen=True, kw_only=True):
    """A bank account: whose it is, and six and eight digits. Its text shows the last three alone."""

    name: str
    sort_code: str
    account: str

    def __repr__(self) -> str:
        return f"Details({masked(self.account)})"


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which tables these are: `version.toml` beside them."""

    version: str
    valid_from: date
    weights: str
    substitutes: str


def seal(name: str, sort_code: str, account: str) -> SealedDetails:
    """Check bank details and seal them. Nothing of them stays here.

    Refused: rent.bad_bank_details, rent.modulus_failed, rent.no_payer_name, rent.no_finance_key, rent.no_modulus_table.
    """
    spelt = standard(sort_code, account)
    if spelt is None:
        raise Refused("rent.bad_bank_details")
    if not fold(name).strip() or len(name) > _LONGEST_NAME:
        raise Refused("rent.no_payer_name")
    verdict = check(modulus_table(), *spelt)
    if verdict == "invalid":
        raise Refused("rent.modulus_failed")
    details = Details(name=name.strip(), sort_code=spelt[0], account=spelt[1])
    return SealedDetails(sealed(msgspec.json.encode(details)), spelt[1][-3:], verdict)


def ready() -> None:
    """Say before anybody types a number whether it could be sealed. Refused: rent.no_finance_key, rent.no_modulus_table."""
    recipients()
    modulus_table()


def sealed(data: bytes) -> bytes:
    """Seal bytes to the finance key. Refused: rent.no_finance_key."""
    return bytes(pyrage.encrypt(data, recipients()))


def sealed_report(data: bytes) -> SealedDetails:
    """Seal a report of Bacs, which is full of account numbers. Refused: rent.no_finance_key."""
    return SealedDetails(sealed(data), "", "cannot be checked")


def recipients() -> list[pyrage.x25519.Recipient]:
    """Return the finance keys. Refused: rent.no_finance_key."""
    path = place.finance_key()
    try:
        lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
        found = [pyrage.x25519.Recipient.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError, pyrage.RecipientError):
        found = []
    if not found:
        raise Refused("rent.no_finance_key")
    return found


def modulus_table() -> Table:
    """Return the tables in use. Refused: rent.no_modulus_table."""
    folder = place.modulus_tables()
    try:
        stamp = (folder / "version.toml").stat().st_mtime_ns
    except OSError as error:
        raise Refused("rent.no_modulus_table") from error
    table = _table(folder, stamp)
    if table.valid_from > london_date(now()):
        raise Refused("rent.no_modulus_table")  # the ones before hold until then
    return table


@lru_cache(maxsize=2)
def _table(folder: Path, _stamp: int) -> Table:
    """Read the tables once for each time that they were put there."""
    try:
        told = msgspec.toml.decode((folder / "version.toml").read_bytes(), type=_Version)
        weights, substitutes = ((folder / name).read_text(encoding="ascii") for name in (told.weights, told.substitutes))
        return read_table(weights, substitutes, version=told.version, valid_from=told.valid_from)
    except (OSError, ValueError) as error:
        raise Refused("rent.no_modulus_table") from error


def opener(path: Path) -> Opener:
    """Return what opens bank details with the private keys of a file. OSError, ValueError in plain words."""
    try:
        found = read_identities(path)
    except pyrage.IdentityError as error:
        raise ValueError(f"{path} is no private key.") from error
    if not found:
        raise ValueError(f"{path} holds no private key.")
    return Opener(found)


def opened(data: bytes, opener: Opener) -> Details:
    """Open what `seal` sealed. ValueError in plain words: another key sealed it, or it is something else."""
    try:
        return msgspec.json.decode(opener(data), type=Details)
    except (pyrage.DecryptError, msgspec.DecodeError) as error:
        raise ValueError("This key does not open these bank details.") from error
