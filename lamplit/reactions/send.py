"""Sending what was ordered: outside any transaction, then the answer as a fact.

What leaves us is kept first, so whoever finds a message without an answer asks its provider before giving it again. Where a
provider can tell, nothing goes twice; where it cannot (SMTP), the same bytes may go again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.messages import actions, queries, rules
from lamplit.messages.queries import Message
from lamplit.people import queries as people
from lamplit.reactions.providers.interface import Form, Heard, NotSent, Outgoing, Provider, Taken
from lamplit.repairs import queries as repairs

log = logging.getLogger(__name__)
BATCH = 50
BY = job("sender")
ASK_EVERY, ASK_AFTER, LATE_EVERY = timedelta(minutes=5), timedelta(minutes=2), timedelta(minutes=10)


class Carriers:
    """Who carries what: a provider for each channel, and one for the rest.

    `since`: only what was ordered from then on, and what a person let go. What had left before a loss, nobody can know.
    """

    def __init__(
        self, by_channel: dict[str, Provider], otherwise: Provider, since: Callable[[], datetime | None] = lambda: None
    ) -> None:
        self._by_channel, self._otherwise, self.since = by_channel, otherwise, since

    def of(self, channel: str) -> Provider:
        return self._by_channel.get(channel, self._otherwise)

    def chosen(self, channel: str) -> Provider | None:
        """Return the provider that was chosen for a channel, or None."""
        return self._by_channel.get(channel)

    def every(self) -> list[Provider]:
        """Return each provider once."""
        return list({id(one): one for one in (*self._by_channel.values(), self._otherwise)}.values())


def send_waiting(
    carriers: Carriers, at: datetime, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Give what waits at `at` to its providers, at most BATCH, until `stopping`. Returns how many were tried.

    `clock` times each answer.
    """
    count = 0
    for message in queries.to_send(at, BATCH, carriers.since()):
        if stopping():
            break
        _send(carriers, message, clock)
        count += 1
    return count


def _send(carriers: Carriers, message: Message, clock: Callable[[], datetime]) -> None:
    try:
        taken = _give(carriers, message, clock)
    except NotSent as failure:
        _failed(message, Heard(key="", state="failed", why=str(failure), final=failure.final, dead=failure.dead), clock())
        return
    if taken is None:
        return
    times = f"{message.id}:{message.taken}"
    if taken.waits:
        actions.record_handed(message=message.id, receipt=taken.receipt, by=BY, at=clock(), command=f"job:handed:{times}")
    else:
        actions.record_sent(message=message.id, receipt=taken.receipt, by=BY, at=clock(), command=f"job:sent:{times}")


def _give(carriers: Carriers, message: Message, clock: Callable[[], datetime]) -> Taken | None:
    """Give a message away. None when it waits no longer. NotSent also where a provider breaks."""
    # A message whose key was destroyed meanwhile can reach nobody.
    if not isinstance(message.to, str) or not isinstance(message.body, str) or not isinstance(message.channel, str):
        raise NotSent("It was erased, or cannot be read here.", final=True)
    # To somebody who does not exist nothing goes; what is written down looks as it does for any number that is out of use.
    if people.is_planted(whose_ways(message)):
        raise NotSent("It could not be delivered.", final=True)
    if not queries.may_go(whose_ways(message), message.channel, message.to, message.template, london_date(clock())):
        raise NotSent("This number or address may not be used any more.", final=True)
    provider = carriers.of(message.channel)
    try:
        return _once(provider, message, clock)
    except NotSent:
        raise
    except Exception as error:
        log.exception("the provider broke on message %s", message.id)
        raise NotSent(f"The provider broke ({type(error).__name__}).", final=False) from error


def _once(provider: Provider, message: Message, clock: Callable[[], datetime]) -> Taken | None:
    """Give a message once. Where its bytes were kept and no answer was, the provider may have it: so it is asked first."""
    going = outgoing(message, clock())
    if message.prepared == message.taken and message.provider == provider.name:
        found = provider.find(going.key)
        return found or provider.send(going, _as_kept(message))
    form = provider.form(going)
    if form is not None and not _prepare(provider, message, form, clock()):
        return None
    return provider.send(going, form)


def _prepare(provider: Provider, message: Message, form: Form, at: datetime) -> bool:
    return actions.prepare_message(
        message=message.id, provider=provider.name, form=form.kind, data=form.data, by=BY, at=at,
        command=f"job:prepare:{message.id}:{message.taken}:{provider.name}",
    )  # fmt: skip


def _as_kept(message: Message) -> Form:
    """Return the bytes that were kept: the second time it leaves as it would have the first time."""
    kept = queries.as_sent(message)
    if kept is None or isinstance(kept, Unavailable):
        raise NotSent("It was erased, or cannot be read here.", final=True)
    return Form(kind=message.form, data=kept)


def outgoing(message: Message, at: datetime) -> Outgoing:
    """Return a message as a provider is given it."""
    said = {name: value for name in ("subject", "name", "format") if isinstance(value := getattr(message, name), str)}
    key = rules.key_of(message.id, message.taken)
    return Outgoing(
        key=key, channel=message.channel, to=message.to, body=message.body, at=at, paper=_paper(message), **said
    )  # fmt: skip


def _paper(message: Message) -> bytes | None:
    """Return the paper that goes with a message. NotSent when it is gone: a message that speaks of it says nothing without it."""
    if message.paper is None:
        return None
    row = repairs.summary(message.paper)
    data = repairs.summary_paper(row) if row is not None else None
    if data is None:
        raise NotSent("The paper that goes with it cannot be read here.", final=True)
    return data


def _failed(message: Message, said: Heard, at: datetime, attempt: int | None = None) -> None:
    log.warning("message %s did not go: %s", message.id, "for good" if said.final else "it is tried again")
    actions.record_failed(
        message=message.id, why=said.why, final=said.final, dead=said.dead, attempt=attempt, reach=whose_ways(message), by=BY,
        at=at, command=f"job:failed:{message.id}:{message.tries + 1}",
    )  # fmt: skip


def hear(provider: Provider, at: datetime) -> int:
    """Ask a provider what became of what it took, and write that down. Returns how much news there was."""
    asked = queries.unheard_of(provider.name, at, before=at - ASK_AFTER) if provider.tells else []
    keys = [rules.key_of(message.id, message.taken - 1) for message in asked]
    heard = provider.hear(keys, at)
    for one in heard:
        take_in(one, at)
    return len(heard)


def hear_all(carriers: Carriers) -> Callable[[datetime], int]:
    """Return the timer that asks every provider. One that does not answer holds up no other."""

    def ask(at: datetime) -> int:
        count = 0
        for provider in carriers.every():
            try:
                count += hear(provider, at)
            except NotSent as silent:
                log.warning("%s was asked and does not answer: %s", provider.name, silent)
        return count

    return ask


def take_in(said: Heard, at: datetime) -> bool:
    """Write down what a provider says of a message. False when it speaks of none of ours. Said twice, it is written once."""
    of = rules.read_key(said.key)
    message = queries.message(of[0]) if of is not None else None
    if of is None or message is None:
        return False
    try:
        _take_in(said, message, of[1], at)
    except Refused as refused:
        if not refused.done_before:  # it said so before, in other words
            raise
    return True


def _take_in(said: Heard, message: Message, attempt: int, at: datetime) -> None:
    command = f"job:heard:{said.key}:{said.state}:{said.final}"
    if said.state == "failed":
        actions.record_failed(
            message=message.id, why=said.why, final=said.final, dead=said.dead, attempt=attempt, reach=whose_ways(message),
            by=BY, at=at, command=command,
        )  # fmt: skip
    elif said.state == "taken":
        actions.record_sent(message=message.id, receipt=said.receipt, by=BY, at=at, command=command)
    else:
        actions.record_heard(
            message=message.id, attempt=attempt, state=said.state, why=said.why or None, receipt=said.receipt, by=BY, at=at,
            command=command,
        )  # fmt: skip


def go_on_without_word(carriers: Carriers) -> Callable[[datetime], int]:
    """Return the timer that does not wait for ever for word of what was sent.

    A message on which a clock runs goes the next way; of any other it is written down that nobody can say. Only where the
    provider tells of arrivals at all: of the others silence says nothing.
    """
    tells = [provider.name for provider in carriers.every() if provider.tells]

    def go_on(at: datetime) -> int:
        waiting = (row for name in tells for row in queries.unheard_of(name, at, before=at - rules.soonest_late()))
        late = [row for row in waiting if row.channel != "post" and rules.is_late(row.sent_at, at, rules.pace_of(row.template))]
        for row in late:
            key = rules.key_of(row.id, row.taken - 1)
            if rules.pace_of(row.template).clock:
                take_in(Heard(key=key, state="failed", why="Nobody could say in time whether it arrived.", final=True), at)
            else:
                take_in(Heard(key=key, state="unheard", why="The provider said nothing more."), at)
        return len(late)

    return go_on


def whose_ways(message: Message) -> str | None:
    """Return the person to try another way, also where the message does not name her: one about a complaint."""
    if message.person is not None:
        return message.person  # type: ignore[no-any-return]  # the column is text
    complaint = complaints.complaint(message.voice)
    return complaint.person if complaint and isinstance(complaint.person, str) else None
