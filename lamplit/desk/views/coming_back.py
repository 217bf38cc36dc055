"""Coming back: what ran out meanwhile and whom to write to, what is still owed, what a stolen account left, and rehearsals."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, listed
from lamplit.desk import words
from lamplit.desk.forms.incident import ClashForm, ReleaseForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.homes import queries as homes
from lamplit.incidents import actions, queries
from lamplit.messages import actions as message_actions
from lamplit.messages import queries as messages
from lamplit.rent import queries as rent
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

MOST = 30  # of each list: the first ones are those that matter most
UNKNOWN = lazy("Nobody can say up to when payments are known.")
CATCHES_UP = timedelta(days=30)  # how long after it a loss is caught up with
NIGHTS = 14


@for_staff("see_incident")
def coming_back(request: StaffRequest) -> HttpResponse:
    """Show what is to be caught up with, by risk, and how coming back was rehearsed."""
    since = _since(request.now)
    return page(
        request, "coming_back.html", since=since, back=queries.comebacks()[:3],
        clocks=_clocks(request, since) if since else [], promises=_promises(request, since) if since else [],
        waiting=_waiting(), rent=_rent(request) if since else [], services=_services(request),
        opened=queries.open_now(drill=False),
        clashes=_clashes(request),
        undone=[_undone(request, row) for row in queries.undoings()],
        rehearsed=rehearsed(request.now),
    )  # fmt: skip


@for_staff("see_incident")
def settle_clash(request: StaffRequest, clash: str) -> HttpResponse:
    """Say what came of looking at something that both wrote about."""
    row = found(next((one for one in queries.clashes() if one.id == clash), None))
    form = form_of(request, ClashForm)
    done, __ = told(
        form,
        lambda: actions.settle_clash(
            clash=clash, outcome=form.cleaned_data["outcome"], why=form.cleaned_data["why"],
            by=request.by, at=request.now, command=form.command(),
        ),
    )  # fmt: skip
    back = reverse("coming_back")
    if done:
        return went(back)
    ours, theirs = (", ".join(words.plain(kind) for kind in kinds) for kinds in (row.main_kinds, row.standby_kinds))
    note = _("Main wrote: %(main_kinds)s. The standby wrote: %(standby_kinds)s. Nothing was dropped.") % {
        "main_kinds": ours,
        "standby_kinds": theirs,
    }
    return page(
        request,
        "form.html",
        form=form,
        title=_("Both wrote about it"),
        back=back,
        button=_("I have looked"),
        note=note,
        section="incident",
    )


def _clashes(request: StaffRequest) -> list[dict[str, Any]]:
    """Return what both wrote about, in words: what it is, and where to look."""
    rows = queries.clashes()[:MOST]
    persons = [row.about for row in rows if row.about.startswith("p_")]
    names = Names([], may=request.me.may, persons=persons)
    looked(request, [one for one in persons if one not in names.restricted], "case")
    return [_clash(row, names) for row in rows]


def _clash(row: Any, names: Names) -> dict[str, Any]:
    title, href = _what(row, names)
    return {
        "title": title, "when": full_moment(row.found_at), "settle": reverse("settle_clash", args=[row.id]), "href": href,
        "why": _("the same form was keyed twice") if row.reason == "same_command" else _("both wrote about it"),
    }  # fmt: skip


def _what(row: Any, names: Names) -> tuple[str, str | None]:
    """Return what a clash is about and its page: never an id, which says nothing to anybody."""
    repair = repairs.repair(row.about) if row.about.startswith("r_") else None
    if repair is not None:
        return words.readable(repair.title, _("A repair")), reverse("desk_repair", args=[repair.id])
    if row.about.startswith("p_"):
        hidden = row.about in names.restricted
        return names.person(row.about), None if hidden else reverse("person", args=[row.about])
    home = homes.home(row.about) if row.about.startswith("h_") else None
    if home is not None:
        return words.short_address(home.address), reverse("desk_home", args=[home.id])
    return words.plain(row.standby_kinds[0].split(".")[0]), None


def _since(now: datetime) -> datetime | None:
    """Return from when on things may have been missed: an incident that is open, or the last loss of the record."""
    opened = queries.incident(queries.open_now(drill=False) or "")
    lost = next((row.last_at or row.at for row in queries.comebacks() if now - row.at < CATCHES_UP), None)
    return min((at for at in (opened.aware_at if opened else None, lost) if at is not None), default=None)


def _clocks(request: StaffRequest, since: datetime) -> list[dict[str, Any]]:
    """Return the clocks that ran out, with the tenants to write to."""
    rows = repairs.ran_out_between(since, request.now)[:MOST]
    living = tenancies.households_at([repair.home for __, repair in rows], london_date(request.now))
    tenants = {home: [one.person for one in lives if one.role == "tenant"] for home, lives in living.items()}
    names = Names([], may=request.me.may, persons=[person for one in tenants.values() for person in one])
    looked(request, [person for one in tenants.values() for person in one if person not in names.restricted], "case")
    return [
        {
            "what": words.clock_duty(clock.code), "when": words.ran_out(clock.due_at, request.now),
            "title": words.readable(repair.title, _("A repair")), "href": reverse("desk_repair", args=[repair.id]),
            "reference": repair.reference,
            "people": [
                {"name": names.person(person), "href": None if person in names.restricted else reverse("person", args=[person])}
                for person in tenants.get(repair.home, [])
            ],
        }
        for clock, repair in rows
    ]  # fmt: skip


def _promises(request: StaffRequest, since: datetime) -> list[dict[str, Any]]:
    """Return what we promised to people and did not keep meanwhile."""
    late = [row for row in messages.open_promises(due_before=request.now) if row.due_at >= since][:MOST]
    owners = Names([f"staff:{row.owner}" for row in late if row.owner], may=request.me.may)
    return [
        {
            "what": words.readable(row.what, _("Something that we promised")),
            "when": full_moment(row.due_at),
            "href": reverse("keep_promise", args=[row.id]),
            "who": owners.of(f"staff:{row.owner}") if row.owner else _("nobody yet"),
        }
        for row in late
    ]


def _waiting() -> list[dict[str, Any]]:
    """Return the kinds of messages that were ordered before and wait for a person, those on which a clock runs first."""
    since = queries.sends_from()
    found = messages.waiting_for_a_person(since) if since is not None else {}
    return [
        {
            "what": kind_words(kind), "count": len(rows), "when": full_moment(rows[0].ordered_at),
            "href": reverse("waiting_messages", args=[kind]),
        }
        for kind, rows in found.items()
    ]  # fmt: skip


def _rent(request: StaffRequest) -> list[dict[str, str]]:
    """Return what of rent is to be caught up with, in the order in which it is done: payments in first, then what follows."""
    today = london_date(request.now)
    paid_to, charged = rent.payments_to(today), next((row for row in rent.runs() if row.state == "finished"), None)
    missing = [f"{label}, {expected}" for __, label, expected, __ in rent.files_missing(today)]
    missed, waits = len(rent.missed()), rent.waits()
    return [
        {
            "what": _("Files of banks, payment firms and councils, the oldest first"),
            "now": _("Payments are known up to %(day)s.") % {"day": full_date(paid_to)} if paid_to else UNKNOWN,
            "href": reverse("money_files"),
            "may": "match_money",
        },
        *(
            {
                "what": _("A payment file is missing: %(one)s") % {"one": one},
                "now": _("Ask whoever sends it."),
                "href": reverse("money_files"),
                "may": "match_money",
            }
            for one in missing
        ),
        {
            "what": _("Charge runs"),
            "href": reverse("charge_runs"),
            "may": "see_arrears",
            "now": _("Rent was charged last from %(day)s.") % {"day": full_date(charged.from_on)}
            if charged
            else _("Nothing was charged yet."),
        },
        {
            "what": _("Direct Debits"),
            "href": reverse("debits"),
            "may": "see_arrears",
            "now": _("%(missed)s not made by our own fault. Each person was told.") % {"missed": f"{missed:,}"}
            if missed
            else _("None was missed."),
        },
        {
            "what": _("What tenants told us of their rent"),
            "href": reverse("rent_asked"),
            "may": "see_arrears",
            "now": _("%(asked)s to answer.") % {"asked": f"{waits.asked:,}"} if waits.asked else _("Nothing to answer."),
        },
    ]


def kind_words(kind: str) -> str:
    """Return the name of a kind of message in words."""
    return gettext(kind.replace("_", " ").capitalize())


@for_staff("let_letters_go")
def waiting_messages(request: StaffRequest, kind: str) -> HttpResponse:
    """Let messages of a kind go that were ordered before, one or all; or say that they never go."""
    since = queries.sends_from()
    rows = messages.waiting_for_a_person(since).get(kind, []) if since is not None else []
    back = reverse("coming_back")
    if not rows and request.method != "POST":
        return went(back)
    names = Names([], may=request.me.may, persons=[one.person for one in rows[:MOST]])
    shown = [one for one in rows[:MOST] if one.person not in names.restricted]
    form = form_of(request, ReleaseForm, messages=[(one.id, _message_words(one, names)) for one in shown])
    done, __ = told(form, lambda: _release(request, form, rows))
    if done:
        return went(back)
    looked(request, [one.person for one in shown], "case")
    note = _(
        "%(count)s of this kind were ordered before and show no sign that they left us. Some may have: who got one gets it"
        " twice. Read whether it is still true."
    ) % {"count": f"{len(rows):,}"}
    return page(
        request, "form.html", form=form, title=kind_words(kind), back=back, note=note, section="incident", button=_("Do this"),
    )  # fmt: skip


def _message_words(one: Any, names: Names) -> str:
    who = names.person(one.person) if one.person else _("somebody")
    return f"{who}: {words.readable(one.subject, _('a message'))}, {full_moment(one.ordered_at)}"


def _release(request: StaffRequest, form: ReleaseForm, rows: list[Any]) -> int:
    chosen = [one.id for one in rows] if form.cleaned_data["every"] else form.cleaned_data["messages"]
    return message_actions.release_messages(
        messages=chosen, never=form.cleaned_data["outcome"] == "never", by=request.by, at=request.now, command=form.command()
    )


def _services(request: StaffRequest) -> list[list[Any]]:
    """Return each service of which normal working is not declared yet."""
    ident = queries.open_now(drill=False)
    if ident is None:
        return []
    stands = queries.standing(queries.lines_of(ident))
    return [
        [
            name,
            stands[code].state if code in stands else _("nothing said yet"),
            f"{reverse('say_service', args=[ident, code])}?from=back",
        ]
        for code, name in words.services(request.now).items()
        if code not in stands or stands[code].state != "working"
    ]


def _undone(request: StaffRequest, row: Any) -> dict[str, Any]:
    names = Names([f"staff:{row.account}", *(f"staff:{one}" for one in row.agreed)], may=request.me.may)
    return {
        "who": names.of(f"staff:{row.account}"),
        "when": _("%(begins)s to %(ends)s") % {"begins": full_moment(row.from_at), "ends": full_moment(row.to_at)},
        "agreed": listed([names.of(f"staff:{one}") for one in row.agreed]),
        "entries": row.entries,
        "answered": row.answered,
        "more": row.more or 0,
        "ended": row.ended_at is not None,
        "left": [{"id": one, "href": reverse("record_entry", args=[one])} for one in (row.left or [])[:MOST]],
        "beyond": max(0, len(row.left or []) - MOST) + (row.more or 0),
    }


def rehearsed(now: datetime) -> dict[str, Any]:
    """Return how fast coming back was, night by night, and how long ago each kind succeeded: for kit/chart.html."""
    nights = list(reversed(queries.rehearsals_of("nightly", NIGHTS)))
    highest = max((row.seconds for row in nights), default=1)
    step = 10 ** max(len(str(highest)) - 1, 0)
    overdue = queries.rehearsals_overdue(now)
    return {
        "rows": [
            {
                "text": full_date(row.at), "short": f"{row.at:%d/%m}", "holds": row.holds, "size": row.size,
                "seconds": row.seconds, "differences": row.differences,
                "parts": [row.seconds, 0] if row.holds else [0, row.seconds],
            }
            for row in nights
        ],
        "most": -(-highest // step) * step,
        "kinds": [_kind(how, how in overdue, now) for how in ("nightly", "custodians")],
    }  # fmt: skip


def _kind(how: str, overdue: bool, now: datetime) -> dict[str, Any]:
    done = queries.last_rehearsed(how)
    days = (london_date(now) - london_date(done)).days if done else None
    ago = {None: _("never"), 0: _("today"), 1: _("yesterday")}.get(days, _("%(days)s days ago") % {"days": days})
    row = next(iter(queries.rehearsals_of(how, 1)), None)
    return {
        "what": gettext(queries.rehearsal_words(how, now)),
        "ago": ago,
        "overdue": overdue,
        "failed": row is not None and not row.holds,
    }
