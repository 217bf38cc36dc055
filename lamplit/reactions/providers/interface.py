"""What a provider promises. A provider is told of one message at a time and knows nothing of the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Protocol

from lamplit.basics.plain import Plain


class Outgoing(Plain, frozen=True, kw_only=True):
    """A message as a provider is given it. `key` is ours for it: the same key twice is the same message.

    `channel`: text, email, post or call. `format`: large print, easy read, braille, as its reader asked for it. `paper`: a PDF
    that goes with it by e-mail and post, such as a written summary.
    """

    key: str
    channel: str
    to: str
    body: str
    subject: str = ""
    name: str | None = None
    format: str | None = None
    paper: bytes | None = None
    at: datetime


class Form(Plain, frozen=True, kw_only=True):
    """The very bytes that leave us. They are kept before they leave."""

    kind: Literal["text", "email", "pdf"]
    data: bytes


class Taken(Plain, frozen=True, kw_only=True):
    """A provider has it. `waits`: it lies where the provider fetches it, and who has fetched it we hear later."""

    receipt: str
    waits: bool = False


class Heard(Plain, frozen=True, kw_only=True):
    """What a provider says later of a message, by the key that we gave it.

    `taken`: it has fetched it. `dead`: the number or address itself does not work.
    """

    key: str
    state: Literal["taken", "delivered", "unheard", "failed"]
    why: str = ""
    receipt: str | None = None
    final: bool = False
    dead: bool = False


class NotSent(Exception):  # noqa: N818 - it is an answer
    """A provider could not take a message. `final`: it never will, so another way must be tried. `dead`: as of Heard."""

    def __init__(self, why: str, *, final: bool, dead: bool = False) -> None:
        super().__init__(why)
        self.final, self.dead = final, dead


class Provider(Protocol):
    """Whoever carries messages.

    `form` makes the bytes that leave us, or None when there are none but the words. `send` gives them away; the same key twice
    must send once where the provider can know it. `find` says whether the provider has a message already: None when it has not,
    or cannot say. `hear` returns what is new of the messages with these keys, and of any other that the provider speaks of.
    `tells`: it says of each text and e-mail whether it arrived, so that its silence means something.
    `check` says in sentences what is wrong, so that nobody finds out by a letter that did not come.
    """

    name: str
    tells: bool

    def form(self, message: Outgoing) -> Form | None: ...

    def send(self, message: Outgoing, form: Form | None) -> Taken: ...

    def find(self, key: str) -> Taken | None: ...

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]: ...

    def check(self, at: datetime) -> list[str]: ...
