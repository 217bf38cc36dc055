"""The first page: what is happening, and every way on. Without signing in, only what needs none."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from lamplit.basics.clock import LONDON
from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.config.audience import Request, for_everyone
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, ngettext
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.portal import drafts, rent, words
from lamplit.portal.models import Seen
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff
from lamplit.tenancies import queries as tenancies

WAYS_FOR_ALL = [
    {"text": lazy("Report a repair"), "href": "/report", "more": lazy("About two minutes. No account needed."), "first": True},
    {"text": lazy("Sign in"), "href": "/sign-in", "more": lazy("Your repairs, messages and data. We send you a code.")},
    {"text": lazy("Check a message"), "href": "/check", "more": lazy("Is it really from us?")},
    {"text": lazy("Complain"), "href": "/complain", "more": lazy("Or tell us what went wrong")},
    {"text": lazy("Help"), "href": "/help", "more": lazy("Numbers to ring, large print, other languages")},
    {"text": lazy("Service status"), "href": "/status", "more": lazy("What works now")},
]


@for_everyone
def home(request: Request) -> HttpResponse:
    """Show her own first page, or the public one."""
    if request.person is None:
        return render(request, "portal/welcome.html", {"ways": WAYS_FOR_ALL, "section": None})
    draft = drafts.current(request)
    listed, new = repairs.open_of_person(request.person, at=request.now), unread(request.person)
    context = {
        "greeting": greeting(request),
        "address": address_of(request),
        "cards": cards(listed, request),
        "writing": draft is not None and draft.sent is None,
        "unread": new,
        "rent": " ".join(rent.words_for_home(request.person, london_date(request.now))),
        "ways": ways(len([row for row in listed if row.live]), new),
        "section": "home",
    }
    return render(request, "portal/home.html", context)


def greeting(request: Request) -> str:
    """Say good morning by the name that she likes to be called."""
    her = people.person(request.person or "")
    hour = request.now.astimezone(LONDON).hour
    hello = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
    name: Any = None if her is None else her.known_as or her.name
    return f"{hello}, {name}" if name and not isinstance(name, Unavailable) else hello


def address_of(request: Request) -> str | None:
    """Return the home where she lives, or None when that is no home of ours now."""
    living = tenancies.living_of(request.person or "", london_date(request.now))
    row = homes.home(living[0].home) if living else None
    return words.whole_postcode(homes.address_line(row)) if row is not None else None


def cards(listed: list[Any], request: Request) -> list[dict[str, Any]]:
    """Return what is going on with her repairs, with where each stands."""
    person, now = request.person or "", request.now
    found = []
    for row in listed:
        case = repairs.tenant_case(row.id, person, now=now, on=london_date(now)) if row.live else None
        if case is None:
            continue
        names = staff_names(case)
        visit = words.next_visit(case, now)
        kind = "danger" if row.priority in words.EMERGENCIES else "plain"
        text = words.stands(case.repair, names, now, visit)
        link = _("Tell us") if row.status == "to_confirm" and row.confirmed_at is None else _("See what happens next")
        found.append({"title": words.title_of(row), "text": text, "href": f"/repairs/{row.id}", "kind": kind, "link": link})
    return found


def staff_names(case: repairs.Case) -> words.Names:
    """Return the names of the staff who stand in a case."""
    ids = [case.repair.accepted_by, case.repair.owner]
    ids += [line.details.get(name) for line in case.timeline for name in ("owner", "staff")]
    return {key: staff.full_name(row) for key, row in staff.members([one for one in ids if one]).items()}


def unread(person: str) -> int:
    """Return how many messages of ours she has not seen here yet."""
    seen = Seen.objects.filter(person=person).first()
    return messages.count_messages(person, cases=case_ids(person), since=None if seen is None else seen.messages_at)


def case_ids(person: str) -> list[str]:
    """Return the ids of her complaints: messages about these name her nowhere."""
    return [one.id for one in complaints.complaints_of(person)]


def ways(open_count: int, new: int) -> list[dict[str, Any]]:
    """Return every way on, with how many repairs are open and how many messages are new."""
    return [
        {"text": _("Report a repair"), "href": "/report", "more": _("About two minutes"), "first": True},
        {"text": _("Repairs"), "href": "/repairs", "more": _open_words(open_count)},
        {"text": _("Rent"), "href": "/rent", "more": _("What to pay, and why")},
        {
            "text": _("Messages"),
            "href": "/messages",
            "more": ngettext("%(count)s you have not read", "%(count)s you have not read", new) % {"count": new}
            if new
            else _("Everything we sent you"),
        },
        {"text": _("Check a message"), "href": "/check", "more": _("Is it really from us?")},
        {"text": _("Complain"), "href": "/complain", "more": _("Or tell us what went wrong")},
        {"text": _("Your data"), "href": "/your-data", "more": _("What we hold about you")},
        {"text": _("Help"), "href": "/help", "more": _("Numbers to ring, large print, other languages")},
    ]


def _open_words(count: int) -> str:
    """Return "1 repair open", "4 repairs open" or "No repairs open"."""
    if not count:
        return _("No repairs open")
    return ngettext("%(count)s repair open", "%(count)s repairs open", count) % {"count": count}
