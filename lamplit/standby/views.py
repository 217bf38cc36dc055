"""The standby's pages: how it stands, what it cosigned, the tree that it holds, and the witness's door.

The mirror's hashes are for everybody. Its bundles, blobs and key files are not: what stands in clear there is for auditors.
"""

from functools import cache
from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lamplit.config import place
from lamplit.config.audience import Request, for_everyone
from lamplit.continuity import state, witness
from lamplit.continuity.state import Held
from lamplit.record.note import SigningKey
from lamplit.record.store import NotInStore, Store, open_store
from lamplit.record.tiles import Malformed, read_path
from lamplit.standby.standing import standing

FOREVER = "public, max-age=31536000, immutable"


@cache
def mirror() -> Store:
    return open_store(place.mirror())


@cache
def cosigner() -> SigningKey:
    return SigningKey.read(Path(place.key_folder()) / "cosigner")


def _db() -> psycopg.Connection[Any]:
    """Return the connection that Django holds for this request."""
    connection.ensure_connection()
    return cast(psycopg.Connection[Any], connection.connection)


@for_everyone
@require_GET
def home(request: Request) -> HttpResponse:
    """What somebody can do here on any day."""
    seen = standing(_db(), request.now)
    return render(request, "standby/home.html", {"quiet": seen["quiet"], "seen": seen["seen"]})


@for_everyone
@require_GET
def status(request: Request) -> HttpResponse:
    """Say what this service holds, until when, and whether main is quiet."""
    return render(request, "standby/status.html", standing(_db(), request.now) | {"key": cosigner().vkey})


@for_everyone
@require_GET
def checkpoint(request: HttpRequest, origin: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give the newest checkpoint of a log that we cosigned."""
    held = state.held_under(_db(), origin)
    if held is None or held.note is None:
        raise Http404
    return HttpResponse(held.note, content_type=witness.TEXT)


@for_everyone
@require_GET
def filed(request: HttpRequest, origin: str, size: int) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give a checkpoint that main signed when its record had that size."""
    held = _mirrored(origin)
    return _file(f"checkpoints/{size}", witness.TEXT) if size <= held.size else _none()


@for_everyone
@require_GET
def tile(request: HttpRequest, origin: str, name: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give a tile of hashes. A bundle of entries is given to nobody here."""
    _mirrored(origin)
    try:
        wanted = read_path(f"tile/{name}")
    except Malformed:
        raise Http404 from None
    return _none() if wanted.level is None else _file(f"tile/{name}", "application/octet-stream")


def _mirrored(origin: str) -> Held:
    held = state.held_under(_db(), origin)
    if held is None or not held.mirrored or held.note is None:
        raise Http404
    return held


def _none() -> HttpResponse:
    raise Http404


def _file(path: str, kind: str) -> HttpResponse:
    try:
        data = mirror().get(path)
    except NotInStore:
        raise Http404 from None
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": FOREVER})


@csrf_exempt
@for_everyone
@require_POST
def add_checkpoint(request: Request) -> HttpResponse:
    """Cosign another log's checkpoint, when it extends the one that we know. A log signs in with its signature."""
    answer = witness.add_checkpoint(_db(), cosigner(), request.body, request.now)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.kind)
