"""Tables of people: who, how to reach them, what to know of them, who speaks for them."""

from django.db import models

from lamplit.record.fields import Folded, PersonalJson, PersonalText
from lamplit.record.search import Exactly, SearchText, SqueezedMember, generated, words_index


class Person(Folded):
    """A person as we believe her to be now."""

    name = PersonalText("id", "contact")
    known_as = PersonalText("id", "contact")
    title = PersonalText("id", "contact")
    born_on = PersonalText("id", "contact")  # an ISO date
    reference = PersonalText("id", "contact")  # in the system that she was brought over from
    words = generated(SearchText("name", "known_as"))
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "person"
        indexes = [words_index("person_words")]
        constraints = [models.UniqueConstraint(fields=["reference_key"], name="person_reference_once")]


class PersonBelief(Folded):
    """One line for each time that we learned who somebody is: what we believed from then on."""

    person = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.TextField()
    name = PersonalText("person", "contact")
    known_as = PersonalText("person", "contact")
    title = PersonalText("person", "contact")
    born_on = PersonalText("person", "contact")
    why = PersonalText("person", "contact")

    class Meta:
        db_table = "person_belief"
        indexes = [models.Index(fields=["person", "recorded_at"], name="person_belief_at")]


class Reach(Folded):
    """A contact point. `how` is a `facts.Reach`; `value_key` is its value squeezed, for the search box and for signing in."""

    person = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    how = PersonalJson("person", "contact")
    value_key = generated(SqueezedMember("how", "value"))

    class Meta:
        db_table = "reach"
        indexes = [
            models.Index(fields=["person"], name="reach_person"),
            models.Index(fields=["value_key"], name="reach_value", opclasses=["text_pattern_ops"]),
        ]


class PersonNote(Folded):
    """One thing to know of a person: need, risk, preference, restricted marker or alert. `about` is a `facts.PersonNote`."""

    person = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    about = PersonalJson("person", "care")

    class Meta:
        db_table = "person_note"
        indexes = [models.Index(fields=["person"], name="person_note_person")]


class Merge(Folded):
    """Two records of one person, until `ended_at`. Contact points of one serve the other only from `confirmed_at` on."""

    kept = models.TextField()
    gone = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    why = PersonalText("kept", "case")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(null=True)
    how = PersonalText("kept", "case")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    why_ended = PersonalText("kept", "case")

    class Meta:
        db_table = "merge"
        indexes = [models.Index(fields=["kept"], condition=models.Q(ended_at__isnull=True), name="merge_kept")]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=models.Q(ended_at__isnull=True), name="merge_gone_once")
        ]


class PersonLook(Folded):
    """Somebody looked at a person's record. `reader` is a member of staff or a firm; `why` is set where she had to say it."""

    person = models.TextField()
    reader = models.TextField()
    team = models.TextField(null=True)
    at = models.DateTimeField()
    via = models.TextField()
    about = models.TextField(null=True)
    count = models.IntegerField()
    why = PersonalText("person", "care")

    class Meta:
        db_table = "person_look"
        indexes = [
            models.Index(fields=["person", "-at"], name="person_look_of"),
            models.Index(fields=["reader", "at"], name="person_look_by"),
        ]


class Planted(Folded):
    """One planted record as it stands, or one opening of one: only the key apart tells which. `trap` finds it by the person."""

    trap = models.TextField()
    at = models.DateTimeField()
    box = models.TextField()

    class Meta:
        db_table = "planted"
        indexes = [models.Index(fields=["trap"], name="planted_trap"), models.Index(fields=["at"], name="planted_at")]


class Mandate(Folded):
    """Somebody's leave to act for a person. `leave` is a `facts.Mandate`."""

    person = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    leave = PersonalJson("person", "contact")

    class Meta:
        db_table = "mandate"
        indexes = [models.Index(fields=["person"], name="mandate_person")]
