"""Two records of one person: found, compared side by side, shown as one, confirmed, and taken apart again."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, listed, near_moment
from lamplit.desk import words
from lamplit.desk.finding import Picking, picked_form
from lamplit.desk.forms.merging import ConfirmForm, MergeForm, UnmergeForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import ask_why, hidden_people, may_see_person
from lamplit.homes import queries as homes
from lamplit.messages import actions as messages_do
from lamplit.messages import queries as messages
from lamplit.people import actions, queries
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies


def shown(request: StaffRequest, person: str) -> dict[str, Any]:
    """Return the merges that stand of a person, for her page; `apart`: records whose numbers do not serve her."""
    rows = queries.merges_of([person])
    names = Names(
        [*(row.by for row in rows), *(row.confirmed_by for row in rows)], may=request.me.may, persons=[r.gone for r in rows]
    )
    return {
        "apart": {row.gone for row in rows if row.confirmed_at is None},
        "rows": [
            {
                "id": row.id, "name": names.person(row.gone), "by": names.of(row.by), "at": row.at, "why": row.why,
                "how": row.how,
                "confirmed_by": names.of(row.confirmed_by) if row.confirmed_by else None, "mine": row.by == str(request.by),
            }
            for row in rows
        ],
    }  # fmt: skip


@for_staff("merge_people")
def twins(request: StaffRequest, person: str) -> HttpResponse:
    """Show records that may be of the same person, and let any other be chosen."""
    row = _open_to(request, person)
    near = queries.twins_of(person)
    hidden = hidden_people(request, [one.person for one in near])
    picking = Picking(request, label=_("Or find another record"))
    form = picked_form(request, SentOnce, picking)
    if form.is_valid() and picking.sending and picking.people:
        return went(reverse("merge", args=[person, picking.people[0]]))
    rows = [
        {"name": one.name, "why": listed(list(one.why)), "href": reverse("merge", args=[person, one.person])}
        for one in near
        if one.person not in hidden
    ]
    title = _("Another record of %(name)s?") % {"name": queries.full_name(row)}
    return page(
        request, "twins.html", rows=rows, form=form, picking=picking, title=title, back=reverse("person", args=[person]),
        button=_("Compare the two"), new=None, section="search",
    )  # fmt: skip


@for_staff("merge_people")
def merge(request: StaffRequest, person: str, other: str) -> HttpResponse:
    """Compare two records side by side, and show them as one."""
    rows = [_open_to(request, person), _open_to(request, other)]
    first, second = ((row.id, queries.full_name(row), queries.believed(row.id)) for row in rows)
    form = form_of(request, MergeForm, first=first, second=second)
    done, __ = told(form, lambda: actions.merge_people(**form.told(), **_sent(request, form)))
    if done:
        return went(reverse("person", args=[form.told()["kept"]]))
    today = london_date(request.now)
    return page(
        request, "merge.html", form=form, rows=_compared(person, other, today), names=[first[1], second[1]],
        warnings=_warnings(person, other), back=reverse("twins", args=[person]), ids=[person, other],
    )  # fmt: skip


def _compared(person: str, other: str, today: date) -> list[tuple[str, str, str]]:
    """Return what the two records say, line by line."""
    one, two = _facts(person, today), _facts(other, today)
    return [(name, one[name], two[name]) for name in one]


def _facts(person: str, today: date) -> dict[str, str]:
    who, lived = queries.believed(person), tenancies.tenancies_of(person)
    where = homes.homes(one.home for one in lived)
    reaches = [one.how for one in queries.reaches(person) if one.how is not None and one.how.state != "ended"]
    told_of = repairs.of_person(person)
    return {
        _("Name"): who.name or _("not known"),
        _("Known as"): who.known_as or _("nothing"),
        _("Title"): who.title or _("nothing"),
        _("Date of birth"): full_date(who.born_on) if who.born_on else _("not known"),
        _("Homes"): "; ".join(
            _("%(home)s, since %(day)s") % {"home": homes.address_line(where[one.home]), "day": full_date(one.since_on)}
            for one in lived
            if one.home in where
        )
        or _("none of ours"),
        _("Numbers and addresses"): "; ".join(
            words.reach(how.value) if how.safe else _("%(value)s (not safe)") % {"value": words.reach(how.value)}
            for how in reaches
        )
        or _("none"),
        _("Needs"): ", ".join(words.NEEDS.get(one.code, one.code) for one in queries.live_needs([person], today))
        or _("none known"),
        _("Repairs"): _("%(told_of)s, the newest: %(title)s")
        % {"told_of": len(told_of), "title": words.readable(told_of[0].title)}
        if told_of
        else _("none"),
        _("Acts for them"): ", ".join(one.leave.name for one in queries.mandates(person) if one.leave) or _("nobody"),
    }


def _warnings(person: str, other: str) -> list[str]:
    """Return what speaks against it."""
    said = []
    if queries.is_restricted(person) or queries.is_restricted(other):
        said.append(_("One of the two is restricted. If you merge them, both are. Speak to the safeguarding lead first."))
    together = {one.home for one in tenancies.tenancies_of(person)} & {one.home for one in tenancies.tenancies_of(other)}
    if together:
        said.append(_("Both lived in the same home. They may be two people of one family."))
    one, two = queries.believed(person), queries.believed(other)
    if one.born_on and two.born_on and one.born_on != two.born_on:
        said.append(_("Their dates of birth differ."))
    return said


@for_staff("merge_people")
def confirm(request: StaffRequest, merge: str) -> HttpResponse:
    """Say how one made sure: from then on the numbers and addresses of both serve her."""
    row = _merge(request, merge)
    form = form_of(request, ConfirmForm)
    done, __ = told(form, lambda: actions.confirm_merge(merge=merge, how=form.cleaned_data["how"], **_sent(request, form)))
    back = reverse("person", args=[row.kept])
    note = _(
        "Ring them on a number of each record, one after the other, and ask on each for what only they know."
        " If somebody else answers, do not confirm it: take the two apart."
    )
    return went(back) if done else page(
        request, "form.html", form=form, title=_("Confirm that both records are of one person"), back=back, note=note,
        button=_("Confirm it"), section="search",
    )  # fmt: skip


@for_staff("merge_people")
def unmerge(request: StaffRequest, merge: str) -> HttpResponse:
    """Take two records apart. Each thing that came since is given to one of them by whoever does it."""
    row = _merge(request, merge)
    known = queries.people([row.kept, row.gone])
    kept, gone = ((one, _who(known.get(one), number)) for number, one in enumerate((row.kept, row.gone), 1))
    form = form_of(request, UnmergeForm, kept=kept, gone=gone, since=_since(request, row))
    done, __ = told(form, lambda: _apart(request, form, row))
    back = reverse("person", args=[row.kept])
    note = _(
        "Both records become as they were. Say of each thing below whose it is."
        " Repairs stay with the home and with whoever told of them."
    )
    return went(back) if done else page(
        request, "form.html", form=form, title=_("Take two records apart"), back=back, note=note, button=_("Take them apart"),
        section="search",
    )  # fmt: skip


def _who(row: Any, number: int) -> str:
    born = queries.born_on(row) if row is not None else None
    named = f"{number}: {queries.full_name(row) if row is not None else _('not known')}"
    return _("%(name)s, born %(day)s") % {"name": named, "day": full_date(born)} if born else named


def _since(request: StaffRequest, row: Any) -> list[tuple[str, str]]:
    """Return what came to the kept record since the merge, with what it is called on the form."""
    audience = "restricted" if "see_restricted" in request.me.may else "staff"
    contacts = [one for one in messages.contacts_of(audience=audience, person=row.kept) if one.recorded_at > row.at]
    promises = [one for one in messages.promises_of(audience=audience, person=row.kept) if one.made_at > row.at]
    notes = [one for one in queries.notes(row.kept) if one.at > row.at and one.about and one.about.ended_on is None]
    reaches = [one for one in queries.reaches(row.kept) if one.at > row.at and one.how and one.how.state != "ended"]
    return [
        *(
            (
                one.id,
                _("Said, %(when)s: %(one)s")
                % {"when": near_moment(one.happened_at, request.now), "one": words.readable(one.said)[:200]},
            )
            for one in contacts
        ),
        *((one.id, _("Promised: %(what)s") % {"what": words.readable(one.what)[:200]}) for one in promises),
        *(
            (one.id, _("Noted: %(code)s") % {"code": one.about.says or words.NEEDS.get(one.about.code, one.about.code)})
            for one in notes
            if one.about
        ),
        *((one.id, _("Number or address: %(value)s") % {"value": words.reach(one.how.value)}) for one in reaches if one.how),
    ]


def _apart(request: StaffRequest, form: UnmergeForm, row: Any) -> None:
    """Move what was said first, each by a command of its own: what fails midway is done again with the same form."""
    sent: dict[str, Any] = {"by": request.by, "at": request.now}
    for contact in form.moved("c"):
        messages_do.move_said(person=row.gone, contact=contact, command=form.command(contact), **sent)
    for promise in form.moved("v"):
        messages_do.move_said(person=row.gone, promise=promise, command=form.command(promise), **sent)
    actions.unmerge_people(
        merge=row.id, why=form.cleaned_data["why"], notes=form.moved("n"), reaches=form.moved("a"), command=form.command(), **sent
    )


def _merge(request: StaffRequest, merge: str) -> Any:
    """Return a merge that stands, of people whom whoever asks may see; 404 otherwise."""
    row = found(queries.merge(merge))
    if row.ended_at is not None or not may_see_person(request, row.kept):
        raise Http404
    ask_why(request, row.kept)
    looked(request, [row.kept, row.gone], "page")
    return row


def _open_to(request: StaffRequest, person: str) -> Any:
    row = found(queries.person(person))
    if not may_see_person(request, person):
        raise Http404
    ask_why(request, person)
    looked(request, person, "page")
    return row


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}
