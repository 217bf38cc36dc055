"""Messages as they were sent, word for word, and those that reached nobody."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.config import papers
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import near_moment
from lamplit.desk import words
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.desk.seeing import hidden_people, may_know_of
from lamplit.messages import queries
from lamplit.people import queries as people


@for_staff("send_message")
def message_list(request: StaffRequest) -> HttpResponse:
    """Show the newest messages, and above them those for which a person must find another way."""
    listed, lost = queries.outbox(), queries.reached_nobody(limit=50)
    voices = {row.person or row.voice for row in [*listed, *lost]}
    hidden = hidden_people(request, {voice for voice in voices if voice.startswith("p_")})
    about_complaints = "see_complaint" in request.me.may

    def seen(row: Any) -> bool:
        return (
            may_know_of(request, row)
            and (row.person or row.voice) not in hidden
            and (about_complaints or not row.voice.startswith("k_"))
        )

    names = people.people(row.person for row in [*listed, *lost] if row.person)
    return page(
        request, "messages.html", rows=[_row(row, names, request) for row in listed if seen(row)],
        lost=[_row(row, names, request) for row in lost if seen(row)],
        forgeries=len(queries.forgeries_to_see()),
        to_file=len(queries.to_file()) if "record_contact" in request.me.may else 0,
    )  # fmt: skip


def _row(row: Any, names: dict[str, Any], request: StaffRequest) -> dict[str, Any]:
    return {
        "who": people.full_name(names[row.person]) if row.person in names else "",
        "when": near_moment(row.sent_at or row.ordered_at, request.now), "href": reverse("message", args=[row.id]),
        "subject": words.readable(row.subject, _("A message")), "to": words.reach(row.to) or _("nobody"),
        "how": words.CHANNELS.get(str(row.channel), _("no way")), "state": words.MESSAGE_STATES[row.status],
    }  # fmt: skip


def _closed(request: StaffRequest, row: Any) -> str | None:
    """Return the page that says why a message is not shown, or None when it may be. 404 where it must not even be known of."""
    if not may_know_of(request, row):
        raise Http404
    if hidden_people(request, [row.person or row.voice]):
        return "restricted.html"
    return "not_yours.html" if row.voice.startswith("k_") and "see_complaint" not in request.me.may else None


@for_staff("send_message")
def as_sent(request: StaffRequest, message: str) -> HttpResponse:
    """Hand out the very bytes that left us: a letter as its PDF, an e-mail as its file."""
    row = found(queries.message(message))
    if (closed := _closed(request, row)) is not None:
        return page(request, closed, status=403)
    looked(request, [row.person, row.voice], "file")
    return found(papers.as_it_left(row.id, row.form, queries.as_sent(row)))


@for_staff("send_message")
def message(request: StaffRequest, message: str) -> HttpResponse:
    """Show a message exactly as it was sent."""
    row = found(queries.message(message))
    if (closed := _closed(request, row)) is not None:
        return page(request, closed, status=403)
    person = people.person(row.person) if row.person else None
    looked(request, [row.person, row.voice], "case")
    about = words.readable(row.about)
    link = (
        reverse("desk_repair", args=[about])
        if about.startswith("r_")
        else reverse("complaint", args=[about])
        if about.startswith("k_")
        else None
    )
    return page(
        request, "message.html", row=row, person=person, name=people.full_name(person) if person else None,
        state=words.MESSAGE_STATES[row.status], how=words.CHANNELS.get(str(row.channel), _("no way")), about=link, words=words,
        parts=queries.spoken_parts(row.body) if isinstance(row.body, str) else [],
    )  # fmt: skip
