"""`python -m tests.journeys.pages TENANT`: prints every address that the resolver knows, with ids of things that there are.

A new address is found by itself. One with a new kind of part stops here until `PARTS` says what stands in it.
"""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Any

FEW = 2  # things of a kind that are looked at: the first and the last
TENANT = sys.argv[1] if len(sys.argv) > 1 else ""


def main() -> None:
    from lamplit.cli import start

    start.open_installation()
    from django.urls import get_resolver

    print(json.dumps(list(addresses(get_resolver().url_patterns, "/"))))


def addresses(patterns: list[Any], before: str) -> Iterator[dict[str, str]]:
    """Yield each address with its name and whom it is for."""
    from django.urls import URLResolver

    from lamplit.config.audience import audience_of

    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
            continue
        audience = audience_of(pattern.callback)
        assert audience is not None, f"{route} does not say whom it is for"
        route = re.sub(r"<\w+:(\w+)>", r"<\1>", route)
        for values in combinations(route, list(pattern.pattern.converters)):
            path = re.sub(r"<(\w+)>", lambda part, values=values: values[part[1]], route)
            yield {"route": route, "for": audience.kind, "may": audience.permission, "path": path}


def combinations(route: str, parts: list[str]) -> list[dict[str, str]]:
    """Return what may stand in the parts of an address. None for a page that has a journey of its own."""
    if not parts:
        return [{}]
    if route in TOGETHER:
        return list(TOGETHER[route]())
    return [dict(zip(parts, values, strict=True)) for values in product(*(PARTS[part]() for part in parts))]


def few(rows: Any) -> list[str]:
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return [ids[0], ids[-1]][:FEW] if len(ids) > 1 else ids


def _of(feature: str, model: str, **wanted: Any) -> list[str]:
    return few(_model(feature, model).objects.filter(**wanted))


def _hers_to_end() -> list[dict[str, str]]:
    """Her contact points that are used; one that has ended has no such page any more."""
    from lamplit.people import queries

    used = sorted(one.id for one in queries.reaches(TENANT) if one.how is not None and one.how.state != "ended")
    return [{"reach": one} for one in dict.fromkeys([used[0], used[-1]])]


def _model(feature: str, name: str) -> Any:
    return getattr(importlib.import_module(f"lamplit.{feature}.models"), name)


def _hers() -> Iterator[dict[str, str]]:
    from lamplit.repairs.models import Repair

    rows = Repair.objects.filter(reporter=TENANT).order_by("id").values_list("status", "id")
    yield from ({"repair": repair} for repair in dict(rows).values())


def _her_visits() -> Iterator[dict[str, str]]:
    from lamplit.repairs.models import Repair, Visit

    hers = Repair.objects.filter(reporter=TENANT).values_list("id", flat=True)
    for row in Visit.objects.filter(repair__in=list(hers), state="booked")[:1]:
        yield {"repair": row.repair, "visit": row.id}


def _her_photos() -> Iterator[dict[str, str]]:
    from lamplit.repairs.models import Photo

    for row in Photo.objects.filter(voice=TENANT).order_by("id")[:1]:
        yield from ({"repair": row.repair, "photo": row.id, "size": size} for size in ("large", "small"))


def _summaries() -> Iterator[dict[str, str]]:
    from lamplit.repairs.models import Summary

    yield from ({"repair": row.repair, "summary": row.id} for row in Summary.objects.filter(sent_at=None).order_by("-id")[:1])


def _originals() -> Iterator[dict[str, str]]:
    yield from ({"repair": one["repair"], "photo": one["photo"]} for one in _photos_of("repair")() if one["size"] == "large")


def _photos_of(owner: str) -> Any:
    """The pictures of a repair, or of a work."""

    def found() -> Iterator[dict[str, str]]:
        from lamplit.repairs.models import Photo

        for row in Photo.objects.exclude(**{owner: None}).order_by("id")[:1]:
            yield from ({owner: getattr(row, owner), "photo": row.id, "size": size} for size in ("large", "small"))

    return found


def _repairs() -> list[str]:
    """One repair for each way in which it can stand."""
    from lamplit.repairs.models import Repair

    rows = Repair.objects.order_by("id").values_list("status", "id")
    return list(dict(rows).values())


def _works() -> list[str]:
    """One work for each way in which it can stand."""
    from lamplit.repairs.models import Work

    return list(dict(Work.objects.order_by("id").values_list("state", "id")).values())


def _notes_of_people() -> Iterator[dict[str, str]]:
    from lamplit.people.models import PersonNote

    found = {row.what if hasattr(row, "what") else row.id: row for row in PersonNote.objects.order_by("id")[:200]}
    yield from ({"person": row.person, "note": row.id} for row in list(found.values())[:FEW])


def _pairs(feature: str, model: str, owner: str, part: str) -> Any:
    def found() -> Iterator[dict[str, str]]:
        for row in _model(feature, model).objects.order_by("id")[:FEW]:
            yield {owner: getattr(row, owner), part: row.id}

    return found


def _members() -> Iterator[dict[str, str]]:
    from lamplit.tenancies.models import Member

    for row in Member.objects.filter(left_on=None).order_by("id")[:FEW]:
        yield {"tenancy": row.tenancy, "person": row.person}


def _acts() -> Iterator[dict[str, str]]:
    """Every act, on a repair that is open and one that is over."""
    from lamplit.desk.views.acts import ACTS

    standing = _repairs()
    for number, name in enumerate(ACTS):
        yield {"repair": standing[number % len(standing)], "name": name}


def _work_acts() -> Iterator[dict[str, str]]:
    from lamplit.desk.views.jobs import WORK_TITLES
    from lamplit.repairs.models import Visit, Work

    open_work = Work.objects.filter(state="open").order_by("id").first()
    booked = Visit.objects.filter(state="booked").order_by("id").first()
    assert open_work is not None
    assert booked is not None
    for name in WORK_TITLES:
        yield {"work": booked.work if name in ("move", "cancel-visit", "missed") else open_work.id, "name": name}


def _outcomes() -> Iterator[dict[str, str]]:
    from lamplit.desk.forms.repairs import AttendForm

    work = _of("repairs", "Work", state="booked") or _of("repairs", "Work", state="open")
    yield from ({"work": work[0], "outcome": outcome} for outcome in AttendForm.SHOWN)


def _note_kinds() -> Iterator[dict[str, str]]:
    from lamplit.desk import words
    from lamplit.people.models import Person

    person = few(Person.objects)[0]
    yield from ({"person": person, "what": what} for what in words.PERSON_NOTES)


def _tokens() -> Iterator[dict[str, str]]:
    from lamplit.staff.models import Token

    yield from ({"firm": row.contractor, "token": row.id} for row in Token.objects.order_by("id")[:FEW])


def _covers() -> Iterator[dict[str, str]]:
    from lamplit.staff.models import Cover

    yield from ({"firm": row.contractor, "cover": row.id} for row in Cover.objects.order_by("id")[:FEW])


def _stay_steps() -> Iterator[dict[str, str]]:
    from lamplit.desk.views.stays import FORMS

    yield from ({"stay": _of("repairs", "Stay")[0], "step": step} for step in FORMS)


def _her_stays() -> Iterator[dict[str, str]]:
    """Her repairs for which a place to stay was offered: the others have no such page."""
    from lamplit.repairs.models import Repair, Stay

    hers = list(Repair.objects.filter(reporter=TENANT).values_list("id", flat=True))
    yield from ({"repair": row.repair} for row in Stay.objects.filter(repair__in=hers).order_by("id")[:FEW])


def _staff() -> list[str]:
    return _of("staff", "Staff")


def _passkeys() -> list[str]:
    """A passkey is one person's own; a test of its own sets some up (test_passkeys.py)."""
    return ["0"]


def _entries() -> list[str]:
    """The last thing of a few kinds that happened to repairs: each says other things of itself."""
    from lamplit.repairs.models import Happening

    last = dict(Happening.objects.order_by("id").values_list("kind", "id"))
    return [last[kind] for kind in ("repair.reported", "visit.attended", "hazard.step_taken", "clock.ran_out")]


def _to_file() -> list[str]:
    """One e-mail, made here: the demo's landlord has no relay that gives it any."""
    from lamplit.basics.clock import now
    from lamplit.exchange.post.landing import land

    raw = b"From: Wanda Wren <wanda@home.example>\r\nSubject: The lift is stuck\r\n\r\nIt stands on the second floor."
    return [land(raw, now(), mail_from="wanda@home.example")]


def _scam() -> list[str]:
    """One warning of a fraud, made here."""
    return [_made("publish_scam", says="Texts say that a fee is owed before we come. We never ask for one.")]


def _forgery() -> list[str]:
    """One report of a message that is not ours, made here."""
    return [_made("report_forgery", channel="text", said="Pay the fee now.")]


def _made(action: str, **given: Any) -> str:
    from lamplit.basics.clock import now
    from lamplit.basics.who import job
    from lamplit.messages import actions

    return str(getattr(actions, action)(**given, by=job("journeys"), at=now(), command=f"test:{action}"))


def _to_prove() -> Iterator[dict[str, str]]:
    """Her address that nobody has proved yet: the others have no such page."""
    from lamplit.people import queries

    yield from ({"reach": one.id} for one in queries.reaches(TENANT) if one.how is not None and one.how.state == "unproved")


def _behind() -> Iterator[dict[str, str]]:
    """What has a page in the record and stands on no repair's timeline."""
    from lamplit.desk.behind import OTHERS

    for kind in OTHERS:
        feature = "complaints" if kind == "complaint" else "messages"
        yield from ({"kind": kind, "about": ident} for ident in _of(feature, kind.title()))


def _two_people() -> Iterator[dict[str, str]]:
    from lamplit.people.models import Person

    one, other = Person.objects.order_by("id").values_list("id", flat=True)[:2]
    yield {"person": one, "other": other}


def _her_bookable() -> Iterator[dict[str, str]]:
    """A work for which she may choose a time, if there is one."""
    from lamplit.repairs import queries

    for row in queries.of_person(TENANT):
        yield from ({"repair": row.id, "work": work.id} for work in queries.works_to_book(_works_of(row.id), row))


def _works_of(repair: str) -> Any:
    from lamplit.repairs.models import Work

    return Work.objects.filter(repair=repair)


def _money(*numbers: str) -> Any:
    """A file of money and its lines, made here: one line on an account, one that waits."""

    def found() -> Iterator[dict[str, str]]:
        from tests import money

        made = money.money_file(PARTS["account"]()[0])
        yield from ({"file": made["file"], "number": made[number]} for number in numbers)

    return found


def _her_payment() -> Iterator[dict[str, str]]:
    """The last payment on an account of hers, where the demo's landlord has one."""
    from lamplit.rent import queries
    from lamplit.tenancies import queries as tenancies

    for lives in tenancies.tenancies_of(TENANT)[:1]:
        yield from ({"file": line.of, "number": str(line.number)} for line in queries.paid_on(lives.tenancy)[:1])


def _claim() -> Iterator[dict[str, str]]:
    """A benefit claim, made here."""
    from tests import money

    account = PARTS["account"]()[0]
    yield {"account": account, "claim": money.claim(account)}


def _debited() -> Iterator[dict[str, str]]:
    """An account whose Direct Debit runs."""
    yield from (
        {"account": one}
        for one in _model("rent", "DebitMandate").objects.filter(state="live").values_list("account", flat=True)[:1]
    )


def _her_account() -> Iterator[dict[str, str]]:
    """The tenancy whose rent she sees."""
    from lamplit.tenancies import queries

    yield from ({"account": one.tenancy} for one in queries.tenancies_of(TENANT) if one.role == "tenant")


def _account() -> list[str]:
    """One account that is charged something, held and protected, made here if it is not."""
    from lamplit.basics.clock import now
    from lamplit.basics.who import job
    from lamplit.basics.working_days import london_date
    from lamplit.rent import actions
    from lamplit.rent.facts import Protection

    account, how = _of("rent", "RentAccount", ended_on=None)[0], {"by": job("journeys"), "at": now()}
    moved = {"debit": "recharge", "credit": "recharge_income", "pence": 4_500, "what": "recharge", "why": "damage"}
    actions.move_money(account=account, **moved, **how, command="test:rent:moved")
    actions.place_hold(account=account, kind="pending_claim", words="She asked for it.", **how, command="test:rent:hold")
    if not _model("rent", "RentProtection").objects.filter(account=account, ended_at=None).exists():
        about = Protection(kind="standard", registered_on=london_date(now()))
        actions.start_protection(account=account, about=about, **how, command="test:rent:protected")
    first = london_date(now()) + timedelta(days=60)
    away = {"from_on": first, "to_on": first + timedelta(days=9), "why": "decanted", "note": "She stays with her sister."}
    actions.leave_days_out(account=account, **away, **how, command="test:rent:away")
    return [account]


def _rent_run() -> list[str]:
    """A change of rents that waits for a second person, made here."""
    from tests import rents

    return [rents.change(PARTS["account"]()[0])]


def _of_account(model: str, part: str) -> Any:
    def rows() -> Iterator[dict[str, str]]:
        for account in PARTS["account"]():
            ident = _model("rent", model).objects.filter(account=account).order_by("id").values_list("id", flat=True)[0]
            yield {"account": account, part: ident.removeprefix(f"{account}.").replace(".", "-")}

    return rows


def _waiting_details() -> list[dict[str, str]]:
    """Bank details that somebody changed and nobody has confirmed, with the account that they are of."""
    rows = _model("rent", "BankDetails").objects.filter(state="waiting").values_list("account", "id")
    return [{"account": account, "details": details} for account, details in rows]


PARTS = {
    "account": cache(_account),
    "file": lambda: [one["file"] for one in _money("number")()],
    "claim": lambda: [one["claim"] for one in _claim()],
    "incident": lambda: _of("incidents", "Incident", drill=False),
    "name": lambda: ["scheduleRepair", "workOrderComplete"],  # of a job, for a firm's system
    "line": lambda: _of("incidents", "Line"),
    "clash": lambda: _of("incidents", "Clash", settled_at=None),
    "service": lambda: ["phones"],
    "duty": lambda: ["insurer"],
    "household": lambda: _of("tenancies", "Tenancy", ended_on=None),
    "telling": lambda: _of("incidents", "Telling"),
    "sheet": lambda: ["poster", "script"],
    "merge": lambda: _of("people", "Merge", ended_at=None, confirmed_at=None),
    "run": lambda: _of("rent", "ChargeRun", state="prepared"),
    "rent_run": cache(_rent_run),
    "debit_run": lambda: _of("rent", "DebitRun"),
    "advice": lambda: _of("rent", "BankAdvice", settled_at=None),
    "refund": lambda: _of("rent", "Refund"),
    "diary": lambda: _of("repairs", "Diary"),
    "block": lambda: _of("homes", "Block"),
    "person": lambda: _of("people", "Person"),
    "home": lambda: _of("homes", "Home"),
    "repair": _repairs,
    "work": _works,
    "tenancy": lambda: _of("tenancies", "Tenancy", ended_on=None),
    "promise": lambda: _of("messages", "Promise"),
    "complaint": lambda: _of("complaints", "Complaint"),
    "message": lambda: _of("messages", "Message"),
    "email": _to_file,
    "scam": _scam,
    "report": _forgery,
    "entry": _entries,
    "staff": _staff,
    "firm": lambda: _of("staff", "Contractor"),
    "variation": lambda: _of("repairs", "Variation"),
    "review": lambda: _of("repairs", "Review"),
    "patch": lambda: _of("staff", "Patch"),
    "planted": lambda: _of("people", "Planted"),
    "secret": lambda: ["given-by-nobody"],
    "pk": _passkeys,
    "number": lambda: ["1"],
    "dispute": lambda: _of("rent", "Dispute", outcome=None),
    "said": lambda: _of("rent", "SaidPayment", outcome=None),
}
TOGETHER: dict[str, Any] = {
    "/rent/receipts/<file>/<number>": _her_payment,
    "/rent/receipts/<file>/<number>/proof": _her_payment,
    "/desk/money/files/<file>/<number>": _money("number", "posted"),
    "/desk/money/files/<file>/<number>/settle": _money("number"),
    "/desk/money/files/<file>/<number>/off": _money("posted"),
    "/desk/money/accounts/<account>/benefit/<claim>": _claim,
    "/desk/money/accounts/<account>/benefit/<claim>/end": _claim,
    "/desk/rent/<account>/holds/<hold>": _of_account("AccountHold", "hold"),
    "/desk/rent/<account>/holds/<hold>/end": _of_account("AccountHold", "hold"),
    "/desk/rent/<account>/days/<days>": _of_account("UnchargedDays", "days"),
    "/desk/rent/<account>/days/<days>/credit": _of_account("UnchargedDays", "days"),
    "/desk/rent/<account>/protected/<protection>": _of_account("RentProtection", "protection"),
    "/desk/rent/<account>/protected/<protection>/end": _of_account("RentProtection", "protection"),
    "/desk/rent/<account>/lines/<posting>/reverse": _of_account("LedgerLine", "posting"),
    "/rent/<account>": _her_account,
    "/rent/<account>/dispute": _her_account,
    "/rent/<account>/paid": _her_account,
    "/rent/<account>/plan": _her_account,
    "/rent/<account>/statement": _her_account,
    "/messages/<message>/as-sent": lambda: [{"message": one} for one in _of("messages", "Message", person=TENANT)],
    "/repairs/<repair>": _hers,
    "/repairs/<repair>/visits/<visit>": _her_visits,
    "/your-data/acts/<mandate>": lambda: [{"mandate": one} for one in _of("people", "Mandate", person=TENANT)],
    "/your-data/end/<reach>": _hers_to_end,
    "/your-data/prove/<reach>": _to_prove,
    "/repairs/<repair>/visits/<visit>/missed": _her_visits,
    "/repairs/<repair>/book/<work>": _her_bookable,
    "/repairs/<repair>/me-too": _hers,
    "/repairs/<repair>/receipt": _hers,
    "/repairs/<repair>/story": _hers,
    "/repairs/<repair>/summaries/<summary>": _summaries,
    "/desk/repairs/<repair>/summaries/<summary>": _summaries,
    "/desk/incident/back/messages/<kind>": list,  # there after a loss alone
    **dict.fromkeys((f"/desk/rent/<account>/debit/{one}" for one in ("sum", "end", "leave-out")), _debited),
    **dict.fromkeys((f"/desk/rent/<account>/bank/<details>/{one}" for one in ("confirm", "drop")), _waiting_details),
    "/desk/rent/<account>/debit/missed": list,  # there only when we missed a collection
    "/desk/rent/<account>/debit/go-on": list,  # there only when a bank stopped one
    "/desk/repairs/<repair>/summaries/<summary>/handed-over": _summaries,
    "/desk/repairs/<repair>/summary/<of>": lambda: [{"repair": one["repair"], "of": "1"} for one in _summaries()],
    "/repairs/<repair>/photo": _hers,
    "/repairs/<repair>/photos/<photo>/<size>": _her_photos,
    "/desk/repairs/<repair>/photos/<photo>/<size>": _photos_of("repair"),
    "/desk/jobs/<work>/photos/<photo>/<size>": _photos_of("work"),
    "/desk/people/<person>/merge/<other>": _two_people,
    "/desk/repairs/<repair>/original/<photo>": _originals,
    "/desk/people/<person>/reach/<reach>": _pairs("people", "Reach", "person", "reach"),
    "/desk/people/<person>/reach/<reach>/prove": lambda: [{"person": TENANT} | found for found in _to_prove()],
    "/desk/record/<kind>/<about>": _behind,
    "/desk/record/<kind>/<about>/proof": _behind,
    "/desk/people/<person>/note/<note>": _notes_of_people,
    "/desk/people/<person>/acts-for/<mandate>": _pairs("people", "Mandate", "person", "mandate"),
    "/desk/people/<person>/note/new/<what>": _note_kinds,
    "/desk/homes/<home>/note/<note>": _pairs("homes", "HomeNote", "home", "note"),
    "/desk/homes/<home>/part/<part>": _pairs("homes", "Component", "home", "part"),
    "/desk/homes/<home>/part/<part>/check": _pairs("homes", "Component", "home", "part"),
    "/desk/tenancies/<tenancy>/leave/<person>": _members,
    "/desk/repairs/<repair>/told": lambda: [{"repair": _repairs()[0]}],
    "/desk/repairs/<repair>/<name>": _acts,
    "/desk/jobs/<work>/<name>": _work_acts,
    "/desk/jobs/<work>/outcome/<outcome>": _outcomes,
    "/desk/firms/<firm>/tokens/<token>/end": _tokens,
    "/desk/firms/<firm>/covers/<cover>": _covers,
    "/desk/stays/<stay>/<step>": _stay_steps,
    "/repairs/<repair>/stay": _her_stays,
}

if __name__ == "__main__":
    main()
