"""The status page and its open data as plain files, which any web server serves while nothing else works.

Written by the worker, and by a standby's own loop. A file is replaced whole and only when it says something else; the page tells
as of which minute it is, so the time of a file shows whether somebody still writes it.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lamplit.basics import who
from lamplit.config.languages import in_ours
from lamplit.config.status import pages

FILES: dict[str, Any] = {
    "status.html": pages.status, "status.json": pages.open_data, "status.rss": pages.feed, "status.txt": pages.plain_text,
}  # fmt: skip


def write(folder: Path, now: datetime) -> int:
    """Write what has changed. Returns how many files did."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    request, count = _nobody(now.replace(second=0, microsecond=0)), 0
    with in_ours():
        for name, view in FILES.items():
            answer: HttpResponse = view(request)
            file = folder / name
            if not file.exists() or file.read_bytes() != answer.content:
                _put(file, answer.content)
                count += 1
    return count


def _put(file: Path, data: bytes) -> None:
    """Replace a file whole, readable by whatever serves it. Two programs may write at a time: both write the same."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.chmod(0o644)
    part.replace(file)


def _nobody(now: datetime) -> Any:
    """Return a request as of somebody who is not signed in and chose nothing."""
    request: Any = HttpRequest()
    request.method, request.path, request.path_info = "GET", "/status", "/status"
    secure = bool(settings.SESSION_COOKIE_SECURE)
    request.META = {"SERVER_NAME": settings.ALLOWED_HOSTS[0], "SERVER_PORT": "443" if secure else "80"}
    request.META |= {"wsgi.url_scheme": "https" if secure else "http"}
    request.now, request.person, request.by, request.contractor, request.session = now, None, who.visitor(), "", {}
    return request
