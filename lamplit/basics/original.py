"""Bytes as they came from outside. As text they are their hash: what tells one command from another, and all a log may say."""

import hashlib


class Original:
    """A file or an e-mail as it came."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()

    def __str__(self) -> str:
        return self.sha256

    def __repr__(self) -> str:
        return f"<{len(self.data)} bytes>"
