"""Everything said between the landlord and people: contacts, promises, messages.

`voice` is whose words they are: the person when we know her, otherwise the home, the repair or the contact itself.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

SAID = Key("voice", "case")
REACH = Key("voice", "contact")

DueAt = Annotated[datetime, Clear("the queue and the standby order promises by it; it tells nothing of what was promised")]
Audience = Literal["all", "staff", "restricted"]
What = Literal["report", "mail", "text", "not_ours"]  # that a standby takes in


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
    proof: Annotated[Personal[str], SAID] = None  # "unproved": an e-mail, which may say of itself whatever it likes


class Attached(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file that came with an e-mail: what it was called there, what it begins with says that it is, and how large it is."""

    name: str
    kind: str
    size: int


@fact("email.received", 1, subjects=("email", "voice", "person", "repair", "contact", "message"))
class EmailReceived(Fact, frozen=True, kw_only=True):
    """An e-mail came in. Whom it is from is what it says of itself: nothing is changed on its word. Source: the landlord's relay.

    `contact`: what it became with a person whom we know. Without one, and if no machine wrote it, a person files it.
    `message`: the message of ours that it answers, or that came back.
    """

    email: Id
    voice: Id
    contact: Id | None = None
    person: Id | None = None
    repair: Id | None = None
    message: Id | None = None
    machine: Annotated[bool, Clear("an automatic answer is nobody's words")] | None = None
    original: Annotated[str, Clear("names ciphertext in the store")]
    sender: Annotated[Personal[str], SAID] = None
    name: Annotated[Personal[str], SAID] = None
    subject: Annotated[Personal[str], SAID] = None
    said: Annotated[Personal[str], SAID] = None
    attached: Annotated[Personal[list[Attached]], SAID] = None


@fact("email.filed", 1, subjects=("email", "voice", "person", "repair", "contact"))
class EmailFiled(Fact, frozen=True, kw_only=True):
    """A person said whose an e-mail is, or that it is nobody's. Source: the desk."""

    email: Id
    voice: Id
    contact: Id | None = None
    person: Id | None = None
    repair: Id | None = None
    why: Annotated[Personal[str], SAID] = None


@fact("post.kept", 1, subjects=("post",))
class PostKept(Fact, frozen=True, kw_only=True):
    """Our standby took something in while it held no keys: a report, an e-mail or a text. Source: whoever sent it.

    `sealed` names the whole of it, sealed to those who may open it; main opens it, or the standby once it has taken over.
    """

    post: Id
    what: Annotated[What, Clear("how it came in")]
    reference: Annotated[str, Clear("what the sender was told; it names nobody")]
    sealed: Annotated[str, Clear("names ciphertext in the store")]


@fact("post.opened", 1, subjects=("post", "email"))
class PostOpened(Fact, frozen=True, kw_only=True):
    """What the standby had taken in was opened and stands with the e-mail that came in since. `spoilt`: it could not be read."""

    post: Id
    email: Id | None = None
    spoilt: Annotated[bool, Clear("somebody must ask the sender again")] | None = None


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


@fact("said.moved", 1, subjects=("contact", "promise", "person"))
class SaidMoved(Fact, frozen=True, kw_only=True):
    """What was said to or promised somebody was kept under the wrong person. Its words stay under the key that sealed them."""

    person: Id
    contact: Id | None = None
    promise: Id | None = None


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
    paper: Id | None = None  # what goes with it: a written summary
    format: Annotated[Personal[str], REACH] = None  # large print, easy read, braille: as she asked for it
    mark: Annotated[str, Clear("found by whoever has the message's code, and says nothing else")] | None = None
    told: Annotated[str, Clear("opens with the message's code alone: its template and its channel")] | None = None


@fact("message.prepared", 1, subjects=("message", "voice"))
class MessagePrepared(Fact, frozen=True, kw_only=True):
    """A message was put into the very bytes that leave us, and these were kept, before a provider had them.

    So whoever finds it without an answer knows that the provider may have it, and asks first. Source: the sender.
    """

    message: Id
    voice: Id
    attempt: Annotated[int, Clear("how often a provider took it before")]
    blob: Annotated[str, Clear("names ciphertext in the store")]
    provider: Annotated[Personal[str], REACH] = None
    form: Annotated[Personal[str], REACH] = None  # text, email, pdf


@fact("message.handed", 1, subjects=("message", "voice"))
class MessageHanded(Fact, frozen=True, kw_only=True):
    """A message lies where its provider fetches it, and the provider has still to say that it has it. Source: the sender."""

    message: Id
    voice: Id
    receipt: Annotated[Personal[str], REACH] = None


@fact("message.sent", 1, subjects=("message", "voice"))
class MessageSent(Fact, frozen=True, kw_only=True):
    """The provider took a message."""

    message: Id
    voice: Id
    receipt: Annotated[Personal[str], REACH] = None


@fact("message.delivered", 1, subjects=("message", "voice"))
class MessageDelivered(Fact, frozen=True, kw_only=True):
    """The provider said that a message arrived: not that anybody read it. Source: the provider's answer or call."""

    message: Id
    voice: Id


@fact("message.unheard", 1, subjects=("message", "voice"))
class MessageUnheard(Fact, frozen=True, kw_only=True):
    """Nobody can say whether a message arrived. Source: the provider's answer, or its silence for too long."""

    message: Id
    voice: Id
    why: Annotated[Personal[str], REACH] = None


@fact("message.failed", 1, subjects=("message", "voice"))
class MessageFailed(Fact, frozen=True, kw_only=True):
    """A message could not be delivered."""

    message: Id
    voice: Id
    final: Annotated[bool, Clear("whether another way must be tried")]
    why: Annotated[Personal[str], REACH] = None


# Is it ours? ------------------------------------------------------------------------------------------------

NOT_OURS = Key("report", "case")
Said = Annotated[str, Clear("the public reads it; a rule refuses links and numbers of accounts")]


@fact("words.loaded", 1, subjects=())
class WordsLoaded(Fact, frozen=True, kw_only=True):
    """The templates of our messages changed. So any message can be checked against the words of its time. Source: the worker.

    The blob stands in clear: the words that are the same for everybody, and the public keys that sign our e-mail.
    """

    words: Annotated[str, Clear("names a blob in the store that holds no word about anybody")]


@fact("messages.disowned", 1, subjects=("disowning", "messages"))
class MessagesDisowned(Fact, frozen=True, kw_only=True):
    """Two people agreed that these messages were sent by a stolen account. Source: the undoing of what it did.

    `actor` is the account as the record names it, a pseudonym.
    """

    disowning: Id
    actor: Annotated[str, Clear("the pseudonym that stands beside every entry that it wrote")]
    from_at: Annotated[datetime, Clear("since when the account was stolen, as those two say")]
    to_at: Annotated[datetime, Clear("until when")]
    messages: list[Id]
    agreed: list[Id]  # the two members of staff


@fact("forgery.reported", 1, subjects=("report",))
class ForgeryReported(Fact, frozen=True, kw_only=True):
    """Somebody reported a message that we did not send. Its words are kept only when she agreed. Source: a check page."""

    report: Id
    channel: Annotated[Personal[str], NOT_OURS] = None  # text, email, post, call, visit: how it came to her
    said: Annotated[Personal[str], NOT_OURS] = None


@fact("forgery.seen", 1, subjects=("report",))
class ForgerySeen(Fact, frozen=True, kw_only=True):
    """Somebody of ours read a report of a message that we did not send. Source: the desk."""

    report: Id


@fact("scam.published", 1, subjects=("scam",))
class ScamPublished(Fact, frozen=True, kw_only=True):
    """We warned everybody of a fraud that goes round in our name. Said again, the newer words stand. Source: the desk."""

    scam: Id
    says: Said


@fact("scam.ended", 1, subjects=("scam",))
class ScamEnded(Fact, frozen=True, kw_only=True):
    """A fraud is no longer seen, so we warn of it no more. Source: the desk."""

    scam: Id


@fact("letters.held", 1, subjects=("incident", "letters"))
class LettersHeld(Fact, frozen=True, kw_only=True):
    """An incident stopped what was to follow from letters that ask something by a day or for money. Source: what was sent.

    They are written down in batches: `upto` is the last message that was looked at, `over` says that it was the last of all.
    """

    incident: Id
    letters: list[Id]
    upto: Id
    over: Annotated[bool, Clear("how far a job is")]


@fact("letter.answered", 1, subjects=("incident", "letter", "email", "promise"))
class LetterAnswered(Fact, frozen=True, kw_only=True):
    """Somebody answered a letter that an incident had stopped: a person reads it before anything goes on. Source: the post."""

    incident: Id
    letter: Id
    email: Id
    promise: Id


@fact("letters.let_go", 1, subjects=("incident", "letters"))
class LettersLetGo(Fact, frozen=True, kw_only=True):
    """A person said that what follows from these letters may go on. Source: the desk."""

    incident: Id
    letters: list[Id]


@fact("messages.released", 1, subjects=("messages",))
class MessagesReleased(Fact, frozen=True, kw_only=True):
    """A person let messages go out that were ordered before the record came back or the standby took over. Source: the desk."""

    messages: list[Id]
