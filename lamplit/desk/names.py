"""Who did something, by name: staff, people and jobs of a whole page in two reads."""

from collections.abc import Iterable

from lamplit.basics.brought import BY_FILE
from lamplit.basics.who import read
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.people import queries as people
from lamplit.staff import queries as staff

HIDDEN = lazy("somebody (restricted)")


class Names:
    """Names of everybody whom a page mentions. `restricted` people keep theirs unless the reader may see them."""

    def __init__(self, actors: Iterable[str | None], *, may: frozenset[str], persons: Iterable[str | None] = ()) -> None:
        read_actors = [read(actor) for actor in actors if actor]
        wanted = {one.id for one in read_actors if one.kind == "person"} | {one for one in persons if one}
        self._staff = staff.members({one.id for one in read_actors if one.kind == "staff"})
        self._people = people.people(wanted)
        self._firms = {one.id: staff.contractor(one.id) for one in read_actors if one.kind == "contractor"}
        self.restricted = frozenset() if "see_restricted" in may else frozenset(people.restricted_among(wanted))

    def of(self, actor: str | None) -> str:
        """Return the name of whoever did it: `staff:s_…`, `person:p_…`, `contractor:f_…` (a firm's system), `job:…`."""
        if not actor:
            return "nobody"
        kind, ident = read(actor)
        if kind == "staff":
            row = self._staff.get(ident)
            return staff.full_name(row) if row is not None else _("former staff")
        if kind == "person":
            return self.person(ident)
        if kind == "contractor":
            firm = self._firms.get(ident)
            return _("%(firm)s (their system)") % {"firm": staff.full_name(firm)} if firm is not None else _("a firm’s system")
        if actor.startswith(BY_FILE):
            return _("the old system")
        return {"job": _("Lamplit, by itself"), "cli": _("the system’s keeper"), "visitor": _("somebody not signed in")}.get(
            kind, actor
        )

    def firm(self, ident: str | None) -> str:
        """Return the name of a firm that is spoken to, not of its system."""
        firm = self._firms.get(ident or "")
        return staff.full_name(firm) if firm is not None else _("a firm")

    def person(self, ident: str | None) -> str:
        """Return a person's name."""
        if ident in self.restricted:
            return str(HIDDEN)
        row = self._people.get(ident or "")
        return people.full_name(row) if row is not None else _("somebody we do not know")
