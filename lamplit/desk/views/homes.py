"""A home: who lives there, what to know, parts and checks, everything ever reported, and the homes around it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.left import times
from lamplit.config.speaking import counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, near_date
from lamplit.desk import words
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.desk.seeing import hidden_people
from lamplit.desk.views.blocks import section
from lamplit.homes import queries
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies


@for_staff("see_home")
def home(request: StaffRequest, home: str) -> HttpResponse:
    """Show all of a home on one page."""
    row = found(queries.home(home))
    today = london_date(request.now)
    notes = queries.know_before_visit(home, today)
    block = queries.block(row.block) if row.block else None
    return page(
        request, "home.html", home=row, address=queries.address_line(row), facts=_facts(row, block),
        alerts=[_note_line(note) for note in notes if note.about is None or note.about.what in ("asbestos", "warning")],
        notes=notes, household=household(home, request), tenancy=tenancies.tenancy_of_home(home, today),
        past=_past(home, request), parts=_parts(home, today), history=_history(home, request), floors=_floors(row, block),
        shared=repairs.open_shared(row.block) if row.block else [], reaching=repairs.open_reaching(home),
        block=block, beliefs=_beliefs(home, request), coming=repairs.visits_from_elsewhere(home, now=request.now),
        words=words, contacts=_contacts(home, request),
    )  # fmt: skip


def _facts(row: Any, block: Any) -> list[str]:
    floor = (
        None if row.storey is None else _("ground floor") if row.storey == 0 else _("floor %(storey)s") % {"storey": row.storey}
    )
    bedrooms = (
        counted("%(count)s bedroom", "%(count)s bedrooms", int(row.bedrooms)) if str(row.bedrooms).isdigit() else row.bedrooms
    )
    name = str(block.name) if block is not None and block.name else None
    uprn = _("UPRN %(uprn)s") % {"uprn": row.uprn} if row.uprn else None
    called = getattr(row, "reference", None)  # what was believed of a home before has none
    before = _("number in the system before: %(called)s") % {"called": called} if isinstance(called, str) else None
    return [str(part) for part in (name, floor, row.shape, bedrooms, uprn, before) if part]


def _note_line(note: queries.NoteSeen) -> str:
    if note.about is None:
        return _("A note on this home cannot be read here. Ask before anybody goes.")
    where = _(" Where: %(where)s") % {"where": note.about.where} if note.about.where else ""
    line = words.home_note(note.about.what, note.about.says) + where
    return (
        _("%(line)s Known from: %(source)s") % {"line": words.stopped(line), "source": note.about.source}
        if note.about.source
        else line
    )


def household(home: str, request: StaffRequest) -> list[dict[str, Any]]:
    """Return who lives in a home now, with their needs. Somebody restricted is not named to those who may not see her."""
    today = london_date(request.now)
    living = tenancies.households_at([home], today).get(home, [])
    ids = [one.person for one in living]
    hidden, names = hidden_people(request, ids), people.people(ids)
    looked(request, [one for one in ids if one not in hidden], "home", home)
    needs: dict[str, list[Any]] = {}
    for one in people.live_needs(ids, today):
        needs.setdefault(one.person, []).append(words.need(one.code))
    shown = [
        {
            "person": one.person,
            "name": people.full_name(names[one.person]),
            "href": reverse("person", args=[one.person]),
            "role": words.plain(one.role),
            "child": one.role == "child",
            "since_on": one.since_on,
            "needs": needs.get(one.person, []),
            "tenancy": one.tenancy,
        }
        for one in living
        if one.person in names and one.person not in hidden
    ]
    if hidden:
        shown.append({"person": None, "name": _("Ring the safeguarding lead before anybody goes or writes here"), "needs": []})
    return shown


def _past(home: str, request: StaffRequest) -> list[dict[str, Any]]:
    """Return earlier tenancies with who lived there, the newest first."""
    today = london_date(request.now)
    over = [one for one in tenancies.tenancies_of_home(home) if one.ended_on is not None and one.ended_on < today]
    lived = tenancies.everyone_ever(one.id for one in over)
    names = Names([], may=request.me.may, persons=[lives.person for listed in lived.values() for lives in listed])
    return [
        {
            "who": ", ".join(names.person(lives.person) for lives in lived.get(one.id, []) if lives.role == "tenant"),
            "tenure": words.TENURES.get(one.tenure, one.tenure),
            "from_on": one.started_on,
            "to_on": one.ended_on,
        }
        for one in over
    ]


def _parts(home: str, today: date) -> list[dict[str, Any]]:
    """Return the parts, each with its newest check of each kind."""
    said = []
    for seen in queries.components(home):
        newest: dict[str, Any] = {}
        for check in seen.checks:
            newest.setdefault(check.what, check)
        checks = [_check_words(check, today) for check in newest.values()]
        said.append({"part": seen.component, "name": words.PARTS.get(seen.component.what, seen.component.what), "checks": checks})
    return said


def _check_words(check: Any, today: date) -> dict[str, Any]:
    late = check.next_due_on is not None and check.next_due_on < today
    found = f": {check.found}" if check.found else ""
    result = _("satisfactory") if check.satisfactory else _("not satisfactory%(found)s") % {"found": found}
    due = _(", next due %(day)s") % {"day": full_date(check.next_due_on)} if check.next_due_on else ""
    name = words.CHECKS.get(check.what, words.plain(check.what))
    return {"text": f"{name} {full_date(check.checked_on)}: {result}{due}", "bad": late or not check.satisfactory, "late": late}


def _history(home: str, request: StaffRequest) -> list[dict[str, Any]]:
    """Return everything ever reported here, newest first, by whichever tenant, with repeats marked."""
    listed = repairs.home_history(home)
    by_id = {row.repair.id: row.repair for row in listed}
    items = []
    for row in listed:
        one = row.repair
        notes = [f"{words.PRIORITIES.get(one.priority, one.priority)}."]
        if not one.closed_how:
            notes.append(f"{words.STATUSES[one.status]}.")
        if row.repeat_of in by_id:
            notes.append(
                _("Repeat of %(reference)s: the same kind of trouble within 90 days.")
                % {"reference": by_id[row.repeat_of].reference}
            )
        if one.reopened_count:
            notes.append(_("Opened again %(times)s: it was not mended.") % {"times": times(one.reopened_count)})
        if row.reports > 2:
            notes.append(_("Told %(reports)s times in a year.") % {"reports": row.reports})
        if one.cause:
            notes.append(words.stopped(_("Cause: %(cause)s") % {"cause": one.cause}))
        if one.closed_how:
            notes.append(_("%(one)s on %(day)s.") % {"one": words.closed(one), "day": full_date(one.closed_at)})
        repeat = row.repeat_of is not None
        items.append(
            {
                "when": near_date(one.reported_at, request.now),
                "what": _("%(title)s (repeat)") % {"title": words.readable(one.title, _("A repair"))}
                if repeat
                else words.readable(one.title, _("A repair")),
                "href": reverse("desk_repair", args=[one.id]),
                "kind": "now" if one.live else "missed" if repeat else "done",
                "more": " ".join(notes),
            }
        )
    return items


def _floors(row: Any, block: Any) -> list[dict[str, Any]]:
    """Return the part of the block around this home, top floor first."""
    if block is None or row.storey is None or row.stack is None:
        return []
    homes = queries.homes_of_block(row.block)
    stacks = sorted({one.stack for one in homes if one.storey is not None and one.stack is not None})
    near = [stack for stack in stacks if abs(stacks.index(stack) - stacks.index(row.stack)) <= 2]
    return section(homes, near, repairs.open_of_homes([one.id for one in homes]), here=row.id, around=4)


def _beliefs(home: str, request: StaffRequest) -> list[dict[str, Any]]:
    rows = queries.beliefs(home)
    names = Names([row.by for row in rows], may=request.me.may)
    return [
        {
            "when": _("From %(when)s") % {"when": full_moment(row.at)},
            "what": ", ".join([words.address(row.address), *_facts(row, None)]),
            "more": _("Why: %(why)s") % {"why": row.why} if row.why else None,
            "by": names.of(row.by),
        }
        for row in rows
    ]


def _contacts(home: str, request: StaffRequest) -> list[Any]:
    audience = "restricted" if "see_restricted" in request.me.may else "staff"
    rows = messages.contacts_of(audience=audience, home=home, limit=20)
    hidden = hidden_people(request, {row.person for row in rows if row.person})
    return [row for row in rows if row.person not in hidden]
