"""What to know before one talks or writes to somebody: language, interpreter, channel, format."""

from lamplit.basics.working_days import london_date
from lamplit.desk.pages import StaffRequest
from lamplit.desk.seeing import may_see_person
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs.queries import book_for

CHANNELS = {"phone": "They want to be rung", "text": "They want texts", "email": "They want e-mails", "post": "They want letters"}


def how_to_talk(person: str | None, request: StaffRequest) -> list[str]:
    """Return what to know before ringing or writing, the interpreter first. Of somebody hidden nothing."""
    if person is None or not may_see_person(request, person):
        return []
    on = london_date(request.now)
    asked = people.preferences(person, on)
    codes = {need.code for need in people.live_needs([person], on)}
    said = []
    interpreter = messages.interpreter_for(asked.language)
    if interpreter is not None:
        said.append(f"Talk {interpreter}")
    elif "language" in codes and not asked.language:
        said.append("Talk through an interpreter, and ask which language")
    if "deaf" in codes:
        said.append(book_for(None).catalogue.visit["text_only"])
    if asked.channel in CHANNELS:
        said.append(CHANNELS[asked.channel])
    if asked.format and not messages.is_usual(asked.format):
        said.append(f"Written words in {asked.format.lower().replace('_', ' ')}")
    return said
