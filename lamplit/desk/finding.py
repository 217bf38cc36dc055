"""Finding people: what the search box finds of them, and a form's own box in which staff choose whom it is about."""

import re
from typing import Any, NamedTuple, TypeVar

from lamplit.basics.working_days import london_date
from lamplit.config.forms import SentOnce
from lamplit.config.limits import SEARCHES_PER_STAFF, count
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import words
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of
from lamplit.desk.references import is_reference
from lamplit.desk.seeing import hidden_people
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.tenancies import queries as tenancies

LIMIT = 20
MOST_CHOSEN = 8
WHY = Words({
    "name": "name", "nearly": "spelt nearly so", "sounds": "sounds like it", "partly": "one name is like it, another differs",
    "phone": "telephone number", "email": "e-mail address",
    "post": "postal address", "reference": "number", "address": "address", "postcode": "postcode", "uprn": "UPRN",
    "old_reference": "number in the system before",
})  # fmt: skip
WHY_HOME = Words({"reference": "the home's number", "old_reference": "the home's number in the system before"})
BY_NAME = ("name", "nearly", "sounds", "partly", "reference", "old_reference")
NOBODY = lazy("Find the person, and choose them from what is found.")
F = TypeVar("F", bound=SentOnce)
_ID = re.compile(r"p_[0-9a-z]{20}")


class FoundPerson(NamedTuple):
    """Somebody whom a search found. `hidden`: whoever asks may not see her."""

    person: str
    name: str
    why: str
    hidden: bool


def typed(request: StaffRequest) -> str:
    """Return what was typed into a search box, counted against whoever searches."""
    text: str = request.POST.get("q", "").replace("\x00", "").strip()[:200]
    if text:
        count(SEARCHES_PER_STAFF, request.me.id, request.now)
    return text


class Found(NamedTuple):
    """What a search finds: people as such, homes, and people whose name and address were typed together."""

    known: list[people.PersonFound]
    homes: list[homes.HomeFound]
    both: list[tenancies.PersonAt]
    nearest: bool = False  # nobody has all that was typed: these come nearest
    apart: bool = False  # nobody of that name lives at that address: here is who is called so, and who lives there


def look_up(text: str, request: StaffRequest) -> Found:
    """Look a text up as a name or number, as an address, and as a name with an address.

    People of whom one name is like it are looked for only when nobody has all of it, and every row is looked at for the text
    inside it only for one word or when nothing is found otherwise. A name and an address that do not belong together are looked
    up each alone.
    """
    known, there = people.search(text, LIMIT, inside=False), homes.search(text, LIMIT, inside=False)
    if not known and not there and is_reference(text):
        return Found([], [], [])
    both = [] if known or there else tenancies.people_named_at(text, london_date(request.now), LIMIT)
    reasons = [*(one.why for one in known), *(one.why for one in there)]
    if both or any(why != "nearly" for why in reasons):
        return Found(known, there, both)
    apart = None if known or there else tenancies.name_apart(text)
    if apart is not None:
        known, there = people.search(apart[0], LIMIT, inside=False), homes.search(apart[1], LIMIT, inside=False)
        return Found(known, there, both, apart=bool(known or there))
    alone = len(text.split()) == 1  # a part of one word is typed more often than a part of each of several
    near = [] if known or there or alone else people.search_nearest(text, LIMIT)
    if alone or not (known or there or near):
        known, there = known or people.search_inside(text, LIMIT), there or homes.search_inside(text, LIMIT)
    if alone and not known and not there:
        near = people.search_nearest(text, LIMIT)
    return Found(known or near, there, both, bool(near))


def find_people(text: str, request: StaffRequest, found: Found | None = None) -> list[FoundPerson]:
    """Find people by name, number, e-mail address or where they live. `found`: what the same text finds, if it was looked up."""
    known, there, both, *_how = found or look_up(text, request)
    living = [*both, *tenancies.people_at(there, london_date(request.now), LIMIT)]
    hidden = hidden_people(request, [*(one.person for one in known), *(one.person for one in living)])
    where = _where([one.person for one in known if one.person not in hidden], request)
    why = {one.person: why_found(one.why, one.matched, ended=one.ended) + where.get(one.person, "") for one in known}
    named = [
        # Of somebody restricted nothing is told but that she is: not even what matched, unless it was her name.
        FoundPerson(one.person, one.name, _("Restricted: ring the safeguarding lead"), hidden=True)
        if one.person in hidden
        else FoundPerson(one.person, one.name, why[one.person], hidden=False)
        for one in known
        if one.person not in hidden or one.why in BY_NAME
    ]
    seen = {one.person for one in known} | hidden
    named_there = {one.person for one in both}
    at_home = [FoundPerson(one.person, one.name, _why_there(one, one.person in named_there), hidden=False)
               for one in living if one.person not in seen]  # fmt: skip
    return [*named, *at_home][:LIMIT]


def _why_there(one: tenancies.PersonAt, named: bool) -> str:
    why = _("name and address") if named else WHY_HOME.get(one.why) or WHY.get(one.why, one.why)
    return _("%(role)s at %(address)s (%(why)s)") % {"role": words.plain(one.role), "address": one.address, "why": why}


def _where(person_ids: list[str], request: StaffRequest) -> dict[str, str]:
    """Return where people live, which tells two of one name apart."""
    living = tenancies.homes_of(person_ids, london_date(request.now))
    there = homes.homes(set(living.values()))
    return {
        person: _(". Lives at %(home)s") % {"home": homes.address_line(there[home])}
        for person, home in living.items()
        if home in there
    }


def why_found(why: str, matched: str, *, ended: bool = False) -> str:
    said = f"{WHY.get(why, why)}: {words.reach(matched)}"
    return _("%(why)s (no longer used)") % {"why": said} if ended else said


class Chosen(NamedTuple):
    """Somebody who was chosen, with what tells her from others of her name."""

    person: str
    name: str
    more: str


class Picking:
    """People whom staff search for and choose, on a form's own page and without any script.

    Each button sends the whole form: `find` searches, `add` and `drop` change who is chosen, `send` is the form itself. Whom
    it is about stands in the page until then, never in an address.
    """

    def __init__(self, request: StaffRequest, *, label: str, most: int = 1, first: list[str] | None = None) -> None:
        self.label, self.most = label, most
        sent = request.method == "POST"
        self.sending = sent and not any(name in request.POST for name in ("find", "add", "drop"))
        asked = request.GET.get("person", "")
        given = request.POST.getlist("chosen") if sent else [asked] if asked else (first or [])
        add, drop = request.POST.get("add", ""), request.POST.get("drop", "")
        wanted = [one for one in dict.fromkeys([*given, add]) if _ID.fullmatch(one) and one != drop]
        self.chosen = self._look_up(wanted[-most:] if most == 1 else wanted[:most], request)
        self.added = add if add in self.people else None
        self.text = typed(request) if sent and "find" in request.POST else ""
        there = {one.person for one in self.chosen}
        self.found = [one for one in find_people(self.text, request) if one.person not in there] if self.text else []

    def _look_up(self, wanted: list[str], request: StaffRequest) -> list[Chosen]:
        known, hidden = people.people(wanted), hidden_people(request, wanted)
        seen = [one for one in wanted if one in known and one not in hidden]
        looked(request, seen, "page")
        return [_chosen(known[one], request) for one in seen]

    @property
    def people(self) -> list[str]:
        return [one.person for one in self.chosen]


def picked_form(request: StaffRequest, kind: type[F], picking: Picking, *, optional: bool = False, **options: Any) -> F:
    """Return the form beside the picking: blank, as typed so far, or sent; sent with nobody chosen, it is refused."""
    form = form_of(request, kind, **options)
    if request.method == "POST" and not picking.sending:
        form.hold_back()
    elif picking.sending and not picking.chosen and not optional:
        form.full_clean()
        form.add_error(None, NOBODY)
    return form


def _chosen(row: Any, request: StaffRequest) -> Chosen:
    born = people.born_on(row)
    living = tenancies.living_of(row.id, london_date(request.now))
    where = homes.homes(one.home for one in living)
    more = [_("born %(day)s") % {"day": full_date(born)}] if born else []
    more += [homes.address_line(where[one.home]) for one in living if one.home in where] or [_("lives in no home of ours")]
    return Chosen(row.id, people.full_name(row), ", ".join(more))
