"""The status page, and the same as open data, as a feed and as plain text."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.feedgenerator import Rss201rev2Feed

from lamplit.basics import words as english
from lamplit.config import standing_by
from lamplit.config.audience import Request, for_everyone
from lamplit.config.languages import in_ours
from lamplit.config.speaking import as_recorded
from lamplit.config.speaking import gettext as _
from lamplit.config.status.picture import Picture, Service, first_sentence, picture, state_words
from lamplit.config.when import full_moment
from lamplit.incidents import queries
from lamplit.messages import queries as messages

KINDS = {"working": "now", "down": "risk"}  # of the tag; anything else is plain


@for_everyone
def status(request: Request) -> HttpResponse:
    """Say in plain words what works now, what to do instead, what we know, and what was promised."""
    seen = picture(request.now)
    context = {
        "says": first_sentence(seen),
        "whole_next": next_words(seen.whole),
        "seen": seen,
        "rows": [row(one, seen) for one in seen.services],
        "known": [one for one in seen.services if has_words(one.line)],
        "phones": all(one.state in ("working", "unknown") for one in seen.services if one.code == "phones"),
        "items": items(seen.events, seen),
        "past": queries.before_now() if seen.reachable else [],
        "scams": messages.scams_now() if seen.reachable else [],
        "section": "status",
        "layout": _layout(),
    }
    return render(request, "status.html", context)


@for_everyone
def past(request: Request, incident: str) -> HttpResponse:
    """Show an incident for good: what was said, promised, moved, missed and corrected."""
    found = queries.real(incident)
    if found is None:
        raise Http404
    seen = picture(request.now)
    shown = items(queries.history(queries.lines_of(found.id)), seen)
    context = {"incident": found, "items": shown, "section": "status", "layout": _layout()}
    return render(request, "status_past.html", context)


def _layout() -> str:
    """Return whose page it is: the portal's, or a standby's until it serves the portal."""
    return "layouts/plain.html" if settings.ON_STANDBY and standing_by.taken_over() is None else "layouts/portal.html"


@for_everyone
def open_data(request: Request) -> HttpResponse:
    """Give the same as open data. Anybody may use it."""
    with in_ours():
        seen = picture(request.now)
        said = {
            "as_of": seen.at.isoformat(), "everything_works": seen.all_well, "says": first_sentence(seen),
            "incident": _incident(seen), "services": [_service(one, seen) for one in seen.services],
            "history": [_event(one, seen) for one in seen.events],
        }  # fmt: skip
    return _shared(JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1}))


@for_everyone
def plain_text(request: Request) -> HttpResponse:
    """Give the same as plain text."""
    with in_ours():
        seen = picture(request.now)
        parts = [f"{settings.LANDLORD['name']}: service status, {english.full_moment(seen.at)}", first_sentence(seen)]
        parts += [_lines(one, seen) for one in seen.services]
        parts += [f"{when}: {what}" for when, what in _told(seen)]
        parts.append(f"Ring us: {settings.LANDLORD['phone']}")
    return _shared(HttpResponse("\n\n".join(parts) + "\n", content_type="text/plain; charset=utf-8"))


class _Feed(Rss201rev2Feed):
    """A feed as of the page's minute. With nothing in it, Django's would be of this second, and the file never the same."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["as_of"]


@for_everyone
def feed(request: Request) -> HttpResponse:
    """Give everything that was said in the incident as a feed (RSS 2.0)."""
    with in_ours():
        seen, here = picture(request.now), request.build_absolute_uri("/status")
        title = f"{settings.LANDLORD['name']}: service status"
        made = _Feed(title, here, first_sentence(seen), language="en-GB", as_of=seen.at)
        for one in seen.events:
            title, more = title_of(one, seen), english.full_moment(one.at)
            unique = f"{one.line}.{one.what}.{int(one.at.timestamp())}"
            made.add_item(title, here, _more(one) or more, pubdate=one.at, unique_id=unique, unique_id_is_permalink=False)
        return _shared(HttpResponse(made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"))


def _shared(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    return response


def row(one: Service, seen: Picture) -> dict[str, Any]:
    """Return a service as the table shows it."""
    line, first = one.line, one.back_before
    return {
        "name": one.name,
        "state": state_words(one, seen.data),
        "kind": KINDS.get(one.state, "plain"),
        "todo": " ".join(part for part in (one.works, one.instead) if part),
        "back": full_moment(line.back_at) if line is not None and line.back_at else "",
        "moved": _("We first said %(moment)s.") % {"moment": full_moment(first)} if first else "",
        "note": next_words(line),
    }


def has_words(line: Any) -> bool:
    """Whether somebody said what we know, or that we do not."""
    return line is not None and bool(line.known != "known" or line.says or line.looked_at or line.checked_by)


def next_words(line: Any) -> str:
    """Return when we say more, and that it is late where it is. Nothing where nothing is promised."""
    if line is None or line.next_at is None or line.kept_at is not None:
        return ""
    said = {"moment": full_moment(line.next_at)}
    missed = _("We promised more by %(moment)s, and missed that.")
    return (missed if line.missed_at else _("We say more by %(moment)s.")) % said


def items(events: list[queries.Event], seen: Picture) -> list[dict[str, Any]]:
    """Return what happened as lines of a timeline."""
    kinds = {"missed": "missed", "ended": "done"}
    return [
        {
            "when": full_moment(one.at), "at": one.at.isoformat(), "what": title_of(one, seen), "more": _more(one),
            "kind": "missed" if one.late else kinds.get(one.what, "plain"),
        }
        for one in events
    ]  # fmt: skip


def title_of(one: queries.Event, seen: Picture) -> str:
    """Return what happened in a few words."""
    name = next((service.name for service in seen.services if service.code == one.about), _("The incident"))
    words = {
        "opened": _("The incident began"), "said": _("%(name)s: we said more"), "moved": _("%(name)s: we moved our promise"),
        "missed": _("%(name)s: we missed our promise"), "corrected": _("%(name)s: what we said was wrong"),
        "ended": _("The incident was over"),
    }  # fmt: skip
    if one.wrong:
        return _("%(name)s: we said this, and it was wrong") % {"name": name}
    return words[one.what] % {"name": name}


def _more(one: queries.Event) -> str:
    """Return the words themselves, and how they stand to what was promised."""
    parts = [as_recorded(one.says) or ""]
    moment = full_moment(one.promised_at) if one.promised_at else ""
    if one.what == "missed":
        parts.append(_("We had promised to say more by %(moment)s.") % {"moment": moment})
    elif moment:
        kept = _("Promised by %(moment)s, and late.") if one.late else _("Promised by %(moment)s, and kept.")
        parts.append(kept % {"moment": moment})
    if one.from_at is not None:
        parts.append(_moved(one))
    return " ".join(part for part in parts if part)


def _moved(one: queries.Event) -> str:
    first = full_moment(one.from_at) if one.from_at else ""
    if one.what == "moved":
        return _("From %(first)s to %(moment)s.") % {"first": first, "moment": full_moment(_there(one.to_at))}
    if one.to_at is None:
        return _("We had expected it back %(first)s.") % {"first": first}
    return _("We had expected it back %(first)s, now %(moment)s.") % {"first": first, "moment": full_moment(one.to_at)}


def _there(when: datetime | None) -> datetime:
    assert when is not None, "what was moved has a new time"  # noqa: S101 - the fact has it
    return when


def _incident(seen: Picture) -> dict[str, Any] | None:
    if seen.incident is None:
        return None
    whole = seen.whole
    return {
        "opened_at": seen.incident.opened_at.isoformat(), "says": whole.says, "next_update_at": _iso(whole.next_at),
        "promise_missed_at": _iso(whole.missed_at),
    }  # fmt: skip


def _service(one: Service, seen: Picture) -> dict[str, Any]:
    said: dict[str, Any] = {
        "service": one.code, "name": one.name, "state": one.state, "state_words": state_words(one, seen.data),
        "works": one.works or None, "instead": one.instead or None,
    }  # fmt: skip
    line = one.line
    if line is not None:
        checked = {"by": line.checked_by, "what": line.checked_what, "at": _iso(line.checked_at)} if line.checked_by else None
        said |= {
            "known": line.known, "says": line.says, "looked_at": line.looked_at, "checked": checked,
            "expected_back_at": _iso(line.back_at), "first_expected_back_at": _iso(one.back_before),
            "next_update_at": _iso(line.next_at) if line.kept_at is None else None,
            "promise_missed_at": _iso(line.missed_at) if line.kept_at is None else None, "said_at": _iso(line.said_at),
        }  # fmt: skip
    return said


def _event(one: queries.Event, seen: Picture) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(), "about": one.about, "what": one.what, "title": title_of(one, seen), "says": one.says,
        "promised_at": _iso(one.promised_at), "late": one.late, "from": _iso(one.from_at), "to": _iso(one.to_at),
    }  # fmt: skip


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when is not None else None


def _lines(one: Service, seen: Picture) -> str:
    shown = row(one, seen)
    parts = [f"{one.name}: {shown['state']}.", shown["todo"]]
    parts += [one.line.says, one.line.looked_at] if one.line is not None else []
    parts += [f"Expected back {shown['back']}. {shown['moved']}" if shown["back"] else "", shown["note"]]
    return "\n".join(part.strip() for part in parts if part)


def _told(seen: Picture) -> list[tuple[str, str]]:
    return [(english.full_moment(one.at), f"{title_of(one, seen)}. {_more(one)}".strip()) for one in seen.events]
