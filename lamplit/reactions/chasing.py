"""The nightly look at every account, steps that policy lets a job take, and answers to what we wrote: each stops the chase."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, job
from lamplit.basics.working_days import london_date
from lamplit.messages import queries as messages
from lamplit.reactions import circumstances, sampling
from lamplit.reactions.lots import in_lots
from lamplit.rent import actions, queries
from lamplit.rent.rules import steps
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.position import Position

BY = job("arrears")
NIGHT = 3  # from this hour on the nightly look may begin
DAYTIME = range(9, 20)
TOGETHER = 2_000  # accounts whose circumstances are read at once
SHORTEST = 6  # of a payment number that is looked for among other words
Proposal = steps.Proposed | steps.Held | steps.Waiting | None


class Looked(NamedTuple):
    """An account as somebody looks at it: where it stands, what was done, and what comes next or holds it."""

    position: Position
    history: steps.History
    circumstances: steps.Circumstances
    around: steps.Circumstances
    living: circumstances.Living
    proposal: Proposal


def look(accounts: Iterable[str], at: datetime) -> dict[str, Looked]:
    """Return everything about some accounts that decides on a step."""
    listed, on = list(accounts), london_date(at)
    around, ours = circumstances.around(listed, at), queries.circumstances(listed, on)
    homes, known, taken = circumstances.living(listed, on), queries.cases(listed), queries.steps_of(listed)
    found = {}
    for position in queries.positions_of(listed, on):
        one = position.account
        history, about = queries.history(known.get(one), taken.get(one, [])), steps.together(ours[one], around[one])
        proposal = steps.propose(position, history, about, on)
        found[one] = Looked(position, history, about, around[one], homes[one], proposal)
    return found


def look_at(account: str, at: datetime) -> Looked | None:
    """Return everything about one account that decides on a step, or None when there is no such account."""
    return look([account], at).get(account)


def goes_out(account: str, step: str, at: datetime) -> bool:
    """Say whether a step that was taken may go out now: everything that decided on it is read again."""
    seen = look_at(account, at)
    return seen is not None and steps.goes_out(seen.position, seen.history, seen.circumstances, step, london_date(at))


def take(account: str, step: str, at: datetime, by: By, command: str, *, spoke: bool | None, note: str | None) -> actions.Taken:
    """Take a step that a person asks for. Refused: rent.no_such_account, and those of `actions.take_step`."""
    seen = look_at(account, at)
    if seen is None:
        raise Refused("rent.no_such_account")
    return actions.take_step(
        account=account, step=step, position=seen.position, about=seen.around, tenants=list(seen.living.tenants), spoke=spoke,
        note=note, by=by, at=at, command=command,
    )  # fmt: skip


# each night


def is_due(at: datetime) -> bool:
    """Whether tonight's look is still to be done. The very first waits for no night: officers would see an empty list."""
    last = queries.last_sample()
    return last is None or (at.astimezone(LONDON).hour >= NIGHT and london_date(last.at) != london_date(at))


def look_tonight(record: sampling.Record, at: datetime) -> int:
    """Look at every account once a night, and take the night's sample last: that it is there says that all is done."""
    if not is_due(at):
        return 0
    note_answers(at)
    end_protections(at)
    end_plans(at)
    found = note_all(at)
    say_holds_due(at)
    sampling.sample(record, at)
    return found


def end_protections(at: datetime) -> int:
    """End each breathing space on the day after its last one."""
    over = queries.protections_over(london_date(at))
    for row in over:
        words = "Its last day has passed."
        actions.end_protection(protection=row.id, words=words, by=BY, at=at, command=f"job:protection_over:{row.id}")
    return len(over)


def end_plans(at: datetime) -> int:
    """End each plan that is paid off, and each that was to be by now."""
    over = queries.plans_over(london_date(at))
    for plan, why in over:
        actions.end_plan(plan=plan, why=why, by=BY, at=at, command=f"job:plan_over:{plan}")
    return len(over)


def note_all(at: datetime) -> int:
    """Note where each account stands tonight, of those that stand otherwise. Returns how many those were."""
    on, count = london_date(at), 0
    for number, some in enumerate(in_lots(_standing(at), TOGETHER)):
        seen = dict(some)
        command = f"job:arrears:{on}:{number}:{at:%H%M%S%f}"
        count += actions.note_arrears(on=on, seen=seen, by=BY, at=at, command=command)
    return count


def _standing(at: datetime) -> Iterator[tuple[str, actions.Seen]]:
    """Yield where each account stands. Benefit that has not come is looked at before anything is owed."""
    on = london_date(at)
    least = policy().number("steps.least_pence", on)
    answers = queries.accounts_answered()
    for position in queries.positions(on):
        owes = position.to_pay_pence if position.to_pay_pence >= least else 0
        looks = position.asking is not None or position.account in answers
        yield position.account, actions.Seen(owes, "owes" if owes else "look" if looks else "clear")


SHARED = ("files_old", "incident")  # hold everybody at once: those who own them have a page and are rung about the thing itself


def holds_due(seen: Looked, placed: Iterable[str], on: date) -> tuple[steps.Hold, ...]:
    """Return what holds an account, was placed by nobody, and is to be looked at by a day. `placed`: what people placed."""
    by_people = set(placed)
    holds = seen.proposal.holds if isinstance(seen.proposal, steps.Held) else ()
    own = (one for one in holds if one.code not in SHARED and not (one.facts and by_people.issuperset(one.facts)))
    return tuple(one for one in own if one.review_on <= on)


def say_holds_due(at: datetime) -> int:
    """Note how many holds somebody must look at: whoever keeps the caseload is rung. Returns how many."""
    on = london_date(at)
    days = queries.review_days(on)
    for some in in_lots((row.id for row in queries.open_cases()), TOGETHER):
        placed = queries.live_holds(some)
        for account, seen in look(some, at).items():
            days += [one.review_on for one in holds_due(seen, (row.id for row in placed.get(account, ())), on)]
    if days:
        command = f"job:holds_due:{on}"
        actions.note_holds_due(on=on, holds=len(days), oldest_on=min(days), by=BY, at=at, command=command)
    return len(days)


# by day


def take_steps(at: datetime) -> int:
    """Take the steps that policy lets a job take, where nothing at all speaks against them."""
    if at.astimezone(LONDON).hour not in DAYTIME or not queries.may_go_on():
        return 0
    note_answers(at)
    count = 0
    for some in in_lots((row.id for row in queries.open_cases() if row.pence), TOGETHER):
        for account, seen in look(some, at).items():
            proposal = seen.proposal
            if isinstance(proposal, steps.Proposed) and proposal.step.automatic and not seen.living.former:
                count += _take(account, proposal.step.code, seen, at)
    return count


def _take(account: str, step: str, seen: Looked, at: datetime) -> int:
    try:
        taken = actions.take_step(
            account=account, step=step, position=seen.position, about=seen.around, tenants=list(seen.living.tenants), by=BY,
            at=at, command=f"job:step:{account}:{step}:{seen.history.since}:{len(seen.history.done)}:{at:%Y%m%d%H%M}",
        )  # fmt: skip
    except Refused as refused:
        if refused.code not in ("rent.no_step", "rent.step_not_yet", "rent.another_step", "rent.books_wrong"):
            raise
        return 0
    return int(taken.entry is not None)


def note_answers(at: datetime) -> int:
    """Place a hold for each answer to what we wrote about rent: a call, slip, text or plain e-mail. A person answers it."""
    on, count = london_date(at), 0
    since = at - timedelta(days=policy().number("steps.answer_days", on))
    wrote = queries.written_since(since)
    answers = list(dict.fromkeys(_answers(wrote, since))) if wrote else []
    known = queries.held_because(because for _, because in answers)
    for account, because in answers:
        if (account, because) not in known:
            command = f"job:answer:{account}:{because}"
            actions.place_hold(account=account, kind="reply", words=None, because=because, by=BY, at=at, command=command)
            count += 1
    return count


def _answers(wrote: dict[str, list[queries.ArrearsStep]], since: datetime) -> Iterator[tuple[str, str]]:
    """Yield (account, contact or e-mail) of everything that its tenants said after we wrote, and of answers to the letters.

    What one person says stands for each account about which we wrote to her. An e-mail that answers a letter counts whatever else
    it names and wherever it was filed; one from an address that we do not know counts for the payment numbers that stand in it.
    """
    accounts_of: defaultdict[str, set[str]] = defaultdict(set)
    for account, rows in wrote.items():
        for row in rows:
            for tenant in row.tenants:
                accounts_of[tenant].add(account)
    said = set()
    for contact in messages.said_since(accounts_of, since):
        said.add(contact.id)
        for account in sorted(accounts_of[contact.person]):
            if contact.happened_at > wrote[account][0].at:
                yield account, contact.id
    for email, account in messages.emails_about(wrote, since):
        if email.contact not in said:  # else it stands among what she said
            yield account, email.id
    yield from _named(wrote, since)


def _named(wrote: dict[str, list[queries.ArrearsStep]], since: datetime) -> Iterator[tuple[str, str]]:
    """Yield (account, e-mail) of those of nobody known that name the payment number of an account about which we wrote."""
    rows = queries.accounts(wrote)
    numbers = {_plain(row.reference): account for account, row in rows.items() if isinstance(row.reference, str)}
    lengths = {len(number) for number in numbers if len(number) >= SHORTEST}
    for email in messages.emails_of_nobody(since):
        words = _plain(" ".join(text for text in (email.subject, email.said) if isinstance(text, str)))
        there = {words[at : at + length] for length in lengths for at in range(len(words) - length + 1)}
        for account in sorted(numbers[number] for number in there & numbers.keys()):
            if email.received_at > wrote[account][0].at:
                yield account, email.id


def _plain(text: str) -> str:
    """Return the letters and digits of a text: people write a payment number in fours, or with dashes."""
    return "".join(filter(str.isalnum, text.casefold()))
