"""Her photos of a repair: sent with her report once it was received, or from its page; and shown to her again."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.config import outbox
from lamplit.config.audience import Request, for_everyone, for_tenant, her
from lamplit.config.forms import SentOnce, Typed
from lamplit.config.photos.form import PhotoField, WithPhoto, count_photo
from lamplit.config.photos.keeping import add_seen, shown_of
from lamplit.config.photos.uploads import takes_file
from lamplit.config.refusals import tenant_words
from lamplit.config.sent import sent_before
from lamplit.config.speaking import lazy
from lamplit.portal import drafts
from lamplit.portal.repairs import case_of


class PhotoForm(WithPhoto, SentOnce):
    """A photo and what is on it."""

    photo = PhotoField()
    shows = Typed(
        label=lazy("What does it show?"),
        help_text=lazy("A few words help people who cannot see it. For example, the ceiling over the bath."),
        longest=500,
    )


@for_tenant
@require_http_methods(["GET", "POST"])
@takes_file
@outbox.comes_later()
def add(request: Request, repair: str) -> HttpResponse:
    """Add a photo to a repair of hers."""
    case = case_of(request, repair)
    own = next((row for row in (case.repair, *case.reports) if row.voice == her(request)), case.repair)
    form, refused = _sent(request, own.id, her(request))  # it is of her home, also where a neighbour's report leads
    if form is None:
        return outbox.kept(request, f"/repairs/{case.repair.id}?done=photo")
    return _form(request, form, refused, f"/repairs/{case.repair.id}", outbox.sender(request))


def _of_report(request: Request) -> str:
    """Return what marks photos of the report that this browser sent last: with another report they have nothing to do."""
    draft = drafts.last_sent(request)
    repair = draft.sent.repair if draft is not None and draft.sent is not None else None
    return "" if repair is None else outbox.mark(f"report:{repair}")


@for_everyone
@require_http_methods(["GET", "POST"])
@takes_file
@outbox.comes_later(_of_report)
def add_to_report(request: Request) -> HttpResponse:
    """Add a photo to the report that this browser sent last, also without signing in. It is shown there to nobody."""
    draft = drafts.last_sent(request)
    if draft is None or draft.sent is None or draft.sent.repair is None:
        return HttpResponseRedirect("/report")
    form, refused = _sent(request, draft.sent.repair, request.person)
    if form is None:
        return outbox.kept(request, "/report/received?done=photo")
    return _form(request, form, refused, "/report/received", _of_report(request))


def _sent(request: Request, repair: str, person: str | None) -> tuple[PhotoForm | None, str | None]:
    """Keep what was sent. Returns (None, None) when it is kept, else the form to show and why it was refused."""
    if request.method == "GET":
        return PhotoForm(), None
    count_photo(request)
    form = PhotoForm(request.POST, request.FILES)
    if sent_before(form):
        return None, None
    if not form.is_valid():
        return form, None
    try:
        add_seen(
            form.cleaned_data["photo"], repair=repair, shows=form.cleaned_data["shows"] or None, person=person,
            by=request.by, at=request.now, command=form.command(),
        )  # fmt: skip
    except Refused as error:
        return form, tenant_words(error)
    return None, None


def _form(request: Request, form: PhotoForm, refused: str | None, back: str, sender: str) -> HttpResponse:
    if answer := outbox.refused(request, form, refused):
        return answer
    context = {"form": form, "refused": refused, "back": back, "section": "repairs", "outbox_sender": sender}
    return render(request, "portal/photo.html", context)


@for_tenant
@require_http_methods(["GET"])
def picture(request: Request, repair: str, photo: str, size: str) -> HttpResponse:
    """Show one picture of a repair that is hers to see, if the photo is."""
    case = case_of(request, repair)
    return shown_of(request, next((one for one in case.photos if one.id == photo), None), size)
