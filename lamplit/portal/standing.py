"""Pages that need no sign-in and no form: help, how the service stands, how accessible it is."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render

from lamplit.config.audience import Request, for_everyone

SILENT_AFTER = timedelta(seconds=90)


@for_everyone
def help_page(request: Request) -> HttpResponse:
    """Say whom to ring for what."""
    return render(request, "portal/help.html", {"section": None})


@for_everyone
def accessibility(request: Request) -> HttpResponse:
    """Say what works for whom, and what to do if it does not."""
    return render(request, "portal/accessibility.html", {"section": None})


@for_everyone
def status(request: Request) -> HttpResponse:
    """Say in plain words what works now, and what to do instead of what does not."""
    rows = services(loops(), request.now)
    context = {"rows": rows, "all_well": all(row["kind"] == "now" for row in rows), "section": "status"}
    return render(request, "portal/status.html", context)


def loops() -> dict[str, tuple[datetime, str]] | None:
    """Return when each loop was last alive and what troubles it; None when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, alive_at, trouble FROM record.loop")
            return {name: (alive_at, trouble) for name, alive_at, trouble in cursor.fetchall()}
    except DatabaseError:
        return None


def services(known: dict[str, tuple[datetime, str]] | None, now: datetime) -> list[dict[str, Any]]:
    """Return what people use, each with how it stands. The technical trouble itself stays on the desk."""
    if known is None:
        row = {"state": "Down", "kind": "risk", "todo": "Ring us instead, day and night.", "back": "We are working on it"}
        return [{"name": name, **row} for name in ("Reports of repairs", "Signing in", "Messages from us")]
    kept = _runs(known, "seal", now) and _runs(known, "publish", now)
    sent = _runs(known, "worker", now)
    working = {"state": "Working", "kind": "now", "back": ""}
    soon = "We are working on it"
    return [
        {"name": "Reports of repairs", "todo": "Report here, or ring us.", **working}
        if kept
        else {
            "name": "Reports of repairs", "state": "Limited", "kind": "plain", "back": soon,
            "todo": "Report here as usual. We take your report, and your number may come later.",
        },
        {"name": "Signing in", "todo": "Sign in as usual.", **working},
        {"name": "Messages from us", "todo": "Read them here, or where you get them.", **working}
        if sent
        else {
            "name": "Messages from us", "state": "Late", "kind": "plain", "back": soon,
            "todo": "Sign in to see how your repair stands. In an emergency, ring us.",
        },
    ]  # fmt: skip


def _runs(known: dict[str, tuple[datetime, str]], name: str, now: datetime) -> bool:
    """Whether every loop of that name is alive and untroubled, and there is one."""
    mine = [state for loop, state in known.items() if loop.split()[0] == name]
    return bool(mine) and all(now - alive_at <= SILENT_AFTER and not trouble for alive_at, trouble in mine)
