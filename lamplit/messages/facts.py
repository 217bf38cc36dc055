"""Everything said between the landlord and people: contacts, promises, messages.

`voice` is whose words they are: the person when we know her, otherwise the home, the repair or the contact itself.
"""

from datetime import datetime
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

SAID = Key("voice", "case")
REACH = Key("voice", "contact")

DueAt = Annotated[datetime, Clear("the queue and the standby order promises by it; it tells nothing of what was promised")]
Audience = Literal["all", "staff", "restricted"]


@fact("contact.made", 1, subjects=("contact", "voice", "person", "home", "repair"))
class ContactMade(Fact, frozen=True, kw_only=True):
    """We and somebody were in touch: a call, e-mail, text, letter, visit, counter or portal note, in or out."""

    contact: Id
    voice: Id
    person: Id | None = None
    home: Id | None = None
    repair: Id | None = None
    channel: Annotated[Personal[str], SAID] = None  # call email text letter visit counter portal social
    direction: Annotated[Personal[str], SAID] = None  # in, out
    said: Annotated[Personal[str], SAID] = None
    audience: Annotated[Personal[str], SAID] = None  # all, staff, restricted


@fact("promise.made", 1, subjects=("promise", "voice", "person", "home", "repair"))
class PromiseMade(Fact, frozen=True, kw_only=True):
    """We promised something to somebody by a time."""

    promise: Id
    voice: Id
    due_at: DueAt
    contact: Id | None = None
    person: Id | None = None
    home: Id | None = None
    repair: Id | None = None
    owner: Id | None = None  # the staff member who has it
    what: Annotated[Personal[str], SAID] = None


@fact("promise.kept", 1, subjects=("promise", "voice"))
class PromiseKept(Fact, frozen=True, kw_only=True):
    """A promise was kept, or its reason fell away and she was told."""

    promise: Id
    voice: Id
    how: Annotated[Personal[str], SAID] = None


@fact("message.ordered", 1, subjects=("message", "voice", "person"))
class MessageOrdered(Fact, frozen=True, kw_only=True):
    """A message to somebody is to be sent. Its id is the idempotency key at the provider."""

    message: Id
    voice: Id
    person: Id | None = None
    because: Id | None = None  # the entry it follows from
    channel: Annotated[Personal[str], REACH] = None  # text, email, post, call
    to: Annotated[Personal[str], REACH] = None
    name: Annotated[Personal[str], REACH] = None
    template: Annotated[Personal[str], REACH] = None
    subject: Annotated[Personal[str], REACH] = None
    body: Annotated[Personal[str], REACH] = None
    about: Annotated[Personal[str], REACH] = None  # the repair or complaint it speaks of
    format: Annotated[Personal[str], REACH] = None  # large print, easy read, braille: as she asked for it


@fact("message.sent", 1, subjects=("message", "voice"))
class MessageSent(Fact, frozen=True, kw_only=True):
    """The provider took a message."""

    message: Id
    voice: Id
    receipt: Annotated[Personal[str], REACH] = None


@fact("message.failed", 1, subjects=("message", "voice"))
class MessageFailed(Fact, frozen=True, kw_only=True):
    """A message could not be delivered."""

    message: Id
    voice: Id
    final: Annotated[bool, Clear("whether another way must be tried")]
    why: Annotated[Personal[str], REACH] = None
