"""`python -m tests.bench.serving APPLICATION PORT WORKERS`: the server that `lamplit serve` runs, around any application."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lamplit.config import place

_PAGE = b""


def bare(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Give the bytes of the status page, and do nothing else."""
    global _PAGE  # noqa: PLW0603 - read once in each process
    _PAGE = _PAGE or Path(place.status_files() / "status.html").read_bytes()
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(_PAGE)))])
    return [_PAGE]


def main(application: str, port: str, workers: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        application, address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, workers=int(workers), blocking_threads=8
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
