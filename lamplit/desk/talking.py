"""What to know before one talks or writes to somebody: who acts for her, language, interpreter, channel, format."""

from lamplit.basics.working_days import london_date
from lamplit.config.speaking import Words, as_recorded
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, listed
from lamplit.desk.pages import StaffRequest
from lamplit.desk.seeing import may_see_person
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.people.facts import Mandate
from lamplit.repairs.queries import book_for

CHANNELS = Words(
    {"phone": "They want to be rung", "text": "They want texts", "email": "They want e-mails", "post": "They want letters"}
)


def _acts(leave: Mandate) -> str:
    """Say who acts for her and in what: whoever rings in her name is one of them, or nobody."""
    who = f"{leave.name} ({leave.relation})" if leave.relation else leave.name
    said = {"who": who, "scope": listed(leave.scope), "day": full_date(leave.expires_on) if leave.expires_on else ""}
    return (
        _("%(who)s acts for them in %(scope)s until %(day)s") if leave.expires_on else _("%(who)s acts for them in %(scope)s")
    ) % said


def how_to_talk(person: str | None, request: StaffRequest) -> list[str]:
    """Return what to know before ringing or writing, the interpreter first. Of somebody hidden nothing."""
    if person is None or not may_see_person(request, person):
        return []
    on = london_date(request.now)
    asked = people.preferences(person, on)
    codes = {need.code for need in people.live_needs([person], on)}
    said = [_acts(one.leave) for one in people.acting_for(person, on) if one.leave] if "see_person" in request.me.may else []
    interpreter = messages.interpreter_for(asked.language)
    if interpreter is not None:
        said.append(_("Talk %(interpreter)s") % {"interpreter": interpreter})
    elif "language" in codes and not asked.language:
        said.append(_("Talk through an interpreter, and ask which language"))
    if messages.is_unknown_language(asked.language):
        said.append(
            _("“%(language)s” is not on our list of languages: letters to them are in English, so ring them with an interpreter")
            % {"language": asked.language}
        )
    if "deaf" in codes:
        said.append(as_recorded(book_for(None).catalogue.visit["text_only"]) or "")
    if asked.channel in CHANNELS:
        said.append(CHANNELS[asked.channel])
    if asked.format and not messages.is_usual(asked.format):
        said.append(_("Written words in %(format)s") % {"format": asked.format.lower().replace("_", " ")})
    return said
