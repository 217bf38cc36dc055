"""Incidents, and everything said in them. Who checked is sealed under the incident's own key; the rest is published."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalText


class Open(Folded):
    """What is open now: one row `real` and one row `drill`, whose `incident` is None when nothing is."""

    incident = models.TextField(null=True)

    class Meta:
        db_table = "incident_open"


class Incident(Folded):
    """One incident, from the declaration to its end."""

    drill = models.BooleanField()
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    aware_at = models.DateTimeField()
    kinds = JsonText(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    calls_late_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incident"
        indexes = [models.Index(fields=["-opened_at"], name="incident_opened")]


class Duty(Folded):
    """One duty of an incident, `<incident>.<duty>`. `outcome`: done, not_needed, or None while it waits."""

    incident = models.TextField()
    duty = models.TextField()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.TextField(null=True)
    outcome = models.TextField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(null=True)
    near_rung_at = models.DateTimeField(null=True)
    overdue_rung_at = models.DateTimeField(null=True)
    reference = PersonalText("incident", "case")
    spoken_to = PersonalText("incident", "case")
    why = PersonalText("incident", "case")

    class Meta:
        db_table = "incident_duty"
        indexes = [
            models.Index(fields=["incident", "due_at"], name="incident_duty_of"),
            models.Index(fields=["due_at"], name="incident_duty_waiting", condition=Q(outcome=None)),
        ]


class Undo(Folded):
    """What a stolen account wrote, as far as it was answered. `left`: ids of entries that a person looks at."""

    account = models.TextField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    entries = models.IntegerField()
    agreed = JsonText()
    agreed_at = models.DateTimeField()
    answered = models.IntegerField(null=True)
    left = JsonText(null=True)
    more = models.IntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incident_undo"


class Comeback(Folded):
    """The record came back from a store: entries up to `size`, the last one of `last_at`; what came after that is lost."""

    held = models.BigIntegerField()
    size = models.BigIntegerField()
    last_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "comeback"


class Rehearsal(Folded):
    """One rehearsal of coming back."""

    how = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    holds = models.BooleanField()
    size = models.BigIntegerField()
    seconds = models.IntegerField()
    rows = models.BigIntegerField()
    differences = models.IntegerField()
    who = PersonalText("id", "contact")

    class Meta:
        db_table = "rehearsal"
        indexes = [models.Index(fields=["how", "at"], name="rehearsal_of_kind")]


class Rehearsed(Folded):
    """Of each kind of rehearsal: when one succeeded last, and when its absence rang since."""

    done_at = models.DateTimeField(null=True)
    rang_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rehearsed"


class Line(Folded):
    """One thing said. `about` is a service, or `incident` when it is about the whole.

    `next_at` is when we promised to say more; `moves` says from when to when and why that was put off. Whether it was kept
    in time is `kept_at`; a promise that was missed has `missed_at` for good, whatever was said later.
    """

    incident = models.TextField()
    about = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.TextField()
    state = models.TextField(null=True)
    known = models.TextField(null=True)
    works = models.TextField(null=True)
    instead = models.TextField(null=True)
    says = models.TextField(null=True)
    looked_at = models.TextField(null=True)
    back_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    moves = JsonText(null=True)
    rung_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    corrected_why = models.TextField(null=True)
    corrected_by_line = models.TextField(null=True)
    checked_by = models.TextField(null=True)
    checked_what = models.TextField(null=True)
    checked_at = models.DateTimeField(null=True)
    checker = PersonalText("incident", "case")

    class Meta:
        db_table = "incident_line"
        indexes = [
            models.Index(fields=["incident", "said_at"], name="incident_line_of"),
            models.Index(
                fields=["next_at"],
                name="incident_line_promised",
                condition=Q(kept_at=None, missed_at=None, next_at__isnull=False),
            ),
        ]


class Takeover(Folded):
    """One time that a standby took over, from the declaration until main has everything again. `size`: main's last entry then."""

    main = models.TextField()
    size = models.BigIntegerField()
    drill = models.BooleanField()
    alone = models.BooleanField()
    asked_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    standby = models.TextField(null=True)
    first = PersonalText("id", "case")
    second = PersonalText("id", "case")
    why = PersonalText("id", "case")

    class Meta:
        db_table = "takeover"


class Clash(Folded):
    """One thing about which main and a standby both wrote."""

    about = models.TextField()
    reason = models.TextField()
    main_kinds = JsonText()
    standby_kinds = JsonText()
    standby = models.TextField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(null=True)
    outcome = models.TextField(null=True)
    why = PersonalText("id", "case")

    class Meta:
        db_table = "clash"
        indexes = [models.Index(fields=["found_at"], name="clash_open", condition=Q(settled_at=None))]


class Telling(Folded):
    """Words for every household, from the preparation by one to the last order of a message. `second_at`: they go out."""

    incident = models.TextField()
    what = models.TextField()
    subject = models.TextField()
    short = models.TextField()
    long = models.TextField()
    script = models.TextField()
    number = models.TextField()
    next_at = models.DateTimeField()
    prepared_at = models.DateTimeField()
    prepared_by = models.TextField()
    first_at = models.DateTimeField(null=True)
    first_by = models.TextField(null=True)
    second_at = models.DateTimeField(null=True)
    second_by = models.TextField(null=True)
    upto = models.TextField(null=True)
    households = models.IntegerField()
    people = models.IntegerField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incident_telling"
        indexes = [
            models.Index(fields=["incident", "id"], name="incident_telling_of"),
            models.Index(fields=["second_at"], name="incident_telling_goes", condition=Q(over_at=None, second_at__isnull=False)),
        ]


class Rung(Folded):
    """One call to a household in an incident. `outcome`: well, needs_help, no_answer, wrong_number or refused."""

    incident = models.TextField()
    household = models.TextField()
    person = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    outcome = PersonalText("person", "care")
    needs = PersonalText("person", "care")
    next_on = PersonalText("person", "care")

    class Meta:
        db_table = "incident_rung"
        indexes = [models.Index(fields=["incident", "household", "-at"], name="incident_rung_of")]
