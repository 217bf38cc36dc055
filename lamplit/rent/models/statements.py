"""Quarterly statements that went, and quarters of which some did not."""

from django.db import models

from lamplit.record.fields import Folded, JsonText


class RentStatement(Folded):
    """The statements of an account for a quarter; its id is `<account>.<quarter>`. `people`: who has hers.

    `wanting`: how many of its tenants have none.
    """

    account = models.TextField()
    quarter = models.TextField()
    on = models.DateField()
    people = JsonText()
    wanting = models.IntegerField()

    class Meta:
        db_table = "rent_statement"
        indexes = [models.Index(fields=["quarter"], condition=models.Q(wanting__gt=0), name="rent_statement_wanting")]


class StatementQuarter(Folded):
    """A quarter whose statements were late, by its name; when it was said last."""

    late_at = models.DateTimeField()

    class Meta:
        db_table = "statement_quarter"
