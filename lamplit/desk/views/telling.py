"""Every household is told: the words, the two people who agree to them, how far it is, and whom nobody could reach."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config import papers
from lamplit.config.audience import for_staff
from lamplit.config.languages import said_in_ours
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.desk import words
from lamplit.desk.forms import incident as forms
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.incidents import actions, queries
from lamplit.tenancies import queries as tenancies

WHOM = Words({"everyone": "Every household", "put_away": "Whoever has a letter that was stopped"})
SHEETS = Words({"poster": "A poster for the block", "script": "For whoever answers the phone"})
SHOWN = 100
PEOPLE, FATES = ("sent", "delivered", "unheard"), ("ordered", "handed")


def rows_of(incident: str) -> list[dict[str, Any]]:
    """Return the words of an incident as the console shows them."""
    return [
        {"row": row, "whom": WHOM[row.what], "href": reverse("telling", args=[row.id]), "state": state_of(row)}
        for row in queries.tellings_of(incident)
    ]


def state_of(row: Any) -> str:
    """Say how far words are."""
    if row.over_at is not None:
        return _("all ordered: %(count)s people") % {"count": f"{row.people:,}"}
    if row.second_at is not None:
        return _("going out: %(count)s people so far") % {"count": f"{row.people:,}"}
    return _("one person agreed") if row.first_at is not None else _("nobody agreed yet")


@for_staff("prepare_telling")
def prepare(request: StaffRequest, incident: str) -> HttpResponse:
    """Prepare the words."""
    row = found(queries.incident(incident))
    if row.ended_at is not None:
        raise Http404
    form = form_of(request, forms.TellForm, initial={"number": settings.LANDLORD["phone"]})
    done, made = told(
        form,
        lambda: actions.prepare_telling(incident=incident, **form.told(), by=request.by, at=request.now, command=form.command()),
    )
    if done:
        return went(reverse("telling", args=[made]))
    return page(
        request, "form.html", form=form, title=_("Tell every household"), back=reverse("incident_console"), section="incident",
        button=_("Make the words"), note=_("Nothing goes out yet. Two people read the words first."),
    )  # fmt: skip


@for_staff("see_incident")
def one(request: StaffRequest, telling: str) -> HttpResponse:
    """Show the words, who agreed, how far it is, and whom we could not reach."""
    row = found(queries.telling(telling))
    lost = queries.unreached(row.id, limit=SHOWN) if row.second_at is not None else []
    names = Names([row.prepared_by, row.first_by, row.second_by], may=request.me.may, persons=[one.person for one in lost])
    shown = [one for one in lost if one.person not in names.restricted]
    looked(request, [one.person for one in shown], "case")
    fates = queries.count_fates(row.id) if row.second_at is not None else {}
    return page(
        request, "telling.html", row=row, whom=WHOM[row.what], state=state_of(row), sheets=SHEETS,
        incident=found(queries.incident(row.incident)), newest=queries.newest_telling(row.incident, row.what) == row.id,
        mine=row.first_by == str(request.by),
        prepared=names.of(row.prepared_by), first=names.of(row.first_by) if row.first_by else None,
        second=names.of(row.second_by) if row.second_by else None,
        households=tenancies.count_households(london_date(request.now)) if row.what == "everyone" else None,
        left=sum(fates.get(one, 0) for one in PEOPLE), waits=sum(fates.get(one, 0) for one in FATES),
        failed=fates.get("failed", 0), hidden=len(lost) - len(shown),
        lost=[_lost(one, names) for one in shown],
    )  # fmt: skip


def _lost(row: Any, names: Names) -> dict[str, Any]:
    tried = words.CHANNELS.get(str(row.channel))
    return {
        "who": names.person(row.person) if row.person else _("A household of nobody grown up, by our books"),
        "href": reverse("person", args=[row.person]) if row.person else None,
        "why": _("%(tried)s to %(to)s failed") % {"tried": tried, "to": words.reach(row.to)}
        if tried
        else _("no way to reach them, and no address of a home of ours"),
    }


@for_staff("agree_telling")
def agree(request: StaffRequest, telling: str) -> HttpResponse:
    """Agree to the words. With the second person they go out."""
    row = found(queries.telling(telling))
    if row.second_at is not None:
        raise Http404
    form = form_of(request, forms.AgreeForm)
    done, __ = told(
        form, lambda: actions.agree_telling(telling_id=telling, by=request.by, at=request.now, command=form.command())
    )
    back = reverse("telling", args=[telling])
    if done:
        return went(back)
    note = _("You are the second: the words stand on the status page at once, and go to everybody.") if row.first_at else (
        _("A second person must agree as well. Then they go out.")
    )  # fmt: skip
    return page(
        request, "form.html", form=form, title=_("Do these words go out?"), back=back, button=_("I have read them. I agree"),
        note=note, section="incident",
    )  # fmt: skip


@for_staff("see_incident")
@said_in_ours
def paper(request: StaffRequest, telling: str, sheet: str) -> HttpResponse:
    """Hand out the same words as a poster, or as what is said on the phone."""
    row = found(queries.telling(telling))
    if sheet not in SHEETS:
        raise Http404
    looked(request, [], "file")
    text = row.long if sheet == "poster" else row.script
    made = papers.make("notice", {
        "landlord": settings.LANDLORD["name"], "title": row.subject if sheet == "poster" else SHEETS[sheet],
        "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()], "number": row.number,
        "large": sheet == "poster", "made": full_moment(row.prepared_at),
        "draft": None if row.second_at is not None else "Not agreed yet: do not use",
    })  # fmt: skip
    return papers.as_file(made, f"{sheet}-{row.prepared_at:%Y-%m-%d}")


@for_staff("let_letters_go")
def letters(request: StaffRequest, incident: str) -> HttpResponse:
    """Show the letters that an incident stopped, and let some go on."""
    row = found(queries.incident(incident))
    waiting = queries.held_letters(incident, limit=SHOWN, waiting=True)
    names = Names([], may=request.me.may, persons=[one.person for one in waiting])
    shown = [one for one in waiting if one.person not in names.restricted]
    form = form_of(request, forms.LettersForm, letters=[(one.message, _letter(one, names)) for one in shown])
    done, __ = told(
        form,
        lambda: actions.let_letters_go(
            incident=incident, letters=form.cleaned_data["letters"], by=request.by, at=request.now, command=form.command()
        ),
    )
    if done:
        return went(reverse("held_letters", args=[incident]))
    looked(request, [one.person for one in shown], "case")
    return page(
        request, "held_letters.html", form=form, row=row, hold=queries.hold(incident), shown=shown,
        hidden=len(waiting) - len(shown),
    )  # fmt: skip


def _letter(one: Any, names: Names) -> str:
    answered = _(". It was answered: read the answer first") if one.held.answered_at is not None else ""
    who = names.person(one.person) if one.person else _("somebody")
    return f"{who}: {words.readable(one.subject, _('a letter'))}, {full_moment(one.sent_at)}{answered}"
