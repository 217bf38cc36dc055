"""One rent account as staff read it: the position in the tenant's words, the books, what holds a step and what comes next."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.brought import BY_FILE
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, as_recorded, of_data
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, near_date
from lamplit.desk import rent_words as words
from lamplit.desk.forms.arrears import DAYS_WHY, OFTEN
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.desk.rents import closed_to
from lamplit.desk.words import readable
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.reactions import chasing
from lamplit.rent import queries

Rows = list[dict[str, Any]]
PLANS = Words({"kept": "It was kept.", "not_kept": "It was not kept.", "asked": "They asked for it, or agreed another."})
SHOWN = 30  # lines of the books, unless somebody asks for all of them


@for_staff("see_rent")
def account(request: StaffRequest, account: str) -> HttpResponse:
    """Show one account. Who may not see a tenant sees nothing of it; of a protection only few read the kind."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    row, seen = found(queries.account(account)), found(chasing.look_at(account, request.now))
    tenants = list(seen.living.tenants)
    held, taken = queries.holds_of(account), queries.steps_of([account]).get(account, [])
    lines = queries.lines(account)
    shown = None if "all" in request.GET else SHOWN
    names = Names(
        [*_actors(held), *(step.by for step in taken), *(line.by for line in lines)], may=request.me.may, persons=tenants
    )
    home = homes.home(row.home)
    return page(
        request, "rent_account.html", account=row, position=seen.position, lines=_position(seen), looked=seen,
        tenants=[(person, names.person(person)) for person in tenants], address=homes.address_line(home) if home else "",
        reference=words.in_fours(row.reference), short=queries.is_short_number(row.reference, request.now.date()),
        proposal=words.proposal(seen.proposal, request.now),
        holds=_holds(request, held, names), protected=_protected(request, account), books=_books(account, lines, names)[:shown],
        terms=_terms(account), away=_away(account), steps=_steps(taken, names), refused=_refused(account, request),
        sent=_sent(account, tenants), other=_other(account), told=_told(account), plan=_plan(account, request),
        more=shown is not None and len(lines) > shown, count=len(lines), kept=bool(queries.kept_here([account])),
    )  # fmt: skip


def _actors(held: Iterable[Any]) -> list[str | None]:
    return [actor for row in held for actor in (row.placed_by, row.ended_by, f"staff:{row.owner}" if row.owner else None)]


def _position(seen: chasing.Looked) -> Rows:
    return [
        {
            "words": of_data(f"rent.line.{line.code}", line.tenant_words),
            "sum": pounds(line.shown_pence),
            "working": as_recorded(line.staff_words),
        }
        for line in seen.position.lines
    ]


def _holds(request: StaffRequest, held: Iterable[Any], names: Names) -> dict[str, Rows]:
    shown: dict[str, Rows] = {"live": [], "ended": []}
    for row in held:
        open_to = row.kind not in words.HIDDEN_HOLDS or "see_protection" in request.me.may
        shown["ended" if row.ended_at else "live"].append({
            "id": row.id, "kind": words.hold(row), "words": readable(row.words, "") if open_to else "",
            "kept": readable(row.kept, "") if open_to else "", "ended": readable(row.ended, "") if open_to else "",
            "placed": f"{names.of(row.placed_by)}, {full_moment(row.placed_at)}", "because": row.because,
            "owner": names.of(f"staff:{row.owner}") if row.owner else words.OWNERS[queries.owner_of(row)],
            "review": near_date(row.review_on, request.now), "late": row.review_on <= request.now.date(),
            "over": f"{names.of(row.ended_by)}, {full_moment(row.ended_at)}" if row.ended_at else "",
        })  # fmt: skip
    return shown


def _protected(request: StaffRequest, account: str) -> dict[str, Any] | None:
    """Return what is protected, with ongoing rent beside it. Its kind and days are for few."""
    seen = queries.protected([account]).get(account)
    if seen is None:
        return None
    shown: dict[str, Any] = {
        "id": seen.id,
        "pence": pounds(seen.protected_pence),
        "ongoing": pounds(seen.ongoing_pence),
        "rows": [],
    }
    if "see_protection" in request.me.may:
        shown["rows"] = words.protection(seen)
    return shown


def _whose(line: Any, names: Names) -> str:
    """Say who wrote a line. What a file of money said is no old system's word, though it is read in the same way."""
    return _("a file of payments") if line.by.startswith(BY_FILE) and line.what != "brought" else names.of(line.by)


def _books(account: str, lines: Iterable[Any], names: Names) -> Rows:
    """Return the lines, the newest first, each with what the account stood at after it."""
    stands, shown = 0, []
    for line in lines:
        pence = queries.owing(line)
        stands += pence
        shown.append({
            "id": line.id.removeprefix(f"{account}.").replace(".", "-"), "on": full_date(line.on), "what": words.move(line),
            "sum": pounds(pence), "stands": pounds(stands), "by": _whose(line, names), "note": readable(line.note, ""),
            "may_reverse": line.reverses is None and line.what not in ("direct_debit", "refund"),  # a bank's report does that
        })  # fmt: skip
    return shown[::-1]


def _terms(account: str) -> Rows:
    return [
        {
            "from": full_date(row.from_on), "often": OFTEN[row.frequency],
            "lines": [f"{words.CHARGES.get(term['charge'], term['charge'])}: {pounds(term['pence'])}" for term in row.terms],
        }
        for row in reversed(queries.terms(account))
    ]  # fmt: skip


def _away(account: str) -> Rows:
    """Return the days for which nothing is charged."""
    return [
        {
            "id": row.id, "from": full_date(row.from_on), "to": full_date(row.to_on), "why": DAYS_WHY[row.why],
            "note": readable(row.note, ""), "waits": _waits(row.id),
        }
        for row in queries.days_of(account)
        if row.to_on is not None
    ]  # fmt: skip


def _waits(days: str) -> str:
    """Return what is still to be credited for days."""
    pence = sum(credit.pence for credit in queries.credit_waiting(days))
    return pounds(pence) if pence else ""


def _steps(taken: Iterable[Any], names: Names) -> Rows:
    return [
        {
            "what": words.step(row.step), "who": names.of(row.by), "when": full_moment(row.at), "sum": pounds(row.pence),
            "note": readable(row.note, ""),
            "spoke": {True: _("They were spoken to."), False: _("They were not reached.")}.get(row.spoke, ""),
        }
        for row in reversed(list(taken))
    ]  # fmt: skip


def _refused(account: str, request: StaffRequest) -> Rows:
    return [
        {"what": words.step(row.step), "when": near_date(row.at.date(), request.now), "holds": words.hold_codes(row.holds)}
        for row in queries.refused_steps(account)
    ]


def _sent(account: str, tenants: list[str]) -> Rows:
    return [
        {"href": reverse("message", args=[one.id]), "subject": readable(one.subject, _("A message")), "at": one.ordered_at}
        for one in messages.messages_about(account, voices=tenants)
    ]


def _told(account: str) -> Rows:
    """What the tenants told us and nobody has answered."""
    disputes = (row for row in queries.disputes(account) if row.outcome is None)
    said = (row for row in queries.said_payments(account) if row.outcome is None)
    return [
        *(
            {
                "what": _("Disputed: %(sum)s") % {"sum": pounds(row.pence)},
                "words": readable(row.words, ""),
                "at": row.at,
                "href": reverse("answer_dispute", args=[row.id]),
            }
            for row in disputes
        ),
        *(
            {
                "what": _("Paid %(sum)s on %(day)s") % {"sum": pounds(row.pence), "day": full_date(row.on)},
                "words": readable(row.words, ""),
                "at": row.at,
                "href": reverse("look_for_payment", args=[row.id]),
            }
            for row in said
        ),
    ]


def _plan(account: str, request: StaffRequest) -> dict[str, Any] | None:
    """Return the last plan: what of it is paid, or how it ended."""
    row = queries.last_plan(account)
    if row is None:
        return None
    read = queries.account_of(account, london_date(request.now)) if row.ended_at is None else None
    paid = [one.paid_pence for one in read.plan.instalments] if read is not None and read.plan is not None else []
    return {
        "runs": row.ended_at is None, "ended": PLANS.get(row.why or "", ""), "at": row.ended_at, "pence": pounds(row.pence),
        "parts": [
            {"day": full_date(date.fromisoformat(on)), "sum": pounds(pence), "paid": pounds(paid[number]) if paid else None}
            for number, (on, pence) in enumerate(row.instalments)
        ],
    }  # fmt: skip


def _other(account: str) -> Rows:
    """What each book stands at, where there is more than rent. No step is taken about court costs and recharges."""
    owes = queries.owes(account)
    if owes is None:
        return []
    home = {_("Rent"): owes.rent, _("Former tenancy"): owes.former, _("Use and occupation"): owes.occupation}
    part = home if owes.former or owes.occupation else {}  # where they stand has all three together
    beside = {_("Court costs"): owes.costs, _("Recharged repairs"): owes.recharge}
    said = [(part, _("It is part of where they stand.")), (beside, _("No step is taken about it."))]
    return [
        {"what": what, "sum": _("%(sum)s in credit") % {"sum": pounds(abs(pence))} if pence < 0 else pounds(pence), "note": note}
        for books, note in said
        for what, pence in books.items()
        if pence
    ]
