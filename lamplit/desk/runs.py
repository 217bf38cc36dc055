"""What runs of rent have in common: one person works a run out, and another one releases it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.desk.forms.rent import ReleaseForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, page, told, went


def yes(request: StaffRequest, do: Callable[..., Any], back: str, **words: Any) -> HttpResponse:
    """Ask for one yes, on a page of its own; `do` is given who says it, when, and the command."""
    form = form_of(request, ReleaseForm)
    done, __ = told(form, lambda: do(by=request.by, at=request.now, command=form.command()))
    if done:
        return went(back)
    return page(request, "form.html", form=form, back=back, section="rent", **words)


def by_two(request: StaffRequest, row: Any) -> list[dict[str, str]]:
    """Return who worked a run out and who released it, as lines of its summary."""
    names = Names([row.prepared_by, row.released_by], may=request.me.may)
    released = f"{names.of(row.released_by)}, {full_moment(row.released_at)}" if row.released_by else _("nobody yet")
    return [
        {"key": _("Worked out"), "value": f"{names.of(row.prepared_by)}, {full_moment(row.prepared_at)}"},
        {"key": _("Released"), "value": released},
    ]
