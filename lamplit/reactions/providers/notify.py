"""GOV.UK Notify, for landlords that may use it: councils and their arm's-length companies. Texts, e-mail and letters.

Notify keeps our key with each message, so a message of which we have no answer is looked up before it is given again. It is
still young there: asked within the same second, it may not be found yet.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Literal, TypeVar

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from lamplit.basics.plain import Plain
from lamplit.messages.rules import TEXT_HOLDS
from lamplit.reactions.providers.interface import Form, Heard, NotSent, Outgoing, Taken
from lamplit.reactions.providers.plain import Letter

R = TypeVar("R")
HOME = "https://api.notifications.service.gov.uk"
PATIENCE = 20.0  # seconds for an answer
_PASSES = (408, 425, 429)  # of the 4xx: the same may be taken later
_CONFIGURED = (401, 403)  # our key: no message's fault

State = Literal["delivered", "unheard", "failed"]
# Notify's statuses: what they are to us, in words, and whether that way is over and the number or address dead.
# What is not here (created, sending, pending, accepted, received...) is no news.
STATUSES: dict[str, tuple[State, str, bool, bool]] = {
    "delivered": ("delivered", "", False, False),
    "sent": ("unheard", "It went abroad, from where no receipt comes.", False, False),
    "permanent-failure": ("failed", "This number or address does not exist.", True, True),
    "temporary-failure": ("failed", "The phone was off, or the mailbox was full.", False, False),
    "technical-failure": ("failed", "Notify could not send it.", False, False),
    "validation-failed": ("failed", "Notify cannot print this letter.", True, False),
    "virus-scan-failed": ("failed", "Notify would not open this letter.", True, False),
    "cancelled": ("failed", "It was cancelled at Notify.", True, False),
}  # fmt: skip


class Templates(Plain, frozen=True, kw_only=True):
    """The ids of the two templates at Notify. Each holds nothing but ((body)), the e-mail's subject ((subject))."""

    text: str | None = None
    email: str | None = None


class Notify:
    """Speaks with Notify's API through its own client."""

    name = "notify"
    tells = True

    def __init__(
        self, key: str, templates: Templates, letter: Letter | None = None, home: str = HOME, patience: float = PATIENCE,
        postage: str | None = None,
    ) -> None:  # fmt: skip
        client: Any = NotificationsAPIClient  # its package says nothing of types
        self._client = client(key, base_url=home, timeout=patience)
        self._templates, self._letter, self._postage = templates, letter, postage

    def form(self, message: Outgoing) -> Form | None:
        """Make the bytes that leave us: a letter is our own PDF, of the rest the words go into a template that adds none."""
        if message.channel == "post":
            if self._letter is None:
                raise NotSent("No letters can be made here.", final=True)
            return Form(kind="pdf", data=self._letter(message))
        if message.channel == "text" and len(message.body) > TEXT_HOLDS:
            raise NotSent(f"It is longer than a text may be: {TEXT_HOLDS} characters.", final=True)
        return Form(kind="text", data=message.body.encode())

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        if form is None:
            raise NotSent("A message without its bytes cannot be sent.", final=True)
        answer = self._asked(lambda: self._post(message, form), message.channel)
        return Taken(receipt=f"notify {answer['id']}")

    def _post(self, message: Outgoing, form: Form) -> Any:
        client, body = self._client, form.data
        if message.channel == "post":
            return client.send_precompiled_letter_notification(message.key, BytesIO(body), postage=self._postage)
        template = getattr(self._templates, message.channel, None)
        if template is None:
            raise NotSent(f"No template of Notify is named for {message.channel}.", final=True)
        if message.channel == "email":
            words = {"subject": message.subject, "body": body.decode()}
            return client.send_email_notification(message.to, template, words, reference=message.key)
        return client.send_sms_notification(message.to, template, {"body": body.decode()}, reference=message.key)

    def find(self, key: str) -> Taken | None:
        """Look a message up by our key. NotSent when Notify does not answer: then nobody knows, and it must not go again."""
        found = self._asked(partial(self._client.get_all_notifications, reference=key))["notifications"]
        return Taken(receipt=f"notify {found[0]['id']}") if found else None

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]:
        """Ask of each. Notify calls us by itself too (lamplit/api/notify.py); this is for the calls that did not come."""
        heard = []
        for key in keys:
            found = self._asked(partial(self._client.get_all_notifications, reference=key))["notifications"]
            heard += [one for row in found[:1] if (one := read(row, key)) is not None]
        return heard

    def check(self, at: datetime) -> list[str]:
        """Say whether Notify knows our key and the templates that are named."""
        try:
            for template in (self._templates.text, self._templates.email):
                if template is not None:
                    self._asked(partial(self._client.get_template, template))
        except NotSent as trouble:
            return [str(trouble)]
        return []

    def _asked(self, do: Callable[[], R], channel: str = "") -> R:
        try:
            return do()
        except APIError as error:
            raise _refusal(error, channel) from error
        except requests.RequestException as error:
            raise NotSent(f"Notify does not answer ({type(error).__name__}).", final=False) from error


def _refusal(error: APIError, channel: str) -> NotSent:
    """Return what Notify's no means. Its words name the field and never what stood in it."""
    code = error.status_code
    if code in _CONFIGURED:
        return NotSent("Notify does not take our key. Look at it in the settings of Notify.", final=False)
    said = error.message
    words = " ".join(str(one.get("message", "")) for one in said) if isinstance(said, list) else str(said)
    final = 400 <= code < 500 and code not in _PASSES
    dead = final and channel in ("text", "email") and words.startswith(("phone_number ", "email_address "))
    return NotSent(f"Notify said: {code} {words[:300]}", final=final, dead=dead)


def read(row: dict[str, Any], key: str | None = None) -> Heard | None:
    """Read what Notify says of a message, in a list or in a call. None when that is no news."""
    said = STATUSES.get(str(row.get("status")))
    if said is None:
        return None
    state, why, final, dead = said
    dead = dead and (row.get("type") or row.get("notification_type")) != "letter"
    return Heard(
        key=key or str(row.get("reference") or ""), state=state, why=why, final=final, dead=dead,
        receipt=f"notify {row.get('id')}",
    )  # fmt: skip
