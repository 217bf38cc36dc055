"""A video on its way in: too large for memory while it comes, and on no disk unsealed.

It lies in a file without a name, enciphered with a key that is only in memory and goes with it.
"""

import secrets
import tempfile
from collections.abc import Iterator
from typing import IO, Any, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from lamplit.basics.picture import PART

HEAD = 64  # bytes that say what it is


class Spool:
    """A file that is written once, from its beginning, and read again part by part, as often as wanted."""

    def __init__(self) -> None:
        self._file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115 - it lives as long as the request
        self._cipher = Cipher(AES(secrets.token_bytes(32)), CTR(secrets.token_bytes(16)))
        self._writing = self._cipher.encryptor()
        self.head, self.size = b"", 0

    def write(self, data: bytes) -> None:
        self.head = (self.head + data[:HEAD])[:HEAD]
        self.size += len(data)
        self._file.write(self._writing.update(data))

    def parts(self) -> Iterator[bytes]:
        self._file.seek(0)
        reading: Any = self._cipher.decryptor()
        while part := self._file.read(PART):
            yield reading.update(part)

    def close(self) -> None:
        self._file.close()
