"""What a fact is called on the desk, whoever may see it: the lines whose entries can be looked at in the record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse

from lamplit.complaints import queries as complaints
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.desk import timeline, words
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found
from lamplit.desk.seeing import hidden_people, may_know_of, may_see_person
from lamplit.messages import queries as messages
from lamplit.repairs import queries as repairs

Row = dict[str, Any]


class Behind(NamedTuple):
    """A fact that whoever asks may look at. `name` and `kinds` find its entry in the log, `recorded_at` says about where.

    `lines` are those of the same story, by entry; `clocks` those of its repair.
    """

    title: str
    rows: list[Row]
    back: tuple[str, str]
    name: str
    recorded_at: datetime
    kinds: tuple[str, ...] = ()
    lines: Mapping[str, timeline.Item] = MappingProxyType({})
    clocks: tuple[Any, ...] = ()


def of_repair(request: StaffRequest, entry: str) -> Behind:
    """Return a line of a repair's timeline. 404 when there is none, or it is restricted and not for whoever asks."""
    row = found(repairs.happening(entry))
    case = found(repairs.case(row.repair, now=request.now, restricted="see_restricted" in request.me.may))
    shown = found(next((one for one in case.timeline if one.id == entry), None))
    names = Names(timeline.actors(case.timeline), may=request.me.may)
    items = {one.id: timeline.each_line([one], names, request.now)[0] for one in case.timeline}
    item = items[entry]
    rows = [
        {"key": _("What"), "value": item["what"]},
        {"key": _("In words"), "value": item["more"]},
        *_who_when(names.of(shown.by), shown.at, shown.recorded_at, words.full_time(shown.by, shown.at)),
        {"key": _("Kind of fact"), "value": words.plain(shown.kind)},
        {"key": _("Entry"), "value": entry},
    ]
    back = (reverse("desk_repair", args=[case.repair.id]), _("The repair"))
    return Behind(item["what"], rows, back, entry, shown.recorded_at, (), items, case.clocks)


def _who_when(who: str, at: datetime, recorded_at: datetime, when: str | None = None) -> list[Row]:
    return [
        {"key": _("Who"), "value": who},
        {"key": _("When it happened"), "value": when or full_moment(at)},
        {"key": _("When it was written down"), "value": full_moment(recorded_at)},
    ]


def other(request: StaffRequest, kind: str, about: str) -> Behind:
    """Return a contact, promise, message or complaint, or 404."""
    read = OTHERS.get(kind)
    if read is None:
        raise Http404
    return read(request, about)


def _seen(request: StaffRequest, person: str | None, permission: str | None = None) -> None:
    """404 unless whoever asks may see what is of this person, and has the permission."""
    if permission is not None and permission not in request.me.may:
        raise Http404
    if person is not None and not may_see_person(request, person):
        raise Http404
    looked(request, person, "case")


def _contact(request: StaffRequest, ident: str) -> Behind:
    row = found(messages.contact(ident))
    _seen(request, row.person)
    if row.audience not in ("all", "staff") and "see_restricted" not in request.me.may:
        raise Http404
    names = Names([row.by], may=request.me.may)
    title = timeline.contact_words(words.CHANNELS.get(str(row.channel), _("Contact")), row.direction)
    rows = [
        {"key": _("What was said"), "value": words.readable(row.said)},
        *(
            [{"key": _("From whom"), "value": _("Not proved: an e-mail may say of itself whatever it likes")}]
            if row.proof
            else []
        ),
        *_who_when(names.of(row.by), row.happened_at, row.recorded_at),
    ]
    back = _back_to(row.person, row.repair, row.home)
    return Behind(title, rows, back, ident, row.recorded_at, ("contact.made",))


def _back_to(person: str | None, repair: str | None = None, home: str | None = None) -> tuple[str, str]:
    if person is not None:
        return reverse("person", args=[person]), _("The person")
    if repair is not None:
        return reverse("desk_repair", args=[repair]), _("The repair")
    return (reverse("desk_home", args=[home]), _("The home")) if home is not None else (reverse("search"), _("Search"))


def _promise(request: StaffRequest, ident: str) -> Behind:
    row = found(messages.promise(ident))
    _seen(request, row.person)
    if messages.restricted_contacts([row.contact]) and "see_restricted" not in request.me.may:
        raise Http404
    names = Names([row.made_by], may=request.me.may)
    rows = [
        {"key": _("What we promised"), "value": words.readable(row.what)},
        {"key": _("By when"), "value": full_moment(row.due_at)},
        *_who_when(names.of(row.made_by), row.made_at, row.made_at)[:2],
    ]
    return Behind(
        _("A promise"), rows, (reverse("keep_promise", args=[ident]), _("The promise")), ident, row.made_at, ("promise.made",)
    )


def _message(request: StaffRequest, ident: str) -> Behind:
    row = found(messages.message(ident))
    _seen(request, None, "see_complaint" if row.voice.startswith("k_") else "send_message")
    if hidden_people(request, [row.person or row.voice]) or not may_know_of(request, row):
        raise Http404
    looked(request, [row.person, row.voice], "case")
    rows = [
        {"key": _("About"), "value": words.readable(row.subject)},
        *_who_when(Names([row.by], may=request.me.may).of(row.by), row.ordered_at, row.ordered_at)[:2],
    ]
    back = (reverse("message", args=[ident]), _("The message"))
    return Behind(_("A message was ordered"), rows, back, ident, row.ordered_at, ("message.ordered",))


def _complaint(request: StaffRequest, ident: str) -> Behind:
    row = found(complaints.complaint(ident))
    _seen(request, row.person if isinstance(row.person, str) else None, "see_complaint")
    who = row.made_by if isinstance(row.made_by, str) else None
    rows = [
        {"key": _("In their words"), "value": words.readable(row.words)},
        *_who_when(Names([who], may=request.me.may).of(who), row.made_at, row.recorded_at),
    ]
    back = (reverse("complaint", args=[ident]), _("The complaint"))
    return Behind(
        _("Complaint %(reference)s") % {"reference": row.reference}, rows, back, ident, row.recorded_at, ("complaint.made",)
    )


OTHERS: dict[str, Callable[[StaffRequest, str], Behind]] = {
    "contact": _contact, "promise": _promise, "message": _message, "complaint": _complaint,
}  # fmt: skip
