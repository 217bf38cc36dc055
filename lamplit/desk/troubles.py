"""What is wrong behind the scenes, for the bar that stands on every page of the desk: plain words, or nothing."""

from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from lamplit.basics.who import read
from lamplit.config import place
from lamplit.config.left import ago
from lamplit.config.speaking import Words, counted, gettext, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import before
from lamplit.desk import words
from lamplit.incidents import queries as incidents
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.record import erase
from lamplit.staff import queries as staff

PACK_LASTS = timedelta(hours=26)
SILENT_AFTER = timedelta(seconds=90)
STARTS_WITHIN = timedelta(minutes=1)  # so long a standby may need from its start to its first answer
# What each loop does, and what people notice when it does not.
DOES = {
    "seal": (
        lazy("The sealer"),
        lazy("New entries wait to be sealed. Nothing is lost. Receipts say that they are not confirmed yet."),
    ),
    "publish": (lazy("The publisher"), lazy("New entries are not copied to the second place yet. Receipts wait.")),
    "worker": (
        lazy("The worker"),
        lazy("Letters, texts, reminders and calls to whoever is on call wait. Ring for emergencies by hand."),
    ),
    "standby": (lazy("The standby"), lazy("It signs for no new entries. Receipts say that they are still being copied.")),
    "follow": (lazy("The copying from main"), ""),
    "fold": (lazy("The making of our tables"), lazy("What is copied is safe.")),
    "open": (lazy("The opening of what is searched for"), lazy("Search may find less.")),
    "watch": (lazy("The watch over main's files"), ""),
    "status": (lazy("The writing of the status page"), lazy("It may be old.")),
    "weekly": (lazy("The weekly message"), lazy("Partners may not know the address that we write from now.")),
    "ring": (lazy("The ringing of the standby"), lazy("What it sees reaches nobody. Look at its page.")),
    "post": (lazy("The post"), lazy("E-mail to us waits at our mail relay. Nothing is lost.")),
}
OPENED_COUNTS = timedelta(days=1)  # a planted record that was opened is news for so long
POST_WAITS = timedelta(days=1)
SPANS = Words({"hour": "an hour", "day": "a day"})
NEEDED = ("seal", "publish near", "worker")


def troubles(now: datetime) -> list[str]:
    """Return one sentence or two for each loop that is in trouble or silent, and when many keys are about to be destroyed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, alive_at, trouble, since_at FROM record.loop ORDER BY name")
            rows = {name: (alive_at, _lasts(name, trouble, since, now)) for name, alive_at, trouble, since in cursor.fetchall()}
        alarm = erase.alarm()
    except DatabaseError:
        return [_("We cannot see whether the record is kept. Tell whoever looks after the system.")]
    standbys = [f"standby {key.name}" for __, key in place.standbys()]
    said = [
        alarm,
        _pack_is_old(now),
        *(_words(name, *rows[name], now) for name in rows if name in standbys or not name.startswith("standby ")),
    ]
    said += [
        _("%(name)s does not run. %(means)s") % {"name": _name(name), "means": DOES[name.split()[0]][1]}
        for name in (*NEEDED, *standbys)
        if name not in rows
    ]
    return [words for words in said if words]


def _lasts(name: str, trouble: str, since: datetime | None, now: datetime) -> str:
    """Return a trouble, or nothing while a standby may still be starting: it is asked before it can answer."""
    starting = name.startswith("standby ") and since is not None and now - since < STARTS_WITHIN
    return "" if starting else trouble


def _pack_is_old(now: datetime) -> str:
    """Say so when the last offline pack is older than a night and a bit. A landlord that makes none is told by the doctor."""
    try:
        made = max((file.stat().st_mtime for file in (place.home() / "packs").glob("pack-*.age")), default=None)
    except OSError:
        return ""
    if made is None or now.timestamp() - made <= PACK_LASTS.total_seconds():
        return ""
    return _("The last offline pack is more than a day old. Tell whoever looks after the system: “lamplit pack make” makes one.")


def _words(name: str, alive_at: datetime, trouble: str, now: datetime) -> str:
    means = DOES.get(name.split(maxsplit=1)[0], ("", ""))[1]
    if now - alive_at > SILENT_AFTER:
        return (
            _("%(name)s was last heard of %(ago)s. %(means)s") % {"name": _name(name), "ago": ago(alive_at, now), "means": means}
        ).strip()
    return (
        (
            _("%(name)s is in trouble: %(trouble)s. %(means)s")
            % {"name": _name(name), "trouble": trouble.rstrip("."), "means": means}
        ).strip()
        if trouble
        else ""
    )


def _name(name: str) -> str:
    first, __, rest = name.partition(" ")
    title = DOES.get(first, (f"“{name}”", ""))[0]
    return f"{title} ({rest})" if rest and first in DOES else title


def limits_reached(now: datetime) -> list[str]:
    """Return a sentence for each reader who looked at more people than the landlord allows, for those who may lift that."""
    return [
        _("%(who)s reached the limit on looking %(ago)s: %(most)s. Ask them why. See Limits on looking, under On call.")
        % {"who": reader_name(row.id), "ago": ago(row.reached_at, now), "most": in_a_span(row.most, row.span)}
        for row in staff.limits_reached(now)
    ]


def in_a_span(most: int, span: str) -> str:
    """Return "40 people in an hour"."""
    people_seen = counted("%(count)s person", "%(count)s people", most)
    return _("%(people)s in %(span)s") % {"people": people_seen, "span": SPANS[span]}


def promises_at_risk(now: datetime) -> list[str]:
    """Return a sentence for each promise to the public, and each duty of an incident, that is nearly due or overdue."""
    try:
        waiting, missed = incidents.waiting_promises(now), incidents.missed_promises()
        owed = incidents.duties_ringing(now)
    except DatabaseError:
        return []  # `troubles` says so already
    names = words.services(now)
    said = {row.id: row for row in [*missed, *waiting]}.values()
    promised = [
        (_("We promised to say more about %(name)s") % {"name": names.get(row.about, _("the incident"))}, row.next_at)
        for row in said
    ]
    due = [(gettext(incidents.duty_clock(row).duty), row.due_at) for row in owed]
    return [
        (
            _("%(what)s %(before)s. That time has passed. See Incident.")
            if when <= now
            else _("%(what)s %(before)s. That is soon. See Incident.")
        )
        % {"what": what, "before": before(when, now)}
        for what, when in [*promised, *due]
    ]


def post_waits(now: datetime) -> list[str]:
    """Return a sentence when nobody has said for a day whose an e-mail is: of a stranger's, nothing else tells anybody."""
    oldest = next(iter(messages.to_file(1)), None)
    if oldest is None or now - oldest.received_at <= POST_WAITS:
        return []
    return [
        _("An e-mail came in %(ago)s, and nobody has said whose it is. See Messages, E-mails to file.")
        % {"ago": ago(oldest.received_at, now)}
    ]


def planted_opened(now: datetime) -> list[str]:
    """Return a sentence for each planted record that somebody was shown in the last day, for those who may know which it is."""
    return [
        _("%(who)s was shown %(name)s, who does not exist, %(ago)s. Ask them why at once. See Planted records, under On call.")
        % {"who": reader_name(read(one.about.reader or "visitor").id), "name": one.name, "ago": ago(one.about.at, now)}
        for one in people.openings(now - OPENED_COUNTS)
        if one.about.what == "opened"
    ]


def reader_name(reader: str) -> str:
    """Return the name of a member of staff, or of the firm whose system it is."""
    row = staff.contractor(reader) if reader.startswith("f_") else staff.member(reader)
    name = staff.full_name(row) if row is not None else _("Somebody")
    return _("%(name)s (their system)") % {"name": name} if reader.startswith("f_") else name
