"""How each service stands, as the public reads it: one picture behind the page, the open data, the feed and the plain text.

Nothing in it depends on who asks, so that all four are written as static files (files.py). On a standby it shows what main said.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, connection

from lamplit.config import place, standing_by
from lamplit.config.speaking import as_recorded, of_data
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment, listed
from lamplit.continuity import state
from lamplit.continuity.watching import QUIET_AFTER
from lamplit.incidents import queries

SILENT_AFTER = timedelta(seconds=90)
SEEN = ("repairs", "complaints", "email", "letters")  # of these our own loops tell how they stand
Loops = dict[str, tuple[datetime, str]]


class Service(NamedTuple):
    """One service. `state`: working, limited, down, or unknown. `line` is what somebody said of it, or None."""

    code: str
    name: str
    state: str
    works: str = ""
    instead: str = ""
    line: Any = None
    back_before: datetime | None = None  # when it was expected back, as we said it before


class Picture(NamedTuple):
    """Everything that the status page says. `whole` is the newest line about the incident itself."""

    at: datetime
    services: list[Service]
    incident: Any
    whole: Any
    events: list[queries.Event]
    data: tuple[str, ...]
    reachable: bool  # whether the database answers
    quiet: datetime | None = None  # on a standby: when main was last heard, if that is too long ago
    back: datetime | None = None  # when the record came back lately, and nobody has said anything since

    @property
    def failing(self) -> list[Service]:
        """What people want of us and do not get in full. What happened to data is said by itself."""
        return [one for one in self.services if one.state in ("limited", "down") and one.code not in self.data]

    @property
    def unsaid(self) -> bool:
        """Whether there is a service, beside what happened to data, of which nobody has said yet how it stands."""
        return any(one.state == "unknown" and one.code not in self.data for one in self.services)

    @property
    def all_well(self) -> bool:
        return self.incident is None and not self.failing and self.quiet is None and self.back is None


def loops() -> Loops | None:
    """Return when each loop was last alive and what troubles it; None when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, alive_at, trouble FROM record.loop")
            return {name: (alive_at, trouble) for name, alive_at, trouble in cursor.fetchall()}
    except DatabaseError:
        return None


def picture(now: datetime) -> Picture:
    """Return how everything stands now: what people said in an incident, and else what we see of our own machines."""
    known = loops()
    incident, lines = queries.now_said() if known is not None else (None, [])
    said = queries.standing(lines)
    if known is not None and incident is None:
        said = queries.left_of_the_last(now)
    follows = known is not None and place.standby() is not None and standing_by.taken_over() is None
    quiet = _quiet(now) if follows else None
    seen = seen_by_standby(quiet) if follows else seen_of(known, now)
    back = queries.came_back(now) if known is not None and incident is None else None
    if not follows and (back is not None or (incident is not None and _lost_in(incident))):
        seen = after_a_loss() | seen
    data = queries.about_data(now)
    blind = incident is not None or known is None or (quiet or back) is not None  # what nobody said or sees is not known then
    services = []
    for code, words in queries.service_names(now).items():
        name, line = of_data(f"service.{code}", words), said.get(code)
        if line is not None and not (quiet is not None and line.state == "working" and code not in data):
            services.append(_said(code, name, line, lines))
        elif code not in SEEN and blind:
            services.append(Service(code, name, "unknown"))
        else:
            services.append(seen.get(code, Service(code, "", "working"))._replace(name=name))
    whole, events = said.get(queries.WHOLE), queries.history(lines)
    return Picture(now, services, incident, whole, events, data, known is not None, quiet, back)


def _said(code: str, name: str, line: Any, lines: list[Any]) -> Service:
    earlier = [one.back_at for one in lines if one.about == code and one.back_at not in (None, line.back_at)]
    works, instead = as_recorded(line.works) or "", as_recorded(line.instead) or ""
    return Service(code, name, line.state, works, instead, line, earlier[0] if earlier else None)


def _quiet(now: datetime) -> datetime | None:
    """Return when main was last heard, on a standby that has not heard it for too long."""
    seen = state.last_life(standing_by.database())
    return seen if seen is not None and now - seen >= QUIET_AFTER else None


def seen_by_standby(quiet: datetime | None) -> dict[str, Service]:
    """Return what a standby sees of main: nothing while it is heard, and that nobody knows once it is quiet."""
    if quiet is None:
        return {}
    here = _("Report it here: we lock your report and give you its number.")
    unknown = {code: Service(code, "", "unknown", instead=_("Ring us instead, day and night.")) for code in SEEN}
    return unknown | {"repairs": Service("repairs", "", "limited", works=here)}


def _lost_in(incident: Any) -> bool:
    """Whether a standby took over in this incident, or the record came back in it."""
    since = queries.sends_from()
    return since is not None and since >= incident.aware_at


def after_a_loss() -> dict[str, Service]:
    """Return what our own loops cannot tell after a loss: whether messages really arrive, by new keys or another's provider."""
    ring = _("Ring us instead, day and night.")
    return {code: Service(code, "", "unknown", instead=ring) for code in ("email", "letters")}


def seen_of(known: Loops | None, now: datetime) -> dict[str, Service]:
    """Return the services of which we see by ourselves that they do not work, without their names."""
    if known is None:
        ring = _("Ring us instead, day and night.")
        return {code: Service(code, "", "down", instead=ring) for code in SEEN}
    seen = {}
    if not (runs(known, "seal", now) and runs(known, "publish", now) and cosigned(known, now)):
        later = _("Report here as usual. We take your report, and your number may come later.")
        seen["repairs"] = Service("repairs", "", "limited", works=later)
    if not runs(known, "worker", now):
        late = _("They come late.")
        instead = _("Sign in to see how your repair stands. In an emergency, ring us.")
        seen |= {code: Service(code, "", "limited", works=late, instead=instead) for code in ("email", "letters")}
    return seen


def cosigned(known: Loops, now: datetime) -> bool:
    """Whether some standby signs for what we are told, where numbers wait for that."""
    asked = [f"standby {key.name}" for _address, key in place.standbys()]
    return not asked or any(runs({name: known[name]}, "standby", now) for name in asked if name in known)


def runs(known: Loops, name: str, now: datetime) -> bool:
    """Whether every loop of that name is alive and untroubled, and there is one."""
    mine = [state for loop, state in known.items() if loop.split()[0] == name]
    return bool(mine) and all(now - alive_at <= SILENT_AFTER and not trouble for alive_at, trouble in mine)


def first_sentence(seen: Picture) -> str:
    """Return the one sentence that stands first."""
    if seen.quiet is not None:
        return _("Our main system has been quiet since %(moment)s. Use this page, or ring us.") % {
            "moment": full_moment(seen.quiet)
        }
    if seen.back is not None and not seen.failing:
        return _("We came back from a copy of our record on %(moment)s. We are looking at each service.") % {
            "moment": full_moment(seen.back)
        }
    if seen.all_well:
        return _("Everything works.")
    if not seen.failing and seen.unsaid:
        return _("There is an incident. Read below what we know.")
    if not seen.failing:
        return _("There is an incident. Our services work. Read below what we know.")
    names = listed([one.name for one in seen.failing])
    return _("These do not work as they should: %(names)s.") % {"names": names}


def state_words(one: Service, data: tuple[str, ...]) -> str:
    """Return the word for a state. Data is not "down": we say what happened to it, or that we do not know."""
    if one.state == "unknown" or (one.code in data and one.line is not None and one.line.known == "not_yet"):
        return _("Not known yet")
    if one.code in data and one.line is not None:
        known = {"working": _("Not touched"), "limited": _("Partly touched"), "down": _("Touched")}
        return _("Cannot be known") if one.line.known == "cannot" else known[one.state]
    return {"working": _("Working"), "limited": _("Limited"), "down": _("Down")}[one.state]
