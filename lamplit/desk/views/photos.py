"""Photos of a repair and of a piece of work: added, and shown to whoever may see them, each time asked anew."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from lamplit.config import outbox
from lamplit.config.audience import for_staff
from lamplit.config.photos.form import count_photo
from lamplit.config.photos.keeping import add_seen, shown_of
from lamplit.config.photos.showing import as_file
from lamplit.config.photos.uploads import takes_file
from lamplit.config.sent import sent_before
from lamplit.config.speaking import Words, lazy, sentence
from lamplit.config.speaking import gettext as _
from lamplit.config.when import near_moment
from lamplit.desk import words
from lamplit.desk.forms.photos import JobPhotoForm, OriginalForm, RepairPhotoForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told
from lamplit.desk.seeing import hidden_people, job
from lamplit.repairs import actions, queries

NOTE = lazy("Where and when it was taken is taken out before it is shown. The file itself is kept as it came, and locked.")
Answer = HttpResponse | StreamingHttpResponse
_STAGES = Words({"before": "Before the work. ", "after": "After the work. "})


@for_staff("see_repair")
@takes_file
@outbox.comes_later()
def add(request: StaffRequest, repair: str) -> HttpResponse:
    """Add a photo to a repair."""
    row = found(queries.repair(repair))
    form = _form(request, RepairPhotoForm)
    if "see_restricted" in request.me.may:
        form.allow_restricted()
    done = sent_before(form) or told(form, lambda: _keep(request, form, row.id, audience=form.cleaned_data["audience"]))[0]
    return _answer(request, form, done, row, reverse("desk_repair", args=[row.id]), "queue")


@for_staff("attend_visit")
@takes_file
@outbox.comes_later()
def add_to_job(request: StaffRequest, work: str) -> HttpResponse:
    """Add a photo of what was found or done: by whoever goes there."""
    seen = found(job(request, work))
    form = _form(request, JobPhotoForm)

    def keep() -> str:
        stage = form.cleaned_data["stage"] or None
        return _keep(request, form, seen.repair.id, work=work, visit=_visit(seen), stage=stage)

    done = sent_before(form) or told(form, keep)[0]
    return _answer(request, form, done, seen.repair, reverse("job", args=[work]), "visits")


def _form(request: StaffRequest, kind: type[Any]) -> Any:
    if request.method == "POST":
        count_photo(request)
    return form_of(request, kind)


def _keep(request: StaffRequest, form: Any, repair: str, **more: Any) -> str:
    said = form.cleaned_data
    return add_seen(
        said["photo"], repair=repair, shows=said["shows"], by=request.by, at=request.now, command=form.command(), **more
    )


def _answer(request: StaffRequest, form: Any, done: bool, row: Any, back: str, section: str) -> HttpResponse:
    if done:
        return outbox.kept(request, back)
    if answer := outbox.refused(request, form):
        return answer
    title = words.about(_("Add a photo"), row.reference)
    return page(
        request,
        "form.html",
        outbox_form="Photo",
        form=form,
        title=title,
        back=back,
        note=NOTE,
        button=_("Add it"),
        section=section,
    )


def _visit(seen: queries.Job) -> str | None:
    """Return the visit on which it was taken: the last one that somebody made, else the one that is booked."""
    made = sorted((one for one in seen.visits if one.state == "attended"), key=lambda one: one.arrived_at, reverse=True)
    booked = [one for one in seen.visits if one.state == "booked"]
    return next((str(one.id) for one in (*made, *booked)), None)


@for_staff("see_repair")
def picture(request: StaffRequest, repair: str, photo: str, size: str) -> HttpResponse:
    """Show a picture of a repair."""
    case = found(queries.case(repair, now=request.now, restricted="see_restricted" in request.me.may))
    return _picture(request, of_repair(request, case), photo, size)


@for_staff("see_own_jobs")
def job_picture(request: StaffRequest, work: str, photo: str, size: str) -> HttpResponse:
    """Show a picture to whoever does the work."""
    return _picture(request, of_job(request, found(job(request, work))), photo, size)


@for_staff("take_original")
def original(request: StaffRequest, repair: str, photo: str) -> Answer:
    """Hand out the file as it came, for a reason that stands in the record. It is saved, never shown."""
    case = found(queries.case(repair, now=request.now, restricted="see_restricted" in request.me.may))
    one = found(next((one for one in of_repair(request, case) if one.id == photo and queries.can_be_shown(one)), None))
    form = form_of(request, OriginalForm)
    done, __ = told(
        form,
        lambda: actions.take_original(
            photo=photo, why=form.cleaned_data["why"], by=request.by, at=request.now, command=form.command()
        ),
    )
    if done:
        looked(request, one.voice, "photo", one.repair)
        return as_file(found(queries.original_of(one)), f"{case.repair.reference}-{one.file['sha256'][:8]}.{one.file['kind']}")
    title, back = words.about(_("The file as it came"), case.repair.reference), reverse("desk_repair", args=[case.repair.id])
    return page(request, "original.html", form=form, title=title, back=back, file=one.file, section="queue")


def _picture(request: StaffRequest, photos: Iterable[Any], photo: str, size: str) -> HttpResponse:
    one = next((one for one in photos if one.id == photo), None)
    answer = shown_of(request, one, size)
    looked(request, one.voice if one is not None else None, "photo", one.repair if one is not None else None)
    return answer


def of_repair(request: StaffRequest, case: queries.Case) -> list[Any]:
    """Return the photos of a repair that whoever asks may see: those of somebody restricted are for few."""
    return _of_all_but_hidden(request, case.photos)


def of_job(request: StaffRequest, seen: queries.Job) -> list[Any]:
    """Return the photos that whoever does a piece of work may see."""
    return _of_all_but_hidden(request, queries.photos_for_job(seen))


def _of_all_but_hidden(request: StaffRequest, photos: Iterable[Any]) -> list[Any]:
    photos = list(photos)
    hidden = hidden_people(request, {one.voice for one in photos})
    return [one for one in photos if one.voice not in hidden]


def shown(request: StaffRequest, photos: Iterable[Any], name: str, ident: str) -> list[dict[str, Any]]:
    """Return photos for kit/photos.html. `name` is the address of their pictures: `desk_picture` or `job_picture`."""
    photos = list(photos)
    names = Names([one.by for one in photos], may=request.me.may)
    who = {one.id: _who(request, names, one.by) for one in photos}
    return [
        {
            "href": reverse(name, args=[ident, one.id, "large"]) if queries.can_be_shown(one) else None,
            "src": reverse(name, args=[ident, one.id, "small"]),
            "film": reverse(name, args=[ident, one.id, "film"]) if one.film is not None else None,
            "original": _original(request, ident, one) if name == "desk_picture" else None,
            "shows": words.readable(one.shows),
            "about": f"{near_moment(one.at, request.now)}. {_STAGES.get(one.stage, '')}{who[one.id]}{_marks(one)}",
        }
        for one in photos
    ]


def _original(request: StaffRequest, repair: str, one: Any) -> str | None:
    """Return where the file as it came is handed out, for those who may have it."""
    may = "take_original" in request.me.may and queries.can_be_shown(one)
    return reverse("original", args=[repair, one.id]) if may else None


def _who(request: StaffRequest, names: Names, by: str) -> str:
    """Return who added it. People from outside firms are not told who lives there."""
    return _("The tenant") if request.me.own_jobs and by.startswith("person:") else sentence(names.of(by))


def _marks(photo: Any) -> str:
    return {"staff": _(". Staff only"), "restricted": _(". Restricted")}.get(str(photo.audience), "")
