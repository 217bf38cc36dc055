"""Tables of homes and blocks. What we believed of a home, and when, stands in its beliefs."""

from django.db import models

from lamplit.record.fields import Folded, PersonalJson, PersonalText
from lamplit.record.search import Exactly, SearchText, Squeezed, generated, words_index


class Block(Folded):
    """A building of several homes."""

    name = PersonalText("id", "contact")
    address = PersonalJson("id", "contact")  # list of lines
    postcode = PersonalText("id", "contact")
    reference = PersonalText("id", "contact")
    words = generated(SearchText("name", "address", "postcode"))
    postcode_key = generated(Squeezed("postcode"))
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "block"
        indexes = [models.Index(fields=["postcode_key"], name="block_postcode", opclasses=["text_pattern_ops"])]
        constraints = [models.UniqueConstraint(fields=["reference_key"], name="block_reference_once")]


class Home(Folded):
    """A home as we believe it now. `storey` 0 is the ground; homes of one `stack` stand above each other."""

    block = models.TextField(null=True)
    storey = models.IntegerField(null=True)
    stack = models.IntegerField(null=True)
    uprn = PersonalText("id", "contact")
    address = PersonalJson("id", "contact")  # list of lines
    postcode = PersonalText("id", "contact")
    shape = PersonalText("id", "contact")
    bedrooms = PersonalText("id", "contact")  # a whole number as text
    reference = PersonalText("id", "contact")  # in the system that it was brought over from
    words = generated(SearchText("address", "postcode"))
    postcode_key = generated(Squeezed("postcode"))
    uprn_key = generated(Squeezed("uprn"))
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "home"
        indexes = [
            models.Index(fields=["block", "stack", "storey"], name="home_place"),
            models.Index(fields=["postcode_key"], name="home_postcode", opclasses=["text_pattern_ops"]),
            models.Index(fields=["uprn_key"], name="home_uprn", opclasses=["text_pattern_ops"]),
            words_index("home_words"),
        ]
        constraints = [models.UniqueConstraint(fields=["reference_key"], name="home_reference_once")]


class HomeBelief(Folded):
    """One line for each time that we learned what a home is: what we believed from then on."""

    home = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.TextField()
    block = models.TextField(null=True)
    storey = models.IntegerField(null=True)
    stack = models.IntegerField(null=True)
    uprn = PersonalText("home", "contact")
    address = PersonalJson("home", "contact")
    postcode = PersonalText("home", "contact")
    shape = PersonalText("home", "contact")
    bedrooms = PersonalText("home", "contact")
    why = PersonalText("home", "contact")

    class Meta:
        db_table = "home_belief"
        indexes = [models.Index(fields=["home", "recorded_at"], name="home_belief_at")]


class HomeNote(Folded):
    """Something to know before going to a home. `about` is a `facts.HomeNote`."""

    home = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    about = PersonalJson("home", "case")

    class Meta:
        db_table = "home_note"
        indexes = [models.Index(fields=["home"], name="home_note_home")]


class Component(Folded):
    """A part of a home that ages or is checked."""

    home = models.TextField()
    what = models.TextField()
    installed_on = models.DateField(null=True)
    removed_on = models.DateField(null=True)
    model = PersonalText("home", "case")
    serial = PersonalText("home", "case")
    place = PersonalText("home", "case")

    class Meta:
        db_table = "component"
        indexes = [models.Index(fields=["home"], name="component_home")]


class SafetyCheck(Folded):
    """One safety check of a component. `what` is the kind of check."""

    component = models.TextField()
    home = models.TextField()
    what = models.TextField()
    checked_on = models.DateField()
    satisfactory = models.BooleanField()
    next_due_on = models.DateField(null=True)
    found = PersonalText("home", "case")

    class Meta:
        db_table = "safety_check"
        indexes = [
            models.Index(fields=["home", "checked_on"], name="safety_check_home"),
            models.Index(fields=["component", "what", "checked_on"], name="safety_check_component"),
            models.Index(fields=["next_due_on"], name="safety_check_due"),
        ]
