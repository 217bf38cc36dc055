"""What stands beside a repair, in words: surveys, proofs, what was asked for, places to stay, reviews, prices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.speaking import Words, counted, lazy, ngettext
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment
from lamplit.desk import words
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest
from lamplit.repairs import queries
from lamplit.staff import queries as staff

UNITS = Words({
    "item": "each", "number": "each", "metre": "metre", "square_metre": "square metre", "cubic_metre": "cubic metre",
    "hour": "hour",
})  # fmt: skip
VARIATIONS = Words({"waiting": "waits for a yes", "agreed": "agreed", "refused": "refused"})
STAYS = Words({"offered": "offered", "accepted": "taken", "declined": "not taken", "begun": "they live there", "ended": "over"})
BECAUSE = Words({"reports": "Reported {reports} times in a year", "reopened": "Opened again"})
# What can be done with a place to stay, by how it stands: (address part, words).
STAY_STEPS = {
    "offered": [("answer", lazy("They have answered")), ("end", lazy("It is not needed"))],
    "accepted": [("begin", lazy("They have moved in")), ("end", lazy("It is not needed"))],
    "begun": [("end", lazy("They are back"))],
}  # fmt: skip


def of_case(case: queries.Case, request: StaffRequest) -> dict[str, Any]:
    """Return everything beside a repair. Each is read only where the timeline has something of it."""
    kinds = {line.kind.split(".", 1)[0] for line in case.timeline} | {
        line.kind for line in case.timeline if line.kind == "work.proved"
    }
    ident = case.repair.id
    surveys = queries.surveys_of(ident) if "survey" in kinds else []
    proofs = queries.proofs_of(ident) if "work.proved" in kinds else []
    asked = queries.variations_of(ident) if "variation" in kinds else []
    stays = queries.stays_of(ident) if "stay" in kinds else []
    reviews = queries.reviews_of(ident) if "review" in kinds else []
    members = [*(s.surveyor for s in surveys), *(r.owner for r in reviews), *(v.approver for v in asked)]
    actors = [f"staff:{one}" for one in members if one]
    actors += [by for by in (*(p.by for p in proofs), *(v.asked_by for v in asked), *(w.over_by for w in case.works)) if by]
    names = Names(actors, may=request.me.may)
    return {
        "surveys": [_survey(one, case.works, names) for one in surveys],
        "proofs": _proofs(proofs, names), "asked": [variation(one, names) for one in asked],
        "stays": [stay(one, case.clocks, request.me.may) for one in stays],
        "reviews": [review(one, names, request.now) for one in reviews], "total": total_of(case.works),
        "taken_out": {w.id: names.of(w.over_by) for w in case.works if w.state == "cancelled" and w.survey and w.over_by},
    }  # fmt: skip


def covers(home: str, now: datetime) -> list[str]:
    """Say which firm each trade's work goes to at a home, unless another is chosen."""
    firms = {row.id: staff.full_name(row) for row in staff.contractors()}
    found = queries.firms_for(home, london_date(now))
    return [f"{words.trade(trade)}: {firms[firm]}" for trade, firm in sorted(found.items()) if firm in firms]


def survey_behind(work: Any) -> dict[str, Any] | None:
    """Return what the survey found on which a work rests, for whoever does it; None where nobody made one."""
    row = queries.survey_behind(work)
    return (
        None
        if row is None
        else {"title": _("What the survey of %(day)s found") % {"day": full_date(row.at)}, "rows": _found(row)}
    )


def _found(row: Any) -> list[dict[str, str]]:
    said = [(_("Found"), row.found), (_("Cause"), row.cause), (_("Readings"), row.readings)]
    return [{"key": key, "value": words.readable(value)} for key, value in said if value is not None]


def _survey(row: Any, works: Iterable[Any], names: Names) -> dict[str, Any]:
    own = [work for work in works if work.survey == row.id]
    there = [] if row.there is None else [{"key": _("Who was there"), "value": words.readable(row.there)}]
    return {
        "title": _("Survey of %(day)s by %(who)s") % {"day": full_date(row.at), "who": names.of(f"staff:{row.surveyor}")},
        "rows": [*_found(row), *there],
        "asks": _asks(len(own), sum(work.state not in ("done", "handed_on", "cancelled") for work in own)),
    }


def _asks(works: int, left: int) -> str:
    """Return "It asks for 3 works, of which one is not done yet."."""
    if works == 1:
        said = _("It asks for one piece of work, which is not done yet.")
        return said if left else _("It asks for one piece of work, which is done or taken out.")
    if works == 0:
        return _("It asks for no works.")
    asked = counted("one work", "%(count)s works", works)
    if left in (0, works):
        said = _("It asks for %(asked)s, and none is done yet.")
        return (said if left else _("It asks for %(asked)s, and all are done or taken out.")) % {"asked": asked}
    if left == 1:
        return _("It asks for %(asked)s, of which one is not done yet.") % {"asked": asked}
    said = ngettext(
        "It asks for %(asked)s, of which %(left)s is not done yet.",
        "It asks for %(asked)s, of which %(left)s are not done yet.",
        left,
    )
    return said % {"asked": asked, "left": left}


def _proofs(rows: Iterable[Any], names: Names) -> dict[str, list[str]]:
    """Return by work what was shown beside its visits."""
    found: dict[str, list[str]] = {}
    for row in rows:
        kind = words.EVIDENCE.get(row.kind, words.plain(row.kind))
        found.setdefault(row.work, []).append(
            _("%(kind)s: %(says)s Shown by %(by)s")
            % {"kind": kind, "says": words.stopped(words.readable(row.says)), "by": names.of(row.by)}
        )
    return found


def price_line(line: dict[str, Any]) -> str:
    """Return one line of a price: "RF-0101 Reline valley gutter, 3.5 × metre: £148.75"."""
    whole, part = divmod(line["hundredths"], 100)
    much = f"{whole}.{part:02}".rstrip("0") if part else str(whole)
    return f"{line['code']} {line['says']}, {much} × {UNITS.get(line['unit'], line['unit'])}: {pounds(line['pence'])}"


def price_lines(price: Any) -> list[str]:
    return [price_line(line) for line in price] if isinstance(price, list) else []


def cost_of(work: Any) -> str | None:
    """Return what a work costs with what was agreed beyond, or None when nobody priced it."""
    if work.pence is None and work.more_pence is None:
        return None
    sum_pence = (work.pence or 0) + (work.more_pence or 0)
    if not work.more_pence:
        return pounds(sum_pence)
    return _("%(sum)s, %(more)s of it agreed since") % {"sum": pounds(sum_pence), "more": pounds(work.more_pence)}


def total_of(works: Iterable[Any]) -> str | None:
    """Return what the works of a repair cost together; what is not needed costs nothing."""
    sums = [(w.pence or 0) + (w.more_pence or 0) for w in works if w.state != "cancelled" and (w.pence or w.more_pence)]
    return pounds(sum(sums)) if sums else None


def variation(row: Any, names: Names) -> dict[str, Any]:
    """Return what was asked for on one line, with its sum, how it stands and who decides."""
    how = VARIATIONS[row.state]
    if row.state == "agreed" and row.at_once:
        how = _("agreed at once, to make the home safe") if row.make_safe else _("agreed at once, within the limit")
    waits = row.state == "waiting"
    return {
        "id": row.id, "what": words.readable(row.what), "why": words.readable(row.why), "how": how, "waits": waits,
        "more": _("More work") if row.more == "work" else _("More money"), "lines": price_lines(row.price),
        "sum": pounds(row.pence) if row.pence is not None else _("not priced yet"),
        "asked": _("Asked by %(asked_by)s on %(when)s") % {"asked_by": names.of(row.asked_by), "when": full_moment(row.asked_at)},
        "who": (names.of(f"staff:{row.approver}") if row.approver else _("any lead")) if waits else None,
        "by": full_date(row.answer_by) if waits and row.answer_by else None, "said": words.readable(row.decided_why),
    }  # fmt: skip


def stay(row: Any, clocks: Iterable[Any], may: frozenset[str]) -> dict[str, Any]:
    """Return a place to stay with the deadline of the law that it answers, and what can be done with it."""
    law = next((clock for clock in clocks if clock.code == "awaab.F" or clock.code.startswith("awaab.F.")), None)
    days = {"begins": day_words(row.from_on), "ends": day_words(row.until_on) if row.until_on else ""}
    return {
        "state": STAYS[row.state],
        "place": words.readable(row.place),
        "who": words.readable(row.who),
        "when": (_("From %(begins)s until %(ends)s") if row.until_on else _("From %(begins)s")) % days,
        "suits": words.readable(row.suits),
        "cost": _("It costs us %(sum)s") % {"sum": pounds(row.pence)} if row.pence is not None else _("We pay for it"),
        "law": _("Awaab’s Law F asks for it by %(when)s") % {"when": full_moment(law.due_at)} if law is not None else None,
        "steps": [(row.id, step, text) for step, text in STAY_STEPS.get(row.state, [])] if "offer_stay" in may else [],
    }


def day_words(value: Any) -> str:
    """Return a day that is kept as text, in words; or why it cannot be read."""
    try:
        return full_date(date.fromisoformat(value)) if isinstance(value, str) else words.readable(value, _("a day not known"))
    except ValueError:
        return str(value)


def review(row: Any, names: Names, now: datetime) -> dict[str, Any]:
    """Return a review on one line."""
    is_open = row.closed_at is None
    late = is_open and row.due_on < london_date(now)
    return {
        "id": row.id, "why": BECAUSE[row.because].format(reports=row.reports), "open": is_open, "late": late,
        "due": (_("Was due by the end of %(day)s") if late else _("Due by the end of %(day)s")) % {"day": full_date(row.due_on)},
        "owner": names.of(f"staff:{row.owner}") if row.owner else _("nobody yet"),
        "finding": words.readable(row.finding), "changes": words.readable(row.changes),
    }  # fmt: skip
