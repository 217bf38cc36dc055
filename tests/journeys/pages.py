"""`python -m tests.journeys.pages TENANT`: prints every address that the resolver knows, with ids of things that there are.

A new address is found by itself. One with a new kind of part stops here until `PARTS` says what stands in it.
"""

import importlib
import json
import re
import sys
from collections.abc import Iterator
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


def _staff() -> list[str]:
    return _of("staff", "Staff")


def _entries() -> list[str]:
    """The last thing of a few kinds that happened to repairs: each says other things of itself."""
    from lamplit.repairs.models import Happening

    last = dict(Happening.objects.order_by("id").values_list("kind", "id"))
    return [last[kind] for kind in ("repair.reported", "visit.attended", "hazard.step_taken", "clock.ran_out")]


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


PARTS = {
    "person": lambda: _of("people", "Person"),
    "home": lambda: _of("homes", "Home"),
    "repair": _repairs,
    "work": _works,
    "tenancy": lambda: _of("tenancies", "Tenancy", ended_on=None),
    "promise": lambda: _of("messages", "Promise"),
    "complaint": lambda: _of("complaints", "Complaint"),
    "message": lambda: _of("messages", "Message"),
    "entry": _entries,
    "staff": _staff,
    "firm": lambda: _of("staff", "Contractor"),
    "secret": lambda: ["given-by-nobody"],
    "number": lambda: ["1"],
}
TOGETHER: dict[str, Any] = {
    "/repairs/<repair>": _hers,
    "/repairs/<repair>/visits/<visit>": _her_visits,
    "/your-data/end/<reach>": lambda: [{"reach": reach} for reach in _of("people", "Reach", person=TENANT)],
    "/your-data/prove/<reach>": _to_prove,
    "/repairs/<repair>/receipt": _hers,
    "/repairs/<repair>/story": _hers,
    "/repairs/<repair>/photo": _hers,
    "/repairs/<repair>/photos/<photo>/<size>": _her_photos,
    "/desk/repairs/<repair>/photos/<photo>/<size>": _photos_of("repair"),
    "/desk/jobs/<work>/photos/<photo>/<size>": _photos_of("work"),
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
}

if __name__ == "__main__":
    main()
